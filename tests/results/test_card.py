"""The one card of all results, and the words of its cells."""

import pytest

from embwidget.results.card import Column, card
from embwidget.results.words import finite, listed, shown


def test_every_text_is_escaped_and_stands_where_it_belongs() -> None:
    columns = [
        Column(title="<a>", cells=["<b>"], kind="name"),
        Column(title="<c>", hint="it's <d>", cells=["<e>"], kind="text"),
        Column(title="n", cells=["1 < 2"]),
    ]
    assert card("<f>", ["<g>", "h"], columns, "<i>") == (
        "<div><p><strong>&lt;f&gt;</strong></p><p>⚠ &lt;g&gt;</p><p>⚠ h</p>"
        "<table><thead><tr><th>&lt;a&gt;</th><th title='it&#x27;s &lt;d&gt;'>&lt;c&gt;</th><th>n</th></tr></thead>"
        "<tbody><tr><th>&lt;b&gt;</th><td style='text-align:left'>&lt;e&gt;</td><td>1 &lt; 2</td></tr></tbody></table>"
        "<p><small>&lt;i&gt;</small></p></div>"
    )


def test_without_rows_there_is_no_table_and_columns_are_of_one_length() -> None:
    assert "table" not in card("same", (), [Column(title="a", cells=[])], "line")
    with pytest.raises(ValueError, match="shorter"):
        card("", (), [Column(title="a", cells=["1", "2"]), Column(title="b", cells=["1"])], "")


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_what_is_no_number_is_a_dash(value: float | None) -> None:
    assert shown(value) == "–" and shown(value, "d") == "–" and finite(value) is None


def test_numbers_and_parameters_in_words() -> None:
    assert (shown(0.12345), shown(7, "d"), shown(3.14159, ".1f")) == ("0.123", "7", "3.1")
    assert listed({"n_fit": 3, "random_state": 0, "held_out": True}) == "n fit: 3; seed: 0; held out: True."
