"""An auditor of published tables: which hidden counts can a patient reader work out?

Written apart from the control, and it shares no code with it: it knows no keys and hides nothing. It lists every way to
answer the questions of a table (an atom), one unknown number of people for each, and asks linear programming for the least
and greatest number of people of every hidden cell that agree with all that was printed: all tables, margins and releases
together (integer programming where the problem is small enough). Releases are cohorts: a later one counts the cohorts before
it too. Where all questions together have few enough ways to be answered, the atoms are those of whole persons, which is as
sharp as an attack on tables can be; else each table has its own, and two tables agree where they ask the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product
from math import ceil, floor, inf, prod
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

Numbers = NDArray[np.float64]
Row = dict[int, float]

_WHOLE_PERSONS = 400
_INTEGER_UNKNOWNS = 1_500
_TOLERANCE = 1e-6
_STRETCHES = 12
_FEW = 4
_SECONDS = 20.0
_INTEGER_SECONDS = 1.0


@dataclass(frozen=True)
class Finding:
    """A count that can be worked out: it lies in [low, high], fewer integers than the smallest cell.

    `what` is printed (a small count that is not even hidden), cell (a hidden one), complement (who did not choose an
    option), silent (who left a question out), rest (the hidden cells of a line together), or growth of any of these since
    an earlier release.
    """

    table: str
    place: tuple[str | None, ...]
    what: str
    release: int
    since: int | None
    low: float
    high: float

    @property
    def sentence(self) -> str:
        """One line for a person."""
        place = " × ".join("total" if category is None else category for category in self.place)
        since = f" since release {self.since}" if self.since is not None else ""
        return f"{self.table}, {place}: {self.what} in release {self.release}{since} is {self.low:g} to {self.high:g}"

    def to_json(self) -> dict[str, Any]:
        return {
            "table": self.table,
            "place": list(self.place),
            "what": self.what,
            "release": self.release,
            "since": self.since,
            "interval": [None if bound in (inf, -inf) else bound for bound in (self.low, self.high)],
        }


@dataclass(frozen=True)
class Audit:
    """What an auditor found in releases; `asked` counts the questions put, `integer` tells how they were answered."""

    findings: tuple[Finding, ...]
    asked: int
    integer: bool


def audit(releases: Sequence[Mapping[str, Any]], minimum: int | None = None) -> Audit:
    """Audit releases (as `python -m analysis disclosure` writes them), oldest first.

    Release numbers count from 1 in the order given. `minimum` defaults to the last release's policy. ValueError for tables
    that contradict each other.
    """
    policy = releases[-1].get("policy", {})
    rules = _Rules(
        minimum or policy.get("minimum_cell", 5),
        policy.get("protect_unanswered", False),
        frozenset(policy.get("public", ())),
        _spread(policy),
    )
    layers = [_Layer(number, one) for number, one in enumerate(releases, 1) if one["base"] is not None]
    findings: list[Finding] = []
    asked, integer = 0, True
    for group in _groups(layers):
        found, questions, exact = _audited(group, layers, rules)
        findings += found
        asked += questions
        integer = integer and exact
    return Audit(tuple(sorted(findings, key=_order)), asked, integer)


def _order(finding: Finding) -> tuple[int, str, str, str]:
    return finding.release, finding.table, str(finding.place), finding.what


@dataclass(frozen=True)
class _Rules:
    minimum: int
    protect_silence: bool
    public: frozenset[str]
    spread: float


def _spread(policy: Mapping[str, Any]) -> float:
    dominance = policy.get("dominance")
    return max(100 / dominance[1] - 1 if dominance else 0.0, (policy.get("p_percent") or 0) / 100)


class _Table:
    """One published table: what is printed lies between two numbers, what is not in `hidden`."""

    def __init__(self, stored: Mapping[str, Any]) -> None:
        self.name: str = stored["name"]
        self.axes: list[Mapping[str, Any]] = stored["axes"]
        self.variables = tuple(axis["variable"] for axis in self.axes)
        self.statutory = stored.get("statutory", False)
        self.measure: str = stored.get("measure", "")
        self.base = stored["base"]
        self.impossible = {tuple(place) for place in stored.get("impossible", ())}
        half = stored.get("rounding", 1) / 2
        self.printed: dict[tuple[str | None, ...], tuple[float, float]] = {}
        self.hidden: set[tuple[str | None, ...]] = set()
        for cell in stored["cells"]:
            place, count = tuple(cell["place"]), cell["sum" if self.measure else "count"]
            if count is None:
                self.hidden.add(place)
            elif self.measure:
                self.printed[place] = count, count
            else:
                self.printed[place] = (
                    max(0, ceil(count - half)) if half > 0.5 else count,
                    (ceil(count + half) - 1 if half > 0.5 else count),
                )


class _Layer:
    def __init__(self, number: int, stored: Mapping[str, Any]) -> None:
        self.number = number
        self.base: int = stored["base"]
        tables = [_Table(table) for table in stored["tables"]]
        self.tables = [table for table in tables if not table.statutory or table.base == self.base]


def _groups(layers: Sequence[_Layer]) -> list[tuple[str, set[str]]]:
    """Variables that some table joins, for counts ("") and for each measure."""
    groups: list[tuple[str, set[str]]] = []
    for table in chain.from_iterable(layer.tables for layer in layers):
        linked = [one for one in groups if one[0] == table.measure and one[1] & set(table.variables)]
        groups = [one for one in groups if one not in linked]
        groups.append((table.measure, set(table.variables).union(*(one[1] for one in linked))))
    return groups


class _Ways:
    """The ways to answer some questions together (a block of atoms): each axis has its levels.

    A level of a single choice is a category without parts, or "" for silence. A multiple choice is either all subsets
    (`whole`), or one option at a time: it was chosen, it was not, or the question was left out.
    """

    def __init__(self, axes: Sequence[tuple[Mapping[str, Any], str | None]], start: int) -> None:
        self.axes = axes
        self.levels = [_levels(axis, option) for axis, option in axes]
        self.shape = tuple(len(levels) for levels in self.levels)
        self.size = prod(self.shape)
        self.atoms = np.arange(start, start + self.size).reshape(self.shape)

    def of(self, wanted: Mapping[str, str | None]) -> list[int] | None:
        """The atoms of a place: by variable a category, None for any answer, "" for silence, "!x" for not x.

        None where this block cannot tell.
        """
        chosen = []
        for (axis, option), levels in zip(self.axes, self.levels, strict=True):
            if axis["variable"] not in wanted:
                chosen.append(list(range(len(levels))))
                continue
            inside = _inside(axis, option, levels, wanted[axis["variable"]])
            if inside is None:
                return None
            chosen.append(inside)
        if not wanted.keys() <= {axis["variable"] for axis, _option in self.axes}:
            return None
        found: list[int] = self.atoms[np.ix_(*chosen)].ravel().tolist()
        return found


def _levels(axis: Mapping[str, Any], option: str | None) -> list[frozenset[str]]:
    if option is not None:
        return [frozenset([option]), frozenset(["!"]), frozenset()]
    if axis.get("multiple"):
        sizes = range(len(axis["categories"]) + 1)
        return [frozenset(one) for size in sizes for one in combinations(axis["categories"], size)]
    wholes = {whole for _part, whole in axis.get("nested", ())}
    return [*(frozenset([one]) for one in axis["categories"] if one not in wholes), frozenset()]


def _inside(
    axis: Mapping[str, Any], option: str | None, levels: Sequence[frozenset[str]], wanted: str | None
) -> list[int] | None:
    if wanted is None:
        return [number for number, level in enumerate(levels) if level]
    if not wanted:
        return [number for number, level in enumerate(levels) if not level]
    negated, category = wanted.startswith("!"), wanted.removeprefix("!")
    if option not in (None, category):
        return None
    leaves = _leaves(axis, category)
    return [number for number, level in enumerate(levels) if level and bool(level & leaves) != negated]


def _leaves(axis: Mapping[str, Any], category: str) -> set[str]:
    parts = [part for part, whole in axis.get("nested", ()) if whole == category]
    return set().union(*(_leaves(axis, part) for part in parts)) if parts else {category}


class _Model:
    """All atoms of a group of tables, once for each cohort, and what was printed about them."""

    def __init__(self, tables: Sequence[_Table], cohorts: int, *, growing: bool) -> None:
        axes: dict[str, Mapping[str, Any]] = {}
        for axis in chain.from_iterable(table.axes for table in tables):
            axes.setdefault(axis["variable"], axis)
        self._growing = growing
        together = prod(
            len(_levels(axis, None)) if len(axis["categories"]) < 12 else _WHOLE_PERSONS for axis in axes.values()
        )
        self.whole = together <= _WHOLE_PERSONS
        if self.whole:
            shapes: list[tuple[tuple[str, str | None], ...]] = [tuple((name, None) for name in axes)]
        else:
            shapes = list(dict.fromkeys(chain.from_iterable(_blocks(table.axes) for table in tables)))
            shapes = [shape for shape in shapes if not any(shape != one and set(shape) <= set(one) for one in shapes)]
        self.blocks: list[_Ways] = []
        self.per_cohort = 0
        for shape in shapes:
            self.blocks.append(_Ways([(axes[name], option) for name, option in shape], self.per_cohort))
            self.per_cohort += self.blocks[-1].size
        self.size = self.per_cohort * cohorts
        self._rows: list[Row] = []
        self._low: list[float] = []
        self._high: list[float] = []
        if not self.whole:
            for cohort in range(cohorts):
                self._link(cohort)

    def event(self, wanted: Mapping[str, str | None], layer: int, since: int = 0) -> Row | None:
        """The atoms counted in release `layer` but not in `since` - 1. None where no block can tell."""
        cohorts = range(since, layer + 1) if self._growing else [layer]
        for block in self.blocks:
            atoms = block.of(wanted)
            if atoms is not None:
                return {cohort * self.per_cohort + atom: 1.0 for cohort in cohorts for atom in atoms}
        return None

    def add(self, row: Row, low: float, high: float) -> None:
        self._rows.append(row)
        self._low.append(low)
        self._high.append(high)

    def constraint(self) -> LinearConstraint:
        return LinearConstraint(_matrix(self._rows, self.size), np.array(self._low), np.array(self._high))

    def _link(self, cohort: int) -> None:
        """Blocks agree on how many people gave the answers that both ask for; options of a question cover its answers."""
        seen: dict[frozenset[tuple[str, str]], list[int]] = {}
        for block in self.blocks:
            for length in range(len(block.axes) + 1):
                for chosen in combinations(range(len(block.axes)), length):
                    for name, atoms in self._margins(block, chosen):
                        if name in seen:
                            self._equal(atoms, seen[name], cohort)
                        else:
                            seen[name] = atoms
        covers: dict[tuple[str, frozenset[tuple[str, str]]], dict[str, tuple[list[int], list[int]]]] = {}
        for block in self.blocks:
            for position, (axis, option) in enumerate(block.axes):
                if option is None:
                    continue
                others = [number for number in range(len(block.axes)) if number != position]
                for length in range(len(others) + 1):
                    for chosen in combinations(others, length):
                        for name, atoms in self._margins(block, chosen):
                            inside = set(atoms)
                            answered = [atom for atom in block.of({axis["variable"]: None}) or () if atom in inside]
                            chose = [atom for atom in block.of({axis["variable"]: option}) or () if atom in inside]
                            covers.setdefault((axis["variable"], name), {})[option] = chose, answered
        for (variable, _context), by_option in covers.items():
            if len(by_option) < len(self._options(variable)):
                continue
            row: Row = {}
            for chose, _answered in by_option.values():
                for atom in chose:
                    row[cohort * self.per_cohort + atom] = 1.0
            for atom in next(iter(by_option.values()))[1]:
                column = cohort * self.per_cohort + atom
                row[column] = row.get(column, 0.0) - 1.0
            self.add(row, 0, inf)

    def _options(self, variable: str) -> set[str]:
        return {
            category
            for block in self.blocks
            for axis, _option in block.axes
            if axis["variable"] == variable
            for category in axis["categories"]
        }

    def _margins(self, block: _Ways, chosen: Sequence[int]) -> Iterator[tuple[frozenset[tuple[str, str]], list[int]]]:
        """Each combination of levels on the chosen axes, by a name that other blocks give it too."""
        for numbers in product(*(range(block.shape[position]) for position in chosen)):
            index: list[Any] = [slice(None)] * len(block.axes)
            name = set()
            for position, number in zip(chosen, numbers, strict=True):
                index[position] = number
                axis, option = block.axes[position]
                level = block.levels[position][number]
                said = "|".join(sorted(level)) if "!" not in level else f"!{option}"
                name.add((axis["variable"], said))
            yield frozenset(name), np.asarray(block.atoms[tuple(index)]).ravel().tolist()

    def _equal(self, atoms: Sequence[int], others: Sequence[int], cohort: int) -> None:
        row: Row = {}
        for group, sign in ((atoms, 1.0), (others, -1.0)):
            for atom in group:
                column = cohort * self.per_cohort + atom
                row[column] = row.get(column, 0.0) + sign
        row = {column: sign for column, sign in row.items() if sign}
        if row:
            self.add(row, 0, 0)


def _blocks(axes: Sequence[Mapping[str, Any]]) -> Iterator[tuple[tuple[str, str | None], ...]]:
    options = [axis["categories"] if axis.get("multiple") and axis["categories"] else [None] for axis in axes]
    for chosen in product(*options):
        yield tuple(sorted((axis["variable"], option) for axis, option in zip(axes, chosen, strict=True)))


def _matrix(rows: Sequence[Row], size: int) -> sp.csr_array:
    starts = np.cumsum([0, *(len(row) for row in rows)])
    columns = list(chain.from_iterable(rows))
    signs = list(chain.from_iterable(row.values() for row in rows))
    return sp.csr_array((signs, columns, starts), shape=(len(rows), size))


@dataclass(frozen=True)
class _Question:
    """How many people are in `row`? `always` asks for an open interval even where it holds no small number."""

    finding: Finding
    row: Row
    always: bool


def _audited(group: tuple[str, set[str]], layers: Sequence[_Layer], rules: _Rules) -> tuple[list[Finding], int, bool]:
    measure, variables = group
    tables = [
        (cohort, table)
        for cohort, layer in enumerate(layers)
        for table in layer.tables
        if table.measure == measure and set(table.variables) <= variables
    ]
    growing = not measure and _never_falls(tables)
    model = _Model([table for _cohort, table in tables], len(layers), growing=growing)
    _print(model, tables, layers, counts=not measure)
    small = [one for cohort, table in tables for one in _printed_small(table, layers[cohort].number, rules)]
    questions = list(_questions(model, tables, layers, rules, growing=growing))
    solver = _Solver(model, integer=not measure and model.size <= _INTEGER_UNKNOWNS)
    found = solver.answered(questions, rules, sums=bool(measure))
    return small + found, len(questions), solver.integer


def _printed_small(table: _Table, release: int, rules: _Rules) -> Iterator[Finding]:
    """Small counts that stand there for all to read."""
    if table.statutory or table.measure or set(table.variables) <= rules.public:
        return
    for place, (low, high) in table.printed.items():
        if low <= 0 or place in table.impossible:
            continue
        if low < rules.minimum and high - low + 1 < rules.minimum:
            yield Finding(table.name, place, "printed", release, None, low, high)


def _never_falls(tables: Iterable[tuple[int, _Table]]) -> bool:
    last: dict[frozenset[tuple[str, str | None]], float] = {}
    for _cohort, table in tables:
        for place, (low, high) in table.printed.items():
            name = frozenset(zip(table.variables, place, strict=True))
            if high < last.get(name, -inf):
                return False
            last[name] = low
    return True


def _print(model: _Model, tables: Sequence[tuple[int, _Table]], layers: Sequence[_Layer], *, counts: bool) -> None:
    if counts:
        for cohort, layer in enumerate(layers):
            everybody = model.event({}, cohort)
            if everybody:
                model.add(everybody, layer.base, layer.base)
    for cohort, table in tables:
        for place, (low, high) in table.printed.items():
            row = model.event(_wanted(table, place), cohort)
            if row:
                model.add(row, low, high)
        for place in table.impossible:
            row = model.event(_wanted(table, place), cohort)
            if row:
                model.add(row, 0, 0)


def _wanted(table: _Table, place: Sequence[str | None]) -> dict[str, str | None]:
    return dict(zip(table.variables, place, strict=True))


def _questions(
    model: _Model, tables: Sequence[tuple[int, _Table]], layers: Sequence[_Layer], rules: _Rules, *, growing: bool
) -> Iterator[_Question]:
    asked: set[tuple[frozenset[int], bool]] = set()
    for cohort, table in tables:
        if table.statutory:
            continue
        for place in [*table.printed, *table.hidden]:
            if place in table.impossible:
                continue
            for what, parts in _groups_at(table, place, rules):
                hidden_cell = what == "cell" and place in table.hidden
                for since in range(cohort + 1) if not table.measure else (0,):
                    if what == "cell" and not hidden_cell and not since:
                        continue
                    row = _row(model, parts, cohort, since, growing=growing)
                    always = hidden_cell and not since
                    if row is None or (frozenset(row), always) in asked:
                        continue
                    asked.add((frozenset(row), always))
                    number = layers[cohort].number
                    before = layers[since - 1].number if since else None
                    name = what if not since else f"growth of {what}"
                    yield _Question(Finding(table.name, place, name, number, before, 0, 0), row, always)


def _row(
    model: _Model, parts: Sequence[Mapping[str, str | None]], cohort: int, since: int, *, growing: bool
) -> Row | None:
    row: Row = {}
    for part in parts:
        found = model.event(part, cohort, since)
        if found is None:
            return None
        row |= found
        if since and not growing:
            row |= {column: -sign for column, sign in (model.event(part, since - 1) or {}).items()}
    return row


def _groups_at(
    table: _Table, place: tuple[str | None, ...], rules: _Rules
) -> Iterator[tuple[str, list[dict[str, str | None]]]]:
    """The people of a place, and those around it whom nobody prints."""
    wanted = _wanted(table, place)
    if set(wanted) <= rules.public:
        return
    yield "cell", [wanted]
    if table.measure:
        return
    for number, axis in enumerate(table.axes):
        name = axis["variable"]
        category = place[number]
        if category is None and (axis.get("conditional") or rules.protect_silence):
            yield "silent", [wanted | {name: ""}]
        if category is not None and axis.get("multiple"):
            yield "complement", [wanted | {name: f"!{category}"}]
        if not axis.get("multiple"):
            wholes = dict(axis.get("nested", ()))
            line = [one for one in axis["categories"] if wholes.get(one) == category]
            hidden = [one for one in line if (*place[:number], one, *place[number + 1 :]) in table.hidden]
            if len(hidden) > 1:
                yield "rest", [wanted | {name: one} for one in hidden]


class _Solver:
    def __init__(self, model: _Model, *, integer: bool) -> None:
        self.integer = integer
        self._size = model.size
        self._constraint = model.constraint()
        self._random = np.random.default_rng(1)

    def answered(self, questions: Sequence[_Question], rules: _Rules, *, sums: bool) -> list[Finding]:
        """The questions whose answer is too narrow. Worlds found on the way settle most of them."""
        if not questions:
            return []
        matrix = _matrix([question.row for question in questions], self._size)
        low, high = np.full(len(questions), inf), np.full(len(questions), -inf)

        def see(world: Numbers | None) -> None:
            if world is not None:
                values = matrix @ world
                np.minimum(low, values, out=low)
                np.maximum(high, values, out=high)

        start = self._world(np.zeros(self._size))
        if start is None and self.integer:
            self.integer = False  # too hard in whole numbers
            start = self._world(np.zeros(self._size))
        if start is None:
            raise ValueError("the published tables contradict each other")
        see(start)
        need = rules.minimum - 1.0
        for _ in range(_STRETCHES):
            narrow = np.flatnonzero(np.floor(high + _TOLERANCE) - np.ceil(low - _TOLERANCE) < need)
            before = len(narrow)
            if before < _FEW:
                break
            see(self._far_from(start, matrix[narrow], need))
            if np.count_nonzero(np.floor(high + _TOLERANCE) - np.ceil(low - _TOLERANCE) < need) > 0.9 * before:
                break
        found = []
        for number, question in enumerate(questions):
            if not sums and _integers(low[number], high[number]) >= rules.minimum:
                continue
            far = max(high[number], -low[number]) >= 2 * rules.minimum - 2 - _TOLERANCE
            if far and not question.always:
                continue  # as narrow as to tell, it cannot reach down to a small number
            try:
                bounds = self._interval(question.row, see)
            except ArithmeticError:
                if not self.integer:
                    raise
                self.integer = False  # too hard in whole numbers
                bounds = self._interval(question.row, see)
            if _too_narrow(question, bounds, rules, sums=sums):
                found.append(_with_interval(question.finding, bounds))
        return found

    def _interval(self, row: Row, see: Any) -> tuple[float, float]:
        cost = np.zeros(self._size)
        cost[list(row)] = list(row.values())
        ends = []
        for sign in (1.0, -1.0):
            solved = self._solved(sign * cost, np.zeros(self._size), None)
            see(solved.x)
            if solved.status == 3:
                ends.append(-sign * inf)
            elif solved.status == 0:
                ends.append(sign * float(solved.fun))
            elif solved.mip_dual_bound is not None:
                ends.append(sign * float(solved.mip_dual_bound))
            else:
                raise ArithmeticError(f"a count could not be bounded: {solved.message}")
        return ends[0], ends[1]

    def _world(self, cost: Numbers) -> Numbers | None:
        found: Numbers | None = self._solved(cost, np.zeros(self._size), None).x
        return found

    def _far_from(self, start: Numbers, matrix: sp.csr_array, need: float) -> Numbers | None:
        """A world in which as many rows as can be differ from those at the start by `need`, up or down by chance."""
        rows = matrix.shape[0]
        values = matrix @ start
        signs = np.where(values < need, 1.0, self._random.choice((-1.0, 1.0), rows))
        signed = sp.diags_array(signs) @ matrix
        solved = self._solved(
            np.concatenate([np.zeros(self._size), -np.ones(rows)]),
            np.concatenate([np.zeros(self._size), -need * np.ones(rows)]),
            LinearConstraint(sp.hstack([-signed, sp.eye_array(rows)], format="csr"), -inf, -signs * values),
            need,
        )
        return None if solved.x is None else solved.x[: self._size]

    def _solved(self, cost: Numbers, least: Numbers, besides: LinearConstraint | None, most: float = inf) -> Any:
        more = len(cost) - self._size
        known = self._constraint
        if more:
            wide = sp.hstack([known.A, sp.csr_array((known.A.shape[0], more))], format="csr")
            known = LinearConstraint(wide, known.lb, known.ub)
        return milp(
            cost,
            integrality=np.concatenate([np.full(self._size, int(self.integer)), np.zeros(more)]),
            bounds=Bounds(least, np.concatenate([np.full(self._size, inf), np.full(more, most)])),
            constraints=[known] if besides is None else [known, besides],
            options={"time_limit": _INTEGER_SECONDS if self.integer else _SECONDS, "mip_rel_gap": 0.05 if more else 0},
        )


def _integers(low: float, high: float) -> float:
    if high == inf or low == -inf:
        return inf
    return floor(high + _TOLERANCE) - ceil(low - _TOLERANCE) + 1


def _too_narrow(question: _Question, bounds: tuple[float, float], rules: _Rules, *, sums: bool) -> bool:
    low, high = bounds
    if sums and high - low < 2 * rules.spread * low - _TOLERANCE:
        return True
    if _integers(low, high) >= rules.minimum:
        return False
    small = (low < rules.minimum - 0.5 and high > 0.5) or (low < -0.5 and high > 0.5 - rules.minimum)
    return question.always or small


def _with_interval(finding: Finding, bounds: tuple[float, float]) -> Finding:
    low, high = (round(bound, 6) + 0.0 for bound in bounds)
    return Finding(finding.table, finding.place, finding.what, finding.release, finding.since, low, high)
