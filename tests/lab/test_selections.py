"""The lists of items in a real page: classes, named selections, all hits of a search; what Python gets of them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from explorer_page import SMALL, ExplorerPage
from playwright.sync_api import Browser, Locator, Page, expect

import embwidget as ew

pytestmark = pytest.mark.browser

TABLE = """
(table) => [...table.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))
"""


class Rows:
    """The lists beside the scores."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.node = self.page.locator(".embw-rows").first
        # Where there is no room for both, they are behind a button.
        button = self.page.locator(".embw-tabs").get_by_role("button", name="Items", exact=True).first
        if not self.node.is_visible() and button.count():
            button.click()
        expect(self.node).to_be_visible()

    def open(self, name: str) -> Locator:
        """The panel behind a tab."""
        tab = self.node.get_by_role("tab", name=re.compile(f"^{name}"))
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        return self.node.get_by_role("tabpanel")

    def table(self) -> list[list[str]]:
        found: list[list[str]] = self.node.get_by_role("tabpanel").locator("table").evaluate(TABLE)
        return found

    def name(self, name: str) -> None:
        self.node.get_by_label("Name of the selection").fill(name)
        self.node.get_by_role("button", name="Name it").click()


@pytest.fixture
def rows(explorer: ExplorerPage) -> Rows:
    return Rows(explorer.page)


def test_the_numbers_are_pythons(explorer: ExplorerPage, rows: Rows) -> None:
    rows.open("Classes")
    for k in (10, 37):
        explorer.ask(f"w.k = {k}")
        expect(explorer.cursor).to_have_attribute("aria-valuenow", str(k))
        expect(rows.node.get_by_role("tabpanel")).to_contain_text(f"neighbours kept of {k}")
        told = json.loads(explorer.ask(f"import json; print(json.dumps(c.by_class({k})))"))
        shown = {line[0]: line[1:] for line in rows.table()}
        assert {*shown} == {row["class"] for row in told}
        for row in told:
            n, kept, against = shown[row["class"]]
            numbers = [float(one.replace("−", "-")) for one in re.findall(r"[−+]?\d+\.\d+", f"{kept} {against}")]
            wanted = [row[name] for name in ("kept", "low", "high", "against_all", "against_low", "against_high")]
            assert int(n) == row["n"] and numbers == pytest.approx(wanted, abs=0.006)
            apart = row["against_low"] > 0 or row["against_high"] < 0
            assert ("below" in against or "above" in against) == apart
    rows.open("Most changed")
    explorer.ask("w.selected = range(0, 200, 9); w.k = 10")
    expect(rows.node.get_by_role("tabpanel")).to_contain_text("23 of 23 selected, most changed first")
    ranked = "o = np.argsort(c.item_agreement, kind='stable'); r = {int(i): p + 1 for p, i in enumerate(o)}"
    of_each = "[[r[i], texts[i], labels[i], f'{c.counts[i, 9]} of 10'] for i in o.tolist() if i % 9 == 0]"
    wanted = json.loads(explorer.ask(f"import json; {ranked}; print(json.dumps({of_each}))"))
    expect(rows.node.locator("tbody tr td").nth(3)).to_contain_text("of 10")
    assert [[int(rank), *rest] for rank, *rest in (line[:4] for line in rows.table())] == wanted


def test_a_click_on_a_class_selects_its_items_for_python(explorer: ExplorerPage, rows: Rows) -> None:
    panel = rows.open("Classes")
    panel.get_by_role("button", name="class 2", exact=True).hover()
    expect(explorer.x).to_have_attribute("data-pointed", "2")
    panel.get_by_role("button", name="class 2", exact=True).click()
    explorer.until("w.selected.tolist()", list(range(2, 200, 4)))
    panel.get_by_role("button", name="class 3", exact=True).click(modifiers=["Shift"])
    explorer.until("len(w.selected)", 100)
    expect(rows.node.get_by_role("tab", name="Selected (100)")).to_be_visible()


def test_selections_are_named_joined_undone_and_in_python(explorer: ExplorerPage, rows: Rows) -> None:
    panel = rows.open("Selected")
    explorer.ask("w.selected = [3, 1, 4]")
    expect(panel).to_contain_text("item number 4")
    rows.name("<b>first</b>")
    explorer.ask("w.selected = [4, 9]")
    expect(panel).to_contain_text("Name these 2")
    rows.name("second")
    explorer.until(
        "{name: rows.tolist() for name, rows in w.selections.items()}", {"<b>first</b>": [1, 3, 4], "second": [4, 9]}
    )
    legend = explorer.page.locator(".embw-sweep-legend").first
    line = legend.locator('[data-line="named-<b>first</b>"]')
    expect(line).to_contain_text("<b>first</b>")
    kept = "[len(set(a) & set(b)) for a, b in zip(*(s.indices[[1, 3, 4], : w.k].tolist() for s in c.neighbors))]"
    mean = explorer.ask(f"print(f'{{np.mean({kept}) / w.k:.3f}}')")
    expect(line.locator(".embw-number")).to_have_text(mean)
    panel.get_by_role("button", name="Union: add <b>first</b> to the selection").click()
    explorer.until("w.selected.tolist()", [1, 3, 4, 9])
    # By the keyboard: the list is one stop, and each act has its column.
    panel.get_by_role("button", name="Minus: take <b>first</b>").focus()
    explorer.page.keyboard.press("ArrowDown")
    expect(panel.get_by_role("button", name="Minus: take second")).to_be_focused()
    explorer.page.keyboard.press("Enter")
    explorer.until("w.selected.tolist()", [1, 3])
    panel.get_by_role("button", name="Delete second").click()
    explorer.until("list(w.selections)", ["<b>first</b>"])
    for selected, names in (([1, 3], 2), ([1, 3, 4, 9], 2), ([4, 9], 2), ([4, 9], 1)):
        explorer.page.keyboard.press("Control+z")
        explorer.until("(w.selected.tolist(), len(w.selections))", (selected, names))
    explorer.ask("w.selections['from Python'] = range(50)")
    expect(panel.locator(".embw-named")).to_contain_text("50 items")
    columns = "['row', 'label', 'text', 'kept@10', 'agreement', 'p@10', 'in <b>first</b>', 'in from Python']"
    assert explorer.ask("f = w.selected_frame(); print([*f.columns])") == columns
    assert explorer.ask("print(f['row'].tolist(), f['in <b>first</b>'].tolist())") == "[4, 9] [True, False]"


def test_all_hits_of_a_search_are_selected(explorer: ExplorerPage, rows: Rows) -> None:
    search = explorer.page.get_by_label("Search items").first
    search.fill("number 17")
    explorer.page.get_by_role("button", name="Select all 11 hits").click()
    explorer.until("w.selected.tolist()", [17, *range(170, 180)])
    expect(explorer.x).to_have_attribute("data-selected", "11")


@pytest.fixture
def saved(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A file of an Explorer with a named selection, opened with the network cut."""
    made: dict[str, Any] = {}
    exec(SMALL, made)
    explorer = ew.show(made["c"])
    explorer.selections["<i>kept</i>"], explorer.selected = [1, 2, 3], [3, 5]
    file = ew.to_html(explorer, tmp_path / "saved.html")
    context = browser.new_context(viewport={"width": 1280, "height": 720}, offline=True)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(file.as_uri())
    expect(page.locator("body[data-ready]")).to_be_visible()
    yield page
    context.close()
    assert complaints == []


def test_a_saved_page_names_joins_and_undoes_without_a_kernel(saved: Page) -> None:
    rows = Rows(saved)
    panel = rows.open("Classes")
    expect(panel).to_contain_text("4 classes: neighbours kept of 10")
    expect(panel.locator(".embw-interval").first).to_have_text(re.compile(r"\d\.\d\d – \d\.\d\d"))
    panel = rows.open("Selected")
    expect(panel.locator(".embw-named")).to_contain_text("<i>kept</i>")
    panel.get_by_role("button", name="Union: add <i>kept</i>").click()
    rows.name("both")
    expect(panel.locator(".embw-named li").nth(1)).to_contain_text("4 items")
    expect(saved.locator('.embw-line[data-line="named-both"]')).to_be_attached()
    saved.keyboard.press("Control+z")
    expect(panel.locator(".embw-named li")).to_have_count(1)
