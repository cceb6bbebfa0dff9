"""Whatever holds embeddings comes in here, and leaves as checked rows."""

from embwidget.arrays.blocks import DEVICES, full_precision, resolve_device, row_blocks, take_rows
from embwidget.arrays.checks import MINIMUM_ITEMS, check_finite, check_ks, check_nonzero_rows, check_range
from embwidget.arrays.matrix import as_matrix
from embwidget.arrays.pair import Pair, paired
from embwidget.arrays.reading.notes import InputWarning
from embwidget.work.progress import Progress

__all__ = [
    "DEVICES",
    "MINIMUM_ITEMS",
    "InputWarning",
    "Pair",
    "Progress",
    "as_matrix",
    "check_finite",
    "check_ks",
    "check_nonzero_rows",
    "check_range",
    "full_precision",
    "paired",
    "resolve_device",
    "row_blocks",
    "take_rows",
]
