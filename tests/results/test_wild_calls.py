"""Whatever stands for a space or an option: an answer, or a refusal that says what was expected and what it got."""

import subprocess
import sys
from pathlib import Path

CALLS = Path(__file__).parents[1] / "support" / "wild_calls.py"
EXAMPLES = 25


def test_wild_calls_are_answered_or_refused() -> None:
    done = subprocess.run([sys.executable, str(CALLS), str(EXAMPLES)], capture_output=True, text=True, check=True)
    assert done.stdout == ""
