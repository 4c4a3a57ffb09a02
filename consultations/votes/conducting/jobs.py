"""Work of votes that no page waits for: signed heads every ten minutes, and the close of large votes."""

from typing import Final

import sqlalchemy as sa

from civic import clock
from civic.db import db, writing
from civic.jobs.context import JobContext
from consultations.votes.conducting import closing
from consultations.votes.models import Vote
from consultations.votes.posting import actions as posting

SIGN_JOB: Final = "votes.sign_heads"
EVERY: Final = 600  # seconds: a head that nobody holds leaves ten minutes to be rewritten, not more


def sign_heads(job: JobContext) -> None:
    """Sign the head of every board that is open, where something was posted since."""
    running = sa.select(Vote.id).where(
        Vote.opened_at.is_not(None), Vote.closed_at.is_(None), Vote.withdrawn_at.is_(None)
    )
    for vote_id in db.session.scalars(running.order_by(Vote.id)).all():
        posting.sign_head(vote_id, clock.now())
    with writing() as session:
        job.finish(session)


JOBS: Final = {SIGN_JOB: sign_heads, closing.CLOSE_JOB: closing.close_by_job}
PERIODIC: Final = {SIGN_JOB: EVERY}
