"""The two files that a command is about: their arguments, and how they are opened."""

import argparse
import sys
from typing import Any

import embwidget as ew
from embwidget.cli.parser import whole

FILES = "any file that embwidget.open reads: .npy .npz .safetensors .parquet .arrow .zarr .lance .h5ad .faiss, a URI"
_SIDES = ("old", "new")


def add_spaces(parser: argparse.ArgumentParser) -> None:
    """The two files, and which of their columns are what."""
    parser.add_argument("old", metavar="OLD", help=FILES)
    parser.add_argument("new", metavar="NEW", help="the same items; joined by ids where both files have some")
    parser.add_argument("--seed", dest="random_state", type=whole, metavar="N", help="of everything random (0)")
    told = parser.add_argument_group("columns, and what the rows are")
    for side in _SIDES:
        name = side.upper()
        told.add_argument(f"--column-{side}", metavar="NAME", help=f"which column or array of {name} is the embedding")
        told.add_argument(f"--ids-{side}", metavar="NAME", help=f"which column of {name} names its rows")
    told.add_argument("--items", metavar="FILE", help="a table with labels, texts of the rows of OLD, by ids or order")
    told.add_argument("--labels", metavar="NAME", help="which column of OLD, or of --items, has labels")
    told.add_argument("--texts", metavar="NAME", help="which column of OLD, or of --items, has texts")
    told.add_argument("--names", metavar="NAME", nargs=2, default=_SIDES, help="what to call the two (old new)")


def opened(given: argparse.Namespace) -> tuple[Any, Any]:
    """Both, as `embwidget.open` gives them."""
    described = {"labels": given.labels, "texts": given.texts} if given.items is None else {}
    old = ew.open(given.old, column=given.column_old, ids=given.ids_old, **described)
    return old, ew.open(given.new, column=given.column_new, ids=given.ids_new)


def items_of(given: argparse.Namespace, old: Any) -> dict[str, Any]:
    """As an argument of a verb: what the rows of the old file are, where another file says it."""
    if given.items is None:
        return {}
    from embwidget.sources.described import described_rows

    return {"items": described_rows(given.items, old, labels=given.labels, texts=given.texts)}


def on_a_terminal() -> bool:
    """Whether somebody looks on: progress is for them alone."""
    return sys.stderr.isatty()
