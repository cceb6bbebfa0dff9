"""The plain words of a carried threshold: its finding, its notes, its table."""

from collections.abc import Iterable
from typing import Any

from embwidget.results.card import Column
from embwidget.results.words import shown

_KEPT = {
    "rate": "lets as many pairs pass",
    "precision": "keeps the precision",
    "false_alarms": "keeps the share of false alarms",
}
_MISSED = 0.02
"""Share of the pairs that pass by which their number may differ before it is worth a word."""
COLUMNS = ("space", "threshold", "low", "high", "passing", "rate", "precision", "false_alarms")


def finding(found: Any) -> str:
    """What to set the threshold to, what it keeps, who changes sides, and what would happen if nothing was done."""
    old, new = found.names
    sign = f"{'cosine' if found.params['metric'] == 'cosine' else 'inner product'} ≥"
    low, high = (number(one) for one in found.interval)
    first = (
        f"{sign} {number(found.at)} in {old} is {sign} {number(found.value)} in {new} (95 %: {low} to {high}), which "
        f"{_KEPT[found.keep]}{_how_much(found)}"
    )
    if not found.reached:
        was, best = (f"{one:.1%}" for one in found.precision)
        first = (
            f"No threshold of {new} keeps the precision that {sign} {number(found.at)} has in {old}, {was}: the best, "
            f"{number(found.value)}, has {best}"
        )
    lost, gained = found.switched["old_only"], found.switched["new_only"]
    return f"{first}; {lost:,} pairs no longer pass and {gained:,} others do. {_unchanged(found)}"


def _how_much(found: Any) -> str:
    before, after = found.passing
    shares = ""
    if found.keep == "precision":
        shares = f" ({found.precision[0]:.1%} and {found.precision[1]:.1%} of the pairs that pass belong together)"
    elif found.keep == "false_alarms":
        shares = f" ({found.false_alarms[0]:.2%} and {found.false_alarms[1]:.2%} of those that do not belong together)"
    return f"{shares}: {before:,} and {after:,} of {found.n_pairs:,}"


def _unchanged(found: Any) -> str:
    """What the old threshold would do in the new space."""
    there, before = found.unchanged, found.passing[0]
    times = f", {there / before:.2g} times as many" if before and not 0.8 <= there / before <= 1.25 else ""
    return f"Left at {number(found.at)}, {there:,} pairs would pass in {found.names[1]}{times}."


def number(value: float) -> str:
    """A threshold, with a minus sign that is one."""
    return f"{value:.6g}".replace("-", "−")


def rows(found: Any) -> list[dict[str, Any]]:
    """One row a space."""
    table = []
    for i, name in enumerate(found.names):
        precision, alarms = (None if one is None else one[i] for one in (found.precision, found.false_alarms))
        low, high = (None, None) if i == 0 else found.interval
        told = (found.value if i else found.at, low, high, found.passing[i], found.passing[i] / found.n_pairs)
        table.append(dict(zip(COLUMNS, (name, *told, precision, alarms), strict=True)))
    return table


def columns(found: Any) -> Iterable[Column]:
    """The table as it is shown."""
    listed = rows(found)
    yield Column(title="space", cells=[row["space"] for row in listed], kind="name")
    for name, form in (("threshold", ".6g"), ("low", ".6g"), ("high", ".6g"), ("passing", ",")):
        hint = "95 % interval of the threshold" if name in ("low", "high") else ""
        yield Column(title=name, cells=[shown(row[name], form) for row in listed], hint=hint)
    yield Column(title="rate", cells=[shown(row["rate"], ".3%") for row in listed], hint="share of all pairs")
    if found.precision is not None:
        hint = "share of the judged pairs that pass which belong together"
        yield Column(title="precision", cells=[shown(row["precision"], ".1%") for row in listed], hint=hint)
        hint = "share of the pairs that do not belong together which pass"
        yield Column(title="false alarms", cells=[shown(row["false_alarms"], ".3%") for row in listed], hint=hint)


def warnings_of(
    notes: list[str], keep: str, reached: bool, passing: tuple[int, int], names: tuple[str, str]
) -> tuple[str, ...]:
    """What to know before using it."""
    said, (old, new) = [*notes], passing
    if not reached:
        said.append(f"No threshold of {names[1]} reaches the precision of {names[0]}: that of the best one is told.")
    if keep == "rate" and abs(new - old) > _MISSED * max(old, 1):
        said.append(
            f"No threshold of {names[1]} lets {old:,} pairs pass: many are equally similar there (equal rows?), and "
            f"the nearest lets {new:,} pass."
        )
    if not old:
        said.append(f"No pair passes in {names[0]}: the threshold is above every similarity there is.")
    return tuple(said)
