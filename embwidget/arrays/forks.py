"""What a forked process may not do: the threads of OpenMP that its parent had are not in it."""

import contextlib
import os
import sys

import torch

_lost = False


def numba_threads_lost() -> bool:
    """Whether this process was forked from one in which numba had threads of GNU's OpenMP: it ends if it uses them."""
    return _lost


def _after_fork() -> None:
    global _lost
    # With more than one thread torch would wait for ever for those of the parent.
    if torch.get_num_threads() > 1:
        torch.set_num_threads(1)
    # It says so by an error where numba was not used yet, and is not there while it is being imported.
    with contextlib.suppress(AttributeError, ValueError):
        _lost = _lost or ("numba" in sys.modules and sys.modules["numba"].threading_layer() == "omp")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
