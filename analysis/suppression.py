"""Which counts to hide, at the least loss of information, so that no reader can work out a hidden one.

Cell suppression by cutting planes (Fischetti & Salazar, "Solving the cell suppression problem on tabular data with linear
constraints", Management Science 47, 2001; Castro, "Recent advances in optimization techniques for statistical tabular data
protection", EJOR 216, 2012): an integer programme chooses what to hide, a reader attacks the choice, and each count found
out becomes a constraint that every safe choice obeys. Where the time runs out, the last choice is closed cell by cell: to
hide one more only widens what a reader leaves open, and the end is checked like every other choice. Where that takes too
long as well, all that may be hidden is: who reads nothing of a release learns no more than who reads a safe choice of it.

The parts: `suppression_problem` (what is asked and answered), `suppression_columns` (the numbers as vectors),
`suppression_attack` (what a reader finds out), `suppression_cuts` (what that teaches); here they are put together.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, takewhile

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.bounds import Numbers
from analysis.inference import Key
from analysis.suppression_attack import Attack, Check, OutOfTime
from analysis.suppression_columns import Columns, Mask
from analysis.suppression_cuts import Cut, Lessons, covers
from analysis.suppression_problem import Problem, Protection

CLOSING_SECONDS = 5.0
"""Processor seconds to close the last choice cell by cell, where the search had fewer."""

_NEAR = 1e-6
_ROUNDS = 40
_CUTS_A_ROUND = 60
_GAP = 0.04
_TRIALS = 60


def protect(problem: Problem, seconds: float | None = 10.0) -> Protection:
    """The cheapest safe choice that is found in so many processor seconds of this thread (None: no limit).

    After them the last choice is made safe without optimising, for as long again or CLOSING_SECONDS; after these,
    everything is hidden that is not fixed. Raises ValueError where the counts do not add up.
    """
    return _Search(problem, seconds).run()


def leaks(problem: Problem, hidden: frozenset[Key]) -> bool:
    """Whether a reader of all but `hidden` finds something out, or CLOSING_SECONDS are too few to tell."""
    columns = _columns(problem)
    try:
        return bool(Attack(columns, time.thread_time() + CLOSING_SECONDS).found_out(columns.mask(hidden)))
    except OutOfTime:
        return True


def _columns(problem: Problem) -> Columns:
    """The numbers of the problem. Where no newcomers alone explain them, answers were taken out since: nothing grew.

    Raises ValueError where the counts do not add up.
    """
    for one in (problem, replace(problem, growing=False)):
        columns = Columns(one)
        if columns.reader(np.zeros(columns.facts.size, dtype=bool)).consistent:
            return columns
    raise ValueError("the counts of the tables do not add up")


class _Search:
    def __init__(self, problem: Problem, seconds: float | None) -> None:
        began = time.thread_time()
        self._exact = seconds is None
        self._deadline = None if seconds is None else began + seconds
        last = None if seconds is None else began + seconds + max(seconds, CLOSING_SECONDS)
        self._columns = columns = _columns(problem)
        self._attack = Attack(columns, last)
        self._lessons = Lessons(columns)
        self._cuts: list[Cut] = []
        self._rounds = 0

    def run(self) -> Protection:
        try:
            hidden, proven = self._chosen_by_rounds()
        except OutOfTime:
            hidden, proven = self._all_that_may_be(), False
        loss = float(self._columns.cost @ hidden)
        return Protection(self._columns.keys(hidden), loss, proven and not self._attack.gave_up, self._rounds)

    def _chosen_by_rounds(self) -> tuple[Mask, bool]:
        """A safe choice, and whether it is the cheapest: choose, attack, learn, and choose again."""
        hidden = self._columns.forced.copy()
        failed = self._attack.found_out(hidden)
        proven = not failed
        beforehand = list(covers(self._columns)) if failed else []
        while failed and self._rounds < _ROUNDS and not self._late():
            new = self._learned(failed, hidden) if self._rounds or not beforehand else beforehand
            self._cuts += new
            chosen, best = self._cheapest() if new else (None, False)
            if chosen is None:
                break
            self._rounds += 1
            hidden = chosen
            failed = self._attack.found_out(hidden)
            proven = best and not failed
        return (self._trimmed(self._closed(hidden, failed)), False) if failed else (hidden, proven)

    def _all_that_may_be(self) -> Mask:
        return self._columns.forced | self._columns.choice

    def _late(self) -> bool:
        return self._deadline is not None and time.thread_time() > self._deadline

    def _learned(self, failed: Sequence[Check], hidden: Mask) -> list[Cut]:
        in_time = takewhile(lambda _check: not self._late(), failed)
        return list(islice(self._lessons.of_all(in_time, hidden), _CUTS_A_ROUND))

    def _cheapest(self) -> tuple[Mask | None, bool]:
        """The cheapest choice that obeys every cut, and whether the solver proved it the cheapest.

        None where the solver found none in half of the time that is left.
        """
        free = np.flatnonzero(self._columns.choice)
        rows, least = self._rows(free)
        if not rows or not len(free):
            return self._columns.forced.copy(), True
        options: dict[str, float] = {"mip_rel_gap": 0.0 if self._exact else _GAP}
        if self._deadline is not None:
            options["time_limit"] = max(self._deadline - time.thread_time(), 0.1) / 2
        solved = milp(
            self._columns.cost[free],
            integrality=np.ones(len(free)),
            bounds=Bounds(0, 1),
            constraints=[LinearConstraint(sp.vstack(rows, format="csr"), np.array(least), np.inf)],
            options=options,
        )
        if solved.status != 0:
            return None, False
        hidden = self._columns.forced.copy()
        hidden[free[solved.x > 0.5]] = True
        return hidden, self._exact

    def _rows(self, free: NDArray[np.int64]) -> tuple[list[sp.csr_array], list[float]]:
        """Each cut over the `free` columns, and the least it must come to; without those that the forced ones obey.

        A cut holds while its given columns are hidden: each of them that is not makes good for what it is short of.
        """
        forced = self._columns.forced.astype(float)
        rows, least = [], []
        for cut in self._cuts:
            short = cut.need - cut.base - float(cut.gains @ forced)
            if short <= _NEAR:
                continue
            given = [column for column in cut.given if self._columns.choice[column]]
            row = np.minimum(cut.gains, short)[free]
            for column in given:
                row[np.searchsorted(free, column)] -= short
            rows.append(sp.csr_array(row))
            least.append(short * (1 - len(given)))
        return rows, least

    # Without optimising

    def _closed(self, hidden: Mask, failed: Sequence[Check]) -> Mask:
        """Hide the cheapest count that helps, failure by failure, until none is left."""
        hidden = hidden.copy()
        while failed:
            before = hidden.copy()
            for check in failed:
                if (hidden & ~before)[self._lessons.around(check)].any():
                    continue  # perhaps it is helped already
                cut = self._lessons.of(check, hidden)
                if cut is not None:
                    self._hide_cheapest(hidden, cut.gains)
            if (hidden == before).all() and not (
                self._hide_cheapest(hidden, self._linked(failed[0]))
                or self._hide_cheapest(hidden, np.ones(len(hidden)))
            ):
                self._attack.give_up(failed[0])
            failed = self._attack.found_out(hidden)
        return hidden

    def _hide_cheapest(self, hidden: Mask, gains: Numbers) -> bool:
        """Hide what gains most for its cost, in place; False where nothing that gains is left."""
        gains = gains * (self._columns.choice & ~hidden)
        if not gains.any():
            return False
        price = np.where(gains > 0, self._columns.cost / np.maximum(gains, _NEAR), np.inf)
        hidden[int(np.argmin(price))] = True
        return True

    def _linked(self, check: Check) -> Numbers:
        """1 for each column that shares a fact with one of the check's, else 0."""
        matrix = abs(self._columns.facts.all)
        near = np.zeros(self._columns.facts.size)
        near[list(check.terms)] = 1
        linked: Numbers = ((matrix.T @ (matrix @ near)) > 0).astype(float)
        return linked

    def _trimmed(self, hidden: Mask) -> Mask:
        """Show again what was hidden in vain, the costliest first, as long as there is time."""
        spare = np.flatnonzero(hidden & self._columns.choice)
        for column in spare[np.argsort(-self._columns.cost[spare], kind="stable")][:_TRIALS]:
            if self._late():
                break
            trial = hidden.copy()
            trial[column] = False
            if not self._attack.found_out(trial):
                hidden = trial
        return hidden
