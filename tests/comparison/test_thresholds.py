"""Thresholds that are carried over, beside dense float64 similarities of all pairs."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import embwidget as ew
from embwidget.comparison.carrying import compiled, tiles
from embwidget.comparison.carrying.bins import bins_about, even_bins
from embwidget.comparison.carrying.counts import CELLS, Counts, Grids, count_pairs
from embwidget.comparison.carrying.sides import Layout, Rows, Side

QUIET: dict[str, Any] = {"progress": False}
N = 130
LABELS = np.arange(N) % 5


def spaces(n: int = N, dx: int = 12, dy: int = 8, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Five groups of items, each held together more by the new space than by the old one."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(5, dx))[np.arange(n) % 5]
    old = (centres + rng.normal(size=(n, dx))).astype(np.float32)
    return old, (centres[:, :dy] + 0.5 * rng.normal(size=(n, dy)) + 0.3).astype(np.float32)


def cosines(x: np.ndarray, y: np.ndarray | None = None) -> np.ndarray:
    """Of all pairs of rows, in float64."""
    unit = [
        one / np.linalg.norm(one, axis=1, keepdims=True) for one in np.asarray([x, x if y is None else y], np.float64)
    ]
    return unit[0] @ unit[1].T


def dense(old: np.ndarray, new: np.ndarray, metric: str = "cosine") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Similarities of pairs i < j in both spaces, and whether both have one label."""
    i, j = np.triu_indices(len(old), 1)
    both = (
        cosines(one) if metric == "cosine" else one.astype(np.float64) @ one.T.astype(np.float64) for one in (old, new)
    )
    return *(one[i, j] for one in both), (LABELS[:, None] == LABELS)[i, j] if len(old) == N else np.zeros(len(i), bool)


def told(old: np.ndarray, new: np.ndarray, at: float, value: float) -> dict[str, int]:
    """How many pairs pass where, by definition; a similarity within 1e-12 of the threshold is at it."""
    in_old, in_new = old >= at - 1e-12, new >= value - 1e-12
    return {
        "both": int((in_old & in_new).sum()),
        "old_only": int((in_old & ~in_new).sum()),
        "new_only": int((~in_old & in_new).sum()),
        "neither": int((~in_old & ~in_new).sum()),
    }


@pytest.mark.parametrize("listed", [50, 0])
@pytest.mark.parametrize("at", [-0.25, 0.5, 0.123456789])
@pytest.mark.parametrize("keep", ["rate", "precision", "false_alarms"])
def test_the_threshold_is_the_one_of_the_definition(keep: str, at: float, listed: int) -> None:
    X, Y = spaces()
    found = ew.thresholds(X, Y, at=at, keep=keep, labels=LABELS, listed=listed, **QUIET)
    old, new, same = dense(X, Y)
    assert found.n_pairs == len(old) and found.switched == told(old, new, at, found.value)
    assert found.passing == ((old >= at).sum(), (new >= found.value).sum())
    for values, edges, counts in zip((old, new), found.edges, (found.old_counts, found.new_counts), strict=True):
        # A similarity may lie so near to an edge that float32 puts it beside.
        assert np.abs(np.histogram(values, edges)[0] - counts).sum() <= 2 and counts.sum() == len(old)
    edges = np.round(np.arange(-1, 1.00001, 1e-4), 4)
    passing = np.array([(new >= edge).sum() for edge in edges])
    right = np.array([(same & (new >= edge)).sum() for edge in edges])
    if keep == "rate":
        best = np.abs(passing - (old >= at).sum())
        assert best[edges == found.value] == best.min()
    elif keep == "precision":
        kept = right / np.maximum(passing, 1) >= same[old >= at].mean()
        assert found.value == edges[kept.argmax()]
    else:
        best = np.abs(passing - right - (~same & (old >= at)).sum())
        assert best[edges == found.value] == best.min()
    assert found.precision == pytest.approx((same[old >= at].mean(), same[new >= found.value].mean()), abs=1e-12)
    assert found.false_alarms[1] == pytest.approx((~same & (new >= found.value)).sum() / (~same).sum(), abs=1e-12)
    for interval, value in (
        (found.interval, found.value),
        (found.precision_interval, found.precision[1]),
        (found.false_alarms_interval, found.false_alarms[1]),
    ):
        assert interval[0] < value < interval[1]


def test_pairs_that_change_sides_are_listed_worst_first() -> None:
    X, Y = spaces()
    found = ew.thresholds(X, Y, at=0.5, listed=40, items=ew.Items(texts=[f"t{i}" for i in range(N)]), **QUIET)
    old, new, _ = dense(X, Y)
    apart = [np.abs(old - 0.5) / old.std(), np.abs(new - found.value) / new.std()]
    clear = np.where((old >= 0.5) != (new >= found.value), np.minimum(*apart), -1)
    order = np.argsort(-clear)[:40]
    np.testing.assert_array_equal(found.listed, np.stack(np.triu_indices(N, 1), 1)[order])
    np.testing.assert_allclose(found.similarities, np.stack([old, new], 1)[order], atol=1e-12)
    first = found.pairs(2)[0]
    assert first["text"] == f"t{first['item']}" and first["passes"] == ("old" if first["old"] >= 0.5 else "new")
    assert len(found.pairs()) == 20 and len(found.pairs(100)) == 40
    everything = ew.thresholds(X, Y, at=0.5, listed=10**6, **QUIET)
    assert len(everything.listed) == everything.switched["old_only"] + everything.switched["new_only"]
    np.testing.assert_array_equal(everything.listed[:40], found.listed)


def test_queries_and_items_are_crossed() -> None:
    X, Y = spaces()
    labels = LABELS[:30], LABELS[30:]
    found = ew.thresholds(X[30:], Y[30:], queries=(X[:30], Y[:30]), at=0.4, labels=labels, keep="precision", **QUIET)
    old, new = (cosines(one[:30], one[30:]) if len(one) else one for one in (X, Y))
    same = labels[0][:, None] == labels[1]
    assert found.n_pairs == 30 * 100 and found.switched == told(old, new, 0.4, found.value)
    assert found.precision == pytest.approx((same[old >= 0.4].mean(), same[new >= found.value].mean()))
    for (i, j), values in zip(found.listed, found.similarities, strict=True):
        assert values == pytest.approx([old[i, j], new[i, j]], abs=1e-12)
    assert "query" not in found.sentence and found.pairs(1)[0]["text"].startswith("item ")


def test_judged_pairs_stand_for_labels() -> None:
    X, Y = spaces()
    i, j = np.triu_indices(N, 1)
    same = LABELS[i] == LABELS[j]
    by_labels = ew.thresholds(X, Y, at=0.4, keep="precision", labels=LABELS, **QUIET)
    # Turned round and in another order: (j, i) is the pair (i, j).
    together = np.stack([j, i], 1)[same][::-1]
    by_pairs = ew.thresholds(X, Y, at=0.4, keep="precision", pairs=together, **QUIET)
    judged = ew.thresholds(X, Y, at=0.4, keep="precision", pairs=np.stack([i, j, same], 1), **QUIET)
    for found in (by_pairs, judged):
        assert (found.value, found.switched) == (by_labels.value, by_labels.switched)
        assert found.precision == pytest.approx(by_labels.precision) and found.interval == pytest.approx(
            by_labels.interval
        )
    some = np.stack([i, j, same], 1)[::7]
    found = ew.thresholds(X, Y, at=0.4, keep="false_alarms", pairs=some, **QUIET)
    old, new, _ = dense(X, Y)
    assert found.precision == pytest.approx(
        (same[::7][old[::7] >= 0.4].mean(), same[::7][new[::7] >= found.value].mean()), abs=1e-12
    )


def test_missing_labels_judge_no_pair() -> None:
    X, Y = spaces()
    labels = [None if i % 3 == 0 else str(LABELS[i]) for i in range(N)]
    found = ew.thresholds(X, Y, at=0.4, labels=labels, **QUIET)
    old, new, same = dense(X, Y)
    known = np.stack(np.triu_indices(N, 1), 1) % 3
    known = (known > 0).all(1)
    assert found.precision == pytest.approx(
        (same[known & (old >= 0.4)].mean(), same[known & (new >= found.value)].mean())
    )
    by_items = ew.thresholds(X, Y, at=0.4, items=ew.Items(labels=labels), **QUIET)
    assert by_items.precision == found.precision


def test_inner_products_have_bins_of_their_own() -> None:
    X, Y = spaces()
    found = ew.thresholds(X * 30, Y * 1e-3, at=2000.0, metric="dot", listed=10, **QUIET)
    old, new, _ = dense(X * 30, Y * 1e-3, "dot")
    assert found.passing[0] == (old >= 2000).sum() and found.switched == told(old, new, 2000, found.value)
    assert abs(found.passing[1] - found.passing[0]) <= 2 and "inner product ≥ 2000 in old" in found.sentence
    assert 10_000 < len(found.edges[1]) < 25_100 and found.edges[1][0] + np.abs(found.edges[1]).max() > -1e-30


@pytest.mark.parametrize("at", [-1, 1])
def test_at_the_ends_all_pairs_pass_or_copies_alone(at: int) -> None:
    X, Y = spaces()
    X[7], Y[[7, 9]] = 3 * X[8], Y[8]
    found = ew.thresholds(X, Y, at=at, **QUIET)
    old, new, _ = dense(X, Y)
    assert found.passing[0] == (len(old) if at < 0 else 1) and found.switched == told(old, new, at, found.value)
    assert found.value == -1 if at < 0 else found.value >= 0.999


def test_many_pairs_at_the_threshold_are_all_at_it() -> None:
    rng = np.random.default_rng(1)
    codes = np.vstack([np.eye(4), np.ones((1, 4))])[rng.integers(0, 5, 400)]
    # A quarter of the pairs have a cosine of 0.5, to rounding.
    turn = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    found = ew.thresholds(codes @ turn, codes, at=0.5, **QUIET)
    old, _, _ = dense(codes, codes)
    assert found.passing[0] == (old >= 0.5).sum() and 0.2 < (np.abs(old - 0.5) < 1e-9).mean() < 0.5
    assert found.passing[1] == found.passing[0] and found.switched["both"] == found.passing[0]


def test_a_collapsed_space_is_told() -> None:
    X, _ = spaces()
    found = ew.thresholds(X, np.ones((N, 3)), at=0.5, **QUIET)
    assert found.passing[1] in (0, found.n_pairs) and "many are equally similar there" in found.warnings[0]
    assert found.interval[0] <= found.value <= found.interval[1]
    none = ew.thresholds(X, X, at=0.99999, **QUIET)
    assert none.passing[0] == 0 and "No pair passes in old" in none.warnings[-1]


@pytest.mark.parametrize("n", [3, 4, 21])
def test_few_items_and_more_columns_than_items(n: int) -> None:
    X, Y = spaces(n, 40, 30)
    found = ew.thresholds(X, Y, at=0.1, labels=[i % 2 for i in range(n)], **QUIET)
    old, new, _ = dense(X, Y)
    assert found.switched == told(old, new, 0.1, found.value) and found.n_pairs == n * (n - 1) // 2
    assert found.interval[0] <= found.value <= found.interval[1] and len(found.to_frame()) == 2


def test_stored_types_and_files_are_as_good(tmp_path: Path) -> None:
    X, Y = spaces()
    np.save(tmp_path / "x.npy", X)
    halves = X.astype(np.float16)
    plain = ew.thresholds(X, Y, at=0.4, **QUIET)
    mapped = ew.thresholds(np.load(tmp_path / "x.npy", mmap_mode="r"), ew.open(tmp_path / "x.npy"), at=0.4, **QUIET)
    assert mapped.value == 0.4 and mapped.switched["old_only"] == 0 and mapped.passing[0] == plain.passing[0]
    half = ew.thresholds(halves, torch.from_numpy(Y).double(), at=0.4, **QUIET)
    exact, new, _ = dense(halves.astype(np.float64), Y)
    assert half.switched == told(exact, new, 0.4, half.value)


def test_rows_are_joined_by_ids_with_their_labels_and_pairs() -> None:
    X, Y = spaces()
    ids, order = [f"i{k}" for k in range(N)], np.random.default_rng(3).permutation(N)[:100]
    kept = np.sort(order)
    joined = ew.thresholds(X, Y[order], ids=(ids, [ids[k] for k in order]), at=0.4, labels=LABELS, **QUIET)
    plain = ew.thresholds(X[kept], Y[kept], at=0.4, labels=LABELS[kept], **QUIET)
    assert (joined.value, joined.switched, joined.precision) == (plain.value, plain.switched, plain.precision)
    assert "dropped: 30 of X, 0 of Y" in joined.warnings[0]
    lost = int(np.setdiff1d(np.arange(N), kept)[0])
    two = [(int(kept[0]), int(kept[5])), (lost, int(kept[1]))]
    found = ew.thresholds(X, Y[order], ids=(ids, [ids[k] for k in order]), at=0.4, pairs=two, **QUIET)
    assert "Judged pairs of rows without a partner were dropped: 1." in found.warnings


def test_bundled_names_at_one_half() -> None:
    emoji = ew.datasets.load_emoji()
    found = {
        name: ew.thresholds(
            emoji.spaces["name_minilm"], emoji.spaces[f"name_{name}"], at=0.5, items=emoji.items, listed=0, **QUIET
        )
        for name in ("use", "wordllama")
    }
    assert [one.passing[0] for one in found.values()] == [28_920] * 2
    assert [one.unchanged for one in found.values()] == [93_003, 5_994]
    assert round(found["use"].precision[0], 2) == 0.94
    assert found["use"].value > 0.6 and found["wordllama"].value < 0.4
    assert "Left at 0.5, 93,003 pairs would pass in new, 3.2 times as many." in found["use"].sentence


def prepared(old: np.ndarray, new: np.ndarray) -> tuple[tuple[Side, Side], Layout, Grids]:
    sides = Side(*[Rows.of(torch.from_numpy(old), "cosine")] * 2), Side(*[Rows.of(torch.from_numpy(new), "cosine")] * 2)
    bins, edge = bins_about(0.4, 1.0, "cosine")
    return sides, Layout.of(len(old), None, 0), Grids(0.4, bins, edge, even_bins(1.0, "cosine"))


@settings(max_examples=12, deadline=None, database=None, derandomize=True)
@given(st.data())
def test_counts_of_blocks_add_up_to_the_counts_of_all(data: st.DataObject) -> None:
    n = data.draw(st.integers(3, 60))
    sides, layout, grids = prepared(*spaces(n))
    codes = (LABELS[:n].astype(np.int32),) * 2
    blocks = data.draw(st.permutations(layout.blocks))
    cut = sorted(data.draw(st.lists(st.integers(0, len(blocks)), max_size=3)))
    parts = [blocks[start:stop] for start, stop in zip([0, *cut], [*cut, len(blocks)], strict=True)]

    def count(some: Any) -> Counts:
        return count_pairs(sides, layout, grids, codes, lambda done, what: None, some)

    whole, summed = count(layout.blocks), sum(map(count, parts[1:]), count(parts[0]))
    for name in ("old", "new", "joint", "touching"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(summed, name))
    assert whole.old.sum() == whole.joint.sum() == whole.new.sum() == layout.pairs == n * (n - 1) // 2
    group = data.draw(st.integers(0, len(layout.right) - 1))
    kept = np.setdiff1d(np.arange(n), layout.right[group])
    assert whole.without(group).sum() == len(kept) * (len(kept) - 1) // 2


def test_tiles_of_any_size_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    X, Y = spaces()
    sides, layout, grids = prepared(X, Y)
    codes = (LABELS.astype(np.int32),) * 2
    whole = count_pairs(sides, layout, grids, codes, lambda done, what: None)
    listed = ew.thresholds(X, Y, at=0.4, labels=LABELS, listed=30, **QUIET)
    monkeypatch.setattr(tiles, "ROWS", 3)
    monkeypatch.setattr(tiles, "COLUMNS", 2)
    small = count_pairs(sides, layout, grids, codes, lambda done, what: None)
    for name in ("old", "new", "joint", "touching"):
        # The products of other tiles are rounded otherwise, and a pair in a million lies that near to an edge.
        assert np.abs(getattr(whole, name) - getattr(small, name)).sum() <= 4 * 7
    again = ew.thresholds(X, Y, at=0.4, labels=LABELS, listed=30, **QUIET)
    assert again.switched == listed.switched and (again.listed == listed.listed).all()


def test_the_loops_mean_the_same_as_plain_python() -> None:
    rng = np.random.default_rng(2)
    tile = tuple(rng.uniform(-1, 1, size=(5, 7)).astype(np.float32) for _ in range(2))
    codes = np.array([0, 1, -1, 0, 2], np.int32), np.array([0, 1, -1, 2, 0, 1, 0], np.int32)
    f, u = np.float32, np.uint32
    grid = (f(-1.1), f(10), u(21)), (f(-1.1), f(10), u(21)), (u(13), f(0.2), f(0.05)), (f(0.2), f(0.2), u(5))
    outcomes = []
    for loop in (compiled.count_tile, compiled.compiled(compiled.count_tile)):
        counts = np.zeros(22, np.int32), np.zeros(3 * 2 * 22, np.int32), np.zeros(25, np.int32)
        lists = (*(np.zeros(7, u) for _ in range(3)), np.zeros((35, 5), np.int32))
        found = loop(tile, codes, -1, grid, counts, lists)
        outcomes.append([found, *counts, lists[-1][:found]])
        assert (
            counts[0].sum() == 34
            and found == (np.abs(tile[0] - f(0.2)) <= f(0.05))[np.triu(np.ones((5, 7)), -1) > 0].sum()
        )
    for plain, fast in zip(*outcomes, strict=True):
        np.testing.assert_array_equal(plain, fast)
    assert CELLS == 200


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "above 1": ({"at": 1.2}, "expected at to be a cosine, at least -1, of at most 1, but got 1.2; of inner products"),
    "not a number": ({"at": "0.5"}, "expected at to be a cosine"),
    "keep": ({"keep": "recall"}, "keep to be one of rate, precision, false_alarms but got 'recall'"),
    "nothing known": ({"keep": "precision"}, r"labels= or pairs= .* for keep='precision' but got neither"),
    "both": ({"labels": LABELS, "pairs": [(0, 1)]}, "expected labels= or pairs= but got both"),
    "one class": ({"labels": [1] * N, "keep": "precision"}, "some pairs that do not belong together .* got none"),
    "no class twice": (
        {"labels": range(N), "keep": "precision"},
        "pairs that belong together .* got none of 8,385",
    ),
    "none passes": ({"labels": LABELS, "keep": "precision", "at": 0.9999}, "to pass at=0.9999 but got none"),
    "no labels": ({"labels": LABELS[1:]}, "one of labels a row, 130, but got 129"),
    "no pairs": ({"pairs": [1, 2, 3]}, r"rows \(i, j\) or \(i, j, relevant\) of whole numbers but got shape \(3,\)"),
    "texts": ({"pairs": [("a", "b")]}, "row numbers, for ids look their rows up first"),
    "halves": ({"pairs": [(0.0, 1.5)]}, "whole numbers but got"),
    "no row": ({"pairs": [(0, N)]}, "expected pairs of row numbers in 0 … 129 of X but got 130 in pair 0"),
    "itself": ({"pairs": [(0, 1), (4, 4)]}, "two items but got item 4 with itself in pair 1"),
    "both ways": ({"pairs": [(0, 1, 1), (1, 0, 0)]}, r"judged once but got \(0, 1\) both ways"),
    "queries": ({"queries": np.ones((3, 12))}, "queries to be a pair .* but got ndarray"),
    "wide queries": ({"queries": (np.ones((3, 12)), np.ones((3, 9)))}, "queries of Y to be as wide as Y, 8, but got 9"),
    "fewer queries": ({"queries": (np.ones((3, 12)), np.ones((2, 8)))}, "as many queries of X as of Y but got 3 and 2"),
    "labels of items": ({"queries": (np.ones((3, 12)), np.ones((3, 8))), "labels": LABELS}, r"labels to be a pair"),
    "metric": ({"metric": "euclidean"}, "metric to be one of cosine, dot"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_refused(what: str) -> None:
    given_so, said = BAD[what]
    with pytest.raises(ValueError, match=said):
        ew.thresholds(*spaces(), **{"at": 0.4} | given_so, **QUIET)


def test_rows_of_zeros_and_two_items_are_refused() -> None:
    X, Y = spaces()
    Y[11] = 0
    with pytest.raises(ValueError, match=r"rows with a direction .*first: row 11"):
        ew.thresholds(X, Y, at=0.4, **QUIET)
    assert ew.thresholds(X, Y, at=0.4, metric="dot", **QUIET).n_pairs == 8385
    with pytest.raises(ValueError, match="at least 3 paired items but got n = 2"):
        ew.thresholds(X[:2], Y[:2], at=0.4, **QUIET)


def test_no_threshold_may_keep_the_precision() -> None:
    X, _ = spaces()
    Y = np.random.default_rng(4).normal(size=(N, 6))
    Y[1] = Y[0] + 1e-3  # the nearest two, of two labels
    found = ew.thresholds(X, Y, at=0.85, keep="precision", labels=LABELS, **QUIET)
    assert not found.reached and "No threshold of new keeps the precision" in found.sentence
    assert found.precision[1] < found.precision[0] and "that of the best one is told" in found.warnings[0]
