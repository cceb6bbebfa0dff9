"""The decision follows from intervals and the tolerance alone."""

from dataclasses import replace
from typing import Any

import pytest

from embwidget.upgrade.bridges import Bridge
from embwidget.upgrade.decide import Evidence, decide

FOUND = Evidence(
    tolerance=0.02,
    measure="ndcg",
    k=10,
    queries=100,
    quality=(0.0, -0.01, 0.01),
    kept=(0.4, 0.38, 0.42),
    chance=0.01,
    noise=None,
    apart=None,
    seen=0.01,
    bridge=None,
    same=False,
)
BRIDGE = Bridge(method="ridge", fitted=50, asked=100, kept=(0.9, 0.88, 0.92))


def decided(**change: Any) -> tuple[str, str]:
    decision, reasons = decide(replace(FOUND, **change))
    return decision, " ".join(one.says for one in reasons)


@pytest.mark.parametrize(
    ("quality", "decision", "said"),
    [
        ((0.05, 0.01, 0.09), "switch", "New answers better: nDCG@10 +0.050"),
        ((0.0, -0.019, 0.019), "switch", "no worse than tolerated"),
        ((-0.01, -0.015, -0.005), "switch", "no worse than tolerated"),
        ((-0.05, -0.08, -0.021), "keep", "New answers worse: nDCG@10 −0.050"),
        ((-0.05, -0.08, -0.019), "cannot tell", "cannot be told whether new answers worse"),
        ((0.0, -0.03, 0.03), "cannot tell", "some 225 such queries would tell a tolerance of 0.02"),
        ((0.5, float("nan"), float("nan")), "cannot tell", "One query says nothing of how others differ"),
        ((0.05, -0.03, 0.13), "cannot tell", "With 100 queries a change below 0.114 is likely to go unseen"),
    ],
)
def test_of_judged_queries(quality: tuple[float, float, float], decision: str, said: str) -> None:
    found, words = decided(quality=quality)
    assert found == decision
    assert said in words
    assert "the tolerance is 0.02" in words or "One query" in words


def test_the_same_interval_decides_otherwise_at_another_tolerance() -> None:
    quality = (-0.05, -0.06, -0.04)
    assert [decided(quality=quality, tolerance=t)[0] for t in (0.01, 0.05, 0.07)] == ["keep", "cannot tell", "switch"]


def test_a_bridge_is_recommended_where_it_does_as_well() -> None:
    good = replace(BRIDGE, against_old=(0.0, -0.01, 0.01), against_new=(-0.005, -0.015, 0.005))
    assert decided(bridge=good)[0] == "bridge"
    assert "no re-embedding" in decided(bridge=good)[1]
    short = replace(good, against_new=(-0.01, -0.03, 0.01))
    assert decided(bridge=short)[0] == "switch"
    assert "(ridge) falls short" in decided(bridge=short)[1]
    # Nobody wants a bridge to a model that answers worse.
    assert decided(bridge=good, quality=(-0.1, -0.12, -0.08))[0] == "keep"


def test_without_judgements_only_what_changes_nothing_is_safe() -> None:
    unjudged: dict[str, Any] = {"quality": None}
    assert decided(**unjudged)[0] == "cannot tell"
    assert "may be better or worse" in decided(**unjudged)[1]
    assert decided(**unjudged, kept=(0.99, 0.985, 0.995))[0] == "switch"
    assert decided(**unjudged, kept=(0.9, 0.88, 0.92), noise=(0.89, 0.88, 0.9), apart=(0.0, -0.01, 0.01)) == (
        "switch",
        "Of the 10 results of a query new keeps 9.0 (88% to 92%; chance 1.00%); re-runs of old keep 8.9: no more "
        "change than a re-run's.",
    )
    # Nothing seen where nothing could have been seen is no answer.
    assert decided(**unjudged, noise=(0.89, 0.88, 0.9), apart=(0.0, -0.1, 0.1), seen=0.14)[0] == "cannot tell"
    more, words = decided(**unjudged, kept=(0.8, 0.78, 0.82), noise=(0.89, 0.88, 0.9), apart=(-0.1, -0.12, -0.08))
    assert more == "cannot tell" and "more change than a re-run's" in words
    assert "share no more than chance" in decided(**unjudged, kept=(0.01, 0.008, 0.012))[1]


def test_the_same_coordinates_need_nothing() -> None:
    assert decided(same=True, quality=None) == (
        "switch",
        "Old and new vectors are the same, up to rounding: nothing has to be done.",
    )
