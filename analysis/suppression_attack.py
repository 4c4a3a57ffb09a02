"""Which counts a reader finds out of a choice of hidden ones.

Each count worth protecting is a *check*: how wide must the reader leave it? Adding and subtracting settles most; the rest
is settled by worlds that agree with all that is printed, and in the end by two integer programmes a check
(`analysis.bounds`). Worlds are kept from attack to attack: two that differ enough prove a check open for good.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from analysis.bounds import SOLVER_SECONDS, STRETCH_GAP, Numbers, Reader
from analysis.inference import Rule
from analysis.suppression_clock import Clock, OutOfTime
from analysis.suppression_columns import Columns, Mask
from analysis.suppression_problem import is_sum

_NEAR = 1e-6
_STRETCHES = 12
_FEW = 4


@dataclass(frozen=True)
class Check:
    """`terms @ counts` must leave `need` between its ends: always where a count is `hidden`, else where it may be small.

    `terms` are factors by column. `given` are the columns whose hiding gave rise to the check.
    """

    terms: Mapping[int, float]
    need: float
    hidden: bool
    given: tuple[int, ...] = ()

    @property
    def name(self) -> tuple[tuple[int, float], ...]:
        """What is asked, the same for every choice."""
        return tuple(sorted(self.terms.items()))


class Attack:
    """A reader's attempts on one choice after another."""

    def __init__(self, columns: Columns, clock: Clock) -> None:
        self._columns = columns
        self._minimum = columns.problem.minimum
        self._clock = clock
        self._random = np.random.default_rng(0)
        self._standing = list(_standing_checks(columns))
        self._worlds: list[Numbers] = []
        self._first: Numbers | None = None
        self._given_up: set[tuple[tuple[int, float], ...]] = set()

    @property
    def gave_up(self) -> bool:
        """Whether a check is no longer asked."""
        return bool(self._given_up)

    def give_up(self, check: Check) -> None:
        """Ask it no more: its count is known from what is known anyway, so that nothing is left to protect."""
        self._given_up.add(check.name)

    def first_world(self) -> Numbers:
        """A world in which all that may be printed is: it agrees with whatever is shown.

        Its counts are broken numbers where whole ones are too hard to find. Raises OutOfTime.
        """
        if self._first is None:
            reader = self._columns.reader(np.zeros(self._columns.facts.size, dtype=bool))
            self._first = reader.some_world(self._clock.mind(SOLVER_SECONDS))
            if self._first is not None:
                self._worlds.append(self._first)
            else:
                self._first = reader.some_world(self._clock.mind(SOLVER_SECONDS), whole=False)
        if self._first is None:
            raise OutOfTime
        return self._first

    def found_out(self, hidden: Mask) -> list[Check]:
        """The checks in which a reader comes too close.

        Where adding and subtracting finds some, it is only these. Raises OutOfTime.
        """
        checks = [*self._standing, *_checks_of(self._columns, hidden)]
        checks = [check for check in checks if check.name not in self._given_up] if self._given_up else checks
        if not checks:
            return []
        reader = self._columns.reader(hidden)
        aims = matrix_of([check.terms for check in checks], self._columns.facts.size)
        need = np.array([check.need for check in checks])
        always = np.array([check.hidden for check in checks])
        low, high = reader.outer(aims)
        asked = always | self._may_be_small(low, high)
        narrow = asked & (high - low < need - _NEAR)
        if narrow.any():
            return [checks[number] for number in np.flatnonzero(narrow)]
        seen = _Seen(aims, need, self._worlds_allowed_by(reader))
        self._stretch(reader, aims, need, asked, seen)
        waiting = np.flatnonzero(asked & ~seen.open()).tolist()
        return [
            checks[number]
            for number in waiting
            if not self._stays_open(reader, aims, number, seen, always=bool(always[number]))
        ]

    def _stays_open(self, reader: Reader, aims: sp.csr_array, number: int, seen: "_Seen", *, always: bool) -> bool:
        """Ask the solver for both ends of one check; not for the second where the first settles it."""
        if seen.is_open(number):
            return True
        aim: Numbers = aims[[number]].toarray()[0]
        ends = reader.outer(aims[[number]])
        for end, sign in zip(ends, (1.0, -1.0), strict=True):
            world, bound = reader.world(sign * aim, self._clock.mind(SOLVER_SECONDS))
            end[0] = sign * bound
            if world is not None:
                self._keep(world, seen)
            if seen.is_open(number) or not (always or self._may_be_small(*ends)[0]):
                return True
        return False

    def _may_be_small(self, low: Numbers, high: Numbers) -> Mask:
        """Whether a number (or a fall) between 0 and the minimum, both excluded, lies within the ends."""
        low, high = np.round(low, 5), np.round(high, 5)
        small: Mask = ((low < self._minimum) & (high > 0)) | ((low < 0) & (high > -self._minimum))
        return small

    def _stretch(self, reader: Reader, aims: sp.csr_array, need: Numbers, asked: Mask, seen: "_Seen") -> None:
        """Worlds in which many waiting checks are far from one world: after a few, hardly one is left to ask for alone."""
        left = np.flatnonzero(asked & ~seen.open())
        if len(left) < _FEW:
            return
        chosen = self._random.uniform(-1, 1, len(left)) @ aims[left]
        start, _bound = reader.world(chosen, self._clock.mind(SOLVER_SECONDS), STRETCH_GAP)
        if start is None:
            return
        self._keep(start, seen)
        low, high = reader.outer(aims)
        for _ in range(_STRETCHES):
            left = np.flatnonzero(asked & ~seen.open())
            if len(left) < _FEW:
                return
            values = aims[left] @ start
            down, up = values - low[left] >= need[left], high[left] - values >= need[left]
            signs = np.where(down & up, self._random.choice((-1.0, 1.0), len(left)), np.where(down, -1.0, 1.0))
            signed = sp.csr_array(sp.diags_array(signs) @ aims[left])
            world = reader.stretched(signed, signs * values, need[left], self._clock.mind(SOLVER_SECONDS))
            if world is not None:
                self._keep(world, seen)

    def _keep(self, world: Numbers, seen: "_Seen") -> None:
        self._worlds.append(world)
        seen.add(world)

    def _worlds_allowed_by(self, reader: Reader) -> list[Numbers]:
        """The worlds of earlier attacks that agree with what this reader is shown (where they were left unset, too)."""
        return [world for world in self._worlds if reader.allows(np.where(np.isnan(world), reader.low, world))]


def _standing_checks(columns: Columns) -> Iterable[Check]:
    """Each protected count that is not printed in this release or was not in an earlier one, and its growth since."""
    problem, facts = columns.problem, columns.facts
    need = problem.minimum - 1
    for key in facts.keys:
        if not problem.protects(key) or is_sum(key):
            continue
        now = columns.now(key)
        for number, layer in enumerate(problem.earlier):
            before = facts.column(number, key)
            yield Check({now: 1, before: -1}, need, hidden=False)
            if key not in layer.printed:
                yield Check({before: 1}, need, hidden=key in layer.hidden)
        if key not in problem.now:
            yield Check({now: 1}, need, hidden=False)


def _checks_of(columns: Columns, hidden: Mask) -> Iterable[Check]:
    """Each hidden count, and what all hidden parts of a sum come to."""
    problem = columns.problem
    for column in np.flatnonzero(hidden & columns.printable).tolist():
        key = columns.key_of[column]
        if problem.protects(key):
            yield Check({column: 1}, problem.width(key), hidden=True, given=(column,))
    for rule in columns.facts.rules:
        if rule.exact and problem.protects(rule.total, rule.parts[0]) and not is_sum(rule.total):
            yield from _checks_of_rest(columns, rule, hidden)


def _checks_of_rest(columns: Columns, rule: Rule, hidden: Mask) -> Iterable[Check]:
    """The hidden parts of a total together, now and before, and their growth: as the total without the shown parts."""
    facts, need = columns.facts, columns.problem.minimum - 1
    now = [columns.now(part) for part in rule.parts]
    rest = [column for column in now if hidden[column] or not columns.printable[column]]
    if len(rest) < 2:
        return
    given = tuple(column for column in rest if columns.printable[column])
    shown = [part for part, column in zip(rule.parts, now, strict=True) if column not in rest]
    *earlier, latest = [
        {facts.column(layer, rule.total): 1.0} | {facts.column(layer, part): -1.0 for part in shown}
        for layer in range(facts.layers)
    ]
    yield Check(latest, need, hidden=False, given=given)
    for before in earlier:
        yield Check(before, need, hidden=False, given=given)
        growth = latest | {column: -factor for column, factor in before.items()}
        yield Check(growth, need, hidden=False, given=given)


class _Seen:
    """The least and greatest value that each check has in the worlds seen: a check is open once they are `need` apart."""

    def __init__(self, aims: sp.csr_array, need: Numbers, worlds: Sequence[Numbers]) -> None:
        self._aims, self._need = aims, need
        self._low = np.full(len(need), np.inf)
        self._high = np.full(len(need), -np.inf)
        for world in worlds:
            self.add(world)

    def add(self, world: Numbers) -> None:
        """See a world; a check on a count that it leaves unset (NaN) learns nothing from it."""
        values = self._aims @ world
        self._low, self._high = np.fmin(self._low, values), np.fmax(self._high, values)

    def open(self) -> Mask:
        """Of each check, whether it is."""
        is_open: Mask = self._high - self._low >= self._need - _NEAR
        return is_open

    def is_open(self, number: int) -> bool:
        return bool(self._high[number] - self._low[number] >= self._need[number] - _NEAR)


def matrix_of(terms: Sequence[Mapping[int, float]], size: int) -> sp.csr_array:
    """One row for each mapping of columns to factors."""
    starts = np.cumsum([0, *(len(one) for one in terms)])
    columns = [column for one in terms for column in one]
    factors = [float(factor) for one in terms for factor in one.values()]
    return sp.csr_array((factors, columns, starts), shape=(len(terms), size))
