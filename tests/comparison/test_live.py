"""A comparison in a thread: what it is, in which order it comes, how it is stopped, and what goes wrong."""

import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import embwidget as ew
from embwidget.comparison import job
from embwidget.comparison.leading import PANEL
from embwidget.work.background import StoppedError

SECONDS = 60
MEASURES = ["cka", "nngs", "r_nx"]


def related(n: int = 120) -> tuple[np.ndarray, np.ndarray]:
    X = np.random.default_rng(0).normal(size=(n, 8))
    return X, X[:, :6] + 0.4 * np.random.default_rng(1).normal(size=(n, 6))


class Gate:
    """A measure of one's own that goes on when the test says so."""

    def __init__(self, value: Any = 0.5) -> None:
        self.value, self.begun, self.go = value, threading.Event(), threading.Event()
        self.__name__ = "slow"

    def __call__(self, X: np.ndarray, Y: np.ndarray) -> Any:
        self.begun.set()
        assert self.go.wait(SECONDS)
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


def packed(found: ew.Comparison) -> tuple[str, dict[str, bytes]]:
    header, arrays = found._packed()
    return repr(header), {name: np.asarray(array).tobytes() for name, array in arrays.items()}


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"metric": "euclidean", "measures": ["cka", lambda x, y: 3, "ridge_cca", lambda x, y: 4, "nngs"]},
        {"measures": [], "budget": 0, "k": 3, "max_k": 9},
    ],
    ids=["all", "own", "none"],
)
def test_it_is_the_blocking_one_to_the_bit(how: dict[str, Any]) -> None:
    X, Y = related()
    X[:9], Y[:9] = 1, 2  # ties
    live = ew.compare(X, Y, live=True, **how)
    found = live.result(SECONDS)
    assert packed(found) == packed(ew.compare(X, Y, progress=False, **how))
    assert live.so_far is found and live.status == "done" and live.seconds_left == 0
    assert (live.step, live.share) == (live.steps, 1)
    assert live.steps == 3 + len(how.get("measures", PANEL))


def test_maps_come_before_measures_and_each_measure_is_told_at_once() -> None:
    seen: list[tuple[str, int, str, list[str], Any]] = []

    def watch(one: ew.Fitting) -> None:
        there = None if one.so_far is None else [*one.so_far.scores]
        seen.append((one.status, one.step, one.what, there, one.seconds_left))

    slow = Gate()
    X, Y = related()
    live = ew.compare(X, Y, measures=[slow, *MEASURES], live=True)
    live.watch(watch)
    assert slow.begun.wait(SECONDS)
    # Those over neighbours are there, and were told of before the one that takes long.
    assert seen[-1][:4] == ("scoring", 5, "measure slow", ["nngs", "r_nx"])
    assert np.isnan(seen[-1][4]) and live.so_far.maps[0].shape == (120, 2) and live.so_far.sentence
    assert not any("Left out" in note for note in live.so_far.warnings)
    slow.go.set()
    found = live.result(SECONDS)
    live._thread.join(SECONDS)
    assert [*found.scores] == ["slow", "cka", "nngs", "r_nx"] and found.scores["slow"].value == 0.5
    filled = [one[3] for one in seen if one[3] is not None]
    assert filled == sorted(filled, key=len) and {len(one) for one in filled} >= {2, 3, 4}
    assert seen[-1][0] == "done" and [one[1] for one in seen] == sorted(one[1] for one in seen)


def test_stopped_at_a_measure_what_is_there_is_the_result() -> None:
    slow = Gate()
    X, Y = related()
    live = ew.compare(X, Y, measures=[slow, *MEASURES], live=True)
    assert slow.begun.wait(SECONDS)
    live.stop()
    live.stop()
    slow.go.set()
    found = live.result(SECONDS)
    assert live.status == "stopped" and [*found.scores] == ["slow", "nngs", "r_nx"]
    assert found.warnings[-1] == "Left out: cka (stopped)."
    whole = ew.compare(X, Y, measures=[lambda x, y: 0.5, *MEASURES], progress=False)
    assert [row for row in whole.rows if row["measure"] == "r_nx"] == [
        row for row in found.rows if row["measure"] == "r_nx"
    ]


def test_stopped_before_the_neighbours_are_there_it_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go = threading.Event(), threading.Event()
    search = job.search_both

    def held(*args: Any, progress: Callable[[float, str], None], **how: Any) -> Any:
        begun.set()
        assert go.wait(SECONDS)
        return search(*args, progress=progress, **how)

    monkeypatch.setattr(job, "search_both", held)
    live = ew.compare(*related(), live=True)
    assert begun.wait(SECONDS) and live.so_far is None and live.what == "neighbours"
    live.stop()
    go.set()
    with pytest.raises(StoppedError, match="before its neighbours were there"):
        live.result(SECONDS)
    assert live.status == "failed" and live.so_far is None


def test_stopped_while_neighbours_are_drawn_the_plain_maps_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn(*args: Any, progress: Callable[[float, str], None], **how: Any) -> Any:
        live.stop()
        progress(0.5, "map of Y's neighbours")

    monkeypatch.setattr(job, "neighbor_maps", drawn)
    ready = threading.Event()
    monkeypatch.setattr(job, "principal_maps", wait_for(ready, job.principal_maps))
    live = ew.compare(*related(), maps="umap", measures=["cka"], live=True)
    ready.set()
    found = live.result(SECONDS)
    assert [one.method for one in found.drawn] == ["pca"] and found.scores == {}
    assert found.warnings[-1] == "Left out: maps of neighbours, cka (stopped)." and live.status == "stopped"


def wait_for(ready: threading.Event, then: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args, **how: (ready.wait(SECONDS), then(*args, **how))[1]


def test_what_a_measure_raises_is_raised_and_the_rest_is_still_there() -> None:
    slow = Gate(RuntimeError("expected something else"))
    live = ew.compare(*related(), measures=["nngs", slow], live=True)
    slow.go.set()
    with pytest.raises(RuntimeError, match="expected something else"):
        live.result(SECONDS)
    assert live.status == "failed" and [*live.so_far.scores] == ["nngs"]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"X": np.eye(120) * (np.arange(120) != 7)}, "1 zero rows in X"),
        ({"metric": "dot", "method": "pynndescent"}, "but got 'dot'"),
        ({"device": "abacus"}, "but got 'abacus'"),
        ({"measures": ["nngz"]}, "did you mean"),
        ({"progress": "yes"}, "expected progress to be True"),
        ({"maps": "pcs"}, "expected maps"),
    ],
    ids=["zeros", "method", "device", "measures", "progress", "maps"],
)
def test_what_cannot_be_is_said_by_the_call(how: dict[str, Any], said: str) -> None:
    X, Y = related()
    before = threading.active_count()
    with pytest.raises(ValueError, match=said):
        ew.compare(how.pop("X", X), Y, **how, live=True)
    assert threading.active_count() == before


def test_two_at_once_are_as_one_after_the_other_and_leave_no_thread() -> None:
    X, Y = related()
    both = [ew.compare(X, Y, live=True), ew.compare(Y, X, live=True)]
    for live, spaces in zip(both, [(X, Y), (Y, X)], strict=True):
        assert packed(live.result(SECONDS)) == packed(ew.compare(*spaces, progress=False))
        live._thread.join(SECONDS)
        assert not live._thread.is_alive()


def test_an_interpreter_that_ends_right_after_it_does_not_abort() -> None:
    # The thread still lets go of its tensors then.
    script = (
        "import numpy as np, embwidget as ew\n"
        "X, Y = np.random.default_rng(0).normal(size=(2, 300, 9))\n"
        "print(ew.compare(X, Y, measures=['nngs'], live=True).result(60).n)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "300\n", "")


def test_it_says_what_it_is_and_how_far() -> None:
    slow = Gate()
    live = ew.compare(*related(), names=("old", "new"), measures=[slow], live=True)
    assert slow.begun.wait(SECONDS)
    assert repr(live) == "Fitting(old and new, scoring, step 3 of 4)"
    with pytest.raises(TimeoutError, match=r"the comparison to be over in 0.01 s but it is scoring \(measure slow\)"):
        live.result(0.01)
    slow.go.set()
    live.result(SECONDS)
