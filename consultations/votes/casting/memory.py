"""The key under which a ballot waits between choosing and casting: in the server's memory and nowhere else.

This module imports nothing of ours, so that gunicorn's parent loads it by `-c python:consultations.votes.casting.memory`
before it forks: all workers then share the key, a reload of the program keeps it, and a restart forgets it.
"""

import os
from typing import Final

KEY: Final = os.urandom(32)
MADE_BY: Final = os.getpid()


def is_shared(several_processes: bool) -> bool:
    """False where each of several workers has made a key of its own: then half of all voters would choose again."""
    return not several_processes or os.getpid() != MADE_BY
