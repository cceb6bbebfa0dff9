"""Spaces as careless people hand them in: any dtype, shape, scale, layout and container, with holes and copies."""

import warnings
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st

REAL = ("f8", "f8", "f8", "f4", "f2", ">f8", ">f4", "torch.f4", "torch.bf16")
DTYPES = (*REAL, "i1", "u1", "i4", "i8", "u8", "?", "c16", "O")
KINDS = ("normal", "normal", "constant", "one direction", "copies", "few values", "a zero row", "far from zero")
SCALES = (1.0, 1.0, 1.0, 1e-30, 1e30, 1e140, 1e200, 1e-310, "each row its own")
HOLES = (None,) * 8 + (np.nan, np.inf)
LAYOUTS = ("C", "C", "F", "reversed", "every other", "read-only", "list", "masked", "matrix", "view of rows")


def values(rng: np.random.Generator, n: int, d: int, kind: str) -> np.ndarray:
    X = rng.normal(size=(n, d))
    if kind == "constant":
        X[:] = X[0]
    elif kind == "one direction":
        X = np.outer(X[:, 0], X[0])
    elif kind == "copies":
        X = X[rng.integers(0, max(1, n // 2), n)]
    elif kind == "few values":
        X = np.round(X)
    elif kind == "a zero row":
        X[rng.integers(n)] = 0
    elif kind == "far from zero":
        X += 1e6
    return X


def laid_out(X: np.ndarray, layout: str) -> Any:
    if layout == "F":
        return np.asfortranarray(X)
    if layout == "reversed":
        return X[::-1, ::-1]
    if layout == "every other":
        wide = np.zeros((2 * len(X), 2 * X.shape[1]), X.dtype)
        wide[::2, ::2] = X
        return wide[::2, ::2]
    if layout == "read-only":
        X.flags.writeable = False
        return X
    if layout == "list":
        return X.tolist()
    if layout == "masked":
        return np.ma.masked_array(X)
    if layout == "matrix":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.asmatrix(X)
    return X.view() if layout == "view of rows" else X


def typed(X: np.ndarray, dtype: str, layout: str) -> Any:
    with np.errstate(all="ignore"):
        if dtype.startswith("torch."):
            X = torch.from_numpy(X).to({"f4": torch.float32, "bf16": torch.bfloat16}[dtype[6:]])
            return X.flip(0) if layout == "reversed" else X.T.contiguous().T if layout == "F" else X
        if np.dtype(dtype).kind in "iu":
            X = np.nan_to_num(np.clip(X, -100, 100))
        return laid_out(X.astype(dtype), layout)


@st.composite
def careless_space(draw: st.DrawFn, n: int) -> Any:
    """A space of ``n`` items."""
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    X = values(rng, n, draw(st.integers(1, n + 2)), draw(st.sampled_from(KINDS)))
    scale = draw(st.sampled_from(SCALES))
    X = X * (10.0 ** rng.integers(-200, 140, (n, 1)) if isinstance(scale, str) else scale)
    if (hole := draw(st.sampled_from(HOLES))) is not None:
        X[rng.integers(n), rng.integers(X.shape[1])] = hole
    return typed(X, draw(st.sampled_from(DTYPES)), draw(st.sampled_from(LAYOUTS)))
