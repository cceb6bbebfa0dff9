"""compare_layers(A, B): every layer of one network beside every layer of another, by one or several measures."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from embwidget.arrays.options import check_names, check_seed, check_whole
from embwidget.arrays.reading.opened import Opened, own_items
from embwidget.arrays.spaces import matched_spaces
from embwidget.comparison.compare_many import compare_many
from embwidget.comparison.layers import LayerComparison, named_spaces
from embwidget.comparison.matrix import ComparisonMatrix
from embwidget.comparison.options import check_size, check_words
from embwidget.comparison.panel import chosen_measures
from embwidget.items.matched import matched_items
from embwidget.measures.record import Measure
from embwidget.work.progress import Progress, part, progress_bar

_MEASURES = ("contrasim", "cka", "procrustes", "nngs")


def compare_layers(
    A: Any,
    B: Any,
    *,
    measures: Any = _MEASURES,
    names: Any = ("A", "B"),
    k: Any = 10,
    metric: str = "cosine",
    folds: Any = 5,
    items: Any = None,
    device: Any = None,
    random_state: Any = 0,
    progress: Any = True,
) -> LayerComparison:
    """Compare every layer of one network with every layer of another.

    Closed forms see each pair of layers by itself. ``"contrasim"`` is one encoder for all layers of both networks: of
    relative features, so that networks of any width and basis can share it, trained on the other folds of the rows to
    tell examples apart (`ContraSim.cross_fit`). It is not told which layers have the same index, and the most similar
    layer need not have it: of ReLU networks with batch-norm, and of convolutions, every measure takes another one about
    as often as not (README; tests/benchmarks/layers.py).

    Args:
        A, B: ``{layer: (n, d) array-like}``; rows are the same items, in the same order, in all of them.
        measures: names, as for `compare`; ``"contrasim"`` among them.
        names: what to call the two networks.
        k, metric: for measures over neighbours.
        folds: of ContraSim.
        items: an `Items`: what the rows are.
        device: where to compute.
        random_state: seed of everything random.
        progress: True for a bar on long work, False or None for none, or a function of (share done, what).
            Interrupting leaves nothing behind.

    Returns:
        `LayerComparison`.

    Raises:
        TypeError, ValueError: no mappings, no layers, bad arrays, unlike rows, unknown measures; for ContraSim fewer
            than 50 items to fit on (63 of 5 folds).

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(80, 8))
        >>> one, other = {"first": X, "second": X**2}, {"first": -X[:, ::-1], "second": 3 * X**2}
        >>> found = compare_layers(one, other, measures=["cka"], progress=False)
        >>> [row["best"] for row in found.best("cka")]
        ['first', 'second']

    Source: Kornblith et al. (2019), arXiv 1905.00414; Rahamim and Belinkov (2024), arXiv 2303.16992.

    """
    networks, folds = check_names(names), check_whole("folds", folds, 2)
    given = named_spaces(networks, (A, B))
    layers = (_layers(A, networks[0]), _layers(B, networks[1]))
    chosen = _chosen(measures)
    metric, _ = check_words(metric, "auto")
    by_label, bits = "each as frame.loc[labels], with the same labels", metric == "hamming"
    spaces, rows, _ = matched_spaces(given, None, by_label, bits=bits)
    k, random_state = check_size("k", k), check_seed(random_state)
    first = next(iter(given.values()))
    whole = len(first) if isinstance(first, Opened) else len(rows)
    items = matched_items(items, rows, whole, None, own_items(first, None, rows, rows))
    for one in chosen.values():
        _check_fitted_rows(one, len(rows), folds)
    seeded: dict[str, Any] = {"device": device, "random_state": random_state}
    matrices: dict[str, ComparisonMatrix] = {}
    with progress_bar(progress) as report:
        for i, (name, one) in enumerate(chosen.items()):
            told: Progress = part(report, i / len(chosen), (i + 1) / len(chosen))
            told(0.0, name)
            if one.of_many:
                matrices[name] = replace(one.of_many(spaces, folds=folds, **seeded), items=items)
            else:
                how: dict[str, Any] = {"measure": name, "k": k, "metric": metric, "items": items, "progress": False}
                matrices[name] = compare_many(spaces, **how, **seeded)
    first = next(iter(matrices.values()))
    params = {"n": first.params["n"], "k": k, "metric": metric, "folds": folds, "random_state": random_state}
    warnings = tuple(dict.fromkeys(w for matrix in matrices.values() for w in matrix.warnings))
    return LayerComparison(
        names=networks, layers=layers, matrices=matrices, items=first.items, params=params, warnings=warnings
    )


def _layers(network: Mapping[Any, Any], name: str) -> tuple[str, ...]:
    if not network:
        raise ValueError(f"expected at least one layer of {name} but got none")
    for layer in network:
        if not isinstance(layer, str):
            raise TypeError(f"expected names of layers to be strings but got {layer!r}; convert it with str")
    return tuple(network)


def _chosen(measures: Any) -> dict[str, Measure]:
    found = {}
    for one in chosen_measures(measures):
        if not isinstance(one, Measure):
            raise TypeError(f"expected measures by name but got {one!r}; compare_many takes a function")
        found[one.name] = one
    if not found:
        raise ValueError("expected at least one measure but got none")
    return found


def _check_fitted_rows(one: Measure, n: int, folds: int) -> None:
    """Raise a ValueError where the largest fold leaves a measure too few rows to be fitted on."""
    least = n - -(-n // folds)
    if one.of_many and least < one.least_rows:
        raise ValueError(
            f"expected at least {one.least_rows} items for {one.title} to fit on but got {least}: {n}, less a fold; "
            f"add items, ask for more folds, or leave {one.name!r} out of measures"
        )
