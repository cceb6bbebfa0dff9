"""What `import embwidget` loads, and that every name it promises is there."""

import importlib
import inspect
import json
import pkgutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import embwidget

HEAVY = {
    "altair",
    "anywidget",
    "ipywidgets",
    "IPython",
    "numba",
    "pandas",
    "pyarrow",
    "pynndescent",
    "scipy",
    "sklearn",
}
LOADED = "import sys, json, embwidget; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
WITHOUT_BUNDLE = """
import pathlib, sys
read, exists = pathlib.Path.read_text, pathlib.Path.exists
def gone(path): return "static" in path.parts and "embwidget" in path.parts
def read_text(path, *a, **k):
    if gone(path): raise FileNotFoundError(path)
    return read(path, *a, **k)
pathlib.Path.read_text = read_text
pathlib.Path.exists = pathlib.Path.is_file = lambda path: not gone(path) and exists(path)
import embwidget
print(len(embwidget.__all__))
"""


def modules() -> list[str]:
    found = pkgutil.walk_packages(embwidget.__path__, "embwidget.")
    return ["embwidget", *(module.name for module in found if "._" not in module.name)]


def test_import_loads_nothing_heavy() -> None:
    said = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True).stdout
    assert HEAVY & set(json.loads(said)) == set()


def test_import_needs_no_built_javascript() -> None:
    said = subprocess.run([sys.executable, "-c", WITHOUT_BUNDLE], capture_output=True, text=True)
    assert said.returncode == 0, said.stderr


def test_flat_namespace_is_sorted_and_there() -> None:
    assert embwidget.__all__ == sorted(embwidget.__all__)
    assert [name for name in embwidget.__all__ if not hasattr(embwidget, name)] == []
    assert set(embwidget.__all__) <= set(dir(embwidget))


@pytest.mark.parametrize("name", modules())
def test_public_names_are_the_ones_in_all(name: str) -> None:
    module = importlib.import_module(name)
    if hasattr(module, "__all__"):
        assert list(module.__all__) == sorted(set(module.__all__))
        assert public(module) <= set(module.__all__)


def public(module: ModuleType) -> set[str]:
    """What a module defines under a public name: its own functions and classes."""
    return {
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and (inspect.isclass(value) or inspect.isfunction(value))
        and value.__module__ == module.__name__
    }


def test_version_is_told_once_and_the_same_everywhere(root: Path) -> None:
    package, lock = (json.loads((root / name).read_text()) for name in ("package.json", "package-lock.json"))
    versions = {embwidget.__version__, package["version"], lock["version"], lock["packages"][""]["version"]}
    assert len(versions) == 1, f"{versions}: package.json is the source; `npm install` and `pip install -e .` follow it"
