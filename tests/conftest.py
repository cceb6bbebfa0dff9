"""What every run of the tests says first, and how tests are shared out among processes."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
import torch


def pytest_report_header() -> str:
    if torch.cuda.is_available():
        return f"CUDA: {torch.cuda.get_device_name()}; tests of devices run on it and on the CPU"
    return "CUDA: none; tests of devices run on the CPU alone"


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Leave what collection makes out of garbage collection: modules and tests, nearly a million objects, stay.

    Else every full collection, those that tests of memory ask for too, goes through them all, for half a second.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()


LONGEST = (
    "approximate",
    "notebooks/0",
    "test_readme",
    "tests/lab/",
    "tests/alignment/",
    "tests/results/",
    "tests/measures/",
    "tests/contrasim/",
    "tests/spectral/",
    "on_cluster",
)
"""Parts of what is begun first, so that both processes end together."""


def scope_of(nodeid: str) -> str:
    """What one process runs: a file, whose fixtures are made once, or less or more of it.

    Whole notebooks in the browser, half a minute each, go one by one; all tests of the approximate search together,
    which is compiled, for half a minute, by every process that uses it.
    """
    if "approximate" in nodeid or "pynndescent" in nodeid:
        return "approximate"
    return nodeid if "/test_notebooks.py::" in nodeid else nodeid.split("::")[0]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def begun(item: pytest.Item) -> int:
        scope = scope_of(item.nodeid)
        return next((i for i, part in enumerate(LONGEST) if part in scope), len(LONGEST))

    items.sort(key=begun)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """By scope, in the order above: by itself it would begin with whatever holds the most tests."""
    if config.getoption("dist") != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByScope(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return scope_of(nodeid)

    config.option.loadscopereorder = False
    return ByScope(config, log)
