"""Closing a vote: at once where it is small, by a job where adding up takes longer than a page may."""

from datetime import datetime
from typing import Final

from civic import clock
from civic.activities import actions as activities
from civic.activities import gate
from civic.activities.refusals import LatchAlreadySet, NotEndedYet
from civic.db import db, writing
from civic.identity.accounts import Actor
from civic.jobs.context import JobContext
from civic.jobs.queue import enqueue
from consultations.votes.conducting.queries import closing_key
from consultations.votes.posting import actions as posting
from consultations.votes.posting import boards
from consultations.votes.refusals import BoardMoved

CLOSE_JOB: Final = "votes.close"
AT_ONCE: Final = 1_000  # entries that are added up in about a second
TRIES: Final = 3


def close(vote_id: int, actor: Actor, at: datetime) -> bool:
    """Close, or let a job close: whether it is done. Raises NotEndedYet, LatchAlreadySet, BoardMoved."""
    if boards.latest(db.session, vote_id).length <= AT_ONCE:
        posting.close_vote(vote_id, actor, at)
        return True
    activities.set_due_latches(vote_id, at)
    with writing() as session:
        activity = gate.alone(session, vote_id, at)
        if activity.closed_at is not None or activity.withdrawn_at is not None:
            raise LatchAlreadySet
        if activity.ended_at is None:
            raise NotEndedYet
        payload = {"vote": vote_id, "actor": actor.label, "staff": actor.staff_id}
        enqueue(session, CLOSE_JOB, payload, key=closing_key(vote_id))
    return False


def close_by_job(job: JobContext) -> None:
    """Add up a large vote and close it. A vote on paper entered meanwhile makes it begin again."""
    vote_id, actor = job.payload["vote"], Actor(job.payload["actor"], job.payload["staff"])
    total = boards.latest(db.session, vote_id).length
    for left in reversed(range(TRIES)):
        try:
            posting.close_vote(vote_id, actor, clock.now(), lambda done: job.progress(done, total))
            break
        except LatchAlreadySet:
            break
        except BoardMoved:
            if not left:
                raise
    with writing() as session:
        job.finish(session)
