"""What a reader can work out from published counts: the interval of any count that is not printed.

A reader knows three things: published counts, that parts sum to their total, and that people who took part stay in later
releases. The sharpest interval of a count is then two integer programmes (Willenborg & de Waal, Elements of Statistical
Disclosure Control, 2001, ch. 6.3; Hundepool et al., Statistical Disclosure Control, 2012, ch. 4.3). A *world* is a value
for every count that agrees with all that was published: two worlds that differ enough in a count prove that nobody can
know it, so a proof of safety does not rest on a solver's word. Loads NumPy and SciPy: for jobs and commands.
"""

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp

from analysis.inference import Key, Rule

Numbers = NDArray[np.float64]

_ROUNDS = 60
_TOLERANCE = 1e-6
SOLVER_SECONDS = 2.0
STRETCH_GAP = 0.05


class Facts:
    """The linear facts of the rules, once for each release: `exact @ counts == 0` and `at_most @ counts <= 0`.

    Columns are the keys of the first release, then those of the second, and so on; `whole` tells which are counts.
    With `growing`, nobody's answers were taken out between the releases: no count falls, and what holds of all holds of
    the newcomers alone (each of them who answered chose at least one option).
    """

    def __init__(self, rules: Sequence[Rule], layers: int, *, growing: bool) -> None:
        keys = {key for rule in rules for key in (rule.total, *rule.parts)}
        self.keys = sorted(keys, key=sorted)
        self.number = {key: number for number, key in enumerate(self.keys)}
        self.layers = layers
        self.size = len(self.keys) * layers
        self.rules = list(rules)
        exact = self._matrix([rule for rule in rules if rule.exact])
        at_most = self._matrix([rule for rule in rules if not rule.exact])
        self.exact = sp.csr_array(sp.block_diag([exact] * layers, format="csr"))
        falls = [self._same(earlier) - self._same(earlier + 1) for earlier in range(layers - 1 if growing else 0)]
        newcomers = [at_most @ -fall for fall in falls]
        self.at_most = sp.csr_array(sp.vstack([sp.block_diag([at_most] * layers), *falls, *newcomers], format="csr"))
        self.all = sp.csr_array(sp.vstack([self.exact, -self.exact, self.at_most], format="csr"))
        counts = [not any(condition.kind == "sum" for condition in key) for key in self.keys]
        self.whole = np.tile(np.array(counts, dtype=bool), layers)

    def column(self, layer: int, key: Key) -> int:
        return layer * len(self.keys) + self.number[key]

    def _same(self, layer: int) -> sp.csr_array:
        """Every key of one release, a row each."""
        keys = len(self.keys)
        rows = np.arange(keys)
        return sp.csr_array((np.ones(keys), (rows, rows + layer * keys)), shape=(keys, self.size))

    def _matrix(self, rules: Sequence[Rule]) -> sp.csr_array:
        rows, columns, signs = [], [], []
        for number, rule in enumerate(rules):
            for key, sign in [(rule.total, 1.0), *((part, -1.0) for part in rule.parts)]:
                rows.append(number)
                columns.append(self.number[key])
                signs.append(sign)
        return sp.csr_array((signs, (rows, columns)), shape=(len(rules), len(self.keys)))


class Reader:
    """A reader who knows of each count that it is in [low, high], and the facts."""

    def __init__(self, facts: Facts, low: Numbers, high: Numbers) -> None:
        self._facts = facts
        self.low, self.high = _settled(facts, low, high)
        self.consistent = bool(np.all(self.low <= self.high + _TOLERANCE))
        self._open = np.flatnonzero(self.high - self.low > _TOLERANCE)
        self._part_of: NDArray[np.int64] | None = None

    def outer(self, aims: sp.csr_array) -> tuple[Numbers, Numbers]:
        """Bounds of each row of `aims @ counts` by adding and subtracting alone: never narrower than the truth."""
        more, less = aims.maximum(0), aims.minimum(0)
        return more @ self.low + less @ self.high, more @ self.high + less @ self.low

    def allows(self, world: Numbers) -> bool:
        return bool(np.all(world >= self.low - _TOLERANCE) and np.all(world <= self.high + _TOLERANCE))

    def world(self, cost: Numbers, seconds: float = SOLVER_SECONDS, gap: float = 0.0) -> tuple[Numbers | None, float]:
        """A world with the least `cost @ counts`, and a number that cost cannot fall below.

        Only what hangs together with the cost is set, the rest is NaN. None where the solver found no world in its time.
        """
        columns = self._around(cost)
        known = cost.copy()
        known[columns] = 0
        base = float(known[known != 0] @ self.low[known != 0])
        world = self._known()
        if not len(columns):
            return world, base
        solved = self._solved(cost, columns, seconds, gap)
        if solved.status == 2:
            raise ArithmeticError(f"the published counts contradict each other: {solved.message}")
        bound = solved.mip_dual_bound
        if solved.x is None:
            return None, base + (bound if bound is not None else -np.inf)
        values = np.where(self._facts.whole[columns], np.round(solved.x), solved.x)
        world[columns] = values
        return world, base + min(float(cost[columns] @ values), bound if bound is not None else np.inf)

    def some_world(self, seconds: float, *, whole: bool = True) -> Numbers | None:
        """A world, or (not `whole`) one whose counts may be broken numbers. None where the solver found none in its time."""
        world, columns = self._known(), self._open
        if len(columns):
            solved = self._solved(np.zeros(self._facts.size), columns, seconds, whole=whole)
            if solved.x is None:
                return None
            world[columns] = np.where(self._facts.whole[columns] & whole, np.round(solved.x), solved.x)
        return world

    def stretched(self, aims: sp.csr_array, start: Numbers, need: Numbers, seconds: float) -> Numbers | None:
        """A world in which as many aims as can be reach `need` away from where they start, none counting for more.

        `aims` are signed: farther is more. None goes farther back than that. None where the solver found no world in its time.
        """
        near = np.flatnonzero(abs(aims).sum(axis=0))
        cost = np.zeros(self._facts.size)
        cost[near] = 1
        columns = self._around(cost)
        count = len(need)
        part = sp.csr_array(aims[:, columns])
        offset = aims @ self._settled_but(columns) - start
        reach = LinearConstraint(sp.hstack([-part, sp.eye_array(count)], format="csr"), -np.inf, offset)
        solved = milp(
            np.concatenate([np.zeros(len(columns)), -np.ones(count)]),
            integrality=np.concatenate([self._facts.whole[columns].astype(int), np.zeros(count, dtype=int)]),
            bounds=Bounds(np.concatenate([self.low[columns], -need]), np.concatenate([self.high[columns], need])),
            constraints=[*self._constraints(columns, count), reach],
            options={"time_limit": seconds, "mip_rel_gap": STRETCH_GAP},
        )
        if solved.x is None:
            return None
        world = self._known()
        values = solved.x[: len(columns)]
        world[columns] = np.where(self._facts.whole[columns], np.round(values), values)
        return world

    def _known(self) -> Numbers:
        """What adding and subtracting gives away; NaN for the rest."""
        return np.where(self.high - self.low <= _TOLERANCE, self.low, np.nan)

    def _settled_but(self, columns: NDArray[np.int64]) -> Numbers:
        settled = self.low.copy()
        settled[columns] = 0
        return settled

    def _constraints(self, columns: NDArray[np.int64], besides: int = 0) -> list[LinearConstraint]:
        """The facts about these columns, and as many more columns that they say nothing about."""
        settled, constraints = self._settled_but(columns), []
        for matrix, exact in ((self._facts.exact, True), (self._facts.at_most, False)):
            part = sp.csr_array(matrix[:, columns])
            rows = np.flatnonzero(np.diff(part.indptr))
            if len(rows):
                right = -(matrix[rows] @ settled)
                wide = (
                    sp.hstack([part[rows], sp.csr_array((len(rows), besides))], format="csr") if besides else part[rows]
                )
                constraints.append(LinearConstraint(wide, right if exact else -np.inf, right))
        return constraints

    def _solved(
        self, cost: Numbers, columns: NDArray[np.int64], seconds: float, gap: float = 0.0, *, whole: bool = True
    ) -> OptimizeResult:
        return milp(
            cost[columns],
            integrality=(self._facts.whole[columns] & whole).astype(int),
            bounds=Bounds(self.low[columns], self.high[columns]),
            constraints=self._constraints(columns),
            options={"time_limit": seconds, "mip_rel_gap": gap},
        )

    def _around(self, cost: Numbers) -> NDArray[np.int64]:
        """The open counts that hang together with those in the cost."""
        if self._part_of is None:
            links = abs(sp.csr_array(self._facts.all[:, self._open]))
            links.data[:] = 1
            self._part_of = sp.csgraph.connected_components(links.T @ links, directed=False)[1]
        asked = cost[self._open] != 0
        return self._open[np.isin(self._part_of, self._part_of[asked])]


def dual_bounds(
    facts: Facts, columns: NDArray[np.int64], low: Numbers, high: Numbers, cost: Numbers
) -> tuple[float, Numbers]:
    """The least `cost @ counts` over these columns by linear programming, and the reduced costs that prove it.

    For any other bounds, `sum(max(r, 0) * low + min(r, 0) * high)` stays below the cost: Benders' argument.
    """
    inside = np.zeros(facts.size, dtype=bool)
    inside[columns] = True
    parts = []
    for matrix in (facts.exact, facts.at_most):
        rows = np.flatnonzero((abs(matrix) @ (~inside).astype(float)) == 0)
        parts.append(sp.csr_array(matrix[rows][:, columns]))
    exact, at_most = parts
    solved = linprog(
        cost[columns],
        A_ub=at_most if at_most.shape[0] else None,
        b_ub=np.zeros(at_most.shape[0]) if at_most.shape[0] else None,
        A_eq=exact if exact.shape[0] else None,
        b_eq=np.zeros(exact.shape[0]) if exact.shape[0] else None,
        bounds=np.column_stack([low[columns], high[columns]]),
        method="highs",
    )
    if solved.status != 0:
        raise ArithmeticError(f"the published counts contradict each other: {solved.message}")
    reduced = np.zeros(facts.size)
    reduced[columns] = solved.lower.marginals + solved.upper.marginals
    return float(solved.fun), reduced


def _settled(facts: Facts, low: Numbers, high: Numbers) -> tuple[Numbers, Numbers]:
    """Bounds tightened fact by fact until nothing moves: most counts of a table become known here, without solver."""
    low, high = low.astype(float), high.astype(float)
    matrix = facts.all
    columns, signs = matrix.indices, matrix.data
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    adds = signs > 0
    for _ in range(_ROUNDS):
        least = np.where(adds, low[columns], -high[columns])
        room = -np.bincount(rows, least, minlength=matrix.shape[0])[rows] + least
        before = low.copy(), high.copy()
        np.minimum.at(high, columns[adds], room[adds])
        np.maximum.at(low, columns[~adds], -room[~adds])
        if np.allclose(low, before[0], atol=_TOLERANCE, rtol=0) and np.allclose(
            high, before[1], atol=_TOLERANCE, rtol=0
        ):
            break
    return low, high
