"""A value whose fields are plain or arrays, as a JSON-ready record and the arrays beside it, and back."""

from dataclasses import fields
from typing import Any

import numpy as np


def to_record(one: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The fields of a dataclass: those that are plain, and those that are arrays or name arrays (``field.name``)."""
    record: dict[str, Any] = {}
    arrays: dict[str, np.ndarray] = {}
    for field in fields(one):
        value = getattr(one, field.name)
        if isinstance(value, np.ndarray):
            arrays[field.name] = value
        elif isinstance(value, dict) and any(isinstance(part, np.ndarray) for part in value.values()):
            arrays |= {f"{field.name}.{name}": part for name, part in value.items()}
        else:
            record[field.name] = value
    return record, arrays


def from_record(record: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """The fields of `to_record`, read from a file."""
    fields: dict[str, Any] = {name: tuples(value) for name, value in record.items()}
    for whole, value in arrays.items():
        field, dot, name = whole.partition(".")
        if dot:
            fields.setdefault(field, {})[name] = value
        else:
            fields[field] = value
    return fields


def tuples(value: Any) -> Any:
    """The same with every list in it, however deep, as a tuple: JSON knows no tuples."""
    if isinstance(value, dict):
        return {name: tuples(one) for name, one in value.items()}
    return tuple(tuples(one) for one in value) if isinstance(value, list) else value
