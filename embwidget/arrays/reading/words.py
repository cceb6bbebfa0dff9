"""How an input is called in code that a message hands out."""

from collections.abc import Sequence


def several_columns(name: str, columns: Sequence[str], picked: str | None, numbers: Sequence[str] = ()) -> TypeError:
    """The error for a table of more than numbers: which of its columns to pass.

    ``picked`` is the code that follows the table where one of them holds vectors.
    """
    shown = ", ".join(map(repr, columns[:5])) + (", …" if len(columns) > 5 else "")
    told = f"expected {name} as one column of vectors, or columns of numbers, but got a table of {shown}"
    if picked is not None:
        return TypeError(f"{told}; pass {in_code(name)}{picked}")
    if not numbers:
        return TypeError(f"{told}, none of them numbers; embed the texts first, and pass one vector a row")
    return TypeError(f"{told}; pass {in_code(name)}.select({list(numbers)!r})")


def in_code(name: str) -> str:
    """The expression that stands for an input: its name, its place among the spaces, or ``rows`` for what has neither.

    Example:
        >>> in_code("X"), in_code("'first'"), in_code("the map of X")
        ('X', "spaces['first']", 'rows')

    """
    if name[:1] in "'\"":  # names of a mapping's spaces come in quotes
        return f"spaces[{name}]"
    return name if name.isidentifier() else "rows"


def for_numpy(name: str, device: str) -> str:
    """The expression that NumPy takes of an input on that device.

    Example:
        >>> for_numpy("X", "cpu"), for_numpy("X", "cuda")
        ('X', 'X.cpu()')

    """
    return in_code(name) if device == "cpu" else f"{in_code(name)}.cpu()"
