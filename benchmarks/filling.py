"""A board filled in bulk: entries, slots and participations of the right shape and size, whose proofs nobody reads."""

from collections.abc import Iterator, Mapping
from typing import Final

import sqlalchemy as sa

from civic.db import writing
from consultations.votes.models import BoardEntry
from consultations.votes.posting import boards

BATCH: Final = 50_000
# Per engine: one row for each number from `first` to `last`, and random values of 16, 12 and 32 bytes.
NUMBERS: Final[Mapping[str, str]] = {
    "sqlite": "WITH RECURSIVE one(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM one WHERE n < :last)",
    "postgresql": "WITH one(n) AS (SELECT generate_series(CAST(:first AS bigint), CAST(:last AS bigint)))",
}
SLOT: Final[Mapping[str, str]] = {
    "sqlite": "lower(hex(randomblob(16)))",
    "postgresql": "md5(random()::text)",
}
CONFIRMATION: Final[Mapping[str, str]] = {
    "sqlite": "hex(randomblob(12))",
    "postgresql": "upper(substr(md5(random()::text), 1, 24))",
}
BYTES: Final[Mapping[str, str]] = {
    "sqlite": "randomblob(32)",
    "postgresql": "decode(md5(random()::text) || md5(random()::text), 'hex')",
}


def fill(vote_id: int, entries: int) -> None:
    """Add so many ballots of others behind those that stand on the board."""
    with writing() as session:
        board = boards.locked(session, vote_id)
        first = board.length + 1
        body = session.scalars(
            sa.select(BoardEntry.body).where(BoardEntry.board_id == board.id, BoardEntry.kind == "cast").limit(1)
        ).one()
        given = {"board": board.id, "vote": vote_id, "body": body}
    for start in range(first, first + entries, BATCH):
        last = min(start + BATCH, first + entries) - 1
        with writing() as session:
            for statement in statements(session.get_bind().dialect.name):
                session.execute(sa.text(statement), given | {"first": start, "last": last})
            board = boards.locked(session, vote_id)
            board.length, board.ballots = last, board.ballots + last - start + 1
            board.head = session.get_one(BoardEntry, (board.id, last)).hash


def statements(engine: str) -> Iterator[str]:
    """Entries, the slots they name, and as many participations."""
    numbers = NUMBERS[engine]
    yield f"""INSERT INTO board_entry (board_id, n, kind, slot, seq, confirmation, body, hash) {numbers}
        SELECT :board, n, 'cast', {SLOT[engine]}, 1, {CONFIRMATION[engine]}, :body, {BYTES[engine]} FROM one"""
    yield """INSERT INTO vote_slot (board_id, slot, seq, hash) SELECT board_id, slot, 1, slot || slot
        FROM board_entry WHERE board_id = :board AND n BETWEEN :first AND :last"""
    yield f"""INSERT INTO participation (activity_id, person_key, channel, state) {numbers}
        SELECT :vote, {BYTES[engine]}, 'web', 'counted' FROM one"""
