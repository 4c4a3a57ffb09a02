"""The paper ballots' count: one person enters it, another releases what she saw. One transaction each."""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from civic.activities import editing, gate
from civic.activities.refusals import LatchAlreadySet, NotClosedYet
from civic.audit import chain
from civic.db import writing
from civic.identity.accounts import Actor
from civic.refusals import StaleVersion
from consultations.votes.models import Vote
from consultations.votes.paper.tallies import PaperCount
from consultations.votes.posting import boards
from consultations.votes.posting.closing import Closing, closing_of
from consultations.votes.protocol.board import Outcome
from consultations.votes.protocol.encoding import canonical
from consultations.votes.refusals import NoPaperCounted, PaperReleased


def is_counted_by_hand(closing: Closing | None) -> bool:
    """Whether a closed vote has paper ballots that are opened: not where the quorum was not met."""
    return closing is not None and closing.paper > 0 and closing.outcome is not Outcome.NO_QUORUM


def seen(stored: dict[str, Any] | None) -> str:
    """What the releasing person looked at, in short."""
    return hashlib.sha256(canonical(stored)).hexdigest()[:32] if stored else ""


def _to_count(session: Session, vote_id: int, at: datetime) -> Vote:
    """The vote whose paper is being counted. Raises NotClosedYet, LatchAlreadySet, NoPaperCounted, PaperReleased."""
    activity = gate.alone(session, vote_id, at)
    if activity.answered_at is not None or activity.withdrawn_at is not None:
        raise LatchAlreadySet
    if activity.closed_at is None:
        raise NotClosedYet
    if not is_counted_by_hand(closing_of(session, boards.latest(session, vote_id))):
        raise NoPaperCounted
    vote = boards.vote_of(session, vote_id)
    if vote.paper_released_at is not None:
        raise PaperReleased
    return vote


def record_count(vote_id: int, count: PaperCount, actor: Actor, at: datetime) -> None:
    """Keep what was counted by hand, in the place of what was there. Nobody outside sees it yet."""
    with writing() as session:
        vote = _to_count(session, vote_id, at)
        vote.paper_count, vote.paper_counted_by_id = count.to_json(), editing.staff_of(actor)
        chain.record(session, "vote.paper_counted", actor.label, gate.subject(vote), seen=seen(vote.paper_count))


def release_count(vote_id: int, looked_at: str, actor: Actor, at: datetime) -> None:
    """Publish the count beside the online result. The database refuses who entered it (SecondPersonNeeded).

    Raises StaleVersion when it was changed since the person looked at it.
    """
    with writing() as session:
        vote = _to_count(session, vote_id, at)
        if vote.paper_count is None or seen(vote.paper_count) != looked_at:
            raise StaleVersion
        vote.paper_released_at, vote.paper_released_by_id = at, editing.staff_of(actor)
        session.flush()
        chain.record(session, "vote.paper_released", actor.label, gate.subject(vote), seen=looked_at)
