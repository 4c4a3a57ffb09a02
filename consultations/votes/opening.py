"""What stands between a vote and its opening, and between its close and its answer, beside what every activity needs."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, object_session

from civic.activities import rules
from civic.activities.models import Activity
from civic.activities.states import Confidentiality, State, Subject
from civic.messages import N_, Message
from consultations.votes.conducting import freezing
from consultations.votes.models import RollCorrection, Vote, VoteBoard, VoteSlot
from consultations.votes.paper.actions import is_counted_by_hand
from consultations.votes.posting import boards
from consultations.votes.posting.closing import closing_of
from consultations.votes.protocol.board import Outcome
from consultations.votes.refusals import NotFrozen
from consultations.votes.timing import NO_REASON
from consultations.votes.wording import missing_sentences

FIXED_END = N_(
    "The end of this vote stands in its published manifest and cannot be moved. In an emergency it can be stopped early."
)
MISSING = {
    "ordinance": N_("Write which ordinance the vote rests on, and what its result binds the city to."),
    "online_clause": N_(
        "Name the clause of the ordinance that allows voting online. Without it a vote cannot be opened."
    ),
    "questions": N_("Write what is asked and the options."),
    "reference_day": N_("Set the reference day of age and residence."),
    "ceremony": N_("Hand in the file of the trustees' key ceremony."),
    "arguments_for": N_("Write the arguments for."),
    "arguments_against": N_("Write the arguments against."),
}


def opening_problems(activity: Activity, at: datetime) -> Sequence[Message]:
    """The facts an ordinance asks for, a roll, a manifest that still holds, a rehearsal that succeeded, and the texts
    that stand in Japanese only unless the editor confirmed them.
    """
    session = object_session(activity)
    assert session is not None
    vote = session.get_one(Vote, activity.id)
    missing = [Message(words) for name, words in MISSING.items() if not getattr(vote, name)]
    if (
        vote.subject is not Subject.REGISTER
        or not vote.once_per_person
        or vote.confidentiality is not Confidentiality.SECRET
    ):
        missing.append(Message(N_("A vote is secret, and once for each person of a register. Set who may take part.")))
    missing += days_problems(vote)
    return missing or [*frozen_problems(session, vote), *missing_sentences(vote)]


def days_problems(vote: Vote) -> list[Message]:
    """The ordinance's rules of days that cannot be looked at; those that are broken, unless the reason is written."""
    broken = [] if vote.timing_reason.get("ja", "").strip() else vote.broken_days
    return [*vote.timing.missing, *broken, *([Message(NO_REASON)] if broken else [])]


def closed_because(vote: Vote, state: State, at: datetime) -> Sequence[Message]:
    """Why a vote in this state is not open at this moment."""
    if state is State.SCHEDULED:
        return [
            Message(
                N_("It opens at the start of its period: %(moment)s."), {"moment": f"{vote.starts_at:%Y-%m-%dT%H:%MZ}"}
            )
        ]
    if state is State.IN_APPROVAL:
        return [Message(N_("A second person has not approved it yet."))]
    if state is State.DRAFT:
        missing = [*rules.opening_problems(vote, at), *opening_problems(vote, at)]
        return [*missing, Message(N_("It was not handed in for approval."))]
    return [Message(N_("Its period is over, or it was withdrawn."))]


def frozen_problems(session: Session, vote: Vote) -> Sequence[Message]:
    try:
        board = boards.latest(session, vote.id)
    except NotFrozen as refusal:
        return [refusal.message]
    if not freezing.is_current(vote, boards.manifest_from(board.manifest)):
        return [Message(N_("The vote was changed after it was frozen. Freeze it again, and rehearse again."))]
    if board.rehearsal is None:
        return [Message(N_("The trustees have not rehearsed the opening of the ballot box yet."))]
    return []


def answer_problems(activity: Activity) -> Sequence[Message]:
    """A result, unless the close says that nothing is counted; and the paper ballots' count, where there are any."""
    session = object_session(activity)
    assert session is not None
    closing = closing_of(session, boards.latest(session, activity.id))
    if closing is None or (closing.outcome is Outcome.COUNT and not closing.totals):
        return [Message(N_("The ballots are not counted yet."))]
    if is_counted_by_hand(closing) and session.get_one(Vote, activity.id).paper_released_at is None:
        return [Message(N_("The paper ballots' count is not entered and released yet."))]
    return []


def discard(session: Session, activity: Activity) -> None:
    """What a deleted draft leaves: its rolls and boards, on which nothing was ever posted."""
    ids = sa.select(VoteBoard.id).where(VoteBoard.vote_id == activity.id)
    session.execute(sa.delete(VoteSlot).where(VoteSlot.board_id.in_(ids)))
    session.execute(sa.delete(RollCorrection).where(RollCorrection.vote_id == activity.id))
    session.execute(sa.delete(VoteBoard).where(VoteBoard.vote_id == activity.id))
    session.expire_all()
