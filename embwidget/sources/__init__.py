"""Opened files: rows and what is known of them, of whatever format, as one thing that every verb takes."""

from embwidget.arrays.reading.opened import Opened
from embwidget.sources.described import described_rows
from embwidget.sources.open import open_space
from embwidget.sources.records import from_records

__all__ = [
    "Opened",
    "described_rows",
    "from_records",
    "open_space",
]
