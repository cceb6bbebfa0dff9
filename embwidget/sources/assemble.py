"""An opened space of what a source holds."""

from typing import Any

import numpy as np

from embwidget.arrays.ids import listed_ids
from embwidget.arrays.reading.opened import Opened
from embwidget.items.items import Items
from embwidget.sources.choose import ROLES, chosen_fields, chosen_vectors
from embwidget.sources.source import Source, extents


def assembled(source: Source, asked: dict[str, str | None], file: str, path: str) -> Opened:
    """The embedding of a source and what describes its rows; ``asked`` has a name or None of the column and of `ROLES`.

    Raises:
        TypeError, ValueError: names of what is not there, vectors of unlike widths or of several axes, no rows, ids
            asked for that repeat or are missing.

    """
    column = chosen_vectors(source, asked["column"], file)
    fields, said = chosen_fields(source, {role: asked[role] for role in ROLES}, file)
    # Names are few beside numbers: what cannot be read of them is known before the rows are decoded.
    values: dict[str, Any] = {role: source.values(field) for role, field in fields.items()}
    rows, put = source.rows(column)
    _check_shape(rows, column, file)
    for role, listed in values.items():
        if len(listed) != len(rows):
            raise ValueError(
                f"expected one of {fields[role]!r} for each of the {len(rows):,} rows in {file} but got "
                f"{len(listed):,}; leave {role}= out of it, or write the file anew"
            )
    values["ids"], doubt = _ids(values.get("ids"), len(rows), fields.get("ids", ""), asked["ids"] is not None)
    maps = source.maps()
    if maps is not None and len(maps) != len(rows):
        raise ValueError(
            f"expected a map of the {len(rows):,} rows in {file} but got one of {len(maps):,}; write the file anew"
        )
    described = any(values.get(role) is not None for role in ROLES[1:])
    return Opened(
        rows=rows,
        ids=values["ids"],
        items=Items(**values) if described else None,
        maps=maps,
        notes=tuple(one for one in (put, *source.notes, *(doubt or said)) if one),
        path=path,
    )


def _check_shape(rows: np.ndarray, column: str, file: str) -> None:
    part = f"{column!r} of {file}" if column else file
    if rows.dtype.hasobject or rows.dtype.names:
        raise ValueError(
            f"expected plain numbers in {part} but got dtype {rows.dtype}; save one vector of numbers a row"
        )
    if rows.ndim != 2:
        pooled = "pool the tokens to one vector an item" if rows.ndim > 2 else "save one vector a row"
        raise ValueError(
            f"expected one vector a row (items × dimensions) in {part} but got {extents(rows.shape)}; {pooled}"
        )
    if not rows.size:
        raise ValueError(f"expected at least one row in {part} but got {extents(rows.shape)}")


def _ids(listed: Any, n: int, field: str, asked: bool) -> tuple[tuple[Any, ...] | None, tuple[str, ...]]:
    """The ids as they are joined by; those that nobody asked for and that name no rows are left out, and it is said."""
    if listed is None:
        return None, ()
    try:
        return tuple(listed_ids(listed, n, field)), ()
    except (TypeError, ValueError) as error:
        if asked:
            raise
        return None, (f"{field!r} was not taken as ids: {error}.",)
