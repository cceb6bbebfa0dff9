"""Nothing built, run or local is kept in the repository."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

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
    # Where those who cite and those who upgrade look for them.
    "CHANGELOG.md",
    "CITATION.cff",
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


def test_lessons_end_with_what_fools_them_and_two_exercises_whose_solutions_are_folded_and_run(
    root: Path, tracked: list[str]
) -> None:
    for name, notebook in notebooks(root, tracked):
        if name.startswith("notebooks/00"):  # the playground: nothing is computed there
            continue
        *lesson, exercises, one, two = notebook["cells"]
        assert any("## What fools it" in "".join(cell["source"]) for cell in lesson), name
        assert "".join(exercises["source"]).startswith("## Two exercises\n\n1. "), name
        checks = [cell for cell in lesson if "".join(cell["source"]).startswith("# What the text above says, checked")]
        for cell in (one, two):
            assert "# Solution to exercise" in "".join(cell["source"]) and "assert" in "".join(cell["source"]), name
        # A figure cannot be told from its cell: those checks that draw one stay open.
        quiet = [cell for cell in checks if not re.search(r"pictures\(|ew\.show\(", "".join(cell["source"]))]
        folded = [cell["metadata"].get("jupyter", {}).get("source_hidden") for cell in (one, two, *quiet)]
        assert all(folded), name


def test_the_lock_names_no_download_address(root: Path) -> None:
    lock = json.loads((root / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


def test_node_reads_what_lies_below_the_repository_as_if_it_were_not_there(
    hook: ModuleType, root: Path, tmp_path: Path
) -> None:
    """JupyterLab's own scripts lie below it, in the environment that the tests make: they are CommonJS."""
    shutil.copy(root / "package.json", tmp_path)
    script = tmp_path / ".venv" / "lib" / "yarn.js"
    script.parent.mkdir(parents=True)
    script.write_text("console.log(typeof require, typeof module)")
    node = hook.node_on(hook.search_path())
    assert node
    said = subprocess.run([node, str(script)], capture_output=True, text=True, env={**os.environ, "NODE_OPTIONS": ""})
    assert (said.stdout.strip(), said.stderr) == ("function object", "")
