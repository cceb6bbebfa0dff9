"""Every record of the table is true of its function."""

import inspect

import numpy as np
import pytest

from embwidget.measures import MEASURES, Measure


def call(measure: Measure, X: np.ndarray, Y: np.ndarray):
    if measure.needs != "neighbors":
        return measure.function(X, Y)
    return measure.function(X, Y, **({"max_k": 20} if measure.name == "auc_ln_k" else {"k": 8}))


@pytest.fixture(scope="module")
def spaces() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(120, 8))
    return X, X[:, :5] + 0.5 * rng.normal(size=(120, 5))


@pytest.mark.parametrize("name", MEASURES)
def test_range_direction_and_per_item(name: str, spaces) -> None:
    record, (X, Y) = MEASURES[name], spaces
    same, near = call(record, X, X), call(record, X, Y)
    far = call(record, X, np.random.default_rng(1).permutation(Y))
    best, worst = record.range[::-1] if record.larger_is_more_similar else record.range
    assert same.value == pytest.approx(best, abs=1e-12)
    assert record.range[0] <= min(far.value, near.value) and max(far.value, near.value) <= record.range[1]
    assert abs(near.value - best) < abs(far.value - best) <= abs(worst - best)
    assert near.calibrated > far.calibrated
    assert (near.per_item is not None) == record.per_item
    assert near.measure == name
    assert name == "spec_diff" or near.params["products"] in ("numpy", "torch")


@pytest.mark.parametrize("name", MEASURES)
def test_invariances(name: str, spaces) -> None:
    record, (X, Y) = MEASURES[name], spaces
    rng = np.random.default_rng(2)
    turn, order = np.linalg.qr(rng.normal(size=(8, 8)))[0], rng.permutation(120)
    changes = {
        "row order": (X[order], Y[order]),
        "rotation": (X @ turn, Y),
        "scale": (X * 7, Y / 3),
        "translation": (X + 100, Y - rng.normal(size=5)),
        "linear map": (X @ rng.normal(size=(8, 8)), Y @ rng.normal(size=(5, 5))),
    }
    assert set(record.invariant) <= set(changes)
    value = call(record, X, Y).value
    for change in record.invariant:
        assert call(record, *changes[change]).value == pytest.approx(value, abs=1e-9), change
    # What is not claimed of a measure without neighbours does not hold.
    for change in set(changes) - set(record.invariant) if record.needs != "neighbors" else ():
        assert abs(call(record, *changes[change]).value - value) > 1e-6, change


@pytest.mark.parametrize("name", MEASURES)
def test_symmetry(name: str, spaces) -> None:
    record, (X, Y) = MEASURES[name], spaces
    there, back = call(record, X, Y).value, call(record, Y, X).value
    assert (there == pytest.approx(back, rel=1e-9, abs=1e-12)) == record.symmetric


@pytest.mark.parametrize("name", MEASURES)
def test_each_is_documented(name: str) -> None:
    said = inspect.getdoc(MEASURES[name].function) or ""
    for part in ("Example:", "Source:", "1"):
        assert part in said
    assert MEASURES[name].reference and MEASURES[name].function.__name__ == name
