"""Compare two embeddings of the same items, by their neighbourhoods, and look at where they differ."""

# ruff: noqa: F403, F405

import importlib
from typing import TYPE_CHECKING, Any

from embwidget.cli.began import began_by_command

if TYPE_CHECKING:
    from embwidget.public import *

__all__ = [
    "Alignment",
    "Audit",
    "Cluster",
    "Comparison",
    "ComparisonMatrix",
    "ContraSim",
    "Difference",
    "Fitting",
    "Items",
    "LayerComparison",
    "LearnedSimilarity",
    "Moments",
    "Neighbors",
    "Opened",
    "Pair",
    "RetrievalComparison",
    "RidgeCCA",
    "Same",
    "Score",
    "SpectralComparison",
    "SpriteSheet",
    "Thresholds",
    "align",
    "audit",
    "bandwidth_sweep",
    "charts",
    "compare",
    "compare_layers",
    "compare_many",
    "compare_retrieval",
    "datasets",
    "difference",
    "difference_of",
    "doctor",
    "from_records",
    "knn",
    "load",
    "measures",
    "median_bandwidth",
    "open",
    "paired",
    "playground",
    "random_fourier_features",
    "same",
    "show",
    "sources",
    "spec",
    "spec_path",
    "tasks",
    "thresholds",
    "to_html",
    "widgets",
]

__version__: str

_LAZY = ("charts", "sources", "widgets")
# Public name: the room that has it, and what it is called there.
_IN_ROOMS = {
    "Opened": ("sources", "Opened"),
    "doctor": ("checks", "doctor"),
    "from_records": ("sources", "from_records"),
    "open": ("sources", "open_space"),
    "to_html": ("report", "to_html"),
}


def __getattr__(name: str) -> Any:
    # Charts need altair and widgets need the built bundle: neither may slow or break `import embwidget`.
    if name in _LAZY:
        return importlib.import_module(f"embwidget.{name}")
    if name in _IN_ROOMS:
        room, inside = _IN_ROOMS[name]
        return getattr(importlib.import_module(f"embwidget.{room}"), inside)
    if "compare" not in globals() and name in {*__all__, "__version__"}:
        _hand_out()
        return globals()[name]
    raise AttributeError(f"module 'embwidget' has no attribute {name!r}")


def _hand_out() -> None:
    """Every name that is not lazy, as if it had been imported here."""
    public = importlib.import_module("embwidget.public")
    held = {name: getattr(public, name) for name in __all__ if hasattr(public, name)}
    globals().update(held, __version__=public.VERSION)


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY, *_IN_ROOMS})


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "embwidget"}]


# A command answers --help without torch, and asks for the names when it comes to work.
if not began_by_command():
    _hand_out()
