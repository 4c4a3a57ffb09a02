"""Casting a ballot and opening one as a test. One function, one transaction; a resident's act writes no audit record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.activities import gate, ledger
from civic.activities.states import Channel
from civic.db import db, writing
from civic.keys import keys
from consultations.votes.models import BoardEntry, VoteBoard, VoteSlot
from consultations.votes.posting import boards
from consultations.votes.protocol.ballots import Ballot, ballot_hash, check_ballot, confirmation_number, read_ballot
from consultations.votes.protocol.checkpoints import Receipt, sign_receipt
from consultations.votes.refusals import BallotIsFinal, BallotOutOfTurn, BallotWasTested, NotOnTheRoll, VotedOnPaper


@dataclass(frozen=True)
class Voter:
    """Who votes: the entry of the register that the ledger knows as a subject."""

    entry_id: int

    @property
    def subject(self) -> str:
        return f"entry:{self.entry_id}"


def cast_ballot(vote_id: int, voter: Voter, body: dict[str, Any], at: datetime) -> Receipt:
    """Append a ballot to the board, and the person to those who took part; the signed receipt.

    The proofs are checked before any lock is taken. The same ballot sent twice gives the same receipt and writes nothing.
    Raises what the ledger raises of a period, NotOnTheRoll, VotedOnPaper, BallotIsFinal, BallotOutOfTurn, BallotWasTested.
    """
    manifest = boards.manifest_from(boards.latest(db.session, vote_id).manifest)
    ballot = read_ballot(body, manifest)
    check_ballot(ballot, manifest)
    with writing() as session:
        activity = gate.enter(session, vote_id, at)
        board = boards.locked(session, vote_id)
        entry = _entry_with(session, board, ballot.confirmation)
        if entry is None:
            ledger.admit(activity, Channel.WEB)
            slot = slot_of(session, board.id, voter)
            require_turn(slot, ballot, activity.change_allowed)
            entry = boards.append(session, board, body, ballot.confirmation)
            board.ballots += slot.seq == 0
            slot.seq, slot.hash = ballot.seq, ballot.hash
            ledger.take_part_in_secret(session, keys(), activity, subject=voter.subject, channel=Channel.WEB)
        n, head = entry.n, entry.hash
        key = boards.key_of(board)
    return sign_receipt(key, manifest, n, head, ballot.confirmation)


def _entry_with(session: Session, board: VoteBoard, confirmation: str) -> BoardEntry | None:
    """The cast entry of this very ballot, if it is there. Raises BallotWasTested for an audited one."""
    found = session.scalar(
        sa.select(BoardEntry).where(BoardEntry.board_id == board.id, BoardEntry.confirmation == confirmation)
    )
    if found is not None and found.kind == "audit":
        raise BallotWasTested
    return found


def slot_of(session: Session, board_id: int, voter: Voter) -> VoteSlot:
    """The voter's place on the roll. Raises NotOnTheRoll, VotedOnPaper."""
    slot = session.scalar(
        sa.select(VoteSlot)
        .where(VoteSlot.board_id == board_id, VoteSlot.entry_id == voter.entry_id)
        .execution_options(populate_existing=True)
    )
    if slot is None or slot.void == "roll":
        raise NotOnTheRoll
    if slot.void == "paper":
        raise VotedOnPaper
    return slot


def require_turn(slot: VoteSlot, ballot: Ballot, revote: bool) -> None:
    """The ballot is the next of its own slot."""
    if slot.seq and not revote:
        raise BallotIsFinal
    if (ballot.slot, ballot.seq, ballot.prev) != (slot.slot, slot.seq + 1, slot.hash):
        raise BallotOutOfTurn


def open_as_test(vote_id: int, voter: Voter, body: dict[str, Any], at: datetime) -> str:
    """Post that this ballot is opened as a test (検査する), so that it is never cast; its confirmation number.

    Twice is once. Raises what the ledger raises of a period, NotOnTheRoll, VotedOnPaper, BallotOutOfTurn if it was cast.
    """
    confirmation = confirmation_number(ballot_hash(body))
    with writing() as session:
        ledger.admit(gate.enter(session, vote_id, at), Channel.WEB)
        board = boards.locked(session, vote_id)
        slot_of(session, board.id, voter)
        known = session.scalar(
            sa.select(BoardEntry.kind).where(BoardEntry.board_id == board.id, BoardEntry.confirmation == confirmation)
        )
        if known == "cast":
            raise BallotOutOfTurn
        if known is None:
            boards.append(session, board, {"confirmation": confirmation, "type": "audit"}, confirmation)
    return confirmation
