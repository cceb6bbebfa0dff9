"""Nothing built, run or local is kept in the repository."""

import json
import re
from pathlib import Path

BUILT = ("embwidget/static/", "embwidget/labextension/", "js/lib/", "node_modules/", "dist/")
TOP = {
    "embwidget",
    "js",
    "notebooks",
    "tests",
    "pyproject.toml",
    "package.json",
    "package-lock.json",
    "README.md",
    "LICENSE",
}
LARGEST_NOTEBOOK = 300_000


def notebooks(root: Path, tracked: list[str]) -> list[tuple[str, dict]]:
    return [(name, json.loads((root / name).read_text())) for name in tracked if name.endswith(".ipynb")]


def test_no_built_file_is_tracked(tracked: list[str]) -> None:
    assert [name for name in tracked if name.startswith(BUILT) or name.endswith((".pyc", ".whl", ".tgz"))] == []


def test_top_level_is_the_agreed_one(tracked: list[str]) -> None:
    assert {name.split("/")[0] for name in tracked if not name.startswith(".")} <= TOP


def test_notebooks_hold_no_outputs_and_no_widget_state(root: Path, tracked: list[str]) -> None:
    for name, notebook in notebooks(root, tracked):
        assert "widgets" not in notebook["metadata"], name
        for cell in notebook["cells"]:
            assert not cell.get("outputs") and cell.get("execution_count") is None, f"{name}: {cell['id']}"
        assert (root / name).stat().st_size < LARGEST_NOTEBOOK


def test_notebooks_are_named_in_reading_order_and_titled(root: Path, tracked: list[str]) -> None:
    for name, notebook in notebooks(root, tracked):
        assert re.fullmatch(r"notebooks/\d\d_[a-z0-9_]+\.ipynb", name), name
        first = notebook["cells"][0]
        assert first["cell_type"] == "markdown" and "".join(first["source"]).startswith("# "), name


def test_the_lock_names_no_download_address(root: Path) -> None:
    lock = json.loads((root / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
