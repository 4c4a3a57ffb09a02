"""Options and ballots as every method takes them: checked, folded, and without an order of their own.

Ballots come as (ballot, how often it was cast), so that 10⁵ of them fold into those that differ. The same ballot may
come many times; what it adds up to is one.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from itertools import pairwise
from typing import TypeVar

from consultations.votes.counting.errors import (
    BadCount,
    BadSeats,
    DoubledOption,
    EmptyCode,
    EmptyRank,
    NoBallots,
    NoOptions,
    RankedTwice,
    TooManyChoices,
    UnknownOption,
)

Ranking = tuple[str, ...]
"""Options from the most liked; those left out are below all of them. Empty: a blank ballot, counted and transferred to nobody."""

WeakRanking = tuple[frozenset[str], ...]
"""A ranking that may put several options at one rank."""

Given = TypeVar("Given")
Read = TypeVar("Read")


def checked_options(options: Iterable[str]) -> tuple[str, ...]:
    """The option codes in the order of the codes. Raises NoOptions, EmptyCode or DoubledOption."""
    codes = sorted(options)
    if not codes:
        raise NoOptions
    if not codes[0]:
        raise EmptyCode
    for first, second in pairwise(codes):
        if first == second:
            raise DoubledOption(first)
    return tuple(codes)


def checked_seats(seats: int, options: tuple[str, ...]) -> int:
    """`seats`, 1 to the number of options. Anything else is BadSeats."""
    if not 1 <= seats <= len(options):
        raise BadSeats(seats, len(options))
    return seats


def fold(ballots: Iterable[tuple[Given, int]], read: Callable[[Given], Read]) -> dict[Read, int]:
    """How often each ballot was cast, ballots read by `read`, in no order that matters.

    Raises what `read` raises, BadCount for a count that is no whole number or negative, and NoBallots when all is empty.
    """
    folded: dict[Read, int] = {}
    for ballot, count in ballots:
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            raise BadCount(count)
        one = read(ballot)
        if count:
            folded[one] = folded.get(one, 0) + count
    if not folded:
        raise NoBallots
    return folded


def read_choice(options: Iterable[str]) -> Callable[[str], str]:
    """Reads a ballot that names one option."""
    known = frozenset(options)

    def read(ballot: str) -> str:
        if ballot not in known:
            raise UnknownOption(ballot)
        return ballot

    return read


def read_choices(options: Iterable[str], most: int | None = None) -> Callable[[Iterable[str]], frozenset[str]]:
    """Reads a ballot that names any number of options, at most `most`; named twice is still once."""
    known = frozenset(options)

    def read(ballot: Iterable[str]) -> frozenset[str]:
        chosen = _codes(ballot)
        _refuse_strangers(chosen, known)
        if most is not None and len(chosen) > most:
            raise TooManyChoices(len(chosen), most)
        return chosen

    return read


def read_ranking(options: Iterable[str]) -> Callable[[Iterable[str]], Ranking]:
    """Reads a strict ranking."""
    known = frozenset(options)

    def read(ballot: Iterable[str]) -> Ranking:
        if isinstance(ballot, str):
            raise UnknownOption(ballot)
        ranked = tuple(ballot)
        seen = frozenset(ranked)
        _refuse_strangers(seen, known)
        if len(seen) < len(ranked):
            raise RankedTwice(next(code for number, code in enumerate(ranked) if code in ranked[:number]))
        return ranked

    return read


def read_weak_ranking(options: Iterable[str]) -> Callable[[Iterable[str | Iterable[str]]], WeakRanking]:
    """Reads a ranking whose ranks are an option or several options."""
    alone = {code: frozenset((code,)) for code in options}

    def read(ballot: Iterable[str | Iterable[str]]) -> WeakRanking:
        if isinstance(ballot, str):
            raise UnknownOption(ballot)
        ranks = tuple(_rank(rank, alone) for rank in ballot)
        seen: frozenset[str] = frozenset().union(*ranks)
        if len(seen) < sum(map(len, ranks)):
            raise RankedTwice(min(code for code in seen if sum(code in rank for rank in ranks) > 1))
        return ranks

    return read


def _rank(rank: str | Iterable[str], alone: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """One rank; an option alone on it is always the same object, so that a hundred thousand rankings stay small."""
    if isinstance(rank, str):
        if rank not in alone:
            raise UnknownOption(rank)
        return alone[rank]
    codes = frozenset(rank)
    _refuse_strangers(codes, alone.keys())
    if not codes:
        raise EmptyRank
    return codes


def _codes(ballot: Iterable[str]) -> frozenset[str]:
    if isinstance(ballot, str):
        raise UnknownOption(ballot)
    return frozenset(ballot)


def _refuse_strangers(codes: frozenset[str], known: Set[str]) -> None:
    if not codes <= known:
        raise UnknownOption(min(codes - known, key=str))
