"""The kernel matrices of two spaces as pictures, rows in the order of the clusters."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import altair as alt
import numpy as np
from jaxtyping import Float, Int64, UInt8

from embwidget.arrays.options import as_number, check_seed, check_whole
from embwidget.charts.offline import OfflinePanels, Row, dressed
from embwidget.charts.palette import ABOVE, AGREEMENT, BELOW, CHANCE
from embwidget.charts.short_names import shown_names
from embwidget.charts.spectrum import SIDE_COLOURS, cluster_sides, cluster_titles
from embwidget.spectral.cluster import Cluster
from embwidget.spectral.result import SpectralComparison

_SIDE = 300
_PIXELS = 900
_SEQUENTIAL = [*AGREEMENT]
_DIVERGING = [BELOW, "#f9f9f9", ABOVE]


@dataclass(frozen=True, eq=False)
class _Block:
    """Consecutive rows of the matrices that belong together."""

    title: str
    side: str
    start: int
    stop: int


def kernel_heatmap(
    result: SpectralComparison,
    clusters: Any = 6,
    *,
    members: Any = 20,
    rest: Any = 60,
    names: Sequence[str] | None = None,
    random_state: Any = 0,
) -> OfflinePanels:
    """Both spaces' kernel matrices side by side: a group is a square in one of them and not in the other.

    The same items in the same order in both: the strongest members of the leading clusters, first those that X
    groups, then those that Y groups, an item that is in several with the first of them; then items at random from the
    others. Each space has its own colours, from its least to its 99th percentile of similarity between two different
    items, white at 0 where similarities are negative too.

    Args:
        result: what `embwidget.spec` returned.
        clusters: how many of the leading clusters that are found again on held-out items, or which, by their ``index``.
        members: strongest members of each, at most.
        rest: items from outside these clusters' members, at most.
        names: what the clusters are, as for `spectrum`.
        random_state: seed of the choice of the others.

    Returns:
        An altair chart of two panels; the matrices travel in it as pictures.

    Raises:
        ValueError: no such cluster, none at all, or numbers of rows that are not positive.

    Example:
        >>> import embwidget as ew
        >>> X, Y = np.random.default_rng(0).normal(size=(2, 60, 8))
        >>> kernel_heatmap(ew.spec(X, Y, progress=False), clusters=[0, 1], members=10, rest=20)
        OfflinePanels(panels=2)

    """
    members, rest = check_whole("members", members, 1), check_whole("rest", rest, 0)
    random_state = check_seed(random_state)
    titles = cluster_titles(result.clusters, names)
    rows, blocks = _ordered(result, _chosen(result, clusters), members, rest, titles, random_state)
    sides = cluster_sides(result.names)
    panels = [
        _panel(np.asarray(result.similarity(side, rows, rows)), name, blocks, labelled=side == "X")
        for side, name in sides.items()
    ]
    chart = OfflinePanels(hconcat=panels, spacing=24).resolve_scale(color="independent")
    shown = f"{len(rows)} of {result.n:,} items, by group"
    parts = [shown, f"orange frame: grouped by {sides['X']}", f"blue frame: grouped by {sides['Y']}"]
    first, second = shown_names(result.names)
    title = alt.TitleParams(f"Similarity in {first} and {second}", subtitle=" · ".join(parts))
    return dressed(chart, title)


def _chosen(result: SpectralComparison, clusters: Any) -> list[Cluster]:
    """The clusters that were asked for: X's first, each side by its |λ|."""
    if not result.clusters:
        raise ValueError("expected groups to draw but the spaces have none that they do not share")
    if as_number(clusters) is not None or np.ndim(clusters) == 0:
        most = check_whole("clusters", clusters, 1, remedy="or pass a list of their indices")
        holding = [cluster for cluster in result.clusters if cluster.survives is not False]
        found = (holding or list(result.clusters))[:most]
    else:
        known = {cluster.index: cluster for cluster in result.clusters}
        asked = [as_number(index) for index in clusters]
        missing = [index for index, number in zip(clusters, asked, strict=True) if number not in known]
        if missing or not asked:
            raise ValueError(
                f"expected indices of clusters in 0..{len(known) - 1} but got {missing or 'none'}; see result.clusters"
            )
        found = [known[int(index)] for index in dict.fromkeys(asked) if index is not None]
    return sorted(found, key=lambda cluster: (cluster.side, cluster.index))


def _ordered(
    result: SpectralComparison, chosen: list[Cluster], members: int, rest: int, titles: list[str], random_state: int
) -> tuple[Int64[np.ndarray, " r"], list[_Block]]:
    """The rows to show, and the blocks they form."""
    rows: list[int] = []
    blocks = []
    for cluster in chosen:
        fresh = [int(i) for i in cluster.indices if int(i) not in set(rows)][:members]
        if fresh:
            blocks.append(_Block(titles[cluster.index], cluster.side, len(rows), len(rows) + len(fresh)))
            rows += fresh
    inside = np.concatenate([cluster.indices for cluster in chosen])
    others = np.setdiff1d(np.arange(result.n), np.union1d(inside, rows))
    some = np.random.default_rng(random_state).permutation(others)[:rest]
    if len(some):
        blocks.append(_Block(f"{len(some)} others", "", len(rows), len(rows) + len(some)))
    return np.array([*rows, *some], dtype=np.int64), blocks


def _panel(matrix: Float[np.ndarray, "r r"], name: str, blocks: list[_Block], labelled: bool) -> alt.LayerChart:
    low, high = _range(matrix)
    colours = _DIVERGING if low < 0 else _SEQUENTIAL
    r = len(matrix)
    stops = np.linspace(low, high, len(colours)).tolist()
    x = partial(alt.X, scale=alt.Scale(domain=[0, r], nice=False), axis=None)
    y = partial(alt.Y, scale=alt.Scale(domain=[0, r], nice=False, reverse=True), axis=None)
    picture = alt.Chart(alt.InlineData(values=[{"x": 0, "y": 0, "url": _picture(matrix, low, high, colours)}]))
    colour = alt.Color(
        "value:Q",
        scale=alt.Scale(domain=stops, range=colours, interpolate="rgb", clamp=True),
        legend=alt.Legend(
            title="similarity", format=".2~f", gradientLength=_SIDE * 0.55, values=[low, (low + high) / 2, high]
        ),
    )
    ends = alt.Chart(alt.InlineData(values=[{"x": 0, "y": 0, "value": value} for value in (low, high)]))
    layers = [
        picture.mark_image(width=_SIDE, height=_SIDE, align="left", baseline="top", aspect=False).encode(
            x=x("x:Q"), y=y("y:Q"), url="url:N"
        ),
        ends.mark_point(opacity=0).encode(x=x("x:Q"), y=y("y:Q"), color=colour),
        *_boundaries(blocks, r, x, y),
        *([_labels(blocks, x, y)] if labelled else []),
    ]
    title = alt.TitleParams(name, anchor="middle", fontSize=12, fontWeight="normal", limit=_SIDE, offset=6)
    return alt.LayerChart(layer=layers, width=_SIDE, height=_SIDE, title=title)


def _range(matrix: Float[np.ndarray, "r r"]) -> tuple[float, float]:
    """Similarities between which colours change: symmetric about 0 where some are clearly negative."""
    others = matrix[~np.eye(len(matrix), dtype=bool)] if len(matrix) > 1 else matrix.ravel()
    low, high = float(others.min()), float(np.quantile(others, 0.99))
    if low < -0.05 * abs(high):
        far = max(high, -float(np.quantile(others, 0.01))) or 1.0
        return -far, far
    return (low, high) if high > low else (low, low + 1.0)


def _picture(matrix: Float[np.ndarray, "r r"], low: float, high: float, colours: list[str]) -> str:
    """The matrix as a PNG in a data address, each value a square of whole pixels."""
    from PIL import Image

    stops = np.linspace(low, high, len(colours))
    channels = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in colours])
    painted = np.stack([np.interp(matrix, stops, channel) for channel in channels.T], axis=-1)
    pixels: UInt8[np.ndarray, "r r 3"] = painted.round().astype(np.uint8)
    each = max(1, round(_PIXELS / len(matrix)))
    buffer = io.BytesIO()
    Image.fromarray(pixels.repeat(each, axis=0).repeat(each, axis=1)).save(buffer, format="PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def _boundaries(blocks: list[_Block], r: int, x: partial[alt.X], y: partial[alt.Y]) -> list[alt.Chart]:
    """Lines between blocks, and a frame in its side's colour around each cluster."""
    between: list[Row] = [{"x": block.stop, "y": block.stop, "end": r, "start": 0} for block in blocks[:-1]]
    frames: list[Row] = [
        {"x": block.start, "y": block.start, "end": block.stop, "colour": SIDE_COLOURS[block.side]}
        for block in blocks
        if block.side
    ]
    lines = alt.Chart(alt.InlineData(values=between)).mark_rule(color=CHANCE, strokeWidth=0.5, opacity=0.7)
    boxes = alt.Chart(alt.InlineData(values=frames)).mark_rect(filled=False, strokeWidth=1.8)
    return [
        lines.encode(x=x("x:Q"), y=y("start:Q"), y2="end:Q"),
        lines.encode(y=y("y:Q"), x=x("start:Q"), x2="end:Q"),
        boxes.encode(x=x("x:Q"), x2="end:Q", y=y("y:Q"), y2="end:Q", stroke=alt.Stroke("colour:N", scale=None)),
    ]


def _labels(blocks: list[_Block], x: partial[alt.X], y: partial[alt.Y]) -> alt.Chart:
    """The name of each block to the left of its rows."""
    values: list[Row] = [{"x": 0, "y": (block.start + block.stop) / 2, "block": block.title} for block in blocks]
    texts = alt.Chart(alt.InlineData(values=values)).mark_text(align="right", dx=-8, fontSize=11, limit=170)
    return texts.encode(x=x("x:Q"), y=y("y:Q"), text="block:N")
