"""The unknowns of the auditor: how many people gave each possible set of answers (an atom), and what links them.

Where all questions of a group of tables have few enough ways to be answered together, the atoms are those of whole persons,
which is as sharp as an attack on tables can be; else each table has a block of its own, and two blocks agree where they ask
the same. Of the auditor, which shares no code with the control (`disclosure_audit`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, product
from math import inf, prod
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.optimize import LinearConstraint

from analysis.auditor_tables import Wanted

Row = dict[int, float]
"""Factors by column: cohort × atoms of one cohort + atom."""

_Axis = Mapping[str, Any]
_Shape = tuple[tuple[str, str | None], ...]
_Margin = frozenset[tuple[str, str]]

_WHOLE_PERSONS = 400
_MANY_OPTIONS = 12


class Block:
    """The ways to answer some questions together (a block of atoms): each axis has its levels.

    `axes` are questions, each with the one option it is told apart by, or None. The levels of a single choice are its
    categories without parts, and silence; those of a multiple choice all subsets, or by one option: it was chosen, it was
    not, or the question was left out. `atoms` are numbers from `start`, an axis of the array for each question.
    """

    def __init__(self, axes: Sequence[tuple[_Axis, str | None]], start: int) -> None:
        self.axes = axes
        self.levels = [_levels(axis, option) for axis, option in axes]
        self.shape = tuple(len(levels) for levels in self.levels)
        self.size = prod(self.shape)
        self.atoms = np.arange(start, start + self.size).reshape(self.shape)

    def of(self, wanted: Wanted) -> list[int] | None:
        """The atoms of those who answered so. None where this block cannot tell."""
        if not wanted.keys() <= {axis["variable"] for axis, _option in self.axes}:
            return None
        chosen = []
        for (axis, option), levels in zip(self.axes, self.levels, strict=True):
            if axis["variable"] not in wanted:
                chosen.append(list(range(len(levels))))
                continue
            inside = _inside(axis, option, levels, wanted[axis["variable"]])
            if inside is None:
                return None
            chosen.append(inside)
        found: list[int] = self.atoms[np.ix_(*chosen)].ravel().tolist()
        return found


def _levels(axis: _Axis, option: str | None) -> list[frozenset[str]]:
    """The answers told apart on an axis (of one `option` alone: chosen, another "!", none); the empty set is silence."""
    if option is not None:
        return [frozenset([option]), frozenset(["!"]), frozenset()]
    if axis.get("multiple"):
        sizes = range(len(axis["categories"]) + 1)
        return [frozenset(one) for size in sizes for one in combinations(axis["categories"], size)]
    wholes = {whole for _part, whole in axis.get("nested", ())}
    return [*(frozenset([one]) for one in axis["categories"] if one not in wholes), frozenset()]


def _inside(axis: _Axis, option: str | None, levels: Sequence[frozenset[str]], wanted: str | None) -> list[int] | None:
    """Numbers of the levels that are wanted; None where an axis of one option is asked for another."""
    if wanted is None:
        return [number for number, level in enumerate(levels) if level]
    if not wanted:
        return [number for number, level in enumerate(levels) if not level]
    negated, category = wanted.startswith("!"), wanted.removeprefix("!")
    if option not in (None, category):
        return None
    leaves = _leaves(axis, category)
    return [number for number, level in enumerate(levels) if level and bool(level & leaves) != negated]


def _leaves(axis: _Axis, category: str) -> set[str]:
    """The parts of a category that have no parts."""
    parts = [part for part, whole in axis.get("nested", ()) if whole == category]
    return set().union(*(_leaves(axis, part) for part in parts)) if parts else {category}


class Atoms:
    """All atoms of a group of tables, once for each cohort, and what is known about them.

    `size` counts the columns of a row.
    """

    def __init__(self, tables: Sequence[Sequence[_Axis]], cohorts: int, *, growing: bool) -> None:
        """`tables` are the axes of each. `growing`: a release counts the cohorts before it too; else each stands alone."""
        axes: dict[str, _Axis] = {}
        for axis in chain.from_iterable(tables):
            axes.setdefault(axis["variable"], axis)
        self._growing = growing
        whole = _ways_together(axes.values()) <= _WHOLE_PERSONS
        shapes = [tuple((name, None) for name in axes)] if whole else _largest(tables)
        self._blocks: list[Block] = []
        self._per_cohort = 0
        for shape in shapes:
            self._blocks.append(Block([(axes[name], option) for name, option in shape], self._per_cohort))
            self._per_cohort += self._blocks[-1].size
        self.size = self._per_cohort * cohorts
        self._rows: list[Row] = []
        self._low: list[float] = []
        self._high: list[float] = []
        if not whole:
            for cohort in range(cohorts):
                self._agree(cohort)
                self._cover(cohort)

    def people(self, parts: Sequence[Wanted], layer: int, since: int = 0) -> Row | None:
        """Those who answered like one of the parts (which exclude each other), as release `layer` counts them.

        With `since`, less those counted in release `since` - 1 already; releases are numbered from 0. None where no
        block can tell.
        """
        row: Row = {}
        for part in parts:
            atoms = next((found for block in self._blocks if (found := block.of(part)) is not None), None)
            if atoms is None:
                return None
            row |= self._columns(atoms, range(since, layer + 1) if self._growing else [layer], 1.0)
            if since and not self._growing:
                row |= self._columns(atoms, [since - 1], -1.0)
        return row

    def _columns(self, atoms: Sequence[int], cohorts: Iterable[int], factor: float) -> Row:
        return {cohort * self._per_cohort + atom: factor for cohort in cohorts for atom in atoms}

    def add(self, row: Row, low: float, high: float) -> None:
        """From now on it is known that `low` <= row @ atoms <= `high`."""
        self._rows.append(row)
        self._low.append(low)
        self._high.append(high)

    def constraint(self) -> LinearConstraint:
        """All that is known, but that no number is below 0."""
        return LinearConstraint(matrix(self._rows, self.size), np.array(self._low), np.array(self._high))

    def _agree(self, cohort: int) -> None:
        """Blocks agree on how many people gave the answers that both ask for."""
        seen: dict[_Margin, list[int]] = {}
        for block in self._blocks:
            for chosen in _subsets(range(len(block.axes))):
                for name, atoms in self._margins(block, chosen):
                    row = self._difference(atoms, seen.setdefault(name, atoms), cohort)
                    if row:
                        self.add(row, 0, 0)

    def _cover(self, cohort: int) -> None:
        """Who answered a question chose one of its options at least, among any people that all its blocks tell apart."""
        covers: dict[tuple[str, _Margin], dict[str, tuple[list[int], list[int]]]] = {}
        for block in self._blocks:
            for position, (axis, option) in enumerate(block.axes):
                if option is None:
                    continue
                variable = axis["variable"]
                chose, answered = (set(block.of({variable: wanted}) or ()) for wanted in (option, None))
                for chosen in _subsets([number for number in range(len(block.axes)) if number != position]):
                    for name, atoms in self._margins(block, chosen):
                        by_option = covers.setdefault((variable, name), {})
                        by_option[option] = (
                            [one for one in atoms if one in chose],
                            [one for one in atoms if one in answered],
                        )
        for (variable, _margin), by_option in covers.items():
            if len(by_option) == len(self._options(variable)):
                choosing = list(chain.from_iterable(chose for chose, _answered in by_option.values()))
                answering = next(iter(by_option.values()))[1]
                self.add(self._difference(choosing, answering, cohort), 0, inf)

    def _options(self, variable: str) -> set[str]:
        """All categories of a question, asked for or not."""
        return {
            category
            for block in self._blocks
            for axis, _option in block.axes
            if axis["variable"] == variable
            for category in axis["categories"]
        }

    def _margins(self, block: Block, chosen: Sequence[int]) -> Iterator[tuple[_Margin, list[int]]]:
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

    def _difference(self, atoms: Sequence[int], others: Sequence[int], cohort: int) -> Row:
        """How many more people the first atoms are than the others."""
        row: Row = {}
        for group, factor in ((atoms, 1.0), (others, -1.0)):
            for atom in group:
                column = cohort * self._per_cohort + atom
                row[column] = row.get(column, 0.0) + factor
        return {column: factor for column, factor in row.items() if factor}


def _subsets(positions: Sequence[int]) -> Iterator[tuple[int, ...]]:
    return chain.from_iterable(combinations(positions, length) for length in range(len(positions) + 1))


def _ways_together(axes: Iterable[_Axis]) -> int:
    """How many ways there are to answer all questions; with a very long one, too many to count them out."""
    return prod(
        len(_levels(axis, None)) if len(axis["categories"]) < _MANY_OPTIONS else _WHOLE_PERSONS for axis in axes
    )


def _largest(tables: Sequence[Sequence[_Axis]]) -> list[_Shape]:
    """The shapes of the tables' blocks, without those that are part of another."""
    shapes = list(dict.fromkeys(chain.from_iterable(map(_shapes, tables))))
    return [shape for shape in shapes if not any(shape != one and set(shape) <= set(one) for one in shapes)]


def _shapes(axes: Sequence[_Axis]) -> Iterator[_Shape]:
    """A table's blocks: variables in order, with one option each of those of multiple choice, else None."""
    options = [axis["categories"] if axis.get("multiple") and axis["categories"] else [None] for axis in axes]
    for chosen in product(*options):
        yield tuple(sorted((axis["variable"], option) for axis, option in zip(axes, chosen, strict=True)))


def matrix(rows: Sequence[Row], size: int) -> sp.csr_array:
    """The rows below one another, `size` columns wide."""
    starts = np.cumsum([0, *(len(row) for row in rows)])
    columns = list(chain.from_iterable(rows))
    factors = list(chain.from_iterable(row.values() for row in rows))
    return sp.csr_array((factors, columns, starts), shape=(len(rows), size))
