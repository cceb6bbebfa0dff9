"""What of a comparison by sampled items is kept: those items, their neighbours, and what is known of them."""

from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Integer

from embwidget.items.items import Items
from embwidget.layouts.drawn import Drawn
from embwidget.measures.joined import Neighborhoods
from embwidget.neighbors.search import Neighbors
from embwidget.scores.score import Score


def check_maps(maps: Any, method: str) -> None:
    """That maps are asked for that a sample can have.

    Raises:
        ValueError: ``"umap"``, which is drawn from the neighbours of all items.

    """
    if method == "sampled" and isinstance(maps, str) and maps == "umap":
        raise ValueError(
            "expected maps='pca' or your own (n, 2) coordinates with method='sampled' but got 'umap', which needs the "
            "neighbours of all items; use method='exact' or 'pynndescent'"
        )


def of_sample(fields: dict[str, Any], hoods: Neighborhoods, k: int) -> dict[str, Any]:
    """The fields of a `Comparison` of all items, cut to the sampled ones and their ``k`` neighbours in each space.

    As they are where all were searched for. The sampled items come first, then the neighbours; both in the order of
    the rows, which ``row_numbers`` holds.
    """
    if hoods.rows is None:
        return fields
    asked, n = hoods.rows, hoods.n
    lists = hoods.x.first(k), hoods.y.first(k)
    around = np.setdiff1d(np.concatenate([one.indices.ravel() for one in lists]), [*asked, -1])
    rows = np.concatenate([asked, around]).astype(np.int64)
    drawn = tuple(_drawn_of(one, rows) for one in fields["drawn"])
    told = (
        f"{len(asked):,} of {n:,} items were drawn at random and their neighbours searched for among all; the "
        f"{len(around):,} other items here are their neighbours at k = {k}."
    )
    return fields | {
        "row_numbers": rows,
        "neighbors": tuple(_placed(one, rows) for one in lists),
        "items": _items_of(fields["items"], rows),
        "drawn": drawn,
        "maps": drawn[0].maps,
        "placeholders": None if fields["placeholders"] is None else fields["placeholders"][asked],
        "params": fields["params"] | {"sample": len(asked)},
        "warnings": (told, *fields["warnings"]),
    }


def scores_of_sample(scores: dict[str, Score], hoods: Neighborhoods) -> dict[str, Score]:
    """The scores with the values of the sampled items alone; as they are where all were searched for."""
    if hoods.rows is None:
        return scores
    return {name: _score_of(score, hoods.rows, hoods.n) for name, score in scores.items()}


def _placed(lists: Neighbors, rows: Integer[np.ndarray, " m"]) -> Neighbors:
    """The same lists, whose indices are places among ``rows``."""
    order = np.argsort(rows)
    places = order[np.searchsorted(rows, lists.indices, sorter=order).clip(max=len(rows) - 1)]
    indices = np.where(lists.indices < 0, -1, places).astype(np.int32)
    return replace(lists, indices=indices, n=len(rows), rows=np.arange(len(indices)))


def _score_of(score: Score, asked: Integer[np.ndarray, " s"], n: int) -> Score:
    """The score with the values of the sampled items; one that is no mean over neighbours has those of all."""
    values = score.per_item
    return score if values is None or len(values) != n else replace(score, per_item=values[asked])


def _drawn_of(drawn: Drawn, rows: Integer[np.ndarray, " m"]) -> Drawn:
    first, second = drawn.maps
    return replace(drawn, maps=(np.asarray(first)[rows], np.asarray(second)[rows]))


def _items_of(items: Items, rows: Integer[np.ndarray, " m"]) -> Items:
    """The kept items; those that nothing else tells apart are called by their rows."""
    kept = items.take(rows)
    if kept.ids or kept.texts:
        return kept
    return Items(kept.labels, kept.images, ids=[f"row {row}" for row in rows.tolist()])
