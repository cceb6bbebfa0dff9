"""Rows in blocks, and where and how exactly their products are computed."""

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor

from embwidget.arrays.precision import RAISED

DEVICES = ("cpu", "cuda")
_BLOCK_BYTES = 32 << 20


def row_blocks(n: int, row_bytes: int, budget: int = _BLOCK_BYTES) -> Iterator[slice]:
    """Yield slices over ``n`` rows so that each block stays under ``budget`` bytes (at least one row)."""
    rows = max(1, min(n, budget // max(1, row_bytes)))
    for start in range(0, n, rows):
        yield slice(start, min(start + rows, n))


class HalvingBlocks:
    """`row_blocks` that become half as large where the device runs out of memory, and go on from there.

    Each block's work is done within `attempt` and must be one that can be begun again::

        blocks = HalvingBlocks(n, row_bytes, budget)
        for block in blocks:
            with blocks.attempt():
                ...
    """

    def __init__(self, n: int, row_bytes: int, budget: int) -> None:
        self._n, self.failed = n, False
        self._rows = max(1, min(n, budget // max(1, row_bytes)))

    def __iter__(self) -> Iterator[slice]:
        start = 0
        while start < self._n:
            self.failed = False
            stop = min(start + self._rows, self._n)
            yield slice(start, stop)
            if self.failed:
                self._rows = max(1, (stop - start) // 2)
            else:
                start = stop

    @contextlib.contextmanager
    def attempt(self) -> Iterator[None]:
        """Work on a block, which is given out again in halves if memory does not last.

        Raises:
            torch.OutOfMemoryError: a single row is too much.

        """
        try:
            yield
        except torch.OutOfMemoryError:
            if self._rows == 1:
                raise
            self.failed = True
            torch.cuda.empty_cache()


def block_budget(device: torch.device, usual: int) -> int:
    """Bytes for a block: the usual, and on a GPU at most an eighth of what is free there."""
    return usual if device.type == "cpu" else max(1, min(usual, torch.cuda.mem_get_info(device)[0] // 8))


@contextlib.contextmanager
def full_precision() -> Iterator[None]:
    """Run float32 products in float32: no TF32, no bfloat16, no autocast, no gradients; settings are restored.

    The precision of products is one setting for all threads. It is raised while any thread is in here, and is then
    again what it was before, or what it was set to meanwhile.
    """
    RAISED.enter()
    try:
        with torch.no_grad(), torch.autocast("cpu", enabled=False), torch.autocast("cuda", enabled=False):
            yield
    finally:
        RAISED.leave()


def resolve_device(x: Tensor, device: Any = None) -> torch.device:
    """The device named, else the input's own if that is a GPU, else CUDA if there is one, else the CPU."""
    if device is not None:
        named = named_device(device)
        if named.type == "cuda" and not torch.cuda.is_available():
            raise ValueError(f"expected a device that is here but got {device!r}: torch sees no GPU; use device='cpu'")
        return named
    if x.device.type != "cpu":
        return x.device
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def named_device(device: Any) -> torch.device:
    """The device named, be it here or where the work is done.

    Raises:
        ValueError: no device, or one of a kind that is not used.

    """
    try:
        named = torch.device(device)
    except (RuntimeError, TypeError):
        raise ValueError(f"expected device to be one of {', '.join(DEVICES)} but got {device!r}") from None
    if named.type not in DEVICES:
        raise ValueError(f"expected device to be one of {', '.join(DEVICES)} but got {device!r}")
    return named


def take_rows(x: Tensor, rows: np.ndarray) -> Tensor:
    """Rows by their numbers; the tensor itself where they are all of them, in order, and here."""
    whole = type(x) is Tensor and np.array_equal(rows, np.arange(len(x)))
    return x if whole else x[torch.from_numpy(rows).to(x.device)]
