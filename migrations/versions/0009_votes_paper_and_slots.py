"""Votes: the paper ballots' count with its second person, texts confirmed to stay in Japanese, the end of the slots' map.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
PEOPLE = ("paper_counted_by_id", "paper_released_by_id", "map_named_by_id", "map_destroyed_by_id")
CHECKS = {
    "second_person_releases": "paper_released_by_id IS NULL OR paper_released_by_id <> paper_counted_by_id",
    "paper_count_has_person": "(paper_count IS NULL) = (paper_counted_by_id IS NULL)",
    "paper_release_is_whole": (
        "(paper_released_at IS NULL) = (paper_released_by_id IS NULL)"
        " AND (paper_released_at IS NULL OR paper_count IS NOT NULL)"
    ),
    "second_person_destroys": "map_destroyed_by_id IS NULL OR map_destroyed_by_id <> map_named_by_id",
    "objections_have_person": "(objections_until IS NULL) = (map_named_by_id IS NULL)",
    "destruction_is_whole": (
        "(map_destroyed_at IS NULL) = (map_destroyed_by_id IS NULL)"
        " AND (map_destroyed_at IS NULL OR objections_until IS NOT NULL)"
    ),
}


def upgrade() -> None:
    with op.batch_alter_table("vote") as table:
        table.add_column(sa.Column("missing_texts_confirmed", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("paper_count", JSON, nullable=True))
        table.add_column(sa.Column("paper_released_at", MOMENT, nullable=True))
        table.add_column(sa.Column("objections_until", sa.Date(), nullable=True))
        table.add_column(sa.Column("map_destroyed_at", MOMENT, nullable=True))
        for name in PEOPLE:
            table.add_column(sa.Column(name, sa.Integer(), nullable=True))
            table.create_foreign_key(op.f(f"fk_vote_{name}"), "staff_member", [name], ["id"])
    with op.batch_alter_table("vote") as table:
        table.alter_column("missing_texts_confirmed", existing_type=sa.Boolean(), server_default=None)
        for name, rule in CHECKS.items():
            table.create_check_constraint(op.f(f"ck_vote_{name}"), rule)


def downgrade() -> None:
    with op.batch_alter_table("vote") as table:
        for name in CHECKS:
            table.drop_constraint(op.f(f"ck_vote_{name}"), type_="check")
        for name in PEOPLE:
            table.drop_constraint(op.f(f"fk_vote_{name}"), type_="foreignkey")
    with op.batch_alter_table("vote") as table:
        for name in (
            "missing_texts_confirmed",
            "paper_count",
            "paper_released_at",
            "objections_until",
            "map_destroyed_at",
        ):
            table.drop_column(name)
        for name in PEOPLE:
            table.drop_column(name)
