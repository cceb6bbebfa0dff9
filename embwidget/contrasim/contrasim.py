"""ContraSim: encoders that learn to match paired rows of two or many spaces, and score pairings they have not seen."""

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from embwidget.arrays.blocks import full_precision, resolve_device
from embwidget.arrays.checks import check_finite, check_range
from embwidget.arrays.matrix import as_matrix
from embwidget.arrays.options import check_one_of
from embwidget.arrays.row_hashes import known_rows, merged
from embwidget.arrays.spaces import checked_spaces
from embwidget.contrasim.encoders import Encoder, in_blocks, untrained
from embwidget.contrasim.features import Features, RelativeFeatures
from embwidget.contrasim.file import pack, unpack
from embwidget.contrasim.fit import check_fit, fitted_encoders
from embwidget.contrasim.learned import LearnedMeasure
from embwidget.contrasim.live import live_work
from embwidget.results.archive import read_archive, write_archive
from embwidget.work.fitting import Fitting
from embwidget.work.progress import Progress, progress_bar

_PAPER: dict[str, dict[str, Any]] = {
    # 50 passes over 10,000 words, ten batches each; 30 over 10,000 pairs, nine whole batches each.
    "layer": {"negatives": ("layers",), "weight_decay": 5e-4, "max_steps": 500},
    "pairs": {"negatives": ("examples",), "weight_decay": 0.0, "max_steps": 270},
}


class ContraSim(LearnedMeasure):
    r"""Similarity of paired rows under encoders that were trained to tell each row's partner from other rows.

    .. math:: \text{raw} = \frac1n \sum_i f(x_i) \cdot g(y_i), \quad |f| = |g| = 1, \qquad
              \text{value} = \text{raw} - \bar f \cdot \bar g

    The value is 0 when rows are paired at random, exactly so in the mean over all permutations, and at most
    ``1 - null_mean``. It tells how well the pairing can be learned from the fitted rows, so it is scored on other rows
    only: on fitted rows unrelated spaces reach 0.9. Values of different fits are not comparable; z, and values of one
    `cross_fit` protocol, are. Given few rows to score (8 to 64) it tells layers apart where closed-form measures can't.

    Args:
        head: ``"linear"``, or ``"mlp"`` with ReLU.
        hidden: widths between input and output of the MLP.
        out_dim: coordinates of an encoding.
        features: ``"raw"``: rows as they are, best for two given spaces. ``"relative"``: cosines to anchor rows, the
            form that can be carried to spaces not seen in training (`with_spaces`); all spaces then share one encoder.
        n_anchors: how many, drawn from the fitted rows.
        shared: one encoder for all spaces, which then must be of one width (as in the paper); else one a space.
        loss: ``"infonce"``, or ``"supcon"``, the paper's.
        negatives: what an example is told apart from: other ``"examples"`` of its layer, other ``"layers"`` too, or
            only whole layers from each other (the paper's layer prediction, which does not look at examples).
        temperature: of the loss.
        lr, weight_decay: of Adam.
        batch_size: items told from each other in a step: examples, or examples times layers with both negatives.
        max_steps: of training; 0 leaves encoders untrained, as a control.
        val_fraction: share of the fitted rows (at least 10) that are not trained on but tell when to stop; 0: none.
        patience: training stops after so many looks, 20 steps apart, without a lower validation loss; the encoders of
            the lowest are kept.
        standardize: bring columns to mean 0 and variance 1 (of the fitted rows) first.
        device: where to compute; by default the input's GPU, else CUDA if there is one, else the CPU.
        random_state: seed of everything random. On one build and CPU, equal seeds give bitwise equal encoders; the
            global generators are not touched.

    Attributes:
        names_, n_fit_, known_: names of the fitted spaces, how many rows, hashes of them.
        encoders_, features_: by name of space.
        anchors_: row numbers of the anchors; empty with raw features.
        history_: (step, training loss, validation loss) at every look.
        best_step_: the step whose encoders were kept.
        warnings_: what to know before believing its scores.

    Example:
        >>> import numpy as np
        >>> rng = np.random.default_rng(0)
        >>> X = rng.normal(size=(600, 16))
        >>> Y = X @ rng.normal(size=(16, 12)) + rng.normal(size=(600, 12))
        >>> model = ContraSim(max_steps=60).fit(X[:400], Y[:400], progress=False)
        >>> found = model.similarity(X[400:], Y[400:])
        >>> found.n, found.value > 0.3, found.z > 10
        (200, True, True)

    Source: Rahamim and Belinkov (2024), "ContraSim – Analyzing Neural Representations Based on Contrastive Learning",
    arXiv 2303.16992.

    """

    measure = "contrasim"
    title = "ContraSim"
    reference = "arXiv 2303.16992"
    encoders_: dict[str, Encoder]
    features_: dict[str, Features]
    anchors_: Int[np.ndarray, " a"]
    history_: tuple[tuple[int, float, float], ...]
    best_step_: int

    def __init__(
        self,
        head: Any = "linear",
        *,
        hidden: Any = (256,),
        out_dim: Any = 64,
        features: Any = "raw",
        n_anchors: Any = 96,
        shared: Any = False,
        loss: Any = "infonce",
        negatives: Any = ("examples",),
        temperature: Any = 0.07,
        lr: Any = 1e-3,
        weight_decay: Any = 5e-4,
        batch_size: Any = 256,
        max_steps: Any = 300,
        val_fraction: Any = 0.1,
        patience: Any = 5,
        standardize: Any = True,
        device: Any = None,
        random_state: Any = 0,
    ) -> None:
        self.head = head
        self.hidden = hidden
        self.out_dim = out_dim
        self.features = features
        self.n_anchors = n_anchors
        self.shared = shared
        self.loss = loss
        self.negatives = negatives
        self.temperature = temperature
        self.lr = lr
        self.weight_decay = weight_decay
        self.batch_size = batch_size
        self.max_steps = max_steps
        self.val_fraction = val_fraction
        self.patience = patience
        self.standardize = standardize
        self.device = device
        self.random_state = random_state

    @classmethod
    def paper(cls, kind: Any, **params: Any) -> "ContraSim":
        """The settings of the paper's released code: a shared MLP d-512-256-128 and its supervised contrastive loss.

        Args:
            kind: ``"layer"``: layers of networks are told apart as wholes. Such an encoder can do without examples
                (it also tells layers apart when rows are shuffled), and knows only the networks it was trained on.
                ``"pairs"``: translations, or pictures and captions.
            params: to change some; steps are those of 10,000 rows.

        Raises:
            ValueError: another kind.

        Example:
            >>> ContraSim.paper("pairs").batch_size
            1024

        """
        check_one_of("kind", kind, _PAPER)
        settings = {
            "head": "mlp",
            "hidden": (512, 256),
            "out_dim": 128,
            "shared": True,
            "loss": "supcon",
            "lr": 1e-4,
            "batch_size": 1024,
            "val_fraction": 0.0,
            "standardize": False,
            **_PAPER[kind],
        }
        return cls(**{**settings, **params})

    def fit(
        self,
        X: Any,
        Y: Any = None,
        *,
        groups: Any = None,
        ids: Any = None,
        progress: bool = True,
        callback: Any = None,
        live: bool = False,
    ) -> Any:
        """Train the encoders on paired rows.

        Args:
            X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes; or X a mapping ``{name: (n, d) array-like}``, without Y.
            groups: ``{name: (network, layer)}``, where spaces are layers of networks: the same example at the same
                layer of another network is its partner. Without it each space is a network of its own.
            ids: ``(ids_x, ids_y)``, or ``{name: ids}``, to join rows by.
            progress: show a bar. Interrupting leaves the object unfitted.
            callback: called with (step, training loss, validation loss) every 20 steps; to return True ends the
                training there, at the best encoders so far.
            live: return at once a `Fitting` that works in a thread; shown, it is the live curve, with a stop. Its
                ``result()`` is this object, which is unfitted until then.

        Raises:
            TypeError, ValueError: bad arrays or parameters, fewer than 50 rows, unequal widths with ``shared``,
                layers as negatives without several layers in ``groups``.

        """
        spaces, _ = checked_spaces(X, Y, ids)
        if callback is not None and not callable(callback):
            raise TypeError(f"expected callback to be a function of (step, loss, validation loss) but got {callback!r}")
        if live:
            check_fit(self, spaces, groups)
            begun = self._begun()
            return Fitting(
                live_work(self, begun, spaces, groups, callback), tuple(spaces), begun.max_steps, "contrasim"
            )
        with progress_bar(progress) as report:
            self._refit(spaces, groups, report, callback)
        return self

    def with_spaces(self, spaces: Any) -> "ContraSim":
        """A copy that also knows other spaces, without training: their relative features of the fitted rows.

        Args:
            spaces: ``{name: (n_fit, d) array-like}``: the fitted rows, in the same order, in the other spaces.

        Raises:
            RuntimeError, TypeError, ValueError: not fitted; no mapping from names to arrays; raw features, other
                numbers of rows, a name that is known already.

        """
        self._check_fitted()
        if self.params_["features"] != "relative":
            raise ValueError("expected features='relative' to take in further spaces but got 'raw'; fit it with those")
        if not isinstance(spaces, Mapping):
            raise TypeError(f"expected spaces as {{name: array}} but got {type(spaces).__name__}")
        other = type(self)(**self.get_params())
        other.__dict__.update(self.__dict__)
        anchors = torch.from_numpy(self.anchors_)
        encoder = self.encoders_[self.names_[0]]
        for name, values in spaces.items():
            if not isinstance(name, str):
                raise TypeError(f"expected names of spaces to be strings but got {name!r}; convert it with str")
            rows = as_matrix(values, repr(name))
            if name in other.names_ or len(rows) != self.n_fit_:
                raise ValueError(
                    f"expected a new name and the {self.n_fit_} fitted rows but got {len(rows)} of {name!r}, beside "
                    f"{', '.join(other.names_[:3])} …"
                )
            check_finite(rows, repr(name))
            check_range(rows, repr(name))
            with full_precision():
                features = RelativeFeatures.of(rows, anchors, resolve_device(rows, self.device)).to("cpu")
            other.names_ = (*other.names_, name)
            other.features_ = {**other.features_, name: features}
            other.encoders_ = {**other.encoders_, name: encoder}
            other.known_ = merged(other.known_, known_rows([rows]))
        return other

    def untrained(self) -> "ContraSim":
        """A copy whose encoders are as before training: a control, to be shown beside what was learned.

        Raises:
            RuntimeError: not fitted.

        """
        self._check_fitted()
        other = type(self)(**self.get_params())
        other.__dict__.update(self.__dict__)
        generator = torch.Generator().manual_seed(int(self.params_["random_state"]))
        if self.params_["features"] == "relative":  # as in the fit, which draws its anchors first
            torch.randperm(self.n_fit_, generator=generator)
        fresh = {
            id(one): replace(one, layers=untrained([one.width, *(len(bias) for _, bias in one.layers)], generator))
            for one in {id(one): one for one in self.encoders_.values()}.values()
        }
        other.encoders_ = {name: fresh[id(one)] for name, one in self.encoders_.items()}
        other.best_step_ = 0
        return other

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the fitted encoders to one ``.npz`` file (plain arrays and a JSON header, no pickle)."""
        self._check_fitted()
        write_archive(path, "ContraSim", *pack(self))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "ContraSim":
        """Read what `save` wrote.

        Raises:
            ValueError: the file is none (a pickle is never opened), or of a newer version.

        """
        header, arrays = read_archive(path, "ContraSim")
        try:
            params, fitted = unpack(header, arrays)
            model = cls(**params)
        except (AttributeError, KeyError, TypeError, IndexError) as error:
            raise ValueError(
                f"expected a file saved by ContraSim.save but its {error} is missing or another"
            ) from error
        model.__dict__.update(fitted | {"params_": model.get_params()})
        return model

    def _fitted(self, spaces: dict[str, Tensor], groups: Any, report: Progress, callback: Any) -> dict[str, Any]:
        return fitted_encoders(self, spaces, groups, report, callback)

    def _encode(self, rows: Float[Tensor, "n d"], name: str, device: torch.device) -> Float[Tensor, "n k"]:
        name = name if name in self.encoders_ else self.names_[0]
        encoder, features = self.encoders_[name].to(device), self.features_[name].to(device)
        return torch.cat([encoder(features(block)) for block in in_blocks(rows, device)])

    def _width(self, name: str) -> int:
        features = self.features_[name if name in self.features_ else self.names_[0]]
        return len(features.mean) if isinstance(features, RelativeFeatures) else features.width

    def _known_name(self, name: Any) -> bool:
        # One encoder of raw rows takes any space of its width, whatever it is called.
        return name in self.names_ or (self._one_for_all() and isinstance(name, str))

    def _sides(self, sides: Any) -> tuple[str, str]:
        if sides is None and self._one_for_all():
            return self.names_[0], self.names_[0]
        return super()._sides(sides)

    def _one_for_all(self) -> bool:
        return bool(self.params_["shared"]) and self.params_["features"] == "raw"

    def _described(self) -> dict[str, Any]:
        return {**super()._described(), "best_step": self.best_step_}
