"""What groups say: statements that set one apart, that all agree with, and that divide. Over counted reactions, pure.

Every list comes with intervals and keeps only what a test upholds after Holm's correction for all the tests behind it:
with 200 statements and five groups two thousand tests are made, and a hundred would "find" something by chance.
"""

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.significance import Interval, chi_square_tail, difference, holm, normal_tails, wilson_interval

MIN_SEEN = 5
"""Fewer reactions than this, inside or outside a group, tell nothing of a statement."""

MOST_REPRESENTATIVE = 5
"""As many for each group as Polis shows."""

_LIMIT = 0.05
_WORDS = {1: "agree", -1: "disagree"}


@dataclass(frozen=True)
class Tally:
    """Reactions by (group × statement): how many saw it (passes included), agreed, disagreed."""

    statements: tuple[str, ...]
    seen: NDArray[np.int64]
    agreed: NDArray[np.int64]
    disagreed: NDArray[np.int64]

    def said(self, direction: int) -> NDArray[np.int64]:
        """The agreements (1) or disagreements (-1)."""
        return self.agreed if direction > 0 else self.disagreed


@dataclass(frozen=True)
class Representative:
    """A statement that sets a group apart: it agrees (or disagrees) more than the others, and with most of its reactions.

    `p_value` is of the two-sided two-proportion z-test of the group against the others, `p_holm` after the correction;
    `ci95` is Wilson's of the group's share in that direction.
    """

    statement: str
    direction: str
    share_agree: float
    share_disagree: float
    p_value: float
    p_holm: float
    ci95: Interval
    seen: int

    def to_json(self) -> dict[str, Any]:
        """The published format; `p_holm`, `ci95` and `votes` are added."""
        return {
            "statement": self.statement,
            "direction": self.direction,
            "share_agree": self.share_agree,
            "share_disagree": self.share_disagree,
            "p_value": self.p_value,
            "p_holm": self.p_holm,
            "ci95": list(self.ci95),
            "votes": self.seen,
        }


@dataclass(frozen=True)
class Consensus:
    """A statement that most of every group agree with (or, among the rejected, disagree with).

    `across` is the group-aware consensus of Polis: the product over groups of (agreements + 1) / (reactions + 2);
    `ci95` is of the share in that direction, `p_holm` of that share being one half.
    """

    statement: str
    share_agree: float
    share_disagree: float
    across: float
    p_holm: float
    ci95: Interval

    def to_json(self) -> dict[str, Any]:
        return {
            "statement": self.statement,
            "share_agree": self.share_agree,
            "share_disagree": self.share_disagree,
            "group_aware": self.across,
            "p_holm": self.p_holm,
            "ci95": list(self.ci95),
        }


@dataclass(frozen=True)
class Divisive:
    """A statement on which groups differ: `spread` is the largest less the smallest share of agreement.

    `ci95` is Newcombe's interval of that difference, `p_holm` of the chi-square test that all groups agree alike.
    """

    statement: str
    spread: float
    shares: tuple[float | None, ...]
    p_holm: float
    ci95: Interval

    def to_json(self) -> dict[str, Any]:
        return {
            "statement": self.statement,
            "spread": self.spread,
            "share_agree": list(self.shares),
            "p_holm": self.p_holm,
            "ci95": list(self.ci95),
        }


def representative(tally: Tally, group: int) -> tuple[Representative, ...]:
    """At most five statements that set the group apart, the clearest first; none with a single group."""
    tests = _representative_tests(tally)
    found = []
    for place, statement in enumerate(tally.statements):
        for direction, (z, p, corrected) in tests.items():
            inside = tally.said(direction)[group, place]
            seen = tally.seen[group, place]
            if z[group, place] > 0 and corrected[group, place] < _LIMIT and 2 * inside > seen:
                one = Representative(
                    statement,
                    _WORDS[direction],
                    tally.agreed[group, place] / seen,
                    tally.disagreed[group, place] / seen,
                    float(p[group, place]),
                    float(corrected[group, place]),
                    wilson_interval(int(inside), int(seen)),
                    int(seen),
                )
                found.append((-z[group, place], place, one))
    return tuple(one for _, _, one in sorted(found, key=lambda each: each[:2])[:MOST_REPRESENTATIVE])


def consensus(tally: Tally, direction: int) -> tuple[Consensus, ...]:
    """Statements of which most of every group say the same, by group-aware consensus; needs 5 reactions in each group."""
    enough = np.flatnonzero((tally.seen >= MIN_SEEN).all(axis=0)) if len(tally.seen) else np.zeros(0, dtype=np.int64)
    seen, said = tally.seen[:, enough].sum(axis=0), tally.said(direction)[:, enough].sum(axis=0)
    z = (2 * said - seen) / np.sqrt(np.maximum(seen, 1))
    corrected = holm([normal_tails(float(one)) for one in z])
    found = []
    for place, p in zip(enough.tolist(), corrected, strict=True):
        groups = [
            (int(inside), int(all_seen))
            for inside, all_seen in zip(tally.said(direction)[:, place], tally.seen[:, place], strict=True)
        ]
        inside, whole = map(sum, zip(*groups, strict=True))
        if p is not None and p < _LIMIT and all(2 * said_in > seen_in for said_in, seen_in in groups):
            across = prod((said_in + 1) / (seen_in + 2) for said_in, seen_in in groups)
            agreed, disagreed = (float(counts[:, place].sum() / whole) for counts in (tally.agreed, tally.disagreed))
            interval = wilson_interval(inside, whole)
            found.append(Consensus(tally.statements[place], agreed, disagreed, across, p, interval))
    return tuple(sorted(found, key=lambda one: -one.across))


def divisive(tally: Tally) -> tuple[Divisive, ...]:
    """Statements on which the groups differ, the widest spread first; groups with under 5 reactions are left out."""
    candidates = []
    for place, statement in enumerate(tally.statements):
        groups = [
            (int(agreed), int(seen)) if seen >= MIN_SEEN else None
            for agreed, seen in zip(tally.agreed[:, place], tally.seen[:, place], strict=True)
        ]
        known = [group for group in groups if group]
        agreed, seen = sum(one for one, _ in known), sum(whole for _, whole in known)
        if len(known) > 1 and 0 < agreed < seen:
            share = agreed / seen
            statistic = sum((one - whole * share) ** 2 / (whole * share * (1 - share)) for one, whole in known)
            candidates.append((statement, groups, known, chi_square_tail(statistic, len(known) - 1)))
    found = []
    corrected = holm([p for *_, p in candidates])
    for (statement, groups, known, _), p in zip(candidates, corrected, strict=True):
        if p is not None and p < _LIMIT:
            by_share = sorted(known, key=lambda group: group[0] / group[1])
            spread = difference(*by_share[0], *by_share[-1])
            shares = tuple(group[0] / group[1] if group else None for group in groups)
            found.append(Divisive(statement, spread.difference, shares, p, spread.ci95))
    return tuple(sorted(found, key=lambda one: -one.spread))


_Tests = dict[int, tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]]


def _representative_tests(tally: Tally) -> _Tests:
    """By direction: z, two-sided p and corrected p (groups × statements) of each group against all others."""
    outside_seen = tally.seen.sum(axis=0) - tally.seen
    tested = (tally.seen >= MIN_SEEN) & (outside_seen >= MIN_SEEN)
    figures = {}
    for direction in _WORDS:
        inside = tally.said(direction)
        outside = inside.sum(axis=0) - inside
        whole, rest = np.maximum(tally.seen, 1), np.maximum(outside_seen, 1)
        pooled = (inside + outside) / (whole + rest)
        variance = pooled * (1 - pooled) * (1 / whole + 1 / rest)
        gap = inside / whole - outside / rest
        known = tested & (variance > 0)
        z = np.divide(gap, np.sqrt(variance), out=np.zeros_like(gap), where=known)
        p = np.ones_like(z)
        p[known] = [normal_tails(one) for one in z[known].tolist()]
        figures[direction] = (z, p, known)
    together = np.concatenate([p[known] for _, p, known in figures.values()])
    corrected = np.array(holm(together.tolist()), dtype=float)
    result: _Tests = {}
    start = 0
    for direction, (z, p, known) in figures.items():
        adjusted = np.ones_like(p)
        adjusted[known] = corrected[start : start + known.sum()]
        start += int(known.sum())
        result[direction] = (z, p, adjusted)
    return result
