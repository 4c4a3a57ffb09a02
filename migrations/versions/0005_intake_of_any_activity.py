"""Imports belong to an activity of any kind: `survey_id` becomes `activity_id`, the same numbers (a survey is an activity).

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    turn("survey_id", "activity_id", "activity")


def downgrade() -> None:
    surveys = sa.select(sa.column("id")).select_from(sa.table("survey"))  # the revision before knows no other kind
    runs = sa.table("import_run", sa.column("id"), sa.column("activity_id"))
    rows = sa.table("review_row", sa.column("import_id"))
    others = runs.c.activity_id.not_in(surveys)
    op.execute(sa.delete(rows).where(rows.c.import_id.in_(sa.select(runs.c.id).where(others))))
    op.execute(sa.delete(runs).where(others))
    turn("activity_id", "survey_id", "survey")


def turn(before: str, after: str, owner: str) -> None:
    """Let imports belong to another table of the same keys."""
    op.drop_index(f"ix_import_run_{before}", table_name="import_run")
    with op.batch_alter_table("import_run") as table:
        table.drop_constraint(f"fk_import_run_{before}", type_="foreignkey")
        table.alter_column(before, new_column_name=after)
    with op.batch_alter_table("import_run") as table:  # a new key of a renamed column needs the table as it is by now
        table.create_foreign_key(f"fk_import_run_{after}", owner, [after], ["id"])
    op.create_index(f"ix_import_run_{after}", "import_run", [after], unique=False)
