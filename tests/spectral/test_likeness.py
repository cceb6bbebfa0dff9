"""Rows in unlike orders look like a discovery: spaces that share nothing are asked about first, related ones never."""

from itertools import combinations

import numpy as np
import pytest

import embwidget as ew
from embwidget.arrays.pair import paired
from embwidget.spectral.likeness import NOTHING_SHARED, likeness

QUIET = {"progress": False, "permutations": 0, "splits": 2}


def grouped(n: int = 400) -> np.ndarray:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(n, 12))
    rows[np.arange(n), np.arange(n) % 5] += 6
    return rows


@pytest.mark.parametrize("kernel", ["cosine", "gaussian"])
def test_a_shuffle_is_asked_about_first(kernel: str, tmp_path) -> None:
    X = grouped()
    found = ew.spec(X, X[np.random.default_rng(1).permutation(400)], kernel=kernel, **QUIET)
    assert found.sentence.startswith(NOTHING_SHARED) and len(found.sentence) > len(NOTHING_SHARED) + 10
    assert found.warnings[0].startswith(NOTHING_SHARED) and "ids=" in found.warnings[0]
    alike = found.params["likeness"]
    assert alike["rows"] == 400 and min(alike["cka_p"], alike["nngs_p"]) > 0.001
    assert found.warnings[0].count(f"{alike['cka']:.3f}") == 1
    found.save(tmp_path / "shuffled.npz")
    assert ew.SpectralComparison.load(tmp_path / "shuffled.npz").sentence == found.sentence


def test_the_same_rows_in_order_are_not_asked_about() -> None:
    X = grouped()
    found = ew.spec(X, X + np.random.default_rng(1).normal(size=X.shape), **QUIET)
    assert not any("share nothing" in said for said in (found.sentence, *found.warnings))
    assert found.params["likeness"]["cka_p"] < 1e-6


def test_an_alignment_of_a_shuffle() -> None:
    X = grouped()
    order = np.random.default_rng(1).permutation(400)
    how = {"method": "procrustes", "progress": False, "max_k": 20}
    shuffled, related = ew.align(X, X[order], **how), ew.align(X, X + 1.0, **how)
    assert shuffled.sentence.startswith(NOTHING_SHARED) and shuffled.warnings[0].startswith(NOTHING_SHARED)
    assert sum(said.startswith(NOTHING_SHARED) for said in shuffled.warnings) == 1
    assert not any("share nothing" in said for said in (related.sentence, *related.warnings))


def test_chance_is_what_it_says() -> None:
    found = [likeness(paired(*np.random.default_rng(seed).normal(size=(2, 60, 5)))) for seed in range(100)]
    assert sum(one["at_chance"] for one in found) >= 98
    # A p from the exact law is uniform.
    assert 0.01 <= np.mean([one["cka_p"] <= 0.05 for one in found]) <= 0.12


def test_directions_alone_are_enough() -> None:
    # A few rows that are far out, others in X than in Y, leave CKA at chance; neighbours see the rest.
    rng = np.random.default_rng(2)
    X = rng.normal(size=(300, 8))
    Y = X + 0.5 * rng.normal(size=X.shape)
    X[:3] *= 1e4
    Y[3:6] *= 1e4
    found = likeness(paired(X, Y))
    assert found["cka_p"] > 0.001 and found["nngs_p"] < 1e-6 and not found["at_chance"]


def test_too_few_rows_to_ask() -> None:
    X = np.random.default_rng(3).normal(size=(19, 4))
    assert not likeness(paired(X, X[::-1].copy()))["at_chance"]


@pytest.mark.parametrize("load", [ew.datasets.load_emoji, ew.datasets.load_words, ew.datasets.load_glosses])
def test_no_bundled_pair_is_asked_about(load) -> None:
    spaces = load().spaces
    for a, b in combinations(spaces, 2):
        found = likeness(paired(spaces[a], spaces[b]))
        assert not found["at_chance"] and found["cka_p"] < 1e-12, (a, b)
    shuffled = np.random.default_rng(0).permutation(len(spaces[a]))
    assert likeness(paired(spaces[a], spaces[a][shuffled]))["at_chance"]
