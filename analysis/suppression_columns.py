"""The numbers of a problem as columns: what each tells when it is shown and when it is hidden, and which may be hidden."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from analysis.bounds import Facts, Numbers, Reader
from analysis.inference import Key
from analysis.suppression_problem import Problem

Mask = NDArray[np.bool_]
"""A choice of columns; True is hidden."""


class Columns:
    """All counts of all releases in the order of `facts`: vectors of `facts.size`, the last release's columns at the end.

    A column is known to lie in [`shown_low`, `shown_high`] when it is printed and in [`hidden_low`, `hidden_high`] when
    it is not. `printable` may be printed in this release, `forced` are hidden in any case, `choice` may be either;
    what is printable and neither is printed in any case (`fixed`). `cost` is what is lost with a hidden one.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.facts = facts = Facts(problem.rules, len(problem.earlier) + 1, growing=problem.growing)
        self.layer = len(problem.earlier)
        self._column = {key: self.now(key) for key in problem.now if key in facts.number}
        self.key_of = {column: key for key, column in self._column.items()}
        self.hidden_low, self.hidden_high = self._before_printing()
        self.shown_low, self.shown_high = self._when_printed()
        self.cost = np.zeros(facts.size)
        for key, column in self._column.items():
            self.cost[column] = problem.cost[key]
        self.printable = self.mask(self._column)
        self.fixed = self.mask(problem.fixed)
        self.forced = self.mask(problem.sensitive) & ~self.fixed
        self.choice = self.printable & ~self.fixed & ~self.forced

    def now(self, key: Key) -> int:
        """The column of a key in this release."""
        return self.facts.column(self.layer, key)

    def reader(self, hidden: Mask) -> Reader:
        """Somebody who knows all releases, of this one what is not hidden."""
        return Reader(self.facts, *self.known(hidden))

    def known(self, hidden: Mask) -> tuple[Numbers, Numbers]:
        """The least and the greatest value of each column as it stands there."""
        low = np.where(hidden, self.hidden_low, self.shown_low)
        high = np.where(hidden, self.hidden_high, self.shown_high)
        return low, high

    def keys(self, hidden: Mask) -> frozenset[Key]:
        """The keys of this release that are hidden."""
        return frozenset(self.key_of[column] for column in np.flatnonzero(hidden & self.printable).tolist())

    def mask(self, keys: Iterable[Key]) -> Mask:
        """The columns of these keys of this release."""
        mask = np.zeros(self.facts.size, dtype=bool)
        for key in keys:
            if key in self._column:
                mask[self._column[key]] = True
        return mask

    def _before_printing(self) -> tuple[Numbers, Numbers]:
        """What is known before anything of this release is printed."""
        problem, facts = self.problem, self.facts
        low = np.zeros(facts.size)
        mosts = [layer.most for layer in problem.earlier] + [problem.most]
        high = np.repeat(mosts, len(facts.keys)).astype(float)
        for number, layer in enumerate(problem.earlier):
            for key, (least, most) in layer.printed.items():
                if key in facts.number:
                    column = facts.column(number, key)
                    low[column], high[column] = least, most
        for key in problem.impossible:
            if key in facts.number:
                for number in range(facts.layers):
                    high[facts.column(number, key)] = 0
        return low, high

    def _when_printed(self) -> tuple[Numbers, Numbers]:
        low, high = self.hidden_low.copy(), self.hidden_high.copy()
        for key, column in self._column.items():
            low[column], high[column] = (0, 0) if key in self.problem.impossible else self.problem.now[key]
        return low, high
