"""Alignment as a whole: what it finds on rows that it was not fitted on, and what it must not depend on."""

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist
from sklearn.metrics import r2_score
from spectral_reference import difference, kernel

import embwidget as ew
from embwidget.alignment.gradient_fit import parts_of
from embwidget.alignment.residuals import item_residuals, quotients

QUICK = {"progress": False, "max_k": 30}


def missed(n: int = 500, d: int = 16, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Y holds the first fifth of the items together; X has the direction too, but with little room for it."""
    rng = np.random.default_rng(seed)
    Y = rng.normal(size=(n, d))
    group = np.arange(n) % 5 == 0
    Y[group, 3] += 6
    X = Y @ np.diag([1.0, 1, 1, 0.15, *[1.0] * (d - 4)]) @ np.linalg.qr(rng.normal(size=(d, d)))[0]
    return X, Y, group


@pytest.fixture(scope="module")
def found() -> ew.Alignment:
    X, Y, group = missed()
    return ew.align(X, Y, items=ew.Items(labels=np.where(group, "group", "rest")), names=("old", "new"), **QUICK)


def test_the_missed_group_appears_on_held_out_rows(found: ew.Alignment) -> None:
    assert not set(found.fit_rows) & set(found.rows)
    assert len(found.fit_rows) == len(found.rows) == 250
    assert found.after.spec_diff < found.before.spec_diff / 2.5
    first = found.clusters[0]
    assert first.side == "Y" and first.survives and first.title == "group" and not first.appeared
    assert (first.indices % 5 == 0).mean() > 0.9 and set(first.indices) <= set(found.rows)
    assert first.before < -0.1 and abs(first.after) < abs(first.before) / 2.5
    assert first.within_x[1] > first.within_x[0] + 0.2
    assert found.after.residuals.mean() < 0.7 * found.before.residuals.mean()
    assert float(found.after.comparison.scores["nngs"]) > float(found.before.comparison.scores["nngs"]) + 0.05
    assert float(found.after.cka) > float(found.before.cka)
    assert found.answer["lead"] == "Yes: old comes nearer to new by neighbourhoods and by groups."
    assert "'group'" in found.answer["gained"]
    verdicts = {row["measure"]: row["verdict"] for row in found.rows_table}
    assert [verdicts[name] for name in ("spec_diff", "nngs", "cka", "residual", "kept")] == [*["better"] * 4, ""]
    assert "<td>better</td>" in found._repr_html_()


def test_scores_are_those_of_the_held_out_rows_alone(found: ew.Alignment) -> None:
    X, Y, _ = missed()
    Z = found.transform(X)
    for side, rows in ((found.before, X), (found.after, Z)):
        alone = ew.spec(rows[found.rows], Y[found.rows], kernel="cosine", progress=False)
        assert side.spec_diff == pytest.approx(alone.spec_diff, rel=1e-9)
        assert side.spec_diff == pytest.approx(abs(difference(rows[found.rows], Y[found.rows])[1][0]), rel=1e-9)
        centred = [Z[found.rows] - Z[found.rows].mean(0) for Z in (rows, Y)]
        curve = ew.compare(*centred, max_k=30, progress=False).curves["nngs"]
        np.testing.assert_allclose(side.curve.curve, curve.curve, atol=1e-12)
        assert float(side.cka) == pytest.approx(float(ew.measures.cka(rows[found.rows], Y[found.rows])), rel=1e-9)
        K, L = kernel(rows[found.rows], "cosine", "mean"), kernel(Y[found.rows], "cosine", "mean")
        np.testing.assert_allclose(side.residuals, np.sqrt(np.square(K - L).mean(1)), atol=1e-7)
    assert found.kept == pytest.approx(float(ew.measures.cka(X[found.rows], Z[found.rows])), rel=1e-9)
    before, after = (difference(rows[found.rows], Y[found.rows])[0] for rows in (X, Z))
    for one in found.clusters:
        u = one.loadings / np.linalg.norm(one.loadings)
        np.testing.assert_allclose((one.before, one.after), (u @ before @ u, u @ after @ u), atol=1e-9)


def test_held_out_rows_do_not_reach_the_map() -> None:
    X, Y, _ = missed()
    one = ew.align(X, Y, steps=20, **QUICK)
    X2, Y2 = X.copy(), Y.copy()
    X2[one.rows] = np.random.default_rng(5).normal(size=X2[one.rows].shape)
    Y2[one.rows] *= -2
    for method in ("spec", "procrustes", "ridge", "cca"):
        how = {"method": method, **({"steps": 20} if method == "spec" else {})}
        first, other = (ew.align(A, B, **how, **QUICK) for A, B in ((X, Y), (X2, Y2)))
        np.testing.assert_array_equal(first.transform(X[:9]), other.transform(X[:9]))


def test_same_seed_same_map_and_the_global_generator_is_left_alone() -> None:
    X, Y, _ = missed()
    torch.manual_seed(3)
    state, numpy_state = torch.get_rng_state(), str(np.random.mtrand._rand.__getstate__())
    one, other = (ew.align(X, Y, map="mlp", steps=25, batch_rows=64, **QUICK) for _ in range(2))
    assert torch.equal(torch.get_rng_state(), state)
    assert str(np.random.mtrand._rand.__getstate__()) == numpy_state
    np.testing.assert_array_equal(one.transform(X), other.transform(X))
    np.testing.assert_array_equal(one.history.loss, other.history.loss)
    third = ew.align(X, Y, map="mlp", steps=25, batch_rows=64, random_state=1, **QUICK)
    assert not np.array_equal(one.transform(X), third.transform(X))


@pytest.mark.parametrize("how", ["turned", "scaled and far away", "float16"])
def test_what_a_fit_must_not_depend_on(how: str) -> None:
    X, Y, _ = missed()
    if how == "turned":
        other = X @ np.linalg.qr(np.random.default_rng(1).normal(size=(16, 16)))[0]
    elif how == "float16":
        X = X.astype(np.float16)
        other = X.astype(np.float64)
    else:
        other = 1e-3 * X + 50
    one, two = (ew.align(A, Y, steps=60, **QUICK) for A in (X, other))
    assert one.after.spec_diff == pytest.approx(two.after.spec_diff, rel=0.02)
    assert two.after.spec_diff < 0.8 * two.before.spec_diff


@pytest.mark.parametrize("objective", ["sum", "frobenius", "clusters"])
def test_other_objectives_fall_on_held_out_rows(objective: str) -> None:
    X, Y, group = missed()
    clusters = [np.flatnonzero(group)] if objective == "clusters" else None
    one = ew.align(X, Y, objective=objective, clusters=clusters, steps=100, **QUICK)
    assert one.history.validation[-1] < 0.7 * one.history.validation[0]
    assert one.clusters[0].after > 0.7 * one.clusters[0].before  # both negative: nearer to 0
    assert one.params["objective"] == objective


def test_clusters_that_spec_found_can_be_named() -> None:
    X, Y, _ = missed()
    seen = ew.spec(X, Y, kernel="cosine", progress=False)
    one = ew.align(X, Y, objective="clusters", clusters=seen.side("Y")[0], steps=60, **QUICK)
    assert abs(one.clusters[0].after) < 0.6 * abs(one.clusters[0].before)


@pytest.mark.parametrize("kernel", ["gaussian", "linear"])
def test_other_kernels(kernel: str) -> None:
    X, Y, _ = missed()
    one = ew.align(X, Y, kernel=kernel, steps=100, keep=0.1, **QUICK)
    assert one.after.spec_diff < 0.8 * one.before.spec_diff
    if kernel == "gaussian":
        assert one.before.spectral.params["bandwidth"] == one.after.spectral.params["bandwidth"]
        widths = one.params["bandwidth"]
        K, L = (
            np.exp(-cdist(Z[one.rows], Z[one.rows], "sqeuclidean") / (2 * w**2))
            for Z, w in zip((X, Y), widths, strict=True)
        )
        np.testing.assert_allclose(one.before.residuals, np.sqrt(np.square(K - L).mean(1)), atol=1e-6)


def test_batches_smaller_than_the_fit() -> None:
    X, Y, _ = missed(1500)
    one = ew.align(X, Y, batch_rows=200, steps=200, **QUICK)
    assert one.after.spec_diff < one.before.spec_diff / 2
    assert one.params["n_train"] == 600 and one.params["n_validation"] == 150
    assert "batches of 200" in one.provenance


def test_keep_holds_the_map_back() -> None:
    X, Y, _ = missed()
    free, held = (ew.align(X, Y, keep=keep, **QUICK) for keep in (0.0, 20.0))
    assert held.kept > free.kept + 0.02
    assert free.after.spec_diff < held.after.spec_diff


def test_early_stop_keeps_the_best() -> None:
    """Few rows, many dimensions, unrelated spaces: the fit learns its rows by heart, and is stopped."""
    X, Y = np.random.default_rng(0).normal(size=(2, 80, 40))
    one = ew.align(X, Y, keep=0.0, steps=1000, **QUICK)
    assert one.stopped == "early stop" and len(one.history.step) < 1000
    best = one.history.check_step == one.history.best_step
    assert one.history.validation[best] <= one.history.validation.min() * 1.002
    assert one.history.objective[-1] < 0.7 * one.history.objective[0]


def test_identical_spaces_have_nothing_to_align() -> None:
    X, _, _ = missed()
    one = ew.align(X, 3 * X + 1, **QUICK)
    assert one.stopped == "nothing to align" and not len(one.history.step)
    np.testing.assert_allclose(one.transform(X), X, atol=1e-9)
    assert one.before.spec_diff < 1e-9 and one.kept == pytest.approx(1)
    assert "identity" in one.sentence


def test_a_loss_that_is_not_finite_stops_and_keeps_the_best() -> None:
    X, Y, _ = missed()
    one = ew.align(X, Y, kernel="linear", lr=1e18, steps=50, **QUICK)
    assert one.stopped == "not finite"
    assert np.isfinite(one.transform(X)).all() and one.after.spec_diff <= one.before.spec_diff * 1.001
    assert any("no longer finite" in warning for warning in one.warnings)


def test_closed_forms_on_held_out_rows() -> None:
    rng = np.random.default_rng(0)
    Y = rng.normal(size=(400, 6)) * [3, 2, 1, 1, 1, 1]
    X = Y @ rng.normal(size=(6, 9)) + 0.3 * rng.normal(size=(400, 9)) + 2
    for method in ("procrustes", "ridge", "cca"):
        one = ew.align(X, Y, method=method, **QUICK)
        assert one.stopped == "closed form" and not len(one.history.step)
        Z = one.transform(X[one.rows])
        if method == "cca":
            assert one.after.r_squared is None
            assert Z.shape[1] == one.params["n_components"] == one.transform_y(Y).shape[1] and not one.warnings
        else:
            expected = r2_score(Y[one.rows], Z, multioutput="variance_weighted")
            assert one.after.r_squared == pytest.approx(expected, rel=1e-9) and one.before.r_squared is None
            (row,) = (row for row in one.rows_table if row["measure"] == "r_squared")
            assert row["before"] is None and row["verdict"] == "" and "<td>–</td>" in one._repr_html_()
    assert ew.align(X, Y, method="ridge", **QUICK).after.r_squared > 0.9


def test_pairs_of_another_modality_stay_near() -> None:
    X, Y, _ = missed()
    rng = np.random.default_rng(2)
    P = X @ rng.normal(size=(16, 12)) + 0.2 * rng.normal(size=(500, 12))
    one = ew.align(X, Y, pairs=P, steps=100, **QUICK)
    mapped, other = one.transform(X[one.rows]), one.transform_pairs(P[one.rows])
    a, b = (Z - Z.mean(0) for Z in (mapped, other))
    a, b = (Z / np.linalg.norm(Z, axis=1)[:, None] for Z in (a, b))
    assert ((a @ b.T).argmax(1) == np.arange(len(a))).mean() > 0.9
    assert one.after.spec_diff < 0.7 * one.before.spec_diff
    with pytest.raises(ValueError, match="fitted with pairs"):
        ew.align(X, Y, method="ridge", **QUICK).transform_pairs(P)


def test_rows_joined_by_ids() -> None:
    X, Y, group = missed()
    order = np.random.default_rng(0).permutation(500)
    ids = ([f"i{i}" for i in range(500)], [f"i{i}" for i in order[:450]])
    one = ew.align(X, Y[order[:450]], ids=ids, items=ew.Items(labels=group.astype(str)), pairs=X, steps=5, **QUICK)
    assert one.n == 450 and one.params["dropped"] == (50, 0)
    straight = np.sort(order[:450])
    two = ew.align(X[straight], Y[straight], pairs=X[straight], steps=5, **QUICK)
    np.testing.assert_array_equal(one.transform(X), two.transform(X))
    np.testing.assert_array_equal(one.items.labels, group[straight].astype(str))


@pytest.mark.parametrize("method", ["spec", "mlp", "cca"])
def test_saved_and_loaded(method: str, tmp_path) -> None:
    X, Y, group = missed()
    how = {"method": "spec", "map": "mlp", "steps": 5, "pairs": X} if method == "mlp" else {"method": method}
    one = ew.align(X, Y, items=ew.Items(labels=group.astype(str)), **how, **QUICK)
    one.save(tmp_path / "alignment.npz")
    two = ew.Alignment.load(tmp_path / "alignment.npz")
    for name in ("transform", {"spec": "transform", "mlp": "transform_pairs", "cca": "transform_y"}[method]):
        rows = Y if name == "transform_y" else X
        np.testing.assert_array_equal(getattr(one, name)(rows), getattr(two, name)(rows))
    assert (one.sentence, one.provenance, one.rows_table) == (two.sentence, two.provenance, two.rows_table)
    assert [c.row for c in one.clusters] == [c.row for c in two.clusters]
    assert one.params == two.params and repr(one) == repr(two) and one._repr_html_() == two._repr_html_()
    np.testing.assert_array_equal(one.history.loss, two.history.loss)
    for a, b in zip(one.layouts, two.layouts, strict=True):
        np.testing.assert_array_equal(a, b)
    assert {name: value.tolist() for name, value in one.heat.items()} == {n: v.tolist() for n, v in two.heat.items()}
    with pytest.raises(ValueError, match=r"written by embwidget's Alignment\.save but got 'comparison\.npz'"):
        ew.compare(X, Y, progress=False).save(tmp_path / "comparison.npz")
        ew.Alignment.load(tmp_path / "comparison.npz")


def test_one_layout_for_before_and_after(found: ew.Alignment) -> None:
    before, after, target = found.layouts
    group = np.arange(500) % 5 == 0
    assert before.shape == after.shape == target.shape == (500, 2)
    assert np.sqrt(np.square(target).sum(1).mean()) == pytest.approx(1, rel=1e-5)

    def apart(points: np.ndarray) -> float:
        return float(np.linalg.norm(points[group].mean(0) - points[~group].mean(0)))

    assert apart(before) < 0.5 * apart(after)
    gaps = [np.linalg.norm(points - target, axis=1).mean() for points in (before, after)]
    assert gaps[1] < gaps[0]
    X, Y, _ = missed()
    mine = [np.c_[np.arange(500), np.full(500, i)] for i in range(3)]
    given = ew.align(X, Y, steps=2, maps=mine, **QUICK).layouts
    np.testing.assert_allclose(given[1][:, 1] - given[0][:, 1], given[2][:, 1] - given[1][:, 1], atol=1e-6)


def test_heat_sample_is_of_held_out_items(found: ew.Alignment) -> None:
    heat, (_, Y, _) = found.heat, missed()
    assert set(heat["order"]) <= set(found.rows) and len(heat["order"]) <= 180
    K = kernel(Y[found.rows], "cosine", "mean")
    at = np.searchsorted(found.rows, heat["order"])
    np.testing.assert_allclose(heat["target"], K[np.ix_(at, at)], atol=1e-6)
    first = heat["order"][heat["group"] == 0]
    assert set(first) <= set(found.clusters[0].indices[:20])


def test_tables(found: ew.Alignment) -> None:
    table = {row["measure"]: row for row in found.rows_table}
    assert list(table) == ["spec_diff", "nngs", "cka", "residual", "kept"]
    assert table["nngs"]["chance"] == pytest.approx(10 / 249 / (2 - 10 / 249), rel=0.1)
    assert table["spec_diff"]["chance"] > table["spec_diff"]["after"]
    assert found.to_frame().loc["cka", "after"] == float(found.after.cka)
    assert len(found.clusters_frame()) == len(found.clusters)
    assert all(
        part in found.provenance for part in ("250 of 500", "keep 1", "seed 0", "50 of the fitted rows set aside")
    )
    hostile = ew.align(*missed()[:2], names=("<img src=x>", "b"), steps=2, **QUICK)
    assert "<img" not in hostile._repr_html_()


def test_items_and_quotients_of_double_centred_kernels() -> None:
    X, Y, _ = missed(60)
    for how in ({"kernel": "cosine"}, {"kernel": "gaussian", "bandwidth": (3.0, 4.0)}):
        both = ew.spec(X, Y, center="kernel", progress=False, **how).source[2].spaces
        L = difference(X, Y, how["kernel"], "kernel", **{k: v for k, v in how.items() if k == "bandwidth"})[0]
        v = np.random.default_rng(0).normal(size=(60, 3))
        np.testing.assert_allclose(
            quotients(both, 1.0, True, v), ((v * (L @ v)) / np.square(v).sum(0)).sum(0), atol=1e-9
        )
        np.testing.assert_allclose(item_residuals(both, True), 60 * np.sqrt(np.square(L).mean(1)), atol=1e-7)


@pytest.mark.parametrize("center", ["mean", "kernel", False])
def test_validation_is_of_rows_that_no_step_sees(center: str | bool) -> None:
    X, Y, _ = missed(200)
    X, Y = X + 1, Y - 0.5
    one = ew.align(X, Y, center=center, steps=4, keep=0.0, **QUICK)
    order = np.random.default_rng(0).permutation(100)
    aside, train = one.fit_rows[np.sort(order[:20])], one.fit_rows[np.sort(order[20:])]
    K = [kernel(Z[aside] - Z[one.fit_rows].mean(0) * (center == "mean"), "cosine", center) for Z in (X, Y)]
    assert one.history.validation[0] == pytest.approx(np.abs(np.linalg.eigvalsh(K[0] - K[1])).max() / 20, rel=1e-4)
    K = [kernel(Z[train] - Z[one.fit_rows].mean(0) * (center == "mean"), "cosine", center) for Z in (X, Y)]
    assert one.history.objective[0] == pytest.approx(np.abs(np.linalg.eigvalsh(K[0] - K[1])).max() / 80, rel=1e-4)
    assert one.history.loss[0] == pytest.approx(1, rel=1e-5) and one.history.start == one.history.objective[0]
    Y2 = Y.copy()
    Y2[aside] = Y[aside][::-1]
    two = ew.align(X, Y2, center=center, steps=4, keep=0.0, **QUICK)
    np.testing.assert_allclose(one.history.objective, two.history.objective, rtol=1e-5)
    assert not np.allclose(one.history.validation, two.history.validation, rtol=1e-3)


def test_unrelated_spaces_are_not_said_to_come_nearer() -> None:
    """A fit flattens X's spectrum, and with it what unrelated spaces have: SPEC-diff falls, agreement does not rise."""
    for seed in range(3):
        rng = np.random.default_rng(seed)
        X, Y = rng.normal(size=(400, 32)) * np.exp(-np.arange(32) / 6), rng.normal(size=(400, 32))
        one = ew.align(X, Y, steps=150, **QUICK)
        assert one.after.spec_diff < 0.8 * one.before.spec_diff
        table = {row["measure"]: row for row in one.rows_table}
        assert table["spec_diff"]["chance_after"] < 0.8 * table["spec_diff"]["chance"]
        assert "as far from Y as unrelated spaces are" in one.sentence and "comes nearer" not in one.sentence
        assert one.verdict == "no" and "by neighbourhoods much as before" in one.sentence
        assert [table[name]["verdict"] for name in ("spec_diff", "nngs", "kept")] == ["", "", ""]
        rows, rng = one.rows, np.random.default_rng(9)
        Z = one.transform(X)[rows]
        null = [np.abs(difference(Z, Y[rng.permutation(rows)])[1][0]) for _ in range(5)]
        assert table["spec_diff"]["chance_after"] == pytest.approx(np.mean(null), rel=0.1)


@pytest.mark.parametrize("method", ["spec", "procrustes", "ridge"])
def test_a_shift_of_all_items_is_no_gain(method: str) -> None:
    X, Y, _ = missed()
    how = {"method": method, **({"steps": 30} if method == "spec" else {})}
    one, far = (ew.align(A, Y, **how, **QUICK) for A in (X, X + 30))
    for side in ("before", "after"):
        near, away = (getattr(a, side).comparison.scores["nngs"].value for a in (one, far))
        assert near == pytest.approx(away, abs=0.01)
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(16, 16)))[0]
    turned = ew.align(Y @ turn + 30, Y, method="procrustes", **QUICK)
    assert turned.before.comparison.scores["nngs"].value == turned.after.comparison.scores["nngs"].value == 1


def test_a_numpy_seed() -> None:
    X, Y, _ = missed(100)
    one, other = (ew.align(X, Y, steps=3, random_state=seed, **QUICK) for seed in (3, np.int64(3)))
    np.testing.assert_array_equal(one.transform(X), other.transform(X))
    first, second = (ew.spec(X, Y, random_state=seed, progress=False) for seed in (3, np.int64(3)))
    assert first.spec_diff == second.spec_diff and first.params["random_state"] == 3


def test_a_share_of_the_rows_that_are_not_scored() -> None:
    X, Y, _ = missed(100)
    assert len(ew.align(X, Y, method="ridge", fit_rows=0.25, rows=range(20), **QUICK).fit_rows) == 20
    assert len(ew.align(X, Y, method="ridge", fit_rows="half", rows=range(20), **QUICK).fit_rows) == 80
    assert len(ew.align(X, Y, method="ridge", fit_rows=np.float32(0.75), **QUICK).fit_rows) == 75


def test_copies_on_both_sides_of_the_split_are_counted() -> None:
    B, C = np.random.default_rng(0).normal(size=(2, 60, 10))
    one = ew.align(np.repeat(B, 4, 0), np.repeat(C, 4, 0), method="ridge", **QUICK)
    assert any("have the very row of a fitted one" in warning for warning in one.warnings)
    assert not ew.align(*missed()[:2], method="ridge", **QUICK).warnings


def test_directions_of_unrelated_spaces_are_taken_with_a_warning() -> None:
    X, Y = np.random.default_rng(0).normal(size=(2, 200, 12))
    one = ew.align(X, Y, method="cca", **QUICK)
    assert any("No direction correlates more" in warning for warning in one.warnings)
    asked = ew.align(X, Y, method="cca", n_components=3, **QUICK).warnings
    assert not any("No direction correlates more" in warning for warning in asked)


def test_what_ties_alone_decide_is_not_told() -> None:
    _, Y, _ = missed(200)
    one = ew.align(Y[:, :1], Y, steps=5, **QUICK)
    assert "cannot be told (ties alone decide them)" in one.sentence and "nan" not in one.sentence


def test_a_tie_is_worth_the_mean_over_its_vectors() -> None:
    """Three groups at the corners of a triangle in Y alone: two eigenvalues are the same."""
    n = 240
    Y = np.eye(3)[np.repeat(np.arange(3), n // 3)]
    X = np.where(np.arange(n) // 2 % 2, 1.0, -1.0)[:, None] * [1.0, 2.0]
    one = ew.align(X, Y, fit_rows=range(0, n, 2), steps=3, **QUICK)
    tied = next(c for c in one.before.spectral.clusters if len(c.components) > 1)
    Z, U = one.transform(X), one.before.spectral.eigenvectors[:, list(tied.components)]
    L = difference(Z[one.rows], Y[one.rows])[0]
    assert one.clusters[tied.index].before == pytest.approx(tied.eigenvalue, rel=1e-6)
    assert one.clusters[tied.index].after == pytest.approx(np.trace(U.T @ L @ U) / U.shape[1], rel=1e-6)


@pytest.mark.parametrize("how", [{}, {"center": "kernel"}, {"kernel": "gaussian"}, {"objective": "frobenius"}], ids=str)
def test_the_units_of_the_spaces_do_not_matter(how: dict) -> None:
    X, Y, _ = missed(200)
    one = ew.align(X, Y, steps=60, **how, **QUICK)
    assert one.history.best_step > 0 and one.after.spec_diff < 0.9 * one.before.spec_diff
    for x, y in ((1e20, 1.0), (1.0, 1e20), (1.0, 1e-25), (1e-25, 1.0), (1e100, 1e-100)):
        other = ew.align(X * x, Y * y, steps=60, **how, **QUICK)
        assert other.history.best_step == one.history.best_step and not other.warnings
        assert other.after.spec_diff == pytest.approx(one.after.spec_diff, rel=1e-3)
        np.testing.assert_allclose(other.transform(X * x) / x, one.transform(X), atol=1e-3)


@pytest.mark.parametrize("center", ["mean", False])
def test_a_linear_kernel_of_both_spaces_in_another_unit(center) -> None:
    X, Y, _ = missed(200)
    one, other = (ew.align(X * u, Y * u, kernel="linear", center=center, steps=60, **QUICK) for u in (1.0, 1e15))
    assert one.history.best_step > 0 and other.history.best_step == one.history.best_step
    assert other.after.spec_diff / 1e30 == pytest.approx(one.after.spec_diff, rel=1e-3)
    for name in ("start", "objective", "validation"):
        values = getattr(other.history, name) / 1e30
        np.testing.assert_allclose(values, getattr(one.history, name), rtol=1e-3)
    train = one.fit_rows[parts_of(len(one.fit_rows), 0)[0]]
    alone = ew.spec(X[train], Y[train], kernel="linear", center=center, progress=False)
    assert one.history.start == pytest.approx(alone.spec_diff, rel=1e-3)


@pytest.mark.parametrize("method", ["spec", "procrustes", "ridge", "cca"])
@pytest.mark.parametrize("kernel", ["cosine", "gaussian", "linear"])
def test_rows_whose_squares_float64_cannot_hold(method: str, kernel: str) -> None:
    X, Y, _ = missed(100)
    for unit in (1e200, 1e-200):
        for name, spaces in (("X", (X * unit, Y)), ("Y", (X, Y * unit))):
            with pytest.raises(ValueError, match=rf"rows of {name} whose squares are finite .* but got values up to"):
                ew.align(*spaces, method=method, kernel=kernel, **QUICK)


def test_numbers_that_float32_or_torch_cannot_hold() -> None:
    X, Y, _ = missed(100)
    with pytest.raises(ValueError, match=r"lr to be at most 1e\+30"):
        ew.align(X, Y, lr=1e300, **QUICK)
    with pytest.raises(ValueError, match=r"random_state to be a whole number below 2\*\*64"):
        ew.align(X, Y, random_state=2**64, **QUICK)
