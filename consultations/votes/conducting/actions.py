"""Conducting a vote until its close: what it asks, the roll, the freeze, the rehearsal, paper votes. One function, one
transaction, its audit record inside. What is long to compute is computed before any lock is taken.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic import clock
from civic.activities import editing, gate, ledger
from civic.activities.editing import ActivitySettings
from civic.activities.models import Project, Texts
from civic.activities.refusals import FrozenByOpening, LatchAlreadySet, SlugTaken
from civic.activities.states import Channel, Subject
from civic.audit import chain
from civic.db import db, writing
from civic.identity.accounts import Actor
from civic.keys import keys
from civic.refusals import NotFound
from consultations.votes.conducting import freezing
from consultations.votes.entitlement import ANY
from consultations.votes.models import Vote, VoteBoard, VoteSlot
from consultations.votes.posting import boards
from consultations.votes.protocol.ballots import ballot_hash
from consultations.votes.protocol.board import first_head
from consultations.votes.protocol.encoding import Json, canonical
from consultations.votes.protocol.refusals import Refused
from consultations.votes.protocol.tally import check_rehearsal
from consultations.votes.refusals import (
    AlreadyVoid,
    ArgumentsFrozen,
    FrozenAlready,
    InspectionRuns,
    NotOnTheRoll,
    RehearsalFailed,
)
from consultations.votes.timing import Freeze

RESERVED = frozenset({"new"})
BY_CODE = 2  # the identity level of people on a register
FRANCHISE = (
    "least_age", "least_months", "reference_day", "nationality", "resident_years", "excludes", "roll_day",
    "inspection_from", "inspection_until",
)  # fmt: skip


@dataclass(frozen=True)
class VoteSettings:
    """What a vote says beside the settings every activity has."""

    ordinance: Texts = field(default_factory=dict)
    online_clause: str = ""
    arguments_for: Texts = field(default_factory=dict)
    arguments_against: Texts = field(default_factory=dict)
    questions: list[Any] = field(default_factory=list)
    quorum: dict[str, int] | None = None
    least_age: int = 18
    least_months: int = 3
    reference_day: date | None = None
    nationality: str = ANY
    resident_years: int = 3
    excludes: bool = False
    roll_day: date | None = None
    inspection_from: date | None = None
    inspection_until: date | None = None
    notice_day: date | None = None
    least_days: int | None = None
    most_days: int | None = None
    proclaimed_on: date | None = None
    proclaimed_days: int | None = None
    timing_reason: Texts = field(default_factory=dict)
    frozen_from: date | None = None
    frozen_until: date | None = None
    change_allowed: bool = True
    clauses: dict[str, str] = field(default_factory=dict)

    def fill(self, vote: Vote) -> None:
        """Write the settings onto the vote."""
        for one in fields(self):
            setattr(vote, one.name, getattr(self, one.name))


def settings_of(vote: Vote) -> VoteSettings:
    """What the vote says now."""
    return VoteSettings(**{one.name: getattr(vote, one.name) for one in fields(VoteSettings)})


def create_vote(
    actor: Actor, *, project_id: int, slug: str, settings: ActivitySettings, facts: VoteSettings, at: datetime
) -> int:
    """A new vote, in secret and once for each person of its register; its id. Raises NotFound, SlugTaken."""
    if slug in RESERVED:
        raise SlugTaken
    with writing() as session:
        project = session.get(Project, project_id)
        if project is None:
            raise NotFound
        vote = editing.create(session, Vote, slug, project_id, project.department_id, settings, actor, at)
        facts.fill(vote)
        session.flush()
        return vote.id


def edit_vote(vote_id: int, facts: VoteSettings, revision: int, actor: Actor, at: datetime) -> int:
    """Change what a vote asks and by which rules; the new revision. Raises StaleVersion, FrozenByOpening, ArgumentsFrozen.

    Texts that were confirmed to stay in Japanese only are asked about again: others may be missing now.
    """
    with writing() as session:
        activity = editing.begin_edit(session, vote_id, revision, actor, at)
        vote = boards.vote_of(session, vote_id)
        _require_free_arguments(vote, facts, clock.day_in_japan(at))
        if any(getattr(vote, name) != getattr(facts, name) for name in FRANCHISE):
            _drop_boards(session, vote_id)
        facts.fill(vote)
        vote.missing_texts_confirmed = False
        session.flush()
        return activity.revision


def _require_free_arguments(vote: Vote, facts: VoteSettings, day: date) -> None:
    """Raise ArgumentsFrozen for another argument, or a shorter freeze, on a day on which they stand still."""
    freeze = vote.freeze_of_arguments
    if not freeze.holds_on(day):
        return
    same = all(getattr(vote, name) == getattr(facts, name) for name in ("arguments_for", "arguments_against"))
    if not (same and freeze.allows(Freeze(facts.frozen_from, facts.frozen_until))):
        raise ArgumentsFrozen(first=freeze.first, last=freeze.last)


def confirm_missing_texts(vote_id: int, revision: int, actor: Actor, at: datetime) -> None:
    """The editor confirms that some texts stay in Japanese only. Raises StaleVersion, FrozenByOpening."""
    with writing() as session:
        activity = gate.alone(session, vote_id, at)
        editing.check_revision(activity, revision)
        if activity.opened_at is not None:
            raise FrozenByOpening
        boards.vote_of(session, vote_id).missing_texts_confirmed = True
        chain.record(session, "vote.missing_texts_confirmed", actor.label, gate.subject(activity), revision=revision)


def require_unopened(vote: Vote) -> None:
    """Raise FrozenByOpening for a vote whose roll no longer changes."""
    if vote.opened_at is not None or vote.withdrawn_at is not None:
        raise FrozenByOpening


def choose_register(
    vote_id: int,
    register_id: int,
    revision: int,
    actor: Actor,
    at: datetime,
    checked: Mapping[str, str] | None = None,
) -> int:
    """Name the register whose people may vote, once each; the new revision. Raises StaleVersion, FrozenByOpening.

    `checked`: the rules its people were held against; None where that is known only of the register it has already.
    """
    with writing() as session:
        activity = editing.begin_edit(session, vote_id, revision, actor, at)
        if activity.register_id != register_id:
            _drop_boards(session, vote_id)
            boards.vote_of(session, vote_id).roll_checked = {}
        if checked is not None:
            boards.vote_of(session, vote_id).roll_checked = dict(checked)
        activity.subject, activity.register_id = Subject.REGISTER, register_id
        activity.identity_level, activity.once_per_person = BY_CODE, True
        session.flush()
        return activity.revision


def _drop_boards(session: Session, vote_id: int) -> None:
    """A roll made by other rules is no roll: the vote has to be frozen anew. Nothing was ever posted on these boards."""
    ids = sa.select(VoteBoard.id).where(VoteBoard.vote_id == vote_id)
    session.execute(sa.delete(VoteSlot).where(VoteSlot.board_id.in_(ids)))
    session.execute(sa.delete(VoteBoard).where(VoteBoard.vote_id == vote_id))
    session.expire_all()


def accept_ceremony(vote_id: int, ceremony: Json, revision: int, actor: Actor, at: datetime) -> int:
    """Take over the trustees' public keys; the new revision. Raises CeremonyUnsound, StaleVersion, FrozenByOpening."""
    found = freezing.read_ceremony(ceremony)
    with writing() as session:
        activity = editing.begin_edit(session, vote_id, revision, actor, at)
        boards.vote_of(session, vote_id).ceremony = found
        chain.record(session, "vote.ceremony_accepted", actor.label, gate.subject(activity), ceremony=found["ceremony"])
        session.flush()
        return activity.revision


def name_witnesses(
    vote_id: int, witnesses: Iterable[Mapping[str, str]], revision: int, actor: Actor, at: datetime
) -> int:
    """Name who cosigns the board's heads; the new revision. Raises FileRefused, StaleVersion, FrozenByOpening."""
    found = freezing.read_witnesses(list(witnesses))
    with writing() as session:
        activity = editing.begin_edit(session, vote_id, revision, actor, at)
        boards.vote_of(session, vote_id).witnesses = found
        session.flush()
        return activity.revision


def freeze(vote_id: int, actor: Actor, at: datetime, revision: int | None = None) -> VoteBoard:
    """Fix questions, period, roll and keys in a manifest, on a board of its own; an earlier one is left behind.

    It is an edit: what was approved returns to draft, because nobody approved this manifest or saw its rehearsal.
    Raises FrozenAlready once the vote has opened, StaleVersion, InspectionRuns, ManifestUnsound, NobodyOnTheRoll.
    """
    with writing() as session:
        activity = gate.alone(session, vote_id, at)
        if activity.opened_at is not None or activity.withdrawn_at is not None:
            raise FrozenAlready
        editing.begin_edit(session, vote_id, activity.revision if revision is None else revision, actor, at)
        vote = boards.vote_of(session, vote_id)
        if vote.inspection_until is not None and clock.day_in_japan(at) <= vote.inspection_until:
            raise InspectionRuns(last=vote.inspection_until)
        roll = freezing.roll_of(session, vote)
        salt = secrets.token_hex(32)
        manifest = freezing.manifest_of(vote, roll, salt, boards.board_key(vote_id, salt).public)
        board = VoteBoard(
            vote_id=vote_id,
            manifest=canonical(manifest.source).decode(),
            digest=manifest.vote.hex(),
            frozen_at=at,
            head=first_head(manifest),
        )
        session.add(board)
        session.flush()
        freezing.write_roll(session, board.id, roll)
        _drop_left_behind(session, vote_id, board.id)
        chain.record(session, "vote.frozen", actor.label, gate.subject(activity), vote=board.digest, roll=len(roll))
        return board


def _drop_left_behind(session: Session, vote_id: int, board_id: int) -> None:
    """The rolls of boards that were frozen before: nobody votes under them."""
    earlier = sa.select(VoteBoard.id).where(VoteBoard.vote_id == vote_id, VoteBoard.id != board_id)
    session.execute(sa.delete(VoteSlot).where(VoteSlot.board_id.in_(earlier)))


def unfreeze(vote_id: int, revision: int, actor: Actor, at: datetime) -> int:
    """Take the freeze back before the opening, so that the roll may change; the new revision. What was rehearsed and
    approved is gone with it. Raises NotFrozen, StaleVersion, FrozenByOpening.
    """
    with writing() as session:
        activity = editing.begin_edit(session, vote_id, revision, actor, at)
        digest = boards.latest(session, vote_id).digest
        _drop_boards(session, vote_id)
        chain.record(session, "vote.unfrozen", actor.label, gate.subject(activity), vote=digest)
        session.flush()
        return activity.revision


def record_rehearsal(vote_id: int, shares: list[Json], actor: Actor, at: datetime) -> None:
    """Keep the decrypted rehearsal: a vote cannot open without it. Raises NotFrozen, RehearsalFailed, FrozenAlready."""
    manifest = boards.manifest_from(boards.latest(db.session, vote_id).manifest)
    listed = freezing.sorted_shares(shares)
    try:
        check_rehearsal(listed, manifest)
    except Refused as refused:
        raise RehearsalFailed(check=str(refused)) from refused
    with writing() as session:
        activity = gate.alone(session, vote_id, at)
        board = boards.locked(session, vote_id)
        if activity.opened_at is not None:
            raise FrozenAlready
        if board.digest != manifest.vote.hex():
            raise RehearsalFailed(check="manifest")
        board.rehearsal = listed
        chain.record(session, "vote.rehearsed", actor.label, gate.subject(activity), vote=board.digest)


def record_paper(vote_id: int, entry_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Enter that somebody voted on paper ("paper") or was struck off the roll ("roll"): the ballot online counts no more.

    Raises NotOnTheRoll, AlreadyVoid, and what the ledger raises outside the time staff may record in.
    """
    with writing() as session:
        activity = gate.alone(session, vote_id, at)
        ledger.admit(activity, Channel.PAPER, by_staff=True)
        if activity.closed_at is not None:
            raise LatchAlreadySet
        board = boards.locked(session, vote_id)
        slot = session.scalar(sa.select(VoteSlot).where(VoteSlot.board_id == board.id, VoteSlot.entry_id == entry_id))
        if slot is None:
            raise NotOnTheRoll
        if slot.void is not None:
            raise AlreadyVoid
        body = {"prev": slot.hash, "reason": reason, "seq": slot.seq + 1, "slot": slot.slot, "type": "void"}
        entry = boards.append(session, board, body)
        board.ballots -= slot.seq > 0
        board.paper += reason == "paper"
        slot.seq, slot.hash, slot.void = slot.seq + 1, ballot_hash(body), reason
        if reason == "paper":
            ledger.take_part_in_secret(session, keys(), activity, subject=f"entry:{entry_id}", channel=Channel.PAPER)
        chain.record(session, "vote.void_recorded", actor.label, gate.subject(activity), entry=entry.n, reason=reason)
