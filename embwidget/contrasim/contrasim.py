"""ContraSim: encoders that learn to match paired rows of two or many spaces, and score pairings they have not seen."""

import os
from copy import deepcopy
from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Int, Int64
from torch import Tensor

from embwidget.arrays.spaces import checked_spaces
from embwidget.contrasim.encoders import Encoder
from embwidget.contrasim.features import Features
from embwidget.contrasim.file import pack, unpack
from embwidget.contrasim.fitted_encoders import FittedEncoders
from embwidget.contrasim.learned import LearnedMeasure
from embwidget.contrasim.paper import OF_LAYERS, paper_settings
from embwidget.contrasim.plan import EncoderPlan
from embwidget.results.archive import read_archive, write_archive
from embwidget.results.field_types import check_fields
from embwidget.work.fitting import Fitting
from embwidget.work.progress import check_progress


class ContraSim(LearnedMeasure[FittedEncoders]):
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
        validate: whether they do so in all networks (``"rows"``), or in one that is not trained on either
            (``"networks"``, of three or more): held-out rows do not tell when the fitted networks are learned by heart.
        column_share: share of the columns of each space that a step sees, others each time, with relative features:
            as if there were more networks.
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
    fitted = FittedEncoders
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
        validate: Any = "rows",
        column_share: Any = 1.0,
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
        self.validate = validate
        self.column_share = column_share
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
        return cls(**{**paper_settings(kind), **params})

    @classmethod
    def layers(cls, **params: Any) -> "ContraSim":
        """The settings for layers of networks that are not seen in training: give those by `with_spaces`.

        Relative features, examples and layers told apart, half of the columns seen at a step, and a network held out
        that tells when to stop. Without these last two an encoder of few networks is worse on others the longer it is
        trained, down to below what it was untrained. Even so it need not be better than a closed form where layers
        differ little (README, tests/benchmarks/layers.py): `tasks.layer_prediction` says so where it is not.

        Args:
            params: to change some; of two networks none can be held out: ``validate="rows"``, and below 192 rows there
                are fewer anchors: ``n_anchors``.

        Example:
            >>> ContraSim.layers().column_share
            0.5

        """
        return cls(**{**OF_LAYERS, **params})

    def fit(
        self,
        X: Any,
        Y: Any = None,
        *,
        groups: Any = None,
        ids: Any = None,
        progress: Any = True,
        callback: Any = None,
        live: bool = False,
    ) -> Any:
        """Train the encoders on paired rows.

        Args:
            X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes; or X a mapping ``{name: (n, d) array-like}``, without Y.
            groups: ``{name: (network, layer)}``, where spaces are layers of networks: the same example at the same
                layer of another network is its partner. Without it each space is a network of its own.
            ids: ``(ids_x, ids_y)``, or ``{name: ids}``, to join rows by.
            progress: True for a bar on long work, False or None for none, or a function of (share done, what).
                Interrupting leaves the object unfitted.
            callback: called with (step, training loss, validation loss) every 20 steps; to return True ends the
                training there, at the best encoders so far.
            live: return at once a `Fitting` that works in a thread; shown, it is the live curve, with a stop. Its
                ``result()`` is this object, which is unfitted until then.

        Raises:
            TypeError, ValueError: bad arrays or parameters, fewer than 50 rows, unequal widths with ``shared``,
                layers as negatives without several layers in ``groups``; what was fitted before then stays.

        """
        spaces, rows = checked_spaces(X, Y, ids)
        if callback is not None and not callable(callback):
            raise TypeError(f"expected callback to be a function of (step, loss, validation loss) but got {callback!r}")
        check_progress(progress)
        plan = self._plan(spaces, groups, np.arange(len(rows)), "groups")
        if not live:
            return self._run(plan, progress, callback)
        self._forget()
        return Fitting(lambda course: self._take(plan.run(course, callback)), tuple(spaces), plan.steps, "contrasim")

    def with_spaces(self, spaces: Any) -> "ContraSim":
        """A copy that also knows other spaces, without training: their relative features of the fitted rows.

        Args:
            spaces: ``{name: (n_fit, d) array-like}``: the fitted rows, in the same order, in the other spaces.

        Raises:
            RuntimeError, TypeError, ValueError: not fitted; no mapping from names to arrays; raw features, other
                numbers of rows, a name that is known already.

        """
        return self._with(self._taken().with_spaces(spaces, self.device))

    def untrained(self) -> "ContraSim":
        """A copy whose encoders are as before training: a control, to be shown beside what was learned.

        Raises:
            RuntimeError: not fitted.

        """
        return self._with(self._taken().untrained())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the fitted encoders to one ``.npz`` file (plain arrays and a JSON header, no pickle)."""
        write_archive(path, "ContraSim", *pack(self._taken()))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "ContraSim":
        """Read what `save` wrote.

        Raises:
            OSError: there is no such file.
            ValueError: the file is none (a pickle is never opened), is of a newer version, or is not as it was written.

        """
        return read_archive(path, "ContraSim", cls._built)

    @classmethod
    def _built(cls, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> "ContraSim":
        params, fit = unpack(header, arrays)
        model = cls(**params)
        check_fields(fit)
        # A file of an older version holds fewer parameters.
        return model._take(replace(fit, params=model.get_params()))

    def _plan(self, spaces: dict[str, Tensor], groups: Any, rows: Int64[np.ndarray, " f"], called: str) -> EncoderPlan:
        return EncoderPlan.of(deepcopy(self.get_params()), spaces, groups, rows, called)
