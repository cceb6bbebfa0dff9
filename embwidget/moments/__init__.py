"""Second moments of rows: exact, mergeable over blocks, of one space and of two."""

from embwidget.arrays.products import symmetric_product
from embwidget.moments.moments import Moments

__all__ = [
    "Moments",
    "symmetric_product",
]
