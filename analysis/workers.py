"""Work in as many processes as there are cores, in the order it was asked for: more cores change nothing but the time.

Only where each process keeps to one thread (`python -m analysis` pins that): a forked child of a process that has used
several OpenMP threads waits for them for ever, and two threads per core took ten times as long.
"""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

_MOST = 4
"""Processes share the views but not their results; beyond this the memory grows faster than the time falls."""

_AHEAD = 4
"""Tasks begun or done per process before the first of them is used."""

_work: Callable[[Any], Any] | None = None


def processes() -> int:
    """How many processes may work: 1 unless threads are pinned and the system can fork."""
    pinned = os.environ.get("OMP_NUM_THREADS") == "1" and os.environ.get("OPENBLAS_NUM_THREADS") == "1"
    if not pinned or "fork" not in multiprocessing.get_all_start_methods():
        return 1
    allowed = os.environ.get("ANALYSIS_PROCESSES", "")
    return int(allowed) if allowed.isdecimal() and int(allowed) else min(len(os.sched_getaffinity(0)), _MOST)


def each(work: Callable[[Task], Result], tasks: Sequence[Task], worth: bool = True) -> Iterator[Result]:
    """`work` of every task, in order; in this process alone where there is one core or it is not `worth` the start.

    Raises MemoryError when the system ends a process, which it does for want of memory.
    """
    if not worth or processes() == 1 or multiprocessing.parent_process() is not None:
        yield from map(work, tasks)
        return
    global _work
    _work = work
    pool = ProcessPoolExecutor(processes(), multiprocessing.get_context("fork"), _end_at_once)
    try:
        yield from _in_order(pool, tasks)
    except BrokenProcessPool as error:
        raise MemoryError("the system ended a process of this run") from error
    except BaseException:  # it is over: nobody waits for what the others are still at
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        _work = None


def _in_order(pool: ProcessPoolExecutor, tasks: Sequence[Any]) -> Iterator[Any]:
    """The results, made no further ahead than they are used: those of 100,000 comments would wait in memory."""
    waiting: deque[Future[Any]] = deque()
    for task in tasks:
        waiting.append(pool.submit(_do, task))
        if len(waiting) > _AHEAD * processes():
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _end_at_once() -> None:
    """Ctrl-C reaches every process of a terminal; only the first has something to say."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _do(task: Any) -> Any:
    assert _work is not None
    return _work(task)
