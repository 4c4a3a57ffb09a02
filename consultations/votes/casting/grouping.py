"""Group commit: of the threads that wait to write, the first writes for all of them, in one transaction.

No thread and no timer of its own. Who comes while nobody writes begins at once; who comes meanwhile waits, and the next
to write takes everybody along who waits by then. What holds the database together is its locks, never this queue: two
processes, or two queues in one, only make smaller groups.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Lock
from typing import Final, Generic, TypeVar

Work = TypeVar("Work")
Done = TypeVar("Done")

MOST: Final = 32  # works in one transaction, which others wait for


class GroupCommit(Generic[Work, Done]):
    """`commit` writes works in one transaction and returns, once it is committed, what became of each: an exception for
    one that was refused alone. What it raises is the fate of all it was given.
    """

    def __init__(self, commit: Callable[[Sequence[Work]], Sequence[Done | Exception]]) -> None:
        self._commit = commit
        self._waiting: deque[tuple[Work, Future[Done]]] = deque()
        self._writing = Lock()

    def write(self, work: Work) -> Done:
        """What became of this work, not before it is committed; raises what it was refused with."""
        done: Future[Done] = Future()
        self._waiting.append((work, done))
        with self._writing:
            while not done.done():
                self._write_for(self._next())
        return done.result()

    def _next(self) -> list[tuple[Work, Future[Done]]]:
        return [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]

    def _write_for(self, group: Sequence[tuple[Work, Future[Done]]]) -> None:
        try:
            outcomes = self._commit([work for work, _ in group])
        except BaseException as error:  # noqa: BLE001 - raised again in every thread whose work it was
            for _, done in group:
                done.set_exception(error)
            return
        for (_, done), outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, Exception):
                done.set_exception(outcome)
            else:
                done.set_result(outcome)
