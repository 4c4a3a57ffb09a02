"""Tables of consultations: the rule, the draft and its passages, comments, opinion items, groups and answers, editions."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.activities.models import Activity, Participation, Project, Texts
from civic.activities.states import Channel
from civic.db import Base, BigKey, Json, UTCDateTime, choice
from civic.files.models import StoredFile
from civic.identity.models import Department
from consultations.comments.stages import Asked, Decision, Origin, Outcome, PassageKind, Stage, Stance


class ProcedureRule(Base):
    """The city's own rule for public comment (条例・要綱) as data, with the clause of each value: `rules.Rule` as JSON."""

    __tablename__ = "procedure_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    revision: Mapped[int] = mapped_column(default=1)
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))  # null for the default profile
    edited_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Consultation(Activity):
    """意見募集: a draft is published, everybody may comment, the city answers."""

    __tablename__ = "consultation"

    id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    rule: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # as chosen: a later edit changes nothing here
    basis: Mapped[Texts] = mapped_column(Json, default=dict)  # 根拠法令の条項 of the plan
    digest: Mapped[Texts] = mapped_column(Json, default=dict)  # the plan in plain words, one point a line
    short_reason: Mapped[Texts] = mapped_column(Json, default=dict)  # why the period is shorter than the rule's
    asks_name: Mapped[Asked] = mapped_column(choice(Asked, "asks_name"), default=Asked.OPTIONAL)
    asks_address: Mapped[Asked] = mapped_column(choice(Asked, "asks_address"), default=Asked.OPTIONAL)
    comments_public: Mapped[bool] = mapped_column(default=False)  # reviewed comments show during the period
    missing_texts_confirmed: Mapped[bool] = mapped_column(default=False)
    current_version: Mapped[int | None]  # number of the draft residents read; null until one is written
    last_comment: Mapped[int] = mapped_column(default=0)  # number given to the newest comment
    last_group: Mapped[int] = mapped_column(default=0)  # number given to the newest opinion group
    decision: Mapped[Decision | None] = mapped_column(choice(Decision, "decision"))  # null until the result is written
    decision_reason: Mapped[Texts] = mapped_column(Json, default=dict)
    final_version: Mapped[int | None]  # number of the version as decided; null unless changed

    versions: Mapped[list["DraftVersion"]] = relationship(back_populates="consultation", order_by="DraftVersion.number")
    attachments: Mapped[list["Attachment"]] = relationship(
        back_populates="consultation", order_by="Attachment.position"
    )

    __mapper_args__ = {"polymorphic_identity": "consultation"}
    __table_args__ = (
        CheckConstraint(
            "(final_version IS NOT NULL) = (decision IS NOT NULL AND decision = 'changed')", name="change_has_version"
        ),
    )


class NotHeldNotice(Base):
    """手続を実施しなかった旨の公表: title, purpose, that none was held, and why (行政手続法39条4項・43条5項 as default)."""

    __tablename__ = "not_held_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    title: Mapped[Texts] = mapped_column(Json)
    aim: Mapped[Texts] = mapped_column(Json)  # what the plan is for
    basis: Mapped[Texts] = mapped_column(Json)
    rule: Mapped[dict[str, Any]] = mapped_column(Json)
    exemption: Mapped[str] = mapped_column(String(32))  # code of the rule's exemption
    reason: Mapped[Texts] = mapped_column(Json)
    contact: Mapped[Texts] = mapped_column(Json)
    author_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    last_editor_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    revision: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null until published, never null again
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))  # null until published

    project: Mapped[Project] = relationship()

    __table_args__ = (
        CheckConstraint("(published_at IS NULL) = (published_by_id IS NULL)", name="publication_is_whole"),
        CheckConstraint(
            "published_by_id IS NULL OR (published_by_id <> author_id AND published_by_id <> last_editor_id)",
            name="second_person_publishes",
        ),
    )


class DraftVersion(Base):
    """案の版: Markdown as staff wrote it and the passages made of it. Frozen once it is the one consulted on."""

    __tablename__ = "draft_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]
    markdown: Mapped[str] = mapped_column(sa.Text)
    note: Mapped[str] = mapped_column(sa.Text, default="")  # what changed since the version before
    changes: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)  # from the one consulted on; null unless final
    created_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    consultation: Mapped[Consultation] = relationship(back_populates="versions")
    passages: Mapped[list["Passage"]] = relationship(back_populates="version", order_by="Passage.position")

    __table_args__ = (UniqueConstraint("consultation_id", "number"),)


class Passage(Base):
    """条項・段落 of one version. `anchor` names the same passage in every version (`p12`)."""

    __tablename__ = "draft_passage"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("draft_version.id"))
    position: Mapped[int]
    anchor: Mapped[str] = mapped_column(String(16))
    kind: Mapped[PassageKind] = mapped_column(choice(PassageKind, "kind"))
    depth: Mapped[int]  # 1 for a chapter
    label: Mapped[str] = mapped_column(String(40))  # "第2章", "第3条", "2-1"
    text: Mapped[str] = mapped_column(sa.Text)  # its words without markup
    html: Mapped[str] = mapped_column(sa.Text)  # sanitised

    version: Mapped[DraftVersion] = relationship(back_populates="passages")

    __table_args__ = (UniqueConstraint("version_id", "position"), UniqueConstraint("version_id", "anchor"))


class Attachment(Base):
    """関連資料: a PDF handed out beside the draft."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    number: Mapped[int]  # in its address; never used again
    position: Mapped[int]
    title: Mapped[Texts] = mapped_column(Json)
    file_name: Mapped[str] = mapped_column(String(200))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))

    consultation: Mapped[Consultation] = relationship(back_populates="attachments")
    file: Mapped[StoredFile] = relationship()

    __table_args__ = (UniqueConstraint("consultation_id", "number"),)


class Comment(Base):
    """意見 as received. The database refuses to change `body` (trigger `comment_body_is_final`)."""

    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), unique=True)
    number: Mapped[int]  # 意見番号, from 1 in the order of arrival here
    channel: Mapped[Channel] = mapped_column(choice(Channel, "channel"))
    language: Mapped[str] = mapped_column(String(8), default="ja")
    passage: Mapped[str | None] = mapped_column(String(16))  # anchor; null for the whole draft
    version: Mapped[int | None]  # number of the draft version it was written about; null where none was there
    stance: Mapped[Stance | None] = mapped_column(choice(Stance, "stance"))  # null where none was given
    category: Mapped[str | None] = mapped_column(
        String(32)
    )  # code of the rule's group of commenters; null if not asked
    body: Mapped[str] = mapped_column(sa.Text)
    fold_key: Mapped[str] = mapped_column(String(64))  # SHA-256 of the comparison key: equal for copies of one text
    postmarked_on: Mapped[date | None]  # null unless posted and the rule asks for it
    row_key: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of an import's key columns; null otherwise
    attributes: Mapped[dict[str, str]] = mapped_column(Json, default=dict)  # empty: an import's columns are sealed

    participation: Mapped[Participation] = relationship()
    items: Mapped[list["OpinionItem"]] = relationship(back_populates="comment", order_by="OpinionItem.start")

    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        UniqueConstraint("consultation_id", "channel", "row_key"),
        Index("ix_comment_fold", "consultation_id", "fold_key"),
        Index("ix_comment_passage", "consultation_id", "passage"),
    )


class CommentAuthor(Base):
    """Who wrote a comment, sealed and apart from the text: `{"name", "address", "detail", "attributes"}`, the last an import's
    other columns by their headers. Never shown on a page of residents."""

    __tablename__ = "comment_author"

    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    erase_after: Mapped[date] = mapped_column(index=True)


class OpinionGroup(Base):
    """意見のまとまり: opinion items answered together, and the city's answer (市の考え方) to them."""

    __tablename__ = "opinion_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]  # in its address; never used again
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))  # its name at the desk, in `title_language`
    title_language: Mapped[str] = mapped_column(String(8), default="ja")  # a topics run's until a person names it
    titles: Mapped[Texts] = mapped_column(Json, default=dict)  # the same in the other languages it is published in
    gist: Mapped[Texts] = mapped_column(Json, default=dict)  # 要旨; empty: the items stand for themselves
    origin: Mapped[Origin] = mapped_column(choice(Origin, "origin"))
    stage: Mapped[Stage] = mapped_column(choice(Stage, "stage"), default=Stage.COLLECTING)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))  # who answers; null until asked
    answer: Mapped[Texts] = mapped_column(Json, default=dict)
    outcome: Mapped[Outcome | None] = mapped_column(choice(Outcome, "outcome"))  # null until drafted
    returned_note: Mapped[str | None] = mapped_column(sa.Text)  # null unless sent back by the approver
    revision: Mapped[int] = mapped_column(default=1)  # counts edits; a form names the one it was made from
    author_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))  # who drafted; null until drafted
    last_editor_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))  # null until drafted
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))  # null until locked
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null until locked

    department: Mapped[Department | None] = relationship()
    items: Mapped[list["OpinionItem"]] = relationship(back_populates="group", order_by="OpinionItem.id")

    @property
    def heading(self) -> Texts:
        """The title by language, as it is published; without "ja" while nobody has written it in Japanese."""
        return {**self.titles, self.title_language: self.title}

    def name_it(self, heading: Texts) -> None:
        """Give it this title; one without Japanese words changes the other languages only, an empty one nothing."""
        others = {language: words for language, words in heading.items() if language != "ja"}
        if heading.get("ja"):
            self.title, self.title_language, self.titles = heading["ja"], "ja", others
        elif others:
            self.title = others.get(self.title_language, self.title)
            self.titles = {language: words for language, words in others.items() if language != self.title_language}

    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        CheckConstraint("(stage = 'locked') = (approved_at IS NOT NULL)", name="locked_is_approved"),
        CheckConstraint("(approved_at IS NULL) = (approved_by_id IS NULL)", name="approval_is_whole"),
        CheckConstraint(
            "stage NOT IN ('in_approval', 'locked') OR outcome IS NOT NULL", name="outcome_before_approval"
        ),
        CheckConstraint(
            "approved_by_id IS NULL OR (approved_by_id <> author_id AND approved_by_id <> last_editor_id)",
            name="second_person_approves",
        ),
    )


class OpinionItem(Base):
    """意見項目: one point made inside a comment: its code points `[start, stop)`. Every comment begins as one item, the whole."""

    __tablename__ = "opinion_item"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"))
    start: Mapped[int]
    stop: Mapped[int]
    group_id: Mapped[int | None] = mapped_column(ForeignKey("opinion_group.id"))  # null: not grouped yet
    origin: Mapped[Origin] = mapped_column(choice(Origin, "origin"), default=Origin.MACHINE)  # who put it where it is

    comment: Mapped[Comment] = relationship(back_populates="items")
    group: Mapped[OpinionGroup | None] = relationship(back_populates="items")

    __table_args__ = (
        UniqueConstraint("comment_id", "start"),
        CheckConstraint("start >= 0 AND start < stop", name="span_is_forward"),
        Index("ix_opinion_item_group", "consultation_id", "group_id"),
    )


class Inquiry(Base):
    """照会: the question to a department about an opinion group, with the day its draft is due."""

    __tablename__ = "inquiry"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("opinion_group.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    question: Mapped[str] = mapped_column(sa.Text)
    due_on: Mapped[date]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null until answered or taken back

    department: Mapped[Department] = relationship()

    __table_args__ = (
        Index(
            "uq_inquiry_pending",
            "group_id",
            unique=True,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        ),
    )


class DeskStep(Base):
    """One step of sorting opinions, with the rows as they were before and after it, so that it can be undone."""

    __tablename__ = "desk_step"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    act: Mapped[str] = mapped_column(String(40))
    before: Mapped[dict[str, Any]] = mapped_column(Json)
    after: Mapped[dict[str, Any]] = mapped_column(Json)
    origin: Mapped[Origin] = mapped_column(choice(Origin, "origin"))
    done_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    done_at: Mapped[datetime] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null unless undone


class Edition(Base):
    """What was published, whole: the result as JSON with its SHA-256. An erratum is a further edition, never a change."""

    __tablename__ = "consultation_edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(Json)  # texts of residents by reference only
    sha256: Mapped[str] = mapped_column(String(64))
    note: Mapped[Texts] = mapped_column(Json, default=dict)  # what an erratum corrects; empty for the first edition
    author_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    published_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        CheckConstraint("published_by_id <> author_id", name="second_person_publishes"),
    )


class Erratum(Base):
    """訂正: a change of published words, proposed with what it corrects, decided by a second person.

    `words` are the corrected ones by name (`publishing.corrections`): texts by language, an outcome by its code.
    """

    __tablename__ = "erratum"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("opinion_group.id"))  # null: the result as a whole
    words: Mapped[dict[str, Any]] = mapped_column(Json)
    note: Mapped[Texts] = mapped_column(Json)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))  # null until decided
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null until decided
    approved: Mapped[bool | None]  # null until decided

    group: Mapped[OpinionGroup | None] = relationship()

    __table_args__ = (
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person_decides"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decision_is_whole"),
        Index(
            "uq_erratum_pending",
            "group_id",
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        ),
        Index(
            "uq_erratum_pending_whole",
            "consultation_id",
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL AND group_id IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL AND group_id IS NULL"),
        ),
    )
