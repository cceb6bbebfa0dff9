"""Views in a real page: linked in the browser, and to Python both ways."""

import json
import re

import pytest
from explorer_page import SHOW, SMALL, ExplorerPage
from lab_page import NotebookPage
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_hover_in_one_map_lights_the_other(explorer: ExplorerPage) -> None:
    row = explorer.lonely_item()
    assert explorer.ink(explorer.y) == 0
    explorer.hover(explorer.x, row)
    expect(explorer.y).to_have_attribute("data-hovered", str(row))
    assert explorer.ink(explorer.y) > 20
    expect(explorer.detail).to_contain_text(f"item number {row}")
    explorer.until("w.hovered", row)
    explorer.page.mouse.move(5, 5)
    expect(explorer.y).to_have_attribute("data-hovered", "-1")
    explorer.until("w.hovered", -1)


def test_hover_shows_the_neighbours_that_python_counts(explorer: ExplorerPage) -> None:
    row = explorer.lonely_item()
    explorer.hover(explorer.x, row)
    for group, rows in (
        ("kept", "a & b"),
        ("onlyX", "a - b"),
        ("onlyY", "b - a"),
    ):
        sets = f"a, b = (set(s.indices[{row}, :w.k].tolist()) for s in c.neighbors)"
        expected = json.loads(explorer.ask(f"{sets}; print(sorted({rows}))"))
        shown = explorer.detail.locator(f"[data-group={group}] [data-row]")
        # The panel follows when the pointer rests.
        expect(shown).to_have_count(len(expected))
        assert sorted(shown.evaluate_all("(all) => all.map((one) => Number(one.dataset.row))")) == expected


def test_dragging_k_moves_curve_and_colours_without_the_kernel(explorer: ExplorerPage) -> None:
    page = explorer.page
    page.get_by_label("Colour by").select_option("agreement")
    explorer.plot.scroll_into_view_if_needed()
    page.wait_for_timeout(300)  # whatever the clicks before this had to tell Python
    sent = explorer.notebook.comm_messages()
    x, y = explorer.middle(explorer.plot)
    page.mouse.move(x, y)
    seen = []
    with explorer.repaint(explorer.y):
        page.mouse.down()
        for step in range(0, 120, 24):
            page.mouse.move(x + step, y)
            seen.append(int(explorer.cursor.get_attribute("aria-valuenow") or 0))
        assert explorer.notebook.comm_messages() == sent
    assert seen == sorted(seen) and seen[-1] > seen[0] > 1
    expect(explorer.x).to_have_attribute("data-k", str(seen[-1]))
    page.mouse.up()
    explorer.until("w.k", seen[-1])
    assert explorer.notebook.comm_messages() == sent + 1


def test_k_set_in_python_moves_the_cursor(explorer: ExplorerPage) -> None:
    explorer.ask("w.scene.k = 7")
    expect(explorer.cursor).to_have_attribute("aria-valuenow", "7")
    expect(explorer.x).to_have_attribute("data-k", "7")
    kept = explorer.ask("print(f'{c.curves[\"mutual_knn\"].curve[6]:.3f}')")
    expect(explorer.cursor).to_have_attribute("aria-valuetext", re.compile(rf"similarity {re.escape(kept)}$"))


def test_lasso_arrives_in_python_as_integers(explorer: ExplorerPage) -> None:
    box = explorer.x.bounding_box()
    assert box is not None
    left, top = box["x"] + 0.25 * box["width"], box["y"] + 0.25 * box["height"]
    right, bottom = left + 0.4 * box["width"], top + 0.4 * box["height"]
    places = explorer.places(explorer.x, range(explorer.n))

    def inside(margin: int) -> set[int]:
        across, down = (left - margin, right + margin), (top - margin, bottom + margin)
        return {i for i, (x, y) in enumerate(places) if across[0] < x < across[1] and down[0] < y < down[1]}

    assert len(inside(-3)) > 5 and len(inside(3)) < explorer.n - 5
    explorer.page.mouse.move(left, top)
    explorer.page.mouse.down()
    for corner in ((right, top), (right, bottom), (left, bottom), (left, top)):
        explorer.page.mouse.move(*corner, steps=4)
    explorer.page.mouse.up()
    expect(explorer.y).not_to_have_attribute("data-selected", "0")
    explorer.until("len(w.selected)", explorer.y.get_attribute("data-selected"))
    selected = json.loads(explorer.ask("print(w.selected.tolist())"))
    assert inside(-3) <= set(selected) <= inside(3)
    assert explorer.ask("print(w.selected.dtype.kind in 'iu', type(w.selected).__name__)") == "True ndarray"


def test_selection_made_in_python_is_shown(explorer: ExplorerPage) -> None:
    with explorer.repaint(explorer.x):
        explorer.ask("w.selected = [3, 1, 4]")
        expect(explorer.x).to_have_attribute("data-selected", "3")
    expect(explorer.page.locator(".embw-summary").first).to_contain_text("3 selected")


def test_keyboard_walk(explorer: ExplorerPage) -> None:
    page = explorer.page
    cells = page.locator(".jp-Cell").count()
    explorer.x.focus()
    page.keyboard.press("ArrowRight")
    expect(explorer.x).not_to_have_attribute("data-hovered", "-1")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(explorer.y).not_to_have_attribute("data-pinned", "-1")
    row = explorer.y.get_attribute("data-pinned")
    page.keyboard.press(" ")
    explorer.until("w.selected.tolist()", [int(row or -1)])
    page.keyboard.press("]")
    expect(explorer.cursor).to_have_attribute("aria-valuenow", "11")
    page.keyboard.press("Escape")
    expect(explorer.y).to_have_attribute("data-pinned", "-1")
    page.keyboard.press("Escape")
    explorer.until("w.selected.tolist()", [])
    page.keyboard.press("u")
    explorer.until("w.selected.tolist()", [int(row or -1)])
    page.keyboard.press("b")  # in the notebook this would insert a cell
    page.keyboard.press("/")
    page.keyboard.type("#17")
    page.keyboard.press("Enter")
    expect(explorer.y).to_have_attribute("data-pinned", "17")
    assert page.locator(".jp-Cell").count() == cells


def test_a_second_view_of_the_same_scene_follows(notebook: NotebookPage) -> None:
    notebook.show(SMALL, SHOW, "s = ew.show(c, view='k_sweep', scene=w.scene)\ns")
    explorer = ExplorerPage(notebook)
    cursors = notebook.page.get_by_role("slider", name="k, neighbourhood size")
    expect(cursors).to_have_count(2)
    cursors.nth(1).focus()
    notebook.page.keyboard.press("ArrowRight")
    expect(cursors.nth(0)).to_have_attribute("aria-valuenow", "11")
    expect(explorer.x).to_have_attribute("data-k", "11")
    explorer.until("(w.k, s.k)", "(11, 11)")
