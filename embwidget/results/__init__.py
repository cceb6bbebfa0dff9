"""What all results share: their base, their words, their card, their files, which rows they are of."""

from embwidget.results.result import Result

__all__ = ["Result"]
