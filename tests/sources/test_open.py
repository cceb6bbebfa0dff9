"""Files of every format give the rows that were written, what they say of them, and no more copies than they need."""

import mmap
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lance
import ml_dtypes
import numpy as np
import pyarrow as pa
import pytest
from opened_files import IDS, LABELS, MAPPED, ROWS, TEXTS, WRITERS, D, N, table
from pyarrow import parquet
from safetensors.numpy import save_file

import embwidget as ew
from embwidget.arrays.reading import gathered
from embwidget.sources import lance as lance_files
from embwidget.sources import parquet as parquet_files

WITHOUT_IDS = {"a.npy"}
NUMBERED = {"a.safetensors": list(range(N)), "a.faiss": list(range(0, 3 * N, 3))}
WITHOUT_LABELS = {"a.npy", "a.safetensors", "a.faiss"}


def below(rows: Any) -> Any:
    while isinstance(rows, np.ndarray):
        rows = rows.base
    return rows


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_gives_what_was_written(name: str, written: Callable[[str], Path]) -> None:
    found = ew.open(written(name))
    assert found.rows.dtype == np.float32 and found.shape == (N, D) and len(found) == N
    np.testing.assert_array_equal(np.asarray(found), ROWS)
    assert found.ids == (None if name in WITHOUT_IDS else tuple(NUMBERED.get(name, IDS)))
    assert (found.items is None) == (name in WITHOUT_LABELS)
    assert found.items is None or found.items.labels.tolist() == LABELS
    assert repr(found).startswith(f"Opened({name!r}, n={N}, d={D}, float32") and "\n" not in repr(found)
    mapped = "mapped, not read" in found.notes[0]
    assert mapped == (name in MAPPED) == isinstance(below(found.rows), mmap.mmap)


@pytest.mark.parametrize("name", sorted(MAPPED))
def test_maps_show_the_file_itself(name: str, written: Callable[[str], Path]) -> None:
    path = written(name)
    rows, whole = ew.open(path).rows, path.read_bytes()
    at = whole.index(ROWS[7:9].tobytes())
    with path.open("r+b") as file:
        file.seek(at)
        file.write(ROWS[100].tobytes())
    np.testing.assert_array_equal(rows[7], ROWS[100])


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8"])
@pytest.mark.parametrize("kind", ["list", "fixed", "large", "tensor"])
def test_types_and_layouts_of_columns_are_kept(dtype: str, kind: str, tmp_path: Path) -> None:
    values = (10 * ROWS).astype(dtype)
    flat = pa.array(values.ravel())
    fixed = pa.FixedSizeListArray.from_arrays(flat, D)
    columns = {
        "list": lambda: pa.ListArray.from_arrays(pa.array(np.arange(N + 1, dtype=np.int32) * D), flat),
        "large": lambda: pa.LargeListArray.from_arrays(pa.array(np.arange(N + 1) * D), flat),
        "fixed": lambda: fixed,
        "tensor": lambda: pa.ExtensionArray.from_storage(pa.fixed_shape_tensor(flat.type, [D]), fixed),
    }
    parquet.write_table(pa.table({"e": columns[kind]()}), tmp_path / "a.parquet", row_group_size=100)
    found = ew.open(tmp_path / "a.parquet").rows
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, values)


def test_bfloat16_becomes_float32(tmp_path: Path) -> None:
    save_file({"e": ROWS.astype(ml_dtypes.bfloat16)}, tmp_path / "a.safetensors")
    found = ew.open(tmp_path / "a.safetensors")
    np.testing.assert_array_equal(found.rows, ROWS.astype(ml_dtypes.bfloat16).astype(np.float32))
    assert any("It is bfloat16" in note for note in found.notes)


@pytest.mark.parametrize("pattern", ["*.parquet", "part-[12]?.parquet", ""])
def test_parts_are_one_table_in_the_order_of_their_names(pattern: str, tmp_path: Path) -> None:
    for i, start in enumerate(range(0, N, 200)):
        parquet.write_table(table().slice(start, 200), tmp_path / f"part-{10 + i}.parquet")
    (tmp_path / "_metadata").write_bytes(b"none of it")
    found = ew.open(tmp_path / pattern)
    np.testing.assert_array_equal(found.rows, ROWS)
    assert found.ids == tuple(IDS) and found.items.texts == tuple(TEXTS)
    assert any("3 files, read in the order of their names" in note for note in found.notes)


def test_no_object_is_made_of_a_value(tmp_path: Path) -> None:
    rows = np.random.default_rng(1).normal(size=(20_000, 64)).astype(np.float32)
    starts = pa.array(np.arange(len(rows) + 1, dtype=np.int32) * 64)
    listed = pa.ListArray.from_arrays(starts, pa.array(rows.ravel()))
    parquet.write_table(pa.table({"embedding": listed}), tmp_path / "a.parquet")
    ew.open(tmp_path / "a.parquet")
    tracemalloc.start()
    found = ew.open(tmp_path / "a.parquet")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # A list of the numbers alone would take eight bytes and each number 24.
    assert found.rows.nbytes <= most < 1.2 * found.rows.nbytes


@pytest.mark.parametrize("groups", [2000, 20_000], ids=["many groups", "one group"])
def test_a_table_is_never_in_arrows_memory_whole(groups: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.random.default_rng(1).normal(size=(20_000, 64)).astype(np.float32)
    fixed = pa.FixedSizeListArray.from_arrays(pa.array(rows.ravel()), 64)
    how = {"row_group_size": groups, "data_page_size": 9999, "use_dictionary": False, "compression": "none"}
    parquet.write_table(pa.table({"embedding": fixed}), tmp_path / "a.parquet", **how)
    monkeypatch.setattr(parquet_files, "_BATCH_BYTES", 1 << 16)
    monkeypatch.setattr(parquet_files, "_READ_BYTES", 1 << 16)
    plain = pa.default_memory_pool()
    pool = pa.proxy_memory_pool(plain)
    pa.set_memory_pool(pool)
    try:
        np.testing.assert_array_equal(ew.open(tmp_path / "a.parquet").rows, rows)
    finally:
        pa.set_memory_pool(plain)
    assert 0 < pool.max_memory() < rows.nbytes / 4


@pytest.mark.parametrize("name", sorted(set(WRITERS) - MAPPED))
def test_what_is_large_is_decoded_onto_disk_and_is_gone_after_its_last_use(
    name: str, written: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, scratch = written(name), tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    monkeypatch.setattr(gathered, "free_memory", lambda: 4 * ROWS.nbytes - 1)
    found = ew.open(path)
    np.testing.assert_array_equal(found.rows, ROWS)
    assert isinstance(below(found.rows), mmap.mmap)
    assert any(f"into 19,200 bytes of temporary disk in {scratch}" in note for note in found.notes)
    tensor = ew.arrays.as_matrix(found, "X")
    del found
    assert str(scratch) in Path("/proc/self/maps").read_text()
    np.testing.assert_array_equal(tensor, ROWS)
    del tensor
    assert str(scratch) not in Path("/proc/self/maps").read_text() and list(scratch.iterdir()) == []
    monkeypatch.setattr(gathered, "free_memory", lambda: 4 * ROWS.nbytes)
    assert any("into memory" in note for note in ew.open(path).notes)


@pytest.mark.parametrize("name", ["a.parquet", "packed.npz", "a.zarr"])
def test_a_full_disk_is_told_before_and_leaves_nothing(
    name: str, written: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, scratch = written(name), tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    monkeypatch.setattr(gathered, "free_memory", lambda: 0)
    monkeypatch.setattr(gathered, "free_disk", lambda folder: ROWS.nbytes - 1)
    with pytest.raises(OSError, match=r"expected 19,200 bytes of free disk .* but got 19,199 bytes; .*TMPDIR"):
        ew.open(path)
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    "error",
    [OSError(28, "No space"), ValueError("expected better"), KeyboardInterrupt()],
    ids=["full", "bad", "stop"],
)
def test_what_fails_while_it_is_written_leaves_nothing(
    error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blocks() -> Any:
        yield ROWS[:10]
        assert len(list(tmp_path.iterdir())) == 1
        raise error

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(gathered, "free_memory", lambda: 0)
    with pytest.raises(type(error), match="of free disk" if isinstance(error, OSError) else None):
        gathered.gathered(blocks(), ROWS.shape, ROWS.dtype, "X")
    assert list(tmp_path.iterdir()) == []


def test_what_a_file_says_is_found_by_its_usual_names_and_told(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pictures = pa.array([{"bytes": b"a", "path": None}] * N)
    parquet.write_table(table(caption=TEXTS, uuid=IDS, image=pictures), path)
    found = ew.open(path)
    assert found.ids is None and found.items.texts is None and found.items.labels.tolist() == LABELS
    assert len(found.items.images) == N
    told = " ".join(found.notes)
    assert "ids of a.parquet may be 'id' or 'uuid': pass ids= to say which." in told
    assert "texts of a.parquet may be 'text' or 'caption'" in told and "labels are 'label'" in told
    found = ew.open(path, ids="uuid", texts="caption", labels="text")
    assert found.ids == tuple(IDS) and found.items.labels.tolist() == TEXTS and found.items.texts == tuple(TEXTS)


def test_what_is_called_id_and_repeats_is_no_id(tmp_path: Path) -> None:
    parquet.write_table(table(ids=[i // 2 for i in range(N)]), tmp_path / "a.parquet")
    found = ew.open(tmp_path / "a.parquet")
    assert found.ids is None and any("'id' was not taken as ids: expected unique ids" in note for note in found.notes)
    with pytest.raises(ValueError, match="expected unique ids for id but got 300 repeated"):
        ew.open(tmp_path / "a.parquet", ids="id")


@pytest.mark.parametrize("uri", ["file", "memory"])
@pytest.mark.parametrize("name", ["a.npy", "a.parquet", "a.zarr"])
def test_uris_are_read_as_files_are(uri: str, name: str, written: Callable[[str], Path]) -> None:
    import fsspec

    path = written(name)
    files = fsspec.filesystem(uri)
    if uri == "memory":
        files.put(str(path), f"/there/{name}", recursive=True)
    found = ew.open(f"{uri}://{path if uri == 'file' else f'/there/{name}'}")
    np.testing.assert_array_equal(found.rows, ROWS)


def test_lance_is_read_in_order_without_the_rows_that_were_deleted(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(lance_files, "_BATCH_BYTES", 8 * D * 70)
    WRITERS["a.lance"](tmp_path / "a.lance")
    dataset = lance.dataset(str(tmp_path / "a.lance"))
    dataset.delete("id = 'item 3' or id = 'item 400'")
    kept = np.setdiff1d(np.arange(N), [3, 400])
    found = ew.open(tmp_path / "a.lance")
    np.testing.assert_array_equal(found.rows, ROWS[kept])
    assert list(found.ids) == [IDS[i] for i in kept] and found.items.texts == tuple(TEXTS[i] for i in kept)
    # A list whose width its type does not tell is one too.
    lance.write_dataset(table(), str(tmp_path / "b.lance"))
    np.testing.assert_array_equal(ew.open(tmp_path / "b.lance").rows, ROWS)
