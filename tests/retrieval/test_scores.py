"""Measures of relevance against trec_eval, and against their definitions document by document."""

import math

import numpy as np
import pytest
import pytrec_eval

from embwidget.retrieval.means import mean_difference, mean_share
from embwidget.retrieval.relevance import Relevance
from embwidget.retrieval.scores import MEASURES, Rule, per_query
from embwidget.scores.jackknife import jackknife_error

Q, N, M = 40, 120, 30
RANDOM = np.random.default_rng(0)
LISTS = np.array([RANDOM.permutation(N)[:M] for _ in range(Q)])
# Grades of 0 and below are irrelevant; some queries have no relevant document, some more than a list has places.
JUDGED = {q: {int(d): int(RANDOM.integers(-1, 4)) for d in RANDOM.permutation(N)[: 1 + 2 * q]} for q in range(1, Q)} | {
    0: {3: 0, 5: -1}
}
RELEVANCE = Relevance.of(JUDGED, range(Q), range(N))


def by_trec_eval(measure: str, k: int, level: int = 1) -> dict[int, float]:
    """By trec_eval; of lists cut at k where it has no cut of its own."""
    qrels = {f"q{q}": {f"d{d}": grade for d, grade in found.items()} for q, found in JUDGED.items()}
    run = {f"q{q}": {f"d{d}": -float(rank) for rank, d in enumerate(LISTS[q][:k])} for q in range(Q)}
    name = {"recall": f"recall_{k}", "ndcg": f"ndcg_cut_{k}", "mrr": "recip_rank", "hit": f"success_{k}"}[measure]
    asked = {"ndcg": "ndcg_cut", "hit": "success", "mrr": "recip_rank"}.get(measure, measure)
    asked = asked if measure == "mrr" else f"{asked}.{k}"
    found = pytrec_eval.RelevanceEvaluator(qrels, {asked}, relevance_level=level).evaluate(run)
    return {int(query[1:]): values[name] for query, values in found.items()}


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("measure", MEASURES)
def test_measures_are_those_of_trec_eval(measure: str, level: int) -> None:
    found = per_query(measure, RELEVANCE.at(LISTS), RELEVANCE, Rule(threshold=level))
    has = np.array([any(grade >= level for grade in JUDGED[q].values()) for q in range(Q)])
    np.testing.assert_array_equal(np.isfinite(found).all(1), has)
    assert not has[0] and np.isnan(found[~has]).all()
    for k in (1, 2, 10, M):
        wanted = by_trec_eval(measure, k, level)
        np.testing.assert_allclose(found[has, k - 1], [wanted[q] for q in np.flatnonzero(has)], atol=1e-6)


def test_exponential_gains_are_the_definition() -> None:
    found = per_query("ndcg", RELEVANCE.at(LISTS), RELEVANCE, Rule(gain="exponential"))
    for q in (1, 7, 39):
        worth = [2.0 ** max(JUDGED[q].get(int(d), 0), 0) - 1 for d in LISTS[q]]
        best = sorted((2.0 ** max(grade, 0) - 1 for grade in JUDGED[q].values()), reverse=True)
        for k in (1, 5, M):
            gain, most = (sum(g / math.log2(r + 2) for r, g in enumerate(gains[:k])) for gains in (worth, best))
            assert found[q, k - 1] == pytest.approx(gain / most) if most else math.isnan(found[q, k - 1])
    linear = per_query("ndcg", RELEVANCE.at(LISTS), RELEVANCE, Rule())
    assert np.nanmax(np.abs(found - linear)) > 0.05


def test_the_best_list_is_perfect_and_an_empty_one_is_worth_nothing() -> None:
    best = np.full((Q, M), -1)
    for q, found in JUDGED.items():
        order = sorted(found, key=lambda d: -found[d])[:M]
        best[q, : len(order)] = order
    asked = RELEVANCE.relevant_in_all(1) > 0
    for measure in MEASURES:
        perfect, nothing = (
            per_query(measure, RELEVANCE.at(lists), RELEVANCE, Rule())[asked] for lists in (best, np.full((Q, M), -1))
        )
        assert (nothing == 0).all() and (perfect <= 1 + 1e-12).all()
        if measure != "recall":
            np.testing.assert_allclose(perfect, 1)


def test_a_document_that_is_none_has_no_grade() -> None:
    grades = RELEVANCE.at(np.array([[-1, 3, 5, 7]] + [[-1] * 4] * (Q - 1)))
    np.testing.assert_array_equal(grades[0], [np.nan, 0, -1, np.nan])
    assert np.isnan(grades[1:]).all()


def test_the_error_of_a_mean_is_the_jackknife_over_queries() -> None:
    values = RANDOM.random((25, 2))
    found = mean_difference(np.zeros((25, 2)), values - 0.5)
    without = np.array([np.delete(values[:, 0], i).mean() for i in range(25)])
    half = 2.063899 * jackknife_error(without)  # Student's t of 24 degrees of freedom
    assert found.high[0] - found.values[0] == pytest.approx(half, rel=1e-5)
    assert found.values[0] - found.low[0] == pytest.approx(half, rel=1e-5)


def test_intervals_of_differences_hold_the_truth() -> None:
    random, held, held_shares = np.random.default_rng(1), 0, 0
    for _ in range(400):
        # Hit rates of two models that differ on a tenth of the queries.
        kind = random.choice(4, size=(60, 1), p=[0.5, 0.4, 0.07, 0.03])
        x, y = np.isin(kind, [0, 3]).astype(float), np.isin(kind, [0, 2]).astype(float)
        apart, share = mean_difference(x, y), mean_share(x)
        held += apart.low[0] <= 0.04 <= apart.high[0]
        held_shares += share.low[0] <= 0.53 <= share.high[0]
    # 95 % of 400 is 380, with an sd of 4.4; few differences make Student's interval a little short.
    assert held >= 362 and 362 <= held_shares <= 396


def test_equal_answers_leave_room_for_what_other_queries_would_do() -> None:
    same = mean_difference(np.ones((20, 1)), np.ones((20, 1)))
    assert same.values[0] == 0 and same.high[0] == pytest.approx(1 - 0.025 ** (1 / 20)) and same.low[0] == -same.high[0]
    one = mean_difference(np.zeros((1, 3)), np.ones((1, 3)))
    assert one.queries == 1 and (one.values == 1).all() and np.isnan(one.low).all() and np.isnan(one.high).all()
    none = mean_share(np.full((4, 2), np.nan))
    assert none.queries == 0 and np.isnan(none.values).all()
