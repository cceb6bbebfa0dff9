"""What a spectral comparison looks like as the traits of a Scene."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from jaxtyping import Float, Int, Shaped

from embwidget.results.words import finite
from embwidget.spectral.cluster import Cluster
from embwidget.spectral.enrichment import Enrichment
from embwidget.spectral.name_test import NameTest
from embwidget.spectral.result import SpectralComparison
from embwidget.widgets.state import page_room
from embwidget.widgets.state.comparison import items_state, label_notes, written
from embwidget.widgets.state.group_room import GroupRoom, largest, wire_loadings
from embwidget.widgets.state.maps import maps_state
from embwidget.widgets.state.page_room import has_room_for_texts, held_bytes

NOBODY = 0xFFFFFFFF
"""Where a list of rows is shorter than the longest."""
EDGES = ("edges_x", "edges_y")
OF_GROUPS = frozenset({"loadings", "member_rows", "histograms", "edges", "nearest"})
"""The traits with the arrays of a spectral comparison."""
DENSITIES = ("within_x", "between_x", "within_y", "between_y")


@np.errstate(over="ignore", under="ignore")
def alone_state(result: SpectralComparison) -> dict[str, Any]:
    """Every trait of a scene that shows nothing else."""
    r, drawn = result, maps_state(result)
    texts = has_room_for_texts(page_room.PAGE_BYTES - held_bytes(drawn), written(r.items))
    shown = {**drawn, **items_state(r.items, r.n, texts=texts)}
    whole = {"n": r.n, "names": list(r.names), "sentence": r.sentence, "provenance": r.provenance}
    notes = [*r.warnings, *label_notes(r.items)]
    return {**whole, "notes": notes, **shown, **spectral_state(r, held_bytes(shown), texts=texts)}


def spectral_state(result: SpectralComparison, held: int, *, texts: bool = True) -> dict[str, Any]:
    """Every trait that a spectral comparison writes in a page that holds so many bytes, its first cluster opened.

    Where ``texts`` do not cross, that is said.
    """
    clusters = result.clusters
    members, named = [len(c.indices) for c in clusters], named_state(result)
    near = {
        "histograms": _stacked(clusters, lambda c: [getattr(c.histograms, name) for name in DENSITIES], "<f4", 3),
        "edges": _stacked(clusters, lambda c: [getattr(c.histograms, name) for name in EDGES], "<f4", 3),
        "nearest": _padded([c.nearest for c in clusters]),
    }
    room = GroupRoom.of(result.n, held=held + held_bytes(near), members=members)
    named["spectral"]["notes"] += room.notes(members, texts=texts)
    return {
        **named,
        **near,
        "loadings": wire_loadings([c.loadings for c in clusters], room),
        **listed_state([c.indices for c in clusters], room.listed),
        "cluster": 0 if clusters else -1,
    }


def listed_state(members: Sequence[Int[np.ndarray, " _"]], listed: int) -> dict[str, Any]:
    """The traits that hold the members of all groups, strongest first: all of them, or the first of each."""
    cut = [rows[:listed] for rows in members]
    whole = all(len(rows) <= listed for rows in members)
    return {
        "member_rows": np.concatenate([np.zeros(0, "<i8"), *cut]),
        "members_listed": [] if whole else [len(rows) for rows in cut],
    }


def named_state(result: SpectralComparison) -> dict[str, Any]:
    """The traits that hold what the clusters are called."""
    return {"clusters": [_cluster(c, result) for c in result.clusters], "spectral": _whole(result)}


def _whole(result: SpectralComparison) -> dict[str, Any]:
    return {
        "names": list(result.names),
        "eigenvalues": _numbers(result.eigenvalues),
        "noise_floor": float(result.noise_floor),
        "unrelated": _numbers(result.unrelated),
        "spec_diff": float(result.spec_diff),
        "sentence": result.sentence,
        "provenance": result.provenance,
        "constant_remedy": _constant_remedy(result.params),
        "notes": [*result.warnings],
    }


def _constant_remedy(params: dict[str, Any]) -> str:
    if params.get("kernel") == "gaussian":
        return "Unlike bandwidths do this, or a common offset; match the bandwidths, or use center='kernel'."
    return f"A common offset does this; use center='{'kernel' if params.get('center') == 'mean' else 'mean'}'."


def _cluster(c: Cluster, result: SpectralComparison) -> dict[str, Any]:
    held_out = _numbers(c.held_out)
    return {
        "index": int(c.index),
        "kind": c.kind,
        "title": c.title,
        "name": c.name,
        "name_test": _tested(c.name_test),
        "given_name": c.given_name,
        "exclusive": None if c.exclusive is None else bool(c.exclusive),
        "inside_unrelated": _inside_unrelated(c, result.unrelated),
        "turned": c.weights is not None,
        "lost": float(c.lost),
        "eigenvalue": float(c.eigenvalue),
        "eigenvalues": _numbers(result.eigenvalues[list(c.components)] if c.weights is None else [c.eigenvalue]),
        "side": c.side,
        "share": float(c.share),
        "effective_size": float(c.effective_size),
        "members": len(c.indices),
        "largest_loading": largest(c.loadings),
        "constant_share": float(c.constant_share),
        "held_out": None if None in held_out else held_out,
        "stability": finite(c.stability),
        "survives": None if c.survives is None else bool(c.survives),
        "within": _numbers(c.within),
        "between": _numbers(c.between),
        "ranking": _numbers(c.ranking),
        "tied": len(c.components),
        "enrichment": [_enrichment(e) for e in c.enrichment],
    }


def _inside_unrelated(c: Cluster, unrelated: Float[np.ndarray, " r"]) -> bool | None:
    """Whether unrelated spaces have an eigenvalue as far on its side of 0; None where they were not tried."""
    own = unrelated[np.sign(unrelated) == np.sign(c.eigenvalue)]
    if not len(unrelated):
        return None
    return bool(abs(c.eigenvalue) <= np.abs(own).max(initial=0.0))


def _tested(test: NameTest | None) -> dict[str, Any] | None:
    return None if test is None else {name: finite(value) for name, value in asdict(test).items()}


def _enrichment(e: Enrichment) -> dict[str, Any]:
    counts = {name: int(getattr(e, name)) for name in ("inside", "members", "outside", "others")}
    return {"kind": e.kind, "term": e.term, **counts, "odds": finite(e.odds), "p": finite(e.p), "q": finite(e.q)}


def _numbers(values: Iterable[Any]) -> list[float | None]:
    return [finite(value) for value in values]


def _stacked(
    clusters: tuple[Cluster, ...], take: Callable[[Cluster], Any], dtype: str, ndim: int
) -> Shaped[np.ndarray, "..."]:
    return np.array([take(c) for c in clusters], dtype) if clusters else np.zeros((0,) * ndim, dtype)


def _padded(lists: list[Shaped[np.ndarray, " _"]]) -> Shaped[np.ndarray, "clusters longest"]:
    rows = np.full((len(lists), max(map(len, lists), default=0)), NOBODY, "<u4")
    for row, found in zip(rows, lists, strict=True):
        row[: len(found)] = found
    return rows
