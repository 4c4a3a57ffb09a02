"""Mean, median and net promoter score from counts of values. Pure."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction


def mean(counts: Mapping[Decimal, int]) -> float:
    """The arithmetic mean of at least one value."""
    total = sum(Fraction(value) * count for value, count in counts.items())
    return float(total / sum(counts.values()))


def median(counts: Mapping[Decimal, int]) -> float:
    """The middle value, or the mean of the two middle ones, of at least one value."""
    n = sum(counts.values())
    lower, upper = (_nth(counts, place) for place in ((n - 1) // 2, n // 2))
    return float((lower + upper) / 2)


def _nth(counts: Mapping[Decimal, int], place: int) -> Decimal:
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen > place:
            return value
    raise IndexError(place)


def net_promoter_score(counts: Mapping[Decimal, int]) -> float:
    """Share of 9 and 10 minus share of 0 to 6, in points from −100 to 100 (Reichheld, Harvard Business Review 2003)."""
    n = sum(counts.values())
    promoters = sum(count for value, count in counts.items() if value >= 9)
    detractors = sum(count for value, count in counts.items() if value <= 6)
    return 100 * (promoters - detractors) / n
