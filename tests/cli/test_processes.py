"""The command as a process: what it loads, what it prints where nobody looks, how it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from embwidget.cli.began import began_by_command

LOADED = """
import json, runpy, sys
sys.argv, sys.orig_argv = {argv!r}, {orig_argv!r}
if sys.argv[0] == "-m":
    import embwidget
    sys.argv[0] = embwidget.__file__
try:
    runpy.run_module("embwidget", run_name="__main__")
except SystemExit as left:
    print(json.dumps([left.code, *{{name.split(".")[0] for name in sys.modules}}]))
"""


def run(folder: Path, *words: str, began: tuple[str, ...] = ("-m", "embwidget")) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *began, *words], cwd=folder, capture_output=True, text=True)


def test_module_answers_in_words_alone_where_nobody_looks_on(embeddings: Path) -> None:
    said = run(embeddings, "same", "old.npy", "rounded.npy")
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("The same coordinates: every one of 120 rows")


@pytest.mark.parametrize("began", [("-m", "embwidget"), ("/usr/bin/embwidget",)], ids=["module", "script"])
@pytest.mark.parametrize("words", [["--help"], ["compare", "--help"], ["same", "old.npy"]], ids=" ".join)
def test_help_and_errors_of_arguments_load_no_torch(began: tuple[str, ...], words: list[str]) -> None:
    code = LOADED.format(argv=[began[0], *words], orig_argv=[sys.executable, *began, *words])
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    status, *loaded = json.loads(out.splitlines()[-1])
    assert status == (0 if "--help" in words else 3)
    assert {"torch", "numpy", "embwidget"} & set(loaded) == {"embwidget"}


@pytest.mark.parametrize(
    ("argv", "orig_argv"),
    [
        (["-m", "embwidget"], ["python", "-m", "package", "embwidget"]),
        (["-m"], ["python", "-m", "pytest"]),
        (["/srv/embwidget/job.py", "embwidget"], ["python", "/srv/embwidget/job.py", "embwidget"]),
        (["-c", "-m", "embwidget"], ["python", "-c", "code", "-m", "embwidget"]),
        ([""], ["python"]),
    ],
    ids=["package", "pytest", "script", "code", "prompt"],
)
def test_all_but_commands_have_every_name_at_once(
    monkeypatch: pytest.MonkeyPatch, argv: list[str], orig_argv: list[str]
) -> None:
    monkeypatch.setattr(sys, "argv", argv)
    monkeypatch.setattr(sys, "orig_argv", orig_argv)
    assert not began_by_command()


def test_a_command_has_the_fitted_measures_and_views(embeddings: Path, tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    asked = ["--measures", "ridge_cca", "--max-k", "5", "--k", "5", "--html", str(page)]
    said = run(embeddings, "compare", "old.npy", "near.npy", *asked)
    assert (said.returncode, said.stderr) == (0, "")
    assert "  ridge-CCA " in said.stdout and page.stat().st_size > 50_000


def test_a_reader_who_leaves_changes_no_status(embeddings: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    words = [sys.executable, "-m", "embwidget", "same", "old.npy", "other.npy"]
    said = subprocess.run(words, cwd=embeddings, stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert (said.returncode, said.stderr) == (1, "")


def test_ctrl_c_ends_with_130(tmp_path: Path) -> None:
    # A pipe into which nobody writes keeps it reading its first file.
    os.mkfifo(tmp_path / "waiting.npy")
    words = [sys.executable, "-m", "embwidget", "same", "waiting.npy", "waiting.npy", "--json", "a.json"]
    begun = subprocess.Popen(words, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    try:
        held = _writer(tmp_path / "waiting.npy", begun)
        begun.send_signal(signal.SIGINT)
        _, said = begun.communicate(timeout=60)
    finally:
        begun.kill()
    os.close(held)
    assert (begun.returncode, said) == (130, "embwidget: interrupted; no file was left half-written\n")
    assert [*tmp_path.iterdir()] == [tmp_path / "waiting.npy"]


def _writer(pipe: Path, reader: subprocess.Popen[str]) -> int:
    """The other end of a pipe, once the process has opened it."""
    while reader.poll() is None:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"expected a process that reads but got one that ended with {reader.returncode}")
