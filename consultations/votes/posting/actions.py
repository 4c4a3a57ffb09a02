"""What a vote posts on its board besides ballots: signed heads, cosignatures, the close, shares, the result. One function,
one transaction, its audit record inside. What is long to compute is computed before any lock is taken.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.activities import actions as activities
from civic.activities import gate
from civic.activities.models import Activity
from civic.activities.refusals import LatchAlreadySet, NotEndedYet
from civic.audit import chain
from civic.db import db, writing
from civic.identity.accounts import Actor
from civic.jobs.queue import enqueue
from civic.opendata.models import RELEASE_JOB
from consultations.votes.models import BoardCheckpoint, BoardCosignature, VoteBoard
from consultations.votes.posting import boards
from consultations.votes.posting.closing import Closing, closing_of
from consultations.votes.protocol.board import Board, Outcome, close_of
from consultations.votes.protocol.checkpoints import Checkpoint, read_checkpoint, sign_checkpoint
from consultations.votes.protocol.encoding import Json
from consultations.votes.protocol.refusals import Refused
from consultations.votes.protocol.tally import is_share, purpose_of_share, read_share, totals_of
from consultations.votes.refusals import (
    BoardMoved,
    CountBegun,
    FileRefused,
    NotCounted,
    NotEveryWitness,
)


def sign_head(vote_id: int, at: datetime) -> Checkpoint | None:
    """Sign the board's present head, if nobody has; None where there is nothing new to sign."""
    with writing() as session:
        return _sign_head(session, boards.locked(session, vote_id), at)


def _sign_head(session: Session, board: VoteBoard, at: datetime) -> Checkpoint | None:
    if board.length == 0 or session.get(BoardCheckpoint, (board.id, board.length)) is not None:
        return None
    manifest = boards.manifest_from(board.manifest)
    made = sign_checkpoint(boards.key_of(board), manifest, board.length, board.head, at.astimezone(UTC))
    session.add(BoardCheckpoint(board_id=board.id, n=made.n, hash=made.hash, time=made.time, signature=made.signature))
    session.flush()
    return made


def add_cosignature(vote_id: int, checkpoint: Json, actor: Actor, at: datetime) -> list[str]:
    """Keep the cosignatures that a witness's file carries for a head of ours; the names that are new. Raises FileRefused."""
    board = boards.latest(db.session, vote_id)
    try:
        found = read_checkpoint(checkpoint, boards.manifest_from(board.manifest))
    except Refused as refused:
        raise FileRefused(check=str(refused)) from refused
    with writing() as session:
        activity = gate.alone(session, vote_id, at)
        kept = session.get(BoardCheckpoint, (board.id, found.n))
        if kept is None or (kept.hash, kept.time) != (found.hash, found.time):
            raise FileRefused(check="checkpoint")
        known = {one.witness for one in kept.cosignatures}
        new = [one for one in found.cosignatures if one.witness not in known]
        for one in new:
            session.add(BoardCosignature(board_id=board.id, n=found.n, witness=one.witness, signature=one.signature))
            chain.record(
                session, "vote.cosigned", actor.label, gate.subject(activity), entry=found.n, witness=one.witness
            )
        return [one.witness for one in new]


def close_vote(
    vote_id: int, actor: Actor, at: datetime, progress: Callable[[int], None] = lambda done: None
) -> Outcome:
    """Close for good: the aggregate is posted, its head signed, and no ballot or paper vote comes after it.

    The ballots are added up before the lock is taken; `progress` is told how many entries are read. Raises NotEndedYet,
    LatchAlreadySet, BoardMoved.
    """
    activities.set_due_latches(vote_id, at)
    board = boards.latest(db.session, vote_id)
    board_id, length = board.id, board.length
    _require_ended(gate.fresh(db.session, vote_id))
    replayed = boards.replayed(db.session, board, progress) if length else None
    with writing() as session:
        activity = gate.alone(session, vote_id, at)
        _require_ended(activity)
        held = boards.locked(session, vote_id)
        if (held.id, held.length) != (board_id, length):
            raise BoardMoved
        body, _ = close_of(replayed or opened_empty(held))
        boards.append(session, held, body)
        _sign_head(session, held, at)
        activity.closed_at = at
        subject = gate.subject(activity)
        chain.record(session, "activity.closed", actor.label, subject, counted=body["ballots"] + body["paper"])
        chain.record(session, "vote.closed", actor.label, subject, ballots=body["ballots"], outcome=body["outcome"])
        enqueue(session, RELEASE_JOB, {"activity": vote_id}, key=f"release:{vote_id}:final")  # turnout by district
        return Outcome(body["outcome"])


def opened_empty(board: VoteBoard) -> Board:
    """A board nobody voted on: its close still says so."""
    return Board(boards.manifest_from(board.manifest), frozenset())


def _require_ended(activity: Activity) -> None:
    if activity.closed_at is not None or activity.withdrawn_at is not None:
        raise LatchAlreadySet
    if activity.ended_at is None:
        raise NotEndedYet


def record_share(vote_id: int, body: Json, actor: Actor, at: datetime) -> int:
    """Post a trustee's share; the trustee's number. Raises NotCounted, NotEveryWitness, FileRefused."""
    board = boards.latest(db.session, vote_id)
    found = _to_count(closing_of(db.session, board))
    _require_witnesses(db.session, board, found)
    try:
        share = read_share(body, found.aggregate)
        trustee = found.manifest.trustee(share.trustee)
        purpose = purpose_of_share(found.manifest, found.aggregate, share.trustee)
        if trustee is None or share.trustee in found.handed_in:
            raise Refused("share.trustee", f"trustee {share.trustee}")
        if not is_share(purpose, found.aggregate, share, trustee.share):
            raise Refused("share.proof", f"trustee {share.trustee}")
    except Refused as refused:
        raise FileRefused(check=str(refused)) from refused
    with writing() as session:
        activity = gate.alone(session, vote_id, at)
        held = boards.locked(session, vote_id)
        if held.length != found.length:
            raise BoardMoved
        boards.append(session, held, share.body)
        chain.record(session, "vote.share_recorded", actor.label, gate.subject(activity), trustee=share.trustee)
    return share.trustee


def _to_count(found: Closing | None) -> Closing:
    if found is None or found.outcome is not Outcome.COUNT:
        raise NotCounted
    if found.totals:
        raise CountBegun
    return found


def _require_witnesses(session: Session, board: VoteBoard, found: Closing) -> None:
    if missing_witnesses(session, board, found):
        raise NotEveryWitness


def missing_witnesses(session: Session, board: VoteBoard, found: Closing) -> list[str]:
    """Who of the manifest's witnesses has not cosigned the close."""
    signed = sa.select(BoardCosignature.witness).where(
        BoardCosignature.board_id == board.id, BoardCosignature.n == found.n
    )
    return sorted(set(found.manifest.witnesses) - set(session.scalars(signed)))


def record_result(vote_id: int, actor: Actor, at: datetime) -> list[list[int]]:
    """Combine the shares and post the totals. Raises NotCounted, CountBegun, FileRefused while shares are too few."""
    found = _to_count(closing_of(db.session, boards.latest(db.session, vote_id)))
    chosen = sorted(found.shares)[: found.manifest.threshold]
    try:
        shares = {trustee: found.shares[trustee] for trustee in chosen}
        totals = totals_of(found.manifest, found.ballots, found.aggregate, shares)
    except Refused as refused:
        raise FileRefused(check=str(refused)) from refused
    with writing() as session:
        activity = gate.alone(session, vote_id, at)
        held = boards.locked(session, vote_id)
        if held.length != found.length:
            raise BoardMoved
        boards.append(session, held, {"totals": totals, "trustees": chosen, "type": "result"})
        _sign_head(session, held, at)
        chain.record(session, "vote.counted", actor.label, gate.subject(activity), trustees=chosen)
    return totals
