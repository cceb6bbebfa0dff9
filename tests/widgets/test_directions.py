"""Close groups or broad directions: the other ones are computed when they are asked for, kept, and shown everywhere."""

import gc
import threading
import weakref
from dataclasses import replace

import numpy as np
import pytest

import embwidget as ew
from embwidget.widgets import Scene
from embwidget.widgets.scenes import directions

SECONDS = 60


def asked(scene: Scene, **message: object) -> None:
    scene._handle_custom_msg(message, [])


def test_the_page_asks_for_close_groups_and_gets_them_in_every_trait(spectral):
    scene = Scene.from_spectral(spectral)
    assert scene.directions == {"shown": "broad", "reason": "", "wanted": "", "share": 0.0, "what": ""}
    seen = []
    scene.observe(lambda change: seen.append(change["new"]), "directions")
    asked(scene, type="directions", which="close")
    assert scene._switch.wait(SECONDS)
    assert (scene.directions["shown"], scene.directions["wanted"], scene.error) == ("close", "", "")
    assert seen[0]["wanted"] == "close" and seen[0]["what"] == "starting"
    found = scene._spectral
    wanted = ew.spec(
        spectral.source[0].x,
        spectral.source[0].y,
        kernel="auto",
        n_components=len(spectral.eigenvalues),
        names=spectral.names,
        items=spectral.items,
        progress=False,
    )
    assert repr(found.params) == repr(wanted.params)
    np.testing.assert_array_equal(found.eigenvectors, wanted.eigenvectors)
    np.testing.assert_allclose(found.maps[0], spectral.maps[0], atol=1e-6)
    assert scene.spectral["provenance"] == scene.provenance == found.provenance != spectral.provenance
    assert [c["title"] for c in scene.clusters] == [c.title for c in found.clusters]
    assert scene.cluster == 0


def test_both_are_kept_with_their_names(spectral, monkeypatch):
    scene = Scene.from_spectral(replace(spectral))
    close = scene.show_directions("close")
    monkeypatch.setattr(directions, "spec", None)
    scene.rename(0, "mine")
    broad = scene.show_directions("broad")
    assert (scene.directions["shown"], scene.clusters[0]["given_name"]) == ("broad", None)
    assert scene.show_directions("close") is close and scene.clusters[0]["title"] == "mine"
    asked(scene, type="directions", which="broad")
    assert scene.shows(broad) and scene.directions["shown"] == "broad"


def test_a_comparison_keeps_its_own_sentence(comparison, spectral):
    scene = Scene.from_comparison(comparison)
    assert scene.directions == {}
    scene.add_spectral(spectral)
    scene.show_directions("close")
    assert scene.sentence == comparison.sentence
    assert scene.spectral["sentence"] == scene._spectral.sentence


@pytest.fixture
def held(monkeypatch):
    """Computing stops at its first word until it is let go."""
    begun, free = threading.Event(), threading.Event()

    def slow(*_, progress, **__):
        progress(0.1, "thinking")
        begun.set()
        assert free.wait(SECONDS)
        progress(0.9, "still thinking")
        raise ValueError("expected something else but got this")

    monkeypatch.setattr(directions, "spec", slow)
    yield begun, free
    free.set()


def test_what_is_on_its_way_is_told_and_can_be_stopped(spectral, held):
    begun, free = held
    scene = Scene.from_spectral(spectral)
    asked(scene, type="directions", which="close")
    assert begun.wait(SECONDS)
    assert (scene.directions["wanted"], scene.directions["what"]) == ("close", "thinking")
    asked(scene, type="directions", which="close")
    asked(scene, type="stop")
    free.set()
    assert scene._switch.wait(SECONDS)
    assert (scene.directions["shown"], scene.directions["wanted"], scene.error) == ("broad", "", "")
    assert scene._spectral is spectral


def test_what_goes_wrong_is_told_in_the_views(spectral, held):
    scene = Scene.from_spectral(spectral)
    asked(scene, type="directions", which="close")
    held[1].set()
    assert scene._switch.wait(SECONDS)
    assert scene.error == "ValueError: expected something else but got this"
    assert (scene.directions["shown"], scene.directions["wanted"]) == ("broad", "")


def test_another_result_meanwhile_stays(spectral, monkeypatch):
    begun, free = threading.Event(), threading.Event()

    def deaf(*_, **__):
        begun.set()
        assert free.wait(SECONDS)
        return replace(spectral, params=dict(spectral.params))

    monkeypatch.setattr(directions, "spec", deaf)
    scene = Scene.from_spectral(spectral)
    asked(scene, type="directions", which="close")
    assert begun.wait(SECONDS)
    work, other = scene._switch._work, replace(spectral)
    scene.add_spectral(other)
    free.set()
    assert work.wait(SECONDS)
    assert scene.shows(other) and scene.directions["wanted"] == "" and scene.error == ""


def test_a_closed_scene_is_let_go_of_while_its_thread_ends(spectral, held):
    begun, free = held
    gallery = ew.show(replace(spectral))
    asked(gallery.scene, type="directions", which="close")
    assert begun.wait(SECONDS)
    work, scene = gallery.scene._switch._work, weakref.ref(gallery.scene)
    gallery.close()
    del gallery
    gc.collect()
    assert scene() is None
    free.set()
    assert work.wait(SECONDS)
    assert isinstance(work.error, directions.StoppedError)


def test_a_result_that_cannot_be_computed_anew_says_why(spectral, tmp_path):
    spectral.save(tmp_path / "a.npz")
    loaded = Scene.from_spectral(ew.SpectralComparison.load(tmp_path / "a.npz"))
    assert loaded.directions["reason"].startswith("The result was loaded without its embeddings")
    asked(loaded, type="directions", which="close")
    assert "loaded without its embeddings" in loaded.error
    linear = replace(spectral, params=spectral.params | {"kernel": "linear"})
    scene = Scene.from_spectral(linear)
    assert (scene.directions["shown"], scene.directions["reason"][:18]) == ("", "The linear kernel ")
    with pytest.raises(ValueError, match="expected a result that can be computed anew but got another: The linear"):
        scene.show_directions("close")


@pytest.mark.parametrize("which", ["wide", None, 1])
def test_there_are_two_kinds(spectral, which):
    scene = Scene.from_spectral(spectral)
    with pytest.raises(ValueError, match="expected which to be"):
        scene.show_directions(which)
    asked(scene, type="directions", which=which)
    assert scene.error.startswith("ValueError: expected which to be")


def test_without_groups_there_is_nothing_to_change(comparison):
    with pytest.raises(ValueError, match="expected a spectral comparison on the scene but it has none"):
        Scene.from_comparison(comparison).show_directions("close")
