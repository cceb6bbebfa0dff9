"""The boundary: what is taken, what is refused, and in which words."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import torch

from embwidget.arrays import as_matrix, check_ks, full_precision, paired

ROWS = np.arange(12, dtype=np.float64).reshape(4, 3) ** 1.5


def as_memmap(rows: np.ndarray, tmp_path) -> np.ndarray:
    path = tmp_path / "rows.npy"
    np.save(path, rows)
    return np.load(path, mmap_mode="r")


@pytest.mark.parametrize(
    "make",
    [
        lambda r, t: r,
        lambda r, t: r.tolist(),
        lambda r, t: torch.from_numpy(r),
        lambda r, t: torch.from_numpy(r).requires_grad_(),
        as_memmap,
        lambda r, t: pd.DataFrame(r),
        lambda r, t: pd.Series(list(r)),
        lambda r, t: pa.array(r.tolist()),
        lambda r, t: pa.chunked_array([r[:2].tolist(), r[2:].tolist()]),
        lambda r, t: pa.FixedSizeListArray.from_arrays(pa.array(r.ravel()), 3),
        lambda r, t: r.astype(">f8"),
        lambda r, t: np.asfortranarray(r),
        lambda r, t: r[::-1].copy()[::-1],
        lambda r, t: tuple(map(tuple, r)),
    ],
    ids=(
        *("numpy", "list", "torch", "grad", "memmap", "frame", "series"),
        *("arrow", "chunked", "fixed", "bigendian", "fortran", "negative", "tuple"),
    ),
)
def test_every_kind_of_input_gives_the_same_rows(make, tmp_path) -> None:
    taken = as_matrix(make(ROWS, tmp_path), "X")
    np.testing.assert_array_equal(taken.double().numpy(), ROWS)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "int64", "uint8"])
def test_number_types_are_taken(dtype: str) -> None:
    rows = np.arange(12).reshape(4, 3).astype(dtype)
    taken = as_matrix(rows, "X")
    assert taken.is_floating_point()
    np.testing.assert_array_equal(taken.double().numpy(), rows.astype(float))


def test_no_copy_of_a_memory_map(tmp_path) -> None:
    rows = as_memmap(ROWS, tmp_path)
    assert as_matrix(rows, "X").data_ptr() == rows.ctypes.data


NAN = np.where(np.arange(12).reshape(4, 3) == 7, np.nan, ROWS)
REFUSED = [
    ("rows", ROWS, ROWS[:3], ValueError, r"same number of rows but got shapes \(4, 3\) and \(3, 3\).*ids="),
    ("nan", NAN, ROWS, ValueError, r"finite values in X but got NaN or infinity in 1 of 4 rows \(first: row 2\)"),
    ("inf", ROWS, np.where(np.isnan(NAN), np.inf, ROWS), ValueError, r"finite values in Y .*first: row 2"),
    ("1-D", ROWS[:, 0], ROWS, ValueError, r"X to be two-dimensional .* got shape \(4,\); pass one vector a row"),
    ("3-D", ROWS, ROWS[None], ValueError, r"Y to be two-dimensional .* got shape \(1, 4, 3\); flatten"),
    ("empty", np.empty((0, 3)), np.empty((0, 3)), ValueError, r"at least one value but got shape \(0, 3\)"),
    ("no width", np.empty((4, 0)), ROWS, ValueError, r"at least one value but got shape \(4, 0\)"),
    ("two items", ROWS[:2], ROWS[:2], ValueError, "at least 3 paired items but got n = 2"),
    ("object", np.array([[1, "a"]] * 4, object), ROWS, TypeError, "real numbers but got dtype object with text"),
    ("text", np.array([["a", "b"]] * 4), ROWS, TypeError, "real numbers but got dtype <U1"),
    ("bool", ROWS > 3, ROWS, TypeError, "real numbers but got dtype bool"),
    ("complex", ROWS * 1j, ROWS, TypeError, "real numbers but got dtype complex128"),
    ("complex torch", torch.ones(4, 3) * 1j, ROWS, TypeError, "real numbers but got torch.complex64"),
    ("ragged", [[1, 2], [3]], ROWS, ValueError, "vectors of one width in X but got widths from 1 to 2"),
    ("missing vector", pd.Series([ROWS[0], None, *ROWS[1:3]]), ROWS, ValueError, r"finite .*: row 1, which is missing"),
    ("sparse", torch.eye(4).to_sparse(), ROWS, TypeError, "to be dense"),
]


@pytest.mark.parametrize(("x", "y", "error", "words"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_refused_with_the_cause(x, y, error, words) -> None:
    with pytest.raises(error, match=words):
        paired(x, y)


def test_masked_values_are_never_used() -> None:
    masked = np.ma.masked_greater(ROWS, 30)
    with pytest.raises(ValueError, match="no masked values in X but got 2"):
        paired(masked, ROWS)
    assert paired(np.ma.array(ROWS), ROWS).n == 4


def test_scipy_sparse_is_refused_with_the_remedy() -> None:
    from scipy.sparse import csr_matrix

    with pytest.raises(TypeError, match=r"pass X\.toarray\(\)"):
        paired(csr_matrix(ROWS), ROWS)


def test_large_finite_values_are_no_infinity() -> None:
    assert paired(np.full((4, 3), 1e145), ROWS).n == 4
    assert paired(np.full((4, 3), 3e38, np.float32), ROWS).n == 4
    with pytest.raises(ValueError, match="squares are finite"):
        paired(np.full((4, 3), 1e308), ROWS)


@pytest.mark.parametrize("unit", [1e300, 1e200, 1e-200, 3e-310])
def test_values_without_squares_are_refused_with_a_remedy_that_works(unit: float) -> None:
    X = np.random.default_rng(0).normal(size=(5, 3)) * unit
    with pytest.raises(ValueError, match="whose squares are finite") as told:
        paired(X, ROWS[[0, 1, 2, 3, 0]])
    assert paired(eval(str(told.value).rsplit("scale them: ")[1]), ROWS[[0, 1, 2, 3, 0]]).n == 5


def test_rows_are_joined_by_ids_in_the_order_of_x() -> None:
    pair = paired(ROWS, ROWS * 2, ids=(["a", "b", "c", "d"], ["d", "x", "b", "a"]))
    assert pair.ids == ("a", "b", "d")
    np.testing.assert_array_equal(pair.rows_x, [0, 1, 3])
    np.testing.assert_array_equal(pair.rows_y, [3, 2, 0])
    np.testing.assert_array_equal(pair.y.numpy(), ROWS[[3, 2, 0]] * 2)
    assert pair.dropped == (1, 1)


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        ((["a", "b", "a", "d"], list("abcd")), "unique ids for X but got 1 repeated .first: 'a'"),
        ((list("abcd"), list("efgh")), "share ids but got none in common"),
        ((list("abc"), list("abcd")), "one id for each of the 4 rows of X but got 3"),
        (list("abcd"), r"pair \(ids_x, ids_y\)"),
        ((list("abcd"), list("abxy")), "at least 3 paired items but got n = 2"),
        (("1234", [1, 2, 3, 4]), "none in common .first: '1' and 1.; 4 more .* but for their types"),
    ],
)
def test_ids_that_do_not_pair(ids, words) -> None:
    with pytest.raises(ValueError, match=words):
        paired(ROWS, ROWS, ids=ids)


@pytest.mark.parametrize("k", [0, 10, -1, 2.5, 3.0, True, np.True_, "3", None, [], [1, 0], [True], np.array([1.5])])
def test_k_outside_its_range(k) -> None:
    with pytest.raises(ValueError, match=r"1 … 9"):
        check_ks(k, 10)


@pytest.mark.parametrize("alpha", [0, 1.1, -0.1, True, "x", []])
def test_alpha_outside_its_range(alpha) -> None:
    with pytest.raises(ValueError, match=r"\(0, 1\]"):
        check_ks(None, 10, alpha)


def test_k_and_alpha_are_taken() -> None:
    assert check_ks(np.int64(9), 10) == ([9], True)
    assert check_ks(range(1, 4), 10) == ([1, 2, 3], False)
    assert check_ks(torch.tensor([4, 2]), 10) == ([4, 2], False)
    assert check_ks(None, 101, 0.2) == ([20], True)
    assert check_ks(None, 11, [1.0, 0.3]) == ([10, 3], False)


def test_full_precision_restores_the_setting() -> None:
    torch.set_float32_matmul_precision("medium")
    try:
        with full_precision():
            assert torch.get_float32_matmul_precision() == "highest"
        assert torch.get_float32_matmul_precision() == "medium"
        with pytest.raises(RuntimeError), full_precision():
            raise RuntimeError
        assert torch.get_float32_matmul_precision() == "medium"
    finally:
        torch.set_float32_matmul_precision("highest")
