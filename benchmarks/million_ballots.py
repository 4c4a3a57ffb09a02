"""Casting onto a board of a million entries, beside casting onto an empty one, turn about in the same run.

Runs with `BENCH_ENTRIES=1000000`; without it a tenth of that.
"""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from flask import Flask

from benchmarks.engines import ENGINES, installed
from benchmarks.filling import fill
from benchmarks.grouped import THREADS, timed
from benchmarks.measuring import Measured
from civic.app import create_app
from civic.db import db
from tests.cast import Cast
from tests.factories.boards import single
from tests.factories.votes import Held, make_vote
from wsgi import FEATURES

ENTRIES: Final = int(os.environ.get("BENCH_ENTRIES", "100000"))
TURNS: Final = 10
BALLOTS: Final = 8 * THREADS  # of one turn
SHARE: Final = 0.9  # of the empty board's rate


class Side:
    """One installation with its voters, and what they took."""

    def __init__(self, stack: ExitStack, engine: str, entries: int) -> None:
        made = stack.enter_context(installed(engine))
        self.app: Flask = create_app(made.settings, FEATURES)
        self.seconds = self.cpu = 0.0
        with self.app.app_context():
            self.held: Held = make_vote(Cast(self.app), single(blank=False), voters=TURNS * BALLOTS + 1)
            self.held.vote_for(TURNS * BALLOTS + 1, [1, 0])
            start = time.monotonic()
            fill(self.held.id, entries) if entries else None
            self.filled = time.monotonic() - start
            db.session.close()
        stack.callback(self.close)

    def turn(self, number: int) -> None:
        """The next ballots, made beforehand."""
        with self.app.app_context():
            voters = range(number * BALLOTS + 1, (number + 1) * BALLOTS + 1)
            bodies: dict[int, dict[str, Any]] = {one: self.held.prepare(one, [1, 0]).body for one in voters}
            db.session.close()
            took = timed(self.app, self.held, bodies)
            self.seconds, self.cpu = self.seconds + took["seconds"], self.cpu + took["cpu"]

    def close(self) -> None:
        with self.app.app_context():
            db.session.close()
            db.engine.dispose()


def measure(_: Path | None) -> Iterator[Measured]:
    for engine in ENGINES:
        with ExitStack() as stack:
            empty, full = Side(stack, engine, 0), Side(stack, engine, ENTRIES)
            for number in range(TURNS):
                for side in (empty, full) if number % 2 else (full, empty):
                    side.turn(number)
            yield line(engine, empty, full)


def line(engine: str, empty: Side, full: Side) -> Measured:
    ballots = TURNS * BALLOTS
    rates = f"{ballots / full.seconds:.0f}/s beside {ballots / empty.seconds:.0f}/s on the empty board"
    cpu = f"{1000 * full.cpu / ballots:.1f} beside {1000 * empty.cpu / ballots:.1f} ms of CPU each"
    return Measured(
        f"cast beside {ENTRIES:,}, {engine}",
        full.seconds,
        0,
        empty.seconds / SHARE,
        yardstick=empty.seconds,
        note=f"{rates}; {cpu}; filled in {full.filled:.0f} s",
    )
