"""A plan as decided keeps what changed in it, so that publishing it compares nothing any more.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("draft_version", sa.Column("changes", JSON, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("draft_version") as table:
        table.drop_column("changes")
