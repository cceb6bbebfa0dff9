"""The wheel and the sdist under test."""

import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Distributions:
    wheel: Path
    sdist: Path

    def wheel_names(self) -> list[str]:
        with zipfile.ZipFile(self.wheel) as archive:
            return archive.namelist()

    def sdist_names(self) -> list[str]:
        """Paths inside the sdist, without its one top folder."""
        with tarfile.open(self.sdist) as archive:
            return [member.name.split("/", 1)[1] for member in archive.getmembers() if member.isfile()]
