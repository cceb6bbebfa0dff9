"""Work on blocks as tasks of a dask graph, reduced in a tree where the blocks are, gathered as results come."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import torch

from embwidget.arrays.blocks import full_precision
from embwidget.work.progress import Progress

FAN = 8
"""Results that are merged into one: early, so that a lost worker takes little with it."""
_MOST_ROOTS = 64
"""Merged results that are gathered one by one."""
_MERGED_BYTES, _ROOT_BYTES = 128 << 20, 512 << 20
"""What results that are merged into one, or gathered one by one, may take together."""

Result = TypeVar("Result")


def task(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as a delayed one: called with delayed blocks it makes a task."""
    import dask

    return dask.delayed(function, pure=False)


def literal(value: Any) -> Any:
    """A value as one node of the graph, however many tasks take it."""
    import dask

    return dask.delayed(value, pure=False, traverse=False)


@contextlib.contextmanager
def inside_a_task() -> Iterator[None]:
    """What a task computes in: float32 products in float32, and one thread, for a worker runs a task a thread.

    The nanny of a worker limits OpenMP and MKL but knows nothing of torch's own threads.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with full_precision():
            yield
    finally:
        torch.set_num_threads(threads)


def merged(
    parts: Sequence[Any],
    merge: Callable[[list[Result]], Result],
    progress: Progress | None = None,
    what: str = "",
    *,
    size: int = 0,
) -> Result:
    """Run delayed ``parts`` and merge their results: eight and eight in tasks, then here, in the order of the parts.

    Of results that take many bytes, their ``size``, fewer are merged at a time.

    ``merge`` is associative. It gets neighbours in the order that they were given in whatever order they come, so that
    sums have the same last digits every time. They run on the cluster of the current `distributed.Client`, else on
    dask's own scheduler.
    """
    roots, gather = list(parts), task(_merged)
    fan, most = (
        max(2, min(one, room // max(1, size))) for one, room in ((FAN, _MERGED_BYTES), (_MOST_ROOTS, _ROOT_BYTES))
    )
    while len(roots) > fan:
        roots = [gather(merge, roots[i : i + fan]) for i in range(0, len(roots), fan)]
        if len(roots) <= most:
            break
    total: list[Result] = []
    for _, one in ordered(results(roots, progress, what)):
        total = [merge([*total, one])]
    return total[0]


def ordered(found: Iterator[tuple[int, Result]]) -> Iterator[tuple[int, Result]]:
    """Numbers and results in the order of the numbers, each as soon as those before it are there."""
    waiting: dict[int, Result] = {}
    following = 0
    for place, one in found:
        waiting[place] = one
        while following in waiting:
            yield following, waiting.pop(following)
            following += 1


def results(roots: Sequence[Any], progress: Progress | None = None, what: str = "") -> Iterator[tuple[int, Any]]:
    """Numbers and results of delayed values, in the order in which they are done."""
    client = _client()
    if client is None:
        yield from enumerate(_computed_here(roots, progress, what))
        return
    from distributed import as_completed

    futures = client.compute(list(roots))
    place = {future.key: i for i, future in enumerate(futures)}
    try:
        for done, (future, found) in enumerate(as_completed(futures, with_results=True), 1):
            yield place[future.key], found
            # What has come need not stay there.
            future.release()
            if progress:
                progress(done / len(roots), what)
    finally:
        # Whatever stops the work here stops it there.
        for future in futures:
            future.release()


def _computed_here(roots: Sequence[Any], progress: Progress | None, what: str) -> Sequence[Any]:
    """All of them at once, by a scheduler of this process: what they share is computed once."""
    import dask
    from dask.callbacks import Callback

    def tell(key: Any, value: Any, graph: Any, state: Any, worker: Any) -> None:
        if progress:
            progress(len(state["finished"]) / len(graph), what)

    threads = torch.get_num_threads()
    try:
        with Callback(posttask=tell):
            return dask.compute(*roots)
    finally:
        # Threads that took one thread each leave it to those that start after them.
        torch.set_num_threads(threads)


def _client() -> Any:
    """The client that dask would compute with here, if it is one of a cluster."""
    import dask

    owner = getattr(dask.base.get_scheduler(), "__self__", None)
    return owner if type(owner).__module__.split(".")[0] == "distributed" else None


def _merged(merge: Callable[[list[Result]], Result], parts: list[Result]) -> Result:
    with inside_a_task():
        return merge(parts)
