"""Intervals and tests of shares, and the correction for asking many questions at once. Standard library only.

The tail of the chi-square distribution has a closed form for whole degrees of freedom (Abramowitz & Stegun 1964, 26.4.4
and 26.4.5), so that a page needs no SciPy. The tests hold each figure against SciPy and statsmodels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, lgamma, log, sqrt
from statistics import NormalDist

Interval = tuple[float, float]

_Z95 = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Difference:
    """A second share less a first, with Newcombe's 95 % interval and the pooled two-proportion z-test.

    `p` is two-sided; `z` and `p` are None where both shares are 0 or both 1, as there is nothing to test.
    """

    difference: float
    ci95: Interval
    z: float | None
    p: float | None


def wilson_interval(count: float, whole: float) -> Interval:
    """Wilson's 95 % score interval of the share `count / whole`, `whole` > 0 (Wilson 1927; Newcombe 1998, method 3)."""
    share, square = count / whole, _Z95 * _Z95
    centre = share + square / (2 * whole)
    reach = _Z95 * sqrt(max(0.0, share * (1 - share)) / whole + square / (4 * whole * whole))
    scale = 1 + square / whole
    low = 0.0 if count == 0 else (centre - reach) / scale
    high = 1.0 if count == whole else (centre + reach) / scale
    return low, high


def difference(count: float, whole: float, later_count: float, later_whole: float) -> Difference:
    """The change from `count / whole` to `later_count / later_whole`; both wholes > 0 (Newcombe 1998, method 10)."""
    first, second = count / whole, later_count / later_whole
    (low, high), (later_low, later_high) = wilson_interval(count, whole), wilson_interval(later_count, later_whole)
    change = second - first
    below = sqrt((second - later_low) ** 2 + (high - first) ** 2)
    above = sqrt((later_high - second) ** 2 + (first - low) ** 2)
    pooled = (count + later_count) / (whole + later_whole)
    variance = pooled * (1 - pooled) * (1 / whole + 1 / later_whole)
    z = change / sqrt(variance) if variance > 0 else None
    return Difference(change, (change - below, change + above), z, None if z is None else normal_tails(z))


def normal_tails(z: float) -> float:
    """The chance that a standard normal variable is at least |z| away from 0."""
    return erfc(abs(z) / sqrt(2))


def chi_square_tail(statistic: float, df: int) -> float:
    """The chance that a chi-square variable with `df` >= 1 degrees of freedom is at least `statistic` >= 0."""
    half, odd = statistic / 2, df % 2
    if half == 0:
        return 1.0
    start = erfc(sqrt(half)) if odd else 0.0
    powers = (step + odd / 2 for step in range(df // 2))
    return min(1.0, start + sum(exp(power * log(half) - half - lgamma(power + 1)) for power in powers))


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """The p-values for having asked all of them, in the same order (Holm 1979); None is a question not asked.

    With a limit of .05 for what this returns, the chance of even one false alarm is at most 5 %.
    """
    asked = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    least = 0.0
    for rank, (p, place) in enumerate(asked):
        least = max(least, min(1.0, p * (len(asked) - rank)))
        adjusted[place] = least
    return adjusted


def effective_number(total: float, squares: float) -> float:
    """How many equally weighted persons tell as much: (Σw)² / Σw² (Kish 1965, 11.7); 0 without any weight."""
    return total * total / squares if squares > 0 else 0.0
