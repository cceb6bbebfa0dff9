"""What a command leaves: a page that can be sent, and numbers for machines, both whole or not at all."""

import argparse
import os
from pathlib import Path
from typing import Any

import embwidget as ew


def add_outputs(parser: argparse.ArgumentParser) -> None:
    """Where to write to."""
    left = parser.add_argument_group("reports")
    left.add_argument("--html", metavar="FILE", help="write a page with the views, which opens anywhere")
    left.add_argument("--json", metavar="FILE", help="write the numbers, for machines")


def check_outputs(given: argparse.Namespace) -> None:
    """Before long work: both can be written, over nothing that is read.

    Raises:
        OSError, ValueError: one cannot, or is one of the files that are compared.

    """
    taken = {os.path.realpath(one): name for name, one in _read(given)}
    for name, path in _written(given):
        _check_place(name, path)
        real = os.path.realpath(path)
        if real in taken:
            raise ValueError(
                f"expected {name} to be a file of its own but got {path!r}, which is {taken[real]} as well"
            )
        taken[real] = name


def write_outputs(result: Any, given: argparse.Namespace) -> None:
    """As asked for."""
    if given.json is not None:
        result.to_json(given.json)
    if given.html is not None:
        old, new = given.names
        ew.to_html(result, given.html, title=f"{old} ({Path(given.old).name}) and {new} ({Path(given.new).name})")


def _read(given: argparse.Namespace) -> list[tuple[str, str]]:
    named = {"OLD": "old", "NEW": "new", "--items": "items", "--qrels": "qrels"}
    named |= {f"--queries-{side}": f"queries_{side}" for side in ("old", "new")}
    found = [(name, getattr(given, one, None)) for name, one in named.items()]
    found += [("--baseline", one) for one in getattr(given, "baseline", None) or []]
    return [(name, path) for name, path in found if path is not None]


def _written(given: argparse.Namespace) -> list[tuple[str, str]]:
    return [(name, path) for name, path in (("--html", given.html), ("--json", given.json)) if path is not None]


def _check_place(name: str, path: str) -> None:
    place = Path(path)
    # What is written takes the place of what was there: no device may be replaced by a file.
    if place.is_dir() or (place.exists() and not place.resolve().is_file()) or place.absolute().is_relative_to("/dev"):
        raise ValueError(f"expected {name} to name a file but got {path!r}, which is none; give a path of its own")
    folder = place.absolute().parent
    if not folder.is_dir():
        raise FileNotFoundError(
            f"expected {name} in a folder that is there but got {path!r}; make {str(folder)!r} first"
        )
    if not os.access(folder, os.W_OK):
        raise PermissionError(f"expected {name} in a folder that can be written but got {path!r}; choose another")
