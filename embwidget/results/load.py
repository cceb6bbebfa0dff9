"""load(path): a saved result of whatever kind."""

import os
from collections.abc import Iterator
from inspect import isabstract
from typing import Any

from embwidget.results.archive import read_kind
from embwidget.results.result import Result


def load(path: str | os.PathLike[str]) -> Result:
    """Read what the ``save`` of any result wrote, whatever its kind and however the file is called.

    Files called ``name.embw`` open in JupyterLab by a double click; their content is that of ``.npz``. Nothing in a
    file is run, and a pickle is never opened.

    Args:
        path: of the file.

    Returns:
        The result, as ``load`` of its own class gives it: without the embeddings.

    Raises:
        OSError: there is no such file.
        ValueError: the file is none that a result wrote, is of a newer version, or is not as it was written.

    Example:
        >>> import pathlib, tempfile, embwidget as ew, numpy as np
        >>> X = np.random.default_rng(0).normal(size=(20, 4))
        >>> file = pathlib.Path(tempfile.mkdtemp(), "one.embw")
        >>> ew.same(X, X).save(file)
        >>> ew.load(file)
        Same(...)

    """
    kind = read_kind(path)
    known = {one.__name__: one for one in _kinds(Result)}
    if kind not in known:
        raise ValueError(
            f"expected a kind of result that this embwidget knows, one of {', '.join(sorted(known))}, but got "
            f"{kind!r}; upgrade embwidget"
        )
    return known[kind].load(path)


def _kinds(base: type[Any]) -> Iterator[type[Result]]:
    for one in base.__subclasses__():
        if not isabstract(one):
            yield one
        yield from _kinds(one)
