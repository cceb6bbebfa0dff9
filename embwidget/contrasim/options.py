"""What ContraSim is given beside the arrays, checked before any training."""

from typing import Any

from embwidget.arrays.options import check_flag, check_one_of, check_real, check_seed, check_share, check_whole
from embwidget.contrasim.loss import LOSSES
from embwidget.contrasim.training import Recipe

HEADS = ("linear", "mlp")
FEATURES = ("raw", "relative")
NEGATIVES = ("examples", "layers")
VALIDATE = ("rows", "networks")
LEAST_NETWORKS = 3
"""Where one of them is held out: two are needed to train on."""


LEAST_ROWS = 50
_MOST = 1e30
"""Of a number that training multiplies by: beyond it, float32 overflows at the first step."""


def check_rows(n: int) -> None:
    """Raise a ValueError where there are too few rows to fit on."""
    if n < LEAST_ROWS:
        raise ValueError(f"expected at least {LEAST_ROWS} rows to fit on but got {n}; add rows, or use a closed form")


def checked_recipe(model: Any, n: int, networks: int, layers: int) -> Recipe:
    """How to train on n rows at so many layers of each of the networks.

    Raises:
        ValueError: a parameter that cannot be, or layers as negatives where there is one.

    """
    negatives = _negatives(model.negatives, layers)
    for name, words in (("head", HEADS), ("features", FEATURES), ("loss", LOSSES), ("validate", VALIDATE)):
        check_one_of(name, getattr(model, name), words)
    for name in ("shared", "standardize"):
        check_flag(name, getattr(model, name))
    least = {"out_dim": 1, "n_anchors": 2, "batch_size": 2, "max_steps": 0, "patience": 1}
    whole = {name: check_whole(name, getattr(model, name), low) for name, low in least.items()}
    check_seed(model.random_state)
    if model.features == "relative" and whole["n_anchors"] > n:
        raise ValueError(f"expected n_anchors of at most the {n} fitted rows but got {model.n_anchors}; ask for fewer")
    real = {name: check_real(name, getattr(model, name), above=0) for name in ("temperature", "lr")}
    real["weight_decay"] = check_real("weight_decay", model.weight_decay, least=0)
    for name, value in real.items():
        if value > _MOST:
            raise ValueError(f"expected {name} to be at most {_MOST:g} but got {getattr(model, name)!r}; lower it")
    column_share = check_share("column_share", model.column_share)
    if column_share < 1 and model.features != "relative":
        raise ValueError(
            f"expected column_share of 1 for raw features but got {model.column_share}; use features='relative'"
        )
    val_fraction = check_share("val_fraction", model.val_fraction, most=0.5, none=True)
    if model.validate == "networks":
        _check_networks(networks, val_fraction)
    return Recipe(
        loss=model.loss,
        negatives=negatives,
        temperature=real["temperature"],
        lr=real["lr"],
        weight_decay=real["weight_decay"],
        batch_size=whole["batch_size"],
        max_steps=whole["max_steps"],
        val_fraction=val_fraction,
        patience=whole["patience"],
        column_share=column_share,
        hold_network=model.validate == "networks",
    )


def layer_widths(model: Any, width: int) -> list[int]:
    """Widths from input to output of the head.

    Raises:
        ValueError: hidden widths that are no whole numbers.

    """
    out_dim = check_whole("out_dim", model.out_dim, 1)
    if model.head == "linear":
        return [width, out_dim]
    if not isinstance(model.hidden, (tuple, list)) or not model.hidden:
        raise ValueError(f"expected hidden to be a tuple of widths, as in (256,), but got {model.hidden!r}")
    return [width, *(check_whole("hidden widths", size, 1) for size in model.hidden), out_dim]


def _check_networks(networks: int, val_fraction: float) -> None:
    if networks < LEAST_NETWORKS:
        raise ValueError(
            f"expected at least {LEAST_NETWORKS} networks for validate='networks', which holds one out, but got "
            f"{networks}; use validate='rows'"
        )
    if not val_fraction:
        raise ValueError("expected val_fraction above 0 for validate='networks' but got 0; raise it")


def _negatives(given: Any, layers: int) -> tuple[str, ...]:
    if not isinstance(given, (tuple, list)) or not given or not all(map(_is_negative, given)):
        raise ValueError(f"expected negatives to be some of {', '.join(NEGATIVES)}, in a tuple, but got {given!r}")
    if "layers" in given and layers < 2:
        raise ValueError(
            "expected several layers of each network for negatives 'layers' but got one; pass groups= (or networks= to "
            "cross_fit)"
        )
    return tuple(name for name in NEGATIVES if name in given)


def _is_negative(one: Any) -> bool:
    return isinstance(one, str) and one in NEGATIVES
