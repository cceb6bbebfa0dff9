"""How much memory and how much disk there is to put rows into."""

import contextlib
import os
import shutil
from pathlib import Path

_PROC = Path("/proc/meminfo")
_GROUP = Path("/sys/fs/cgroup")
_UNKNOWN = 4 << 30


def free_memory() -> int:
    """Bytes that can be taken without others giving any up; a container's own limit counts. 4 GiB if nothing tells.

    Example:
        >>> free_memory() > 0
        True

    """
    return max(1, min(_machine(), _container()))


def free_disk(folder: str | os.PathLike[str]) -> int:
    """Bytes that a file in this folder may take."""
    return shutil.disk_usage(folder).free


def sized(many: int) -> str:
    """Bytes in words.

    Example:
        >>> sized(3_400_000_000), sized(1_500_000), sized(12)
        ('3.4 GB', '1.5 MB', '12 bytes')

    """
    for unit, size in (("GB", 1e9), ("MB", 1e6)):
        if many >= size:
            return f"{many / size:.1f} {unit}"
    return f"{many:,} bytes"


def _machine() -> int:
    # Other systems than Linux have no such file.
    with contextlib.suppress(OSError, KeyError, ValueError):
        lines = dict(line.split(":", 1) for line in _PROC.read_text().splitlines())
        return int(lines["MemAvailable"].split()[0]) << 10
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return _UNKNOWN


def _container() -> int:
    """What the control group leaves; what it holds of files can be given up."""
    try:
        most = int((_GROUP / "memory.max").read_text())
        held = int((_GROUP / "memory.current").read_text())
        kept = dict(line.split() for line in (_GROUP / "memory.stat").read_text().splitlines())
        return most - held + int(kept["inactive_file"])
    except (OSError, KeyError, ValueError):
        # No such group, or no limit, which is written as "max".
        return 1 << 62
