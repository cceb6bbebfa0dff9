"""``progress`` means one thing wherever it is asked for: True a bar, False and None nothing, or a function."""

import contextlib
import importlib
import inspect
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import IPython.display
import numpy as np
import pytest
import tqdm.auto
import tqdm.notebook

import embwidget as ew
from embwidget import datasets, measures, tasks
from embwidget.work import bar as _bar
from embwidget.work import progress as _progress

N = 80
X = np.random.default_rng(0).normal(size=(N, 5))
Y = X + np.random.default_rng(1).normal(size=X.shape)
LABELS = ["a", "b"] * (N // 2)
WORDS = [*"abcdefgh"]
QUESTIONS = [["a", "b", "c", "d"], ["e", "f", "g", "h"]]
ROOMS = ("", ".alignment", ".contrasim", ".datasets", ".measures", ".neighbors", ".retrieval", ".spectral", ".tasks")
OF_NEIGHBORS = ("nngs", "mutual_knn", "r_nx", "cknna", "rank_similarity", "second_order_cosine")
# Those whose further arguments are options, or parameters of something else, of which progress is none.
WITHOUT = {"paper", "layers", "set_params", "row"}
WRONG = ["yes", 1, 0, 0.5, [], {}, "False", b"", (True,)]


@pytest.fixture(scope="module")
def glove(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("words") / "v.txt"
    path.write_text("the 0.1 0.2\nof 0.3 0.4\n")
    return path


def nearness(x: Any, y: Any) -> Any:
    return -np.linalg.norm(np.asarray(x)[:, None] - np.asarray(y)[None], axis=2)


SPACES = {"a0": X, "a1": X**2, "b0": Y, "b1": Y**2}
GROUPS = {name: (name[0], int(name[1])) for name in SPACES}
CALLS: dict[str, Callable[..., Any]] = {
    "align": lambda **how: ew.align(X, Y, k=5, steps=2, **how),
    "audit": lambda **how: ew.audit(X, Y, k=5, max_k=6, bridges=[], **how),
    "compare": lambda **how: ew.compare(X, Y, k=5, max_k=6, measures=["cka"], **how),
    "compare_layers": lambda **how: ew.compare_layers({"a": X}, {"b": Y}, measures=["cka"], **how),
    "compare_many": lambda **how: ew.compare_many({"a": X, "b": Y}, measure="cka", **how),
    "compare_retrieval": lambda **how: ew.compare_retrieval(X, Y, queries=(X[:9], Y[:9]), max_k=6, **how),
    "difference": lambda **how: ew.difference(X, Y, X + Y, k=5, **how),
    "thresholds": lambda **how: ew.thresholds(X, Y, at=0.5, listed=2, **how),
    "spec": lambda **how: ew.spec(X, Y, n_components=2, **how),
    "spec_path": lambda **how: ew.spec_path(X, Y, etas=[1.0], n_components=2, **how),
    "bandwidth_sweep": lambda **how: ew.bandwidth_sweep(X, Y, factors=[0.5, 1.0], n_components=2, **how),
    "knn": lambda **how: ew.knn(X, 3, **how),
    "ContraSim.fit": lambda **how: ew.ContraSim(max_steps=2).fit(X, Y, **how),
    "ContraSim.cross_fit": lambda **how: ew.ContraSim.cross_fit(X, Y, folds=3, max_steps=2, **how),
    "RidgeCCA.fit": lambda **how: ew.RidgeCCA().fit(X, Y, **how),
    "RidgeCCA.cross_fit": lambda **how: ew.RidgeCCA.cross_fit(X, Y, folds=3, **how),
    "analogy_accuracy": lambda **how: tasks.analogy_accuracy(X[:8], WORDS, QUESTIONS, **how),
    "example_retrieval": lambda **how: tasks.example_retrieval(X, Y, {"near": nearness}, k=(1,), **how),
    "layer_prediction": lambda **how: tasks.layer_prediction(SPACES, GROUPS, "cka", **how),
    "retrieval_accuracy": lambda **how: tasks.retrieval_accuracy(X, Y, **how),
    "set_retrieval": lambda **how: tasks.set_retrieval(X[:30], Y[:30], "cka", sizes=(6,), repeats=2, **how),
    "zero_shot_accuracy": lambda **how: tasks.zero_shot_accuracy(X, X[:2], LABELS, classes=["a", "b"], **how),
    "auc_ln_k": lambda **how: measures.auc_ln_k(X, Y, **how),
    **{name: lambda _name=name, **how: getattr(measures, _name)(X, Y, k=5, **how) for name in OF_NEIGHBORS},
}


@pytest.fixture
def call(request: pytest.FixtureRequest, glove: Path) -> Callable[..., Any]:
    return CALLS.get(request.param, lambda **how: datasets.read_glove(glove, **how))


every_call = pytest.mark.parametrize("call", [*CALLS, "read_glove"], indirect=True)


def test_every_public_signature_is_in_the_table() -> None:
    found = set()
    for room in ROOMS:
        module = importlib.import_module(f"embwidget{room}")
        for name in module.__all__:
            value = getattr(module, name)
            if not getattr(value, "__module__", "").startswith("embwidget."):
                continue
            inside = {f"{name}.{one}": getattr(value, one) for one in vars(value)} if inspect.isclass(value) else {}
            for called, one in ({} if name.startswith("_") else inside or {name: value}).items():
                known = (inspect.isfunction(one) or inspect.ismethod(one)) and "._" not in called
                taken = inspect.signature(one).parameters if known else {}
                if "progress" in taken or any(p.kind == p.VAR_KEYWORD for p in taken.values()):
                    found.add(called)
    inherited = {f"{kind}.{name}" for kind in ("ContraSim", "RidgeCCA") for name in ("fit", "cross_fit")}
    assert {one for one in found | inherited if one.split(".")[-1] not in WITHOUT} == {*CALLS, "read_glove"}


@every_call
def test_nothing_is_shown_with_false_and_none(call: Callable[..., Any], capfd: pytest.CaptureFixture[str]) -> None:
    for nothing in (False, None):
        call(progress=nothing)
    assert capfd.readouterr() == ("", "")


@every_call
def test_true_is_a_bar(call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []

    class Bar(tqdm.auto.tqdm):
        def __init__(self, *args: Any, **how: Any) -> None:
            made.append(self)
            super().__init__(*args, **how)

    monkeypatch.setattr(tqdm.auto, "tqdm", Bar)
    call(progress=True)
    assert made and all(bar.disable or bar.n <= bar.total for bar in made)


@every_call
def test_a_function_is_told_the_share_and_the_work(call: Callable[..., Any]) -> None:
    told: list[tuple[float, str]] = []
    call(progress=lambda done, what: told.append((done, what)))
    assert told and all(isinstance(what, str) and what and 0 <= done <= 1 for done, what in told)
    shares = [done for done, _ in told]
    assert shares == sorted(shares) and shares[-1] == 1


@every_call
def test_what_a_function_raises_stops_the_work(call: Callable[..., Any]) -> None:
    def stop(done: float, what: str) -> None:
        raise KeyboardInterrupt(what)

    with pytest.raises(KeyboardInterrupt):
        call(progress=stop)


@every_call
def test_anything_else_is_refused(call: Callable[..., Any]) -> None:
    for wrong in WRONG:
        with pytest.raises(ValueError, match=r"expected progress to be True, False, None or a function of .* but got"):
            call(progress=wrong)


def test_it_is_refused_before_a_live_fit_starts_and_before_a_fit_is_forgotten() -> None:
    with pytest.raises(ValueError, match="expected progress"):
        ew.align(X, Y, k=5, steps=2, live=True, progress="yes")
    model = ew.RidgeCCA().fit(X, Y, progress=False)
    with pytest.raises(ValueError, match="expected progress"):
        model.fit(Y, X, progress="yes")
    assert model.names_ == ("x", "y")
    model = ew.ContraSim(max_steps=2).fit(X, Y, progress=False)
    with pytest.raises(ValueError, match="expected progress"):
        model.fit(X, Y, live=True, progress="yes")
    assert model.n_fit_ == N


def test_a_function_is_told_the_end_once() -> None:
    told: list[tuple[float, str]] = []
    with _progress.progress_bar(lambda done, what: told.append((done, what))) as report:
        report(0.5, "half")
    with _progress.progress_bar(lambda done, what: told.append((done, what))) as report:
        report(1.0, "whole")
    assert told == [(0.5, "half"), (1.0, "half"), (1.0, "whole")]


@pytest.mark.parametrize("ends", ["done", "early", "failed", "stopped"])
def test_a_bar_in_a_notebook_leaves_nothing_however_it_ends(ends: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    made: list[Any] = []

    class Bar(tqdm.notebook.tqdm):
        def __init__(self, *args: Any, **how: Any) -> None:
            made.append(self)
            super().__init__(*args, **how)

    class Place:
        def update(self, data: Any, raw: bool) -> None:
            told.append((data, raw))

    monkeypatch.setattr(tqdm.auto, "tqdm", Bar)
    monkeypatch.setattr(_bar, "_DELAY", 0.0001)
    monkeypatch.setattr(IPython.display, "display", lambda one, display_id: told.append(one) or Place())
    monkeypatch.setattr(tqdm.notebook, "display", lambda one: told.append("by itself"))
    errors = {"failed": ValueError("no"), "stopped": KeyboardInterrupt()}
    with contextlib.suppress(*map(type, errors.values())), _progress.progress_bar(True) as report:
        report(0.1, "some")
        time.sleep(0.01)
        report(0.86, "more")
        if ends in errors:
            raise errors[ends]
        report(1.0 if ends == "done" else 0.9, "last")
    assert told == [made[0].container, ({"text/html": ""}, True)]
    assert made[0].container.children[1].bar_style != "danger"
    assert made[0].container.comm is None


def test_a_bar_of_short_work_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(tqdm.auto, "tqdm", tqdm.notebook.tqdm)
    monkeypatch.setattr(IPython.display, "display", lambda *one, **_: told.append(one))
    monkeypatch.setattr(tqdm.notebook, "display", lambda one: told.append(one))
    with _progress.progress_bar(True) as report:
        report(0.5, "half")
    assert told == []
