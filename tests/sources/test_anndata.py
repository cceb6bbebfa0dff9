"""AnnData's layouts of spaces, columns and maps, in HDF5 and in zarr."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import zarr
from opened_files import IDS, LABELS, ROWS, N

import embwidget as ew

CODES = np.array([("cat", "dog").index(one) for one in LABELS], np.int8)


def group_of(path: Path) -> Any:
    return h5py.File(path, "w") if path.suffix == ".h5ad" else zarr.open_group(str(path), mode="w")


def put(group: Any, name: str, values: Any) -> None:
    text = isinstance(values[0], str)
    if isinstance(group, h5py.Group):
        group[name] = values
    else:
        group.create_array(name, data=np.array(values, np.dtypes.StringDType()) if text else np.asarray(values))


@pytest.mark.parametrize("path", ["a.h5ad", "a.zarr"])
def test_spaces_columns_and_maps(path: str, tmp_path: Path) -> None:
    group = group_of(tmp_path / path)
    put(group, "obsm/X_pca", ROWS)
    put(group, "obsm/X_scvi", ROWS[:, :5])
    put(group, "obsm/X_umap", ROWS[:, :2])
    put(group, "obs/names", IDS)
    group["obs"].attrs["_index"] = "names"
    codes = CODES.copy()
    codes[4] = -1
    put(group, "obs/kind/categories", ["cat", "dog"])
    put(group, "obs/kind/codes", codes)
    put(group, "obs/note/values", IDS)
    put(group, "obs/note/mask", [i == 3 for i in range(N)])
    del group
    with pytest.raises(ValueError, match=r"2: X_pca \(600 × 8\), X_scvi \(600 × 5\); .*pass column='X_pca' or"):
        ew.open(tmp_path / path)
    found = ew.open(tmp_path / path, column="X_scvi", labels="kind", texts="note")
    np.testing.assert_array_equal(found.rows, ROWS[:, :5])
    np.testing.assert_array_equal(found.maps, ROWS[:, :2])
    assert found.ids == tuple(IDS)
    assert found.items.labels.tolist() == ["" if i == 4 else one for i, one in enumerate(LABELS)]
    assert found.items.texts == tuple("" if i == 3 else one for i, one in enumerate(IDS))
    assert any("'X_umap'" in note for note in found.notes)


def test_older_categories_and_counts_alone(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5ad", "w") as file:
        file["X"] = ROWS
        file["obs/index"], file["obs/kind"], file["obs/__categories/kind"] = IDS, CODES, ["cat", "dog"]
        file["obs"].attrs["_index"] = "index"
    found = ew.open(tmp_path / "a.h5ad", labels="kind")
    np.testing.assert_array_equal(found.rows, ROWS)
    assert found.items.labels.tolist() == LABELS and found.maps is None and found.ids == tuple(IDS)


def test_what_anndata_gave_up_and_sparse_counts_are_told(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5ad", "w") as file:
        file["X"] = ROWS
        file["obs"] = np.zeros(N, [("index", "S4"), ("kind", "i1")])
    with pytest.raises(ValueError, match=r"obs in a\.h5ad as a group .* but got an old table; write"):
        ew.open(tmp_path / "a.h5ad")
    with h5py.File(tmp_path / "b.h5ad", "w") as file:
        file["X/data"], file["obs/index"] = ROWS[0], IDS
        file["obs/odd/strange"] = ROWS[0]
    with pytest.raises(ValueError, match=r"expected vectors in b\.h5ad"):
        ew.open(tmp_path / "b.h5ad")


def test_chunks_that_are_not_there_are_told(tmp_path: Path) -> None:
    array = zarr.create_array(str(tmp_path / "a.zarr"), shape=ROWS.shape, dtype="f4", chunks=(100, 8), fill_value=7)
    array[:250] = ROWS[:250]
    found = ew.open(tmp_path / "a.zarr")
    assert (found.rows[300:] == 7).all()
    assert "3 of 6 chunks of a.zarr are not there: their values are 7.0, as its header says." in found.notes[0]


@pytest.mark.parametrize("form", ["plain", "packed", "chunked", "swapped"])
def test_only_what_lies_in_the_file_as_it_is_is_mapped(form: str, tmp_path: Path) -> None:
    how: dict[str, Any] = {"packed": {"compression": "gzip"}, "chunked": {"chunks": (50, 8)}}.get(form, {})
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("a", data=ROWS.astype(">f4") if form == "swapped" else ROWS, **how)
    found = ew.open(tmp_path / "a.h5")
    np.testing.assert_array_equal(found.rows, ROWS)
    assert isinstance(found.rows, np.memmap) == (form in ("plain", "swapped"))
    np.testing.assert_array_equal(ew.arrays.as_matrix(found, "X"), ROWS)
