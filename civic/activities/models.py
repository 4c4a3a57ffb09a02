"""What is open (Project, Activity) and who took part (Participation): the spine of the system.

The rules stand here as keys and checks; Python only explains a refusal.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.activities.states import Channel, Confidentiality, ParticipationState, ResultsShow, Subject
from civic.db import Base, BigKey, Json, UTCDateTime, choice
from civic.identity.models import Department

Texts = dict[str, str]  # {"ja": …, "ja-easy": …, "en": …}


class Project(Base):
    """取組: the policy matter that groups activities."""

    __tablename__ = "project"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    title: Mapped[Texts] = mapped_column(Json)
    summary: Mapped[Texts] = mapped_column(Json)
    revision: Mapped[int] = mapped_column(default=1)  # counts edits; a form names the one it was made from

    department: Mapped[Department] = relationship()


class Activity(Base):
    """参加の機会: base of survey, consultation and vote."""

    __tablename__ = "activity"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)

    title: Mapped[Texts] = mapped_column(Json)
    summary: Mapped[Texts] = mapped_column(Json)
    background: Mapped[Texts] = mapped_column(Json, default=dict)  # who asks and why
    eligibility: Mapped[Texts] = mapped_column(Json, default=dict)  # who may take part
    purpose: Mapped[Texts] = mapped_column(Json, default=dict)  # 利用目的: what is asked about the person, what for
    use_of_result: Mapped[Texts] = mapped_column(Json, default=dict)
    other_ways: Mapped[Texts] = mapped_column(Json, default=dict)  # paper, counter, phone
    contact: Mapped[Texts] = mapped_column(Json, default=dict)
    answer: Mapped[Texts] = mapped_column(Json, default=dict)  # what the city answers, published at answered_at
    minutes: Mapped[int] = mapped_column(default=5)
    retention_until: Mapped[date | None]  # day the answers are erased; null until the editor sets it
    answer_due: Mapped[date | None]  # day the city promises its answer; null until set

    subject: Mapped[Subject] = mapped_column(choice(Subject, "subject"), default=Subject.NOBODY)
    register_id: Mapped[int | None] = mapped_column(ForeignKey("register.id"))  # null unless subject is register
    identity_level: Mapped[int] = mapped_column(default=0)
    once_per_person: Mapped[bool] = mapped_column(default=False)
    change_allowed: Mapped[bool] = mapped_column(default=False)
    channels: Mapped[list[str]] = mapped_column(Json, default=lambda: [Channel.WEB.value])
    confidentiality: Mapped[Confidentiality] = mapped_column(
        choice(Confidentiality, "confidentiality"), default=Confidentiality.CONFIDENTIAL
    )
    results_show: Mapped[ResultsShow] = mapped_column(
        choice(ResultsShow, "results_show"), default=ResultsShow.AFTER_CLOSE
    )

    starts_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null until scheduled
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null until scheduled
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # latch: null until opened, never null again
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # latch: residents' channels have stopped
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # latch: staff channels have stopped, counts final
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null until the city's answer is published
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null unless withdrawn
    withdrawn_reason: Mapped[Texts | None] = mapped_column(Json)  # null unless withdrawn; shown on the page
    collected_elsewhere: Mapped[bool] = mapped_column(default=False)  # answers came by import; nobody answers here

    author_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    last_editor_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    revision: Mapped[int] = mapped_column(default=1)  # counts edits; a form names the one it was made from
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null unless handed in for approval
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null until a second person approved
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))  # null until approved
    returned_note: Mapped[str | None] = mapped_column(sa.Text)  # null unless the approver sent it back with a note
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))  # null until answered

    project: Mapped[Project] = relationship()
    department: Mapped[Department] = relationship()
    period_changes: Mapped[list["PeriodChange"]] = relationship(
        primaryjoin="and_(PeriodChange.activity_id == Activity.id, PeriodChange.approved)",
        order_by="PeriodChange.id",
        viewonly=True,
    )  # the approved ones, for the notices on its page

    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_abstract": True}
    __table_args__: tuple[Any, ...] = (
        CheckConstraint("NOT (once_per_person AND identity_level = 0)", name="once_needs_identity"),
        CheckConstraint("(identity_level = 0) = (subject = 'nobody')", name="level_fits_subject"),
        CheckConstraint("(subject = 'register') = (register_id IS NOT NULL)", name="register_fits_subject"),
        CheckConstraint(
            "approved_by_id IS NULL OR (approved_by_id <> author_id AND approved_by_id <> last_editor_id)",
            name="second_person_approves",
        ),
        CheckConstraint("answered_by_id IS NULL OR answered_by_id <> last_editor_id", name="second_person_answers"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answer_is_whole"),
        CheckConstraint("(approved_at IS NULL) = (approved_by_id IS NULL)", name="approval_is_whole"),
        CheckConstraint(
            "approved_at IS NULL OR (starts_at IS NOT NULL AND ends_at IS NOT NULL AND retention_until IS NOT NULL)",
            name="approved_is_complete",
        ),
        CheckConstraint(
            "opened_at IS NULL OR approved_at IS NOT NULL OR collected_elsewhere", name="opening_needs_approval"
        ),
        CheckConstraint("NOT collected_elsewhere OR ended_at IS NOT NULL", name="elsewhere_is_ended"),
        CheckConstraint("ended_at IS NULL OR opened_at IS NOT NULL", name="end_after_opening"),
        CheckConstraint("closed_at IS NULL OR ended_at IS NOT NULL", name="close_after_end"),
        CheckConstraint("answered_at IS NULL OR closed_at IS NOT NULL", name="answer_after_close"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name="withdrawal_has_reason"),
        CheckConstraint("starts_at IS NULL OR ends_at IS NULL OR starts_at < ends_at", name="period_is_forward"),
    )


class PeriodChange(Base):
    """延長・緊急停止: proposed by one person with a reason, decided by another, shown on the page."""

    __tablename__ = "period_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    act: Mapped[str] = mapped_column(String(8))
    new_end: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null for a stop
    old_end: Mapped[datetime | None] = mapped_column(UTCDateTime)  # as announced before; null until approved
    reason: Mapped[Texts] = mapped_column(Json)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))  # null until decided
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null until decided
    approved: Mapped[bool | None]  # null until decided

    activity: Mapped[Activity] = relationship()

    __table_args__ = (
        CheckConstraint("act IN ('extend', 'stop')", name="act"),
        CheckConstraint("(act = 'extend') = (new_end IS NOT NULL)", name="extension_has_end"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person_decides"),
        Index(
            "uq_period_change_pending",
            "activity_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )


ONCE = text("state = 'counted' AND person_key IS NOT NULL")


class Participation(Base):
    """参加記録: that somebody took part, by any channel. For a vote: activity, person, channel and state, nothing else."""

    __tablename__ = "participation"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"))
    person_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))  # null when no identity was asked
    channel: Mapped[Channel] = mapped_column(choice(Channel, "channel"))
    state: Mapped[ParticipationState] = mapped_column(choice(ParticipationState, "state"))
    submission_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))  # null for a vote and for imported rows
    content_mac: Mapped[bytes | None] = mapped_column(LargeBinary(32))  # null with submission_key
    session_mac: Mapped[bytes | None] = mapped_column(LargeBinary(32))  # whose form it was; null with submission_key
    receipt: Mapped[str | None] = mapped_column(String(16), unique=True)  # null for a vote
    received_on: Mapped[date | None]  # day in Japan; null for a vote

    __table_args__ = (
        Index(
            "uq_participation_once", "activity_id", "person_key", unique=True, sqlite_where=ONCE, postgresql_where=ONCE
        ),
        UniqueConstraint("activity_id", "submission_key"),
        Index("ix_participation_activity_state", "activity_id", "state"),
    )


class ConflictDecision(Base):
    """Which of two participations of one person counts: proposed by an editor, decided by a second person."""

    __tablename__ = "conflict_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), unique=True)
    count_new: Mapped[bool]  # True: the conflicting one counts and the earlier is superseded
    reason: Mapped[str] = mapped_column(sa.Text)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))  # null until decided
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null until decided

    participation: Mapped[Participation] = relationship()

    __table_args__ = (
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person_decides"),
    )


class ParticipationCount(Base):
    """How many took part, by day, channel and state; kept up in the transaction that counts one."""

    __tablename__ = "participation_count"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    channel: Mapped[Channel] = mapped_column(choice(Channel, "channel"), primary_key=True)
    state: Mapped[ParticipationState] = mapped_column(choice(ParticipationState, "state"), primary_key=True)
    count: Mapped[int]


class TextReview(Base):
    """What a person decided about one free text before it may leave the staff area.

    `spans` are the masked [start, end) code points with their kinds; a text without a row here is unconfirmed.
    """

    __tablename__ = "text_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    ref: Mapped[str] = mapped_column(String(120), unique=True)
    text_digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of the text the person saw
    spans: Mapped[list[Any]] = mapped_column(Json, default=list)
    hidden_reason: Mapped[str | None] = mapped_column(sa.Text)  # null unless hidden by a person
    reviewed_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    reviewed_at: Mapped[datetime] = mapped_column(UTCDateTime)
