"""What a learned measure returns: a score of rows it was not fitted on, beside its exact chance."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float

from embwidget.contrasim.chance import PairedProducts
from embwidget.results.card import Column
from embwidget.results.record import from_record, to_record
from embwidget.results.result import Result
from embwidget.results.words import listed, shown
from embwidget.scores.kernel_chance import upper_tail
from embwidget.scores.score import Score

_SHOWN = {"value": "value", "raw": "raw", "null_mean": "chance", "null_sd": "sd of chance", "z": "z", "p": "p"}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LearnedSimilarity(Result):
    """How well encoders that were fitted on other rows match paired rows; ``float(similarity)`` is its value.

    It tells how well the pairing can be learned from the fitted rows; it is no invariant of the spaces. Values of
    different fits are not comparable: compare z, accuracies, or values of one `cross_fit` protocol.

    Attributes:
        measure, title: name of the measure, and in words.
        value: ``raw - null_mean``: 0 is chance, the most is ``1 - null_mean``.
        raw: mean cosine of paired encodings, from -1 to 1.
        null_mean, null_sd: its exact mean and standard deviation when the rows of one side are permuted.
        z: ``value / null_sd``; NaN where encodings do not vary.
        p: chance of a value at least as large under permutation (one-sided, from the normal tail, at least 1 / n!).
        n: rows scored.
        per_example: cosine of each row's two encodings, ``(n,)``; its mean is ``raw``.
        n_fit: rows the encoders were fitted on (of a `cross_fit`, in its smallest fit).
        params: all that the number depends on.
        warnings: what to know before believing it.

    """

    measure: str
    title: str
    value: float
    raw: float
    null_mean: float
    null_sd: float
    z: float
    p: float
    n: int
    per_example: Float[np.ndarray, " n"]
    n_fit: int
    params: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The finding in one plain sentence."""
        how = "held out" if self.params.get("held_out", True) else "some of them among those"
        if not np.isfinite(self.z):
            return f"No score: {self.title} sees all rows of a space as equal, so there is no pairing to match."
        beyond = (
            "far above" if self.z > 5 else "above" if self.z > 2 else "below" if self.z < -2 else "no different from"
        )
        return (
            f"By {self.title}, fitted on {self.n_fit:,} rows, the pairing of {self.n:,} rows, {how}, is {beyond} "
            f"chance: {self.raw:.3f} against {self.null_mean:.3f}, value {self.value:.3f}, z = {self.z:.1f}."
        )

    @property
    def provenance(self) -> str:
        """One line with everything the number depends on."""
        return listed(self.params)

    def to_frame(self) -> Any:
        """The numbers as a pandas DataFrame of one row, by the names of the fields."""
        import pandas as pd

        row = {name: getattr(self, name) for name in (*_SHOWN, "n", "n_fit")}
        return pd.DataFrame([row], index=pd.Index([self.measure], name="measure"))

    def _columns(self) -> Iterable[Column]:
        return [Column(title=title, cells=[shown(getattr(self, name), ".3g")]) for name, title in _SHOWN.items()]

    def _packed(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return to_record(self)

    @classmethod
    def _unpacked(cls, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
        return from_record(header, arrays)

    def as_score(self) -> Score:
        """The same as a `Score`, to stand beside other measures: its value is ``raw``, its chance ``null_mean``."""
        beyond = self.null_mean < 1 - 1e-12
        return Score(
            measure=self.measure,
            value=self.raw,
            ks=np.empty(0, int),
            curve=np.empty(0),
            null_mean=self.null_mean,
            null_sd=self.null_sd,
            calibrated=self.value / (1 - self.null_mean) if beyond else float("nan"),
            z=self.z,
            p=self.p,
            interval=None,
            per_item=self.per_example,
            params=self.params,
            warnings=self.warnings,
        )

    def __float__(self) -> float:
        return self.value

    def __repr__(self) -> str:
        return (
            f"LearnedSimilarity({self.measure}={self.value:.4f}, raw={self.raw:.4f}, chance={self.null_mean:.4f}, "
            f"z={self.z:.1f}, n={self.n}, n_fit={self.n_fit})"
        )


def learned_similarity(
    measure: str, title: str, found: PairedProducts, n_fit: int, params: dict[str, Any], warnings: tuple[str, ...]
) -> LearnedSimilarity:
    """The result from products of paired encodings; NaN for z and p where permuting changes nothing."""
    raw, n = found.raw, len(found.products)
    value = raw - found.null_mean
    varied = found.null_sd > 1e-12
    z = value / found.null_sd if varied else float("nan")
    notes = () if varied else ("All rows of a space have the same encoding: permuting them changes nothing.",)
    return LearnedSimilarity(
        measure=measure,
        title=title,
        value=value,
        raw=raw,
        null_mean=found.null_mean,
        null_sd=found.null_sd,
        z=z,
        p=upper_tail(z, 0.0, n),
        n=n,
        per_example=found.products,
        n_fit=n_fit,
        params={**params, "null": "permutations of one side's rows: exact mean and sd, p from the normal tail"},
        warnings=(*warnings, *notes),
    )
