"""Each command's exit status, words and files, in this process."""

import json
import math
import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import embwidget as ew
from embwidget.cli.compare import verdict
from embwidget.cli.main import COMMANDS, main


def status(*arguments: str) -> int:
    """As the shell sees it."""
    try:
        return main(arguments)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else 0


@pytest.mark.parametrize(
    ("new", "options", "expected"),
    [
        ("rounded.npy", [], 0),
        ("other.npy", [], 1),
        ("near.npy", [], 1),
        ("near.npy", ["--tolerance", "2"], 0),
        ("reordered.npy", [], 2),
        ("few.npy", [], 3),
    ],
)
def test_same_says_so_with_its_status(here: Path, new: str, options: list[str], expected: int) -> None:
    assert status("same", "old.npy", new, *options) == expected


def test_files_are_joined_by_ids_and_columns_are_chosen(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("same", "old.npz", "new.npz", "--column-new", "first") == 0
    assert status("same", "old.npz", "new.npz", "--column-new", "second") == 1
    capsys.readouterr()
    assert status("same", "old.npz", "new.npz") == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("embwidget: expected one embedding in new.npz but got 2: first")
    assert "--column-new NAME" in said.err and said.err.count("\n") == 1


def test_compare_prints_what_python_says(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--k", "5", "--max-k", "20", "--metric", "euclidean", "--measures", "nngs,cka", "--seed", "3"]
    assert status("compare", "old.npy", "near.npy", *given, "--names", "a", "b") == 0
    old, near = (np.load(here / f"{name}.npy") for name in ("old", "near"))
    asked: dict[str, Any] = {"k": 5, "max_k": 20, "metric": "euclidean", "measures": ["nngs", "cka"], "random_state": 3}
    found = ew.compare(old, near, names=("a", "b"), progress=False, **asked)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == found.sentence and lines[-1] == found.provenance
    (row,) = (line for line in lines if line.startswith("  NNGS"))
    assert f"{found.scores['nngs'].value:.3f}" in row.split() and "5" in row.split()


@pytest.mark.parametrize(("least", "expected"), [(-1, 0), (1.1, 1), (0.9166, 2), (0.9165, 2)])
def test_fail_under_is_about_the_interval(
    here: Path, capsys: pytest.CaptureFixture[str], least: float, expected: int
) -> None:
    old, near = (np.load(here / f"{name}.npy") for name in ("old", "near"))
    score = ew.compare(old, near, measures=["cka"], progress=False).scores["cka"]
    assert 0.9165 < score.value < 0.9166
    asked = ["--measures", "none", "--measure", "cka", "--fail-under", str(least)]
    assert status("compare", "old.npy", "near.npy", *asked) == expected
    assert f"cka is {score.value:.4f}, 95 % interval" in capsys.readouterr().out.splitlines()[-1]


def test_what_has_no_interval_is_not_judged() -> None:
    unknown = ew.measures.nngs(np.eye(6), np.eye(6)[::-1], k=2)
    assert unknown.interval is None or not all(map(math.isfinite, unknown.interval))
    assert verdict(unknown, "nngs", -1)[0] == verdict(None, "nngs", -1)[0] == 2


@pytest.mark.parametrize(
    "asked",
    [
        ["--measure", "procrustes", "--fail-under", "0.5"],
        ["--measure", "ckaa", "--fail-under", "0.5"],
        ["--measure", "cka"],
        ["--fail-under", "nan"],
        ["--k", "ten"],
        ["--metric", "taxicab"],
        ["--method", "fast"],
        ["--fail", "0.5"],
        ["third.npy"],
        ["--items", "few.npy"],
        ["--items", "none.parquet"],
        ["--labels", "label"],
    ],
    ids=" ".join,
)
def test_wrong_arguments_are_one_line(here: Path, capsys: pytest.CaptureFixture[str], asked: list[str]) -> None:
    assert status("compare", "old.npy", "near.npy", *asked) == 3
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith("embwidget: expected ") and said.err.count("\n") == 1


@pytest.mark.parametrize("command", ["same", "compare", "audit"])
@pytest.mark.parametrize("new", ["missing.npy", "damaged.npy", "damaged.parquet", "code.pt", "new\n\x1b[31m\x9b.npy"])
def test_files_that_cannot_be_read_are_one_line(
    here: Path, capsys: pytest.CaptureFixture[str], command: str, new: str
) -> None:
    if new.startswith(("damaged", "code")):
        (here / new).write_bytes(b"\x93NUMPY no more")
    assert status(command, "old.npy", new) == 3
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith("embwidget: expected ") and said.err.count("\n") == 1
    assert not set(said.err) & {"\x1b", "\x9b"}


def test_names_of_any_letters_are_data(here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = tmp_path / "<script>alert(1)</script>\x1b[31m\n'\"&.npy".replace("/", "∕")
    hostile.write_bytes((here / "old.npy").read_bytes())
    page = tmp_path / "--html \udcff.html"
    named = ["--names", "<img src=x>\x1b[0m\x9b31m\n", "new"]
    assert status("same", str(hostile), "old.npy", f"--html={page}", *named) == 0
    said = capsys.readouterr()
    assert not {*said.out, *said.err} & {"\x1b", "\x9b"} and said.out.count("\n") == 2
    text = page.read_text()
    assert "&lt;script&gt;" in text and "<script>alert" not in text and "<img src=x" not in text


def test_reports_are_written_whole(here: Path, tmp_path: Path) -> None:
    page, numbers = tmp_path / "a.html", tmp_path / "a.json"
    asked = ["--measures", "none", "--max-k", "10", "--items", "items.npz"]
    assert status("compare", "old.npz", "old.npz", *asked, "--html", str(page), "--json", str(numbers)) == 0
    found = json.loads(numbers.read_text())
    assert found["kind"] == "Comparison" and found["names"] == ["old", "new"]
    text = page.read_text()
    assert text.startswith("<!doctype html>") and text.rstrip().endswith("</html>") and "old.npz" in text
    assert sorted(tmp_path.iterdir()) == [page, numbers]


@pytest.mark.parametrize("place", ["old.npy", "./near.npy", ".", "nowhere/a.html", "/dev/null", "/dev/stdout"])
@pytest.mark.parametrize("option", ["--html", "--json"])
def test_reports_take_the_place_of_nothing_that_is_read(
    here: Path, capsys: pytest.CaptureFixture[str], option: str, place: str
) -> None:
    before = (here / "old.npy").read_bytes()
    assert status("same", "old.npy", "near.npy", option, place) == 3
    assert capsys.readouterr().err.startswith(f"embwidget: expected {option} ")
    assert (here / "old.npy").read_bytes() == before


def test_an_interrupted_report_leaves_what_was_there(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    numbers = tmp_path / "a.json"
    numbers.write_text("before")

    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_text", interrupted)
    assert status("same", "old.npy", "old.npy", "--json", str(numbers)) == 130
    assert capsys.readouterr().err == "embwidget: interrupted; no file was left half-written\n"
    assert numbers.read_text() == "before" and [*tmp_path.iterdir()] == [numbers]


def test_what_nobody_expected_is_no_verdict(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise IndexError("7")

    monkeypatch.setattr(ew, "same", broken)
    assert status("same", "old.npy", "old.npy") == 3
    assert "IndexError: 7; --traceback shows where" in capsys.readouterr().err
    assert status("same", "old.npy", "old.npy", "--traceback") == 3
    assert "in broken" in capsys.readouterr().err


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_for_who_looks_on(here: Path, monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
    told = []

    def noted(*spaces: Any, **given: Any) -> None:
        told.append(given["progress"])
        raise ValueError

    monkeypatch.setattr(ew, "compare", noted)
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal)
    status("compare", "old.npy", "old.npy")
    assert told == [terminal]


def test_the_readme_names_options_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    blocks = "".join(re.findall(r"^```bash\n(.*?)^```", readme, flags=re.MULTILINE | re.DOTALL))
    lines = [line for line in blocks.splitlines() if line.startswith("embwidget ")]
    begun = []
    for command in COMMANDS:
        monkeypatch.setattr(f"embwidget.cli.{command}.run", lambda given, name=command: begun.append(name) or 0)
    assert [status(*shlex.split(line, comments=True)[1:]) for line in lines] == [0] * len(lines)
    assert {*begun} == {*COMMANDS} - {"run"}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_help_has_its_rule(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert status(command, "--help") == 0
    said = capsys.readouterr().out
    rule = said[said.index("exit status:") :]
    assert all(f"\n  {one} " in rule for one in (0, 3, 130))
    assert (f"\n  {2} " in rule) == (command in ("audit", "compare", "same"))
