"""Scores of single items on a scene: those of the comparison, those added, those of a learned similarity."""

import json

import numpy as np
import pytest
from ipywidgets.widgets.widget import _remove_buffers

import embwidget as ew
from embwidget.widgets import Explorer, MapPair, Scene

N = 80


@pytest.fixture(scope="module")
def spaces() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    x = random.normal(size=(N, 6))
    return x, x[:, ::-1] + 0.5 * random.normal(size=x.shape)


@pytest.fixture(scope="module")
def compared(spaces) -> ew.Comparison:
    measures = ["nngs", "cka", "procrustes", "svcca", "ridge_cca"]
    return ew.compare(*spaces, k=5, measures=measures, progress=False)


def test_all_scores_that_items_have_cross_with_their_direction_and_chance(compared):
    scene = Scene.from_comparison(compared)
    assert [row["name"] for row in scene.item_scores] == [
        "CKA (debiased)",
        "Procrustes distance (angular)",
        "ridge-CCA",
    ]
    assert [row["higher_is_similar"] for row in scene.item_scores] == [True, False, True]
    assert scene.item_scores[2]["chance"] == compared.scores["ridge_cca"].null_mean
    assert scene.item_values.shape == (3, N)
    for values, name in zip(scene.item_values, ("cka", "procrustes", "ridge_cca"), strict=True):
        np.testing.assert_allclose(values, compared.scores[name].per_item, rtol=1e-6)
    json.dumps(_remove_buffers(scene.get_state())[0], allow_nan=False)


def test_chance_is_told_only_where_the_score_is_the_mean_over_items(compared):
    scene = Scene.from_comparison(compared)
    for row, name in zip(scene.item_scores, ("cka", "procrustes", "ridge_cca"), strict=True):
        score = compared.scores[name]
        assert (row["chance"] is None) == (abs(np.mean(score.per_item) - score.value) > 1e-6)


def test_scores_are_added_and_replaced_in_their_place(compared):
    scene = Scene.from_comparison(compared)
    values = np.arange(N, dtype=float)
    values[3] = np.nan
    scene.add_item_scores("mine", values, higher_is_similar=False, chance=0.5)
    assert scene.item_scores[-1] == {"name": "mine", "higher_is_similar": False, "chance": 0.5}
    np.testing.assert_array_equal(scene.item_values[-1], values.astype("<f4"))
    scene.add_item_scores("CKA (debiased)", -values)
    assert [row["name"] for row in scene.item_scores][::3] == ["CKA (debiased)", "mine"]
    np.testing.assert_array_equal(scene.item_values[0], -values.astype("<f4"))
    assert scene.item_scores[0]["chance"] is None


def test_the_page_is_told_in_one_message(compared, monkeypatch):
    scene = Scene.from_comparison(compared)
    told = []
    monkeypatch.setattr(scene, "send_state", lambda key=None: told.append(key if isinstance(key, str) else {*key}))
    scene.add_item_scores("mine", np.zeros(N))
    assert told == [{"item_scores", "item_values"}]


def test_a_scene_of_clusters_alone_takes_scores_too(spectral):
    scene = Scene.from_spectral(spectral)
    assert (scene.item_scores, scene.item_values.size) == ([], 0)
    scene.add_item_scores("mine", np.arange(scene.n))
    assert scene.item_values.shape == (1, scene.n)


@pytest.mark.parametrize(
    ("name", "values", "problem", "message"),
    [
        ("mine", np.zeros(3), ValueError, r"one value for each of n = 80 items but got shape \(3,\)"),
        ("mine", np.zeros((N, 1)), ValueError, r"got shape \(80, 1\)"),
        ("mine", np.full(N, np.inf), ValueError, "expected finite values, or NaN"),
        (3, np.zeros(N), TypeError, "expected the name of a score but got 3"),
    ],
)
def test_what_is_no_score_of_these_items_is_refused(compared, name, values, problem, message):
    scene = Scene.from_comparison(compared)
    with pytest.raises(problem, match=message):
        scene.add_item_scores(name, values)
    assert len(scene.item_scores) == 3


def test_a_learned_similarity_colours_the_maps_of_a_scene(compared, spaces):
    explorer = ew.show(compared)
    found = ew.ContraSim.cross_fit(*spaces, max_steps=20, progress=False)
    maps = ew.show(found, scene=explorer.scene)
    assert isinstance(maps, MapPair) and maps.scene is explorer.scene
    assert maps.options == {"colour_by": "ContraSim"}
    np.testing.assert_allclose(explorer.scene.item_values[-1], found.per_example, rtol=1e-6)
    assert explorer.scene.item_scores[-1]["chance"] == found.null_mean
    again = ew.show(found, "explorer", scene=explorer.scene)
    assert isinstance(again, Explorer) and len(explorer.scene.item_scores) == 4


def test_a_learned_similarity_needs_the_scene_of_its_items(compared, spaces):
    found = ew.RidgeCCA().fit(spaces[0][:60], spaces[1][:60]).similarity(spaces[0][60:], spaces[1][60:])
    with pytest.raises(ValueError, match=r"but got none; embwidget\.show\(similarity, scene=explorer\.scene\)"):
        ew.show(found)
    with pytest.raises(ValueError, match=r"one value for each of n = 80 items but got shape \(20,\)"):
        ew.show(found, scene=ew.show(compared).scene)
