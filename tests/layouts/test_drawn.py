"""What the axes of maps are said to be, what may be asked for as maps, and how results keep them."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

import embwidget as ew
from embwidget.layouts import neighbor_maps
from embwidget.layouts.drawn import UNTOLD
from embwidget.layouts.given import given_maps
from embwidget.layouts.pca import principal_maps
from embwidget.results import archive


def spread(seed: int = 0, d: int = 8, n: int = 120) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, d)) * np.linspace(4, 1, d)


def share(title: str) -> float:
    return float(title.split("(")[1].split(" %")[0]) / 100


def test_axes_say_what_sklearn_explains() -> None:
    X, Y = spread(0), spread(1, d=600)
    axes_x, _ = principal_maps(X, Y).axes
    wanted = PCA(2, svd_solver="full").fit(X).explained_variance_ratio_
    assert [title.split(" (")[0] for title in axes_x] == ["PCA 1", "PCA 2"]
    np.testing.assert_allclose([*map(share, axes_x)], wanted, atol=0.0051)


def test_turned_axes_say_the_variance_that_lies_along_them() -> None:
    X = spread()
    # Another space whose first two components are X's, by 45 degrees: neither lies along an axis of the map of X.
    half = np.sqrt(0.5)
    Y = PCA(svd_solver="full").fit_transform(X)[:, :3] @ [[half, half, 0], [-half, half, 0], [0, 0, 1]]
    drawn = principal_maps(PCA(svd_solver="full").fit_transform(X)[:, :3] * [1, 1.3, 1], Y * [1.2, 1, 1])
    told = [share(title) for title in drawn.axes[1]]
    along = np.square(drawn.maps[1]).sum(0)
    plane = PCA(svd_solver="full").fit(Y * [1.2, 1, 1]).explained_variance_ratio_[:2].sum()
    np.testing.assert_allclose(told, plane * along / along.sum(), atol=0.0051)
    assert all(title.startswith("PCA 1 and 2, turned") for title in drawn.axes[1])


def test_a_space_without_a_second_axis_says_so() -> None:
    assert principal_maps(np.arange(9.0)[:, None], np.ones((9, 4))).axes == (
        ("PCA 1 (100 % of variance)", "PCA 2 (0 % of variance)"),
        ("PCA 1 (0 % of variance)", "PCA 2 (0 % of variance)"),
    )


@pytest.mark.parametrize(
    ("maps", "said"),
    [
        ("tsne", "expected maps to be one of pca, umap but got 'tsne'"),
        (np.ones((5, 2)), "'pca', 'umap' or a pair .* but got ndarray"),
        ([np.ones((5, 2))], "a pair of"),
        (7, "a pair of"),
    ],
    ids=["unknown name", "one array", "one map", "number"],
)
@pytest.mark.parametrize("verb", [ew.compare, ew.spec])
def test_what_is_no_maps_is_refused_before_any_work(verb, maps: object, said: str) -> None:
    def never(done: float, what: str) -> None:
        raise AssertionError("work had begun")

    with pytest.raises(ValueError, match=said):
        verb(spread(n=5), spread(n=5), maps=maps, progress=never)


def test_names_of_methods_and_nothing_are_no_coordinates() -> None:
    assert given_maps(None, 5) is None and given_maps("pca", 5) is None
    drawn = given_maps((np.ones((5, 2)), np.ones((5, 2))), 5)
    assert drawn is not None and (drawn.method, drawn.axes) == ("given", (UNTOLD, UNTOLD))


@pytest.mark.parametrize("verb", [ew.compare, ew.spec])
def test_umap_that_is_missing_is_told_before_any_work(verb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbor_maps.importlib.util, "find_spec", lambda name: None)

    def never(done: float, what: str) -> None:
        raise AssertionError("work had begun")

    with pytest.raises(ImportError, match=r'umap-learn.*not installed; pip install "embwidget\[umap\]"'):
        verb(spread(), spread(1), maps="umap", progress=never)


def test_a_package_of_the_same_name_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    import types

    for name in [name for name in sys.modules if name.split(".")[0] == "umap"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "umap", types.ModuleType("umap"))
    with pytest.raises(ImportError, match=r"cannot be loaded .*pip install"):
        neighbor_maps._loaded()


@pytest.mark.parametrize("verb", [ew.compare, ew.spec])
def test_results_say_how_they_were_drawn_and_files_keep_it(verb, tmp_path) -> None:
    found = verb(spread(), spread(1), progress=False)
    (only,) = found.drawn
    assert only.maps is found.maps and only.method == "pca" and only.axes[0][0].startswith("PCA 1 (")
    found.save(tmp_path / "r.npz")
    back = type(found).load(tmp_path / "r.npz")
    assert [(one.method, one.axes) for one in back.drawn] == [("pca", only.axes)]
    for was, now in zip(found.maps, back.maps, strict=True):
        np.testing.assert_array_equal(was, now)


@pytest.mark.parametrize("verb", [ew.compare, ew.spec])
def test_a_file_from_before_maps_had_axes_is_read(verb, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = verb(spread(), spread(1), progress=False)
    header, arrays = found._packed()
    # All that an earlier version knows is under the names it knows.
    assert {"map_x", "map_y"} <= set(arrays)
    del header["drawn"]
    archive.write_archive(tmp_path / "old.npz", type(found).__name__, header, arrays)
    back = type(found).load(tmp_path / "old.npz")
    np.testing.assert_array_equal(back.maps[1], found.maps[1])
    assert back.drawn == ()
