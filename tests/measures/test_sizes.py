"""How often independent spaces come out as alike, by every measure's own p; and that p is of the law that is named."""

import inspect
import math

import numpy as np
import pytest
from scipy import stats
from typecheck import unchecked

import embwidget as ew
from embwidget.arrays.pair import paired
from embwidget.measures.joined import search_both
from embwidget.measures.table import MEASURES
from embwidget.moments.two_spaces import SecondMoments

SEEDS, N, K = 400, 24, 4
COSTLY = ("cknna", "spec_diff")
"""Of which every fourth seed is enough."""
LEVELS = (0.05, 0.01, 0.001)
LEAN = 1.25
"""Times its level that a tail may be: symmetric laws stand for nulls that lean a little (0.057 for 0.05)."""


def independent(seed: int, n: int = N) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng([seed, 11])
    return rng.normal(size=(n, 4)), rng.normal(size=(n, 3))


def p_of_each(seed: int) -> dict[str, float]:
    pair = paired(*independent(seed))
    hoods = search_both(pair, N - 1, metric="cosine", random_state=seed)
    moments = SecondMoments.of(pair, device="cpu")
    p = {}
    for name, record in MEASURES.items():
        if name in COSTLY and seed % 4:
            continue
        if name == "auc_ln_k":
            score = record.of(hoods, list(range(1, N - 1)))
        elif record.needs == "neighbors":
            score = record.of(hoods, [K], True)
        else:
            less = {"detail": False} if "detail" in inspect.signature(record.of).parameters else {}
            score = record.of(moments, **less)
        p[name] = score.p
    return p


@pytest.fixture(scope="module")
def found() -> dict[str, np.ndarray]:
    drawn = [p_of_each(0)]
    with unchecked():
        drawn += [p_of_each(seed) for seed in range(1, SEEDS)]
    return {name: np.array([p[name] for p in drawn if name in p]) for name in MEASURES}


@pytest.mark.parametrize("name", MEASURES)
def test_independent_spaces_are_called_alike_no_more_often_than_p_says(name: str, found) -> None:
    assert np.isfinite(found[name]).all()
    for level in LEVELS:
        assert (found[name] <= level).sum() <= stats.binom.ppf(0.999, len(found[name]), LEAN * level), level


def test_the_best_of_many_independent_pairs() -> None:
    corrected = []
    for seed in range(30):
        spaces = dict(zip("abcd", (*independent(2 * seed), *independent(2 * seed + 1)), strict=True))
        matrix = ew.compare_many(spaces, measure="second_order_cosine", k=K, progress=False)
        corrected.append(matrix.best()["p_corrected"])
    assert (np.array(corrected) <= 0.05).sum() <= stats.binom.ppf(0.999, 30, 0.05)


def called(name: str, X: np.ndarray, Y: np.ndarray, **more):
    sized = {"k": K} if MEASURES[name].needs == "neighbors" and name != "auc_ln_k" else {}
    return MEASURES[name].function(X, Y, **sized, **more)


@pytest.mark.parametrize("name", MEASURES)
def test_no_p_is_below_the_share_of_one_relabelling(name: str) -> None:
    X = np.random.default_rng(0).normal(size=(6, 2))
    assert called(name, X, X).p >= (1 - 1e-9) / math.factorial(6)


def named(score, law: str) -> float:
    """P by scipy, of the law that the score names, from what the score says of chance."""
    z = score.z if MEASURES[score.measure].larger_is_more_similar else -score.z
    if law == "normal":
        return stats.norm.sf(z)
    mean_known, skew, draws = law
    z = z if mean_known else z / math.sqrt(1 + 1 / draws)
    lean = skew * score.null_sd / score.null_mean
    # Wilson and Hilferty's cube root, of a gamma law of that skewness.
    w = z if not skew else ((1 + lean * z / 2) ** (1 / 3) - 1 + lean**2 / 36) * 6 / lean
    return stats.t.sf(w, draws - 1)


@pytest.mark.parametrize(
    ("name", "words", "law"),
    [
        ("svcca", "Student's t of 19 degrees", (False, 0, 20)),
        ("pwcca", "Student's t of 19 degrees", (False, 0, 20)),
        ("procrustes", "Student's t of 19 degrees", (False, 0, 20)),
        ("second_order_cosine", "Student's t of 9 degrees", (False, 0, 10)),
        ("cknna", "Student's t of 19 degrees of freedom with the skewness of a count", (False, 1, 20)),
        ("rank_similarity", "exact mean; sd from 20 permutations, p from Student's t of 19", (True, 2, 20)),
        ("auc_ln_k", "normal tail", "normal"),
    ],
)
def test_the_law_that_is_named_gives_p(name: str, words: str, law) -> None:
    X, Y = independent(3, 60)
    Y[:, :2] += 0.7 * X[:, :2]
    score = called(name, X, Y)
    assert words in score.params["null"]
    assert 1e-12 < score.p == pytest.approx(named(score, law), rel=1e-6)


@pytest.mark.parametrize("name", ["cka", "cca", "gulp", "eigenspace_overlap", "rsa"])
def test_an_exact_null_is_named_so(name: str) -> None:
    null = called(name, *independent(4)).params["null"]
    assert "exact mean and sd" in null and "type III" in null


def test_counted_p_and_none_at_all() -> None:
    X, Y = independent(5)
    assert "p from 20 permutations" in ew.measures.spec_diff(X, Y).params["null"]
    for score in (ew.measures.spec_diff(X, Y, permutations=0), ew.measures.svcca(X, Y, permutations=0)):
        assert score.params["null"] == "none: permutations=0" and np.isnan(score.p)
    one = ew.measures.procrustes(X, Y, permutations=1)
    assert "no p" in one.params["null"] and np.isnan(one.p)
    some = ew.measures.second_order_cosine(X, Y, k=K, method="sampled", sample=10)
    assert some.params["null"].startswith("none") and np.isnan(some.p)


def test_what_sampling_items_adds_is_left_in_p() -> None:
    X, Y = independent(6, 1200)
    p = np.array([ew.measures.second_order_cosine(X, Y[o], k=K, random_state=3).p for o in relabellings(1200, 20)])
    assert (p <= 0.05).sum() <= stats.binom.ppf(0.999, 20, 0.05)
    near = ew.measures.second_order_cosine(X, X + 0.3 * np.random.default_rng(1).normal(size=X.shape), k=K)
    assert "upper bound" in near.params["null"] and near.p < 1e-6
    assert near.p > stats.t.sf(near.z, 9)


def relabellings(n: int, count: int) -> list[np.ndarray]:
    rng = np.random.default_rng(8)
    return [rng.permutation(n) for _ in range(count)]
