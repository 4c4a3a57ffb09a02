"""A practice vote with its ballots opened, and copies of its board that a dishonest city could publish."""

from collections.abc import Sequence
from typing import Any

from consultations.votes.offline.practice import opening_of
from tests.factories.boards import Poll, approval, make_poll, single

Openings = list[Any]


def cast(poll: Poll, openings: Openings, number: int, *choices: Sequence[int]) -> None:
    sealed = poll.seal(number, *choices)
    poll.post(sealed.body)
    openings.append(opening_of(sealed.body, choices, sealed.randomness))


def opened(poll: Poll, openings: Openings) -> dict[str, Any]:
    return {"openings": openings, "version": 1, "vote": poll.manifest.vote.hex()}


def two_questions() -> tuple[dict[str, Any], dict[str, Any]]:
    """Board and openings of eleven people: one casts again, one votes on paper after all."""
    poll = make_poll(single(), approval(3, 1, 2, blank=False, code="q2"), seed="practice")
    openings: Openings = []
    poll.open()
    for number in range(1, 12):
        cast(poll, openings, number, [1, 0, 0], [0, 1, 1])
    cast(poll, openings, 1, [0, 0, 1], [1, 0, 0])
    poll.void(11)
    poll.count(1, 2)
    return poll.value, opened(poll, openings)


def one_question(trustees: int = 3, decrypting: Sequence[int] = (1, 2)) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ten people; those who decrypt are just enough."""
    poll = make_poll(single(), trustees=trustees, threshold=len(decrypting), seed="practice, in short")
    openings: Openings = []
    poll.open()
    for number in range(1, 11):
        cast(poll, openings, number, [number % 2, (number + 1) % 2, 0])
    poll.count(*decrypting)
    return poll.value, opened(poll, openings)
