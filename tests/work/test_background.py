"""Work in a thread of its own: its result, its progress, its end."""

import threading

import pytest

from embwidget.work.background import Background, StoppedError

SECONDS = 30


def test_what_comes_of_it_is_handed_on_once_from_its_own_thread() -> None:
    ends: list[tuple[object, object, str]] = []

    def ended(work: Background) -> None:
        ends.append((work.result, work.error, threading.current_thread().name))

    told: list[tuple[float, str]] = []
    work = Background(lambda report: report(0.5, "half") or 7, lambda *said: told.append(said), ended)
    assert work.wait(SECONDS) and work.done
    assert (ends, told) == ([(7, None, "embwidget background")], [(0.5, "half")])


def test_progress_is_told_ten_times_a_second_at_most() -> None:
    told: list[float] = []
    work = Background(
        lambda report: [report(i / 1000, "") for i in range(1000)], lambda d, _: told.append(d), lambda _: None
    )
    assert work.wait(SECONDS)
    assert told[0] == 0 and len(told) < 20


def test_it_ends_where_it_next_reports() -> None:
    begun, free = threading.Event(), threading.Event()

    def work(report: object) -> None:
        report(0.0, "on")  # type: ignore[operator]
        begun.set()
        free.wait(SECONDS)
        report(0.5, "further")  # type: ignore[operator]
        pytest.fail("expected it to end before")

    told: list[str] = []
    running = Background(work, lambda _, what: told.append(what), lambda _: None)
    assert begun.wait(SECONDS) and not running.wait(0)
    running.stop()
    free.set()
    assert running.wait(SECONDS)
    assert isinstance(running.error, StoppedError) and told == ["on"]


def test_what_it_raises_is_its_error() -> None:
    work = Background(lambda _: 1 / 0, lambda *_: None, lambda _: None)
    assert work.wait(SECONDS) and isinstance(work.error, ZeroDivisionError) and work.result is None
