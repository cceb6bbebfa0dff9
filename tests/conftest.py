"""What every run of the tests says first, and how tests are shared out among processes."""

from typing import Any

import pytest
import torch


def pytest_report_header() -> str:
    if torch.cuda.is_available():
        return f"CUDA: {torch.cuda.get_device_name()}; tests of devices run on it and on the CPU"
    return "CUDA: none; tests of devices run on the CPU alone"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """By file, so that fixtures are made once; but whole notebooks in the browser, a minute each, one by one."""
    if config.getoption("dist") != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return nodeid if "/test_notebooks.py::" in nodeid else super()._split_scope(nodeid)

    return ByFile(config, log)
