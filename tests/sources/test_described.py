"""Files that say what the rows of another file are."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet

import embwidget as ew
from embwidget.sources.described import described_rows

IDS = ["c", "a", "b"]


def written(folder: Path, kind: str, **columns: Any) -> Path:
    path = folder / f"items.{kind}"
    if kind == "npz":
        np.savez(path, **columns)
    else:
        parquet.write_table(pyarrow.table(columns), path)
    return path


def space(ids: list[str] | None = IDS) -> ew.Opened:
    return ew.Opened(rows=np.ones((3, 2)), ids=None if ids is None else tuple(ids), path="old.npy")


@pytest.mark.parametrize("kind", ["npz", "parquet"])
def test_rows_are_found_by_ids_in_any_order_and_number(tmp_path: Path, kind: str) -> None:
    path = written(tmp_path, kind, id=["a", "b", "more", "c"], label=["A", "B", "M", "C"], text=["1", "2", "m", "3"])
    found = described_rows(path, space())
    assert found.labels.tolist() == ["C", "A", "B"] and found.texts == ("3", "1", "2")


@pytest.mark.parametrize("ids", [None, IDS], ids=["without", "with"])
def test_without_ids_in_both_rows_are_paired_by_place(tmp_path: Path, ids: list[str] | None) -> None:
    columns = {"sort": ["x", "y", "z"]} | ({"id": IDS} if ids is None else {})
    path = written(tmp_path, "parquet", **columns)
    assert described_rows(path, space(ids), labels="sort").labels.tolist() == ["x", "y", "z"]


@pytest.mark.parametrize(
    ("columns", "asked", "said"),
    [
        ({"id": ["a", "b"], "label": ["A", "B"]}, {}, "a row in items.npz for each id of old.npy but 1 have none"),
        ({"label": ["A", "B"]}, {}, "each of the 3 rows of old.npy but got 2"),
        ({"id": IDS}, {}, "expected labels, texts or images in items.npz but"),
        ({"label": IDS}, {"texts": "words"}, "expected texts to name a part of items.npz but got texts='words'"),
        ({"id": ["a", "a", "b"], "label": IDS}, {}, "expected unique ids"),
    ],
    ids=["ids", "number", "nothing", "name", "twice"],
)
def test_what_does_not_fit_is_told(tmp_path: Path, columns: Any, asked: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        described_rows(written(tmp_path, "npz", **columns), space(), **asked)
