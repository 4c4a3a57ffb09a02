"""Casting a ballot and opening one as a test. One function, one transaction; a resident's act writes no audit record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civic.activities import gate, ledger
from civic.activities.models import Activity
from civic.activities.states import Channel
from civic.db import db, refusal_for, writing
from civic.keys import keys
from civic.refusals import Refusal
from consultations.votes.casting.grouping import GroupCommit
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


@dataclass(frozen=True)
class Posting:
    """A ballot whose proofs are checked, and who casts it when."""

    voter: Voter
    ballot: Ballot
    at: datetime


class Posted(NamedTuple):
    """Where a ballot stands on the board, and the board's head there."""

    n: int
    head: bytes


_GROUPS: Final[WeakKeyDictionary[sa.Engine, dict[int, GroupCommit[Posting, Posted]]]] = WeakKeyDictionary()


def cast_ballot(vote_id: int, voter: Voter, body: dict[str, Any], at: datetime) -> Receipt:
    """Append a ballot to the board, and the person to those who took part; the signed receipt.

    The proofs are checked before any lock is taken, then ballots that arrive together are committed together. The same
    ballot sent twice gives the same receipt and writes nothing.
    Raises what the ledger raises of a period, NotOnTheRoll, VotedOnPaper, BallotIsFinal, BallotOutOfTurn, BallotWasTested.
    """
    board = boards.latest(db.session, vote_id)
    manifest, key = boards.manifest_from(board.manifest), boards.key_of(board)
    ballot = read_ballot(body, manifest)
    check_ballot(ballot, manifest)
    db.session.rollback()  # while another thread writes for this one, this one reads nothing
    posted = group_of(db.engine, vote_id).write(Posting(voter, ballot, at))
    return sign_receipt(key, manifest, posted.n, posted.head, ballot.confirmation)


def group_of(engine: sa.Engine, vote_id: int) -> GroupCommit[Posting, Posted]:
    """Of this process and of one database; it ends with its engine and keeps no connection of it open."""
    return _GROUPS.setdefault(engine, {}).setdefault(vote_id, GroupCommit(partial(post_ballots, vote_id)))


def post_ballots(vote_id: int, postings: Sequence[Posting]) -> list[Posted | Exception]:
    """Append ballots in one transaction: of each, where it stands, or why it alone was refused."""
    with writing() as session:
        return append_ballots(session, vote_id, postings)


def append_ballots(session: Session, vote_id: int, postings: Sequence[Posting]) -> list[Posted | Exception]:
    """The same inside a caller's transaction: nothing is acknowledged before that is committed."""
    activity = gate.enter(session, vote_id, max(one.at for one in postings))
    board = boards.locked(session, vote_id)
    return [_outcome(session, activity, board, one) for one in postings]


def _outcome(session: Session, activity: Activity, board: VoteBoard, posting: Posting) -> Posted | Exception:
    try:
        with session.begin_nested():
            return _post(session, activity, board, posting)
    except Refusal as refusal:
        return refusal
    except IntegrityError as error:
        return refusal_for(error)


def _post(session: Session, activity: Activity, board: VoteBoard, posting: Posting) -> Posted:
    ballot, voter = posting.ballot, posting.voter
    entry = _entry_with(session, board, ballot.confirmation)
    if entry is None:
        ledger.admit(activity, Channel.WEB)
        slot = slot_of(session, board.id, voter)
        require_turn(slot, ballot, activity.change_allowed)
        entry = boards.append(session, board, ballot.body, ballot.confirmation)
        board.ballots += slot.seq == 0
        slot.seq, slot.hash = ballot.seq, ballot.hash
        ledger.take_part_in_secret(session, keys(), activity, subject=voter.subject, channel=Channel.WEB)
    return Posted(entry.n, entry.hash)


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
