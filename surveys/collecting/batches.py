"""Batches of an import: as many rows as one short transaction takes, each with who answered and what it stores."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from civic import clock
from civic.activities.arrivals import Arrival
from civic.identity.registers.queries import entries_of
from surveys.collecting.reading import NOBODY_NAMED, NOT_IN_REGISTER, Row
from surveys.conditions import off_path_codes
from surveys.questionnaire import Questionnaire
from surveys.recording import Filled

MOST_ROWS = 1_000
FEWEST_ROWS = 20
SECONDS = 0.1  # what one transaction aims at, so that nobody who answers waits long


class Pace:
    """How many rows one transaction takes on this machine at this moment."""

    def __init__(self) -> None:
        self.rows = 200

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Around a transaction of `rows` rows: the next one is as large as its time allows."""
        began = time.monotonic()
        yield
        took = max(time.monotonic() - began, 0.001)
        self.rows = max(FEWEST_ROWS, min(MOST_ROWS, 2 * self.rows, int(self.rows * SECONDS / took)))

    def parts(self, rows: Iterator[Row]) -> Iterator[list[Row]]:
        """The rows in lists as long as the pace is when each begins."""
        batch: list[Row] = []
        for row in rows:
            batch.append(row)
            if len(batch) >= self.rows:
                yield batch
                batch = []
        if batch:
            yield batch


@dataclass(frozen=True)
class Candidate:
    """A row with what it would store; `filled` is None when it waits for review."""

    row: Row
    arrival: Arrival
    filled: Filled | None


def candidates(
    batch: Sequence[Row], questionnaire: Questionnaire, version: int, person: str | None, register_id: int | None
) -> list[Candidate]:
    """The rows of a batch, looked up in the register where the column `person` says who answered."""
    entries: Mapping[str, int] = {}
    if register_id is not None:
        entries = entries_of(register_id, [row.person for row in batch if row.person])
    rows = [row if person is None else _known(row, person, entries) for row in batch]
    return [Candidate(row, _arrival(row, entries), _filled(row, questionnaire, version)) for row in rows]


def _known(row: Row, column: str, entries: Mapping[str, int]) -> Row:
    if not row.person:
        return row.refused(column, NOBODY_NAMED)
    return row if row.person in entries else row.refused(column, NOT_IN_REGISTER)


def _arrival(row: Row, entries: Mapping[str, int]) -> Arrival:
    entry = entries.get(row.person) if row.person else None
    answered = row.result.answered_at
    arrived_on: date | None = clock.day_in_japan(answered) if answered else None
    return Arrival(None if entry is None else f"entry:{entry}", arrived_on)


def _filled(row: Row, questionnaire: Questionnaire, version: int) -> Filled | None:
    result = row.result
    if result.problems:
        return None
    return Filled(
        version,
        result.answers,
        off_path=off_path_codes(questionnaire, result.answers),
        attributes=result.attributes,
        answered_at=result.answered_at,
        row_key=row.key,
        key_cells=result.key,
    )
