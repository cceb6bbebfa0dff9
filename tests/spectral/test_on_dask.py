"""SPEC of dask arrays is SPEC of the same rows in memory, by the same route."""

import dask.array as da
import numpy as np
import pytest

from embwidget import SpectralComparison, spec
from embwidget.arrays.on_dask.passes import Passes

QUIET = {"progress": False, "permutations": 2, "n_components": 6, "random_state": 1}


def arrays(dtype: str = "float64", n: int = 700) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 10))
    Y = X[:, :7] + 0.5 * rng.normal(size=(n, 7))
    # Two groups that only X holds together, one that only Y does; an offset of all rows.
    X[:80, 0] += 6
    X[200:260, 1] += 5
    Y[400:480, 2] += 6
    return (X + 3).astype(dtype), Y.astype(dtype)


def on_dask(X: np.ndarray, Y: np.ndarray, **how) -> SpectralComparison:
    x, y = da.from_array(X, chunks=((1, 300, len(X) - 301), 7)), da.from_array(Y, chunks=(110, -1))
    return spec(x, y, **{**QUIET, **how})


KERNELS = [
    {"kernel": "cosine"},
    {"kernel": "cosine", "center": "kernel", "eta": 1.5},
    {"kernel": "cosine", "center": False},
    {"kernel": "linear"},
    {"kernel": "auto", "features": "landmarks", "n_features": 50},
    {"kernel": "gaussian", "features": "rff", "n_features": 30},
]


@pytest.mark.parametrize("how", KERNELS, ids=lambda how: "-".join(map(str, how.values())))
def test_eigenpairs_groups_and_members_are_those_in_memory(how) -> None:
    X, Y = arrays()
    found, known = on_dask(X, Y, **how), spec(X, Y, method="gram", **QUIET, **how)
    size = known.spec_diff
    np.testing.assert_allclose(found.eigenvalues, known.eigenvalues, rtol=0, atol=1e-12 * size)
    np.testing.assert_allclose(found.eigenvectors, known.eigenvectors, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.held_out, known.held_out, rtol=0, atol=1e-9 * size)
    np.testing.assert_allclose(found.unrelated, known.unrelated, rtol=1e-9)
    assert found.residuals.max() < 1e-12 * size and found.noise_floor == pytest.approx(known.noise_floor, rel=1e-9)
    assert len(found.clusters) == len(known.clusters) > 2
    for one, other in zip(found.clusters, known.clusters, strict=True):
        np.testing.assert_array_equal(one.indices, other.indices)
        np.testing.assert_array_equal(one.nearest, other.nearest)
        np.testing.assert_allclose((one.within, one.ranking), (other.within, other.ranking), rtol=1e-9)
        # In a bulk of directions the last digit decides how the vectors of a half are turned.
        assert one.survives == other.survives or other.stability < 0.7
    np.testing.assert_allclose(found.maps, known.maps, atol=1e-6)
    assert found.params["method"] == "gram" and found.params["method_reason"].endswith("as tasks on dask")


def test_float32_rows_are_read_as_such_and_find_the_same_groups() -> None:
    X, Y = arrays("float32")
    found, known = on_dask(X, Y, kernel="cosine"), spec(X, Y, kernel="cosine", method="gram", **QUIET)
    np.testing.assert_allclose(found.eigenvalues, known.eigenvalues, rtol=0, atol=1e-6)
    for one, other in zip(found.clusters[:3], known.clusters[:3], strict=True):
        assert one.side == other.side and set(one.indices) == set(other.indices)


def test_spaces_that_nearly_agree_are_told_apart() -> None:
    X, _ = arrays("float32")
    Y = X + np.float32(1e-4) * np.random.default_rng(1).normal(size=X.shape).astype(np.float32)
    found = on_dask(X, Y, kernel="cosine", splits=0)
    assert "in float64" in found.params["method_reason"]
    known = spec(X.astype(np.float64), Y.astype(np.float64), kernel="cosine", splits=0, method="dense", **QUIET)
    np.testing.assert_allclose(found.eigenvalues, known.eigenvalues, rtol=1e-9)
    assert found.residuals.max() < 1e-6 * known.spec_diff


def test_what_a_result_is_asked_later_comes_from_where_the_rows_are() -> None:
    X, Y = arrays()
    found, known = on_dask(X, Y, kernel="cosine"), spec(X, Y, kernel="cosine", method="gram", **QUIET)
    np.testing.assert_allclose(found.similarity("X", [3, 699], [5]), known.similarity("X", [3, 699], [5]), rtol=1e-12)
    np.testing.assert_allclose(found.scores(X[:9], Y[:9]), found.eigenvectors[:9], atol=1e-9)
    assert found.kmeans_agreement(seeds=2) == known.kmeans_agreement(seeds=2)


def test_single_rows_are_fetched_a_few_times_only(monkeypatch: pytest.MonkeyPatch) -> None:
    fetched = []
    of = Passes._fetched
    monkeypatch.setattr(Passes, "_fetched", lambda self, rows: fetched.append(len(rows)) or of(self, rows))
    on_dask(*arrays(n=3000), kernel="cosine")
    assert len(fetched) <= 5


def test_bad_rows_are_told_by_their_number() -> None:
    X, Y = arrays()
    X[321, 4] = np.nan
    with pytest.raises(ValueError, match=r"in X but got NaN or infinity in row 321 "):
        on_dask(X, Y, kernel="cosine")
    X[321] = 0
    with pytest.raises(ValueError, match=r"this kernel with center=False but got zeros in X in row 321 "):
        on_dask(X, Y, kernel="cosine", center=False)
    assert len(on_dask(X, Y, kernel="cosine", splits=0).clusters)
    with pytest.raises(ValueError, match="expected Y to vary but got 700 equal rows"):
        on_dask(X, np.ones_like(Y), kernel="cosine")
    nearly = np.full_like(Y, 1e8)
    nearly[::2] += 1e-8
    with pytest.raises(ValueError, match="expected Y to vary but got 700 equal rows"):
        on_dask(X, nearly, kernel="cosine")


def test_a_source_that_reads_differently_twice_is_refused() -> None:
    x = da.zeros((300, 4), chunks=(100, -1)).map_blocks(lambda block: np.random.normal(size=block.shape))  # noqa: NPY002
    with pytest.raises(ValueError, match=r"same values in Y in every pass"):
        spec(da.from_array(arrays(n=300)[0], chunks=(50, -1)), x, kernel="cosine", **QUIET)


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"kernel": "gaussian"}, "exact Gaussian, which compares all rows with all; pass features='landmarks'"),
        ({"kernel": "auto", "features": "exact"}, "exact Gaussian, which compares all rows with all; pass features="),
        ({"kernel": "cosine", "method": "qr"}, r"method='gram' \(or 'auto'\) of dask arrays but got 'qr'"),
        ({"kernel": "cosine", "maps": "umap"}, "coordinates of dask arrays but got 'umap'"),
        ({"kernel": "cosine", "ids": (range(700), range(700))}, "no ids with dask arrays"),
        ({"kernel": lambda rows: rows.repeat(1, 400)}, "at most 4,096 features of both dask arrays together"),
    ],
    ids=["gaussian", "auto", "qr", "umap", "ids", "wide"],
)
def test_what_is_no_sum_over_rows_is_refused_with_a_remedy(how, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        on_dask(*arrays(), **how)
