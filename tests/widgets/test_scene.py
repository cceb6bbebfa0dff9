"""What a comparison becomes as the state of a scene, and what the scene answers to the browser."""

import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from ipywidgets.widgets.widget import _remove_buffers
from PIL import Image

import embwidget as ew
from embwidget.widgets import Scene
from embwidget.widgets.state import comparison as _state
from embwidget.widgets.state import page_room
from embwidget.widgets.wire import thumbnails as _thumbnails

STATE = Path(__file__).parents[2] / "js" / "src" / "state" / "scene.ts"
N, K = 150, 20
HEAVY = ("counts", "map_x", "map_y", "neighbors_x", "neighbors_y", "item_values", "label_codes")


def interface(name: str) -> set[str]:
    body = re.search(rf"export interface {name} {{(.*?)^}}", STATE.read_text(encoding="utf-8"), re.S | re.M)
    assert body is not None
    return set(re.findall(r"^  (\w+)\??:", body[1], re.M))


def test_the_traits_are_those_that_the_browser_declares():
    ours = {name for name in Scene.class_trait_names(sync=True) if not name.startswith("_")}
    inherited = {"layout", "tabbable", "tooltip"}
    assert ours - inherited == interface("State")


def test_score_rows_and_tile_layouts_have_the_declared_fields(scene):
    assert set(scene.scores[0]) == interface("ScoreRow")
    assert set(scene.tiles) == interface("TileLayout")
    assert set(scene.item_scores[0]) == interface("ItemScoreRow")


def test_rows_of_clusters_have_the_declared_fields(spectral):
    scene = Scene.from_spectral(spectral)
    assert set(scene.clusters[0]) == interface("ClusterRow")
    assert set(scene.spectral) == interface("SpectralInfo")
    named = next(row for row in scene.clusters if row["enrichment"])
    assert set(named["enrichment"][0]) == interface("EnrichmentRow")


def test_the_state_holds_what_was_compared(scene, comparison):
    assert (scene.n, scene.k_max, scene.k, scene.names) == (N, K, 5, ["before", "after"])
    assert scene.sentence == comparison.sentence
    np.testing.assert_array_equal(scene.counts, comparison.counts)
    np.testing.assert_allclose(scene.null[0], comparison.curves["nngs"].null_mean, rtol=1e-6)
    np.testing.assert_allclose(scene.null[3], comparison.curves["mutual_knn"].null_sd, rtol=1e-6)
    for rows, name in ((scene.interval[:2], "nngs"), (scene.interval[2:], "mutual_knn")):
        np.testing.assert_allclose(rows.T, comparison.curves[name].interval, rtol=1e-6)
    np.testing.assert_array_equal(scene.neighbors_y, comparison.neighbors[1].indices)
    assert scene.changed.tolist() == [row["item"] for row in comparison.most_changed(100)]


def test_counts_and_lists_in_the_state_agree(scene):
    for i in (0, 17, 149):
        both = set(scene.neighbors_x[i, :7].tolist()) & set(scene.neighbors_y[i, :7].tolist())
        assert len(both) == scene.counts[i, 6]


def test_the_whole_state_is_json_and_buffers(scene):
    state, _, buffers = _remove_buffers(scene.get_state())
    json.dumps(state, allow_nan=False)
    assert len(buffers) == 25


def test_markup_crosses_untouched_and_the_empty_label_is_none(scene):
    assert scene.texts[3] == "<script>item 3</script>"
    assert scene.label_names[scene.label_codes[1]] == "<b>dogs</b>"
    assert scene.label_codes[2] == _state.NO_LABEL


def test_a_comparison_without_items_has_a_scene(comparison):
    bare = ew.compare(np.random.default_rng(1).normal(size=(12, 3)), np.eye(12), k=3, progress=False)
    scene = Scene.from_comparison(bare)
    assert (scene.tiles, scene.texts, scene.label_names) == ({}, [], [])
    assert set(scene.label_codes.tolist()) == {_state.NO_LABEL}


def test_a_page_is_sent_what_it_can_hold_of_many_items(comparison, monkeypatch):
    monkeypatch.setattr(page_room, "PAGE_BYTES", N * (18 + 24))
    scene = Scene.from_comparison(comparison)
    sizes = scene.count_sizes
    assert 3 < len(sizes) < K and (sizes[0], sizes[-1]) == (1, K) and comparison.k in sizes and sizes == sorted(sizes)
    np.testing.assert_array_equal(scene.counts, comparison.counts[:, np.array(sizes) - 1])
    assert scene.neighbors_x.shape[1] < K and scene.texts == [] and len(scene.item_scores) == 1
    assert sum(getattr(scene, name).nbytes for name in HEAVY) <= page_room.PAGE_BYTES
    assert (
        scene.notes[-1].startswith("Of n = 150 items the page holds ") and "no texts; the result has" in scene.notes[-1]
    )
    scene.k = 6
    assert scene.k == min(sizes, key=lambda size: abs(np.log(size / 6)))
    whole = Scene.from_comparison(comparison)
    scene.follow(whole)
    assert scene.k != 6 and whole.count_sizes == sizes


def test_ids_that_stand_for_texts_take_their_room_too(monkeypatch):
    X = np.random.default_rng(0).normal(size=(40, 4))
    named = ew.compare(
        X, X[:, :3], k=3, items=ew.Items(ids=[f"{i:050}" for i in range(40)]), measures=[], progress=False
    )
    assert len(Scene.from_comparison(named).texts) == 40
    monkeypatch.setattr(page_room, "PAGE_BYTES", 40 * (18 + 100))
    assert Scene.from_comparison(named).texts == [] and "no texts" in Scene.from_comparison(named).notes[-1]


def test_whole_lists_are_there_for_the_asking(scene, comparison, monkeypatch):
    sent = []
    monkeypatch.setattr(scene, "send", lambda *message: sent.append(message))
    scene._handle_custom_msg({"type": "neighbors", "row": 7}, [])
    ((message, buffers),) = sent
    assert message == {"type": "neighbors", "row": 7}
    for side, buffer in zip(comparison.neighbors, buffers, strict=True):
        np.testing.assert_array_equal(np.frombuffer(buffer, "<u4"), side.indices[7])
    for bad in (-1, N, "7", None, 1.5):
        scene.error = ""
        scene._handle_custom_msg({"type": "neighbors", "row": bad}, [])
        assert scene.error and len(sent) == 1


@pytest.mark.parametrize("n", [50_000, 200_000, 1_000_000, 1_900_000])
@pytest.mark.parametrize("count_bytes", [1, 8])
def test_the_room_of_a_page_is_kept(n, count_bytes):
    room = page_room.PageRoom.of(n, ks=range(1, 101), k=10, count_bytes=count_bytes, scores=8, text_bytes=20 * n)
    parts = n * (18 + count_bytes * len(room.sizes) + 4 * room.scores + 2 * (2 if n < 65536 else 4) * room.listed)
    assert parts + 20 * n * room.texts <= page_room.PAGE_BYTES or min(len(room.sizes), room.scores, room.listed) == 1
    assert 10 in room.sizes and room.sizes == tuple(sorted(set(room.sizes)))
    small = page_room.PageRoom.of(3000, ks=range(1, 101), k=10, count_bytes=1, scores=8, text_bytes=60_000)
    assert small.notes(sizes=100, scores=8, texts=True) == [] and small.listed == len(small.sizes) == 100


@pytest.mark.parametrize("k", [0, K + 1, True, 2.0, "3", None])
def test_a_cursor_outside_the_curves_is_refused_and_stays(scene, k):
    with pytest.raises(ValueError, match="expected k"):
        scene.k = k
    assert scene.k == 5


def test_numpy_integers_are_welcome_and_come_out_as_ints(scene):
    scene.k = np.int64(7)
    scene.hovered = np.uint16(3)
    assert (scene.k, type(scene.k), scene.hovered) == (7, int, 3)


@pytest.mark.parametrize(("name", "value"), [("selected", [N]), ("hovered", N), ("hovered", -2)])
def test_rows_that_are_not_there_are_refused(scene, name, value):
    with pytest.raises(ValueError, match=f"expected {name} as"):
        setattr(scene, name, value)


def test_a_selection_from_the_browser_arrives_as_integers(scene):
    rows = np.array([4, 149], "<u4").tobytes()
    scene.set_state({"selected": {"dtype": "<u4", "shape": [2], "data": memoryview(rows)}})
    assert scene.selected.tolist() == [4, 149]
    assert scene.selected.dtype == np.int64
    assert scene.error == ""


def test_a_bad_message_from_the_browser_is_shown_and_changes_nothing(scene):
    scene.set_state({"selected": {"dtype": "<u4", "shape": [3], "data": b"1234"}})
    assert scene.error.startswith("WireError: expected 12 bytes")
    scene.set_state({"k": 99})
    assert scene.error == "WireError: expected k from 1 to 20 but got 99"
    assert (scene.k, len(scene.selected)) == (5, 0)


def test_a_failing_observer_of_the_user_is_shown_too(scene):
    def fail(change):
        raise RuntimeError("my own mistake")

    scene.observe(fail, "k")
    scene.set_state({"k": 6})
    assert scene.error == "RuntimeError: my own mistake"


def test_a_sheet_of_tiles_is_answered_with_one_picture(scene, monkeypatch, comparison):
    sent = []
    monkeypatch.setattr(scene, "send", lambda content, buffers: sent.append((content, buffers)))
    rows = [149, 0, *range(20, 37)]
    monkeypatch.setattr(scene, "_items", ew.Items(images=lambda i: Image.new("RGBA", (8, 8), (i, 0, 0, 128))))
    scene._handle_custom_msg({"type": "tiles", "rows": rows}, [])
    ((content, (file,)),) = sent
    assert content == {"type": "tiles", "rows": rows, "mime": "image/png"}
    with Image.open(io.BytesIO(file)) as sheet:
        assert sheet.size == (16 * 64, 2 * 64)
        reds = [sheet.getpixel((i % 16 * 64 + 32, i // 16 * 64 + 32))[0] for i in range(len(rows))]
    np.testing.assert_allclose(reds, rows, atol=2)


def test_pictures_without_transparency_are_a_jpeg_however_many(comparison):
    file, mime, problem = _thumbnails.sheet(comparison.items, N, [3, 90, 17])
    assert (mime, problem, file[:2]) == ("image/jpeg", "", b"\xff\xd8")
    with Image.open(io.BytesIO(file)) as sheet:
        assert sheet.size == (3 * 64, 64)


@pytest.mark.parametrize("rows", [[], [150], [-1], [0] * 65])
def test_pictures_that_are_not_there_are_shown_as_an_error(scene, rows):
    scene._handle_custom_msg({"type": "tiles", "rows": rows}, [])
    assert scene.error == f"ValueError: expected 1 to 64 rows of 150 pictures but got {rows}"


def test_a_message_that_asks_for_no_rows_is_shown_as_an_error(scene):
    scene._handle_custom_msg({"type": "tiles", "rows": ["0"]}, [])
    assert scene.error.startswith("TypeError: ")


def test_an_unreadable_picture_leaves_its_tile_empty_and_is_named(scene, monkeypatch):
    def draw(row):
        if row == 1:
            raise OSError("the disk is gone")
        return Image.new("RGB", (8, 8), "red")

    scene._items, sent = ew.Items(images=draw), []
    monkeypatch.setattr(scene, "send", lambda content, buffers: sent.append(buffers[0]))
    scene._handle_custom_msg({"type": "tiles", "rows": [0, 1, 2]}, [])
    with Image.open(io.BytesIO(sent[0])) as sheet:
        assert [sheet.convert("RGBA").getpixel((64 * i + 32, 32))[3] for i in range(3)] == [255, 0, 255]
    assert "the disk is gone" in scene.error


def test_traits_that_do_not_exist_are_refused():
    with pytest.raises(TypeError, match="expected the traits of a Scene but got colour, ks"):
        Scene(ks=3, colour="red")


def test_a_missing_bundle_names_the_remedy(monkeypatch, tmp_path):
    from embwidget.widgets.wire import bundle as _bundle

    monkeypatch.setattr(_bundle, "STATIC", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"static/scene\.js .*`npm ci && npm run build:widgets"):
        _bundle.bundle("scene.js")


def test_the_curve_is_pythons_also_where_it_is_withheld(comparison: ew.Comparison) -> None:
    scene = Scene.from_comparison(comparison)
    wanted = [comparison.curves[name].curve for name in ("nngs", "mutual_knn")]
    np.testing.assert_allclose(scene.curve, wanted, rtol=1e-6)
    collapsed = ew.compare(np.eye(20), np.ones((20, 3)), k=5, progress=False)
    assert np.isnan(Scene.from_comparison(collapsed).curve[:, :10]).all()
