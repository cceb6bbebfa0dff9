"""The plain words of whether coordinates are the same: the finding and the table."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from embwidget.results.card import Column


def finding(found: Any) -> str:
    """Yes, with how exact; or no, with how many rows, how far, and what was done to them."""
    old, new = found.names
    most = float(np.max(found.relative))
    if found:
        return (
            f"The same coordinates: every one of {found.n:,} rows of {new} is within {found.tolerance:.2g} of its "
            f"length of that of {old}, the farthest {most:.2g}."
        )
    one, other = found.params["widths"]
    if one != other:
        return f"Not the same: {old} has {one} columns and {new} {other}; {found.said}."
    least, apart = float(np.min(found.cosine)), int((~found.within).sum())
    return (
        f"Not the same: {apart:,} of {found.n:,} rows of {new} lie farther than {found.tolerance:.2g} of their length "
        f"from those of {old}, the farthest {most:.2g} (cosine down to {least:.4f}): {found.said}."
    )


def columns(worst: list[dict[str, Any]]) -> Iterable[Column]:
    """The worst rows as they are shown."""
    yield Column(title="item", cells=[f"{row['item']}" for row in worst], kind="name")
    yield Column(title="text", cells=[row["text"] for row in worst], kind="text")
    yield Column(title="cosine", cells=[f"{row['cosine']:.6f}" for row in worst], hint="of its old and its new row")
    hint = "length of the difference over that of the row"
    yield Column(title="relative", cells=[f"{row['relative']:.2g}" for row in worst], hint=hint)
    hint = "largest difference of one coordinate"
    yield Column(title="largest", cells=[f"{row['largest']:.2g}" for row in worst], hint=hint)
