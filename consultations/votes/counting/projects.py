"""Projects with a price, and ballots that approve of them: what both budget methods take."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consultations.votes.counting.ballots import checked_options, fold, read_choices
from consultations.votes.counting.errors import BadBudget, BadCost


@dataclass(frozen=True)
class Election:
    """A budget, what each project costs, and how often each set of projects was approved, all in whole yen."""

    budget: int
    costs: Mapping[str, int]
    approvals: Mapping[frozenset[str], int]

    @property
    def ballots(self) -> int:
        return sum(self.approvals.values())

    @property
    def votes(self) -> dict[str, int]:
        """Approvals of each project."""
        votes = dict.fromkeys(self.costs, 0)
        for chosen, count in self.approvals.items():
            for code in chosen:
                votes[code] += count
        return votes


def read_election(
    ballots: Iterable[tuple[Iterable[str], int]], costs: Mapping[str, int], budget: int, most: int | None
) -> Election:
    """Check and fold. Raises BadBudget, BadCost, or what a ballot or a code is refused for."""
    if not _amount(budget):
        raise BadBudget(budget)
    codes = checked_options(costs)
    for code in codes:
        if not _amount(costs[code]):
            raise BadCost(code, costs[code])
    return Election(budget, {code: costs[code] for code in codes}, fold(ballots, read_choices(codes, most)))


def _amount(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number > 0
