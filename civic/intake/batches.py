"""Batches of an import: as many rows as one short transaction takes, each with whom it names."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from civic.identity.registers.queries import entries_of
from civic.intake.rows import Content, Row
from civic.messages import N_

MOST_ROWS = 1_000
FEWEST_ROWS = 20
SECONDS = 0.1  # what one transaction aims at, so that nobody who takes part waits long

NOBODY_NAMED = N_("The cell is empty, but it says who answered.")
NOT_IN_REGISTER = N_("The register has no such person.")


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

    def parts(self, rows: Iterator[Row[Content]]) -> Iterator[list[Row[Content]]]:
        """The rows in lists as long as the pace is when each begins."""
        batch: list[Row[Content]] = []
        for row in rows:
            batch.append(row)
            if len(batch) >= self.rows:
                yield batch
                batch = []
        if batch:
            yield batch


def identified(batch: Sequence[Row[Content]], column: str | None, register_id: int | None) -> list[Row[Content]]:
    """The rows of a batch, looked up in the register where `column` says who took part."""
    if column is None or register_id is None:
        return list(batch)
    entries = entries_of(register_id, [row.person for row in batch if row.person])
    return [_known(row, column, entries) for row in batch]


def _known(row: Row[Content], column: str, entries: Mapping[str, int]) -> Row[Content]:
    if not row.person:
        return row.refused(column, NOBODY_NAMED)
    if row.person not in entries:
        return row.refused(column, NOT_IN_REGISTER)
    return replace(row, subject=f"entry:{entries[row.person]}")
