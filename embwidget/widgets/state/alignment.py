"""What an alignment, and one that is still being fitted, look like as the traits of an AlignmentScene."""

import math
from typing import Any

import numpy as np
from jaxtyping import Float32, Shaped, UInt8

from embwidget.widgets.state.alignment_room import AlignmentRoom, wire_maps
from embwidget.widgets.state.comparison import items_state, label_notes, written
from embwidget.widgets.state.page_room import held_bytes
from embwidget.widgets.state.spectral import listed_state
from embwidget.work.background import StoppedError

LEFT_OUT, FITTED, HELD_OUT = 0, 1, 2
NO_GROUP = 65535
MOST_STEPS = 1000
"""Points of a curve of steps that a page is sent: more could not be told apart on it."""


@np.errstate(over="ignore", under="ignore")
def alignment_state(result: Any) -> dict[str, Any]:
    """Every trait that a finished alignment writes, but for `status`."""
    r = result
    members = [len(c.indices) for c in r.clusters]
    rest = _rest(r)
    room = AlignmentRoom.of(r.n, held=held_bytes(rest), members=members, texts=written(r.items))
    return {
        **rest,
        "notes": [*r.warnings, *label_notes(r.items), *room.notes(members)],
        "texts": written(r.items) if room.texts else [],
        "maps": wire_maps(r.layouts, room),
        **listed_state([c.indices for c in r.clusters], room.listed),
    }


def _rest(r: Any) -> dict[str, Any]:
    """Every trait that a page is sent whole, however many items there are."""
    words = {"names": list(r.names), "sentence": r.sentence, "provenance": r.provenance}
    words |= {"answer": r.answer | {"verdict": r.verdict}}
    comparison = r.after.comparison
    return {
        "n": r.n,
        "k_max": len(comparison.ks),
        "k": comparison.k,
        **words,
        **items_state(r.items, r.n, texts=False),
        "table": [{name: _plain(value) for name, value in row.items()} for row in r.rows_table],
        "parts": _parts(r),
        "held_out": r.rows.astype("<u4"),
        "residuals": np.stack([r.before.residuals, r.after.residuals]).astype("<f4"),
        **_curves(r),
        "spectra": {"before": _spectrum(r.before), "after": _spectrum(r.after)},
        "changes": _changes(r),
        **_heat(r.heat),
        **history_state(r.history),
        "fit": {"method": r.method, "stopped": r.stopped, "seconds": _plain(float(r.history.seconds))},
    }


@np.errstate(over="ignore", under="ignore")
def history_state(history: Any) -> dict[str, Any]:
    """The traits that say how the fitting went, or goes."""
    h = history
    # As a share of its start, as in the loss.
    objective = h.objective / h.start if math.isfinite(h.start) and h.start > 0 else h.objective
    steps = _thinned(np.stack([np.asarray(v, float) for v in (h.step, h.loss, objective, h.keep)]))
    checks = _thinned(np.stack([np.asarray(v, float) for v in (h.check_step, h.validation)]))
    return {"steps": steps, "checks": checks, "best_step": int(h.best_step)}


@np.errstate(over="ignore", under="ignore")
def progress_state(fitting: Any) -> dict[str, Any]:
    """Where a fitting stands."""
    left = _plain(float(fitting.seconds_left))
    progress = {
        "step": int(fitting.step),
        "steps": int(fitting.steps),
        "share": float(fitting.share),
        "seconds": round(float(fitting.seconds), 1),
        "seconds_left": left,
        "what": fitting.what,
        # On request, before there was anything.
        "stopped": isinstance(fitting.error, StoppedError),
    }
    return {"names": list(fitting.names), "progress": progress}


def _plain(value: Any) -> Any:
    """JSON has neither NaN nor infinity, nor numpy's scalars."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _thinned(rows: Shaped[np.ndarray, "r s"]) -> Float32[np.ndarray, "r t"]:
    s = rows.shape[1]
    if s > MOST_STEPS:
        rows = rows[:, np.unique(np.linspace(0, s - 1, MOST_STEPS).astype(int))]
    return rows.astype("<f4")


def _parts(r: Any) -> UInt8[np.ndarray, " n"]:
    parts = np.full(r.n, LEFT_OUT, "|u1")
    parts[r.fit_rows] = FITTED
    parts[r.rows] = HELD_OUT
    return parts


def _curves(r: Any) -> dict[str, Any]:
    """Neighbourhoods shared with Y at every k, before and after; chance is the same for both."""
    sides = [side.comparison.curves["nngs"] for side in (r.before, r.after)]
    intervals = [np.asarray(c.interval).T for c in sides if c.interval is not None]
    return {
        "curves": np.stack([c.curve for c in sides]).astype("<f4"),
        "chance": np.stack([sides[0].null_mean, sides[0].null_sd]).astype("<f4"),
        "intervals": np.concatenate(intervals).astype("<f4") if len(intervals) == 2 else np.zeros((0, 0), "<f4"),
    }


def _spectrum(standing: Any) -> dict[str, Any]:
    s = standing.spectral
    return {
        "eigenvalues": [_plain(float(v)) for v in s.eigenvalues],
        "unrelated": [_plain(float(v)) for v in s.unrelated],
        "spec_diff": _plain(float(standing.spec_diff)),
    }


def _changes(r: Any) -> list[dict[str, Any]]:
    return [
        {
            "index": int(c.index),
            "side": c.side,
            "appeared": bool(c.appeared),
            "before": _plain(float(c.before)),
            "after": _plain(float(c.after)),
            "members": len(c.indices),
            "within_x": [_plain(float(v)) for v in c.within_x],
            "within_y": _plain(float(c.within_y)),
            "between_x": [_plain(float(v)) for v in c.between_x],
            "share": _plain(float(c.share)),
            "survives": None if c.survives is None else bool(c.survives),
            "title": c.title,
        }
        for c in r.clusters
    ]


def _heat(heat: dict[str, Any]) -> dict[str, Any]:
    squares = np.stack([heat[name] for name in ("before", "after", "target")])
    groups = np.where(heat["group"] < 0, NO_GROUP, heat["group"])
    return {"heat_rows": heat["order"], "heat_groups": groups.astype("<u2"), "heat": squares.astype("<f4")}
