"""Consultations: rules, drafts and passages, comments, opinion items and groups, inquiries, editions; files handed out.

A comment's words are final: the database refuses to change them, whoever asks.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REFUSED = "a comment as received is never changed"


def upgrade() -> None:
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_stored_file_sha256")),
    )
    op.create_table(
        "procedure_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edited_by_id", sa.Integer(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["edited_by_id"], ["staff_member.id"], name=op.f("fk_procedure_rule_edited_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_rule")),
        sa.UniqueConstraint("code", name=op.f("uq_procedure_rule_code")),
    )
    op.create_table(
        "not_held_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("aim", JSON, nullable=False),
        sa.Column("basis", JSON, nullable=False),
        sa.Column("rule", JSON, nullable=False),
        sa.Column("exemption", sa.String(length=32), nullable=False),
        sa.Column("reason", JSON, nullable=False),
        sa.Column("contact", JSON, nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("last_editor_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_by_id IS NULL)", name=op.f("ck_not_held_notice_publication_is_whole")
        ),
        sa.CheckConstraint(
            "published_by_id IS NULL OR (published_by_id <> author_id AND published_by_id <> last_editor_id)",
            name=op.f("ck_not_held_notice_second_person_publishes"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["staff_member.id"], name=op.f("fk_not_held_notice_author_id")),
        sa.ForeignKeyConstraint(
            ["last_editor_id"], ["staff_member.id"], name=op.f("fk_not_held_notice_last_editor_id")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_not_held_notice_project_id")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["staff_member.id"], name=op.f("fk_not_held_notice_published_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_held_notice")),
        sa.UniqueConstraint("slug", name=op.f("uq_not_held_notice_slug")),
    )
    op.create_index(op.f("ix_not_held_notice_project_id"), "not_held_notice", ["project_id"], unique=False)
    op.create_table(
        "consultation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", JSON, nullable=False),
        sa.Column("basis", JSON, nullable=False),
        sa.Column("digest", JSON, nullable=False),
        sa.Column("short_reason", JSON, nullable=False),
        sa.Column("asks_name", sa.String(length=32), nullable=False),
        sa.Column("asks_address", sa.String(length=32), nullable=False),
        sa.Column("comments_public", sa.Boolean(), nullable=False),
        sa.Column("missing_texts_confirmed", sa.Boolean(), nullable=False),
        sa.Column("current_version", sa.Integer(), nullable=True),
        sa.Column("last_comment", sa.Integer(), nullable=False),
        sa.Column("last_group", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=True),
        sa.Column("decision_reason", JSON, nullable=False),
        sa.Column("final_version", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(final_version IS NOT NULL) = (decision IS NOT NULL AND decision = 'changed')",
            name=op.f("ck_consultation_change_has_version"),
        ),
        sa.ForeignKeyConstraint(["id"], ["activity.id"], name=op.f("fk_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_attachment_consultation_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_attachment_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_attachment_consultation_id_number")),
    )
    op.create_index(op.f("ix_attachment_consultation_id"), "attachment", ["consultation_id"], unique=False)
    op.create_table(
        "comment",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("participation_id", BIG_KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("passage", sa.String(length=16), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("stance", sa.String(length=32), nullable=True),
        sa.Column("category", sa.String(length=32), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("fold_key", sa.String(length=64), nullable=False),
        sa.Column("postmarked_on", sa.Date(), nullable=True),
        sa.Column("row_key", sa.String(length=64), nullable=True),
        sa.Column("attributes", JSON, nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_comment_consultation_id")),
        sa.ForeignKeyConstraint(["participation_id"], ["participation.id"], name=op.f("fk_comment_participation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sa.UniqueConstraint(
            "consultation_id", "channel", "row_key", name=op.f("uq_comment_consultation_id_channel_row_key")
        ),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_comment_consultation_id_number")),
        sa.UniqueConstraint("participation_id", name=op.f("uq_comment_participation_id")),
    )
    op.create_index("ix_comment_fold", "comment", ["consultation_id", "fold_key"], unique=False)
    op.create_index("ix_comment_passage", "comment", ["consultation_id", "passage"], unique=False)
    op.create_table(
        "comment_author",
        sa.Column("participation_id", BIG_KEY, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("erase_after", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk_comment_author_participation_id")
        ),
        sa.PrimaryKeyConstraint("participation_id", name=op.f("pk_comment_author")),
    )
    op.create_index(op.f("ix_comment_author_erase_after"), "comment_author", ["erase_after"], unique=False)
    op.create_table(
        "consultation_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("note", JSON, nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "published_by_id <> author_id", name=op.f("ck_consultation_edition_second_person_publishes")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["staff_member.id"], name=op.f("fk_consultation_edition_author_id")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_consultation_edition_consultation_id")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["staff_member.id"], name=op.f("fk_consultation_edition_published_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_edition")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_consultation_edition_consultation_id_number")),
    )
    op.create_table(
        "desk_step",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("after", JSON, nullable=False),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("done_by_id", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_desk_step_consultation_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["staff_member.id"], name=op.f("fk_desk_step_done_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_step")),
    )
    op.create_index(op.f("ix_desk_step_consultation_id"), "desk_step", ["consultation_id"], unique=False)
    op.create_table(
        "draft_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("markdown", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_draft_version_consultation_id")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["staff_member.id"], name=op.f("fk_draft_version_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_version")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_draft_version_consultation_id_number")),
    )
    op.create_table(
        "opinion_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("gist", JSON, nullable=False),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("answer", JSON, nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("returned_note", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("last_editor_id", sa.Integer(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(stage = 'locked') = (approved_at IS NOT NULL)", name=op.f("ck_opinion_group_locked_is_approved")
        ),
        sa.CheckConstraint(
            "stage NOT IN ('in_approval', 'locked') OR outcome IS NOT NULL",
            name=op.f("ck_opinion_group_outcome_before_approval"),
        ),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (approved_by_id IS NULL)", name=op.f("ck_opinion_group_approval_is_whole")
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR (approved_by_id <> author_id AND approved_by_id <> last_editor_id)",
            name=op.f("ck_opinion_group_second_person_approves"),
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["staff_member.id"], name=op.f("fk_opinion_group_approved_by_id")),
        sa.ForeignKeyConstraint(["author_id"], ["staff_member.id"], name=op.f("fk_opinion_group_author_id")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_opinion_group_consultation_id")
        ),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_opinion_group_department_id")),
        sa.ForeignKeyConstraint(["last_editor_id"], ["staff_member.id"], name=op.f("fk_opinion_group_last_editor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_group")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_opinion_group_consultation_id_number")),
    )
    op.create_table(
        "draft_passage",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["draft_version.id"], name=op.f("fk_draft_passage_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_passage")),
        sa.UniqueConstraint("version_id", "anchor", name=op.f("uq_draft_passage_version_id_anchor")),
        sa.UniqueConstraint("version_id", "position", name=op.f("uq_draft_passage_version_id_position")),
    )
    op.create_table(
        "erratum",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("answer", JSON, nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("note", JSON, nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_erratum_decision_is_whole")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name=op.f("ck_erratum_second_person_decides")
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_erratum_consultation_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["staff_member.id"], name=op.f("fk_erratum_decided_by_id")),
        sa.ForeignKeyConstraint(["group_id"], ["opinion_group.id"], name=op.f("fk_erratum_group_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["staff_member.id"], name=op.f("fk_erratum_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erratum")),
    )
    op.create_index(op.f("ix_erratum_consultation_id"), "erratum", ["consultation_id"], unique=False)
    op.create_index(
        "uq_erratum_pending",
        "erratum",
        ["group_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "inquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["staff_member.id"], name=op.f("fk_inquiry_asked_by_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_inquiry_department_id")),
        sa.ForeignKeyConstraint(["group_id"], ["opinion_group.id"], name=op.f("fk_inquiry_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry")),
    )
    op.create_index(op.f("ix_inquiry_department_id"), "inquiry", ["department_id"], unique=False)
    op.create_index(op.f("ix_inquiry_group_id"), "inquiry", ["group_id"], unique=False)
    op.create_index(
        "uq_inquiry_pending",
        "inquiry",
        ["group_id"],
        unique=True,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "opinion_item",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", BIG_KEY, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("stop", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.CheckConstraint("start >= 0 AND start < stop", name=op.f("ck_opinion_item_span_is_forward")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_opinion_item_comment_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_opinion_item_consultation_id")),
        sa.ForeignKeyConstraint(["group_id"], ["opinion_group.id"], name=op.f("fk_opinion_item_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_item")),
        sa.UniqueConstraint("comment_id", "start", name=op.f("uq_opinion_item_comment_id_start")),
    )
    op.create_index("ix_opinion_item_group", "opinion_item", ["consultation_id", "group_id"], unique=False)

    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER comment_body_is_final BEFORE UPDATE OF body ON comment "
            f"WHEN NEW.body IS NOT OLD.body BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_comment_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER comment_body_is_final BEFORE UPDATE OF body ON comment FOR EACH ROW "
        "WHEN (OLD.body IS DISTINCT FROM NEW.body) EXECUTE FUNCTION refuse_comment_change()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER comment_body_is_final")
    else:
        op.execute("DROP TRIGGER comment_body_is_final ON comment")
        op.execute("DROP FUNCTION refuse_comment_change()")
    op.drop_index("ix_opinion_item_group", table_name="opinion_item")
    op.drop_table("opinion_item")
    op.drop_index(
        "uq_inquiry_pending",
        table_name="inquiry",
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.drop_index(op.f("ix_inquiry_group_id"), table_name="inquiry")
    op.drop_index(op.f("ix_inquiry_department_id"), table_name="inquiry")
    op.drop_table("inquiry")
    op.drop_index(
        "uq_erratum_pending",
        table_name="erratum",
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.drop_index(op.f("ix_erratum_consultation_id"), table_name="erratum")
    op.drop_table("erratum")
    op.drop_table("draft_passage")
    op.drop_table("opinion_group")
    op.drop_table("draft_version")
    op.drop_index(op.f("ix_desk_step_consultation_id"), table_name="desk_step")
    op.drop_table("desk_step")
    op.drop_table("consultation_edition")
    op.drop_index(op.f("ix_comment_author_erase_after"), table_name="comment_author")
    op.drop_table("comment_author")
    op.drop_index("ix_comment_passage", table_name="comment")
    op.drop_index("ix_comment_fold", table_name="comment")
    op.drop_table("comment")
    op.drop_index(op.f("ix_attachment_consultation_id"), table_name="attachment")
    op.drop_table("attachment")
    op.drop_table("consultation")
    op.drop_index(op.f("ix_not_held_notice_project_id"), table_name="not_held_notice")
    op.drop_table("not_held_notice")
    op.drop_table("procedure_rule")
    op.drop_table("stored_file")
