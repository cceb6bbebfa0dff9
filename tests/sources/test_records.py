"""Records in the shapes in which vector stores return them."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import embwidget as ew

N = 5
ROWS = np.random.default_rng(0).normal(size=(N, 3))
IDS = [f"item {i}" for i in range(N)]
TEXTS = [f"<i>{i}</i>" for i in range(N)]
META = [{"label": "even" if i % 2 == 0 else "odd", "tags": ["a", "b"]} for i in range(N)]


def objects(**fields: Any) -> list[SimpleNamespace]:
    return [SimpleNamespace(**{name: values[i] for name, values in fields.items()}) for i in range(N)]


def dicts(**fields: Any) -> list[dict[str, Any]]:
    return [{name: values[i] for name, values in fields.items()} for i in range(N)]


LISTS = ROWS.tolist()
WITH_TEXT = [{**META[i], "document": TEXTS[i]} for i in range(N)]
STORES: dict[str, Any] = {
    "Qdrant's points": lambda: objects(id=IDS, vector=LISTS, payload=WITH_TEXT, score=[1.0] * N),
    "Qdrant's scroll": lambda: (objects(id=IDS, vector=LISTS, payload=WITH_TEXT), None),
    "Qdrant's response": lambda: SimpleNamespace(points=objects(id=IDS, vector=LISTS, payload=WITH_TEXT)),
    "Qdrant's named vector": lambda: objects(id=IDS, vector=[{"clip": row} for row in LISTS], payload=WITH_TEXT),
    "Chroma's get": lambda: {
        "ids": IDS, "embeddings": ROWS, "documents": TEXTS, "metadatas": META, "uris": None, "included": ["documents"]
    },
    "Chroma's query": lambda: {
        "ids": [IDS], "embeddings": [ROWS], "documents": [TEXTS], "metadatas": [META], "distances": [[0.0] * N]
    },
    "Pinecone's fetch": lambda: {
        "vectors": dict(zip(IDS, dicts(id=IDS, values=LISTS, metadata=WITH_TEXT), strict=True)), "namespace": ""
    },
    "Pinecone's response": lambda: SimpleNamespace(
        vectors=dict(zip(IDS, objects(id=IDS, values=LISTS, metadata=WITH_TEXT), strict=True))
    ),
    "Pinecone's matches": lambda: SimpleNamespace(matches=objects(id=IDS, values=LISTS, metadata=WITH_TEXT)),
    "Milvus' query": lambda: dicts(pk=IDS, vector=LISTS, label=[one["label"] for one in META], text=TEXTS),
    "Milvus' search": lambda: dicts(id=IDS, entity=[{"embedding": LISTS[i], **WITH_TEXT[i]} for i in range(N)]),
    "Weaviate's response": lambda: SimpleNamespace(
        objects=objects(uuid=IDS, vector=[{"default": row} for row in LISTS], properties=WITH_TEXT)
    ),
    "dicts of arrays": lambda: dicts(id=IDS, embedding=list(ROWS), metadata=META, document=TEXTS),
    "an iterator": lambda: iter(dicts(_id=IDS, values=[tuple(row) for row in LISTS], metadata=WITH_TEXT)),
}  # fmt: skip


@pytest.mark.parametrize("store", STORES)
def test_ids_matrix_and_items_come_of_every_store(store: str) -> None:
    found = ew.from_records(STORES[store]())
    np.testing.assert_array_equal(found.rows, ROWS)
    assert found.ids == tuple(IDS) and found.items.texts == tuple(TEXTS)
    assert found.items.labels.tolist() == [one["label"] for one in META]


def test_a_mapping_of_ids_to_vectors() -> None:
    found = ew.from_records(dict(zip(IDS, LISTS, strict=True)))
    np.testing.assert_array_equal(found.rows, ROWS)
    assert found.ids == tuple(IDS) and found.items is None


def test_several_vectors_a_record_are_chosen_by_name() -> None:
    records = objects(id=list(range(N)), vector=[{"image": row, "text": row[:2]} for row in LISTS], payload=META)
    with pytest.raises(ValueError, match=r"in the records but got 2: image .*column='image' or column='text'"):
        ew.from_records(records)
    found = ew.from_records(records, column="text", labels="label")
    np.testing.assert_array_equal(found.rows, ROWS[:, :2])
    assert found.ids == tuple(range(N))


def test_they_are_compared_by_their_ids() -> None:
    order = [3, 1, 4, 0]
    other = ew.from_records([{"id": IDS[i], "vector": LISTS[i]} for i in order])
    pair = ew.paired(ew.from_records(STORES["Qdrant's points"]()), other)
    np.testing.assert_array_equal(pair.x, ROWS[sorted(order)])
    np.testing.assert_array_equal(pair.x, pair.y)
    assert pair.dropped == (1, 0)


@pytest.mark.parametrize(
    ("records", "error", "told"),
    [
        ([], ValueError, "expected at least one record"),
        ("item", TypeError, "expected records, a list of dicts or objects"),
        ({"a": 1}, TypeError, "expected records, a list of dicts or objects"),
        ([1.0, 2.0], TypeError, "expected a record with an id and a vector but got float as record 0"),
        ([{"id": 1}], ValueError, "none of them vectors of numbers"),
        (dicts(id=IDS, vector=[*LISTS[:3], None, None]), ValueError, r"2 of 5 have none \(first: record 3\); ask"),
        (dicts(id=IDS, vector=[*LISTS[:4], [1.0]]), ValueError, r"widths from 1 to 3 \(.*: row 4\)"),
        ({"ids": IDS, "embeddings": None}, ValueError, r"embeddings in the records but got none; pass collection\.get"),
        ({"ids": IDS, "embeddings": LISTS[:2]}, ValueError, "lists of one length"),
        ({"ids": [IDS, IDS], "embeddings": [ROWS, ROWS]}, ValueError, "records of one query but got those of 2"),
        (dicts(id=IDS, vector=[[row] for row in LISTS]), ValueError, "pool the tokens"),
    ],
    ids=[
        "none", "text", "numbers by name", "numbers", "no vectors", "some without", "ragged", "chroma without",
        "chroma unlike", "chroma queries", "nested",
    ],
)  # fmt: skip
def test_what_are_no_records_is_told(records: Any, error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        ew.from_records(records)
