"""Votes: who may vote by nationality and exclusion, the ordinance's days, the time in which arguments stand still.

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
    **dict.fromkeys(("notice_day", "proclaimed_on", "frozen_from", "frozen_until"), sa.Date()),
    **dict.fromkeys(("least_days", "most_days", "proclaimed_days"), sa.Integer()),
}
CHECKS = {
    "nationality": "nationality IN ('any', 'japanese', 'permanent', 'mid_long')",
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


def downgrade() -> None:
    with op.batch_alter_table("vote") as table:
        for name in CHECKS:
            table.drop_constraint(op.f(f"ck_vote_{name}"), type_="check")
    with op.batch_alter_table("vote") as table:
        for name in (*FILLED, *EMPTY):
            table.drop_column(name)
