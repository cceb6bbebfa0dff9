"""Whether coordinates are the same, and what was done to those that are not, beside float64 definitions."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import embwidget as ew
from embwidget.comparison.coordinates import deviations, relation, tolerance

N, D = 120, 24
RNG = np.random.default_rng(0)
OLD = RNG.normal(size=(N, D)).astype(np.float32)
TURN = np.linalg.qr(RNG.normal(size=(D, D)))[0]
SIGNS = np.where(np.arange(D) % 3, 1, -1)


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_deviations_are_those_of_the_definition() -> None:
    new = OLD + 0.05 * RNG.normal(size=OLD.shape)
    found = ew.same(OLD, new)
    old = OLD.astype(np.float64)
    longer = np.maximum(np.linalg.norm(old, axis=1), np.linalg.norm(new, axis=1))
    np.testing.assert_allclose(found.cosine, (unit(old) * unit(new)).sum(1), rtol=1e-12)
    np.testing.assert_allclose(found.relative, np.linalg.norm(new - old, axis=1) / longer, rtol=1e-12)
    np.testing.assert_allclose(found.largest, np.abs(new - old).max(1), rtol=1e-12)
    assert not found and found.kind == "other" and not found.within.any()
    worst = [row["item"] for row in found.worst]
    assert worst == np.argsort(-found.relative)[:20].tolist()
    assert ew.same(OLD, new, tolerance=0.2) and ew.same(OLD, new, tolerance=0.2).kind == "same"


@pytest.mark.parametrize(
    ("stored", "tolerance"),
    [
        (OLD.astype(np.float16), 2.0**-10),
        (torch.from_numpy(OLD).bfloat16(), 2.0**-7),
        (OLD.astype(np.float64) * (1 + 1e-4), 2.0**-10),
    ],
    ids=["float16", "bfloat16", "float64"],
)
def test_storage_alone_changes_nothing(stored: Any, tolerance: float) -> None:
    found = ew.same(OLD, stored)
    assert found and found.tolerance == tolerance and found.kind == "same"
    assert found.sentence.startswith("The same coordinates: every one of 120 rows")
    assert not ew.same(OLD, stored, tolerance=1e-7)


def test_int8_has_the_same_directions_within_half_a_step() -> None:
    codes = np.round(OLD * (127 / np.abs(OLD).max())).astype(np.int8)
    assert ew.same(OLD, codes).kind == "scaled"
    found = ew.same(OLD, codes, metric="cosine")
    assert found and found.relative.max() <= found.tolerance < 0.1
    assert not ew.same(OLD, codes, metric="cosine", tolerance=2.0**-10)


CHANGES: dict[str, tuple[str, Callable[[], np.ndarray], str]] = {
    "scaled": ("scaled", lambda: 3 * OLD, "multiplied by 3,"),
    "normalised": ("lengths", lambda: unit(OLD), r"lengths of rows differ \(the new ones are normalised\)"),
    "signs": ("signs", lambda: OLD * SIGNS, "signs of 8 of 24 columns are flipped"),
    "shifted": ("shifted", lambda: OLD + 1, r"one vector of length 4\.899 is added"),
    "reversed": ("rows", lambda: OLD[::-1], "row 0 of the new is row 119 of the old"),
    "rotated": ("rotated", lambda: OLD @ TURN, "only a rotation"),
    "rotated, doubled": ("rotated", lambda: 2 * OLD @ TURN, "only a rotation .* and rows have other lengths"),
    "truncated": ("truncated", lambda: OLD[:, :10], "the narrow one is the first 10 of 24 columns of the other"),
    "Matryoshka": ("truncated", lambda: unit(OLD[:, :10]), "first 10 of 24 columns of the other, at other lengths"),
    "wider": ("rotated", lambda: np.pad(OLD, ((0, 0), (0, 6))) @ np.eye(30)[::-1], "only a rotation"),
    "another space": ("other", lambda: RNG.normal(size=(N, D)), "no scaling, shift, permutation or rotation"),
    "another width": ("other", lambda: RNG.normal(size=(N, 9)), "24 columns and new 9; no truncation or rotation"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_says_what_was_done(change: str) -> None:
    kind, made, said = CHANGES[change]
    found = ew.same(OLD, made())
    assert (bool(found), found.kind) == (False, kind)
    assert found.sentence.startswith("Not the same: ") and re.search(said, found.sentence)


def test_changes_are_found_through_rounding_and_not_where_there_is_more_than_rounding() -> None:
    for change in ("scaled", "normalised", "signs", "shifted", "reversed", "rotated", "truncated"):
        kind, made, _ = CHANGES[change]
        assert ew.same(OLD, made().astype(np.float16)).kind == kind, change
        assert ew.same(OLD, made() + 0.02 * RNG.normal(size=made().shape)).kind == "other", change


def test_a_few_rows_that_changed_are_named() -> None:
    new = OLD.copy()
    new[[7, 30]] = new[[30, 7]]
    found = ew.same(OLD, new, items=ew.Items(texts=[f"text {i}" for i in range(N)]))
    assert (
        found.kind == "some rows" and "2 of 120 rows" in found.sentence and "the other 118 are the same" in found.said
    )
    assert {row["text"] for row in found.worst[:2]} == {"text 7", "text 30"}
    assert np.flatnonzero(~found.within).tolist() == [7, 30]


def test_rows_of_zeros_are_the_same_as_rows_of_zeros_alone() -> None:
    old, new = OLD.copy(), OLD.copy()
    old[[3, 5]] = new[3] = 0
    found = ew.same(old, new)
    assert (found.cosine[3], found.relative[3], found.within[3]) == (1, 0, True)
    assert (found.cosine[5], found.relative[5], found.within[5]) == (0, 1, False)
    assert ew.same(0 * OLD, 0 * OLD)


def test_rows_are_joined_by_ids_and_a_map_of_a_file_is_as_good(tmp_path: Path) -> None:
    ids = [f"id {i}" for i in range(N)]
    np.save(tmp_path / "canary.npy", OLD)
    stored = np.load(tmp_path / "canary.npy", mmap_mode="r")
    order = RNG.permutation(N)[:100]
    found = ew.same(stored, OLD[order], ids=(ids, [ids[i] for i in order]))
    assert found and found.n == 100 and "dropped: 20 of X, 0 of Y" in found.warnings[0]
    assert ew.same(ew.open(tmp_path / "canary.npy"), OLD).sentence == ew.same(OLD, OLD).sentence


def test_rows_out_of_memory_are_looked_at_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    spaces = [made() for kind, made, _ in CHANGES.values() if kind != "other"]
    whole = [ew.same(OLD, space).sentence for space in spaces]
    for room in (relation, deviations, tolerance):
        monkeypatch.setattr(room, "_BLOCK_BYTES", 4000)
    assert [ew.same(OLD, space).sentence for space in spaces] == whole


@pytest.mark.parametrize("scale", [1e-140, 1e-30, 1e30, 1e140])
def test_any_magnitude_will_do(scale: float) -> None:
    old = OLD.astype(np.float64) * scale
    assert ew.same(old, old * (1 + 1e-5)) and ew.same(old, 2 * old).kind == "scaled"
    assert ew.same(old, old @ TURN).kind == "rotated"


def test_bad_input_is_refused() -> None:
    broken = OLD.copy()
    broken[17, 2] = np.nan
    with pytest.raises(ValueError, match=r"finite values in Y but got NaN .*first: row 17"):
        ew.same(OLD, broken)
    with pytest.raises(ValueError, match="expected tolerance to be a number, at least 0, but got -1"):
        ew.same(OLD, OLD, tolerance=-1)
    with pytest.raises(ValueError, match="metric to be one of euclidean, cosine but got 'dot'"):
        ew.same(OLD, OLD, metric="dot")
    with pytest.raises(ValueError, match="same number of rows"):
        ew.same(OLD, OLD[:-1])
