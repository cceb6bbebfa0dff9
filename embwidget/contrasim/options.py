"""What ContraSim is given beside the arrays, checked before any training."""

import math
from typing import Any

import numpy as np

from embwidget.arrays.options import (
    check_seed,
    check_whole,
    is_number,
)
from embwidget.contrasim.loss import LOSSES
from embwidget.contrasim.training import Recipe

HEADS = ("linear", "mlp")
FEATURES = ("raw", "relative")
NEGATIVES = ("examples", "layers")


LEAST_ROWS = 50
_MOST = 1e30
"""Of a number that training multiplies by: beyond it, float32 overflows at the first step."""


def check_rows(n: int) -> None:
    """Raise a ValueError where there are too few rows to fit on."""
    if n < LEAST_ROWS:
        raise ValueError(f"expected at least {LEAST_ROWS} rows to fit on but got {n}; add rows, or use a closed form")


def checked_recipe(model: Any, n: int, layers: int) -> Recipe:
    """How to train on n rows at so many layers of each network.

    Raises:
        ValueError: a parameter that cannot be, or layers as negatives where there is one.

    """
    negatives = _negatives(model.negatives, layers)
    for name, words in (("head", HEADS), ("features", FEATURES), ("loss", tuple(LOSSES))):
        if getattr(model, name) not in words:
            raise ValueError(f"expected {name} to be one of {', '.join(words)} but got {getattr(model, name)!r}")
    for name in ("shared", "standardize"):
        if not isinstance(getattr(model, name), (bool, np.bool_)):
            raise ValueError(f"expected {name} to be True or False but got {getattr(model, name)!r}")
    least = {"out_dim": 1, "n_anchors": 2, "batch_size": 2, "max_steps": 0, "patience": 1}
    for name, low in least.items():
        check_whole(name, getattr(model, name), low)
    check_seed(model.random_state)
    if model.features == "relative" and model.n_anchors > n:
        raise ValueError(f"expected n_anchors of at most the {n} fitted rows but got {model.n_anchors}; ask for fewer")
    for name in ("temperature", "lr"):
        if not is_number(getattr(model, name)) or not 0 < getattr(model, name) < math.inf:
            raise ValueError(f"expected {name} to be a number above 0 but got {getattr(model, name)!r}")
    if not is_number(model.weight_decay) or not 0 <= model.weight_decay < math.inf:
        raise ValueError(f"expected weight_decay to be a number of at least 0 but got {model.weight_decay!r}")
    for name in ("temperature", "lr", "weight_decay"):
        if getattr(model, name) > _MOST:
            raise ValueError(f"expected {name} to be at most {_MOST:g} but got {getattr(model, name)!r}; lower it")
    if not is_number(model.val_fraction) or not 0 <= model.val_fraction <= 0.5:
        raise ValueError(f"expected val_fraction to be a share in 0 … 0.5 but got {model.val_fraction!r}")
    return Recipe(
        loss=model.loss,
        negatives=negatives,
        temperature=float(model.temperature),
        lr=float(model.lr),
        weight_decay=float(model.weight_decay),
        batch_size=int(model.batch_size),
        max_steps=int(model.max_steps),
        val_fraction=float(model.val_fraction),
        patience=int(model.patience),
    )


def layer_widths(model: Any, width: int) -> list[int]:
    """Widths from input to output of the head.

    Raises:
        ValueError: hidden widths that are no whole numbers.

    """
    if model.head == "linear":
        return [width, model.out_dim]
    if not isinstance(model.hidden, (tuple, list)) or not model.hidden:
        raise ValueError(f"expected hidden to be a tuple of widths, as in (256,), but got {model.hidden!r}")
    for size in model.hidden:
        check_whole("hidden widths", size, 1)
    return [width, *model.hidden, model.out_dim]


def _negatives(given: Any, layers: int) -> tuple[str, ...]:
    if not isinstance(given, (tuple, list)) or not given or not all(map(_is_negative, given)):
        raise ValueError(f"expected negatives to be some of {', '.join(NEGATIVES)}, in a tuple, but got {given!r}")
    if "layers" in given and layers < 2:
        raise ValueError("expected several layers of each network for negatives 'layers' but got one; pass groups=")
    return tuple(name for name in NEGATIVES if name in given)


def _is_negative(one: Any) -> bool:
    return isinstance(one, str) and one in NEGATIVES
