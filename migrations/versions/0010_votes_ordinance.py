"""Votes: nationality and exclusions, inspection and corrections of the roll, the ordinance's days, arguments that stand still.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
FILLED = {
    "nationality": (sa.String(16), sa.text("'any'")),
    "resident_years": (sa.Integer(), sa.text("3")),
    "excludes": (sa.Boolean(), sa.false()),
    "roll_checked": (JSON, sa.text("'{}'")),
    "timing_reason": (JSON, sa.text("'{}'")),
}
EMPTY = {
    **dict.fromkeys(("roll_day", "inspection_from", "inspection_until"), sa.Date()),
    **dict.fromkeys(("notice_day", "proclaimed_on", "frozen_from", "frozen_until"), sa.Date()),
    **dict.fromkeys(("least_days", "most_days", "proclaimed_days"), sa.Integer()),
}
CHECKS = {
    "nationality": "nationality IN ('any', 'japanese', 'permanent', 'mid_long')",
    "inspection_is_whole": "(inspection_from IS NULL) = (inspection_until IS NULL)",
    "freeze_is_whole": "(frozen_from IS NULL) = (frozen_until IS NULL)",
}


def upgrade() -> None:
    with op.batch_alter_table("vote") as table:
        for name, (kind, value) in FILLED.items():
            table.add_column(sa.Column(name, kind, nullable=False, server_default=value))
        for name, kind in EMPTY.items():
            table.add_column(sa.Column(name, kind, nullable=True))
    with op.batch_alter_table("vote") as table:
        for name, (kind, _value) in FILLED.items():
            table.alter_column(name, existing_type=kind, server_default=None)
        for name, rule in CHECKS.items():
            table.create_check_constraint(op.f(f"ck_vote_{name}"), rule)
    op.create_table(
        "roll_correction",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("vote_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["vote_id"], ["vote.id"], name=op.f("fk_roll_correction_vote_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["register_entry.id"], name=op.f("fk_roll_correction_entry_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["staff_member.id"], name=op.f("fk_roll_correction_made_by_id")),
        sa.CheckConstraint("kind IN ('add', 'strike')", name=op.f("ck_roll_correction_kind")),
    )
    op.create_index(op.f("ix_roll_correction_vote_id"), "roll_correction", ["vote_id"])


def downgrade() -> None:
    op.drop_table("roll_correction")
    with op.batch_alter_table("vote") as table:
        for name in CHECKS:
            table.drop_constraint(op.f(f"ck_vote_{name}"), type_="check")
    with op.batch_alter_table("vote") as table:
        for name in (*FILLED, *EMPTY):
            table.drop_column(name)
