"""What callers are told about their input beside the result: as a Python warning, at their own line."""

import sys
import warnings
from collections.abc import Iterable

_OURS = {"embwidget", "jaxtyping", "beartype", "contextlib"}


class InputWarning(UserWarning):
    """What was given was taken, but probably not as it was meant, or not in the type that it came in."""


def tell(notes: Iterable[str]) -> None:
    """Warn of each, as from the line of the caller's that called the package."""
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).split(".")[0] in _OURS:
        frame, level = frame.f_back, level + 1
    for note in notes:
        warnings.warn(note, InputWarning, stacklevel=level)
