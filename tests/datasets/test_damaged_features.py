"""Files of features that are damaged, or made to fill memory."""

import json
import random
import re
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest

from embwidget.datasets import features, read_features

ZEROS = np.zeros((1000, 20_000), np.uint8)
FEATURES = np.arange(120, dtype=np.float32).reshape(40, 3)


@pytest.fixture
def bomb(tmp_path: Path) -> Path:
    np.savez_compressed(tmp_path / "f.npz", features=ZEROS, labels=np.arange(4))
    return tmp_path / "f.npz"


def test_what_an_array_unpacks_to_is_limited_and_the_remedy_works(bomb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert bomb.stat().st_size < ZEROS.nbytes / 100
    monkeypatch.setattr(features, "_LEAST_MOST", 1 << 20)
    tracemalloc.start()
    with pytest.raises(ValueError, match=r"at most 1,048,576 bytes but got 'features'.*pass max_bytes=\d+") as told:
        read_features(bomb)
    assert tracemalloc.get_traced_memory()[1] < ZEROS.nbytes / 10
    tracemalloc.stop()
    remedy = int(re.search(r"max_bytes=(\d+)", str(told.value))[1])
    assert np.array_equal(read_features(bomb, max_bytes=remedy), ZEROS)
    with pytest.raises(ValueError, match=f"of at most {remedy - 1:,} bytes"):
        read_features(bomb, max_bytes=remedy - 1)
    assert read_features(bomb, "labels").tolist() == [0, 1, 2, 3]


def test_a_large_file_may_unpack_to_four_times_its_size(bomb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "_LEAST_MOST", 1)
    np.savez(bomb, features=FEATURES)
    assert np.array_equal(read_features(bomb), FEATURES)
    np.savez_compressed(bomb, features=np.zeros((1000, 3)))
    with pytest.raises(ValueError, match=f"at most {4 * bomb.stat().st_size:,} bytes but got 'features'"):
        read_features(bomb)


@pytest.mark.parametrize("limit", [0, -1, True, "1 GB", float("nan")])
def test_a_limit_is_a_whole_number(bomb: Path, limit: object) -> None:
    with pytest.raises(ValueError, match="expected max_bytes to be a whole number"):
        read_features(bomb, max_bytes=limit)


def test_a_directory_that_lies_about_a_size_is_not_believed(bomb: Path) -> None:
    with zipfile.ZipFile(bomb) as archive:
        true = archive.getinfo("features.npy").file_size
    whole = bomb.read_bytes()
    for size in (128, 5000, 2 * true):
        bomb.write_bytes(whole.replace(true.to_bytes(4, "little"), size.to_bytes(4, "little")))
        tracemalloc.start()
        with pytest.raises(ValueError, match=r"expected arrays in f\.npz but got a damaged file"):
            read_features(bomb, "features")
        assert tracemalloc.get_traced_memory()[1] < ZEROS.nbytes / 10
        tracemalloc.stop()


@pytest.mark.parametrize("suffix", ["npy", "npz", "safetensors"])
def test_damage_is_said_as_that(suffix: str, tmp_path: Path) -> None:
    file, draw = tmp_path / f"f.{suffix}", random.Random(suffix)
    if suffix == "safetensors":
        header = json.dumps({"a": {"dtype": "F32", "shape": [40, 3], "data_offsets": [0, FEATURES.nbytes]}}).encode()
        file.write_bytes(len(header).to_bytes(8, "little") + header + FEATURES.tobytes())
    else:
        (np.save if suffix == "npy" else np.savez)(file, FEATURES)
    whole = file.read_bytes()
    for i in range(200):
        found = bytearray(whole)
        for _ in range(draw.randint(1, 3)):
            found[draw.randrange(min(len(found), 160) if i % 4 else len(found))] ^= draw.randint(1, 255)
        file.write_bytes(found[: draw.randrange(len(found))] if i % 4 == 3 else found)
        try:
            assert read_features(file) is not None
        except ValueError as error:
            assert str(error).startswith("expected ") and file.name in str(error)
