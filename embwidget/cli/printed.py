"""A result on a terminal: its sentence, its table, what to know before believing it."""

import os
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from embwidget.cli.parser import safe_line

if TYPE_CHECKING:
    from embwidget.results.card import Column

_WIDEST = 48


def tell(result: Any, *, reasons: Iterable[str] = (), table: bool = True) -> None:
    """All of it in plain lines, to stdout."""
    columns = [*result._columns()] if table else []
    say([result.sentence, *reasons])
    say(table_lines(columns))
    say([*(f"⚠ {warning}" for warning in result.warnings), result.provenance])


def say(lines: Iterable[str]) -> None:
    """Lines to stdout; a reader who has gone changes nothing of the exit status."""
    try:
        for line in lines:
            print(line if line.startswith(" ") else safe_line(line))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def table_lines(columns: "list[Column]") -> Iterator[str]:
    """A table as text: numbers to the right, words to the left, each line begun by two spaces.

    Example:
        >>> from embwidget.results.card import Column
        >>> found = [Column(title="measure", cells=["NNGS"], kind="name"), Column(title="value", cells=["0.5"])]
        >>> [*table_lines(found)]
        ['  measure  value', '  NNGS       0.5']

    """
    from embwidget.texts.letters import shorten

    cells = [[shorten(safe_line(text), _WIDEST) for text in (one.title, *one.cells)] for one in columns]
    widths = [max(map(len, one)) for one in cells]
    if not columns or len(cells[0]) < 2:
        return
    for row in zip(*cells, strict=True):
        placed = (
            text.rjust(width) if column.kind == "number" else text.ljust(width)
            for text, width, column in zip(row, widths, columns, strict=True)
        )
        yield ("  " + "  ".join(placed)).rstrip()
