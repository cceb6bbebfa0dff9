"""Principal-component maps against scikit-learn."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from embwidget.layouts.given import checked_map
from embwidget.layouts.pca import pca_map
from embwidget.layouts.place import turn_onto, turned


@pytest.mark.parametrize("d", [3, 40, 600])
def test_map_is_sklearns_up_to_sign_and_size(d: int) -> None:
    X = np.random.default_rng(0).normal(size=(200, d)) * np.linspace(3, 0.1, d) + 100
    wanted = PCA(2, svd_solver="full").fit_transform(X)
    got = pca_map(X)
    for axis in range(2):
        assert abs(np.corrcoef(wanted[:, axis], got[:, axis])[0, 1]) > 0.9999
    assert np.square(got).sum(1).mean() == pytest.approx(1, rel=1e-5)
    np.testing.assert_array_equal(pca_map(X), got)


def test_degenerate_spaces_have_flat_maps() -> None:
    assert pca_map(np.ones((10, 5))).tolist() == np.zeros((10, 2)).tolist()
    line = pca_map(np.arange(10.0)[:, None])
    assert line.shape == (10, 2) and (line[:, 1] == 0).all()


def test_turning_undoes_rotation_and_mirroring() -> None:
    fixed = pca_map(np.random.default_rng(1).normal(size=(50, 4)))
    mirrored = fixed @ np.array([[0.0, 1.0], [1.0, 0.0]], dtype=np.float32)
    np.testing.assert_allclose(turned(mirrored, turn_onto(mirrored, fixed)), fixed, atol=1e-6)


def test_own_coordinates_are_checked() -> None:
    with pytest.raises(ValueError, match="finite"):
        checked_map(np.full((5, 2), np.nan), 5, "X")
    with pytest.raises(ValueError, match=r"shape \(5, 2\) but got \(4, 2\)"):
        checked_map(np.ones((4, 2)), 5, "X")


def test_axes_from_some_rows_are_nearly_those_of_all() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(5000, 12)) * np.linspace(6, 1, 12)
    whole, some = pca_map(X), pca_map(X, fit_rows=1000)
    assert whole.shape == some.shape and not np.array_equal(whole, some)
    np.testing.assert_array_equal(pca_map(X, fit_rows=5000), whole)
    for axis in (0, 1):
        assert abs(np.corrcoef(whole[:, axis], some[:, axis])[0, 1]) > 0.95
