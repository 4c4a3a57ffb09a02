"""Tables of surveys: questionnaire versions, responses, their free texts, drafts and tallies."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.activities.models import Activity, Participation
from civic.activities.states import Channel
from civic.db import Base, BigKey, Json, UTCDateTime, choice


class Survey(Activity):
    """アンケート."""

    __tablename__ = "survey"

    id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    current_version: Mapped[int] = mapped_column(default=1)  # number of the questionnaire version in use
    missing_texts_confirmed: Mapped[bool] = mapped_column(default=False)

    versions: Mapped[list["QuestionnaireVersion"]] = relationship(
        back_populates="survey", order_by="QuestionnaireVersion.number"
    )

    __mapper_args__ = {"polymorphic_identity": "survey"}


class QuestionnaireVersion(Base):
    """調査票の版: edited until the survey opens, then immutable; a harmless correction makes the next number."""

    __tablename__ = "questionnaire_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    number: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(Json)  # the contract's questionnaire, version 1
    note: Mapped[str | None] = mapped_column(sa.Text)  # null for the first; what a correction changed
    created_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    survey: Mapped[Survey] = relationship(back_populates="versions")

    __table_args__ = (UniqueConstraint("survey_id", "number"),)


class QuestionnaireEdit(Base):
    """One step of an author before the opening: the document as it was before, so that a wrong click can be undone."""

    __tablename__ = "questionnaire_edit"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    before: Mapped[dict[str, Any]] = mapped_column(Json)
    edited_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    edited_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Response(Base):
    """回答票: one person's filled questionnaire. Choices, numbers and dates in `answers`, typed words in FreeText."""

    __tablename__ = "response"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), unique=True)
    version: Mapped[int]
    channel: Mapped[Channel] = mapped_column(choice(Channel, "channel"))
    language: Mapped[str] = mapped_column(String(8), default="ja")
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    off_path: Mapped[list[str]] = mapped_column(Json, default=list)  # codes a condition would have hidden (imports)
    attributes: Mapped[dict[str, str]] = mapped_column(Json, default=dict)  # imported columns that are no answer
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # from an import's time column; null on the web
    row_key: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of the import's key columns; null on the web
    key_cells: Mapped[list[str]] = mapped_column(Json, default=list)  # the import's key columns as they stood

    participation: Mapped[Participation] = relationship()
    texts: Mapped[list["FreeText"]] = relationship(back_populates="response", order_by="FreeText.id")

    __table_args__ = (UniqueConstraint("survey_id", "channel", "row_key"),)


class FreeText(Base):
    """One text a resident typed: an answer, or the words beside an "other" option. Never edited."""

    __tablename__ = "free_text"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), index=True)
    question: Mapped[str] = mapped_column(String(32))
    option: Mapped[str] = mapped_column(String(32), default="")  # "" for the answer itself
    text: Mapped[str] = mapped_column(sa.Text)
    off_path: Mapped[bool] = mapped_column(default=False)

    response: Mapped[Response] = relationship(back_populates="texts")

    __table_args__ = (
        UniqueConstraint("response_id", "question", "option"),
        Index("ix_free_text_question", "survey_id", "question"),
    )


class Tally(Base):
    """A count kept up with every counted response: how often `value` was answered to `question` (and matrix `row`).

    `value` is an option code, a number as text, a day, or "" for the respondents of the question.
    """

    __tablename__ = "tally"

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    question: Mapped[str] = mapped_column(String(32), primary_key=True)
    row: Mapped[str] = mapped_column(String(32), primary_key=True, default="")
    value: Mapped[str] = mapped_column(String(64), primary_key=True)
    off_path: Mapped[bool] = mapped_column(primary_key=True, default=False)
    count: Mapped[int]


class Draft(Base):
    """回答の下書き: saved at every step, never a participation, erased when sent or after 30 days.

    `trial` marks a colleague's 試し回答, which can never be sent.
    """

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    cookie_key: Mapped[bytes] = mapped_column(LargeBinary(32))  # HMAC of the random cookie
    resume_key: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)  # null until a code was asked for
    subject_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))  # HMAC of who signed in; null at level 0
    version: Mapped[int]
    answers: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # with typed words, unlike Response.answers
    trial: Mapped[bool] = mapped_column(default=False)
    submission_key: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)

    __table_args__ = (UniqueConstraint("survey_id", "cookie_key"),)


class Erasure(Base):
    """That a survey's answers were erased at the end of their retention, and how many."""

    __tablename__ = "erasure"

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    erased_on: Mapped[date]
    responses: Mapped[int]
