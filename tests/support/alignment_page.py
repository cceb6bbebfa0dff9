"""An AlignmentView in a notebook, as the tests drive it: where an item is drawn, its slider, its groups."""

import re

from lab_page import NotebookPage
from playwright.sync_api import Locator, Page, expect

SPACES = """
import numpy as np
import embwidget as ew

rng = np.random.default_rng(0)
n = %d
group = np.arange(n) %% 4
X, Y = rng.normal(size=(2, n, 8)).astype("float32")
Y += 6 * np.eye(8, dtype="float32")[group]
X += 6 * np.eye(8, dtype="float32")[group] * (group != 0)[:, None]
bad = "<img src=nowhere onerror='window.hacked=1'>"
labels = [bad if g == 0 else f"group {g}" for g in group]
colours = np.array([[230, 60, 60], [60, 160, 60], [60, 90, 220], [230, 180, 40]], np.uint8)
images = np.broadcast_to(colours[group][:, None, None], (n, 8, 8, 3)).copy()
items = ew.Items(labels=labels, texts=[f"item number {i}" for i in range(n)], images=images)
"""
SMALL = (
    SPACES % 240
    + """
a = ew.align(X, Y, method="ridge", k=5, items=items, names=("mine", "yours"), progress=False)
"""
)
SHOW = "w = ew.show(a)\nw"
PLACE = """
(map, row) => {
  const box = map.getBoundingClientRect();
  const [x, y] = map.embw.project(row);
  return [box.x + map.clientLeft + x, box.y + map.clientTop + y];
}
"""
PLACES = "(map, rows) => rows.map((row) => map.embw.project(row))"


class AlignmentPage:
    """The first AlignmentView of a notebook that has run."""

    def __init__(self, notebook: NotebookPage) -> None:
        self.notebook = notebook
        self.page: Page = notebook.page
        self.root = self.page.locator(".embw-alignment").first
        self.map = self.root.locator(".embw-map")
        self.slider = self.root.get_by_role("slider", name="Position, before to after")
        self.chips: Locator = self.root.locator(".embw-chip")
        self.fitting = self.root.locator(".embw-fitting")

    def drawn(self) -> "AlignmentPage":
        expect(self.root).to_have_attribute("data-drawn", re.compile(".+"))
        expect(self.map).to_have_attribute("data-painted", re.compile(".+"))
        self.slider.scroll_into_view_if_needed()
        return self

    def place(self, row: int) -> tuple[float, float]:
        x, y = self.map.evaluate(PLACE, row)
        return x, y

    def places(self, rows: list[int]) -> list[list[float]]:
        found: list[list[float]] = self.map.evaluate(PLACES, rows)
        return found

    def press(self, name: str) -> None:
        self.root.get_by_role("button", name=name).click()
