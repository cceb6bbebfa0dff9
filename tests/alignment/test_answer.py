"""What an alignment answers: yes, partly or no by its rule, what it gained and what it gave up."""

from dataclasses import replace

import numpy as np
import pytest

import embwidget as ew
from embwidget.alignment.exchange import exchange

RNG = np.random.default_rng(0)
Y = RNG.normal(size=(400, 8))
Y[:80, 7] += 6
X = Y * [1, 1, 1, 1, 1, 1, 1, 0.2]  # X hardly sees the group


@pytest.fixture(scope="module")
def planted() -> ew.Alignment:
    return ew.align(X, Y, names=("old", "new"), progress=False)


def neighbours(rows: np.ndarray, k: int) -> list[set[int]]:
    """By cosines about the mean, one row at a time."""
    centred = rows - rows.mean(0)
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    near = unit @ unit.T
    np.fill_diagonal(near, -np.inf)
    return [set(np.argsort(-one)[:k].tolist()) for one in near]


def mean_shared(one: list[set[int]], other: list[set[int]]) -> float:
    return float(np.mean([len(a & b) for a, b in zip(one, other, strict=True)]))


def test_yes_is_nearer_by_both_and_says_what_was_gained_and_given_up(planted: ew.Alignment) -> None:
    a = planted
    assert a.verdict == "yes" and a.sentence.startswith(
        "Yes: old comes nearer to new by neighbourhoods and by groups. "
    )
    old, new, goal = (neighbours(rows[a.rows], 10) for rows in (X, a.transform(X), Y))
    found = exchange(a)
    assert found.shared == pytest.approx((mean_shared(old, goal), mean_shared(new, goal)))
    assert found.own == pytest.approx(mean_shared(old, new))
    assert found.chance == pytest.approx(10 * 10 / 199)
    assert found.interval is not None and found.interval[0] < found.shared[1] < found.interval[1]
    sure = "95 % interval {:.1f} to {:.1f}".format(*found.interval)
    known = f"{sure}, before {found.shared[0]:.1f}, chance 0.5"
    numbers = f"of its 10 neighbours in new an item has {found.shared[1]:.1f} ({known})"
    assert a.answer["numbers"].startswith(f"On 200 items that it was not fitted on: {numbers}; SPEC-diff ")
    assert f"{10 - found.own:.1f} of an item's own 10 neighbours in old" in a.answer["given_up"]
    assert f"{found.shared[1] - found.shared[0]:.1f} more of an item's 10 neighbours in new" in a.answer["gained"]
    holding = [one for one in a.clusters if one.side == "Y" and one.survives and not one.appeared]
    assert found.held[0] == len(holding) and found.nearer[0][0] in holding
    assert all(abs(one.after) <= 0.9 * abs(one.before) for side in found.nearer for one in side)
    assert f"the likeness to old before is {a.kept:.2f} (CKA)" in a.answer["given_up"]


def test_partly_is_nearer_by_one_of_them(planted: ew.Alignment) -> None:
    before, after = planted.before, planted.after
    groups = replace(planted, after=replace(after, comparison=before.comparison))
    assert groups.verdict == "partly"
    lead = "Partly: old comes nearer to new by groups, but not by neighbourhoods: much as before."
    assert groups.answer["lead"] == lead
    hoods = replace(planted, after=replace(after, spectral=before.spectral))
    assert hoods.verdict == "partly"
    lead = "Partly: old comes nearer to new by neighbourhoods, but not by groups: much as before."
    assert hoods.answer["lead"] == lead


def test_no_is_nearer_by_neither(planted: ew.Alignment) -> None:
    same = replace(planted, after=planted.before, clusters=(), kept=1.0)
    lead = "No: old comes no nearer to new: by neighbourhoods much as before, by groups much as before."
    assert same.verdict == "no" and same.answer["lead"] == lead
    assert same.answer["gained"] == "Gained: none of new's groups or neighbours for sure."
    assert same.answer["given_up"] == "Given up: nothing of old."
    back = replace(planted, before=planted.after, after=planted.before)
    lead = "No: old comes no nearer to new: by neighbourhoods further away, by groups further away."
    assert back.verdict == "no" and back.answer["lead"] == lead


def test_where_nothing_was_to_be_gained_it_says_so() -> None:
    rotation = np.linalg.qr(RNG.normal(size=(8, 8)))[0]
    found = ew.align(Y, Y @ rotation, method="procrustes", progress=False)
    assert found.verdict == "no"
    lead = "No: there was nothing to gain, as X and Y had the same neighbours before."
    assert found.answer["lead"] == lead
