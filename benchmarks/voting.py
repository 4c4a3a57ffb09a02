"""64 voters at a time through the whole server with two workers: ballots a second, CPU and the slowest of twenty, beside the
same pages without proofs and storage.
"""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.engines import ENGINES, Installation, installed
from benchmarks.measuring import Measured, megabytes
from benchmarks.serving import Served, Voter, served
from civic.app import create_app
from civic.db import db
from tests.cast import Cast
from tests.factories.boards import single
from tests.factories.votes import make_vote
from wsgi import FEATURES

CLIENTS: Final = 64
EACH: Final = 8  # voters of one client, one after another
LEAST_SHARE: Final = 0.3  # of the rate without proofs and storage


@dataclass(frozen=True)
class Took:
    """All ballots of one run. `casts` are seconds of the last request of each."""

    seconds: float
    cpu: float  # of the workers
    casts: Sequence[float]
    taken: int
    again: int  # requests sent again after a 503
    megabytes: int

    @property
    def slow(self) -> float:
        """p95."""
        return sorted(self.casts)[len(self.casts) * 95 // 100]

    @property
    def words(self) -> str:
        each = 1000 * self.cpu / len(self.casts)
        return f"{len(self.casts) / self.seconds:.0f}/s, p95 {1000 * self.slow:.0f} ms, {each:.0f} ms of CPU each"


def measure(_: Path | None) -> Iterator[Measured]:
    for engine in ENGINES:
        with installed(engine) as made:
            codes = held(made)
            with served(made) as server:
                voters = entered(server, codes)
                real = voted(server, voters)
            with served(made, "benchmarks.stubbed:app()") as server:
                bare = voted(server, voters)
        yield line(engine, real, bare)


def held(made: Installation) -> list[str]:
    """An open vote; its voters' codes."""
    app = create_app(made.settings, FEATURES)
    with app.app_context():
        codes = make_vote(Cast(app), single(blank=False), voters=CLIENTS * EACH).codes
        db.session.close()
        db.engine.dispose()
    return codes


def entered(server: Served, codes: Sequence[str]) -> list[Voter]:
    """Every voter's browser, its code shown before the time is taken."""
    voters = [Voter(server.port, "hall", code) for code in codes]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(Voter.enter, voters))
    return voters


def voted(server: Served, voters: Sequence[Voter]) -> Took:
    """Everybody chooses and casts."""
    for one in voters:
        one.call(server.port)
    start, before = time.monotonic(), server.cpu
    with ThreadPoolExecutor(CLIENTS) as threads:
        told = [
            one for some in threads.map(lambda first: client(voters[first::CLIENTS]), range(CLIENTS)) for one in some
        ]
    return Took(
        time.monotonic() - start,
        server.cpu - before,
        [seconds for seconds, _ in told],
        sum(taken for _, taken in told),
        sum(one.again for one in voters),
        megabytes([server.pid]),
    )


def client(voters: Sequence[Voter]) -> list[tuple[float, bool]]:
    """Of each voter the seconds of the cast, and whether it was taken."""
    told = []
    for number, voter in enumerate(voters):
        review = voter.choose(choice=f"o0{number % 2 + 1}")
        start = time.monotonic()
        taken = voter.cast(review)
        told.append((time.monotonic() - start, taken))
        voter.connection.close()
    return told


def line(engine: str, real: Took, bare: Took) -> Measured:
    share = f"{bare.seconds / real.seconds:.0%} of its rate, {bare.cpu / real.cpu:.0%} by CPU"
    return Measured(
        f"{len(real.casts)} ballots, {engine}",
        real.seconds,
        real.megabytes,
        bare.seconds / LEAST_SHARE,
        yardstick=bare.seconds,
        note=f"{real.words}, {real.again} sent again; without proofs and storage {bare.words}: {share}",
        well=real.taken == bare.taken == len(real.casts),
    )
