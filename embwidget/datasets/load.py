"""Real embeddings of the same items under several encoders, bundled: no network.

Licences of what is bundled: data/NOTICE.md.
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Bool, Float32, Int64
from numpy.lib.npyio import NpzFile

from embwidget.items.items import Items
from embwidget.items.pictures import SpriteSheet

_FOLDER = Path(__file__).parents[1] / "data"


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """The same n items embedded by several encoders: row i of every space is item i.

    ``spaces`` maps a name to an array ``(n, d)`` of its own, which may be changed freely.
    """

    name: str
    spaces: dict[str, Float32[np.ndarray, "n _"]]
    items: Items
    licence: str

    def __len__(self) -> int:
        return len(next(iter(self.spaces.values())))

    def __repr__(self) -> str:
        shapes = ", ".join(f"{name} {space.shape[1]}" for name, space in self.spaces.items())
        return f"{type(self).__name__}(n={len(self)}, {shapes})"


@dataclass(frozen=True, eq=False, repr=False)
class Words(Dataset):
    """English words, and analogy questions about them.

    ``questions`` holds row numbers a, b, c, d: "a is to b as c is to d". ``question_sections`` names the section of
    each question, ``sections`` that of each word ("" for none).
    """

    words: tuple[str, ...]
    sections: tuple[str, ...]
    questions: Int64[np.ndarray, "q 4"]
    question_sections: tuple[str, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Emoji(Dataset):
    """Emoji: the characters, two levels of categories, names by language code, English keywords."""

    characters: tuple[str, ...]
    categories: tuple[str, ...]
    subcategories: tuple[str, ...]
    names: dict[str, tuple[str, ...]]
    keywords: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False, repr=False)
class Glosses(Dataset):
    """Nouns of a dictionary: the word, its definition, its topic."""

    words: tuple[str, ...]
    definitions: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Multilingual(Dataset):
    """Words for the same concepts, by language code; ``kinds`` says country or emoji.

    Where ``in_w2v`` is False the row of ``en_w2v300`` is zero: compare that space on the other rows only.
    """

    words: dict[str, tuple[str, ...]]
    kinds: tuple[str, ...]
    in_w2v: Bool[np.ndarray, " n"]


def load_words() -> Words:
    """5,197 English words under two word-vector models and two sentence encoders, with 8,740 analogy questions.

    Spaces, all of unit length: ``glove100`` (GloVe; its corpus is lower-cased), ``w2v300`` (word2vec of Google News;
    its corpus keeps capitals), ``minilm384`` (all-MiniLM-L6-v2), ``wordllama256`` (WordLlama).
    Items: the word as text and id; its analogy section as label.

    Licence: GloVe PDDL 1.0; word2vec and its questions Apache-2.0; MiniLM Apache-2.0; WordLlama MIT.

    Source: Pennington, Socher, Manning, EMNLP 2014; Mikolov, Chen, Corrado, Dean, 2013, arXiv:1301.3781; Reimers,
    Gurevych, 2019, arXiv:1908.10084.

    Example:
        >>> words = load_words()
        >>> words
        Words(n=5197, glove100 100, w2v300 300, minilm384 384, wordllama256 256)
        >>> [words.words[row] for row in words.questions[0]], words.question_sections[0]
        (['boy', 'girl', 'brother', 'sister'], 'family')
    """
    texts, sections = _texts("words"), _texts("words")["sections"]
    with _archive("words") as archive:
        questions, question_sections = archive["questions"], archive["question_section"]
    return Words(
        name="words",
        spaces=_spaces("words"),
        items=_word_items(),
        licence="GloVe: PDDL-1.0; word2vec, its analogy questions, MiniLM: Apache-2.0; WordLlama: MIT",
        words=tuple(texts["word"]),
        sections=tuple(texts["section"]),
        questions=questions.astype(np.int64),
        question_sections=tuple(sections[section] for section in question_sections),
    )


def load_emoji() -> Emoji:
    """1,906 emoji: Google's drawings under two image encoders, and their names under three text encoders.

    Spaces: ``noto_efflite0`` (the drawing by EfficientNet-Lite0, 1,280 features of at least 0), ``noto_cocossd`` (the
    drawing by the MobileNetV2 of COCO-SSD, 1,280 features, 0 to 6), ``name_minilm``, ``name_use``, ``name_wordllama``
    (the English name by all-MiniLM-L6-v2, the Universal Sentence Encoder, WordLlama).
    Items: the drawing at 32 pixels, the English name as text, the category as label, the character as id.

    Licence: drawings (Noto Emoji, Google) Apache-2.0; names and keywords Unicode-3.0; categories MIT
    (emoji-datasource, Cal Henderson); encoders Apache-2.0, WordLlama MIT.

    Source: emoji-datasource-google 16.0.0; Unicode CLDR 48.2.

    Example:
        >>> emoji = load_emoji()
        >>> emoji
        Emoji(n=1906, noto_efflite0 1280, noto_cocossd 1280, name_minilm 384, name_use 512, name_wordllama 256)
        >>> emoji.names["fr"][0], emoji.categories[0], emoji.keywords[0][:2], emoji.items.thumbnail(0, size=32).size
        ('visage rieur', 'Smileys & Emotion', ('cheerful', 'cheery'), (32, 32))
    """
    texts = _texts("emoji")
    return Emoji(
        name="emoji",
        spaces=_spaces("emoji"),
        items=_emoji_items(),
        licence="Noto Emoji: Apache-2.0; names: Unicode-3.0; categories: MIT; encoders: Apache-2.0, WordLlama MIT",
        characters=tuple(texts["char"]),
        categories=tuple(texts["category"]),
        subcategories=tuple(texts["subcategory"]),
        names={language: tuple(names) for language, names in texts["names"].items()},
        keywords=tuple(tuple(keywords) for keywords in texts["keywords_en"]),
    )


def load_glosses() -> Glosses:
    """2,915 noun definitions of WordNet, 25 topics, under three sentence encoders.

    Spaces: ``minilm`` (all-MiniLM-L6-v2), ``use`` (Universal Sentence Encoder), ``wordllama`` (WordLlama).
    Items: "word: definition" as text, the topic (WordNet's lexicographer file) as label.

    Licence: WordNet 3.0 licence, Copyright 2006 by Princeton University; MiniLM and USE Apache-2.0; WordLlama MIT.

    Source: Miller, 1995, Communications of the ACM 38; Cer and others, 2018, arXiv:1803.11175.

    Example:
        >>> glosses = load_glosses()
        >>> glosses
        Glosses(n=2915, minilm 384, use 512, wordllama 256)
        >>> glosses.items.describe(1), glosses.topics[1]
        ('disposal: the act or means of getting rid of something', 'act')
    """
    texts = _texts("glosses")
    return Glosses(
        name="glosses",
        spaces=_spaces("glosses"),
        items=_gloss_items(),
        licence="WordNet 3.0 licence, Copyright 2006 by Princeton University; MiniLM, USE: Apache-2.0; WordLlama: MIT",
        words=tuple(texts["word"]),
        definitions=tuple(texts["definition"]),
        topics=tuple(texts["topic"]),
    )


def load_multilingual() -> Multilingual:
    """525 countries and things in English, Russian and Japanese, each under word vectors trained on its language alone.

    Spaces: ``en_glove100`` (GloVe), ``en_w2v300`` (word2vec), ``ru_navec300`` (navec), ``ja_chive300`` (chiVe, as
    shipped in ja-ginza, where rare words share a vector: 419 of the 525 differ).
    Items: the three words as text, country or emoji as label, the English word as id.

    Licence: GloVe PDDL 1.0; word2vec and chiVe Apache-2.0; navec MIT; words Unicode-3.0.

    Source: Unicode CLDR 48.2, names of territories and of emoji.

    Example:
        >>> concepts = load_multilingual()
        >>> concepts
        Multilingual(n=525, en_glove100 100, en_w2v300 300, ru_navec300 300, ja_chive300 300)
        >>> concepts.items.describe(concepts.words["en"].index("china"))
        'china · китай · 中国'
    """
    texts = _texts("multilingual")
    spaces = _spaces("multilingual")
    return Multilingual(
        name="multilingual",
        spaces=spaces,
        items=_multilingual_items(),
        licence="GloVe: PDDL-1.0; word2vec, chiVe: Apache-2.0; navec: MIT; words: Unicode-3.0",
        words={language: tuple(texts[language]) for language in ("en", "ru", "ja")},
        kinds=tuple(texts["kind"]),
        in_w2v=np.asarray(spaces["en_w2v300"].any(axis=1)),
    )


@functools.cache
def _word_items() -> Items:
    texts = _texts("words")
    return Items(labels=texts["section"], texts=texts["word"], ids=texts["word"])


@functools.cache
def _emoji_items() -> Items:
    texts = _texts("emoji")
    with _archive("emoji") as archive:
        sheet = SpriteSheet(archive["noto-32.webp"], size=32, columns=64)
    return Items(labels=texts["category"], images=sheet, texts=texts["names"]["en"], ids=texts["char"])


@functools.cache
def _gloss_items() -> Items:
    texts = _texts("glosses")
    entries = [f"{word}: {gloss}" for word, gloss in zip(texts["word"], texts["definition"], strict=True)]
    return Items(labels=texts["topic"], texts=entries)


@functools.cache
def _multilingual_items() -> Items:
    texts = _texts("multilingual")
    entries = [" · ".join(words) for words in zip(texts["en"], texts["ru"], texts["ja"], strict=True)]
    return Items(labels=texts["kind"], texts=entries, ids=texts["en"])


def _archive(name: str) -> NpzFile:
    path = _FOLDER / f"{name}.npz"
    if not path.is_file():
        raise FileNotFoundError(
            f"expected the bundled data set {path.name} in {path.parent} but it is not there; reinstall embwidget, "
            f"whose wheel carries it"
        )
    archive: NpzFile = np.load(path, allow_pickle=False)
    return archive


@functools.cache
def _texts(name: str) -> Mapping[str, Any]:
    with _archive(name) as archive:
        texts: dict[str, Any] = json.loads(bytes(archive["texts.json"]))
    return texts


def _spaces(name: str) -> dict[str, Float32[np.ndarray, "n _"]]:
    return {space: half.astype(np.float32) for space, half in _halves(name).items()}


@functools.cache
def _halves(name: str) -> Mapping[str, np.ndarray]:
    """The float16 arrays, put together from their planes: which values are not +0, their high and their low bytes."""
    rows = len(next(values for values in _texts(name).values() if isinstance(values, list)))
    halves = {}
    with _archive(name) as planes:
        for space in [member.removesuffix(".mask") for member in planes.files if member.endswith(".mask")]:
            nonzero = np.unpackbits(planes[f"{space}.mask"], axis=1, count=rows).astype(bool)
            bits = np.zeros(nonzero.shape, np.uint16)
            bits[nonzero] = planes[f"{space}.high"].astype(np.uint16) << 8 | planes[f"{space}.low"]
            halves[space] = np.ascontiguousarray(bits.view(np.float16).T)
    return halves
