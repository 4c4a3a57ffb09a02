"""The pairwise table: for each two options, how many ballots rank the one above the other.

An option that a ballot leaves out stands below all that it ranks, and beside the others left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from consultations.votes.counting.ballots import WeakRanking, checked_options, fold, read_weak_ranking
from consultations.votes.counting.errors import BadTable

Rows = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class PairwiseTable:
    """`above[a][b]`: ballots that rank a above b, for any two different options. `ballots` is None where not known."""

    options: tuple[str, ...]
    above: Rows
    ballots: int | None

    def beats(self, one: str, other: str) -> bool:
        return self.above[one][other] > self.above[other][one]

    @property
    def condorcet_winner(self) -> str | None:
        """The option that beats every other one, None without one."""
        return next((one for one in self.options if self._beats_all(one)), None)

    def _beats_all(self, one: str) -> bool:
        return all(self.beats(one, other) for other in self.options if other != one)


def pairwise_table(
    ballots: Iterable[tuple[Iterable[str | Iterable[str]], int]], options: Iterable[str]
) -> PairwiseTable:
    """Count rankings, which may put several options at one rank. Raises a CountRefused for what cannot be counted."""
    codes = checked_options(options)
    folded = fold(ballots, read_weak_ranking(codes))
    return PairwiseTable(codes, _above(folded, codes), sum(folded.values()))


def table_of(above: Rows) -> PairwiseTable:
    """A table somebody else has counted. Raises BadTable where a number is missing or negative."""
    codes = checked_options(above)
    rows = {one: {other: _number(above, one, other) for other in codes if other != one} for one in codes}
    return PairwiseTable(codes, rows, None)


def _number(above: Rows, one: str, other: str) -> int:
    number = above[one].get(other)
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise BadTable(one, other)
    return number


def _above(folded: Mapping[WeakRanking, int], options: tuple[str, ...]) -> Rows:
    """Rows added up as one large integer each, a field of bits for every option: a whole row is one addition.

    A field holds the number of all ballots, so none runs over into the next.
    """
    width = sum(folded.values()).bit_length()
    field = {code: 1 << (width * number) for number, code in enumerate(options)}
    whole = sum(field.values())
    rows = dict.fromkeys(options, 0)
    for ranking, count in folded.items():
        below, taken = (whole, field) if count == 1 else (whole * count, _times(field, count))
        for rank in ranking:
            for code in rank:
                below -= taken[code]
            for code in rank:
                rows[code] += below
    return {code: dict(_fields(row, width, code, options)) for code, row in rows.items()}


def _times(field: Mapping[str, int], count: int) -> Mapping[str, int]:
    return {code: unit * count for code, unit in field.items()}


def _fields(row: int, width: int, own: str, options: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    mask = (1 << width) - 1
    for number, code in enumerate(options):
        if code != own:
            yield code, (row >> (width * number)) & mask
