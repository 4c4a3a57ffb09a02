"""Which counts to hide, at the least loss of information, so that no reader can work out a hidden one.

Cell suppression by cutting planes (Fischetti & Salazar, "Solving the cell suppression problem on tabular data with linear
constraints", Management Science 47, 2001; Castro, "Recent advances in optimization techniques for statistical tabular data
protection", EJOR 216, 2012): an integer programme chooses what to hide, a reader attacks the choice, and each count found
out becomes a constraint that every safe choice obeys. Where the time runs out, the last choice is closed cell by cell: to
hide one more only widens what a reader leaves open, and the end is checked like every other choice.
"""

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.bounds import Facts, Numbers, Reader, dual_bounds
from analysis.inference import Condition, Key, Rule

Interval = tuple[float, float]

_NEAR = 1e-6
_SPREADS = 12
_FEW = 4
_ROUNDS = 40
_CUTS_A_ROUND = 60
_CUTS_A_PLACE = 4
_GAP = 0.04
_TRIALS = 60


@dataclass(frozen=True)
class Layer:
    """An earlier release: what each printed number tells, what it hid, and a number that no count exceeds."""

    printed: Mapping[Key, Interval]
    hidden: frozenset[Key]
    most: float


@dataclass(frozen=True)
class Problem:
    """What may be printed (`now`) beside what was. Intervals are inclusive; a number printed exactly is [n, n].

    `fixed` is known to everybody whatever is done; `sensitive` may not be printed. `free` conditions tell nothing worth
    hiding, nor do counts by `public` variables alone; `impossible` counts are known to be 0. A hidden count must leave
    `minimum` integers open, a hidden sum `spread` times its value to either side as well.
    """

    rules: Sequence[Rule]
    now: Mapping[Key, Interval]
    value: Mapping[Key, float]
    fixed: frozenset[Key]
    sensitive: frozenset[Key]
    cost: Mapping[Key, float]
    most: float
    minimum: int
    earlier: Sequence[Layer] = ()
    growing: bool = True
    free: frozenset[Condition] = frozenset()
    public: frozenset[str] = frozenset()
    impossible: frozenset[Key] = frozenset()
    spread: float = 0.0


@dataclass(frozen=True)
class Check:
    """`terms @ counts` must leave `need` between its ends: always where a count is `hidden`, else where it may be small.

    `given` are the columns whose hiding gave rise to the check.
    """

    terms: Mapping[int, float]
    need: float
    hidden: bool
    given: tuple[int, ...] = ()


@dataclass
class _Cut:
    """Any choice of hidden columns that passes the check has `gains @ hidden + base >= need` while `given` is hidden."""

    base: float
    gains: Numbers
    need: float
    given: tuple[int, ...]


@dataclass(frozen=True)
class Protection:
    """`hidden` of the counts in `now`; `loss` is their cost together; `proven` says that no choice is cheaper."""

    hidden: frozenset[Key]
    loss: float
    proven: bool
    rounds: int


def protect(problem: Problem, seconds: float | None = 10.0) -> Protection:
    """The cheapest safe choice that is found in so many seconds of the clock (None: no limit).

    After them the last choice is made safe without optimising. Raises ValueError where the counts do not add up.
    """
    return _Search(problem, seconds).run()


@dataclass
class _Pool:
    """Worlds seen, to prove checks open without asking a solver again."""

    worlds: list[Numbers] = field(default_factory=list)

    def kept(self, reader: Reader) -> list[Numbers]:
        nan_free = [np.where(np.isnan(world), reader.low, world) for world in self.worlds]
        return [world for world, filled in zip(self.worlds, nan_free, strict=True) if reader.allows(filled)]


class _Search:
    def __init__(self, problem: Problem, seconds: float | None) -> None:
        self._problem = problem
        self._deadline = None if seconds is None else time.thread_time() + seconds
        self._exact = seconds is None
        self._facts = facts = Facts(problem.rules, len(problem.earlier) + 1, growing=problem.growing)
        self._layer = len(problem.earlier)
        self._need = problem.minimum - 1
        self._random = np.random.default_rng(0)
        self._columns = {key: facts.column(self._layer, key) for key in problem.now if key in facts.number}
        self._key_of = {column: key for key, column in self._columns.items()}
        self._set_bounds()
        self._cost = np.zeros(facts.size)
        for key, column in self._columns.items():
            self._cost[column] = problem.cost[key]
        self._fixed = self._mask(problem.fixed)
        self._forced = self._mask(problem.sensitive) & ~self._fixed
        self._printable = np.zeros(facts.size, dtype=bool)
        self._printable[list(self._columns.values())] = True
        self._choice = self._printable & ~self._fixed & ~self._forced
        if not self._reader(np.zeros(facts.size, dtype=bool)).consistent:
            raise ValueError("the counts of the tables do not add up")
        self._checks = self._standing_checks()
        self._given_up: set[tuple[tuple[int, float], ...]] = set()
        self._pool = _Pool()
        self._cuts: list[_Cut] = []
        self._local: dict[frozenset[str], NDArray[np.int64]] = {}

    def _mask(self, keys: Iterable[Key]) -> NDArray[np.bool_]:
        mask = np.zeros(self._facts.size, dtype=bool)
        for key in keys:
            if key in self._columns:
                mask[self._columns[key]] = True
        return mask

    def _set_bounds(self) -> None:
        """`_free` before anything of this release is printed, `_told` by what a printed count tells."""
        problem, facts = self._problem, self._facts
        keys = len(facts.keys)
        low = np.zeros(facts.size)
        high = np.repeat([layer.most for layer in problem.earlier] + [problem.most], keys).astype(float)
        for number, layer in enumerate(problem.earlier):
            for key, (least, most) in layer.printed.items():
                if key in facts.number:
                    low[facts.column(number, key)], high[facts.column(number, key)] = least, most
        for key in problem.impossible:
            if key in facts.number:
                for number in range(facts.layers):
                    high[facts.column(number, key)] = 0
        self._free_low, self._free_high = low, high
        self._told_low, self._told_high = low.copy(), high.copy()
        for key, column in self._columns.items():
            self._told_low[column], self._told_high[column] = problem.now[key]
            if key in problem.impossible:
                self._told_low[column] = self._told_high[column] = 0

    def _reader(self, hidden: NDArray[np.bool_]) -> Reader:
        return Reader(
            self._facts,
            np.where(hidden, self._free_low, self._told_low),
            np.where(hidden, self._free_high, self._told_high),
        )

    def run(self) -> Protection:
        hidden = self._forced.copy()
        failed = self._failing(hidden, thorough=False) or self._failing(hidden)
        rounds, proven = 0, not failed
        covers = self._covers() if failed else []
        while failed and rounds < _ROUNDS and not self._late():
            new = self._new_cuts(failed, hidden) if rounds or not covers else covers
            self._cuts += new
            if not new:
                break
            chosen, best = self._chosen()
            if chosen is None:
                break
            rounds += 1
            hidden = chosen
            failed = self._failing(hidden, thorough=False) or self._failing(hidden)
            proven = best and not failed
        if failed:
            hidden = self._trimmed(self._closed(hidden, failed))
            proven = False
        keys = frozenset(self._key_of[column] for column in np.flatnonzero(hidden & self._printable).tolist())
        return Protection(keys, float(self._cost @ hidden), proven and not self._given_up, rounds)

    def _late(self) -> bool:
        return self._deadline is not None and time.thread_time() > self._deadline

    # The checks

    def _protected(self, key: Key, part: Key = frozenset()) -> bool:
        """Whether it matters that a reader learns this count (or counts made of such a part of it)."""
        problem = self._problem
        if key & problem.free or key in problem.impossible:
            return False
        return not {condition.variable for condition in key | part} <= problem.public or not problem.public

    def _standing_checks(self) -> list[Check]:
        """Each protected count in every release, and its growth since every earlier one."""
        problem, facts = self._problem, self._facts
        checks = []
        for key in facts.keys:
            if not self._protected(key) or _is_sum(key):
                continue
            now = facts.column(self._layer, key)
            for number, layer in enumerate(problem.earlier):
                before = facts.column(number, key)
                checks.append(Check({now: 1, before: -1}, self._need, hidden=False))
                if key not in layer.printed:
                    checks.append(Check({before: 1}, self._need, hidden=key in layer.hidden))
            if key not in problem.now:
                checks.append(Check({now: 1}, self._need, hidden=False))
        return checks

    def _checks_of(self, hidden: NDArray[np.bool_]) -> list[Check]:
        """Each hidden count, and what all hidden parts of a sum come to: the total without the shown parts."""
        problem, facts = self._problem, self._facts
        checks = []
        for column in np.flatnonzero(hidden & self._printable).tolist():
            key = self._key_of[column]
            if self._protected(key):
                need = max(self._need, 2 * problem.spread * problem.value[key]) if _is_sum(key) else self._need
                checks.append(Check({column: 1}, need, hidden=True, given=(column,)))
        for rule in facts.rules:
            if not rule.exact or not self._protected(rule.total, rule.parts[0]) or _is_sum(rule.total):
                continue
            columns = [facts.column(self._layer, part) for part in rule.parts]
            parts = [number for number, column in enumerate(columns) if hidden[column] or not self._printable[column]]
            if len(parts) < 2:
                continue
            given = tuple(columns[number] for number in parts if self._printable[columns[number]])
            shown = [part for number, part in enumerate(rule.parts) if number not in parts]
            sums = [
                {facts.column(layer, rule.total): 1.0} | {facts.column(layer, part): -1.0 for part in shown}
                for layer in range(facts.layers)
            ]
            now = sums[-1]
            checks.append(Check(now, self._need, hidden=False, given=given))
            for before in sums[:-1]:
                checks.append(Check(before, self._need, hidden=False, given=given))
                grown = now | {column: -factor for column, factor in before.items()}
                checks.append(Check(grown, self._need, hidden=False, given=given))
        return checks

    def _failing(self, hidden: NDArray[np.bool_], *, thorough: bool = True) -> list[Check]:
        """The checks that a reader passes. Without `thorough` only those found by adding and subtracting."""
        reader = self._reader(hidden)
        checks = [
            check
            for check in self._checks + self._checks_of(hidden)
            if not self._given_up or _name(check) not in self._given_up
        ]
        if not checks:
            return []
        aims = _rows([check.terms for check in checks], self._facts.size)
        need = np.array([check.need for check in checks])
        always = np.array([check.hidden for check in checks])
        low, high = reader.outer(aims)
        touched = always | self._may_be_small(low, high)
        narrow = touched & (high - low < need - _NEAR)
        if not thorough:
            return [checks[number] for number in np.flatnonzero(narrow)]
        seen = _Seen(aims, self._pool.kept(reader))
        waiting = touched & ~narrow & ~seen.open(need)
        self._spread(reader, aims, need, waiting, seen)
        failing = np.flatnonzero(narrow).tolist()
        for number in np.flatnonzero(waiting).tolist():
            if seen.is_open(number, float(need[number])):
                continue
            least, most = self._ends(reader, _dense(aims, number), seen, float(need[number]), number)
            small = self._may_be_small(np.array([least]), np.array([most]))[0]
            if not seen.is_open(number, float(need[number])) and (always[number] or small):
                failing.append(number)
        return [checks[number] for number in failing]

    def _ends(self, reader: Reader, aim: Numbers, seen: "_Seen", need: float, number: int) -> tuple[float, float]:
        """Bounds of one check; the second end is not looked for where the first shows it open."""
        ends = []
        for sign in (1.0, -1.0):
            world, bound = reader.world(sign * aim)
            ends.append(sign * bound)
            if world is not None:
                self._keep(world, seen)
            if seen.is_open(number, need):
                return -np.inf, np.inf
        return ends[0], ends[1]

    def _may_be_small(self, low: Numbers, high: Numbers) -> NDArray[np.bool_]:
        minimum = self._problem.minimum
        low, high = np.round(low, 5), np.round(high, 5)
        return ((low < minimum) & (high > 0)) | ((low < 0) & (high > -minimum))

    def _spread(
        self, reader: Reader, aims: sp.csr_array, need: Numbers, waiting: NDArray[np.bool_], seen: "_Seen"
    ) -> None:
        """Worlds in which many waiting checks are far from one world: after a few, hardly one is left to ask for alone."""
        left = np.flatnonzero(waiting)
        if len(left) < _FEW:
            return
        start, _bound = reader.world(self._random.uniform(-1, 1, len(left)) @ aims[left])
        if start is None:
            return
        self._keep(start, seen)
        outer = reader.outer(aims)
        for _ in range(_SPREADS):
            left = np.flatnonzero(waiting & ~seen.open(need))
            if len(left) < _FEW:
                return
            values = aims[left] @ start
            down, up = values - outer[0][left] >= need[left], outer[1][left] - values >= need[left]
            signs = np.where(down & up, self._random.choice((-1.0, 1.0), len(left)), np.where(down, -1.0, 1.0))
            signed = sp.csr_array(sp.diags_array(signs) @ aims[left])
            world = reader.stretched(signed, signs * values, need[left])
            if world is not None:
                self._keep(world, seen)

    def _keep(self, world: Numbers, seen: "_Seen") -> None:
        self._pool.worlds.append(world)
        seen.add(world)

    # The choice

    def _covers(self) -> list[_Cut]:
        """What every safe choice obeys in each sum alone."""
        covers = []
        for rule in self._facts.rules:
            if not rule.exact:
                continue
            members = [self._facts.column(self._layer, key) for key in (rule.total, *rule.parts)]
            unprinted = [number for number, member in enumerate(members) if not self._printable[member]]
            if not unprinted:
                covers += self._covers_of_sum(members, few=not _is_sum(rule.total))
            elif len(unprinted) == 1 and self._is_small_rest(rule, unprinted[0]):
                others = [member for number, member in enumerate(members) if number != unprinted[0]]
                covers.append(_Cut(0, self._ones(others), 1, ()))
        return covers

    def _covers_of_sum(self, members: Sequence[int], *, few: bool) -> list[_Cut]:
        """No hidden count is the only one; and those hidden beside a total are not few people together."""
        covers = []
        minimum = self._problem.minimum
        for member in members:
            if self._fixed[member]:
                continue
            covers.append(_Cut(0, self._ones([other for other in members if other != member]), 1, (member,)))
            if member != members[0] and few:
                gains = np.zeros(self._facts.size)
                gains[members[0]] = minimum
                gains[members[1:]] = np.minimum(self._told_high[members[1:]], minimum)
                covers.append(_Cut(0, gains, minimum, (member,)))
        return covers

    def _is_small_rest(self, rule: Rule, number: int) -> bool:
        """Whether the one member that is never printed is a small count that matters."""
        keys = (rule.total, *rule.parts)
        if not self._protected(keys[number]) or _is_sum(rule.total):
            return False
        values = [self._problem.value.get(key, 0.0) for key in keys]
        rest = sum(values[1:]) if number == 0 else values[0] - sum(values[1:])
        return 0 < rest < self._problem.minimum

    def _ones(self, columns: Sequence[int]) -> Numbers:
        gains = np.zeros(self._facts.size)
        gains[list(columns)] = 1
        return gains

    def _new_cuts(self, failed: Sequence[Check], hidden: NDArray[np.bool_]) -> list[_Cut]:
        cuts: list[_Cut] = []
        tried: Counter[bytes] = Counter()
        for check in failed:
            place = self._around(check).tobytes()
            tried[place] += 1
            if self._late() or len(cuts) >= _CUTS_A_ROUND:
                break
            if tried[place] <= _CUTS_A_PLACE and (cut := self._cut(check, hidden)) is not None:
                cuts.append(cut)
        return cuts

    def _cut(self, check: Check, hidden: NDArray[np.bool_]) -> _Cut | None:
        """What this failure teaches; first from the tables around it alone, then from all. None: nothing can help."""
        for columns in (self._around(check), np.arange(self._facts.size)):
            cut = self._cut_within(columns, check, hidden)
            useful = cut.gains * (self._choice & ~hidden)
            if cut.base + cut.gains @ hidden < check.need - _NEAR and useful.any():
                return cut
        return None

    def _cut_within(self, columns: NDArray[np.int64], check: Check, hidden: NDArray[np.bool_]) -> _Cut:
        low = np.where(hidden, self._free_low, self._told_low)
        high = np.where(hidden, self._free_high, self._told_high)
        aim = np.zeros(self._facts.size)
        for column, factor in check.terms.items():
            aim[column] = factor
        _least, first = dual_bounds(self._facts, columns, low, high, aim)
        _most, second = dual_bounds(self._facts, columns, low, high, -aim)
        by_low = np.maximum(first, 0) + np.maximum(second, 0)
        by_high = -np.minimum(first, 0) - np.minimum(second, 0)
        base = float(by_high @ self._told_high - by_low @ self._told_low)
        gains = by_high * (self._free_high - self._told_high) + by_low * (self._told_low - self._free_low)
        return _Cut(base, np.minimum(gains, max(check.need - base, 0)), check.need, check.given)

    def _around(self, check: Check) -> NDArray[np.int64]:
        """The columns of the tables that hold the check's counts, in every release."""
        keys = self._facts.keys
        variables = frozenset(one.variable for column in check.terms for one in keys[column % len(keys)])
        if variables not in self._local:
            sets = [frozenset(one.variable for one in key) for key in keys]
            near = (
                frozenset().union(*(one for one in set(sets) if variables <= one)) if len(variables) < 2 else variables
            )
            inside = np.array([one <= near for one in sets])
            self._local[variables] = np.flatnonzero(np.tile(inside, self._facts.layers))
        return self._local[variables]

    def _chosen(self) -> tuple[NDArray[np.bool_] | None, bool]:
        """The cheapest choice that obeys every cut, and whether the solver proved it the cheapest."""
        free = np.flatnonzero(self._choice)
        forced = self._forced.astype(float)
        rows, least = [], []
        for cut in self._cuts:
            given = [column for column in cut.given if self._choice[column]]
            short = cut.need - cut.base - float(cut.gains @ forced)
            if short <= _NEAR:
                continue
            row = np.minimum(cut.gains, short)[free]
            for column in given:
                row[np.searchsorted(free, column)] -= short
            rows.append(sp.csr_array(row))
            least.append(short * (1 - len(given)))
        if not rows or not len(free):
            return self._forced.copy(), True
        left = None if self._deadline is None else max(self._deadline - time.thread_time(), 0.1)
        options: dict[str, float] = {"mip_rel_gap": 0.0 if self._exact else _GAP}
        if left is not None:
            options["time_limit"] = left / 2
        solved = milp(
            self._cost[free],
            integrality=np.ones(len(free)),
            bounds=Bounds(0, 1),
            constraints=[LinearConstraint(sp.vstack(rows, format="csr"), np.array(least), np.inf)],
            options=options,
        )
        if solved.status != 0:
            return None, False
        hidden = self._forced.copy()
        hidden[free[solved.x > 0.5]] = True
        return hidden, self._exact

    # Without optimising

    def _closed(self, hidden: NDArray[np.bool_], failed: Sequence[Check]) -> NDArray[np.bool_]:
        """Hide the cheapest count that helps, failure by failure, until none is left."""
        hidden = hidden.copy()
        while failed:
            before, start = hidden.sum(), hidden.copy()
            for check in failed:
                if (hidden & ~start)[self._around(check)].any():
                    continue  # perhaps it is helped already
                cut = self._cut(check, hidden)
                if cut is not None:
                    self._hide_cheapest(hidden, cut.gains)
            if hidden.sum() == before and not (
                self._hide_cheapest(hidden, self._linked(failed[0]))
                or self._hide_cheapest(hidden, np.ones(len(hidden)))
            ):
                self._given_up.add(_name(failed[0]))  # known from what is known anyway: nothing is left to protect
            failed = self._failing(hidden, thorough=False) or self._failing(hidden)
        return hidden

    def _hide_cheapest(self, hidden: NDArray[np.bool_], gains: Numbers) -> bool:
        """Hide what gains most for its cost, in place; False where nothing that gains is left."""
        gains = gains * (self._choice & ~hidden)
        if not gains.any():
            return False
        hidden[int(np.argmin(np.where(gains > 0, self._cost / np.maximum(gains, _NEAR), np.inf)))] = True
        return True

    def _linked(self, check: Check) -> NDArray[np.float64]:
        matrix = abs(self._facts.all)
        near = np.zeros(self._facts.size)
        near[list(check.terms)] = 1
        linked: Numbers = ((matrix.T @ (matrix @ near)) > 0).astype(float)
        return linked

    def _trimmed(self, hidden: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Show again what was hidden in vain, the costliest first."""
        spare = np.flatnonzero(hidden & self._choice)
        for column in spare[np.argsort(-self._cost[spare], kind="stable")][:_TRIALS]:
            if self._late():
                break
            trial = hidden.copy()
            trial[column] = False
            if not (self._failing(trial, thorough=False) or self._failing(trial)):
                hidden = trial
        return hidden


def _name(check: Check) -> tuple[tuple[int, float], ...]:
    return tuple(sorted(check.terms.items()))


class _Seen:
    """The least and greatest value that each check has in the worlds seen."""

    def __init__(self, aims: sp.csr_array, worlds: Iterable[Numbers]) -> None:
        self._aims = aims
        self._low = np.full(aims.shape[0], np.inf)
        self._high = np.full(aims.shape[0], -np.inf)
        for world in worlds:
            self.add(world)

    def add(self, world: Numbers) -> None:
        found = self._aims @ world
        self._low, self._high = np.fmin(self._low, found), np.fmax(self._high, found)

    def is_open(self, number: int, need: float) -> bool:
        return bool(self._high[number] - self._low[number] >= need - _NEAR)

    def open(self, need: Numbers) -> NDArray[np.bool_]:
        return self._high - self._low >= need - _NEAR


def _is_sum(key: Key) -> bool:
    return any(condition.kind == "sum" for condition in key)


def _rows(terms: Sequence[Mapping[int, float]], size: int) -> sp.csr_array:
    starts = np.cumsum([0, *(len(one) for one in terms)])
    columns = [column for one in terms for column in one]
    factors = [float(factor) for one in terms for factor in one.values()]
    return sp.csr_array((factors, columns, starts), shape=(len(terms), size))


def _dense(aims: sp.csr_array, number: int) -> Numbers:
    row: Numbers = aims[[number]].toarray()[0]
    return row
