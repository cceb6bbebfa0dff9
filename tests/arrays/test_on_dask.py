"""Dask arrays as blocks of the same rows, and work on them as tasks: what is refused, in what order it is merged."""

import sys
from concurrent.futures import ThreadPoolExecutor

import dask.array as da
import numpy as np
import pytest
import torch

from embwidget import Moments
from embwidget.arrays.on_dask.chunks import RowChunks, is_dask
from embwidget.arrays.on_dask.contents import digest, refuse_other
from embwidget.arrays.on_dask.pair import BlockedPair
from embwidget.arrays.on_dask.tasks import inside_a_task, merged, task


def rows(n: int = 100, d: int = 4) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(n, d)).astype(np.float32)


def test_a_dask_array_is_told_without_importing_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_dask(da.from_array(rows())) and not is_dask(rows())
    monkeypatch.delitem(sys.modules, "dask.array")
    assert not is_dask(rows()) and "dask.array" not in sys.modules


def test_the_widest_array_keeps_its_chunks_and_all_blocks_have_the_same_rows() -> None:
    X, Y = rows(d=6), rows(d=2)
    x = da.from_array(X, chunks=((13, 0, 50, 37), (4, 2)))
    chunks = RowChunks.of({"Y": da.from_array(Y, chunks=(9, 1)), "X": x})
    assert chunks.names == ("Y", "X") and chunks.widths == (2, 6) and chunks.n == 100
    assert (chunks.starts, chunks.stops) == ((0, 13, 63), (13, 63, 100))
    for start, stop, (y_part, x_part) in zip(chunks.starts, chunks.stops, chunks.blocks, strict=True):
        np.testing.assert_array_equal(y_part.compute(), Y[start:stop])
        np.testing.assert_array_equal(x_part.compute(), X[start:stop])


def test_large_chunks_are_split_so_that_a_task_can_hold_them() -> None:
    x = da.zeros((1_000_000, 512), chunks=(-1, -1), dtype=np.float32)
    chunks = RowChunks.of({"X": x, "Y": x})
    sizes = np.diff((*chunks.starts, chunks.n))
    assert sizes.max() * 1024 * 8 <= 128 << 20 and sizes.max() - sizes.min() <= 1 and sizes.sum() == 1_000_000


def joined(parts: list[list[int]]) -> list[int]:
    return [one for part in parts for one in part]


def unknown() -> da.Array:
    x = da.from_array(rows(), chunks=(30, -1))
    return x[x[:, 0] > 0]


@pytest.mark.parametrize(
    ("x", "error", "told"),
    [
        (unknown, ValueError, r"unknown ones \(nan\); pass X.compute_chunk_sizes\(\)"),
        (lambda: da.zeros((10, 2, 3)), ValueError, r"3 axes.*reshape\(len\(X\), -1\)"),
        (lambda: da.zeros((100, 2), dtype=bool), TypeError, r"dtype bool; pass X.astype"),
        (lambda: da.zeros((2, 2)), ValueError, r"at least 3 items .* shape \(2, 2\)"),
        (lambda: da.zeros((99, 2)), ValueError, r"same number of rows but got shapes \(99, 2\) and \(100, 4\)"),
        (lambda: rows(), TypeError, r"X as a dask array, as Y is one, but got ndarray; pass dask.array.from_array"),
    ],
    ids=["unknown chunks", "three axes", "bool", "two rows", "other rows", "numpy"],
)
def test_what_cannot_be_cut_alike_is_refused_before_anything_is_read(x, error: type, told: str) -> None:
    with pytest.raises(error, match=told):
        BlockedPair.of(x(), da.from_array(rows(), chunks=(30, -1)))


def test_unknown_chunks_are_taken_after_the_remedy() -> None:
    x = unknown().compute_chunk_sizes()
    assert Moments.of(x).n == (rows()[:, 0] > 0).sum()


def test_rows_are_not_joined_by_ids() -> None:
    with pytest.raises(ValueError, match="expected no ids with dask arrays"):
        BlockedPair.of(da.zeros((9, 2)), da.zeros((9, 2)), ids=(range(9), range(9)))


def test_parts_are_merged_as_neighbours_in_a_tree() -> None:
    seen = []

    def merge(parts: list[list[int]]) -> list[int]:
        seen.append(len(parts))
        return joined(parts)

    of = task(lambda i: [i])
    assert merged([of(i) for i in range(100)], merge) == list(range(100))
    # Twelve tasks of eight, one of four, and here one by one.
    assert sorted(seen, reverse=True)[:13] == [8] * 12 + [4] and max(seen) == 8


def test_a_task_takes_one_thread_and_full_precision_and_leaves_both_as_they_were() -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        torch.set_float32_matmul_precision("high")
        with inside_a_task():
            assert (torch.get_num_threads(), torch.get_float32_matmul_precision()) == (1, "highest")
        assert (torch.get_num_threads(), torch.get_float32_matmul_precision()) == (2, "high")
    finally:
        torch.set_num_threads(before)
        torch.set_float32_matmul_precision("highest")


def test_tasks_on_threads_leave_threads_that_start_later_what_they_had() -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(3)
        assert merged([task(threads_inside)(i) for i in range(20)], joined) == [1] * 20
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(torch.get_num_threads).result() == 3
    finally:
        torch.set_num_threads(before)


def threads_inside(_: int) -> list[int]:
    with inside_a_task():
        return [torch.get_num_threads()]


def test_a_block_is_known_again_whatever_its_memory_looks_like() -> None:
    X = rows()
    assert digest(X) == digest(np.asfortranarray(X)) == digest(X[:]) != digest(X[::-1])
    refuse_other(X.copy(), digest(X), "X", 0)
    changed = X.copy()
    changed[7, 2] = np.nextafter(changed[7, 2], 2)
    with pytest.raises(ValueError, match=r"same values in X in every pass .* in the 100 rows from row 300 on"):
        refuse_other(changed, digest(X), "X", 300)
