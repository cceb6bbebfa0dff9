"""What a saved notebook shows of each view: a picture, a sentence and a table, renewed when the view is at rest."""

import base64
import io
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import IPython.display
import numpy as np
import PIL.Image
import pytest

import embwidget as ew
from embwidget.widgets import Explorer, MatrixScene, Scene
from embwidget.widgets.scenes.alignment_scene import AlignmentScene
from embwidget.widgets.scenes.audit_scene import AuditScene
from embwidget.widgets.scenes.comparing_scene import ComparingScene
from embwidget.widgets.scenes.fitting_scene import FittingScene
from embwidget.widgets.scenes.playground_scene import PlaygroundScene
from embwidget.widgets.still import kept
from embwidget.widgets.still.curve import Line, draw_curves
from embwidget.widgets.still.ink import LINE, WIDTH, ramp
from embwidget.widgets.still.maps import Points, draw_maps
from embwidget.widgets.still.matrix import draw_matrix
from embwidget.widgets.still.pictures import draw_view
from embwidget.widgets.still.written import LARGEST, STYLE, write_still
from embwidget.widgets.views import VIEWS

N = 60
X = np.random.default_rng(0).normal(size=(N, 6))
Y = X + np.random.default_rng(1).normal(size=X.shape)
BAD = "<img src=x onerror=alert(1)>"


def matrix_scene() -> MatrixScene:
    return MatrixScene.from_matrix(ew.compare_many({BAD: X, "b": Y, "c": X[:, :3]}, k=5, progress=False))


def layers_scene() -> MatrixScene:
    found = ew.compare_layers({BAD: X, "b": Y}, {"c": X[:, :3]}, measures=["cka"], names=(BAD, "B"), progress=False)
    return MatrixScene.from_layers(found)


def audit_scene() -> AuditScene:
    asked = {"queries": (X[:20], Y[:20]), "relevant": {i: [i] for i in range(20)}}
    return AuditScene.from_audit(ew.audit(X, Y, **asked, names=(BAD, "b"), bridges=[], k=5, progress=False))


def fitting_scene() -> FittingScene:
    scene = FittingScene.from_fitting(ew.ContraSim(max_steps=8).fit({BAD: X, "b": Y}, live=True))
    scene.wait(60)
    return scene


@pytest.fixture(scope="module")
def scenes(comparison: Any, spectral: Any, alignment: Any) -> dict[str, Callable[[], Any]]:
    return {
        "explorer": lambda: Scene.from_comparison(comparison),
        "k_sweep": lambda: Scene.from_comparison(comparison),
        "map_pair": lambda: Scene.from_comparison(comparison),
        "gallery": lambda: Scene.from_spectral(spectral),
        "similarity_matrix": matrix_scene,
        "similarity_matrix of layers": layers_scene,
        "alignment_view": lambda: AlignmentScene.from_alignment(alignment),
        "fit_view": fitting_scene,
        "audit_view": audit_scene,
        "playground": PlaygroundScene.opened,
    }


def opened(still: dict[str, str]) -> PIL.Image.Image:
    return PIL.Image.open(io.BytesIO(base64.b64decode(still["image/png"])))


@pytest.mark.parametrize("kind", [*VIEWS, "similarity_matrix of layers"])
def test_every_view_has_a_picture_a_sentence_and_a_table(scenes: dict[str, Callable[[], Any]], kind: str) -> None:
    scene = scenes[kind]()
    still = write_still(scene, kind.split()[0], "embw-saved-1")
    html = still["text/html"]
    picture = opened(still)
    assert picture.width == WIDTH and picture.height > 100
    alpha = np.asarray(picture.convert("RGBA"))[..., 3]
    assert (alpha == 0).mean() > 0.2 and (alpha == 255).sum() > 300
    assert len(still["image/png"]) < LARGEST
    assert html.startswith('<div class="embw-saved embw-saved-1"><style>') and still["image/png"] in html
    assert ("<table>" in html) == (kind not in ("fit_view", "playground"))
    assert still["text/plain"] and "Run the cell again for the live view." in html
    shown = re.sub(r"<style>.*?</style>", "", html)
    assert not re.search(r"<(script|b>|img src=x)", shown)


def test_the_caption_says_what_was_chosen(comparison: Any, scene: Scene) -> None:
    scene.k, scene.selected = 9, [1, 4, 7, 8]
    html = write_still(scene, "map_pair", "m")["text/html"]
    said = ", ".join(f"&lt;script&gt;item {i}&lt;/script&gt;" for i in (1, 4, 7))
    assert f"As it stood: k = 9; 4 selected ({said} and 1 more)." in html


def test_pictures_follow_the_scene(scene: Scene, spectral: Any) -> None:
    plain = Scene.from_comparison(ew.compare(X, Y, k=5, max_k=20, measures=["cka"], progress=False))
    for shown, kind, change in [
        (scene, "k_sweep", {"k": 15}),
        (scene, "map_pair", {"selected": [5]}),
        (plain, "map_pair", {"k": 15}),
        (Scene.from_spectral(spectral), "gallery", {"cluster": 1}),
    ]:
        before = np.asarray(draw_view(shown, kind))
        for name, value in change.items():
            setattr(shown, name, value)
        assert not np.array_equal(before, np.asarray(draw_view(shown, kind))), (kind, change)


def test_points_lie_where_they_are_and_up_is_up() -> None:
    places = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [np.nan, 0.0]])
    colours = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [9, 9, 9]], np.uint8)
    none = np.zeros(0, np.int64)
    points = Points(title="", places=places, colours=colours, selected=none)
    pixels = np.asarray(draw_maps([points, points])).astype(int)
    side = pixels.shape[0] - LINE - 2
    found = {}
    for name, colour in zip(("corner", "right", "up"), colours[:3].astype(int), strict=True):
        lines, columns = np.nonzero((abs(pixels[..., :3] - colour).max(2) < 9) & (pixels[..., 3] > 250))
        mine = columns < side
        assert mine.any() and (~mine).any()
        found[name] = lines[mine].mean() - LINE - 2, columns[mine].mean()
    assert found["corner"][0] > 0.9 * side and found["corner"][1] < 0.1 * side
    assert found["right"][0] > 0.9 * side and found["right"][1] > 0.9 * side
    assert found["up"][0] < 0.1 * side and found["up"][1] < 0.1 * side
    assert not (pixels[..., :3] == 9).all(2).any()


def test_a_curve_is_as_high_as_its_numbers_and_empty_where_they_are_withheld() -> None:
    k = np.arange(1, 101)
    y = np.where(k < 50, 0.5, np.nan)
    top = Line(title="", x=k, y=np.ones(100), colour=(0, 0, 255))
    pixels = np.asarray(draw_curves([top, Line(title="", x=k, y=y, colour=(255, 0, 0))], "k")).astype(int)[LINE + 2 :]
    one, half = (
        np.nonzero((abs(pixels[..., :3] - colour).max(2) < 30) & (pixels[..., 3] > 150))
        for colour in ([0, 0, 255], [255, 0, 0])
    )
    bottom = pixels.shape[0] - LINE - 8
    assert np.median(half[0]) == pytest.approx((np.median(one[0]) + bottom) / 2, abs=5)
    # ln 49 / ln 100 of the way.
    wide = one[1].max() - one[1].min()
    assert (half[1].max() - one[1].min()) / wide == pytest.approx(np.log(49) / np.log(100), abs=0.02)
    assert draw_curves([Line(title="", x=k, y=np.full(100, np.nan), colour=(0, 0, 0))], "k") is None


def test_cells_have_the_colour_of_their_number() -> None:
    values = np.array([[0.0, 1.0], [0.25, np.nan]])
    pixels = np.asarray(draw_matrix(values, (["a", "b"], ["c", "d"]), ~np.isfinite(values)))
    side, left = 40, 170
    expected = ramp(np.array([0.0, 1.0, 0.25]))
    for (row, column), colour in zip([(0, 0), (0, 1), (1, 0)], expected, strict=True):
        assert pixels[LINE + row * side + 5, left + column * side + 5, :3].tolist() == colour.tolist()
    assert pixels[LINE + side + 5, left + side + 5, 3] == 0


def test_work_under_way_is_named() -> None:
    scene = ComparingScene(status="fitting", names=[BAD, "Y"], progress={"what": "neighbours", "step": 1})
    still = write_still(scene, "explorer", "m")
    assert still["text/plain"] == f"{BAD} and Y: under way (neighbours)."
    assert set(still) == {"text/html", "text/plain"} and BAD not in still["text/html"]
    scene.failure = "ValueError: too few rows"
    assert "it failed. ValueError: too few rows" in write_still(scene, "explorer", "m")["text/plain"]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any], str | None]]:
    """What a notebook is given, in order: shown or renewed, the outputs, and the place that they are known by."""
    told: list[tuple[str, dict[str, Any], str | None]] = []

    def record(how: str) -> Callable[..., None]:
        return lambda data, *, display_id=None, **_: told.append((how, data, display_id))

    monkeypatch.setattr(IPython.display, "display", record("shown"))
    monkeypatch.setattr(IPython.display, "update_display", record("renewed"))
    monkeypatch.setattr(kept, "REST_SECONDS", 0.2)
    return told


def until(told: list[Any], count: int) -> None:
    end = time.monotonic() + 10
    while len(told) < count and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(0.3)
    assert len(told) == count


def test_a_still_comes_before_its_view_and_is_renewed_once_at_rest(scene: Scene, shown: list[Any]) -> None:
    view = Explorer(scene)
    view._ipython_display_()
    (_, still, place), (_, widget, _) = shown
    assert f'class="embw-saved {place}"' in still["text/html"] and view.saved == place
    assert "application/vnd.jupyter.widget-view+json" in widget
    for k in (6, 7, 8):
        view.k = k
    until(shown, 3)
    assert shown[-1][0::2] == ("renewed", place) and "k = 8" in shown[-1][1]["text/html"]
    view.k = 9
    view.close()
    view.scene.k = 10
    until(shown, 3)
    view._ipython_display_()
    assert shown[-1][1] == {"text/plain": repr(view)}


def test_what_cannot_be_drawn_keeps_no_view_from_coming(
    scene: Scene, shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    view = Explorer(scene)
    view._ipython_display_()

    def fail(*_: Any) -> None:
        raise RuntimeError("no ink")

    monkeypatch.setattr(kept, "write_still", fail)
    view.k = 11
    until(shown, 2)
    other = Explorer(scene)
    other._ipython_display_()
    assert [*shown[2][1]] == ["text/plain", "application/vnd.jupyter.widget-view+json"] and len(shown) == 3


def test_the_plugin_has_the_same_style() -> None:
    own = (Path(__file__).parents[2] / "js" / "lab" / "still.css").read_text()

    def bare(css: str) -> str:
        return re.sub(r"\s+", "", css).replace(";}", "}")

    assert bare(own) == bare(STYLE)
