"""An index of faiss': the vectors that it was given, or what it has kept of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from embwidget.arrays.blocks import row_blocks
from embwidget.arrays.reading.gathered import Gathered, gathered
from embwidget.sources.damage import needed
from embwidget.sources.source import Source, extents

_LOSSY = (
    "PQ",
    "ScalarQuantizer",
    "AdditiveQuantizer",
    "ResidualQuantizer",
    "LocalSearch",
    "LSH",
    "Lattice",
    "RaBitQ",
    "PreTransform",
)


def is_index(value: Any) -> bool:
    """Whether it is an index of faiss'."""
    return hasattr(value, "ntotal") and hasattr(value, "reconstruct_n")


def index_file(file: Path) -> Source:
    """The vectors of an index that `faiss.write_index` wrote.

    Raises:
        ImportError: faiss is not installed.

    """
    try:
        import faiss
    except ImportError:
        raise needed("faiss-cpu", "faiss", file.name) from None
    return index_source(faiss.read_index(str(file)), file.name)


def index_source(index: Any, file: str) -> Source:
    """The vectors of an index, in the order they were added; ids where it maps them.

    Raises:
        ValueError: an index of bits, or one that cannot give vectors back.

    """
    import faiss

    if not isinstance(index, faiss.Index):
        raise ValueError(
            f"expected an index of vectors as {file} but got {type(index).__name__}; pass the bits themselves"
        )
    # Neither a narrower view of an index nor one inside it keeps it alive.
    owner, index = index, faiss.downcast_index(index)
    ids, below = None, index
    while hasattr(below, "id_map") or isinstance(below, faiss.IndexPreTransform):
        if hasattr(below, "id_map"):
            ids = faiss.vector_to_array(below.id_map).tolist()
        elif ids is None:
            # What it was given it gives back itself, turned back.
            break
        below = faiss.downcast_index(below.index)
    kind = _kinds(faiss, below)
    lossy = any(one in kind for one in _LOSSY)

    def rows(_: str, alive: Any = owner) -> Gathered:
        if hasattr(below, "make_direct_map"):
            below.make_direct_map()
        shape = (int(below.ntotal), int(below.d))
        return gathered(_blocks(below, shape, file), shape, np.float32, file)

    return Source(
        kind="index",
        parts="vectors",
        vectors={"": extents((int(index.ntotal), int(index.d)))},
        described=() if ids is None else ("id_map",),
        rows=rows,
        values=lambda _: ids or [],
        ids=None if ids is None else "id_map",
        notes=(f"{file} keeps less of its vectors ({kind}): these are what it gives back, not what it was given.",)
        if lossy
        else (),
    )


def _blocks(index: Any, shape: tuple[int, int], file: str) -> Iterator[np.ndarray]:
    for one in row_blocks(shape[0], 4 * shape[1]):
        try:
            yield index.reconstruct_n(one.start, one.stop - one.start)
        except RuntimeError as error:
            raise ValueError(
                f"expected an index that gives its vectors back as {file} but {type(index).__name__} does not; open "
                "the vectors that it was made of"
            ) from error


def _kinds(faiss: Any, index: Any) -> str:
    """The class of an index, and of those inside it."""
    names = []
    while index is not None:
        names.append(type(index).__name__.removeprefix("Index"))
        inner = getattr(index, "index", None) or getattr(index, "storage", None)
        index = faiss.downcast_index(inner) if inner is not None else None
    return " of ".join(names)
