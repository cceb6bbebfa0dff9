"""What a notebook shows of a result, as HTML: its sentence, its notes, its table, its provenance."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape as _escape
from typing import Literal

from embwidget.texts.clean import clean


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table: a title, a cell for each row, and what a pointer at the title is told.

    ``kind`` says where cells stand: numbers to the right as the notebook has them, ``"text"`` to the left, and
    ``"name"`` as the heading of its row.
    """

    title: str
    cells: Iterable[str]
    hint: str = ""
    kind: Literal["number", "text", "name"] = "number"


def card(sentence: str, warnings: Iterable[str], columns: Iterable[Column], provenance: str, figure: str = "") -> str:
    """All of it in one ``div``, every text escaped; no table where there are no rows.

    ``figure`` is HTML that stands beneath the sentence as it is.

    Example:
        >>> card("A < B.", ["few rows"], [], "seed: 0.")
        '<div><p><strong>A &lt; B.</strong></p><p>⚠ few rows</p><p><small>seed: 0.</small></p></div>'

    """
    notes = "".join(f"<p>⚠ {escape(warning)}</p>" for warning in warnings)
    return (
        f"<div><p><strong>{escape(sentence)}</strong></p>{figure}{notes}{_table([*columns])}"
        f"<p><small>{escape(provenance)}</small></p></div>"
    )


def escape(text: str) -> str:
    """The text as HTML holds it."""
    return _escape(clean(text))


def _table(columns: list[Column]) -> str:
    rows = [*zip(*(map(escape, one.cells) for one in columns), strict=True)]
    if not rows:
        return ""
    head = "".join(_head(one) for one in columns)
    body = "".join(
        f"<tr>{''.join(_cell(one, text) for one, text in zip(columns, row, strict=True))}</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _head(column: Column) -> str:
    hint = f" title='{escape(column.hint)}'" if column.hint else ""
    return f"<th{hint}>{escape(column.title)}</th>"


def _cell(column: Column, escaped: str) -> str:
    if column.kind == "name":
        return f"<th>{escaped}</th>"
    left = " style='text-align:left'" if column.kind == "text" else ""
    return f"<td{left}>{escaped}</td>"
