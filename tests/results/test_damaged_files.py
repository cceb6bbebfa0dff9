"""A file that is not as it was written is refused, whatever was done to it, in one way and with the reason."""

import io
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from every_result import RESULTS, made, same

from embwidget.results import archive
from embwidget.results.archive import read_archive, write_archive

NAMES = [*(name for name in RESULTS if "," not in name or "sets" in name), "ContraSim", "RidgeCCA"]
NOT_SAVED = {"source", "spaces", "opened"}
DAMAGES = 200
# Rows of a table and parameters are plain values of any kind, and some arrays are declared by no more than that.
BELIEVED = ("headline", "table", "details", "missing", "sections", "classes", "lists")
ANY_ARRAY = ("items.", "score", "curves.", "arrays.", "heat.", "map.", "encoder.")
HEADER = "header.json.npy"

Members = dict[str, bytes]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    folder, files = tmp_path_factory.mktemp("saved"), {}

    def bytes_of(name: str) -> bytes:
        if name not in files:
            made(name).save(folder / "one.npz")
            files[name] = (folder / "one.npz").read_bytes()
        return files[name]

    return bytes_of


def members(file: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: list[tuple[str, bytes]]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return file.getvalue()


def as_array(text: bytes) -> bytes:
    file = io.BytesIO()
    np.save(file, np.frombuffer(text, np.uint8))
    return file.getvalue()


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(leaf for key, one in inside for leaf in leaves(one, (*path, key)))][1 if not path else 0 :]


def changed(header: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    again = json.loads(json.dumps(header))
    place = again
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return again


def flipped(file: bytes, draw: random.Random) -> bytes:
    found = bytearray(file)
    for _ in range(draw.randint(1, 4)):
        found[draw.randrange(len(found))] ^= draw.randint(1, 255)
    return bytes(found)


def flipped_at_the_end(file: bytes, draw: random.Random) -> bytes:
    """In the directory of the archive, where names, sizes and places are."""
    start = max(0, len(file) - 200)
    return file[:start] + flipped(file[start:], draw)


def cut(file: bytes, draw: random.Random) -> bytes:
    start = draw.randrange(len(file))
    return file[:start] + (file[start + draw.randint(1, 50) :] if draw.random() < 0.5 else b"")


def edited(file: bytes, draw: random.Random) -> bytes:
    """A whole archive again, of which a member or the header is another."""
    parts = members(file)
    name = draw.choice(list(parts))
    way = draw.choice(["less", "more", "twice", "renamed", "inside", "swapped", "header", "old"])
    if way == "header" or way == "old":
        header = json.loads(np.load(io.BytesIO(parts[HEADER])).tobytes())
        path = ("format",) if way == "old" else draw.choice(leaves(header))
        odd = 1 if way == "old" else draw.choice([None, "odd", -1, [], {}, float("nan"), 10**30, [[["x"]]]])
        parts[HEADER] = as_array(json.dumps(changed(header, path, odd)).encode())
    elif way == "less":
        del parts[name]
    elif way == "renamed":
        parts = {"other.npy" if one == name else one: content for one, content in parts.items()}
    elif way == "inside":
        parts[name] = flipped(parts[name], draw)
    elif way == "swapped":
        other = draw.choice(list(parts))
        parts[name], parts[other] = parts[other], parts[name]
    extra = [("more.npy", as_array(b"more"))] if way == "more" else [*parts.items()][:1] if way == "twice" else []
    return packed([*parts.items(), *extra])


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", NAMES)
def test_damage_is_refused_or_does_not_matter(name: str, saved: Callable[[str], bytes], tmp_path: Path) -> None:
    kind, draw, refused = type(made(name)), random.Random(name), 0
    told = f"expected a file written by embwidget's {kind.__name__}.save but got 'odd.npz': "
    for i in range(DAMAGES):
        damage = (flipped, flipped_at_the_end, cut, edited)[i % 4]
        (tmp_path / "odd.npz").write_bytes(damage(saved(name), draw))
        try:
            again = kind.load(tmp_path / "odd.npz")
        except ValueError as error:
            assert str(error).startswith(told) and len(str(error)) > len(told), error
            refused += 1
        else:
            assert same(again, made(name), but=NOT_SAVED)
    assert refused > DAMAGES / 2


@pytest.mark.parametrize("name", NAMES)
def test_a_header_of_other_types_is_refused_or_can_be_told(
    name: str, saved: Callable[[str], bytes], tmp_path: Path
) -> None:
    kind, draw = type(made(name)), random.Random(name)
    found: dict[str, Any] = {}
    (tmp_path / "one.npz").write_bytes(saved(name))
    read_archive(tmp_path / "one.npz", kind.__name__, lambda header, arrays: found.update(header=header, arrays=arrays))
    places = leaves(found["header"])
    typed = [path for path in places if not {"params", *BELIEVED} & {*path}]
    for path in draw.sample(places, min(len(places), 12)):
        header = changed(found["header"], path, {"odd": 1})
        write_archive(tmp_path / "odd.npz", kind.__name__, header, found["arrays"])
        try:
            again = kind.load(tmp_path / "odd.npz")
        except ValueError as error:
            assert str(error).startswith(f"expected a file written by embwidget's {kind.__name__}.save but got 'odd.")
        else:
            assert path not in typed, path
            assert repr(again)


@pytest.mark.parametrize("name", NAMES)
def test_an_array_of_another_shape_or_type_is_refused(name: str, saved: Callable[[str], bytes], tmp_path: Path) -> None:
    kind = type(made(name))
    found: dict[str, Any] = {}
    (tmp_path / "one.npz").write_bytes(saved(name))
    read_archive(tmp_path / "one.npz", kind.__name__, lambda header, arrays: found.update(header=header, arrays=arrays))
    typed = {name: one for name, one in found["arrays"].items() if not any(part in name for part in ANY_ARRAY)}
    for member, array in random.Random(name).sample([*typed.items()], min(5, len(typed))):
        for other in (array[..., None], array.astype("S1")):
            write_archive(tmp_path / "odd.npz", kind.__name__, found["header"], found["arrays"] | {member: other})
            with pytest.raises(ValueError, match=rf"{kind.__name__}\.save but got 'odd.npz'"):
                kind.load(tmp_path / "odd.npz")


def test_members_are_named_by_what_measures_are_called(tmp_path: Path) -> None:
    names = ["a/b", "../up", "nul\x00", "\ud800", "ä%41", " ", "C:\\x", "header.json.npy", "long" * 60]
    arrays = {name: np.full(2, i) for i, name in enumerate(names)}
    write_archive(tmp_path / "one.npz", "Else", {"a": 1}, arrays)
    header, again = read_archive(tmp_path / "one.npz", "Else", lambda *parts: parts)
    assert header == {"a": 1} and same(again, arrays)
    with np.load(tmp_path / "one.npz", allow_pickle=False) as file:
        assert all(name.isascii() and "/" not in name for name in file.files)


def test_an_older_file_without_checksums_is_read(tmp_path: Path) -> None:
    made("RankCorrelation").save(tmp_path / "one.npz")
    parts = members((tmp_path / "one.npz").read_bytes())
    header = json.loads(np.load(io.BytesIO(parts[HEADER])).tobytes())
    del parts["header.sha256.npy"], header["members"]
    kind = type(made("RankCorrelation"))
    for written in (1, 2, 3, "1", True, None):
        parts[HEADER] = as_array(json.dumps(header | {"format": written}).encode())
        (tmp_path / "old.npz").write_bytes(packed([*parts.items()]))
        if written == 1 and written is not True:
            assert same(kind.load(tmp_path / "old.npz"), made("RankCorrelation"))
            continue
        with pytest.raises(ValueError, match=r"header was changed|its format is"):
            kind.load(tmp_path / "old.npz")


def test_what_a_file_unpacks_to_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_archive(tmp_path / "one.npz", "Else", {}, {"zeros": np.zeros(3_000_000, np.uint8)})
    assert read_archive(tmp_path / "one.npz", "Else", lambda *parts: parts)[1]["zeros"].size == 3_000_000
    monkeypatch.setattr(archive, "_LEAST_MOST", 1_000_000)
    with pytest.raises(ValueError, match=r"'zeros' unpacks to 3,000,000 bytes, beyond the 1,000,000 that are allowed"):
        read_archive(tmp_path / "one.npz", "Else", lambda *parts: parts)


def test_no_file_is_said_as_that(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        type(made("RankCorrelation")).load(tmp_path / "none.npz")
