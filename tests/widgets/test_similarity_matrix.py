"""A matrix of comparisons as the state of its scene, the pairs opened in it, and its view as Python sees it."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import traitlets
from ipywidgets.widgets.widget import _remove_buffers

import embwidget as ew
from embwidget.widgets import Explorer, MatrixScene, Scene, SimilarityMatrix

STATE = Path(__file__).parents[2] / "js" / "src" / "state" / "matrix.ts"
NAMES = ("first", "<b>second</b>", "third")
N = 60


@pytest.fixture(scope="module")
def matrix() -> ew.ComparisonMatrix:
    x = np.random.default_rng(0).normal(size=(N, 8))
    spaces = dict(zip(NAMES, (x, x[:, :6], x[:, :3]), strict=True))
    return ew.compare_many(spaces, k=5, items=ew.Items(texts=[f"item {i}" for i in range(N)]), progress=False)


@pytest.fixture
def view(matrix: ew.ComparisonMatrix) -> SimilarityMatrix:
    return ew.show(matrix)


@pytest.fixture
def sent(view: SimilarityMatrix, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """What the scene has sent to the page."""
    sent: list[dict[str, str]] = []
    monkeypatch.setattr(view.scene, "send", sent.append)
    return sent


def test_the_traits_are_those_that_the_browser_declares():
    body = re.search(r"export interface MatrixState {(.*?)^}", STATE.read_text(encoding="utf-8"), re.S | re.M)
    assert body is not None
    ours = {name for name in MatrixScene.class_trait_names(sync=True) if not name.startswith("_")}
    assert ours - {"layout", "tabbable", "tooltip"} == set(re.findall(r"^  (\w+)\??:", body[1], re.M))


def test_the_state_holds_the_matrix_as_json_and_buffers(matrix):
    scene = MatrixScene.from_matrix(matrix)
    assert (tuple(scene.names), scene.measure, scene.k, scene.symmetric) == (NAMES, "nngs", 5, True)
    assert (scene.sentence, scene.provenance, scene.title) == (matrix.sentence, matrix.provenance, matrix.title)
    for name in ("values", "calibrated", "null_mean", "null_sd", "z", "p", "map"):
        np.testing.assert_array_equal(getattr(scene, name), getattr(matrix, name))
    assert scene.order.tolist() == matrix.order.tolist()
    state, _, buffers = _remove_buffers(scene.get_state())
    json.dumps(state, allow_nan=False)
    assert len(buffers) == 9
    # Not computed for a view; where they have been asked for, the view says them.
    assert scene.ties.size == 0
    tested = replace(matrix)
    assert MatrixScene.from_matrix(tested).ties.size == 0 != tested.ties.size
    np.testing.assert_array_equal(MatrixScene.from_matrix(tested).ties, tested.ties)


def test_a_matrix_without_a_k_and_of_a_distance_crosses(matrix):
    scene = MatrixScene.from_matrix(replace(matrix, k=None, larger_is_more_similar=False, symmetric=False))
    assert (scene.k, scene.larger_is_more_similar, scene.symmetric) == (None, False, False)


def test_the_view_is_a_small_door_with_a_repr_that_never_changes(view):
    state = view.get_state()
    assert (state["kind"], state["scene"]) == ("similarity_matrix", f"anywidget:{view.scene.model_id}")
    assert repr(view) == "SimilarityMatrix(MatrixScene(m=3, measure='nngs', k=5, pair=None))"
    view.pair = 0, 2
    assert repr(view) == "SimilarityMatrix(MatrixScene(m=3, measure='nngs', k=5, pair=(0, 2)))"
    assert view.scene._repr_mimebundle_()[0] == {"text/plain": repr(view.scene)}


def test_nothing_is_open_at_first(view):
    assert (view.pair, view.comparison, view.scene.opened, view.selected.tolist()) == (None, None, None, [])


def test_a_pair_set_in_python_is_compared_and_opened(view, matrix):
    view.pair = "third", np.int64(0)
    assert view.pair == (2, 0)
    assert view.comparison.names == ("third", "first")
    assert view.scene.opened.shows(view.comparison)
    assert view.comparison is matrix.pair(2, 0)
    view.pair = None
    assert (view.pair, view.comparison, view.scene.opened) == (None, None, None)


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        (("frist", 0), "expected the name or the number of a space but got 'frist'; did you mean 'first'"),
        (("qqq", 0), "got 'qqq'; one of 'first', '<b>second</b>', 'third'"),
        ((0, 3), r"expected the name or the number \(0 to 2\) of a space but got 3"),
        ((-1, 0), "but got -1"),
        ((True, 0), "but got True"),
        ((1.0, 0), "but got 1.0"),
        ((1, "<b>second</b>"), "expected two different spaces but got '<b>second</b>' twice"),
        ("first", "expected pair as two names or numbers of spaces, or None, but got 'first'"),
        ((0, 1, 2), "expected pair as two names"),
    ],
)
def test_pairs_that_are_none_are_refused_and_the_open_one_stays(view, pair, message):
    view.pair = 0, 1
    with pytest.raises(ValueError, match=message):
        view.pair = pair
    assert (view.pair, view.scene.comparing) == ((0, 1), [])


def test_the_page_opens_and_closes_pairs_and_is_answered(view, sent):
    view.scene._handle_custom_msg({"type": "open", "pair": [1, 0]}, [])
    assert (view.pair, sent, view.scene.error) == ((1, 0), [{"type": "answered"}], "")
    view.scene._handle_custom_msg({"type": "close"}, [])
    assert (view.pair, len(sent)) == (None, 2)
    view.scene._handle_custom_msg({"type": "tiles"}, [])
    view.scene._handle_custom_msg("nonsense", [])
    assert (len(sent), view.scene.error) == (2, "")


@pytest.mark.parametrize("problem", [ValueError("the disk is gone"), KeyboardInterrupt()])
def test_what_goes_wrong_on_the_way_is_shown_and_answered(view, sent, monkeypatch, problem):
    seen = []

    def fail(self, a, b):
        seen.append(view.scene.comparing)
        raise problem

    monkeypatch.setattr(ew.ComparisonMatrix, "pair", fail)
    view.scene._handle_custom_msg({"type": "open", "pair": [1, 0]}, [])
    expected = "The comparison was interrupted." if isinstance(problem, KeyboardInterrupt) else f"ValueError: {problem}"
    assert (view.scene.error, view.scene.comparing, view.pair) == (expected, [], None)
    assert (seen, sent) == ([[1, 0]], [{"type": "answered"}])
    monkeypatch.undo()
    view.pair = 1, 0
    assert view.scene.error == ""


@pytest.mark.parametrize("pair", [[0], [0, 1, 2], None, ["0", "x"]])
def test_a_message_that_names_no_pair_is_shown_as_an_error(view, sent, pair):
    view.scene._handle_custom_msg({"type": "open", "pair": pair}, [])
    assert view.scene.error and view.pair is None
    assert sent == [{"type": "answered"}]


def test_a_matrix_without_its_spaces_says_what_to_do(matrix, tmp_path):
    matrix.save(tmp_path / "matrix.npz")
    loaded = ew.show(ew.ComparisonMatrix.load(tmp_path / "matrix.npz"))
    with pytest.raises(ValueError, match="attach"):
        loaded.pair = 0, 1


def test_a_pair_comes_to_the_page_in_one_message(view, monkeypatch):
    view.scene.open_pair(0, 1)
    told = []
    monkeypatch.setattr(view.scene, "send_state", lambda key=None: told.append(key if isinstance(key, str) else {*key}))
    view.scene.open_pair(0, 2)
    assert told == ["comparing", "comparing", {"opened", "pair"}]


def test_pairs_are_kept_and_share_what_is_selected(view):
    view.pair = 0, 1
    first = view.scene.opened
    first.selected, first.k = [4, 2], 9
    view.pair = 0, 2
    assert view.scene.opened is not first
    assert (view.selected.tolist(), view.scene.opened.k) == ([4, 2], 9)
    assert [link.source for link in view.scene.opened._links] == [(first, s) for s in ("k", "selected", "hovered")]
    view.pair = "first", "<b>second</b>"
    assert view.scene.opened is first


def test_the_pair_is_changed_by_opening_one(view):
    with pytest.raises(traitlets.TraitError, match="read-only"):
        view.scene.pair = [0, 1]


def test_show_links_to_scenes_of_the_same_items(matrix, view):
    explorer = ew.show(matrix.pair(0, 1))
    explorer.selected = [7]
    linked = ew.show(matrix, scene=explorer.scene)
    linked.pair = 0, 2
    assert linked.selected.tolist() == [7]
    assert ew.show(matrix, scene=linked.scene).scene is linked.scene
    beside = ew.show(linked.comparison, "map_pair", scene=linked.scene)
    assert beside.scene is linked.scene.opened
    other = ew.show(replace(matrix, k=3), scene=linked.scene)
    assert other.scene.shared is explorer.scene
    assert ew.show(matrix.pair(0, 1), scene=view.scene).scene.n == N


def test_a_scene_whose_curves_end_elsewhere_shares_no_k(matrix):
    x = np.random.default_rng(1).normal(size=(N, 4))
    explorer = ew.show(ew.compare(x, x[:, :3], k=5, max_k=7, progress=False))
    explorer.selected = [7]
    linked = ew.show(matrix, scene=explorer.scene)
    linked.pair = 0, 2
    assert (linked.selected.tolist(), linked.scene.opened.k) == ([7], 5)
    assert [link.source[1] for link in linked.scene.opened._links] == ["selected", "hovered"]


def test_what_cannot_be_shown_is_said(matrix, view):
    with pytest.raises(ValueError, match="expected a view of similarity_matrix but got 'explorer'"):
        ew.show(matrix, "explorer")
    with pytest.raises(TypeError, match="colour"):
        SimilarityMatrix(matrix, colour="red")
    with pytest.raises(
        TypeError, match="expected a MatrixScene, a ComparisonMatrix or a LayerComparison but got Scene"
    ):
        SimilarityMatrix(Scene())
    with pytest.raises(TypeError, match="expected a Scene, a Comparison or a SpectralComparison but got MatrixScene"):
        Explorer(view.scene)
    with pytest.raises(TypeError, match=r"expected the traits of a MatrixScene but got kk; use MatrixScene\.from_mat"):
        MatrixScene(kk=3)
    with pytest.raises(ValueError, match="this one has none"):
        MatrixScene(names=["a", "b"]).open_pair(0, 1)


def test_a_scene_of_other_items_is_refused_before_anything_is_shown(matrix):
    few = ew.show(ew.compare(np.eye(9), np.eye(9)[::-1], k=2, progress=False))
    with pytest.raises(ValueError, match=r"expected the scene of n = 60 items but got n = 9"):
        ew.show(matrix, scene=few.scene)
