"""The built browser code."""

import os
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parents[2] / "static"

_WATCHED = "ANYWIDGET_HMR"
"""Where this variable is 1, open views follow each new build; see anywidget's words on hot module replacement."""


def bundle(name: str) -> str | Path:
    """A built file of the widgets: its text, or, where it is watched, its path.

    A path makes anywidget keep every widget for good, since each is told when the file changes.

    Raises:
        FileNotFoundError: the browser code has not been built.
    """
    path = STATIC / name
    if not path.is_file():
        raise FileNotFoundError(
            f"expected the widgets' browser code at embwidget/static/{name} but it is not there. In a checkout, build "
            "it with `npm ci && npm run build:widgets`; otherwise install a released embwidget again, which carries it."
        )
    return path if os.environ.get(_WATCHED) == "1" else _text(path)


@cache
def _text(path: Path) -> str:
    # By its end of line anywidget tells a text of one line from a path.
    return path.read_text(encoding="utf-8").rstrip() + "\n"
