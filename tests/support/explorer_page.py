"""An Explorer in a notebook, as the tests drive it: where an item is drawn, what the maps and the cursor say."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from lab_page import NotebookPage
from playwright.sync_api import Locator, expect

SMALL = """
import numpy as np
import embwidget as ew

rng = np.random.default_rng(0)
n = 200
X = rng.normal(size=(n, 6)).astype("float32")
Y = X + 0.7 * rng.normal(size=(n, 6)).astype("float32")
labels = [f"class {i % 4}" for i in range(n)]
texts = [f"item number {i}" for i in range(n)]
items = ew.Items(labels=labels, texts=texts)
c = ew.compare(X, Y, k=10, max_k=60, names=("left", "right"), items=items, progress=False)
"""
SHOW = "w = ew.show(c)\nw"

MOST_LONELY = """
(map) => {
  const at = Array.from({ length: %d }, (_, i) => map.embw.project(i));
  const gap = (i) => Math.min(...at.map((b, j) => (i === j ? Infinity : Math.hypot(at[i][0] - b[0], at[i][1] - b[1]))));
  return at.map((_, i) => i).reduce((best, i) => (gap(i) > gap(best) ? i : best), 0);
}
"""
INK = """
(canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0;
  for (let i = 3; i < data.length; i += 4) sum += data[i] > 0 ? 1 : 0;
  return sum;
}
"""
PIXEL = "(canvas, [x, y]) => [...canvas.getContext('2d').getImageData(x, y, 1, 1).data]"
PICTURE = "(canvas) => canvas.toDataURL()"


class ExplorerPage:
    """The first view on the page; x and y are its maps."""

    def __init__(self, notebook: NotebookPage, n: int = 200) -> None:
        self.notebook = notebook
        self.page = notebook.page
        self.n = n
        self.x, self.y = (self.page.locator(f".embw-map[data-space={space}]").first for space in ("x", "y"))
        self.cursor = self.page.get_by_role("slider", name="k, neighbourhood size").first
        self.plot = self.page.locator(".embw-plot").first
        self.detail = self.page.locator(".embw-detail").first
        for place in (self.x, self.y):
            expect(place).to_have_attribute("data-painted", re.compile(".+"))
            place.scroll_into_view_if_needed()

    def lonely_item(self) -> int:
        """The item whose nearest other item, on map x, is farthest from it."""
        return int(self.x.evaluate(MOST_LONELY % self.n))

    def places(self, space: Locator, rows: Iterable[int]) -> list[tuple[float, float]]:
        """Where items are drawn, in pixels of the page."""
        found = space.evaluate("(map, rows) => rows.map((row) => map.embw.project(row))", list(rows))
        box = space.bounding_box()
        assert box is not None
        return [(box["x"] + x, box["y"] + y) for x, y in found]

    def hover(self, space: Locator, row: int) -> None:
        self.page.mouse.move(*self.places(space, [row])[0], steps=3)
        expect(space).to_have_attribute("data-hovered", str(row))

    def middle(self, place: Locator) -> tuple[float, float]:
        box = place.bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def canvas(self, space: Locator, layer: str = "base") -> Locator:
        return space.locator(f"canvas.embw-map-{layer}")

    def ink(self, space: Locator) -> int:
        """Pixels drawn over a map's points."""
        return int(self.canvas(space, "over").evaluate(INK))

    def picture(self, space: Locator) -> str:
        return str(self.canvas(space).evaluate(PICTURE))

    @contextmanager
    def repaint(self, space: Locator) -> Iterator[None]:
        """What is done inside must have the map painted again, and differently."""
        before, times = self.picture(space), space.get_attribute("data-painted") or ""
        yield
        expect(space).not_to_have_attribute("data-painted", times)
        assert self.picture(space) != before

    def background(self, space: Locator) -> list[int]:
        return list(self.canvas(space).evaluate(PIXEL, [1, 1]))

    def ask(self, code: str) -> str:
        return self.notebook.ask(code)

    def until(self, code: str, expected: Any) -> None:
        self.notebook.until(f"print({code})", str(expected))
