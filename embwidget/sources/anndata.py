"""AnnData's layout, in HDF5 or in zarr: ``obsm`` holds spaces and maps, ``obs`` what is known of each row."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from embwidget.arrays.reading.gathered import Gathered
from embwidget.sources.groups import Mapped, array_rows, listed
from embwidget.sources.source import Source, extents

_MAPS = ("X_umap", "X_tsne", "X_draw_graph_fa", "X_mde")


def is_anndata(group: Any) -> bool:
    """Whether a group is laid out as AnnData does."""
    return "obs" in group and ("obsm" in group or "X" in group)


def anndata_source(group: Any, file: str, mapped: Mapped = lambda _: None) -> Source:
    """The spaces in ``obsm`` that are no maps (without any, ``X``), the columns of ``obs``, and the first map.

    Raises:
        ValueError: of a layout that AnnData gave up.

    """
    obs = group["obs"]
    if hasattr(obs, "shape"):
        raise ValueError(
            f"expected obs in {file} as a group of columns but got an old table; write the file anew with anndata: "
            "anndata.read_h5ad(path).write_h5ad(path)"
        )
    spaces = {str(name): group["obsm"][name] for name in sorted(group["obsm"])} if "obsm" in group else {}
    maps = [name for name in _MAPS if name in spaces and tuple(getattr(spaces[name], "shape", ()))[1:] == (2,)]
    vectors = {name: one for name, one in spaces.items() if name not in _MAPS and _is_dense(one)}
    if not vectors and "X" in group and _is_dense(group["X"]):
        vectors = {"X": group["X"]}
    index = str(obs.attrs.get("_index", "_index"))

    def rows(name: str) -> Gathered:
        return array_rows(vectors[name], f"{name!r} of {file}", mapped)

    return Source(
        kind="file",
        parts="spaces and columns",
        vectors={name: extents(one.shape) for name, one in vectors.items()},
        described=[str(name) for name in sorted(obs) if not str(name).startswith("__")],
        rows=rows,
        values=lambda name: _column(obs, name),
        ids=index if index in obs else None,
        maps=lambda: np.asarray(spaces[maps[0]][...]) if maps else None,
        notes=tuple(f"{maps[0]!r} of {file} is taken as its map." for _ in maps[:1]),
    )


def _is_dense(one: Any) -> bool:
    return hasattr(one, "shape") and len(one.shape) > 1 and hasattr(one, "dtype")


def _column(obs: Any, name: str) -> list[Any]:
    """A column of ``obs``: values, codes of categories, or values with a mask of those that are missing."""
    column = obs[name]
    if hasattr(column, "shape"):
        older = obs.get("__categories", {})
        return _decoded(listed(older[name]), listed(column)) if name in older else listed(column)
    if "codes" in column:
        return _decoded(listed(column["categories"]), listed(column["codes"]))
    if "values" in column and "mask" in column:
        pairs = zip(listed(column["values"]), listed(column["mask"]), strict=True)
        return [None if missing else one for one, missing in pairs]
    raise ValueError(
        f"expected values or categories in obs[{name!r}] but got a group of {', '.join(_names(column))}; write the "
        "column anew as text"
    )


def _decoded(categories: list[Any], codes: list[int]) -> list[Any]:
    return [None if code < 0 else categories[code] for code in codes]


def _names(group: Mapping[str, Any]) -> list[str]:
    return [str(name) for name in group]
