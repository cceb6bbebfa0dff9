"""The same rows in files of every format."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import faiss
import h5py
import lance
import numpy as np
import pyarrow as pa
import zarr
from pyarrow import feather, parquet
from safetensors.numpy import save_file

N, D = 600, 8
ROWS = np.random.default_rng(0).normal(size=(N, D)).astype(np.float32)
IDS = [f"item {i}" for i in range(N)]
LABELS = ["cat" if i % 3 else "dog" for i in range(N)]
TEXTS = [f"<b>text {i}</b>" for i in range(N)]


def table(rows: np.ndarray = ROWS, ids: list[Any] = IDS, **more: Any) -> pa.Table:
    listed = pa.ListArray.from_arrays(
        pa.array(np.arange(len(rows) + 1, dtype=np.int32) * rows.shape[1]), pa.array(rows.ravel())
    )
    return pa.table({"id": ids, "embedding": listed, "label": LABELS[: len(rows)], "text": TEXTS[: len(rows)]} | more)


def write_npy(path: Path) -> None:
    np.save(path, ROWS)


def write_npz(path: Path) -> None:
    np.savez(path, embedding=ROWS, id=IDS, label=LABELS)


def write_packed(path: Path) -> None:
    np.savez_compressed(path, embedding=ROWS, id=IDS, label=LABELS)


def write_safetensors(path: Path) -> None:
    save_file({"embedding": ROWS, "id": np.arange(N)}, path)


def write_parquet(path: Path) -> None:
    parquet.write_table(table(), path, row_group_size=250)


def write_feather(path: Path) -> None:
    feather.write_feather(table(), path, compression="uncompressed")


def write_packed_feather(path: Path) -> None:
    feather.write_feather(table(), path, compression="zstd", chunksize=250)


def write_stream(path: Path) -> None:
    with pa.ipc.new_stream(str(path), table().schema) as stream:
        stream.write_table(table(), max_chunksize=250)


def write_dataset(path: Path) -> None:
    path.mkdir()
    for i in range(2):
        rows = slice(0, 400) if i == 0 else slice(400, N)
        part = table().slice(rows.start, rows.stop - rows.start)
        codes = pa.array([("cat", "dog").index(one) for one in LABELS[rows]])
        part = part.set_column(2, "label", codes)
        feature = {"label": {"names": ["cat", "dog"], "_type": "ClassLabel"}}
        part = part.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": feature}})})
        with pa.ipc.new_stream(str(path / f"data-{i}.arrow"), part.schema) as stream:
            stream.write_table(part)
    files = [{"filename": f"data-{i}.arrow"} for i in range(2)]
    (path / "state.json").write_text(json.dumps({"_data_files": files, "_split": "train"}))
    (path / "dataset_info.json").write_text("{}")


def write_zarr(path: Path) -> None:
    group = zarr.open_group(str(path), mode="w")
    group.create_array("embedding", data=ROWS, chunks=(128, 4))
    group.create_array("id", data=np.array(IDS, dtype=np.dtypes.StringDType()), chunks=(200,))
    group.create_array("label", data=np.array(LABELS, dtype=np.dtypes.StringDType()), chunks=(200,))


def write_lance(path: Path) -> None:
    fixed = pa.FixedSizeListArray.from_arrays(pa.array(ROWS.ravel()), D)
    rows = table().drop(["embedding"]).append_column("embedding", fixed)
    lance.write_dataset(rows, str(path), max_rows_per_file=250)


def write_h5ad(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["X"] = np.zeros((N, 3), np.float32)
        file["obsm/X_pca"] = ROWS
        file["obsm/X_umap"] = ROWS[:, :2]
        file["obs/_index"] = IDS
        file["obs"].attrs["_index"] = "_index"
        file["obs/cell_type/categories"] = ["cat", "dog"]
        file["obs/cell_type/codes"] = np.array([("cat", "dog").index(one) for one in LABELS], np.int8)


def write_packed_h5(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file.create_dataset("embedding", data=ROWS, chunks=(100, 4), compression="gzip")
        file["id"], file["label"] = IDS, LABELS


def write_index(path: Path) -> None:
    index = faiss.IndexIDMap(faiss.IndexFlatIP(D))
    index.add_with_ids(ROWS, np.arange(N) * 3)
    faiss.write_index(index, str(path))


WRITERS: dict[str, Callable[[Path], None]] = {
    "a.npy": write_npy,
    "a.npz": write_npz,
    "packed.npz": write_packed,
    "a.safetensors": write_safetensors,
    "a.parquet": write_parquet,
    "a.feather": write_feather,
    "packed.arrow": write_packed_feather,
    "stream.arrow": write_stream,
    "dataset": write_dataset,
    "a.zarr": write_zarr,
    "a.lance": write_lance,
    "a.h5ad": write_h5ad,
    "packed.h5": write_packed_h5,
    "a.faiss": write_index,
}
MAPPED = {"a.npy", "a.npz", "a.safetensors", "a.feather", "a.h5ad"}
