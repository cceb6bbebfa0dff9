"""An alignment as a JSON-ready header and plain arrays, and back."""

from dataclasses import asdict
from typing import Any

import numpy as np

from embwidget.alignment.cluster_change import ClusterChange
from embwidget.alignment.standing import Standing
from embwidget.comparison import file as comparison_file
from embwidget.comparison.result import Comparison
from embwidget.items.items import Items
from embwidget.maps.rows import RowMap, row_map_from
from embwidget.results.archive import under
from embwidget.results.record import from_record, to_record, tuples
from embwidget.spectral import file as spectral_file
from embwidget.spectral.enrichment import Enrichment
from embwidget.spectral.result import SpectralComparison
from embwidget.work.history import History

_PLAIN = ("names", "method", "kept", "stopped", "params", "warnings")
_SIDES = ("before", "after")
_PARTS = ("comparison", "spectral")
_MAPS = ("map", "y_map", "pairs_map")
_ROWS = ("fit_rows", "rows")
_LAYOUTS = ("before", "after", "target")

Record = tuple[dict[str, Any], dict[str, np.ndarray]]


def pack(alignment: Any) -> Record:
    """Header and arrays of an `Alignment`; of its embeddings, nothing."""
    header: dict[str, Any] = {name: getattr(alignment, name) for name in _PLAIN}
    arrays: dict[str, np.ndarray] = {name: getattr(alignment, name) for name in _ROWS}
    arrays |= {f"layout.{name}": one for name, one in zip(_LAYOUTS, alignment.layouts, strict=True)}
    arrays |= {f"heat.{name}": one for name, one in alignment.heat.items()}
    arrays |= {f"items.{name}": one for name, one in alignment.items.to_arrays(alignment.n).items()}
    for side in _SIDES:
        record, found = _standing_record(getattr(alignment, side))
        header[side] = record
        arrays |= _above(f"{side}.", found)
    header["history"], found = to_record(alignment.history)
    arrays |= _above("history.", found)
    header["clusters"] = []
    for i, change in enumerate(alignment.clusters):
        record, found = to_record(change)
        record["enrichment"] = [asdict(one) for one in change.enrichment]
        header["clusters"].append(record)
        arrays |= _above(f"clusters.{i}.", found)
    header["maps"] = {}
    for name in _MAPS:
        one: RowMap | None = getattr(alignment, name)
        if one is not None:
            header["maps"][name] = one.kind
            arrays |= {f"{name}.{part}": value.cpu().numpy() for part, value in one.arrays().items()}
    return header, arrays


def unpack(header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """The fields of an `Alignment` from what `pack` made."""
    params = header["params"] | {name: tuple(header["params"][name]) for name in ("widths", "dropped")}
    params["bandwidth"] = params["bandwidth"] and tuple(params["bandwidth"])
    return {
        **{name: header[name] for name in _PLAIN},
        **{name: arrays[name] for name in _ROWS},
        **{side: _standing(header[side], under(arrays, f"{side}.")) for side in _SIDES},
        **dict.fromkeys(_MAPS),
        **{name: row_map_from(kind, under(arrays, f"{name}.")) for name, kind in header["maps"].items()},
        "params": params,
        "names": tuples(header["names"]),
        "warnings": tuples(header["warnings"]),
        "layouts": tuple(arrays[f"layout.{name}"] for name in _LAYOUTS),
        "heat": under(arrays, "heat."),
        "items": Items.from_arrays(under(arrays, "items.")),
        "history": History(**from_record(header["history"], under(arrays, "history."))),
        "clusters": tuple(
            _change(record, under(arrays, f"clusters.{i}.")) for i, record in enumerate(header["clusters"])
        ),
    }


def _standing_record(standing: Standing) -> Record:
    header: dict[str, Any] = {"r_squared": standing.r_squared}
    arrays = {"residuals": standing.residuals}
    for name, module in zip(_PARTS, (comparison_file, spectral_file), strict=True):
        header[name], found = module.pack(getattr(standing, name))
        arrays |= _above(f"{name}.", found)
    return header, arrays


def _standing(header: dict[str, Any], arrays: dict[str, np.ndarray]) -> Standing:
    return Standing(
        Comparison(**comparison_file.unpack(header["comparison"], under(arrays, "comparison."))),
        SpectralComparison(**spectral_file.unpack(header["spectral"], under(arrays, "spectral."))),
        arrays["residuals"],
        header["r_squared"],
    )


def _change(record: dict[str, Any], arrays: dict[str, np.ndarray]) -> ClusterChange:
    plain = from_record(record, arrays)
    plain["enrichment"] = tuple(Enrichment(**one) for one in record["enrichment"])
    return ClusterChange(**plain)


def _above(prefix: str, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {f"{prefix}{name}": value for name, value in arrays.items()}
