"""Ridge-CCA against its definition as a generalised eigenproblem, and beside ContraSim."""

import numpy as np
import pytest
from scipy.linalg import eigh

from embwidget.contrasim import ContraSim, RidgeCCA


@pytest.fixture(scope="module")
def rows() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(900, 6))
    X = hidden @ rng.normal(size=(6, 30)) + 2 * rng.normal(size=(900, 30)) + 50
    return X, np.tanh(hidden @ rng.normal(size=(6, 20)) / 2) + rng.normal(size=(900, 20))


def literal(X: np.ndarray, Y: np.ndarray, ridge: float, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Correlations and directions a, b of [[0, C], [C', 0]] v = rho [[Sx, 0], [0, Sy]] v."""
    x, y, n = X - X.mean(0), Y - Y.mean(0), len(X)
    sx, sy, c = x.T @ x / n, y.T @ y / n, x.T @ y / n
    sx += ridge * np.trace(sx) / len(sx) * np.eye(len(sx))
    sy += ridge * np.trace(sy) / len(sy) * np.eye(len(sy))
    zero = np.zeros_like
    values, vectors = eigh(
        np.block([[np.zeros_like(sx), c], [c.T, zero(sy)]]), np.block([[sx, zero(c)], [zero(c.T), sy]])
    )
    order = np.argsort(-values)[:k]
    return values[order], vectors[: len(sx), order] * np.sqrt(2), vectors[len(sx) :, order] * np.sqrt(2)


@pytest.mark.parametrize(("k", "ridge"), [(20, 1e-2), (3, 0.5)])
def test_it_is_its_definition(rows, k: int, ridge: float) -> None:
    X, Y = rows
    model = RidgeCCA(k, ridge=ridge).fit(X[:500], Y[:500], progress=False)
    rho, a, b = literal(X[:500], Y[:500], ridge, k)
    np.testing.assert_allclose(model.correlations_.numpy(), rho, atol=1e-9)
    codes = [(one[500:] - one[:500].mean(0)) @ (side * np.sqrt(np.maximum(rho, 0))) for one, side in ((X, a), (Y, b))]
    f, g = (one / np.linalg.norm(one, axis=1, keepdims=True) for one in codes)
    found = model.similarity(X[500:], Y[500:])
    np.testing.assert_allclose(found.per_example, (f * g).sum(1), atol=1e-7)
    assert found.n_fit == 500 and found.measure == "ridge_cca"
    np.testing.assert_allclose(np.abs(model.transform(X[500:], "x")), np.abs(f), atol=1e-6)


def test_it_finds_what_contrasim_finds(rows) -> None:
    X, Y = rows
    ridge, learned = (m.fit(X[:500], Y[:500], progress=False) for m in (RidgeCCA(), ContraSim()))
    a, b = (one.similarity(X[500:], Y[500:]) for one in (ridge, learned))
    assert a.z > 20 and b.z > 20
    crossed = RidgeCCA.cross_fit(X, Y, progress=False)
    assert crossed.z > 20 and crossed.n == 900 and crossed.value == pytest.approx(a.value, abs=0.05)


def test_more_columns_than_rows_and_fewer_than_k() -> None:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(160, 400))
    Y = X[:, :4] + 0.1 * rng.normal(size=(160, 4))
    model = RidgeCCA().fit(X[:80], Y[:80], progress=False)
    assert len(model.correlations_) == 4 and model.transform(Y, "y").shape == (160, 4)
    assert (model.correlations_ <= 1).all() and model.similarity(X[80:], Y[80:]).value > 0.1


@pytest.mark.parametrize(
    "ridge", [np.inf, np.nan, 1e200, pytest.param(10**400, id="huge"), -1.0, True, "0.1", np.complex64(1)]
)
def test_a_ridge_that_cannot_be(rows, ridge) -> None:
    with pytest.raises(ValueError, match="expected ridge to be a number above 0, of at most 1e"):
        RidgeCCA(ridge=ridge).fit(rows[0][:60], rows[1][:60], progress=False)


def test_a_numpy_ridge_and_the_greatest(rows) -> None:
    X, Y = rows
    one, other = (RidgeCCA(ridge=r).fit(X[:500], Y[:500], progress=False) for r in (np.float32(0.5), 0.5))
    np.testing.assert_array_equal(one.transform(X), other.transform(X))
    flat, flatter = (RidgeCCA(ridge=r).fit(X[:500], Y[:500], progress=False) for r in (1e9, 1e12))
    np.testing.assert_allclose(flat.transform(X), flatter.transform(X), atol=1e-6)
    for unit in (1e-120, 1e120):  # of the data, with the greatest ridge
        scaled = RidgeCCA(ridge=1e12).fit(X[:500] * unit, Y[:500], progress=False)
        np.testing.assert_allclose(scaled.transform(X * unit), flatter.transform(X), atol=1e-9)


def test_encodings_are_of_unit_length_however_long_the_row(rows) -> None:
    X, Y = rows
    model = RidgeCCA().fit(X[:500] - X[:500].mean(0), Y[:500], progress=False)
    usual = model.transform(X - X[:500].mean(0))
    for unit in (1e200, 1e290):
        np.testing.assert_allclose(model.transform((X - X[:500].mean(0)) * unit), usual, atol=1e-9)
    at_the_mean = model.projections_["x"].mean.numpy()[None]
    assert (model.transform(at_the_mean) == 0).all()


@pytest.mark.parametrize("make", [RidgeCCA, ContraSim])
def test_rows_whose_squares_float64_cannot_hold(rows, make) -> None:
    X, Y = (one[:60] for one in rows)
    for unit in (1e200, 1e-200):
        with pytest.raises(ValueError, match=r"rows of Y whose squares are finite .* but got values up to .*scale"):
            make().fit(X, Y * unit, progress=False)
