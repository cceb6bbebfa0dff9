"""Whatever is handed in: an answer, with a word on each number that is missing, or a refusal that says what to do."""

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from careless_spaces import careless_space
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import embwidget as ew
from embwidget.arrays.reading.notes import InputWarning
from embwidget.measures.table import MEASURES
from embwidget.scores.score import Score

QUIET = {"progress": False}


def sizes(draw: st.DrawFn, n: int, least: int = 1) -> Any:
    one = st.integers(least, max(least, n - 1))
    return draw(st.one_of(one, st.lists(one, min_size=1, max_size=3)))


def of_measure(draw: st.DrawFn, n: int, X: Any, Y: Any, name: str) -> Any:
    how: dict[str, Any] = {}
    if MEASURES[name].needs == "neighbors":
        how["metric"] = draw(st.sampled_from(["cosine", "euclidean", "dot"]))
        if name != "auc_ln_k":
            how["k"] = sizes(draw, n)
    return lambda: MEASURES[name].function(X, Y, **how)


def of_search(draw: st.DrawFn, n: int, X: Any, Y: Any) -> Any:
    k, metric = sizes(draw, n), draw(st.sampled_from(["cosine", "euclidean", "dot"]))
    return lambda: ew.knn(X, k if isinstance(k, int) else k[0], metric=metric)


def of_comparison(draw: st.DrawFn, n: int, X: Any, Y: Any) -> Any:
    how = {"k": draw(st.integers(1, n - 1)), "metric": draw(st.sampled_from(["cosine", "euclidean", "dot"]))}
    return lambda: ew.compare(X, Y, **how, **QUIET)


def of_groups(draw: st.DrawFn, n: int, X: Any, Y: Any) -> Any:
    kernel = draw(st.sampled_from(["cosine", "gaussian", "linear"]))
    return lambda: ew.spec(X, Y, kernel=kernel, splits=2, permutations=2, **QUIET)


def of_matrix(draw: st.DrawFn, n: int, X: Any, Y: Any) -> Any:
    measure = draw(st.sampled_from(["nngs", "cka", "rsa", "procrustes"]))
    return lambda: ew.compare_many({"a": X, "b": Y}, measure=measure, **QUIET)


def of_retrieval(draw: st.DrawFn, n: int, X: Any, Y: Any) -> Any:
    asked, metric = draw(st.integers(1, n)), draw(st.sampled_from(["cosine", "euclidean", "dot"]))
    relevant = draw(
        st.none() | st.dictionaries(st.integers(0, n), st.dictionaries(st.integers(0, n), st.integers(-1, 2)))
    )
    how = {"queries": (X[:asked], Y[:asked]), "relevant": relevant, "metric": metric}
    return lambda: ew.compare_retrieval(X, Y, **how, **QUIET)


def of_alignment(draw: st.DrawFn, n: int, X: Any, Y: Any) -> Any:
    method = draw(st.sampled_from(["procrustes", "ridge", "cca"]))
    return lambda: ew.align(X, Y, method=method, **QUIET)


VERBS: dict[str, tuple[Callable[..., Any], int]] = {
    **{name: (lambda *one, name=name: of_measure(*one, name), 210) for name in MEASURES},
    "knn": (of_search, 900),
    "compare": (of_comparison, 150),
    "spec": (of_groups, 150),
    "compare_many": (of_matrix, 150),
    "compare_retrieval": (of_retrieval, 150),
    "align": (of_alignment, 100),
}


def missing(result: Any) -> Iterator[str]:
    """Numbers of a result that are not there, where it says nothing of them."""
    if isinstance(result, Score):
        numbers = ("value", "curve", "calibrated", "z", "p", "interval")
        told = bool(result.warnings) or str(result.params.get("null", "")).startswith("none")
        for name in () if told else numbers:
            found = getattr(result, name)
            if found is not None and not np.isfinite(np.asarray(found, np.float64)).all():
                yield f"{result.measure}.{name} = {found}"
    elif isinstance(result, ew.Comparison) and not result.warnings:
        for score in result.scores.values():
            yield from missing(score)
    elif isinstance(result, ew.RetrievalComparison) and not result.warnings:
        for name, sides in result.curves.items():
            for side, curve in sides.items():
                if not np.isfinite([curve.values, curve.low, curve.high]).all():
                    yield f"{name}, {side}"
    elif isinstance(result, ew.SpectralComparison) and not np.isfinite(result.eigenvalues).all():
        yield "eigenvalues"


@pytest.mark.parametrize("verb", VERBS)
def test_careless_calls(verb: str) -> None:
    make, examples = VERBS[verb]

    @settings(max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=HealthCheck)
    @given(st.data())
    def run(data: st.DataObject) -> None:
        draw = data.draw
        n = draw(st.integers(3, 12))
        X, Y = draw(careless_space(n)), draw(careless_space(n))
        call = make(draw, n, X, Y)
        with warnings.catch_warnings(), np.errstate(all=draw(st.sampled_from(["raise", "warn"]))):
            warnings.simplefilter("error")
            warnings.simplefilter("ignore", InputWarning)  # what there is to say of the input
            try:
                result = call()
            except (TypeError, ValueError) as error:
                assert "expected" in str(error) and "but got" in str(error), repr(error)
                return
        assert not list(missing(result))
        repr(result)

    run()
