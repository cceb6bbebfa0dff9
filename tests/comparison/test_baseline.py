"""compare(baseline=...): re-runs beside the curve, and whether the other differs by more than they do."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import embwidget as ew
from embwidget.measures import mutual_knn, nngs, r_nx
from embwidget.widgets import Scene

how: dict[str, Any] = {"measures": ["nngs"], "max_k": 20, "progress": False}


def noisy(X: np.ndarray, size: float, seed: int) -> np.ndarray:
    return (X + size * np.random.default_rng(seed).normal(size=X.shape)).astype(np.float32)


@pytest.fixture(scope="module", name="X")
def _rows() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(200, 12)).astype(np.float32)


def test_curves_are_those_of_the_measures(X: np.ndarray) -> None:
    runs = [noisy(X, 0.2, 1), noisy(X, 0.3, 2), noisy(X, 0.5, 3)[:, :10]]
    found = ew.compare(X, noisy(X, 0.2, 4), baseline=runs, **how).baseline
    assert found is not None and found.runs == 3 and found.lowest == 2
    for name, measure in (("nngs", nngs), ("mutual_knn", mutual_knn), ("r_nx", r_nx)):
        each = [measure(X, run, list(range(1, 21))).curve for run in runs]
        np.testing.assert_allclose(found.curves[name], each)
        np.testing.assert_allclose(found.band(name), [np.min(each, 0), np.mean(each, 0), np.max(each, 0)])
    np.testing.assert_allclose(found.between["nngs"][1], nngs(runs[0], runs[2], list(range(1, 21))).curve)


def test_more_and_no_more_than_a_re_run(X: np.ndarray) -> None:
    run, like, other = noisy(X, 0.2, 1), noisy(X, 0.2, 2), noisy(X, 0.4, 3)
    same = ew.compare(X, like, baseline=run, **how)
    assert same.baseline is not None and not same.baseline.more
    assert "no more than two runs of the same model do" in same.sentence
    assert "less would have been seen" in same.sentence
    more = ew.compare(X, other, baseline=[run, like], **how)
    assert more.baseline is not None and more.baseline.more
    assert "more than two runs of the same model do (NNGS at k = 10: " in more.sentence
    # The same number as the verb that this is: with X as the reference, from the run to Y.
    lowest = (run, like)[more.baseline.lowest]
    apart = ew.difference(X, lowest, other, progress=False)
    assert (apart.value, *apart.interval) == pytest.approx((more.baseline.value, *more.baseline.interval))


def test_float16_and_re_runs_are_no_difference() -> None:
    seen = 0
    for seed in range(50):
        X = np.random.default_rng(seed).normal(size=(100, 12)).astype(np.float32)
        runs = [noisy(X, 3e-3, 1000 + seed)]
        for Y in (X.astype(np.float16), noisy(X, 3e-3, 2000 + seed)):
            found = ew.compare(X, Y, baseline=runs, **how).baseline
            assert found is not None
            seen += found.more
    assert seen <= 5


def test_samples_have_re_runs_too(X: np.ndarray) -> None:
    run, other = noisy(X, 0.2, 1), noisy(X, 0.6, 2)
    whole = ew.compare(X, other, baseline=run, **how).baseline
    sampled = ew.compare(X, other, baseline=run, method="sampled", sample=80, **how).baseline
    assert whole is not None and sampled is not None and whole.more and sampled.more
    assert sampled.value == pytest.approx(whole.value, abs=0.06)


def test_a_run_that_is_x_itself_is_told(X: np.ndarray) -> None:
    found = ew.compare(X, noisy(X, 0.1, 1), baseline=[noisy(X, 0.1, 2), X.copy()], **how)
    assert [one for one in found.warnings if one.startswith("baseline[1] is X itself")]
    alone = ew.compare(X, X.copy(), baseline=X, **how)
    assert alone.baseline is not None and not alone.baseline.more and alone.baseline.value == 0


def test_runs_are_joined_as_x_is(X: np.ndarray) -> None:
    run, Y = noisy(X, 0.2, 1), noisy(X, 0.2, 2)
    ids = (np.arange(200), np.arange(200)[::-1][:150])
    joined = ew.compare(X, Y[::-1][:150], baseline=run, ids=ids, **how)
    plain = ew.compare(X[50:], Y[50:], baseline=run[50:], **how)
    assert joined.baseline is not None and plain.baseline is not None
    np.testing.assert_array_equal(joined.baseline.curves["nngs"], plain.baseline.curves["nngs"])


@pytest.mark.parametrize("live", [False, True])
def test_live_or_not_and_in_a_file_and_in_the_page(X: np.ndarray, live: bool, tmp_path: Path) -> None:
    given = {**how, "baseline": [noisy(X, 0.2, 1).tolist()], "live": live}
    found = ew.compare(X, noisy(X, 0.3, 2), **given)
    found = found.result() if live else found
    assert found.params["runs"] == 1 and "re-runs: 1" in found.provenance
    found.save(tmp_path / "c.npz")
    again = ew.Comparison.load(tmp_path / "c.npz")
    assert again.sentence == found.sentence
    np.testing.assert_array_equal(again.baseline.curves["r_nx"], found.baseline.curves["r_nx"])
    scene = Scene.from_comparison(again)
    np.testing.assert_allclose(scene.runs[3:], found.baseline.band("mutual_knn"), rtol=1e-6)
    (kept,) = ew.charts.k_sweep(found, "mutual_knn").to_dict()["datasets"].values()
    drawn = [row for row in kept if row["series"] == "runs"]
    assert [row["low"] for row in drawn] == pytest.approx(found.baseline.band("mutual_knn")[0])
    assert Scene.from_comparison(ew.compare(X, X[:, :5], **how)).runs.size == 0


@pytest.mark.parametrize(
    ("baseline", "error", "said"),
    [
        (lambda X: X[:-1], ValueError, "200 rows of X"),
        (lambda X: [X, np.where(X[0, 0] == X, np.nan, X)], ValueError, r"baseline\[1\]"),
        (lambda X: [], ValueError, "at least one"),
        (lambda X: {"run": X}, TypeError, "mapping"),
        (lambda X: [X * (np.arange(200) > 3)[:, None]], ValueError, r"baseline\[0\]"),
    ],
    ids=["rows", "nan", "none", "mapping", "zeros"],
)
def test_bad_runs_are_told(X: np.ndarray, baseline: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        ew.compare(X, X[:, :5], baseline=baseline(X), **how)
