"""The tables of the tasks across two spaces: one row a class, one row a direction and size."""

import math
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from embwidget.arrays.options import check_whole
from embwidget.tasks.accuracies import ZeroShotAccuracy
from embwidget.tasks.class_texts import ClassTexts
from embwidget.tasks.cosine_ranks import UnitRows, cosine_ranks
from embwidget.tasks.proportions import wilson
from embwidget.tasks.task_result import Rows
from embwidget.work.progress import Progress


def partner_ranks(
    queries: Float[Tensor, "q d"],
    candidates: Float[Tensor, "c d"],
    answers: Int[Tensor, " q"],
    device: torch.device,
    progress: Progress,
) -> tuple[Int[np.ndarray, " q"], int]:
    """The rank of each query's answer among the candidates by cosine, and how many answers tie with another."""
    unit = UnitRows(queries, device)
    found = cosine_ranks(unit.__getitem__, candidates, answers.to(device), None, device, progress)
    return found.rank.numpy(), int((found.tied > 0).sum())


def checked_sizes(k: Any) -> list[int]:
    """Sizes for accuracy among the k nearest, ascending.

    Raises:
        ValueError: none, or one that is no whole number of at least 1.

    """
    sizes = [k] if np.ndim(k) == 0 else list(k)
    if not sizes:
        raise ValueError(f"expected k to be whole numbers, at least 1, but got {k!r}")
    return sorted({check_whole("k", size, 1) for size in sizes})


def _sizes_within(sizes: list[int], candidates: int) -> list[int]:
    """Those of the sizes that are no more than the candidates, or else all candidates."""
    return [size for size in sizes if size <= candidates] or [candidates]


def zero_shot_result(
    texts: ClassTexts,
    of: Int[np.ndarray, " m"],
    rank: Int[np.ndarray, " s"],
    *,
    sizes: list[int],
    scored: Int[np.ndarray, " m"],
    params: dict[str, Any],
    notes: tuple[str, ...],
) -> ZeroShotAccuracy:
    """Count what is right, per class and overall; ``rank`` is of the images whose class has a text."""
    ranks = np.zeros(len(of), np.int64)
    ranks[of >= 0] = rank
    correct, answered = int((rank == 1).sum()), len(rank)
    accuracy = correct / answered
    return ZeroShotAccuracy(
        accuracy=accuracy,
        interval=wilson(accuracy, answered),
        top={size: float((rank <= size).mean()) for size in _sizes_within(sizes, len(texts.names))},
        correct=correct,
        scored=answered,
        images=len(of),
        classes=_class_rows(texts, of[of >= 0], rank),
        ranks=ranks,
        rows=scored,
        params=params,
        warnings=notes,
    )


def _class_rows(texts: ClassTexts, of: Int[np.ndarray, " m"], rank: Int[np.ndarray, " m"]) -> Rows:
    """One row a class: class, images, prompts, correct, accuracy, low, high; NaN where no image is of the class."""
    images = np.bincount(of, minlength=len(texts.names))
    correct = np.bincount(of[rank == 1], minlength=len(texts.names))
    table = []
    for i, name in enumerate(texts.names):
        accuracy = float(correct[i] / images[i]) if images[i] else math.nan
        low, high = wilson(accuracy, int(images[i]))
        table.append(
            {
                "class": name,
                "images": int(images[i]),
                "prompts": int(texts.prompts[i]),
                "correct": int(correct[i]),
                "accuracy": accuracy,
                "low": low,
                "high": high,
            }
        )
    return tuple(table)


def class_notes(
    texts: ClassTexts, of: Int[np.ndarray, " m"], tied: int, seen: Int[np.ndarray, " f"] | None
) -> tuple[str, ...]:
    """What to know before believing a zero-shot accuracy, in sentences."""
    found, lost = [], int((of < 0).sum())
    if lost:
        named = ", ".join("no label" if name is None else repr(name) for name in texts.unknown[:5])
        found.append(f"{lost:,} of {len(of):,} images are of classes without a text ({named}): not scored.")
    empty = len(texts.names) - len(np.unique(of[of >= 0]))
    if empty:
        found.append(
            f"{empty:,} of {len(texts.names):,} classes have no scored image; they are candidates all the same."
        )
    if tied:
        found.append(f"{tied:,} images are as near another class; a tie counts against them.")
    if seen is not None:
        share = float(np.isin(of[of >= 0], seen).mean())
        found.append(f"{share:.0%} of the scored images are of classes that the map was fitted on.")
    return tuple(found)


def recall_rows(ranks: Int[np.ndarray, "m 2"], sizes: list[int]) -> Rows:
    """One row a direction and size: direction, k, recall, low, high, chance, median_rank."""
    table = []
    for column, direction in enumerate(("X to Y", "Y to X")):
        for size in _sizes_within(sizes, len(ranks)):
            recall = float((ranks[:, column] <= size).mean())
            low, high = wilson(recall, len(ranks))
            table.append(
                {
                    "direction": direction,
                    "k": size,
                    "recall": recall,
                    "low": low,
                    "high": high,
                    "chance": size / len(ranks),
                    "median_rank": float(np.median(ranks[:, column])),
                }
            )
    return tuple(table)
