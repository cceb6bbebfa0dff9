"""Set retrieval: does a set of rows match its partners better than sets of other rows?"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from embwidget.arrays.blocks import full_precision
from embwidget.arrays.options import check_one_of, check_seed, check_whole
from embwidget.arrays.pair import checked_pair
from embwidget.arrays.row_hashes import row_hashes
from embwidget.neighbors.search import METRICS, knn
from embwidget.tasks.benchmark_result import CONTROL, PLAIN, SHUFFLED, BenchmarkResult
from embwidget.tasks.proportions import wilson
from embwidget.tasks.similarities import Similarity, check_sides, similarities_of
from embwidget.work.progress import Progress, part, progress_bar

KINDS = ("random", "nearest")


def set_retrieval(
    X: Any,
    Y: Any,
    similarities: Any,
    *,
    sizes: Any = (8, 64),
    distractors: Any = KINDS,
    sets: Any = 10,
    repeats: Any = 1,
    shuffles: Any = 1,
    sides: Any = ("x", "y"),
    metric: Any = "euclidean",
    random_state: Any = 0,
    progress: Any = True,
) -> BenchmarkResult:
    r"""How often a set of rows of Y is more similar to its partners in X than to every one of other sets of X.

    For translations (X one language, Y the other), pictures and captions, two views of anything. Rows are cut at
    random into sets of one size; each set of Y is a trial, right where
    :math:`s(X_T, Y_T) > s(X_D, Y_T)` for all sets D of distractors. ``"random"`` distractors are other rows;
    ``"nearest"`` are hard: the j-th set holds for each row of T its j-th nearest neighbour in X. Neither holds a row of
    T, nor one row twice.

    Beside each measure stands its control, the rows of Y shuffled, and for a `ContraSim` its untrained encoder.
    A measure of few rows in many dimensions has little power: biased CKA of 8 rows in 768 is 0.99 for any data.

    Args:
        X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes of paired rows, not those that a measure was fitted on.
        similarities: a measure's name, a function of (X, Y) that returns more for more similar, a fitted `ContraSim`
            or `RidgeCCA`; or several as ``{name: similarity}``.
        sizes: rows in a set; several give a curve.
        distractors: ``"random"``, ``"nearest"``, or both.
        sets: distractor sets in each trial.
        repeats: how many times the rows are cut into sets.
        shuffles: how many times rows are shuffled for the control; 0 leaves it out.
        sides: names of X and Y among the spaces that encoders were fitted on.
        metric: by which neighbours are near.
        random_state: seed of the cuts, distractors and shuffles.
        progress: True for a bar on long work, False or None for none, or a function of (share done, what).
            Interrupting leaves nothing behind.

    Returns:
        `BenchmarkResult`: chance is 1 / (sets + 1). ``details`` has a row a trial: the similarity of the true set and
        of the best distractor. The intervals count no more trials than there are disjoint sets.

    Raises:
        TypeError, ValueError: bad arrays, sizes or similarities; too few rows; rows that a measure was fitted on.

    Example:
        >>> X = np.random.default_rng(0).normal(size=(96, 4))
        >>> def near(x, y):
        ...     return -float((x - y).square().sum())
        >>> set_retrieval(X, X + 0.1, near, sizes=8, progress=False)
        BenchmarkResult(set retrieval: near=1.0000)

    Source: Rahamim and Belinkov (2024), arXiv 2303.16992.

    """
    check_sides(sides)
    pair = checked_pair(X, Y, None, bits=metric == "hamming")
    sizes = _checked_sizes(sizes)
    kinds = _checked_kinds(distractors, metric)
    sets, repeats = check_whole("sets", sets, 1), check_whole("repeats", repeats, 1)
    shuffles, random_state = check_whole("shuffles", shuffles, 0), check_seed(random_state)
    _check_rows(pair.n, sizes, kinds, sets)
    tested = similarities_of(similarities)
    asked = _questions(pair.x, sizes=sizes, kinds=kinds, sets=sets, repeats=repeats, metric=metric, seed=random_state)
    table: list[dict[str, Any]] = []
    details: list[dict[str, Any]] = []
    warnings: list[str] = []
    with progress_bar(progress) as report, full_precision():
        for i, one in enumerate(tested):
            told = part(report, i / len(tested), (i + 1) / len(tested))
            codes = one.entered(dict(zip(sides, (pair.x, pair.y), strict=True)))
            x, y = (codes[side] for side in sides)
            times = shuffles if one.control == PLAIN else 0
            warnings += _ask(
                one, x, y, asked, shuffles=times, seed=random_state, report=told, table=table, details=details
            )
    params = {
        "n": pair.n,
        "widths": (pair.x.shape[1], pair.y.shape[1]),
        "sets": sets,
        "repeats": repeats,
        "near by": metric,
        "ties": "counted as wrong",
        "shuffles": shuffles,
        "random_state": random_state,
        "interval": "95 % (Wilson), of no more trials than disjoint sets",
    }
    first = {"size": sizes[0], "distractors": kinds[0]}
    return BenchmarkResult(
        benchmark="set retrieval",
        headline=first,
        table=tuple(table),
        details=tuple(details),
        arrays={},
        params=params,
        warnings=tuple(warnings),
    )


Question = tuple[Int[np.ndarray, " s"], Int[np.ndarray, "k s"]]
"""The rows of a set, and those of each of its distractors."""


def _questions(
    x: Float[Tensor, "n d"],
    *,
    sizes: Sequence[int],
    kinds: Sequence[str],
    sets: int,
    repeats: int,
    metric: str,
    seed: int,
) -> dict[tuple[int, str], list[Question]]:
    n = len(x)
    near, copies = None, copies_of(x)
    if "nearest" in kinds:
        most = int(np.bincount(copies).max())
        near = knn(x, min(n - 1, most * (sets + 2 * max(sizes))), metric=metric, method="exact").indices
    asked: dict[tuple[int, str], list[Question]] = {}
    for size in sizes:
        # The same sets for every kind, so that what differs is the distractors.
        random = np.random.default_rng([seed, size])
        orders = [random.permutation(n) for _ in range(repeats)]
        cut = [order[start : start + size] for order in orders for start in range(0, n - size + 1, size)]
        for kind in kinds:
            asked[size, kind] = [
                (true, _random(true, copies, sets, random) if kind == "random" else _nearest(true, near, copies, sets))
                for true in cut
            ]
    return asked


def copies_of(x: Float[Tensor, "n d"]) -> Int[np.ndarray, " n"]:
    """A number for each row, the same for equal rows: a copy of a true item is no distractor."""
    return np.unique(row_hashes(x), return_inverse=True)[1].reshape(-1).astype(np.int64)


def _random(
    true: Int[np.ndarray, " s"], copies: Int[np.ndarray, " n"], sets: int, random: np.random.Generator
) -> Int[np.ndarray, "k s"]:
    rest = np.flatnonzero(~np.isin(copies, copies[true]))
    if len(rest) < len(true):
        raise ValueError(f"expected at least {len(true)} rows that are no copies of a set but got {len(rest)}")
    return np.array([random.choice(rest, len(true), replace=False) for _ in range(sets)])


def _nearest(
    true: Int[np.ndarray, " s"], near: Any, copies: Int[np.ndarray, " n"], sets: int
) -> Int[np.ndarray, "k s"]:
    """For each row its j-th nearest neighbour out of the set; the next one where the distractor has that already."""
    own = np.isin(copies, copies[true])
    lists = [[int(j) for j in near[row] if not own[j]] for row in true]
    if min(map(len, lists)) < sets + len(true):
        raise ValueError(
            f"expected more rows that are no copies of a set of {len(true)}; drop copies, or use fewer sets"
        )
    found = []
    for j in range(sets):
        chosen: list[int] = []
        for mine in lists:
            chosen.append(next(row for row in mine[j:] if row not in chosen))
        found.append(chosen)
    return np.array(found)


def _ask(
    one: Similarity,
    x: Tensor,
    y: Tensor,
    asked: dict[tuple[int, str], list[Question]],
    *,
    shuffles: int,
    seed: int,
    report: Progress,
    table: list[dict[str, Any]],
    details: list[dict[str, Any]],
) -> list[str]:
    """Ask a similarity all questions, as they are and with the rows of Y shuffled; what it refused, in words."""
    random, refused = np.random.default_rng(seed), []
    orders = [torch.from_numpy(random.permutation(len(y))) for _ in range(shuffles)]
    for step, ((size, kind), questions) in enumerate(asked.items()):
        report(step / len(asked), f"sets of {size} by {one.name}")
        try:
            sides = [y, *(y[order.to(y.device)] for order in orders)]
            answers, *shuffled = zip(*(_answers(one, x, sides, question) for question in questions), strict=True)
            others = [answer for each in shuffled for answer in each]
        except ValueError as error:  # one measure that sets of this size do not allow must not cost the others
            if not one.named:
                raise
            answers, others = (), []
            refused.append(f"{one.name} has no answer for sets of {size} ({error}).")
        table.append(_row(one.name, one.control, size=size, kind=kind, answers=answers, questions=questions, n=len(y)))
        if others:
            table.append(_row(one.name, SHUFFLED, size=size, kind=kind, answers=others, questions=questions, n=len(y)))
        if one.control == PLAIN:
            setting = {"measure": one.name, "size": size, "distractors": kind}
            details += [
                {**setting, "trial": i, "true": true, "best_other": best, "right": true > best}
                for i, (true, best) in enumerate(answers)
            ]
    return list(dict.fromkeys(refused))


def _answers(one: Similarity, x: Tensor, sides: Sequence[Tensor], question: Question) -> list[tuple[float, float]]:
    """For each Y, the similarity of the true set and that of the best distractor; each set is prepared once."""
    true, others = (torch.from_numpy(rows) for rows in question)
    lots = [one.prepare(x[rows.to(x.device)]) for rows in (true, *others)]
    found = []
    for y in sides:
        query = one.prepare(y[true.to(y.device)])
        scores = [one.score(lot, query) for lot in lots]
        # What is no number cannot be said to be less.
        found.append((scores[0], max(math.inf if math.isnan(value) else value for value in scores[1:])))
    return found


def _row(
    name: str,
    control: str,
    *,
    size: int,
    kind: str,
    answers: Sequence[tuple[float, float]],
    questions: list[Question],
    n: int,
) -> dict[str, Any]:
    right = sum(true > best for true, best in answers)
    share = right / len(answers) if answers else float("nan")
    low, high = wilson(share, min(len(answers), n // size))
    return {
        "measure": name,
        CONTROL: control,
        "size": size,
        "distractors": kind,
        "correct": right,
        "trials": len(answers),
        "accuracy": share,
        "low": low,
        "high": high,
        "chance": 1 / (len(questions[0][1]) + 1),
    }


def _checked_sizes(sizes: Any) -> list[int]:
    listed = [sizes] if np.ndim(sizes) == 0 else list(sizes)
    if not listed:
        raise ValueError("expected at least one size of sets but got none")
    return sorted({check_whole("sizes", size, 2) for size in listed})


def _checked_kinds(distractors: Any, metric: Any) -> list[str]:
    kinds = [distractors] if isinstance(distractors, str) else list(distractors)
    if not kinds or not set(kinds) <= set(KINDS):
        raise ValueError(f"expected distractors to be some of {', '.join(KINDS)} but got {distractors!r}")
    check_one_of("metric", metric, METRICS)
    return [kind for kind in KINDS if kind in kinds]


def _check_rows(n: int, sizes: Sequence[int], kinds: Sequence[str], sets: int) -> None:
    least = max(sizes) * 2 + (sets + 1 if "nearest" in kinds else 0)
    if n < least:
        raise ValueError(
            f"expected at least {least} rows for sets of {max(sizes)} and {sets} distractors but got {n}; "
            "ask for smaller sizes"
        )
