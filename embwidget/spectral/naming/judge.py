"""The test that a name has to pass, on members and others that it was not chosen on.

The rule: a name holds where q is at most .05, AUC at least .7, and at least half of the members have it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from embwidget.scores.false_discovery import false_discovery_rates
from embwidget.scores.rank_sums import above
from embwidget.spectral.enrichment import FALSE_DISCOVERY, upper_tail
from embwidget.spectral.name_test import NameTest
from embwidget.spectral.naming.choice import HALF
from embwidget.spectral.naming.group import Halves

LEAST_AUC = 0.7


@dataclass(frozen=True)
class Evidence:
    """What the rows of the other half say of a name.

    Attributes:
        auc: ½ + half the difference of the shares of members and of others that have the name; with a nearness, the
            chance that a member is nearer to it than another, ties half.
        p: of that, one-sided: exact hypergeometric; with a nearness, of the rank sum (Mann and Whitney, 1947).
        share: of the members that have the name; NaN with a nearness.
        members, others: how many of each.

    """

    auc: float
    p: float
    share: float
    members: int
    others: int


def evidence_of_having(has: Bool[np.ndarray, " s"], halves: Halves) -> Evidence | None:
    """What having a name tells on the rows to test on; None where there are no members, or no others, to test on."""
    b, o = len(halves.tested), len(halves.tested_others)
    if not b or not o:
        return None
    inside, outside = int(has[halves.tested].sum()), int(has[halves.tested_others].sum())
    counts = [np.array([count]) for count in (inside, b, inside + outside)]
    # At or below its expectation a count tells nothing, and the sum of pmf terms is made for those above.
    p = float(upper_tail(counts[0], counts[1], counts[2], b + o)[0]) if inside * o > outside * b else 1.0
    share = inside / b
    return Evidence(0.5 + (share - outside / o) / 2, p, share, b, o)


def evidence_of_nearness(nearness: Float[np.ndarray, " s"], halves: Halves) -> Evidence | None:
    """What nearness to a name tells on the rows to test on; None where there is nothing to test on."""
    b, o = len(halves.tested), len(halves.tested_others)
    if not b or not o:
        return None
    pairs, p = above(nearness[halves.tested], nearness[halves.tested_others])
    # Where all are equally near, the rank sum has no spread and its p is not defined.
    return Evidence(pairs / (b * o), p if np.isfinite(p) else 1.0, float("nan"), b, o)


def judge(evidence: Sequence[Evidence | None]) -> list[tuple[NameTest | None, str]]:
    """The test of each name with q over all of them, and why the name does not hold; "" where it does."""
    adjusted = iter(false_discovery_rates(np.array([one.p for one in evidence if one is not None])).tolist())
    judged: list[tuple[NameTest | None, str]] = []
    for one in evidence:
        if one is None:
            judged.append((None, "too few members to test a name on"))
            continue
        test = NameTest(auc=one.auc, p=one.p, q=next(adjusted), members=one.members, others=one.others)
        judged.append((test, _against(test, one.share)))
    return judged


def _against(test: NameTest, share: float) -> str:
    if share < HALF:
        return f"only {share:.0%} of {test.members} members that it was not chosen on have it"
    if test.auc < LEAST_AUC:
        return f"it tells members from others little better than chance (AUC {test.auc:.2f})"
    if test.q > FALSE_DISCOVERY:
        return f"{test.members} members that it was not chosen on are too few to be sure (q = {test.q:.2g})"
    return ""
