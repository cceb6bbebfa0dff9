"""Where the built browser code lies."""

from pathlib import Path

STATIC = Path(__file__).parents[2] / "static"


def bundle(name: str) -> Path:
    """Path of a built file of the widgets.

    Raises:
        FileNotFoundError: the browser code has not been built.
    """
    path = STATIC / name
    if not path.is_file():
        raise FileNotFoundError(
            f"expected the widgets' browser code at embwidget/static/{name} but it is not there. In a checkout, build "
            "it with `npm ci && npm run build:widgets`; otherwise install a released embwidget again, which carries it."
        )
    return path
