"""Vectors out of faiss' indexes, of files and as they are."""

from pathlib import Path

import faiss
import numpy as np
import pytest
from opened_files import ROWS, D, N

import embwidget as ew

LOSSY = {"SQ8", "PQ4x4", "IVF4,PQ4x4", "PCA4,SQ8", "PCA4,Flat"}


@pytest.mark.parametrize("kind", ["Flat", "IVF4,Flat", "HNSW8", "IDMap,Flat", *sorted(LOSSY)])
def test_an_index_gives_its_vectors_back(kind: str, tmp_path: Path) -> None:
    index = faiss.index_factory(D, kind)
    index.train(ROWS)
    if kind.startswith("IDMap"):
        index.add_with_ids(ROWS, np.arange(N)[::-1].copy())
    else:
        index.add(ROWS)
    faiss.write_index(index, str(tmp_path / "a.faiss"))
    for found in (ew.open(tmp_path / "a.faiss"), ew.open(index)):
        assert found.shape == (N, D) and found.dtype == np.float32
        lossy = any("keeps less of its vectors" in note for note in found.notes)
        assert lossy == (kind in LOSSY) == (not np.array_equal(found.rows, ROWS))
        assert np.corrcoef(found.rows.ravel(), ROWS.ravel())[0, 1] > 0.5
        assert found.ids == (tuple(range(N))[::-1] if kind.startswith("IDMap") else None)


def test_what_gives_no_vectors_back_is_told(tmp_path: Path) -> None:
    bits = faiss.IndexBinaryFlat(64)
    bits.add(np.zeros((10, 8), np.uint8))
    with pytest.raises(ValueError, match=r"expected an index of vectors as the index but got IndexBinaryFlat"):
        ew.open(bits)
    empty = faiss.IndexFlatL2(D)
    with pytest.raises(ValueError, match="at least one row"):
        ew.open(empty)
