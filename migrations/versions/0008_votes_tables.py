"""Votes: what is asked, boards with entries and checkpoints that are only ever added to, the roll's slots.

Revision ID: 0008
Revises: 0007
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
ONLY_ADDED = {
    "board_entry": "SELECT 1 FROM board_entry WHERE board_id = NEW.board_id AND n = NEW.n",
    "board_checkpoint": "SELECT 1 FROM board_checkpoint WHERE board_id = NEW.board_id AND n = NEW.n",
    "board_cosignature": (
        "SELECT 1 FROM board_cosignature WHERE board_id = NEW.board_id AND n = NEW.n AND witness = NEW.witness"
    ),
}  # and what an insert over a present row would find
REFUSED = "what stands on a board is never changed"


def upgrade() -> None:
    op.create_table(
        "vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ordinance", JSON, nullable=False),
        sa.Column("online_clause", sa.String(200), nullable=False),
        sa.Column("arguments_for", JSON, nullable=False),
        sa.Column("arguments_against", JSON, nullable=False),
        sa.Column("questions", JSON, nullable=False),
        sa.Column("quorum", JSON, nullable=True),
        sa.Column("least_age", sa.Integer(), nullable=False),
        sa.Column("least_months", sa.Integer(), nullable=False),
        sa.Column("reference_day", sa.Date(), nullable=True),
        sa.Column("clauses", JSON, nullable=False),
        sa.Column("ceremony", JSON, nullable=True),
        sa.Column("witnesses", JSON, nullable=False),
        sa.ForeignKeyConstraint(["id"], ["activity.id"], name=op.f("fk_vote_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
    )
    op.create_table(
        "vote_board",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vote_id", sa.Integer(), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("frozen_at", MOMENT, nullable=False),
        sa.Column("rehearsal", JSON, nullable=True),
        sa.Column("length", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("head", sa.LargeBinary(32), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("paper", sa.Integer(), nullable=False),
        sa.CheckConstraint("ballots >= 0 AND paper >= 0 AND length >= 0", name=op.f("ck_vote_board_counts")),
        sa.ForeignKeyConstraint(["vote_id"], ["vote.id"], name=op.f("fk_vote_board_vote_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_board")),
        sa.UniqueConstraint("digest", name=op.f("uq_vote_board_digest")),
    )
    op.create_index(op.f("ix_vote_board_vote_id"), "vote_board", ["vote_id"])
    op.create_table(
        "vote_slot",
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(32), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("void", sa.String(8), nullable=True),
        sa.CheckConstraint("void IS NULL OR void IN ('paper', 'roll')", name=op.f("ck_vote_slot_void")),
        sa.CheckConstraint("(seq = 0) = (hash = '')", name=op.f("ck_vote_slot_chain_is_whole")),
        sa.ForeignKeyConstraint(
            ["board_id"], ["vote_board.id"], name=op.f("fk_vote_slot_board_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["register_entry.id"], name=op.f("fk_vote_slot_entry_id")),
        sa.PrimaryKeyConstraint("board_id", "slot", name=op.f("pk_vote_slot")),
        sa.UniqueConstraint("board_id", "entry_id", name=op.f("uq_vote_slot_board_id_entry_id")),
    )
    op.create_table(
        "board_entry",
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("slot", sa.String(32), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("confirmation", sa.String(24), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["vote_board.id"], name=op.f("fk_board_entry_board_id")),
        sa.PrimaryKeyConstraint("board_id", "n", name=op.f("pk_board_entry")),
        sa.UniqueConstraint("board_id", "confirmation", name=op.f("uq_board_entry_board_id_confirmation")),
        sa.UniqueConstraint("board_id", "slot", "seq", name=op.f("uq_board_entry_board_id_slot_seq")),
    )
    op.create_table(
        "board_checkpoint",
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("time", sa.String(17), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["vote_board.id"], name=op.f("fk_board_checkpoint_board_id")),
        sa.PrimaryKeyConstraint("board_id", "n", name=op.f("pk_board_checkpoint")),
    )
    op.create_table(
        "board_cosignature",
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("witness", sa.String(200), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.ForeignKeyConstraint(
            ["board_id", "n"],
            ["board_checkpoint.board_id", "board_checkpoint.n"],
            name=op.f("fk_board_cosignature_board_id_n"),
        ),
        sa.PrimaryKeyConstraint("board_id", "n", "witness", name=op.f("pk_board_cosignature")),
    )
    only_added()


def only_added() -> None:
    """No entry, head or cosignature is ever changed or taken away."""
    if op.get_bind().dialect.name == "sqlite":
        for name, event in on_sqlite():
            op.execute(f"CREATE TRIGGER {name} {event} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END")
        return
    op.execute(
        "CREATE FUNCTION refuse_board_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"
    )
    for name, event in on_postgresql():
        op.execute(f"CREATE TRIGGER {name} {event} EXECUTE FUNCTION refuse_board_change()")


def on_sqlite() -> Iterator[tuple[str, str]]:
    """REPLACE deletes without asking a delete trigger, so an insert over a present key is refused too."""
    for table, same in ONLY_ADDED.items():
        yield f"{table}_no_update", f"BEFORE UPDATE ON {table}"
        yield f"{table}_no_delete", f"BEFORE DELETE ON {table}"
        yield f"{table}_no_replace", f"BEFORE INSERT ON {table} WHEN EXISTS ({same})"


def on_postgresql() -> Iterator[tuple[str, str]]:
    for table in ONLY_ADDED:
        yield f"{table}_no_update", f"BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"
        yield f"{table}_no_truncate", f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, _ in on_sqlite():
            op.execute(f"DROP TRIGGER {name}")
    else:
        for name, event in on_postgresql():
            op.execute(f"DROP TRIGGER {name} ON {event.split(' ON ')[1].split()[0]}")
        op.execute("DROP FUNCTION refuse_board_change()")
    op.drop_table("board_cosignature")
    op.drop_table("board_checkpoint")
    op.drop_table("board_entry")
    op.drop_table("vote_slot")
    op.drop_index(op.f("ix_vote_board_vote_id"), table_name="vote_board")
    op.drop_table("vote_board")
    op.drop_table("vote")
