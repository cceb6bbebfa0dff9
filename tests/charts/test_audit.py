"""An audit as a figure: every number it draws is the result's, whatever the texts."""

from dataclasses import replace
from typing import Any

import altair as alt
import numpy as np
import pytest
from shown_chart import shown_svg

import embwidget as ew
from embwidget.charts import OfflinePanels, audit

N, K = 50, 5
quiet: dict[str, Any] = {"progress": False, "bridges": [], "k": K, "max_k": 12}


@pytest.fixture(scope="module")
def judged() -> ew.Audit:
    """The first of five groups is shuffled in the new space."""
    random = np.random.default_rng(0)
    old = random.normal(size=(N, 8)) + 4 * np.eye(8)[np.arange(N) % 5]
    new = old.copy()
    new[::5] = new[random.permutation(np.arange(0, N, 5))]
    items = ew.Items(labels=[f"<b>g{i % 5}</b>" for i in range(N)])
    relevant = {i: [i] for i in range(N)}
    return ew.audit(old, new, queries=(old, old), relevant=relevant, items=items, names=("<i>mine", "yours"), **quiet)


def rows_with(chart: OfflinePanels, *columns: str) -> list[list[dict[str, Any]]]:
    """Data of the chart that have all these columns."""
    return [rows for rows in chart.to_dict()["datasets"].values() if rows and set(columns) <= set(rows[0])]


def test_groups_and_curves_are_those_of_the_result(judged: ew.Audit) -> None:
    chart = audit(judged)
    (groups,) = rows_with(chart, "group", "change")
    assert [(row["group"], row["change"], row["word"]) for row in groups] == [
        (one.name, one.change, one.word) for one in judged.groups
    ]
    assert [(row["low"], row["high"]) for row in groups] == [one.interval for one in judged.groups]
    assert groups[0]["word"] == "loses"
    lines: dict[str, list[float]] = {}
    for rows in rows_with(chart, "line", "value"):
        for row in rows:
            lines.setdefault(row["line"], []).append(row["value"])
    assert judged.retrieval is not None
    curves = judged.retrieval.curves
    np.testing.assert_allclose(lines["kept"], curves["shared"]["both"].values)
    np.testing.assert_allclose(lines["chance"], judged.retrieval.chance)
    np.testing.assert_allclose(lines["<i>mine"], curves["ndcg"]["x"].values)
    np.testing.assert_allclose(lines["yours"], curves["ndcg"]["y"].values)


def test_it_shows_itself_with_texts_as_texts(judged: ew.Audit) -> None:
    drawn = shown_svg(audit(judged)._repr_mimebundle_())
    assert "&lt;b&gt;g0&lt;/b&gt;" in drawn and "<b>" not in drawn
    assert f"decision: {judged.decision}" in drawn


def test_groups_of_one_name_have_lines_of_their_own(judged: ew.Audit) -> None:
    twice = replace(judged, groups=(judged.groups[0], judged.groups[0], *judged.groups[1:]))
    (groups,) = rows_with(audit(twice), "group", "change")
    assert len({row["group"] for row in groups}) == len(twice.groups)


def test_of_many_groups_those_that_change_most_are_drawn(judged: ew.Audit) -> None:
    many = tuple(replace(judged.groups[0], name=f"g{i}", change=i / 100) for i in range(60))
    (groups,) = rows_with(audit(replace(judged, groups=many)), "group", "change")
    assert [row["group"] for row in groups] == [f"g{i}" for i in [*range(12), *range(48, 60)]]


def test_without_judgements_and_groups_what_is_kept_stands_alone() -> None:
    X = np.random.default_rng(0).normal(size=(N, 8))
    chart = audit(ew.audit(X, X[:, :5], **quiet))
    assert isinstance(chart, OfflinePanels) and len(chart.hconcat) == 1
    assert not rows_with(chart, "group", "change")
    assert len(rows_with(chart, "line", "value")) == 1
    assert isinstance(chart.hconcat[0], alt.VConcatChart)


def test_what_is_no_audit_is_refused() -> None:
    with pytest.raises(TypeError, match=r"expected the result of embwidget\.audit but got dict"):
        audit({})
