"""Rows that stand for what is missing in both spaces: no agreement, whatever else the spaces share."""

import numpy as np
import pytest
from tied_spaces import codes, one_hot, placeholders, rounded_map, shared_placeholders
from typecheck import unchecked

import embwidget as ew
from embwidget.arrays import paired
from embwidget.arrays.row_hashes import row_hashes
from embwidget.measures.cknna import cknna_of
from embwidget.measures.joined import Neighborhoods, search_both
from embwidget.measures.neighborhood import auc_ln_k_of, mutual_knn_of, nngs_of, r_nx_of
from embwidget.measures.rank_similarity import rank_similarity_of
from embwidget.neighbors.placeholders import placeholder_kinds, placeholder_strata

N, KS = 100, [1, 3, 10, 25]


def searched(spaces, **how) -> Neighborhoods:
    return search_both(paired(*spaces), 26, metric="euclidean", **how)


def kinds_of(rows: np.ndarray) -> np.ndarray:
    return placeholder_kinds(row_hashes(paired(rows, rows).x))


@pytest.mark.parametrize("share", [0.1, 0.4])
def test_sharing_nothing_but_placeholders_is_chance(share: float) -> None:
    k = np.array(KS)

    def of_seed(seed: int) -> tuple[np.ndarray, ...]:
        hoods = searched(shared_placeholders(np.random.default_rng([seed, 23]), N, share))
        found = [of(hoods, KS, False, items=False) for of in (nngs_of, mutual_knn_of, r_nx_of)]
        found += [of(hoods, [10], False, 20) for of in (rank_similarity_of, cknna_of)]
        beside_all = (found[1].curve - k / (N - 1)) / np.sqrt(hoods.overlap_variance[k - 1]) * k
        return np.concatenate([one.z for one in found]), np.concatenate([one.p for one in found]), beside_all[2]

    first = of_seed(0)
    with unchecked():
        z, p, whole = map(np.array, zip(first, *map(of_seed, range(1, 25)), strict=True))
    scored = ~np.isnan(z).any(0)
    assert scored.sum() >= 10
    assert (np.abs(z[:, scored].mean(0)) < 0.7).all() and ((p[:, scored] <= 0.05).sum(0) <= 5).all()
    # Beside relabellings of all rows it would look like a finding.
    assert np.mean(whole) > 2


def test_what_the_other_rows_share_is_found() -> None:
    rng = np.random.default_rng(0)
    X, Y = shared_placeholders(rng, 200, 0.3)
    other = (X != 1).any(1)
    Y[other] = X[other] + 0.3 * rng.normal(size=X[other].shape)
    hoods = searched((X, Y))
    for score in (nngs_of(hoods, [10], True), mutual_knn_of(hoods, [10], True), auc_ln_k_of(hoods, KS)):
        assert score.z > 5 and score.p < 1e-3
        assert "placeholders among their like" in score.params["null"] or score.measure == "auc_ln_k"


def test_relabelling_keeps_placeholders_among_their_like() -> None:
    hoods = searched(shared_placeholders(np.random.default_rng(1), N, 0.2))
    assert hoods.strata is not None and (hoods.strata > 0).sum() == 20
    for seed in range(5):
        order = hoods.relabelling(np.random.default_rng(seed))
        np.testing.assert_array_equal(np.sort(order), np.arange(N))
        np.testing.assert_array_equal(hoods.strata[order], hoods.strata)


@pytest.mark.parametrize("make", [one_hot, codes, rounded_map, lambda rng, n: rng.normal(size=(n, 4))])
def test_discrete_spaces_have_no_placeholders(make) -> None:
    rng = np.random.default_rng(2)
    assert not kinds_of(make(rng, 400)).any()


def test_kinds_of_placeholders() -> None:
    rng = np.random.default_rng(3)
    X = placeholders(rng, 400, 0.2)
    X[rng.permutation(400)[:40]] = -2.0
    kinds = kinds_of(X)
    assert set(kinds[(X == 1).all(1)]) != set(kinds[(X == -2).all(1)]) and len(set(kinds)) == 3
    assert not kinds[(X != 1).any(1) & (X != -2).any(1)].any()
    assert not kinds_of(placeholders(rng, 400, 0.6)).any()


def test_placeholders_at_unrelated_rows_change_nothing() -> None:
    found = []
    for seed in range(20):
        rng = np.random.default_rng([seed, 5])
        found.append(placeholder_strata(*(paired(placeholders(rng, N), placeholders(rng, N)).x for _ in range(2))))
    assert sum(one is not None for one in found) <= 4
    assert searched(rng.normal(size=(2, N, 4))).strata is None


def test_a_sample_of_items_has_the_same_chance() -> None:
    spaces = shared_placeholders(np.random.default_rng(6), 400, 0.3)
    whole, part = (nngs_of(searched(spaces, **how), KS, False) for how in ({}, {"method": "sampled", "sample": 200}))
    np.testing.assert_allclose(whole.null_mean[2:], part.null_mean[2:], rtol=0.15)
    assert (np.abs(part.z) < 4).all()


def test_items_sentence_and_file_follow(tmp_path) -> None:
    X, Y = shared_placeholders(np.random.default_rng(7), 300, 0.3)
    found = ew.compare(X, Y, metric="euclidean", progress=False, measures=["mutual_knn", "cka"])
    assert found.scores["cka"].z > 5 and "broad shape" not in found.sentence
    assert found.placeholders is not None and found.placeholders.sum() == 90
    assert (
        "chance would" in found.sentence
        and "items keep" not in found.sentence
        and any("same places in both" in one for one in found.warnings)
    )
    for k in (5, 20, 60):
        p = found.item_p(k)
        assert (p <= 0.05).mean() < 0.1 and not found.agreeing(k).any()
        # Placeholders see hardly any other rows.
        assert p[found.placeholders].min() > 0.01
    assert np.abs(found.item_agreement[~found.placeholders].mean()) < 0.1
    found.save(tmp_path / "c.npz")
    again = ew.Comparison.load(tmp_path / "c.npz")
    np.testing.assert_array_equal(again.item_p(20), found.item_p(20))
