"""Curves over neighbourhood sizes, or over the steps of a fit, with what chance gives."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Real
from PIL import Image, ImageDraw

from embwidget.widgets.still.ink import CLEAR, LINE, RULE, TEXT, WIDTH, Colour, canvas, write

_HIGH = 190
_LEFT, _RIGHT = 44, 10
_FINE = 2
_TICKS = 6


@dataclass(frozen=True, kw_only=True)
class Line:
    """One curve, which says what it is; ``band`` is drawn to each side of it."""

    title: str
    x: Real[np.ndarray, " m"]
    y: Real[np.ndarray, " m"]
    colour: Colour
    dashed: bool = False
    band: Real[np.ndarray, " m"] | None = None


def draw_curves(lines: Sequence[Line], along: str, cursor: float | None = None, log: bool = True) -> Image.Image | None:
    """The curves in one frame, from 0 up; a rule stands at ``cursor``. None where there is nothing to draw."""
    lines = [one for one in lines if np.isfinite(one.y).any() and len(one.y) > 1]
    if not lines:
        return None
    axes = _Axes(lines, log)
    fine = Image.new("RGBA", (WIDTH * _FINE, _HIGH * _FINE), CLEAR)
    draw = ImageDraw.Draw(fine)
    for one in lines:
        _band(draw, axes, one)
    if cursor is not None:
        at = axes.across(np.array([cursor]))[0]
        draw.line((at, axes.top, at, axes.bottom), fill=(*TEXT, 200), width=_FINE)
    for one in lines:
        _line(draw, axes, one)
    whole = canvas(WIDTH, LINE + _HIGH + LINE + 4)
    whole.paste(fine.reduce(_FINE), (0, LINE))
    _label(whole, axes, lines, along)
    return whole


class _Axes:
    """Where numbers lie in the frame, in fine pixels."""

    def __init__(self, lines: Sequence[Line], log: bool) -> None:
        self.log = log
        x = np.concatenate([one.x for one in lines])
        self.first, self.last = float(x.min()), float(x.max())
        self.low = min(0.0, *(float(np.nanmin(one.y)) for one in lines))
        self.high = max(float(np.nanmax(one.y)) for one in lines) or 1.0
        self.left, self.right = _LEFT * _FINE, (WIDTH - _RIGHT) * _FINE
        self.top, self.bottom = 4 * _FINE, (_HIGH - 2) * _FINE

    def across(self, x: Real[np.ndarray, " m"]) -> Real[np.ndarray, " m"]:
        ends, x = np.array([self.first, self.last], np.float64), np.asarray(x, np.float64)
        if self.log:
            ends, x = np.log(np.maximum(ends, 1e-9)), np.log(np.maximum(x, 1e-9))
        share = (x - ends[0]) / ((ends[1] - ends[0]) or 1.0)
        return np.asarray(self.left + share * (self.right - self.left))

    def down(self, y: Real[np.ndarray, " m"]) -> Real[np.ndarray, " m"]:
        share = (np.asarray(y, np.float64) - self.low) / ((self.high - self.low) or 1.0)
        return np.asarray(self.bottom - np.clip(share, 0, 1) * (self.bottom - self.top))

    def ticks(self) -> list[float]:
        """Whole numbers that are easily read, few enough to stand side by side."""
        if not self.log:
            return [float(round(x)) for x in np.linspace(self.first, self.last, _TICKS)]
        powers = range(int(np.floor(np.log10(max(self.first, 1)))), int(np.log10(max(self.last, 1))) + 1)
        steps = [step * 10.0**power for power in powers for step in (1, 2, 5)]
        return [one for one in steps if self.first <= one <= self.last] or [self.first]


def _line(draw: ImageDraw.ImageDraw, axes: _Axes, one: Line) -> None:
    for part in _whole_parts(one.y):
        points = np.column_stack([axes.across(one.x[part]), axes.down(one.y[part])])
        if not one.dashed:
            draw.line([*map(tuple, points.tolist())], fill=one.colour, width=2 * _FINE, joint="curve")
            continue
        # By length along the curve, not by its points, which may lie close.
        length = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
        for start in np.arange(0, length[-1], 7.0 * _FINE):
            ends = np.array([start, min(start + 4 * _FINE, length[-1])])
            dash = [np.interp(ends, length, points[:, axis]) for axis in (0, 1)]
            draw.line([*zip(*(one.tolist() for one in dash), strict=True)], fill=one.colour, width=_FINE + 1)


def _band(draw: ImageDraw.ImageDraw, axes: _Axes, one: Line) -> None:
    if one.band is None:
        return
    for part in _whole_parts(one.y + one.band):
        x = axes.across(one.x[part])
        low, high = (axes.down(one.y[part] + sign * one.band[part]) for sign in (-1, 1))
        outline = [
            *zip(x.tolist(), high.tolist(), strict=True),
            *zip(x[::-1].tolist(), low[::-1].tolist(), strict=True),
        ]
        if len(outline) > 2:
            draw.polygon(outline, fill=(*one.colour, 70))


def _whole_parts(y: Real[np.ndarray, " m"]) -> list[slice]:
    """Runs of at least two numbers; a score may be withheld between them."""
    known = np.concatenate([[False], np.isfinite(y), [False]])
    starts, stops = np.flatnonzero(~known[:-1] & known[1:]), np.flatnonzero(known[:-1] & ~known[1:])
    return [slice(a, b) for a, b in zip(starts.tolist(), stops.tolist(), strict=True) if b - a > 1]


def _label(whole: Image.Image, axes: _Axes, lines: Sequence[Line], along: str) -> None:
    draw = ImageDraw.Draw(whole)
    bottom = LINE + axes.bottom // _FINE
    draw.line((_LEFT, bottom, WIDTH - _RIGHT, bottom), fill=RULE)
    for tick in axes.ticks():
        at = float(axes.across(np.array([tick]))[0]) / _FINE
        draw.line((at, bottom, at, bottom + 3), fill=RULE)
        write(whole, (min(at, WIDTH - _RIGHT - 8), bottom + 4), f"{tick:,.0f}", 60, "ma")
    write(whole, (0, bottom + 4), along, _LEFT - 6)
    for value in (axes.low, axes.high):
        at = LINE + float(axes.down(np.array([value]))[0]) / _FINE
        write(whole, (_LEFT - 5, min(at, bottom - 5)), f"{value:.3g}", _LEFT - 6, "rm")
    left, room = _LEFT, (WIDTH - _LEFT) // len(lines)
    for one in lines:
        draw.line((left, 7, left + 12, 7), fill=one.colour, width=2)
        write(whole, (left + 17, 1), one.title, room - 24)
        left += room
