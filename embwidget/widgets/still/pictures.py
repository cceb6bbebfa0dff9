"""The picture of each view, drawn from what its scene carries."""

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float, UInt8
from PIL import Image

from embwidget.widgets.still.curve import Line, draw_curves
from embwidget.widgets.still.groups import MEMBERS, MOST_GROUPS, Leading, draw_groups
from embwidget.widgets.still.ink import BLUE, CLASSES, OTHER, VERMILION, Colour, beneath, ramp
from embwidget.widgets.still.maps import Points, class_colours, draw_maps
from embwidget.widgets.still.matrix import draw_matrix

_CHANCE_SDS = 1.96


def draw_view(scene: Any, kind: str) -> Image.Image | None:
    """What a view of this kind shows of the scene as it stands; None where there is nothing to draw yet.

    Raises:
        KeyError: no such view.

    """
    with np.errstate(all="ignore"):
        return _OF[kind](scene)


def _explorer(scene: Any) -> Image.Image | None:
    return beneath([_k_sweep(scene), _map_pair(scene)])


def _k_sweep(scene: Any) -> Image.Image | None:
    if not scene.curve.size:
        return None
    sizes = np.arange(1, scene.curve.shape[1] + 1)
    chance = Line(title="chance", x=sizes, y=scene.null[2], colour=OTHER, dashed=True, band=_CHANCE_SDS * scene.null[3])
    found = Line(title="share of neighbours kept", x=sizes, y=scene.curve[1], colour=BLUE)
    return draw_curves([chance, found], "k", cursor=scene.k)


def _map_pair(scene: Any) -> Image.Image | None:
    if not len(scene.map_x):
        return None
    colours = _item_colours(scene)
    both = zip(scene.names, (scene.map_x, scene.map_y), strict=True)
    return draw_maps([Points(title=name, places=at, colours=colours, selected=scene.selected) for name, at in both])


def _item_colours(scene: Any) -> UInt8[np.ndarray, "n 3"]:
    """As maps are at first: by how far neighbours at k are shared, else by label, else all alike."""
    if getattr(scene, "counts", np.zeros(0)).size:
        return _by_agreement(scene)
    if scene.label_names:
        return _by_label(scene)
    return np.full((scene.n, 3), BLUE, np.uint8)


def _by_label(scene: Any) -> UInt8[np.ndarray, "n 3"]:
    codes = scene.label_codes.astype(np.int64)
    return class_colours(np.where(codes < len(scene.label_names), codes, -1))


def _by_agreement(scene: Any) -> UInt8[np.ndarray, "n 3"]:
    sizes = scene._sizes or [*range(1, scene.counts.shape[1] + 1)]
    shared = scene.counts[:, sizes.index(scene.k)].astype(np.float64)
    overlap = shared / (2 * scene.k - shared)
    top = float(np.nanquantile(overlap, 0.98)) or 1.0
    colours = np.full((scene.n, 3), OTHER, np.uint8)
    # Of a sample the neighbours are drawn too, which have no score.
    colours[: len(overlap)] = ramp(overlap / top)
    return colours


def _gallery(scene: Any) -> Image.Image | None:
    return draw_groups(_leading(scene), scene._items) or _map_pair(scene)


def _leading(scene: Any) -> list[Leading]:
    listed = scene.members_listed or [group["members"] for group in scene.clusters]
    starts = np.cumsum([0, *listed])
    found = []
    for i in _shown_first(len(scene.clusters), scene.cluster):
        group = scene.clusters[i]
        rows = scene.member_rows[starts[i] : starts[i] + min(listed[i], MEMBERS)].tolist()
        space = scene.names[0] if group["eigenvalue"] > 0 else scene.names[1]
        line = f"{i + 1}. {group['title']}: {group['members']:,} items, together in {space}"
        found.append(Leading(line=line, rows=rows, opened=i == scene.cluster))
    return found


def _shown_first(groups: int, opened: int) -> list[int]:
    """The first groups, and the open one where it is none of them."""
    shown = [*range(min(groups, MOST_GROUPS))]
    return [opened, *shown[:-1]] if opened >= len(shown) else shown


def _similarity_matrix(scene: Any) -> Image.Image | None:
    values, pair = scene.values, [*scene.pair]
    if scene.layers:
        rows, columns = map(len, scene.layers)
        values = values[:rows, :columns]
        opened = (pair[0], pair[1] - rows) if pair else None
        return draw_matrix(values, (scene.layers[0], scene.layers[1]), ~np.isfinite(values), opened)
    order = scene.order
    values = values[np.ix_(order, order)]
    names = [scene.names[i] for i in order]
    opened = (int(np.flatnonzero(order == pair[0])[0]), int(np.flatnonzero(order == pair[1])[0])) if pair else None
    return draw_matrix(values, (names, names), np.eye(len(names), dtype=bool) | ~np.isfinite(values), opened)


def _alignment_view(scene: Any) -> Image.Image | None:
    if len(scene.maps) != 3:
        return _fit_view(scene)
    colours = _item_colours(scene)
    before, after, goal = scene.maps.astype(np.float64)
    x, y = scene.names
    now = before + scene.position * (after - before)
    shown = [(f"{x} before", before)]
    shown += [(f"{x} at {scene.position:.2f} of the way", now)] if 0 < scene.position < 1 else []
    shown += [(f"{x} after", after), (y, goal)]
    selected = scene.selected
    points = [Points(title=name, places=at, colours=colours, selected=selected) for name, at in shown]
    return beneath([draw_maps(points, shared=True), _before_and_after(scene)])


def _before_and_after(scene: Any) -> Image.Image | None:
    if not scene.curves.size:
        return None
    sizes = np.arange(1, scene.curves.shape[1] + 1)
    chance = Line(title="chance", x=sizes, y=scene.chance[0], colour=OTHER, dashed=True)
    before, after = (
        Line(title=f"NNGS {when}", x=sizes, y=curve, colour=colour)
        for when, curve, colour in zip(("before", "after"), scene.curves, (VERMILION, BLUE), strict=True)
    )
    return draw_curves([chance, before, after], "k", cursor=scene.k)


def _playground(scene: Any) -> Image.Image:
    """Both spaces, an item in the same colour in each."""
    colours, nobody = class_colours(scene.groups.astype(np.int64)), np.zeros(0, np.int64)
    both = zip(scene.names, (scene.points_x, scene.points_y), strict=True)
    return draw_maps([Points(title=name, places=at, colours=colours, selected=nobody) for name, at in both])


def _fit_view(scene: Any) -> Image.Image | None:
    lines = [
        _course("loss, rows that are fitted", scene.steps, CLASSES[0]),
        _course("loss, rows held out", scene.checks, CLASSES[1]),
    ]
    best = float(scene.best_step) if scene.best_step else None
    return draw_curves([one for one in lines if one is not None], "step", cursor=best, log=False)


def _course(title: str, told: Float[np.ndarray, "r s"], colour: tuple[int, int, int]) -> Line | None:
    return Line(title=title, x=told[0], y=told[1].astype(np.float64), colour=colour) if told.size else None


def _audit_view(scene: Any) -> Image.Image | None:
    """What is kept at every length of the lists, and the quality of both where anybody judged."""
    sizes, kept = scene.curves["sizes"], scene.curves["kept"]
    found = [
        _told("chance", sizes, kept["chance"], OTHER, dashed=True),
        _told("share of results kept", sizes, kept["values"], CLASSES[0]),
    ]
    if scene.measure in scene.curves["quality"]:
        both = scene.curves["quality"][scene.measure]
        sides = zip(scene.names, (both["old"], both["new"]), (VERMILION, BLUE), strict=True)
        found += [_told(f"quality of {name}", sizes, values, colour) for name, values, colour in sides]
    return draw_curves(found, "k", cursor=scene.k)


def _told(title: str, sizes: list[int], values: list[float | None], colour: Colour, dashed: bool = False) -> Line:
    y = np.array(values, np.float64)  # None is no number
    return Line(title=title, x=np.array(sizes), y=y, colour=colour, dashed=dashed)


_OF: dict[str, Callable[[Any], Image.Image | None]] = {
    "alignment_view": _alignment_view,
    "audit_view": _audit_view,
    "explorer": _explorer,
    "fit_view": _fit_view,
    "gallery": _gallery,
    "k_sweep": _k_sweep,
    "map_pair": _map_pair,
    "playground": _playground,
    "similarity_matrix": _similarity_matrix,
}
