"""A walk through a view by the Tab key alone, from before it until it is left."""

from dataclasses import dataclass

from playwright.sync_api import Page

ENDS = """
(selector) => {
  const view = document.querySelector(selector);
  for (const [name, where] of [['before', 'beforebegin'], ['after', 'afterend']]) {
    document.getElementById(name)?.remove();
    view.insertAdjacentHTML(where, `<button id="${name}">${name}</button>`);
  }
  document.getElementById('before').focus();
}
"""
# An outline, a border, a shadow or a stroke of its own or a child's that what has not the focus lacks.
STOP = """
(selector) => {
  const at = document.activeElement;
  const view = document.querySelector(selector);
  const box = at.getBoundingClientRect();
  const look = (el) => {
    const { outlineStyle, outlineWidth, boxShadow, borderColor, clipPath, stroke, strokeWidth } = getComputedStyle(el);
    const outline = outlineStyle === 'none' ? '' : outlineWidth;
    const own = [outline, boxShadow, borderColor, clipPath, stroke, strokeWidth];
    return [...own, ...Array.from(el.children).map(look)].join();
  };
  const around = Array.from(view.querySelectorAll('*')).filter((el) => el.contains(at));
  const focused = look(at);
  at.blur();
  const plain = look(at);
  at.focus({ preventScroll: true });
  const seen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  return {
    inside: view.contains(at),
    shown: seen && focused !== plain,
    classes: [...Array.from(at.classList), at.localName],
    boxes: around.flatMap((el) => Array.from(el.classList)),
    words: (at.getAttribute('aria-label') ?? at.textContent ?? '').slice(0, 60),
  };
}
"""
MOST = 120


@dataclass(frozen=True)
class Stop:
    words: str
    classes: tuple[str, ...]
    boxes: frozenset[str]
    """The classes of all that it is in, its own too."""
    shown: bool
    """Whether it is in sight, and looks other than without the focus."""


def tab_through(page: Page, selector: str) -> list[Stop]:
    """Every stop within the view, in order.

    Raises:
        AssertionError: the keys do not come out again.
    """
    page.evaluate(ENDS, selector)
    stops: list[Stop] = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        at = page.evaluate(STOP, selector)
        if not at["inside"]:
            assert at["words"] == "after", f"expected Tab to come out behind the view but it came to {at['words']!r}"
            return stops
        stops.append(Stop(at["words"], tuple(at["classes"]), frozenset(at["boxes"]), at["shown"]))
    raise AssertionError(f"expected Tab to leave the view within {MOST} stops; the last are {stops[-6:]}")
