"""Full precision is one setting for all threads: up while any computes, and afterwards what the user has set."""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

import embwidget as ew
from embwidget.arrays import full_precision

X = np.random.default_rng(0).normal(size=(120, 8)).astype(np.float32)
Y = (X + np.random.default_rng(1).normal(size=X.shape)).astype(np.float32)
get, put = torch.get_float32_matmul_precision, torch.set_float32_matmul_precision


@pytest.fixture(autouse=True)
def medium() -> Iterator[None]:
    put("medium")
    yield
    put("highest")


def test_it_is_up_from_the_first_to_the_last_whatever_their_order() -> None:
    def work(mine: threading.Event, others: threading.Event) -> str:
        with full_precision():
            mine.set()
            others.wait(10)
        return get()

    first, second, over = threading.Event(), threading.Event(), threading.Event()
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(work, first, second)
        first.wait(10)
        other = pool.submit(work, second, over)
        assert one.result(10) == "highest"
        over.set()
        assert other.result(10) == "medium"
    assert get() == "medium"


def test_nested_and_failing() -> None:
    with full_precision():
        with pytest.raises(RuntimeError), full_precision():
            raise RuntimeError
        with full_precision(), full_precision():
            pass
        assert get() == "highest"
    assert get() == "medium"


def test_four_threads_in_and_out_at_random_never_see_less() -> None:
    seen: set[str] = set()

    def work(seed: int) -> None:
        random = np.random.default_rng(seed)
        for _ in range(300):
            with contextlib.suppress(ValueError), full_precision():
                seen.add(get())
                if random.random() < 0.3:
                    raise ValueError
                with full_precision():
                    pass
                seen.add(get())

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))
    finally:
        sys.setswitchinterval(interval)
    assert seen == {"highest"} and get() == "medium"


def test_what_is_set_meanwhile_stays() -> None:
    with full_precision():
        put("high")
        with full_precision():
            assert get() == "highest"
        assert get() == "highest"
    assert get() == "high"
    with full_precision():
        put("medium")
    assert get() == "medium"


def test_what_is_set_for_one_backend_by_torchs_newer_names() -> None:
    put("highest")
    torch.backends.mkldnn.matmul.fp32_precision = "bf16"
    with full_precision():
        assert torch.backends.mkldnn.matmul.fp32_precision == torch.backends.cuda.matmul.fp32_precision == "ieee"
    assert torch.backends.mkldnn.matmul.fp32_precision == "bf16"
    assert torch.backends.cuda.matmul.fp32_precision == "ieee"


def test_four_threads_compare_as_one_does_and_leave_the_setting() -> None:
    def found(seed: int) -> np.ndarray:
        return ew.compare(X, Y, k=5, max_k=10, measures=["cka"], random_state=seed, progress=False).counts

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(found, range(8)))
    assert get() == "medium"
    assert all(np.array_equal(one, found(0)) for one in together)


def test_a_live_fit_beside_others_leaves_the_setting_and_takes_a_new_one() -> None:
    fitting = ew.ContraSim(max_steps=100_000).fit(X, Y, live=True)
    ew.measures.nngs(X, Y, 5)
    put("high")
    ew.measures.nngs(X, Y, 5)
    assert not fitting.done
    fitting.stop()
    fitting.result(60)
    assert get() == "high"


FORK = """
import os, sys, threading, numpy as np, torch, embwidget as ew
from embwidget.arrays import full_precision
X = np.random.default_rng(0).normal(size=(60, 5)).astype(np.float32)
torch.set_float32_matmul_precision("medium")
first = ew.compare(X, X[:, :3], k=5, progress=False)
inside, leave = threading.Event(), threading.Event()
def beside():
    with full_precision():
        inside.set(); leave.wait()
threading.Thread(target=beside).start()
inside.wait()
{before}
child = os.fork()
if child == 0:
    assert torch.get_float32_matmul_precision() == "{within}", torch.get_float32_matmul_precision()
    {after}
    assert torch.get_float32_matmul_precision() == "medium", torch.get_float32_matmul_precision()
    again = ew.compare(X, X[:, :3], k=5, progress=False)
    assert np.array_equal(again.counts, first.counts) and torch.get_float32_matmul_precision() == "medium"
    os._exit(0)
leave.set()
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
{after}
sys.exit(status)
"""
WITHIN = ("held = full_precision(); held.__enter__()", "held.__exit__(None, None, None)", "highest")


@pytest.mark.parametrize(("before", "after", "within"), [("pass", "pass", "medium"), WITHIN])
def test_a_fork_has_the_setting_and_can_compare(before: str, after: str, within: str) -> None:
    script = FORK.format(before=before, after=after, within=within)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of forks beside threads, which is what is tried
def test_forks_while_others_enter_do_not_hang() -> None:
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            with full_precision():
                pass

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(20):
            child = os.fork()
            if child == 0:
                with full_precision():
                    os._exit(0 if get() == "highest" else 1)
            assert os.waitpid(child, 0)[1] == 0
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert get() == "medium"
