"""A fitted ContraSim as a JSON-ready header and plain arrays, and back."""

from typing import Any

import numpy as np
import torch

from embwidget.contrasim.encoders import Encoder
from embwidget.contrasim.features import Features, RawFeatures, RelativeFeatures
from embwidget.contrasim.fitted_encoders import FittedEncoders
from embwidget.results.record import tuples

_TUPLES = ("hidden", "negatives")
_PLAIN = ("names", "n_fit", "best_step", "history", "warnings")
_ARRAYS = ("known", "anchors")


def pack(fit: FittedEncoders) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Header and arrays of a fitted ContraSim; of its rows, hashes and anchors alone."""
    params = dict(fit.params)
    params["device"] = None if params["device"] is None else str(params["device"])
    header: dict[str, Any] = {"params": params, **{f"{name}_": getattr(fit, name) for name in _PLAIN}}
    header["lists"] = [name for name in _TUPLES if isinstance(params[name], list)]
    arrays: dict[str, np.ndarray] = {f"{name}_": getattr(fit, name) for name in _ARRAYS}
    unique = list({id(one): one for one in fit.encoders.values()}.values())
    header["owner"] = [[name, unique.index(one)] for name, one in fit.encoders.items()]
    header["depths"] = [len(one.layers) for one in unique]
    for i, one in enumerate(unique):
        arrays |= {f"encoder.{i}.center": one.center.numpy(), f"encoder.{i}.scale": one.scale.numpy()}
        for j, (weight, bias) in enumerate(one.layers):
            arrays |= {f"encoder.{i}.{j}.weight": weight.numpy(), f"encoder.{i}.{j}.bias": bias.numpy()}
    header["features"] = [[name, one.width] for name, one in fit.features.items()]
    for i, features in enumerate(fit.features.values()):
        if isinstance(features, RelativeFeatures):
            arrays |= {f"features.{i}.mean": features.mean.numpy(), f"features.{i}.anchors": features.anchors.numpy()}
    return header, arrays


def unpack(header: dict[str, Any], arrays: dict[str, np.ndarray]) -> tuple[dict[str, Any], FittedEncoders]:
    """The constructor's arguments and the fit from what `pack` made; parameters are those that the file holds."""
    params = dict(header["params"])
    for name in set(_TUPLES) - set(header.get("lists", ())):  # JSON knows no tuples
        params[name] = tuple(params[name]) if isinstance(params[name], list) else params[name]
    encoders = [_encoder(arrays, i, depth) for i, depth in enumerate(header["depths"])]
    return params, FittedEncoders(
        names=tuples(header["names_"]),
        n_fit=header["n_fit_"],
        known=arrays["known_"],
        params=params,
        warnings=tuples(header["warnings_"]),
        encoders={name: encoders[i] for name, i in header["owner"]},
        features={name: _features(arrays, i, width) for i, (name, width) in enumerate(header["features"])},
        anchors=arrays["anchors_"],
        history=tuple((int(step), float(train), float(held)) for step, train, held in header["history_"]),
        best_step=header["best_step_"],
    )


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
