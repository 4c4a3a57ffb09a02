"""Columns of a table as questions of a survey: an empty cell was not answered, and each wrong cell is named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.crosstab import Answer
from analysis.inference import Axis
from analysis.means import Means, means
from analysis.tabular import Table, is_number
from analysis.waves import Wave

if TYPE_CHECKING:
    from analysis.tabulation import Question

MAX_CATEGORIES = 500


class ColumnRefused(ValueError):
    """A column that is not there, or that is not what it is asked to be; the message says where and what to do."""


@dataclass(frozen=True)
class Reading:
    """How cells are read: columns with several answers and what parts them, and columns whose answers have an order."""

    multiple: frozenset[str] = frozenset()
    split: str = "\n"
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Columned:
    """A table asked column by column. Every method raises ColumnRefused for a column that is not there."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._table.rows)

    def cells(self, name: str) -> list[str]:
        """The column as it is."""
        if name not in self._table.headers:
            raise ColumnRefused(f"there is no column {name}. The columns are: {', '.join(self._table.headers)}.")
        place = self._table.headers.index(name)
        return [row[place] for row in self._table.rows]

    def weights(self, name: str) -> list[float]:
        """The column as numbers; a cell that is none is refused with its row."""
        return [self._number(name, row, cell) for row, cell in enumerate(self.cells(name), 1)]

    def numbers(self, name: str) -> list[float | None]:
        """The column as numbers, None where nothing was answered; a cell that is no number is refused with its row."""
        return [self._number(name, row, cell) if cell.strip() else None for row, cell in enumerate(self.cells(name), 1)]

    def answers(self, name: str, reading: Reading) -> list[Answer]:
        """A category per respondent, or a set of them; None where the cell is empty."""
        cells = self.cells(name)
        if name not in reading.multiple:
            return [cell if cell.strip() else None for cell in cells]
        known = {cell: frozenset(filter(str.strip, cell.split(reading.split))) for cell in set(cells)}
        return [known[cell] for cell in cells]

    def axis(self, name: str, reading: Reading, other: "Columned | None" = None) -> Axis:
        """Its answers in their order where one is given, else sorted, numbers by size; those of `other` are joined."""
        multiple = name in reading.multiple
        if name in reading.orders:
            return Axis(name, reading.orders[name], multiple)
        found: set[str] = set()
        for table in (self, other):
            for answer in set(table.answers(name, reading)) if table else ():
                if answer is not None:
                    found |= answer if isinstance(answer, frozenset) else {answer}
        if len(found) > MAX_CATEGORIES:
            raise ColumnRefused(
                f"the column {name} has {len(found):,} different answers, too many for a table. Name a column of choices, "
                "or read it with --multiple and --split where a cell holds several."
            )
        ordered = sorted(found, key=lambda one: (not is_number(one), float(one) if is_number(one) else 0.0, one))
        return Axis(name, tuple(ordered), multiple)

    def question(self, name: str, reading: Reading) -> "Question":
        """The column as a question for `analysis.tabulation`."""
        from analysis.tabulation import Question

        return Question(self.axis(name, reading), self.answers(name, reading), name in reading.orders)

    def means(self, number: str, row: str, reading: Reading, weights: Sequence[float] | None) -> Means:
        """The means of a numeric column by the answers to another."""
        return means(number, self.numbers(number), self.axis(row, reading), self.answers(row, reading), weights)

    def wave(self, name: str, axes: Sequence[Axis], reading: Reading, weights: str | None) -> Wave:
        """The columns of `axes` as one wave."""
        found = {axis.variable: self.answers(axis.variable, reading) for axis in axes}
        return Wave(name, found, self.weights(weights) if weights else None)

    def _number(self, name: str, row: int, cell: str) -> float:
        if not is_number(cell.strip()):
            raise ColumnRefused(
                f"row {row}: {cell!r} in column {name} is not a number. Correct it or leave the row out."
            )
        return float(cell)
