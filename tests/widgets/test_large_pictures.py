"""Pictures larger than those of a list: tiles of a second size, and one picture as large as a page shows it."""

import io

import numpy as np
import pytest
from PIL import Image

import embwidget as ew
from embwidget.widgets import Scene


@pytest.fixture
def sent(scene, monkeypatch):
    """What the scene sends: pictures twice as wide as high, left half red, right half blue, of 1,200 pixels."""
    halves = np.zeros((600, 1200, 3), np.uint8)
    halves[:, :600, 0] = halves[:, 600:, 2] = 255
    monkeypatch.setattr(scene, "_items", ew.Items(images=[halves, None, *[halves[:2, :2]] * 148]))
    found = []
    monkeypatch.setattr(scene, "send", lambda content, buffers: found.append((content, buffers[0])))
    return found


def opened(file: bytes) -> Image.Image:
    return Image.open(io.BytesIO(file))


def test_large_tiles_are_made_where_they_are_asked_for(scene, sent):
    scene._handle_custom_msg({"type": "tiles", "rows": [0, 2], "size": 160}, [])
    ((content, file),) = sent
    assert (content["size"], content["rows"], scene.tiles["large"]) == (160, [0, 2], 160)
    with opened(file) as sheet:
        assert sheet.size == (320, 160)
        assert sheet.getpixel((4, 80))[0] > 250 and sheet.getpixel((155, 80))[2] > 250


@pytest.mark.parametrize("size", [0, 65, 4096, "64", True, None])
def test_tiles_have_two_sizes(scene, sent, size):
    scene._handle_custom_msg({"type": "tiles", "rows": [0], "size": size}, [])
    assert sent == [] and scene.error.endswith(f"but got {size!r}")


def test_one_picture_comes_as_it_is_but_no_larger_than_a_page_shows(scene, sent):
    for row in (0, 2, 1):
        scene._handle_custom_msg({"type": "picture", "row": row}, [])
    contents, files = zip(*sent, strict=True)
    assert contents[0] == {"type": "picture", "row": 0, "mime": "image/png"}
    with opened(files[0]) as large, opened(files[1]) as small, opened(files[2]) as none:
        assert (large.format, large.size, small.size) == ("PNG", (512, 256), (2, 2))
        assert large.getpixel((10, 100)) == (255, 0, 0, 255) and large.getpixel((500, 100)) == (0, 0, 255, 255)
        assert (none.size, none.getpixel((0, 0))[3]) == ((1, 1), 0)


@pytest.mark.parametrize(("row", "kind"), [(150, "ValueError"), (-1, "ValueError"), ("0", "TypeError")])
def test_a_picture_that_is_not_there_is_told(scene, sent, row, kind):
    scene._handle_custom_msg({"type": "picture", "row": row}, [])
    assert sent == [] and scene.error.startswith(kind)


def test_without_pictures_there_is_none_to_send(spectral):
    scene = Scene(n=3)
    scene._handle_custom_msg({"type": "picture", "row": 0}, [])
    assert scene.error == "ValueError: expected 1 to 64 rows of 0 pictures but got [0]"
    assert ew.Items(texts=["a"]).picture(0) is None
