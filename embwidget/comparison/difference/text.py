"""The plain words of a paired difference: better, worse, or no difference seen, and what would have been seen."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from embwidget.results.card import Column
from embwidget.results.words import shown

BETTER, WORSE, NONE_SEEN = "better", "worse", "no difference seen"


def finding(found: Any) -> str:
    """Which is better and by how much, or that nothing was seen; always with what this sample would have shown."""
    a, b = found.names
    by = f"by {found.title}{'' if found.k is None else f' at k = {found.k}'}"
    of = "" if found.reference is None else f" to {found.reference}"
    if np.isnan(found.value):
        return f"No difference of {a} and {b} {by}: a score could not be computed."
    low, high = found.interval
    size = f"{signed(found.value)}, 95 % interval {signed(low)} to {signed(high)}"
    if np.isnan(low):
        return f"No difference seen between {a} and {b} {by}: {signed(found.value)}, without an interval."
    if found.params["same"]:
        return f"{a} and {b} are the same: no difference {by}, and none that other items could show."
    if found.word == NONE_SEEN:
        return f"No difference seen between {a} and {b}{_near(found)} {by} ({size}); {seen(found.detectable)}."
    if found.reference is None:
        return f"{b} is {found.word} than {a} {by} ({size}); {seen(found.detectable)}."
    nearer = "nearer" if found.word == BETTER else "less near"
    return f"{b} is {nearer}{of} than {a} {by}: {found.word} ({size}); {seen(found.detectable)}."


def _near(found: Any) -> str:
    return "" if found.reference is None else f" in how near they are to {found.reference}"


def seen(size: float) -> str:
    """The smallest difference that would have been seen, in words."""
    return f"a difference of {short(size)} would have been seen in 80 of 100 such samples"


def short(value: float) -> str:
    """Three decimals, or the first two digits of a small number, never in powers of ten."""
    size = abs(value)
    return f"{size:.3f}" if size >= 0.01 or size == 0 else f"{size:.{min(8, 1 - int(np.floor(np.log10(size))))}f}"


def signed(value: float) -> str:
    """`short`, with its sign."""
    return ("" if value == 0 else "−" if value < 0 else "+") + short(value)


def table_rows(found: Any) -> list[dict[str, Any]]:
    """The difference as a plain row."""
    low, high = found.interval
    return [
        {
            "measure": found.measure,
            "title": found.title,
            "k": found.k,
            found.names[0]: found.value_a,
            found.names[1]: found.value_b,
            "difference": found.value,
            "low": low,
            "high": high,
            "p": found.p,
            "detectable": found.detectable,
            "word": found.word,
        }
    ]


def columns(found: Any) -> Iterable[Column]:
    """The difference as it is shown."""
    low, high = found.interval
    yield Column(title="measure", cells=[found.title], kind="text")
    yield Column(title=found.names[0], cells=[shown(found.value_a)])
    yield Column(title=found.names[1], cells=[shown(found.value_b)])
    yield Column(title="difference", cells=[shown(found.value, "+.4f")])
    yield Column(title="95 % interval", cells=[f"{shown(low, '+.4f')} – {shown(high, '+.4f')}"])
    yield Column(title="p", cells=[shown(found.p, ".2g")])
    hint = "the smallest that 80 of 100 such samples would have seen"
    yield Column(title="detectable", cells=[shown(found.detectable, ".4f")], hint=hint)
