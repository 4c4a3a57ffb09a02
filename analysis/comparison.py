"""Two published runs beside each other: which topics go on, which comments moved."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.clusters import agreement

Document = Mapping[str, Any]
"""A run as published ("Analysis output (version 1)"), read from its JSON."""

CONTINUES_FROM = 0.3
"""A topic goes on in another when at least this share of the comments in either is in both."""


@dataclass(frozen=True)
class Match:
    """A topic of the first run and the one of the second it goes on in; one of them is None where it ends or begins.

    `shared` counts comments in both, `jaccard` is their share of the comments in either (of those in both runs).
    """

    first: str | None
    second: str | None
    shared: int
    jaccard: float


@dataclass(frozen=True)
class Moved:
    """A comment whose topic of the second run is not the one its first topic goes on in, or whose place has changed."""

    id: str
    first: str | None
    second: str | None
    places: tuple[str, str]


@dataclass(frozen=True)
class Comparison:
    """What two runs have in common.

    `agreement` is the adjusted Rand index of the comments that are core in both (1 when there are fewer than two);
    `stayed` counts comments of both runs that are not in `moved`.
    """

    topics: tuple[Match, ...]
    moved: tuple[Moved, ...]
    stayed: int
    agreement: float
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


def compare(first: Document, second: Document) -> Comparison:
    """Match first-level topics one to one by overlap (Kuhn 1955) and say of every comment in both whether it moved.

    Topics of the second level count as the topic they are a part of.
    """
    before, after = _places(first), _places(second)
    both = [comment for comment in before if comment in after]
    matches = _matches(first, second, [(before[each][0], after[each][0]) for each in both])
    goes_on: dict[str | None, str | None] = {each.first: each.second for each in matches if each.first is not None}
    moved = tuple(
        Moved(each, before[each][0], after[each][0], (before[each][1], after[each][1]))
        for each in both
        if goes_on.get(before[each][0]) != after[each][0]
        or (before[each][1] == "unassigned") != (after[each][0] is None)
    )
    core = [each for each in both if before[each][1] == after[each][1] == "core"]
    return Comparison(
        topics=matches,
        moved=moved,
        stayed=len(both) - len(moved),
        agreement=agreement(_numbered(before, core), _numbered(after, core)),
        only_first=tuple(each for each in before if each not in after),
        only_second=tuple(each for each in after if each not in before),
    )


def _places(run: Document) -> dict[str, tuple[str | None, str]]:
    """Per comment its first-level topic and its place."""
    parents = {topic["id"]: topic["parent"] or topic["id"] for topic in run["topics"]}
    return {each["id"]: (parents.get(each["topic"]), each["place"]) for each in run["assignments"]}


def _numbered(places: Mapping[str, tuple[str | None, str]], comments: Sequence[str]) -> NDArray[np.int64]:
    """The topic of every comment as a number."""
    numbers: dict[str | None, int] = {}
    return np.array([numbers.setdefault(places[each][0], len(numbers)) for each in comments], dtype=np.int64)


def _matches(first: Document, second: Document, pairs: list[tuple[str | None, str | None]]) -> tuple[Match, ...]:
    from scipy.optimize import linear_sum_assignment  # takes longer to load than new comments take to join

    ours, theirs = ([topic["id"] for topic in run["topics"] if topic["parent"] is None] for run in (first, second))
    together = Counter(pairs)
    sizes = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    shared = np.array([[together[one, other] for other in theirs] for one in ours]).reshape(len(ours), len(theirs))
    either = np.array([[sizes[0][one] + sizes[1][other] for other in theirs] for one in ours]).reshape(shared.shape)
    jaccard = shared / np.maximum(either - shared, 1)
    found = [
        Match(ours[row], theirs[column], int(shared[row, column]), float(jaccard[row, column]))
        for row, column in zip(*linear_sum_assignment(jaccard, maximize=True), strict=True)
        if jaccard[row, column] >= CONTINUES_FROM
    ]
    ended = set(ours) - {match.first for match in found}
    begun = set(theirs) - {match.second for match in found}
    return (
        *found,
        *(Match(each, None, 0, 0.0) for each in ours if each in ended),
        *(Match(None, each, 0, 0.0) for each in theirs if each in begun),
    )
