"""The SimilarityMatrix in a real page: a click opens the pair in linked views, from Python too; names are text."""

import re

import pytest
from lab_page import NotebookPage
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

SPACES = """
import numpy as np
import embwidget as ew

rng = np.random.default_rng(0)
n = 200
X = rng.normal(size=(n, 12)).astype("float32")
bad = "<img src=nowhere onerror='window.hacked=1'>"
spaces = {"all": X, "most": X[:, :10], "half": X[:, :6], bad: rng.normal(size=(n, 6))}
items = ew.Items(labels=[bad if i % 3 else "other" for i in range(n)], texts=[f"item number {i}" for i in range(n)])
matrix = ew.compare_many(spaces, k=10, items=items, progress=False)
"""
SHOW = "w = ew.show(matrix)\nw"
CELL = """
(heat, [row, column]) => {
  const m = Math.sqrt(heat.querySelectorAll('[data-part=cells] rect').length);
  const shown = [...heat.querySelectorAll('[data-part=rows] [data-row]')].map((name) => Number(name.dataset.row));
  const rects = heat.querySelectorAll('[data-part=cells] rect');
  const box = rects[shown.indexOf(row) * m + shown.indexOf(column)].getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}
"""


class MatrixPage:
    """The first SimilarityMatrix of a notebook that has run."""

    def __init__(self, notebook: NotebookPage) -> None:
        self.notebook = notebook
        self.page: Page = notebook.page
        self.root = self.page.locator(".embw-similarity-matrix").first
        self.heat = self.root.locator(".embw-heat")
        self.tip = self.root.locator(".embw-matrix-body > .embw-tip")
        self.pair = self.root.locator(".embw-pair")
        expect(self.root).to_have_attribute("data-drawn", re.compile(".+"))
        self.heat.scroll_into_view_if_needed()

    def middle(self, row: int, column: int) -> tuple[float, float]:
        x, y = self.heat.evaluate(CELL, [row, column])
        return x, y

    def hover(self, row: int, column: int) -> None:
        self.page.mouse.move(*self.middle(row, column))
        expect(self.tip).to_have_attribute("data-cell", f"{row},{column}")

    def click(self, row: int, column: int) -> None:
        self.page.mouse.click(*self.middle(row, column))

    def maps(self) -> list[Locator]:
        """Both maps of the pair that is open, painted."""
        both = [self.pair.locator(f".embw-explorer .embw-map[data-space={space}]") for space in ("x", "y")]
        for one in both:
            expect(one).to_have_attribute("data-painted", re.compile(".+"))
        return both


@pytest.fixture
def matrix(notebook: NotebookPage) -> MatrixPage:
    notebook.show(SPACES, SHOW)
    return MatrixPage(notebook)


def test_a_click_opens_the_pair_in_linked_views(matrix: MatrixPage) -> None:
    matrix.hover(0, 1)
    expect(matrix.tip).to_contain_text("all and most")
    value = matrix.notebook.ask("print(f'{matrix.values[0, 1]:.3f}')")
    expect(matrix.tip).to_contain_text(f"value{value}")
    matrix.click(0, 1)
    matrix.maps()
    expect(matrix.pair.locator(".embw-pair-title")).to_have_text("all ↔ most")
    expect(matrix.pair.locator("figcaption").first).to_contain_text("all")
    matrix.notebook.until("print(w.pair, w.comparison.names, w.scene.comparing)", "(0, 1) ('all', 'most') []")
    matrix.notebook.ask("w.scene.opened.selected = [3, 1, 4]")
    for one in matrix.maps():
        expect(one).to_have_attribute("data-selected", "3")


def test_a_pair_opened_in_python_is_shown_and_selections_stay(matrix: MatrixPage) -> None:
    matrix.notebook.ask('w.pair = "most", "half"; w.scene.opened.selected = [5, 6]')
    expect(matrix.pair.locator(".embw-pair-title")).to_have_text("most ↔ half")
    matrix.maps()
    matrix.click(0, 2)
    expect(matrix.pair.locator(".embw-pair-title")).to_have_text("all ↔ half")
    for one in matrix.maps():
        expect(one).to_have_attribute("data-selected", "2")
    assert matrix.root.locator(".embw-explorer").count() == 1
    matrix.notebook.until("print(w.pair, w.selected.tolist())", "(0, 2) [5, 6]")
    matrix.pair.get_by_role("button", name="Close").click()
    expect(matrix.pair).to_be_hidden()
    matrix.notebook.until("print(w.pair, w.comparison)", "None None")


def test_the_keyboard_walks_and_opens(matrix: MatrixPage) -> None:
    first = matrix.notebook.ask("print(matrix.order[0])")
    matrix.root.get_by_role("application").first.focus()
    matrix.page.keyboard.press("Home")
    expect(matrix.tip).to_have_attribute("data-cell", re.compile(rf"\d+,{first}"))
    row, column = (int(part) for part in str(matrix.tip.get_attribute("data-cell")).split(","))
    matrix.page.keyboard.press("Enter")
    matrix.maps()
    matrix.notebook.until("print(w.pair)", f"({row}, {column})")


def test_what_goes_wrong_is_said_in_the_view(matrix: MatrixPage) -> None:
    matrix.notebook.ask("spaces = matrix.spaces.pop('half')")
    matrix.click(0, 2)
    problem = matrix.pair.get_by_role("alert")
    expect(problem).to_contain_text("The two could not be compared.")
    matrix.click(0, 1)
    expect(problem).to_be_hidden()
    matrix.maps()


def test_names_with_html_are_text_in_both_themes(theme: str, matrix: MatrixPage) -> None:
    matrix.click(3, 0)
    expect(matrix.pair.locator(".embw-pair-title")).to_contain_text("<img src=nowhere onerror='window.hacked=1'>")
    matrix.maps()
    assert matrix.page.evaluate("() => window.hacked") is None
    assert matrix.root.locator("img").count() == 0
    colour = matrix.root.locator(".embw-sentence").first.evaluate("(text) => getComputedStyle(text).color")
    channels = [float(part) for part in colour.split("(")[1].rstrip(")").split(",")[:3]]
    assert (sum(channels) > 3 * 128) == theme.endswith("Dark")


def test_the_pair_is_there_again_after_a_reload(matrix: MatrixPage) -> None:
    matrix.click(1, 0)
    matrix.maps()
    matrix.notebook.reload()
    again = MatrixPage(matrix.notebook)
    again.maps()
    expect(again.pair.locator(".embw-pair-title")).to_have_text("most ↔ all")
