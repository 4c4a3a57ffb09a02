"""Work in the background: the import of a register that was handed in by page."""

from typing import Final

from civic import clock
from civic.db import db, writing
from civic.identity.accounts import Actor
from civic.identity.registers import actions as registers
from civic.identity.registers import keeping, looking
from civic.jobs.context import JobContext
from consultations.votes.enrolling import actions
from consultations.votes.posting import boards

SWEEP_JOB: Final = "votes.sweep_registers"


def import_handed_in(job: JobContext) -> None:
    """Store the good rows and choose the register for the vote; another attempt stores what is missing."""
    given = job.payload
    vote_id, actor = given["vote"], Actor(f"staff:{given['staff']}", given["staff"])
    kept = keeping.of(given["kept"])
    vote = boards.vote_of(db.session, vote_id)
    actions.require_open_roll(vote)
    actions.require_same_rules(vote, kept)
    more = vote.entitlement.more_columns
    db.session.rollback()
    looking.write_good(kept.source, kept.good, more)
    letters = kept.next_letters()
    counts = registers.import_register(
        given["register"], kept.good, actor=actor, letters=letters, progress=job.progress
    )
    if not counts.stored:
        letters.unlink()
    actions.take_register(vote_id, given["register"], actor, clock.now(), kept.look.checked, counts.read)
    with writing() as session:
        job.finish(session)
    kept.good.unlink()
    kept.source.unlink()


def sweep_registers(job: JobContext) -> None:
    """Remove files and codes whose time is over."""
    keeping.sweep(clock.now())
    with writing() as session:
        job.finish(session)


JOBS: Final = {actions.ENROL_JOB: import_handed_in, SWEEP_JOB: sweep_registers}
PERIODIC: Final = {SWEEP_JOB: 6 * 3600}
