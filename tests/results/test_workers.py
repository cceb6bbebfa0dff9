"""Workers of other processes: what they find and what they raise comes back, and a fork goes on."""

import multiprocessing
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest
from every_result import same
from worker_tasks import ERRORS, compared, failing

FORKED = """
import faulthandler, multiprocessing, os, numpy as np, torch, embwidget as ew
from concurrent.futures import ProcessPoolExecutor
X = np.random.default_rng(0).normal(size=(200, 16)).astype(np.float32)
def found(seed):
    return ew.compare(X, X[:, :6], k=5, max_k=10, random_state=seed, progress=False)
def all_of_it():
    return ew.spec(X, X[:, :6], n_components=2, progress=False).sentence
first, words = found(0), all_of_it()
assert torch.get_num_threads() == 2
fitting = ew.Fitting(lambda course: course.stopping.wait(), ("X", "Y"), 1)
child = os.fork()
if not child:
    faulthandler.dump_traceback_later(100, exit=True)
    assert np.array_equal(found(0).counts, first.counts) and all_of_it() == words
    try:
        fitting.result()
    except RuntimeError as error:
        assert "expected the process in which the fit runs" in str(error)
        os._exit(0 if fitting.done and fitting.status == "failed" else 1)
assert os.waitpid(child, 0)[1] == 0 and not fitting.done
fitting.stop()
fitting.result()
with ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as pool:
    assert all(np.array_equal(one.counts, found(seed).counts) for seed, one in enumerate(pool.map(found, range(3))))
assert torch.get_num_threads() == 2
"""
AFTER_NUMBA = """
import numba, os, numpy as np, embwidget as ew
X = np.random.default_rng(0).normal(size=(200, 4)).astype(np.float32)
@numba.njit(parallel=True)
def total(rows):
    found = 0.0
    for i in numba.prange(len(rows)):
        found += rows[i, 0]
    return found
total(X)
child = os.fork()
if not child:
    exact = ew.knn(X, 3, method="exact")
    try:
        ew.knn(X, 3, method="pynndescent")
    except RuntimeError as error:
        os._exit(0 if "method='exact'" in str(error) else 2)
    os._exit(0 if numba.threading_layer() != "omp" else 3)
assert os.waitpid(child, 0)[1] == 0
"""


@pytest.fixture(scope="module")
def workers() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        yield pool


def test_what_workers_find_is_what_is_found_here(workers: ProcessPoolExecutor) -> None:
    for seed, one in enumerate(workers.map(compared, range(3))):
        assert same(one, compared(seed))


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_comes_back_as_it_was_raised(name: str, workers: ProcessPoolExecutor) -> None:
    with pytest.raises(Exception) as here:
        failing(name)
    with pytest.raises(type(here.value)) as there:
        workers.submit(failing, name).result(120)
    assert type(there.value) is type(here.value)
    if name != "too large":  # its file has a name of its own
        assert str(there.value) == str(here.value)
    again = pickle.loads(pickle.dumps(here.value))
    assert str(again) == str(here.value)
    assert workers.submit(os.getpid).result() != os.getpid()


@pytest.mark.parametrize("script", [FORKED, AFTER_NUMBA], ids=["threads of torch", "threads of numba"])
def test_a_fork_goes_on(script: str) -> None:
    environment = os.environ | {"OMP_NUM_THREADS": "2", "NUMBA_NUM_THREADS": "2", "OMP_WAIT_POLICY": "PASSIVE"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        start_new_session=True,
    )
    assert done.returncode == 0, done.stderr
