import time
import unicodedata

import pytest

from embwidget.texts.letters import letters, shorten

LETTERS = ["👩‍👩‍👧‍👦", "🇲🇱", "e\u0301", "நி", "👍🏽", "𝒳", "각", "❤️", "a", "界", "🏴\U000e0067\U000e0062\U000e007f"]


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_is_one_and_is_not_cut(letter: str) -> None:
    assert letters(letter * 6) == [letter] * 6
    assert shorten(letter * 6, 6) == letter * 6
    assert shorten(letter * 6, 4) == letter * 3 + "…"


def test_letters_make_up_their_text() -> None:
    text = "".join(map(chr, range(0x300, 0xD800, 7))) + "\ud800\r\n" + "".join(LETTERS)
    assert "".join(letters(text)) == text


def test_no_cut_begins_or_ends_within_a_letter() -> None:
    text = "".join(LETTERS) * 3
    for most in range(1, 30):
        cut = shorten(text, most).removesuffix("…")
        assert not cut.endswith("\u200d")
        assert text.startswith(cut)
        assert not unicodedata.category(text[len(cut)]).startswith("M")


def test_of_a_long_text_only_the_beginning_is_looked_at() -> None:
    letters("é")
    start = time.process_time()
    assert shorten("é" * 10**7, 40) == "é" * 39 + "…"
    assert len(shorten("e" + "\u0301" * 10**6, 40)) < 5000
    assert time.process_time() - start < 0.5
