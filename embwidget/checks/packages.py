"""What is installed in this Python, and whether it is new enough."""

import importlib.util
import re
import sys
from importlib import metadata
from pathlib import Path

from embwidget.checks.checkup import Check
from embwidget.results.version import VERSION

_NEEDED = re.compile(r"(?P<name>[A-Za-z0-9_.-]+)\s*(?:>=(?P<least>[0-9.]+))?")
# What is imported: which extra brings it, and what for.
_EXTRAS = {
    "jupyterlab": ("lab", "views in JupyterLab"),
    "pandas": ("lab", "tables"),
    "vl_convert": ("lab", "charts as files"),
    "umap": ("umap", "maps by neighbours"),
    "pyarrow": ("arrow", ".parquet and .arrow"),
    "h5py": ("h5ad", ".h5ad"),
    "zarr": ("zarr", ".zarr"),
    "lance": ("lance", ".lance"),
    "faiss": ("faiss", "indexes of faiss"),
    "dask": ("dask", "clusters"),
}


def pip(words: str, python: str | Path = "") -> str:
    """A command that installs into this Python, or into another.

    Example:
        >>> pip("embwidget", "/opt/lab/bin/python")
        '/opt/lab/bin/python -m pip install embwidget'

    """
    program = str(python or sys.executable)
    return f"{program if ' ' not in program else repr(program)} -m pip install {words}"


def check_python() -> Check:
    """Which Python, and which embwidget."""
    place = Path(__file__).parents[1]
    said = f"{VERSION} in {place}, Python {sys.version.split()[0]} at {sys.executable}"
    return Check(name="embwidget", ok=True, found=said)


def check_packages() -> Check:
    """What embwidget requires: installed, and new enough."""
    try:
        needed = metadata.requires("embwidget") or []
    except metadata.PackageNotFoundError:
        return Check(name="packages", ok=None, found="embwidget runs from its sources; what it needs is not checked")
    wrong, remedy = [], []
    for line in needed:
        match = _NEEDED.match(line)
        if match is None or "extra ==" in line:
            continue
        name, least = match["name"], match["least"] or "0"
        there = _version(name)
        if there is None or _numbers(there) < _numbers(least):
            wrong.append(f"{name} is {there or 'not there'}, {least} is needed")
            remedy.append(f"'{name}>={least}'")
    if wrong:
        return Check(name="packages", ok=False, found="; ".join(wrong), remedy=pip(f"--upgrade {' '.join(remedy)}"))
    told = ", ".join(f"{name} {_version(name)}" for name in ("anywidget", "ipywidgets", "numpy", "torch"))
    return Check(name="packages", ok=True, found=told)


def check_extras() -> Check:
    """What is taken where it is there."""
    there = {name: importlib.util.find_spec(name) is not None for name in _EXTRAS}
    missing = [f"{name} ({_EXTRAS[name][1]})" for name, found in there.items() if not found]
    if not missing:
        return Check(name="extras", ok=True, found="all")
    extras = dict.fromkeys(_EXTRAS[name][0] for name, found in there.items() if not found)
    said = f"not there: {', '.join(missing)}"
    return Check(name="extras", ok=None, found=said, remedy=pip(f"'embwidget[{','.join(extras)}]'"))


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _numbers(version: str) -> tuple[int, ...]:
    """What versions are compared by: their leading numbers."""
    return tuple(int(one) for one in re.findall(r"\d+", re.split(r"[^0-9.]", version, maxsplit=1)[0]))
