"""Settings of a ContraSim: those of the paper's released code, and those for layers of networks not seen."""

from typing import Any

from embwidget.arrays.options import check_one_of

_OF_BOTH: dict[str, Any] = {
    "head": "mlp",
    "hidden": (512, 256),
    "out_dim": 128,
    "shared": True,
    "loss": "supcon",
    "lr": 1e-4,
    "batch_size": 1024,
    "val_fraction": 0.0,
    "standardize": False,
}
_OF_EACH: dict[str, dict[str, Any]] = {
    # 50 passes over 10,000 words, ten batches each; 30 over 10,000 pairs, nine whole batches each.
    "layer": {"negatives": ("layers",), "weight_decay": 5e-4, "max_steps": 500},
    "pairs": {"negatives": ("examples",), "weight_decay": 0.0, "max_steps": 270},
}

OF_LAYERS: dict[str, Any] = {
    "features": "relative",
    "n_anchors": 192,
    "out_dim": 128,
    "negatives": ("examples", "layers"),
    "loss": "supcon",
    "max_steps": 500,
    "patience": 15,
    "column_share": 0.5,
    "validate": "networks",
}
"""The loss on a network held out goes up and down by more than that on rows, hence the patience."""


def paper_settings(kind: Any) -> dict[str, Any]:
    """Parameters of a ContraSim for the paper's ``"layer"`` prediction, or for its ``"pairs"``.

    Raises:
        ValueError: another kind.

    """
    check_one_of("kind", kind, _OF_EACH)
    return {**_OF_BOTH, **_OF_EACH[kind]}
