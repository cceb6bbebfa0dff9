"""What a learned measure returns: a score of rows it was not fitted on, beside its exact chance."""

import html
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float

from embwidget.contrasim.chance import PairedProducts
from embwidget.scores.kernel_chance import upper_tail
from embwidget.scores.score import Score


@dataclass(frozen=True, eq=False, repr=False)
class LearnedSimilarity:
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

    def as_score(self) -> Score:
        """The same as a `Score`, to stand beside other measures: its value is ``raw``, its chance ``null_mean``."""
        beyond = self.null_mean < 1 - 1e-12
        return Score(
            self.measure,
            self.raw,
            np.empty(0, int),
            np.empty(0),
            self.null_mean,
            self.null_sd,
            self.value / (1 - self.null_mean) if beyond else float("nan"),
            self.z,
            self.p,
            None,
            self.per_example,
            self.params,
            self.warnings,
        )

    def __float__(self) -> float:
        return self.value

    def __repr__(self) -> str:
        return (
            f"LearnedSimilarity({self.measure}={self.value:.4f}, raw={self.raw:.4f}, chance={self.null_mean:.4f}, "
            f"z={self.z:.1f}, n={self.n}, n_fit={self.n_fit})"
        )

    def _repr_html_(self) -> str:
        shown = {
            "value": self.value,
            "raw": self.raw,
            "chance": self.null_mean,
            "sd of chance": self.null_sd,
            "z": self.z,
            "p": self.p,
        }
        head = "".join(f"<th>{name}</th>" for name in shown)
        body = "".join(f"<td>{value:.3g}</td>" for value in shown.values())
        notes = "".join(f"<p>⚠ {html.escape(warning)}</p>" for warning in self.warnings)
        line = "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in self.params.items())
        return (
            f"<div><p><strong>{html.escape(self.sentence)}</strong></p>{notes}<table><thead><tr>{head}</tr></thead>"
            f"<tbody><tr>{body}</tr></tbody></table><p><small>{html.escape(line)}.</small></p></div>"
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
        measure,
        title,
        value,
        raw,
        found.null_mean,
        found.null_sd,
        z,
        upper_tail(z, 0.0, n),
        n,
        found.products,
        n_fit,
        {**params, "null": "permutations of one side's rows: exact mean and sd, p from the normal tail"},
        (*warnings, *notes),
    )
