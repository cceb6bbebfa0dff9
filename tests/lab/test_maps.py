"""The maps in a real page: names where groups lie, a class that stands out, and neighbours drawn by the kernel."""

import re

import numpy as np
import pytest
from explorer_page import ExplorerPage
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.browser


def names(space: Locator) -> Locator:
    return space.locator(".embw-map-names span")


def test_names_lie_where_their_items_are_and_can_be_turned_off(explorer: ExplorerPage) -> None:
    for space in (explorer.x, explorer.y):
        written = names(space).all_text_contents()
        # The classes are no groups here: those that would lie on one another are left out.
        assert len(written) >= 2 and set(written) <= {f"class {i}" for i in range(4)}
        for text in written:
            rows = range(int(text[-1]), explorer.n, 4)
            middle = np.median(explorer.places(space, rows), axis=0)
            spot = explorer.middle(names(space).get_by_text(text, exact=True))
            # Right there, or above or below it where another name has its place.
            assert abs(spot[0] - middle[0]) < 3 and abs(spot[1] - middle[1]) < 32
    explorer.page.get_by_role("button", name="Names").click()
    expect(names(explorer.x)).to_have_count(0)


def test_a_class_of_the_legend_stands_out_while_it_is_pointed_at(explorer: ExplorerPage) -> None:
    explorer.page.get_by_label("Colour by").select_option("label")
    key = explorer.page.locator(".embw-map-pair .embw-key[data-code]").nth(1)
    code = str(key.get_attribute("data-code"))
    with explorer.repaint(explorer.y):
        key.hover()
        for space in (explorer.x, explorer.y):
            expect(space).to_have_attribute("data-pointed", code)
    with explorer.repaint(explorer.y):
        explorer.page.mouse.move(5, 5)
        expect(explorer.y).to_have_attribute("data-pointed", "-1")
    explorer.until("w.selected.tolist()", [])


def test_maps_of_neighbours_are_drawn_on_request_and_shown_when_chosen(explorer: ExplorerPage) -> None:
    expect(explorer.x).to_contain_text(re.compile(r"PCA 1 \(\d+ % of variance\) →"))
    menu = explorer.page.get_by_label("Map", exact=True)
    entry = menu.locator("option[value=neighbors]")
    before = explorer.picture(explorer.x)
    menu.select_option("neighbors")
    expect(explorer.page.get_by_role("status").first).to_contain_text("Maps of neighbours are ready")
    expect(entry).to_have_text("neighbours")
    # Nobody has chosen them yet, so nothing has moved.
    expect(menu).to_have_value("plain")
    assert explorer.picture(explorer.x) == before
    for space in (explorer.x, explorer.y):
        expect(space).to_have_attribute("data-map", "plain")
    with explorer.repaint(explorer.x):
        menu.select_option("neighbors")
        expect(explorer.x).to_have_attribute("data-map", "neighbors")
    expect(explorer.x).to_contain_text("UMAP 1 →")
    drawn = "import numpy as np; m = w.scene.map_x_neighbors; print(np.ptp(m[:, 0]) / np.ptp(m[:, 1]))"
    ratio = float(explorer.ask(drawn))
    seen = np.ptp(explorer.places(explorer.x, range(explorer.n)), axis=0)
    assert seen[0] / seen[1] == pytest.approx(ratio, rel=0.02)
    with explorer.repaint(explorer.x):
        menu.select_option("plain")
        expect(explorer.x).to_have_attribute("data-map", "plain")
    assert explorer.picture(explorer.x) == before
