"""The tables of the house: people, ledger, audit, jobs, notices, releases, surveys, reports.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit_record",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(length=80), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_record")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_record_hash")),
    )
    op.create_index(op.f("ix_audit_record_act"), "audit_record", ["act"], unique=False)
    op.create_index(op.f("ix_audit_record_actor"), "audit_record", ["actor"], unique=False)
    op.create_index(op.f("ix_audit_record_subject"), "audit_record", ["subject"], unique=False)
    op.create_table(
        "department",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department")),
        sa.UniqueConstraint("code", name=op.f("uq_department_code")),
    )
    op.create_table(
        "job",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("key", sa.String(length=160), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.String(length=64), nullable=True),
        sa.Column("done_units", sa.Integer(), nullable=False),
        sa.Column("total_units", sa.Integer(), nullable=True),
        sa.Column("step", sa.String(length=160), nullable=True),
        sa.Column("cancel", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_due", "job", ["state", "run_at"], unique=False)
    op.create_index(
        "uq_job_unfinished_key",
        "job",
        ["key"],
        unique=True,
        sqlite_where=sa.text("state IN ('queued', 'running')"),
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_table(
        "key_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_key_mark_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_mark")),
    )
    op.create_table(
        "rate_limit_counter",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("expires_at", BIG_KEY, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_limit_counter")),
    )
    op.create_index(op.f("ix_rate_limit_counter_expires_at"), "rate_limit_counter", ["expires_at"], unique=False)
    op.create_table(
        "register",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register")),
        sa.UniqueConstraint("name", name=op.f("uq_register_name")),
    )
    op.create_table(
        "seed_record",
        sa.Column("profile", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", JSON, nullable=True),
        sa.PrimaryKeyConstraint("profile", name=op.f("pk_seed_record")),
    )
    op.create_table(
        "staff_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_member")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_member_login")),
    )
    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("summary", JSON, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_project_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("slug", name=op.f("uq_project_slug")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_recovery_code_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    op.create_index(op.f("ix_recovery_code_staff_id"), "recovery_code", ["staff_id"], unique=False)
    op.create_table(
        "register_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("entry_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("code_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("district", sa.String(length=120), nullable=True),
        sa.Column("resident_since", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_register_entry_register_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_entry")),
        sa.UniqueConstraint("code_key", name=op.f("uq_register_entry_code_key")),
        sa.UniqueConstraint("register_id", "entry_key", name=op.f("uq_register_entry_register_id_entry_key")),
    )
    op.create_table(
        "staff_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "resident",
                "editor",
                "approver",
                "moderator",
                "analyst",
                "council",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(role IN ('admin', 'council')) = (department_id IS NULL)", name=op.f("ck_staff_role_department_fits_role")
        ),
        sa.CheckConstraint("role <> 'resident'", name=op.f("ck_staff_role_staff_role_only")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_staff_role_department_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_staff_role_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_role")),
        sa.UniqueConstraint(
            "staff_id", "role", "department_id", name=op.f("uq_staff_role_staff_id_role_department_id")
        ),
    )
    op.create_index(op.f("ix_staff_role_staff_id"), "staff_role", ["staff_id"], unique=False)
    op.create_index(
        "uq_staff_role_citywide",
        "staff_role",
        ["staff_id", "role"],
        unique=True,
        sqlite_where=sa.text("department_id IS NULL"),
        postgresql_where=sa.text("department_id IS NULL"),
    )
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("summary", JSON, nullable=False),
        sa.Column("background", JSON, nullable=False),
        sa.Column("eligibility", JSON, nullable=False),
        sa.Column("purpose", JSON, nullable=False),
        sa.Column("use_of_result", JSON, nullable=False),
        sa.Column("other_ways", JSON, nullable=False),
        sa.Column("contact", JSON, nullable=False),
        sa.Column("answer", JSON, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("retention_until", sa.Date(), nullable=True),
        sa.Column("answer_due", sa.Date(), nullable=True),
        sa.Column(
            "subject",
            sa.Enum(
                "nobody", "resident", "register", name="subject", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("register_id", sa.Integer(), nullable=True),
        sa.Column("identity_level", sa.Integer(), nullable=False),
        sa.Column("once_per_person", sa.Boolean(), nullable=False),
        sa.Column("change_allowed", sa.Boolean(), nullable=False),
        sa.Column("channels", JSON, nullable=False),
        sa.Column(
            "confidentiality",
            sa.Enum(
                "named",
                "confidential",
                "secret",
                name="confidentiality",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "results_show",
            sa.Enum(
                "never",
                "after_close",
                "live",
                name="results_show",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("collected_elsewhere", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("last_editor_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("returned_note", sa.Text(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(identity_level = 0) = (subject = 'nobody')", name=op.f("ck_activity_level_fits_subject")),
        sa.CheckConstraint(
            "(subject = 'register') = (register_id IS NOT NULL)", name=op.f("ck_activity_register_fits_subject")
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)", name=op.f("ck_activity_answer_is_whole")
        ),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (approved_by_id IS NULL)", name=op.f("ck_activity_approval_is_whole")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name=op.f("ck_activity_withdrawal_has_reason")
        ),
        sa.CheckConstraint(
            "NOT (once_per_person AND identity_level = 0)", name=op.f("ck_activity_once_needs_identity")
        ),
        sa.CheckConstraint(
            "NOT collected_elsewhere OR ended_at IS NOT NULL", name=op.f("ck_activity_elsewhere_is_ended")
        ),
        sa.CheckConstraint("answered_at IS NULL OR closed_at IS NOT NULL", name=op.f("ck_activity_answer_after_close")),
        sa.CheckConstraint(
            "answered_by_id IS NULL OR answered_by_id <> last_editor_id", name=op.f("ck_activity_second_person_answers")
        ),
        sa.CheckConstraint(
            "approved_at IS NULL OR (starts_at IS NOT NULL AND ends_at IS NOT NULL AND retention_until IS NOT NULL)",
            name=op.f("ck_activity_approved_is_complete"),
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR (approved_by_id <> author_id AND approved_by_id <> last_editor_id)",
            name=op.f("ck_activity_second_person_approves"),
        ),
        sa.CheckConstraint("closed_at IS NULL OR ended_at IS NOT NULL", name=op.f("ck_activity_close_after_end")),
        sa.CheckConstraint("ended_at IS NULL OR opened_at IS NOT NULL", name=op.f("ck_activity_end_after_opening")),
        sa.CheckConstraint(
            "opened_at IS NULL OR approved_at IS NOT NULL OR collected_elsewhere",
            name=op.f("ck_activity_opening_needs_approval"),
        ),
        sa.CheckConstraint(
            "starts_at IS NULL OR ends_at IS NULL OR starts_at < ends_at", name=op.f("ck_activity_period_is_forward")
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["staff_member.id"], name=op.f("fk_activity_answered_by_id")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["staff_member.id"], name=op.f("fk_activity_approved_by_id")),
        sa.ForeignKeyConstraint(["author_id"], ["staff_member.id"], name=op.f("fk_activity_author_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_activity_department_id")),
        sa.ForeignKeyConstraint(["last_editor_id"], ["staff_member.id"], name=op.f("fk_activity_last_editor_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_activity_project_id")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_activity_register_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("slug", name=op.f("uq_activity_slug")),
    )
    op.create_index(op.f("ix_activity_department_id"), "activity", ["department_id"], unique=False)
    op.create_index(op.f("ix_activity_project_id"), "activity", ["project_id"], unique=False)
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("lead", JSON, nullable=False),
        sa.Column("limits", JSON, nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("last_editor_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("embargo_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["staff_member.id"], name=op.f("fk_report_author_id")),
        sa.ForeignKeyConstraint(["last_editor_id"], ["staff_member.id"], name=op.f("fk_report_last_editor_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_report_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("slug", name=op.f("uq_report_slug")),
    )
    op.create_index(op.f("ix_report_project_id"), "report", ["project_id"], unique=False)
    op.create_table(
        "resident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("register_entry_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (password_hash IS NULL)", name=op.f("ck_resident_password_by_mailed_link")
        ),
        sa.ForeignKeyConstraint(
            ["register_entry_id"], ["register_entry.id"], name=op.f("fk_resident_register_entry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident")),
        sa.UniqueConstraint("email_key", name=op.f("uq_resident_email_key")),
        sa.UniqueConstraint("register_entry_id", name=op.f("uq_resident_register_entry_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "analysis_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("parameters", JSON, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "done",
                "failed",
                "cancelled",
                "erased",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("job_id", BIG_KEY, nullable=True),
        sa.Column("input_digest", sa.String(length=64), nullable=True),
        sa.Column("output", sa.LargeBinary(), nullable=True),
        sa.Column("sizes", JSON, nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("requested_by_id", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_analysis_run_activity_id")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_analysis_run_job_id")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["staff_member.id"], name=op.f("fk_analysis_run_requested_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis_run")),
        sa.UniqueConstraint(
            "activity_id", "question", "number", name=op.f("uq_analysis_run_activity_id_question_number")
        ),
    )
    op.create_index(op.f("ix_analysis_run_activity_id"), "analysis_run", ["activity_id"], unique=False)
    op.create_table(
        "mail",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("sealed_to", sa.LargeBinary(), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sending",
                "sent",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.DateTime(timezone=True), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_mail_activity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_key")),
    )
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "enrol", "password", "address", name="purpose", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("new_email", sa.String(length=254), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(staff_id IS NULL) <> (resident_id IS NULL)", name=op.f("ck_one_time_link_one_owner")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_one_time_link_resident_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_one_time_link_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    op.create_table(
        "participation",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "web",
                "kiosk",
                "counter",
                "paper",
                "post",
                "mail",
                "fax",
                "phone",
                "meeting",
                "import",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "counted",
                "superseded",
                "withdrawn",
                "conflict",
                "late",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("submission_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("content_mac", sa.LargeBinary(length=32), nullable=True),
        sa.Column("session_mac", sa.LargeBinary(length=32), nullable=True),
        sa.Column("receipt", sa.String(length=16), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_participation_activity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
        sa.UniqueConstraint("activity_id", "submission_key", name=op.f("uq_participation_activity_id_submission_key")),
        sa.UniqueConstraint("receipt", name=op.f("uq_participation_receipt")),
    )
    op.create_index("ix_participation_activity_state", "participation", ["activity_id", "state"], unique=False)
    op.create_index(
        "uq_participation_once",
        "participation",
        ["activity_id", "person_key"],
        unique=True,
        sqlite_where=sa.text("state = 'counted' AND person_key IS NOT NULL"),
        postgresql_where=sa.text("state = 'counted' AND person_key IS NOT NULL"),
    )
    op.create_table(
        "participation_count",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "web",
                "kiosk",
                "counter",
                "paper",
                "post",
                "mail",
                "fax",
                "phone",
                "meeting",
                "import",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "counted",
                "superseded",
                "withdrawn",
                "conflict",
                "late",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_participation_count_activity_id")),
        sa.PrimaryKeyConstraint("activity_id", "day", "channel", "state", name=op.f("pk_participation_count")),
    )
    op.create_table(
        "period_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=8), nullable=False),
        sa.Column("new_end", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", JSON, nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.CheckConstraint("(act = 'extend') = (new_end IS NOT NULL)", name=op.f("ck_period_change_extension_has_end")),
        sa.CheckConstraint("act IN ('extend', 'stop')", name=op.f("ck_period_change_act")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id",
            name=op.f("ck_period_change_second_person_decides"),
        ),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_period_change_activity_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["staff_member.id"], name=op.f("fk_period_change_decided_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["staff_member.id"], name=op.f("fk_period_change_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_change")),
    )
    op.create_index(op.f("ix_period_change_activity_id"), "period_change", ["activity_id"], unique=False)
    op.create_index(
        "uq_period_change_pending",
        "period_change",
        ["activity_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("participations", sa.Integer(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("tables", JSON, nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_release_activity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("activity_id", "number", name=op.f("uq_release_activity_id_number")),
    )
    op.create_table(
        "report_activity",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_report_activity_activity_id")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_activity_report_id")),
        sa.PrimaryKeyConstraint("report_id", "activity_id", name=op.f("pk_report_activity")),
    )
    op.create_table(
        "report_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("last_editor_id", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "published_by_id <> author_id AND published_by_id <> last_editor_id",
            name=op.f("ck_report_edition_second_person_publishes"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["staff_member.id"], name=op.f("fk_report_edition_author_id")),
        sa.ForeignKeyConstraint(["last_editor_id"], ["staff_member.id"], name=op.f("fk_report_edition_last_editor_id")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["staff_member.id"], name=op.f("fk_report_edition_published_by_id")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_edition_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_edition")),
        sa.UniqueConstraint("report_id", "number", name=op.f("uq_report_edition_report_id_number")),
    )
    op.create_table(
        "survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("current_version", sa.Integer(), nullable=False),
        sa.Column("missing_texts_confirmed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["activity.id"], name=op.f("fk_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
    )
    op.create_table(
        "text_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=120), nullable=False),
        sa.Column("text_digest", sa.String(length=64), nullable=False),
        sa.Column("spans", JSON, nullable=False),
        sa.Column("hidden_reason", sa.Text(), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_text_review_activity_id")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["staff_member.id"], name=op.f("fk_text_review_reviewed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_review")),
        sa.UniqueConstraint("ref", name=op.f("uq_text_review_ref")),
    )
    op.create_index(op.f("ix_text_review_activity_id"), "text_review", ["activity_id"], unique=False)
    op.create_table(
        "conflict_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", BIG_KEY, nullable=False),
        sa.Column("count_new", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id",
            name=op.f("ck_conflict_decision_second_person_decides"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["staff_member.id"], name=op.f("fk_conflict_decision_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk_conflict_decision_participation_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["staff_member.id"], name=op.f("fk_conflict_decision_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_decision")),
        sa.UniqueConstraint("participation_id", name=op.f("uq_conflict_decision_participation_id")),
    )
    op.create_table(
        "contact_address",
        sa.Column("participation_id", BIG_KEY, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("erase_after", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk_contact_address_participation_id")
        ),
        sa.PrimaryKeyConstraint("participation_id", name=op.f("pk_contact_address")),
    )
    op.create_table(
        "draft",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("cookie_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("resume_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("subject_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("trial", sa.Boolean(), nullable=False),
        sa.Column("submission_key", sa.String(length=64), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_draft_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("resume_key", name=op.f("uq_draft_resume_key")),
        sa.UniqueConstraint("survey_id", "cookie_key", name=op.f("uq_draft_survey_id_cookie_key")),
    )
    op.create_index(op.f("ix_draft_expires_at"), "draft", ["expires_at"], unique=False)
    op.create_table(
        "erasure",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("erased_on", sa.Date(), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_erasure_survey_id")),
        sa.PrimaryKeyConstraint("survey_id", name=op.f("pk_erasure")),
    )
    op.create_table(
        "finding",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("topic", sa.String(length=16), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("sentence", JSON, nullable=False),
        sa.Column("query", JSON, nullable=True),
        sa.Column("sources", JSON, nullable=False),
        sa.Column("spans", JSON, nullable=False),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum("machine", "person", name="origin", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.CheckConstraint("kind IN ('quote', 'computed', 'person')", name=op.f("ck_finding_kind")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_finding_report_id")),
        sa.ForeignKeyConstraint(["run_id"], ["analysis_run.id"], name=op.f("fk_finding_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index(op.f("ix_finding_report_id"), "finding", ["report_id"], unique=False)
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "web",
                "kiosk",
                "counter",
                "paper",
                "post",
                "mail",
                "fax",
                "phone",
                "meeting",
                "import",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum("running", "done", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("headers", JSON, nullable=False),
        sa.Column("column_map", JSON, nullable=True),
        sa.Column("key_columns", JSON, nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("job_id", BIG_KEY, nullable=True),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("started_by", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_import_run_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_index(op.f("ix_import_run_survey_id"), "import_run", ["survey_id"], unique=False)
    op.create_table(
        "questionnaire_edit",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("edited_by_id", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["edited_by_id"], ["staff_member.id"], name=op.f("fk_questionnaire_edit_edited_by_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_questionnaire_edit_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_edit")),
    )
    op.create_index(op.f("ix_questionnaire_edit_survey_id"), "questionnaire_edit", ["survey_id"], unique=False)
    op.create_table(
        "questionnaire_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["staff_member.id"], name=op.f("fk_questionnaire_version_created_by_id")
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_questionnaire_version_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_version")),
        sa.UniqueConstraint("survey_id", "number", name=op.f("uq_questionnaire_version_survey_id_number")),
    )
    op.create_table(
        "report_run",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_run_report_id")),
        sa.ForeignKeyConstraint(["run_id"], ["analysis_run.id"], name=op.f("fk_report_run_run_id")),
        sa.PrimaryKeyConstraint("report_id", "run_id", name=op.f("pk_report_run")),
    )
    op.create_table(
        "response",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("participation_id", BIG_KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "web",
                "kiosk",
                "counter",
                "paper",
                "post",
                "mail",
                "fax",
                "phone",
                "meeting",
                "import",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("off_path", JSON, nullable=False),
        sa.Column("attributes", JSON, nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_key", sa.String(length=64), nullable=True),
        sa.Column("key_cells", JSON, nullable=False),
        sa.ForeignKeyConstraint(["participation_id"], ["participation.id"], name=op.f("fk_response_participation_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_response_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("participation_id", name=op.f("uq_response_participation_id")),
        sa.UniqueConstraint("survey_id", "channel", "row_key", name=op.f("uq_response_survey_id_channel_row_key")),
    )
    op.create_table(
        "tally",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=32), nullable=False),
        sa.Column("row", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.Column("off_path", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_tally_survey_id")),
        sa.PrimaryKeyConstraint("survey_id", "question", "row", "value", "off_path", name=op.f("pk_tally")),
    )
    op.create_table(
        "topic_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=16), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("members", JSON, nullable=False),
        sa.Column("carried_from_id", sa.Integer(), nullable=True),
        sa.Column("orphaned", sa.Boolean(), nullable=False),
        sa.Column("edited_by_id", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["carried_from_id"], ["topic_edit.id"], name=op.f("fk_topic_edit_carried_from_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["staff_member.id"], name=op.f("fk_topic_edit_edited_by_id")),
        sa.ForeignKeyConstraint(["run_id"], ["analysis_run.id"], name=op.f("fk_topic_edit_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_edit")),
    )
    op.create_index(op.f("ix_topic_edit_run_id"), "topic_edit", ["run_id"], unique=False)
    op.create_table(
        "free_text",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("response_id", BIG_KEY, nullable=False),
        sa.Column("question", sa.String(length=32), nullable=False),
        sa.Column("option", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("off_path", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_free_text_response_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_free_text_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_free_text")),
        sa.UniqueConstraint("response_id", "question", "option", name=op.f("uq_free_text_response_id_question_option")),
    )
    op.create_index("ix_free_text_question", "free_text", ["survey_id", "question"], unique=False)
    op.create_index(op.f("ix_free_text_response_id"), "free_text", ["response_id"], unique=False)
    op.create_table(
        "review_row",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.String(length=64), nullable=False),
        sa.Column("cells", JSON, nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "settled_by_id IS NULL OR settled_at IS NOT NULL", name=op.f("ck_review_row_settled_is_whole")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_review_row_import_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["staff_member.id"], name=op.f("fk_review_row_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_row")),
        sa.UniqueConstraint("import_id", "row_number", name=op.f("uq_review_row_import_id_row_number")),
    )
    op.create_index(op.f("ix_review_row_import_id"), "review_row", ["import_id"], unique=False)
    op.create_index(op.f("ix_review_row_row_key"), "review_row", ["row_key"], unique=False)


def downgrade() -> None:
    op.drop_table("review_row")
    op.drop_table("free_text")
    op.drop_table("topic_edit")
    op.drop_table("tally")
    op.drop_table("response")
    op.drop_table("report_run")
    op.drop_table("questionnaire_version")
    op.drop_table("questionnaire_edit")
    op.drop_table("import_run")
    op.drop_table("finding")
    op.drop_table("erasure")
    op.drop_table("draft")
    op.drop_table("contact_address")
    op.drop_table("conflict_decision")
    op.drop_table("text_review")
    op.drop_table("survey")
    op.drop_table("report_edition")
    op.drop_table("report_activity")
    op.drop_table("release")
    op.drop_table("period_change")
    op.drop_table("participation_count")
    op.drop_table("participation")
    op.drop_table("one_time_link")
    op.drop_table("mail")
    op.drop_table("analysis_run")
    op.drop_table("resident")
    op.drop_table("report")
    op.drop_table("activity")
    op.drop_table("staff_role")
    op.drop_table("register_entry")
    op.drop_table("recovery_code")
    op.drop_table("project")
    op.drop_table("staff_member")
    op.drop_table("seed_record")
    op.drop_table("register")
    op.drop_table("rate_limit_counter")
    op.drop_table("key_mark")
    op.drop_table("job")
    op.drop_table("department")
    op.drop_table("audit_record")
