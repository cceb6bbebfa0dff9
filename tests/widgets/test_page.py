"""What crosses the border between Python and the page: texts that can be held, and only what the page may set."""

import json
import time
from typing import Any

import numpy as np
import pytest

import embwidget as ew
from embwidget.widgets import AlignmentScene, AuditScene, ComparingScene, Explorer, FittingScene, MatrixScene, Scene
from embwidget.widgets.state.comparison import MOST_CLASSES

ODD = "\x00\x1b\ufffe\uffff\ud800"


def odd(text: str) -> str:
    return f"{text}{ODD}"


@pytest.fixture(scope="module")
def odd_comparison() -> ew.Comparison:
    x, y = np.random.default_rng(0).normal(size=(2, 40, 4))
    labels, ids = [odd(f"l{i % 2}") for i in range(40)], [odd(str(i)) for i in range(40)]
    items = ew.Items(labels=labels, ids=ids, texts=[odd(f"t{i}") for i in range(40)])
    return ew.compare(x, y, k=3, items=items, names=(odd("a"), odd("b")), progress=False)


def held(value: Any) -> None:
    if isinstance(value, str):
        value.encode()
        assert not set(value) & set("\x00\x1b\ufffe\uffff")
    elif isinstance(value, dict):
        for part in (*value.keys(), *value.values()):
            held(part)
    elif isinstance(value, list | tuple):
        for part in value:
            held(part)


def test_every_text_of_the_state_can_be_held(odd_comparison: ew.Comparison) -> None:
    scene = Scene.from_comparison(odd_comparison)
    state = scene.get_state()
    held(state)
    assert state["names"][0].startswith("a\u2400\u241b")
    assert (state["texts"][3][:3], state["label_names"][0][:3]) == ("t3\u2400", "l0\u2400")


def test_every_text_of_a_card_can_be_held() -> None:
    x, y = np.random.default_rng(1).normal(size=(2, 60, 4))
    html = ew.compare_many({odd("<a>"): x, odd("b"): y}, k=3, progress=False)._repr_html_()
    held(html)
    assert "&lt;a&gt;\u2400" in html


def test_other_scenes_and_views_hold_their_texts_too(odd_comparison: ew.Comparison) -> None:
    x, y = np.random.default_rng(1).normal(size=(2, 60, 4))
    items = ew.Items(labels=[odd(str(i % 2)) for i in range(60)])
    held(AlignmentScene.from_alignment(ew.align(x, y, method="ridge", k=3, items=items, names=(odd("a"), odd("b")),
                                                progress=False)).get_state())  # fmt: skip
    held(Scene.from_spectral(ew.spec(x, y, items=items, names=(odd("a"), odd("b")), progress=False)).get_state())
    held(MatrixScene.from_matrix(ew.compare_many({odd("a"): x, odd("b"): y}, k=3, progress=False)).get_state())
    view = Explorer(odd_comparison)
    view.options = {"colour_by": odd("score")}
    held(view.get_state("options"))


def test_every_text_of_a_message_can_be_held(odd_comparison: ew.Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    scene, sent = Scene.from_comparison(odd_comparison), []
    monkeypatch.setattr(scene, "_send", lambda message, buffers=None: sent.append(message))
    scene.send({"type": odd("x"), "rows": [1, odd("y")]})
    scene._show(ValueError(odd("problem")))
    held(sent)
    held(scene.get_state("error"))
    assert sent[0]["content"]["rows"][0] == 1


OWN = {
    Scene: {"k", "selected", "hovered", "selections", "cluster"},
    AlignmentScene: {"k", "selected", "hovered", "cluster", "position"},
    ComparingScene: {"k", "selected", "hovered", "selections", "cluster"},
    AuditScene: {"selected", "hovered", "query"},
    MatrixScene: set(),
    FittingScene: set(),
    Explorer: {"options"},
}


@pytest.mark.parametrize("kind", OWN, ids=lambda kind: kind.__name__)
def test_the_page_may_set_its_own_and_nothing_else(kind: type) -> None:
    assert kind._from_page == OWN[kind]
    assert set(kind.class_trait_names(sync=True)) >= OWN[kind]


@pytest.mark.parametrize("view", [False, True])
def test_what_is_not_the_pages_stays_as_it_is(
    comparison: ew.Comparison, view: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    widget = Explorer(comparison) if view else Scene.from_comparison(comparison)
    sent: list[Any] = []
    monkeypatch.setattr(widget, "_send", lambda message, buffers=None: sent.append(message))
    before = widget.get_state()
    forged = {name: "forged" for name in widget.keys if name not in widget._from_page and name != "error"}
    widget.set_state({**forged, "no such trait": 1})
    after = widget.get_state()
    assert {name: before[name] for name in forged} == {name: after[name] for name in forged}
    # The page that changed it for itself is told what it is.
    assert set(sent[-1]["state"]) == set(forged)
    assert "forged" not in json.dumps(sent[-1]["state"], default=str)


def test_own_traits_are_taken_beside_refused_ones_and_the_views_are_told(comparison: ew.Comparison) -> None:
    scene = Scene.from_comparison(comparison)
    scene.set_state({"k": 7, "texts": [], "n": 10**9})
    assert (scene.k, scene.n, len(scene.texts)) == (7, comparison.n, comparison.n)
    assert scene.error.endswith(
        "expected the page to set cluster or hovered or k or selected or selections but got 'texts', 'n'"
    )
    scene.set_state({f"trait {i}": 0 for i in range(10**5)})
    assert len(scene.error) < 300


@pytest.mark.parametrize(
    ("selected", "message"),
    [
        ({}, "expected an array as its dtype, shape and data but got none"),
        ({"dtype": "<u4", "shape": [-2, -3], "data": b"0" * 24}, "no negative sides but got [-2, -3]"),
        ({"dtype": "x" * 10**6, "shape": [], "data": b""}, "expected an array of dtype"),
        ({"dtype": "<u4", "shape": [2**70], "data": b""}, "expected 47"),
        (list(range(10**6)), "expected selected as rows from 0 to 149 but got 999999"),
    ],
)
def test_a_selection_that_is_none_is_refused_in_one_line(
    comparison: ew.Comparison, selected: Any, message: str
) -> None:
    scene = Scene.from_comparison(comparison)
    scene.set_state({"selected": selected})
    assert message in scene.error
    assert "\n" not in scene.error
    assert len(scene.error) <= 1000
    assert scene.selected.size == 0


@pytest.mark.parametrize(
    "rows", [list(range(10**6)), "0" * 10**6, {"a": 1}, None, 5, [2**70], [[0]], [1.5], [None], ["\n"]]
)
def test_a_request_for_what_is_no_sheet_is_refused_in_one_line(comparison: ew.Comparison, rows: Any) -> None:
    scene = Scene.from_comparison(comparison)
    start = time.process_time()
    scene._handle_custom_msg({"type": "tiles", "rows": rows}, [])
    assert time.process_time() - start < 0.5
    assert scene.error
    assert "\n" not in scene.error
    assert len(scene.error) < 300


def test_a_row_without_a_picture_is_a_clear_tile(comparison: ew.Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    from embwidget.widgets.wire import thumbnails

    red = np.full((8, 8, 3), (250, 0, 0), np.uint8)
    file, mime, problem = thumbnails.sheet(ew.Items(images=[red, None]), 2, [0, 1])
    assert (mime, problem) == ("image/png", "")
    assert file[:4] == b"\x89PNG"


def test_classes_are_listed_in_natural_order_and_too_many_are_said_to_be() -> None:
    x, y = np.random.default_rng(0).normal(size=(2, 30, 3))
    few = Scene.from_comparison(
        ew.compare(x, y, k=3, items=ew.Items(labels=[10, 9, 2] * 10), measures=[], progress=False)
    )
    assert few.label_names == ["2", "9", "10"]
    assert few.label_codes[:3].tolist() == [2, 1, 0]
    from embwidget.widgets.state.comparison import items_state, label_notes

    items = ew.Items(labels=range(MOST_CLASSES + 1))
    state = items_state(items, MOST_CLASSES + 1)
    assert (state["label_names"], state["texts"][-1]) == ([], str(MOST_CLASSES))
    assert label_notes(items)[0].startswith("65,535 different labels")
    assert label_notes(ew.Items(labels=range(MOST_CLASSES))) == []
