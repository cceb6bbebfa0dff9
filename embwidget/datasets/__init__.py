"""Real embeddings that come with the package, and readers of files of your own."""

from embwidget.datasets.features import read_features
from embwidget.datasets.load import (
    Dataset,
    Emoji,
    Glosses,
    Multilingual,
    Words,
    load_emoji,
    load_glosses,
    load_multilingual,
    load_words,
)
from embwidget.datasets.words import Analogies, WordVectors, read_analogies, read_glove

__all__ = [
    "Analogies",
    "Dataset",
    "Emoji",
    "Glosses",
    "Multilingual",
    "WordVectors",
    "Words",
    "load_emoji",
    "load_glosses",
    "load_multilingual",
    "load_words",
    "read_analogies",
    "read_features",
    "read_glove",
]
