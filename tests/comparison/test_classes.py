"""How many neighbours each class keeps, beside all items."""

import numpy as np
import pytest

import embwidget as ew

QUIET = {"progress": False, "measures": []}


def compared(n: int = 120, labels: object = None, **how: object) -> ew.Comparison:
    rng = np.random.default_rng(0)
    noise = np.where(np.arange(n) % 3 == 0, 2.0, 0.3)[:, None]
    X = rng.normal(size=(n, 5))
    items = ew.Items(labels=["b10", "b9", ""] * (n // 3) if labels is None else labels)
    Y = X + noise * rng.normal(size=X.shape)
    return ew.compare(X, Y, **QUIET | {"k": 5, "max_k": 20, "items": items} | how)


def test_rows_are_counted_from_the_lists() -> None:
    c = compared()
    for k in (5, 12):
        rows = c.by_class(None if k == c.k else k)
        assert [(row["class"], row["n"]) for row in rows] == [("b9", 40), ("b10", 40)]
        kept = [len({*x[:k]} & {*y[:k]}) for x, y in zip(*(side.indices.tolist() for side in c.neighbors), strict=True)]
        for row in rows:
            of_class = [one for one, label in zip(kept, c.labels, strict=True) if label == row["class"]]
            assert row["kept"] == pytest.approx(np.mean(of_class))
            assert row["against_all"] == pytest.approx(np.mean(of_class) - np.mean(kept))
            assert 0 <= row["low"] < row["kept"] < row["high"] <= k
            middle = (row["against_low"] + row["against_high"]) / 2
            assert middle == pytest.approx(row["against_all"]) and row["against_low"] < row["against_high"]


def test_what_is_noisier_is_below_all_and_unrelated_labels_are_not() -> None:
    rows = {row["class"]: row for row in compared().by_class()}
    assert rows["b10"]["against_high"] < 0 < rows["b9"]["against_low"]
    random = compared(labels=np.random.default_rng(5).integers(0, 2, 120)).by_class()
    assert all(row["against_low"] < 0 < row["against_high"] for row in random)


def test_without_labels_there_are_none_and_one_item_has_no_interval() -> None:
    assert compared(labels=[""] * 120).by_class() == []
    alone = compared(labels=["one", *["rest"] * 119]).by_class()[0]
    assert (alone["n"], alone["low"], alone["against_low"]) == (1, None, None) and alone["kept"] is not None


def test_of_very_many_classes_the_largest_have_an_interval() -> None:
    labels = [f"c{i}" for i in range(120) for _ in range(2)] + ["large"] * 60
    rows = compared(300, labels=labels).by_class()
    known = [row["class"] for row in rows if row["low"] is not None]
    assert len(rows) == 121 and len(known) == 100 and known[-1] == "large"


def test_a_sample_has_the_interval_of_items_drawn_one_by_one() -> None:
    c = compared(600, method="sampled", sample=150)
    each = c.counts[:, 4] / 5
    for row in c.by_class():
        inside = c.labels == row["class"]
        a, b = each[inside], each[~inside]
        share = len(b) / len(each)
        error = 5 * share * np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))
        quantile = 2.0 if len(a) > 30 else np.nan
        assert (row["against_high"] - row["against_low"]) / 2 == pytest.approx(quantile * error, rel=0.02)


def test_a_size_that_ties_alone_decide_has_no_numbers() -> None:
    c = ew.compare(np.ones((30, 3)), np.eye(30), k=5, items=ew.Items(labels=["a", "b"] * 15), **QUIET)
    assert c.by_class()[0] == dict.fromkeys(c.by_class()[0]) | {"class": "a", "n": 15}


def test_a_size_outside_the_curve_is_refused() -> None:
    with pytest.raises(ValueError, match=r"expected k in 1 … 20 but got 21"):
        compared().by_class(21)
