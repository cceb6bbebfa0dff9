"""to_html(result): a result, or views of several, as one file that opens anywhere."""

import os
from pathlib import Path
from typing import Any

from embwidget.contrasim.result import LearnedSimilarity
from embwidget.results.result import Result
from embwidget.results.whole_file import whole_file
from embwidget.show import show
from embwidget.widgets.sent.carried import Shown
from embwidget.widgets.sent.page import write_page
from embwidget.widgets.views import OF, VIEWS
from embwidget.work.fitting import Fitting

_DOORS = tuple(VIEWS.values())
# Of single items, which colour the maps of another result.
_WITHOUT_A_VIEW = (LearnedSimilarity,)


def to_html(shown: Any, path: str | os.PathLike[str] | None = None, *, title: str | None = None) -> Any:
    """One HTML file with the views of a result, as they are in a notebook: linked, with their pictures.

    It needs no kernel and no network, and loads nothing: code, numbers and pictures are inside. What Python would
    compute is not offered. Pictures are the small ones, and larger ones of the items that lead; of more than 20,000
    items the leading ones, and others spread evenly over the rest.

    Args:
        shown: a result, shown in its natural view and as a table (as a table alone where it has no view); a view, as
            it stands (its k, its selection); or a list of these, one below the other. Views that are linked in the
            notebook are linked in the file.
        path: where to write it; it appears whole or not at all. None returns the text.
        title: of the page; by default the names of the spaces.

    Returns:
        The path, or the text.

    Raises:
        TypeError: neither a result nor a view; or what is still being fitted.
        ValueError: an empty list, or a view of what is still being fitted.
        OSError: the file cannot be written.

    Example:
        >>> import embwidget as ew, numpy as np
        >>> X = np.random.default_rng(0).normal(size=(20, 4))
        >>> page = to_html(ew.compare(X, X[:, :3], k=5, progress=False))
        >>> page.startswith("<!doctype html>"), "src=" in page
        (True, False)
    """
    several = _checked(shown)
    own = [show(one) if _has_view(one) else None for one in several]
    try:
        doors = [one if isinstance(one, _DOORS) else door for one, door in zip(several, own, strict=True)]
        views = [Shown(scene=one.scene, kind=one.kind, options=one.options) for one in doors if one is not None]
        text = write_page(views, [one for one in several if isinstance(one, Result)], title)
    finally:
        for door in own:
            if door is not None:
                door.close()
    if path is None:
        return text
    with whole_file(path) as partial:
        partial.write_text(text, encoding="utf-8")
    return Path(path)


def _checked(shown: Any) -> list[Any]:
    several = [*shown] if isinstance(shown, list | tuple) else [shown]
    if not several:
        raise ValueError("expected at least one result or view but got an empty list")
    for one in several:
        if isinstance(one, Fitting):
            raise TypeError(f"expected a result but got a fit that is {one.status}; give what its result() returns")
        if not isinstance(one, (Result, *_DOORS)):
            raise TypeError(
                f"expected a result of embwidget, a view of one, or a list of these but got {type(one).__name__}"
            )
    return several


def _has_view(one: Any) -> bool:
    return isinstance(one, tuple(OF)) and not isinstance(one, _WITHOUT_A_VIEW)
