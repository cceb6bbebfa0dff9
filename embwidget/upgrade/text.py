"""The plain words of an audit: the decision in a sentence, its tables, its provenance."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from embwidget.results.card import Column
from embwidget.results.words import NONE, finite, shown
from embwidget.upgrade.decide import measure_at

COLUMNS = ("aspect", "what", "old", "new", "change", "low", "high")
_DECISIONS = {
    "switch": "Switch: {new} can take over from {old}.",
    "bridge": "Bridge: {new} can take over from {old}, and old vectors can be carried over instead of embedded again.",
    "keep": "Keep {old}: {new} answers worse than tolerated.",
    "cannot tell": "Cannot tell whether {new} should replace {old}.",
}
_SHOWN = 12


def finding(audit: Any) -> str:
    """The decision, its first reason, and who loses."""
    old, new = audit.names
    said = [_DECISIONS[audit.decision].format(old=old, new=new)]
    said += [audit.reasons[0].says] if audit.reasons else []
    if audit.losers:
        said.append(f"Most is lost by {_groups(audit, audit.losers[:2])}.")
    return " ".join(said)


def provenance(audit: Any) -> str:
    """One line with everything the numbers depend on."""
    p = audit.params
    judged = "nobody judged" if audit.asked.quality is None else f"judged by {measure_at(audit.measure, audit.k)}"
    asked = "every document asks for its neighbours" if audit.retrieval is None else _queries(len(audit.asked.kept))
    parts = [
        f"n = {audit.n:,} documents, all of which a switch embeds again and a bridge does not",
        asked,
        judged,
        f"tolerance {audit.tolerance:g}",
        f"metric {p['metric']}",
        f"k = {audit.k}",
        f"groups of at least {p['least_of_a_group']}, corrected for their number (Benjamini and Hochberg)",
        f"bridges fitted on half of the documents, at most {p['most_fitted']:,}",
        f"seed {p['random_state']}",
    ]
    return "; ".join(parts) + "."


def table_rows(audit: Any) -> list[dict[str, Any]]:
    """All that was measured as plain rows."""
    return [dict(zip(COLUMNS, row, strict=True)) for row in _rows(audit)]


def columns(audit: Any) -> tuple[Column, ...]:
    """The table as it is shown: the groups that changed most, both spaces, bridges, the threshold."""
    rows = [*_rows(audit, most_groups=_SHOWN)]
    aspect, what, *numbers = ([row[i] for row in rows] for i in range(len(COLUMNS)))
    return (
        Column(title="aspect", cells=aspect, kind="text"),
        Column(title="what", cells=what, kind="text"),
        *(
            Column(title=title, cells=[NONE if one is None else shown(one, ".3g") for one in cells])
            for title, cells in zip([*audit.names, "change", "low", "high"], numbers, strict=True)
        ),
    )


def worst_rows(audit: Any, m: int) -> list[dict[str, Any]]:
    """Queries as plain rows, those that lose most first."""
    asked = audit.asked
    order = np.argsort(np.nan_to_num(asked.change, nan=np.inf), kind="stable")[:m]
    return [
        {
            "query": int(i),
            "text": asked.items.describe(int(i)),
            f"kept@{audit.k}": finite(asked.kept[i]),
            **(
                {}
                if asked.quality is None
                else {
                    f"{audit.measure}@{audit.k}, {name}": finite(asked.quality[i, side])
                    for side, name in enumerate(audit.names)
                }
            ),
        }
        for i in order
    ]


def _rows(audit: Any, most_groups: int | None = None) -> Iterator[tuple[Any, ...]]:
    yield from _quality_rows(audit)
    groups = [one for one in audit.groups if most_groups is None or one in (*audit.losers, *audit.winners)]
    for one in groups[:most_groups]:
        what = f"{one.name} ({one.queries:,} {_asked(audit)}): {one.word}"
        yield f"{one.kind}", what, None, None, finite(one.change), *map(finite, one.interval)
    for one in audit.bridges:
        value = one.kept if one.against_new is None else one.against_new
        what = "share of new's results" if one.against_new is None else f"{audit.measure}@{audit.k} against new"
        yield "bridge", f"{one.method}: {what}", None, None, *map(finite, value)
    yield from _space_rows(audit)
    if audit.carried is not None:
        value, (low, high) = audit.carried.value, audit.carried.interval
        yield "threshold", audit.carried.keep, audit.carried.at, finite(value), None, finite(low), finite(high)


def _quality_rows(audit: Any) -> Iterator[tuple[Any, ...]]:
    for name, curves in () if audit.retrieval is None else audit.retrieval.curves.items():
        at = audit.k - 1
        if name == "shared":
            both = curves["both"]
            yield (
                "results",
                f"share kept@{audit.k}",
                None,
                None,
                *(finite(one[at]) for one in (both.values, both.low, both.high)),
            )
        else:
            apart = curves["difference"]
            sides = (finite(curves[side].values[at]) for side in "xy")
            yield (
                "quality",
                f"{name}@{audit.k}",
                *sides,
                *(finite(one[at]) for one in (apart.values, apart.low, apart.high)),
            )
    score = audit.comparison.scores["mutual_knn"]
    low, high = score.interval or (None, None)
    yield "neighbours", f"share kept@{audit.k}", None, None, finite(score.value), finite(low), finite(high)


def _space_rows(audit: Any) -> Iterator[tuple[Any, ...]]:
    both = {
        "width": [one.width for one in audit.conditions],
        "median length": [one.lengths[1] for one in audit.conditions],
        "mean cosine of two rows": [one.mean_cosine for one in audit.conditions],
        "effective dimension": [one.dimension for one in audit.conditions],
        "copies of other rows": [one.copies for one in audit.conditions],
        f"skewness of how often a document is listed@{audit.k} (chance {_by_chance(audit, 'skewness')})": [
            one.skewness for one in audit.hubness
        ],
        f"documents on more than {_most(audit)} lists@{audit.k}, which chance gives none": [
            one.hubs for one in audit.hubness
        ],
        f"documents on no list@{audit.k} (chance {_by_chance(audit, 'orphans')})": [
            one.orphans for one in audit.hubness
        ],
    }
    for what, (old, new) in both.items():
        yield "space", what, finite(old), finite(new), None, None, None


def _queries(count: int) -> str:
    return "1 query" if count == 1 else f"{count:,} queries"


def _by_chance(audit: Any, name: str) -> str:
    """What random lists give; both spaces have as many."""
    return shown(getattr(audit.hubness[0], f"{name}_by_chance"), ".3g")


def _most(audit: Any) -> int:
    return int(audit.hubness[0].most_by_chance)


def _groups(audit: Any, some: tuple[Any, ...]) -> str:
    what = (
        measure_at(audit.measure, audit.k) if audit.asked.quality is not None else "of its results more than the others"
    )
    return " and ".join(f"{one.name} ({-one.change:.2f} {what}, {one.queries:,} {_asked(audit)})" for one in some)


def _asked(audit: Any) -> str:
    return "documents" if audit.retrieval is None else "queries"
