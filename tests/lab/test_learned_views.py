"""Layers beside layers, maps coloured by scores of items, a training watched and stopped: in a real page."""

import re

import pytest
from lab_page import NotebookPage
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SPACES = """
import numpy as np
import embwidget as ew

rng = np.random.default_rng(0)
n = 160
X = rng.normal(size=(n, 10)).astype("float32")
bad = "<img src=nowhere onerror='window.hacked=1'>"
"""
LAYERS = (
    SPACES
    + """
turn = np.linalg.qr(rng.normal(size=(10, 10)))[0]
steps = [X, np.tanh(X @ rng.normal(size=(10, 10))), X**2]
one = dict(zip(["first", "second", bad], steps))
other = dict(zip(["first", "second", bad], [step @ turn for step in steps]))
measures = ["contrasim", "cka", "procrustes"]
layers = ew.compare_layers(one, other, names=("net", "other"), measures=measures, progress=False)
w = ew.show(layers)
w
"""
)
SCORES = (
    SPACES
    + """
Y = X @ rng.normal(size=(10, 8)) + rng.normal(size=(n, 8))
c = ew.compare(X, Y, k=5, measures=["nngs", "cka"], progress=False)
w = ew.show(c)
w
"""
)
# Very many steps on so many rows that each makes it better: Stop is what ends them.
LIVE = """
import numpy as np
import embwidget as ew

X = np.random.default_rng(0).normal(size=(4000, 12)).astype("float32")
fit = ew.ContraSim(max_steps=1_000_000, patience=1_000_000).fit({"<b>x</b>": X, "y": X[:, ::-1].copy()}, live=True)
w = ew.show(fit)
w
"""
PIXELS = "(canvas) => canvas.toDataURL()"
MIDDLE = """
(heat, at) => {
  const box = heat.querySelectorAll('[data-part=cells] rect')[at].getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}
"""


def test_layers_are_looked_at_by_any_measure_without_the_kernel(theme: str, notebook: NotebookPage) -> None:
    notebook.show(LAYERS)
    page: Page = notebook.page
    root = page.locator(".embw-similarity-matrix").first
    expect(root).to_have_attribute("data-drawn", re.compile(".+"))
    root.scroll_into_view_if_needed()
    stars = root.locator("[data-part=best] text")
    expect(stars).to_have_count(3)
    expect(root.locator("[data-part=diagonal] rect")).to_have_count(3)
    sent = notebook.comm_messages()
    seen = set()
    for title in ("ContraSim", "CKA (debiased)", "Procrustes distance (angular)"):
        root.get_by_label("Measure").select_option(label=title)
        expect(root.locator(".embw-key-title")).to_contain_text(title)
        seen.add(root.locator("[data-part=numbers]").text_content())
        found = notebook.ask(
            "print(sum(bool(r['same_index']) for r in layers.best("
            f"next(m for m in layers.measures if layers.matrices[m].title == {title!r}))))"
        )
        expect(root.locator(".embw-key-lines")).to_contain_text(f"{found} of 3 have the star")
    assert len(seen) == 3
    assert notebook.comm_messages() == sent
    assert page.evaluate("() => window.hacked") is None
    assert root.locator("img").count() == 0


def test_a_click_opens_the_pair_of_layers(notebook: NotebookPage) -> None:
    notebook.show(LAYERS)
    page = notebook.page
    root = page.locator(".embw-similarity-matrix").first
    expect(root).to_have_attribute("data-drawn", re.compile(".+"))
    heat = root.locator(".embw-heat")
    heat.scroll_into_view_if_needed()
    x, y = heat.evaluate(MIDDLE, 1)
    page.mouse.move(x, y)
    tip = root.locator(".embw-matrix-body > .embw-tip")
    expect(tip).to_contain_text("net · first and other · second")
    page.mouse.click(x, y)
    expect(root.locator(".embw-pair-title")).to_have_text("net · first ↔ other · second")
    expect(root.locator(".embw-explorer .embw-map").first).to_have_attribute("data-painted", re.compile(".+"))
    notebook.until("print(w.pair, w.comparison.names)", "(0, 4) ('net · first', 'other · second')")


def test_maps_are_coloured_by_scores_of_items_given_later(theme: str, notebook: NotebookPage) -> None:
    notebook.show(SCORES)
    maps = notebook.page.locator(".embw-map-pair").first
    first = maps.locator(".embw-map").first
    expect(first).to_have_attribute("data-painted", re.compile(".+"))
    maps.scroll_into_view_if_needed()
    menu = maps.get_by_label("Colour by")
    expect(menu.locator("option").last).to_have_text("CKA (debiased)")
    found = notebook.ask(
        "s = ew.ContraSim.cross_fit(X, Y, max_steps=60, progress=False)\n"
        "v = s.per_example.copy()\nv[:10] = np.nan\n"
        "w.scene.add_item_scores(bad, v, chance=s.null_mean)\n"
        "print(f'{np.nanmean(v):.3f}')"
    )
    expect(menu.locator("option").last).to_have_text("<img src=nowhere onerror='window.hacked=1'>")
    before = first.locator("canvas.embw-map-base").evaluate(PIXELS)
    times = first.get_attribute("data-painted") or ""
    menu.select_option(index=menu.locator("option").count() - 1)
    expect(first).not_to_have_attribute("data-painted", times)
    assert first.locator("canvas.embw-map-base").evaluate(PIXELS) != before
    legend = maps.locator(".embw-legend")
    expect(legend).to_contain_text(f"larger: more alike; mean {found}, chance")
    expect(legend).to_contain_text("no value (10)")
    assert notebook.page.evaluate("() => window.hacked") is None


def test_a_learned_similarity_is_shown_on_the_maps_of_a_scene(notebook: NotebookPage) -> None:
    notebook.show(SCORES, "ew.show(ew.RidgeCCA.cross_fit(X, Y, progress=False), scene=w.scene)")
    maps = notebook.page.locator(".embw-map-pair")
    expect(maps).to_have_count(2)
    expect(maps.last.locator(".embw-legend")).to_contain_text("Item's ridge-CCA (larger: more alike")
    expect(maps.first.get_by_label("Colour by").locator("option").last).to_have_text("ridge-CCA")


def test_a_training_is_watched_and_stopped_in_the_page(theme: str, notebook: NotebookPage) -> None:
    notebook.show(LIVE)
    root = notebook.page.locator(".embw-fit").first
    panel = root.locator(".embw-fitting")
    expect(panel.locator(".embw-fitting-title")).to_have_text("Training ContraSim of <b>x</b> and y")
    expect(panel.locator(".embw-fitting-steps")).to_contain_text(
        re.compile(r"^Step [\d,]+ of 1,000,000 · (.+ so far, )?about .+ left")
    )
    lines = panel.locator(".embw-history [data-line=validation]")
    expect(lines).to_have_attribute("d", re.compile("L.*L"))
    expect(panel.locator(".embw-history")).to_contain_text("best: step")
    assert notebook.ask("print(fit.done)") == "False"
    panel.get_by_role("button", name="Stop and keep the best so far").click()
    expect(root.locator(".embw-sentence")).to_contain_text(re.compile("trained for .* of at most 1,000,000 steps"))
    expect(panel.get_by_role("button")).to_have_count(0)
    expect(panel.locator(".embw-history")).to_contain_text("best: step")
    notebook.until("print(w.scene.status, fit.status, w.result is fit.result())", "stopped stopped True")
