"""Counted boards of any size, one ballot of two options a slot, their proofs made in two processes."""

import os
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from typing import Any, Final

from nacl.utils import random

from consultations.votes.protocol.ballots import seal
from consultations.votes.protocol.manifest import Manifest
from tests.factories.boards import Poll, make_poll, single, slot

BALLOTS: Final = int(os.environ.get("BENCH_BALLOTS", "500"))
"""The boards to be verified: 500 ballots, or as many as `BENCH_BALLOTS` says."""
PROCESSES: Final = 2
CHUNK: Final = 100


def poll_of(voters: int) -> Poll:
    return make_poll(single(blank=False), voters=voters)


@cache
def manifest_of(voters: int) -> Manifest:
    """Once a process."""
    return poll_of(voters).manifest


def sealed(number: int, voters: int) -> dict[str, Any]:
    """The first ballot of a slot: the odd ones for one option, the even ones for the other."""
    return seal(manifest_of(voters), [[number % 2, 1 - number % 2]], slot(number), 1, "", random).body


def counted_board(ballots: int) -> bytes:
    """A board on which every slot has voted once, to its result."""
    poll = poll_of(ballots)
    poll.open()
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as processes:
        for body in processes.map(sealed, range(1, ballots + 1), [ballots] * ballots, chunksize=CHUNK):
            poll.post(body, check=lambda ballot, manifest: None)
    poll.count(1, 2)
    return poll.file
