import json
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from embwidget import datasets
from embwidget.datasets import Dataset, load_emoji, load_glosses, load_multilingual, load_words
from embwidget.datasets import load as room

DATA = Path(datasets.__file__).parents[1] / "data"
LOADERS = [load_words, load_emoji, load_glosses, load_multilingual]
# CRC-32 of the little-endian float16 arrays that the bundle was made from
SOURCE = {
    load_words: {"glove100": 0x28E0705F, "w2v300": 0x0507B312, "minilm384": 0x2CF8F215, "wordllama256": 0xADB3A617},
    load_emoji: {
        "noto_efflite0": 0xAFABE422,
        "noto_cocossd": 0x8432943F,
        "name_minilm": 0xA65B624C,
        "name_use": 0xC70F0BE8,
        "name_wordllama": 0x6F34C5D3,
    },
    load_glosses: {"minilm": 0x61E620FC, "use": 0xA157F4F8, "wordllama": 0xDD25FAC3},
    load_multilingual: {
        "en_glove100": 0xCD93644C,
        "en_w2v300": 0x52ABF1FA,
        "ru_navec300": 0x242F2FE4,
        "ja_chive300": 0xD6857320,
    },
}


def agreement(X: np.ndarray, Y: np.ndarray, k: int = 10) -> float:
    """NNGS by its definition, for cosine neighbours."""

    def neighbours(space: np.ndarray) -> list[set[int]]:
        unit = space / np.linalg.norm(space, axis=1, keepdims=True)
        similarity = unit @ unit.T
        np.fill_diagonal(similarity, -2)
        return [set(row) for row in np.argpartition(-similarity, k, axis=1)[:, :k].tolist()]

    return float(np.mean([len(a & b) / len(a | b) for a, b in zip(neighbours(X), neighbours(Y), strict=True)]))


@pytest.mark.parametrize("load", LOADERS)
def test_every_space_has_a_row_for_every_item(load: Callable[[], Dataset]) -> None:
    dataset = load()
    dataset.items.check(len(dataset))
    for space in dataset.spaces.values():
        assert space.dtype == np.float32
        assert np.isfinite(space).all()
        assert len(space) == len(dataset)
        nonzero = space[space.any(axis=1)]
        assert len(nonzero) > 0.5 * len(dataset)
        assert len(np.unique(nonzero, axis=0)) > 0.75 * len(nonzero)


@pytest.mark.parametrize("load", LOADERS)
def test_values_are_bit_for_bit_those_of_the_source(load: Callable[[], Dataset]) -> None:
    found = {name: zlib.crc32(space.astype("<f2").tobytes()) for name, space in load().spaces.items()}
    assert found == SOURCE[load]


def test_word_vectors_are_of_unit_length() -> None:
    for space in load_words().spaces.values():
        assert np.allclose(np.linalg.norm(space, axis=1), 1, atol=2e-3)


# The agreements that were measured on the source files, before they were bundled.
@pytest.mark.parametrize(
    ("load", "x", "y", "nngs"),
    [
        (load_words, "glove100", "w2v300", 0.328),
        (load_words, "minilm384", "wordllama256", 0.258),
        (load_emoji, "noto_efflite0", "name_minilm", 0.107),
        (load_glosses, "minilm", "use", 0.247),
    ],
)
def test_agreement_is_that_of_the_source(load: Callable[[], Dataset], x: str, y: str, nngs: float) -> None:
    spaces = load().spaces
    assert agreement(spaces[x], spaces[y]) == pytest.approx(nngs, abs=6e-4)


def test_changing_an_array_does_not_change_the_next_one() -> None:
    first = load_multilingual().spaces["ru_navec300"]
    first += 1
    assert np.abs(load_multilingual().spaces["ru_navec300"] - first).min() > 0.5


def test_analogies_hold_in_the_word_vectors() -> None:
    words = load_words()
    assert words.questions.shape == (8740, 4)
    assert len(set(words.question_sections)) == 9
    a, b, c, d = words.questions.T
    space = words.spaces["w2v300"]
    target = space[b] - space[a] + space[c]
    similarity = target @ space.T
    np.put_along_axis(similarity, words.questions[:, :3], -np.inf, axis=1)
    assert np.mean(similarity.argmax(axis=1) == d) == pytest.approx(0.769, abs=0.005)


def test_emoji_names_pictures_and_categories_are_of_one_item() -> None:
    emoji = load_emoji()
    cat = emoji.characters.index("🐈")
    assert emoji.names["en"][cat] == "cat"
    assert emoji.names["de"][cat] == "Katze"
    assert emoji.subcategories[cat] == "animal-mammal"
    assert "pet" in emoji.keywords[cat]
    assert (len(emoji.names), len(set(emoji.categories)), len(set(emoji.subcategories))) == (29, 9, 98)

    def mean_colour(character: str) -> np.ndarray:
        picture = emoji.items.thumbnail(emoji.characters.index(character), size=32)
        assert picture is not None
        return np.asarray(picture).reshape(-1, 4).mean(axis=0)

    red, green, blue, _ = mean_colour("🟥")
    assert red > 200 > 100 > max(green, blue)
    red, green, blue, _ = mean_colour("🟦")
    assert blue > 150 > 100 > red


def test_no_word_pair_comes_from_a_dictionary() -> None:
    concepts = load_multilingual()
    assert set(concepts.kinds) == {"country", "emoji"}
    assert np.array_equal(concepts.in_w2v, np.linalg.norm(concepts.spaces["en_w2v300"], axis=1) > 0.5)
    japan = concepts.words["en"].index("japan")
    assert (concepts.words["ru"][japan], concepts.words["ja"][japan]) == ("япония", "日本")


def test_glosses_explain_their_words() -> None:
    glosses = load_glosses()
    assert len(set(glosses.topics)) == 25
    assert glosses.items.describe(0) == f"{glosses.words[0]}: {glosses.definitions[0]}"


def test_missing_file_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(room, "_FOLDER", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"words\.npz.*reinstall embwidget"):
        room._archive("words")


def test_files_hold_only_arrays_texts_and_pictures() -> None:
    allowed = re.compile(r".*\.(mask|high|low)\.npy|questions\.npy|question_section\.npy|texts\.json|noto-32\.webp")
    for path in DATA.glob("*.npz"):
        with zipfile.ZipFile(path) as archive:
            assert [name for name in archive.namelist() if not allowed.fullmatch(name)] == []
            json.loads(archive.read("texts.json"))


def test_every_source_is_credited() -> None:
    notice = (DATA / "NOTICE.md").read_text("utf8")
    for load in LOADERS:
        dataset = load()
        assert f"{dataset.name}.npz" in notice
        for space in dataset.spaces:
            assert f"`{space}`" in notice
        for licence in re.findall(r"PDDL|Apache-2\.0|MIT|Unicode-3\.0|WordNet 3\.0", dataset.licence):
            assert licence in notice
        assert "Licence:" in (load.__doc__ or "")
    assert "Apache License" in (DATA / "LICENSE-APACHE-2.0.txt").read_text("utf8")


def test_the_bundle_leaves_room_in_the_wheel() -> None:
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 24.4e6


def test_repr_is_one_stable_line() -> None:
    assert repr(load_glosses()) == repr(load_glosses()) == "Glosses(n=2915, minilm 384, use 512, wordllama 256)"
