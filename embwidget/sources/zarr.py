"""``.zarr``: an array in chunks, a group of arrays, or AnnData in one."""

from pathlib import Path

from embwidget.sources.anndata import anndata_source, is_anndata
from embwidget.sources.damage import needed
from embwidget.sources.groups import arrays_of, group_source
from embwidget.sources.source import Source


def zarr_source(folder: Path) -> Source:
    """The array, or the arrays of the group, in a folder; read by whole chunks.

    Raises:
        ImportError: zarr is not installed.

    """
    try:
        import zarr
    except ImportError:
        raise needed("zarr", "zarr", folder.name) from None
    opened = zarr.open(str(folder), mode="r")
    if hasattr(opened, "shape"):
        return group_source({"": opened}, "file", folder.name)
    if is_anndata(opened):
        return anndata_source(opened, folder.name)
    return group_source(arrays_of(opened), "group", folder.name)
