"""What axe finds wrong with a part of a page: the rules of WCAG 2.2 A and AA, and good practice within a view."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

SOURCE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
# What a whole page must have, and after which heading of it a view's own stand, is the host's.
PAGE_RULES = ("region", "landmark-one-main", "page-has-heading-one", "bypass", "document-title", "heading-order")
RUN = """
async ([selector, impacts, ofPages]) => {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const off = Object.fromEntries(ofPages.map((rule) => [rule, { enabled: false }]));
  const rules = { ...off, 'label-content-name-mismatch': { enabled: true } };
  const { violations, passes } = await axe.run(selector, { runOnly: tags, rules });
  const said = violations.filter(({ impact }) => impacts.includes(impact)).flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target, any, all, none }) => {
      const why = [...any, ...all, ...none].map(({ message }) => message).join('; ');
      return `${id} (${impact}) at ${target.join(' ')}: ${why}`;
    }));
  return [said, passes.length];
}
"""
IMPACTS = ("minor", "moderate", "serious", "critical")


@cache
def _source() -> str:
    return SOURCE.read_text()


def violations(page: Page, selector: str = ".embw-root", impacts: tuple[str, ...] = IMPACTS) -> list[str]:
    """A line a place: which rule, how bad, where and why. Empty is good; a page in which nothing was looked at is not.

    Raises:
        ValueError: no rule applied to what the selector finds.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    said, passed = page.evaluate(RUN, [selector, list(impacts), list(PAGE_RULES)])
    if passed == 0:
        raise ValueError(f"expected something in {selector} that axe can look at but it found nothing")
    return list(said)
