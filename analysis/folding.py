"""Copies of one text: counted, never removed (analysis method, step 3).

Exact copies share a comparison key. Near copies share a band of their MinHash signatures and pass a check on the
4-grams themselves. Long texts (campaigns with a changed sentence) link singly; short ones join one centre and are never
chained, because a chain of short texts soon links what has nothing in common. Which texts are linked, and which is a
centre, follows from the set of texts and their counts alone: neither the order of rows nor the way they came matters.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.shingles import Integers, Shares, Shingles, shingles
from analysis.text import comparison_key

LONG = 40
"""Characters of the comparison key from which a text is long."""

_LONG_JACCARD = 0.5
_LONG_CONTAINMENT = 0.8
_SHORT_JACCARD = 0.7

_CROWDED = 64
"""A band that more texts share is not looked through pair by pair, but from one text after another."""

_CHUNK = 64
"""Texts of one group that are compared at once."""

Flags = NDArray[np.bool_]

Links = dict[int, float]
"""The texts linked to one, with their Jaccard."""


@dataclass(frozen=True)
class Fold:
    """Rows that say the same; the first of `members` is the one shown."""

    members: tuple[int, ...]
    kind: Literal["exact", "near"]


def fold(texts: Sequence[str]) -> list[Fold]:
    """Put every row of normalised `texts` into one fold; a text without a copy is an exact fold of one.

    Folds are ordered by their first row; within a near fold the commonest text comes first.
    """
    return FoldIndex(texts).folds()


class FoldIndex:
    """Folded texts to which further ones can be added one by one; the folds are those of folding all at once.

    Rows are numbered from 0 in the order they came.
    """

    def __init__(self, texts: Sequence[str] = ()) -> None:
        self._rows: list[list[int]] = []  # of each key
        self._number: dict[str, int] = {}  # of each key
        self._key_of: list[int] = []  # of each row
        for text in texts:
            self._count(comparison_key(text))
        self._keys = list(self._number)
        self._long = [len(key) >= LONG for key in self._keys]
        self._found = _Found(self._keys)
        self._parent = list(range(len(self._keys)))
        self._joined: dict[int, list[int]] = {}  # the texts under a root, where there are several
        self._centre: dict[int, bool] = {}
        self._home: dict[int, tuple[int, float]] = {}  # of a short text that is no centre, with its Jaccard
        self._guests: dict[int, set[int]] = defaultdict(set)
        if self._keys:
            self._build()

    def __len__(self) -> int:
        """How many rows."""
        return len(self._key_of)

    def folds(self) -> list[Fold]:
        """Every row in one fold, ordered by first row."""
        groups = [self._group(number) for number in range(len(self._keys)) if self._leads(number)]
        return sorted((self._fold(group) for group in groups), key=lambda each: min(each.members))

    def fold_of(self, row: int) -> Fold:
        """The fold a row lies in now."""
        return self._fold(self._group(self._key_of[row]))

    def add(self, text: str) -> int:
        """Fold one more normalised text in; its row."""
        key = comparison_key(text)
        number = self._count(key)
        if number == len(self._keys):
            self._keys.append(key)
            self._long.append(len(key) >= LONG)
            self._parent.append(number)
            self._found.add(key)
            self._place(number)
        elif not self._long[number] and not self._centre[number]:
            self._settle([number], {})
        return len(self._key_of) - 1

    def _count(self, key: str) -> int:
        number = self._number.setdefault(key, len(self._number))
        if number == len(self._rows):
            self._rows.append([])
        self._rows[number].append(len(self._key_of))
        self._key_of.append(number)
        return number

    # Links

    def _linked(self, number: int, others: Integers) -> Links:
        """Which of `others` are linked to a text, by the 4-grams."""
        jaccard, containment = self._found.similar(number, others)
        long = self._long[number] & np.array([self._long[other] for other in others.tolist()], dtype=bool)
        linked = _are_linked(jaccard, containment, long)
        return dict(zip(others[linked].tolist(), jaccard[linked].tolist(), strict=True))

    def _links(self, number: int) -> Links:
        return self._linked(number, self._found.sharing_with(number))

    # Long texts

    def _root(self, number: int) -> int:
        while self._parent[number] != number:
            self._parent[number] = self._parent[self._parent[number]]
            number = self._parent[number]
        return number

    def _join(self, first: int, second: int) -> None:
        first, second = self._root(first), self._root(second)
        if first == second:
            return
        ones, others = self._joined.pop(first, [first]), self._joined.pop(second, [second])
        if len(ones) < len(others):
            first, second, ones, others = second, first, others, ones
        self._parent[second] = first
        self._joined[first] = ones + others if len(ones) == 1 else ones
        if len(ones) > 1:
            ones.extend(others)

    def _join_linked(self, number: int, others: Integers) -> None:
        """Join a long text with the groups of `others` it is linked to: one link of each group is enough."""
        apart: dict[int, list[int]] = defaultdict(list)
        for other in others.tolist():
            if self._long[other]:
                apart[self._root(other)].append(other)
        while apart:
            some = [other for members in apart.values() for other in members[-_CHUNK:]]
            for other in self._linked(number, np.array(some)):
                self._join(number, other)
            mine = self._root(number)
            apart = {root: members[:-_CHUNK] for root, members in apart.items() if self._root(root) != mine}
            apart = {root: members for root, members in apart.items() if members}

    # Short texts

    def _order(self, number: int) -> tuple[int, str]:
        return -len(self._rows[number]), self._keys[number]

    def _is_centre(self, number: int, links: Links) -> bool:
        """Whether a short text is linked neither to a long one nor to a centre that comes before it."""
        own = self._order(number)
        return not any(
            self._long[other] or (self._centre.get(other, False) and self._order(other) < own) for other in links
        )

    def _settle(self, numbers: Iterable[int], known: dict[int, Links]) -> None:
        """Decide anew which of these short texts are centres, and of all that hangs on them."""
        dirty = list(numbers)
        heap = [(self._order(number), number) for number in dirty]
        heapq.heapify(heap)
        changed: set[int] = set()
        while heap:
            own, number = heapq.heappop(heap)
            links = known[number] = known.get(number) or self._links(number)
            centre = self._is_centre(number, links)
            if centre != self._centre.get(number):
                self._centre[number] = centre
                changed.add(number)
                for other in links:
                    if not self._long[other] and other in self._centre and self._order(other) > own:
                        heapq.heappush(heap, (self._order(other), other))
        self._house({*dirty, *changed}, changed, known)

    def _house(self, numbers: set[int], changed: set[int], known: dict[int, Links]) -> None:
        """Find homes for `numbers` and for those whose centre is new or gone."""
        for number in sorted(changed):
            numbers |= self._guests[number]
            for other, jaccard in known[number].items():
                if self._centre[number] and self._centre.get(other) is False:
                    self._offer(other, number, jaccard)
        for number in sorted(numbers):
            self._leave(number)
            if not self._centre[number]:
                links = known.get(number) or self._links(number)
                for other, jaccard in links.items():
                    if self._long[other] or self._centre[other]:
                        self._offer(number, other, jaccard)

    def _offer(self, number: int, home: int, jaccard: float) -> None:
        """The most similar home is taken, of equal ones the first by key."""
        now, before = self._home.get(number, (home, -1.0))
        if (-jaccard, self._keys[home]) < (-before, self._keys[now]):
            self._leave(number)
            self._home[number] = home, jaccard
            self._guests[home].add(number)

    def _leave(self, number: int) -> None:
        if number in self._home:
            self._guests[self._home.pop(number)[0]].discard(number)

    # All at once, and one by one

    def _build(self) -> None:
        first, second = self._found.pairs()
        is_long = np.array(self._long)
        known: dict[int, Links] = {number: {} for number, is_one in enumerate(self._long) if not is_one}
        self._link_pairs(first, second, is_long[first] & is_long[second], known)
        for crowd in self._found.crowds():
            self._link_crowd(crowd, known)
        self._centre = dict.fromkeys(known, False)
        for number in sorted(known, key=self._order):
            self._centre[number] = self._is_centre(number, known[number])
        for number, links in known.items():
            if not self._centre[number]:
                for other, similar in links.items():
                    if self._long[other] or self._centre[other]:
                        self._offer(number, other, similar)

    def _link_crowd(self, crowd: Integers, known: dict[int, Links]) -> None:
        """The links among many texts that share a band; long ones that are joined already are not compared again."""
        is_long = np.array([self._long[number] for number in crowd.tolist()])
        for start in [0, *range(1, len(crowd), _CHUNK)]:
            roots = np.array([self._root(number) for number in crowd.tolist()])
            rows = np.arange(start, min(start + _CHUNK, len(crowd)) if start else 1)[:, None]
            joined = is_long[rows] & is_long & (roots[rows] == roots)
            ones, others = np.nonzero((rows < np.arange(len(crowd))) & ~joined)
            ones += start
            both = is_long[ones] & is_long[others]
            self._link_pairs(crowd[ones], crowd[others], both, known)

    def _link_pairs(self, first: Integers, second: Integers, both: Flags, known: dict[int, Links]) -> None:
        """Join the linked pairs of `both` long texts, note the links of short ones in `known`."""
        jaccard, containment = self._found.base.similar(first, second)
        linked = _are_linked(jaccard, containment, both)
        for one, other in zip(first[linked & both].tolist(), second[linked & both].tolist(), strict=True):
            self._join(one, other)
        short = linked & ~both
        for one, other, similar in zip(
            first[short].tolist(), second[short].tolist(), jaccard[short].tolist(), strict=True
        ):
            for this, that in ((one, other), (other, one)):
                if this in known:
                    known[this][that] = similar

    def _place(self, number: int) -> None:
        """Find the place of a text that is new."""
        if not self._long[number]:
            self._settle([number], {})
            return
        others = self._found.sharing_with(number)
        self._join_linked(number, others)
        short = np.array([other for other in others.tolist() if not self._long[other]], dtype=np.int64)
        self._settle(self._linked(number, short), {})

    # Groups

    def _leads(self, number: int) -> bool:
        return self._root(number) == number if self._long[number] else self._centre[number]

    def _group(self, number: int) -> Iterator[int]:
        """The keys that fold with a key, in no order."""
        leading = self._home[number][0] if number in self._home else number
        root = self._root(leading)
        for member in self._joined.get(root, [root]):
            yield member
            yield from self._guests.get(member, ())

    def _fold(self, group: Iterable[int]) -> Fold:
        numbers = sorted(group, key=self._order)
        members = tuple(row for number in numbers for row in self._rows[number])
        return Fold(members, "near" if len(numbers) > 1 else "exact")


def _are_linked(jaccard: Shares, containment: Shares, long: Flags) -> Flags:
    of_long = (jaccard >= _LONG_JACCARD) | (containment >= _LONG_CONTAINMENT)
    linked: Flags = np.where(long, of_long, jaccard >= _SHORT_JACCARD)
    return linked


class _Found:
    """Which texts share a band: those known from the start sorted by band, those added in dictionaries."""

    def __init__(self, keys: Sequence[str]) -> None:
        self.base: Shingles = shingles(keys or [""])
        self._size = len(keys)
        self._order = np.argsort(self.base.bands[: self._size], axis=0, kind="stable")
        self._sorted = np.take_along_axis(self.base.bands[: self._size], self._order, axis=0)
        self._added: list[Shingles] = []
        self._buckets: list[dict[int, list[int]]] = [defaultdict(list) for _ in self.base.bands.T]

    def add(self, key: str) -> None:
        one = shingles([key])
        number = self._size + len(self._added)
        self._added.append(one)
        for bucket, value in zip(self._buckets, one.bands[0].tolist(), strict=True):
            bucket[value].append(number)

    def _of(self, number: int) -> tuple[Shingles, int]:
        return (self.base, number) if number < self._size else (self._added[number - self._size], 0)

    def sharing_with(self, number: int) -> Integers:
        """The other texts that share a band with one, rising."""
        of, row = self._of(number)
        found: list[Integers] = []
        for band, value in enumerate(of.bands[row]):
            start = np.searchsorted(self._sorted[:, band], value, side="left")
            end = np.searchsorted(self._sorted[:, band], value, side="right")
            found.append(self._order[start:end, band])
            found.append(np.array(self._buckets[band].get(int(value), []), dtype=np.int64))
        others = np.unique(np.concatenate(found))
        apart: Integers = others[others != number]
        return apart

    def similar(self, number: int, others: Integers) -> tuple[Shares, Shares]:
        """Jaccard and containment of a text with others; 0 where the signatures disagree."""
        of, row = self._of(number)
        one = of.marks[row], of.grams(row)
        jaccard, containment = np.zeros(len(others)), np.zeros(len(others))
        known = others < self._size
        jaccard[known], containment[known] = self.base.similar_to(*one, others[known])
        for place in np.flatnonzero(~known).tolist():
            other, at = self._of(int(others[place]))
            jaccard[place : place + 1], containment[place : place + 1] = other.similar_to(*one, np.array([at]))
        return jaccard, containment

    def crowds(self) -> list[Integers]:
        """The sets of texts, largest first, that share a band with many."""
        found = {each.tobytes(): each for each in self.base.sharing() if len(each) > _CROWDED}
        return sorted(found.values(), key=lambda each: (-len(each), each.tobytes()))

    def pairs(self) -> tuple[Integers, Integers]:
        """Every pair (first < second) of texts that share a band with few others."""
        width = max(self._size, 1)
        codes = []
        for order, values in zip(self._order.T, self._sorted.T, strict=True):
            starts = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
            sizes = np.diff(np.concatenate([starts, [len(values)]]))
            crowded = np.repeat(sizes > _CROWDED, sizes)
            places = np.flatnonzero(~crowded)
            for apart in range(1, _CROWDED):
                places = places[places + apart < len(values)]
                places = places[values[places] == values[places + apart]]
                if not len(places):
                    break
                one, other = order[places], order[places + apart]
                codes.append(np.minimum(one, other) * width + np.maximum(one, other))
        sorted_codes = np.sort(np.concatenate(codes)) if codes else np.zeros(0, dtype=np.int64)
        unique = sorted_codes[
            np.diff(sorted_codes, prepend=-1) > 0
        ]  # by sorting: np.unique hashes, four times as slowly
        return unique // width, unique % width
