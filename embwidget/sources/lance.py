"""``.lance``: a dataset in its folder, its newest version, one column at a time, batch by batch."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from embwidget.sources.damage import needed
from embwidget.sources.source import Source
from embwidget.sources.tables import table_source

_BATCH_BYTES = 16 << 20
_BATCH_ROWS = 65_536
_WIDE = 1024
"""Values a row that are reckoned with where the type does not tell."""
_AHEAD_BYTES = 64 << 20
VERSIONS = "_versions"


def lance_source(folder: Path) -> Source:
    """The table in this folder, its rows in their order.

    Raises:
        ImportError: pylance is not installed.
        ValueError: the folder holds no dataset.

    """
    try:
        import lance
    except ImportError:
        raise needed("pylance", "lance", folder.name) from None
    if not (folder / VERSIONS).is_dir():
        raise ValueError(
            f"expected a dataset of Lance's in {folder.name} but got a folder without {VERSIONS}; write it with "
            "lance.write_dataset(table, path)"
        )
    dataset = lance.dataset(str(folder))

    def batches(column: str) -> Iterator[Any]:
        # By default gigabytes are read ahead of what is asked for.
        scan: dict[str, Any] = {
            "scan_in_order": True,
            "batch_readahead": 2,
            "fragment_readahead": 1,
            "io_buffer_size": _AHEAD_BYTES,
        }
        rows = _batch_rows(dataset.schema.field(column).type)
        for batch in dataset.scanner(columns=[column], batch_size=rows, **scan).to_batches():
            yield batch.column(0)

    return table_source(dataset.schema, dataset.count_rows(), batches, folder.name)


def _batch_rows(kind: Any) -> int:
    """Rows of a batch of some megabytes, of eight bytes a value at most."""
    wide = max(1, getattr(kind, "list_size", _WIDE))
    return int(max(1, min(_BATCH_ROWS, _BATCH_BYTES // (8 * wide))))
