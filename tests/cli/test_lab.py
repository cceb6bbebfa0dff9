"""Copies of the notebooks, JupyterLab on them, and a notebook without a screen."""

import importlib.util
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from embwidget.cli import lab
from embwidget.cli.main import main

NOTEBOOKS = {path.name: path.read_bytes() for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb")}


class Begun:
    """A process that was asked for, and has ended."""

    asked: tuple[list[str], Path] | None = None
    ends = 0

    def __init__(self, words: list[str], cwd: Path) -> None:
        Begun.asked = words, cwd

    def wait(self) -> int:
        return Begun.ends


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> type[Begun]:
    monkeypatch.setattr(subprocess, "Popen", Begun)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    return Begun


def test_copies_are_whole_and_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "deep" / "folder"
    assert main(["lab", str(folder), "--copy-only"]) == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == NOTEBOOKS
    mine = folder / "01_compare.ipynb"
    mine.write_text("mine")
    (folder / "02_spec.ipynb").unlink()
    assert main(["lab", str(folder), "--copy-only"]) == 0
    assert mine.read_text() == "mine" and (folder / "02_spec.ipynb").read_bytes() == NOTEBOOKS["02_spec.ipynb"]
    assert capsys.readouterr().out.endswith(
        f"1 notebooks copied to {str(folder)!r}, {len(NOTEBOOKS) - 1} were there and stay as they are.\n"
    )


def test_lab_opens_on_the_copies(tmp_path: Path, begun: type[Begun], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["lab"]) == 0
    assert begun.asked == ([sys.executable, "-P", "-m", "jupyterlab"], Path(lab.FOLDER))
    assert {path.name for path in Path(lab.FOLDER).iterdir()} == set(NOTEBOOKS)
    monkeypatch.setattr(begun, "ends", -15)
    assert main(["lab", "other", "--", "--no-browser", "--port", "1"]) == 1
    assert begun.asked == ([sys.executable, "-P", "-m", "jupyterlab", "--no-browser", "--port", "1"], Path("other"))


def test_what_is_missing_is_told_before_anything_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert main(["lab", str(tmp_path / "copies")]) == 3
    said = capsys.readouterr().err
    assert said == "embwidget: expected JupyterLab but it is not installed; pip install 'embwidget[lab]'\n"
    assert not (tmp_path / "copies").exists()


def test_a_folder_that_is_a_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("")
    assert main(["lab", str(tmp_path / "taken"), "--copy-only"]) == 3
    assert "expected to read and write files but got File exists" in capsys.readouterr().err


def test_a_notebook_runs_and_says_what_its_cells_say(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "one.ipynb"
    nbformat.write(notebook("print('said'); 6 * 7", "1 / 0", "print('never')"), path)
    # By its name alone, as it used to be run.
    assert main([str(path)]) == 1
    said = capfd.readouterr()
    assert said.out == "said\n42\n"
    assert said.err.endswith("embwidget: expected every cell to run but got ZeroDivisionError: division by zero\n")


@pytest.mark.parametrize("content", [None, "", "{}", "\ud800"], ids=["missing", "empty", "no notebook", "no text"])
def test_what_is_no_notebook_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None) -> None:
    path = tmp_path / "one.ipynb"
    if content is not None:
        path.write_bytes(content.encode("utf-8", "surrogatepass"))
    assert main(["run", str(path)]) == 3
    said = capsys.readouterr().err
    assert said.startswith("embwidget: expected ") and "notebook but got" in said and said.count("\n") == 1


def test_ctrl_c_ends_a_notebook_with_130(tmp_path: Path) -> None:
    nbformat.write(notebook("print('begun')", "import time; time.sleep(60)"), tmp_path / "one.ipynb")
    words = [sys.executable, "-m", "embwidget", "run", "one.ipynb"]
    begun = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert begun.stdout is not None and begun.stdout.readline() == "begun\n"
        begun.send_signal(signal.SIGINT)
        _, said = begun.communicate(timeout=60)
    finally:
        begun.kill()
    assert begun.returncode == 130
    assert said.splitlines()[-1] == "embwidget: interrupted; no file was left half-written"


def notebook(*cells: str) -> Any:
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
