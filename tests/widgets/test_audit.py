"""An audit as the state of its scene, and its view as Python sees it."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import traitlets
from ipywidgets.widgets.widget import _remove_buffers

import embwidget as ew
from embwidget.comparison.baseline.result import Baseline
from embwidget.widgets import AuditScene, AuditView, Explorer
from embwidget.widgets.state import audit as state_of_audits
from embwidget.widgets.state import audit_room
from embwidget.widgets.state.audit_room import leading

STATE = Path(__file__).parents[2] / "js" / "src" / "state" / "audit.ts"
N, QUERIES, K = 50, 25, 5
EVIL = "</script><img src=x onerror=alert(1)>\x00\ud800"
quiet: dict[str, Any] = {"progress": False, "bridges": [], "k": K, "max_k": 12}


def spaces() -> tuple[np.ndarray, np.ndarray]:
    """Five groups, of which the new space has shuffled the first; its similarities are a little different ones."""
    random = np.random.default_rng(0)
    old = random.normal(size=(N, 8)) + 4 * np.eye(8)[np.arange(N) % 5]
    new = old + 0.3 * random.normal(size=(N, 8))
    new[::5] = new[random.permutation(np.arange(0, N, 5))]
    return old, new


@pytest.fixture(scope="module")
def judged() -> ew.Audit:
    old, new = spaces()
    rows = np.arange(0, N, 2)
    items = ew.Items(labels=[f"{EVIL}{i % 5}" for i in range(N)], texts=[f"{EVIL} {i}" for i in range(N)])
    relevant = {q: {int(row): 2, int(row) - 1: 0} if row else {0: 1} for q, row in enumerate(rows)}
    asked = ew.Items(texts=[f"question {EVIL} {i}" for i in rows])
    return ew.audit(
        old, new, queries=(old[rows], old[rows]), relevant=relevant, items=items, query_items=asked,
        names=("<b>mine</b>", "yours"), **quiet,
    )  # fmt: skip


@pytest.fixture(scope="module")
def plain() -> ew.Audit:
    """No queries, no judgements, no labels, and no threshold for this metric."""
    return ew.audit(*spaces(), metric="euclidean", **quiet)


@pytest.fixture
def scene(judged: ew.Audit) -> AuditScene:
    return AuditScene.from_audit(judged)


def test_the_traits_are_those_that_the_browser_declares() -> None:
    body = re.search(r"export interface AuditState {(.*?)^}", STATE.read_text(encoding="utf-8"), re.S | re.M)
    assert body is not None
    ours = {name for name in AuditScene.class_trait_names(sync=True) if not name.startswith("_")}
    assert ours - {"layout", "tabbable", "tooltip"} == set(re.findall(r"^  (\w+)\??:", body[1], re.M))


def test_the_state_holds_what_was_asked_and_found(scene: AuditScene, judged: ew.Audit) -> None:
    found = judged.retrieval
    assert found is not None and found.grades is not None
    assert (scene.n, scene.k, scene.queries, scene.decision) == (N, K, QUERIES, judged.decision)
    assert [one["says"] for one in scene.reasons] == [one.says for one in judged.reasons]
    assert scene.query_rows.tolist() == [*range(QUERIES)]
    np.testing.assert_allclose(scene.kept, found.shared(K), rtol=1e-6)
    np.testing.assert_allclose(scene.quality, found.measure("ndcg", K), rtol=1e-6)
    np.testing.assert_allclose(scene.change, scene.quality[:, 1] - scene.quality[:, 0], atol=1e-6)
    for lists, grades, side in ((scene.lists_old, scene.grades_old, 0), (scene.lists_new, scene.grades_new, 1)):
        np.testing.assert_array_equal(lists, found.neighbors[side].indices[:, :K])
        np.testing.assert_array_equal(grades, found.grades[side][:, :K])
    assert scene.relevant_from == found.rule.threshold


def test_groups_cross_with_the_queries_about_them(scene: AuditScene, judged: ew.Audit) -> None:
    assert [one["change"] for one in scene.groups] == [one.change for one in judged.groups]
    ends = np.cumsum([one["members"] for one in scene.groups])[:-1]
    for rows, one in zip(np.split(scene.group_rows, ends), judged.groups, strict=True):
        assert rows.tolist() == one.rows.tolist()
    assert sum(one["members"] for one in scene.groups) == QUERIES


def test_everything_crosses_as_json_and_buffers_whatever_the_texts(scene: AuditScene, plain: ew.Audit) -> None:
    for one in (scene, AuditScene.from_audit(plain)):
        state, _, buffers = _remove_buffers(one.get_state())
        json.dumps(state, allow_nan=False).encode()
        assert len(buffers) >= 10
    assert scene.texts[3].startswith("</script><img")


def test_curves_are_those_of_the_result(scene: AuditScene, judged: ew.Audit) -> None:
    found = judged.retrieval
    assert found is not None
    assert scene.curves["sizes"] == found.ks.tolist()
    np.testing.assert_allclose(scene.curves["kept"]["values"], found.curves["shared"]["both"].values)
    np.testing.assert_allclose(scene.curves["kept"]["chance"], found.chance)
    for side, name in (("old", "x"), ("new", "y")):
        np.testing.assert_allclose(scene.curves["quality"]["recall"][side], found.curves["recall"][name].values)


def test_the_counts_of_pairs_are_those_of_the_products(scene: AuditScene) -> None:
    left, right = np.triu_indices(N, 1)
    for side, rows in enumerate(spaces()):
        unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        cosines = (unit @ unit.T)[left, right]
        known = np.isfinite(scene.edges[side])
        edges = scene.edges[side][known]
        assert len(edges) <= 401 and (np.diff(edges) > 0).all()
        # A pair that lies on an edge may be counted on either side.
        counted = np.array([(cosines >= edge).sum() for edge in edges])
        assert np.abs(counted - scene.passing[side][known]).max() <= 1
    told = scene.thresholds
    assert scene.joint.sum() == told["n_pairs"] == N * (N - 1) // 2
    assert np.isclose(scene.edges, told["at"]).any()
    at = scene.passing[0][np.nanargmin(np.abs(scene.edges[0] - told["at"]))]
    assert at == told["switched"]["both"] + told["switched"]["old_only"]
    assert scene.joint_edges[0, 0] <= told["at"] <= np.nanmax(scene.joint_edges[0])


def test_without_queries_the_documents_ask_and_what_is_missing_is_empty(plain: ew.Audit) -> None:
    scene = AuditScene.from_audit(plain)
    assert (scene.of_documents, scene.queries, scene.query_texts) == (True, N, [])
    assert scene.quality.shape == scene.grades_old.shape == (0, 0)
    assert (scene.thresholds, scene.joint.size, scene.groups, scene.relevant_from) == ({}, 0, [], None)
    np.testing.assert_array_equal(scene.lists_new, plain.comparison.neighbors[1].indices[:, :K])
    np.testing.assert_allclose(scene.kept, plain.comparison.counts[:, K - 1] / K, rtol=1e-6)


def test_one_query_is_enough() -> None:
    old, new = spaces()
    found = ew.audit(old, new, queries=(old[:1], old[:1]), **quiet)
    scene = AuditScene.from_audit(found)
    assert (scene.queries, scene.lists_old.shape, scene.query_texts) == (1, (1, K), [])
    json.dumps(_remove_buffers(scene.get_state())[0], allow_nan=False)


def test_the_linked_state_is_set_from_python_and_checked(judged: ew.Audit) -> None:
    view = ew.show(judged)
    assert isinstance(view, AuditView) and view.get_state()["kind"] == "audit_view"
    view.query, view.selected, view.hovered = 3, [5, 7], 2
    assert (view.scene.query, view.selected.tolist(), view.hovered) == (3, [5, 7], 2)
    told = (
        f"AuditScene(n={N}, names=('<b>mine</b>', 'yours'), decision={judged.decision!r}, queries={QUERIES}, query=3)"
    )
    assert repr(view) == f"AuditView({told})"
    for name, value in {"query": QUERIES, "selected": [N], "hovered": N}.items():
        with pytest.raises(traitlets.TraitError, match=f"expected {name} "):
            setattr(view, name, value)


def test_other_results_are_refused(scene: AuditScene) -> None:
    with pytest.raises(TypeError, match="expected an AuditScene or an Audit but got int"):
        AuditView(3)
    with pytest.raises(TypeError, match="use AuditScene"):
        AuditScene(colour="red")
    with pytest.raises(TypeError, match="expected a Scene"):
        Explorer(scene)


def test_other_views_of_the_documents_are_linked(judged: ew.Audit) -> None:
    view = ew.show(judged)
    view.selected = [4, 2]
    explorer = ew.show(judged.comparison, scene=view.scene)
    assert explorer.selected.tolist() == [4, 2]
    assert {link.target[1] for link in explorer.scene._links} == {"selected", "hovered"}
    assert ew.show(judged, scene=view.scene).scene is view.scene
    again = ew.show(judged, scene=explorer.scene)
    assert again.scene is not view.scene and again.selected.tolist() == [4, 2]
    few = ew.compare(*(side[:30] for side in spaces()), progress=False)
    with pytest.raises(ValueError, match=f"expected a scene of n = {N} items but got n = 30"):
        ew.show(judged, scene=ew.show(few).scene)


def test_of_many_queries_those_that_lose_most_are_held_and_it_is_said(
    judged: ew.Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_room, "PAGE_BYTES", 4_000)
    monkeypatch.setattr(audit_room, "MOST_GROUPS", 2)
    scene = AuditScene.from_audit(judged)
    change = judged.asked.change
    assert 2 <= len(scene.query_rows) < QUERIES
    assert int(np.nanargmin(change)) in scene.query_rows
    assert len(scene.lists_old) == len(scene.query_texts) == len(scene.query_rows)
    assert set(scene.group_rows) <= set(scene.query_rows) and len(scene.groups) == 2
    assert [one["change"] for one in scene.groups] == [judged.groups[0].change, judged.groups[-1].change]
    held = [text for text in scene.texts if text]
    assert 0 < len(held) < N and sum(map(len, held)) < 2_000
    (note,) = [one for one in scene.notes if "the result has all" in one]
    assert f"{len(scene.query_rows)} of {QUERIES} queries" in note and "2 of 5 groups" in note and "texts" in note
    scene.query = int(scene.query_rows[-1])
    missing = next(q for q in range(QUERIES) if q not in scene.query_rows)
    with pytest.raises(traitlets.TraitError, match="that the page has room for"):
        scene.query = missing


def test_the_leading_queries_are_the_worst_and_others_evenly() -> None:
    change = np.linspace(-1, 1, 1000)
    rows = leading(change, 100)
    assert len(rows) == len(set(rows.tolist())) == 100
    assert rows[:50].tolist() == [*range(50)] and np.ptp(np.diff(rows[50:])) <= 1
    assert leading(change, 2000).tolist() == [*range(1000)]


def test_the_band_of_noise_is_that_of_the_re_runs(judged: ew.Audit) -> None:
    runs = np.pad([[0.9, 0.8, 0.7], [0.95, 0.7, 0.8]], ((0, 0), (0, 9)), mode="edge")
    told = {"k": K, "lowest": 0, "agreement": 0.8, "value": 0.0, "interval": (0.0, 0.0), "p": 1.0, "detectable": 0.1}
    baseline = Baseline(curves={"mutual_knn": runs}, between={}, **told)
    again = replace(judged, comparison=replace(judged.comparison, baseline=baseline))
    curves = state_of_audits.audit_state(again)["curves"]
    assert curves["noise"]["low"][:3] == [0.9, 0.7, 0.7] and curves["noise"]["high"][:3] == [0.95, 0.8, 0.8]


def test_documents_that_lead_have_their_pictures_in_a_file(judged: ew.Audit) -> None:
    items = ew.Items(images=np.zeros((N, 4, 4, 3), np.uint8))
    comparison = replace(judged.comparison, items=items)
    scene = AuditScene.from_audit(replace(judged, comparison=comparison))
    scene.query = 4
    assert judged.retrieval is not None
    assert set(scene.changed[:K]) <= {*scene.lists_old[4].tolist(), *scene.lists_new[4].tolist()}
