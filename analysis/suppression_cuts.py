"""What every safe choice obeys, as rows of an integer programme.

Some rows are known beforehand: in a sum, no hidden count is the only one. The others are learned from failures by Benders'
argument (Fischetti & Salazar 2001; Castro 2012): the reduced costs that prove how narrow a count is say how much wider it
becomes by hiding which others.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.bounds import Numbers, dual_bounds
from analysis.inference import Rule
from analysis.suppression_attack import Check
from analysis.suppression_columns import Columns, Mask
from analysis.suppression_problem import is_sum

_NEAR = 1e-6
_CUTS_A_PLACE = 4


@dataclass
class Cut:
    """Any safe choice has `gains @ hidden + base >= need` while all of `given` is hidden; `gains` are by column."""

    base: float
    gains: Numbers
    need: float
    given: tuple[int, ...]


class Lessons:
    """The cuts that failures teach."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._near: dict[frozenset[str], NDArray[np.int64]] = {}

    def of_all(self, failed: Iterable[Check], hidden: Mask) -> Iterator[Cut]:
        """What the failures of a choice teach, from a few of each place: more of them would say much the same."""
        tried: Counter[bytes] = Counter()
        for check in failed:
            place = self.around(check).tobytes()
            tried[place] += 1
            if tried[place] <= _CUTS_A_PLACE and (cut := self.of(check, hidden)) is not None:
                yield cut

    def of(self, check: Check, hidden: Mask) -> Cut | None:
        """What this failure teaches; first from the tables around it alone, then from all. None: nothing can help."""
        for places in (self.around(check), np.arange(self._columns.facts.size)):
            cut = self._within(places, check, hidden)
            helpful = cut.gains * (self._columns.choice & ~hidden)
            if cut.base + cut.gains @ hidden < check.need - _NEAR and helpful.any():
                return cut
        return None

    def around(self, check: Check) -> NDArray[np.int64]:
        """The columns of the tables that hold the check's counts, in every release."""
        keys = self._columns.facts.keys
        variables = frozenset(one.variable for column in check.terms for one in keys[column % len(keys)])
        if variables not in self._near:
            shapes = [frozenset(one.variable for one in key) for key in keys]
            near = variables
            if len(variables) < 2:
                near = near.union(*(shape for shape in shapes if variables <= shape))
            inside = np.array([shape <= near for shape in shapes])
            self._near[variables] = np.flatnonzero(np.tile(inside, self._columns.facts.layers))
        return self._near[variables]

    def _within(self, places: NDArray[np.int64], check: Check, hidden: Mask) -> Cut:
        """How wide the check is by the facts of these columns alone, and how much each hidden column widens it.

        With reduced costs r, hiding a column lowers the proven least value by at most max(r, 0) times what its low end
        falls, or min(r, 0) times what its high end rises; for the greatest value likewise.
        """
        columns = self._columns
        low, high = columns.known(hidden)
        aim = np.zeros(columns.facts.size)
        for column, factor in check.terms.items():
            aim[column] = factor
        _least, of_least = dual_bounds(columns.facts, places, low, high, aim)
        _most, of_most = dual_bounds(columns.facts, places, low, high, -aim)
        by_low = np.maximum(of_least, 0) + np.maximum(of_most, 0)
        by_high = -np.minimum(of_least, 0) - np.minimum(of_most, 0)
        base = float(by_high @ columns.shown_high - by_low @ columns.shown_low)
        gains = by_high * (columns.hidden_high - columns.shown_high)
        gains += by_low * (columns.shown_low - columns.hidden_low)
        return Cut(base, np.minimum(gains, max(check.need - base, 0)), check.need, check.given)


def covers(columns: Columns) -> Iterator[Cut]:
    """What every safe choice obeys in each sum alone."""
    for rule in columns.facts.rules:
        if not rule.exact:
            continue
        members = [columns.now(key) for key in (rule.total, *rule.parts)]
        unprinted = [number for number, member in enumerate(members) if not columns.printable[member]]
        if not unprinted:
            yield from _covers_of_sum(columns, members, few=not is_sum(rule.total))
        elif len(unprinted) == 1 and _is_small_rest(columns, rule, unprinted[0]):
            others = [member for number, member in enumerate(members) if number != unprinted[0]]
            yield Cut(0, _ones(columns, others), 1, ())


def _covers_of_sum(columns: Columns, members: Sequence[int], *, few: bool) -> Iterator[Cut]:
    """No hidden member is the only one; and (`few`) those hidden beside a shown total are not few people together.

    `members` are columns, the total first.
    """
    minimum = columns.problem.minimum
    for member in members:
        if columns.fixed[member]:
            continue
        yield Cut(0, _ones(columns, [other for other in members if other != member]), 1, (member,))
        if member != members[0] and few:
            gains = np.zeros(columns.facts.size)
            gains[members[0]] = minimum
            gains[members[1:]] = np.minimum(columns.shown_high[members[1:]], minimum)
            yield Cut(0, gains, minimum, (member,))


def _is_small_rest(columns: Columns, rule: Rule, number: int) -> bool:
    """Whether the one member that is never printed (0 for the total) is a small count that matters."""
    problem, keys = columns.problem, (rule.total, *rule.parts)
    if not problem.protects(keys[number]) or is_sum(rule.total):
        return False
    values = [problem.value.get(key, 0.0) for key in keys]
    rest = sum(values[1:]) if number == 0 else values[0] - sum(values[1:])
    return 0 < rest < problem.minimum


def _ones(columns: Columns, chosen: Sequence[int]) -> Numbers:
    gains = np.zeros(columns.facts.size)
    gains[list(chosen)] = 1
    return gains
