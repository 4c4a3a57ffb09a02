"""How long a release may take: one clock for all its searches, by the processor time of this thread."""

import time
from collections.abc import Callable, Iterator
from math import ceil

CLOSING_SECONDS = 10.0
"""Processor seconds to make choices safe without optimising, where the search had fewer."""


Progress = Callable[[int, int, str], None]
"""Called with the processor seconds used, those there are at most, and the name of the step."""


def nobody(_done: int, _total: int, _step: str) -> None:
    """The progress that nobody hears of."""


class OutOfTime(Exception):
    """Something was broken off: nothing is known of the choice."""


class Clock:
    """A search for the best may go on until `search`, everything else until `last`; None is no limit.

    `told` hears what time it is whenever somebody looks at the clock.
    """

    def __init__(
        self, search: float | None, last: float | None, told: Callable[[float], None] = lambda now: None
    ) -> None:
        self._search = search
        self._last = last
        self._told = told

    @property
    def endless(self) -> bool:
        """Whether the search may go on until it has found the best."""
        return self._search is None

    @property
    def late(self) -> bool:
        """Whether the time of the search is over."""
        return self._search is not None and self._now() > self._search

    def searching(self, share: float, most: float) -> float:
        """Seconds for one step of the search: such a share of what it has left, at most `most`."""
        return most if self._search is None else max(min((self._search - self._now()) * share, most), 0.05)

    def mind(self, most: float) -> float:
        """Seconds that the next step may take, at most `most`. Raises OutOfTime where none are left."""
        left = most if self._last is None else min(self._last - self._now(), most)
        if left < 0:
            raise OutOfTime
        return max(left, 0.05)

    def _now(self) -> float:
        now = time.thread_time()
        self._told(now)
        return now


def clocks(seconds: float | None, parts: int, progress: Progress = nobody, step: str = "hide") -> Iterator[Clock]:
    """Clocks for so many parts, to be taken as each begins: a part gets an equal share of what those before it left.

    All parts have so many seconds to search, and as many or CLOSING_SECONDS for everything else. `progress` hears of each
    second, and of all of them once the last part is done, unless there is no limit.
    """
    if seconds is None:
        yield from [Clock(None, None)] * parts
        return
    whole = seconds + max(seconds, CLOSING_SECONDS)
    begun = time.thread_time()
    end = begun + whole
    told = _Seconds(begun, max(ceil(whole), 1), progress, step)
    for left in range(parts, 0, -1):
        now = time.thread_time()
        share = max(end - now, 0) / left
        yield Clock(now + share * (seconds / whole if whole else 0), now + share, told)
    if parts:
        told.end()


class _Seconds:
    """Tells how many of so many seconds are used, each once; of the last only in the end."""

    def __init__(self, begun: float, most: int, progress: Progress, step: str) -> None:
        self._begun, self._most = begun, most
        self._progress, self._step = progress, step
        self._used = -1

    def __call__(self, now: float) -> None:
        used = min(int(now - self._begun), self._most - 1)
        if used > self._used:
            self._used = used
            self._progress(used, self._most, self._step)

    def end(self) -> None:
        self._progress(self._most, self._most, self._step)
