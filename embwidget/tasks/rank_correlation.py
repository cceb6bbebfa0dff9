"""Spearman's rank correlation of a few pairs of numbers, with an exact p-value and an interval."""

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from embwidget.arrays.options import check_seed
from embwidget.results.card import Column
from embwidget.results.record import from_record, to_record
from embwidget.results.result import Result
from embwidget.results.words import short_number

_EXACT = 9
_PERMUTATIONS = 100_000
_FEWEST = 4
_Z = 1.959964
_RARE = 0.05


@dataclass(frozen=True, repr=False, kw_only=True)
class RankCorrelation(Result):
    """Spearman's rank correlation; ``float(result)`` is its value; see `rank_correlation`.

    Attributes:
        value: the correlation of the ranks, -1 to 1.
        p: share of pairings with a correlation at least as far from 0 (two-sided).
        interval: 95 % interval of the value.
        n: pairs of numbers.
        null: how ``p`` came about.
        warnings: what to know before believing it.

    """

    value: float
    p: float
    interval: tuple[float, float]
    n: int
    null: str
    warnings: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The finding in one plain sentence."""
        how = "agree" if self.value >= 0 else "are opposite"
        beyond = "more" if self.p < _RARE else "no more"
        return (
            f"The orders of two lists of {self.n:,} numbers {how} {beyond} than chance would have it: rank correlation "
            f"{short_number(self.value)}, p = {self.p:.2g}."
        )

    @property
    def provenance(self) -> str:
        """One line with everything the numbers depend on."""
        return f"Spearman's rank correlation; n = {self.n:,}; p of {self.null}; interval of Bonett and Wright (2000)."

    def to_frame(self) -> Any:
        """The numbers as a pandas DataFrame of one row."""
        import pandas as pd

        low, high = self.interval
        return pd.DataFrame([{"value": self.value, "p": self.p, "low": low, "high": high, "n": self.n}])

    def _columns(self) -> Iterable[Column]:
        low, high = map(short_number, self.interval)
        return [
            Column(title="rank correlation", cells=[short_number(self.value)]),
            Column(title="95 % interval", cells=[f"{low} – {high}"]),
            Column(title="p", cells=[f"{self.p:.2g}"]),
            Column(title="n", cells=[f"{self.n:,}"]),
        ]

    def _packed(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return to_record(self)

    @classmethod
    def _unpacked(cls, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
        return from_record(header, arrays)

    def __float__(self) -> float:
        return self.value

    def __repr__(self) -> str:
        low, high = self.interval
        return f"RankCorrelation({self.value:.4f} ({low:.4f} to {high:.4f}), p={self.p:.2g}, n={self.n})"


def rank_correlation(values_a: Any, values_b: Any, *, random_state: Any = 0) -> RankCorrelation:
    r"""Spearman's rank correlation :math:`r_s` of two lists of numbers, with its p-value and interval.

    Equal numbers share their mean rank. Up to 9 pairs, p is exact: all n! pairings are tried. Beyond that, 100,000
    random ones are. The interval is that of Bonett and Wright: :math:`\tanh(\mathrm{artanh}\, r_s \pm 1.96 \sqrt{(1 +
    r_s^2 / 2) / (n - 3)})`; a perfect order counts there as half a swap of neighbours away from it.

    Both take the pairs as independent. Accuracies of the same spaces or of the same sections are not, quite: the
    truth is then less certain than the numbers say.

    Args:
        values_a, values_b: ``(n,)`` numbers, at least 4, not all equal.
        random_state: seed of the random pairings.

    Returns:
        `RankCorrelation`: 1 the same order, -1 the opposite order, 0 no order in common.

    Raises:
        ValueError: unequal lengths, fewer than 4 pairs, NaN or infinity, all numbers of a list equal.

    Example:
        >>> rank_correlation([0.1, 0.3, 0.2, 0.6, 0.7, 0.9], [1, 2, 3, 4, 5, 6])
        RankCorrelation(0.9429 (0.3827 to 0.9961), p=0.017, n=6)

    Source: Spearman (1904); Bonett and Wright (2000), "Sample size requirements for estimating Pearson, Kendall and
    Spearman correlations".

    """
    a, b = _numbers(values_a, "values_a"), _numbers(values_b, "values_b")
    n = len(a)
    if len(b) != n or n < _FEWEST:
        raise ValueError(f"expected as many values_a as values_b, at least {_FEWEST}, but got {n} and {len(b)}")
    random_state = check_seed(random_state)
    left, right = _standard(a), _standard(b)
    value = round(float(left @ right), 12)  # so that the same order is 1, not nearly
    if n <= _EXACT:
        orders = np.array(list(itertools.permutations(range(n))), np.int8)
        extreme = np.abs(right[orders] @ left) >= abs(value) - 1e-9
        p, null = float(extreme.mean()), f"all {len(orders):,} pairings"
    else:
        hits = _extreme_pairings(left, right, abs(value), np.random.default_rng(random_state))
        p, null = (1 + hits) / (1 + _PERMUTATIONS), f"{_PERMUTATIONS:,} random pairings, seed {random_state}"
    return RankCorrelation(value=value, p=p, interval=_interval(value, n), n=n, null=null)


def _numbers(values: Any, name: str) -> Float[np.ndarray, " n"]:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not np.isfinite(array).all():
        raise ValueError(
            f"expected {name} to be a list of finite numbers but got shape {array.shape}, "
            f"{int((~np.isfinite(array)).sum())} not finite; leave those pairs out of both lists"
        )
    if len(array) and (array == array[0]).all():
        raise ValueError(f"expected {name} to differ but got {len(array)} equal numbers, which have no order")
    return array


def _standard(values: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    _, ids, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[ids]
    centred = ranks - ranks.mean()
    return centred / np.linalg.norm(centred)


def _extreme_pairings(
    left: Float[np.ndarray, " n"], right: Float[np.ndarray, " n"], size: float, random: np.random.Generator
) -> int:
    hits, block = 0, max(1, min(_PERMUTATIONS, 2_000_000 // len(left)))
    for start in range(0, _PERMUTATIONS, block):
        many = np.tile(right, (min(block, _PERMUTATIONS - start), 1))
        hits += int((np.abs(random.permuted(many, axis=1) @ left) >= size - 1e-9).sum())
    return hits


def _interval(value: float, n: int) -> tuple[float, float]:
    most = 1 - 6 / (n * (n * n - 1))
    middle = math.atanh(min(most, max(-most, value)))
    half = _Z * math.sqrt((1 + value * value / 2) / (n - 3))
    low, high = math.tanh(middle - half), math.tanh(middle + half)
    return (low if value > -1 else -1.0), (high if value < 1 else 1.0)
