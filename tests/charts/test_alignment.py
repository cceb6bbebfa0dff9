import io
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import PIL.Image
import pytest
from shown_chart import shown_svg

import embwidget as ew
from embwidget.charts import OfflinePanels, alignment
from embwidget.charts.palette import ONLY_X, ONLY_Y

NAMES = ("<i>deaf</i>", "hearing")


def spaces() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """X hardly hears one column, on which a quarter of the items are apart from the others."""
    rng = np.random.default_rng(0)
    Y = rng.normal(size=(240, 8))
    group = np.arange(240) % 4 == 0
    Y[:, 7] = 6 * group + 0.3 * rng.normal(size=240)
    return Y * [*[1] * 7, 0.1], Y, group


@pytest.fixture(scope="module")
def found() -> ew.Alignment:
    X, Y, group = spaces()
    items = ew.Items(labels=np.where(group, "<b>loud</b>", "quiet"))
    return ew.align(X, Y, items=items, names=NAMES, steps=30, k=5, max_k=50, progress=False)


@pytest.fixture(autouse=True)
def default_renderer() -> Iterator[None]:
    yield
    alt.renderers.enable("default")


def rows_with(chart: OfflinePanels, *columns: str) -> list[list[dict[str, Any]]]:
    """Data of the chart that have all these columns."""
    return [rows for rows in chart.to_dict()["datasets"].values() if rows and set(columns) <= set(rows[0])]


def titles(chart: Any) -> list[str]:
    """Titles of all panels, with what stands below them."""
    found = []
    if isinstance(chart, dict):
        if isinstance(chart.get("title"), dict) and "text" in chart["title"]:
            found.append(chart["title"]["text"] + " | " + str(chart["title"].get("subtitle", "")))
        chart = [chart.get(name, []) for name in ("hconcat", "vconcat")]
    return found + [title for part in chart if part for title in titles(part)] if isinstance(chart, list) else found


def texts(chart: OfflinePanels) -> list[str]:
    """All that is written in the picture."""
    tree = ElementTree.parse(io.StringIO(shown_svg(chart._repr_mimebundle_())))
    return [element.text or "" for element in tree.iter("{http://www.w3.org/2000/svg}text")]


def test_spectrum_has_both_sides_by_rank(found: ew.Alignment) -> None:
    (rows,) = rows_with(alignment(found), "rank", "side")
    for side, sign in (("X", 1), ("Y", -1)):
        for name, one in (("before", found.before), ("after", found.after)):
            values = one.spectral.eigenvalues
            expected = sorted((v for v in values if v * sign > 0), key=abs, reverse=True)[:8]
            assert [row[name] for row in rows if row["side"] == side and name in row] == expected
    for name, one in (("unrelated before", found.before), ("unrelated after", found.after)):
        drawn = {row[name] for row in rows if name in row}
        assert drawn and drawn <= set(one.spectral.unrelated.tolist())


def test_curves_before_and_after_beside_chance(found: ew.Alignment) -> None:
    (lines,) = rows_with(alignment(found), "line", "k")
    for name, one in (("before", found.before), ("after", found.after)):
        np.testing.assert_array_equal([row["value"] for row in lines if row["line"] == name], one.curve.curve)
    (band,) = rows_with(alignment(found), "low", "high")
    np.testing.assert_allclose([row["value"] for row in band], found.before.curve.null_mean)
    assert all(row["low"] < row["value"] < row["high"] for row in band)


def test_groups_go_from_before_to_after_and_those_that_appeared_are_marked(found: ew.Alignment) -> None:
    (rows,) = rows_with(alignment(found), "group", "members")
    missed = rows[0]
    assert (missed["group"], missed["colour"]) == ("0 · <b>loud</b>", "Y")
    assert missed["before"] == found.clusters[0].before < missed["after"] < 0
    turned = replace(found, clusters=(*found.clusters, replace(found.clusters[0], index=len(found.clusters))))
    turned = replace(turned, clusters=tuple(replace(c, appeared=c.index > 0) for c in turned.clusters))
    (rows,) = rows_with(alignment(turned), "group", "members")
    assert [row["found"] for row in rows] == ["before"] + ["after"] * (len(rows) - 1)
    assert rows[1]["group"].endswith("(appeared)")
    assert any("diamond: found only after" in title for title in titles(alignment(turned).to_dict()))


def test_of_many_groups_the_leading_are_drawn_and_all_kinds_of_them(found: ew.Alignment) -> None:
    many = tuple(replace(found.clusters[0], index=i, appeared=i >= 20) for i in range(30))
    (rows,) = rows_with(alignment(replace(found, clusters=many)), "group", "members")
    assert len(rows) == 14
    assert [row["found"] for row in rows] == ["before"] * 7 + ["after"] * 7


def test_directions_of_the_axes_keep_their_spaces_and_both_sides(found: ew.Alignment) -> None:
    long = [f"google/{name}-{'v' * 60}" for name in ("deaf", "hearing")]
    for names, told in ((NAMES, ("<i>deaf</i>", "hearing")), (long, ("google/deaf-v…", "google/hearin…"))):
        written = texts(alignment(replace(found, names=tuple(names))))
        assert written.count(f"← {told[1]}\xa0\xa0\xa0λ\xa0\xa0\xa0{told[0]} →") == 2


def test_a_group_without_a_name_is_called_by_its_number(found: ew.Alignment) -> None:
    bare = replace(found, clusters=(replace(found.clusters[0], name=None, enrichment=()),))
    (rows,) = rows_with(alignment(bare), "group", "members")
    assert rows[0]["group"] == "0 · group 0"


def test_colours_of_groups_in_the_maps_are_no_colours_of_sides(found: ew.Alignment) -> None:
    panels = alignment(found).to_dict()["hconcat"]
    sides = {colour for layer in panels[1]["vconcat"][0]["layer"][2:] for colour in _range(layer, "stroke")}
    groups = {colour for one in panels[2]["vconcat"] for layer in one["layer"] for colour in _range(layer, "color")}
    assert {ONLY_X, ONLY_Y} < sides and groups and not sides & groups


def _range(layer: dict[str, Any], channel: str) -> list[str]:
    return layer["encoding"][channel]["scale"]["range"]


def test_groups_that_do_not_hold_are_grey_and_said_to_be(found: ew.Alignment) -> None:
    weak = replace(found, clusters=(replace(found.clusters[0], survives=False),))
    (rows,) = rows_with(alignment(weak), "group", "members")
    assert rows[0]["colour"] == "none"
    assert any("not found again" in title for title in titles(alignment(weak).to_dict()))


def test_layouts_show_the_same_held_out_items_in_one_frame(found: ew.Alignment) -> None:
    chart = alignment(found).to_dict()
    maps = chart["hconcat"][2]["vconcat"]
    assert [one["title"]["text"] for one in maps] == [f"{NAMES[0]} before", f"{NAMES[0]} after", NAMES[1]]
    frames = {str([layer["encoding"][axis]["scale"]["domain"] for axis in "xy"]) for m in maps for layer in m["layer"]}
    assert len(frames) == 1
    held = set(found.rows.tolist())
    for one, layout in zip(maps, found.layouts, strict=True):
        points = [row for layer in one["layer"] for row in chart["datasets"][layer["data"]["name"]]]
        where = {tuple(np.round(at, 5)): i for i, at in enumerate(layout.tolist())}
        drawn = [where[tuple(np.round([row["x"], row["y"]], 5))] for row in points]
        assert set(drawn) <= held and len(drawn) > 0.9 * len(held)
        members = {row for c in found.clusters for row in c.indices.tolist()}
        for row, item in zip(points, drawn, strict=True):
            assert row["group"] == "others" or item in members


def test_course_of_the_fit_with_the_step_kept(found: ew.Alignment) -> None:
    (rows,) = rows_with(alignment(found), "step", "rows")
    assert [row["value"] for row in rows if row["rows"] == "validation"] == found.history.validation.tolist()
    assert [row["step"] for row in rows if row["rows"] == "steps"] == found.history.step.tolist()
    assert any(f"kept: step {found.history.best_step}" in title for title in titles(alignment(found).to_dict()))


def test_a_closed_form_has_no_course() -> None:
    X, Y, _ = spaces()
    chart = alignment(ew.align(X, Y, method="procrustes", k=5, max_k=50, progress=False))
    assert not rows_with(chart, "step", "rows")
    assert "svg" in shown_svg(chart._repr_mimebundle_())


def test_identical_spaces_have_no_groups() -> None:
    X, _, _ = spaces()
    same = ew.align(X, X, k=5, max_k=50, progress=False)
    assert not same.clusters
    chart = alignment(same)
    assert not rows_with(chart, "group", "members")
    assert "svg" in shown_svg(chart._repr_mimebundle_())


def test_drawn_alike_after_loading(found: ew.Alignment, tmp_path: Path) -> None:
    found.save(tmp_path / "a.npz")
    assert alignment(ew.Alignment.load(tmp_path / "a.npz")).to_dict() == alignment(found).to_dict()


def test_names_take_the_place_of_terms(found: ew.Alignment) -> None:
    (rows,) = rows_with(alignment(found, names=["the loud ones"]), "group", "members")
    assert rows[0]["group"] == "0 · the loud ones"


@pytest.mark.parametrize("names", [["x"] * 99, "loud"])
def test_names_that_do_not_fit_are_refused(found: ew.Alignment, names: Any) -> None:
    with pytest.raises(ValueError, match=r"a list of at most \d+ names, one for each of result\.clusters, but got"):
        alignment(found, names=names)


def test_what_is_no_alignment_is_refused() -> None:
    with pytest.raises(TypeError, match=r"expected the result of embwidget\.align but got dict"):
        alignment({})


def test_saves_svg_and_png_on_white_and_shows_itself_with_no_network(found: ew.Alignment, tmp_path: Path) -> None:
    chart = alignment(found)
    bundle = chart._repr_mimebundle_()
    tree = ElementTree.parse(io.StringIO(shown_svg(bundle)))
    assert not [name for element in tree.iter() for name in element.attrib if "href" in name]
    written = " ".join(element.text or "" for element in tree.iter("{http://www.w3.org/2000/svg}text"))
    for text in ("<i>deaf</i> aligned to hearing", "0 · <b>loud</b>", "Spectrum", "Neighbourhoods", "before", "after"):
        assert text in written  # names are text, not tags
    assert bundle["text/plain"] == "OfflinePanels(panels=3)"
    chart.save(tmp_path / "chart.png", ppi=72)
    with PIL.Image.open(tmp_path / "chart.png") as picture:
        flat = picture.convert("RGB")
        assert flat.width > 700
        assert flat.getpixel((0, 0)) == flat.getpixel((flat.width - 1, flat.height - 1)) == (255, 255, 255)
