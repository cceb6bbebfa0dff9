"""Analogy questions as row numbers: what is asked, what cannot be, and how each section came out."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from embwidget.arrays.options import as_number
from embwidget.tasks.accuracies import AnalogyAccuracy
from embwidget.tasks.cosine_ranks import UnitRows, cosine_ranks
from embwidget.tasks.proportions import independent_trials, wilson
from embwidget.texts.columns import column, texts_of
from embwidget.work.progress import Progress, part


@dataclass(frozen=True)
class Questions:
    """Questions of row numbers, -1 for a word without a row; the section of each; all sections, also empty ones.

    ``missing`` counts the questions that each word without a row is in.
    """

    rows: Int[np.ndarray, "q 4"]
    section: Int[np.ndarray, " q"]
    sections: tuple[str, ...]
    missing: dict[str, int]
    folded: int

    @property
    def known(self) -> Bool[np.ndarray, " q"]:
        """Which questions have all four words."""
        return np.asarray((self.rows >= 0).all(1))


def questions_of(questions: Any, words: Any, sections: Any, n: int) -> Questions:
    """Check questions (of words, of row numbers, or as `embwidget.datasets.read_analogies` gives them)."""
    declared: Sequence[str] = ()
    if hasattr(questions, "question_sections"):
        if sections is None:
            sections, declared = questions.question_sections, questions.sections
        questions = questions.questions
    vocabulary = None if words is None else _vocabulary(words, n)
    rows, missing, folded = _rows(questions, vocabulary, n)
    named = [""] * len(rows) if sections is None else texts_of(column(sections, "sections"))
    if len(named) != len(rows):
        raise ValueError(f"expected the section of each of {len(rows)} questions but got {len(named)}")
    names = tuple(dict.fromkeys([*declared, *named]))
    number = {name: i for i, name in enumerate(names)}
    found = Questions(rows, np.array([number[name] for name in named], np.int64), names, missing, folded)
    if not found.known.any():
        raise ValueError(
            f"expected at least one question of words in the vocabulary but {_none(len(rows), folded)}; "
            f"{'lower-case the words of the questions' if folded else 'check that the words are of one language'}"
        )
    return found


@dataclass(frozen=True)
class Ranked:
    """Of each question that can be asked: the answer's rank, how many words tie with it, out of how many candidates.

    ``hopeless`` are those whose answer is a word of the question, and excluded.
    """

    rank: Int[np.ndarray, " a"]
    tied: Int[np.ndarray, " a"]
    candidates: Int[np.ndarray, " a"]
    hopeless: Bool[np.ndarray, " a"]


def ranked(
    x: Float[Tensor, "n d"],
    questions: Questions,
    *,
    exclude: bool,
    normalize: bool,
    within: bool,
    device: torch.device,
    progress: Progress,
) -> Ranked:
    """Rank each answer among all words, or ``within`` the answers of its own section."""
    rows, section = questions.rows[questions.known], questions.section[questions.known]
    if not within:
        section = np.zeros_like(section)
    above, tied, candidates = (np.zeros(len(rows), np.int64) for _ in range(3))
    sections = np.unique(section)
    for i, one in enumerate(sections):
        here = np.flatnonzero(section == one)
        kept = np.unique(rows[here, 3]) if within else np.arange(len(x))
        report = part(progress, i / len(sections), (i + 1) / len(sections))
        above[here], tied[here] = _ranks(
            x, rows[here], kept, exclude=exclude, normalize=normalize, device=device, progress=report
        )
        candidates[here] = len(kept) - (_distinct(rows[here, :3], kept) if exclude else 0)
    hopeless = (rows[:, :3] == rows[:, 3:]).any(1) & bool(exclude)
    rank = np.where(hopeless, candidates + 1, above + tied + 1)
    return Ranked(rank, tied, candidates, hopeless)


def analogy_result(questions: Questions, found: Ranked, params: dict[str, Any]) -> AnalogyAccuracy:
    """Count what is right, per section and overall."""
    known = questions.known
    table = tuple(
        _section_row(name, questions, found, questions.section == i) for i, name in enumerate(questions.sections)
    )
    overall = _section_row("", questions, found, np.ones(len(known), bool))
    ranks = np.zeros(len(known), np.int64)
    ranks[known] = found.rank
    return AnalogyAccuracy(
        accuracy=overall["accuracy"],
        interval=(overall["low"], overall["high"]),
        correct=overall["correct"],
        answered=overall["answered"],
        questions=len(known),
        sections=table,
        ranks=ranks,
        missing=questions.missing,
        params=params,
        warnings=_notes(questions, table, int(found.hopeless.sum())),
    )


def _section_row(name: str, questions: Questions, found: Ranked, here: Bool[np.ndarray, " q"]) -> dict[str, Any]:
    at = here[questions.known]
    rows, right = questions.rows[questions.known][at], (found.rank == 1)[at]
    asked, answered = int(here.sum()), len(rows)
    accuracy = float(right.mean()) if answered else math.nan
    low, high = wilson(accuracy, independent_trials(right, _pairs(rows)) if answered else 0)
    return {
        "section": name,
        "questions": asked,
        "answered": answered,
        "out_of_vocabulary": asked - answered,
        "correct": int(right.sum()),
        "accuracy": accuracy,
        "low": low,
        "high": high,
        "chance": float((1 / found.candidates[at].clip(1)).mean()) if answered else math.nan,
        "tied": int((found.tied[at] > 0).sum()),
    }


def _notes(questions: Questions, table: Sequence[dict[str, Any]], hopeless: int) -> tuple[str, ...]:
    found = []
    asked, lost = len(questions.rows), int((~questions.known).sum())
    if lost:
        words = ", ".join(repr(word) for word in list(questions.missing)[:5])
        folded = f"; lower-cased, {questions.folded} of them have a vector" if questions.folded else ""
        named = f" ({len(questions.missing)} words have no vector: {words}{folded})" if words else ""
        found.append(f"{lost:,} of {asked:,} questions were not asked for want of a vector{named}.")
    empty = [row["section"] for row in table if not row["answered"]]
    if empty:
        found.append(f"No question could be asked in {', '.join(map(repr, empty))}: no accuracy there.")
    tied = sum(row["tied"] for row in table)
    if tied:
        found.append(f"{tied:,} answers are no nearer than another word; a tie counts against the answer.")
    if hopeless:
        found.append(f"{hopeless:,} questions want one of their own words, which is excluded: they count as wrong.")
    return tuple(found)


def _ranks(
    x: Float[Tensor, "n d"],
    rows: Int[np.ndarray, "q 4"],
    kept: Int[np.ndarray, " c"],
    *,
    exclude: bool,
    normalize: bool,
    device: torch.device,
    progress: Progress,
) -> tuple[Int[np.ndarray, " q"], Int[np.ndarray, " q"]]:
    a, b, c, _ = torch.from_numpy(rows.T)
    unit = UnitRows(x, device)

    def offset(block: slice) -> Float[Tensor, "b d"]:
        if normalize:
            return unit[b[block]] - unit[a[block]] + unit[c[block]]
        first, second, third = (x[one[block].to(x.device)].to(device, torch.float64) for one in (a, b, c))
        return second - first + third

    place = np.full(len(x), -1)
    place[kept] = np.arange(len(kept))
    own = torch.from_numpy(place[rows]).to(device)
    candidates = x if len(kept) == len(x) else x[torch.from_numpy(kept).to(x.device)]
    found = cosine_ranks(offset, candidates, own[:, 3], own[:, :3] if exclude else None, device, progress)
    return found.above.numpy(), found.tied.numpy()


def _vocabulary(words: Any, n: int) -> dict[str, int]:
    listed = [str(word) for word in words]
    if len(listed) != n:
        raise ValueError(f"expected the word of each of the {n} vectors but got {len(listed)} words")
    vocabulary: dict[str, int] = {}
    for row, word in enumerate(listed):
        if vocabulary.setdefault(word, row) != row:
            raise ValueError(
                f"expected each word once but got {word!r} in rows {vocabulary[word]} and {row}; keep one of them"
            )
    return vocabulary


def _rows(questions: Any, vocabulary: dict[str, int] | None, n: int) -> tuple[np.ndarray, dict[str, int], int]:
    array = _table(questions)
    if array.ndim != 2 or array.shape[1] != 4 or not len(array):
        raise ValueError(f"expected questions of four words, (q, 4), at least one, but got shape {array.shape}")
    if array.dtype.kind in "iu":
        if array.max() >= n or array.min() < -1:
            raise ValueError(f"expected row numbers in 0 … {n - 1}, or -1 for a word without a vector, in questions")
        return array.astype(np.int64), {}, 0
    if array.dtype.kind not in "UOT":
        raise TypeError(f"expected questions of words or of row numbers but got {array.dtype}")
    if vocabulary is None:
        raise ValueError("expected words, the word of each vector, beside questions of words but got None")
    flat = [str(word) for word in array.reshape(-1)]
    rows = np.array([vocabulary.get(word, -1) for word in flat], np.int64).reshape(-1, 4)
    asked = [{*flat[4 * row : 4 * row + 4]} for row in np.flatnonzero((rows < 0).any(1)).tolist()]
    lost = Counter(word for words in asked for word in words if word not in vocabulary)
    missing = dict(sorted(lost.items(), key=lambda pair: (-pair[1], pair[0])))
    return rows, missing, sum(word.lower() in vocabulary for word in missing)


def _table(questions: Any) -> np.ndarray:
    """Words as objects: in an array of strings each takes the room of the longest."""
    if hasattr(questions, "__array__"):
        return np.asarray(questions)
    array = np.array([*questions], dtype=object)
    numbers = array.size and all(as_number(value) is not None for value in array.reshape(-1))
    return array.astype(np.int64) if numbers else array


def _none(asked: int, folded: int) -> str:
    return f"none of {asked:,} has all four" + (
        f" (lower-cased, {folded} of their words would be there)" if folded else ""
    )


def _pairs(rows: Int[np.ndarray, "q 4"]) -> Int[np.ndarray, "q two"]:
    """A number for the word pair (a, b) and one for (c, d)."""
    _, ids = np.unique(rows.reshape(-1, 2), axis=0, return_inverse=True)
    return ids.reshape(-1, 2).astype(np.int64)


def _distinct(rows: Int[np.ndarray, "q e"], kept: Int[np.ndarray, " c"]) -> Int[np.ndarray, " q"]:
    """How many different rows of those kept each question shows."""
    ordered = np.sort(rows, axis=1)
    new = np.concatenate([np.ones((len(rows), 1), bool), ordered[:, 1:] != ordered[:, :-1]], axis=1)
    return (new & np.isin(ordered, kept)).sum(1)
