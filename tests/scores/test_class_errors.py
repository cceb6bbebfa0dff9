"""The error of a class mean over items that share neighbours: against brute force, and against fresh data."""

import numpy as np
import pytest
from typecheck import unchecked

from embwidget.measures.curves import shared_share
from embwidget.measures.joined import prepare
from embwidget.scores.class_errors import ClassErrors, class_errors, independent_errors
from embwidget.scores.overlap_chance import jaccard
from embwidget.scores.shared_neighbors import influences, on_line, variances

SIMILARITIES = {"nngs": jaccard, "mutual_knn": shared_share}


def drawn(n: int, groups: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Groups that are apart, each noisier than the one before."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, groups, n)
    X = 2 * np.eye(groups, 6)[codes] + rng.normal(size=(n, 6))
    return X, X + (0.4 + 0.4 * codes[:, None]) * rng.normal(size=X.shape), codes


def errors_of(X: np.ndarray, Y: np.ndarray, codes: np.ndarray, ks: list[int], name: str = "mutual_knn") -> ClassErrors:
    hoods = prepare(X, Y, max(ks), None, ids=None, metric="euclidean")[0]
    lists = hoods.x.indices, hoods.y.indices
    how = {"codes": codes, "classes": int(codes.max()) + 1, "ks": ks}
    return class_errors(*lists, hoods.overlap, SIMILARITIES[name], **how)


@pytest.mark.parametrize("name", ["nngs", "mutual_knn"])
def test_one_class_of_all_items_has_the_error_of_all(name: str) -> None:
    X, Y, _ = drawn(60, 3, 0)
    found = errors_of(X, Y, np.zeros(60, int), [2, 7], name)
    hoods = prepare(X, Y, 7, None, ids=None, metric="euclidean")[0]
    for column, k in enumerate((2, 7)):
        whole = variances(hoods.x.indices, hoods.y.indices, hoods.overlap, k, [SIMILARITIES[name]])
        assert found.mean[0, column] == pytest.approx(np.sqrt(whole[0]), rel=1e-12)
    np.testing.assert_allclose(found.against, 0, atol=1e-12)


def dense(hoods: "object", k: int, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each item's similarity, and what each other item adds to it, as expected and now, as whole matrices."""
    x, y = (side.indices[:, :k] for side in (hoods.x, hoods.y))  # type: ignore[attr-defined]
    n, similarity = len(x), SIMILARITIES[name]
    on = [np.zeros((n, n), bool) for _ in range(2)]
    for near, lists in zip(on, (x, y), strict=True):
        near[np.arange(n)[:, None], lists] = True
    kinds = np.stack([on[0] & on[1], on[0] & ~on[1], on[1] & ~on[0]])
    shared = kinds[0].sum(1)
    change = influences(hoods.overlap, k, similarity)[:, :, None]  # type: ignore[attr-defined]
    line = np.stack([on_line(one, shared, kind.sum(1)) for one, kind in zip(change, kinds, strict=True)])
    now, expected = ((kinds * one).sum(0) for one in (change, line))
    return similarity(shared, k), expected, now


@pytest.mark.parametrize("name", ["nngs", "mutual_knn"])
@pytest.mark.parametrize("k", [2, 9])
def test_variances_equal_the_formula_over_whole_matrices(name: str, k: int) -> None:
    n = 50
    X, Y, codes = drawn(n, 3, 1)
    codes[:4] = -1
    hoods = prepare(X, Y, k, None, ids=None, metric="euclidean")[0]
    own, expected, now = dense(hoods, k, name)
    found = errors_of(X, Y, codes, [k], name)
    for code in range(3):
        member = codes == code
        of_class = np.where(member, n / member.sum(), 0.0)
        centred = of_class * (own - own[member].mean())
        for got, weight, value in (
            (found.mean, of_class, centred),
            (found.against, of_class - 1, centred - (own - own.mean())),
        ):
            h = []
            for w in (expected, now):
                w = weight[:, None] * w
                g = w + ((value - w.sum(1)) / (n - 1))[:, None]
                np.fill_diagonal(g, 0)
                h.append((g, w))
            (g, w), (g_now, w_now) = h
            c, c_now = g.sum(0), g_now.sum(0)
            pairs = (np.triu(g + g.T, 1) ** 2).sum()
            pairs += (np.triu(w_now * w_now.T, 1) - np.triu(w * w.T, 1)).sum()
            total = (value * (value + c + c_now) + c**2).sum()
            variance = (total - pairs) * (n - 1) / (n * (n - 2) * (n - 3))
            m = member.sum()
            least = (value**2).sum() / n**2 * m / (m - 1)
            assert got[code, 0] == pytest.approx(np.sqrt(max(variance, least)), rel=1e-9)


def test_errors_are_those_of_fresh_samples_which_independent_items_miss() -> None:
    k, groups, seeds = 20, 3, 200
    errors_of(*drawn(150, groups, 0), [k])
    means, errors, alone = [], [], []
    with unchecked():
        for seed in range(seeds):
            X, Y, codes = drawn(150, groups, seed)
            hoods = prepare(X, Y, k, None, ids=None, metric="euclidean")[0]
            each = hoods.overlap.counts[:, [k - 1]] / k
            how = {"codes": codes, "classes": groups, "ks": [k]}
            found = class_errors(hoods.x.indices, hoods.y.indices, hoods.overlap, shared_share, **how)
            inside = np.array([each[codes == code].mean() for code in range(groups)])
            means.append([inside, inside - each.mean()])
            errors.append([found.mean[:, 0], found.against[:, 0]])
            alone.append([one[:, 0] for one in independent_errors(each, codes, groups)])
    spread = np.std(means, 0, ddof=1)
    # A standard deviation of 200 values is known to 5 %.
    assert (np.abs(np.mean(errors, 0) / spread - 1) < 0.2).all()
    assert np.mean(alone, 0).mean() < 0.85 * spread.mean()


def test_a_class_of_one_item_has_none_and_at_all_neighbours_it_is_nothing() -> None:
    X, Y, codes = drawn(30, 2, 0)
    codes[5] = 2
    found = errors_of(X, Y, codes, [3, 29])
    assert np.isnan(found.mean[2, 0]) and np.isfinite(found.mean[:2]).all()
    np.testing.assert_array_equal(found.against[:, 1], 0)
