"""What plurality, approval, score and Borda have in common: a total for each option, the highest fill the seats."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from consultations.votes.counting.ballots import checked_seats
from consultations.votes.counting.draw import Draw, Reason, favour

Total = int | Fraction


@dataclass(frozen=True)
class Line:
    """One option. Options of equal total share a place (1, 2, 2, 4), also where a draw then chose between them."""

    option: str
    total: Total
    place: int
    elected: bool


@dataclass(frozen=True)
class Tally:
    """The lines from the highest total, equal ones by code; `draw` is there where a tie decided who is elected."""

    method: str
    seats: int
    ballots: int
    lines: tuple[Line, ...]
    elected: tuple[str, ...]
    seed: str | None
    draw: Draw | None


def tally(method: str, totals: Mapping[str, Total], ballots: int, seats: int, seed: str | None) -> Tally:
    """Elect the `seats` highest. A tie over the last seats is settled by the draw, or is SeedMissing without a seed."""
    ranked = sorted(totals, key=lambda code: (-totals[code], code))
    checked_seats(seats, tuple(ranked))
    last = totals[ranked[seats - 1]]
    sure = [code for code in ranked if totals[code] > last]
    tied = [code for code in ranked if totals[code] == last]
    drawn = favour(seed, tied, seats - len(sure), Reason.SEAT) if len(tied) > seats - len(sure) else None
    elected = (*sure, *(drawn.taken if drawn else tied))
    lines = tuple(
        Line(code, totals[code], 1 + sum(other > totals[code] for other in totals.values()), code in elected)
        for code in ranked
    )
    return Tally(method, seats, ballots, lines, elected, seed, drawn)
