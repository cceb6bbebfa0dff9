"""Files of every format, written when they are asked for."""

from collections.abc import Callable
from pathlib import Path

import pytest
from opened_files import WRITERS


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    """Writes the file of that name."""

    def write(name: str) -> Path:
        WRITERS[name](tmp_path / name)
        return tmp_path / name

    return write
