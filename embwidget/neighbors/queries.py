"""What is searched in, and what for: rows of the space itself, by number, or vectors that are none of its rows."""

from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Integer
from torch import Tensor

from embwidget.arrays.bits import OCTETS
from embwidget.arrays.checks import MINIMUM_ITEMS, check_nonzero_rows, check_values
from embwidget.arrays.matrix import as_matrix
from embwidget.arrays.options import as_number
from embwidget.arrays.reading.opened import Opened


def checked_space(X: Any, metric: str) -> Float[Tensor, "n d"]:
    """Rows to search in.

    Raises:
        TypeError, ValueError: as `embwidget.paired`; zero rows under cosine.

    """
    x = as_matrix(X, "X", bits=metric == "hamming")
    if len(x) < MINIMUM_ITEMS:
        raise ValueError(f"expected at least {MINIMUM_ITEMS} items but got n = {len(x)}")
    check_values(x, "X")
    if metric == "cosine":
        check_nonzero_rows(x, "X")
    return x


def are_vectors(queries: Any) -> bool:
    """Whether queries are vectors, one a row: whatever holds more than a list of single numbers."""
    if queries is None or isinstance(queries, Opened):
        return queries is not None
    shape = getattr(queries, "shape", None)
    if shape is not None and len(shape) != 1:
        return len(shape) > 1
    try:
        listed = np.asarray(queries)
    except (TypeError, ValueError):  # vectors of other libraries, or of unlike widths
        return True
    return listed.ndim > 1 or (listed.dtype == object and any(hasattr(one, "__len__") for one in listed.ravel()))


def checked_rows(queries: Any, n: int) -> Integer[np.ndarray, " s"]:
    """Numbers of rows of a space of ``n``.

    Raises:
        ValueError: they are none.

    """
    rows = np.asarray(queries)
    if rows.ndim != 1 or rows.dtype.kind not in "iu" or not len(rows) or rows.min() < 0 or rows.max() >= n:
        raise ValueError(
            f"expected queries to be row numbers in 0 … {n - 1}, or vectors, one a row, but got {queries!r}"
        )
    return rows.astype(np.int64)


def checked_vectors(queries: Any, x: Float[Tensor, "n d"], metric: str) -> Float[Tensor, "q d"]:
    """Vectors to search for in a space, checked as its own rows are.

    Raises:
        TypeError, ValueError: as `embwidget.paired`; another width than the space's; zero rows under cosine.

    """
    bits = metric == "hamming"
    vectors = as_matrix(bytes_as_bits(queries, x.shape[1]) if bits else queries, "queries", bits=bits)
    if vectors.shape[1] != x.shape[1]:
        raise ValueError(
            f"expected queries of the width of X but got shapes {tuple(vectors.shape)} and {tuple(x.shape)}; embed "
            "queries and corpus by the same model"
        )
    check_values(vectors, "queries")
    if metric == "cosine":
        check_nonzero_rows(vectors, "queries")
    return vectors


def check_queries_k(k: int, n: int) -> int:
    """A number of neighbours in a corpus of ``n``, of which each may be one.

    Raises:
        ValueError: ``k`` outside ``1 … n``.

    """
    size = as_number(k)
    if not isinstance(size, int) or not 1 <= size <= n:
        raise ValueError(f"expected k in 1 … {n} (n = {n} rows to search in) but got {k!r}")
    return size


def bytes_as_bits(queries: Any, width: int) -> Any:
    """Few packed queries may have bytes of 0 and 1 alone, which only their width tells from bits."""
    if not isinstance(queries, (np.ndarray, Tensor)) or queries.ndim != 2 or 8 * queries.shape[1] != width:
        return queries
    octets = torch.as_tensor(queries)
    if octets.dtype not in OCTETS:
        return queries
    turned = octets.view(torch.uint8) ^ 128 if octets.dtype == torch.int8 else octets
    return np.unpackbits(turned.cpu().numpy(), axis=1)
