"""Writing into the participation ledger, within a feature's own transaction."""

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civic import clock
from civic.activities import gate, rules
from civic.activities.models import Activity, Participation, ParticipationCount
from civic.activities.refusals import (
    ActivityWithdrawn,
    AlreadyTookPart,
    ChannelNotOffered,
    NotOpenYet,
    PeriodOver,
    SubmissionKeyUsed,
)
from civic.activities.states import RESIDENT_CHANNELS, Channel, ParticipationState
from civic.db import constraint_name
from civic.features import house
from civic.keys import Keys

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SUBMISSION_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True)
class Submission:
    """What identifies one sending of a form: the hidden key, its content and the session that holds the form."""

    key: str
    content: bytes
    session: str


@dataclass(frozen=True)
class Recorded:
    """The ledger row of a submission. `repeated` means it was there already and nothing was written.

    `superseded` is the same person's earlier row that it replaced: its feature takes it out of its own counts.
    """

    participation: Participation
    repeated: bool
    superseded: Participation | None = None


def new_receipt() -> str:
    """A random 80-bit receipt number (受付番号), 16 characters of Crockford base32."""
    number = secrets.randbits(80)
    return "".join(CROCKFORD[(number >> shift) & 31] for shift in range(75, -1, -5))


def new_submission_key() -> str:
    """The hidden key of one rendered form: 128 random bits."""
    return secrets.token_hex(16)


def is_submission_key(text: str) -> bool:
    return SUBMISSION_KEY.fullmatch(text) is not None


def receipt_from(typed: str) -> str:
    """The number a person meant: separators and case ignored, O read as 0, I and L as 1."""
    folded = "".join(c for c in typed.upper() if c.isalnum())
    return folded.translate(str.maketrans("OIL", "011"))


def person_key(keys: Keys, activity_id: int, subject: str | None) -> bytes | None:
    """HMAC of activity and subject, so that the rows of two activities cannot be joined; None for nobody."""
    return None if subject is None else keys.mac("person.1", activity_id, subject)


def take_part(
    session: Session,
    keys: Keys,
    activity_id: int,
    *,
    subject: str | None,
    channel: Channel,
    submission: Submission | None,
    at: datetime,
    arrived_on: date | None = None,
    sent_on: date | None = None,
) -> Recorded:
    """Record one participation within the caller's transaction, or raise the refusal that says why not.

    `subject` is "resident:<id>" or "entry:<id>", None where no identity is asked. A resident's second participation
    replaces the first where the activity allows changing, else raises `AlreadyTookPart`; from a staff channel it is
    kept as a conflict. What a staff channel brings after the period (by `arrived_on`, a day in Japan, or by `sent_on`
    where the day of the postmark decides) is kept as late.
    """
    activity = gate.enter(session, activity_id, at)
    if submission is not None and (known := same_submission(session, keys, activity_id, submission)):
        return Recorded(known, repeated=True)
    state = admit(activity, channel, sent_on or arrived_on)
    row = Participation(
        activity_id=activity_id,
        person_key=person_key(keys, activity_id, subject),
        channel=channel,
        state=state,
        submission_key=keys.mac("submission.1", submission.key) if submission else None,
        content_mac=keys.mac("content.1", submission.content) if submission else None,
        session_mac=keys.mac("session.1", submission.session) if submission else None,
        receipt=new_receipt(),
        received_on=arrived_on or clock.day_in_japan(at),
    )
    try:
        superseded = _insert(session, activity, row)
    except SameFormRaced:
        assert submission is not None
        known = same_submission(session, keys, activity_id, submission)
        assert known is not None
        return Recorded(known, repeated=True)
    count(session, row, +1)
    return Recorded(row, repeated=False, superseded=superseded)


def take_part_in_secret(
    session: Session, keys: Keys, activity: Activity, *, subject: str, channel: Channel
) -> Participation:
    """Record that somebody took part in a secret activity: activity, person, channel and state, nothing else.

    The gate must be held and the channel admitted. A second time writes no second row; the last channel stays.
    """
    row = Participation(
        activity_id=activity.id,
        person_key=person_key(keys, activity.id, subject),
        channel=channel,
        state=ParticipationState.COUNTED,
    )
    if _inserted(session, row):
        return row
    known = session.scalars(
        sa.select(Participation).where(
            Participation.activity_id == activity.id,
            Participation.person_key == row.person_key,
            Participation.state == ParticipationState.COUNTED,
        )
    ).one()
    known.channel = channel
    session.flush()
    return known


class SameFormRaced(Exception):
    """A double click: two sendings of one form met at the unique key, and the other was first."""


def same_submission(session: Session, keys: Keys, activity_id: int, submission: Submission) -> Participation | None:
    """The row an identical submission made, if any. Two sendings of one form race to the unique key, not to here."""
    known = submitted_with(session, keys, activity_id, submission.key, submission.session)
    if known is not None and not hmac.compare_digest(
        known.content_mac or b"", keys.mac("content.1", submission.content)
    ):
        raise SubmissionKeyUsed
    return known


def submitted_with(session: Session, keys: Keys, activity_id: int, key: str, form_session: str) -> Participation | None:
    """The row made with this form key, for the session that holds the form; others get `SubmissionKeyUsed`."""
    known = session.scalar(
        sa.select(Participation).where(
            Participation.activity_id == activity_id,
            Participation.submission_key == keys.mac("submission.1", key),
        )
    )
    if known is not None and not hmac.compare_digest(known.session_mac or b"", keys.mac("session.1", form_session)):
        raise SubmissionKeyUsed
    return known


def admit(
    activity: Activity, channel: Channel, arrived_on: date | None = None, *, by_staff: bool = False
) -> ParticipationState:
    """What a participation by `channel` would count as, inside the gate; raises the refusal that says why it may not.

    `by_staff`: the city brings what came by a resident's own channel (a file of it), under the rule of staff channels.
    """
    if activity.withdrawn_at is not None:
        raise ActivityWithdrawn
    if channel.value not in activity.channels:
        raise ChannelNotOffered(channel=channel.value)
    if activity.opened_at is None:
        raise NotOpenYet
    if channel in RESIDENT_CHANNELS and not by_staff:
        if activity.ended_at is not None:
            raise period_over(rules.last_moment(activity) or activity.ended_at)
        return ParticipationState.COUNTED
    if activity.answered_at is not None:
        raise period_over(activity.answered_at)
    in_time = activity.collected_elsewhere or rules.arrived_in_time(activity, arrived_on)
    counts = activity.closed_at is None and in_time
    return ParticipationState.COUNTED if counts else ParticipationState.LATE


def period_over(ended: datetime) -> PeriodOver:
    return PeriodOver(ended=ended.astimezone(clock.TOKYO).strftime("%H:%M"))


def _insert(session: Session, activity: Activity, row: Participation) -> Participation | None:
    """Insert under the unique key; a second participation of one person goes its way (see `take_part`).

    Returns the earlier row that this one replaces, if any. Two changes by one person may meet: the row that is there
    is locked, and when another transaction has replaced it meanwhile, the insert meets the newer one instead.
    """
    while not _inserted(session, row):
        first = session.scalar(
            sa.select(Participation)
            .where(
                Participation.activity_id == row.activity_id,
                Participation.person_key == row.person_key,
                Participation.state == ParticipationState.COUNTED,
            )
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if first is None:
            continue
        if row.channel not in RESIDENT_CHANNELS:
            row.state = ParticipationState.CONFLICT
            session.add(row)
            session.flush()
            return None
        if not activity.change_allowed:
            raise AlreadyTookPart(first.receipt, first.channel)
        _change_state(session, first, ParticipationState.SUPERSEDED)
        session.add(row)
        session.flush()
        return first
    return None


def _inserted(session: Session, row: Participation) -> bool:
    """Insert the row; False when the same person's counted row is there, `SameFormRaced` when the same form is."""
    try:
        with session.begin_nested():
            session.add(row)
        return True
    except IntegrityError as error:
        broken = constraint_name(error)
        if broken == "uq_participation_activity_id_submission_key":
            raise SameFormRaced from error
        if broken != "uq_participation_once":
            raise
        return False


def move(session: Session, row: Participation, state: ParticipationState) -> None:
    """Change a row's state, the counts with it, and what its feature counts of it. The gate must be held."""
    by = (state is ParticipationState.COUNTED) - (row.state is ParticipationState.COUNTED)
    _change_state(session, row, state)
    activity = session.get_one(Activity, row.activity_id)
    counting = house().of(activity).counting
    if by and counting is not None:
        counting(session, row, by)


def _change_state(session: Session, row: Participation, state: ParticipationState) -> None:
    count(session, row, -1)
    row.state = state
    session.flush()
    count(session, row, +1)


def count(session: Session, row: Participation, by: int) -> None:
    """Add `by` to the count of the row's day, channel and state."""
    if row.received_on is not None:
        add_counts(session, row.activity_id, {(row.received_on, row.channel, row.state): by})


CountKey = tuple[date, Channel, ParticipationState]


def add_counts(session: Session, activity_id: int, changes: Mapping[CountKey, int]) -> None:
    """Add `changes` to the counts in one statement in key order, so that two writers cannot deadlock."""
    rows = [
        {"activity_id": activity_id, "day": day, "channel": channel, "state": state, "count": by}
        for (day, channel, state), by in sorted(changes.items())
    ]
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(ParticipationCount).values(rows)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["activity_id", "day", "channel", "state"],
            set_={"count": ParticipationCount.count + statement.excluded.count},
        )
    )
