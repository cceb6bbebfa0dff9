"""Prepared spaces against numpy's own sums, in any blocks, at any offset and magnitude, and wider than long."""

import numpy as np
import pytest
import torch

from embwidget import paired
from embwidget.moments.spectrum import Spectrum
from embwidget.moments.two_spaces import SecondMoments, SpaceMoments


def related(n: int = 80, dx: int = 7, dy: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, dx)) @ rng.normal(size=(dx, dx)) + 30
    return X, X[:, :dy] + rng.normal(size=(n, dy))


def centred(X: np.ndarray) -> np.ndarray:
    return X - X.mean(0)


@pytest.mark.parametrize("block_rows", [None, 1, 13, 80])
def test_sums_are_numpys(block_rows: int | None) -> None:
    X, Y = related()
    found = SecondMoments.of(paired(X, Y), block_rows=block_rows)
    x, y = centred(X) * found.x.scale, centred(Y) * found.y.scale
    a, b = (x**2).sum(1), (y**2).sum(1)
    for got, wanted in (
        (found.x.scatter, x.T @ x),
        (found.y.scatter, y.T @ y),
        (found.cross, x.T @ y),
        (found.x.lengths, a),
        (found.x.pull, x.T @ a),
        (found.pulls[0], x.T @ b),
        (found.pulls[1], y.T @ a),
        (found.x.mean, X.mean(0) * found.x.scale),
    ):
        np.testing.assert_allclose(got, wanted, rtol=1e-11, atol=1e-12)
    order = np.random.default_rng(1).permutation(80)
    np.testing.assert_allclose(found.cross_of(order), x.T @ y[order], atol=1e-12)
    # A power of two takes no digits.
    assert np.frexp(found.x.scale)[0] == 0.5


def test_wider_than_long_keeps_all_products_in_fewer_coordinates() -> None:
    X = np.random.default_rng(0).normal(size=(12, 40))
    found = SpaceMoments.of(torch.from_numpy(X))
    assert found.scatter.shape == (12, 12) and found.width == 40
    z, x = found.centred(slice(None)).numpy(), centred(X) * found.scale
    np.testing.assert_allclose(z @ z.T, x @ x.T, atol=1e-13)
    np.testing.assert_allclose(found.outside(torch.eye(12).double()).numpy() @ z.T, x.T, atol=1e-13)
    np.testing.assert_allclose(found.inside(torch.from_numpy(x.T)).numpy(), z.T, atol=1e-13)
    assert found.spectrum.rank == 11
    np.testing.assert_allclose(found.traces[2], np.trace(np.linalg.matrix_power(x @ x.T, 3)))


def test_leaving_items_out_is_never_having_seen_them() -> None:
    X, Y = related()
    moments, gone = SecondMoments.of(paired(X, Y)), np.array([3, 4, 60])
    kept = np.setdiff1d(np.arange(80), gone)
    left, again = moments.without(gone), moments.of_items(kept)
    x, y = centred(X[kept]), centred(Y[kept])
    for one, scale in ((left, moments), (again.whole, again)):
        assert one.n == 77
        sx, sy = scale.x.scale, scale.y.scale
        np.testing.assert_allclose(one.cross / sx / sy, x.T @ y, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(one.x.values / sx**2, np.linalg.eigvalsh(x.T @ x)[::-1], rtol=1e-9)


def test_a_constant_space_is_told_from_a_small_one() -> None:
    X, _ = related()
    for constant in (np.full((80, 3), 0.1), np.ones((80, 2)) * [1e6 / 3, 7], np.zeros((80, 2))):
        assert SpaceMoments.of(torch.from_numpy(constant)).is_constant
    assert not SpaceMoments.of(torch.from_numpy(X + 1e6)).is_constant
    assert not SpaceMoments.of(torch.from_numpy(X * 1e-150)).is_constant


@pytest.mark.parametrize(("share", "kept"), [(0.5, 1), (0.500001, 2), (0.8, 2), (0.81, 3), (1.0, 3)])
def test_components_kept_are_the_fewest_with_the_share(share: float, kept: int) -> None:
    found = Spectrum.of(torch.diag(torch.tensor([2.0, 5.0, 1e-15, 3.0], dtype=torch.float64))).first(share)
    assert len(found.values) == kept and found.vectors.shape == (4, kept)
    np.testing.assert_allclose(found.values, [5, 3, 2][:kept])
