"""The dependencies are the ones decided on, and the code imports nothing beyond them."""

import ast
import json
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

DECIDED = {
    "altair",
    "anywidget",
    "ipywidgets",
    "jaxtyping",
    "numpy",
    "pillow",
    "pynndescent",
    "scikit-learn",
    "scipy",
    "torch",
    "tqdm",
}
NPM = {
    "@jupyterlab/application",
    "@jupyterlab/apputils",
    "@jupyterlab/coreutils",
    "@jupyterlab/docregistry",
    "@jupyterlab/filebrowser",
    "@jupyterlab/launcher",
    "@jupyterlab/mainmenu",
    "@jupyterlab/notebook",
    "@jupyterlab/services",
    "@jupyterlab/settingregistry",
    "@jupyterlab/translation",
    "@jupyterlab/ui-components",
    "@lumino/widgets",
}
IMPORTED_AS = {"pillow": {"PIL"}, "scikit-learn": {"sklearn"}, "ipywidgets": {"ipywidgets", "traitlets", "IPython"}}
# Taken when they are there: tables, columns of vectors, files of other libraries, charts as pictures, running
# notebooks, where Jupyter looks, maps of neighbours, clusters, how many threads NumPy's
# products take. Comes with PyNNDescent: what compiles loops.
ONLY_INSIDE_FUNCTIONS = {
    "dask",
    "distributed",
    "faiss",
    "fsspec",
    "h5py",
    "jupyter_core",
    "lance",
    "nbclient",
    "nbformat",
    "numba",
    "pandas",
    "pyarrow",
    "threadpoolctl",
    "umap",
    "vl_convert",
    "zarr",
}

PACKAGE = Path(__file__).parents[2] / "embwidget"
FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.fixture(scope="module")
def project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text())


def imports(path: Path) -> tuple[set[str], set[str]]:
    """Top-level packages that a file imports: when it is loaded, and later."""
    tree = ast.parse(path.read_text())
    inside = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or is_for_types(node)
        for inner in ast.walk(node)
    }
    first, later = set(), set()
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        (later if id(node) in inside else first).update(name.split(".")[0] for name in names)
    ours = sys.stdlib_module_names | {"embwidget"}
    return first - ours, later - ours


def is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def test_dependencies_are_the_decided_ones(project: dict, root: Path) -> None:
    assert {Requirement(text).name for text in project["project"]["dependencies"]} == DECIDED
    package = json.loads((root / "package.json").read_text())
    assert set(package["dependencies"]) == NPM


def test_code_imports_only_its_dependencies() -> None:
    allowed = set().union(*(IMPORTED_AS.get(name, {name}) for name in DECIDED))
    found = {str(path.relative_to(PACKAGE)): imports(path) for path in FILES}
    assert {name: wrong for name, (first, _) in found.items() if (wrong := first - allowed)} == {}
    assert {
        name: wrong for name, (_, later) in found.items() if (wrong := later - allowed - ONLY_INSIDE_FUNCTIONS)
    } == {}


def test_no_build_names_torch(project: dict) -> None:
    assert [text for text in project["build-system"]["requires"] if "torch" in text] == []


def test_constraints_pin_every_direct_dependency_to_a_version_it_admits(project: dict, root: Path) -> None:
    lines = (root / ".ci" / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line)] == []
    pinned = dict(line.split("==") for line in pins)
    extras = project["project"]["optional-dependencies"].values()
    for requirement in map(Requirement, sum(extras, project["project"]["dependencies"])):
        assert requirement.specifier.contains(Version(pinned[requirement.name.lower()])), str(requirement)
