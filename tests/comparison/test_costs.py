"""What a comparison computes once, and that what it computes from less stays near the full definition."""

import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
import torch

import embwidget as ew
from embwidget.arrays.pair import checked_pair
from embwidget.measures import cknna, procrustes, rsa, second_order_cosine
from embwidget.measures import edge_similarities as edges
from embwidget.measures.joined import search_both
from embwidget.measures.rank_similarity import rank_similarity_of
from embwidget.moments.two_spaces import SecondMoments, SpaceMoments
from embwidget.neighbors import exact
from embwidget.scores.jackknife import GROUPS


def related(n: int = 1200, dx: int = 20, dy: int = 14) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    latent = rng.normal(size=(n, 6))
    X, Y = (np.tanh(latent @ rng.normal(size=(6, d)) / 3 + 0.3 * rng.normal(size=(n, d))) for d in (dx, dy))
    return X.astype(np.float32), Y.astype(np.float32)


def test_each_space_is_searched_once_and_has_its_moments_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: Counter[str] = Counter()
    moments, search, cross = SpaceMoments.of.__func__, exact.prepared_space, SecondMoments._crossed.func
    monkeypatch.setattr(
        SpaceMoments, "of", classmethod(lambda cls, *a, **b: calls.update(["moments"]) or moments(cls, *a, **b))
    )
    monkeypatch.setattr(exact, "prepared_space", lambda *a: calls.update(["search"]) or search(*a))
    monkeypatch.setattr(SecondMoments._crossed, "func", lambda self: calls.update(["cross"]) or cross(self))
    ew.compare(*related(300), progress=False)
    assert calls == {"moments": 2, "search": 2, "cross": 1}


def test_similarities_are_computed_only_where_the_lists_do_not_tell_them(monkeypatch: pytest.MonkeyPatch) -> None:
    X, Y = related()
    pairs: list[int] = []
    similarities = edges.Rows.similarities
    monkeypatch.setattr(edges.Rows, "similarities", lambda self, i, j: pairs.append(len(i)) or similarities(self, i, j))
    hoods = search_both(checked_pair(X, Y, None), 40, metric="cosine")
    ew.measures.MEASURES["cknna"].of(hoods, [10], True)
    assert pairs == []
    ew.measures.MEASURES["second_order_cosine"].of(hoods, [10], True)
    # Both lists reach one place or two further than k, as groups are left out; what both list is known.
    shared = hoods.overlap.counts[:, 9].sum()
    null = 10 * 2 * 500 * 10
    assert 2 * (10 * len(X) - shared) <= sum(pairs) - null <= 2 * (14 * len(X) - shared)


@pytest.mark.parametrize("offset", [0.0, 50.0])
@pytest.mark.parametrize("measure", [cknna, second_order_cosine])
def test_cosines_from_lists_give_what_float64_gives(measure, offset: float, monkeypatch: pytest.MonkeyPatch) -> None:
    X, Y = (one + np.float32(offset) for one in related())
    quick = measure(X, Y, 10)
    monkeypatch.setattr(edges, "_EXACT_ITEMS", 10**6)
    full = measure(X, Y, 10)
    for name in ("value", "null_mean", "null_sd", "interval"):
        assert getattr(quick, name) == pytest.approx(getattr(full, name), abs=3e-6 * max(1e-3, full.null_sd) / 1e-3), (
            name
        )
    if full.per_item is not None:
        np.testing.assert_allclose(1 - quick.per_item, 1 - full.per_item, rtol=1e-3, atol=1e-6)


def test_leaving_groups_out_in_place_is_leaving_them_out() -> None:
    X, Y = related(240)
    whole = ew.measures.rank_similarity(X, Y, 5)
    member = np.random.default_rng(0).permutation(len(X)) % GROUPS
    left = [ew.measures.rank_similarity(X[member != g], Y[member != g], 5).value for g in range(GROUPS)]
    error = np.sqrt((GROUPS - 1) / GROUPS * np.square(left - np.mean(left)).sum())
    assert whole.interval[1] - whole.interval[0] == pytest.approx(2 * 1.959964 * error, rel=1e-6)


def test_relabelled_places_are_those_of_relabelled_lists() -> None:
    X, Y = related(150)
    hoods = search_both(checked_pair(X, Y, None), 30, metric="cosine")
    few, many = (rank_similarity_of(hoods, [k], True, 6) for k in (10, 30))
    for score, k in ((few, 10), (many, 30)):
        random, found = np.random.default_rng(0), []
        for _ in range(6):
            order = random.permutation(len(X))
            turned = np.empty_like(Y)
            turned[order] = Y
            found.append(ew.measures.rank_similarity(X, turned, k, permutations=2).value)
        assert score.null_sd == pytest.approx(np.std(found, ddof=1), rel=1e-9)


@pytest.mark.parametrize(("noise", "sizes"), [(0.02, {500}), (4.0, {1000, 2000})])
def test_rsa_draws_as_many_items_as_its_interval_needs(noise: float, sizes: set[int]) -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3000, 3))
    Y = X + noise * rng.normal(size=(3000, 3))
    drawn, full = rsa(X, Y), rsa(X, Y, sample=3000)
    assert drawn.params["sample"] in sizes and f"{drawn.params['sample']:,} of 3,000 items" in drawn.params["sampled"]
    low, high = drawn.interval
    assert high - low <= 0.0201 or drawn.params["sample"] == 2000
    # Half as far again as the interval, as the whole is itself an estimate.
    assert abs(drawn.value - full.value) <= 0.75 * (high - low)
    assert full.params["sampled"] == "all items"


def test_chance_of_wide_spaces_is_near_that_of_many_draws() -> None:
    X, Y = related(700, 256, 260)
    few, many = procrustes(X, Y), procrustes(X, Y, permutations=40)
    assert few.params["draws"] == 4 and "from 4 permutations" in few.params["null"] and few.value == many.value
    assert abs(few.null_mean - many.null_mean) < 4 * many.null_sd / np.sqrt(4)
    assert few.null_sd == pytest.approx(many.null_sd, rel=0.9) and few.p < 1e-4
    # Unrelated spaces leave a doubt that all draws are spent on.
    rng = np.random.default_rng(0)
    none = procrustes(rng.normal(size=(700, 256)), rng.normal(size=(700, 260)))
    assert none.params["draws"] == 8 and none.p > 1e-4


def test_first_results_and_their_views_load_neither_scipy_stats_nor_a_renderer() -> None:
    code = (
        "import sys, numpy as np, embwidget as ew;"
        "X, Y = np.random.default_rng(0).normal(size=(2, 90, 5));"
        "X[:20] = Y[:20] = 0; X[20:50, 0] += 9;"
        "items = ew.Items(labels=['odd', 'even'] * 45, texts=['one word', 'and others'] * 45);"
        "found = ew.compare(X, Y, metric='euclidean', items=items, progress=False);"
        "assert found.placeholders.sum() == 20 and found.agreeing(10).shape == (90,);"
        "spectral = ew.spec(X, Y, items=items, progress=False);"
        "ew.show(found); ew.show(spectral);"
        "late = 'scipy.stats', 'vl_convert', 'sklearn', 'pynndescent', 'altair';"
        "print([one for one in late if one in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_given_rows_are_left_as_they_are() -> None:
    X, Y = (torch.from_numpy(one).double() for one in related(200))
    before = X.clone(), Y.clone()
    ew.compare(X, Y, progress=False)
    assert torch.equal(X, before[0]) and torch.equal(Y, before[1])
