"""Budget by votes (得票順): the most approved project that still fits is bought, again and again.

What most cities do (Goel et al., Knapsack Voting for Participatory Budgeting, ACM TEAC 7:2, 2019, call it the current
practice). A project that no longer fits is passed over, and cheaper ones with fewer votes may follow. Projects with
equal votes are drawn for, only where the money does not reach for all of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consultations.votes.counting.draw import Draw, Reason, favour
from consultations.votes.counting.projects import Election, read_election


@dataclass(frozen=True)
class Considered:
    """One project when its turn came: what was left, and whether it was bought."""

    project: str
    cost: int
    votes: int
    left_before: int
    bought: bool


@dataclass(frozen=True)
class Greedy:
    """`considered` is every project in its turn. A project without a vote is never bought."""

    method: str
    budget: int
    ballots: int
    bought: tuple[str, ...]
    spent: int
    seed: str | None
    considered: tuple[Considered, ...]
    draws: tuple[Draw, ...]


def greedy(
    ballots: Iterable[tuple[Iterable[str], int]],
    costs: Mapping[str, int],
    *,
    budget: int,
    most: int | None = None,
    seed: str | None = None,
) -> Greedy:
    """Count ballots that approve of projects, at most `most` each; `costs` and `budget` in whole yen.

    Raises a CountRefused for what cannot be counted, SeedMissing where equal votes decide without a seed.
    """
    election = read_election(ballots, costs, budget, most)
    considered, draws = buy_by_votes(election, frozenset(), budget, seed)
    bought = tuple(one.project for one in considered if one.bought)
    spent = sum(one.cost for one in considered if one.bought)
    return Greedy("greedy", budget, election.ballots, bought, spent, seed, considered, draws)


def buy_by_votes(
    election: Election, without: frozenset[str], left: int, seed: str | None
) -> tuple[tuple[Considered, ...], tuple[Draw, ...]]:
    """Buy from the projects not in `without` for at most `left` yen; what was considered, and the draws needed."""
    considered: list[Considered] = []
    draws: list[Draw] = []
    votes = election.votes
    for height in sorted({votes[code] for code in votes if code not in without}, reverse=True):
        equal = [code for code in sorted(votes) if code not in without and votes[code] == height]
        for code in _turns(equal, election, left if height else 0, seed, draws):
            bought = height > 0 and election.costs[code] <= left
            considered.append(Considered(code, election.costs[code], height, left, bought))
            left -= election.costs[code] if bought else 0
    return tuple(considered), tuple(draws)


def _turns(equal: list[str], election: Election, left: int, seed: str | None, draws: list[Draw]) -> tuple[str, ...]:
    """The order of projects with equal votes: drawn where it decides, by code where all or none of them can be bought."""
    payable = [code for code in equal if election.costs[code] <= left]
    if sum(election.costs[code] for code in payable) <= left:
        return tuple(equal)
    draws.append(favour(seed, payable, len(payable), Reason.PURCHASE))
    return (*draws[-1].order, *(code for code in equal if code not in payable))
