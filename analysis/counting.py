"""What texts are made of, counted: words, pairs of words and pieces of two or three characters, one row per text."""

from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

MOST = 50_000
"""Different pairs or pieces that are told apart, the commonest."""

_BITS = 21
"""Of a code point."""

Codes = NDArray[np.int64]


def count(texts: Sequence[Sequence[str]]) -> tuple[sparse.csr_matrix, list[str]]:
    """How often each item stands in each text, and the items in order."""
    items = sorted(set(chain.from_iterable(texts)))
    place = {item: number for number, item in enumerate(items)}
    ends = np.cumsum([0, *map(len, texts)])
    columns = np.fromiter(map(place.__getitem__, chain.from_iterable(texts)), dtype=np.int32, count=int(ends[-1]))
    return _counts(columns, ends, len(items)), items


def with_pairs(forms: Sequence[str]) -> list[str]:
    """Every form and every two that follow each other: how something is put (道 が, how do)."""
    return [*forms, *(f"{first} {second}" for first, second in pairwise(forms))]


def piece_codes(texts: Iterable[str]) -> tuple[Codes, Codes]:
    """Two and three characters that follow each other in the words of texts, as numbers in alphabetical order.

    All of the first text, then all of the second …; the other array says where each text ends, from 0 on.
    """
    lowered = [text.lower() + "\n" for text in texts]
    written = np.frombuffer("".join(lowered).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
    inside = _is_alphanumeric(written)
    text_of = np.repeat(np.arange(len(lowered)), np.fromiter(map(len, lowered), dtype=np.int64, count=len(lowered)))
    two = np.flatnonzero(inside[:-1] & inside[1:]) if len(written) else np.zeros(0, dtype=np.int64)
    three = two[:-1][np.diff(two) == 1]
    codes = np.concatenate([_code(written, two, 2), _code(written, three, 3)])
    owners = np.concatenate([text_of[two], text_of[three]])
    ends = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=len(lowered)))])
    return codes[np.argsort(owners, kind="stable")], ends.astype(np.int64)


def count_codes(codes: Codes, ends: Codes, known: Codes) -> sparse.csr_matrix:
    """How often each of the `known` codes, which are sorted, stands in each text."""
    place = np.minimum(np.searchsorted(known, codes), max(len(known) - 1, 0))
    found = known[place] == codes if len(known) else np.zeros(len(codes), dtype=bool)
    kept = np.concatenate([[0], np.cumsum(found)])[ends]
    return _counts(place[found].astype(np.int32), kept, len(known))


def known_codes(codes: Codes, ends: Codes, least: int) -> Codes:
    """The codes in at least `least` texts and at most half of them, the commonest `MOST`, sorted."""
    different, place = np.unique(codes, return_inverse=True)
    counts = _counts(place.astype(np.int32), ends, len(different))
    return different[kept_columns(counts, least)]


def kept_columns(counts: sparse.csr_matrix, least: int, most: int | None = MOST) -> NDArray[np.int64]:
    """The columns in at least `least` rows and at most half of them; of more than `most` those in most rows."""
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    kept = np.flatnonzero((frequency >= least) & (frequency <= max(counts.shape[0] / 2, least)))
    if most is not None and len(kept) > most:
        kept = np.sort(kept[np.argsort(-frequency[kept], kind="stable")[:most]])
    return kept


def _counts(columns: NDArray[np.int32], ends: Codes, width: int) -> sparse.csr_matrix:
    counts = sparse.csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(ends) - 1, width))
    counts.sum_duplicates()
    return counts


def _is_alphanumeric(written: Codes) -> NDArray[np.bool_]:
    different, place = np.unique(written, return_inverse=True)
    inside: NDArray[np.bool_] = np.array([chr(code).isalnum() for code in different.tolist()], dtype=bool)[place]
    return inside


def _code(written: Codes, starts: Codes, length: int) -> Codes:
    code = np.zeros(len(starts), dtype=np.int64)
    for offset in range(3):
        code = (code << _BITS) + (written[starts + offset] if offset < length else 0)
    return code
