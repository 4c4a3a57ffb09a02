"""Least and greatest answers to an auditor's questions, by linear programming, in whole numbers where that is not too hard.

Of the auditor, which shares no code with the control (`disclosure_audit`).
"""

from collections.abc import Callable, Sequence
from math import inf

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from analysis.auditor_atoms import Atoms, Row, matrix
from analysis.auditor_questions import TOLERANCE, Finding, Question, integers
from analysis.auditor_tables import Strictness

Numbers = NDArray[np.float64]

_INTEGER_UNKNOWNS = 1_500
_STRETCHES = 12
_FEW = 4
_HARDLY_FEWER = 0.9
_SECONDS = 20.0
_INTEGER_SECONDS = 1.0
_SOLVED, _CONTRADICTION, _UNBOUNDED = 0, 2, 3  # scipy.optimize.milp's status


class Contradiction(ValueError):
    """No people could have answered so that the tables say what they say."""


class Solver:
    """Asks about the people of some atoms. `integer` tells whether it (still) asks in whole numbers."""

    def __init__(self, atoms: Atoms, *, sums: bool) -> None:
        self.integer = not sums and atoms.size <= _INTEGER_UNKNOWNS
        self._sums = sums
        self._size = atoms.size
        self._known = atoms.constraint()
        self._random = np.random.default_rng(1)

    def found_out(
        self, questions: Sequence[Question], strictness: Strictness, told: Callable[[int], None] = lambda number: None
    ) -> list[Finding]:
        """The questions whose answer is too narrow. Worlds found on the way settle most of them.

        `told` hears the number of each question, from 0, before it is asked.
        Raises Contradiction where nothing agrees with all that is known, ArithmeticError where the solver comes to no end.
        """
        if not questions:
            return []
        seen = _Seen(questions, self._size)
        self._spread(seen, strictness.minimum - 1.0)
        found = []
        for number, question in enumerate(questions):
            told(number)
            if not self._sums and seen.integers(number) >= strictness.minimum:
                continue
            if not question.always and seen.farthest(number) >= 2 * strictness.minimum - 2 - TOLERANCE:
                continue  # as narrow as to tell, it cannot reach down to a small number
            low, high = self._interval(question.row, seen)
            if question.too_narrow(low, high, strictness, sums=self._sums):
                found.append(question.answered(low, high))
        return found

    def _spread(self, seen: "_Seen", need: float) -> None:
        """See a world, then some in which many of the questions that look narrow are `need` away from it."""
        start = self._any_world()
        seen.add(start)
        narrow = seen.narrower(need)
        for _ in range(_STRETCHES):
            if len(narrow) < _FEW:
                break
            before = len(narrow)
            seen.add(self._far_from(start, seen.rows[narrow], need))
            narrow = seen.narrower(need)
            if len(narrow) > _HARDLY_FEWER * before:
                break

    def _any_world(self) -> Numbers:
        nothing = np.zeros(self._size)
        solved = self._least(nothing, nothing)
        if solved.x is None and self.integer:
            self.integer = False  # too hard in whole numbers
            solved = self._least(nothing, nothing)
        if solved.status == _CONTRADICTION:
            raise Contradiction("the published tables contradict each other: look for a number that was copied wrongly")
        if solved.x is None:
            raise ArithmeticError(f"no people were found who answered so: {solved.message}")
        world: Numbers = solved.x
        return world

    def _interval(self, row: Row, seen: "_Seen") -> tuple[float, float]:
        """The least and greatest number of people in a row, not in whole numbers where these are too hard."""
        try:
            return self._end(row, 1.0, seen), self._end(row, -1.0, seen)
        except ArithmeticError:
            if not self.integer:
                raise
        self.integer = False
        return self._end(row, 1.0, seen), self._end(row, -1.0, seen)

    def _end(self, row: Row, sign: float, seen: "_Seen") -> float:
        """The least number (`sign` -1: the greatest), or the solver's proven bound of it where the time was short."""
        cost = np.zeros(self._size)
        cost[list(row)] = list(row.values())
        solved = self._least(sign * cost, np.zeros(self._size))
        seen.add(solved.x)
        if solved.status == _UNBOUNDED:
            return -sign * inf
        bound = solved.fun if solved.status == _SOLVED else solved.mip_dual_bound
        if bound is None:
            raise ArithmeticError(f"a count could not be bounded: {solved.message}")
        return sign * float(bound)

    def _far_from(self, start: Numbers, rows: sp.csr_array, need: float) -> Numbers | None:
        """A world in which as many rows as can be differ from those at the start by `need`, up or down by chance."""
        count = rows.shape[0]
        values = rows @ start
        signs = np.where(values < need, 1.0, self._random.choice((-1.0, 1.0), count))
        signed = sp.diags_array(signs) @ rows
        solved = self._least(
            np.concatenate([np.zeros(self._size), -np.ones(count)]),
            np.concatenate([np.zeros(self._size), -need * np.ones(count)]),
            LinearConstraint(sp.hstack([-signed, sp.eye_array(count)], format="csr"), -inf, -signs * values),
            need,
        )
        return None if solved.x is None else solved.x[: self._size]

    def _least(
        self, cost: Numbers, low: Numbers, besides: LinearConstraint | None = None, high: float = inf
    ) -> OptimizeResult:
        """The world of least cost. Columns after the atoms' are unknown but for `besides`, and at most `high`."""
        more = len(cost) - self._size
        known = self._known
        if more:
            wide = sp.hstack([known.A, sp.csr_array((known.A.shape[0], more))], format="csr")
            known = LinearConstraint(wide, known.lb, known.ub)
        return milp(
            cost,
            integrality=np.concatenate([np.full(self._size, int(self.integer)), np.zeros(more)]),
            bounds=Bounds(low, np.concatenate([np.full(self._size, inf), np.full(more, high)])),
            constraints=[known] if besides is None else [known, besides],
            options={"time_limit": _INTEGER_SECONDS if self.integer else _SECONDS, "mip_rel_gap": 0.05 if more else 0},
        )


class _Seen:
    """The least and greatest answer to each question in the worlds seen: the true ones are not between them."""

    def __init__(self, questions: Sequence[Question], size: int) -> None:
        self.rows = matrix([question.row for question in questions], size)
        self._low = np.full(len(questions), inf)
        self._high = np.full(len(questions), -inf)

    def add(self, world: Numbers | None) -> None:
        if world is not None:
            answers = self.rows @ world
            self._low, self._high = np.minimum(self._low, answers), np.maximum(self._high, answers)

    def integers(self, number: int) -> float:
        return integers(self._low[number], self._high[number])

    def farthest(self, number: int) -> float:
        return float(max(self._high[number], -self._low[number]))

    def narrower(self, need: float) -> NDArray[np.int64]:
        """The questions whose answers seen are less than `need` apart, in whole numbers."""
        return np.flatnonzero(np.floor(self._high + TOLERANCE) - np.ceil(self._low - TOLERANCE) < need)
