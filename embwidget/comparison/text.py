"""The plain words of a comparison beside its finding: what measures disagree on, its provenance, its table."""

from typing import Any

import numpy as np

from embwidget.measures.table import MEASURES, known_measures
from embwidget.results.card import Column
from embwidget.results.terms import TERMS
from embwidget.results.words import dropped_rows, finite, shown
from embwidget.scores.score import Score

COLUMNS = ("measure", "title", "k", "value", "chance", "calibrated", "z", "p", "low", "high")
_MEASURES = "three of them; all, with z and p, by .to_frame(); what each sees: embwidget.measures.MEASURES[name].sees"
_FAMILIES = ("mutual_knn", "cka", "rsa")
_SURE = 3.0
APART = 0.25
"""Difference in calibrated value from which two families of measures are said to disagree."""


def disagreement(scores: dict[str, Score]) -> str:
    """A second sentence where the families of measures tell different stories; else nothing."""
    all_of_them = {
        name: float(np.mean(scores[name].calibrated))
        for name in _FAMILIES
        # What a few rows decide says nothing of the others.
        if name in scores and "heavy" not in scores[name].params
    }
    near = {name: value for name, value in all_of_them.items() if np.isfinite(value)}
    if len(near) < 2:
        return ""
    most, least = max(near, key=lambda name: near[name]), min(near, key=lambda name: near[name])
    spread = {
        name: float(np.mean(scores[name].null_sd)) / (1 - float(np.mean(scores[name].null_mean))) for name in near
    }
    noise = float(np.hypot(spread[most], spread[least]))
    if near[most] - near[least] < APART + _SURE * noise or near[most] < _SURE * spread[most]:
        return ""
    local = [name for name in (most, least) if name in MEASURES and MEASURES[name].needs == "neighbors"]
    told = "they look at different things"
    if local == [least]:
        told = "the broad shape is kept, near neighbours less so"
    elif local == [most]:
        told = "near neighbours are kept, the broad shape less so"
    return (
        f"Measures disagree (from 0, chance, to 1, the same): {MEASURES[most].title} {_short(near[most])}, "
        f"{MEASURES[least].title} {_short(near[least]) if near[least] >= 0.005 else 'about 0'}: {told}."
    )


def without_few(scores: dict[str, Score]) -> str:
    """A sentence where a few rows carry a space: which, how much, and the scores of the whole shape without them."""
    resting = {name: score.params for name, score in scores.items() if "heavy" in score.params}
    if not resting:
        return ""
    known = known_measures()
    values = ", ".join(
        f"{known[name].title if name in known else name} {'is ' if i == 0 else ''}{params['without_heavy']:.2f}"
        for i, (name, params) in enumerate(resting.items())
    )
    return f"{next(iter(resting.values()))['heavy']} {values}."


def provenance(comparison_params: dict[str, Any]) -> str:
    """One line: everything the numbers depend on."""
    p = comparison_params
    recall = (
        ""
        if not p.get("recall")
        else ("; recall " + ", ".join(f"{name} {r[0]:.3f} ({r[1]:.3f}–{r[2]:.3f})" for name, r in p["recall"].items()))
    )
    parts = [
        f"n = {p['n']:,}" + (f", of which {p['sample']:,} sampled" if "sample" in p else ""),
        f"widths {p['widths'][0]} and {p['widths'][1]}",
        f"metric {p['metric']}, centring {p['center']}",
        f"k = 1 … {p['max_k']}",
        f"{'exact' if 'sample' in p else p['method']} neighbours ({p['method_reason']}){recall}",
        f"up to {p['ties']:.1%} of items tied ({p['tie_rule']})" if p["ties"] else "no ties",
        f"chance of NNGS: {p['null']}",
        f"its interval: {p['interval']}",
        *([f"re-runs: {p['runs']}"] if "runs" in p else []),
        f"seed {p['random_state']}",
    ]
    return "; ".join([*parts[:1], *dropped_rows(p), *parts[1:]]) + "."


def table_rows(scores: dict[str, Score]) -> list[dict[str, Any]]:
    """The score table as plain rows; None where a statistic is not defined."""
    known = known_measures()
    return [
        {
            "measure": name,
            "title": known[name].title if name in known else name,
            "k": int(score.ks[-1]) if len(score.ks) else None,
            "value": finite(score.value),
            "chance": finite(score.null_mean),
            "calibrated": finite(score.calibrated),
            "z": finite(score.z),
            "p": finite(score.p),
            "low": finite(score.interval[0]) if score.interval is not None else None,
            "high": finite(score.interval[1]) if score.interval is not None else None,
        }
        for name, score in scores.items()
    ]


def columns(rows: list[dict[str, Any]]) -> tuple[Column, ...]:
    """The score table as it is shown."""
    return (
        Column(title="measure", cells=[row["title"] for row in rows], kind="text", hint=_MEASURES),
        Column(title="k", cells=[shown(row["k"], "d") for row in rows], hint=TERMS["k"]),
        *(
            Column(title=name, cells=[shown(row[name]) for row in rows], hint=TERMS[name])
            for name in ("value", "chance", "calibrated")
        ),
        Column(
            title="95 % interval",
            cells=[f"{shown(row['low'])} – {shown(row['high'])}" for row in rows],
            hint=TERMS["interval"],
        ),
    )


def _short(value: float) -> str:
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"
