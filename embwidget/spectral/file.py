"""A spectral comparison as a JSON-ready header and plain arrays, and back."""

from dataclasses import asdict, fields
from typing import Any

import numpy as np

from embwidget.items.items import Items
from embwidget.results.archive import under
from embwidget.results.record import from_record, to_record, tuples
from embwidget.scores.score import Score
from embwidget.spectral.cluster import Cluster
from embwidget.spectral.cluster_quality import Histograms
from embwidget.spectral.clusters import cluster_loadings
from embwidget.spectral.enrichment import Enrichment
from embwidget.spectral.name_test import NameTest

_PLAIN = ("names", "noise_floor", "spec_diff", "params", "warnings")
_ARRAYS = ("eigenvalues", "eigenvectors", "residuals", "constant_share", "held_out", "stability", "unrelated")
_PARTS = ("loadings", "histograms", "enrichment", "name_test", "items")


def pack(comparison: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Header and arrays of a `SpectralComparison`; of its embeddings, nothing."""
    header: dict[str, Any] = {name: getattr(comparison, name) for name in _PLAIN}
    arrays: dict[str, np.ndarray] = {name: getattr(comparison, name) for name in _ARRAYS}
    arrays["map_x"], arrays["map_y"] = comparison.maps
    header["score"], found = to_record(comparison.score)
    arrays |= {f"score.{name}": value for name, value in found.items()}
    header["clusters"] = []
    for i, cluster in enumerate(comparison.clusters):
        record, found = _cluster_record(cluster)
        header["clusters"].append(record)
        arrays |= {f"clusters.{i}.{name}": value for name, value in found.items()}
    arrays |= {f"items.{name}": value for name, value in comparison.items.to_arrays(comparison.n).items()}
    return header, arrays


def unpack(header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """The fields of a `SpectralComparison` from what `pack` made."""
    items = Items.from_arrays(under(arrays, "items."))
    return {
        **{name: header[name] for name in _PLAIN},
        **{name: arrays[name] for name in _ARRAYS},
        "names": tuples(header["names"]),
        "params": {name: tuples(value) for name, value in header["params"].items()},
        "warnings": tuples(header["warnings"]),
        "score": Score(**from_record(header["score"], under(arrays, "score."))),
        "clusters": tuple(
            _cluster(record, under(arrays, f"clusters.{i}."), arrays["eigenvectors"], items)
            for i, record in enumerate(header["clusters"])
        ),
        "maps": (arrays["map_x"], arrays["map_y"]),
        "items": items,
    }


def _cluster_record(cluster: Cluster) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    # Loadings are columns of the eigenvectors, which are in the file already.
    rest = {one.name: getattr(cluster, one.name) for one in fields(cluster) if one.name not in _PARTS}
    arrays = {name: value for name, value in rest.items() if isinstance(value, np.ndarray)}
    record = {name: value for name, value in rest.items() if name not in arrays}
    record["enrichment"] = [asdict(one) for one in cluster.enrichment]
    record["name_test"] = None if cluster.name_test is None else asdict(cluster.name_test)
    arrays |= {f"histograms.{one.name}": getattr(cluster.histograms, one.name) for one in fields(Histograms)}
    return record, arrays


def _cluster(record: dict[str, Any], arrays: dict[str, np.ndarray], eigenvectors: np.ndarray, items: Items) -> Cluster:
    stored: dict[str, Any] = {name: tuples(value) for name, value in record.items() if name not in _PARTS}
    stored |= {name: value for name, value in arrays.items() if not name.startswith("histograms.")}
    loadings = cluster_loadings(eigenvectors, stored["components"], stored.get("weights"))
    # A cluster on the negative side of its vector has it turned over: its strongest member has a positive loading.
    turned = len(stored["indices"]) > 0 and loadings[stored["indices"][0]] < 0
    return Cluster(
        **stored,
        loadings=-loadings if turned else loadings,
        histograms=Histograms(**under(arrays, "histograms.")),
        enrichment=tuple(Enrichment(**one) for one in record["enrichment"]),
        name_test=None if record.get("name_test") is None else NameTest(**record["name_test"]),
        items=items,
    )
