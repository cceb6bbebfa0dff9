"""Every public numeric keyword takes the numbers of every library as Python's own, and refuses all else at once."""

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
import torch
from import_graph import FILES

import embwidget as ew
from embwidget.alignment.job import Job

N = 60
RNG = np.random.default_rng(0)
X = RNG.normal(size=(N, 5)).astype(np.float32)
Y = (X[:, ::-1] + RNG.normal(size=(N, 5))).astype(np.float32)
LABELS = ["ab"[i % 2] for i in range(N)]
QUIET = {"progress": False}
GAUSSIAN = {"kernel": "gaussian"}
LAYERS = {"a": X, "b": Y}, {"c": Y, "d": X + Y}
ASKED = {"queries": (X[:6] + 1, Y[:6] + 1), "relevant": {i: {j: j % 4 for j in range(i, N)} for i in range(6)}}
GROUPS = {"a": ("A", 0), "b": ("A", 1), "c": ("B", 0), "d": ("B", 1)}
MANY, LISTED, FLAG, INFINITE = "several are taken too", "lists mean another thing", "a flag is taken too", "infinity is"
NEGATIVE = "numbers below 0 are taken too"


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    return {
        "compared": ew.compare(X, Y, max_k=20, measures=["nngs"], items=ew.Items(labels=LABELS), **QUIET),
        "spectral": ew.spec(X, Y, n_components=4, splits=0, permutations=0, **QUIET),
        "neighbors": ew.knn(X, 8),
        "retrieved": ew.compare_retrieval(X, Y, max_k=20, **ASKED, **QUIET),
        "carried": ew.thresholds(X, Y, at=0.5, **QUIET),
        "audited": ew.audit(X, Y, bridges=[], **QUIET),
        "sheet": np.zeros((4, 8, 3), np.uint8),
    }


def contrasim(**how: Any) -> Any:
    fitted = ew.ContraSim(**{"max_steps": 1, "batch_size": 16, "out_dim": 3} | how).fit(X, Y, **QUIET)
    return [fitted.encoders_[name].layers[0][0].sum().item() for name in "xy"]


def ridge_cca(**how: Any) -> Any:
    return ew.RidgeCCA(**{"k": 2} | how).fit(X, Y, **QUIET).correlations_


def aligned(**how: Any) -> Any:
    """All that the work is begun with: the work itself takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Job, "run", lambda self, course: [getattr(self, one.name) for one in fields(self)[3:]])
        return ew.align(X, Y, **{"max_k": 12} | QUIET | how)


def zero_shot(**how: Any) -> Any:
    return ew.tasks.zero_shot_accuracy(X, np.eye(5)[:2], LABELS, classes=["a", "b"], **QUIET | how)


def measure(name: str) -> Callable[..., Any]:
    return lambda found, **how: getattr(ew.measures, name)(X, Y, **how)


def carried(**how: Any) -> Any:
    found = ew.thresholds(X, Y, **{"at": 0.5, "listed": 2} | QUIET | how)
    return found, found.interval, found.listed


PICTURES = ew.Items(images=np.arange(N * 16, dtype=np.uint8).reshape(N, 4, 4))


def strip(found: Any) -> bytes:
    pixels: bytes = found.image.tobytes()
    return pixels


def renamed(found: Any, cluster: Any) -> list[str]:
    again = replace(found)
    again.rename(cluster, "mine")
    return [one.title for one in again.clusters]


def rows_of(matrix: Any) -> Any:
    return matrix.rows, matrix.params


SPEC = {"n_components": 2, "splits": 0, "permutations": 0} | QUIET
Call = Callable[..., Any]
CALLS: dict[str, Call] = {
    "align": lambda found, **how: aligned(**how),
    "audit": lambda found, **how: ew.audit(X, Y, **{"bridges": [], "max_k": 12} | QUIET | how),
    "Audit.worst": lambda found, **how: found["audited"].worst(**how),
    "bandwidth_sweep": lambda found, **how: ew.bandwidth_sweep(
        X, Y, **{"factors": 1.0, "n_components": 2, "splits": 0} | how
    ),
    "compare": lambda found, **how: ew.compare(X, Y, **{"max_k": 12, "measures": ["nngs"]} | QUIET | how),
    "compare_layers": lambda found, **how: ew.compare_layers(*LAYERS, measures=["nngs"], **QUIET | how),
    "compare_many": lambda found, **how: rows_of(ew.compare_many(LAYERS[0], **QUIET | how)),
    "compare_retrieval": lambda found, **how: ew.compare_retrieval(X, Y, **{"max_k": 12} | ASKED | QUIET | how),
    "difference": lambda found, **how: ew.difference(X, Y, X[:, :3], **QUIET | how).rows,
    "knn": lambda found, **how: ew.knn(X, **{"k": 3} | how).indices,
    "median_bandwidth": lambda found, **how: ew.median_bandwidth(X, **how),
    "random_fourier_features": lambda found, **how: ew.random_fourier_features(
        **{"width": 2, "n_features": 3, "bandwidth": 1.0} | how
    ),
    "spec_path": lambda found, **how: ew.spec_path(X, Y, **{"etas": 1.0, "n_components": 2, "splits": 0} | QUIET | how),
    "spec": lambda found, **how: ew.spec(X, Y, **SPEC | how),
    "same": lambda found, **how: ew.same(X, Y, **how),
    "thresholds": lambda found, **how: carried(**how),
    "Thresholds.pairs": lambda found, **how: found["carried"].pairs(**how),
    "ContraSim": lambda found, **how: contrasim(**how),
    "ContraSim.cross_fit": lambda found, **how: ew.ContraSim.cross_fit(
        np.vstack([X, Y]), np.vstack([Y, X]), max_steps=0, out_dim=2, **QUIET | how
    ),
    "RidgeCCA": lambda found, **how: ridge_cca(**how),
    "RidgeCCA.cross_fit": lambda found, **how: ew.RidgeCCA.cross_fit(
        np.vstack([X, Y]), np.vstack([Y, X]), k=2, **QUIET | how
    ),
    "SpriteSheet": lambda found, **how: ew.SpriteSheet(found["sheet"], **{"size": 4, "columns": 2} | how),
    "Items.thumbnail": lambda found, **how: ew.Items(images=[found["sheet"]]).thumbnail(0, **how).tobytes(),
    "Items.picture": lambda found, **how: ew.Items(images=[found["sheet"]]).picture(0, **how).tobytes(),
    "Items.pictures": lambda found, **how: strip(ew.Items(images=[found["sheet"]] * 3).pictures([0, 2], **how)),
    "Comparison.pictures": lambda found, **how: strip(replace(found["compared"], items=PICTURES).pictures([1], **how)),
    "SpectralComparison.pictures": lambda found, **how: strip(
        replace(found["spectral"], items=PICTURES).pictures([1, 5], **how)
    ),
    "Cluster.pictures": lambda found, **how: strip(
        replace(found["spectral"].clusters[0], items=PICTURES).pictures(**how)
    ),
    "SpectralComparison.rename": lambda found, **how: renamed(found["spectral"], **how),
    "Moments.of": lambda found, **how: ew.Moments.of(X, **how).covariance,
    "Neighbors.first": lambda found, **how: found["neighbors"].first(**how),
    "Cluster.members": lambda found, **how: found["spectral"].clusters[0].members(**how),
    "Comparison.per_item": lambda found, **how: found["compared"].per_item(**how),
    "Comparison.item_p": lambda found, **how: found["compared"].item_p(**how),
    "Comparison.agreeing": lambda found, **how: found["compared"].agreeing(**{"k": 5} | how),
    "Comparison.by_class": lambda found, **how: found["compared"].by_class(**how),
    "Comparison.most_changed": lambda found, **how: found["compared"].most_changed(**how),
    "RetrievalComparison.shared": lambda found, **how: found["retrieved"].shared(**how),
    "RetrievalComparison.per_query": lambda found, **how: found["retrieved"].per_query(**how),
    "RetrievalComparison.query_p": lambda found, **how: found["retrieved"].query_p(**how),
    "RetrievalComparison.measure": lambda found, **how: found["retrieved"].measure("recall", **how),
    "RetrievalComparison.unjudged": lambda found, **how: found["retrieved"].unjudged(**{"k": 9} | how),
    "RetrievalComparison.most_changed": lambda found, **how: found["retrieved"].most_changed(**how),
    "SpectralComparison.kmeans_agreement": lambda found, **how: found["spectral"].kmeans_agreement(**how),
    "SpectralComparison.similarity_ranking": lambda found, **how: found["spectral"].similarity_ranking(
        **{"cluster": 0} | how
    ),
    "charts.k_sweep": lambda found, **how: ew.charts.k_sweep(found["compared"], **how).to_json(),
    "charts.kernel_heatmap": lambda found, **how: ew.charts.kernel_heatmap(found["spectral"], **how).to_json(),
    "charts.maps": lambda found, **how: ew.charts.maps(found["compared"], **how).to_json(),
    "datasets.read_glove": lambda found, **how: ew.datasets.read_glove(found["glove"], **QUIET | how),
    "datasets.read_features": lambda found, **how: ew.datasets.read_features(found["features"], **how),
    "tasks.example_retrieval": lambda found, **how: ew.tasks.example_retrieval(
        X, Y, lambda x, y: x @ y.T, **QUIET | how
    ),
    "tasks.layer_prediction": lambda found, **how: ew.tasks.layer_prediction(
        LAYERS[0] | LAYERS[1], GROUPS, "cka", **QUIET | how
    ),
    "tasks.rank_correlation": lambda found, **how: ew.tasks.rank_correlation(X[:8, 0], Y[:8, 0], **how),
    "tasks.retrieval_accuracy": lambda found, **how: ew.tasks.retrieval_accuracy(X, Y, **QUIET | how),
    "tasks.set_retrieval": lambda found, **how: ew.tasks.set_retrieval(
        X, Y, "cka", **{"sizes": 8, "sets": 2, "shuffles": 0} | QUIET | how
    ),
    "tasks.zero_shot_accuracy": lambda found, **how: zero_shot(**how),
    **{f"measures.{name}": measure(name) for name in ew.measures.MEASURES},
}
COMMON = {"block_rows": 7, "random_state": 3}
NEAR = {"k": 4, "alpha": 0.25, "permutations": 4}
NUMBERS: dict[str, dict[str, int | float]] = {
    "align": {"fit_rows": 0.5, "keep": 0.5, "bandwidth": 2.0, "eta": 0.5, "steps": 2, "batch_rows": 20, "lr": 0.25}
    | {"ridge": 0.5, "n_components": 2, "k": 5, "max_k": 9, "random_state": 3},
    "audit": {"tolerance": 0.25, "k": 5, "max_k": 9, "at": 0.25, "random_state": 3},
    "Audit.worst": {"m": 3},
    "bandwidth_sweep": {"factors": 0.5, "bandwidth": 2.0, "n_components": 3, "random_state": 3},
    "spec_path": {"etas": 0.5},
    "compare": {"k": 5, "max_k": 9, "sample": 20, "budget": 2.5, "random_state": 3},
    "compare_layers": {"k": 5, "folds": 3, "random_state": 3},
    "compare_many": {"k": 5, "random_state": 3},
    "compare_retrieval": {"k": 5, "max_k": 9, "threshold": 2.0, "random_state": 3},
    "difference": {"k": 5, "random_state": 3},
    "knn": {"k": 5, "random_state": 3},
    "median_bandwidth": {"random_state": 3},
    "random_fourier_features": {"width": 4, "n_features": 5, "bandwidth": 0.5, "random_state": 3},
    "same": {"tolerance": 0.25, "random_state": 3},
    "thresholds": {"at": 0.25, "listed": 3, "random_state": 3},
    "Thresholds.pairs": {"m": 3},
    "spec": {"bandwidth": 2.0, "eta": 0.5, "n_components": 3, "n_features": 8, "splits": 1, "permutations": 2}
    | {"random_state": 3},
    "ContraSim": {"out_dim": 4, "n_anchors": 5, "temperature": 0.5, "lr": 0.25, "weight_decay": 0.25, "batch_size": 20}
    | {"max_steps": 2, "val_fraction": 0.25, "patience": 2, "column_share": 0.5, "random_state": 3},
    "ContraSim.cross_fit": {"folds": 3},
    "RidgeCCA": {"k": 3, "ridge": 0.5, "random_state": 3},
    "RidgeCCA.cross_fit": {"folds": 3},
    "SpriteSheet": {"size": 3, "columns": 1},
    "Items.thumbnail": {"size": 6},
    "Items.picture": {"most": 6},
    "Items.pictures": {"size": 6, "columns": 1},
    "Comparison.pictures": {"size": 6, "columns": 1},
    "SpectralComparison.pictures": {"size": 6, "columns": 1},
    "Cluster.pictures": {"m": 3, "size": 6, "columns": 2},
    "SpectralComparison.rename": {"cluster": 1},
    "Moments.of": {"block_rows": 7},
    "Neighbors.first": {"k": 3},
    "Cluster.members": {"m": 3},
    "Comparison.per_item": {"k": 3},
    "Comparison.item_p": {"k": 3},
    "Comparison.agreeing": {"k": 3, "rate": 0.25},
    "Comparison.by_class": {"k": 3},
    "Comparison.most_changed": {"m": 3},
    "RetrievalComparison.shared": {"k": 3},
    "RetrievalComparison.per_query": {"k": 3},
    "RetrievalComparison.query_p": {"k": 3},
    "RetrievalComparison.measure": {"k": 3},
    "RetrievalComparison.unjudged": {"k": 3, "m": 3},
    "RetrievalComparison.most_changed": {"m": 3},
    "SpectralComparison.kmeans_agreement": {"seeds": 2},
    "SpectralComparison.similarity_ranking": {"cluster": 1, "queries": 2, "inside": 2, "outside": 2},
    "charts.k_sweep": {"classes": 2},
    "charts.kernel_heatmap": {"clusters": 1, "members": 3, "rest": 4, "random_state": 3},
    "charts.maps": {"k": 3},
    "datasets.read_glove": {"limit": 2},
    "datasets.read_features": {"max_bytes": 100},
    "tasks.example_retrieval": {"k": 3, "shuffles": 2, "random_state": 3},
    "tasks.layer_prediction": {"shuffles": 2, "random_state": 3},
    "tasks.retrieval_accuracy": {"k": 3, "fit_rows": 0.5, "ridge": 0.5, "random_state": 3},
    "tasks.set_retrieval": {"sizes": 6, "sets": 3, "repeats": 2, "shuffles": 1, "random_state": 3},
    "tasks.zero_shot_accuracy": {"k": 1, "fit_rows": 0.5, "ridge": 0.5, "random_state": 3},
    "tasks.rank_correlation": {"random_state": 3},
    "measures.auc_ln_k": {"max_k": 5},
    "measures.cca": COMMON,
    "measures.cka": COMMON | {"bandwidth": 0.5, "influential": 2},
    "measures.cknna": NEAR,
    "measures.eigenspace_overlap": COMMON,
    "measures.gulp": COMMON | {"lam": 0.5},
    "measures.mutual_knn": NEAR,
    "measures.nngs": NEAR | {"sample": 20, "random_state": 3},
    "measures.procrustes": COMMON | {"permutations": 4},
    "measures.pwcca": COMMON | {"permutations": 4},
    "measures.r_nx": NEAR,
    "measures.rank_similarity": NEAR,
    "measures.rsa": COMMON | {"sample": 20, "permutations": 4},
    "measures.second_order_cosine": NEAR,
    "measures.spec_diff": {"bandwidth": 2.0, "eta": 0.5, "permutations": 4, "random_state": 3},
    "measures.svcca": COMMON | {"share": 0.5, "permutations": 4},
}
BESIDE: dict[tuple[str, str], dict[str, Any]] = {
    ("align", "bandwidth"): GAUSSIAN,
    ("align", "ridge"): {"method": "ridge"},
    ("align", "n_components"): {"method": "cca"},
    ("spec", "bandwidth"): GAUSSIAN,
    ("spec", "n_features"): GAUSSIAN | {"features": "rff"},
    ("ContraSim", "n_anchors"): {"features": "relative"},
    ("ContraSim", "column_share"): {"features": "relative", "n_anchors": 5},
    ("measures.cka", "bandwidth"): {"kernel": "rbf"},
    ("compare", "sample"): {"method": "sampled"},
    ("measures.nngs", "sample"): {"method": "sampled"},
    ("measures.spec_diff", "bandwidth"): GAUSSIAN,
    ("tasks.retrieval_accuracy", "ridge"): {"fit_rows": "half"},
    ("tasks.zero_shot_accuracy", "ridge"): {"fit_rows": "half"},
}
ALSO: dict[tuple[str, str], str] = {
    ("align", "fit_rows"): LISTED,
    ("tasks.retrieval_accuracy", "fit_rows"): LISTED,
    ("tasks.zero_shot_accuracy", "fit_rows"): LISTED,
    ("bandwidth_sweep", "factors"): MANY,
    ("spec_path", "etas"): MANY,
    ("random_fourier_features", "random_state"): MANY,
    ("knn", "k"): MANY,
    ("Comparison.per_item", "k"): MANY,
    ("Comparison.item_p", "k"): MANY,
    ("Comparison.agreeing", "k"): MANY,
    ("Comparison.by_class", "k"): MANY,
    ("charts.k_sweep", "classes"): FLAG,
    ("charts.kernel_heatmap", "clusters"): LISTED,
    ("compare", "budget"): INFINITE,
    ("audit", "at"): NEGATIVE,
    ("thresholds", "at"): NEGATIVE,
    ("tasks.set_retrieval", "sizes"): MANY,
    **{(owner, "k"): MANY for owner in NUMBERS if owner.startswith("tasks.")},
    **{(owner, name): MANY for owner in NUMBERS if owner.startswith("measures.") for name in ("k", "alpha")},
}
OTHERS = """
X Y A B P a b allow_overlap callback candidates captions center column correlation debiased deep device distractors
exclude_question_words field form groups head held_out hidden ids image images items keep kernel kind labels live loss
lower malformed map maps matrix measure measures method metric name names negatives networks normalize objective ordered
pairs path progress comparison queries query_items questions random records result rows rows_a rows_b scene sections
self shared side sides posture scores warnings
similarities spaces standardize tail texts tiles unmix validate values_a values_b vectors view words features
gain query_ids query_items relevant old new baseline bridges title shown larger_is_better reference ties colour
"""
NO_NUMBERS = set(OTHERS.split())
"""Names of parameters that hold no number: one that is new must be put here, or into the table above."""
RESULTS = [name for name in ew.__all__ if hasattr(getattr(ew, name), "to_dict")]
NOT_OPTIONS = {
    "align": {"clusters": "clusters, or their members"},
    "audit": {"queries": "vectors"},
    **{f"{kind}.{name}": {"longest": "numbers of an array"} for kind in RESULTS for name in ("to_dict", "to_json")},
    "compare_retrieval": {"queries": "vectors"},
    "knn": {"queries": "row numbers, or vectors"},
    "tasks.zero_shot_accuracy": {"classes": "labels"},
    "ComparisonMatrix.best": {"columns": "names, or places"},
    "Items.from_arrays": {"arrays": "what to_arrays gave"},
    "Moments.empty": {"widths": "a width for each matrix"},
    "Fitting.result": {"timeout": "seconds as threading takes them"},
    "Items.check": {"n": "the rows of a result"},
    "Items.to_arrays": {"n": "the rows of a result"},
    "Items.thumbnail": {"i": "a row"},
    "Items.describe": {"i": "a row"},
    "Items.picture": {"i": "a row"},
    "Moments.block": {"a": "a place", "b": "a place"},
}
MADE_BY_THE_PACKAGE = {
    *(ew.Alignment, ew.Audit, ew.Cluster, ew.Comparison, ew.ComparisonMatrix, ew.Difference, ew.Fitting),
    *(ew.LayerComparison, ew.Moments),
    *(ew.LearnedSimilarity, ew.Neighbors, ew.Opened, ew.Pair, ew.RetrievalComparison, ew.Same, ew.Score),
    *(ew.SpectralComparison, ew.Thresholds),
}
ROOMS = {"": ew, "charts.": ew.charts, "datasets.": ew.datasets, "measures.": ew.measures, "tasks.": ew.tasks}


def public() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Functions, constructors and methods that a user calls, by name."""
    for room, module in ROOMS.items():
        for name in module.__all__:
            one = getattr(module, name)
            if inspect.isfunction(one):
                yield room + name, one
            elif inspect.isclass(one) and not room:
                if one not in MADE_BY_THE_PACKAGE:
                    yield name, one
                methods = inspect.getmembers(one, lambda held: inspect.isfunction(held) or inspect.ismethod(held))
                yield from ((f"{name}.{method}", held) for method, held in methods if not method.startswith("_"))


def parameters() -> Iterator[tuple[str, inspect.Parameter]]:
    for owner, one in public():
        for parameter in inspect.signature(one).parameters.values():
            if parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
                yield owner, parameter


def is_counted(parameter: inspect.Parameter) -> bool:
    """Whether its default or its annotation says that it is a number."""
    default = isinstance(parameter.default, (int, float)) and not isinstance(parameter.default, bool)
    return default or parameter.annotation in (int, float, int | None, float | None)


def test_every_numeric_keyword_is_in_the_table() -> None:
    known = {(owner, name) for owner, names in NUMBERS.items() for name in names}
    exempt = {(owner, name) for owner, names in NOT_OPTIONS.items() for name in names}
    found = {(owner, one.name): one for owner, one in parameters()}
    assert known - set(found) == set(), "keywords that are no more"
    assert exempt - set(found) == set(), "keywords that are no more"
    new = {key for key, one in found.items() if is_counted(one) or one.name not in NO_NUMBERS} - known - exempt
    assert new == set(), "put these into the table, or their names among those that are no numbers"
    assert {*CALLS} == {*NUMBERS} and {*BESIDE, *ALSO} <= known | {key for key in ALSO if key[1] in ("k", "alpha")}


def test_a_new_keyword_would_be_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    def knn(X: Any, k: Any, *, radius: Any = None) -> None: ...

    monkeypatch.setattr(ew, "knn", knn)
    with pytest.raises(AssertionError):
        test_every_numeric_keyword_is_in_the_table()


def kinds_of(value: int | float) -> list[Any]:
    """The same number as other libraries have it."""
    if isinstance(value, int):
        return [np.int8(value), np.array(value, np.uint64), torch.tensor(value, dtype=torch.int16)]
    return [np.float16(value), np.array(value, np.longdouble), torch.tensor(value, dtype=torch.bfloat16)]


def wrong(value: int | float, also: str | None) -> list[Any]:
    """What stands for no number of that kind."""
    found: list[Any] = [1j, np.complex64(1), float("nan"), np.float32("nan"), torch.tensor(float("nan")), "3"]
    found += [object(), np.timedelta64(1, "s"), -float("inf")]
    found += [] if also == NEGATIVE else [-1]
    found += [] if also == INFINITE else [float("inf"), np.float32("inf")]
    found += [] if also == FLAG else [True, np.True_, torch.tensor(True)]
    found += [float(value), value + 0.5, np.float32(value)] if isinstance(value, int) else []
    if also == LISTED:
        return found
    return [*found, [True], ["3"]] if also == MANY else [*found, [value], np.array([value])]


def told(result: Any) -> str:
    """Everything that is to be the same, in words: also the plain types of what was noted."""
    return repr((result, getattr(result, "params", None), getattr(result, "value", None)))


CASES = [(owner, name) for owner, names in NUMBERS.items() for name in names]


@pytest.mark.parametrize(("owner", "name"), CASES, ids=[".".join(case) for case in CASES])
def test_a_number_is_a_number(owner: str, name: str, results: dict[str, Any], tmp_path: Any) -> None:
    value, beside, also = NUMBERS[owner][name], BESIDE.get((owner, name), {}), ALSO.get((owner, name))
    if owner == "datasets.read_glove":
        results = results | {"glove": tmp_path / "glove.txt"}
        results["glove"].write_text("a 1 2\nb 3 4\nc 5 6\n")
    if owner == "datasets.read_features":
        results = results | {"features": tmp_path / "features.npz"}
        np.savez(results["features"], X[:3, :2])
    call = CALLS[owner]
    plain = told(call(results, **beside, **{name: value}))
    other = [one for one in kinds_of(value) if told(call(results, **beside, **{name: one})) != plain]
    assert other == [], f"{name} as these gives another result than {value!r}"
    accepted, unsaid = [], []
    for one in wrong(value, also):
        try:
            call(results, **beside, **{name: one})
        except (ValueError, TypeError) as refused:
            said = str(refused)
            unsaid += [] if said.startswith("expected") and name in said and "but got" in said else [(one, said)]
        else:
            accepted.append(one)
    assert (accepted, unsaid) == ([], [])


BY_HAND = {"bool", "np.bool_", "np.integer", "np.floating", "np.number"}
ASKED_ELSEWHERE = {
    *("embwidget.arrays.options", "embwidget.items.fields", "embwidget.results.plain", "embwidget.texts.columns")
}
"""The one room; what JSON can hold of labels and ids; and which values of a column are texts."""


def asks(node: ast.AST) -> bool:
    """Whether it asks by hand whether something is a number, or a flag."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance"):
        return False
    kinds = ast.walk(node.args[1])
    return any(ast.unparse(one) in BY_HAND for one in kinds if isinstance(one, (ast.Name, ast.Attribute)))


def test_what_a_number_is_is_asked_in_one_room() -> None:
    asked = {name for name, path in FILES.items() if any(map(asks, ast.walk(ast.parse(path.read_text()))))}
    assert asked == ASKED_ELSEWHERE


def test_whole_numbers_of_numpy_are_real_numbers_too() -> None:
    assert told(ew.spec(X, Y, eta=np.int64(1), **SPEC)) == told(ew.spec(X, Y, eta=1, **SPEC))
    assert ew.compare(X, Y, budget=np.int64(60), max_k=5, measures=["nngs"], **QUIET).params["budget"] == 60
    found = ew.tasks.retrieval_accuracy(X, Y, fit_rows="half", ridge=np.float32(0.1), **QUIET)
    assert "strength 0.1 " in found.params["map"]
