"""Which passages of two versions are the same one, in time that grows with their number and no faster. Pure.

Equal passages are paired first, keeping the order; what lies between two pairs is then paired by likeness.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from typing import Final

SAME_PASSAGE: Final = 0.5
"""Smallest likeness (0–1) at which a changed passage is still the one of the version before."""

NEAR: Final = 20
"""How many passages of the version before are compared with one of the version after."""

ROUNDS: Final = 8
"""How often what lies between two pairs is searched again for equal passages."""

Pair = tuple[int, int]


def equal_pairs(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[Pair]:
    """Pairs of places with equal content, both rising; as many as an ordered pairing of the rarer ones allows."""
    return sorted(_equal(before, after, range(len(before)), range(len(after)), ROUNDS))


def _equal(
    before: Sequence[Hashable], after: Sequence[Hashable], old: range, new: range, rounds: int
) -> Iterator[Pair]:
    while old and new and before[old[0]] == after[new[0]]:
        yield old[0], new[0]
        old, new = old[1:], new[1:]
    while old and new and before[old[-1]] == after[new[-1]]:
        yield old[-1], new[-1]
        old, new = old[:-1], new[:-1]
    if not old or not new or not rounds:
        return
    fixed = _rising(_alone(before, after, old, new)) or _rising(_by_turn(before, after, old, new))
    yield from fixed
    if fixed:
        for left, right in gaps(fixed, old, new):
            yield from _equal(before, after, left, right, rounds - 1)


def _alone(before: Sequence[Hashable], after: Sequence[Hashable], old: range, new: range) -> list[Pair]:
    """Places of what stands exactly once on either side."""
    here, there = Counter(before[i] for i in old), Counter(after[i] for i in new)
    place = {before[i]: i for i in old if here[before[i]] == 1}
    return [(place[after[i]], i) for i in new if there[after[i]] == 1 and after[i] in place]


def _by_turn(before: Sequence[Hashable], after: Sequence[Hashable], old: range, new: range) -> list[Pair]:
    """What stands several times: the first with the first, the second with the second."""
    places: dict[Hashable, list[int]] = {}
    for i in reversed(old):
        places.setdefault(before[i], []).append(i)
    return [(places[after[i]].pop(), i) for i in new if places.get(after[i])]


def _rising(pairs: Sequence[Pair]) -> list[Pair]:
    """The longest run of pairs (rising on the right) that rises on the left too."""
    ends: list[int] = []  # smallest last left place of a run of each length
    last: list[int] = []  # which pair that is
    previous: list[int] = []
    for number, (left, _right) in enumerate(pairs):
        length = bisect_left(ends, left)
        previous.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [left]
        last[length : length + 1] = [number]
    found: list[Pair] = []
    number = last[-1] if last else -1
    while number >= 0:
        found.append(pairs[number])
        number = previous[number]
    return found[::-1]


def gaps(pairs: Sequence[Pair], old: range, new: range) -> Iterator[tuple[range, range]]:
    """What lies between one pair and the next on either side; only where both sides have something."""
    left, right = old.start, new.start
    for place, other in [*pairs, (old.stop, new.stop)]:
        if left < place and right < other:
            yield range(left, place), range(right, other)
        left, right = place + 1, other + 1


def marks(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters in a text: what `likeness` compares."""
    bare = "".join(text.split())
    return frozenset(map("".join, zip(f" {bare}", f"{bare} ", strict=True)))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of pairs of characters two texts have in common (Dice), 0–1."""
    return 2 * len(one & other) / (len(one) + len(other))


def alike_pairs(
    before: Sequence[tuple[Hashable, frozenset[str]]],
    after: Sequence[tuple[Hashable, frozenset[str]]],
    old: range,
    new: range,
) -> Iterator[Pair]:
    """Changed passages of one kind paired in order, each with the one near it that it is most like."""
    first = old.start
    for place in new:
        kind, mine = after[place]
        near = [i for i in range(first, min(old.stop, first + NEAR)) if before[i][0] == kind]
        best = max(near, key=lambda i: likeness(before[i][1], mine), default=None)
        if best is not None and likeness(before[best][1], mine) >= SAME_PASSAGE:
            yield best, place
            first = best + 1
