"""Which part of a file is the embedding, and which name, label, describe and show its rows."""

from typing import Any

from embwidget.sources.source import Source

ROLES = ("ids", "labels", "texts", "images")
_USUAL = {
    "ids": ("id", "ids", "_id", "uuid", "key", "item_id", "__index_level_0__"),
    "labels": ("label", "labels", "class", "category", "cell_type"),
    "texts": ("text", "texts", "document", "sentence", "caption", "content"),
    "images": ("image", "images", "picture", "thumbnail"),
}


def check_names(given: dict[str, Any]) -> None:
    """Raise a TypeError where one of these is neither None nor the name of a part of a file."""
    for option, name in given.items():
        if name is not None and not isinstance(name, str):
            raise TypeError(
                f"expected {option} to be the name of a column but got {type(name).__name__}; values of your own go "
                "to the verb itself: compare(..., items=Items(...), ids=(..., ...))"
            )


def chosen_vectors(source: Source, column: str | None, file: str) -> str:
    """The name of the embedding: the one asked for, else the only one.

    Raises:
        ValueError: no such name, one that holds no vectors, none, or several.

    """
    names = list(source.vectors)
    if names == [""]:
        if column is not None:
            raise ValueError(
                f"expected no column for {file}, which holds one array, but got column={column!r}; leave it out"
            )
        return ""
    if column in names:
        return str(column)
    if column is None and len(names) == 1:
        return names[0]
    if not names:
        raise ValueError(
            f"expected vectors in {file} but {source.listed()}, none of them vectors of numbers; embed the items "
            "first, or where each dimension is a column of its own pass the table's number columns to the verb itself"
        )
    told = f"pass column={names[0]!r}" if len(names) == 1 else " or ".join(f"column={one!r}" for one in names[:5])
    if column is not None:
        which = ", which holds no vectors" if column in source.described else ""
        raise ValueError(
            f"expected the name of vectors in {file} but got column={column!r}{which}; {_tail(source, told)}"
        )
    shapes = ", ".join(f"{name} ({shape})" for name, shape in list(source.vectors.items())[:5])
    raise ValueError(f"expected one embedding in {file} but got {len(names)}: {shapes}; {_tail(source, told)}")


def chosen_fields(source: Source, asked: dict[str, str | None], file: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """The field of each of `ROLES` that has one, asked for or by its usual name; and what there is to say of it.

    Raises:
        ValueError: no such field.

    """
    found: dict[str, str] = {}
    said = []
    for role in ROLES:
        name = asked[role]
        if name is not None and name not in source.described:
            which = ", which is no single value a row" if name in source.vectors else ""
            raise ValueError(
                f"expected {role} to name a part of {file} but got {role}={name!r}{which}; {source.listed()}"
            )
        usual = [name] if name is not None else _usual(source, role)
        if len(usual) == 1:
            found[role] = usual[0]
            said += [] if name is not None else [f"{role} are {usual[0]!r} of {file}."]
        elif usual:
            said.append(f"{role} of {file} may be {' or '.join(map(repr, usual))}: pass {role}= to say which.")
    return found, tuple(said)


def _usual(source: Source, role: str) -> list[str]:
    if role == "ids" and source.ids is not None:
        return [source.ids]
    fields = source.pictures if role == "images" else {*source.described} - source.pickled
    return [name for name in source.described if name in fields and name.casefold() in _USUAL[role]]


def _tail(source: Source, told: str) -> str:
    return f"{source.listed()}: {told if told.startswith('pass') else f'pass {told}'}"
