import io
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import PIL.Image
import pytest
import torch

from embwidget.arrays.reading.notes import InputWarning
from embwidget.items import Items, SpriteSheet

HTML = "<img src=x onerror=alert(1)> & <b>bold</b>"
COLOURS = np.array([[250, 10, 20], [10, 250, 20], [10, 20, 250]], np.uint8)


def pixels(n: int = 3, size: int = 8) -> np.ndarray:
    """n squares, each of one colour."""
    return np.broadcast_to(COLOURS[:n, None, None], (n, size, size, 3)).copy()


def file(picture: np.ndarray | PIL.Image.Image, format: str = "png") -> bytes:
    buffer = io.BytesIO()
    (picture if isinstance(picture, PIL.Image.Image) else PIL.Image.fromarray(picture)).save(buffer, format)
    return buffer.getvalue()


def sheet(columns: int = 2) -> PIL.Image.Image:
    image = PIL.Image.new("RGB", (8 * columns, 8 * -(-3 // columns)))
    for i, square in enumerate(pixels()):
        image.paste(PIL.Image.fromarray(square), (8 * (i % columns), 8 * (i // columns)))
    return image


def centre(items: Items, i: int) -> tuple[int, ...]:
    thumbnail = items.thumbnail(i, size=16)
    assert thumbnail is not None
    assert (thumbnail.size, thumbnail.mode) == ((16, 16), "RGBA")
    return thumbnail.getpixel((8, 8))


def paths(folder: Path) -> list[Path]:
    for i, square in enumerate(pixels()):
        (folder / f"{i}.png").write_bytes(file(square))
    return [folder / f"{i}.png" for i in range(3)]


SOURCES: dict[str, Callable[[Path], Any]] = {
    "array": lambda folder: pixels(),
    "torch tensor": lambda folder: torch.from_numpy(pixels()),
    "list of arrays": lambda folder: list(pixels()),
    "PIL images": lambda folder: [PIL.Image.fromarray(square) for square in pixels()],
    "palette images": lambda folder: [PIL.Image.fromarray(square).quantize(4) for square in pixels()],
    "paths": paths,
    "path strings": lambda folder: [str(path) for path in paths(folder)],
    "array of path strings": lambda folder: np.array([str(path) for path in paths(folder)]),
    "pandas column of paths": lambda folder: pd.Series(paths(folder)),
    "bytes": lambda folder: [file(square) for square in pixels()],
    "function": lambda folder: lambda i: PIL.Image.fromarray(pixels()[i]),
    "function of paths": lambda folder: paths(folder).__getitem__,
    "sheet": lambda folder: SpriteSheet(sheet(), size=8, columns=2),
    "sheet in bytes": lambda folder: SpriteSheet(file(sheet(3)), size=8, columns=3),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_thumbnail_from_every_source(kind: str, tmp_path: Path) -> None:
    items = Items(images=SOURCES[kind](tmp_path), texts=["red", "green", "blue"])
    items.check(3)
    for i, colour in enumerate(COLOURS):
        assert np.abs(np.array(centre(items, i)) - [*colour, 255]).max() <= 2


@pytest.mark.parametrize("kind", SOURCES)
def test_take_follows_rows_in_order(kind: str, tmp_path: Path) -> None:
    items = Items(images=SOURCES[kind](tmp_path), texts=["red", "green", "blue"], labels=[1, 2, 3], ids=[7, 8, 9])
    chosen = items.take([2, 0])
    assert (chosen.texts, chosen.labels.tolist(), chosen.ids, chosen.n) == (("blue", "red"), ["3", "1"], (9, 7), 2)
    assert centre(chosen, 0)[2] > 240
    assert centre(chosen, 1)[0] > 240
    again = chosen.take(np.array([False, True]))
    assert (again.texts, centre(again, 0)[0] > 240) == (("red",), True)


@pytest.mark.parametrize("kind", SOURCES)
def test_arrays_bring_back_the_items_without_pickle(kind: str, tmp_path: Path) -> None:
    items = Items(
        images=SOURCES[kind](tmp_path),
        texts=["red", HTML, "日本 🎌"],
        labels=["a", None, "b"],
        ids=[("x", 1), 2.5, "y"],
    )
    np.savez(tmp_path / "items.npz", **items.to_arrays())
    with np.load(tmp_path / "items.npz", allow_pickle=False) as arrays:
        back = Items.from_arrays(arrays)
    assert (back.texts, back.ids) == (items.texts, items.ids)
    assert back.labels.tolist() == ["a", "", "b"]
    for i in range(3):
        assert np.abs(np.array(centre(back, i)) - centre(items, i)).max() <= 8


def test_html_is_left_as_it_is() -> None:
    items = Items(texts=[HTML], labels=[HTML], ids=[HTML])
    assert (items.texts, items.labels.tolist(), items.describe(0)) == ((HTML,), [HTML], HTML)


def test_describe_prefers_text_then_label_then_id() -> None:
    assert Items(texts=["t"], labels=["l"], ids=["i"]).describe(0) == "t"
    assert Items(texts=[""], labels=["l"], ids=["i"]).describe(0) == "l"
    assert Items(labels=[None], ids=[17]).describe(0) == "17"
    assert Items(images=pixels()).describe(2) == "item 2"


def test_labels_and_texts_are_whole_characters() -> None:
    items = Items(labels=["a\ud800"], texts=["\udfff b"], ids=["c\udc00"])
    assert (items.labels.tolist(), items.texts, items.ids) == (["a\ufffd"], ("\ufffd b",), ("c\udc00",))
    assert Items(ids=["c\udc00"]).describe(0) == "c\ufffd"


def test_texts_take_bytes_and_times_and_leave_out_what_is_missing() -> None:
    assert Items(texts=[b"caf\xc3\xa9", None, np.datetime64("2024-05-01")]).texts == ("café", "", "2024-05-01")
    assert Items(texts=np.ma.masked_array(["seen", "hidden"], mask=[False, True])).texts == ("seen", "")


def test_a_masked_id_is_not_shown() -> None:
    assert Items(ids=np.ma.masked_array([1, 2], mask=[False, True])).ids == (1, None)


def test_remedies_for_refused_labels_and_texts_work() -> None:
    labels, texts = {7: "a", 8: "b"}, [3, "b"]
    with pytest.raises(TypeError, match=r"give list\(labels\.values\(\)\)"):
        Items(labels=labels)
    assert Items(labels=list(labels.values())).n == 2
    with pytest.raises(TypeError, match="convert them with str"):
        Items(texts=texts)
    assert Items(texts=map(str, texts)).texts == ("3", "b")


def test_one_long_label_costs_its_own_length_alone() -> None:
    labels = ["a", "b"] * 1000 + ["x" * 100_000]
    tracemalloc.start()
    items = Items(labels=labels).take(np.arange(2001)[::-1])
    arrays = items.to_arrays()
    back = Items.from_arrays(arrays)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5e6
    assert back.labels.tolist() == labels[::-1]
    assert sum(array.nbytes for array in arrays.values()) < 2e5


def test_missing_labels_are_empty() -> None:
    assert Items(labels=[None, float("nan"), pd.NA, 3, "a"]).labels.tolist() == ["", "", "", "3", "a"]
    assert Items(labels=pd.Series(["a", None]).astype("category")).labels.tolist() == ["a", ""]
    assert Items(labels=torch.tensor([1, 0])).labels.tolist() == ["1", "0"]


def test_proportions_are_kept_and_the_rest_is_clear() -> None:
    wide = Items(images=np.full((1, 10, 40, 3), 200, np.uint8)).thumbnail(0, size=32)
    assert np.flatnonzero(np.asarray(wide)[:, 16, 3]).tolist() == list(range(12, 20))


@pytest.mark.parametrize(
    ("mode", "value", "seen"),
    [
        ("L", 128, (128, 128, 128, 255)),
        ("1", 1, (255, 255, 255, 255)),
        ("LA", (100, 50), (100, 100, 100, 50)),
        ("RGBA", (10, 20, 30, 40), (10, 20, 30, 40)),
        ("CMYK", (0, 0, 0, 0), (255, 255, 255, 255)),
        ("I;16", 128 << 8, (128, 128, 128, 255)),
        ("I", 200, (200, 200, 200, 255)),
        ("I", 200 << 8, (200, 200, 200, 255)),
    ],
)
def test_every_mode_becomes_rgba(mode: str, value: Any, seen: tuple[int, ...]) -> None:
    found = centre(Items(images=[PIL.Image.new(mode, (4, 4), value)]), 0)
    assert np.abs(np.subtract(found, seen)).max() <= 2


def test_see_through_parts_survive_saving() -> None:
    items = Items(images=[PIL.Image.new("RGBA", (4, 4), (10, 20, 30, 0))])
    assert centre(Items.from_arrays(items.to_arrays()), 0)[3] == 0


def test_pictures_are_read_once_and_not_before_they_are_looked_at() -> None:
    asked: list[int] = []

    def image(i: int) -> PIL.Image.Image:
        asked.append(i)
        return PIL.Image.new("RGB", (4, 4), (i, 0, 0))

    items = Items(images=image, texts=["a"] * 100)
    assert asked == []
    first = items.thumbnail(5)
    first.putpixel((0, 0), (9, 9, 9, 9))
    assert items.thumbnail(5).getpixel((0, 0)) == (5, 0, 0, 255)
    assert asked == [5]


def test_n_is_known_as_soon_as_something_says_it() -> None:
    assert Items().n is None
    assert Items(images=lambda i: None).n is None
    assert Items(images=SpriteSheet(sheet(), 8, 2)).n is None
    assert Items(images=SpriteSheet(sheet(), 8, 2), ids=[1, 2, 3]).n == 3
    Items().check(5)
    with pytest.raises(ValueError, match="pass n"):
        Items(images=lambda i: pixels()[i]).to_arrays()
    assert Items.from_arrays(Items(images=lambda i: pixels()[i]).to_arrays(n=3)).n == 3


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Items(labels=["a", "b"], texts=["x"]), ValueError, r"got 2 labels, 1 texts; give them all one length"),
        (lambda: Items(images=pixels(3), ids=[1, 2]), ValueError, "got 2 ids, 3 images"),
        (lambda: Items(labels=[1, 2]).check(3), ValueError, "expected labels of n = 3 items but got 2"),
        (lambda: Items(ids=["a", "b", "a", "c", "c"]), ValueError, "2 of them occur more than once: 'a', 'c'; drop"),
        (lambda: Items(ids=[["a"]]), TypeError, "hashable ids"),
        (lambda: Items(labels="cat"), TypeError, "labels a row but got a single string; give a list"),
        (lambda: Items(labels=np.zeros((3, 2))), ValueError, r"labels in one dimension but got shape \(3, 2\)"),
        (lambda: Items(texts=["a", 3]), TypeError, "strings but got int for item 1; convert them with str"),
        (lambda: Items(images=pixels() / 255), TypeError, r"uint8, 0 to 255, but got float64; .*\* 255\)\.round"),
        (lambda: Items(images=pixels().astype(int)), TypeError, "but got int64; convert"),
        (lambda: Items(images=pixels().transpose(0, 3, 1, 2)), ValueError, r"last: images\.transpose\(0, 2, 3, 1\)"),
        (lambda: Items(images=np.zeros((8, 8), np.uint8)), ValueError, r"but got \(8, 8\)"),
        (lambda: Items(images="cats.png"), TypeError, "a single one; give a list, or a SpriteSheet"),
        (lambda: Items(images=b"png"), TypeError, "a single one"),
        (lambda: Items(images=3), TypeError, "but got int"),
        (
            lambda: SpriteSheet(sheet(), size=0, columns=2),
            ValueError,
            "size to be a whole number, at least 1, but got 0",
        ),
        (lambda: Items(images=SpriteSheet(sheet(), 8, 3)).thumbnail(0), ValueError, "24 pixels wide .* but got 16"),
        (lambda: Items(images=SpriteSheet(sheet(), 8, 2)).check(5), ValueError, "n = 5 tiles but it has 4"),
        (lambda: Items(images=pixels()).thumbnail(3), IndexError, r"a row in 0\.\.2 but got 3"),
        (lambda: Items(images=pixels()).thumbnail(-1), IndexError, "but got -1"),
    ],
)
def test_what_cannot_be_is_refused_with_the_remedy(
    make: Callable[[], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make()


def test_one_missing_file_is_named(tmp_path: Path) -> None:
    files = [*paths(tmp_path), tmp_path / "gone.png"]
    with pytest.raises(ValueError, match=r"item 3 names '.*gone\.png', which is not there; check the paths"):
        Items(images=files)
    with pytest.raises(ValueError, match=r"not there and 1 more"):
        Items(images=[*files, "also-gone.png"])


@pytest.mark.parametrize("broken", [b"not a picture", b"", file(np.zeros((64, 64), np.uint8))[:60]])
def test_unreadable_picture_names_the_item(broken: bytes, tmp_path: Path) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(broken)
    items = Items(images=[*paths(tmp_path), path], texts=["red", "green", "blue", "zebra"])
    with pytest.raises(ValueError, match=r"picture in '.*broken\.png' for item 3 \('zebra'\).*repair it"):
        items.thumbnail(3)


def test_unreadable_pictures_are_found_before_any_work() -> None:
    squares: list[Any] = [file(square) for square in pixels()]
    with pytest.raises(ValueError, match="item 0"):
        Items(images=[b"not a picture", *squares[1:]]).check(3)
    with pytest.raises(ValueError, match="item 1"):
        Items(images=[squares[0], b"not a picture", b""]).check(3)
    with pytest.raises(ValueError, match=r"item 0 .*ZeroDivisionError"):
        Items(images=lambda i: 1 // i).check(3)
    with pytest.raises(ValueError, match=r"item 0 .*but got dict"):
        Items(images=[{}]).check(1)


def test_a_few_unreadable_pictures_are_told_and_stay_empty_tiles() -> None:
    squares: list[Any] = [file(square) for square in pixels()]
    with pytest.warns(InputWarning, match="one picture: expected a readable picture for item 1"):
        Items(images=[squares[0], b"not a picture", squares[2]]).check(3)
    with pytest.warns(InputWarning, match=r"item 2 .*expected images of type uint8"):
        Items(images=[*pixels(2), np.zeros((4, 4))]).check(3)
    with pytest.warns(InputWarning, match=r"2 of 5 pictures .*item 1"):
        Items(images=[squares[0], b"x", b"y", *squares[1:]]).check(5)


def test_floating_point_picture_is_refused_with_the_remedy() -> None:
    with pytest.raises(ValueError, match="floating-point pixels; convert them to uint8"):
        Items(images=[PIL.Image.new("F", (4, 4))]).thumbnail(0)


def test_files_are_closed(tmp_path: Path) -> None:
    items = Items(images=paths(tmp_path))
    items.check(3)
    items.thumbnail(0)
    with pytest.MonkeyPatch.context() as patch:
        opened: list[PIL.Image.Image] = []
        real = PIL.Image.open
        patch.setattr(PIL.Image, "open", lambda path: opened.append(real(path)) or opened[-1])
        items.thumbnail(1)
    assert [image.fp for image in opened] == [None]


def test_fields_cannot_be_changed() -> None:
    items = Items(labels=["a"])
    with pytest.raises(AttributeError):
        items.labels = None
    with pytest.raises(ValueError, match="read-only"):
        items.labels[0] = "b"


def test_texts_are_written_as_json_not_code() -> None:
    arrays = Items(texts=[HTML, "\ud800 lone surrogate"]).to_arrays()
    assert {array.dtype for array in arrays.values()} == {np.dtype("uint8")}
    assert json.loads(arrays["texts"].tobytes())[0] == HTML
    assert Items.from_arrays(arrays).texts == (HTML, "\ufffd lone surrogate")


def test_repr_is_one_stable_line() -> None:
    assert repr(Items()) == "Items(n=None)"
    assert repr(Items(["a", "b"], pixels(2), ["", ""], [1, 2])) == "Items(n=2, labels=2, images, texts, ids)"
    assert repr(SpriteSheet(sheet(), 8, 2)) == "SpriteSheet(size=8, columns=2)"
