"""Which environment the Jupyter server is of that began this kernel: extensions are looked for there, not here."""

import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from embwidget.checks.checkup import in_a_kernel


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where it looks: the root of its environment, and where this is known from. None where it cannot be seen."""

    prefix: Path | None
    found: str

    @property
    def python(self) -> Path:
        """The Python to install with."""
        program = "Scripts/python.exe" if os.name == "nt" else "bin/python"
        return self.prefix / program if self.prefix is not None else Path(sys.executable)


def find_server() -> Server:
    """The server that began this kernel; outside of one, what would be begun from here."""
    here = Path(sys.prefix)
    if not in_a_kernel():
        return Server(prefix=here, found=f"of this environment, {here}")
    words = _command(int(os.environ.get("JPY_PARENT_PID") or os.getppid()))
    if not any("jupyter" in word for word in words):
        return Server(
            prefix=None,
            found="not seen from this kernel: it runs on another machine, in another container, or is another program",
        )
    prefix = Path(words[0]).parent.parent
    if not prefix.is_absolute() or _same(prefix, here):
        return Server(prefix=here, found=f"of the kernel's environment, {here}")
    return Server(prefix=prefix, found=f"of another environment than the kernel, {prefix}")


def _same(one: Path, other: Path) -> bool:
    with suppress(OSError):
        return one.samefile(other)
    return False


def _command(process: int) -> list[str]:
    """The words that a process was begun with; none where nothing tells."""
    with suppress(OSError):
        return [os.fsdecode(word) for word in Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0") if word]
    with suppress(OSError):
        asked = ["ps", "-o", "command=", "-p", str(process)]
        return subprocess.run(asked, capture_output=True, text=True, check=False, timeout=5).stdout.split()
    return []
