"""The plain words of an alignment: its finding, its provenance, its table."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from embwidget.alignment import verdict
from embwidget.alignment.exchange import Exchange, exchange
from embwidget.results.card import Column
from embwidget.results.words import dropped_rows, finite, short_number, shown
from embwidget.spectral.likeness import NOTHING_SHARED, shares_nothing
from embwidget.texts.letters import shorten

_WHY = {
    "closed form": "",
    "finished": "",
    "early stop": "",
    "stopped": "The fit was stopped; its best map so far is kept.",
    "not finite": "The loss was no longer finite; the best map before that is kept.",
    "nothing to align": "Both kernels are the same on the rows of the fit: the map is the identity.",
}
_WHOLE = 0.995
"""Likeness to X before that is shown as 1."""
_WORDS = {"yes": "Yes", "partly": "Partly", "no": "No"}
_LEAST_NEIGHBOURS = 0.05
"""Fewer than this, of an item's k, are none where numbers have one decimal."""


def answer(a: Any) -> dict[str, str]:
    """Yes, partly or no (``lead``) by which ``numbers``, what was gained and given up, and what else is to be known."""
    found = exchange(a)
    return {
        "before": NOTHING_SHARED if shares_nothing(a.before.spectral.params) else "",
        "lead": f"{_WORDS[verdict.of_alignment(a)]}: {_lead(a, found)}.",
        "numbers": f"On {len(a.rows):,} items that it was not fitted on: {_hoods(a, found)}; {_groups(a)}.",
        "gained": f"Gained: {_gained(a, found)}.",
        "given_up": f"Given up: {_given_up(a, found)}.",
        "more": _why(a),
    }


def _lead(a: Any, found: Exchange) -> str:
    """Whether it is nearer by neighbourhoods and by groups."""
    x, y = a.names
    if found.k - found.shared[0] < _LEAST_NEIGHBOURS:
        return f"there was nothing to gain, as {x} and {y} had the same neighbours before"
    words = {"better": "nearer", "worse": "further away", "": "much as before"}
    how = {"neighbourhoods": words[verdict.of_score(a, "nngs")], "groups": words[verdict.of_spectrum(a)]}
    if not np.isfinite(found.shared).all():
        how["neighbourhoods"] = "it cannot be told"
    if verdict.at_chance(a):
        how["groups"] = f"as far from {y} as unrelated spaces are"
    better = [by for by, one in how.items() if one == "nearer"]
    if len(better) == 2:
        return f"{x} comes nearer to {y} by neighbourhoods and by groups"
    if not better:
        return f"{x} comes no nearer to {y}: by neighbourhoods {how['neighbourhoods']}, by groups {how['groups']}"
    rest = next(by for by in how if by != better[0])
    return f"{x} comes nearer to {y} by {better[0]}, but not by {rest}: {how[rest]}"


def _hoods(a: Any, found: Exchange) -> str:
    old, new = found.shared
    whose = f"of its {found.k} neighbours in {a.names[1]} an item has"
    if not np.isfinite(found.shared).all():
        return f"how many {whose} cannot be told (ties alone decide them)"
    sure = "" if found.interval is None else "95 % interval {:.1f} to {:.1f}, ".format(*found.interval)
    return f"{whose} {new:.1f} ({sure}before {old:.1f}, chance {found.chance:.2g})"


def _groups(a: Any) -> str:
    """SPEC-diff beside what unrelated spaces have, before and after: a flatter spectrum lowers both."""
    values = [short_number(one.spec_diff) for one in (a.before, a.after)]
    chance = [one for one in map(verdict.unrelated, (a.before, a.after)) if one is not None]
    beside = f" (unrelated spaces {' → '.join(dict.fromkeys(map(short_number, chance)))})" if len(chance) == 2 else ""
    return f"SPEC-diff {' → '.join(values)}{beside}"


def _gained(a: Any, found: Exchange) -> str:
    y = a.names[1]
    said = _nearer(found, 0, f"that only {y} held together", "nearer", verdict.at_chance(a))
    more = found.shared[1] - found.shared[0]
    if verdict.of_score(a, "nngs") == "better":
        said.append(f"{more:.1f} more of an item's {found.k} neighbours in {y}")
    return "; ".join(said) or f"none of {y}'s groups or neighbours for sure"


def _given_up(a: Any, found: Exchange) -> str:
    x = a.names[0]
    said = _nearer(found, 1, f"that only {x} held together", "weaker", verdict.at_chance(a))
    lost = found.k - found.own
    if lost >= _LEAST_NEIGHBOURS:
        said.append(f"{lost:.1f} of an item's own {found.k} neighbours in {x}")
    if np.isfinite(a.kept) and a.kept < _WHOLE:
        said.append(f"the likeness to {x} before is {a.kept:.2f} (CKA)")
    return "; ".join(said) or f"nothing of {x}"


def _nearer(found: Exchange, side: int, what: str, how: str, at_chance: bool) -> list[str]:
    """How many of a side's groups changed, and the one that did most; nothing where they are those of chance."""
    some = found.nearer[side]
    if at_chance or not some:
        return []
    title = shorten(" ".join(some[0].title.split()), 40)
    most = (
        f"'{title}', {len(some[0].indices):,} items, λ {short_number(some[0].before)} → {short_number(some[0].after)}"
    )
    held = found.held[side]
    many = f"the one group {what} is {how}" if held == 1 else f"{len(some)} of {held} groups {what} {_are(some)} {how}"
    return [f"{many} ({'' if len(some) == 1 else 'most '}{most})"]


def _are(some: Sequence[Any]) -> str:
    return "is" if len(some) == 1 else "are"


def _why(a: Any) -> str:
    if len(a.history.step) and a.history.best_step == 0:
        return f"{_WHY[a.stopped]} No step made it better: the map is the identity.".strip()
    if a.stopped == "stopped" and not len(a.history.step):
        return "The fit was stopped before its first step: the map is the identity."
    return _WHY[a.stopped]


def table_rows(a: Any) -> list[dict[str, Any]]:
    """Before and after on the held-out rows, as plain rows; None where a number is not defined."""
    sides = (a.before, a.after)
    spectra = (*(one.spec_diff for one in sides), *map(verdict.unrelated, sides))
    old, new = (_root(one.residuals) for one in sides)
    rows = [
        ("spec_diff", "SPEC-diff", *spectra, "smaller", verdict.of_spectrum(a)),
        *_scored(a),
        ("residual", "residual of an item", old, new, None, None, "smaller", verdict.of_number(old, new, "smaller")),
    ]
    if a.after.r_squared is not None:
        old, new = a.before.r_squared, a.after.r_squared
        told = verdict.of_number(old, new, "larger")
        rows.append(("r_squared", f"variance of {a.names[1]} explained", old, new, 0.0, 0.0, "larger", told))
    # It begins at 1 and can only fall: what was paid, which is neither better nor worse.
    rows.append(("kept", f"likeness to {a.names[0]} before (CKA)", 1.0, a.kept, 0.0, 0.0, "larger", ""))
    names = ("measure", "title", "before", "after", "chance", "chance_after", "better", "verdict")
    return [dict(zip(names, [*row[:2], *map(finite, row[2:6]), *row[6:]], strict=True)) for row in rows]


def provenance(p: dict[str, Any]) -> str:
    """One line: everything the numbers depend on."""
    parts = [
        f"method {p['method']}",
        f"fitted on {p['n_fit']:,} of {p['n']:,} rows, scored on {p['n_held_out']:,} others",
        f"widths {p['widths'][0]} and {p['widths'][1]}",
        *([] if p["method"] != "spec" else _of_fit(p)),
        *([] if p.get("ridge") is None else [f"ridge {p['ridge']:.3g}"]),
        *([] if p.get("n_components") is None else [f"{p['n_components']} directions"]),
        f"{p['kernel']} kernel, centring {p['center'] or 'none'}, η = {p['eta']:g}",
        f"device {p['device']}",
        f"seed {p['random_state']}",
    ]
    return "; ".join([*parts[:1], *dropped_rows(p), *parts[1:]]) + "."


def columns(rows: list[dict[str, Any]]) -> tuple[Column, ...]:
    """The table of before and after as it is shown."""
    return (
        Column(title="measure", cells=[row["title"] for row in rows], kind="text"),
        *(Column(title=name, cells=[shown(row[name]) for row in rows]) for name in ("before", "after")),
        Column(title="chance", cells=map(_chance, rows)),
        Column(title="better when", cells=[row["better"] for row in rows]),
        Column(title="", cells=[row["verdict"] for row in rows]),
    )


def _of_fit(p: dict[str, Any]) -> list[str]:
    how = f"batches of {p['batch_rows']:,}" if p["batch_rows"] < p["n_train"] else "all of them each step"
    return [
        f"{p['map']} map, objective {p['objective']}, keep {p['keep']:g}"
        + (" (contrastive loss of pairs)" if p["pairs"] else ""),
        f"{p['steps']:,} steps at most, {how}; {p['n_validation']:,} of the fitted rows set aside for the early stop",
    ]


def _scored(a: Any) -> list[tuple[Any, ...]]:
    found = []
    for name, title in (("nngs", f"NNGS (Jaccard), k = {a.before.comparison.k}"), ("cka", "CKA (debiased)")):
        scores = [one.comparison.scores[name] for one in (a.before, a.after)]
        numbers = (*(one.value for one in scores), *(one.null_mean for one in scores))
        found.append((name, title, *numbers, "larger", verdict.of_score(a, name)))
    return found


def _root(residuals: np.ndarray) -> float:
    return float(np.sqrt(np.square(residuals).mean()))


def _chance(row: dict[str, Any]) -> str:
    both = [shown(row[name]) for name in ("chance", "chance_after")]
    return both[0] if both[0] == both[1] else " → ".join(both)
