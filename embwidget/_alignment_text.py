"""The plain words of an alignment: its finding, its provenance, its table."""

import html
from typing import Any

import numpy as np

from embwidget._cluster_change import ClusterChange

_WHY = {
    "closed form": "",
    "finished": "",
    "early stop": "",
    "stopped": "The fit was stopped; its best map so far is kept.",
    "not finite": "The loss was no longer finite; the best map before that is kept.",
    "nothing to align": "Both kernels are the same on the rows of the fit: the map is the identity.",
}
_HEADS = ("measure", "before", "after", "chance", "better when")
_LEAST = 0.05
"""Share by which a number must move to be called better or worse."""


def finding(a: Any) -> str:
    """One sentence: what changed on held-out rows, the group that changed most, what X kept; and why a fit ended."""
    x, y = a.names
    old, new = a.before.spec_diff, a.after.spec_diff
    if new < (1 - _LEAST) * old:
        how = f"{x} comes nearer to {y}"
    elif new > (1 + _LEAST) * old:
        how = f"{x} does not come nearer to {y}"
    else:
        how = f"{x} stands to {y} much as before"
    k = a.before.comparison.k
    near = [float(one.comparison.scores["nngs"].value) for one in (a.before, a.after)]
    parts = [
        f"On {len(a.rows):,} rows that it was not fitted on, {how}: SPEC-diff {_number(old)} → {_number(new)}, "
        f"neighbourhoods at k = {k} {_number(near[0])} → {_number(near[1])}.",
        _group(a),
        f"The mapped {x} keeps {a.kept:.0%} of its own similarities (debiased CKA)." if np.isfinite(a.kept) else "",
        _why(a),
    ]
    return " ".join(part for part in parts if part)


def _group(a: Any) -> str:
    missed = [one for one in a.clusters if one.side == "Y" and not one.appeared and one.survives]
    if not missed:
        return ""
    one: ClusterChange = max(missed, key=lambda change: abs(change.before) - abs(change.after))
    if abs(one.after) > (1 - _LEAST) * abs(one.before):
        return f"No group that only {a.names[1]} holds together is gained."
    title = " ".join(one.title.split())
    title = title if len(title) <= 40 else title[:39] + "…"
    return (
        f"The group gained most, of {len(one.indices):,} items ('{title}'), goes from λ = {_number(one.before)} "
        f"to {_number(one.after)}."
    )


def _why(a: Any) -> str:
    if len(a.history.step) and a.history.best_step == 0:
        return f"{_WHY[a.stopped]} No step made it better: the map is the identity.".strip()
    if a.stopped == "stopped" and not len(a.history.step):
        return "The fit was stopped before its first step: the map is the identity."
    return _WHY[a.stopped]


def table_rows(a: Any) -> list[dict[str, Any]]:
    """Before and after on the held-out rows, as plain rows; None where a number is not defined."""
    rows = [
        ("spec_diff", "SPEC-diff", *(one.spec_diff for one in (a.before, a.after)), _unrelated(a), "smaller"),
        *_scored(a),
        ("residual", "residual of an item", *(_root(one.residuals) for one in (a.before, a.after)), None, "smaller"),
    ]
    if a.after.r_squared is not None:
        rows.append(("r_squared", "variance of Y explained", a.before.r_squared, a.after.r_squared, 0.0, "larger"))
    rows.append(("kept", "likeness to X before (CKA)", 1.0, a.kept, 0.0, "larger"))
    names = ("measure", "title", "before", "after", "chance", "better")
    return [dict(zip(names, [*row[:2], *map(_plain, row[2:5]), row[5]], strict=True)) for row in rows]


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
    if any(p["dropped"]):
        parts.insert(1, f"rows without a partner dropped: {p['dropped'][0]} of X, {p['dropped'][1]} of Y")
    return "; ".join(parts) + "."


def as_html(sentence: str, rows: list[dict[str, Any]], line: str, warnings: tuple[str, ...]) -> str:
    """The table under its sentence; every text is escaped."""
    head = "".join(f"<th>{title}</th>" for title in _HEADS)
    body = "".join(
        f"<tr><td style='text-align:left'>{html.escape(row['title'])}</td>"
        + "".join(f"<td>{_shown(row[name])}</td>" for name in ("before", "after", "chance"))
        + f"<td>{row['better']}</td></tr>"
        for row in rows
    )
    notes = "".join(f"<p>⚠ {html.escape(warning)}</p>" for warning in warnings)
    return (
        f"<div><p><strong>{html.escape(sentence)}</strong></p>{notes}"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<p><small>{html.escape(line)}</small></p></div>"
    )


def _of_fit(p: dict[str, Any]) -> list[str]:
    how = f"batches of {p['batch_rows']:,}" if p["batch_rows"] < p["n_train"] else "all of them each step"
    return [
        f"{p['map']} map, objective {p['objective']}, keep {p['keep']:g}"
        + (" (contrastive loss of pairs)" if p["pairs"] else ""),
        f"{p['steps']} steps at most, {how}; {p['n_validation']:,} of the fitted rows set aside for the early stop",
    ]


def _scored(a: Any) -> list[tuple[Any, ...]]:
    found = []
    for name, title in (("nngs", f"neighbourhoods, k = {a.before.comparison.k}"), ("cka", "CKA, debiased")):
        scores = [one.comparison.scores[name] for one in (a.before, a.after)]
        found.append((name, title, *(score.value for score in scores), scores[0].null_mean, "larger"))
    return found


def _unrelated(a: Any) -> float | None:
    spectrum = a.before.spectral.unrelated
    return float(np.abs(spectrum).max()) if len(spectrum) else None


def _root(residuals: np.ndarray) -> float:
    return float(np.sqrt(np.square(residuals).mean()))


def _plain(value: Any) -> float | None:
    return None if value is None or not np.isfinite(float(value)) else float(value)


def _number(value: float) -> str:
    size = abs(value)
    return ("−" if value < 0 else "") + (f"{size:.3f}" if size >= 0.0095 or size == 0 else f"{size:.2g}")


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
