"""Queries against two corpora: what each model retrieves, what both do, and which of them answers better."""

from embwidget.retrieval.compare_retrieval import compare_retrieval
from embwidget.retrieval.means import Curve
from embwidget.retrieval.relevance import Relevance
from embwidget.retrieval.result import RetrievalComparison
from embwidget.retrieval.scores import MEASURES

__all__ = ["MEASURES", "Curve", "Relevance", "RetrievalComparison", "compare_retrieval"]
