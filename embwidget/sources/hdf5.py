"""``.h5`` and ``.h5ad``: HDF5, of plain arrays or as AnnData lays it out."""

from pathlib import Path
from typing import Any

import numpy as np

from embwidget.sources.anndata import anndata_source, is_anndata
from embwidget.sources.damage import needed
from embwidget.sources.groups import arrays_of, group_source
from embwidget.sources.source import Source


def hdf5_source(file: Path) -> Source:
    """The arrays of an HDF5 file; of one that AnnData wrote its ``obsm``, ``obs`` and maps.

    Raises:
        ImportError: h5py is not installed.

    """
    try:
        import h5py
    except ImportError:
        raise needed("h5py", "h5ad", file.name) from None
    whole = h5py.File(file, "r")

    def mapped(array: Any) -> np.ndarray | None:
        """A map of what lies in the file as it is: what is in chunks, packed or not, has no place of its own there."""
        offset = array.id.get_offset()
        plain = array.dtype.kind in "fiu" and not whole.userblock_size and array.size
        if offset is None or not plain or array.external or array.is_virtual:
            return None
        return np.memmap(file, array.dtype, "r", offset, array.shape)

    if is_anndata(whole):
        return anndata_source(whole, file.name, mapped)
    return group_source(arrays_of(whole), "file", file.name, mapped)
