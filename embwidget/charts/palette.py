"""The colours of the views, as they are on a light page: what is of one number has one colour, drawn or on a screen.

`js/src/page/palette.ts` and `base.css` hold the same; Okabe and Ito (2008), viridis for ordered values.
"""

import numpy as np

CLASSES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#2f94cf", "#5b4bb7", "#6b6b6b")
"""Of classes, the largest first."""

OTHER = "#929292"
KEPT, ONLY_X, ONLY_Y = "#006f50", "#a84c00", "#0068a8"
"""Neighbours kept; what only X has, or was lost; what only Y has, or was gained."""

ALL, CHANCE, RUNS = "#404040", "#6b6b6b", "#7b2d91"
"""Lines of all items, of random pairings and of re-runs: in the views the first two are tones of the page's ink."""

BELOW, ABOVE = "#1b7837", "#7b2d91"
"""Ends of what lies on both sides of 0."""

VIRIDIS = (
    "#440154",
    "#482878",
    "#3e4a89",
    "#31688e",
    "#26828e",
    "#1f9e89",
    "#35b779",
    "#6ece58",
    "#b5de2b",
    "#fde725",
)
_REACH = 0.92
"""Share of viridis that is used: the yellow end sinks into white."""


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of a colour, 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def agreement(share: float) -> str:
    """The colour of a value from the least alike (0, dark) to the most (1, yellow)."""
    at = min(1.0, max(0.0, share)) * _REACH * (len(VIRIDIS) - 1)
    known = np.array([channels(one) for one in VIRIDIS])
    mixed = [round(float(np.interp(at, range(len(VIRIDIS)), column))) for column in known.T]
    return "#" + "".join(f"{one:02x}" for one in mixed)


AGREEMENT = tuple(agreement(share) for share in np.linspace(0, 1, 10))
"""The same in steps, for a scale."""


def is_light(colour: str) -> bool:
    """Whether what stands on a colour is read better in black than in white."""
    r, g, b = channels(colour)
    return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255 > 0.45
