"""Numbers and counts in words, the same in every result."""

from typing import Any

import numpy as np

NONE = "–"
"""In place of a number that is not defined."""


def short_number(value: float) -> str:
    """Three decimals, or two digits of a small number, with a minus sign that is one."""
    size = abs(value)
    return ("−" if value < 0 else "") + (f"{size:.3f}" if size >= 0.0095 or size == 0 else f"{size:.2g}")


def finite(value: Any) -> float | None:
    """The number where it is one, to stand in a plain row; None for NaN, infinity and None."""
    return None if value is None or not np.isfinite(value) else float(value)


def shown(value: Any, form: str = ".3f") -> str:
    """A number in a cell of a table; a dash where there is none."""
    return NONE if finite(value) is None else format(value, form)


def dropped_rows(params: dict[str, Any]) -> list[str]:
    """How many rows had no partner, if any: a part of a provenance."""
    x, y = params["dropped"]
    return [f"rows without a partner dropped: {x} of X, {y} of Y"] if x or y else []


def listed(params: dict[str, Any]) -> str:
    """A provenance of parameters as they are: ``name: value``, one after the other."""
    told = {"seed" if name == "random_state" else name.replace("_", " "): value for name, value in params.items()}
    return "; ".join(f"{name}: {value}" for name, value in told.items()) + "."


def ranges(ks: list[int]) -> str:
    """Sizes in words, runs of them as first … last."""
    parts, begin = [], 0
    for i in range(1, len(ks) + 1):
        if i == len(ks) or ks[i] != ks[i - 1] + 1:
            parts.append(", ".join(map(str, ks[begin:i])) if i - begin < 3 else f"{ks[begin]} … {ks[i - 1]}")
            begin = i
    return ", ".join(parts)
