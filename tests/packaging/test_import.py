"""What `import embwidget` loads, and that every name it promises is there."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import embwidget

PATHS = (
    "alignment",
    "arrays",
    "charts",
    "checks",
    "contrasim",
    "datasets",
    "items",
    "kernels",
    "measures",
    "moments",
    "neighbors",
    "retrieval",
    "sources",
    "spectral",
    "tasks",
    "widgets",
)
HEAVY = {
    "altair",
    "dask",
    "anywidget",
    "distributed",
    "faiss",
    "fsspec",
    "h5py",
    "ipywidgets",
    "IPython",
    "numba",
    "pandas",
    "pyarrow",
    "pynndescent",
    "scipy",
    "sklearn",
    "zarr",
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


def test_import_paths_that_users_type_are_there() -> None:
    rooms = {name: importlib.import_module(f"embwidget.{name}") for name in PATHS}
    listed = {name: list(room.__all__) for name, room in rooms.items()}
    assert {name: names for name, names in listed.items() if len(names) != len(set(names))} == {}
    assert [f"{name}.{one}" for name, names in listed.items() for one in names if not hasattr(rooms[name], one)] == []


def test_verbs_hide_no_module_of_the_same_name() -> None:
    verbs = (
        "align",
        "audit",
        "compare",
        "compare_layers",
        "compare_many",
        "compare_retrieval",
        "difference",
        "doctor",
        "load",
        "playground",
        "same",
        "spec",
        "thresholds",
    )
    assert [name for name in verbs if importlib.util.find_spec(f"embwidget.{name}") is not None] == []
    assert [name for name in verbs if not callable(getattr(embwidget, name))] == []


def test_version_is_told_once_and_the_same_everywhere(root: Path) -> None:
    package, lock = (json.loads((root / name).read_text()) for name in ("package.json", "package-lock.json"))
    versions = {embwidget.__version__, package["version"], lock["version"], lock["packages"][""]["version"]}
    assert len(versions) == 1, f"{versions}: package.json is the source; `npm install` and `pip install -e .` follow it"
