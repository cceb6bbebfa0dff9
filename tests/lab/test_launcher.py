"""The extension in JupyterLab: its card, its palette commands, and what they open."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from lab_page import NotebookPage
from lab_server import LabServer
from visits import Visits

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
FIRST = sorted(NOTEBOOKS.glob("*.ipynb"))[0]

pytestmark = pytest.mark.browser


def title(path: Path) -> str:
    cells = json.loads(path.read_text())["cells"]
    text = "".join(next(cell["source"] for cell in cells if cell["cell_type"] == "markdown"))
    subject = path.stem.split("_", 1)[1].replace("_", " ").capitalize()
    return f"{subject} – {text.splitlines()[0].removeprefix('# ').strip()}"


def current_path(opened: NotebookPage) -> str:
    return str(opened.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path"))


def test_jupyterlab_lists_the_extension_as_enabled_and_compatible(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "jupyter", "labextension", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    said = listed.stdout + listed.stderr
    assert listed.returncode == 0, said
    # The folder of the environment is listed too, and may lie in one that is called embwidget.
    lines = [line for line in said.splitlines() if line.split()[:1] == ["embwidget"]]
    assert len(lines) == 1 and "enabled" in lines[0] and "OK" in lines[0], said


def test_card_and_palette_are_there_in_both_themes(theme: str, visits: Visits) -> None:
    opened = visits.launcher()
    cards = opened.page.locator(".jp-LauncherCard[data-category='embwidget']")
    assert [text.strip() for text in cards.all_inner_texts()] == ["Compare embeddings…", "Lessons"]
    assert cards.locator("svg[data-icon='embwidget:maps']").count() == 2
    labels = opened.page.evaluate(
        """(files) => files.map((notebook) =>
             window.jupyterapp.commands.label('embwidget:open-notebook', { notebook }))""",
        [path.name for path in sorted(NOTEBOOKS.glob("*.ipynb"))],
    )
    assert labels == [f"embwidget: {title(path)}" for path in sorted(NOTEBOOKS.glob("*.ipynb"))]
    assert opened.page.evaluate("() => document.body.dataset.jpThemeName") == theme


def test_palette_and_menus_find_the_commands(notebook: NotebookPage) -> None:
    page = notebook.page
    page.evaluate("() => window.jupyterapp.commands.execute('apputils:activate-command-palette')")
    page.locator("#modal-command-palette input").fill("compare embeddings")
    found = page.locator(".lm-CommandPalette-item[data-command^='embwidget:']").first
    found.wait_for()
    assert found.get_attribute("data-command") == "embwidget:compare"
    page.locator("#modal-command-palette input").fill("embwidget compare")
    lesson = page.locator(".lm-CommandPalette-item[data-command='embwidget:open-notebook']").first
    lesson.wait_for()
    assert title(NOTEBOOKS / "01_compare.ipynb") in lesson.inner_text()
    page.keyboard.press("Escape")
    for menu, entry in (("File", "New"), ("Help", "Lessons of embwidget…")):
        page.get_by_role("menuitem", name=menu, exact=True).click()
        item = page.locator(".lm-Menu-itemLabel", has_text=entry).first
        item.wait_for()
        if menu == "File":
            item.hover()
            page.locator(".lm-Menu-itemLabel", has_text="Compare embeddings…").wait_for()
            page.keyboard.press("Escape")
        page.keyboard.press("Escape")


def test_lessons_open_a_copy_in_the_folder_and_overwrite_nothing(visits: Visits, lab: LabServer) -> None:
    folder = lab.root / "my work"
    folder.mkdir()
    mine = folder / FIRST.name
    mine.write_text("mine")
    opened = visits.launcher("my work")
    opened.page.locator(".jp-LauncherCard", has_text="Lessons").click()
    dialog = opened.page.get_by_role("dialog", name="Lessons")
    assert dialog.get_by_role("radio").count() == len([*NOTEBOOKS.glob("*.ipynb")])
    dialog.get_by_role("radio", name=title(FIRST)).check()
    dialog.get_by_role("button", name="Open a copy").click()
    opened.ready()
    assert current_path(opened) == f"my work/{FIRST.stem}-1.ipynb"
    assert mine.read_text() == "mine"
    copy, original = (json.loads(path.read_text()) for path in (folder / f"{FIRST.stem}-1.ipynb", FIRST))
    assert ["".join(c["source"]) for c in copy["cells"]] == ["".join(c["source"]) for c in original["cells"]]


def test_a_folder_that_is_gone_is_told_in_a_dialog(notebook: NotebookPage) -> None:
    notebook.page.evaluate(
        "() => { window.jupyterapp.commands.execute('embwidget:open-notebook', { cwd: 'no such folder' }); }"
    )
    dialog = notebook.page.get_by_role("dialog")
    dialog.wait_for()
    assert "Could not open the embwidget notebook" in dialog.inner_text()
    dialog.get_by_role("button").click()
    dialog.wait_for(state="detached")
    # The server's refusal is this test's doing.
    notebook.watch.complaints[:] = [said for said in notebook.watch.complaints if "no%20such%20folder" not in said]
