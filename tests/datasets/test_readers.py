"""Readers of a user's own files, on small files written here."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from embwidget.datasets import load_words, read_analogies, read_features, read_glove

GLOVE = "the 0.5 -1 2\nof 1e-3 4 5\nnew york 7 8 9\n1984 1 2 3\n. . . 3 2 1\n"


@pytest.fixture
def written(tmp_path: Path):
    def write(content: str | bytes, name: str = "vectors.txt") -> Path:
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    return write


@pytest.mark.parametrize("header", ["", "5 3\n"])
@pytest.mark.parametrize("end", ["\n", " \n", "\r\n"])
def test_words_with_spaces_and_with_or_without_a_header(written, header: str, end: str) -> None:
    found = read_glove(written((header + GLOVE).replace("\n", end)), progress=False)
    assert found.words == ("the", "of", "new york", "1984", ". . .")
    assert found.vectors.dtype == np.float32
    assert np.array_equal(found.vectors, np.float32([[0.5, -1, 2], [1e-3, 4, 5], [7, 8, 9], [1, 2, 3], [3, 2, 1]]))
    assert repr(found) == "WordVectors(n=5, d=3)"


def test_vectors_of_one_number_and_gzip(written) -> None:
    assert read_glove(written("2 1\nfoo 0.5\nbar 1\n"), progress=False).words == ("foo", "bar")
    assert read_glove(written("foo 0.5\nbar 1\n"), progress=False).vectors.tolist() == [[0.5], [1]]
    assert len(read_glove(written(gzip.compress(GLOVE.encode()), "v.txt.gz"), progress=False)) == 5


def test_other_scripts_and_odd_spaces_in_words(written) -> None:
    text = "китай 1 2\n中国 3 4\nno\u00a0break 5 6\nline\u0085sep 7 8\n"
    assert read_glove(written(text), progress=False).words == ("китай", "中国", "no\u00a0break", "line\u0085sep")


def test_only_the_words_asked_for_and_those_missing(written) -> None:
    found = read_glove(written(GLOVE), words=["york", "of", "new york"], progress=False)
    assert found.words == ("of", "new york") and found.missing == ("york",)
    assert found.vectors.tolist() == [[np.float32(1e-3), 4, 5], [7, 8, 9]]
    assert "missing=1" in repr(found)


def test_limit_counts_lines_of_vectors(written) -> None:
    assert read_glove(written("5 3\n" + GLOVE), limit=2, progress=False).words == ("the", "of")


def test_first_of_a_repeated_word_counts(written) -> None:
    found = read_glove(written("a 1 2\nb 3 4\na 5 6\n"), progress=False)
    assert found.words == ("a", "b") and found.vectors[0].tolist() == [1, 2] and found.duplicates == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("bad 1 2", "3 parts"),
        ("bad 1 x 3", "text among the numbers"),
        ("bad 1 nan 3", "NaN"),
        ("bad 1 1e60 3", "beyond float32"),
        (b"\xff\xfe 1 2 3", "UTF-8"),
    ],
)
@pytest.mark.parametrize("header", [b"", b"6 3\n"])
def test_malformed_line_is_told_with_its_number(written, line: str | bytes, said: str, header: bytes) -> None:
    bad = line if isinstance(line, bytes) else line.encode()
    rows = GLOVE.encode().splitlines()
    file = written(header + b"\n".join([*rows[:2], bad, *rows[2:]]))
    number = 3 + bool(header)
    with pytest.raises(ValueError, match=rf"word and 3 numbers in line {number} of vectors\.txt but got .*{said}"):
        read_glove(file, progress=False)
    found = read_glove(file, malformed="skip", progress=False)
    assert len(found) == 5 and found.skipped == (number,) and "skipped=1" in repr(found)


@pytest.mark.parametrize(
    ("content", "given", "message"),
    [
        ("", {}, "empty file"),
        ("only words here\nand here\n", {}, "a word and its numbers"),
        (GLOVE, {"words": ["zebra"]}, "one of the words asked for"),
        (GLOVE, {"words": "the"}, r"pass \['the'\]"),
        (GLOVE, {"limit": 0}, "at least 1"),
        (GLOVE, {"malformed": "ignore"}, "malformed to be one of raise, skip"),
    ],
)
def test_glove_refuses(written, content: str, given: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_glove(written(content), **given, progress=False)


def test_real_vectors_come_back_as_they_were_written(written) -> None:
    words = load_words()
    space = words.spaces["glove100"][:300]
    lines = (f"{word} {' '.join(map(repr, row.tolist()))}" for word, row in zip(words.words, space, strict=False))
    found = read_glove(written("\n".join(lines)), progress=False)
    assert found.words == words.words[:300] and np.array_equal(found.vectors, space)


def test_analogies_of_a_file(written) -> None:
    file = written("\ufeff: capital\nAthens Greece Oslo Norway\n\n: none\n: family\nboy girl he she\n", "q.txt")
    found = read_analogies(file)
    assert found.questions == (("Athens", "Greece", "Oslo", "Norway"), ("boy", "girl", "he", "she"))
    assert found.question_sections == ("capital", "family") and found.sections == ("capital", "none", "family")
    assert read_analogies(file, lower=True).questions[0][0] == "athens"
    assert repr(found) == "Analogies(questions=2, sections=3)"


def test_analogies_refuse_a_line_that_is_no_question(written) -> None:
    with pytest.raises(ValueError, match=r"four words in line 3 of q\.txt but got 3"):
        read_analogies(written(": a\na b c d\na b c\n", "q.txt"))
    with pytest.raises(ValueError, match="but got none"):
        read_analogies(written(": a\n", "q.txt"))


def safetensors(arrays: dict[str, np.ndarray], types: dict[str, str]) -> bytes:
    """The format, written out: length of the header, the header, the values."""
    header, values = {"__metadata__": {"format": "pt"}}, b""
    for name, array in arrays.items():
        raw = array.tobytes()
        offsets = [len(values), len(values) + len(raw)]
        header[name] = {"dtype": types[name], "shape": list(array.shape), "data_offsets": offsets}
        values += raw
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + values


FEATURES = np.arange(12, dtype=np.float32).reshape(4, 3)


def test_features_of_every_kind_of_file(written, tmp_path: Path) -> None:
    np.save(tmp_path / "f.npy", FEATURES.astype(np.float16))
    found = read_features(tmp_path / "f.npy")
    assert found.dtype == np.float16 and np.array_equal(found, FEATURES)
    np.savez(tmp_path / "f.npz", features=FEATURES, labels=np.arange(4))
    assert np.array_equal(read_features(tmp_path / "f.npz"), FEATURES)
    assert read_features(tmp_path / "f.npz", "labels").tolist() == [0, 1, 2, 3]
    half = (FEATURES.view(np.uint32) >> 16).astype(np.uint16)
    file = written(
        safetensors(
            {"image": FEATURES, "b": half, "labels": np.arange(4)}, {"image": "F32", "b": "BF16", "labels": "I64"}
        ),
        "f.safetensors",
    )
    assert np.array_equal(read_features(file, "image"), FEATURES)
    assert np.array_equal(read_features(file, "b"), FEATURES) and read_features(file, "b").dtype == np.float32
    assert read_features(file, "labels").tolist() == [0, 1, 2, 3]


def test_features_are_named_where_there_are_several(tmp_path: Path) -> None:
    np.savez(tmp_path / "f.npz", image=FEATURES, text=FEATURES)
    with pytest.raises(ValueError, match=r"got 2: 'image' \(4, 3\), 'text' \(4, 3\); pass name="):
        read_features(tmp_path / "f.npz")
    with pytest.raises(ValueError, match="got 'picture'; it holds 'image'"):
        read_features(tmp_path / "f.npz", "picture")
    np.save(tmp_path / "f.npy", FEATURES)
    with pytest.raises(ValueError, match="holds one array"):
        read_features(tmp_path / "f.npy", "image")


def test_pickles_are_refused(tmp_path: Path) -> None:
    objects = np.array([{"a": 1}, None], dtype=object)
    np.save(tmp_path / "f.npy", objects, allow_pickle=True)
    np.savez(tmp_path / "f.npz", objects=objects)
    (tmp_path / "raw.npy").write_bytes(b"\x80\x04N.")
    for given in (("f.npy",), ("f.npz", "objects"), ("raw.npy",)):
        with pytest.raises(ValueError, match="pickled values"):
            read_features(tmp_path / given[0], *given[1:])
    with pytest.raises(ValueError, match="ending in"):
        read_features(tmp_path / "f.pkl")


def test_damaged_files_are_refused(written) -> None:
    whole = safetensors({"a": FEATURES}, {"a": "F32"})
    for damaged in (b"", whole[:5], whole[:20], whole[:-1], (2**60).to_bytes(8, "little") + whole[8:]):
        with pytest.raises(ValueError, match=r"f\.safetensors"):
            read_features(written(damaged, "f.safetensors"))
    header = b'{"a": {"dtype": "F32", "shape": [4, 3], "data_offsets": [-48, 0]}}'
    with pytest.raises(ValueError, match="cut off"):
        read_features(written(len(header).to_bytes(8, "little") + header + b"0" * 48, "f.safetensors"))
    with pytest.raises(ValueError, match="type F8"):
        read_features(written(safetensors({"a": FEATURES}, {"a": "F8"}), "f.safetensors"))
    with pytest.raises(ValueError, match="damaged file"):
        read_features(written(b"PK\x03\x04", "f.npz"))
