"""``.safetensors``: several tensors by name, mapped; bfloat16, which NumPy has not, becomes float32 once."""

from pathlib import Path
from typing import Any

from embwidget.arrays.blocks import row_blocks
from embwidget.arrays.reading.gathered import Gathered, gathered
from embwidget.arrays.reading.tensor_file import from_bfloat16, mapped_tensor, tensor_layouts
from embwidget.sources.source import Source, extents


def safetensors_source(file: Path) -> Source:
    """The tensors of a ``.safetensors``, by its own header."""
    layouts = tensor_layouts(file)

    def rows(name: str) -> Gathered:
        found = mapped_tensor(file, name, layouts[name])
        if layouts[name].dtype != "BF16":
            return Gathered(found, f"{name!r} of {file.name} is mapped, not read.")
        blocks = (from_bfloat16(found[one]) for one in row_blocks(len(found), 4 * found[0].size if len(found) else 1))
        put = gathered(blocks, found.shape, "float32", f"{name!r} of {file.name}")
        return Gathered(put.rows, f"{put.note} It is bfloat16, taken as float32.")

    def values(name: str) -> list[Any]:
        listed: list[Any] = mapped_tensor(file, name, layouts[name]).tolist()
        return listed

    return Source(
        kind="file",
        parts="tensors",
        vectors={name: extents(one.shape) for name, one in layouts.items() if len(one.shape) > 1},
        described=[name for name, one in layouts.items() if len(one.shape) == 1],
        rows=rows,
        values=values,
    )
