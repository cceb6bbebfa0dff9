"""Nearest neighbours, exact or approximate, and what two lists of them share."""

from embwidget.neighbors.recall import RECALL_QUERIES, recall_interval, sample_rows
from embwidget.neighbors.search import EXACT_ITEMS, METHODS, METRICS, Neighbors, choose_method, knn

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
