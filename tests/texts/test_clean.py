import json
import xml.etree.ElementTree as ElementTree

import pytest

from embwidget.texts.clean import clean, cleaned, one_line, without_surrogates

EVERY = "".join(map(chr, range(0x10000)))


def test_what_is_clean_can_be_held_by_xml_json_and_utf_8() -> None:
    text = clean(EVERY)
    text.encode()
    json.loads(json.dumps(text, ensure_ascii=False).encode())
    marked = text.replace("&", "&amp;").replace("<", "&lt;")
    assert ElementTree.fromstring(f"<a>{marked}</a>").text == text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("text", ["", "plain", "日本 🎌 <b>&", "tab\tand\nline\r\n", "\x7f\x85\ufdd0\U0001fffe"])
def test_what_can_be_held_is_left_as_it_is(text: str) -> None:
    assert clean(text) is text


def test_control_characters_are_seen_and_told_apart() -> None:
    assert clean("a\x00") == "a\u2400"
    assert clean("\x1b[31m") == "\u241b[31m"
    assert len({clean(chr(code)) for code in range(0x20)}) == 0x20


def test_halves_of_characters_are_joined_or_marked() -> None:
    assert without_surrogates("\ud83d\ude00") == "😀"
    assert without_surrogates("a\ud800b\udc00") == "a\ufffdb\ufffd"
    assert clean("\ufffe\uffff") == "\ufffd\ufffd"


def test_every_text_of_a_plain_value_is_cleaned_and_nothing_else() -> None:
    value = {"k\x01": ["\ud800", 1, None, 2.5, {"x": ("\x02", True)}]}
    assert cleaned(value) == {"k\u2401": ["\ufffd", 1, None, 2.5, {"x": ("\u2402", True)}]}
    assert cleaned(b"\x00") == b"\x00"


def test_a_line_is_one_and_short() -> None:
    assert one_line("a\n b\x00") == "a b\u2400"
    assert len(one_line("word " * 10**6, 80)) <= 80
