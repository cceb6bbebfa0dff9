"""An audit as a JSON-ready header and plain arrays, and back; what results it holds are packed as their own."""

from dataclasses import asdict
from typing import Any

import numpy as np

from embwidget.comparison.carrying.result import Thresholds
from embwidget.comparison.result import Comparison
from embwidget.results.archive import under
from embwidget.results.record import from_record, to_record, tuples
from embwidget.results.result import Result
from embwidget.retrieval.result import RetrievalComparison
from embwidget.upgrade.bridges import Bridge
from embwidget.upgrade.condition import Condition
from embwidget.upgrade.decide import Reason
from embwidget.upgrade.groups import GroupChange
from embwidget.upgrade.hubness import Hubness

_PLAIN = ("decision", "tolerance", "measure", "params", "warnings")
_RESULTS: dict[str, type[Result]] = {"comparison": Comparison, "retrieval": RetrievalComparison, "carried": Thresholds}
_RECORDS = {"reasons": Reason, "bridges": Bridge, "conditions": Condition}
_WITH_ARRAYS = {"groups": GroupChange, "hubness": Hubness}


def pack(audit: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Header and arrays of an `Audit`."""
    header: dict[str, Any] = {name: getattr(audit, name) for name in _PLAIN}
    header |= {name: [asdict(one) for one in getattr(audit, name)] for name in _RECORDS}
    arrays: dict[str, np.ndarray] = {}
    for name in _RESULTS:
        one = getattr(audit, name)
        header[name] = None
        if one is not None:
            header[name], own = one._packed()
            arrays |= {f"{name}.{field}": value for field, value in own.items()}
    for name in _WITH_ARRAYS:
        header[name] = []
        for i, one in enumerate(getattr(audit, name)):
            plain, own = to_record(one)
            header[name].append(plain)
            arrays |= {f"{name}.{i}.{field}": value for field, value in own.items()}
    return header, arrays


def unpack(header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """The fields of an `Audit` from what `pack` made."""
    found: dict[str, Any] = {name: tuples(header[name]) for name in _PLAIN}
    for name, kind in _RECORDS.items():
        found[name] = tuple(kind(**{key: tuples(value) for key, value in one.items()}) for one in header[name])
    for name, result in _RESULTS.items():
        plain = header[name]
        found[name] = None if plain is None else result._built(plain, under(arrays, f"{name}."))
    for name, held in _WITH_ARRAYS.items():
        found[name] = tuple(
            held(**from_record(one, under(arrays, f"{name}.{i}."))) for i, one in enumerate(header[name])
        )
    return found
