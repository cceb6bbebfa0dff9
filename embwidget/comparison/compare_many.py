"""compare_many({name: X}): one measure between every two of many spaces of the same items."""

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from embwidget.arrays.blocks import full_precision
from embwidget.arrays.options import check_seed
from embwidget.arrays.reading.opened import own_items
from embwidget.arrays.spaces import matched_spaces
from embwidget.comparison.matrix import ComparisonMatrix
from embwidget.comparison.options import check_words, sizes
from embwidget.comparison.panel import chosen_measures
from embwidget.comparison.prepared import Search, pair_scores
from embwidget.items.matched import matched_items
from embwidget.measures.record import Measure
from embwidget.results.fingerprint import fingerprint
from embwidget.scores.score import Score
from embwidget.work.progress import part, progress_bar

_FIELDS = ("value", "calibrated", "null_mean", "null_sd", "z", "p")


def compare_many(
    spaces: Any,
    *,
    measure: Any = "nngs",
    k: Any = 10,
    metric: str = "cosine",
    items: Any = None,
    ids: Any = None,
    method: str = "auto",
    device: Any = None,
    random_state: Any = 0,
    progress: Any = True,
) -> ComparisonMatrix:
    """Compare every two of many spaces of the same items by one measure; each space is prepared once.

    Args:
        spaces: ``{name: (n, d) array-like}``, two or more: models, or the layers of one or two networks.
        measure: a name from `embwidget.measures.MEASURES`, or a function of (X, Y) that returns a number or a `Score`.
        k: neighbourhood size, for measures over neighbours.
        metric: ``"cosine"``, ``"euclidean"``, ``"dot"`` or ``"hamming"`` (of bits), for measures over neighbours.
        items: an `Items`: what the rows (of the first space) are.
        ids: ``{name: ids}`` to join rows by; items that not all spaces have are dropped and counted.
        method: ``"auto"``, ``"exact"`` or ``"pynndescent"``; see `embwidget.knn`.
        device: where to compute.
        random_state: seed of everything random.
        progress: True for a bar on long work, False or None for none, or a function of (share done, what).
            Interrupting leaves nothing behind.

    Returns:
        `ComparisonMatrix`: values ``(m, m)`` with their chance levels, an order and a map of the spaces.

    Raises:
        TypeError, ValueError: no mapping, fewer than two spaces or four items, spaces of different rows, bad arrays,
            ids, k, names or measures, before any search.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(100, 16))
        >>> found = compare_many({"all": X, "most": X[:, :12], "few": X[:, :4]}, progress=False)
        >>> found, found.best()["a"], found.best()["b"]
        (ComparisonMatrix(nngs, spaces=3, k=10, n=100), 'all', 'most')

    """
    metric, method = check_words(metric, method)
    found, rows, joined = matched_spaces(spaces, ids, bits=metric == "hamming")
    n = len(rows)
    given = {name: n if joined is None else len(spaces[name] if ids is None else ids[name]) for name in found}
    names = tuple(found)
    (chosen,) = chosen_measures([measure])
    k, _ = sizes(k, k, n)
    random_state = check_seed(random_state)
    items = matched_items(items, rows, given[names[0]], joined, own_items(spaces[names[0]], None, rows, rows))
    search = Search(k, metric, method, device, random_state)
    with progress_bar(progress) as report, full_precision():
        score = pair_scores(found, chosen, search, part(report, 0.0, 0.6))
        table, said = _table(names, score, chosen, part(report, 0.6, 1.0))
    record = chosen if isinstance(chosen, Measure) else None
    near = record is not None and record.needs == "neighbors"
    dropped = {name: one - n for name, one in given.items() if one != n}
    params: dict[str, Any] = {"n": n, "measure": record.name if record else _name(chosen)}
    params |= {"metric": metric, "k": k} if near else {}
    params |= {"method": method} if near and method != "auto" else {}
    params |= {"dropped": dropped} if dropped else {}
    larger = record is None or record.larger_is_more_similar
    distances = _distances(table, larger)
    fields: dict[str, Any] = {"values" if name == "value" else name: table[name] for name in _FIELDS}
    return ComparisonMatrix(
        names=names,
        measure=params["measure"],
        title=record.title if record else params["measure"],
        k=k if near else None,
        larger_is_more_similar=larger,
        symmetric=_symmetric(chosen),
        order=_order(distances),
        map=_plane(distances),
        items=items,
        params={**params, "random_state": random_state, "fingerprint": fingerprint(found)},
        warnings=said,
        spaces=found,
        **fields,
    )


def _name(measure: Any) -> str:
    return str(getattr(measure, "__name__", "measure"))


_HEAVY = "a few rows carry a space's variation; matrix.pair(a, b) says which, and the score without them."


def _table(
    names: tuple[str, ...], score: Callable[[str, str], Score], chosen: Any, report: Callable[[float, str], None]
) -> tuple[dict[str, Float[np.ndarray, "m m"]], tuple[str, ...]]:
    """Every score between two spaces, both ways round where the measure is not symmetric, and their warnings."""
    m, symmetric = len(names), _symmetric(chosen)
    table = {name: np.full((m, m), np.nan) for name in _FIELDS}
    said: dict[str, list[str]] = {}
    pairs = [(i, j) for i in range(m) for j in range(m) if i < j or (not symmetric and i != j)]
    for step, (i, j) in enumerate(pairs):
        report(step / len(pairs), f"{names[i]} and {names[j]}")
        one = score(names[i], names[j])
        for name in _FIELDS:
            value = np.asarray(getattr(one, name), dtype=np.float64)
            table[name][i, j] = value.mean() if value.size else np.nan
            if symmetric:
                table[name][j, i] = table[name][i, j]
        resting = one.params.get("heavy")
        for warning in one.warnings:
            # Their words differ from pair to pair.
            what = _HEAVY if resting and warning.startswith(resting) else warning
            said.setdefault(what, []).append(f"{names[i]} and {names[j]}")
    for i, name in enumerate(names):
        same = _perfect(chosen) if isinstance(chosen, Measure) else score(name, name).value
        table["value"][i, i], table["calibrated"][i, i] = same, 1.0
    return table, tuple(f"{_few(where)}: {warning}" for warning, where in said.items())


def _symmetric(chosen: Any) -> bool:
    return isinstance(chosen, Measure) and chosen.symmetric


def _perfect(record: Measure) -> float:
    return float(record.range[1] if record.larger_is_more_similar else record.range[0])


def _few(where: list[str]) -> str:
    return where[0] if len(where) == 1 else f"{where[0]} and {len(where) - 1} more pairs"


def _distances(table: dict[str, np.ndarray], larger: bool) -> Float[np.ndarray, "m m"]:
    """1 - calibrated, or where there is no chance level the value itself, scaled; symmetric, 0 on the diagonal."""
    near = table["calibrated"]
    away = ~np.eye(len(near), dtype=bool)
    if not np.isfinite(near[away]).all():
        values = table["value"] if larger else -table["value"]
        spread = np.nanmax(values) - np.nanmin(values) if np.isfinite(values).any() else 0.0
        near = 1 - (np.nanmax(values) - values) / spread if spread > 0 else np.ones_like(values)
    distances = np.clip(1 - np.nan_to_num((near + near.T) / 2), 0.0, None)
    np.fill_diagonal(distances, 0.0)
    return distances


def _order(distances: Float[np.ndarray, "m m"]) -> Int[np.ndarray, " m"]:
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    if len(distances) < 3:
        return np.arange(len(distances))
    return leaves_list(linkage(squareform(distances, checks=False), "average", optimal_ordering=True)).astype(np.int64)


def _plane(distances: Float[np.ndarray, "m m"]) -> Float[np.ndarray, "m two"]:
    """Classical scaling (Torgerson, 1952): the plane whose distances come closest."""
    squares = np.square(distances)
    centred = squares - squares.mean(0) - squares.mean(1)[:, None] + squares.mean()
    values, vectors = np.linalg.eigh(-centred / 2)
    plane = np.zeros((len(distances), 2))
    for axis, j in enumerate(np.argsort(-values)[:2]):
        vector = vectors[:, j] * np.sqrt(max(values[j], 0.0))
        plane[:, axis] = vector * (np.sign(vector[np.abs(vector).argmax()]) or 1.0)
    return plane.astype(np.float32)
