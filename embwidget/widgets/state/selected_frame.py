"""The selected items as a table, with what a comparison says of each."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Int

from embwidget.comparison.result import Comparison
from embwidget.items.items import Items


def selected_frame(
    rows: Int[np.ndarray, " m"], items: Items, c: Comparison | None, k: int, selections: Mapping[str, Any]
) -> Any:
    """A pandas DataFrame of ``rows``; see `SelectingScene.selected_frame`."""
    import pandas as pd

    columns: dict[str, Any] = {"row": rows}
    if items.ids is not None:
        columns["id"] = [items.ids[row] for row in rows.tolist()]
    if items.labels is not None:
        columns["label"] = items.labels[rows].astype(object)
    if items.texts is not None:
        columns["text"] = [items.texts[row] for row in rows.tolist()]
    if c is not None:
        shared = c.counts[:, int(np.searchsorted(c.ks, k))]
        measured = {f"kept@{k}": shared, "agreement": c.item_agreement, f"p@{k}": c.item_p(k)}
        columns |= {name: _of_rows(values, rows) for name, values in measured.items()}
    # A name is the user's: it may be that of a column.
    columns |= {f"in {name}": np.isin(rows, own) for name, own in selections.items()}
    return pd.DataFrame(columns)


def _of_rows(values: Any, rows: Int[np.ndarray, " m"]) -> Any:
    """NaN for items that are drawn as neighbours of a sample, of which they are none."""
    scored = rows < len(values)
    if scored.all():
        return values[rows]
    return np.where(scored, np.asarray(values, float)[np.where(scored, rows, 0)], np.nan)
