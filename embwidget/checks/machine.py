"""What computes: torch and its device, searches, memory."""

import importlib

from embwidget.arrays.reading.room import free_memory, sized
from embwidget.checks.checkup import Check
from embwidget.checks.packages import pip

_LITTLE = 1_000_000_000


def check_torch() -> Check:
    """Which torch, and on which device."""
    try:
        torch = importlib.import_module("torch")
    except (ImportError, OSError) as error:  # a library of it that does not load raises the latter
        return Check(name="torch", ok=False, found=f"does not load: {error}", remedy=pip("torch"))
    if not torch.cuda.is_available():
        said = f"{torch.__version__} on the CPU, {torch.get_num_threads()} threads; no GPU is seen, and none is needed"
        return Check(name="torch", ok=True, found=said)
    return Check(name="torch", ok=True, found=f"{torch.__version__} with {torch.cuda.get_device_name()}")


def check_searches() -> Check:
    """Beyond what is searched exactly PyNNDescent is asked."""
    try:
        version = importlib.import_module("pynndescent").__version__
    except Exception as error:  # numba fails in ways of its own
        return Check(
            name="approximate search",
            ok=False,
            found=f"pynndescent does not load: {error}",
            remedy=pip("--upgrade pynndescent numba"),
        )
    return Check(name="approximate search", ok=True, found=f"pynndescent {version}; up to 100,000 items are exact")


def check_memory() -> Check:
    """What is free."""
    free = free_memory()
    if free < _LITTLE:
        remedy = "end kernels that are not used; larger files: compare(..., method='sampled')"
        return Check(name="memory", ok=False, found=f"{sized(free)} free", remedy=remedy)
    return Check(name="memory", ok=True, found=f"{sized(free)} free")
