"""Calls the public functions with wild things and prints what is no refusal: python wild_calls.py EXAMPLES [verb ...].

In a process of its own, since under the tests' import hook arguments are refused by their annotations already.
"""

import inspect
import sys
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wild_things import WILD

import embwidget as ew
from embwidget.measures.table import MEASURES

RANDOM = np.random.default_rng(0)
X, Y, Z = RANDOM.normal(size=(3, 12, 4))
# Each with arguments that are right, of which some are then exchanged for what is not.
VERBS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "compare": (ew.compare, {"X": X, "Y": Y, "measures": ["nngs"]}),
    "spec": (ew.spec, {"X": X, "Y": Y, "splits": 2, "permutations": 2}),
    "spec_path": (ew.spec_path, {"X": X, "Y": Y, "splits": 2, "permutations": 2, "etas": [1.0]}),
    "align": (ew.align, {"X": X, "Y": Y, "method": "procrustes"}),
    "knn": (ew.knn, {"X": X, "k": 3}),
    "same": (ew.same, {"X": X, "Y": Y}),
    "thresholds": (ew.thresholds, {"X": X, "Y": Y, "at": 0.3}),
    "difference": (ew.difference, {"reference": X, "A": Y, "B": Z, "k": 3}),
    "compare_many": (ew.compare_many, {"spaces": {"a": X, "b": Y}, "k": 3}),
    "compare_layers": (ew.compare_layers, {"A": {"a": X}, "B": {"b": Y}, "k": 3, "measures": ["nngs"]}),
    "compare_retrieval": (ew.compare_retrieval, {"X": X, "Y": Y, "queries": (X[:4], Y[:4]), "k": 3}),
    "audit": (ew.audit, {"old": X, "new": Y, "k": 3, "bridges": []}),
    "Items": (ew.Items, {"labels": ["a"] * 12}),
    **{name: (one.function, {"X": X, "Y": Y}) for name, one in MEASURES.items()},
}
# Of the first a large number is a long time, which is what was asked for; the others are no values.
LEFT = {"steps", "live", "progress", "how", "options"}


def is_refusal(error: Exception) -> bool:
    # A text may be the path of judgements; a file that is not there is named.
    told = "expected" in str(error) and " but " in str(error)
    return (isinstance(error, TypeError | ValueError) and told) or (
        isinstance(error, OSError) and "[Errno" in str(error)
    )


def run_verb(name: str, examples: int) -> dict[str, str]:
    """What was raised that is no refusal: where and what, with one call that does it."""
    verb, right = VERBS[name]
    parameters = inspect.signature(verb).parameters
    quiet = {"progress": False} if "progress" in parameters else {}
    found: dict[str, str] = {}

    own = settings(max_examples=examples, deadline=None, database=None, derandomize=True)

    @settings(own, suppress_health_check=[*HealthCheck])
    @given(st.lists(st.sampled_from(sorted(set(parameters) - LEFT)), min_size=1, max_size=2), WILD, WILD)
    def call(wrong: list[str], one: Any, other: Any) -> None:
        how = right | quiet | dict(zip(wrong, (one, other), strict=False))
        told = ", ".join(f"{place}={how[place]!r:.60}" for place in wrong)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                repr(verb(**how))
        except Exception as error:
            if not is_refusal(error):
                last = traceback.extract_tb(error.__traceback__)[-1]
                place = f"{Path(last.filename).name}:{last.lineno}"
                found.setdefault(f"{type(error).__name__} at {place}: {str(error)[:90]}", f"{name}({told})")

    call()
    return found


if __name__ == "__main__":
    for verb in sys.argv[2:] or VERBS:
        for problem, how in run_verb(verb, int(sys.argv[1])).items():
            print(f"{how}\n    {problem}", flush=True)
