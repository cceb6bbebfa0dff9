"""``.arrow``, ``.feather``, and folders of Hugging Face's datasets: what is one piece and not packed is mapped."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from embwidget.arrays.reading.arrow import arrow_rows
from embwidget.arrays.reading.gathered import Gathered
from embwidget.sources.damage import needed, told_of
from embwidget.sources.source import Source
from embwidget.sources.tables import table_source

_FILE, _OLD_FEATHER = b"ARROW1", b"FEA1"


def arrow_source(files: Sequence[Path], name: str) -> Source:
    """The table in these files, in their order.

    Raises:
        ImportError: pyarrow is not installed.
        ValueError: files of unlike columns, or of feather's first version.

    """
    try:
        import pyarrow as pa
    except ImportError:
        raise needed("pyarrow", "arrow", name) from None
    schema: Any = None
    n = 0
    for file in files:
        with told_of(file.name), _reader(pa, file) as one:
            n += one.count_rows() if hasattr(one, "count_rows") else sum(len(batch) for batch in _batches(one))
            if schema is not None and not schema.equals(one.schema):
                raise ValueError(
                    f"expected the same columns in all files of {name} but {file.name} and {files[0].name} have unlike "
                    "ones; open those that belong together"
                )
            schema = schema or one.schema

    def batches(column: str) -> Iterator[Any]:
        for file in files:
            with told_of(file.name), _reader(pa, file, schema.names.index(column)) as one:
                yield from (batch.column(column) for batch in _batches(one))

    def whole(column: str) -> Gathered | None:
        if len(files) > 1:
            return None
        with told_of(name):
            found = _mapped(pa, files[0], column, name)
        return None if found is None else Gathered(found, f"{column!r} of {name} is mapped, not read.")

    return table_source(schema, n, batches, name, whole=whole)


def dataset_files(folder: Path) -> list[Path]:
    """The files of a folder that Hugging Face's datasets have saved, in the order of its rows.

    Raises:
        ValueError: several datasets, or rows that are not those of the files.

    """
    if (splits := folder / "dataset_dict.json").is_file():
        names = json.loads(splits.read_text())["splits"]
        raise ValueError(
            f"expected one dataset in {folder.name} but got {len(names)}, {', '.join(names)}; open one of them: "
            f"{str(folder / names[0])!r}"
        )
    state = json.loads((folder / "state.json").read_text())
    if state.get("_indices_data_files") or state.get("_indices_files"):
        raise ValueError(
            f"expected the rows of {folder.name} in the order of its files but they are picked by a list; save it with "
            "dataset.flatten_indices().save_to_disk(path)"
        )
    files = [folder / Path(one["filename"]).name for one in state["_data_files"]]
    if missing := [file.name for file in files if not file.is_file()]:
        raise ValueError(f"expected the files of {folder.name} but {missing[0]} is not there; fetch the folder again")
    return files


def _reader(pa: Any, file: Path, field: int | None = None, source: Any = None) -> Any:
    """A reader of a file or of a stream, of one field alone if it is given."""
    with file.open("rb") as raw:
        magic = raw.read(6)
    if magic.startswith(_OLD_FEATHER):
        raise ValueError(
            f"expected {file.name} as Arrow's file but got feather's first version; write it anew: "
            "pyarrow.feather.write_feather(pyarrow.feather.read_table(path), path)"
        )
    options = pa.ipc.IpcReadOptions(included_fields=None if field is None else [field], use_threads=False)
    kind = pa.ipc.open_file if magic == _FILE else pa.ipc.open_stream
    return kind(pa.memory_map(str(file)) if source is None else source, options=options)


def _batches(reader: Any) -> Iterator[Any]:
    if not hasattr(reader, "num_record_batches"):
        return iter(reader)
    return (reader.get_batch(i) for i in range(reader.num_record_batches))


def _mapped(pa: Any, file: Path, column: str, name: str) -> np.ndarray | None:
    """A map of a column's values, where they lie in the file as they are and in one piece; else None."""
    source = pa.memory_map(str(file))
    size = source.size()
    # Where the file begins in memory, by which its values' own places are places in the file.
    first = source.read_buffer(size).address
    source.seek(0)
    # Of a reader of one field Arrow makes copies.
    with _reader(pa, file, source=source) as reader:
        pieces = list(islice((batch.column(column) for batch in _batches(reader) if len(batch)), 2))
    if len(pieces) != 1 or pieces[0].null_count:
        return None
    rows = arrow_rows(pieces[0], name)
    offset = rows.__array_interface__["data"][0] - first
    if rows.ndim != 2 or not rows.size or not 0 <= offset <= size - rows.nbytes:
        return None
    return np.memmap(file, rows.dtype, "r", offset, rows.shape)
