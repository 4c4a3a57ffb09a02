"""The whole board as one file, written as it is read: byte for byte `canonical(published_json(…))`, however large."""

from collections.abc import Iterable, Iterator
from itertools import chain

import sqlalchemy as sa

from civic.db import db
from consultations.votes.models import BoardEntry, VoteBoard, VoteSlot
from consultations.votes.posting import boards
from consultations.votes.protocol.encoding import canonical

BATCH = 500


def board_file(board: VoteBoard) -> Iterator[bytes]:
    """Keys in the order of canonical JSON. No transaction is held between two batches: entries never change, and what
    is posted meanwhile belongs to the next file.
    """
    board_id, length, manifest = board.id, board.length, board.manifest
    points = [one.body for one in boards.checkpoints_of(db.session, board_id) if one.n <= length]
    head = b'{"checkpoints":' + canonical(points) + b',"entries":['
    yield from packed(
        chain(
            [head],
            separated(entries(board_id, length)),
            [b'],"manifest":', manifest.encode(), b',"slots":['],
            separated(slots(board_id)),
            [b'],"version":1}'],
        )
    )


def entry_file(entry: BoardEntry) -> bytes:
    """One entry as it stands in the whole file."""
    return b'{"body":' + entry.body.encode() + b',"hash":"' + entry.hash.hex().encode() + b'"}'


def entries(board_id: int, length: int) -> Iterator[bytes]:
    after = 0
    while after < length:
        rows = db.session.scalars(
            sa.select(BoardEntry)
            .where(BoardEntry.board_id == board_id, BoardEntry.n > after, BoardEntry.n <= length)
            .order_by(BoardEntry.n)
            .limit(BATCH)
        ).all()
        after = rows[-1].n
        written = [entry_file(row) for row in rows]
        forget()
        yield from written


def slots(board_id: int) -> Iterator[bytes]:
    after = ""
    while True:
        rows = db.session.scalars(
            sa.select(VoteSlot.slot)
            .where(VoteSlot.board_id == board_id, VoteSlot.slot > after)
            .order_by(VoteSlot.slot)
            .limit(BATCH * 20)
        ).all()
        forget()
        if not rows:
            return
        after = rows[-1]
        yield from (f'"{slot}"'.encode() for slot in rows)


def forget() -> None:
    """End the reading transaction and let go of what it read."""
    db.session.rollback()
    db.session.expunge_all()


def separated(items: Iterable[bytes]) -> Iterator[bytes]:
    for number, item in enumerate(items):
        yield b"," + item if number else item


def packed(parts: Iterable[bytes], size: int = 65_536) -> Iterator[bytes]:
    """The same bytes in larger pieces."""
    held = bytearray()
    for part in parts:
        held += part
        if len(held) >= size:
            yield bytes(held)
            held.clear()
    yield bytes(held)
