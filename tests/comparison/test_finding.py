"""The finding in items: each number counted anew from the neighbour lists, and every case its own words."""

import html
import statistics

import numpy as np
import pytest

import embwidget as ew
from embwidget.comparison.classes import ClassesKept
from embwidget.comparison.kept import least_classes
from embwidget.comparison.leading import LEADING, PANEL, leading
from embwidget.measures.table import MEASURES

HOSTILE = "<b>far</b>\n" + "x" * 60


@pytest.fixture(scope="module")
def found() -> ew.Comparison:
    """Three classes of which the last two, and of them one more, lose their neighbours; one is too small to be told."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 8))
    labels = np.array(["near"] * 200 + ["far"] * 100 + [HOSTILE] * 90 + ["few"] * 10)
    noise = np.select([labels == "near", labels == "far"], [0.1, 0.8], 6.0)
    Y = X + noise[:, None] * rng.normal(size=X.shape)
    items = ew.Items(labels=labels)
    return ew.compare(X, Y, items=items, names=("old", "new"), metric="euclidean", progress=False)


def kept_of(c: ew.Comparison, k: int) -> list[int]:
    """How many of the first k of either list are in both, item by item."""
    x, y = (side.indices[:, :k].tolist() for side in c.neighbors)
    return [len(set(a) & set(b)) for a, b in zip(x, y, strict=True)]


def test_every_number_is_counted_from_the_lists(found: ew.Comparison) -> None:
    kept = kept_of(found, 10)
    told = f"Of an item's 10 nearest neighbours in old, new keeps {statistics.mean(kept):.1f} on average "
    assert found.sentence.startswith(f"{told}(half the items keep {statistics.median_low(kept)} or fewer)")
    # Benjamini and Hochberg (1995), by its steps.
    p = np.sort(found.item_p(10))
    passing = np.flatnonzero(p <= 0.05 * np.arange(1, 401) / 400)
    none_more = 400 - (passing[-1] + 1)
    assert f"; {none_more} of 400 items keep no more than chance would." in found.sentence


def test_classes_with_least_are_named_fewest_first_and_as_texts(found: ew.Comparison) -> None:
    kept, labels = np.array(kept_of(found, 10)), np.array(found.labels)
    means = {name: kept[labels == name].mean() for name in set(labels)}
    assert means["few"] < means["far"] < kept.mean() < means["near"] and means[HOSTILE] < means["far"]
    assert f"; least in “<b>far</b> {'x' * 28}…” and “far”;" in found.sentence
    assert "<b>far" not in found._repr_html_() and html.escape("“<b>far</b> xx") in found._repr_html_()


def test_a_class_that_only_happens_to_keep_less_is_not_named() -> None:
    X = np.random.default_rng(1).normal(size=(300, 6))
    found = ew.compare(X, X[:, :4], k=10, max_k=11, measures=[], progress=False)
    counts, ks, near = found.counts[:, [9]], found.ks[[9]], found.neighbors
    labels = [np.random.default_rng(seed).integers(0, 4, 300).astype(str) for seed in range(100)]
    known = {"ks": ks, "neighbors": near, "withheld": np.zeros(1, bool)}
    named = sum(len(least_classes(ClassesKept.of(one, counts, **known))) for one in labels)
    # Of 400 classes the upper ends of 95 % intervals lie below 0 for 10.
    assert 2 <= named <= 20


def test_the_same_space_keeps_all_and_one_neighbour_is_a_share() -> None:
    X = np.random.default_rng(2).normal(size=(200, 6))
    same = ew.compare(X, X, measures=[], progress=False).sentence
    assert same == (
        "Of an item's 10 nearest neighbours in X, Y keeps all 10; each of the 200 items keeps more than chance would."
    )
    one = ew.compare(X, X[:, :3], k=1, measures=[], progress=False)
    share = np.mean(kept_of(one, 1))
    assert f"nearest neighbour in X is its nearest in Y too for {100 * share:.0f} % of the items" in one.sentence


def test_chance_has_no_classes_and_no_items() -> None:
    rng = np.random.default_rng(3)
    X, items = rng.normal(size=(200, 6)), ew.Items(labels=["a", "b"] * 100)
    said = ew.compare(X, rng.normal(size=(200, 5)), items=items, measures=[], progress=False).sentence
    assert said.endswith("on average, no more than chance would (0.5).")
    # Near neighbours are anyone's, the halves are kept.
    halves = 4 * np.repeat([-1, 1], 100)[:, None]
    broad = [np.hstack([rng.normal(size=(200, 30)), halves]) for _ in range(2)]
    said = ew.compare(*broad, k=1, max_k=99, measures=[], progress=False).sentence
    assert "than chance would (0.5 %); more only at k = " in said and said.endswith(" … 99.")


def test_where_ties_decide_at_k_another_size_is_told() -> None:
    rng = np.random.default_rng(8)
    X, Y = (np.eye(20)[rng.integers(0, 20, 400)] for _ in range(2))
    found = ew.compare(X, Y, metric="euclidean", measures=[], progress=False)
    scored = found.ks[np.isfinite(found.curves["nngs"].curve)]
    told = max([k for k in scored if k <= 10], default=min(scored))
    assert found.sentence.startswith("At the sizes that ties leave (k = ")
    assert f"of an item's {told} nearest neighbours" in found.sentence and told != 10


def test_a_table_begins_with_three_measures_that_say_what_they_see(found: ew.Comparison) -> None:
    assert list(found.to_frame().index) == list(PANEL)
    titles = [MEASURES[name].title for name in LEADING]
    assert titles == ["neighbours kept", "NNGS (Jaccard)", "CKA (debiased)"]
    shown = found._repr_html_().split("<table>")[1]
    assert [title in shown for title in titles] == [True] * 3 and "RSA" not in shown and shown.count("<tr>") == 4
    assert all(MEASURES[name].sees for name in MEASURES)
    assert leading([*PANEL, "gulp", "my own"]) == [*LEADING, "gulp", "my own"]
    assert leading(["rsa", "procrustes"]) == ["rsa", "procrustes"]


def test_what_neighbours_tell_is_computed_once(found: ew.Comparison) -> None:
    agreement = found.item_agreement
    other = found.with_scores({}, ("none",))
    assert other.scores == {} and other.warnings == ("none",) and other.item_agreement is agreement
