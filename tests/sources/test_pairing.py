"""Opened spaces in the verbs: joined by their ids, with their items and maps."""

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest
from opened_files import IDS, LABELS, ROWS, TEXTS, N, table
from pyarrow import parquet

import embwidget as ew
from embwidget.arrays import pair as pairing
from embwidget.arrays.reading import gathered

ORDER = np.random.default_rng(2).permutation(N)[:500]
OTHER = (ROWS**2).astype(np.float64)


@pytest.fixture
def both(tmp_path: Path) -> tuple[ew.Opened, ew.Opened]:
    """All rows, and 500 of them in another order."""
    parquet.write_table(table(), tmp_path / "old.parquet")
    parquet.write_table(table(OTHER[ORDER], [IDS[i] for i in ORDER]), tmp_path / "new.parquet")
    return ew.open(tmp_path / "old.parquet"), ew.open(tmp_path / "new.parquet")


def test_two_files_are_joined_by_their_ids(both: tuple[ew.Opened, ew.Opened]) -> None:
    kept = np.sort(ORDER)
    pair = ew.paired(*both)
    np.testing.assert_array_equal(pair.x, ROWS[kept])
    np.testing.assert_array_equal(pair.y, OTHER[kept])
    assert pair.ids == tuple(IDS[i] for i in kept) and pair.dropped == (100, 0)
    assert "Rows of X and Y were joined by the ids in their files." in pair.notes
    by_place = ew.paired(both[0].rows[:500], both[1].rows)
    np.testing.assert_array_equal(by_place.y, OTHER[ORDER])


def test_compare_takes_what_the_files_say(both: tuple[ew.Opened, ew.Opened]) -> None:
    found = ew.compare(*both, measures=["cka"], progress=False)
    kept = np.sort(ORDER)
    expected = ew.compare(ROWS[kept], OTHER[kept], measures=["cka"], progress=False)
    assert found.scores["cka"].value == expected.scores["cka"].value
    np.testing.assert_array_equal(found.counts, expected.counts)
    assert found.items.labels.tolist() == [LABELS[i] for i in kept]
    assert found.items.texts == tuple(TEXTS[i] for i in kept)
    assert any("joined by the ids" in one for one in found.warnings)
    assert any("100 of X, 0 of Y" in one for one in found.warnings)
    own = ew.Items(labels=TEXTS)
    given = ew.compare(*both, items=own, measures=["cka"], progress=False)
    assert given.items.labels.tolist() == [TEXTS[i] for i in kept] and given.items.texts is None


@pytest.mark.parametrize("verb", ["spec", "cka", "align", "compare_many", "knn", "retrieval"])
def test_every_verb_takes_them(verb: str, both: tuple[ew.Opened, ew.Opened]) -> None:
    kept = np.sort(ORDER)
    x, y = ROWS[kept], OTHER[kept]
    if verb == "spec":
        found, expected = (ew.spec(a, b, kernel="cosine", progress=False) for a, b in (both, (x, y)))
        np.testing.assert_array_equal(found.eigenvalues, expected.eigenvalues)
        assert found.items.labels.tolist() == [LABELS[i] for i in kept]
    elif verb == "cka":
        assert ew.measures.cka(*both).value == ew.measures.cka(x, y).value
    elif verb == "align":
        found = ew.align(*both, method="procrustes", progress=False)
        assert found.items.texts == tuple(TEXTS[i] for i in kept)
    elif verb == "compare_many":
        spaces = {"old": both[0], "new": both[1]}
        found = ew.compare_many(spaces, measure="cka", progress=False)
        assert found.values[0, 1] == ew.measures.cka(x, y).value
        assert found.params["dropped"] == {"old": 100}
        assert found.items.texts == tuple(TEXTS[i] for i in kept)
    elif verb == "knn":
        np.testing.assert_array_equal(ew.knn(both[0], 5).indices, ew.knn(ROWS, 5).indices)
    else:
        with pytest.raises(ValueError, match=r"other labels .*pass the \.rows of what was opened"):
            ew.tasks.retrieval_accuracy(*both, fit_rows="half")


def test_of_many_files_all_are_joined(both: tuple[ew.Opened, ew.Opened]) -> None:
    found = ew.compare_many({"new": both[1], "old": both[0], "again": both[0]}, measure="cka", progress=False)
    assert found.values[1, 2] == pytest.approx(1)
    assert found.items.texts == tuple(TEXTS[i] for i in range(500)), "those of the first, which wrote its own"


def test_what_has_no_ids_is_paired_by_place_and_it_is_said(both: tuple[ew.Opened, ew.Opened]) -> None:
    pair = ew.paired(both[0], OTHER)
    np.testing.assert_array_equal(pair.y, OTHER)
    assert pair.notes == ("Only X has ids, so its rows were paired by place.",)
    assert pair.items.texts == tuple(TEXTS) and ew.paired(OTHER, both[0]).items.texts == tuple(TEXTS)
    frame = pd.DataFrame(OTHER, index=IDS).iloc[ORDER]
    with pytest.raises(ValueError, match=r"other labels .*ids=\(X.ids, Y.ids\)\), with \.index in place of \.ids"):
        ew.paired(both[0], frame)
    joined = ew.paired(both[0], frame, ids=(both[0].ids, frame.index))
    np.testing.assert_array_equal(joined.y, OTHER[np.sort(ORDER)])


def test_files_without_a_common_id_are_refused(both: tuple[ew.Opened, ew.Opened], tmp_path: Path) -> None:
    parquet.write_table(table(OTHER, list(range(N))), tmp_path / "numbered.parquet")
    with pytest.raises(ValueError, match="share ids but got none in common"):
        ew.compare(both[0], ew.open(tmp_path / "numbered.parquet"))


def test_maps_of_both_files_are_drawn(tmp_path: Path, written: Callable[[str], Path]) -> None:
    first = ew.open(written("a.h5ad"))
    with h5py.File(tmp_path / "b.h5ad", "w") as file:
        file["obsm/X_pca"], file["obsm/X_umap"] = ROWS[::-1], ROWS[::-1, 2:4]
        file["obs/_index"] = IDS[::-1]
        file["obs"].attrs["_index"] = "_index"
    found = ew.compare(first, ew.open(tmp_path / "b.h5ad"), measures=[], progress=False)
    given = ew.compare(ROWS, ROWS, maps=(ROWS[:, :2], ROWS[:, 2:4]), measures=[], progress=False)
    assert found.drawn[0].method == "given"
    np.testing.assert_allclose(found.maps, given.maps)
    chosen = ew.compare(first, ew.open(tmp_path / "b.h5ad"), maps="pca", measures=[], progress=False)
    assert chosen.drawn[0].method != "given"
    alone = ew.compare(first, ROWS, measures=[], progress=False)
    assert alone.drawn[0].method != "given"


def test_rows_of_a_large_join_are_not_in_memory_whole(
    both: tuple[ew.Opened, ew.Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pairing, "WORTH_A_WORD", 1)
    monkeypatch.setattr(gathered, "free_memory", lambda: 0)
    asked: list[str] = []
    plain = gathered.gathered
    monkeypatch.setattr(pairing, "gathered", lambda *args: asked.append(args[3]) or plain(*args))
    pair = ew.paired(*both)
    np.testing.assert_array_equal(pair.x, ROWS[np.sort(ORDER)])
    assert asked == ["the joined rows of X", "the joined rows of Y"]
    asked.clear()
    assert ew.paired(both[0], both[0]).n == N and asked == [], "what is in order is taken as it is"
