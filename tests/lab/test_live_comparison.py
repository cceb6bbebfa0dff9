"""A live comparison in a real page: maps before measures, rows that fill in, a kernel that is free, and Stop."""

import re

import pytest
from explorer_page import SMALL, ExplorerPage
from playwright.sync_api import Locator, expect
from visits import Visits

pytestmark = pytest.mark.browser

# Measures that go on when the kernel is told to: each call waits for its turn.
LIVE = """
import threading

go = [threading.Event(), threading.Event()]

def first(X, Y):
    go[0].wait(300)
    return 0.25

def second(X, Y):
    go[1].wait(300)
    return 0.75

fit = ew.compare(X, Y, max_k=60, items=items, measures=["nngs", first, second, "cka"], live=True)
w = ew.show(fit)
w
"""


def row(explorer: ExplorerPage, name: str) -> Locator:
    return explorer.page.locator(".embw-scores tbody tr", has=explorer.page.get_by_role("rowheader", name=name))


def test_maps_come_first_rows_fill_in_and_stop_keeps_what_is_there(visits: Visits) -> None:
    opened = visits.notebook(SMALL, LIVE)
    opened.run()
    explorer = ExplorerPage(opened)
    line = explorer.page.locator(".embw-comparing-line")
    expect(line).to_contain_text("measure first")
    expect(row(explorer, "NNGS (Jaccard)").locator("td")).to_have_count(4)
    for name in ("first", "second", "CKA (debiased)"):
        expect(row(explorer, name)).to_have_class("embw-pending")
        expect(row(explorer, name).locator("td").first).to_have_text("…")
    # The page is one to work with, and so is the kernel.
    opened.ask("w.selected = [3, 1, 4]")
    expect(explorer.x).to_have_attribute("data-selected", "3")
    assert opened.ask("print(fit.status, fit.done, [*fit.so_far.scores])") == "scoring False ['nngs']"
    opened.photograph("test_a_comparison_while_measures_fill_in")
    # Saved and opened again meanwhile it stands where it stood.
    opened.reload()
    explorer = ExplorerPage(opened)
    expect(explorer.x).to_have_attribute("data-selected", "3")
    expect(row(explorer, "first")).to_have_class("embw-pending")
    opened.ask("go[0].set()")
    expect(row(explorer, "first").locator("td").first).to_have_text("0.250")
    expect(line).to_contain_text("measure second")
    expect(row(explorer, "second")).to_have_class("embw-pending")
    explorer.page.get_by_role("button", name="Stop", exact=True).click()
    expect(line.get_by_role("button")).to_have_text("Stopping…")
    opened.until("print(fit._course.stopping.is_set())", "True")
    opened.ask("go[1].set()")
    expect(row(explorer, "second").locator("td").first).to_have_text("0.750")
    expect(row(explorer, "CKA (debiased)")).to_have_count(0)
    expect(explorer.page.locator(".embw-notes")).to_contain_text("Left out: cka (stopped).")
    expect(line.locator(".embw-bar")).to_be_hidden()
    expect(explorer.x).to_have_attribute("data-painted", re.compile(".+"))
    assert opened.ask("print(fit.status, [*fit.result(30).scores], w.scene.shows(fit.result()))") == (
        "stopped ['nngs', 'first', 'second'] True"
    )
    assert opened.ask("print([t.name for t in threading.enumerate() if t.name == 'embwidget comparison'])") == "[]"
