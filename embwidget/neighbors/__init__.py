"""Nearest neighbours, exact or approximate, and what two lists of them share."""

from embwidget.neighbors.search import (
    EXACT_ITEMS,
    METHODS,
    METRICS,
    RECALL_QUERIES,
    Neighbors,
    choose_method,
    knn,
    recall_interval,
    sample_rows,
)

__all__ = [
    "EXACT_ITEMS",
    "METHODS",
    "METRICS",
    "RECALL_QUERIES",
    "Neighbors",
    "choose_method",
    "knn",
    "recall_interval",
    "sample_rows",
]
