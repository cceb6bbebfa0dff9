"""Names as they are shown: words as the members write them, in one line, and not too long."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from jaxtyping import Int

from embwidget.items.items import Items
from embwidget.spectral.naming.choice import Choice
from embwidget.spectral.naming.terms import Candidate
from embwidget.spectral.words import written_words
from embwidget.texts.clean import joined_lines
from embwidget.texts.letters import shorten

_LONGEST = 40
_READ = 2000


def as_written(choice: Choice, rows: Int[np.ndarray, " a"], items: Items) -> str:
    """The terms of a name: "body · state" for either, "flag: island" for both."""
    texts = [] if items.texts is None else [written_words(items.texts[row][:_READ]) for row in rows]
    terms = (joined_lines(_spelt(one, texts)) for one in choice.shown)
    return (": " if choice.narrower else " · ").join(shorten(term, _LONGEST) for term in terms)


def _spelt(term: Candidate, texts: Sequence[Sequence[str]]) -> str:
    """The commonest spelling of a word or phrase among texts, of equals the first; other terms as they are."""
    if term.kind not in ("word", "phrase"):
        return term.text
    size = term.text.count(" ") + 1
    runs = (" ".join(words[i : i + size]) for words in texts for i in range(len(words) - size + 1))
    spelt = Counter(run for run in runs if run.lower() == term.text)
    return spelt.most_common(1)[0][0] if spelt else term.text
