"""Page and Python explain each word alike."""

import re
from pathlib import Path

from embwidget.measures.table import MEASURES
from embwidget.results.terms import SEES, TERMS

PAGE = Path(__file__).parents[2] / "js" / "src" / "page" / "terms.ts"
ENTRY = re.compile(r'(\w+): \[\s*"([^"\\]*)",\s*"([^"\\]*)",?\s*\]')


def test_every_word_has_one_explanation() -> None:
    words, measures = PAGE.read_text(encoding="utf-8").split("export const MEASURE_TERMS")
    assert {name: line for name, _, line in ENTRY.findall(words)} == TERMS
    entries = ENTRY.findall(measures)
    # A scale of the curves in the page that is no measure of its own.
    assert {name: line for name, _, line in entries if name != "adjusted"} == SEES
    assert {name: title for name, title, _ in entries if name in MEASURES} == {n: m.title for n, m in MEASURES.items()}
