"""Budget by equal shares (均等配分): every ballot is given the same money and pays only for what it approves of.

The Method of Equal Shares (Peters, Pierczyński & Skowron, Proportional Participatory Budgeting with Additive Utilities,
NeurIPS 2021) for approvals whose worth to a voter is the project's cost or, with `Worth.ONE`, one. The supporters of a
project pay for it as equally as they can: whoever has not enough gives all that is left. Bought next is the project
with the most effective votes: its cost ÷ the highest share that a supporter pays (with `Worth.ONE`, the project with
the lowest such share).

What is left is completed in two steps, the rule that Faliszewski et al., Participatory Budgeting: Data, Tools, and
Analysis (IJCAI 2023) call Add1U: the endowment starts at the budget ÷ ballots, and the whole method is run again with
one yen (`step`) more for every ballot, until the projects would cost more than the budget or all are bought; the last
run that kept within the budget counts (Add1). Then projects are bought by votes for what is still left (U, utilitarian),
as `greedy` does. Equal effective votes are drawn for. All money is exact: no fraction of a yen is rounded.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from consultations.votes.counting.draw import Draw, Reason, favour
from consultations.votes.counting.greedy import Considered, buy_by_votes
from consultations.votes.counting.projects import Election, read_election


class Worth(StrEnum):
    """What an approved project is worth to a voter."""

    COST = "cost"
    ONE = "one"


class Completion(StrEnum):
    """What is done with money that the method itself does not spend."""

    NONE = "none"
    ADD1 = "add1"
    ADD1U = "add1u"


@dataclass(frozen=True)
class Purchase:
    """One project bought by its supporters: what each paid at most, and how many of them paid just that."""

    project: str
    cost: int
    votes: int
    effective_votes: Fraction
    highest_share: Fraction
    payers_in_full: int
    paid_all_they_had: int
    draw: Draw | None


@dataclass(frozen=True)
class Remaining:
    """One project not bought by its supporters: the money they had left together, under its cost."""

    project: str
    cost: int
    votes: int
    money_behind: Fraction


@dataclass(frozen=True)
class EqualShares:
    """`purchases` of the run that counts, `completed` what the completion by votes then looked at.

    `runs` is how many endowments were tried, `overspent_at` the one that would have cost more than the budget.
    """

    method: str
    budget: int
    ballots: int
    worth: Worth
    completion: Completion
    bought: tuple[str, ...]
    spent: int
    seed: str | None
    endowment: Fraction
    runs: int
    overspent_at: Fraction | None
    purchases: tuple[Purchase, ...]
    remaining: tuple[Remaining, ...]
    completed: tuple[Considered, ...]
    draws: tuple[Draw, ...]


def equal_shares(
    ballots: Iterable[tuple[Iterable[str], int]],
    costs: Mapping[str, int],
    *,
    budget: int,
    worth: Worth = Worth.COST,
    completion: Completion = Completion.ADD1U,
    step: int = 1,
    most: int | None = None,
    seed: str | None = None,
) -> EqualShares:
    """Count ballots that approve of projects, at most `most` each; `costs`, `budget` and `step` in whole yen.

    Raises a CountRefused for what cannot be counted, SeedMissing where projects are level, in any run, without a seed.
    Draws are recorded of the run that counts; those of the other runs follow from the seed as well.
    """
    election = read_election(ballots, costs, budget, most)
    endowment = Fraction(budget, election.ballots)
    run, runs, overspent_at = _Run(election, endowment, worth, seed), 1, None
    while completion is not Completion.NONE and not run.bought_all:
        more = _Run(election, run.endowment + step, worth, seed)
        runs += 1
        if more.spent > budget:
            overspent_at = more.endowment
            break
        run = more
    bought = frozenset(one.project for one in run.purchases)
    by_votes = completion is Completion.ADD1U
    completed, draws = buy_by_votes(election, bought, budget - run.spent, seed) if by_votes else ((), ())
    added = [one for one in completed if one.bought]
    return EqualShares(
        method="equal_shares",
        budget=budget,
        ballots=election.ballots,
        worth=worth,
        completion=completion,
        bought=(*(one.project for one in run.purchases), *(one.project for one in added)),
        spent=run.spent + sum(one.cost for one in added),
        seed=seed,
        endowment=run.endowment,
        runs=runs,
        overspent_at=overspent_at,
        purchases=tuple(run.purchases),
        remaining=tuple(run.remaining()),
        completed=completed,
        draws=(*(one.draw for one in run.purchases if one.draw), *draws),
    )


@dataclass(frozen=True)
class _Share:
    """How the supporters of a project would pay: `paid` ÷ `payers` each, but all that is left from those who have less."""

    cost: int
    paid: int
    payers: int
    emptied: int

    def rank(self, worth: Worth) -> Fraction:
        """The lower, the sooner bought: the highest share, for a project worth its cost as part of that cost."""
        return Fraction(self.paid, self.payers * (self.cost if worth is Worth.COST else 1))


class _Run:
    """The method once, with one endowment.

    Purses are whole numbers of `unit`s: when a share is no whole number of them, the unit is cut finer for all. So the
    money stays exact and additions stay those of whole numbers.
    """

    def __init__(self, election: Election, endowment: Fraction, worth: Worth, seed: str | None) -> None:
        self.election, self.endowment, self.worth, self.seed = election, endowment, worth, seed
        self.unit = endowment.denominator  # units in a yen
        self.groups = list(election.approvals.items())
        self.purses = [endowment.numerator] * len(self.groups)
        self.supporters = _supporters(self.groups, election.costs)
        self.votes = election.votes
        self.purchases: list[Purchase] = []
        self._buy_all()
        self.spent = sum(one.cost for one in self.purchases)

    @property
    def bought_all(self) -> bool:
        """Whether nothing that anybody approves of is left."""
        return len(self.purchases) == sum(count > 0 for count in self.votes.values())

    def remaining(self) -> Iterator[Remaining]:
        bought = {one.project for one in self.purchases}
        for code, cost in self.election.costs.items():
            if code not in bought:
                yield Remaining(code, cost, self.votes[code], Fraction(self._money_behind(code), self.unit))

    def _buy_all(self) -> None:
        """Ranks only rise as purses empty, so an old rank is a bound: whoever lies above the best is not looked at."""
        bounds = {code: Fraction(0) for code, count in self.votes.items() if count}
        while bounds:
            best: dict[str, _Share] = {}
            lowest: Fraction | None = None
            for code in sorted(bounds, key=bounds.__getitem__):
                if lowest is not None and bounds[code] > lowest:
                    break
                share = self._share(code)
                if share is None:
                    del bounds[code]
                    continue
                bounds[code] = rank = share.rank(self.worth) / self.unit
                if lowest is None or rank < lowest:
                    lowest, best = rank, {}
                if rank == lowest:
                    best[code] = share
            if not best:
                return
            self._buy(best)
            del bounds[self.purchases[-1].project]

    def _share(self, code: str) -> _Share | None:
        """How the supporters pay for the project, None where they have not enough."""
        cost = self.election.costs[code] * self.unit
        if self._money_behind(code) < cost:
            return None
        payers, emptied = self.votes[code], 0
        for purse, count in sorted((self.purses[number], self.groups[number][1]) for number in self.supporters[code]):
            if purse * payers >= cost:
                return _Share(self.election.costs[code], cost, payers, emptied)
            cost -= purse * count
            payers -= count
            emptied += count
        raise AssertionError("those who can pay together can pay one after another")

    def _money_behind(self, code: str) -> int:
        return sum(self.purses[number] * self.groups[number][1] for number in self.supporters[code])

    def _buy(self, best: Mapping[str, _Share]) -> None:
        drawn = favour(self.seed, best, 1, Reason.PURCHASE) if len(best) > 1 else None
        code = drawn.taken[0] if drawn else next(iter(best))
        share = best[code]
        highest = Fraction(share.paid, share.payers * self.unit)
        cost = self.election.costs[code]
        self.purchases.append(
            Purchase(code, cost, self.votes[code], cost / highest, highest, share.payers, share.emptied, drawn)
        )
        self._cut_units(highest.denominator)
        price = highest.numerator * (self.unit // highest.denominator)
        for number in self.supporters[code]:
            self.purses[number] = max(0, self.purses[number] - price)

    def _cut_units(self, denominator: int) -> None:
        finer = Fraction(self.unit, denominator).denominator
        if finer > 1:
            self.unit *= finer
            self.purses = [purse * finer for purse in self.purses]


def _supporters(groups: list[tuple[frozenset[str], int]], costs: Mapping[str, int]) -> dict[str, list[int]]:
    """For each project, the numbers of the groups that approve of it."""
    supporters: dict[str, list[int]] = {code: [] for code in costs}
    for number, (chosen, _) in enumerate(groups):
        for code in chosen:
            supporters[code].append(number)
    return supporters
