"""Spaces as maps side by side: their items as points, the selected ones in rings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, UInt8
from PIL import Image

from embwidget.widgets.still.ink import CLASSES, CLEAR, LINE, OTHER, RULE, TEXT, WIDTH, canvas, write

MOST = 50_000
"""Points that are drawn: of more, so many spread evenly."""

_GAP, _EDGE = 12, 8
_FINE = 2
"""Each pixel is drawn as so many a side, and then made one."""


@dataclass(frozen=True, kw_only=True)
class Points:
    """Places and colours of the items on one map, and which of them are selected."""

    title: str
    places: Float[np.ndarray, "n two"]
    colours: UInt8[np.ndarray, "n three"]
    selected: Int[np.ndarray, " m"]


def draw_maps(maps: Sequence[Points], shared: bool = False) -> Image.Image:
    """Square maps in a row, each beneath its title; ``shared`` where they have one frame."""
    side = (WIDTH - _GAP * (len(maps) - 1)) // len(maps)
    whole = canvas(WIDTH, side + LINE + 2)
    frames = [_frame(one.places) for one in maps]
    if shared:
        low, high = (np.stack(ends) for ends in zip(*frames, strict=True))
        frames = [(low.min(0), high.max(0))] * len(maps)
    for at, (one, frame) in enumerate(zip(maps, frames, strict=True)):
        left = at * (side + _GAP)
        write(whole, (left, 0), one.title, side)
        whole.paste(_map(one, frame, side), (left, LINE + 2))
    return whole


def class_colours(codes: Int[np.ndarray, " n"]) -> UInt8[np.ndarray, "n three"]:
    """The largest classes in colours of their own, the others grey; a code below 0 is none."""
    sizes = np.bincount(codes[codes >= 0], minlength=1)
    paints = np.full((len(sizes) + 1, 3), OTHER, np.uint8)
    largest = np.argsort(-sizes, kind="stable")[: len(CLASSES)]
    paints[largest] = CLASSES[: len(largest)]
    return paints[codes]


def _frame(places: Float[np.ndarray, "n two"]) -> tuple[np.ndarray, np.ndarray]:
    """The corners of what is drawn: a few points far out are left at the rim."""
    known = places[np.isfinite(places).all(1)]
    if not len(known):
        return np.zeros(2), np.ones(2)
    low, high = np.percentile(known, [0.2, 99.8], axis=0)
    return low.astype(np.float64), high.astype(np.float64)


def _map(one: Points, frame: tuple[np.ndarray, np.ndarray], side: int) -> Image.Image:
    size = side * _FINE
    paper = np.full((size, size, 4), CLEAR, np.uint8)
    paper[:_FINE], paper[-_FINE:], paper[:, :_FINE], paper[:, -_FINE:] = (RULE,) * 4
    pixels = _pixels(one.places, frame, size)
    n = len(pixels)
    rows = np.arange(n) if n <= MOST else np.linspace(0, n - 1, MOST).astype(np.intp)
    rows = rows[(pixels[rows] >= 0).all(1)]
    radius = 4 if n <= 600 else 3 if n <= 8000 else 2
    chosen = one.selected[(pixels[one.selected] >= 0).all(1)]
    _splat(paper, pixels[rows], one.colours[rows], radius)
    _splat(paper, pixels[chosen], np.broadcast_to(np.array(TEXT, np.uint8), (len(chosen), 3)), radius + 5)
    _splat(paper, pixels[chosen], one.colours[chosen], radius + 2)
    return Image.fromarray(paper, "RGBA").reduce(_FINE)


def _pixels(
    places: Float[np.ndarray, "n two"], frame: tuple[np.ndarray, np.ndarray], size: int
) -> Int[np.ndarray, "n two"]:
    """Column and line of each point, up is up; -1 where there is no place."""
    low, high = frame
    room = size - 2 * _EDGE * _FINE
    span = float((high - low).max()) or 1.0
    known = np.isfinite(places)
    steps = (np.where(known, places, 0) - (low + high) / 2) / span * room + size / 2
    steps[:, 1] = size - steps[:, 1]
    edge = _EDGE * _FINE // 2
    return np.where(known.all(1)[:, None], np.clip(steps, edge, size - 1 - edge), -1).astype(np.intp)


def _splat(paper: UInt8[np.ndarray, "h w 4"], at: np.ndarray, colours: np.ndarray, radius: int) -> None:
    """A disc at each place; a point lies wholly over those before it, near enough."""
    reach = np.arange(-radius, radius + 2)
    for down in reach:
        for across in reach[reach**2 + down**2 <= (radius + 0.3) ** 2]:
            lines = np.clip(at[:, 1] + down, 0, paper.shape[0] - 1)
            columns = np.clip(at[:, 0] + across, 0, paper.shape[1] - 1)
            paper[lines, columns, :3] = colours
            paper[lines, columns, 3] = 255
