"""The plain words of a comparison of retrieval: its finding, its provenance, its tables."""

from typing import Any

import numpy as np

from embwidget.results.card import Column
from embwidget.results.words import NONE, dropped_rows, finite, short_number, shown
from embwidget.retrieval.pool import BOTH, ONLY_X, ONLY_Y, UNJUDGED
from embwidget.retrieval.scores import MEASURES

COLUMNS = ("measure", "title", "k", "model", "value", "chance", "low", "high", "queries")
_SIDES = ("x", "y")


def finding(found: Any) -> str:
    """How much of what X retrieves Y retrieves too; who answers better; and what nobody has judged."""
    k = found.k
    share = found.curves["shared"]["both"].values[k - 1]
    if np.isnan(share):
        return "No score: what is retrieved is decided by ties alone (a constant or collapsed space)."
    if k == found.n:
        shared = f"Of all {k} documents, both retrieve each: the same by necessity."
    else:
        chance = _documents(found.chance[k - 1] * k)
        shared = (
            f"Of the {k} documents that {found.names[0]} retrieves for a query, {found.names[1]} retrieves "
            f"{_documents(share * k)} too (chance {chance})."
        )
    if found.relevance is None:
        return f"{shared} Nobody has said what is relevant, so which of the two answers better cannot be told."
    return " ".join(part for part in (shared, _better(found), _unjudged(found)) if part)


def from_to(found: Any, name: str) -> str:
    """The means of both models at the headline k."""
    x, y = (found.curves[name][side].values[found.k - 1] for side in _SIDES)
    return f"{shown(x)}→{shown(y)}"


def provenance(params: dict[str, Any]) -> str:
    """One line: everything the numbers depend on."""
    p = params
    recall = ", ".join(f"{name} {r[0]:.3f} ({r[1]:.3f}–{r[2]:.3f})" for name, r in (p["recall"] or {}).items())
    x, y = p["dropped_queries"]
    parts = [
        f"n = {p['n']:,} documents, {p['queries']:,} queries",
        *dropped_rows(p),
        *([f"queries without a partner dropped: {x} of X, {y} of Y"] if x or y else []),
        f"widths {p['widths'][0]} and {p['widths'][1]}",
        f"metric {p['metric']}",
        f"k = 1 … {p['max_k']}",
        f"{p['method']} neighbours ({p['method_reason']}){recall and f'; recall {recall}'}",
        f"up to {p['ties']:.1%} of queries tied ({p['tie_rule']})" if p["ties"] else "no ties",
    ]
    if "gain" in p:
        parts += [
            f"{p['judgements']:,} judgements, relevant from {p['threshold']:g} on, {p['gain']} gain",
            f"what nobody has judged counts as {p['unjudged']}",
        ]
    return "; ".join([*parts, f"chance: {p['null']}", f"interval: {p['interval']}", f"seed {p['random_state']}"]) + "."


def table_rows(found: Any) -> list[dict[str, Any]]:
    """A row for what is shared, and one for each measure and each model, and for the difference."""
    k, (x, y) = found.k, found.names
    models = {"both": "both", "x": x, "y": y, "difference": f"{y} − {x}"}
    titles = {"shared": "shared documents", **MEASURES}
    return [
        {
            "measure": name,
            "title": titles[name],
            "k": k,
            "model": models[side],
            "value": finite(curve.values[k - 1]),
            "chance": finite(found.chance[k - 1]) if name == "shared" else None,
            "low": finite(curve.low[k - 1]),
            "high": finite(curve.high[k - 1]),
            "queries": curve.queries,
        }
        for name, sides in found.curves.items()
        for side, curve in sides.items()
    ]


def columns(found: Any) -> tuple[Column, ...]:
    """The table as it is shown: a line for each measure, the models side by side."""
    k, names, lines = found.k, found.names, found.curves
    last = [sides.get("difference", sides.get("both")) for sides in lines.values()]
    intervals = [f"{shown(curve.low[k - 1])} – {shown(curve.high[k - 1])}" for curve in last]
    chance = [shown(found.chance[k - 1], ".3g") if name == "shared" else NONE for name in lines]
    titles = {"shared": "shared documents", **MEASURES}
    return (
        Column(title="measure", cells=[f"{titles[name]}@{k}" for name in lines], kind="text"),
        Column(title=names[0], cells=_values(found, "x")),
        Column(title=names[1], cells=_values(found, "y")),
        Column(title="both", cells=_values(found, "both")),
        Column(title=f"{names[1]} − {names[0]}", cells=_values(found, "difference", "+.3f")),
        Column(title="95 % interval", cells=intervals, hint="of the difference; of what both have where there is none"),
        Column(title="chance", cells=chance),
        Column(title="queries", cells=[f"{curve.queries:,}" for curve in last]),
    )


def changed_rows(found: Any, m: int) -> list[dict[str, Any]]:
    """Queries as plain rows, those that lose most first."""
    k, (x, y) = found.k, found.names
    shared, p = found.counts[:, k - 1], found.query_p(k)
    measured = {name: found.measure(name, k) for name in MEASURES} if found.relevance is not None else {}
    lost = measured["ndcg"][:, 1] - measured["ndcg"][:, 0] if measured else shared
    return [
        {
            "query": int(i),
            "text": found.query_items.describe(int(i)),
            f"shared@{k}": shared[i].item(),
            "p": float(p[i]),
            **{
                f"{name}@{k}, {model}": finite(value)
                for name, values in measured.items()
                for model, value in zip((x, y), values[i], strict=True)
            },
        }
        # Of what is not known, last.
        for i in np.argsort(np.nan_to_num(lost.astype(np.float64), nan=np.inf), kind="stable")[:m]
    ]


def unjudged_rows(found: Any, k: int, m: int) -> list[dict[str, Any]]:
    """Documents that nobody has judged and only one model retrieves, as plain rows."""
    lists = [side.indices[:, :k] for side in found.neighbors]
    places = []
    for side, (own, other) in enumerate((lists, lists[::-1])):
        alone = ~(own[:, :, None] == other[:, None, :]).any(2) & (own >= 0) & np.isnan(found.grades[side][:, :k])
        places += [(int(rank), int(row), side) for row, rank in zip(*np.nonzero(alone), strict=True)]
    return [
        {
            "query": row,
            "query text": found.query_items.describe(row),
            "document": (document := int(lists[side][row, rank])),
            "text": found.items.describe(document),
            "model": found.names[side],
            "rank": rank + 1,
        }
        for rank, row, side in sorted(places)[:m]
    ]


def _values(found: Any, side: str, form: str = ".3f") -> list[str]:
    return [shown(sides[side].values[found.k - 1], form) if side in sides else NONE for sides in found.curves.values()]


def _better(found: Any) -> str:
    k, (x, y) = found.k, found.names
    apart, queries = found.curves["ndcg"]["difference"], found.curves["ndcg"]["difference"].queries
    if not queries:
        return "No query has a relevant document, so which of the two answers better cannot be told."
    low, high, value = (float(one[k - 1]) for one in (apart.low, apart.high, apart.values))
    means = [short_number(found.curves["ndcg"][side].values[k - 1]) for side in _SIDES]
    judged = "1 judged query" if queries == 1 else f"{queries:,} judged queries"
    told = f"nDCG@{k} is {means[0]} by {x} and {means[1]} by {y}, over {judged}"
    if np.isnan(low):
        return f"{told}: too few to tell which answers better."
    bounds = f"(difference {_signed(value)}, 95 % interval {_signed(low)} to {_signed(high)})"
    if low <= 0 <= high:
        return f"{told}: which answers better cannot be told {bounds}."
    return f"{told}: {y if value > 0 else x} answers better {bounds}."


def _unjudged(found: Any) -> str:
    """What only one model retrieves and nobody has judged, on average over the judged queries."""
    queries = found.curves["ndcg"]["difference"].queries
    if not queries:
        return ""
    counts = found.pool[found.k - 1] / queries
    alone = counts[UNJUDGED, [ONLY_X, ONLY_Y]]
    if not alone.any():
        return ""
    by = [counts[UNJUDGED, only] + counts[UNJUDGED, BOTH] for only in (ONLY_X, ONLY_Y)]
    (x, y), few = found.names, [_documents(float(one)) for one in (*by, *alone)]
    return (
        f"Nobody has judged {few[0]} of the {found.k} documents that {x} retrieves and {few[1]} "
        f"of {y}'s, of which only that model retrieves {few[2]} and {few[3]}: they count as irrelevant."
    )


def _documents(count: float) -> str:
    """A mean number of documents: one decimal, or two digits of a small number."""
    return f"{count:.1f}" if count >= 0.095 or count == 0 else f"{count:.2g}"


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + short_number(value)
