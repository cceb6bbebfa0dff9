"""NNGS and its family against Python sets, closed forms, permutations and the published table."""

import numpy as np
import pytest

from embwidget import knn
from embwidget.measures import auc_ln_k, cknna, mutual_knn, nngs, r_nx
from embwidget.neighbors.overlap import join

METRICS = ["euclidean", "cosine", "dot"]


def related(n: int, dx: int = 8, dy: int = 5, noise: float = 0.5, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, dx))
    return X, X @ rng.normal(size=(dx, dy)) + noise * rng.normal(size=(n, dy))


def neighbour_order(X: np.ndarray, metric: str) -> list[list[int]]:
    if metric == "cosine":
        X = X / np.linalg.norm(X, axis=1, keepdims=True)
    distance = -X @ X.T if metric != "euclidean" else np.array([np.square(X - row).sum(1) for row in X])
    np.fill_diagonal(distance, np.inf)
    return np.argsort(distance, axis=1, kind="stable").tolist()


def set_pairs(X: np.ndarray, Y: np.ndarray, ks: list[int], metric: str) -> dict[int, list[tuple[set[int], set[int]]]]:
    x, y = neighbour_order(X, metric), neighbour_order(Y, metric)
    return {k: [(set(a[:k]), set(b[:k])) for a, b in zip(x, y, strict=True)] for k in ks}


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("n", [3, 4, 5, 17, 64, 200])
def test_equals_python_sets_at_every_k(n: int, metric: str) -> None:
    X, Y = related(n, dy=5 if n < 100 else 250)
    ks = list(range(1, n))
    got, shared = nngs(X, Y, ks, metric=metric), mutual_knn(X, Y, ks, metric=metric)
    for j, (k, pairs) in enumerate(set_pairs(X, Y, ks, metric).items()):
        assert k == ks[j]
        overlap = np.array([len(a & b) for a, b in pairs])
        np.testing.assert_array_equal(np.rint(shared.per_item[:, j] * k), overlap)
        wanted = np.array([len(a & b) / len(a | b) for a, b in pairs])
        np.testing.assert_allclose(got.per_item[:, j], wanted, atol=1e-15)
        assert abs(got.curve[j] - wanted.mean()) < 1e-12


@pytest.mark.parametrize("metric", METRICS)
def test_identity_is_one_everywhere(metric: str) -> None:
    X, _ = related(60)
    for Y in (X, X.copy(), X.astype(np.float32).astype(np.float64)):
        assert nngs(X.astype(np.float32), Y, list(range(1, 60)), metric=metric).curve.min() > 0.999
    assert (nngs(X, X, list(range(1, 60)), metric=metric).curve == 1).all()


def test_symmetric_bit_for_bit_and_joint_order_is_irrelevant() -> None:
    X, Y = related(150)
    ks = [1, 5, 40, 149]
    forth, back = nngs(X, Y, ks), nngs(Y, X, ks)
    np.testing.assert_array_equal(forth.curve, back.curve)
    np.testing.assert_array_equal(forth.per_item, back.per_item)
    order = np.random.default_rng(1).permutation(150)
    moved = nngs(X[order], Y[order], ks)
    np.testing.assert_allclose(moved.curve, forth.curve, atol=1e-14)
    np.testing.assert_array_equal(moved.per_item, forth.per_item[order])
    np.testing.assert_allclose(moved.null_sd, forth.null_sd, rtol=1e-9)


def test_invariances_and_their_negative_controls() -> None:
    X, Y = related(150)
    ks = [1, 3, 10, 50]
    rng = np.random.default_rng(2)
    turn = np.linalg.qr(rng.normal(size=(8, 8)))[0]
    euclidean, cosine = (nngs(X, Y, ks, metric=m).curve for m in ("euclidean", "cosine"))
    same = {
        "rotation, scale, shift": (X @ turn * 7 + 3, "euclidean"),
        "columns": (X[:, rng.permutation(8)], "euclidean"),
        "padding": (np.hstack([X, np.zeros((150, 4))]), "euclidean"),
        "columns twice": (np.hstack([X, X]), "cosine"),
        "row lengths": (X * rng.uniform(0.1, 9, (150, 1)), "cosine"),
    }
    for name, (moved, metric) in same.items():
        wanted = euclidean if metric == "euclidean" else cosine
        np.testing.assert_allclose(nngs(moved, Y, ks, metric=metric).curve, wanted, atol=1e-12, err_msg=name)
    stretched = X * np.array([9, 1, 1, 1, 1, 1, 1, 1])
    assert np.abs(nngs(X + 3, Y, ks).curve - cosine).max() > 0.01
    assert np.abs(nngs(stretched, Y, ks, metric="euclidean").curve - euclidean).max() > 0.01
    assert np.abs(nngs(X * rng.uniform(0.1, 9, (150, 1)), Y, ks, metric="euclidean").curve - euclidean).max() > 0.01


def test_the_curve_is_each_k_alone() -> None:
    X, Y = related(300)
    ks = [1, 2, 7, 30, 100]
    curve = nngs(X, Y, ks)
    for j, k in enumerate(ks):
        alone = nngs(X, Y, k)
        assert alone.value == curve.curve[j]
        np.testing.assert_array_equal(alone.per_item, curve.per_item[:, j])
        assert alone.null_mean == curve.null_mean[j] and abs(alone.null_sd - curve.null_sd[j]) < 1e-15
        assert alone.interval == pytest.approx(tuple(curve.interval[j]))
    np.testing.assert_array_equal(nngs(X, Y, [100, 7]).curve, curve.curve[[4, 2]])


def test_scalar_and_list_shapes() -> None:
    X, Y = related(50)
    one, many = nngs(X, Y, 5), nngs(X, Y, [5, 10])
    assert isinstance(one.null_mean, float) and isinstance(one.p, float) and len(one.interval) == 2
    assert one.ks.tolist() == [5] and one.per_item.shape == (50,) and float(one) == one.value
    assert many.curve.shape == many.z.shape == (2,) and many.interval.shape == (2, 2) and many.per_item.shape == (50, 2)
    assert many.value == pytest.approx(many.curve.mean())
    assert nngs(X, Y, alpha=0.2).ks.tolist() == [9]


def test_all_neighbours_are_always_shared() -> None:
    X, Y = related(40)
    score = nngs(X, Y, 39)
    assert score.value == 1 and score.null_mean == 1 and np.isnan(score.calibrated) and np.isnan(score.z)
    assert score.interval == (1, 1)
    assert np.isnan(r_nx(X, Y, 39).value)


@pytest.mark.parametrize("k", [0, 40, 2.5, 5.0, True, -3, [], "5"])
def test_k_outside_its_range(k) -> None:
    X, Y = related(40)
    with pytest.raises(ValueError, match="1 … 39"):
        nngs(X, Y, k)


def test_duplicates_and_collapsed_spaces_are_reported() -> None:
    X, Y = related(60)
    twins = nngs(np.repeat(X, 2, 0), np.repeat(Y, 2, 0), [1, 2, 10])
    assert twins.curve[0] == 1 and any("equally far" in w for w in twins.warnings)
    for collapsed in (np.ones((60, 3)), np.ones((60, 4), dtype=np.float32)):
        score = nngs(collapsed, collapsed[:, :2], 10, metric="euclidean")
        assert np.isnan(score.value) and np.isnan(score.z)
        assert any("constant or collapsed" in w for w in score.warnings)
    assert np.isnan(nngs(X, np.ones((60, 3)), 10).value)
    assert nngs(X, Y, 10).warnings == ()


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_large_offset_and_short_floats(dtype) -> None:
    # Offset in proportion to what the type can hold beside unit variation.
    X, Y = related(400, noise=0.2)
    offset = 1e3 if dtype == np.float32 else 10
    moved, reference = (X + offset).astype(dtype), (X + offset).astype(dtype).astype(np.float64)
    a, b = (knn(z, 20, metric="euclidean").indices for z in (moved, reference))
    assert join(a, b, 400).counts[:, -1].mean() / 20 >= 0.999
    assert nngs(moved, Y, 10, metric="euclidean").value == pytest.approx(
        nngs(reference, Y, 10, metric="euclidean").value
    )


def test_bounds_between_the_measures() -> None:
    for seed in range(5):
        X, Y = related(80, noise=seed, seed=seed)
        ks = list(range(1, 80))
        j, q = nngs(X, Y, ks).curve, mutual_knn(X, Y, ks).curve
        k, m = np.array(ks), 79
        assert (q / (2 - q) <= j + 1e-12).all() and (j <= q + 1e-12).all()
        assert (j >= np.maximum(0, 2 * k - m) / m - 1e-12).all()
        adjusted = nngs(X, Y, ks[:-1])
        least = np.maximum(0, 2 * k[:-1] - m) / m
        assert (adjusted.calibrated >= (least - adjusted.null_mean) / (1 - adjusted.null_mean) - 1e-12).all()


def test_one_minus_nngs_obeys_the_triangle_inequality() -> None:
    rng = np.random.default_rng(10)
    for _ in range(10):
        a, b, c = (rng.normal(size=(50, 4)) for _ in range(3))
        b, c = a + 0.5 * b, a + 0.7 * c
        for k in (1, 5, 20):
            d = [1 - nngs(*pair, k).value for pair in ((a, b), (b, c), (a, c))]
            assert d[2] <= d[0] + d[1] + 1e-12


def test_r_nx_and_its_area_against_their_formulas() -> None:
    X, Y = related(60)
    m = 59
    sets = set_pairs(X, Y, list(range(1, m)), "cosine")
    q = {k: np.mean([len(a & b) for a, b in pairs]) / k for k, pairs in sets.items()}
    adjusted = {k: (m * q[k] - k) / (m - k) for k in q}
    score = r_nx(X, Y, [1, 10, 58])
    np.testing.assert_allclose(score.curve, [adjusted[1], adjusted[10], adjusted[58]], atol=1e-12)
    np.testing.assert_allclose(score.curve, mutual_knn(X, Y, [1, 10, 58]).calibrated, atol=1e-12)
    area = sum(r / k for k, r in adjusted.items()) / sum(1 / k for k in adjusted)
    assert auc_ln_k(X, Y).value == pytest.approx(area, abs=1e-12)
    assert auc_ln_k(X, X).value == pytest.approx(1)
    independent = auc_ln_k(*np.random.default_rng(11).normal(size=(2, 300, 5)))
    assert abs(independent.z) < 3


BLOBS = {
    "different scales": (((200, -1, 3, -1, 0.1), (200, 3, 0.1, 3, 3)), 0.0, 1.00, 0.77),
    "unbalanced": (((10, -1, 3, -1, 0.1), (1000, 3, 0.1, 3, 3)), 0.0, 1.00, 0.99),
    "noise within": (tuple((100, m, 0.1, m, 0.1) for m in range(4)), 0.5, 0.03, 0.99),
    "shuffled": (
        tuple((100, a, 0.1, b, 0.1) for a, b in zip((0, 1, 2, 3), (2, 1, 3, 0), strict=True)),
        0.0,
        1.00,
        0.63,
    ),
}


def blobs(spec, noise: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    z = [rng.normal(size=(n, 20)) for n, *_ in spec]
    X = np.vstack([s1 * a + m1 for a, (_, m1, s1, _, _) in zip(z, spec, strict=True)])
    Y = np.vstack([s2 * a + m2 for a, (_, _, _, m2, s2) in zip(z, spec, strict=True)])
    return X, Y + noise * rng.normal(size=Y.shape)


@pytest.mark.parametrize("case", BLOBS)
def test_published_table_of_synthetic_cases(case: str) -> None:
    spec, noise, small, large = BLOBS[case]
    found = [nngs(*blobs(spec, noise, seed), [5, 300], metric="euclidean") for seed in range(10)]
    mean = np.mean([s.curve for s in found], 0)
    assert mean == pytest.approx([small, large], abs=0.02)
    if case == "shuffled":
        assert np.mean([s.calibrated[1] for s in found]) == pytest.approx(0.06, abs=0.03)


def test_the_spectrum_peaks_at_cluster_size_minus_one() -> None:
    rng = np.random.default_rng(12)
    within = rng.normal(size=(350, 50))
    X, Y = (np.repeat(rng.normal(0, 5, (7, 50)), 50, axis=0) + a for a in (within, rng.normal(size=(350, 50))))
    score = nngs(X, Y, list(range(1, 200)), metric="euclidean")
    assert score.ks[np.argmax(score.calibrated)] == 49


def test_what_the_score_depends_on_is_told() -> None:
    X, Y = related(50)
    params = nngs(X, Y, 5, metric="euclidean", random_state=3).params
    assert {"metric", "center", "k", "n", "widths", "method", "ties", "null", "interval", "random_state"} <= set(params)
    assert (params["metric"], params["k"], params["n"], params["random_state"]) == ("euclidean", 5, 50, 3)


def test_another_pair_is_another_score() -> None:
    X, Y = related(50)
    first = nngs(X, Y, 5).value
    assert nngs(X, X, 5).value == 1 and nngs(X, Y, 5).value == first < 1


def test_the_area_ends_where_the_joined_rows_do() -> None:
    X, Y = related(60)
    kept = auc_ln_k(X, Y[:30], ids=(list(range(60)), list(range(30))))
    assert kept.value == pytest.approx(auc_ln_k(X[:30], Y[:30]).value) and kept.ks.tolist() == [28]


@pytest.mark.parametrize("measure", [nngs, mutual_knn, r_nx])
def test_all_others_as_neighbours_leave_nothing_to_adjust_for_chance(measure) -> None:
    X, Y = np.random.default_rng(0).normal(size=(2, 9, 3))
    found = measure(X, Y, k=8)
    assert not np.isfinite(found.z) and any("nothing is left to adjust" in one for one in found.warnings)
    assert not any("nothing is left" in one for one in measure(X, Y, k=7).warnings)


def test_four_items_have_a_cknna_and_no_interval() -> None:
    X, Y = np.random.default_rng(0).normal(size=(2, 4, 3))
    found = cknna(X, Y, k=2)
    assert np.isfinite(found.value) and any("Without an interval" in one for one in found.warnings)


def test_a_list_of_one_size_is_shown() -> None:
    X, Y = np.random.default_rng(0).normal(size=(2, 9, 3))
    assert repr(nngs(X, Y, k=[3])) == repr(nngs(X, Y, k=3))
