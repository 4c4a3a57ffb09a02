"""Ballots for each option over HTTP: what a listener on the line counts has to be the same whatever is chosen.

100 casts for each option, or as many as `BENCH_CASTS` says.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.engines import installed
from benchmarks.measuring import Measured, megabytes
from benchmarks.serving import Served, Voter, served
from civic.app import create_app
from civic.db import db
from tests.cast import Cast
from tests.factories.boards import single
from tests.factories.votes import make_vote
from wsgi import FEATURES

CASTS: Final = int(os.environ.get("BENCH_CASTS", "100"))
OPTIONS: Final = ("o01", "o02", "o03", "o04", "o00")
SECONDS: Final = 0.1  # of a server's CPU, for one cast with its two pages
Seen = tuple[tuple[int, int, int], tuple[int, int, int]]


def measure(_: Path | None) -> Iterator[Measured]:
    """A line for each option."""
    with installed("SQLite") as made:
        app = create_app(made.settings, FEATURES)
        with app.app_context():
            code = make_vote(Cast(app), single(4)).codes[0]
            db.session.close()
            db.engine.dispose()
        with served(made) as server:
            voter = Voter(server.port, "hall", code)
            voter.enter()
            voter.cast(voter.choose(choice="o01"))  # from here on each ballot replaces one
            expected: set[Seen] = set()
            for option in OPTIONS:
                before = server.cpu
                seen = weighed(voter, option)
                expected = expected or set(seen)
                yield line(server, option, server.cpu - before, seen, expected)


def weighed(voter: Voter, option: str) -> Counter[Seen]:
    """What was seen of choosing and of casting, and how often."""
    seen: Counter[Seen] = Counter()
    for _ in range(CASTS):
        review = voter.choose(choice=option)
        chosen = voter.seen
        assert voter.cast(review)
        seen[chosen, voter.seen] += 1
    return seen


def line(server: Served, option: str, cpu: float, seen: Counter[Seen], expected: set[Seen]) -> Measured:
    ((looked, cast), _), *others = seen.most_common()
    words = [f"{up:,} bytes up, {status}, {down:,} down" for up, status, down in (looked, cast)]
    return Measured(
        f"{CASTS:,} casts of {option}",
        cpu,
        megabytes([server.pid]),
        SECONDS * CASTS,
        note=f"look: {words[0]}; cast: {words[1]}; {len(others)} other sizes",
        well=not others and set(seen) == expected,
    )
