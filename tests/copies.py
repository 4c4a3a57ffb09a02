"""Work done in a copy of this process, so that it can be killed in the middle."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress

SECONDS = 60
TRIES = 3  # a copy of a process with threads may wait for a lock that no thread of its own holds: it is made anew


def in_a_copy(work: Callable[[], object]) -> int:
    """Do `work` in a copy of this process, which ends with it; the status it ended with (`os.WIFSIGNALED`, …)."""
    for _ in range(TRIES):
        copy = os.fork()
        if not copy:
            try:
                work()
            finally:
                os._exit(0)  # the copy of the test run must never go on
        status = ended(copy)
        if status is not None:
            return status
    raise AssertionError(f"{TRIES} copies did not end within {SECONDS} seconds")


def ended(process: int) -> int | None:
    """The status the process ended with; None for one that had to be killed because it did not end."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        found, status = os.waitpid(process, os.WNOHANG)
        if found:
            return status
        time.sleep(0.001)
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return None
