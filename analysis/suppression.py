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

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, takewhile
from math import inf

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.inference import Key
from analysis.suppression_attack import Attack, Check
from analysis.suppression_clock import Clock, OutOfTime, Progress, clocks, nobody
from analysis.suppression_closing import Closing
from analysis.suppression_columns import Columns, Mask
from analysis.suppression_cuts import Cut, Lessons, covers
from analysis.suppression_problem import Problem, Protection

_NEAR = 1e-6
_ROUNDS = 40
_CUTS_A_ROUND = 60
_GAP = 0.04
_TRIALS = 60


def protect(problem: Problem, seconds: float | None = 10.0, progress: Progress = nobody) -> Protection:
    """The cheapest safe choice that is found in so many processor seconds of this thread (None: no limit).

    After them the last choice is made safe without optimising, for as long again or CLOSING_SECONDS; after these,
    everything is hidden that is not fixed. `progress` hears of each second. Raises ValueError where the counts do not add
    up.
    """
    [found] = [Search(problem, clock).run() for clock in clocks(seconds, 1, progress, "hide sums")]
    return found


def _columns(problem: Problem) -> Columns:
    """The numbers of the problem. Where no newcomers alone explain them, answers were taken out since: nothing grew.

    Raises ValueError where the counts do not add up.
    """
    for one in (problem, replace(problem, growing=False)):
        columns = Columns(one)
        if columns.reader(np.zeros(columns.facts.size, dtype=bool)).consistent:
            return columns
    raise ValueError("the numbers of the tables do not add up: count them again from the same answers")


class Search:
    """The search for what to hide of a problem. What it learned of one choice it knows of the next."""

    def __init__(self, problem: Problem, clock: Clock) -> None:
        """Raises ValueError where the counts do not add up."""
        self._clock = clock
        self._columns = columns = _columns(problem)
        self._attack = Attack(columns, clock)
        self._lessons = Lessons(columns)
        self._closing = Closing(columns, self._attack, self._lessons, clock)
        self._cuts: list[Cut] = []
        self._rounds = 0

    def run(self) -> Protection:
        """The cheapest safe choice that is found in time, or whatever is safe."""
        try:
            hidden, proven = self._chosen_by_rounds()
        except OutOfTime:
            hidden, proven = self._all_that_may_be(), False
        loss = float(self._columns.cost @ hidden)
        return Protection(self._columns.keys(hidden), loss, proven and not self._attack.gave_up, self._rounds)

    def closed(self, keys: frozenset[Key]) -> frozenset[Key]:
        """What is hidden once all of these are, and more until nothing is found out. Raises OutOfTime."""
        hidden = self._columns.mask(keys) & ~self._columns.fixed | self._columns.forced
        return self._columns.keys(self._closing.closed(hidden, self._attack.found_out(hidden)))

    def everything(self) -> frozenset[Key]:
        """All that may be hidden."""
        return self._columns.keys(self._all_that_may_be())

    def _chosen_by_rounds(self) -> tuple[Mask, bool]:
        """A safe choice, and whether it is the cheapest: choose, attack, learn, and choose again."""
        hidden = self._columns.forced.copy()
        failed = self._attack.found_out(hidden)
        proven = not failed
        beforehand = list(covers(self._columns)) if failed else []
        while failed and self._rounds < _ROUNDS and not self._clock.late:
            new = self._learned(failed, hidden) if self._rounds or not beforehand else beforehand
            self._cuts += new
            chosen, best = self._cheapest() if new else (None, False)
            if chosen is None:
                break
            self._rounds += 1
            hidden = chosen
            failed = self._attack.found_out(hidden)
            proven = best and not failed
        return (self._trimmed(self._closing.closed(hidden, failed)), False) if failed else (hidden, proven)

    def _all_that_may_be(self) -> Mask:
        return self._columns.forced | self._columns.choice

    def _learned(self, failed: Sequence[Check], hidden: Mask) -> list[Cut]:
        in_time = takewhile(lambda _check: not self._clock.late, failed)
        return list(islice(self._lessons.of_all(in_time, hidden), _CUTS_A_ROUND))

    def _cheapest(self) -> tuple[Mask | None, bool]:
        """The cheapest choice that obeys every cut, and whether the solver proved it the cheapest.

        None where the solver found none in half of the time that is left.
        """
        free = np.flatnonzero(self._columns.choice)
        rows, least = self._rows(free)
        if not rows or not len(free):
            return self._columns.forced.copy(), True
        options: dict[str, float] = {"mip_rel_gap": 0.0 if self._clock.endless else _GAP}
        if not self._clock.endless:
            options["time_limit"] = self._clock.searching(0.5, inf)
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
        return hidden, self._clock.endless

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

    def _trimmed(self, hidden: Mask) -> Mask:
        """Show again what was hidden in vain, the costliest first, as long as there is time."""
        spare = np.flatnonzero(hidden & self._columns.choice)
        for column in spare[np.argsort(-self._columns.cost[spare], kind="stable")][:_TRIALS]:
            if self._clock.late:
                break
            trial = hidden.copy()
            trial[column] = False
            if not self._attack.found_out(trial):
                hidden = trial
        return hidden
