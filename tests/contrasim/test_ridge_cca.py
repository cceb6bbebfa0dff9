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
