"""Reads of the residents' pages: the vote with its board, and where one voter stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from civic.activities.rules import state_of
from civic.activities.states import State
from civic.db import db
from civic.identity.models import RegisterEntry
from consultations.votes.casting.actions import Voter
from consultations.votes.casting.drawing import lot, order_of_arguments
from consultations.votes.models import BoardCheckpoint, BoardEntry, Vote, VoteBoard, VoteSlot
from consultations.votes.posting import boards
from consultations.votes.protocol.checkpoints import Receipt, sign_receipt
from consultations.votes.protocol.manifest import Manifest
from consultations.votes.publishing.counting import Standing, Turnout, standing_of, turnout_of
from consultations.votes.queries import vote_for_residents
from consultations.votes.rules import Franchise

MOST_LISTED: Final = 10


@dataclass(frozen=True)
class VotePage:
    """A vote as its pages show it."""

    vote: Vote
    state: State
    board: VoteBoard
    manifest: Manifest

    @property
    def is_open(self) -> bool:
        return self.state is State.OPEN

    @property
    def turnout(self) -> Turnout:
        return turnout_of(self.board)

    @property
    def standing(self) -> Standing:
        return standing_of(db.session, self.board)

    @property
    def arguments(self) -> Sequence[tuple[str, dict[str, str]]]:
        """Both sides, in the order that was drawn."""
        texts = {"for": self.vote.arguments_for, "against": self.vote.arguments_against}
        return [(side, texts[side]) for side in order_of_arguments(self.salt)]

    @property
    def salt(self) -> str:
        return str(self.manifest.source["salt"])

    @property
    def lot(self) -> str:
        return lot(self.salt)


def vote_page(slug: str, at: datetime) -> VotePage:
    """The approved vote at this address with its board; raises NotFound."""
    vote = vote_for_residents(slug)
    board = boards.latest(db.session, vote.id)
    return VotePage(vote, state_of(vote, at), board, boards.manifest_from(board.manifest))


@dataclass(frozen=True)
class Place:
    """Where a voter stands: her slot, and her last ballot on the board with its receipt; None while there is none."""

    slot: VoteSlot
    receipt: Receipt | None
    in_checkpoint: bool = False

    @property
    def on_paper(self) -> bool:
        return self.slot.void == "paper"


def place_of(found: VotePage, voter: Voter) -> Place | None:
    """None for who is not on the roll, and for everybody once the map of slots is destroyed."""
    slot = db.session.scalar(
        sa.select(VoteSlot).where(VoteSlot.board_id == found.board.id, VoteSlot.entry_id == voter.entry_id)
    )
    if slot is None or slot.void == "roll":
        return None
    entry = db.session.scalar(
        sa.select(BoardEntry)
        .where(BoardEntry.board_id == found.board.id, BoardEntry.slot == slot.slot, BoardEntry.kind == "cast")
        .order_by(BoardEntry.seq.desc())
        .limit(1)
    )
    if entry is None or entry.confirmation is None:
        return Place(slot, None)
    receipt = sign_receipt(boards.key_of(found.board), found.manifest, entry.n, entry.hash, entry.confirmation)
    return Place(slot, receipt, entry.n <= last_checkpoint(found.board.id))


def last_checkpoint(board_id: int) -> int:
    """Up to which entry the board's head was signed; 0 before the first checkpoint."""
    return db.session.scalar(sa.select(sa.func.max(BoardCheckpoint.n)).where(BoardCheckpoint.board_id == board_id)) or 0


def missing_of(vote: Vote, voter: Voter) -> list[str]:
    """Why an entry of the register is not on the roll: "least_age" or "least_months"; [] where the register was not the reason."""
    entry = db.session.get(RegisterEntry, voter.entry_id)
    if entry is None or vote.reference_day is None:
        return []
    franchise = Franchise(vote.least_age, vote.least_months, vote.reference_day)
    barred = franchise.bar(entry.birth_date, entry.resident_since)
    return [barred] if barred else []


@dataclass(frozen=True)
class Found:
    """What the board says of a confirmation number: included, not_yet, tested or missing."""

    verdict: str
    confirmation: str
    n: int = 0


def look_up(board_id: int, confirmation: str) -> Found:
    """One look into a unique index."""
    row = db.session.execute(
        sa.select(BoardEntry.n, BoardEntry.kind).where(
            BoardEntry.board_id == board_id, BoardEntry.confirmation == confirmation
        )
    ).one_or_none()
    if row is None:
        return Found("missing", confirmation)
    if row.kind == "audit":
        return Found("tested", confirmation, row.n)
    return Found("included" if row.n <= last_checkpoint(board_id) else "not_yet", confirmation, row.n)


def opened_votes(at: datetime) -> list[Vote]:
    """The votes that have opened and were not withdrawn, the newest first; at most ten."""
    rows = db.session.scalars(
        sa.select(Vote)
        .where(Vote.approved_at.is_not(None), Vote.starts_at <= at, Vote.withdrawn_at.is_(None))
        .order_by(Vote.starts_at.desc(), Vote.id.desc())
        .limit(MOST_LISTED)
    )
    return list(rows)
