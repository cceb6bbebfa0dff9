import io
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import PIL.Image
import pyarrow as pa
import pytest
import torch

import embwidget as ew
from embwidget.items import Items, SpriteSheet

RED = np.broadcast_to(np.array([250, 10, 20], np.uint8), (8, 8, 3)).copy()
BROKEN = b"not a picture"


def file(picture: np.ndarray, format: str = "png") -> bytes:
    buffer = io.BytesIO()
    PIL.Image.fromarray(picture).save(buffer, format)
    return buffer.getvalue()


def seen(image: Any) -> np.ndarray:
    thumbnail = Items(images=[image]).thumbnail(0, size=16)
    assert thumbnail is not None
    return np.asarray(thumbnail)


@pytest.mark.parametrize("highest", [9, 255, 4095, 65535])
@pytest.mark.parametrize("format", ["png", "tiff"])
def test_grey_of_16_bits_is_scaled_by_its_own_range(highest: int, format: str) -> None:
    ramp = np.linspace(0, highest, 256).astype(np.uint16).reshape(16, 16)
    grey = seen(file(ramp, format))[..., 0]
    assert (grey.min(), grey.max()) == (0, 255)
    assert np.corrcoef(grey.ravel(), ramp.ravel())[0, 1] > 0.99


def test_depth_far_from_zero_and_below_it_is_seen() -> None:
    for low, high in ((5000, 5200), (-300, 300)):
        ramp = np.linspace(low, high, 256).astype(np.int32).reshape(16, 16)
        assert np.ptp(seen(PIL.Image.fromarray(ramp))[..., 0]) == 255


@pytest.mark.parametrize("shape", [(1, 5000), (5000, 1), (1, 1), (3, 70)])
def test_any_aspect_ratio_is_seen_and_saved(shape: tuple[int, int]) -> None:
    items = Items(images=[np.full(shape, 200, np.uint8)])
    back = Items.from_arrays(items.to_arrays())
    for one in (items, back):
        assert np.asarray(one.thumbnail(0, size=64))[..., 3].max() == 255


HOLDERS: dict[str, Callable[[str], Any]] = {
    "bytes": lambda path: file(RED),
    "bytearray": lambda path: bytearray(file(RED)),
    "memoryview": lambda path: memoryview(file(RED)),
    "BytesIO": lambda path: io.BytesIO(file(RED)),
    "read BytesIO": lambda path: [one := io.BytesIO(file(RED)), one.read()][0],
    "record of bytes": lambda path: {"bytes": file(RED), "path": "gone.png"},
    "record of a path": lambda path: {"bytes": None, "path": path},
    "path": lambda path: path,
    "array": lambda path: RED,
    "tensor": lambda path: torch.from_numpy(RED),
}


@pytest.mark.parametrize("kind", HOLDERS)
def test_a_picture_is_taken_from_whatever_holds_it(kind: str, tmp_path: Any) -> None:
    path = tmp_path / "red.png"
    path.write_bytes(file(RED))
    images = [HOLDERS[kind](str(path))] * 2
    items = Items(images=images)
    items.check(len(images))
    for one in (items, Items.from_arrays(items.to_arrays()), Items(images=lambda i: images[i])):
        assert one.thumbnail(0, size=8).getpixel((4, 4))[0] > 240


def test_a_column_of_records_of_arrow_is_taken() -> None:
    items = Items(images=pa.array([{"bytes": file(RED), "path": None}, None]))
    assert (items.n, items.thumbnail(0).getpixel((32, 32))[0], items.thumbnail(1)) == (2, 250, None)


@pytest.mark.parametrize("nothing", [None, float("nan"), {"bytes": None, "path": None}])
def test_none_is_no_picture_and_stays_so(nothing: Any) -> None:
    items = Items(images=[RED, nothing])
    items.check(2)
    for one in (items, Items.from_arrays(items.to_arrays()), items.take([0, 1])):
        assert (one.n, one.thumbnail(1)) == (2, None)
        assert one.thumbnail(0) is not None
    assert Items(images=lambda i: None, texts=["a"]).thumbnail(0) is None


def test_a_broken_picture_is_named_and_does_not_stop_saving() -> None:
    items = Items(images=[RED, BROKEN, None], texts=["red", "zebra", "none"])
    back = Items.from_arrays(items.to_arrays())
    back.check(3)
    for one in (items, back, Items.from_arrays(back.to_arrays()), back.take([0, 1])):
        assert one.thumbnail(0) is not None
        with pytest.raises(ValueError, match=r"item 1 \('zebra'\).*cannot identify image"):
            one.thumbnail(1)


def test_none_in_place_of_a_broken_picture_is_taken() -> None:
    images = [BROKEN, RED]
    with pytest.raises(ValueError, match=r"item 0 .*give None in its place"):
        Items(images=images).check(2)
    images[0] = None
    Items(images=images).check(2)


def test_a_long_text_does_not_hide_why_a_picture_is_broken() -> None:
    with pytest.raises(ValueError, match="cannot identify image") as refused:
        Items(images=[BROKEN], texts=["x" * 100_000]).check(1)
    assert len(str(refused.value)) < 300


def test_a_picture_that_breaks_after_the_work_does_not_stop_saving_the_result(tmp_path: Any) -> None:
    def image(i: int) -> np.ndarray:
        if i == 7:
            raise RuntimeError("disk is gone")
        return RED

    x, y = np.random.default_rng(0).normal(size=(2, 20, 4))
    result = ew.compare(x, y, k=3, items=Items(images=image, ids=range(20)), progress=False)
    result.save(tmp_path / "result.npz")
    back = ew.Comparison.load(tmp_path / "result.npz").items
    assert back.thumbnail(6) is not None
    with pytest.raises(ValueError, match=r"item 7 .*RuntimeError: disk is gone"):
        back.thumbnail(7)


def test_a_broken_sheet_is_named_before_the_work() -> None:
    with pytest.raises(ValueError, match="readable sheet of tiles but got UnidentifiedImageError"):
        Items(images=SpriteSheet(BROKEN, 8, 2)).check(3)


GOOD = np.random.default_rng(0).integers(0, 256, size=(3, 8, 8, 3))
REFUSED: dict[str, Any] = {
    "0 to 1": GOOD / 255,
    "float 0 to 255": GOOD.astype(np.float32),
    "float16": (GOOD / 255).astype(np.float16),
    "float of any range": GOOD * 10.0 - 300,
    "float with NaN": np.where(GOOD > 250, np.nan, GOOD / 255),
    "float with infinity": np.where(GOOD > 250, np.inf, GOOD - 9.0),
    "bool": GOOD > 100,
    "int64": GOOD,
    "uint16": (GOOD * 257).astype(np.uint16),
    "12 bits": (GOOD * 16).astype(np.uint16),
    "int32 below zero": (GOOD - 100).astype(np.int32),
    "complex": GOOD / 255 + 0j,
    "all zero": np.zeros((3, 8, 8)),
    "channels first": GOOD.astype(np.uint8).transpose(0, 3, 1, 2),
    "float, channels first": GOOD.transpose(0, 3, 1, 2) / 255,
    "tensor": torch.from_numpy(GOOD.transpose(0, 3, 1, 2) / 255),
    "bfloat16 tensor": torch.from_numpy(GOOD / 255).to(torch.bfloat16),
    "bool tensor": torch.from_numpy(GOOD > 100),
    "tensor, channels first": torch.from_numpy(GOOD.astype(np.uint8)).permute(0, 3, 1, 2),
    "one picture": GOOD[0, :, :, 0].astype(np.uint8),
}


def remedy(refused: pytest.ExceptionInfo[Exception]) -> str:
    return re.split(r"convert: |channels last: |a single one is |0 to 255: ", str(refused.value))[-1].split("; ")[0]


@pytest.mark.parametrize("kind", REFUSED)
def test_the_remedy_for_refused_arrays_works(kind: str) -> None:
    images = REFUSED[kind]
    with pytest.raises((TypeError, ValueError)) as refused:
        Items(images=images)
    found = eval(remedy(refused), {"images": images, "np": np})
    assert found.dtype == np.uint8
    assert np.asarray(Items(images=found).thumbnail(0))[..., 3].max() == 255
    if kind not in ("all zero", "one picture"):
        assert np.ptp(found) > 150


@pytest.mark.parametrize("kind", [kind for kind in REFUSED if kind != "one picture"])
def test_the_remedy_for_one_refused_array_works(kind: str) -> None:
    image = REFUSED[kind][0]
    with pytest.raises(ValueError, match="item 0") as refused:
        Items(images=[image]).check(1)
    found = eval(remedy(refused), {"image": image, "np": np})
    Items(images=[found]).check(1)


def test_the_remedy_for_floating_point_pictures_works() -> None:
    picture = PIL.Image.fromarray(np.linspace(-2, 5, 64, dtype=np.float32).reshape(8, 8))
    items = Items(images=[picture])
    for look in (lambda: items.check(1), lambda: items.thumbnail(0)):
        with pytest.raises(ValueError, match="floating-point pixels") as refused:
            look()
    found = eval(remedy(refused), {"picture": picture, "np": np})
    assert np.ptp(seen(found)[..., 0]) == 255


@pytest.mark.parametrize("images", [np.zeros((1, 0, 4), np.uint8), [np.zeros((3, 0), np.uint8)]])
def test_a_picture_without_pixels_is_named_before_the_work(images: Any) -> None:
    with pytest.raises(ValueError, match=r"item 0 .*expected pixels but got"):
        Items(images=images).check(1)


@pytest.mark.parametrize("single", [bytearray(b"x"), io.BytesIO(b"x"), {"bytes": b"x", "path": None}])
def test_a_single_picture_is_refused(single: Any) -> None:
    with pytest.raises(TypeError, match="a single one; give a list"):
        Items(images=single)


def test_a_mapping_of_pictures_is_refused_with_the_remedy() -> None:
    images = {0: RED, 1: RED}
    with pytest.raises(TypeError, match=r"give list\(images\.values\(\)\)"):
        Items(images=images)
    assert Items(images=list(images.values())).n == 2


def test_a_sheet_is_decoded_once_for_all_parts_of_its_items(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []
    whole = PIL.Image.open
    monkeypatch.setattr(PIL.Image, "open", lambda *given: (opened.append(given), whole(*given))[1])
    items = Items(images=SpriteSheet(file(np.arange(8 * 16 * 3, dtype=np.uint8).reshape(8, 16, 3)), 8, 2))
    items.check(2)
    part = items.take([1])
    assert part.take([0]).thumbnail(0, size=8).tobytes() == items.thumbnail(1, size=8).tobytes()
    assert part.thumbnail(0, size=8).tobytes() != items.thumbnail(0, size=8).tobytes()
    assert len(opened) == 1
