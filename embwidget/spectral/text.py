"""The plain words of a spectral comparison: its finding, its provenance, its table."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from embwidget.results.card import Column
from embwidget.results.words import NONE, dropped_rows, short_number, shown
from embwidget.spectral.cluster import Cluster
from embwidget.spectral.likeness import NOTHING_SHARED, shares_nothing
from embwidget.texts.letters import shorten

NEAR_CONSTANT = 0.5
"""Share of a vector's mass on the constant vector above which it is called "everything"."""
_LONGEST = 40
KIND_WORDS = {"tight": "tight", "broad": "broad direction", "not found again": "not found again"}
"""The three words that every table, chart and view uses, see `Cluster.kind`."""
_HEADS = (
    ("cluster", "rank by |λ|"),
    ("called", "a name of yours, one that was tested, else three leading members"),
    ("grouped by", "the space that holds these items closer together than the other does"),
    ("λ", "eigenvalue"),
    ("on unseen rows", "eigenvalue on rows that it was not found on, 95 % interval"),
    (
        "kind",
        "tight: a fellow member is more similar than an outsider at least 75 % of the time in its own space; broad "
        "direction: less often; not found again: on unseen rows λ is not of its sign, half of the vector is lost, or "
        "|λ| is within the noise",
    ),
    ("items", "members"),
    ("within X", "mean similarity of two members in X"),
    ("within Y", "mean similarity of two members in Y"),
    ("ranks X", "how surely a fellow member is more similar than an outsider in X; ½ is chance"),
    ("ranks Y", "how surely a fellow member is more similar than an outsider in Y; ½ is chance"),
    ("more of", "label or word that members have most more of than others, and its odds ratio"),
)
_TEXTS = ("called", "more of")


def finding(comparison: Any) -> str:
    """How many groups each space sees that the other does not, whether they hold, and the largest.

    First, where the two share nothing, whether their rows are in the same order.
    """
    told = _finding(comparison)
    return f"{NOTHING_SHARED} {told}" if shares_nothing(comparison.params) else told


def _finding(comparison: Any) -> str:
    names, clusters, n = comparison.names, comparison.clusters, comparison.n
    if not clusters:
        return f"{names[0]} and {names[1]} have the same kernel: no group of items stands apart in either."
    everything = [one for one in clusters if one.constant_share > NEAR_CONSTANT]
    groups = [one for one in clusters if one.constant_share <= NEAR_CONSTANT]
    if everything and everything[0] is clusters[0]:
        rest = _groups(names, groups, n) if groups else "It is the only one."
        return f"{_offset(names, clusters[0], comparison.params)} {rest}"
    return _groups(names, groups, n)


def provenance(params: dict[str, Any]) -> str:
    """One line: everything the numbers depend on."""
    p = params
    parts = [
        f"n = {p['n']:,}",
        f"widths {p['widths'][0]} and {p['widths'][1]}",
        f"{p['kernel']} kernel{' of unit rows' if p.get('normalize') else ''}{_bandwidths(p)}",
        f"centring {p['center'] or 'none'}",
        f"η = {p['eta']:g}",
        _features(p),
        f"{p['n_components']} components{', turned to one group each' if p.get('unmix') else ''}",
        f"method {p['method']} ({p['method_reason']})",
        f"unseen rows: {p['splits']} splits in halves" if p["splits"] else "unseen rows: not tried",
        f"unrelated spaces: {p['permutations']} random pairings of {p['permuted_rows']:,} rows"
        if p["permutations"]
        else "unrelated spaces: not tried",
        f"device {p['device']}",
        f"seed {p['random_state']}",
    ]
    return "; ".join([*parts[:1], *dropped_rows(p), *parts[1:]]) + "."


def table_rows(clusters: Sequence[Cluster]) -> list[dict[str, Any]]:
    """One plain row a cluster; None where something was not computed or is not defined."""
    return [one.row for one in clusters]


def columns(rows: list[dict[str, Any]]) -> tuple[Column, ...]:
    """The table of clusters as it is shown."""
    cells = [_cells(row) for row in rows]
    return tuple(
        Column(title=title, hint=hint, cells=[row[i] for row in cells], kind="text" if title in _TEXTS else "number")
        for i, (title, hint) in enumerate(_HEADS)
    )


def _offset(names: tuple[str, str], first: Cluster, params: dict[str, Any]) -> str:
    seen = names["XY".index(first.side)]
    if params["kernel"] == "gaussian":
        remedy = "; match the bandwidths, or use center='kernel'" if params["center"] != "kernel" else ""
    else:
        remedy = "" if params["center"] else "; center='mean' takes an offset away"
    return (
        f"The leading eigenvector (λ = {short_number(first.eigenvalue)}) is {first.constant_share:.0%} constant: "
        f"{seen} finds all items alike, which is no group{remedy}."
    )


def _groups(names: tuple[str, str], groups: list[Cluster], n: int) -> str:
    tight, broad = ([one for one in groups if one.kind == kind] for kind in ("tight", "broad"))
    if not tight and not broad:
        few = "The only group is not" if len(groups) == 1 else f"None of {len(groups)} groups is"
        return (
            f"{few} found again on unseen rows (largest |λ| = {short_number(abs(groups[0].eigenvalue))}): "
            f"{n:,} items show no group that {names[0]} or {names[1]} alone would see."
        )
    again = "found again" if any(one.survives is not None for one in groups) else "not tried"
    if tight:
        return f"{_counts(names, tight)}, {again} on unseen rows; {_largest(names, tight, n)}."
    directions = f"{len(broad)} broad direction{'s' if len(broad) > 1 else ''}"
    return (
        f"No tight group of items, but {directions} that one space has and the other has less of, {again} on unseen "
        f"rows; {_largest(names, broad, n)}."
    )


def _counts(names: tuple[str, str], groups: list[Cluster]) -> str:
    x, y = (sum(one.side == side for one in groups) for side in "XY")
    verb = "doesn't" if all(one.exclusive for one in groups) else "holds less tightly"
    if x and y:
        if x == y == 1:
            return f"{names[0]} and {names[1]} each have one tight group that the other {verb}"
        return f"{names[0]} has {x} and {names[1]} has {y} tight groups that the other {verb}"
    one, other = names if x else (names[1], names[0])
    return f"{one} has {x or y} tight group{'s' if x + y > 1 else ''} that {other} {verb}"


def _largest(names: tuple[str, str], groups: list[Cluster], n: int) -> str:
    first = groups[0]
    m = len(first.indices)
    opening = "" if len(groups) == 1 else f"the strongest, of {names['XY'.index(first.side)]}: "
    name, such = _called(first)
    size = f"{m:,} item{'s' if m > 1 else ''} ({m / n:.1%})"
    return f"{opening}{name}{size}{such}, λ = {short_number(first.eigenvalue)}"


def _called(one: Cluster) -> tuple[str, str]:
    """What stands before and after the size of a cluster: its name, or leading members."""
    name = one.given_name or one.name
    if name:
        return f"'{shorten(name, _LONGEST)}', ", ""
    return "", "" if one.title == f"group {one.index}" else f", such as {one.title}"


def _bandwidths(p: dict[str, Any]) -> str:
    if not p.get("bandwidth"):
        return ""
    reason = f" ({p['bandwidth_reason']})" if p.get("bandwidth_reason") else ""
    return f", bandwidths {p['bandwidth'][0]:.3g} and {p['bandwidth'][1]:.3g}{reason}"


def _features(p: dict[str, Any]) -> str:
    if p["features"] == "landmarks":
        return f"projected on {p['n_features']:,} landmarks"
    return "exact" if p["features"] == "exact" else f"{p['n_features']:,} random Fourier features a space"


def _cells(row: dict[str, Any]) -> list[str]:
    mostly = NONE if row["mostly"] is None else f"{row['mostly']} ({_odds(row['odds'])})"
    unseen = NONE if row["held_out"] is None else f"{short_number(row['low'])} … {short_number(row['high'])}"
    tied = f" ({row['tied']} tied)" if row["tied"] > 1 else ""
    whole = " (everything)" if row["constant_share"] > NEAR_CONSTANT else ""
    return [
        f"{row['cluster']}{tied}",
        shorten(row["title"], _LONGEST),
        row["side"],
        f"{short_number(row['eigenvalue'])}{whole}",
        unseen,
        KIND_WORDS[row["kind"]],
        f"{row['members']:,}",
        *(shown(row[name]) for name in ("within_x", "within_y", "ranking_x", "ranking_y")),
        mostly,
    ]


def _odds(odds: float) -> str:
    if np.isinf(odds):
        return "∞"
    return f"{odds:,.0f}" if odds >= 10 else f"{odds:.1f}"
