"""An audit whole: planted losses are named, noise is none, and what it holds comes from the verbs that it uses."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy import stats

import embwidget as ew
from embwidget.upgrade.condition import condition
from embwidget.upgrade.hubness import hubness

N, GROUPS = 400, 10
quiet: dict[str, Any] = {"progress": False}


def planted(scrambled: int | None, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ten groups of documents in an old space, and in a new one, in which one group's insides are other ones."""
    random = np.random.default_rng(seed)
    group = np.repeat(np.arange(GROUPS), N // GROUPS)
    old = random.normal(size=(N, 24)) + 4 * np.eye(24)[group]
    new = old @ np.linalg.qr(random.normal(size=(24, 24)))[0] + 0.05 * random.normal(size=(N, 24))
    if scrambled is not None:
        rows = np.flatnonzero(group == scrambled)
        new[rows] = new[random.permutation(rows)]
    return old, new, group


@pytest.fixture(scope="module")
def judged() -> ew.Audit:
    old, new, group = planted(3)
    rows = np.arange(0, N, 2)
    items = ew.Items(labels=[f"<g{g}>" for g in group], texts=[f"document {i}" for i in range(N)])
    relevant = {int(q): [int(row)] for q, row in enumerate(rows)}
    questions = ew.Items(texts=[f"question {i}" for i in rows])
    return ew.audit(
        old, new, queries=(old[rows], _own(new, old, rows)), relevant=relevant, items=items,
        query_items=questions, bridges=["procrustes", "ridge"], **quiet,
    )  # fmt: skip


def _own(new: np.ndarray, old: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The queries by the new model: where the documents would be, had none been scrambled."""
    turn = np.linalg.lstsq(old[:120], new[:120], rcond=None)[0]
    return old[rows] @ turn


def test_the_group_that_loses_is_named_and_no_other(judged: ew.Audit) -> None:
    assert [one.name for one in judged.losers if one.kind == "label"] == ["<g3>"]
    assert judged.winners == ()
    (lost,) = [one for one in judged.groups if one.name == "<g3>"]
    # The group of a query is that of the document it is about.
    assert lost.rows.tolist() == [*range(60, 80)]
    change = judged.asked.change[lost.rows]
    half = stats.t.ppf(0.975, 19) * change.std(ddof=1) / np.sqrt(20)
    assert np.allclose([lost.change, *lost.interval], [change.mean(), change.mean() - half, change.mean() + half])
    assert np.isclose(lost.p, stats.ttest_1samp(change, 0).pvalue)
    assert "<g3>" in judged.sentence


def test_q_is_corrected_over_all_groups(judged: ew.Audit) -> None:
    p = np.array([one.p for one in judged.groups])
    assert np.allclose([one.q for one in judged.groups], stats.false_discovery_control(p))


def test_it_holds_what_the_verbs_find(judged: ew.Audit) -> None:
    assert judged.retrieval is not None and judged.comparison.n == N
    assert np.array_equal(judged.asked.kept, judged.retrieval.shared(10))
    assert np.array_equal(judged.asked.quality, judged.retrieval.measure("ndcg", 10), equal_nan=True)
    assert judged.carried is not None and judged.carried.keep == "rate"
    assert abs(judged.carried.passing[0] - N * 10 / 2) / (N * 10 / 2) < 0.05
    assert [one.method for one in judged.bridges] == ["procrustes", "ridge"]
    assert judged.worst(2)[0]["text"].startswith("question ")
    assert 60 <= judged.worst(1)[0]["query"] < 80
    frame = judged.to_frame()
    assert frame.loc[("quality", "ndcg@10"), "old"] == pytest.approx(np.nanmean(judged.asked.quality[:, 0]))
    assert "&lt;g3&gt;" in judged._repr_html_() and "<g3>" not in judged._repr_html_()


def test_a_file_gives_it_back(judged: ew.Audit, tmp_path: Path) -> None:
    judged.save(tmp_path / "a.npz")
    found = ew.Audit.load(tmp_path / "a.npz")
    assert (found.sentence, found.provenance, repr(found)) == (judged.sentence, judged.provenance, repr(judged))
    assert found.rows == judged.rows and found.reasons == judged.reasons and found.bridges == judged.bridges
    assert np.array_equal(found.hubness[0].counts, judged.hubness[0].counts)


def test_a_rotation_is_bridged_by_procrustes() -> None:
    random = np.random.default_rng(0)
    old = random.normal(size=(N, 16))
    new = old @ np.linalg.qr(random.normal(size=(16, 16)))[0]
    rows = np.arange(0, N, 2)
    found = ew.audit(
        old, new, queries=(old[rows], new[rows]), relevant={q: [int(r)] for q, r in enumerate(rows)},
        bridges=["procrustes"], **quiet,
    )  # fmt: skip
    assert found.decision == "bridge"
    assert found.bridge is not None and found.bridge.kept[0] == pytest.approx(1.0)


def test_all_four_bridges_are_judged_without_queries_on_held_out_items() -> None:
    old, new, _ = planted(None)
    found = ew.audit(old[:200], new[:200], **quiet)
    assert [one.method for one in found.bridges] == ["procrustes", "ridge", "cca", "spec"]
    assert all(one.asked == 100 and one.against_old is None for one in found.bridges)
    assert found.bridges[0].kept[0] > 0.8


@pytest.mark.parametrize("seed", range(3))
def test_float16_is_no_difference(seed: int) -> None:
    old = np.random.default_rng(seed).normal(size=(N, 16)).astype(np.float32)
    found = ew.audit(old, old.astype(np.float16), bridges=[], **quiet)
    assert found.decision == "switch"
    assert found.reasons[0].about == "coordinates"


def test_unrelated_spaces_are_told() -> None:
    x, y = np.random.default_rng(0).normal(size=(2, N, 16))
    found = ew.audit(x, y, bridges=[], **quiet)
    assert found.decision == "cannot tell"
    assert "share no more than chance" in " ".join(one.says for one in found.reasons)


def test_one_query_is_told_to_be_one() -> None:
    old = np.random.default_rng(0).normal(size=(60, 8))
    found = ew.audit(old, old[:, :6], queries=(old[:1], old[:1, :6]), relevant={0: [0]}, bridges=[], **quiet)
    assert found.decision == "cannot tell"
    said = f"{found.sentence} {found.provenance} {' '.join(one.says for one in found.reasons)}"
    assert "One query says nothing of how others differ" in said and "nan" not in said and "1 query;" in said


def test_hubness_against_its_definition() -> None:
    space = np.random.default_rng(0).normal(size=(300, 30))
    lists = ew.knn(space, 10, **quiet)
    found = hubness(lists, 5)
    counts = np.array([(lists.indices[:, :5] == i).sum() for i in range(300)])
    assert np.array_equal(found.counts, counts)
    assert np.isclose(found.skewness, stats.skew(counts))
    chance = stats.binom(299, 5 / 299)
    assert np.isclose(found.skewness_by_chance, chance.stats("s"))
    assert np.isclose(found.orphans_by_chance, 300 * chance.pmf(0))
    assert chance.sf(found.most_by_chance) <= 0.01 / 300 < chance.sf(found.most_by_chance - 1)
    assert found.hubs == (counts > found.most_by_chance).sum() and found.orphans == (counts == 0).sum()


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_condition_against_its_definition(dtype: type) -> None:
    rows = (np.random.default_rng(0).normal(size=(60, 7)) + 1).astype(dtype)
    rows[5] = rows[9]
    found = condition(torch.from_numpy(rows))
    exact = rows.astype(np.float64)
    lengths = np.linalg.norm(exact, axis=1)
    cosines = (exact / lengths[:, None]) @ (exact / lengths[:, None]).T
    values = np.linalg.eigvalsh(np.cov(exact.T))
    assert np.allclose(found.lengths, [lengths.min(), np.median(lengths), lengths.max()])
    assert np.isclose(found.mean_cosine, (cosines.sum() - 60) / (60 * 59))
    assert np.isclose(found.dimension, values.sum() ** 2 / np.square(values).sum())
    assert (found.copies, found.unit) == (1, False)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"tolerance": 0}, "tolerance"),
        ({"bridges": "ridge"}, "expected bridges as a list of procrustes, ridge, cca, spec but got 'ridge'"),
        ({"bridges": ["magic"]}, "bridges"),
        ({"measure": "f1"}, "measure"),
        ({"relevant": {0: [1]}}, "expected queries=.* with relevant but got none"),
        ({"queries": (np.ones((3, 5)), np.ones((3, 4)))}, "width"),
    ],
)
def test_bad_input_is_refused_before_any_work(given: dict[str, Any], message: str) -> None:
    def never(done: float, what: str) -> None:
        raise AssertionError(what)

    old = np.random.default_rng(0).normal(size=(50, 4))
    with pytest.raises(ValueError, match=message):
        ew.audit(old, old[:, ::-1], **given, progress=never)


def test_a_rerun_is_noise_and_rows_are_those_that_were_joined() -> None:
    random = np.random.default_rng(0)
    old = random.normal(size=(N, 16))

    def rerun() -> np.ndarray:
        return old + 0.02 * random.normal(size=old.shape)

    new, runs = rerun(), [rerun(), rerun()]
    order = random.permutation(N)[: N - 20]
    ids = (np.arange(N), np.arange(N)[order])
    found = ew.audit(old, new[order], ids=ids, baseline=runs, bridges=[], **quiet)
    assert found.n == N - 20
    assert found.decision == "switch" and found.reasons[0].about == "noise"
    assert found.comparison.baseline is not None and found.comparison.baseline.runs == 2
    other = ew.audit(old, np.sin(3 * old), baseline=runs, bridges=[], **quiet)
    assert other.decision == "cannot tell" and "more change than a re-run's" in other.reasons[0].says
