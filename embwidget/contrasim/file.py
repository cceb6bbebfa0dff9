"""A fitted ContraSim as a JSON-ready header and plain arrays, and back."""

from typing import Any

import numpy as np
import torch

from embwidget.contrasim.encoders import Encoder
from embwidget.contrasim.features import Features, RawFeatures, RelativeFeatures

_TUPLES = ("hidden", "negatives")
_PLAIN = ("names_", "n_fit_", "best_step_", "history_", "warnings_")
_ARRAYS = ("known_", "anchors_")


def pack(model: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Header and arrays of a fitted ContraSim; of its rows, hashes and anchors alone."""
    params = dict(model.params_)
    params["device"] = None if params["device"] is None else str(params["device"])
    header: dict[str, Any] = {"params": params, **{name: getattr(model, name) for name in _PLAIN}}
    header["lists"] = [name for name in _TUPLES if isinstance(params[name], list)]
    arrays: dict[str, np.ndarray] = {name: getattr(model, name) for name in _ARRAYS}
    unique = list({id(one): one for one in model.encoders_.values()}.values())
    header["owner"] = [[name, unique.index(one)] for name, one in model.encoders_.items()]
    header["depths"] = [len(one.layers) for one in unique]
    for i, one in enumerate(unique):
        arrays |= {f"encoder.{i}.center": one.center.numpy(), f"encoder.{i}.scale": one.scale.numpy()}
        for j, (weight, bias) in enumerate(one.layers):
            arrays |= {f"encoder.{i}.{j}.weight": weight.numpy(), f"encoder.{i}.{j}.bias": bias.numpy()}
    header["features"] = [[name, one.width] for name, one in model.features_.items()]
    for i, one in enumerate(model.features_.values()):
        if isinstance(one, RelativeFeatures):
            arrays |= {f"features.{i}.mean": one.mean.numpy(), f"features.{i}.anchors": one.anchors.numpy()}
    return header, arrays


def unpack(header: dict[str, Any], arrays: dict[str, np.ndarray]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The constructor's arguments and the fitted attributes from what `pack` made."""
    params = dict(header["params"])
    for name in set(_TUPLES) - set(header.get("lists", ())):  # JSON knows no tuples
        params[name] = tuple(params[name]) if isinstance(params[name], list) else params[name]
    encoders = [_encoder(arrays, i, depth) for i, depth in enumerate(header["depths"])]
    fitted: dict[str, Any] = {name: header[name] for name in _PLAIN} | {name: arrays[name] for name in _ARRAYS}
    fitted |= {
        "names_": tuple(fitted["names_"]),
        "warnings_": tuple(fitted["warnings_"]),
        "history_": tuple((int(step), float(train), float(held)) for step, train, held in fitted["history_"]),
        "encoders_": {name: encoders[i] for name, i in header["owner"]},
        "features_": {name: _features(arrays, i, width) for i, (name, width) in enumerate(header["features"])},
    }
    return params, fitted


def _encoder(arrays: dict[str, np.ndarray], i: int, depth: int) -> Encoder:
    layers = tuple(
        (torch.from_numpy(arrays[f"encoder.{i}.{j}.weight"]), torch.from_numpy(arrays[f"encoder.{i}.{j}.bias"]))
        for j in range(depth)
    )
    center, scale = (torch.from_numpy(arrays[f"encoder.{i}.{name}"]) for name in ("center", "scale"))
    return Encoder(center, scale, layers)


def _features(arrays: dict[str, np.ndarray], i: int, width: int) -> Features:
    if f"features.{i}.mean" not in arrays:
        return RawFeatures(width)
    mean, anchors = (torch.from_numpy(arrays[f"features.{i}.{name}"]) for name in ("mean", "anchors"))
    return RelativeFeatures(mean, anchors)
