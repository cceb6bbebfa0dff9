"""What a comparison looks like as the traits of a Scene."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from jaxtyping import Float, Shaped, UInt

from embwidget.comparison.result import Comparison
from embwidget.items.items import Items
from embwidget.texts.classes import class_codes
from embwidget.widgets.state.item_scores import item_scores_state
from embwidget.widgets.state.maps import maps_state
from embwidget.widgets.wire import thumbnails as _thumbnails

NO_LABEL = 65535
MOST_CLASSES = NO_LABEL - 1
NEIGHBOR_BYTES = 16_000_000
MOST_CHANGED = 100


@np.errstate(over="ignore", under="ignore")
def scene_state(comparison: Comparison) -> dict[str, Any]:
    """Every trait that is written once, and the cursor at the headline k."""
    c = comparison
    return {
        "n": c.n,
        "k_max": len(c.ks),
        "k": c.k,
        "names": list(c.names),
        "sentence": c.sentence,
        "provenance": c.provenance,
        "notes": [*c.warnings, *label_notes(c.items)],
        "scores": c.rows,
        "counts": c.counts.astype("<f4") if c.similarities is not None else c.counts,
        "similarities": _similarities(c),
        **maps_state(c),
        **items_state(c.items, c.n),
        **_curves(c),
        **_neighbors(c),
        **_changed(c),
        **item_scores_state(c),
    }


def items_state(items: Items, n: int) -> dict[str, Any]:
    """The traits that say what the rows are."""
    told: Iterable[Any] = items.labels if items.labels is not None and label_notes(items) else items.ids or ()
    texts = list(items.texts or map(str, told))
    return {"texts": texts, "tiles": _thumbnails.layout(items), **_labels(items, n)}


def label_notes(items: Items) -> list[str]:
    """What to know of labels that are too many to be classes in the page."""
    number = 0 if items.labels is None else len(set(items.labels.tolist()) - {""})
    told = f"{number:,} different labels are more than the {MOST_CLASSES:,} classes that maps can be coloured by."
    return [told] if number > MOST_CLASSES else []


def _similarities(c: Comparison) -> Float[np.ndarray, "rows K"]:
    """Mean similarities over ties, NaN at the sizes where the score is withheld; empty where nothing ties."""
    if c.similarities is None:
        return np.empty((0, 0), "<f4")
    return np.where(np.isnan(c.curves["nngs"].curve), np.nan, c.similarities).astype("<f4")


def _curves(c: Comparison) -> dict[str, Float[np.ndarray, "rows K"]]:
    nngs, mutual = c.curves["nngs"], c.curves["mutual_knn"]
    # Not from the counts alone: a curve may be withheld (NaN) or corrected by exactly searched items.
    curve = np.stack([nngs.curve, mutual.curve])
    null = np.stack([nngs.null_mean, nngs.null_sd, mutual.null_mean, mutual.null_sd])
    interval = np.empty((0, 0)) if nngs.interval is None else np.asarray(nngs.interval).T
    return {"curve": curve.astype("<f4"), "null": null.astype("<f4"), "interval": interval.astype("<f4")}


def _neighbors(c: Comparison) -> dict[str, UInt[np.ndarray, "n listed"]]:
    """Neighbour lists, cut to what a page can hold."""
    dtype = np.dtype("<u2" if c.n <= 65535 else "<u4")
    most = max(1, NEIGHBOR_BYTES // (c.n * dtype.itemsize))
    x, y = (side.indices[:, :most].astype(dtype) for side in c.neighbors)
    return {"neighbors_x": x, "neighbors_y": y}


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
