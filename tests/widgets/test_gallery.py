"""A spectral comparison as the state of a scene, and the Gallery as Python sees it."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from ipywidgets.widgets.widget import _remove_buffers

import embwidget as ew
from embwidget.spectral.name_test import NameTest
from embwidget.widgets import Explorer, Gallery, MapPair, Scene
from embwidget.widgets.state import spectral as _spectral_state

N = 150


@pytest.fixture
def alone(spectral: ew.SpectralComparison) -> Scene:
    return Scene.from_spectral(spectral)


def test_the_state_holds_the_clusters(alone, spectral):
    assert (alone.n, alone.k_max, alone.names, alone.cluster) == (N, 1, ["before", "after"], 0)
    assert alone.sentence == alone.spectral["sentence"] == spectral.sentence
    assert alone.spectral["eigenvalues"] == pytest.approx(spectral.eigenvalues)
    for i, c in enumerate(spectral.clusters):
        row = alone.clusters[i]
        assert (row["index"], row["side"], row["members"]) == (i, c.side, len(c.indices))
        assert (row["kind"], row["title"], row["exclusive"]) == (c.kind, c.title, c.exclusive)
        assert (row["name"], row["given_name"]) == (c.name, None)
        assert row["name_test"] == (None if c.name_test is None else pytest.approx(asdict(c.name_test)))
        assert (row["turned"], row["lost"]) == (c.weights is not None, pytest.approx(c.lost))
        assert row["held_out"] == pytest.approx(c.held_out)
        np.testing.assert_allclose(alone.loadings[i], c.loadings, rtol=1e-6)
        assert alone.nearest[i][: len(c.nearest)].tolist() == c.nearest.tolist()
        densities = (c.histograms.within_x, c.histograms.between_x, c.histograms.within_y, c.histograms.between_y)
        np.testing.assert_allclose(alone.histograms[i], densities, rtol=1e-6)
        np.testing.assert_allclose(alone.edges[i], (c.histograms.edges_x, c.histograms.edges_y), rtol=1e-6)
    assert alone.counts.size == alone.curve.size == 0


def test_both_planted_groups_are_there_with_their_rows(alone):
    for side, planted in (("X", set(range(30))), ("Y", set(range(120, N)))):
        alone.cluster = next(c["index"] for c in alone.clusters if c["side"] == side)
        assert len(planted & set(alone.members.tolist()[:30])) >= 27


def test_members_are_those_of_the_result_in_their_order(alone, spectral):
    for c in spectral.clusters:
        alone.cluster = c.index
        np.testing.assert_array_equal(alone.members, c.indices)
    alone.cluster = -1
    assert alone.members.tolist() == []


def test_the_whole_state_is_json_and_buffers_also_without_numbers(spectral):
    cluster = replace(
        spectral.clusters[0], held_out=(np.nan,) * 3, survives=None, within=(np.nan, 0.5), ranking=(np.nan, np.nan)
    )
    odds = replace(next(e for c in spectral.clusters for e in c.enrichment), odds=np.inf)
    bare = replace(spectral, clusters=(replace(cluster, enrichment=(odds,)),), unrelated=np.zeros(0))
    scene = Scene.from_spectral(bare)
    state, _, _ = _remove_buffers(scene.get_state())
    json.dumps(state, allow_nan=False)
    row = scene.clusters[0]
    assert (row["held_out"], row["survives"], row["within"]) == (None, None, [None, 0.5])
    assert row["enrichment"][0]["odds"] is None
    assert row["enrichment"][0]["term"] == odds.term


def test_clusters_with_fewer_nearest_items_are_padded(spectral):
    first, second, *rest = spectral.clusters
    few = replace(spectral, clusters=(replace(first, nearest=first.nearest[:2]), second, *rest))
    nearest = Scene.from_spectral(few).nearest
    assert nearest[0][:3].tolist() == [*first.nearest[:2].tolist(), _spectral_state.NOBODY]


def test_spaces_that_are_the_same_have_a_scene_without_clusters():
    x = np.random.default_rng(0).normal(size=(30, 4))
    scene = Scene.from_spectral(ew.spec(x, x, progress=False))
    assert (scene.clusters, scene.cluster, scene.loadings.size, scene.nearest.size) == ([], -1, 0, 0)
    assert scene.spectral["sentence"]
    with pytest.raises(ValueError, match="expected cluster as -1 for none, but got 0"):
        scene.cluster = 0


@pytest.mark.parametrize("cluster", [-2, 99, True, 1.0, None])
def test_a_cluster_that_is_not_there_is_refused(alone, cluster):
    with pytest.raises(ValueError, match="expected cluster as"):
        alone.cluster = cluster
    assert alone.cluster == 0


def test_a_cluster_from_the_browser_arrives_and_a_bad_one_is_shown(alone):
    alone.set_state({"cluster": 1})
    assert alone.cluster == 1
    alone.set_state({"cluster": 17})
    assert alone.cluster == 1
    assert alone.error.startswith("WireError: expected cluster as 0 to ")


@pytest.mark.parametrize(
    ("unrelated", "inside"), [([], None), ([0.5, -0.001], True), ([0.001, -0.5], False), ([-0.5], False)]
)
def test_an_eigenvalue_is_held_against_unrelated_ones_of_its_own_side(spectral, unrelated, inside):
    first = replace(next(c for c in spectral.clusters if c.side == "X"), index=0, eigenvalue=0.1)
    scene = Scene.from_spectral(replace(spectral, clusters=(first,), unrelated=np.array(unrelated)))
    assert scene.clusters[0]["inside_unrelated"] is inside


def test_a_tested_name_crosses_with_its_test_and_turned_vectors_are_marked(spectral):
    test = NameTest(auc=0.9, p=np.nan, q=0.01, members=8, others=40)
    named = replace(spectral.clusters[0], name="<b>planted</b>", name_test=test, weights=(1.0,))
    row = Scene.from_spectral(replace(spectral, clusters=(named,))).clusters[0]
    assert row["name_test"] == {"auc": 0.9, "p": None, "q": 0.01, "members": 8, "others": 40}
    assert (row["title"], row["turned"]) == ("<b>planted</b>", True)


def test_the_remedy_for_a_constant_vector_fits_the_kernel():
    remedy = _spectral_state._constant_remedy
    assert "center='mean'" in remedy({"kernel": "cosine", "center": False})
    assert "center='kernel'" in remedy({"kernel": "cosine", "center": "mean"})
    assert "bandwidths" in remedy({"kernel": "gaussian", "center": "mean"})


def test_show_opens_the_gallery_on_its_own_scene(spectral):
    gallery = ew.show(spectral)
    assert isinstance(gallery, Gallery)
    assert repr(gallery) == "Gallery(Scene(n=150, names=('before', 'after'), k=1, selected=0))"
    gallery.cluster = 1
    np.testing.assert_array_equal(gallery.members, spectral.clusters[1].indices)
    assert ew.show(spectral, scene=gallery.scene).scene is gallery.scene
    assert isinstance(ew.show(spectral, "map_pair"), MapPair)
    assert isinstance(Gallery(spectral).scene, Scene)


def test_clusters_are_added_to_the_scene_of_a_comparison(comparison, spectral):
    explorer = ew.show(comparison)
    explorer.selected = [3]
    gallery = ew.show(spectral, scene=explorer.scene)
    assert gallery.scene is explorer.scene
    assert isinstance(explorer, Explorer)
    assert (gallery.cluster, len(gallery.scene.clusters)) == (0, len(spectral.clusters))
    np.testing.assert_array_equal(gallery.scene.counts, comparison.counts)
    assert explorer.scene.sentence == comparison.sentence
    assert gallery.scene.shows(comparison) and gallery.scene.shows(spectral)
    assert explorer.selected.tolist() == [3]


def test_adding_reaches_the_browser_in_one_message(comparison, spectral, monkeypatch):
    scene = Scene.from_comparison(comparison)
    sent = []
    monkeypatch.setattr(scene, "send_state", lambda key=None: sent.append(set(key)))
    scene.add_spectral(spectral)
    (keys,) = sent
    assert {"clusters", "loadings", "member_rows", "cluster"} <= keys


def test_another_spectral_result_keeps_its_own_scene_and_follows(comparison, spectral):
    first = ew.show(spectral)
    first.selected = [5]
    other = replace(spectral, names=("left", "right"))
    second = ew.show(other, scene=first.scene)
    assert second.scene is not first.scene
    assert second.selected.tolist() == [5]
    assert [link.source[1] for link in second.scene._links] == ["selected", "hovered"]
    curves = ew.show(comparison, scene=first.scene)
    assert (curves.scene is first.scene, curves.k, curves.selected.tolist()) == (False, 5, [5])


def test_what_cannot_be_shown_of_clusters_is_said(spectral, scene):
    with pytest.raises(ValueError, match="expected a view of gallery, map_pair, explorer but got 'k_sweep'"):
        ew.show(spectral, "k_sweep")
    x = np.random.default_rng(0).normal(size=(12, 3))
    few = ew.spec(x, x[::-1], progress=False)
    with pytest.raises(ValueError, match=r"expected a spectral comparison of n = 150 items but got n = 12; give"):
        ew.show(few, scene=scene)
    assert scene.clusters == []


def test_thousands_of_labels_cross(spectral):
    items = ew.Items(labels=[f"label {i}" for i in range(N)])
    scene = Scene.from_spectral(replace(spectral, items=items))
    assert len(scene.label_names) == N
