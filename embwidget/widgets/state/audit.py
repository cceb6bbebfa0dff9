"""What an audit looks like as the traits of an AuditScene."""

from typing import Any

import numpy as np
from jaxtyping import Float, Int64, UInt32

from embwidget.results.words import finite
from embwidget.widgets.state.audit_room import AuditRoom
from embwidget.widgets.state.comparison import items_state, label_notes, written
from embwidget.widgets.state.pair_counts import pair_counts_state

NOBODY = 2**32 - 1
"""In place of a document where a list has ended."""
MOST_SIZES = 400


@np.errstate(over="ignore", under="ignore")
def audit_state(audit: Any) -> dict[str, Any]:
    """Every trait that is written once."""
    a, documents = audit, written(audit.items)
    asked = [] if a.retrieval is None else written(a.retrieval.query_items)
    room = AuditRoom.of(a, asked, documents)
    lists = _lists(a, room.queries)
    queries = len(a.asked.kept)
    what = "documents" if a.retrieval is None else "queries"
    left_out = room.notes(queries=queries, groups=len(a.groups), what=what)
    return {
        "n": a.n,
        "k_max": len(_sizes(a)),
        "k": a.k,
        "names": [*a.names],
        "sentence": a.sentence,
        "provenance": a.provenance,
        "notes": [*a.warnings, *label_notes(a.items), *left_out],
        **items_state(a.items, a.n, texts=False),
        "texts": room.texts_of(documents, leading_documents(a, room.queries)) if documents else [],
        "decision": a.decision,
        "reasons": [{"about": one.about, "says": one.says, "favourable": one.favourable} for one in a.reasons],
        "tolerance": float(a.tolerance),
        "measure": a.measure,
        "of_documents": a.retrieval is None,
        "queries": queries,
        "query_rows": room.queries,
        "query_texts": [asked[row] for row in room.queries.tolist()] if asked else [],
        "change": a.asked.change[room.queries].astype("<f4"),
        "kept": a.asked.kept[room.queries].astype("<f4"),
        "quality": _quality(a, room.queries),
        **lists,
        **_groups(a, room),
        "curves": _curves(a),
        **pair_counts_state(a.carried),
        "bridges": [_bridge(one) for one in a.bridges],
        "table": [row for row in a.rows if row["aspect"] not in ("label", "group", "bridge")],
    }


def leading_documents(audit: Any, queries: Int64[np.ndarray, " m"]) -> Int64[np.ndarray, " r"]:
    """The documents on the lists of these queries, those of the queries that lose most first."""
    change = np.nan_to_num(audit.asked.change[queries], nan=np.inf)
    order = queries[np.argsort(change, kind="stable")]
    sides = _neighbors(audit)
    own = [order[:, None]] if audit.retrieval is None else []
    rows = np.concatenate([*own, *(side.indices[order, : audit.k] for side in sides)], 1).ravel().astype(np.int64)
    # In the order in which they first come.
    _, first = np.unique(rows, return_index=True)
    found = rows[np.sort(first)]
    return found[found >= 0]


def _neighbors(audit: Any) -> Any:
    found = audit.comparison if audit.retrieval is None else audit.retrieval
    return found.neighbors


def _lists(audit: Any, queries: Int64[np.ndarray, " m"]) -> dict[str, Any]:
    """What each query finds in old and in new, nearest first, and what these documents were judged."""
    found = [_rows(side.indices[queries, : audit.k]) for side in _neighbors(audit)]
    grades: list[Any] = [np.zeros((0, 0), "<f4")] * 2
    if audit.retrieval is not None and audit.retrieval.grades is not None:
        grades = [side[queries, : audit.k].astype("<f4") for side in audit.retrieval.grades]
    threshold = None if audit.retrieval is None else float(audit.retrieval.rule.threshold)
    return {
        "lists_old": found[0],
        "lists_new": found[1],
        "grades_old": grades[0],
        "grades_new": grades[1],
        "relevant_from": threshold,
    }


def _rows(indices: Any) -> UInt32[np.ndarray, "m k"]:
    found = np.asarray(indices).astype(np.int64)
    return np.where(found < 0, NOBODY, found).astype("<u4")


def _quality(audit: Any, queries: Int64[np.ndarray, " m"]) -> Float[np.ndarray, "_ _"]:
    return np.zeros((0, 0), "<f4") if audit.asked.quality is None else audit.asked.quality[queries].astype("<f4")


def _groups(audit: Any, room: AuditRoom) -> dict[str, Any]:
    """The groups, and the queries about each that the page holds, one group after the other."""
    told, rows = [], [np.zeros(0, np.int64)]
    for place in room.groups:
        one = audit.groups[place]
        here = one.rows[np.isin(one.rows, room.queries)]
        low, high = (finite(end) for end in one.interval)
        numbers = {"change": finite(one.change), "low": low, "high": high, "p": finite(one.p), "q": finite(one.q)}
        words = {"name": str(one.name), "kind": one.kind, "word": one.word}
        told.append({**words, **numbers, "queries": int(one.queries), "members": len(here)})
        rows.append(here)
    return {"groups": told, "group_rows": np.concatenate(rows)}


def _sizes(audit: Any) -> Int64[np.ndarray, " s"]:
    found = audit.comparison if audit.retrieval is None else audit.retrieval
    return np.asarray(found.ks)


def _curves(audit: Any) -> dict[str, Any]:
    """By name, over the sizes k: what is kept with its chance and noise, and the quality of old and of new."""
    sizes = _sizes(audit)
    places = np.unique(np.linspace(0, len(sizes) - 1, min(len(sizes), MOST_SIZES)).round().astype(np.int64))

    def line(values: Any) -> list[float | None]:
        return [finite(one) for one in np.broadcast_to(np.asarray(values, float), len(sizes))[places]]

    noise = noise_band(audit)
    shares = {"values": audit.kept.values, "low": audit.kept.low, "high": audit.kept.high}
    kept = shares | {"chance": audit.kept_by_chance}
    found: dict[str, Any] = {"sizes": sizes[places].tolist(), "kept": {name: line(one) for name, one in kept.items()}}
    if noise is not None:
        found["noise"] = {"low": line(noise[0][: len(sizes)]), "high": line(noise[1][: len(sizes)])}
    quality = {} if audit.retrieval is None else audit.retrieval.curves
    found["quality"] = {
        name: {"old": line(one["x"].values), "new": line(one["y"].values), **_ends(one["difference"], line)}
        for name, one in quality.items()
        if name != "shared"
    }
    return found


def _ends(difference: Any, line: Any) -> dict[str, Any]:
    return {"difference": line(difference.values), "low": line(difference.low), "high": line(difference.high)}


def noise_band(audit: Any) -> tuple[Any, Any] | None:
    """The least and the largest share of neighbours that re-runs of the old model keep; None where there are none.

    They are of documents that ask for their neighbours, as nobody has re-run the queries.
    """
    runs = getattr(audit.comparison, "baseline", None)
    if runs is None or "mutual_knn" not in runs.curves:
        return None
    each = np.asarray(runs.curves["mutual_knn"], float)
    return each.min(0), each.max(0)


def _bridge(one: Any) -> dict[str, Any]:
    ends = {
        name: None if (value := getattr(one, name)) is None else [finite(end) for end in value]
        for name in ("kept", "against_old", "against_new")
    }
    return {"method": one.method, "fitted": int(one.fitted), "asked": int(one.asked), **ends}
