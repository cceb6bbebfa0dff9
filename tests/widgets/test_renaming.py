"""A group renamed in the page or in Python: in the result, in every view of the scene, in charts, tables and files."""

from dataclasses import replace

import pytest

import embwidget as ew
from embwidget.widgets import Scene


@pytest.fixture
def found(spectral: ew.SpectralComparison) -> ew.SpectralComparison:
    """One of its own: a name stays in it."""
    return replace(spectral)


def renamed(scene: Scene, name: object, cluster: object = 1) -> None:
    scene._handle_custom_msg({"type": "rename", "cluster": cluster, "name": name}, [])


def test_a_name_from_the_page_is_in_result_table_chart_and_sentence(found):
    scene = ew.show(found).scene
    scene.cluster = 1
    title = found.clusters[1].title
    renamed(scene, "  my <b>own</b>\n\x00 ")
    assert found.clusters[1].title == scene.clusters[1]["title"] == "my <b>own</b> \u2400"
    assert found.rows[1]["title"] == scene.clusters[1]["given_name"] == "my <b>own</b> \u2400"
    assert "1 · my <b>own</b>" in str(ew.charts.spectrum(found).to_dict())
    assert (scene.cluster, scene.error) == (1, "")
    renamed(scene, "first", 0)
    assert "'first'" in found.sentence and scene.sentence == scene.spectral["sentence"] == found.sentence
    renamed(scene, "")
    assert (found.clusters[1].title, scene.clusters[1]["given_name"]) == (title, None)


def test_only_what_a_name_is_in_is_sent_and_in_one_message(found, monkeypatch):
    scene = Scene.from_spectral(found)
    sent = []
    monkeypatch.setattr(scene, "send_state", lambda key=None: sent.append(set(key)))
    scene.rename(1, "mine")
    (keys,) = sent
    assert "clusters" in keys and not {"loadings", "member_rows", "cluster"} & keys


@pytest.mark.parametrize(
    ("cluster", "name", "told"),
    [
        (1, "x" * 81, "ValueError: expected a name of at most 80 letters but got 81"),
        (1, ["x"], "TypeError: expected a name as a string, or None for none, but got list"),
        (99, "x", "ValueError: expected cluster as a number from 0 to"),
        (-1, "x", "ValueError: expected cluster to be a whole number, at least 0, but got -1"),
        ("1", "x", "ValueError: expected cluster to be a whole number"),
    ],
)
def test_what_is_no_name_or_no_group_is_told_and_changes_nothing(found, cluster, name, told):
    scene = Scene.from_spectral(found)
    titles = [c.title for c in found.clusters]
    renamed(scene, name, cluster)
    assert scene.error.startswith(told)
    assert [c.title for c in found.clusters] == [c["title"] for c in scene.clusters] == titles
    renamed(scene, "mine")
    assert scene.error == ""


def test_a_scene_without_groups_has_none_to_rename(comparison):
    with pytest.raises(ValueError, match="expected groups to rename but the scene has none"):
        Scene.from_comparison(comparison).rename(0, "x")


def test_the_sentence_of_a_comparison_stays_its_own(comparison, found):
    scene = Scene.from_comparison(comparison)
    scene.add_spectral(found)
    scene.rename(0, "mine")
    assert scene.sentence == comparison.sentence and "'mine'" in scene.spectral["sentence"]


def test_a_loaded_result_is_renamed_and_saved_again(found, tmp_path):
    found.save(tmp_path / "a.npz")
    loaded = ew.SpectralComparison.load(tmp_path / "a.npz")
    Scene.from_spectral(loaded).rename(0, "first")
    loaded.save(tmp_path / "b.npz")
    again = ew.SpectralComparison.load(tmp_path / "b.npz")
    assert [c.title for c in again.clusters] == ["first", *(c.title for c in found.clusters[1:])]
    assert again.clusters[0].given_name == "first"
