"""Writing onto a vote's board inside a caller's transaction, and reading it back as the protocol has it."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.keys import keys
from consultations.votes.models import BoardCheckpoint, BoardEntry, Vote, VoteBoard, VoteSlot
from consultations.votes.protocol.board import Board, next_head, sign_entry
from consultations.votes.protocol.checkpoints import Checkpoint, Cosignature
from consultations.votes.protocol.encoding import canonical, read
from consultations.votes.protocol.manifest import Manifest, read_manifest
from consultations.votes.protocol.signing import SigningKey
from consultations.votes.refusals import NotFrozen

BATCH = 500


def board_key(vote_id: int, salt: str) -> SigningKey:
    """The board's signing key: from the key kept outside the database, so that no copy of the database can sign."""
    return SigningKey(keys().mac("board.1", vote_id, salt))


@lru_cache(maxsize=16)
def manifest_from(text: str) -> Manifest:
    """A manifest of ours, read and checked once a process."""
    return read_manifest(read(text.encode()))


def key_of(board: VoteBoard) -> SigningKey:
    return board_key(board.vote_id, manifest_from(board.manifest).source["salt"])


def latest(session: Session, vote_id: int) -> VoteBoard:
    """The board of the vote as it was last frozen. Raises NotFrozen."""
    found = session.scalar(
        sa.select(VoteBoard).where(VoteBoard.vote_id == vote_id).order_by(VoteBoard.id.desc()).limit(1)
    )
    if found is None:
        raise NotFrozen
    return found


def locked(session: Session, vote_id: int) -> VoteBoard:
    """The same, held alone until the transaction ends: entries are appended one after the other."""
    board_id = latest(session, vote_id).id
    held = sa.select(VoteBoard).where(VoteBoard.id == board_id).with_for_update()
    return session.scalars(held.execution_options(populate_existing=True)).one()


def append(session: Session, board: VoteBoard, body: dict[str, Any], confirmation: str | None = None) -> BoardEntry:
    """Sign a body and append it. The board is locked; the opening goes before the first entry."""
    if board.length == 0 and body["type"] != "open":
        append(session, board, {"rehearsal": board.rehearsal, "type": "open"})
    signed = sign_entry(key_of(board), manifest_from(board.manifest), board.head, body)
    board.head, board.length = next_head(board.head, signed), board.length + 1
    entry = BoardEntry(
        board_id=board.id,
        n=board.length,
        kind=body["type"],
        slot=body.get("slot"),
        seq=body.get("seq"),
        confirmation=confirmation,
        body=canonical(signed).decode(),
        hash=board.head,
    )
    session.add(entry)
    session.flush()
    return entry


def bodies(session: Session, board_id: int, after: int = 0) -> Iterator[BoardEntry]:
    """The entries in order, fetched in batches."""
    while True:
        rows = session.scalars(
            sa.select(BoardEntry)
            .where(BoardEntry.board_id == board_id, BoardEntry.n > after)
            .order_by(BoardEntry.n)
            .limit(BATCH)
        ).all()
        yield from rows
        if len(rows) < BATCH:
            return
        after = rows[-1].n
        session.expunge_all()


def slots_of(session: Session, board_id: int) -> list[str]:
    return list(session.scalars(sa.select(VoteSlot.slot).where(VoteSlot.board_id == board_id).order_by(VoteSlot.slot)))


def replayed(session: Session, board: VoteBoard, progress: Callable[[int], None] = lambda done: None) -> Board:
    """The board as the protocol reads it: every rule but the ballots' proofs, which were checked when they were cast.

    `progress` is told every `BATCH` entries how many are read.
    """
    manifest = manifest_from(board.manifest)
    result = Board(manifest, frozenset(slots_of(session, board.id)))
    for entry in bodies(session, board.id):
        result.append(read(entry.body.encode()), check=lambda ballot, manifest: None)
        if result.length % BATCH == 0:
            progress(result.length)
    return result


def checkpoints_of(session: Session, board_id: int) -> list[Checkpoint]:
    rows = session.scalars(
        sa.select(BoardCheckpoint).where(BoardCheckpoint.board_id == board_id).order_by(BoardCheckpoint.n)
    )
    return [checkpoint_from(row) for row in rows]


def checkpoint_from(row: BoardCheckpoint) -> Checkpoint:
    cosigned = [Cosignature(one.witness, one.signature) for one in row.cosignatures]
    return Checkpoint(row.n, row.hash, row.time, row.signature, cosigned)


def vote_of(session: Session, vote_id: int) -> Vote:
    return session.get_one(Vote, vote_id)
