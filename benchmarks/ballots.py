"""Ballots in CPU time: made, checked, added up and decrypted, each beside the bare scalar multiplications it needs."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from nacl import bindings

from benchmarks.measuring import Measured
from consultations.votes.protocol import group
from consultations.votes.protocol.ballots import Ballot, check_ballot, read_ballot
from consultations.votes.protocol.group import BASE
from consultations.votes.protocol.tally import aggregate_of, decrypt_share, purpose_of_share, totals_of
from tests.factories.boards import Poll, approval, make_poll, score, single

ROUNDS: Final = 200
MANY: Final = 100_000
# Milliseconds a ballot to make and to check, as the protocol's prototype reached them on two shared cores.
KINDS: Final[Sequence[tuple[str, dict[str, Any], list[int], float, float]]] = (
    ("2 options", single(2, blank=False), [1, 0], 1.3, 1.9),
    ("approval of 8", approval(8, 0, 8, blank=False), [1, 0] * 4, 7.0, 8.5),
    ("score 0-5 x 8", score(8, 5), [5, 4, 3, 2, 1, 0, 5, 5], 14.5, 15.0),
)


class Counting:
    """libsodium's bindings, each call counted."""

    def __init__(self) -> None:
        self.base = self.variable = 0

    def __getattr__(self, name: str) -> Any:
        if name == "crypto_scalarmult_ed25519_base_noclamp":
            self.base += 1
        elif name == "crypto_scalarmult_ed25519_noclamp":
            self.variable += 1
        return getattr(bindings, name)


def measure(data: Path | None) -> Iterator[Measured]:
    for name, question, choice, to_make, to_check in KINDS:
        poll = make_poll(question)
        body = poll.seal(1, choice).body
        yield line(f"{name}: encrypt and prove", lambda poll=poll, choice=choice: poll.seal(1, choice), to_make)
        yield line(
            f"{name}: verify",
            lambda poll=poll, body=body: check_ballot(read_ballot(body, poll.manifest), poll.manifest),
            to_check,
        )
    yield from count()


def line(name: str, work: Callable[[], object], milliseconds: float) -> Measured:
    """`ROUNDS` times the work; the yardstick is its scalar multiplications and nothing else."""
    seconds = cpu(work, ROUNDS)
    counting = Counting()
    group.bindings, kept = counting, group.bindings  # type: ignore[assignment]  # a proxy that counts
    try:
        work()
    finally:
        group.bindings = kept
    scalar = (2**252 - 5).to_bytes(32, "little")
    bare = cpu(lambda: bindings.crypto_scalarmult_ed25519_base_noclamp(scalar), counting.base * ROUNDS)
    bare += cpu(lambda: bindings.crypto_scalarmult_ed25519_noclamp(scalar, BASE), counting.variable * ROUNDS)
    note = f"{seconds / ROUNDS * 1000:.2f} ms each, {counting.base} + {counting.variable} multiplications"
    return Measured(name, seconds, 0, milliseconds * ROUNDS / 1000, yardstick=bare, note=note)


def cpu(work: Callable[[], object], rounds: int) -> float:
    start = time.process_time()
    for _ in range(rounds):
        work()
    return time.process_time() - start


def count() -> Iterator[Measured]:
    """Close and count: 100,000 ballots added up, one share, the totals found."""
    poll = make_poll(single(2), voters=100)
    ballots = [read_ballot(poll.seal(number, [1, 0, 0]).body, poll.manifest) for number in range(1, 101)]
    many: list[Ballot] = ballots * (MANY // len(ballots))
    start = time.process_time()
    aggregate = aggregate_of(poll.manifest, many)
    shares = {}
    for trustee in (1, 2):
        purpose = purpose_of_share(poll.manifest, aggregate, trustee)
        shares[trustee] = decrypt_share(purpose, aggregate, poll.secrets[trustee], poll.random)
    totals = totals_of(poll.manifest, MANY, aggregate, shares)
    seconds = time.process_time() - start
    yield Measured(
        "close and count of 10^5",
        seconds,
        0,
        60,
        yardstick=bare_additions(poll, MANY),
        note=f"totals {totals}",
        well=totals == [[MANY, 0, 0]],
    )


def bare_additions(poll: Poll, ballots: int) -> float:
    """As many point additions as the columns need: two for each column of each ballot."""
    columns = sum(question.columns for question in poll.manifest.questions)
    return cpu(lambda: bindings.crypto_core_ed25519_add(BASE, BASE), 2 * columns * ballots)
