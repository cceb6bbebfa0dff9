"""The README's Python runs as it is printed, and its commands name what exists."""

import re
from pathlib import Path

import pytest


def blocks(root: Path, *languages: str) -> list[str]:
    text = (root / "README.md").read_text()
    return re.findall(rf"^```(?:{'|'.join(languages)})\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def test_python_snippets_run_in_order(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    snippets = blocks(root, "python", "py")
    assert snippets
    names: dict[str, object] = {"__name__": "__main__"}
    for i, snippet in enumerate(snippets):
        exec(compile(snippet, f"README.md, Python snippet {i + 1}", "exec"), names)


@pytest.mark.parametrize("name", [".ci/constraints.txt", "tests/run.sh", "notebooks/01_compare.ipynb"])
def test_commands_name_files_that_exist(root: Path, name: str) -> None:
    assert name in "".join(blocks(root, "bash", "sh", "shell", "console"))
    assert (root / name).is_file()


def test_links_inside_the_repository_lead_somewhere(root: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (root / "README.md").read_text())
    inside = [link for link in links if "://" not in link]
    assert inside
    assert [link for link in inside if not (root / link).exists()] == []
