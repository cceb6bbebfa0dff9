"""The decision, from intervals against a tolerance that is said: never from fixed bands."""

import math
from dataclasses import dataclass
from typing import Literal

from embwidget.retrieval.means import Ends
from embwidget.retrieval.scores import MEASURES
from embwidget.upgrade.bridges import Bridge

Decision = Literal["switch", "bridge", "keep", "cannot tell"]
_Z = 1.959964


def measure_at(name: str, k: int) -> str:
    """A measure's title and its k."""
    return f"{MEASURES[name]}@{k}"


def signed(value: float) -> str:
    """Three decimals and a sign."""
    return f"{value:+.3f}".replace("-", "−")


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One sentence for the decision: what it is ``about``, what it ``says``, and whether that speaks for new."""

    about: str
    says: str
    favourable: bool | None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What the decision rests on.

    ``quality`` is what new has more than old, a mean over ``queries``; None where nobody judged. ``kept`` is the share
    of old's results that new gives too, ``chance`` that of random lists, ``noise`` the share that re-runs of the old
    model give, if there are any, and ``apart`` how much more new agrees with old than they do (NNGS,
    paired); a difference of ``seen`` would have been seen.
    """

    tolerance: float
    measure: str
    k: int
    queries: int
    quality: Ends | None
    kept: Ends
    chance: float
    noise: Ends | None
    apart: Ends | None
    seen: float
    bridge: Bridge | None
    same: bool


def decide(found: Evidence) -> tuple[Decision, tuple[Reason, ...]]:
    """Old or new, and why.

    With judgements: ``"keep"`` where the whole interval of the change is below -tolerance; where it is all above,
    ``"bridge"`` if the bridge's interval against new is too, and ``"switch"`` else. Without: ``"switch"`` where the
    coordinates are the same, where no difference from re-runs of the old model is seen (and twice the tolerance would
    have been), or where all results but the tolerance are kept. All else cannot be told.
    """
    if found.same:
        return "switch", (_same(found),)
    if found.quality is None:
        return _without_judgements(found)
    _, low, high = found.quality
    told = [_quality(found), _kept(found)]
    if high < -found.tolerance:
        return "keep", tuple(told)
    if not low > -found.tolerance:
        return "cannot tell", (*told, _needed(found))
    bridge = found.bridge
    if bridge is None or bridge.against_new is None or bridge.against_old is None:
        return "switch", tuple(told)
    told.append(_bridge(found, bridge))
    return ("bridge" if _holds(found, bridge) else "switch"), tuple(told)


def _without_judgements(found: Evidence) -> tuple[Decision, tuple[Reason, ...]]:
    told = [_kept(found)]
    if _as_noise(found):
        return "switch", tuple(told)
    if found.kept[1] >= 1 - found.tolerance:
        return "switch", tuple(told)
    unknown = (
        "Nobody has said which documents are relevant, so that what new finds instead may be better or worse; "
        "relevant={query: [documents]} for some dozen queries would tell."
    )
    if found.kept[1] <= found.chance:
        unknown = "They share no more than chance: are the rows of both in the same order? Give ids=, if not."
    return "cannot tell", (*told, Reason(about="judgements", says=unknown, favourable=None))


def _holds(found: Evidence, bridge: Bridge) -> bool:
    ends = bridge.against_old, bridge.against_new
    return all(one is not None and one[1] > -found.tolerance for one in ends)


def _as_noise(found: Evidence) -> bool:
    """Whether new is not seen to agree less than re-runs do, where twice the tolerance less would have been seen."""
    return found.apart is not None and found.apart[2] >= 0 and found.seen <= 2 * found.tolerance


def _same(found: Evidence) -> Reason:
    return Reason(
        about="coordinates",
        says="Old and new vectors are the same, up to rounding: nothing has to be done.",
        favourable=True,
    )


def _quality(found: Evidence) -> Reason:
    assert found.quality is not None
    value, low, high = found.quality
    name = measure_at(found.measure, found.k)
    tolerated = f"the tolerance is {found.tolerance:g}"
    ends = f"95 % interval {signed(low)} to {signed(high)} over {found.queries:,} queries; {tolerated}"
    if low > 0:
        said, good = f"New answers better: {name} {signed(value)} ({ends}).", True
    elif low > -found.tolerance:
        said, good = f"New answers no worse than tolerated: {name} {signed(value)} ({ends}).", True
    elif math.isnan(low):
        said, good = f"It cannot be told from one query whether new answers worse: {name} {signed(value)}.", None
    elif high < -found.tolerance:
        said, good = f"New answers worse: {name} {signed(value)} ({ends}).", False
    else:
        said, good = f"It cannot be told whether new answers worse: {name} {signed(value)} ({ends}).", None
    return Reason(about="quality", says=said, favourable=good)


def _kept(found: Evidence) -> Reason:
    value, low, high = found.kept
    of_ten = f"Of the {found.k} results of a query new keeps {found.k * value:.1f}"
    bounds = f"{low:.0%} to {high:.0%}; " if math.isfinite(low) else ""
    ends = f"{bounds}chance {found.chance:.2%}"
    if found.noise is None:
        return Reason(about="results", says=f"{of_ten} ({ends}).", favourable=None)
    noise = found.noise
    beside = f"re-runs of old keep {found.k * noise[0]:.1f}"
    as_noise = _as_noise(found)
    more = "no more change than a re-run's" if as_noise else "more change than a re-run's"
    return Reason(about="noise", says=f"{of_ten} ({ends}); {beside}: {more}.", favourable=as_noise)


def _needed(found: Evidence) -> Reason:
    """How many queries would tell, if these are like the others."""
    assert found.quality is not None
    value, low, high = found.quality
    half = (high - low) / 2
    if not math.isfinite(half):
        said = "One query says nothing of how others differ: judge some dozen."
        return Reason(about="sample", says=said, favourable=None)
    # The interval must fit beside the tolerance: half of it shrinks with the root of the number of queries.
    room = max(abs(value + found.tolerance), found.tolerance / 4)
    needed = math.ceil(found.queries * (half / room) ** 2) if half > 0 else found.queries + 1
    smallest = half / _Z * (_Z + 0.841621)
    return Reason(
        about="sample",
        says=f"With {found.queries:,} queries a change below {smallest:.3f} is likely to go unseen; some {needed:,} "
        f"such queries would tell a tolerance of {found.tolerance:g}.",
        favourable=None,
    )


def _bridge(found: Evidence, bridge: Bridge) -> Reason:
    assert bridge.against_old is not None and bridge.against_new is not None
    value, low, high = bridge.against_new
    numbers = (
        f"{measure_at(found.measure, found.k)} {signed(value)} against new, {signed(bridge.against_old[0])} against old"
    )
    ends = f"95 % interval against new {signed(low)} to {signed(high)}"
    if _holds(found, bridge):
        said = f"Old vectors carried over by {bridge.method} answer as well: {numbers} ({ends}); no re-embedding."
    else:
        said = f"The best bridge for old vectors ({bridge.method}) falls short: {numbers} ({ends})."
    return Reason(about="bridge", says=said, favourable=_holds(found, bridge))
