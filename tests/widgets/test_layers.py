"""Layers of two networks as the state of a scene, and their view as Python sees it."""

import json

import numpy as np
import pytest
from ipywidgets.widgets.widget import _remove_buffers

import embwidget as ew
from embwidget.widgets import MatrixScene, SimilarityMatrix

N = 70
MEASURES = ("cka", "procrustes", "nngs")


@pytest.fixture(scope="module")
def layers() -> ew.LayerComparison:
    random = np.random.default_rng(0)
    x = random.normal(size=(N, 6))
    one = {"first": x, "<b>second</b>": x**2}
    other = {"first": -x[:, ::-1], "<b>second</b>": x**2 + 0.1 * x, "third": random.normal(size=(N, 3))}
    return ew.compare_layers(one, other, measures=MEASURES, names=("one", "other"), k=7, progress=False)


@pytest.fixture
def view(layers: ew.LayerComparison) -> SimilarityMatrix:
    return ew.show(layers)


def test_all_measures_cross_at_once_one_below_the_other(layers, view):
    scene = view.scene
    assert (scene.networks, scene.layers) == (["one", "other"], [list(one) for one in layers.layers])
    assert [one["k"] for one in scene.measures] == [None, None, 7]
    assert [one["larger_is_more_similar"] for one in scene.measures] == [True, False, True]
    assert [round(one["same"], 3) for one in scene.measures] == [1, 0, 1]
    for trait in ("values", "calibrated", "null_mean", "null_sd", "z", "p"):
        array = getattr(scene, trait)
        assert array.shape == (2 * len(MEASURES), 3)
        for i, measure in enumerate(MEASURES):
            np.testing.assert_array_equal(array[2 * i : 2 * i + 2], layers.block(measure, trait))
    assert scene.map.shape == (5 * len(MEASURES), 2)
    np.testing.assert_array_equal(scene.map[5:10], layers.matrices["procrustes"].map.astype("<f4"))
    assert (scene.sentence, scene.provenance) == (layers.sentence, layers.provenance)
    state, _, buffers = _remove_buffers(scene.get_state())
    json.dumps(state, allow_nan=False)
    assert len(buffers) == 9


def test_the_view_says_what_it_shows(view):
    assert repr(view) == "SimilarityMatrix(MatrixScene(2 × 3 layers, measures=3, pair=None))"


@pytest.mark.parametrize("pair", [("first", "third"), ("one · first", "other · third"), (0, 4), (np.int64(0), "third")])
def test_a_layer_of_each_network_is_opened_by_name_or_number(view, pair):
    view.pair = pair
    assert view.pair == (0, 4)
    assert view.comparison.names == ("one · first", "other · third")
    assert view.comparison.k == 7


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ((0, 1), "expected a layer of one and one of other but got 0 and 1"),
        ((4, 0), "expected a layer of one and one of other but got 4 and 0"),
        (("third", "first"), "expected the name or the number of a space but got 'third'; one of 'first'"),
        (("first", "thrid"), "got 'thrid'; did you mean 'third'"),
        (("first", "one · first"), "expected a layer of one and one of other"),
    ],
)
def test_two_of_one_network_are_refused(view, pair, message):
    with pytest.raises(ValueError, match=message):
        view.pair = pair
    assert view.pair is None


def test_a_scene_of_layers_is_shown_again_by_the_same_layers_only(layers, view):
    assert ew.show(layers, scene=view.scene).scene is view.scene
    assert ew.show(layers.matrices["nngs"], scene=view.scene).scene is not view.scene
    assert SimilarityMatrix(layers).scene.shows(layers)
    assert not MatrixScene.from_matrix(layers.matrices["nngs"]).shows(layers)


def test_layers_link_to_scenes_of_the_same_items(layers, view):
    view.pair = 0, 2
    explorer = ew.show(view.comparison)
    explorer.selected = [3]
    linked = ew.show(layers, scene=explorer.scene)
    linked.pair = "<b>second</b>", "<b>second</b>"
    assert linked.selected.tolist() == [3]


def test_layers_that_were_loaded_are_shown_and_name_the_remedy_where_a_pair_is_asked_for(layers, view, tmp_path):
    layers.save(tmp_path / "layers.npz")
    loaded = ew.show(ew.LayerComparison.load(tmp_path / "layers.npz"))
    np.testing.assert_array_equal(loaded.scene.values, view.scene.values)
    with pytest.raises(ValueError, match="attach"):
        loaded.pair = 0, 2


def test_what_is_none_of_these_is_refused(layers):
    with pytest.raises(ValueError, match="expected a view of similarity_matrix but got 'explorer'"):
        ew.show(layers, "explorer")
    with pytest.raises(TypeError, match="expected a MatrixScene, a ComparisonMatrix or a LayerComparison but got int"):
        SimilarityMatrix(3)
