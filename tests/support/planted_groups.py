"""Two spaces with known groups, their clusters made the plain way, and a spectral comparison of them."""

from typing import Any

import numpy as np

from embwidget import Items
from embwidget.eigen.turned import Direction
from embwidget.measures import Score
from embwidget.spectral import Cluster, SpectralComparison
from embwidget.spectral.clusters import make_clusters


class Kernel:
    """What `make_clusters` asks of a space: kernel values among its rows; here, a whole matrix of them."""

    def __init__(self, matrix: np.ndarray) -> None:
        self.matrix = np.asarray(matrix, dtype=np.float64)

    def between(self, rows_a: np.ndarray, rows_b: np.ndarray) -> np.ndarray:
        return self.matrix[np.ix_(rows_a, rows_b)]


def cosine(rows: np.ndarray) -> np.ndarray:
    unit = rows - rows.mean(0)
    unit = unit / np.linalg.norm(unit, axis=1, keepdims=True)
    return unit @ unit.T


def rows_with_groups(n: int, groups: list[np.ndarray], d: int = 24, seed: int = 0) -> np.ndarray:
    """Noise in which the rows of group j share the direction of axis j."""
    rows = np.random.default_rng(seed).normal(size=(n, d))
    for axis, group in enumerate(groups):
        rows[group, axis] += 12
    return rows


def decomposed(x: np.ndarray, y: np.ndarray, m: int) -> tuple[np.ndarray, np.ndarray]:
    values, vectors = np.linalg.eigh((x - y) / len(x))
    leading = np.argsort(-np.abs(values))[:m]
    values, vectors = values[leading], vectors[:, leading]
    return values, vectors * np.where((vectors**3).sum(0) < 0, -1, 1)


def directions_of(
    values: np.ndarray,
    columns: list[list[int]],
    held_out: np.ndarray | None = None,
    stability: np.ndarray | None = None,
) -> list[Direction]:
    """Eigenvectors as they are, those of one list together."""
    tried = np.full((len(values), 3), np.nan) if held_out is None else held_out
    stable = np.full(len(values), np.nan) if stability is None else stability
    return [
        Direction(
            components=tuple(one),
            eigenvalue=float(np.mean(values[one])),
            held_out=tried[one[0]],
            stability=float(stable[one[0]]),
        )
        for one in columns
    ]


def clusters_of(
    x: np.ndarray,
    y: np.ndarray,
    items: Items | None = None,
    m: int = 4,
    groups: list | None = None,
    held_out: np.ndarray | None = None,
    stability: np.ndarray | None = None,
    **kwargs,
) -> tuple[Cluster, ...]:
    values, vectors = decomposed(x, y, m)
    near = np.column_stack([values, values - 0.001, values + 0.001])
    columns = [[i] for i in range(len(values))] if groups is None else groups
    made = directions_of(values, columns, near if held_out is None else held_out, stability)
    return make_clusters(vectors, made, (Kernel(x), Kernel(y)), items or Items(), **{"noise_floor": 0.0, **kwargs})


PARAMS: dict[str, Any] = {
    "n": 300,
    "widths": (24, 24),
    "kernel": "cosine",
    "bandwidth": None,
    "bandwidth_reason": "",
    "center": "mean",
    "eta": 1.0,
    "features": "exact",
    "n_features": 2000,
    "method": "dense",
    "method_reason": "few items",
    "splits": 10,
    "permutations": 5,
    "permuted_rows": 300,
    "n_components": 6,
    "dropped": (0, 0),
    "device": "cpu",
    "random_state": 0,
}


def spectral_comparison(
    clusters: tuple[Cluster, ...], eigenvectors: np.ndarray, items: Items | None = None, **changed: Any
) -> SpectralComparison:
    """A result put together by hand around clusters."""
    n, m = eigenvectors.shape
    nothing = np.full(m, np.nan)
    score = Score(
        measure="spec_diff",
        value=0.1,
        ks=np.empty(0, int),
        curve=np.empty(0),
        null_mean=0.3,
        null_sd=0.01,
        calibrated=0.2,
        z=-20.0,
        p=0.5,
        interval=(0.0, 1.0),
        per_item=None,
        params={"a": 1},
        warnings=("w",),
    )
    given: dict[str, Any] = {
        "names": ("CLIP", "DINOv2"),
        "eigenvalues": np.linspace(0.1, 0.01, m),
        "residuals": np.zeros(m),
        "constant_share": np.zeros(m),
        "held_out": np.column_stack([nothing] * 3),
        "noise_floor": 0.0,
        "unrelated": np.array([0.3, -0.2]),
        "spec_diff": 0.1,
        "score": score,
        "maps": (np.zeros((n, 2), np.float32), np.ones((n, 2), np.float32)),
        "params": PARAMS | {"n": n},
        "warnings": ("a <warning>",),
    }
    return SpectralComparison(
        eigenvectors=eigenvectors, clusters=clusters, items=items or Items(), **{**given, **changed}
    )
