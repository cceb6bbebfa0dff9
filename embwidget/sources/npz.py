"""``.npz``: several arrays by name; what is not packed is mapped, the rest is unpacked once."""

from pathlib import Path
from typing import Any

from embwidget.arrays.packed import PackedArrays
from embwidget.arrays.reading.gathered import Gathered, gathered
from embwidget.sources.source import Source, extents

_NO_LIMIT = 1 << 62


def npz_source(file: Path) -> Source:
    """The arrays of a ``.npz``, by their own headers. Pickled ones are refused."""
    with file.open("rb") as raw:
        archive = PackedArrays(raw, _NO_LIMIT)
        layouts = {name: archive.layout(name) for name in archive.names}

    def rows(name: str) -> Gathered:
        with file.open("rb") as raw:
            archive = PackedArrays(raw, _NO_LIMIT)
            if (mapped := archive.mapped(name)) is not None:
                return Gathered(mapped, f"{name!r} of {file.name} is mapped, not read.")
            found = layouts[name]
            return gathered(archive.blocks(name), found.shape, found.dtype, f"{name!r} of {file.name}")

    def values(name: str) -> list[Any]:
        with file.open("rb") as raw:
            listed: list[Any] = PackedArrays(raw, _NO_LIMIT).read(name).tolist()
            return listed

    pickled = frozenset(name for name, one in layouts.items() if one.dtype.hasobject)
    shapes = {name: extents(one.shape) for name, one in layouts.items() if len(one.shape) > 1}
    return Source(
        kind="archive",
        parts="arrays",
        vectors={name: shape for name, shape in shapes.items() if name not in pickled} or shapes,
        pickled=pickled,
        notes=tuple(f"{name!r} of {file.name} holds pickled values and was not read." for name in sorted(pickled)),
        described=[name for name, one in layouts.items() if len(one.shape) == 1],
        rows=rows,
        values=values,
    )
