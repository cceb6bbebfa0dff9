"""The playground in a real page: guess and see, drag, keys, shuffles; and as one page from disk, the network cut."""

from pathlib import Path

import pytest
from lab_page import NotebookPage
from playwright.sync_api import Browser, Locator, Page, expect

import embwidget as ew

pytestmark = pytest.mark.browser

SHOW = "import embwidget as ew\np = ew.playground('turned')\np"
# What the page says, against Python's own measures.
APART = """
from embwidget.widgets.state.three_meters import three_meters
print(max(abs(p.meters[name] - value) for name, value in three_meters(p.X, p.Y, p.k).items()) < 1e-9)
"""


def said(root: Locator) -> list[str]:
    return root.locator(".embw-play-value").all_inner_texts()


def goes_through(page: Page, root: Locator) -> None:
    """A guess, what was true, and shuffles until there is something to be seen."""
    root.get_by_role("button", name="One thrown far").click()
    assert said(root) == ["?", "?", "?"]
    guess = root.get_by_role("slider", name="Your guess of CKA")
    guess.focus()
    page.keyboard.press("End")
    root.get_by_role("button", name="Show").click()
    assert said(root) == ["0.96", "−0.06", "0.05"]
    expect(root.locator("[data-meter=cka]")).to_contain_text("you said 1.00, off by 1.06")
    expect(root).to_contain_text("CKA adds up squared distances")
    root.get_by_role("button", name="Shuffle the rows of Y").click()
    root.get_by_role("button", name="20 more").click()
    expect(root.locator("[data-meter=nngs] .embw-play-dots i")).to_have_count(21)
    overflows = root.evaluate("(root) => root.scrollWidth > root.clientWidth")
    assert not overflows


def test_it_is_guessed_dragged_and_read_by_python(notebook: NotebookPage) -> None:
    notebook.show(SHOW)
    page = notebook.page
    root = page.locator(".embw-playground:visible")
    root.scroll_into_view_if_needed()
    goes_through(page, root)
    notebook.photograph("test_the_playground_shuffled")
    notebook.until("print(p.posture, round(p.meters['cka'], 2))", "far -0.06")
    mark = root.locator("[data-space=y] [data-row='24']")
    mark.scroll_into_view_if_needed()
    box = mark.locator(".embw-play-shape").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 40, y - 60, steps=4)
    page.mouse.up()
    notebook.until("print(p.posture == '', (p.Y != p.X).any(1).sum())", "True 2")
    assert notebook.ask(APART) == "True"
    expect(root.locator("[data-meter=nngs] .embw-play-dots i")).to_have_count(0)
    held = root.locator("[data-space=y] [tabindex='0']")
    held.focus()
    before = held.get_attribute("aria-label")
    page.keyboard.press("Shift+ArrowRight")
    expect(held).not_to_have_attribute("aria-label", before or "")
    notebook.until("print((p.Y != p.X).any(1).sum())", "21")
    notebook.ask("p.posture = 'carried'")
    expect(root.get_by_role("button", name="Clusters carried")).to_have_attribute("aria-pressed", "true")
    expect(root.locator(".embw-play-value").first).to_have_text("?")


def test_one_page_from_disk_needs_nothing(browser: Browser, tmp_path: Path) -> None:
    path = ew.to_html(ew.playground(), tmp_path / "playground.html")
    context = browser.new_context(viewport={"width": 1280, "height": 720}, color_scheme="dark", offline=True)
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto(path.as_uri())
    expect(page.locator("h1")).to_have_text("What do NNGS, CKA and SPEC see?")
    root = page.locator(".embw-playground")
    goes_through(page, root)
    expect(page.get_by_text("Save as HTML")).to_be_hidden()
    page.set_viewport_size({"width": 400, "height": 720})
    expect(root.locator(".embw-play-meters")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
    assert heard == []
