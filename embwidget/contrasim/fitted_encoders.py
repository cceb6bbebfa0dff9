"""What a ContraSim's fit found: encoders and features of each space, which further spaces can be given to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from embwidget.arrays.blocks import full_precision, resolve_device
from embwidget.arrays.checks import check_values
from embwidget.arrays.matrix import as_matrix
from embwidget.arrays.row_hashes import known_rows, merged
from embwidget.contrasim.encoders import Encoder, in_blocks, untrained
from embwidget.contrasim.features import Features, RelativeFeatures
from embwidget.contrasim.fitted import Fitted


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class FittedEncoders(Fitted):
    """Encoders and features by space, the anchors of the features, and the course of the training."""

    encoders: dict[str, Encoder]
    features: dict[str, Features]
    anchors: Int[np.ndarray, " a"]
    history: tuple[tuple[int, float, float], ...]
    best_step: int

    def with_spaces(self, spaces: Any, device: Any) -> "FittedEncoders":
        """The same that also knows other spaces, of which it is given the fitted rows.

        Raises:
            TypeError, ValueError: see `embwidget.ContraSim.with_spaces`.

        """
        if self.params["features"] != "relative":
            raise ValueError("expected features='relative' to take in further spaces but got 'raw'; fit it with those")
        if not isinstance(spaces, Mapping):
            raise TypeError(f"expected spaces as {{name: array}} but got {type(spaces).__name__}")
        found = self
        for name, values in spaces.items():
            found = found._with_space(name, values, device)
        return found

    def untrained(self) -> "FittedEncoders":
        """The same with the encoders that the training began with."""
        generator = torch.Generator().manual_seed(int(self.params["random_state"]))
        if self.params["features"] == "relative":  # as in the fit, which draws its anchors first
            torch.randperm(self.n_fit, generator=generator)
        fresh = {
            id(one): replace(one, layers=untrained([one.width, *(len(bias) for _, bias in one.layers)], generator))
            for one in {id(one): one for one in self.encoders.values()}.values()
        }
        return replace(self, encoders={name: fresh[id(one)] for name, one in self.encoders.items()}, best_step=0)

    def sides(self, asked: Any) -> tuple[str, str]:
        """As of any fit; one encoder for all spaces needs none to be named."""
        return (self.names[0], self.names[0]) if asked is None and self._one_for_all() else super().sides(asked)

    def described(self) -> dict[str, Any]:
        """All that a score depends on beside its rows."""
        return {**super().described(), "best_step": self.best_step}

    def _with_space(self, name: Any, values: Any, device: Any) -> "FittedEncoders":
        if not isinstance(name, str):
            raise TypeError(f"expected names of spaces to be strings but got {name!r}; convert it with str")
        rows = as_matrix(values, repr(name))
        if name in self.names or len(rows) != self.n_fit:
            raise ValueError(
                f"expected a new name and the {self.n_fit} fitted rows but got {len(rows)} of {name!r}, beside "
                f"{', '.join(self.names[:3])} …"
            )
        check_values(rows, repr(name))
        with full_precision():
            features = RelativeFeatures.of(rows, torch.from_numpy(self.anchors), resolve_device(rows, device))
        return replace(
            self,
            names=(*self.names, name),
            known=merged(self.known, known_rows([rows])),
            encoders={**self.encoders, name: self.encoders[self.names[0]]},
            features={**self.features, name: features.to("cpu")},
        )

    def _encode(self, rows: Float[Tensor, "n d"], name: str, device: torch.device) -> Float[Tensor, "n k"]:
        name = name if name in self.encoders else self.names[0]
        encoder, features = self.encoders[name].to(device), self.features[name].to(device)
        return torch.cat([encoder(features(block)) for block in in_blocks(rows, device)])

    def _width(self, name: str) -> int:
        features = self.features[name if name in self.features else self.names[0]]
        return len(features.mean) if isinstance(features, RelativeFeatures) else features.width

    def _has(self, name: Any) -> bool:
        # One encoder of raw rows takes any space of its width, whatever it is called.
        return name in self.names or (self._one_for_all() and isinstance(name, str))

    def _one_for_all(self) -> bool:
        return bool(self.params["shared"]) and self.params["features"] == "raw"
