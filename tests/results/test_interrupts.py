"""Interrupted at any time, a call leaves no half file and no thread, and the next one is as if nothing had been."""

import subprocess
import sys
from pathlib import Path

CALLS = Path(__file__).parents[1] / "support" / "interrupted_calls.py"
TIMES = 3


def test_calls_that_are_interrupted_at_any_time_leave_nothing(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, str(CALLS), str(tmp_path), str(TIMES)], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("", 0), done.stderr
