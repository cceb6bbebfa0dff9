"""Which measures a comparison has unless asked otherwise, and which of them its table begins with."""

from collections.abc import Sequence

from embwidget.measures.table import MEASURES

PANEL = (*(name for name, record in MEASURES.items() if record.needs == "neighbors"), "cka", "procrustes", "rsa")
LEADING = ("mutual_knn", "nngs", "cka")
"""What a table begins with; the others of the panel are asked for."""
_ALL_SHOWN = 4


def leading(measures: Sequence[str]) -> list[str]:
    """Of these, in their order: all where they are few, else the leading ones and what a caller added.

    Example:
        >>> leading(PANEL), leading(["rsa", "nngs"])
        (['mutual_knn', 'nngs', 'cka'], ['rsa', 'nngs'])

    """
    first = [name for name in measures if name in LEADING or name not in PANEL]
    return first if len(measures) > _ALL_SHOWN and first else list(measures)
