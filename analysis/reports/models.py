"""Tables of the reporting room: analysis runs, what staff changed, reports and their findings."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.activities.models import Activity, Project
from civic.db import Base, BigKey, Json, UTCDateTime, choice


class RunState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ERASED = "erased"  # the texts it was about were erased at the end of their retention


class Run(Base):
    """One `python -m analysis topics` over the texts of one question; its output is kept byte for byte."""

    __tablename__ = "analysis_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    question: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    parameters: Mapped[dict[str, Any]] = mapped_column(Json)  # language, topics, seed
    state: Mapped[RunState] = mapped_column(choice(RunState, "state"), default=RunState.WAITING)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))  # null once the job row was cleaned away
    input_digest: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of the input file; null until read
    output: Mapped[bytes | None] = mapped_column(LargeBinary)  # null until done
    sizes: Mapped[dict[str, Any] | None] = mapped_column(
        Json
    )  # texts per topic after disclosure control; null until done
    problem: Mapped[str | None] = mapped_column(sa.Text)  # null unless failed
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    requested_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null until finished

    activity: Mapped[Activity] = relationship()

    __table_args__ = (UniqueConstraint("activity_id", "question", "number"),)


class TopicEdit(Base):
    """A topic's label or place as a person set it, kept with the members it was about, so that a re-run finds it again."""

    __tablename__ = "topic_edit"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_run.id"), index=True)
    topic: Mapped[str] = mapped_column(String(16))  # topic id in the run's output
    label: Mapped[str] = mapped_column(String(200))
    members: Mapped[list[str]] = mapped_column(Json)  # refs of the topic's core when it was edited
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("topic_edit.id"))  # null unless from an earlier run
    orphaned: Mapped[bool] = mapped_column(default=False)
    edited_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    edited_at: Mapped[datetime] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null unless undone


class Report(Base):
    """報告書: its own address, over one or more activities of one project."""

    __tablename__ = "report"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    title: Mapped[dict[str, str]] = mapped_column(Json)
    lead: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    limits: Mapped[dict[str, str]] = mapped_column(Json, default=dict)  # beside the standing ones
    author_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    last_editor_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null unless handed in for approval
    embargo_until: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null: residents read at once
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # first edition; null until published

    project: Mapped[Project] = relationship()


class ReportActivity(Base):
    """An activity a report covers, and the run its topics come from."""

    __tablename__ = "report_activity"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    position: Mapped[int]


class ReportRun(Base):
    """A run whose topics a report shows."""

    __tablename__ = "report_run"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_run.id"), primary_key=True)
    position: Mapped[int]


class Origin(StrEnum):
    MACHINE = "machine"
    PERSON = "person"


class Finding(Base):
    """知見: one sentence of a report and the sources it rests on; without a source it cannot be published."""

    __tablename__ = "finding"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    position: Mapped[int]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("analysis_run.id"))  # null for a person's own sentence
    topic: Mapped[str | None] = mapped_column(String(16))  # null unless about one topic
    kind: Mapped[str] = mapped_column(String(8))  # quote, computed, person
    sentence: Mapped[dict[str, str]] = mapped_column(Json)
    query: Mapped[dict[str, Any] | None] = mapped_column(Json)  # null unless computed
    sources: Mapped[list[str]] = mapped_column(Json)  # refs
    spans: Mapped[list[Any]] = mapped_column(Json, default=list)  # [[ref, start, end], …]
    left_out: Mapped[bool] = mapped_column(default=False)  # put aside by a person; can be put back
    origin: Mapped[Origin] = mapped_column(choice(Origin, "origin"))

    __table_args__ = (CheckConstraint("kind IN ('quote', 'computed', 'person')", name="kind"),)


class Edition(Base):
    """What was published, whole: the document as JSON and its SHA-256. A later edition never replaces an earlier one."""

    __tablename__ = "report_edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    number: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    sha256: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    last_editor_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))

    __table_args__ = (
        UniqueConstraint("report_id", "number"),
        CheckConstraint(
            "published_by_id <> author_id AND published_by_id <> last_editor_id", name="second_person_publishes"
        ),
    )
