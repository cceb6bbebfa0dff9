"""Every view for those who do not see it, use no mouse, need few pixels, other colours or no motion: saved pages."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe import violations
from explorer_page import ExplorerPage
from playwright.sync_api import Browser, Page, expect
from saved_views import MAKERS, save_view
from tab_walk import tab_through

pytestmark = pytest.mark.browser

# The most stops of Tab, and classes of what it has to come by.
WALKS = {
    "explorer": (50, {"embw-plot", "embw-map", "embw-legend", "embw-spectrum", "embw-cluster-head"}),
    "k_sweep": (14, {"embw-plot", "embw-sweep-legend"}),
    "map_pair": (22, {"embw-map", "embw-legend", "embw-search"}),
    "gallery": (20, {"embw-spectrum", "embw-cluster-head", "embw-handle"}),
    "similarity_matrix": (14, {"embw-heat-box"}),
    "alignment_view": (40, {"embw-map", "embw-align-curve", "embw-chip", "embw-position"}),
    "audit_view": (30, {"embw-audit-group", "embw-audit-query", "embw-audit-document", "embw-audit-joint"}),
    "fit_view": (3, set()),
}
MOTION = """
() => {
  const spent = (el) => {
    const { transitionDuration, animationName } = getComputedStyle(el);
    return transitionDuration.split(',').some((time) => parseFloat(time) > 0) || animationName !== 'none';
  };
  return [...document.querySelectorAll('.embw-root *')].filter(spent).map((el) => el.className);
}
"""
# What a picture is called, or that it is told otherwise.
NAMELESS = """
() => [...document.querySelectorAll('.embw-root canvas, .embw-root img, .embw-root svg')].filter((el) => {
  const told = el.getAttribute('aria-label') || el.getAttribute('alt') || el.getAttribute('aria-labelledby');
  const holds = el.querySelector('[role]') || el.parentElement.closest('svg');
  return !told && !holds && !el.closest('[aria-hidden=true], [role=img], [role=application]');
}).map((el) => el.outerHTML.slice(0, 120))
"""
# Buttons that are pressed and those that are not, side by side: what they are drawn with, transparent or not.
UNTOLD = """
() => [...new Set([...document.querySelectorAll('.embw-root [aria-pressed]')].map((el) => el.parentElement))]
  .map((group) => {
    const look = (pressed) => {
      const one = group.querySelector(`:scope > [aria-pressed=${pressed}]:not(:focus)`);
      if (!one) return undefined;
      const { backgroundColor, borderTopColor, borderTopWidth, color } = getComputedStyle(one);
      const ink = (css) => css.match(/[\\d.]+/g).slice(0, 3).join();
      return [ink(backgroundColor), ink(borderTopColor), borderTopWidth, ink(color)].join(' ');
    };
    return [group.className, look(true), look(false)];
  })
  .filter(([, pressed, other]) => pressed && pressed === other)
"""
# What scrolls sideways and cannot be scrolled by keyboard.
STUCK = """
() => [...document.querySelectorAll('.embw-root *')].filter((el) => {
  const scrolls = ['auto', 'scroll'].includes(getComputedStyle(el).overflowX) && el.scrollWidth > el.clientWidth + 1;
  return scrolls && el.tabIndex < 0 && !el.querySelector('button, [tabindex="0"]');
}).map((el) => el.className)
"""


@pytest.fixture(scope="module")
def saved(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Page]]:
    """The page of a view, as wide as the output beside the file browser; made and opened once."""
    folder: Path = tmp_path_factory.mktemp("views")
    context = browser.new_context(viewport={"width": 940, "height": 720}, offline=True, reduced_motion="reduce")
    opened: dict[str, Page] = {}
    heard: list[str] = []

    def get(view: str) -> Page:
        if view not in opened:
            page = opened[view] = context.new_page()
            page.set_default_timeout(20_000)
            page.on("pageerror", lambda error: heard.append(f"{view}: {error}"))
            page.goto(save_view(view, folder).as_uri())
            expect(page.locator("body[data-ready]")).to_be_visible()
            page.locator(".embw-root").first.wait_for()
        # In a page behind others nothing is drawn anew.
        opened[view].bring_to_front()
        return opened[view]

    yield get
    context.close()
    assert heard == []


def open_what_opens(page: Page) -> None:
    """What is folded away at first: a group, the numbers of an audit, an item."""
    for closed in ("button.embw-cluster-head[aria-expanded=false]", "details:not([open]) > summary"):
        if page.locator(closed).count() > 0:
            page.locator(closed).first.click()
    if page.locator(".embw-map").count() > 0:
        page.locator(".embw-map").first.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")


@pytest.mark.parametrize("view", MAKERS)
def test_axe_finds_nothing_in_either_theme(view: str, saved: Callable[[str], Page]) -> None:
    page = saved(view)
    open_what_opens(page)
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {said}" for said in violations(page)]
    page.emulate_media(color_scheme="light")
    assert found == []


def test_axe_finds_nothing_in_jupyterlab(theme: str, explorer: ExplorerPage) -> None:
    explorer.x.focus()
    explorer.page.keyboard.press("ArrowRight")
    explorer.page.keyboard.press("Enter")
    assert violations(explorer.page) == []


@pytest.mark.parametrize("view", MAKERS)
def test_tab_comes_by_everything_sees_where_it_is_and_leaves(view: str, saved: Callable[[str], Page]) -> None:
    stops = tab_through(saved(view), "[data-view]")
    most, wanted = WALKS[view]
    passed = frozenset().union(*(stop.boxes for stop in stops))
    assert wanted <= passed
    assert len(stops) <= most, [stop.words for stop in stops]
    assert [stop.words for stop in stops if not stop.shown] == []


@pytest.mark.parametrize(
    ("view", "link", "reached"),
    [
        ("explorer", "Skip to the maps", ".embw-map"),
        ("explorer", "Skip to the groups", ".embw-cluster-head"),
        ("gallery", "Skip to the groups", ".embw-cluster-head"),
        ("similarity_matrix", "Skip to the heat map", ".embw-heat-box"),
        ("alignment_view", "Skip to the map", ".embw-map"),
        ("audit_view", "Skip to the results", ".embw-audit-document"),
    ],
)
def test_links_lead_past_what_one_does_not_want(
    view: str, link: str, reached: str, saved: Callable[[str], Page]
) -> None:
    page = saved(view)
    page.evaluate("() => document.activeElement?.blur()")
    words = [stop.words for stop in tab_through(page, "[data-view]")[:6]]
    assert link in words
    page.locator("#before").focus()
    for _ in range(words.index(link) + 1):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("(reached) => document.activeElement?.matches(reached)", reached)


@pytest.mark.parametrize("view", MAKERS)
def test_pictures_are_called_something_and_nothing_moves(view: str, saved: Callable[[str], Page]) -> None:
    page = saved(view)
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(MOTION) == []


@pytest.mark.parametrize("view", MAKERS)
def test_a_choice_is_told_where_the_system_gives_the_colours(view: str, saved: Callable[[str], Page]) -> None:
    page = saved(view)
    page.emulate_media(forced_colors="active")
    assert page.evaluate("() => getComputedStyle(document.querySelector('.embw-root')).forcedColorAdjust") == "auto"
    assert page.evaluate(UNTOLD) == []
    page.emulate_media(forced_colors="none")


@pytest.mark.parametrize("view", MAKERS)
def test_320_pixels_are_enough(view: str, saved: Callable[[str], Page]) -> None:
    page = saved(view)
    page.set_viewport_size({"width": 320, "height": 720})
    page.wait_for_function("() => document.documentElement.scrollWidth <= 320")
    page.wait_for_function(f"() => ({STUCK})().length === 0")
    page.set_viewport_size({"width": 940, "height": 720})
