"""``.npy``: one array, mapped."""

from pathlib import Path

import numpy as np

from embwidget.arrays.reading.gathered import Gathered
from embwidget.sources.source import Source, extents


def npy_source(file: Path) -> Source:
    """The array of a ``.npy``, as a memory map: no value is read. Pickled ones are refused."""
    rows = np.load(file, mmap_mode="r", allow_pickle=False)
    return Source(
        kind="file",
        parts="arrays",
        vectors={"": extents(rows.shape)},
        rows=lambda _: Gathered(rows, f"{file.name} is mapped, not read."),
    )
