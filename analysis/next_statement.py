"""Which statement to show a participant next, so that every one gets reactions enough to say something about it.

People answer a dozen statements and leave, and statements come in until the last day: shown at random, the late ones
are hardly seen. Here whoever comes is shown what is furthest from enough; once all have enough, what Polis' published
priority prefers: new statements, and those many agree with and few pass. Standard library only; chance is an argument.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from random import Random

ENOUGH = 50
"""Reactions at which a share is known to about ±14 points (95 %)."""


@dataclass(frozen=True)
class Shown:
    """A statement and the reactions it has so far; `votes` counts passes too."""

    statement: str
    votes: int = 0
    agreed: int = 0
    disagreed: int = 0


@dataclass(frozen=True)
class Coverage:
    """What came of a simulated conversation: reactions of the least seen statement and of the tenth of statements seen
    least, and the share of statements with enough."""

    least: int
    low_tenth: int
    enough_share: float


Chooser = Callable[[Sequence[Shown], float], str]
"""From what may be shown (at least one) and a number in [0, 1), a statement."""


def next_statement(
    shown: Sequence[Shown], answered: Collection[str], draw: float, *, enough: int = ENOUGH
) -> str | None:
    """A statement the participant has not answered, None when there is none.

    `draw` in [0, 1) is the chance of this turn: equal draws on equal counts show the same statement, so that a reload
    changes nothing where the caller derives it from participant and turn.
    """
    left = [one for one in shown if one.statement not in answered]
    return choose(left, draw, enough) if left else None


def choose(left: Sequence[Shown], draw: float, enough: int = ENOUGH) -> str:
    """One of `left`: with odds of the squared shortfall while any falls short of `enough`, else by `priority`."""
    odds = [float(max(0, enough - one.votes)) ** 2 for one in left]
    if not any(odds):
        odds = [priority(one) for one in left]
    heap = list(accumulate(odds))
    mark = draw * heap[-1]
    return next((one.statement for one, upto in zip(left, heap, strict=True) if mark < upto), left[-1].statement)


def priority(one: Shown) -> float:
    """Polis' comment priority without extremity: few passes, much agreement, and a bonus while few have seen it."""
    passed = one.votes - one.agreed - one.disagreed
    importance = (1 - (passed + 1) / (one.votes + 2)) * (one.agreed + 1) / (one.votes + 2)
    return float((importance * (1 + 8 * 2 ** (-one.votes / 5))) ** 2)


def at_random(left: Sequence[Shown], draw: float) -> str:
    """Any of them, as most survey tools shuffle."""
    return left[int(draw * len(left))].statement


def simulate(
    chooser: Chooser, *, people: int = 400, statements: int = 60, answers: int = 12, seed: int = 0, enough: int = ENOUGH
) -> Coverage:
    """A made conversation: a third of the statements are there at the start, the others come evenly until it ends.

    Each of `people` answers `answers` on average (each further one with the same chance), agrees with half and passes
    a tenth. Same seed, same people: only what they are shown differs between choosers.
    """
    chance = Random(seed)  # noqa: S311 a simulation
    counts = {f"s{number}": Shown(f"s{number}") for number in range(statements)}
    names = list(counts)
    for person in range(people):
        there = names[: max(statements // 3, round(statements * (1 / 3 + 2 / 3 * person / people)))]
        answered: set[str] = set()
        while len(answered) < len(there):
            left = [counts[name] for name in there if name not in answered]
            name = chooser(left, chance.random())
            answered.add(name)
            said = chance.random()
            one = counts[name]
            counts[name] = replace(
                one, votes=one.votes + 1, agreed=one.agreed + (said < 0.5), disagreed=one.disagreed + (said >= 0.6)
            )
            if chance.random() < 1 / answers:
                break
    votes = sorted(one.votes for one in counts.values())
    return Coverage(votes[0], votes[len(votes) // 10], sum(count >= enough for count in votes) / statements)
