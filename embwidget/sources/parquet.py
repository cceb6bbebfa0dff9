"""``.parquet``: a file or several, one column at a time, batch by batch."""

from collections.abc import Iterator, Sequence
from typing import Any

from embwidget.sources.damage import needed, told_of
from embwidget.sources.source import Source
from embwidget.sources.tables import table_source

_BATCH_BYTES = 16 << 20
_BATCH_ROWS = 65_536
_READ_BYTES = 1 << 20


def parquet_source(files: Sequence[str], name: str, filesystem: Any = None) -> Source:
    """The table in these files, in their order.

    Raises:
        ImportError: pyarrow is not installed.
        ValueError: files of unlike columns.

    """
    try:
        from pyarrow import parquet
    except ImportError:
        raise needed("pyarrow", "arrow", name) from None

    def opened(file: str) -> Any:
        with told_of(file):
            # Otherwise all of a column is fetched before the first of its rows is there.
            return parquet.ParquetFile(file, filesystem=filesystem, pre_buffer=False, buffer_size=_READ_BYTES)

    schema: Any = None
    n = 0
    for file in files:
        with opened(file) as one:
            n += one.metadata.num_rows
            if schema is not None and not schema.equals(one.schema_arrow):
                raise ValueError(
                    f"expected the same columns in all files of {name} but {file} has {_columns(one.schema_arrow)} and "
                    f"{files[0]} {_columns(schema)}; open those that belong together"
                )
            schema = schema or one.schema_arrow

    def batches(column: str) -> Iterator[Any]:
        for file in files:
            with opened(file) as one, told_of(file):
                rows = _batch_rows(one, column)
                for group in range(one.num_row_groups):
                    for batch in one.iter_batches(rows, row_groups=[group], columns=[column], use_threads=False):
                        yield batch.column(0)

    return table_source(schema, n, batches, name)


def _batch_rows(file: Any, column: str) -> int:
    """Rows of a batch of some megabytes: so many values has a row, eight bytes each at most."""
    groups, places = file.metadata, [i for i, one in enumerate(file.schema) if one.path.split(".")[0] == column]
    values = sum(groups.row_group(0).column(i).num_values for i in places) if groups.num_row_groups else 0
    wide = max(1, values // max(1, groups.row_group(0).num_rows if groups.num_row_groups else 1))
    return int(max(1, min(_BATCH_ROWS, _BATCH_BYTES // (4 * wide))))


def _columns(schema: Any) -> str:
    return ", ".join(f"{field.name} ({field.type})" for field in schema)
