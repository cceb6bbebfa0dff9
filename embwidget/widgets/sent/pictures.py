"""The pictures that a report holds: small ones of all items, larger ones of those that lead."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from PIL import Image, features

from embwidget.widgets.wire import thumbnails

MOST_SMALL = 20_000
"""Items of which a small picture is held; of more the leading ones, then others spread evenly."""

MOST_LARGE = 240
_QUALITY = 80
_LEADING = 24


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Tiles of one size, of these rows in this order, as a file of pictures."""

    rows: list[int]
    size: int
    mime: str
    file: bytes


def sheets_of(scene: Any) -> list[Sheet]:
    """All sheets of a scene's items, which have pictures."""
    leading = leading_rows(scene)[:MOST_SMALL]
    rest = np.setdiff1d(np.arange(scene.n), leading)
    room = MOST_SMALL - len(leading)
    if len(rest) > room:
        rest = rest[np.linspace(0, len(rest) - 1, room).astype(np.int64)]
    # In the order of the rows, in which two scenes of the same items have the same sheets.
    small = [*_sheets(scene, sorted([*leading, *rest.tolist()]), thumbnails.SIZE)]
    return [*small, *_sheets(scene, leading[:MOST_LARGE], thumbnails.LARGE)]


def leading_rows(scene: Any) -> list[int]:
    """The rows that a reader meets first: selected, the leading members of each group, those that changed most."""
    rows = [*scene.selected.tolist()[:_LEADING]]
    ends = np.cumsum([0, *(group["members"] for group in _groups(scene))])
    members = getattr(scene, "member_rows", np.zeros(0, np.int64))
    for begin, end in pairwise(ends):
        rows += members[begin : min(end, begin + _LEADING)].tolist()
    rows += np.asarray(getattr(scene, "changed", np.zeros(0, np.int64)))[:_LEADING].tolist()
    return list(dict.fromkeys(rows))


def _groups(scene: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = getattr(scene, "clusters", None) or getattr(scene, "changes", None) or []
    return found


def _sheets(scene: Any, rows: list[int], size: int) -> Iterator[Sheet]:
    for first in range(0, len(rows), thumbnails.PER_SHEET):
        some = rows[first : first + thumbnails.PER_SHEET]
        file, mime, _ = thumbnails.sheet(scene._items, scene.n, some, size)
        yield Sheet(rows=some, size=size, **_smaller(file, mime))


def _smaller(file: bytes, mime: str) -> dict[str, Any]:
    """The same in the format that takes least, where there is one; transparent parts stay so."""
    if not features.check("webp"):
        return {"file": file, "mime": mime}
    written = io.BytesIO()
    Image.open(io.BytesIO(file)).save(written, "WEBP", quality=_QUALITY, method=4)
    found = written.getvalue()
    return {"file": found, "mime": "image/webp"} if len(found) < len(file) else {"file": file, "mime": mime}
