"""From two files, or two variables of a kernel, to a notebook that has compared them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lab_page import NotebookPage
from lab_server import LabServer
from playwright.sync_api import Locator, expect
from tabs import tabs_of_its_own

pytestmark = pytest.mark.browser

# Letters that Python, Markdown, HTML and paths each take for more than letters.
HOSTILE = 'it\'s "old" {x} %20 😀 <b>\\n*.npy'
HELD = """
import numpy as np, torch
clip = np.random.default_rng(0).normal(size=(40, 9))
dino, row = torch.tensor(clip) + 1, clip[0]
comparison, kinds = 'mine', ['a', 'b'] * 20
"""
COMPARE = "(paths) => { window.jupyterapp.commands.execute('embwidget:compare', { paths }); }"
PATH = "() => window.jupyterapp.shell.currentWidget.context?.path ?? ''"
KERNEL = "() => window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.id"
ASK_FOR_A_TAB = """
() => {
  const view = [...document.querySelectorAll('.jp-Notebook .embw-root')].find((one) => !one.closest('.lm-mod-hidden'));
  return !view.dispatchEvent(
    new CustomEvent('embwidget:open-in-tab', { bubbles: true, composed: true, cancelable: true }));
}
"""


@pytest.fixture(autouse=True)
def tabs(notebook: NotebookPage) -> Iterator[None]:
    with tabs_of_its_own(notebook):
        yield


@pytest.fixture
def folder(lab: LabServer, request: pytest.FixtureRequest) -> Path:
    """A folder of this test with two embeddings of the same items."""
    made = lab.root / request.node.name
    made.mkdir()
    random = np.random.default_rng(0)
    old = random.normal(size=(60, 5)).astype(np.float32)
    np.save(made / "new.npy", old + random.normal(size=old.shape).astype(np.float32))
    np.savez(made / HOSTILE.replace(".npy", ".npz"), vectors=old, kinds=["a", "b"] * 30)
    return made


def asked(notebook: NotebookPage, *paths: str) -> Locator:
    notebook.page.evaluate(COMPARE, [*paths])
    dialog = notebook.page.get_by_role("dialog", name="Compare embeddings")
    dialog.wait_for()
    return dialog


def compared(notebook: NotebookPage, folder: str) -> dict[str, Any]:
    """The notebook that came, once its view is there."""
    notebook.page.wait_for_function(f"() => ({PATH})().startsWith('{folder}')")
    notebook.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .embw-root").first.wait_for(state="attached")
    path = notebook.page.evaluate(PATH)
    document: dict[str, Any] = notebook.page.evaluate(
        "(path) => window.jupyterapp.serviceManager.contents.get(path).then((file) => file.content)", path
    )
    return document


def test_two_files_become_a_notebook_beside_them_that_ran(notebook: NotebookPage, folder: Path) -> None:
    old, new = f"{folder.name}/{HOSTILE.replace('.npy', '.npz')}", f"{folder.name}/new.npy"
    dialog = asked(notebook, old, new)
    expect(dialog.get_by_label("First embedding: file")).to_have_value(old)
    dialog.get_by_text("What the items are").click()
    dialog.get_by_role("textbox", name="Labels").fill("kinds")
    dialog.get_by_role("combobox", name="Metric").select_option("euclidean")
    dialog.get_by_role("spinbutton", name="Neighbours (k)").fill("7")
    dialog.get_by_role("button", name="Compare", exact=True).click()
    cells = ["".join(cell["source"]) for cell in compared(notebook, folder.name)["cells"]]
    assert len(cells) == 5 and 'metric="euclidean",\n    k=7,' in cells[2]
    expect(notebook.page.locator(".jp-toast-message", has_text="are compared")).to_be_visible()
    said = notebook.ask("print(comparison.names, comparison.k, comparison.items.labels[:2].tolist())")
    assert said == f"{(HOSTILE.removesuffix('.npy'), 'new')} 7 ['a', 'b']"
    # Its view asks for a tab of its own, which JupyterLab has for outputs.
    assert notebook.page.evaluate(ASK_FOR_A_TAB)
    notebook.page.locator(".jp-LinkedOutputView .embw-root").first.wait_for()


def test_two_variables_are_compared_in_their_own_kernel(notebook: NotebookPage, folder: Path) -> None:
    notebook.fill("pass")
    kernel, path = notebook.page.evaluate(KERNEL), notebook.page.evaluate(PATH)
    notebook.ask(HELD)
    dialog = asked(notebook)
    for name in ("First embedding", "Second embedding"):
        dialog.get_by_role("group", name=name).get_by_role("radio", name="Variable").check()
    dialog.get_by_role("combobox", name="Kernel").select_option(path)
    second = dialog.get_by_role("combobox", name="Second embedding: variable")
    expect(second).to_have_value("dino")
    assert second.locator("option").all_inner_texts() == ["clip (40 × 9)", "dino (40 × 9)"]
    dialog.get_by_text("What the items are").click()
    dialog.get_by_role("textbox", name="Labels").fill("kinds")
    dialog.get_by_role("button", name="Compare", exact=True).click()
    cells = ["".join(cell["source"]) for cell in compared(notebook, "compare_clip")["cells"]]
    assert "comparison_2 = ew.compare(\n    clip, dino," in cells[2]
    assert notebook.page.evaluate(KERNEL) == kernel
    assert notebook.ask("print(comparison, comparison_2.items.labels[:2].tolist())") == "mine ['a', 'b']"


def test_what_cannot_be_compared_is_told_and_the_dialog_stays_as_it_was(notebook: NotebookPage, folder: Path) -> None:
    page = notebook.page
    dialog = asked(notebook, f"{folder.name}/new.npy")
    button = dialog.get_by_role("button", name="Compare", exact=True)
    expect(button).to_be_disabled()
    for path, said in (("notes.txt", "is no file that embwidget opens"), ("gone.npy", "There is no file gone.npy")):
        dialog.get_by_label("Second embedding: file").fill(path)
        button.click()
        expect(dialog.get_by_role("alert")).to_contain_text(said)
        expect(dialog.get_by_label("Second embedding: file")).to_have_value(path)
        expect(dialog.get_by_label("First embedding: file")).to_have_value(f"{folder.name}/new.npy")
    dialog.get_by_role("button", name="Browse… Second embedding").click()
    browse = page.get_by_role("dialog").filter(has=page.locator(".jp-Open-Dialog, .jp-FileDialog, .jp-DirListing"))
    browse.locator(".jp-DirListing-item", has_text=folder.name).first.dblclick()
    browse.locator(".jp-DirListing-item", has_text="new.npy").click()
    page.get_by_role("button", name="Select", exact=True).last.click()
    expect(dialog.get_by_label("Second embedding: file")).to_have_value(f"{folder.name}/new.npy")
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    # The server's refusal of what is not there is this test's doing.
    notebook.watch.complaints[:] = [said for said in notebook.watch.complaints if "gone.npy" not in said]


def test_the_menu_on_files_compares_embeddings_and_nothing_else(notebook: NotebookPage, folder: Path) -> None:
    page = notebook.page
    (folder / "notes.txt").write_text("")
    page.evaluate("(path) => window.jupyterapp.commands.execute('filebrowser:open-path', { path })", folder.name)
    listed = page.locator("#filebrowser .jp-DirListing-item")
    entry = page.locator(".lm-Menu-item[data-command='embwidget:compare-selected']")
    for name, shown in (("notes.txt", False), ("new.npy", True)):
        listed.filter(has_text=name).click()
        listed.filter(has_text=name).click(button="right")
        page.locator(".lm-Menu").wait_for()
        expect(entry).to_be_visible(visible=shown)
        if not shown:
            page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    listed.filter(has_text=".npz").click(modifiers=["Control"])
    listed.filter(has_text="new.npy").click(button="right")
    entry.click()
    dialog = page.get_by_role("dialog", name="Compare embeddings")
    paths = [dialog.get_by_label(f"{one} embedding: file").input_value() for one in ("First", "Second")]
    assert sorted(paths) == sorted(f"{folder.name}/{one.name}" for one in folder.iterdir() if one.suffix != ".txt")
    page.keyboard.press("Escape")
    page.evaluate("() => window.jupyterapp.commands.execute('filebrowser:open-path', { path: '/' })")
