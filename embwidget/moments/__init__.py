"""Second moments of rows: exact, mergeable over blocks, of one space and of two."""

from embwidget.moments.moments import Moments, symmetric_product

__all__ = [
    "Moments",
    "symmetric_product",
]
