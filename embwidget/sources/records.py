"""Records as vector stores give them back: Qdrant's, Chroma's, Pinecone's, Milvus' and Weaviate's, and plain dicts."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from embwidget.arrays.options import as_number
from embwidget.arrays.reading.gathered import Gathered
from embwidget.arrays.reading.opened import Opened
from embwidget.arrays.reading.vectors import listed_rows
from embwidget.sources.assemble import assembled
from embwidget.sources.choose import check_names
from embwidget.sources.source import Source

_IDS = ("id", "uuid", "_id", "pk")
_VECTORS = ("vector", "embedding", "values", "embeddings")
_PAYLOADS = ("payload", "metadata", "properties", "entity", "fields")
_MISSING = object()
_LISTS = {"ids": "id", "embeddings": "embedding", "documents": "document", "metadatas": "metadata", "uris": "uri"}


def from_records(
    records: Any,
    *,
    column: Any = None,
    ids: Any = None,
    labels: Any = None,
    texts: Any = None,
    images: Any = None,
) -> Opened:
    """The space in the records of a vector store: a matrix of their vectors, their ids, and `Items` of the rest.

    Taken as they come: a list, or an iterator, of dicts or objects with ``id`` (``uuid``, ``_id``, ``pk``), ``vector``
    (``embedding``, ``values``) and ``payload`` (``metadata``, ``properties``, ``entity``, ``document``), as Qdrant,
    Pinecone, Milvus and Weaviate return them; a dict of lists as Chroma does; a mapping of ids to records as Pinecone's
    ``fetch`` does; Qdrant's ``scroll`` with its next page. No client is needed.

    Args:
        records: ``n`` of them, all with a vector.
        column: which vectors, where each record has several by name, or the field that holds them.
        ids, labels, texts, images: fields of the records or of their payload; by default those of the usual names
            (``label``, ``text``, ``document``, …).

    Returns:
        `Opened`, of ``(n, d)`` rows.

    Raises:
        TypeError, ValueError: no records, some without a vector or of another width, fields that are not there.

    Example:
        >>> from_records([{"id": 7, "vector": [0.0, 1.0], "payload": {"text": "cat", "label": "pet"}}]).items.texts
        ('cat',)

    """
    asked = {"column": column, "ids": ids, "labels": labels, "texts": texts, "images": images}
    check_names(asked)
    flat = [_flat(one, i) for i, one in enumerate(_each(records))]
    if not flat:
        raise ValueError("expected at least one record but got none; ask the store for some, with their vectors")
    return assembled(_source(flat), asked, "the records", "records")


def _source(flat: list[dict[str, Any]]) -> Source:
    names = list(dict.fromkeys(name for one in flat for name in one))
    vectors = {name: "vectors" for name in names if any(_is_vector(one.get(name)) for one in flat)}
    usual = [name for name in vectors if name in _VECTORS]

    def rows(name: str) -> Gathered:
        without = [i for i, one in enumerate(flat) if one.get(name) is None]
        if without:
            raise ValueError(
                f"expected {name!r} in each record but {len(without):,} of {len(flat):,} have none (first: record "
                f"{without[0]}); ask the store for vectors too (with_vectors=True, include=['embeddings'], "
                "include_vector=True), or leave these records out"
            )
        found = listed_rows([one[name] for one in flat], f"{name!r} of the records")
        return Gathered(found if isinstance(found, np.ndarray) else found.cpu().numpy(), "")

    # A list of words is no vector, and beside "vector" no other list of numbers is meant.
    return Source(
        kind="store",
        parts="fields",
        vectors={name: vectors[name] for name in (usual if len(usual) == 1 else vectors)},
        described=[name for name in names if name not in vectors],
        rows=rows,
        values=lambda name: [one.get(name) for one in flat],
        pictures=frozenset(name for name in names if isinstance(flat[0].get(name), bytes)),
        ids="id" if "id" in names else None,
    )


def _each(records: Any) -> Iterable[Any]:
    """One record after another, of whatever shape a store returns them in."""
    if isinstance(records, tuple) and len(records) == 2 and isinstance(records[0], list):
        records = records[0]
    inner = _field(records, ("vectors", "matches", "objects", "points"))
    if inner is not _MISSING and isinstance(inner, Mapping | list | tuple):
        records = inner
    if isinstance(records, Mapping):
        lists = {name: records[name] for name in _LISTS if records.get(name) is not None}
        if "ids" in lists and "embeddings" in records:
            return _columns(lists)
        if all(_plain(one) is not None or _is_vector(one) for one in records.values()):
            return [
                one if _field(one, _IDS) is not _MISSING else {"id": key, "vector": one} for key, one in records.items()
            ]
    if isinstance(records, str | bytes | Mapping) or not hasattr(records, "__iter__"):
        raise TypeError(
            f"expected records, a list of dicts or objects with a vector each, but got {type(records).__name__}; pass "
            "what the store's query returned"
        )
    return records


def _columns(lists: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """Records of Chroma's lists, of which those of a query are lists of lists."""
    if len(lists["ids"]) and isinstance(lists["ids"][0], list):
        if len(lists["ids"]) > 1:
            raise ValueError(
                f"expected the records of one query but got those of {len(lists['ids'])}; pass collection.get("
                "include=['embeddings', 'documents', 'metadatas'])"
            )
        lists = {name: one[0] for name, one in lists.items()}
    if "embeddings" not in lists:
        raise ValueError(
            "expected embeddings in the records but got none; pass collection.get(include=['embeddings', …])"
        )
    if len(lengths := {name: len(one) for name, one in lists.items()}) and len(set(lengths.values())) > 1:
        raise ValueError(f"expected lists of one length but got {lengths}; pass what the collection returned")
    return [{_LISTS[name]: one[i] for name, one in lists.items()} for i in range(len(lists["ids"]))]


def _flat(record: Any, i: int) -> dict[str, Any]:
    """Id, vectors by name, and the fields of the payload, side by side."""
    found: dict[str, Any] = {}
    named = _plain(record)
    if named is None:
        raise TypeError(
            f"expected a record with an id and a vector but got {type(record).__name__} as record {i}; pass dicts or "
            "objects as the store returned them"
        )
    for name, value in named.items():
        payload = _plain(value) if name in _PAYLOADS else None
        if payload is not None:
            found |= {str(key): one for key, one in payload.items() if str(key) not in found}
        elif name in _VECTORS and isinstance(value, Mapping):
            # Several vectors by name: the only one is the vector.
            found |= (
                {"vector": next(iter(value.values()))} if len(value) == 1 else {str(k): v for k, v in value.items()}
            )
        else:
            found[name] = value
    identity = next((found.pop(name) for name in _IDS if found.get(name) is not None), None)
    return found if identity is None else {"id": identity if isinstance(identity, int) else str(identity), **found}


def _plain(value: Any) -> dict[str, Any] | None:
    """A mapping's entries, or an object's public attributes that we know of."""
    if isinstance(value, Mapping):
        return {str(name): one for name, one in value.items()}
    if value is None or isinstance(value, str | bytes | int | float | list | tuple | np.ndarray):
        return None
    known = {name: getattr(value, name, None) for name in (*_IDS, *_VECTORS, *_PAYLOADS, "document")}
    found = {name: one for name, one in known.items() if one is not None and not callable(one)}
    return found or None


def _field(value: Any, names: Iterable[str]) -> Any:
    for name in names:
        found = value.get(name, _MISSING) if isinstance(value, Mapping) else getattr(value, name, _MISSING)
        if found is not _MISSING and not callable(found):
            return found
    return _MISSING


def _is_vector(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return bool(value) and (isinstance(value[0], list) or as_number(value[0]) is not None)
    return getattr(value, "ndim", 0) > 0
