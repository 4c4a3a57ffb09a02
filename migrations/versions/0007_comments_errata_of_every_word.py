"""An erratum corrects any published word, of an answer or of the result as a whole; titles of groups in three languages.

A change of a period keeps the end it changed: whether the period was announced short stays known.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
OPEN_AND_WHOLE = sa.text("decided_at IS NULL AND group_id IS NULL")
INTO_WORDS = {
    "sqlite": "UPDATE erratum SET words = json_object('answer', json(answer), 'outcome', outcome)",
    "postgresql": "UPDATE erratum SET words = jsonb_build_object('answer', answer, 'outcome', outcome)",
}
OUT_OF_WORDS = {
    "sqlite": (
        "UPDATE erratum SET answer = coalesce(json_extract(words, '$.answer'), of.answer), "
        "outcome = coalesce(json_extract(words, '$.outcome'), of.outcome) FROM opinion_group AS of WHERE of.id = group_id"
    ),
    "postgresql": (
        "UPDATE erratum SET answer = coalesce(words -> 'answer', of.answer), "
        "outcome = coalesce(words ->> 'outcome', of.outcome) FROM opinion_group AS of WHERE of.id = group_id"
    ),
}


def upgrade() -> None:
    with op.batch_alter_table("opinion_group") as table:
        table.add_column(sa.Column("title_language", sa.String(length=8), nullable=False, server_default="ja"))
        table.add_column(sa.Column("titles", JSON, nullable=False, server_default="{}"))
    with op.batch_alter_table("opinion_group") as table:
        table.alter_column("title_language", existing_type=sa.String(length=8), server_default=None)
        table.alter_column("titles", existing_type=JSON, server_default=None)
    op.add_column("period_change", sa.Column("old_end", sa.DateTime(timezone=True), nullable=True))
    op.add_column("erratum", sa.Column("words", JSON, nullable=True))
    op.execute(INTO_WORDS[op.get_bind().dialect.name])
    with op.batch_alter_table("erratum") as table:
        table.alter_column("words", existing_type=JSON, nullable=False)
        table.alter_column("group_id", existing_type=sa.Integer(), nullable=True)
        table.drop_column("answer")
        table.drop_column("outcome")
    op.create_index(
        "uq_erratum_pending_whole",
        "erratum",
        ["consultation_id"],
        unique=True,
        sqlite_where=OPEN_AND_WHOLE,
        postgresql_where=OPEN_AND_WHOLE,
    )


def downgrade() -> None:
    """The revision before knows errata of an answer alone: those of the result as a whole go, their editions stay."""
    op.drop_index("uq_erratum_pending_whole", table_name="erratum")
    errata = sa.table("erratum", sa.column("group_id"))
    op.execute(sa.delete(errata).where(errata.c.group_id.is_(None)))
    op.add_column("erratum", sa.Column("answer", JSON, nullable=True))
    op.add_column("erratum", sa.Column("outcome", sa.String(length=32), nullable=True))
    op.execute(OUT_OF_WORDS[op.get_bind().dialect.name])
    with op.batch_alter_table("erratum") as table:
        table.alter_column("answer", existing_type=JSON, nullable=False)
        table.alter_column("outcome", existing_type=sa.String(length=32), nullable=False)
        table.alter_column("group_id", existing_type=sa.Integer(), nullable=False)
        table.drop_column("words")
    with op.batch_alter_table("period_change") as table:
        table.drop_column("old_end")
    with op.batch_alter_table("opinion_group") as table:
        table.drop_column("titles")
        table.drop_column("title_language")
