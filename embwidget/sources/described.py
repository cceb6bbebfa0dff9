"""What the rows of an opened space are, where a file of its own says it."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from embwidget.arrays.ids import listed_ids
from embwidget.arrays.reading.opened import Opened
from embwidget.items.items import Items
from embwidget.sources.choose import check_names, chosen_fields
from embwidget.sources.damage import told_of
from embwidget.sources.open import source_of
from embwidget.sources.place import found_files


def described_rows(
    path: str | os.PathLike[str], space: Opened, *, ids: Any = None, labels: Any = None, texts: Any = None
) -> Items:
    """The items of a file, which needs no vectors, for each row of a space: by ids if both have some, else by place.

    Args:
        path: any file here that `open_space` reads.
        space: the rows that are described.
        ids, labels, texts: which columns say so; by default those of the usual names.

    Raises:
        FileNotFoundError: there is no such file.
        TypeError, ValueError: a format that is not read, a damaged file, one that describes nothing, ids without a
            description, or another number of rows.

    Example:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp(), "items.npz")
        >>> np.savez(file, id=["b", "a"], label=["dog", "cat"])
        >>> described_rows(file, Opened(rows=np.ones((2, 3)), ids=("a", "b"))).labels.tolist()
        ['cat', 'dog']

    """
    asked = {"ids": ids, "labels": labels, "texts": texts, "images": None}
    check_names(asked)
    name = Path(path).name
    with told_of(name):
        source = source_of(found_files(os.fspath(path)), name)
        fields, _ = chosen_fields(source, asked, name)
        values: dict[str, Any] = {role: source.values(field) for role, field in fields.items()}
    if not values.keys() - {"ids"}:
        raise ValueError(
            f"expected labels, texts or images in {name} but {source.listed()}; call one of them label or text, or "
            "say which it is"
        )
    named = values.pop("ids", None)
    items = Items(**values)
    if named is not None and space.ids is not None:
        return items.take(_places(listed_ids(named, len(named), fields["ids"]), space, name))
    _check_number(len(next(iter(values.values()))), space, name)
    return items


def _places(named: Any, space: Opened, name: str) -> np.ndarray:
    """Where in the file the description of each row stands."""
    place = {one: i for i, one in enumerate(named)}
    missing = [one for one in space.ids or () if one not in place]
    if missing:
        raise ValueError(
            f"expected a row in {name} for each id of {space.path} but {len(missing):,} have none, the first "
            f"{missing[0]!r}; add them"
        )
    return np.array([place[one] for one in space.ids or ()], np.int64)


def _check_number(listed: int, space: Opened, name: str) -> None:
    if listed != len(space):
        raise ValueError(
            f"expected a row in {name} for each of the {len(space):,} rows of {space.path} but got {listed:,}; give "
            "both files ids, or as many rows"
        )
