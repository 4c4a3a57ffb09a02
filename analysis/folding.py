"""Copies of one text: counted, never removed (analysis method, step 3).

Exact copies share a comparison key. Near copies are found by MinHash over character 4-grams (Broder 1997) and verified
on the 4-grams themselves. Long texts (campaigns with a changed sentence) link singly; short ones join one centre and
are never chained, because a chain of short texts soon links what has nothing in common.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.text import comparison_key

_GRAM = 4
_LONG = 40
"""Characters from which a text is long."""

_LONG_JACCARD = 0.5
_LONG_CONTAINMENT = 0.8
_SHORT_JACCARD = 0.7

_BANDS = 21
_ROWS = 3
"""63 permutations: a pair at Jaccard .5 is compared with probability .94, at .7 with .9998."""

_CROWDED = 50
"""A band shared by more texts than this compares each with the first only."""

_Grams = NDArray[np.uint64]


@dataclass(frozen=True)
class Fold:
    """Rows that say the same; the first of `members` is the one shown."""

    members: tuple[int, ...]
    kind: Literal["exact", "near"]


def fold(texts: Sequence[str]) -> list[Fold]:
    """Put every row of normalised `texts` into one fold; a text without a copy is an exact fold of one.

    Folds are ordered by their first row; within a near fold the commonest text comes first.
    """
    rows_of: dict[str, list[int]] = defaultdict(list)
    for row, text in enumerate(texts):
        rows_of[comparison_key(text)].append(row)
    keys = sorted(rows_of, key=lambda key: (-len(rows_of[key]), key))
    folds = []
    for group in _near_groups(keys):
        members = [row for index in group for row in rows_of[keys[index]]]
        folds.append(Fold(tuple(members), "near" if len(group) > 1 else "exact"))
    return sorted(folds, key=lambda each: min(each.members))


def _near_groups(keys: Sequence[str]) -> list[list[int]]:
    """Groups of indexes into `keys`, each in rising order; every index is in one."""
    grams = [_grams(key) for key in keys]
    centre = list(range(len(keys)))
    for first, second in sorted(_candidates(grams)):
        pair = grams[first], grams[second]
        long = min(len(keys[first]), len(keys[second])) >= _LONG
        if long and _are_long_copies(*pair):
            one, other = sorted((_root(centre, first), _root(centre, second)))
            centre[other] = one
        elif not long and centre[first] == first and centre[second] == second and _are_short_copies(*pair):
            centre[second] = first
    groups: dict[int, list[int]] = defaultdict(list)
    for index in range(len(keys)):
        groups[_root(centre, index)].append(index)
    return list(groups.values())


def _root(centre: list[int], index: int) -> int:
    while centre[index] != index:
        index = centre[index]
    return index


def _grams(key: str) -> _Grams:
    """The different 4-grams of `key` as 64-bit hashes, sorted; a shorter key is one gram."""
    codes = np.frombuffer(key.ljust(_GRAM, "\0").encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    codes = codes.astype(np.uint64)
    hashes = np.zeros(len(codes) - _GRAM + 1, dtype=np.uint64)
    for offset in range(_GRAM):
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + codes[offset : offset + len(hashes)]
        hashes ^= hashes >> np.uint64(29)
    return np.unique(hashes)


def _candidates(grams: Sequence[_Grams]) -> set[tuple[int, int]]:
    """Pairs (first < second) that agree in a whole band of their MinHash signatures."""
    if not grams:
        return set()
    signatures = _signatures(grams)
    pairs: set[tuple[int, int]] = set()
    for band in range(_BANDS):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for index, signature in enumerate(signatures[:, band * _ROWS : (band + 1) * _ROWS]):
            buckets[signature.tobytes()].append(index)
        for bucket in buckets.values():
            pairs.update(_pairs(bucket))
    return pairs


def _pairs(bucket: list[int]) -> Iterator[tuple[int, int]]:
    if len(bucket) <= _CROWDED:
        return combinations(bucket, 2)
    return ((bucket[0], other) for other in bucket[1:])


def _signatures(grams: Sequence[_Grams]) -> NDArray[np.uint64]:
    """One row per text, one column per permutation: the least permuted hash (multiply and shift)."""
    random = np.random.default_rng(0)
    multipliers = random.integers(1, 2**63, size=_BANDS * _ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    hashes = np.concatenate(grams)
    starts = np.cumsum([0, *(len(each) for each in grams[:-1])])
    columns = []
    for multiplier in multipliers:
        permuted = hashes * multiplier
        columns.append(np.minimum.reduceat(permuted ^ (permuted >> np.uint64(32)), starts))
    return np.column_stack(columns)


def _common(first: _Grams, second: _Grams) -> int:
    return len(np.intersect1d(first, second, assume_unique=True))


def _jaccard(first: _Grams, second: _Grams) -> float:
    common = _common(first, second)
    return common / (len(first) + len(second) - common)


def _are_short_copies(first: _Grams, second: _Grams) -> bool:
    return _jaccard(first, second) >= _SHORT_JACCARD


def _are_long_copies(first: _Grams, second: _Grams) -> bool:
    contained = _common(first, second) / min(len(first), len(second))
    return _jaccard(first, second) >= _LONG_JACCARD or contained >= _LONG_CONTAINMENT
