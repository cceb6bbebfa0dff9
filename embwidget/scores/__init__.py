"""A score, its distance from chance, and its error."""

from embwidget.scores.score import Score

__all__ = [
    "Score",
]
