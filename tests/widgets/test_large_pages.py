"""Whatever the number of items, a page is sent at most 40 MB, and says what that leaves out."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import embwidget as ew
from embwidget.widgets import AlignmentScene, Scene
from embwidget.widgets.state import page_room
from embwidget.widgets.state.alignment_room import AlignmentRoom, wire_maps
from embwidget.widgets.state.group_room import GroupRoom, wire_loadings

MILLION = 1_000_000


def sent_bytes(scene: Any) -> int:
    """Of all traits that cross: arrays, and texts."""
    state = scene.get_state()
    arrays = sum(memoryview(one["data"]).nbytes for one in state.values() if isinstance(one, dict) and "data" in one)
    return arrays + sum(map(len, state["texts"]))


def of_many(found: ew.SpectralComparison, n: int, groups: int, *, members: int) -> ew.SpectralComparison:
    """A result of n items in so many groups, made up from a small one."""
    loading = np.random.default_rng(0).normal(size=n).astype(np.float32) ** 3
    strongest = np.argsort(-loading)[:members]
    clusters = tuple(
        replace(
            found.clusters[0],
            index=i,
            loadings=np.roll(loading, 7 * i),
            indices=(strongest + 7 * i) % n,
            items=ew.Items(),
        )
        for i in range(groups)
    )
    flat = np.zeros((n, 2), np.float32)
    maps = replace(found.drawn[0], maps=(flat, flat))
    vectors = np.zeros((n, found.eigenvectors.shape[1]), found.eigenvectors.dtype)
    return replace(
        found, clusters=clusters, maps=maps.maps, drawn=(maps,), items=ew.Items(), eigenvectors=vectors, source=None
    )


@pytest.fixture(scope="module")
def million(spectral: ew.SpectralComparison) -> Iterator[ew.SpectralComparison]:
    yield of_many(spectral, MILLION, 20, members=130_000)


def test_groups_of_a_million_items_fit_in_a_page(million: ew.SpectralComparison) -> None:
    scene = Scene.from_spectral(million)
    assert page_room.PAGE_BYTES / 2 < sent_bytes(scene) <= page_room.PAGE_BYTES
    assert scene.loadings.dtype == np.uint8
    last = len(scene.loadings) - 1
    found = (scene.loadings[last].astype(np.float64) - 128) / 127 * scene.clusters[last]["largest_loading"]
    largest = np.abs(million.clusters[last].loadings).max()
    np.testing.assert_allclose(found, million.clusters[last].loadings, atol=0.501 * largest / 127)
    cut = scene.members_listed[0]
    np.testing.assert_array_equal(scene.member_rows[cut : 2 * cut], million.clusters[1].indices[:cut])
    scene.cluster = 1
    np.testing.assert_array_equal(scene.members, million.clusters[1].indices)
    told = scene.spectral["notes"][-1]
    assert told.startswith("Of n = 1,000,000 items the page holds loadings rounded to 1/127 of a group's largest, ")
    assert f"those of {last + 1} of 20 groups" in told and f"at most {cut:,} members a group" in told
    scene.rename(1, "mine")
    assert scene.clusters[1]["title"] == "mine" and scene.spectral["notes"][-1] == told


def test_a_page_with_room_for_all_is_sent_all(spectral: ew.SpectralComparison, alignment: ew.Alignment) -> None:
    scene = Scene.from_spectral(spectral)
    assert scene.loadings.dtype == np.float32 and scene.members_listed == []
    assert scene.spectral["notes"] == [*spectral.warnings]
    aligned = AlignmentScene.from_alignment(alignment)
    assert aligned.maps.dtype == np.float32 and aligned.members_listed == [] and aligned.notes == [*alignment.warnings]


def test_groups_beside_a_comparison_take_a_quarter_of_a_page_more(
    comparison: ew.Comparison, spectral: ew.SpectralComparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = Scene.from_comparison(comparison)
    before = sent_bytes(scene)
    monkeypatch.setattr(page_room, "PAGE_BYTES", before)
    scene.add_spectral(of_many(spectral, scene.n, 40, members=20))
    groups = scene.loadings.nbytes + scene.member_rows.size * 4
    assert scene.loadings.dtype == np.uint8 and groups <= before / 4
    assert "the result has all" in scene.spectral["notes"][-1] and "no texts" not in scene.spectral["notes"][-1]


@pytest.mark.parametrize("n", [20_000, 300_000, 1_000_000, 1_900_000])
@pytest.mark.parametrize("groups", [0, 1, 20, 200])
def test_the_room_of_groups_is_kept(n: int, groups: int) -> None:
    members, held = [min(n, 5000 * (i + 1)) for i in range(groups)], 18 * n
    room = GroupRoom.of(n, held=held, members=members)
    listed = sum(min(one, room.listed) for one in members)
    size = n * room.loaded * (1 if room.rounded else 4) + 4 * listed
    assert size <= max(page_room.PAGE_BYTES - held, page_room.PAGE_BYTES / 4) or min(room.loaded, room.listed) == 1
    assert bool(room.notes(members)) == (room.rounded or listed < sum(members))


@pytest.mark.parametrize("n", [20_000, 300_000, 1_000_000, 1_900_000])
def test_the_room_of_an_alignment_is_kept(n: int) -> None:
    members, texts = [n // 4] * 12, ["text"] * n
    room = AlignmentRoom.of(n, held=6 * n, members=members, texts=texts)
    fixed = n * (12 if room.rounded else 24) + 6 * n
    assert fixed + 4 * sum(min(one, room.listed) for one in members) + 8 * n * room.texts <= page_room.PAGE_BYTES
    assert room.rounded == (n > 1_166_666)


def test_an_alignment_of_a_million_items_fits_in_a_page(alignment: ew.Alignment) -> None:
    random = np.random.default_rng(0)
    maps = tuple(random.normal(size=(MILLION, 2)).astype(np.float32) for _ in range(3))
    held = np.arange(0, MILLION, 4)
    apart = [np.roll(held, 1000 * i)[:230_000] for i in range(12)]
    clusters = tuple(replace(alignment.clusters[0], index=i, indices=rows) for i, rows in enumerate(apart))
    residuals = random.random(len(held)).astype(np.float32)
    result = replace(
        alignment,
        layouts=maps,
        rows=held,
        fit_rows=np.arange(1, MILLION, 4),
        clusters=clusters,
        items=ew.Items(),
        before=replace(alignment.before, residuals=residuals),
        after=replace(alignment.after, residuals=residuals),
    )
    scene = AlignmentScene.from_alignment(result)
    assert page_room.PAGE_BYTES / 2 < sent_bytes(scene) <= page_room.PAGE_BYTES
    cut = scene.members_listed[0]
    told = f"Of n = 1,000,000 items the page holds at most {cut:,} members a group, the strongest; the result has all."
    assert scene.notes[-1] == told
    scene.cluster = 2
    np.testing.assert_array_equal(scene.members, apart[2])


def test_texts_without_room_are_left_out_of_an_alignment(
    alignment: ew.Alignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_room, "PAGE_BYTES", 120 * 40)
    scene = AlignmentScene.from_alignment(alignment)
    assert scene.texts == [] and "no texts; the result has all." in scene.notes[-1]


def test_rounded_maps_keep_their_shape() -> None:
    random = np.random.default_rng(0)
    maps = [scale * random.normal(size=(50, 2)) for scale in (1.0, 3.0, 0.2)]
    room = AlignmentRoom(n=50, rounded=True, texts=True, listed=1)
    crossed = wire_maps(maps, room)
    assert crossed.dtype == np.uint16 and crossed.shape == (3, 50, 2) and crossed.max() == 65535
    whole = np.stack(maps)
    low, span = whole.min((0, 1)), np.ptp(whole, (0, 1)).max()
    np.testing.assert_allclose(crossed / 65535 * span + low, whole, atol=span / 65535)
    np.testing.assert_array_equal(wire_maps([np.ones((4, 2))] * 3, room), np.zeros((3, 4, 2)))


def test_loadings_of_nothing_are_no_steps() -> None:
    room = GroupRoom(n=3, rounded=True, loaded=1, listed=1)
    assert wire_loadings([np.zeros(3)], room).tolist() == [[128, 128, 128]]
