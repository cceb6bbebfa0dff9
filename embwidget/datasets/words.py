"""Readers of a user's own data: word vectors as text, analogy questions; nothing is unpickled."""

import contextlib
import gzip
import os
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from jaxtyping import Float32

from embwidget.arrays.options import check_one_of, check_whole, unless_none
from embwidget.work.progress import progress_bar

_PEEK = 100
_EVERY = 2000
_SPACE = " \t\r\n\v\f"


@dataclass(frozen=True, eq=False, repr=False)
class WordVectors:
    """Words and their vectors, row i for word i, in the order of the file; see `read_glove`.

    ``missing`` are words that were asked for and are not in the file, ``duplicates`` counts lines of a word that was
    there before, ``skipped`` has the numbers of malformed lines that were passed over.
    """

    words: tuple[str, ...]
    vectors: Float32[np.ndarray, "n d"]
    missing: tuple[str, ...] = ()
    duplicates: int = 0
    skipped: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.words)

    def __repr__(self) -> str:
        counts = {"missing": len(self.missing), "duplicates": self.duplicates, "skipped": len(self.skipped)}
        told = "".join(f", {name}={count}" for name, count in counts.items() if count)
        return f"WordVectors(n={len(self)}, d={self.vectors.shape[1]}{told})"


@dataclass(frozen=True, eq=False, repr=False)
class Analogies:
    """Questions "a is to b as c is to d" in words, the section of each, and all sections, also empty ones."""

    questions: tuple[tuple[str, str, str, str], ...]
    question_sections: tuple[str, ...]
    sections: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.questions)

    def __repr__(self) -> str:
        return f"Analogies(questions={len(self)}, sections={len(self.sections)})"


def read_glove(
    path: str | os.PathLike[str],
    words: Iterable[str] | None = None,
    limit: Any = None,
    *,
    malformed: str = "raise",
    progress: Any = True,
) -> WordVectors:
    r"""Read word vectors in the text format of GloVe, word2vec and fastText, line by line.

    Each line is a word and its numbers; a first line of two whole numbers, as word2vec and fastText write, is passed
    over. A word may hold spaces: the numbers are counted from the end of the line, as many as most of the first 100
    lines have. Of a word that comes twice, the first line counts. A ``.gz`` file is read as it is.

    Args:
        path: the file.
        words: keep these words only; the others' numbers are not read.
        limit: read that many lines of vectors only; the most frequent words come first in such files.
        malformed: ``"raise"``, or ``"skip"``: leave lines out that have too few numbers, text among the numbers,
            values that are not finite, or no valid UTF-8, and tell which.
        progress: True for a bar on long work, False or None for none, or a function of (share done, what).

    Returns:
        `WordVectors`, of float32.

    Raises:
        ValueError: a malformed line, told with its number; no vector at all.

    Example:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp(), "vectors.txt")
        >>> _ = file.write_text("the 0.1 0.2\nnew york 0.3 0.4\n")
        >>> vectors = read_glove(file)
        >>> vectors, vectors.words
        (WordVectors(n=2, d=2), ('the', 'new york'))

    Source: Pennington, Socher and Manning, EMNLP 2014, https://nlp.stanford.edu/projects/glove.

    """
    check_one_of("malformed", malformed, ("raise", "skip"))
    limit = unless_none(check_whole, "limit", limit, 1, of="lines")
    if isinstance(words, str):
        raise ValueError(f"expected words to be several words but got the text {words!r}; pass [{words!r}]")
    asked = None if words is None else dict.fromkeys(words)
    name = Path(path).name
    values, kept, skipped, duplicates = array("f"), dict[str, None](), list[int](), 0
    with progress_bar(progress) as report, _numbered_lines(path) as (numbered, share):
        head = list(islice(numbered, _PEEK + 1))
        start, width = _layout([line for _, line in head], name)
        for number, line in islice(chain(head[start:], numbered), limit):
            try:
                word, row = _entry(line, width, asked)
            except ValueError as error:
                if malformed == "raise":
                    raise ValueError(
                        f"expected a word and {width} numbers in line {number} of {name} but got {error}; repair the "
                        f"line, or pass malformed='skip' to leave such lines out and have them counted"
                    ) from None
                skipped.append(number)
                continue
            if row is not None and word in kept:
                duplicates += 1
            elif row is not None:
                kept[word] = None
                values.frombytes(row.tobytes())
            if number % _EVERY == 0:
                report(share(), f"reading {name}")
    return _word_vectors(kept, values, width, asked=asked, duplicates=duplicates, skipped=skipped, name=name)


def read_analogies(path: str | os.PathLike[str], *, lower: bool = False) -> Analogies:
    r"""Read analogy questions in the format of ``questions-words.txt``: four words a line, ``: name`` begins a section.

    Args:
        path: the file.
        lower: bring all words to lower case, as GloVe's are.

    Returns:
        `Analogies`, for `embwidget.tasks.analogy_accuracy`.

    Raises:
        ValueError: a line that is not four words, told with its number; no question at all.

    Example:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp(), "questions.txt")
        >>> _ = file.write_text(": family\nboy girl brother sister\n")
        >>> read_analogies(file)
        Analogies(questions=1, sections=1)

    Source: Mikolov, Chen, Corrado and Dean, 2013, arXiv:1301.3781.

    """
    name, questions, of, sections = Path(path).name, [], [], dict[str, None]()
    section = ""
    with open(path, encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            found = line.split()
            if line.startswith(":"):
                section = line[1:].strip()
                sections[section] = None
            elif len(found) == 4:
                a, b, c, d = (word.lower() if lower else word for word in found)
                questions.append((a, b, c, d))
                of.append(section)
                sections[section] = None
            elif found:
                raise ValueError(f"expected four words in line {number} of {name} but got {len(found)}: {line[:60]!r}")
    if not questions:
        raise ValueError(f"expected questions of four words in {name} but got none")
    return Analogies(tuple(questions), tuple(of), tuple(sections))


@contextlib.contextmanager
def _numbered_lines(path: str | os.PathLike[str]) -> Iterator[tuple[Iterator[tuple[int, bytes]], Any]]:
    """The lines of a file with their numbers, blank ones left out, and a function that tells the share read."""
    size = max(1, Path(path).stat().st_size)
    with open(path, "rb") as raw:
        file: BinaryIO = gzip.GzipFile(fileobj=raw) if str(path).endswith(".gz") else raw  # type: ignore[assignment]
        lines = ((number, line) for number, line in enumerate(file, 1) if line.strip())
        yield lines, lambda: min(1.0, raw.tell() / size)


def _layout(head: list[bytes], name: str) -> tuple[int, int]:
    """How many lines of a file are its header (0 or 1), and how many numbers a vector has."""
    if not head:
        raise ValueError(f"expected word vectors in {name} but got an empty file")
    first = head[0].split()
    if len(first) == 2 and all(part.isdigit() for part in first) and int(first[1]):
        second = head[1].split() if len(head) > 1 else []
        if len(second) > 2 or len(second) == 1 + int(first[1]):
            return 1, int(first[1])
    widths = Counter(_numbers_at_end(line) for line in head)
    width = max(widths, key=lambda found: (widths[found], found))
    if not width:
        raise ValueError(f"expected lines of a word and its numbers in {name} but got {head[0][:60]!r}")
    return 0, width


def _numbers_at_end(line: bytes) -> int:
    found = 0
    for part in reversed(line.split()[1:]):
        try:
            float(part)
        except ValueError:
            break
        found += 1
    return found


def _entry(line: bytes, width: int, asked: dict[str, None] | None) -> tuple[str, np.ndarray | None]:
    """The word of a line and its numbers; None for the numbers of a word that was not asked for."""
    parts = line.rsplit(None, width)
    if len(parts) <= width:
        raise ValueError(f"{len(parts)} parts: {line[:60]!r}")
    try:
        word = parts[0].decode("utf-8").strip(_SPACE)
    except UnicodeDecodeError:
        raise ValueError(f"no valid UTF-8: {line[:60]!r}") from None
    if asked is not None and word not in asked:
        return word, None
    try:
        with np.errstate(over="ignore"):
            row = np.fromiter(map(float, parts[1:]), np.float32, width)
    except ValueError:
        raise ValueError(f"text among the numbers: {line[:60]!r}") from None
    if not np.isfinite(row).all():
        raise ValueError(f"NaN, infinity or a number beyond float32: {line[:60]!r}")
    return word, row


def _word_vectors(
    kept: dict[str, None],
    values: "array[float]",
    width: int,
    *,
    asked: dict[str, None] | None,
    duplicates: int,
    skipped: list[int],
    name: str,
) -> WordVectors:
    if not kept:
        what = "one of the words asked for" if asked is not None else "a vector"
        raise ValueError(f"expected at least {what} in {name} but got none ({len(skipped)} malformed lines)")
    vectors = np.frombuffer(values, np.float32).reshape(-1, width)
    missing = tuple(word for word in asked or () if word not in kept)
    return WordVectors(tuple(kept), vectors, missing, duplicates, tuple(skipped))
