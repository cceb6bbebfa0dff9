"""Labels, classes, sections and words as columns give them."""

import tracemalloc
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from embwidget import tasks

CLASSES = ["a", "b", "c"]
TEXTS = np.eye(3)


def scored(labels: Any, classes: Any = CLASSES) -> tasks.ZeroShotAccuracy:
    codes = np.arange(30) % 3
    return tasks.zero_shot_accuracy(TEXTS[codes], TEXTS, labels, classes=classes, progress=False)


NAMES = [CLASSES[i % 3] for i in range(30)]
COLUMNS: dict[str, Any] = {
    "list": NAMES,
    "bytes": [name.encode() for name in NAMES],
    "categorical": pd.Categorical(NAMES),
    "Arrow": pa.array(NAMES),
    "Arrow dictionary": pa.chunked_array([pa.array(NAMES).dictionary_encode()]),
    "string": pd.Series(NAMES, dtype="string"),
}


@pytest.mark.parametrize("kind", COLUMNS)
def test_labels_are_taken_from_every_column(kind: str) -> None:
    found = scored(COLUMNS[kind])
    assert found.to_frame().equals(scored(NAMES).to_frame())
    assert not any("without a text" in note for note in found.warnings)


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
def test_an_image_without_a_label_is_not_scored(missing: Any) -> None:
    notes = scored([missing, *NAMES[1:]]).warnings
    assert any("1 of 30 images" in note and "(no label)" in note for note in notes)


def test_a_masked_label_is_not_shown() -> None:
    labels = np.ma.masked_array(["secret", *NAMES[1:]], mask=[True] + [False] * 29)
    assert not any("secret" in note for note in scored(labels).warnings)


def test_a_text_without_a_class_is_refused() -> None:
    with pytest.raises(ValueError, match="a class for each of the texts but got none for row 2"):
        scored(NAMES, ["a", "b", None])


def test_one_long_word_costs_its_own_length_alone() -> None:
    words = [f"w{i}" for i in range(200)]
    questions = [words[i : i + 4] for i in range(196)] + [["x" * 100_000, *words[:3]]]
    vectors = np.random.default_rng(0).normal(size=(200, 4))
    tasks.analogy_accuracy(vectors, words=words, questions=questions, progress=False)
    tracemalloc.start()
    found = tasks.analogy_accuracy(vectors, words=words, questions=questions, progress=False)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2e7
    assert any("x" * 10 in note for note in found.warnings)


def test_questions_of_numbers_in_lists_are_rows() -> None:
    vectors = np.random.default_rng(0).normal(size=(20, 4))
    rows = [[0, 1, 2, 3], [4, 5, 6, 7]]
    listed = tasks.analogy_accuracy(vectors, None, rows, progress=False)
    assert listed.to_frame().equals(tasks.analogy_accuracy(vectors, None, np.array(rows), progress=False).to_frame())
    with pytest.raises(ValueError, match=r"questions of four words, \(q, 4\)"):
        tasks.analogy_accuracy(vectors, None, [[0, 1, 2, 3], [4, 5]], progress=False)
