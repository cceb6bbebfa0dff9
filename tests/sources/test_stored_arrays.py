"""Arrays of dask, h5py and zarr, and Arrow's batches, handed in as they are: read once, never whole without a word."""

import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import dask
import dask.array as da
import h5py
import numpy as np
import pyarrow as pa
import pytest
import torch
import zarr
from opened_files import ROWS, D, N

import embwidget as ew
from embwidget.arrays import matrix
from embwidget.arrays.reading import gathered, stored

KINDS = ("dask", "h5py", "h5py in one piece", "zarr")


def array_of(kind: str, folder: Path, rows: np.ndarray = ROWS) -> Any:
    if kind == "dask":
        return da.from_array(rows, chunks=((100, 50, 90, 90, 90, 90, 90), (5, 3)))
    if kind == "zarr":
        return zarr.create_array(str(folder / "a.zarr"), data=rows, chunks=(70, 3))
    chunks = None if kind == "h5py in one piece" else (70, 3)
    return h5py.File(folder / "a.h5", "w").create_dataset("a", data=rows, chunks=chunks)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("block", [1, 5000, 1 << 20])
def test_they_are_taken_as_arrays_are(kind: str, block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "_BLOCK_BYTES", block)
    given = array_of(kind, tmp_path)
    pair = ew.paired(given, given)
    np.testing.assert_array_equal(pair.x, ROWS)
    assert ew.measures.cka(given, ROWS[:, :3]).value == ew.measures.cka(ROWS, ROWS[:, :3]).value


@pytest.mark.parametrize("kind", KINDS)
def test_where_a_large_one_is_put_is_told(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = array_of(kind, tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ew.paired(given, given).notes == ()
    monkeypatch.setattr(matrix, "WORTH_A_WORD", ROWS.nbytes)
    monkeypatch.setattr(gathered, "free_memory", lambda: 0)
    with pytest.warns(ew.arrays.InputWarning, match=r"X: read once, into 19,200 bytes of temporary disk"):
        pair = ew.paired(given, ROWS[:, :3])
    np.testing.assert_array_equal(pair.x, ROWS)
    assert len(pair.notes) == 1


def test_every_chunk_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "_BLOCK_BYTES", 200 * 4 * D)
    seen: Counter[int] = Counter()

    def chunk(block: np.ndarray, block_info: Any = None) -> np.ndarray:
        seen[block_info[0]["array-location"][0][0]] += 1
        return block

    given = da.from_array(ROWS, chunks=(64, D)).map_blocks(chunk, dtype=ROWS.dtype, meta=np.empty((0, 0), np.float32))
    with dask.config.set(scheduler="synchronous"):
        np.testing.assert_array_equal(ew.arrays.as_matrix(given, "X"), ROWS)
    assert set(seen.values()) == {1} and sorted(seen) == list(range(0, N, 64))


def test_blocks_are_whole_chunks_and_small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(stored, "_BLOCK_BYTES", 200 * 4 * D)
    zarrs, pieces = [0, 140, 280, 420, 560], [0, 200, 400]
    for kind, starts in (("dask", [0, 150, 330, 510]), ("zarr", zarrs), ("h5py in one piece", pieces)):
        found = list(stored.stored_blocks(array_of(kind, tmp_path)))
        assert [one.start for one in found] == starts
        assert [one.stop for one in found] == [*starts[1:], N]


def test_what_is_refused_is_refused_before_it_is_read(tmp_path: Path) -> None:
    def never(block: np.ndarray) -> np.ndarray:
        raise AssertionError("read")

    def lazy(shape: tuple[int, ...], dtype: Any) -> Any:
        return da.zeros(shape, dtype).map_blocks(never, dtype=dtype, meta=np.empty((0,) * len(shape), dtype))

    with pytest.raises(ValueError, match=r"X to be two-dimensional .* but got shape \(6, 2, 3\).*np\.reshape"):
        ew.paired(lazy((6, 2, 3), "f4"), ROWS)
    with pytest.raises(TypeError, match=r"X to hold real numbers but got dtype complex64"):
        ew.paired(lazy((6, 2), "c8"), ROWS)
    with pytest.raises(TypeError, match=r"X to hold real numbers but got dtype object; pass np\.asarray\(X\)"):
        ew.paired(lazy((6, 2), object), ROWS)
    unknown = da.from_array(ROWS, chunks=100)
    with pytest.raises(ValueError, match=r"number of rows but got shape \(nan, 8\); pass X\.compute_chunk_sizes\(\)"):
        ew.paired(unknown[unknown[:, 0] > 0], ROWS)


@pytest.mark.parametrize("kind", KINDS)
def test_nan_deep_inside_is_found_with_its_row(kind: str, tmp_path: Path) -> None:
    rows = ROWS.copy()
    rows[411, 5] = np.nan
    with pytest.raises(ValueError, match=r"NaN or infinity in 1 of 600 rows \(first: row 411\)"):
        ew.compare(array_of(kind, tmp_path, rows), ROWS)


def batches(rows: np.ndarray = ROWS, high: int = 70) -> pa.RecordBatchReader:
    fixed = pa.FixedSizeListArray.from_arrays(pa.array(rows.ravel()), rows.shape[1])
    return pa.table({"e": fixed}).to_reader(max_chunksize=high)


@pytest.mark.parametrize("free", [0, 8 * ROWS.nbytes - 1, 8 * ROWS.nbytes], ids=["none", "too little", "enough"])
def test_batches_of_arrow_go_to_disk_where_they_are_many(
    free: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(gathered, "free_memory", lambda: free)
    monkeypatch.setattr(matrix, "WORTH_A_WORD", 1)
    where = "into memory" if free == 8 * ROWS.nbytes else "of temporary disk"
    with pytest.warns(ew.arrays.InputWarning, match=f"X: read once, into .*{where[5:]}"):
        found = ew.paired(batches(), ROWS)
    np.testing.assert_array_equal(found.x, ROWS)
    assert found.x.dtype == torch.float32 and list(tmp_path.iterdir()) == []


def test_batches_of_unlike_widths_are_told_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathered, "free_memory", lambda: 0)
    ragged = pa.table({"e": [[1.0, 2.0]] * 5 + [[1.0]] * 5})
    with pytest.raises(ValueError, match=r"got 2 of float64 and, from row 5, 1 of float64; make them alike"):
        ew.paired(ragged.to_reader(max_chunksize=5), ROWS)
    with pytest.raises(ValueError, match=r"widths from 1 to 2 \(first other than the first: row 5\)"):
        ew.paired(ragged.to_reader(max_chunksize=3), ROWS)
