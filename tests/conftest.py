"""What every run of the tests says first."""

import torch


def pytest_report_header() -> str:
    if torch.cuda.is_available():
        return f"CUDA: {torch.cuda.get_device_name()}; tests of devices run on it and on the CPU"
    return "CUDA: none; tests of devices run on the CPU alone"
