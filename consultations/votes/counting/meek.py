"""The single transferable vote by Meek's method, in decimals that anybody can recompute to the last one.

Meek, Une nouvelle approche du scrutin transférable, Mathématiques et Sciences Humaines 25 (1969); Hill, Wichmann &
Woodall, Algorithm 123: single transferable vote by Meek's method, The Computer Journal 30 (1987). The arithmetic is
that of the Reference Meek Rule of the Proportional Representation Foundation: nine decimals, products and quotients of
keep factors rounded up, the quota cut and raised by the last decimal, an iteration at its end when somebody is elected,
the surplus is under 0.000001 or no longer falls. A candidate within the remaining surplus of the lowest is tied with
the lowest (its step B.3); the tie is settled by the draw.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from consultations.votes.counting.ballots import Ranking
from consultations.votes.counting.draw import Draw, disfavour
from consultations.votes.counting.records import Decimals
from consultations.votes.counting.stv import Act, Stage, TransferableVote, decimals, read_papers

PLACES = 9
ONE = 10**PLACES
OMEGA = 10 ** (PLACES - 6)

Votes = dict[str, int]
"""In units of 0.000000001 votes."""


@dataclass
class _Node:
    """Ballots that agree so far: `papers` of them, and how they go on, sorted only once they are asked."""

    ballots: list[tuple[Ranking, int]]
    depth: int
    papers: int
    children: "dict[str, _Node] | None" = field(default=None)

    def by_next(self) -> "dict[str, _Node]":
        if self.children is None:
            piles: dict[str, list[tuple[Ranking, int]]] = defaultdict(list)
            for ranking, papers in self.ballots:
                if self.depth < len(ranking):
                    piles[ranking[self.depth]].append((ranking, papers))
            self.children = {
                code: _Node(pile, self.depth + 1, sum(papers for _, papers in pile)) for code, pile in piles.items()
            }
        return self.children


def meek(
    ballots: Iterable[tuple[Iterable[str], int]], options: Iterable[str], *, seats: int, seed: str | None = None
) -> TransferableVote:
    """Count strict rankings, complete or not, for `seats` seats; one stage for each election or exclusion.

    An empty ballot counts nowhere. Raises a CountRefused for what cannot be counted, SeedMissing where a lot has to be
    drawn without a seed.
    """
    codes, papers = read_papers(ballots, options, seats)
    return _Count(codes, papers, seats, seed).run()


@dataclass(frozen=True)
class _Iterated:
    """The end of an iteration: the votes, the quota, the whole surplus, and how often factors were computed."""

    votes: Votes
    quota: int
    surplus: int
    times: int
    keep: Mapping[str, int]


class _Count:
    """Who hopes, who is elected with which keep factor, and what has been recorded."""

    def __init__(self, codes: tuple[str, ...], folded: Mapping[Ranking, int], seats: int, seed: str | None) -> None:
        self.codes, self.folded, self.seats, self.seed = codes, folded, seats, seed
        self.papers = sum(folded.values())
        self.hopeful = set(codes)
        self.keep = dict.fromkeys(codes, ONE)
        self.elected: list[str] = []
        self.tree = _tree(folded, self.hopeful)
        self.stages: list[Stage] = []

    def run(self) -> TransferableVote:
        act, of, draws = Act.FIRST, None, tuple[Draw, ...]()
        while True:
            iterated = self._iterate()
            elected = self._elect(iterated)
            self._record(act, of, draws, iterated, elected)
            if len(self.elected) == self.seats:
                break
            act, of, draws = Act.ITERATION, None, ()
            if not elected:
                of, draws = self._exclude(iterated)
                act = Act.EXCLUSION
        return TransferableVote("meek", self.seats, self.papers, tuple(self.elected), self.seed, tuple(self.stages))

    def _iterate(self) -> _Iterated:
        """Steps B.2.a to B.2.f: distribute, and lower the factors of the elected until an end is reached."""
        surplus = None
        times = 0
        while True:
            votes = self._distribute()
            quota = sum(votes.values()) // (self.seats + 1) + 1
            excess = max(0, sum(votes[code] - quota for code in self.elected))
            won = any(votes[code] >= quota for code in self.hopeful)
            if won or excess < OMEGA or (surplus is not None and excess >= surplus):
                return _Iterated(votes, quota, excess, times, dict(self.keep))
            for code in self.elected:
                self.keep[code] = _up(_up(self.keep[code] * quota, ONE) * ONE, votes[code])
            surplus = excess
            times += 1

    def _distribute(self) -> Votes:
        """Step B.2.a: each candidate keeps a share of each ballot that arrives, the rest goes on."""
        votes = dict.fromkeys(self.codes, 0)
        waiting = [(self.tree, ONE)]
        while waiting:
            node, weight = waiting.pop()
            for code, child in node.by_next().items():
                kept = _up(weight * self.keep[code], ONE)
                votes[code] += kept * child.papers
                if kept < weight:
                    waiting.append((child, weight - kept))
        return votes

    def _elect(self, iterated: _Iterated) -> tuple[str, ...]:
        """Steps B.2.c and C: those with the quota, or all once there are no more of them than seats."""
        votes = iterated.votes
        elected = {code for code in self.hopeful if votes[code] >= iterated.quota}
        if len(self.hopeful) <= self.seats - len(self.elected):
            elected = set(self.hopeful)
        ranked = sorted(elected, key=lambda code: (-votes[code], code))
        self.elected += ranked
        self.hopeful -= elected
        return tuple(ranked)

    def _exclude(self, iterated: _Iterated) -> tuple[str, tuple[Draw, ...]]:
        """Step B.3."""
        lowest = min(iterated.votes[code] for code in self.hopeful)
        tied = [code for code in self.hopeful if iterated.votes[code] <= lowest + iterated.surplus]
        draws = (disfavour(self.seed, tied),) if len(tied) > 1 else ()
        who = draws[0].taken[0] if draws else tied[0]
        self.hopeful.discard(who)
        self.keep[who] = 0
        self.tree = _tree(self.folded, self.hopeful | set(self.elected))
        return who, draws

    def _record(
        self, act: Act, of: str | None, draws: tuple[Draw, ...], iterated: _Iterated, elected: tuple[str, ...]
    ) -> None:
        lost = self.papers * ONE - sum(iterated.votes.values())
        self.stages.append(
            Stage(
                number=len(self.stages) + 1,
                act=act,
                of=of,
                transfer_value=None,
                quota=Decimals(iterated.quota, PLACES),
                votes=decimals(iterated.votes, PLACES),
                transferred={},
                non_transferable=Decimals(lost, PLACES),
                rounding=Decimals(0, PLACES),
                elected=elected,
                draws=draws,
                keep=decimals(iterated.keep, PLACES),
                iterations=iterated.times,
            )
        )


def _tree(folded: Mapping[Ranking, int], standing: set[str]) -> _Node:
    """The ballots without the excluded candidates, folded anew."""
    left: dict[Ranking, int] = defaultdict(int)
    for ranking, papers in folded.items():
        left[tuple(code for code in ranking if code in standing)] += papers
    return _Node(list(left.items()), 0, sum(left.values()))


def _up(number: int, divisor: int) -> int:
    return -(-number // divisor)
