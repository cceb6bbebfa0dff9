"""Large products on the CPU, by whichever of torch and NumPy multiplies faster on this machine."""

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import full_precision

_LARGE = 1 << 24
"""Multiplications from which the choice matters."""
_ROWS, _COLUMNS, _WIDTH, _ROUNDS = 128, 1024, 256, 8
_FASTER = 1.05
"""NumPy is taken where it is so much faster: a draw falls to torch in every process."""
BOTH = ("torch", "numpy")
INHERITED = "EMBWIDGET_PRODUCTS_"
"""Begins the names of the environment variables that hold what was found."""
_TYPES = {torch.float32: np.float32, torch.float64: np.float64}


def product(a: Float[Tensor, "m d"], b: Float[Tensor, "d n"], out: Tensor | None = None) -> Float[Tensor, "m n"]:
    """``a @ b``, written into ``out`` where it is given; NumPy works in the memory of the tensors.

    On the CPU by the `faster` of both, on as many threads as torch was told; full float32 is the caller's to ask for
    (`embwidget.arrays.full_precision`; NumPy knows no other).
    """
    large = len(a) * a.shape[1] * b.shape[1] >= _LARGE
    if not large or not _shared(a, b, out) or faster(a.dtype) == "torch":
        return torch.mm(a, b, out=out) if out is not None else a @ b
    with as_many_threads(), np.errstate(all="ignore"):
        return torch.from_numpy(np.matmul(a.numpy(), b.numpy(), out=None if out is None else out.numpy()))


@np.errstate(under="ignore")
def symmetric_product(rows: Float[Tensor, "n d"]) -> Float[Tensor, "d d"]:
    """``rows.T @ rows`` in the type of the rows; on the CPU at half the price of a general product."""
    if controls() is not None and _shared(rows):
        # numpy knows a matrix by its own transpose and takes the symmetric rank-k product; torch does not.
        values = rows.numpy()
        with as_many_threads():
            return torch.from_numpy(values.T @ values)
    with full_precision():
        return rows.T @ rows


def faster(dtype: torch.dtype) -> str:
    """Which multiplies faster here, ``"numpy"`` or ``"torch"``: measured once for a type and a number of threads.

    Processes that this one starts take over what it found, so that all find the same to the last bit.
    """
    if dtype not in _TYPES:
        return "torch"
    threads = torch.get_num_threads()
    name = f"{INHERITED}{str(dtype).removeprefix('torch.').upper()}_{threads}"
    if os.environ.get(name) not in BOTH or controls() is None:
        os.environ[name] = _measured(dtype, threads)
    return os.environ[name]


def products_said(device: torch.device, dtype: torch.dtype = torch.float32) -> str:
    """What multiplies rows of a type on a device, in a word."""
    return faster(dtype) if device.type == "cpu" else "torch"


@cache
def _measured(dtype: torch.dtype, threads: int) -> str:
    if controls() is None:
        return "torch"
    a, b = torch.ones(_ROWS, _WIDTH, dtype=dtype), torch.ones(_COLUMNS, _WIDTH, dtype=dtype).T
    out = torch.empty(_ROWS, _COLUMNS, dtype=dtype)
    by_numpy = a.numpy(), b.numpy(), out.numpy()
    with full_precision(), as_many_threads():
        # Least of some rounds in turn: whatever else the machine does only adds.
        rounds = [
            (_seconds(lambda: torch.mm(a, b, out=out)), _seconds(lambda: np.matmul(*by_numpy)))
            for _ in range(_ROUNDS + 1)
        ][1:]
    torchs, numpys = (min(each) for each in zip(*rounds, strict=True))
    return "numpy" if numpys * _FASTER < torchs else "torch"


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _shared(*tensors: Tensor | None) -> bool:
    """Whether NumPy may work in the memory of these."""
    given = [one for one in tensors if one is not None]
    alike = {one.dtype for one in given} <= {given[0].dtype}
    return alike and all(one.device.type == "cpu" and not one.requires_grad for one in given)


@cache
def controls() -> tuple[Any, ...] | None:
    """What sets the number of threads of NumPy's products; None where nothing can."""
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:  # it comes with scikit-learn, but not by name
        return None
    found = ThreadpoolController().select(user_api="blas").lib_controllers
    return tuple(found) or None


@contextlib.contextmanager
def as_many_threads() -> Iterator[None]:
    """NumPy's products on as many threads as torch was told, and afterwards on as many as before."""
    wanted = torch.get_num_threads()
    before = [(one, one.num_threads) for one in controls() or ()]
    changed = [(one, threads) for one, threads in before if threads > wanted]
    for one, _ in changed:
        one.set_num_threads(wanted)
    try:
        yield
    finally:
        for one, threads in changed:
            one.set_num_threads(threads)
