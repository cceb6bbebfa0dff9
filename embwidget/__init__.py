"""Compare two embeddings of the same items, by their neighbourhoods, and look at where they differ."""

import importlib
from importlib import metadata
from typing import Any

from embwidget import datasets, measures
from embwidget.arrays import Pair, paired
from embwidget.compare import Comparison, compare
from embwidget.items import Items, SpriteSheet
from embwidget.measures import Score
from embwidget.neighbors import Neighbors, knn
from embwidget.show import show

try:
    __version__ = metadata.version("embwidget")
except metadata.PackageNotFoundError:  # a source tree that is on the path but not installed
    __version__ = "0+unknown"

__all__ = [
    "Comparison",
    "Items",
    "Neighbors",
    "Pair",
    "Score",
    "SpriteSheet",
    "charts",
    "compare",
    "datasets",
    "knn",
    "measures",
    "paired",
    "show",
    "widgets",
]

_LAZY = ("charts", "widgets")


def __getattr__(name: str) -> Any:
    # Charts need altair and widgets need the built bundle: neither may slow or break `import embwidget`.
    if name in _LAZY:
        return importlib.import_module(f"embwidget.{name}")
    raise AttributeError(f"module 'embwidget' has no attribute {name!r}")


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "embwidget"}]
