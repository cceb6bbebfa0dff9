"""Threads take turns with numba; a process forked meanwhile does not wait for a thread that it has not."""

import os
import signal
import threading

from embwidget.work.turns import numba_turn

SECONDS = 30


def test_one_thread_at_a_time_and_the_same_one_again() -> None:
    inside, log = threading.Event(), []

    def other() -> None:
        with numba_turn():
            log.append("other")

    with numba_turn(), numba_turn():
        thread = threading.Thread(target=other)
        thread.start()
        inside.wait(0.1)
        log.append("first")
    thread.join(SECONDS)
    assert log == ["first", "other"]


def test_a_forked_process_has_its_own_turn() -> None:
    has, go = threading.Event(), threading.Event()

    def hold() -> None:
        with numba_turn():
            has.set()
            go.wait(SECONDS)

    thread = threading.Thread(target=hold)
    thread.start()
    assert has.wait(SECONDS)
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)  # rather than wait for ever
        with numba_turn():
            os._exit(7)
    go.set()
    thread.join(SECONDS)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
