"""Texts as sets of character 4-grams, and MinHash signatures that find the sets that are alike (Broder 1997)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

GRAM = 4
BANDS = 21
ROWS = 3
"""63 permutations: a pair at Jaccard .5 shares a band with probability .94, at .7 with .9998."""

LEAST_AGREEING = 14
"""Of 63, compared by their last byte: a pair below is not looked at. At Jaccard .36 that happens to one in a hundred."""

_AT_ONCE = 100_000

Integers = NDArray[np.int64]
Grams = NDArray[np.int32]
Shares = NDArray[np.float64]


@dataclass(frozen=True)
class Shingles:
    """The 4-grams of many texts: one row each in `matrix` (0 or 1), `signatures` (63 columns) and `bands` (21)."""

    matrix: csr_matrix
    signatures: NDArray[np.uint32]
    bands: NDArray[np.uint64]

    def grams(self, row: int) -> Grams:
        """The different 4-grams of a text as 31-bit hashes, sorted."""
        found: Grams = self.matrix.indices[self.matrix.indptr[row] : self.matrix.indptr[row + 1]]
        return found

    @cached_property
    def sizes(self) -> Integers:
        """How many different 4-grams each text has."""
        sizes: Integers = np.diff(self.matrix.indptr).astype(np.int64)
        return sizes

    @cached_property
    def marks(self) -> NDArray[np.uint8]:
        """The last byte of every minimum: enough to see how many agree."""
        return self.signatures.astype(np.uint8)

    def similar_to(self, marks: NDArray[np.uint8], grams: Grams, rows: Integers) -> tuple[Shares, Shares]:
        """Jaccard and containment of one text, which need not be of these, with rows."""
        jaccard, containment = np.zeros(len(rows)), np.zeros(len(rows))
        place = np.flatnonzero((self.marks[rows] == marks).sum(axis=1) >= LEAST_AGREEING)
        if len(place):
            found = self.matrix[rows[place]]
            at = np.minimum(np.searchsorted(grams, found.indices), len(grams) - 1)
            common = np.add.reduceat((grams[at] == found.indices).astype(np.int64), found.indptr[:-1])
            sizes = self.sizes[rows[place]]
            jaccard[place] = common / (sizes + len(grams) - common)
            containment[place] = common / np.minimum(sizes, len(grams))
        return jaccard, containment

    def similar(self, first: Integers, second: Integers) -> tuple[Shares, Shares]:
        """Jaccard and containment (common over the smaller) of pairs of rows; 0 where the signatures disagree."""
        jaccard, containment = np.zeros(len(first)), np.zeros(len(first))
        sizes = self.sizes
        for start in range(0, len(first), _AT_ONCE):
            one, other = first[start : start + _AT_ONCE], second[start : start + _AT_ONCE]
            agreeing = (self.marks[one] == self.marks[other]).sum(axis=1) >= LEAST_AGREEING
            one, other, place = one[agreeing], other[agreeing], start + np.flatnonzero(agreeing)
            common = np.asarray(self.matrix[one].multiply(self.matrix[other]).sum(axis=1, dtype=np.int64)).ravel()
            jaccard[place] = common / (sizes[one] + sizes[other] - common)
            containment[place] = common / np.minimum(sizes[one], sizes[other])
        return jaccard, containment

    def sharing(self) -> Iterator[Integers]:
        """For every band and every value that several texts have there: those texts."""
        for band in self.bands.T:
            order = np.argsort(band, kind="stable")
            ends = np.flatnonzero(np.diff(band[order])) + 1
            starts = np.concatenate([[0], ends])
            sizes = np.diff(np.concatenate([starts, [len(order)]]))
            for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
                yield order[start : start + size]


def shingles(keys: Sequence[str]) -> Shingles:
    """The 4-grams of texts; a shorter text is one gram. At least one text."""
    padded = [key.ljust(GRAM, "\0") for key in keys]
    lengths = np.array([len(key) for key in padded], dtype=np.int64)
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    hashes = np.zeros(len(codes) - GRAM + 1, dtype=np.uint32)
    for offset in range(GRAM):
        hashes = (hashes ^ codes[offset : offset + len(hashes)]) * np.uint32(0x9E3779B1)
        hashes ^= hashes >> np.uint32(15)
    ends = np.cumsum(lengths)[:-1]
    inside = np.ones(len(hashes), dtype=bool)
    for back in range(1, GRAM):
        inside[ends - back] = False  # grams that reach into the next text
    hashes = hashes[inside] & np.uint32(0x7FFFFFFF)
    starts = np.concatenate([[0], np.cumsum(lengths - GRAM + 1)])
    signatures = _signatures(hashes, starts[:-1])
    ones = np.ones(len(hashes), dtype=np.int32)
    matrix = csr_matrix((ones, hashes.astype(np.int32), starts), shape=(len(keys), 2**31 - 1))
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return Shingles(matrix, signatures, _bands(signatures))


def _signatures(hashes: NDArray[np.uint32], starts: Integers) -> NDArray[np.uint32]:
    """One row per text, one column per permutation: the least permuted hash (multiply and shift)."""
    draw = np.random.default_rng(0)
    multipliers = draw.integers(1, 2**31, size=BANDS * ROWS, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    columns = []
    for multiplier in multipliers:
        permuted = hashes * multiplier
        permuted ^= permuted >> np.uint32(15)
        permuted *= np.uint32(0x85EBCA77)
        columns.append(np.minimum.reduceat(permuted, starts))
    return np.column_stack(columns)


def _bands(signatures: NDArray[np.uint32]) -> NDArray[np.uint64]:
    mixed = np.zeros((len(signatures), BANDS), dtype=np.uint64)
    for row in range(ROWS):
        mixed = (mixed ^ signatures[:, row::ROWS].astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return mixed
