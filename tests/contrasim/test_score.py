"""The score of given encoders against its definition, and its chance against all permutations."""

from itertools import permutations, product

import numpy as np
import pytest
import torch
from scipy import stats

from embwidget.contrasim import ContraSim, RidgeCCA
from embwidget.contrasim.chance import paired_products


@pytest.fixture(scope="module")
def rows() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 9)) * np.arange(1, 10) + 100
    return X, X @ rng.normal(size=(9, 9)) + rng.normal(size=(300, 9))


@pytest.fixture(scope="module", params=["linear", "mlp", "relative", "shared"])
def model(request, rows) -> ContraSim:
    how = {
        "linear": {},
        "mlp": {"head": "mlp", "hidden": (7, 5)},
        "relative": {"features": "relative", "n_anchors": 11},
        "shared": {"shared": True},
    }[request.param]
    return ContraSim(**how, out_dim=4, max_steps=40).fit(rows[0][:200], rows[1][:200], progress=False)


def literal_code(model: ContraSim, row: np.ndarray, side: str, fitted: np.ndarray) -> np.ndarray:
    """One encoding, step by step, from the weights and the fitted rows of its space."""
    row = np.asarray(row, np.float64)
    encoder = model.encoders_[side]
    if model.features == "relative":
        mean = fitted.mean(0)
        centred = [one - mean for one in fitted[model.anchors_]]
        row = np.array([(row - mean) @ a / np.linalg.norm(row - mean) / np.linalg.norm(a) for a in centred])
    value = (row - encoder.center.numpy()) / encoder.scale.numpy()
    for i, (weight, bias) in enumerate(encoder.layers):
        value = np.maximum(value, 0) if i else value
        value = weight.double().numpy() @ value + bias.double().numpy()
    return value / np.sqrt((value**2).sum())


def literal(model: ContraSim, X: np.ndarray, Y: np.ndarray, rows: tuple) -> np.ndarray:
    sides = model.names_
    f = [literal_code(model, x, sides[0], rows[0][:200]) for x in X]
    g = [literal_code(model, y, sides[1], rows[1][:200]) for y in Y]
    return np.array([a @ b for a, b in zip(f, g, strict=True)])


def test_score_is_the_mean_cosine_of_encodings(model: ContraSim, rows) -> None:
    X, Y = (one[200:] for one in rows)
    found = model.similarity(X, Y)
    expected = literal(model, X, Y, rows)
    np.testing.assert_allclose(found.per_example, expected, atol=1e-12)
    assert found.raw == pytest.approx(expected.mean(), abs=1e-12) and found.n == 100 and found.n_fit == 200
    assert found.value == float(found) == found.raw - found.null_mean
    assert (np.abs(found.per_example) <= 1 + 1e-12).all() and -1 <= found.raw <= 1
    single = model.similarity(X.astype(np.float32), Y.astype(np.float32))
    np.testing.assert_allclose(single.per_example, expected, atol=1e-5)


def test_order_of_rows_does_not_matter_but_pairing_does(model: ContraSim, rows) -> None:
    X, Y = (one[200:] for one in rows)
    order = np.random.default_rng(1).permutation(100)
    found, turned, shuffled = (
        model.similarity(X, Y),
        model.similarity(X[order], Y[order]),
        model.similarity(X, Y[order]),
    )
    np.testing.assert_allclose(turned.per_example, found.per_example[order], atol=1e-12)
    for name in ("value", "null_mean", "null_sd", "z"):
        assert getattr(turned, name) == pytest.approx(getattr(found, name), abs=1e-9), name
    assert shuffled.null_mean == pytest.approx(found.null_mean, abs=1e-12)
    assert shuffled.null_sd == pytest.approx(found.null_sd, rel=1e-9)
    assert found.z > 5 > 4 > abs(shuffled.z)


def test_symmetric_if_and_only_if_the_encoder_is_shared(model: ContraSim, rows) -> None:
    X, Y = (one[200:] for one in rows)
    there, back = model.similarity(X, Y).raw, model.similarity(Y, X).raw
    assert (abs(there - back) < 1e-12) == model.shared


def test_transform_gives_the_encodings(model: ContraSim, rows) -> None:
    X, Y = (one[200:] for one in rows)
    f, g = model.transform(X, "x"), model.transform(Y, side="y")
    assert f.shape == (100, 4) and f.dtype == np.float64
    np.testing.assert_allclose(np.linalg.norm(f, axis=1), 1, atol=1e-12)
    np.testing.assert_allclose((f * g).sum(1), model.similarity(X, Y).per_example, atol=1e-12)


def test_chance_is_that_of_all_720_permutations(model: ContraSim, rows) -> None:
    X, Y = (one[200:206] for one in rows)
    found = model.similarity(X, Y)
    f, g = model.transform(X, "x"), model.transform(Y, "y")
    every = np.array([(f * g[list(order)]).sum(1).mean() for order in permutations(range(6))])
    assert found.null_mean == pytest.approx(every.mean(), abs=1e-12)
    assert found.null_sd == pytest.approx(every.std(), abs=1e-12)
    assert found.z == pytest.approx((found.raw - every.mean()) / every.std())
    assert found.p == pytest.approx(max(stats.norm.sf(found.z), 1 / 720))


def test_chance_within_folds_is_twice_that_of_permutations_within_each() -> None:
    rng = np.random.default_rng(3)
    f, g = (torch.from_numpy(rng.normal(size=(7, 3))) for _ in range(2))
    folds = np.array([2, 0, 2, 0, 2, 2, 5])
    found = paired_products(f, g, folds)
    every = []
    for four, two in product(permutations([0, 2, 4, 5]), permutations([1, 3])):
        order = np.arange(7)
        order[[0, 2, 4, 5]], order[[1, 3]] = four, two
        every.append(float((f * g[order]).sum(1).mean()))
    assert found.null_mean == pytest.approx(np.mean(every), abs=1e-12)
    assert found.null_sd == pytest.approx(2**0.5 * np.std(every), abs=1e-12)


def test_beside_other_measures_the_raw_score_stands_with_its_chance(model: ContraSim, rows) -> None:
    found = model.similarity(rows[0][200:], rows[1][200:])
    score = found.as_score()
    assert (score.measure, score.value, score.null_mean, score.z) == (
        "contrasim",
        found.raw,
        found.null_mean,
        found.z,
    )
    assert score.calibrated == pytest.approx((found.raw - found.null_mean) / (1 - found.null_mean))
    assert score.per_item is found.per_example


def test_result_tells_what_it_is(model: ContraSim, rows) -> None:
    found = model.similarity(rows[0][200:], rows[1][200:])
    assert "fitted on 200 rows" in found.sentence and "100 rows, held out" in found.sentence
    assert found.params["temperature"] == 0.07 and found.params["held_out"] and found.params["overlap"] == 0
    assert found.sentence in found._repr_html_() and f"{found.value:.4f}" in repr(found)


@pytest.mark.parametrize("make", [ContraSim, RidgeCCA])
def test_equal_rows_have_no_score(make, rows) -> None:
    fitted = make().fit(rows[0][:200], rows[1][:200], progress=False)
    found = fitted.similarity(np.full((10, 9), 100.0), rows[1][200:210])
    assert np.isnan(found.z) and np.isnan(found.p) and abs(found.value) < 1e-12
    assert "same encoding" in found.warnings[-1] and found.sentence.startswith("No score")


def test_an_offset_costs_no_digits(rows) -> None:
    near, far = (
        ContraSim(max_steps=20).fit(rows[0][:200] + offset, rows[1][:200], progress=False) for offset in (0, 1e6)
    )
    one, other = (m.similarity(rows[0][200:] + o, rows[1][200:]).raw for m, o in ((near, 0), (far, 1e6)))
    assert one == pytest.approx(other, abs=1e-5)
