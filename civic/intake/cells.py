"""The cells of a table that is being brought in: where they went, and what is wrong with one. Pure."""

from dataclasses import dataclass

from civic.messages import N_, Message

EMPTY_KEY = N_("The cell is empty, but it tells this row from others.")
UNREADABLE = N_("The text contains characters that cannot be shown.")


@dataclass(frozen=True, slots=True)
class CellCounts:
    """Where the non-empty cells went: `non_empty` is the sum of the other four."""

    non_empty: int = 0
    stored: int = 0
    derived_equal: int = 0
    derived_different: int = 0
    review: int = 0

    def __add__(self, other: "CellCounts") -> "CellCounts":
        return CellCounts(
            self.non_empty + other.non_empty,
            self.stored + other.stored,
            self.derived_equal + other.derived_equal,
            self.derived_different + other.derived_different,
            self.review + other.review,
        )


@dataclass(frozen=True, slots=True)
class CellProblem:
    column: str
    message: Message
