"""One row of a table that is being brought in, and what the kind of its activity must say of such tables."""

import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, Protocol, TypeVar

from sqlalchemy.orm import Session

from civic.activities.arrivals import Entered
from civic.activities.states import Channel
from civic.intake.cells import CellCounts, CellProblem
from civic.messages import N_, Message

Content = TypeVar("Content")

SAME_KEY = N_("An earlier row of this file has the same key.")


@dataclass(frozen=True, slots=True)
class Read(Generic[Content]):
    """What a row says: `content` is what is stored of it, None where it waits for review because of `problems`."""

    content: Content | None
    cells: CellCounts
    problems: tuple[CellProblem, ...] = ()
    arrived_on: date | None = None


@dataclass(frozen=True)
class Row(Generic[Content]):
    """One row. `key` tells it apart from every other row that this activity and channel will ever get; `doubled` says
    that an earlier row of the file has it. `person` is the cell that says who took part, `subject` whom it means."""

    number: int
    key: str
    cells: Sequence[str]
    read: Read[Content]
    person: str | None = None
    subject: str | None = None
    doubled: bool = False

    def refused(self, column: str, sentence: str) -> "Row[Content]":
        """The row left for review for one reason more."""
        problems = (*self.read.problems, CellProblem(column, Message(sentence)))
        cells = CellCounts(self.read.cells.non_empty, review=self.read.cells.non_empty)
        return replace(self, read=replace(self.read, content=None, cells=cells, problems=problems))


class Table(Protocol[Content]):
    """How the rows of a table become part of one activity: what only its kind knows. Made by `Feature.tables`.

    `key` names the columns that tell rows apart, `named` all columns whose cells are kept under a name, `about_person`
    those of them that say who took part.
    """

    @property
    def key(self) -> Sequence[str]: ...

    @property
    def named(self) -> Collection[str]: ...

    @property
    def about_person(self) -> Collection[str]: ...

    def header_problems(self, headers: Sequence[str]) -> Sequence[Message]:
        """Why a file with these headers cannot be imported."""

    def reader(self, headers: Sequence[str]) -> Callable[[Sequence[str], str], Read[Content]]:
        """A function from a row's cells and key to what it says. Called outside of any transaction."""

    def stored_keys(self, session: Session, channel: Channel, keys: Sequence[str]) -> set[str]:
        """Which of these keys the activity has by this channel."""

    def store(self, session: Session, channel: Channel, entered: Sequence[tuple[Entered, Content]]) -> None:
        """Keep what participations of one channel brought, at most 1,000, in the caller's transaction."""


def row_key(digest: str, number: int, key: Sequence[str]) -> str:
    """SHA-256 of the key cells, in hex; of the file and the row's number where there are none or one is empty."""
    told = list(key) if key and all(key) else [digest, number]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
