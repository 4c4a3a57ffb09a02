"""Reads of the public board, page by page and entry by entry."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from civic.db import db
from civic.refusals import NotFound
from consultations.votes.casting.queries import last_checkpoint
from consultations.votes.models import BoardCheckpoint, BoardEntry, VoteBoard

PER_PAGE = 50


@dataclass(frozen=True)
class BoardPage:
    """Some entries of the board, the newest first."""

    entries: Sequence[BoardEntry]
    number: int
    pages: int
    checkpoint: BoardCheckpoint | None  # the newest


def board_page(board: VoteBoard, number: int) -> BoardPage:
    """A page behind the last is empty no longer than it takes: it is NotFound."""
    pages = max(1, -(-board.length // PER_PAGE))
    if number > pages:
        raise NotFound
    first = board.length - (number - 1) * PER_PAGE
    rows = db.session.scalars(
        sa.select(BoardEntry)
        .where(BoardEntry.board_id == board.id, BoardEntry.n <= first, BoardEntry.n > first - PER_PAGE)
        .order_by(BoardEntry.n.desc())
    ).all()
    return BoardPage(rows, number, pages, newest_checkpoint(board.id))


def newest_checkpoint(board_id: int) -> BoardCheckpoint | None:
    return db.session.get(BoardCheckpoint, (board_id, last_checkpoint(board_id)))


def entry(board: VoteBoard, n: int) -> BoardEntry:
    """One entry by its number; raises NotFound."""
    found = db.session.get(BoardEntry, (board.id, n))
    if found is None:
        raise NotFound
    return found
