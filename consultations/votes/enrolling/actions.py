"""Handing in a register for a vote. One transaction each; the rows themselves are stored by a job, in batches."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.activities import editing, gate
from civic.activities.refusals import FrozenByOpening
from civic.audit import chain
from civic.db import db, writing
from civic.identity.accounts import Actor
from civic.identity.models import RegisterEntry
from civic.identity.registers import keeping
from civic.identity.registers.keeping import Kept
from civic.identity.registers.queries import register_by_name
from civic.jobs.queue import enqueue
from civic.refusals import NotFound
from consultations.votes.conducting import actions as conducting
from consultations.votes.conducting import freezing
from consultations.votes.enrolling.queries import enrol_key, people_of
from consultations.votes.entitlement import still_checked
from consultations.votes.models import RollCorrection, Vote, VoteBoard
from consultations.votes.posting import boards
from consultations.votes.refusals import NothingCorrected, RollFrozen, RulesChanged
from consultations.votes.rules import Franchise, is_on_roll

ENROL_JOB: Final = "votes.enrol"


def require_open_roll(vote: Vote, *, again: bool = False) -> None:
    """Raise FrozenByOpening, or RollFrozen where the roll is frozen and is not to be frozen `again`."""
    conducting.require_unopened(vote)
    if not again and is_frozen(db.session, vote.id):
        raise RollFrozen


def require_same_rules(vote: Vote, kept: Kept) -> None:
    """Raise RulesChanged where the file was held against rules that the vote has no more."""
    rules = vote.entitlement.more_columns.rules
    if any(rules.get(column) != basis for column, basis in kept.look.checked.items()):
        raise RulesChanged


def is_frozen(session: Session, vote_id: int) -> bool:
    return bool(session.scalar(sa.select(sa.exists().where(VoteBoard.vote_id == vote_id))))


def request_import(vote_id: int, kept: Kept, register: str, actor: Actor, at: datetime) -> None:
    """Queue the import of a file's good rows into a register. Raises FrozenByOpening, RollFrozen, NotFound, RulesChanged."""
    if not kept.waits:
        raise NotFound
    with writing() as session:
        activity = gate.alone(session, vote_id, at)
        require_same_rules(boards.vote_of(session, vote_id), kept)
        if activity.opened_at is not None or activity.withdrawn_at is not None:
            raise FrozenByOpening
        if is_frozen(session, vote_id):
            raise RollFrozen
        payload = {"vote": vote_id, "kept": kept.name, "register": register, "staff": editing.staff_of(actor)}
        enqueue(session, ENROL_JOB, payload, key=enrol_key(kept.name))
        look = kept.look
        chain.record(
            session,
            "vote.roll_handed_in",
            actor.label,
            gate.subject(activity),
            file=look.digest,
            rows=look.good,
            left_out=look.bad,
        )


def correct_roll(vote_id: int, entry_id: int, kind: str, reason: str, actor: Actor, at: datetime) -> None:
    """Add somebody of the vote's register to the roll, or strike somebody off it, before the freeze.

    The audit names the entry's own number here, and a reason of the list. Raises FrozenByOpening, RollFrozen, NotFound,
    NothingCorrected.
    """
    with writing() as session:
        activity = gate.alone(session, vote_id, at)
        vote = boards.vote_of(session, vote_id)
        require_open_roll(vote)
        entry = session.get(RegisterEntry, entry_id)
        if entry is None or entry.register_id != vote.register_id or vote.reference_day is None:
            raise NotFound
        bar = Franchise(vote.least_age, vote.least_months, vote.reference_day).bar(
            entry.birth_date, entry.resident_since
        )
        before = freezing.corrections_of(session, vote_id).get(entry_id)
        if is_on_roll(before, bar) == is_on_roll(kind, bar):
            raise NothingCorrected
        by = editing.staff_of(actor)
        session.add(
            RollCorrection(vote_id=vote_id, entry_id=entry_id, kind=kind, reason=reason, made_at=at, made_by_id=by)
        )
        subject = gate.subject(activity)
        chain.record(
            session, "vote.roll_corrected", actor.label, subject, entry=entry_id, correction=kind, reason=reason
        )


def take_register(vote_id: int, name: str, actor: Actor, at: datetime, file: Mapping[str, str], rows: int) -> None:
    """Choose the imported register for the vote, and write down which rules its people were held against.

    `file` says by column what the file was held against, `rows` how many people stand in it.
    """
    db.session.rollback()
    vote, register = boards.vote_of(db.session, vote_id), register_by_name(name)
    if register is None:
        raise NotFound
    before = vote.roll_checked if vote.register_id == register.id else {}
    checked = still_checked(before, vote.entitlement.checked(file), is_whole=people_of(register.id) == rows)
    if (vote.register_id, vote.roll_checked) != (register.id, checked):
        conducting.choose_register(vote.id, register.id, vote.revision, actor, at, checked)


def record_taken(vote_id: int, kept: Kept, actor: Actor, at: datetime) -> None:
    """Write down that somebody takes the codes away: who holds them could vote for others."""
    with writing() as session:
        subject = gate.subject(gate.fresh(session, vote_id))
        chain.record(session, "vote.letters_taken", actor.label, subject, file=kept.look.digest)


def erase_letters(vote_id: int, kept: Kept, actor: Actor, at: datetime) -> None:
    """Remove the codes from this machine for good."""
    with writing() as session:
        subject = gate.subject(gate.fresh(session, vote_id))
        chain.record(session, "vote.letters_erased", actor.label, subject, file=kept.look.digest)
    keeping.erase(kept.name)
