"""Strips of pictures: which lie where, what can be seen on white and on dark, and what a notebook is given."""

import base64
import io
from typing import Any

import numpy as np
import PIL.Image
import pytest

import embwidget as ew
from embwidget.items import Items, Strip
from embwidget.items.strip import GAP, MOST

LINE = (150, 150, 150, 255)
SIZE = 16
STEP = SIZE + GAP


def numbered(n: int = 6) -> Items:
    """Squares of one colour: 40 times their row of red."""
    images = np.zeros((n, 8, 8, 3), np.uint8)
    images[..., 0] = 40 * np.arange(n)[:, None, None]
    images[..., 1] = 100
    return Items(images=images, texts=[f"<b>{i}</b>" for i in range(n)])


def reds(strip: Strip, columns: int) -> list[int]:
    """What lies in the middle of each tile, line by line; -1 where nothing does."""
    across = range(SIZE // 2, strip.image.width, STEP)
    seen = [strip.image.getpixel((x, y)) for y in range(SIZE // 2, strip.image.height, STEP) for x in across]
    assert len(across) == columns
    return [round(red / 40) if alpha else -1 for red, _, _, alpha in seen]


@pytest.mark.parametrize(
    ("columns", "width", "expected"), [(None, 5, [4, 0, 2, 2, 5]), (2, 2, [4, 0, 2, 2, 5, -1]), (9, 5, [4, 0, 2, 2, 5])]
)
def test_pictures_lie_in_the_order_of_their_rows(columns: Any, width: int, expected: list[int]) -> None:
    strip = numbered().pictures([4, 0, 2, 2, 5], size=SIZE, columns=columns)
    assert reds(strip, width) == expected
    assert strip.image.size == (width * STEP - GAP, -(-5 // width) * STEP - GAP)
    assert (strip.rows, strip.names[0]) == ((4, 0, 2, 2, 5), "<b>4</b>")


def test_a_strip_is_no_wider_than_a_notebook() -> None:
    items = Items(images=lambda i: PIL.Image.new("L", (4, 4), 90))
    strip = items.pictures(range(100))
    assert strip.image.width <= 900 and strip.image.height > 64


def test_masks_and_other_integers_are_rows() -> None:
    items = numbered()
    mask = np.arange(6) % 2 == 1
    for rows in (
        mask,
        np.flatnonzero(mask).astype(np.uint16),
        (1, 3, 5),
        range(1, 6, 2),
    ):
        assert items.pictures(rows, size=SIZE).rows == (1, 3, 5)
    assert items.pictures(np.int64(2)).rows == (2,)


def on(strip: Strip, colour: str) -> np.ndarray:
    page = PIL.Image.new("RGBA", strip.image.size, colour)
    page.alpha_composite(strip.image)
    return np.asarray(page)


def solid(value: int, shape: tuple[int, int] = (8, 8)) -> np.ndarray:
    return np.full((*shape, 3), value, np.uint8)


@pytest.mark.parametrize("value", [255, 245, 0, 10])
def test_what_would_melt_into_a_page_has_a_line_around_it(value: int) -> None:
    strip = Items(images=[solid(value)]).pictures([0], size=SIZE)
    for page in ("white", "#111111"):
        seen = on(strip, page)
        assert {tuple(one) for one in (seen[0, 3], seen[-1, 9], seen[5, 0], seen[7, -1])} == {LINE}
        assert abs(int(seen[8, 8, 0]) - value) < 2


def test_other_pictures_have_none_and_keep_their_shape() -> None:
    strip = Items(images=[solid(120), solid(255, (4, 8))]).pictures([0, 1], size=SIZE)
    assert strip.image.getpixel((0, 0)) == (120, 120, 120, 255)
    # The line is around the picture, which is wide, and clear above and below it.
    assert strip.image.getpixel((STEP + 5, 0))[3] == 0 and strip.image.getpixel((STEP + 5, 4)) == LINE


def test_what_is_cut_out_lies_on_white() -> None:
    shape = np.zeros((16, 16, 4), np.uint8)
    shape[4:12, 4:12] = (0, 0, 0, 255)
    seen = on(Items(images=[shape]).pictures([0], size=SIZE), "black")
    assert seen[8, 8, 0] < 30 and seen[2, 2, 0] == 255 and tuple(seen[0, 5]) == LINE


def test_missing_and_broken_pictures_are_empty_tiles() -> None:
    items = Items(images=[solid(120), None, b"not a picture", solid(120)], texts=["a", "b", "c", "d"])
    strip = items.pictures(range(4), size=SIZE)
    middles = [strip.image.getpixel((i * STEP + 8, 8))[3] for i in range(4)]
    assert middles == [255, 0, 0, 255]
    assert [strip.image.getpixel((i * STEP, 8)) for i in (1, 2)] == [LINE, LINE]
    assert strip.names == ("a", "b", "c", "d")


def test_captions_are_written_beneath_and_within_their_columns() -> None:
    items = Items(images=[solid(120)] * 3, texts=["a name that is far too long for its picture " * 3, "", "ж 漢 😀"])
    plain, told = (items.pictures(range(3), size=64, captions=on) for on in (False, True))
    assert told.image.height > plain.image.height and told.image.width == plain.image.width
    beneath = np.asarray(told.image)[64:, :, 3]
    assert beneath[:, :64].any() and not beneath[:, 64 : 64 + GAP].any()
    np.testing.assert_array_equal(np.asarray(told.image)[:64], np.asarray(plain.image))


def test_a_notebook_is_given_a_picture_and_words() -> None:
    strip = numbered().pictures([1, 2], size=SIZE)
    data, about = strip._repr_mimebundle_()
    assert set(data) == {"image/png", "text/plain"}
    file = base64.b64decode(data["image/png"])
    assert file == strip._repr_png_()
    with PIL.Image.open(io.BytesIO(file)) as image:
        assert (image.format, image.size) == ("PNG", strip.image.size)
    assert data["text/plain"] == repr(strip) == "Strip(2 pictures: <b>1</b>, <b>2</b>)"
    assert about["image/png"] == {"width": 36, "height": 16, "alt": "<b>1</b>, <b>2</b>"}
    assert repr(Items(images=lambda i: None).pictures(range(20))).endswith("item 11 and 8 more)")


def test_a_shell_shows_it_as_a_notebook_does() -> None:
    from IPython.core.formatters import DisplayFormatter

    data, about = DisplayFormatter().format(numbered().pictures([0]))
    assert set(data) == {"image/png", "text/plain"} and about["image/png"]["alt"] == "<b>0</b>"


BAD: dict[str, tuple[Any, dict[str, Any], type[Exception], str]] = {
    "no rows": ([], {}, ValueError, "select some first"),
    "an empty mask": (np.zeros(6, bool), {}, ValueError, "select some first"),
    "a short mask": (np.ones(5, bool), {}, ValueError, "mask over n = 6 rows but got 5"),
    "numbers": ([0.5], {}, ValueError, "row numbers"),
    "text": ("abc", {}, ValueError, "row numbers"),
    "pairs": ([[0, 1]], {}, ValueError, "2 axes"),
    "a row too many": ([0, 6], {}, IndexError, r"a row in 0\.\.5 but got 6"),
    "a negative row": ([-1], {}, IndexError, "got -1"),
    "too many": (np.zeros(MOST + 1, int), {}, ValueError, r"at most 2,000 rows but got 2,001; show some"),
    "no size": ([0], {"size": 0}, ValueError, "size"),
    "no columns": ([0], {"columns": 0}, ValueError, "columns"),
    "captions": ([0], {"captions": "yes"}, ValueError, "captions to be True or False"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_shown_is_told(name: str) -> None:
    rows, how, kind, said = BAD[name]
    with pytest.raises(kind, match=said):
        numbered().pictures(rows, **how)


def test_results_and_their_clusters_show_pictures() -> None:
    random = np.random.default_rng(0)
    X, Y = random.normal(size=(2, 60, 6))
    X[:15, 0] += 6
    items = Items(images=np.full((60, 4, 4), 90, np.uint8), texts=[f"item {i}" for i in range(60)])
    compared = ew.compare(X, Y, items=items, measures=["nngs"], progress=False)
    found = ew.spec(X, Y, items=items, splits=0, permutations=0, progress=False)
    assert compared.pictures([3, 1], captions=True).names == found.pictures([3, 1]).names == ("item 3", "item 1")
    cluster = found.clusters[0]
    assert cluster.pictures().rows == tuple(cluster.indices.tolist())
    assert cluster.pictures(2, size=8, columns=1).image.size == (8, 2 * 8 + GAP)
    bare = ew.spec(X, Y, splits=0, permutations=0, progress=False)
    for show in (lambda: bare.pictures([0]), lambda: bare.clusters[0].pictures()):
        with pytest.raises(ValueError, match=r"these have none; give items=embwidget\.Items\(images"):
            show()
