"""One file of every result and view: whole, without a network, and nothing in it that is not data."""

import base64
import gzip
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from every_result import RESULTS, items, made, rows
from PIL import Image

import embwidget as ew
from embwidget.widgets.sent import pictures
from embwidget.widgets.wire.binary import WireError


def unpacked(page: str) -> tuple[dict[str, Any], bytes]:
    """The header and the bytes behind it, by the format's definition."""
    found = re.search(r'<script type="text/plain" id="embwidget-packed">([^<]*)</script>', page)
    assert found is not None
    whole = gzip.decompress(base64.b64decode(found[1]))
    length = int.from_bytes(whole[:4], "little")
    return json.loads(whole[4 : 4 + length]), whole[4 + length :]


def array(scene: dict[str, Any], name: str, data: bytes) -> np.ndarray:
    start, length = scene["arrays"][name]
    told = scene["state"][name]
    return np.frombuffer(data[start : start + length], told["dtype"]).reshape(told["shape"])


@pytest.mark.parametrize("name", RESULTS)
def test_every_result_becomes_a_page_that_loads_nothing(name: str) -> None:
    page = ew.to_html(made(name))
    assert page.startswith("<!doctype html>") and page.endswith("</html>\n")
    outside = page[: page.index('<script type="text/plain"')]
    assert "default-src 'none'" in outside
    assert not re.search(r"""(src|href)=|@import|url\(|https?:""", outside)
    assert f"{type(made(name)).__name__} as a table" in outside
    assert page.count("</script") == 2


def test_a_file_is_the_same_each_time_and_appears_whole(tmp_path: Path) -> None:
    path = ew.to_html(made("Comparison"), tmp_path / "a.html", title="<i>old</i> & new")
    assert path == tmp_path / "a.html"
    assert path.read_text(encoding="utf-8") == ew.to_html(made("Comparison"), title="<i>old</i> & new")
    assert "<h1>&lt;i&gt;old&lt;/i&gt; &amp; new</h1>" in path.read_text(encoding="utf-8")
    with pytest.raises(OSError, match="none"):
        ew.to_html(made("Comparison"), tmp_path / "none" / "a.html")
    assert [*tmp_path.iterdir()] == [path]


def test_it_holds_the_numbers_of_the_result_and_its_pictures() -> None:
    result = made("Comparison")
    header, data = unpacked(ew.to_html(result))
    (scene,) = header["scenes"]
    assert scene["state"]["sentence"] == result.sentence
    assert np.array_equal(array(scene, "counts", data), result.counts)
    assert np.array_equal(array(scene, "map_x", data), result.maps[0].astype("<f4"))
    small = [one for one in scene["sheets"] if one["size"] == 64]
    assert sorted(row for one in small for row in one["rows"]) == [*range(result.n)]
    first = small[0]
    start, length = first["bytes"]
    sheet = Image.open(io.BytesIO(data[start : start + length])).convert("RGB")
    for at in (0, 17, 63):
        x, y = at % 16 * 64 + 32, at // 16 * 64 + 32
        assert abs(np.array(sheet.getpixel((x, y))) - first["rows"][at]).max() <= 3
    code = header["files"][scene["code"]]
    assert data[code[0] : sum(code)].decode() == str(ew.widgets.Scene._esm)


def test_a_view_is_as_it_stands_and_stays_open() -> None:
    view = ew.show(made("Comparison"), "map_pair")
    view.k, view.selected = 4, [3, 1]
    header, data = unpacked(ew.to_html(view))
    assert header["views"] == [{"scene": 0, "kind": "map_pair", "options": {}}]
    assert header["scenes"][0]["state"]["k"] == 4
    assert array(header["scenes"][0], "selected", data).tolist() == [3, 1]
    assert view.comm is not None and view.scene.comm is not None


def test_views_that_are_linked_are_linked_in_the_file() -> None:
    result, other = made("Comparison"), ew.compare(*rows(), items=items(), k=5, progress=False)
    first = ew.show(result)
    second, third = ew.show(other, "map_pair", first.scene), ew.show(result, "k_sweep", first.scene)
    header, _ = unpacked(ew.to_html([first, second, third]))
    assert [view["scene"] for view in header["views"]] == [0, 1, 0]
    assert [link["trait"] for link in header["links"]] == ["k", "selected", "hovered"]
    assert all(link["scenes"] == [0, 1] for link in header["links"])
    # The same pictures are in it once.
    places = [[one["bytes"] for one in scene["sheets"] if one["size"] == 64] for scene in header["scenes"]]
    assert places[0] == places[1] != []


def test_a_pair_that_is_open_in_a_matrix_is_open_in_the_file() -> None:
    view = ew.show(made("ComparisonMatrix"))
    view.pair = (0, 1)
    header, _ = unpacked(ew.to_html(view))
    assert header["scenes"][0]["state"]["opened"] == "1"
    assert header["scenes"][1]["state"]["names"] == ["a", "b"]
    header, _ = unpacked(ew.to_html(made("ComparisonMatrix")))
    assert header["scenes"][0]["state"]["opened"] is None


def test_of_very_many_pictures_the_leading_ones_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_SMALL", 60)
    monkeypatch.setattr(pictures, "MOST_LARGE", 5)
    view = ew.show(made("SpectralComparison"))
    leading = pictures.leading_rows(view.scene)
    sheets = pictures.sheets_of(view.scene)
    small = [row for one in sheets if one.size == 64 for row in one.rows]
    assert len(small) == len(set(small)) == 60
    assert set(leading[:60]) <= set(small)
    assert leading[:3] == view.scene.member_rows[:3].tolist()
    assert [row for one in sheets if one.size == 160 for row in one.rows] == leading[:5]


def test_hostile_texts_stay_data() -> None:
    bad = "</script><script>alert(1)</script><!--"
    X, Y = rows()
    hostile = ew.Items(texts=[bad] * len(X), labels=[bad if i % 2 else "b" for i in range(len(X))])
    page = ew.to_html(ew.compare(X, Y, items=hostile, names=(bad, "\x00y"), k=5, progress=False), title=bad)
    assert "<script>alert" not in page and page.count("</script") == 2
    header, _ = unpacked(page)
    assert header["scenes"][0]["state"]["texts"][0] == bad


def test_what_is_no_result_is_refused() -> None:
    with pytest.raises(TypeError, match="a view of one, or a list of these but got int"):
        ew.to_html(3)
    with pytest.raises(ValueError, match="expected at least one result or view but got an empty list"):
        ew.to_html([])
    fitting = ew.align(*rows(), steps=50_000, k=5, live=True)
    try:
        view = ew.show(fitting)
        with pytest.raises(TypeError, match=r"expected a result but got a fit that is .*; give what its result\(\)"):
            ew.to_html(fitting)
        with pytest.raises(WireError, match="expected a result but got a fit that is fitting; wait for its end"):
            ew.to_html(view)
    finally:
        fitting.stop()
        fitting.result(60)


def test_a_view_asks_for_its_file_by_a_message() -> None:
    view = ew.show(made("Comparison"))
    sent: list[tuple[Any, Any]] = []
    view.scene.send = lambda content, buffers=None: sent.append((content, buffers))
    view.scene._answer(None, {"type": "page", "kind": "k_sweep", "options": {}}, [])
    ((content, (page,)),) = sent
    assert content == {"type": "page"}
    header, _ = unpacked(page.decode())
    assert header["views"] == [{"scene": 0, "kind": "k_sweep", "options": {}}]
    for hostile in ({"kind": "<b>", "options": {}}, {"kind": "k_sweep", "options": 3}, {}):
        view.scene._answer(None, {"type": "page", **hostile}, [])
        assert view.scene.error
    assert len(sent) == 1
