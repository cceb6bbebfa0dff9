"""Files that are damaged, hold no embedding, or are not there: told by name, with what to do."""

import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import torch
from opened_files import ROWS, WRITERS, D, N, table
from pyarrow import parquet

import embwidget as ew
from embwidget.sources import parquet as parquet_files

LIBRARIES = {
    "a.parquet": ("pyarrow", "arrow"),
    "a.feather": ("pyarrow", "arrow"),
    "a.zarr": ("zarr", "zarr"),
    "a.lance": ("lance", "lance"),
    "a.h5ad": ("h5py", "h5ad"),
    "a.faiss": ("faiss", "faiss"),
}


def write_columns(path: Path, **columns: Any) -> Path:
    parquet.write_table(pa.table(columns), path, row_group_size=4)
    return path


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_that_was_cut_is_told_as_that(name: str, written: Callable[[str], Path]) -> None:
    path = written(name)
    parts = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file())
    told = []
    for part in parts[:: max(1, len(parts) // 6)]:
        whole = part.read_bytes()
        for share in (0, 0.1, 0.5, 0.9, 0.999):
            part.write_bytes(whole[: int(share * len(whole))])
            try:
                np.testing.assert_array_equal(ew.open(path).rows, ROWS)
            except (ValueError, FileNotFoundError) as error:
                told.append(str(error))
        part.write_bytes(whole)
    assert told and all(one.startswith("expected ") for one in told)
    assert all(one.count(path.name) or one.count("data-") for one in told)
    np.testing.assert_array_equal(ew.open(path).rows, ROWS)


def test_pickled_values_are_refused(tmp_path: Path) -> None:
    rows = np.array([[1.0], [2.0, 3.0], None], dtype=object)
    np.save(tmp_path / "a.npy", rows, allow_pickle=True)
    told = r"plain numbers and text in a\.np. but got pickled values, which could run code; save vectors as np\.stack"
    with pytest.raises(ValueError, match=told):
        ew.open(tmp_path / "a.npy")
    np.savez(tmp_path / "a.npz", embedding=np.array([rows, rows]))
    with pytest.raises(ValueError, match=told):
        ew.open(tmp_path / "a.npz")


def test_pickled_labels_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", embedding=ROWS, odd=np.array([[None]]), label=np.array(["cat"] * N, dtype=object))
    found = ew.open(tmp_path / "a.npz")
    np.testing.assert_array_equal(found.rows, ROWS)
    assert found.items is None and "'label' of a.npz holds pickled values and was not read." in found.notes
    with pytest.raises(ValueError, match=r"in a\.npz but got pickled values.*text as np\.array\(texts, dtype=str\)"):
        ew.open(tmp_path / "a.npz", labels="label")


@pytest.mark.parametrize("end", [".pt", ".pkl", ".bin", ".csv", ".jsonl", ".xyz", ""])
def test_other_formats_are_refused_with_what_to_do(end: str, tmp_path: Path) -> None:
    (tmp_path / f"a{end}").write_bytes(b"x")
    remedy = {".csv": "read_csv", ".jsonl": "read_", ".xyz": "save it as one", "": "save it as one"}
    with pytest.raises(ValueError, match=rf"ending in \.npy.*got 'a.*{remedy.get(end, 'may hold code')}"):
        ew.open(tmp_path / f"a{end}")


def test_a_table_without_the_column_names_those_it_has(tmp_path: Path) -> None:
    parquet.write_table(table().select(["id", "embedding", "text"]), tmp_path / "old.parquet")
    listed = r"the table has columns id, embedding, text: pass column='embedding'"
    for column, why in (("vector", ""), ("text", ", which holds no vectors")):
        with pytest.raises(ValueError, match=f"vectors in old.parquet but got column='{column}'{why}; {listed}"):
            ew.open(tmp_path / "old.parquet", column=column)
    with pytest.raises(ValueError, match=r"labels to name a part of old.parquet but got labels='kind'; the table has"):
        ew.open(tmp_path / "old.parquet", labels="kind")
    with pytest.raises(ValueError, match=r"but got ids='embedding', which is no single value a row"):
        ew.open(tmp_path / "old.parquet", ids="embedding")
    with pytest.raises(TypeError, match=r"expected ids to be the name of a column but got list"):
        ew.open(tmp_path / "old.parquet", ids=list(range(N)))


def test_several_or_no_vectors_are_told(tmp_path: Path) -> None:
    rows = ROWS[:10].tolist()
    path = write_columns(tmp_path / "a.parquet", id=list(range(10)), one=rows, two=rows)
    with pytest.raises(ValueError, match=r"in a.parquet but got 2: one \(list.*column='one' or column='two'"):
        ew.open(path)
    np.testing.assert_allclose(ew.open(path, column="two").rows, ROWS[:10])
    path = write_columns(tmp_path / "b.parquet", id=list(range(10)), d0=[0.5] * 10)
    with pytest.raises(ValueError, match=r"the table has columns id, d0, none of them vectors.*number columns"):
        ew.open(path)
    np.save(tmp_path / "a.npy", ROWS)
    with pytest.raises(ValueError, match=r"expected no column for a\.npy, which holds one array"):
        ew.open(tmp_path / "a.npy", column="embedding")


@pytest.mark.parametrize("high", [3, 65_536])
def test_vectors_of_unlike_widths_are_told_by_row(high: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_files, "_BATCH_ROWS", high)
    rows = ROWS[:10].tolist()
    rows[6] = rows[6][:5]
    with pytest.raises(ValueError, match=r"'e' of a.parquet but got widths from 5 to 8 .* row 6\); pool tokens"):
        ew.open(write_columns(tmp_path / "a.parquet", e=rows))
    rows[4:8] = [row[:5] for row in rows[4:8]]
    write_columns(tmp_path / "part-0.parquet", e=rows[:4])
    write_columns(tmp_path / "part-1.parquet", e=rows[4:8])
    with pytest.raises(ValueError, match=r"of one width in 'e' of part-\* but got 8 and, from row 4, 5"):
        ew.open(tmp_path / "part-*")


def test_nested_vectors_and_single_values_are_refused(tmp_path: Path) -> None:
    nested = [[[1.0, 2.0]] * 3] * 10
    with pytest.raises(ValueError, match=r"in 'e' of a.parquet but got 10 × 3 × 2; pool the tokens"):
        ew.open(write_columns(tmp_path / "a.parquet", e=nested))
    for rows, shape in ((ROWS[0], "8"), (ROWS.reshape(60, 10, D), "60 × 10 × 8")):
        np.save(tmp_path / "a.npy", rows)
        with pytest.raises(ValueError, match=rf"one vector a row .* in a\.npy but got {shape}; "):
            ew.open(tmp_path / "a.npy")
    np.save(tmp_path / "a.npy", ROWS[:0])
    with pytest.raises(ValueError, match=r"at least one row in a\.npy but got 0 × 8"):
        ew.open(tmp_path / "a.npy")
    np.save(tmp_path / "a.npy", np.zeros(3, [("x", float), ("y", float)]))
    with pytest.raises(ValueError, match=r"expected plain numbers in a\.npy"):
        ew.open(tmp_path / "a.npy")


@pytest.mark.parametrize("high", [3, 65_536])
def test_missing_vectors_of_whole_numbers_are_told_by_row(
    high: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_files, "_BATCH_ROWS", high)
    rows: list[Any] = [[1, 2]] * 10
    rows[6] = None
    path = write_columns(tmp_path / "a.parquet", e=pa.array(rows, pa.list_(pa.int8())))
    with pytest.raises(ValueError, match=r"a vector of numbers in each row of 'e' of a.parquet .* missing in row 6"):
        ew.open(path)


@pytest.mark.parametrize("missing", [False, True], ids=["nan", "null"])
def test_nan_deep_inside_is_found_with_its_row_before_a_result(missing: bool, tmp_path: Path) -> None:
    rows: list[Any] = ROWS.tolist()
    rows[411] = None if missing else [float("nan"), *rows[411][1:]]
    opened = ew.open(write_columns(tmp_path / "a.parquet", e=pa.array(rows, pa.list_(pa.float32()))))
    for verb in (ew.compare, ew.spec, ew.measures.cka):
        with pytest.raises(ValueError, match=r"NaN or infinity in 1 of 600 rows \(first: row 411"):
            verb(opened, ROWS)


@pytest.mark.parametrize("path", ["none.npy", "none", "none-*.parquet", "folder/none.zarr"])
def test_a_path_that_is_none(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=rf"there is none at '{re.escape(path)}'; relative paths begin at "):
        ew.open(path)


@pytest.mark.parametrize("held", [(), ("a.txt",), ("a.txt", "b.npy")])
def test_a_folder_that_is_no_table(held: tuple[str, ...], tmp_path: Path) -> None:
    for name in held:
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(ValueError, match=f"holds {', '.join(held) or 'nothing'}; open one of its files"):
        ew.open(tmp_path)
    (tmp_path / "_versions").mkdir()
    with pytest.raises(ValueError, match=f"expected a whole file as {tmp_path.name} but got a damaged one"):
        ew.open(tmp_path)


def test_a_lance_dataset_that_is_none(tmp_path: Path, written: Callable[[str], Path]) -> None:
    (tmp_path / "empty.lance").mkdir()
    with pytest.raises(ValueError, match=r"dataset of Lance's in empty\.lance but got a folder without _versions"):
        ew.open(tmp_path / "empty.lance")
    with pytest.raises(FileNotFoundError, match="there is none at"):
        ew.open(tmp_path / "none.lance")
    folder = written("a.lance")
    with pytest.raises(ValueError, match=r"in a\.lance but got column='text', which holds no vectors"):
        ew.open(folder, column="text")
    part = next((folder / "data").iterdir())
    with pytest.raises(ValueError, match=r"it is a part of a dataset: open the folder that holds _versions"):
        ew.open(part)


@pytest.mark.parametrize("given", [None, 3, ROWS, [1, 2], b"a.npy\xff"], ids=["none", "int", "array", "list", "bytes"])
def test_what_is_no_path(given: Any) -> None:
    with pytest.raises((TypeError, FileNotFoundError), match=r"^expected a (path|file), "):
        ew.open(given)


def test_several_files_that_are_no_parts(tmp_path: Path, written: Callable[[str], Path]) -> None:
    written("a.npy"), written("a.npz")
    with pytest.raises(ValueError, match=r"files of one format for a\.\* but got \.npy, \.npz"):
        ew.open(tmp_path / "a.*")
    shutil.copy(tmp_path / "a.npy", tmp_path / "b.npy")
    with pytest.raises(ValueError, match=r"one file ending in \.npy but \*\.npy matches 2"):
        ew.open(tmp_path / "*.npy")
    parquet.write_table(table(), tmp_path / "a.parquet")
    parquet.write_table(table().drop(["label"]), tmp_path / "b.parquet")
    with pytest.raises(ValueError, match=r"columns in all files of \*\.parquet but .*b\.parquet has id \(string\)"):
        ew.open(tmp_path / "*.parquet")


def test_splits_of_a_saved_dataset_are_named(tmp_path: Path) -> None:
    (tmp_path / "dataset_dict.json").write_text('{"splits": ["train", "test"]}')
    with pytest.raises(ValueError, match=r"got 2, train, test; open one of them: '.*/train'"):
        ew.open(tmp_path)


def test_a_header_that_lies_about_a_tensor_is_not_believed(tmp_path: Path) -> None:
    entry = {"dtype": "F32", "shape": [4, 3], "data_offsets": [0, 24]}
    header = json.dumps({"a": entry, "b": entry | {"shape": [6], "data_offsets": [24, 48]}}).encode()
    (tmp_path / "a.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + bytes(48))
    with pytest.raises(ValueError, match=r"the values of 'a' in a\.safetensors but they are cut off; fetch"):
        ew.open(tmp_path / "a.safetensors")


@pytest.mark.parametrize("kind", ["npy", "safetensors"])
def test_a_map_that_shrinks_is_told_before_it_is_touched(kind: str, written: Callable[[str], Path]) -> None:
    path = written(f"a.{kind}")
    opened = ew.open(path)
    for taken in (opened, opened.rows, opened.rows[10:]):
        assert ew.paired(taken, taken).n >= N - 10
    os.truncate(path, path.stat().st_size // 2)
    for taken in (opened, opened.rows, opened.rows[10:]):
        with pytest.raises(ValueError, match=r"the file that X is a map of .* bytes but got [\d,]+: it was cut"):
            ew.paired(taken, torch.zeros(N, 3))


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_missing_library_is_told_with_the_command(
    name: str, written: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, (library, extra) = written(name), LIBRARIES[name]
    for one in [*sys.modules]:
        if one.split(".")[0] == library:
            monkeypatch.setitem(sys.modules, one, None)
    with pytest.raises(ImportError, match=rf"to read {name} but .*; pip install \"embwidget\[{extra}\]\""):
        ew.open(path)


def test_uris_without_a_reader_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match=r"a scheme that fsspec reads but got 'nowhere://a\.npy' .*; fetch the file"):
        ew.open("nowhere://a.npy")
    with pytest.raises(FileNotFoundError, match="there is none at"):
        ew.open("memory://not/there.npy")
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(ImportError, match=r"fsspec to read s3://a/b\.npy .*pip install fsspec, or fetch"):
        ew.open("s3://a/b.npy")


def test_damaged_tables_of_columns_of_unlike_lengths(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", embedding=ROWS, label=["cat"] * 5)
    with pytest.raises(ValueError, match=r"one of 'label' for each of the 600 rows in a\.npz but got 5"):
        ew.open(tmp_path / "a.npz")
