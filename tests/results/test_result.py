"""What the verbs return is of one kind: the same words, table, card and file of each."""

import html
from html.parser import HTMLParser
from inspect import isabstract
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from every_result import RESULTS, made, same

import embwidget
from embwidget.results.archive import write_archive
from embwidget.results.result import Result

NOT_SAVED = {"source", "spaces", "opened"}


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)


def kinds(base: type) -> list[type]:
    """The package's own; tests may have made more."""
    found = [one for kind in base.__subclasses__() for one in (kind, *kinds(kind))]
    return [one for one in found if one.__module__.startswith("embwidget.")]


def test_every_kind_is_tried() -> None:
    whole = {kind for kind in kinds(Result) if not isabstract(kind)}
    assert {type(made(name)) for name in RESULTS} == whole


def test_nothing_implemented_is_overridden() -> None:
    for kind in kinds(Result):
        for base in kind.__mro__[1:-2]:  # all but itself, ABC and object
            done = {name for name in vars(base) if not name.startswith("__") and name not in Result.__annotations__}
            done -= set(base.__abstractmethods__) | {"_abc_impl"}
            assert done & set(vars(kind)) == set(), (kind, base)


@pytest.mark.parametrize("name", RESULTS)
def test_it_says_what_was_found_and_shows_it(name: str) -> None:
    found = made(name)
    assert isinstance(found, Result)
    for line in (found.sentence, found.provenance):
        assert line.endswith(".") and "\n" not in line
    assert isinstance(found.warnings, tuple) and isinstance(found.to_frame(), pd.DataFrame) and len(found.to_frame())
    shown = found._repr_html_()
    assert all(html.escape(text) in shown for text in (found.sentence, found.provenance, *found.warnings))
    page = Tags()
    page.feed(shown)
    assert set(page.seen) == {"div", "p", "strong", "table", "thead", "tr", "th", "tbody", "td", "small"}


@pytest.mark.parametrize("name", RESULTS)
def test_a_file_holds_it(name: str, tmp_path: Path) -> None:
    found = made(name)
    found.save(tmp_path / "found.npz")
    again = type(found).load(tmp_path / "found.npz")
    assert (again.sentence, again.provenance) == (found.sentence, found.provenance)
    assert same(again, found, but=NOT_SAVED)
    assert repr(again) == repr(found) and again._repr_html_() == found._repr_html_()
    pd.testing.assert_frame_equal(again.to_frame(), found.to_frame())
    (tmp_path / "found.npz").rename(tmp_path / "found.embw")
    whatever = embwidget.load(tmp_path / "found.embw")
    assert type(whatever) is type(found) and repr(whatever) == repr(found)
    with np.load(tmp_path / "found.embw", allow_pickle=False) as file:
        assert all(file[part].dtype != object for part in file.files)


@pytest.mark.parametrize("name", RESULTS)
def test_a_file_of_another_kind_or_a_damaged_one_is_refused(name: str, tmp_path: Path) -> None:
    kind = type(made(name))
    write_archive(tmp_path / "other.npz", "Else", *made(name)._packed())
    with pytest.raises(ValueError, match=f"embwidget's {kind.__name__}.save but got 'other.npz': it is of kind 'Else'"):
        kind.load(tmp_path / "other.npz")
    header, arrays = made(name)._packed()
    del header["warnings"]
    write_archive(tmp_path / "less.npz", kind.__name__, header | {"unknown": 1}, arrays)
    with pytest.raises(ValueError, match=f"{kind.__name__}.save but got 'less.npz': .*(warnings|unknown)"):
        kind.load(tmp_path / "less.npz")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"x": np.ones((2, 3))}, "by the save of a result but got 'one.embw': it has no header"),
        (None, "by the save of a result but got 'one.embw'"),
        ("Elsewhere", "a kind of result that this embwidget knows, one of Alignment, .* but got 'Elsewhere'; upgrade"),
        ("Result", "a kind of result that this embwidget knows, .* but got 'Result'"),
    ],
    ids=["arrays", "text", "unknown kind", "the base"],
)
def test_what_is_no_result_is_refused(content: object, said: str, tmp_path: Path) -> None:
    file = tmp_path / "one.embw"
    if isinstance(content, dict):
        with file.open("wb") as opened:
            np.savez(opened, **content)
    elif isinstance(content, str):
        write_archive(file, content, {}, {})
    else:
        file.write_text("no archive")
    with pytest.raises(ValueError, match=f"expected .*{said}"):
        embwidget.load(file)
