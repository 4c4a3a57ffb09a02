"""What became of the rows and cells of an import. Pure; the sums close.

`read` is `stored` + `already_there` + `review`. Cells are those of the rows that were not there already.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from civic.intake.cells import CellCounts


@dataclass(frozen=True)
class RowCounts:
    stored: int = 0
    already_there: int = 0
    review: int = 0

    @property
    def read(self) -> int:
        return self.stored + self.already_there + self.review

    def __add__(self, other: "RowCounts") -> "RowCounts":
        return RowCounts(
            self.stored + other.stored, self.already_there + other.already_there, self.review + other.review
        )


@dataclass(frozen=True)
class Counts:
    rows: RowCounts = field(default_factory=RowCounts)
    cells: CellCounts = field(default_factory=CellCounts)

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.rows + other.rows, self.cells + other.cells)

    def to_json(self) -> dict[str, Any]:
        """The contract's form: {"rows": {"read", …}, "cells": {"non_empty", …}}."""
        return {"rows": {"read": self.rows.read, **asdict(self.rows)}, "cells": asdict(self.cells)}


def from_json(stored: Mapping[str, Any]) -> Counts:
    rows = {name: count for name, count in stored["rows"].items() if name != "read"}
    return Counts(RowCounts(**rows), CellCounts(**stored["cells"]))
