"""Eight threads cast ballots whose proofs are made, each in a transaction of its own or grouped:
`python -m benchmarks.grouped INSTANCE URL grouped|alone BALLOTS`, as JSON.
"""

import json
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from flask import Flask

from civic import clock
from civic.app import create_app
from civic.config import Mode, Settings
from civic.db import db
from civic.refusals import Busy
from consultations.votes.casting import actions as casting
from consultations.votes.casting.grouping import GroupCommit
from tests.cast import Cast
from tests.factories.boards import single
from tests.factories.votes import Held, make_vote
from wsgi import FEATURES

THREADS: Final = 8


class Alone(GroupCommit[Any, Any]):
    """Every thread for itself, as it would be without a group."""

    def write(self, work: Any) -> Any:
        (outcome,) = self._commit([work])
        return outcome


def main(instance: str, database_url: str, how: str, ballots: str) -> None:
    app = create_app(Settings(mode=Mode.TEST, instance=Path(instance), database_url=database_url), FEATURES)
    if how == "alone":
        casting.GroupCommit = Alone  # type: ignore[misc]
    with app.app_context():
        held = make_vote(Cast(app), single(blank=False), voters=int(ballots), slug=how)
        bodies = {number: held.prepare(number, [1, 0]).body for number in range(1, int(ballots) + 1)}
        db.session.close()
        print(json.dumps(timed(app, held, bodies) | {"stored": held.board.ballots}))


def timed(app: Flask, held: Held, bodies: Mapping[int, dict[str, Any]]) -> dict[str, float]:
    """The ballots of these voters, cast by eight threads: seconds, this process's CPU, and how often it was too busy."""

    def work(first: int) -> int:
        with app.app_context():
            return sum(cast(held, number, body) for number, body in list(bodies.items())[first::THREADS])

    start, before = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(THREADS) as threads:
        busy = sum(threads.map(work, range(THREADS)))
    return {"seconds": time.perf_counter() - start, "cpu": time.process_time() - before, "busy": busy}


def cast(held: Held, number: int, body: dict[str, Any]) -> int:
    """How often the database was too busy before this ballot was taken."""
    for tries in range(100):
        try:
            casting.cast_ballot(held.id, held.voter(number), body, clock.now())
        except Busy:
            continue
        return tries
    raise Busy


if __name__ == "__main__":
    main(*sys.argv[1:])
