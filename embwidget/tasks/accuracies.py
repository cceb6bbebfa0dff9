"""What the tasks return: an accuracy with its interval, its table, and what to know before believing it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Int

from embwidget.results.record import from_record
from embwidget.tasks.task_result import Rows, TaskResult


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class AnalogyAccuracy(TaskResult):
    """How many analogy questions the offset answers; see `analogy_accuracy`.

    Attributes:
        accuracy: share of the answered questions whose answer is the nearest word.
        interval: 95 % interval of it.
        correct, answered, questions: counts; ``questions - answered`` had a word without a vector.
        sections: one row a section: section, questions, answered, out_of_vocabulary, correct, accuracy, low, high,
            chance, tied. The accuracy of a section without an answered question is NaN.
        ranks: rank of each question's answer, ``(q,)``: 1 is right, 0 was not asked.
        missing: each word without a vector, and in how many questions it is.
        params: all that the numbers depend on.
        warnings: what to know before believing them.

    """

    accuracy: float
    interval: tuple[float, float]
    correct: int
    answered: int
    questions: int
    sections: Rows
    ranks: Int[np.ndarray, " q"]
    missing: dict[str, int]
    params: dict[str, Any]
    warnings: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The finding in one plain sentence."""
        return f"{self.correct:,} of {self.answered:,} analogy questions answered: {_percent(self)}"

    @property
    def _rows(self) -> Rows:
        return self.sections

    @classmethod
    def _unpacked(cls, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
        return from_record(header, arrays)

    def __repr__(self) -> str:
        lost = self.questions - self.answered
        unasked = f", {lost} out of vocabulary" if lost else ""
        return f"AnalogyAccuracy({_share(self)}, {len(self.sections)} sections{unasked})"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ZeroShotAccuracy(TaskResult):
    """How many images lie nearest the text of their own class; see `zero_shot_accuracy`.

    Attributes:
        accuracy: share of the scored images whose class text is the nearest one (top 1).
        interval: 95 % interval of it.
        top: the share whose class text is among the k nearest, by k.
        correct, scored, images: counts; ``images - scored`` are of a class without a text.
        classes: one row a class: class, images, prompts, correct, accuracy, low, high.
        ranks: rank of each image's class, ``(m,)``: 1 is right, 0 has no class text.
        rows: row numbers of these images, ``(m,)``.
        params: all that the numbers depend on.
        warnings: what to know before believing them.

    """

    accuracy: float
    interval: tuple[float, float]
    top: dict[int, float]
    correct: int
    scored: int
    images: int
    classes: Rows
    ranks: Int[np.ndarray, " m"]
    rows: Int[np.ndarray, " m"]
    params: dict[str, Any]
    warnings: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The finding in one plain sentence."""
        return f"{self.correct:,} of {self.scored:,} images nearest their own class text: {_percent(self)}"

    @property
    def _rows(self) -> Rows:
        return self.classes

    @classmethod
    def _unpacked(cls, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
        return from_record(header, arrays) | {"top": {int(k): share for k, share in header["top"].items()}}

    def __repr__(self) -> str:
        lost = self.images - self.scored
        unscored = f", {lost} without a class text" if lost else ""
        more = "".join(f", top-{k}={share:.4f}" for k, share in self.top.items() if k > 1)
        return f"ZeroShotAccuracy({_share(self)}{more}, {len(self.classes)} classes{unscored})"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class RetrievalAccuracy(TaskResult):
    """How often an item's partner is among the k nearest, both ways; see `retrieval_accuracy`.

    Attributes:
        accuracy: mean recall at the least k, over both directions.
        table: one row for each direction and k: direction, k, recall, low, high, chance, median_rank.
        ranks: rank of each item's partner, ``(m, 2)``: from X among Y's rows, and from Y among X's.
        rows: row numbers of these items, ``(m,)``.
        params: all that the numbers depend on.
        warnings: what to know before believing them.

    """

    accuracy: float
    table: Rows
    ranks: Int[np.ndarray, "m 2"]
    rows: Int[np.ndarray, " m"]
    params: dict[str, Any]
    warnings: tuple[str, ...]

    def recall(self, k: int) -> tuple[float, float]:
        """Share of items whose partner is among the ``k`` nearest: X to Y, and Y to X."""
        first, second = (self.ranks <= k).mean(0)
        return float(first), float(second)

    @property
    def sentence(self) -> str:
        """The finding in one plain sentence."""
        k = self.table[0]["k"]
        first, second = self.recall(k)
        return (
            f"Of {len(self.rows):,} items, {first:.1%} find their partner among the {k} nearest from X to Y, "
            f"{second:.1%} from Y to X."
        )

    @property
    def _rows(self) -> Rows:
        return self.table

    @classmethod
    def _unpacked(cls, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
        return from_record(header, arrays)

    def __repr__(self) -> str:
        k = self.table[0]["k"]
        first, second = self.recall(k)
        return f"RetrievalAccuracy(n={len(self.rows)}, recall@{k}: X to Y {first:.4f}, Y to X {second:.4f})"


def _share(result: Any) -> str:
    low, high = result.interval
    answered = getattr(result, "answered", None)
    total = result.scored if answered is None else answered
    return f"accuracy={result.accuracy:.4f} ({low:.4f}–{high:.4f}), {result.correct} of {total}"


def _percent(result: Any) -> str:
    low, high = result.interval
    return f"{result.accuracy:.1%} (95 % interval {low:.1%} – {high:.1%})."
