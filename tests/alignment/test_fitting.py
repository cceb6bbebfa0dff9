"""A fit in a thread: watched, stopped, waited for, and failing."""

import contextlib
import subprocess
import sys
import threading
import time
from itertools import pairwise

import numpy as np
import pytest
import torch

import embwidget as ew
from embwidget import Fitting
from embwidget.alignment import job
from embwidget.alignment.held import held_out
from embwidget.maps.closed_form import rotation_map
from embwidget.work.background import StoppedError
from embwidget.work.history import Course

RNG = np.random.default_rng(0)
Y = RNG.normal(size=(300, 12))
Y[:60, 3] += 6
X = Y * np.where(np.arange(12) == 3, 0.15, 1.0)


def test_as_the_blocking_form() -> None:
    live = ew.align(X, Y, steps=30, live=True)
    found = live.result(60)
    assert live.status == "done" and live.done and live.step == 30 and live.seconds_left == 0
    np.testing.assert_array_equal(found.transform(X), ew.align(X, Y, steps=30, progress=False).transform(X))
    assert repr(live) == "Fitting(X → Y, done, step 30 of 30)"


def test_stopped_on_the_way() -> None:
    seen = []
    live = ew.align(X, Y, steps=100_000, live=True)
    live.watch(lambda one: seen.append((one.status, one.step, one.seconds_left, threading.get_ident())))
    deadline = time.monotonic() + 60
    while (live.step < 12 or not any(one[2] > 0 for one in seen)) and time.monotonic() < deadline:
        time.sleep(0.005)
    live.stop()
    live.stop()
    found = live.result(60)
    assert live.status == found.stopped == "stopped" and 12 <= len(found.history.step) < 100_000
    assert found.history.validation[found.history.check_step == found.history.best_step] <= found.history.validation[0]
    assert found.after.spec_diff < found.before.spec_diff
    assert "The fit was stopped" in found.sentence
    assert [one[0] for one in seen if one[0] not in ("fitting", "scoring")] == ["stopped"]
    assert seen[-1][0] == "stopped" and all(a[1] <= b[1] for a, b in pairwise(seen))
    assert threading.get_ident() not in {one[3] for one in seen}
    assert any(one[0] == "fitting" and 0 < one[2] < np.inf for one in seen)


def test_stopped_before_the_first_step() -> None:
    live = ew.align(X, Y, live=True)  # it scores X first
    live.stop()
    found = live.result(60)
    assert found.stopped == "stopped" and not len(found.history.step) and found.history.best_step == 0
    np.testing.assert_allclose(found.transform(X), X, atol=1e-12)
    assert "before its first step: the map is the identity" in found.sentence
    assert found.after.spec_diff == pytest.approx(found.before.spec_diff)


def test_errors_of_the_work_are_raised_where_it_is_waited_for() -> None:
    def work(course: Course) -> ew.Alignment:
        raise MemoryError("too large")

    live = Fitting(work, ("a", "b"), 5)
    with pytest.raises(MemoryError, match="too large"):
        live.result(10)
    assert live.status == "failed" and isinstance(live.error, MemoryError)
    called = []
    live.watch(lambda one: called.append(one.status))
    assert called == ["failed"]


def test_who_watches_cannot_break_it() -> None:
    def bad(one: Fitting) -> None:
        raise RuntimeError("gone")

    live = ew.align(X, Y, steps=20, live=True)
    live.watch(bad)
    assert live.result(60).stopped == "finished"
    with pytest.raises(TypeError, match="expected a function"):
        live.watch("me")


def test_waiting_has_an_end() -> None:
    live = ew.align(X, Y, steps=100_000, live=True)
    with pytest.raises(TimeoutError, match=r"expected the fit to be over in 0.01 s but it is fitting"):
        live.result(0.01)
    live.stop()
    live.result(60)


def test_interrupting_the_blocking_form_leaves_nothing(monkeypatch) -> None:
    before = torch.get_rng_state()

    def interrupt(course: Course, share: float, what: str) -> None:
        if "step 3 " in what:
            raise KeyboardInterrupt

    monkeypatch.setattr(Course, "report", interrupt)
    with pytest.raises(KeyboardInterrupt):
        ew.align(X, Y, progress=False)
    monkeypatch.undo()
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.is_grad_enabled() and torch.get_float32_matmul_precision() == "highest"


def test_an_interpreter_that_ends_does_not_abort() -> None:
    script = (
        "import numpy as np, embwidget as ew\n"
        "X, Y = np.random.default_rng(0).normal(size=(2, 400, 16))\n"
        "ew.align(X, Y, steps=100_000, keep=0.1, live=True)\n"
        "import time; time.sleep(0.5); print('end')\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "end\n", "")


@pytest.mark.parametrize("method", ["spec", "ridge"])
def test_its_first_phase_is_named_before_any_work(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    go = threading.Event()

    def held(*given: object) -> object:
        go.wait(60)
        return held_out(*given)

    monkeypatch.setattr(job, "held_out", held)
    begun = time.monotonic()
    live = ew.align(X, Y, method=method, live=True)
    first = (live.what, live.status, live.seconds)
    live.stop()
    assert time.monotonic() - begun < 1
    assert first[:2] == ("preparing the held-out rows", "fitting") and 0 <= first[2] < 1
    go.set()
    with contextlib.suppress(StoppedError):
        live.result(60)
    over = live.seconds
    assert over > first[2] and live.seconds == over


@pytest.mark.parametrize("method", ["procrustes", "ridge", "cca"])
def test_a_closed_form_that_is_stopped_before_its_map_says_that_there_is_nothing(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    monkeypatch.setattr(job, "held_out", lambda *given: (go.wait(60), held_out(*given))[1])
    live = ew.align(X, Y, method=method, live=True)
    live.stop()
    go.set()
    with pytest.raises(StoppedError, match="before its map was there, so there is nothing to keep"):
        live.result(60)
    assert live.status == "failed"


def test_stopped_once_its_map_is_there_a_closed_form_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    ready = threading.Event()
    monkeypatch.setattr(job, "rotation_map", lambda *given: (ready.wait(60), live.stop(), rotation_map(*given))[2])
    live = ew.align(X, Y, method="procrustes", live=True)
    ready.set()
    assert live.result(60).after.spec_diff > 0 and live.status == "done"
