"""The single transferable vote as Scottish councils are elected: the weighted inclusive Gregory method.

The Scottish Local Government Elections Order 2007 (SSI 2007/42), schedule 1, rules 45 to 52; the Order of 2011 (SSI
2011/399) has the same as rules 46 to 53. Values are cut to five decimals (rule 48(3)). Ties look at the most recent
preceding stage at which the candidates differed (rules 49(2), 51(2)(a)), then a lot is drawn (49(3), 51(2)(b)): ours is
the public draw. An exclusion's papers are transferred also where those left then fill the last seats, as the counting
system of the Scottish elections does and SSI 2021/437 allows: the reports can be held against ours, and nobody's
election turns on it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from consultations.votes.counting.ballots import Ranking
from consultations.votes.counting.draw import Draw, Reason, disfavour, favour
from consultations.votes.counting.records import Decimals
from consultations.votes.counting.stv import Act, Stage, TransferableVote, decimals, read_papers

PLACES = 5
ONE = 10**PLACES

Votes = dict[str, int]
"""In units of 0.00001 votes."""


class Parcel(NamedTuple):
    """So many papers of one ranking, each worth `value` units; the candidate who holds them stands at `position`."""

    ranking: Ranking
    position: int
    value: int
    papers: int


def wigm(
    ballots: Iterable[tuple[Iterable[str], int]], options: Iterable[str], *, seats: int, seed: str | None = None
) -> TransferableVote:
    """Count strict rankings, complete or not, for `seats` seats, stage by stage.

    An empty ballot is not valid (rule 43) and counts nowhere, not even in the quota. Raises a CountRefused for what
    cannot be counted, SeedMissing where a lot has to be drawn without a seed.
    """
    codes, papers = read_papers(ballots, options, seats)
    return _Count(codes, papers, seats, seed).run()


class _Count:
    """The table of a count: who stands, who holds which papers, what has been recorded. A method is a rule or two."""

    def __init__(self, codes: tuple[str, ...], folded: Mapping[Ranking, int], seats: int, seed: str | None) -> None:
        self.seats, self.seed, self.papers = seats, seed, sum(folded.values())
        self.quota = (self.papers // (seats + 1) + 1) * ONE
        self.continuing = set(codes)
        self.elected: list[str] = []
        self.waiting: set[str] = set()
        self.parcels: dict[str, list[Parcel]] = {code: [] for code in codes}
        self.votes: Votes = dict.fromkeys(codes, 0)
        self.before: list[Votes] = []
        self.non_transferable = self.rounding = 0
        self.stages: list[Stage] = []
        self._first_preferences(folded)

    def run(self) -> TransferableVote:
        while len(self.elected) < self.seats:
            if self.waiting:
                self._transfer_surplus()
            else:
                self._exclude()
        return TransferableVote("wigm", self.seats, self.papers, tuple(self.elected), self.seed, tuple(self.stages))

    def _first_preferences(self, folded: Mapping[Ranking, int]) -> None:
        """Rules 45 and 46."""
        for ranking, papers in folded.items():
            self.parcels[ranking[0]].append(Parcel(ranking, 0, ONE, papers))
            self.votes[ranking[0]] += papers * ONE
        self._end_stage(Act.FIRST)

    def _transfer_surplus(self) -> None:
        """Rules 48 and 49: the largest surplus; each paper goes on at surplus × its value ÷ the votes, cut."""
        who, draws = self._whose_surplus()
        held, surplus = self.votes[who], self.votes[who] - self.quota
        received = self._hand_on(who, surplus, lambda value: surplus * value // held)
        self.votes[who] = self.quota
        self.waiting.discard(who)
        self._end_stage(Act.SURPLUS, who, received, draws, Decimals(surplus * ONE // held, PLACES))

    def _exclude(self) -> None:
        """Rules 50 and 51: the lowest candidate; each paper goes on at the value it had."""
        who, draws = self._lowest()
        self.continuing.discard(who)
        received = self._hand_on(who, self.votes[who], lambda value: value)
        self.votes[who] = 0
        self._end_stage(Act.EXCLUSION, who, received, draws)

    def _hand_on(self, who: str, total: int, worth: Callable[[int], int]) -> Votes:
        """Sort the papers of `who` by their next available preference and credit them; what each candidate received."""
        received: Votes = defaultdict(int)
        kept = 0
        for parcel in self.parcels[who]:
            value, position = worth(parcel.value), self._next_preference(parcel)
            kept += value * parcel.papers
            if position < len(parcel.ranking):
                to = parcel.ranking[position]
                self.parcels[to].append(Parcel(parcel.ranking, position, value, parcel.papers))
                received[to] += value * parcel.papers
        self.parcels[who] = []
        for code, units in received.items():
            self.votes[code] += units
        self.rounding += total - kept
        self.non_transferable += total - sum(received.values())
        return received

    def _next_preference(self, parcel: Parcel) -> int:
        position = parcel.position + 1
        while position < len(parcel.ranking) and parcel.ranking[position] not in self.continuing:
            position += 1
        return position

    def _whose_surplus(self) -> tuple[str, tuple[Draw, ...]]:
        """Rule 49. Equal surpluses are equal votes, so what is looked at is how the candidates stood before."""
        most = max(self.votes[code] for code in self.waiting)
        tied = self._by_earlier_stages([code for code in self.waiting if self.votes[code] == most], max)
        if len(tied) == 1:
            return tied[0], ()
        drawn = favour(self.seed, tied, 1, Reason.TRANSFER)
        return drawn.taken[0], (drawn,)

    def _lowest(self) -> tuple[str, tuple[Draw, ...]]:
        """Rules 50(1) and 51."""
        fewest = min(self.votes[code] for code in self.continuing)
        tied = self._by_earlier_stages([code for code in self.continuing if self.votes[code] == fewest], min)
        if len(tied) == 1:
            return tied[0], ()
        drawn = disfavour(self.seed, tied)
        return drawn.taken[0], (drawn,)

    def _by_earlier_stages(self, tied: list[str], extreme: Callable[[Iterable[int]], int]) -> list[str]:
        """Those of the tied who stood at the extreme at the most recent stage that tells them apart, then the next."""
        for votes in reversed(self.before):
            if len(tied) > 1:
                edge = extreme(votes[code] for code in tied)
                tied = [code for code in tied if votes[code] == edge]
        return tied

    def _end_stage(
        self,
        act: Act,
        of: str | None = None,
        received: Mapping[str, int] | None = None,
        draws: tuple[Draw, ...] = (),
        transfer_value: Decimals | None = None,
    ) -> None:
        """Rules 47 and 52: who has the quota is elected, and those left once there are no more of them than seats."""
        self.before.append(dict(self.votes))
        elected = self._elect([code for code in self.continuing if self.votes[code] >= self.quota])
        if len(self.continuing) <= self.seats - len(self.elected):
            elected += self._elect(list(self.continuing))
        self.waiting |= {code for code in elected if self.votes[code] > self.quota}
        self.stages.append(
            Stage(
                number=len(self.stages) + 1,
                act=act,
                of=of,
                transfer_value=transfer_value,
                quota=Decimals(self.quota, PLACES),
                votes=decimals(self.votes, PLACES),
                transferred=decimals(received or {}, PLACES),
                non_transferable=Decimals(self.non_transferable, PLACES),
                rounding=Decimals(self.rounding, PLACES),
                elected=tuple(elected),
                draws=draws,
            )
        )

    def _elect(self, codes: list[str]) -> list[str]:
        ranked = sorted(codes, key=lambda code: (-self.votes[code], code))
        self.elected += ranked
        self.continuing -= set(ranked)
        return ranked
