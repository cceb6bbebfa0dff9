"""The plain words of an alignment: its finding, its provenance, its table."""

from typing import Any

import numpy as np

from embwidget.alignment import verdict
from embwidget.alignment.cluster_change import ClusterChange
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
_GIVEN_UP = 0.05
"""Share by which a group's eigenvalue must fall to be told of."""


def finding(a: Any) -> str:
    """What changed on held-out rows, by SPEC-diff and by neighbourhoods; the group that changed most; what X kept."""
    x = a.names[0]
    parts = [
        NOTHING_SHARED if shares_nothing(a.before.spectral.params) else "",
        f"On {len(a.rows):,} rows that it was not fitted on: {_by_spectrum(a)}; {_by_neighbourhoods(a)}.",
        _group(a),
        f"The mapped {x}'s likeness to {x} before is {a.kept:.2f} (CKA)." if np.isfinite(a.kept) else "",
        _why(a),
    ]
    return " ".join(part for part in parts if part)


def _by_spectrum(a: Any) -> str:
    """SPEC-diff beside what unrelated spaces have, before and after: a flatter spectrum lowers both."""
    x, y = a.names
    values = [one.spec_diff for one in (a.before, a.after)]
    chance = [one for one in map(verdict.unrelated, (a.before, a.after)) if one is not None]
    beside = f"; unrelated spaces {' → '.join(map(short_number, chance))}" if len(chance) == 2 else ""
    told = f"({short_number(values[0])} → {short_number(values[1])}{beside})"
    if verdict.at_chance(a):
        return f"by SPEC-diff {x} is as far from {y} as unrelated spaces are, before and after {told}"
    how = {"better": f"comes nearer to {y}", "worse": f"moves away from {y}", "": f"stands to {y} much as before"}
    return f"by SPEC-diff {x} {how[verdict.of_spectrum(a)]} {told}"


def _by_neighbourhoods(a: Any) -> str:
    k = a.before.comparison.k
    scores = [one.comparison.scores["nngs"] for one in (a.before, a.after)]
    old, new = (float(one.value) for one in scores)
    if not np.isfinite([old, new]).all():
        return f"by neighbourhoods at k = {k} it cannot be told (ties alone decide them)"
    how = {"better": "nearer", "worse": "further away", "": "much as before"}[verdict.of_score(a, "nngs")]
    chance = short_number(float(scores[0].null_mean))
    return f"by neighbourhoods at k = {k} {how} ({short_number(old)} → {short_number(new)}, chance {chance})"


def _group(a: Any) -> str:
    """The group that moved most towards agreement: one that Y holds together if there is, else one of X's own."""
    if verdict.at_chance(a):
        return ""
    for side, what in (("Y", "gained"), ("X", "given up")):
        holding = [one for one in a.clusters if one.side == side and not one.appeared and one.survives]
        if not holding:
            continue
        one: ClusterChange = max(holding, key=lambda change: abs(change.before) - abs(change.after))
        if abs(one.after) > (1 - _GIVEN_UP) * abs(one.before):
            continue
        title = " ".join(one.title.split())
        title = shorten(title, 40)
        return (
            f"The group {what} most, of {len(one.indices):,} items ('{title}'), goes from "
            f"λ = {short_number(one.before)} to {short_number(one.after)}."
        )
    return "No group that only one of them holds together is brought nearer."


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
    for name, title in (("nngs", f"neighbourhoods, k = {a.before.comparison.k}"), ("cka", "CKA, debiased")):
        scores = [one.comparison.scores[name] for one in (a.before, a.after)]
        numbers = (*(one.value for one in scores), *(one.null_mean for one in scores))
        found.append((name, title, *numbers, "larger", verdict.of_score(a, name)))
    return found


def _root(residuals: np.ndarray) -> float:
    return float(np.sqrt(np.square(residuals).mean()))


def _chance(row: dict[str, Any]) -> str:
    both = [shown(row[name]) for name in ("chance", "chance_after")]
    return both[0] if both[0] == both[1] else " → ".join(both)
