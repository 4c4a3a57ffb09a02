"""Making a choice of hidden counts safe without optimising: what a reader finds out is opened, one count after another.

To open a count is to name a second world for it: the cheapest one that is as far from a first world as it must be
(Kelly, Golden & Assad, "Cell suppression: disclosure protection for sensitive tabular data", Networks 22, 1992; Castro,
EJOR 216, 2012). What differs between the two beyond what is hidden already is hidden too. To hide more only widens what a
reader leaves open, so that what is open once stays so.
"""

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import linprog

from analysis.bounds import SOLVER_SECONDS, Numbers
from analysis.suppression_attack import Attack, Check, matrix_of
from analysis.suppression_clock import Clock
from analysis.suppression_columns import Columns, Mask
from analysis.suppression_cuts import Lessons

_NEAR = 1e-6


class Closing:
    """Closes choices one after the other."""

    def __init__(self, columns: Columns, attack: Attack, lessons: Lessons, clock: Clock) -> None:
        self._columns = columns
        self._attack = attack
        self._lessons = lessons
        self._clock = clock

    def closed(self, hidden: Mask, failed: Sequence[Check]) -> Mask:
        """Hide what opens the failures, until an attack finds none. Raises OutOfTime."""
        hidden = hidden.copy()
        while failed:
            before = hidden.copy()
            self._open_all(failed, hidden)
            if (hidden == before).all():
                self._hide_something(failed[0], hidden)
            failed = self._attack.found_out(hidden)
        return hidden

    def _open_all(self, failed: Sequence[Check], hidden: Mask) -> None:
        """Hide, in place, what lets each of the failures be as wide as it must; one world may serve many of them."""
        start = self._attack.first_world()
        worlds: list[Numbers] = []
        for check in failed:
            if any(_between(check, start, world) >= check.need - _NEAR for world in worlds):
                continue
            world = self._cheapest_world(check, start, hidden)
            if world is not None:
                worlds.append(world)
                hidden |= self._told(world) & self._columns.choice
            elif (cut := self._lessons.of(check, hidden)) is not None:
                self._hide_cheapest(hidden, cut.gains)

    def _told(self, world: Numbers) -> Mask:
        """The columns in which the world is not what would be printed."""
        columns = self._columns
        told: Mask = (world < columns.shown_low - _NEAR) | (world > columns.shown_high + _NEAR)
        return told

    def _cheapest_world(self, check: Check, start: Numbers, hidden: Mask) -> Numbers | None:
        """The world that is far enough from the start in this check and costs least to hide, of those above and below."""
        found = [one for sign in (1.0, -1.0) if (one := self._world_away(check, sign, start, hidden))]
        return min(found, key=lambda one: one[0])[1] if found else None

    def _world_away(self, check: Check, sign: float, start: Numbers, hidden: Mask) -> tuple[float, Numbers] | None:
        """The cheapest world above (`sign` 1) or below the start, and its cost. None where there is none.

        A world is the start, a move within what each column leaves open as it stands, and a move beyond it, which costs.
        """
        columns, facts = self._columns, self._columns.facts
        low, high = columns.known(hidden)
        priced = np.flatnonzero(columns.choice & ~hidden)
        up, down = columns.hidden_high[priced] - high[priced], low[priced] - columns.hidden_low[priced]
        far = matrix_of([{column: -sign * factor for column, factor in check.terms.items()}], facts.size)
        moves = np.concatenate([low - start, np.zeros(2 * len(priced))]), np.concatenate([high - start, up, down])
        solved = linprog(
            np.concatenate([np.zeros(facts.size), columns.cost[priced], columns.cost[priced]]),
            A_ub=_moved(sp.vstack([facts.at_most, far], format="csr"), priced),
            b_ub=np.append(-(facts.at_most @ start), -check.need),
            A_eq=_moved(facts.exact, priced),
            b_eq=-(facts.exact @ start),
            bounds=np.column_stack(moves),
            method="highs",
            options={"time_limit": self._clock.mind(SOLVER_SECONDS)},
        )
        if solved.status != 0:
            return None
        freely, above, below = np.split(solved.x, [facts.size, facts.size + len(priced)])
        world = start + freely
        world[priced] += above - below
        return float(solved.fun), world

    def _hide_something(self, check: Check, hidden: Mask) -> None:
        """Hide the cheapest count near the check, in place, or any; where none is left, ask the check no more."""
        if not (self._hide_cheapest(hidden, self._linked(check)) or self._hide_cheapest(hidden, np.ones(len(hidden)))):
            self._attack.give_up(check)

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


def _between(check: Check, one: Numbers, other: Numbers) -> float:
    """How far two worlds are apart in what is checked."""
    return abs(float(sum(factor * (one[column] - other[column]) for column, factor in check.terms.items())))


def _moved(matrix: sp.csr_array, priced: NDArray[np.int64]) -> sp.csr_array:
    """The rows over the moves: of all columns for nothing, then up and down of those that are priced."""
    beyond = matrix[:, priced]
    return sp.hstack([matrix, beyond, -beyond], format="csr")
