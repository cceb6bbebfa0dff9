"""The AuditView in a real page: who loses, what a query finds, a threshold dragged; and saved, from disk."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect
from visits import Visits

import embwidget as ew

pytestmark = pytest.mark.browser

# Five groups, of which the new space has shuffled the first; markup in every text.
MAKE = """
import numpy as np
import embwidget as ew

rng = np.random.default_rng(0)
n = 50
old = rng.normal(size=(n, 8)) + 4 * np.eye(8)[np.arange(n) % 5]
new = old.copy()
new[::5] = new[rng.permutation(np.arange(0, n, 5))]
bad = "<img src=nowhere onerror='window.hacked=1'>"
images = np.broadcast_to(np.arange(n, dtype=np.uint8)[:, None, None, None] * 5, (n, 8, 8, 3)).copy()
items = ew.Items(labels=[f"group {i % 5}" for i in range(n)], texts=[f"{bad} document {i}" for i in range(n)],
                 images=images)
asked = ew.Items(texts=[f"question {i}" for i in range(n)])
audit = ew.audit(old, new, queries=(old, old), relevant={i: [i] for i in range(n)}, items=items, query_items=asked,
                 names=("mine", "yours"), k=5, max_k=12, bridges=["procrustes"], progress=False)
"""
SHOW = "w = ew.show(audit)\nw"


def of_the_page(root: Locator) -> dict[str, Locator]:
    return {
        "groups": root.locator(".embw-audit-group"),
        "queries": root.locator(".embw-audit-query"),
        "asked": root.locator(".embw-audit-asked"),
        "columns": root.locator(".embw-audit-column"),
        "joint": root.get_by_role("slider", name="Threshold on similarity in old"),
    }


def goes_through(root: Locator) -> None:
    """The group that loses, one of its queries, the line dragged and brought back."""
    at = of_the_page(root)
    expect(at["groups"].first).to_contain_text("group 0")
    expect(at["groups"].first).to_contain_text("loses")
    expect(at["queries"]).to_have_count(50)
    at["groups"].first.click()
    expect(at["queries"]).to_have_count(10)
    at["queries"].nth(1).click()
    expect(at["asked"]).to_have_text(at["queries"].nth(1).locator(".embw-ellipsis").inner_text())
    expect(at["columns"].nth(1).locator(".embw-audit-document").first).to_contain_text("<img src=nowhere")
    expect(at["columns"].nth(1).locator("canvas").first).to_have_attribute("data-loaded", "true")
    before = at["joint"].get_attribute("aria-valuenow")
    at["joint"].scroll_into_view_if_needed()
    box = at["joint"].bounding_box()
    assert box is not None
    page, middle = root.page, box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.5 * box["width"], middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], middle, steps=3)
    page.mouse.up()
    expect(at["joint"]).not_to_have_attribute("aria-valuenow", before or "")
    expect(root.locator(".embw-audit-passing")).to_contain_text("≈")
    page.keyboard.press("ArrowLeft")
    root.get_by_role("button", name="Back to the audited one").click()
    expect(at["joint"]).to_have_attribute("aria-valuenow", before or "")


def test_in_a_notebook_python_hears_what_is_opened_and_selected(visits: Visits) -> None:
    notebook = visits.notebook(MAKE, SHOW, "ew.show(audit.comparison, 'map_pair', scene=w.scene)")
    notebook.run()
    root = notebook.page.locator(".embw-audit").first
    root.scroll_into_view_if_needed()
    goes_through(root)
    at = of_the_page(root)
    query = at["queries"].nth(1).locator(".embw-ellipsis").inner_text().removeprefix("question ")
    notebook.until("print(w.query)", query)
    at["columns"].nth(1).get_by_role("button", name="Select").click()
    notebook.ask("old, new = (set(one.indices[w.query, :5].tolist()) for one in audit.retrieval.neighbors)")
    notebook.until("print(w.selected.tolist() == sorted(old - new))", "True")
    notebook.ask("w.query = 7")
    expect(at["asked"]).to_have_text("question 7")
    assert notebook.page.evaluate("window.hacked") is None


def test_saved_it_works_from_disk_with_the_network_cut(browser: Browser, tmp_path: Path) -> None:
    made: dict[str, Any] = {}
    exec(MAKE, made)
    path = ew.to_html(made["audit"], tmp_path / "saved.html")
    context = browser.new_context(viewport={"width": 1280, "height": 720}, color_scheme="dark", offline=True)
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda one: None if one.url.startswith(("file:", "blob:", "data:")) else heard.append(one.url))
    page.goto(path.as_uri())
    expect(page.locator("body[data-ready]")).to_be_visible()
    root = page.locator(".embw-audit").first
    goes_through(root)
    expect(page.get_by_text("Save as HTML").first).to_be_hidden()
    assert root.evaluate("el => el.scrollWidth <= el.clientWidth")
    context.close()
    assert heard == []
