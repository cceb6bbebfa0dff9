"""How an input is called in code that a message hands out."""


def in_code(name: str) -> str:
    """The expression that stands for an input: its name, its place among the spaces, or ``rows`` for what has neither.

    Example:
        >>> in_code("X"), in_code("'first'"), in_code("the map of X")
        ('X', "spaces['first']", 'rows')

    """
    if name[:1] in "'\"":  # names of a mapping's spaces come in quotes
        return f"spaces[{name}]"
    return name if name.isidentifier() else "rows"
