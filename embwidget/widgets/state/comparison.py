"""What a comparison looks like as the traits of a Scene."""

import operator
from collections.abc import Iterable
from typing import Any

import numpy as np
from jaxtyping import Float, Int, Shaped, UInt

from embwidget.comparison.leading import leading
from embwidget.comparison.result import Comparison
from embwidget.items.items import Items
from embwidget.texts.classes import class_codes
from embwidget.widgets.state.classes import class_state
from embwidget.widgets.state.item_scores import item_scores_state, scored_items
from embwidget.widgets.state.maps import maps_state
from embwidget.widgets.state.page_room import PageRoom, text_bytes
from embwidget.widgets.wire import thumbnails as _thumbnails

NO_LABEL = 65535
MOST_CLASSES = NO_LABEL - 1
MOST_CHANGED = 100


@np.errstate(over="ignore", under="ignore")
def scene_state(comparison: Comparison, room: PageRoom | None = None, awaited: Iterable[str] = ()) -> dict[str, Any]:
    """Every trait that is written once, and the cursor at the headline k."""
    c, room = comparison, room or page_room(comparison)
    columns = np.searchsorted(c.ks, room.sizes)
    sizes = [] if len(columns) == len(c.ks) else list(room.sizes)
    counts = c.counts if len(columns) == len(c.ks) else np.ascontiguousarray(c.counts[:, columns])
    return {
        "n": len(c.maps[0]),
        "sample": {} if c.row_numbers is None else {"searched": c.n, "among": c.population},
        "k_max": len(c.ks),
        "k": c.k,
        "names": list(c.names),
        "provenance": c.provenance,
        "count_sizes": sizes,
        "counts": counts.astype("<f4") if c.similarities is not None else counts,
        "similarities": _similarities(c, columns),
        **maps_state(c),
        **items_state(c.items, len(c.maps[0]), texts=room.texts),
        **_curves(c),
        **_neighbors(c, room.listed),
        **_changed(c),
        **class_state(c, sizes),
        **measured_state(c, room, awaited),
    }


@np.errstate(over="ignore", under="ignore")
def measured_state(c: Comparison, room: PageRoom, awaited: Iterable[str] = ()) -> dict[str, Any]:
    """Every trait that another measure changes, of which some may still be ``awaited``."""
    first = leading([*c.scores, *awaited])
    return {
        "sentence": c.sentence,
        "notes": [*c.warnings, *label_notes(c.items), *_room_notes(c, room)],
        "scores": [row | {"leading": row["measure"] in first} for row in c.rows],
        **item_scores_state(c, room.scores),
    }


def page_room(c: Comparison, coming: int = 0) -> PageRoom:
    """What a page has room for, with so many more scores of items still to come."""
    return PageRoom.of(
        len(c.maps[0]),
        ks=c.ks.tolist(),
        k=c.k,
        count_bytes=c.counts.dtype.itemsize if c.similarities is None else 8,
        scores=len(scored_items(c)) + coming,
        text_bytes=text_bytes(written(c.items)),
    )


def _room_notes(c: Comparison, room: PageRoom) -> list[str]:
    return room.notes(sizes=len(c.ks), scores=len(scored_items(c)), texts=bool(written(c.items)))


def items_state(items: Items, n: int, *, texts: bool = True) -> dict[str, Any]:
    """The traits that say what the rows are, with their texts where there is room for these."""
    return {"texts": written(items) if texts else [], "tiles": _thumbnails.layout(items), **_labels(items, n)}


def written(items: Items) -> list[str]:
    """What the page calls the items: their texts, else labels that are too many for classes, else their ids."""
    told: Iterable[Any] = items.labels if items.labels is not None and label_notes(items) else items.ids or ()
    return list(items.texts or map(str, told))


def label_notes(items: Items) -> list[str]:
    """What to know of labels that are too many to be classes in the page."""
    number = 0 if items.labels is None else len(set(items.labels.tolist()) - {""})
    told = f"{number:,} different labels are more than the {MOST_CLASSES:,} classes that maps can be coloured by."
    return [told] if number > MOST_CLASSES else []


def _similarities(c: Comparison, columns: Int[np.ndarray, " m"]) -> Float[np.ndarray, "rows K"]:
    """Mean similarities over ties, NaN at the sizes where the score is withheld; empty where nothing ties."""
    if c.similarities is None:
        return np.empty((0, 0), "<f4")
    withheld = np.isnan(np.asarray(c.curves["nngs"].curve)[columns])
    return np.where(withheld, np.nan, c.similarities[:, columns]).astype("<f4")


def _curves(c: Comparison) -> dict[str, Float[np.ndarray, "rows K"]]:
    nngs, mutual = c.curves["nngs"], c.curves["mutual_knn"]
    # Not from the counts alone: a curve may be withheld (NaN) or corrected by exactly searched items.
    curve = np.stack([nngs.curve, mutual.curve])
    null = np.stack([nngs.null_mean, nngs.null_sd, mutual.null_mean, mutual.null_sd])
    ends = [np.asarray(one.interval).T for one in (nngs, mutual) if one.interval is not None]
    interval = np.concatenate(ends) if len(ends) == 2 else np.empty((0, 0))
    found = {"curve": curve, "null": null, "interval": interval, "runs": _runs(c)}
    return {trait: rows.astype("<f4") for trait, rows in found.items()}


def _runs(c: Comparison) -> Float[np.ndarray, "rows K"]:
    """Least, mean and largest curve of the re-runs, of both measures; empty where there are none."""
    if c.baseline is None:
        return np.empty((0, 0))
    return np.concatenate([c.baseline.band(name) for name in ("nngs", "mutual_knn")])


def _neighbors(c: Comparison, listed: int) -> dict[str, UInt[np.ndarray, "n listed"]]:
    """Neighbour lists, cut to what a page can hold."""
    dtype = np.dtype("<u2" if len(c.maps[0]) <= 65535 else "<u4")
    x, y = (side.indices[:, :listed].astype(dtype) for side in c.neighbors)
    return {"neighbors_x": x, "neighbors_y": y}


def asked_lists(c: Comparison | None, row: Any) -> tuple[dict[str, Any], list[bytes]]:
    """Both whole lists of one item, of which a page of many items holds the first places only.

    Raises:
        TypeError, ValueError: no such row, or nothing that was compared.

    """
    row, n = operator.index(row), 0 if c is None else c.n
    if c is None or not 0 <= row < n:
        raise ValueError(f"expected a row of {n} items that were compared but got {row}")
    both = (np.ascontiguousarray(side.indices[row]).astype("<u4") for side in c.neighbors)
    return {"type": "neighbors", "row": row}, [one.tobytes() for one in both]


def _changed(c: Comparison) -> dict[str, Shaped[np.ndarray, " m"]]:
    rows = c.most_changed(MOST_CHANGED)
    columns = {"changed": ("item", "<u4"), "changed_value": ("agreement", "<f4"), "changed_p": ("p", "<f4")}
    return {trait: np.array([row[column] for row in rows], dtype) for trait, (column, dtype) in columns.items()}


def _labels(items: Items, n: int) -> dict[str, Any]:
    """Class names in natural order and a code a row; the empty label is no class, and too many are none."""
    names, codes = ([], np.full(n, -1)) if items.labels is None else class_codes(items.labels)
    if len(names) > MOST_CLASSES:
        names, codes = [], np.full(n, -1)
    return {"label_names": names, "label_codes": np.where(codes < 0, NO_LABEL, codes).astype("<u2")}
