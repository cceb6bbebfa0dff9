"""Relevance judgements in a text file, as TREC or BEIR writes them."""

import math
import os
from collections.abc import Iterator
from pathlib import Path

Judgement = tuple[str, str, float]
"""A query's id, a document's and the grade."""

_HEADER = ("query-id", "corpus-id", "score")


def read_qrels(path: str | os.PathLike[str]) -> Iterator[Judgement]:
    """The judgements of a file: ``query 0 document grade`` (TREC) or ``query document grade`` in tabs (BEIR).

    Raises:
        OSError: there is no such file.
        ValueError: a line that is neither, by its number; a grade that is no number; no text.

    """
    try:
        with Path(path).open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if line.strip() and not (number == 1 and _is_header(line)):
                    yield _judgement(line.rstrip("\r\n"), number)
    except UnicodeDecodeError:
        raise ValueError(
            f"expected a text file of judgements in UTF-8 but got {os.fspath(path)!r}, which is none; unpack it first"
        ) from None


def _is_header(line: str) -> bool:
    return tuple(one.strip().casefold() for one in line.split("\t")) == _HEADER


def _judgement(line: str, number: int) -> Judgement:
    tabs = [one.strip() for one in line.split("\t")]
    # Of three fields in tabs ids may hold spaces.
    parts = tabs if len(tabs) == 3 else line.split()
    if len(parts) == 4:
        parts = [parts[0], *parts[2:]]
    if len(parts) != 3:
        raise ValueError(
            "expected lines 'query 0 document grade' (TREC), or 'query<tab>document<tab>grade' (BEIR), but got "
            f"{line!r:.80} in line {number}; convert the file to one of these"
        )
    try:
        grade = float(parts[2])
    except ValueError:
        grade = math.nan
    if not math.isfinite(grade):
        raise ValueError(f"expected a number as the grade in line {number} but got {parts[2]!r:.40}; repair the line")
    return parts[0], parts[1], grade
