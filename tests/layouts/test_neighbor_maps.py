"""Maps of neighbours against UMAP's own class, and on the lists that make it stumble."""

import locale
from types import SimpleNamespace

import numpy as np
import pytest
import torch

import embwidget as ew
from embwidget.layouts import neighbor_maps as room
from embwidget.layouts.neighbor_maps import neighbor_maps, with_own_row
from embwidget.layouts.place import unit_radius
from embwidget.neighbors.search import Neighbors, knn

N = 90


def groups(seed: int, d: int = 8) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.normal(size=(N, d)) + 4 * np.eye(d)[np.arange(N) % 3]


@pytest.fixture(scope="module")
def found() -> ew.Comparison:
    told: list[str] = []
    compared = ew.compare(
        groups(0), groups(1), maps="umap", measures=["nngs"], progress=lambda done, what: told.append(what)
    )
    assert any("UMAP" in what for what in told)
    return compared


def apart(points: np.ndarray) -> float:
    """How far the groups' means lie apart, in units of their spread."""
    rows = [points[g::3] for g in range(3)]
    means = np.array([one.mean(0) for one in rows])
    return float(np.linalg.norm(means - means.mean(0)) / np.mean([one.std() for one in rows]))


def test_maps_of_neighbours_come_first_and_components_stay(found: ew.Comparison) -> None:
    assert [one.method for one in found.drawn] == ["umap", "pca"]
    assert found.maps is found.drawn[0].maps and found.maps[0].shape == (N, 2)
    for points in found.maps:
        assert points.dtype == np.float32 and np.square(points).sum(1).mean() == pytest.approx(1, rel=1e-4)
        assert apart(points) > 2


def test_both_maps_can_be_compared(found: ew.Comparison) -> None:
    # The groups are the same in both spaces: each lies at about the same place of either map.
    x, y = ([points[g::3].mean(0) for g in range(3)] for points in found.maps)
    gaps = np.linalg.norm(np.subtract(x, y), axis=1)
    assert gaps.max() < 0.5 * min(np.linalg.norm(x[a] - x[b]) for a, b in ((0, 1), (0, 2), (1, 2)))


def test_the_same_seed_gives_the_same_maps_from_a_file_too(found: ew.Comparison, tmp_path) -> None:
    found.save(tmp_path / "c.npz")
    back = ew.Comparison.load(tmp_path / "c.npz")
    assert [one.method for one in back.drawn] == ["umap", "pca"]
    again = neighbor_maps(*back.neighbors, back.drawn[1].maps[0])
    for was, loaded, now in zip(found.maps, back.maps, again.maps, strict=True):
        np.testing.assert_array_equal(was, loaded)
        np.testing.assert_array_equal(was, now)


def test_the_map_is_that_of_umaps_own_class(monkeypatch: pytest.MonkeyPatch) -> None:
    import umap

    X = groups(2)
    lists = knn(X, room.NEIGHBORS, metric="euclidean")
    monkeypatch.setattr(room, "_JITTER", 0.0)
    monkeypatch.setattr(room, "drawn_together", lambda points: points)
    start = unit_radius(X[:, :2] - X[:, :2].mean(0))
    ours = neighbor_maps(lists, lists, start).maps[0]
    knn_of = with_own_row(lists)
    theirs = umap.UMAP(n_neighbors=15, init=start, random_state=0, n_jobs=1, precomputed_knn=knn_of)
    with pytest.warns(UserWarning, match="transform"):
        wanted = theirs.fit_transform(X.astype(np.float32))
    # Up to where it lies, its size and how it is turned: distances are the same but for one factor.
    rows = np.arange(0, N, 7)
    ours_far, wanted_far = (np.linalg.norm(m[rows, None] - m[None, rows], axis=2) for m in (ours, wanted))
    off = ~np.eye(len(rows), dtype=bool)
    ratio = ours_far[off] / wanted_far[off]
    assert np.ptp(ratio) < 0.02 * ratio.mean()


def lists_of(indices: object, distances: object) -> SimpleNamespace:
    return SimpleNamespace(indices=np.array(indices), distances=np.array(distances, dtype=np.float32))


def test_each_item_is_first_on_its_own_list() -> None:
    indices, distances = with_own_row(lists_of([[1, 2], [0, 2], [1, -1]], [[1, 3], [1, 2], [2, np.inf]]))
    assert indices.tolist() == [[0, 1, 2], [1, 0, 2], [2, 1, -1]]
    assert distances.tolist() == [[0, 1, 3], [0, 1, 2], [0, 2, 2]]


def test_inner_products_become_distances_in_the_same_order() -> None:
    _, distances = with_own_row(lists_of([[1, 2], [0, 2], [1, 0]], [[-5, -1], [-5, -4], [-4, -1]]))
    assert (distances[:, 0] == 0).all() and (np.diff(distances, axis=1) > 0).all()
    np.testing.assert_allclose(np.diff(distances[:, 1:], axis=1)[:, 0], [4, 1, 3])


HARD: dict[str, tuple[np.ndarray, str]] = {
    "three items": (np.eye(3), "euclidean"),
    "fewer than its neighbours": (groups(3)[:8], "cosine"),
    "one place": (np.ones((30, 4)), "euclidean"),
    "a line": (np.arange(20.0)[:, None], "euclidean"),
    "inner products": (groups(4), "dot"),
}


@pytest.mark.parametrize("kind", HARD)
def test_any_lists_have_a_map(kind: str) -> None:
    X, metric = HARD[kind]
    lists: Neighbors = knn(X, min(14, len(X) - 1), metric=metric)
    start = np.zeros((len(X), 2), np.float32)
    before = torch.get_num_threads(), locale.setlocale(locale.LC_NUMERIC), np.geterr()
    with np.errstate(all="raise"):
        drawn = neighbor_maps(lists, lists, start)
    assert all(np.isfinite(points).all() and points.shape == (len(X), 2) for points in drawn.maps)
    assert before == (torch.get_num_threads(), locale.setlocale(locale.LC_NUMERIC), np.geterr())


def test_what_loading_umap_changes_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = locale.setlocale(locale.LC_NUMERIC)
    monkeypatch.setattr(room, "_loaded", lambda: locale.setlocale(locale.LC_NUMERIC, "C"))
    try:
        locale.setlocale(locale.LC_NUMERIC, "C.UTF-8")
        with room._umap():
            assert locale.setlocale(locale.LC_NUMERIC) == "C"
        assert locale.setlocale(locale.LC_NUMERIC) == "C.UTF-8"
    finally:
        locale.setlocale(locale.LC_NUMERIC, before)


def test_a_process_without_numbas_threads_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "numba_threads_lost", lambda: True)
    lists = knn(groups(5), 5)
    with pytest.raises(RuntimeError, match=r"get_context\('spawn'\), or leave out maps='umap'"):
        neighbor_maps(lists, lists, np.zeros((N, 2), np.float32))


def test_groups_of_a_kernel_are_drawn_by_its_own_neighbours() -> None:
    X, Y = groups(0), groups(1)
    # A common offset, which the kernel of centred rows does not see.
    shifted = ew.spec(X + 50, Y, maps="umap", splits=0, permutations=0, progress=False)
    assert [one.method for one in shifted.drawn] == ["umap", "pca"]
    assert apart(shifted.maps[0]) > 2
