"""Files as a shell has them."""

from pathlib import Path

import numpy as np
import pytest

N = 120


@pytest.fixture(scope="session")
def embeddings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an old space and what may have become of it."""
    folder = tmp_path_factory.mktemp("embeddings")
    random = np.random.default_rng(0)
    old = random.normal(size=(N, 8)).astype(np.float32)
    order = random.permutation(N)
    ids = np.array([f"item {i}" for i in range(N)])
    spaces = {
        "old": old,
        "rounded": old.astype(np.float16),
        "other": random.normal(size=(N, 8)).astype(np.float32),
        "near": old + random.normal(scale=0.3, size=old.shape).astype(np.float32),
        "reordered": old[order],
        "few": old[:50],
    }
    for name, space in spaces.items():
        np.save(folder / f"{name}.npy", space)
    np.savez(folder / "old.npz", vectors=old, id=ids)
    np.savez(folder / "new.npz", first=old[order], second=spaces["other"][order], id=ids[order])
    np.savez(folder / "items.npz", id=ids[::-1], label=np.array(["<b>x", "y\x1b[31m"] * (N // 2)))
    return folder


@pytest.fixture
def here(embeddings: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(embeddings)
    return embeddings
