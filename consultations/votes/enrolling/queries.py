"""Reads around a vote's register: which one it has, what was handed in for it, whose codes wait to be taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

import sqlalchemy as sa

from civic.activities.models import Activity
from civic.db import db
from civic.identity.models import RegisterEntry, StaffMember
from civic.identity.registers import keeping
from civic.identity.registers.keeping import Kept
from civic.identity.registers.queries import register_by_name
from civic.jobs.models import Job, JobState
from consultations.votes.models import RollCorrection, Vote
from consultations.votes.queries import register_name

LONGEST_NAME: Final = 60


def vote_register(vote: Vote) -> str:
    """The name of the register this vote has, or will have."""
    return register_name(vote.register_id) if vote.register_id else f"vote-{vote.slug}"[:LONGEST_NAME]


def own_register(vote: Vote) -> str | None:
    """The name of the register that this vote alone uses; None where it has none, or shares one."""
    if vote.register_id is None:
        return None
    others = sa.exists().where(Activity.register_id == vote.register_id, Activity.id != vote.id)
    return None if db.session.scalar(sa.select(others)) else register_name(vote.register_id)


def new_register(vote: Vote) -> str:
    """A name no register has."""
    names = (f"vote-{vote.slug}"[: LONGEST_NAME - 4] + (f"-{n}" if n > 1 else "") for n in count(1))
    return next(name for name in names if register_by_name(name) is None)


def people_of(register_id: int) -> int:
    """How many people a register has."""
    counted = sa.select(sa.func.count()).where(RegisterEntry.register_id == register_id)
    return db.session.scalar(counted) or 0


@dataclass(frozen=True)
class Corrected:
    """One correction of a roll, and who made it."""

    correction: RollCorrection
    who: str


def corrections(vote_id: int) -> Sequence[Corrected]:
    """The corrections of a vote's roll, the newest first."""
    rows = db.session.execute(
        sa.select(RollCorrection, StaffMember.name)
        .join(StaffMember, StaffMember.id == RollCorrection.made_by_id)
        .where(RollCorrection.vote_id == vote_id)
        .order_by(RollCorrection.id.desc())
    )
    return [Corrected(one, name) for one, name in rows]


def enrol_key(name: str) -> str:
    """The key of the job that imports what is kept under this name."""
    return f"votes.enrol:{name}"


@dataclass(frozen=True)
class HandedIn:
    """One file that was handed in, with the job that imports it; None before it was confirmed."""

    kept: Kept
    job: Job | None

    @property
    def runs(self) -> bool:
        return self.job is not None and self.job.state in (JobState.QUEUED, JobState.RUNNING)

    @property
    def failed(self) -> bool:
        return self.job is not None and self.job.state in (JobState.FAILED, JobState.CANCELLED)

    @property
    def is_done(self) -> bool:
        return self.job is not None and self.job.state is JobState.DONE

    @property
    def has_letters(self) -> bool:
        """Whether all is stored and its codes wait to be taken."""
        return self.is_done and bool(self.kept.letters)


def handed_in(vote_id: int, staff_id: int) -> Sequence[HandedIn]:
    """What one person handed in for a vote, the newest first. Nobody else's: the files name people."""
    kept = keeping.listed(vote_id, staff_id)
    jobs: dict[str | None, Job] = {}
    if kept:
        keys = [enrol_key(one.name) for one in kept]
        jobs = {job.key: job for job in db.session.scalars(sa.select(Job).where(Job.key.in_(keys)).order_by(Job.id))}
    return [HandedIn(one, jobs.get(enrol_key(one.name))) for one in kept]
