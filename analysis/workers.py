"""Work in as many processes as there are cores, in the order it was asked for: more cores change nothing but the time.

Only where each process keeps to one thread (`python -m analysis` pins that): a forked child of a process that has used
several OpenMP threads waits for them for ever, and two threads per core took ten times as long.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

_MOST = 4
"""Processes share the views but not their results; beyond this the memory grows faster than the time falls."""

_work: Callable[[Any], Any] | None = None


def processes() -> int:
    """How many processes may work: 1 unless threads are pinned and the system can fork."""
    pinned = os.environ.get("OMP_NUM_THREADS") == "1" and os.environ.get("OPENBLAS_NUM_THREADS") == "1"
    if not pinned or "fork" not in multiprocessing.get_all_start_methods():
        return 1
    allowed = os.environ.get("ANALYSIS_PROCESSES", "")
    return int(allowed) if allowed.isdecimal() and int(allowed) else min(len(os.sched_getaffinity(0)), _MOST)


def each(work: Callable[[Task], Result], tasks: Sequence[Task], worth: bool = True) -> Iterator[Result]:
    """`work` of every task, in order; in this process alone where there is one core or it is not `worth` the start."""
    if not worth or processes() == 1 or multiprocessing.parent_process() is not None:
        yield from map(work, tasks)
        return
    global _work
    _work = work
    try:
        with multiprocessing.get_context("fork").Pool(processes(), _leave_stopping_to_the_parent) as pool:
            yield from pool.imap(_do, tasks)
    finally:
        _work = None


def _leave_stopping_to_the_parent() -> None:
    """Ctrl-C reaches every process of a terminal; only the first has something to say."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _do(task: Any) -> Any:
    assert _work is not None
    return _work(task)
