"""The playground as Python sees it: its postures, its meters, what the page may send, and one page of it."""

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import playground_numbers
import pytest
from ipywidgets.widgets.widget import _remove_buffers

import embwidget as ew
from embwidget.widgets.scenes.playground_scene import PlaygroundScene
from embwidget.widgets.state.postures import CENTRES, EACH, NAMES, POSTURES, N, arranged
from embwidget.widgets.wire.binary import WireError, encode

STATE = Path(__file__).parents[2] / "js" / "src" / "state" / "playground.ts"
TOLD: list[dict[str, Any]] = json.loads(playground_numbers.FILE.read_text(encoding="utf-8"))


@pytest.fixture
def p() -> ew.widgets.Playground:
    return ew.playground()


@pytest.mark.parametrize("name", [one["name"] for one in TOLD])
def test_the_numbers_that_the_page_is_held_to_are_those_of_the_measures(name: str) -> None:
    told = next(one for one in TOLD if one["name"] == name)
    x, y = playground_numbers.cases()[name]
    np.testing.assert_array_equal(x, told["x"])
    # Of the turn sine and cosine are the machine's.
    np.testing.assert_allclose(y, told["y"], atol=1e-12)
    found = playground_numbers.numbers(x, y)
    # At the rim of a spectrum that has two ends of one size, either leads.
    np.testing.assert_allclose(abs(found.pop("spec")), abs(told["spec"]), atol=1e-9)
    for key, value in found.items():
        np.testing.assert_allclose(value, told[key], atol=1e-9, err_msg=key)


def test_they_are_those_of_plain_definitions_too() -> None:
    """Neighbour sets as sets, CKA by its U-statistic, SPEC by a library's eigenvalues."""
    for one in (TOLD[1], TOLD[4], TOLD[8]):
        x, y = np.array(one["x"]), np.array(one["y"])
        lists = [np.argsort(np.where(np.eye(N, dtype=bool), np.inf, distances(side)), 1) for side in (x, y)]
        for k in (1, 10, 19, 58):
            sets = [[{*row[:k].tolist()} for row in side] for side in lists]
            jaccard = [len(a & b) / len(a | b) for a, b in zip(*sets, strict=True)]
            assert np.mean(jaccard) == pytest.approx(one["nngs"][k - 1], abs=1e-12)
        a, b = (u_statistic(side) for side in (x, y))
        assert (a * b).sum() / math.sqrt((a * a).sum() * (b * b).sum()) == pytest.approx(one["cka"], abs=1e-9)
        values = np.linalg.eigvalsh((gaussian(x) - gaussian(y)) / N)
        assert values[np.argmax(abs(values))] == pytest.approx(one["spec"], abs=1e-9)


def distances(side: np.ndarray) -> np.ndarray:
    return np.hypot(*(side[:, None] - side[None]).transpose(2, 0, 1))


def gaussian(side: np.ndarray) -> np.ndarray:
    far = distances(side)
    return np.exp(-(far**2) / (2 * (0.3 * np.median(far[np.triu_indices(N, 1)])) ** 2))


def u_statistic(side: np.ndarray) -> np.ndarray:
    """Of an inner product without its diagonal what is left beside means of rows, of columns and of all."""
    kernel = (side - side.mean(0)) @ (side - side.mean(0)).T
    np.fill_diagonal(kernel, 0)
    rows = kernel.sum(0) / (N - 2)
    left = kernel - rows - rows[:, None] + kernel.sum() / ((N - 1) * (N - 2))
    np.fill_diagonal(left, 0)
    return np.asarray(left)


def test_each_posture_is_what_it_is_called() -> None:
    at = arranged()
    assert [*at] == [*NAMES] and all(np.array_equal(x, at["turned"][0]) for x, _ in at.values())
    x = at["turned"][0]
    groups = [slice(i * EACH, (i + 1) * EACH) for i in range(len(CENTRES))]
    ratio = distances(at["turned"][1])[~np.eye(N, dtype=bool)] / distances(x)[~np.eye(N, dtype=bool)]
    assert np.ptp(ratio) < 1e-12
    rows = {name: [x.tolist().index(one) for one in at[name][1].tolist()] for name in ("insides", "rows")}
    assert sorted(rows["insides"]) == sorted(rows["rows"]) == [*range(N)]
    assert all(sorted(rows["insides"][one]) == [*range(N)[one]] for one in groups)
    assert any(sorted(rows["rows"][one]) != [*range(N)[one]] for one in groups)
    assert (at["far"][1] != x).any(1).sum() == 1
    for name, to in (("carried", [1, 2, 0]), ("merged", [0, 0, 2])):
        for one, other in zip(groups, to, strict=True):
            np.testing.assert_allclose(at[name][1][one].mean(0), x[groups[other]].mean(0), atol=1e-12)
            np.testing.assert_allclose(distances(at[name][1][one]), distances(x[one]), atol=1e-12)
    np.testing.assert_array_equal(at["stretched"][1], x * [12, 1])


def test_each_meter_is_fooled_as_the_text_says() -> None:
    """What is said beside a posture holds of its numbers; at a point of rounding, of two decimals."""
    told = {one["name"]: one for one in TOLD}
    at = {}
    for one in POSTURES:
        here = told[one.name]
        at[one.name] = here["nngs"][one.k - 1], here["cka"], abs(here["spec"])
    np.testing.assert_allclose(at["turned"], (1, 1, 0), atol=1e-9)
    assert at["insides"][0] < 0.1 and at["insides"][1] > 0.85 and told["insides"]["nngs"][18] > 0.99
    assert at["far"][0] > 0.94 and at["far"][1] < 0
    assert at["carried"][0] > 0.99 and at["carried"][1] < 0.8 and at["carried"][2] < 0.02
    assert at["merged"][0] < 0.6 and at["merged"][1] < 0.7 and at["merged"][2] > 0.2
    assert at["rows"][2] == max(one[2] for one in at.values())
    assert abs(at["rows"][0] - told["rows"]["nngs_mean"][9]) < 0.02 and abs(at["rows"][1]) < 0.05


def test_the_traits_are_those_that_the_browser_declares() -> None:
    body = re.search(r"export interface PlaygroundState {(.*?)^}", STATE.read_text(encoding="utf-8"), re.S | re.M)
    assert body is not None
    ours = {name for name in PlaygroundScene.class_trait_names(sync=True) if not name.startswith("_")}
    assert ours - {"layout", "tabbable", "tooltip"} == set(re.findall(r"^  (\w+)\??:", body[1], re.M))


def test_points_k_and_meters_can_be_read_and_set(p: ew.widgets.Playground) -> None:
    assert (p.posture, p.k, p.X.shape, p.X.dtype) == ("turned", 10, (N, 2), np.float64)
    p.posture = "far"
    assert p.meters == {name: pytest.approx(told, abs=1e-9) for name, told in meters(p).items()}
    p.k = 3
    assert (p.posture, p.meters["nngs"]) == ("far", pytest.approx(meters(p)["nngs"], abs=1e-9))
    p.Y = p.X[:, ::-1]
    assert p.posture == "" and p.meters["nngs"] == pytest.approx(1)
    assert "Points moved by hand: NNGS at k = 3 1.000, CKA 1.000" in p.scene.sentence
    assert repr(p).startswith("Playground(PlaygroundScene(posture='', k=3, nngs=1.000, cka=1.000, spec=")


def meters(p: ew.widgets.Playground) -> dict[str, float]:
    lengths = tuple(0.3 * ew.median_bandwidth(side) for side in (p.X, p.Y))
    found = ew.spec(p.X, p.Y, kernel="gaussian", bandwidth=lengths, unmix=False, progress=False)
    leading = found.eigenvalues[np.argmax(np.abs(found.eigenvalues))]
    near = ew.measures.nngs(p.X, p.Y, p.k, metric="euclidean")
    return {"nngs": float(near), "cka": float(ew.measures.cka(p.X, p.Y)), "spec": float(leading)}


def test_what_cannot_be_is_refused_and_changes_nothing(p: ew.widgets.Playground) -> None:
    before = standing(p)
    with pytest.raises(ValueError, match=r"expected a posture of turned, .* but got 'upside down'"):
        ew.playground("upside down")
    with pytest.raises(ValueError, match="expected k from 1 to 59 but got 60"):
        p.k = 60
    with pytest.raises(ValueError, match=r"expected points_y of shape \(60, 2\) but got \(3, 2\)"):
        p.Y = np.zeros((3, 2))
    with pytest.raises(ValueError, match="expected points_x as places within ±1e"):
        p.X = np.full((N, 2), np.nan)
    with pytest.raises(TypeError, match="expected a PlaygroundScene or the name of a posture but got int"):
        ew.widgets.Playground(3)
    assert standing(p) == before


def standing(p: ew.widgets.Playground) -> tuple[Any, ...]:
    return p.posture, p.k, p.X.tolist(), p.Y.tolist(), p.meters, p.scene.sentence


def test_the_page_sends_points_and_meters_and_nothing_else(p: ew.widgets.Playground) -> None:
    moved = p.Y + 1
    sent = {"nngs": 0.5, "cka": None, "spec": -0.1}
    p.scene.set_state({"points_y": encode(moved), "meters": sent, "posture": "", "k": 4})
    np.testing.assert_array_equal(p.Y, moved)
    assert (p.k, p.posture, p.meters["nngs"]) == (4, "", 0.5)
    assert math.isnan(p.meters["cka"]) and "CKA –" in p.scene.sentence
    for wrong in ({"points_x": encode(np.zeros((2, 2)))}, {"meters": {"nngs": "1"}}, {"layouts": encode(np.zeros(3))}):
        p.scene.error = ""
        p.scene.set_state(wrong)
        assert p.scene.error.startswith(("WireError: expected", "PermissionError: expected")), wrong
    assert p.X.shape == (N, 2) and p.meters["nngs"] == 0.5
    with pytest.raises(WireError, match="expected meters as numbers by nngs, cka, spec"):
        p.scene.meters = {"nngs": 1.0}


def test_the_state_has_one_size_and_crosses_as_json_and_buffers(p: ew.widgets.Playground) -> None:
    sizes = set()
    for name in NAMES:
        p.posture = name
        state, _, buffers = _remove_buffers(p.scene.get_state())
        json.dumps({key: value for key, value in state.items() if key[0] != "_"}, allow_nan=False)
        sizes.add(sum(len(one) for one in buffers))
    assert sizes == {len(NAMES) * 2 * N * 2 * 8 + N + 2 * N * 2 * 8}


def test_one_page_holds_it_all(p: ew.widgets.Playground, tmp_path: Path) -> None:
    page = ew.to_html(p, tmp_path / "playground.html").read_text(encoding="utf-8")
    assert "<h1>What do NNGS, CKA and SPEC see?</h1>" in page and "<details" not in page
    assert "default-src 'none'" in page and len(page) < 200_000
