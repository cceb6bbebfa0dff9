"""Example retrieval: how often a row's partner is the most similar row of the other space."""

from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from embwidget.arrays.blocks import full_precision, row_blocks
from embwidget.arrays.options import check_seed, check_whole
from embwidget.arrays.pair import paired
from embwidget.tasks.benchmark_result import CONTROL, PLAIN, SHUFFLED, BenchmarkResult
from embwidget.tasks.proportions import wilson
from embwidget.tasks.similarities import Similarity, check_sides, similarities_of
from embwidget.tasks.tables import checked_sizes
from embwidget.work.progress import part, progress_bar

DIRECTIONS = ("Y to X", "X to Y")
_TIE = 1e-12


def example_retrieval(
    X: Any,
    Y: Any,
    similarities: Any,
    *,
    k: Any = (1, 5),
    shuffles: Any = 1,
    sides: Any = ("x", "y"),
    random_state: Any = 0,
    progress: Any = True,
) -> BenchmarkResult:
    """How often a row's partner is among the k most similar rows of the other space, both ways.

    A row is right at k where fewer than k other rows are as similar to it as its partner; a tie counts against it.
    Only what tells single rows apart can answer: fitted encoders (by the cosine of encodings), or a function of (X, Y)
    that returns an ``(n, n)`` array of similarities; a measure of whole spaces cannot. Beside each stands its control,
    the rows of Y shuffled, and for a `ContraSim` its untrained encoder.

    Args:
        X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes of paired rows, not those that encoders were fitted on.
        similarities: a fitted `ContraSim` or `RidgeCCA`, a function; or several as ``{name: similarity}``.
        k: sizes; those above n are left out.
        shuffles: how many times rows are shuffled for the control; 0 leaves it out.
        sides: names of X and Y among the spaces that encoders were fitted on.
        random_state: seed of the shuffles.
        progress: True for a bar on long work, False or None for none, or a function of (share done, what).
            Interrupting leaves nothing behind.

    Returns:
        `BenchmarkResult`: chance is k / n. ``details`` has a row for each row and direction, with the rank of its
        partner; ``arrays`` these ranks, ``(n, 2)``: of Y's rows
        among X, and of X's among Y.

    Raises:
        TypeError, ValueError: bad arrays or similarities; a function that returns no such array; rows that encoders
            were fitted on.

    Example:
        >>> X = np.random.default_rng(0).normal(size=(50, 4))
        >>> example_retrieval(X, X + 0.01, lambda x, y: -torch.cdist(y, x).T, k=1, progress=False)
        BenchmarkResult(example retrieval: <lambda>=1.0000)

    Source: Rahamim and Belinkov (2024), arXiv 2303.16992; recall at k: Hodosh, Young and Hockenmaier (2013), JAIR 47.

    """
    check_sides(sides)
    pair = paired(X, Y)
    sizes = [size for size in checked_sizes(k) if size <= pair.n] or [pair.n]
    shuffles, random_state = check_whole("shuffles", shuffles, 0), check_seed(random_state)
    tested = similarities_of(similarities, by_rows=True)
    table: list[dict[str, Any]] = []
    details: list[dict[str, Any]] = []
    arrays: dict[str, np.ndarray] = {}
    random = np.random.default_rng(random_state)
    orders = [random.permutation(pair.n) for _ in range(shuffles)]
    with progress_bar(progress) as report, full_precision():
        for i, one in enumerate(tested):
            told = part(report, i / len(tested), (i + 1) / len(tested))
            codes = one.entered(dict(zip(sides, (pair.x, pair.y), strict=True)))
            x, y = (codes[side] for side in sides)
            told(0.0, f"rows by {one.name}")
            own = _ranks(one, x, y, np.arange(pair.n))
            table += _rows(one.name, one.control, [own], sizes)
            if one.control == PLAIN:
                arrays[one.name] = own
                details += _details(one.name, own)
                # A row's partner is another row then: the similarities stay as they are.
                if orders:
                    table += _rows(one.name, SHUFFLED, [_ranks(one, x, y, order) for order in orders], sizes)
    params = {
        "n": pair.n,
        "widths": (pair.x.shape[1], pair.y.shape[1]),
        "ties": "counted against the partner",
        "shuffles": int(shuffles),
        "random_state": int(random_state),
        "interval": "95 % (Wilson), of rows, given the candidates",
    }
    return BenchmarkResult(
        benchmark="example retrieval",
        headline={"k": sizes[0]},
        table=tuple(table),
        details=tuple(details),
        arrays=arrays,
        params=params,
        warnings=(),
    )


def _ranks(one: Similarity, x: Tensor, y: Tensor, partner: Int[np.ndarray, " n"]) -> Int[np.ndarray, "n 2"]:
    """The rank of each row's partner, of Y's rows among X and of X's among Y; row i of Y belongs to ``partner[i]``."""
    ranks = torch.zeros(len(x), 2, dtype=torch.int64)
    to = torch.from_numpy(partner)
    whole = None if one.rows is None else _whole(one, x, y)
    # Products of unit rows have an error of rounding; what a function says is taken at its word.
    tie = _TIE if whole is None else 0.0
    for column, (queries, candidates, answers) in enumerate(((y, x, to), (x, y, to.argsort()))):
        for block in row_blocks(len(x), 8 * len(x)):
            scores = queries[block] @ candidates.T if whole is None else (whole, whole.T)[1 - column][block]
            own = scores.gather(1, answers[block, None].to(scores.device))
            # What is no number is never found, and never behind.
            own, scores = own.where(~own.isnan(), -torch.inf), scores.where(~scores.isnan(), torch.inf)
            ranks[block, column] = (scores >= own - tie).sum(1).cpu()
    return ranks.numpy()


def _whole(one: Similarity, x: Tensor, y: Tensor) -> Float[Tensor, "n n"]:
    """What the function says of every row of X and every row of Y."""
    assert one.rows is not None
    said = one.rows(x, y)
    found = said.detach() if isinstance(said, Tensor) else torch.from_numpy(np.atleast_1d(np.asarray(said, float)))
    if found.shape != (len(x), len(y)):
        raise ValueError(
            f"expected {one.name}(X, Y) to return similarities of every row of X with every row of Y, shape "
            f"{(len(x), len(y))}, but got shape {tuple(found.shape)}"
        )
    return found.double()


def _rows(name: str, control: str, ranks: list[Int[np.ndarray, "n 2"]], sizes: list[int]) -> list[dict[str, Any]]:
    table = []
    for column, direction in enumerate(DIRECTIONS):
        found = np.concatenate([one[:, column] for one in ranks])
        for size in sizes:
            share = float((found <= size).mean())
            low, high = wilson(share, len(ranks[0]))
            table.append(
                {
                    "measure": name,
                    CONTROL: control,
                    "direction": direction,
                    "k": size,
                    "correct": int((found <= size).sum()),
                    "trials": len(found),
                    "accuracy": share,
                    "low": low,
                    "high": high,
                    "median_rank": float(np.median(found)),
                    "chance": size / len(ranks[0]),
                }
            )
    return table


def _details(name: str, ranks: Int[np.ndarray, "n 2"]) -> list[dict[str, Any]]:
    return [
        {"measure": name, "item": i, "direction": direction, "rank": int(ranks[i, column])}
        for i in range(len(ranks))
        for column, direction in enumerate(DIRECTIONS)
    ]
