"""open(path): the rows of a file and what it says of them, whatever its format."""

import os
import tempfile
import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from embwidget.arrays.reading.opened import Opened
from embwidget.sources.arrow_file import arrow_source, dataset_files
from embwidget.sources.assemble import assembled
from embwidget.sources.choose import check_names
from embwidget.sources.damage import told_of
from embwidget.sources.faiss_index import index_file, index_source, is_index
from embwidget.sources.hdf5 import hdf5_source
from embwidget.sources.lance import VERSIONS, lance_source
from embwidget.sources.npy import npy_source
from embwidget.sources.npz import npz_source
from embwidget.sources.parquet import parquet_source
from embwidget.sources.place import fetched, filesystem, found_files, is_uri
from embwidget.sources.safetensors import safetensors_source
from embwidget.sources.source import Source
from embwidget.sources.zarr import zarr_source

_FILES: dict[str, Callable[[Path], Source]] = {
    ".npy": npy_source,
    ".npz": npz_source,
    ".safetensors": safetensors_source,
    ".h5ad": hdf5_source,
    ".h5": hdf5_source,
    ".hdf5": hdf5_source,
    ".faiss": index_file,
    ".index": index_file,
}
_TABLES = {".parquet": "parquet", ".pq": "parquet", ".arrow": "arrow", ".feather": "arrow", ".ipc": "arrow"}
_KNOWN = ", ".join((*_FILES, *_TABLES, ".zarr", ".lance"))
_REMEDIES = {
    ".pt": "it may hold code: save it with safetensors.torch.save_file, or numpy.save(path, tensor.numpy())",
    ".csv": "pass pandas.read_csv(path) with its number columns alone to the verb itself",
    ".lance": "it is a part of a dataset: open the folder that holds _versions",
}
_REMEDIES |= dict.fromkeys((".pth", ".bin", ".ckpt", ".pkl", ".pickle"), _REMEDIES[".pt"])
_REMEDIES |= dict.fromkeys((".tsv", ".txt", ".json", ".jsonl"), _REMEDIES[".csv"].replace("read_csv", "read_…"))


def open_space(
    path: Any,
    *,
    column: Any = None,
    ids: Any = None,
    labels: Any = None,
    texts: Any = None,
    images: Any = None,
) -> Opened:
    """Open an embedding in a file: its rows, its ids, and what it says that they are; for any verb, as X, Y or a space.

    ``.npy``, ``.safetensors`` and what is not packed in ``.npz``, ``.arrow``, ``.feather`` and ``.h5ad`` are memory
    maps: nothing is copied. ``.parquet`` (a file, a pattern of files or a folder), ``.zarr``, ``.lance`` and what is
    packed are decoded once, block by block, into memory if they take at most a quarter of what is free, else into
    temporary disk. Folders of Hugging Face's datasets and faiss' indexes (quantised ones say so) are read too; nothing
    is unpickled.
    ``compare(ew.open("old.parquet"), ew.open("new.parquet"))`` joins the two by their ids.

    Args:
        path: a path, a pattern as ``"part-*.parquet"``, a URI that fsspec reads (a single file is fetched first), or an
            index of faiss'.
        column: which column, array, tensor or entry of ``obsm`` is the embedding; needed where there are several.
        ids: which column names the rows; by default the only one called ``id``, ``uuid`` or the like.
        labels, texts, images: which columns say what the rows are; by default those of the usual names.

    Returns:
        `Opened`, of ``(n, d)`` rows in the type of the file (bfloat16 as float32).

    Raises:
        FileNotFoundError: there is no such file.
        ImportError: the library of the format is not installed; the message has the command.
        TypeError, ValueError: a format that is not read, a damaged or pickled file, no or several columns of vectors,
            vectors of unlike widths, columns that are not there.
        OSError: no room on disk for what is decoded.

    Example:
        >>> import numpy as np, tempfile
        >>> file = Path(tempfile.mkdtemp(), "clip.npz")
        >>> np.savez(file, image=np.ones((4, 2), np.float32), label=["cat", "cat", "dog", "dog"])
        >>> found = open_space(file)
        >>> found, found.items
        (Opened('clip.npz', n=4, d=2, float32, items), Items(n=4, labels=2))

    """
    asked = {"column": column, "ids": ids, "labels": labels, "texts": texts, "images": images}
    check_names(asked)
    if is_index(path):
        with told_of("the index"):
            return assembled(index_source(path, "the index"), asked, "the index", "index")
    if not isinstance(path, str | os.PathLike):
        raise TypeError(
            f"expected a path, a pattern or a URI but got {type(path).__name__}; arrays go to the verb as they are, "
            "and records of a vector store to from_records"
        )
    text = os.fspath(path)
    text = text.decode() if isinstance(text, bytes) else text
    if is_uri(text):
        return _elsewhere(text, asked)
    return _opened(found_files(text), Path(text).name, asked)


def _opened(files: list[Path], name: str, asked: dict[str, str | None]) -> Opened:
    with told_of(name):
        return assembled(source_of(files, name), asked, name, name)


def _elsewhere(uri: str, asked: dict[str, str | None]) -> Opened:
    files, path = filesystem(uri)
    name = path.rstrip("/").rsplit("/", 1)[-1]
    with told_of(name):
        if set("*?[") & set(path) or _TABLES.get(Path(name).suffix) == "parquet":
            # Of a table only what is asked for is fetched.
            found = sorted(files.glob(path)) if set("*?[") & set(path) else [path]
            if not found or not files.exists(found[0]):
                raise FileNotFoundError(f"expected a file or a pattern of files but there is none at {uri!r}")
            return assembled(parquet_source(found, name, files), asked, name, uri)
        folder = tempfile.TemporaryDirectory(prefix="embwidget-")
        opened = _opened([fetched(files, path, folder)], name, asked)
    weakref.finalize(opened.rows, folder.cleanup)
    return replace(opened, path=uri, notes=(*opened.notes, f"{name} was fetched from {uri}."))


def source_of(files: Sequence[Path], name: str) -> Source:
    """What the file, the folder or several files hold, by how they end or what lies in them."""
    first = files[0]
    if len(files) == 1 and first.is_dir():
        return _folder(first)
    ends = {file.suffix.lower() for file in files}
    if len(ends) > 1:
        raise ValueError(
            f"expected files of one format for {name} but got {', '.join(sorted(ends))}; give a pattern of one"
        )
    end = ends.pop()
    if end in _TABLES:
        return _table(files, name, _TABLES[end])
    if end not in _FILES:
        raise ValueError(f"expected a file ending in {_KNOWN} but got {name!r}; {_REMEDIES.get(end, 'save it as one')}")
    if len(files) > 1:
        raise ValueError(
            f"expected one file ending in {end} but {name} matches {len(files)}; only .parquet and .arrow are read as "
            "the parts of one table"
        )
    return _FILES[end](first)


def _table(files: Sequence[Path], name: str, kind: str) -> Source:
    source = arrow_source(files, name) if kind == "arrow" else parquet_source([str(one) for one in files], name)
    many = f"{name} is {len(files):,} files, read in the order of their names."
    return replace(source, notes=(*source.notes, many)) if len(files) > 1 else source


def _folder(folder: Path) -> Source:
    held = {one.name for one in folder.iterdir()}
    if folder.suffix == ".zarr" or held & {"zarr.json", ".zarray", ".zgroup"}:
        return zarr_source(folder)
    if held & {"state.json", "dataset_dict.json"}:
        return arrow_source(dataset_files(folder), folder.name)
    if folder.suffix == ".lance" or VERSIONS in held:
        return lance_source(folder)
    for end, kind in _TABLES.items():
        inside = sorted(one for one in folder.rglob(f"*{end}") if not one.name.startswith((".", "_")))
        if inside:
            return _table(inside, folder.name, kind)
    raise ValueError(
        f"expected a folder of .parquet or .arrow files, a .zarr, a .lance or a saved dataset but {folder.name!r} "
        f"holds {', '.join(sorted(held)[:5]) or 'nothing'}; open one of its files"
    )
