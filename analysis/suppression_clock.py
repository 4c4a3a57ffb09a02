"""How long a release may take: one clock for all its searches, by the processor time of this thread."""

import time
from collections.abc import Iterator

CLOSING_SECONDS = 10.0
"""Processor seconds to make choices safe without optimising, where the search had fewer."""


class OutOfTime(Exception):
    """Something was broken off: nothing is known of the choice."""


class Clock:
    """A search for the best may go on until `search`, everything else until `last`; None is no limit."""

    def __init__(self, search: float | None, last: float | None) -> None:
        self._search = search
        self._last = last

    @property
    def endless(self) -> bool:
        """Whether the search may go on until it has found the best."""
        return self._search is None

    @property
    def late(self) -> bool:
        """Whether the time of the search is over."""
        return self._search is not None and time.thread_time() > self._search

    def searching(self, share: float, most: float) -> float:
        """Seconds for one step of the search: such a share of what it has left, at most `most`."""
        return most if self._search is None else max(min((self._search - time.thread_time()) * share, most), 0.05)

    def mind(self, most: float) -> float:
        """Seconds that the next step may take, at most `most`. Raises OutOfTime where none are left."""
        left = most if self._last is None else min(self._last - time.thread_time(), most)
        if left < 0:
            raise OutOfTime
        return max(left, 0.05)


def clock(seconds: float | None) -> Clock:
    """So many seconds to search, and as many or CLOSING_SECONDS for everything else."""
    return next(clocks(seconds, 1))


def clocks(seconds: float | None, parts: int) -> Iterator[Clock]:
    """Clocks for so many parts, to be taken as each begins: a part gets an equal share of what those before it left."""
    if seconds is None:
        yield from [Clock(None, None)] * parts
        return
    whole = seconds + max(seconds, CLOSING_SECONDS)
    end = time.thread_time() + whole
    for left in range(parts, 0, -1):
        now = time.thread_time()
        share = max(end - now, 0) / left
        yield Clock(now + share * (seconds / whole if whole else 0), now + share)
