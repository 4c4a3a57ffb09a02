"""The reason of a withdrawal in three languages (what stands there becomes its Japanese); sessions of register entries.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TO_TEXTS = (
    "UPDATE activity SET withdrawn_reason = json_object('ja', withdrawn_reason) WHERE withdrawn_reason IS NOT NULL"
)
TO_JAPANESE = "UPDATE activity SET withdrawn_reason = json_extract(withdrawn_reason, '$.ja')"


def upgrade() -> None:
    op.add_column("register_entry", sa.Column("session_epoch", sa.Integer(), nullable=False, server_default="1"))
    if op.get_bind().dialect.name == "postgresql":
        in_japanese = "jsonb_build_object('ja', withdrawn_reason)"
        op.alter_column(
            "activity",
            "withdrawn_reason",
            type_=JSON,
            postgresql_using=f"CASE WHEN withdrawn_reason IS NOT NULL THEN {in_japanese} END",
        )
        return
    op.execute(TO_TEXTS)
    with op.batch_alter_table("activity") as table:
        table.alter_column("withdrawn_reason", existing_type=sa.Text(), type_=JSON)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("activity", "withdrawn_reason", type_=sa.Text(), postgresql_using="withdrawn_reason ->> 'ja'")
        op.drop_column("register_entry", "session_epoch")
        return
    with op.batch_alter_table("activity") as table:
        table.alter_column("withdrawn_reason", existing_type=JSON, type_=sa.Text())
    op.execute(TO_JAPANESE)
    op.drop_column("register_entry", "session_epoch")
