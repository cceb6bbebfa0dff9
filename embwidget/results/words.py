"""Numbers and counts in words, the same in every result."""

from typing import Any


def short_number(value: float) -> str:
    """Three decimals, or two digits of a small number, with a minus sign that is one."""
    size = abs(value)
    return ("−" if value < 0 else "") + (f"{size:.3f}" if size >= 0.0095 or size == 0 else f"{size:.2g}")


def dropped_rows(params: dict[str, Any]) -> list[str]:
    """How many rows had no partner, if any: a part of a provenance."""
    x, y = params["dropped"]
    return [f"rows without a partner dropped: {x} of X, {y} of Y"] if x or y else []
