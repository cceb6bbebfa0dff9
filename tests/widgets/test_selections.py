"""Selections under names, the table of what is selected, and the intervals of the classes, as a scene has them."""

import json

import numpy as np
import pytest
from ipywidgets.widgets.widget import _remove_buffers

import embwidget as ew
from embwidget.widgets import MapPair, Scene
from embwidget.widgets.sent.carried import Shown, carry
from embwidget.widgets.state import classes as _classes

HOSTILE = ["<img src=x onerror=alert(1)>", "__proto__", "row", "in odd", 'a"b\\c', "נ" * 80]


def message(**sets: list[int]) -> dict[str, object]:
    rows = np.array([row for one in sets.values() for row in one], "<u4")
    told = {"names": [*sets], "sizes": [len(one) for one in sets.values()]}
    return {"dtype": "<u4", "shape": [len(rows)], "data": memoryview(rows.tobytes())} | told


def test_selections_are_written_and_read_as_a_mapping(scene):
    one, other = ew.show(scene._comparison, scene=scene), MapPair(scene)
    one.selections["odd"] = [5, 1, 3, 1]
    one.selections["first"] = np.arange(4, dtype=np.uint8)
    assert (list(other.selections), len(other.selections)) == (["odd", "first"], 2)
    assert other.selections["odd"].tolist() == [1, 3, 5] and other.selections["odd"].dtype == np.int64
    other.selections["odd"] = [7]
    del other.selections["first"]
    assert repr(one.selections) == "Selections(odd: 1 row)"
    one.selections["cats"] = scene._items.labels == "cats"
    assert one.selections["cats"].tolist() == list(range(0, 150, 3))
    one.selections = {"all": range(150)}
    assert {name: len(rows) for name, rows in other.selections.items()} == {"all": 150}
    with pytest.raises(KeyError, match="none"):
        del one.selections["none"]
    with pytest.raises(TypeError, match="assignment"):
        scene.selections["lost"] = [1]
    assert not one.selections["all"].flags.writeable


@pytest.mark.parametrize(
    ("name", "rows", "told"),
    [
        ("a", [150], "expected 'a' as rows from 0 to 149 but got 150"),
        ("a", [-1], "expected row numbers from 0 for 'a' but got -1"),
        ("a", [], "expected at least one row number for 'a' but got shape"),
        ("a", [0.5], "expected at least one row number for 'a' but got dtype float64"),
        ("a", [True], r"expected a mask over all n = 150 rows for 'a' but got shape \(1,\)"),
        ("a", np.zeros(150, bool), "expected at least one row number for 'a'"),
        ("", [1], "expected a name for the rows but got ''"),
        ("x" * 81, [1], "expected a name of at most 80 letters but got 81"),
        (3, [1], "expected a name as a string"),
    ],
    ids=["beyond", "below", "none", "share", "mask", "nobody", "nameless", "long", "number"],
)
def test_what_is_no_selection_is_refused_and_the_others_stay(scene, name, rows, told):
    view = MapPair(scene)
    view.selections["kept"] = [2]
    with pytest.raises(ValueError, match=told):
        view.selections[name] = rows
    assert list(view.selections) == ["kept"]


def test_there_are_as_many_as_can_be_drawn(scene):
    scene.selections = {f"s{i}": [i] for i in range(20)}
    with pytest.raises(ValueError, match="expected at most 20 selections but got 21; remove some first"):
        MapPair(scene).selections["one more"] = [1]


def test_hostile_names_cross_both_ways_as_they_are(scene):
    scene.selections = {name: [1, 2] for name in HOSTILE}
    state, _, buffers = _remove_buffers(scene.get_state("selections"))
    assert json.loads(json.dumps(state))["selections"]["names"] == HOSTILE and len(buffers) == 1
    back = scene.get_state("selections")["selections"]
    other = Scene(n=150)
    other.set_state({"selections": back})
    assert (other.error, list(other.selections)) == ("", HOSTILE)
    assert all(rows.tolist() == [1, 2] for rows in other.selections.values())


def test_a_selection_from_the_page_is_heard_by_observers(scene):
    heard = []
    scene.observe(lambda change: heard.append(list(change["new"])), "selections")
    scene.set_state({"selections": message(mine=[4, 9], other=[9])})
    scene.set_state({"selections": message(mine=[4, 9], other=[9])})
    assert (scene.error, heard) == ("", [["mine", "other"]])
    assert {name: rows.tolist() for name, rows in scene.selections.items()} == {"mine": [4, 9], "other": [9]}


@pytest.mark.parametrize(
    "change",
    [{"sizes": [3]}, {"sizes": [-1, 3]}, {"names": ["a", "a"], "sizes": [1, 1]}, {"names": "ab"}, {"names": None}],
    ids=["longer", "negative", "twice", "text", "nameless"],
)
def test_a_bad_message_is_shown_and_changes_nothing(scene, change):
    scene.selections = {"kept": [2]}
    scene.set_state({"selections": message(a=[4, 9]) | change})
    assert scene.error.startswith("WireError: expected ")
    assert list(scene.selections) == ["kept"]


def test_the_table_says_what_the_comparison_says_of_each_row(scene, comparison):
    scene.selected, scene.k = [7, 3, 149], 9
    scene.selections = {"odd": [3, 7], "row": [149]}
    frame = MapPair(scene).selected_frame()
    assert [*frame.columns] == ["row", "label", "text", "kept@9", "agreement", "p@9", "in odd", "in row"]
    assert frame["row"].tolist() == [7, 3, 149]
    assert frame["text"].tolist() == [comparison.items.texts[row] for row in (7, 3, 149)]
    assert frame["label"].tolist() == comparison.items.labels[[7, 3, 149]].tolist()
    np.testing.assert_array_equal(frame["kept@9"], comparison.counts[[7, 3, 149], 8])
    np.testing.assert_array_equal(frame["agreement"], comparison.item_agreement[[7, 3, 149]])
    np.testing.assert_array_equal(frame["p@9"], comparison.item_p(9)[[7, 3, 149]])
    assert frame["in odd"].tolist() == [True, True, False] and frame["in row"].tolist() == [False, False, True]
    scene.selected = []
    assert len(MapPair(scene).selected_frame()) == 0


def test_the_table_of_a_spectral_comparison_and_of_a_sample(spectral):
    alone = Scene.from_spectral(spectral)
    alone.selected = [4]
    assert [*alone.selected_frame().columns] == ["row", "label"]
    X = np.random.default_rng(0).normal(size=(300, 4))
    items = ew.Items(ids=[f"id {i}" for i in range(300)])
    c = ew.compare(X, X[:, :3], k=5, method="sampled", sample=60, items=items, measures=[], progress=False)
    scene = Scene.from_comparison(c)
    scene.selected = [2, 70]
    frame = scene.selected_frame()
    assert frame["id"].tolist() == [f"id {c.row_numbers[row]}" for row in (2, 70)]
    assert frame["kept@5"][0] == c.counts[2, 4] and np.isnan(frame["kept@5"][1])


def test_intervals_of_classes_are_those_of_the_comparison(scene, comparison):
    assert scene.class_interval.shape == (4, 2, 20)
    rows = {row["class"]: row for row in comparison.by_class(9)}
    for code, name in enumerate(scene.label_names):
        told = [rows[name][one] for one in ("low", "high", "against_low", "against_high")]
        np.testing.assert_allclose(9 * scene.class_interval[:, code, 8], told, rtol=1e-5)


def test_of_very_many_items_intervals_come_when_they_are_asked_for(comparison, monkeypatch):
    monkeypatch.setattr(_classes, "MOST_WORK", 10)
    scene = Scene.from_comparison(comparison)
    assert scene.class_interval.size == 0
    scene._handle_custom_msg({"type": "class_interval"}, [])
    assert scene.error == "" and scene.class_interval.shape == (4, 2, 20)


def test_p_follows_from_the_count_unless_there_are_placeholders(scene):
    random = np.random.default_rng(0)
    X, Y = random.normal(size=(2, 120, 6))
    X[:40] = Y[:40] = 1
    placed = ew.compare(X, Y, k=5, metric="euclidean", measures=[], progress=False)
    assert placed.placeholders is not None
    assert (scene.p_by_count, Scene.from_comparison(placed).p_by_count) == (True, False)


def test_a_saved_page_keeps_them(scene):
    scene.selections = {"<b>odd</b>": [1, 3]}
    import gzip

    whole = gzip.decompress(carry([Shown(scene=scene, kind="explorer")]))
    header = json.loads(whole[4 : 4 + int.from_bytes(whole[:4], "little")])
    (packed,) = header["scenes"]
    assert packed["state"]["selections"] == {"dtype": "<u4", "shape": [2], "names": ["<b>odd</b>"], "sizes": [2]}
    assert "selections" in packed["arrays"]
