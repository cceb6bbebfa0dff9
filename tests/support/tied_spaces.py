"""Spaces in which many neighbours are equally far, as real embeddings have them; and who is how far, dense."""

import numpy as np


def one_hot(rng: np.random.Generator, n: int, classes: int = 20) -> np.ndarray:
    return np.eye(classes)[rng.integers(0, classes, n)]


def codes(rng: np.random.Generator, n: int, bits: int = 12) -> np.ndarray:
    return rng.integers(0, 2, (n, bits)).astype(float)


def rounded_map(rng: np.random.Generator, n: int) -> np.ndarray:
    return np.round(2 * rng.normal(size=(n, 2)))


def word_presence(rng: np.random.Generator, n: int) -> np.ndarray:
    words = (rng.random((n, 30)) < 0.15).astype(float)
    words[:, 0] = 1  # no row without a direction
    return words


def placeholders(rng: np.random.Generator, n: int, share: float = 0.2, width: int = 6) -> np.ndarray:
    rows = rng.normal(size=(n, width))
    rows[rng.permutation(n)[: int(share * n)]] = 1.0
    return rows


def shared_placeholders(rng: np.random.Generator, n: int, share: float = 0.2, width: int = 6) -> list[np.ndarray]:
    """Two spaces that have placeholders at the same rows, and nothing else in common."""
    missing = rng.permutation(n)[: int(share * n)]
    spaces = [rng.normal(size=(n, width)) for _ in range(2)]
    for one in spaces:
        one[missing] = 1.0
    return spaces


def distances(X: np.ndarray, metric: str) -> np.ndarray:
    """All distances, infinite to oneself, rounded so that what is equally far is equal."""
    if metric == "cosine":
        unit = X / np.linalg.norm(X, axis=1, keepdims=True)
        found = 1 - unit @ unit.T
    else:
        found = np.square(X[:, None] - X[None]).sum(-1)
    np.fill_diagonal(found, np.inf)
    return np.round(found, 9)


def places(X: np.ndarray, metric: str) -> tuple[np.ndarray, np.ndarray]:
    """Of every pair of items, how many are nearer, and how many as far."""
    d = distances(X, metric)
    return (d[:, None, :] < d[:, :, None]).sum(-1), (d[:, None, :] == d[:, :, None]).sum(-1)


def weights(X: np.ndarray, k: int, metric: str) -> np.ndarray:
    """Chance of every item to be among the first k of another, under a random order of ties."""
    nearer, equal = places(X, metric)
    return np.clip((k - nearer) / equal, 0, 1) * ~np.eye(len(X), dtype=bool)
