"""Tables of votes: what is asked, the board with its entries and checkpoints, and the restricted map of slots.

A ballot's entry names a slot, a slot one entry of the register: whoever holds these tables learns who took part and
in which entry, never what anyone chose. That is the encryption's doing (protocol/SPEC.md), not that of unlinked rows.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.activities.models import Activity, Texts
from civic.clock import day_in_japan
from civic.db import Base, BigKey, Json, UTCDateTime
from civic.messages import Message
from consultations.votes.entitlement import Entitlement
from consultations.votes.timing import Freeze, Timing


class Vote(Activity):
    """住民投票: everybody on the roll may vote once, in secret; anybody can recount."""

    __tablename__ = "vote"

    id: Mapped[int] = mapped_column(ForeignKey("activity.id"), primary_key=True)
    ordinance: Mapped[Texts] = mapped_column(Json, default=dict)  # 条例: what the vote rests on and what it binds to
    online_clause: Mapped[str] = mapped_column(String(200), default="")  # the clause that allows voting online
    arguments_for: Mapped[Texts] = mapped_column(Json, default=dict)
    arguments_against: Mapped[Texts] = mapped_column(Json, default=dict)
    questions: Mapped[list[Any]] = mapped_column(Json, default=list)  # as the manifest will hold them
    quorum: Mapped[dict[str, int] | None] = mapped_column(Json)  # {"numerator", "denominator"}; null for none
    least_age: Mapped[int] = mapped_column(default=18)
    least_months: Mapped[int] = mapped_column(default=3)  # of residence
    reference_day: Mapped[date | None]  # 基準日 of age and residence; null until set
    nationality: Mapped[str] = mapped_column(String(16), default="any")  # entitlement.py
    resident_years: Mapped[int] = mapped_column(default=3)  # of a mid- to long-term status, more than
    excludes: Mapped[bool] = mapped_column(default=False)  # those of 公職選挙法11条
    roll_checked: Mapped[dict[str, str]] = mapped_column(
        Json, default=dict
    )  # rule → what the register was held against
    roll_day: Mapped[date | None]  # on which the roll was made; null until set
    inspection_from: Mapped[date | None]  # 縦覧; null for none
    inspection_until: Mapped[date | None]  # the same
    notice_day: Mapped[date | None]  # null until set
    least_days: Mapped[int | None]  # from the notice to the last day; null where the ordinance has no such rule
    most_days: Mapped[int | None]  # the same
    proclaimed_on: Mapped[date | None]  # 告示; null until set
    proclaimed_days: Mapped[int | None]  # from it to the opening; null where the ordinance has no such rule
    timing_reason: Mapped[Texts] = mapped_column(Json, default=dict)  # why the days differ from the rule
    frozen_from: Mapped[date | None]  # the arguments stand still; null for no such time
    frozen_until: Mapped[date | None]  # the same
    clauses: Mapped[dict[str, str]] = mapped_column(Json, default=dict)  # rule → the clause it comes from
    ceremony: Mapped[dict[str, Any] | None] = mapped_column(Json)  # the trustees' public keys; null until handed in
    witnesses: Mapped[list[Any]] = mapped_column(Json, default=list)  # {"name", "key"}

    missing_texts_confirmed: Mapped[bool] = mapped_column(default=False)
    paper_count: Mapped[dict[str, Any] | None] = mapped_column(Json)  # paper/tallies.py; null until counted by hand
    paper_counted_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))  # null until counted
    paper_released_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null until a second person released it
    paper_released_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))  # null until released
    objections_until: Mapped[date | None]  # the last day of objections; null until named
    map_named_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))  # null until it is named
    map_destroyed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null while slots are people's
    map_destroyed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))  # null while it is there

    boards: Mapped[list["VoteBoard"]] = relationship(back_populates="vote", order_by="VoteBoard.id")

    __mapper_args__ = {"polymorphic_identity": "vote"}
    __table_args__ = (
        CheckConstraint(
            "paper_released_by_id IS NULL OR paper_released_by_id <> paper_counted_by_id", name="second_person_releases"
        ),
        CheckConstraint("(paper_count IS NULL) = (paper_counted_by_id IS NULL)", name="paper_count_has_person"),
        CheckConstraint(
            "(paper_released_at IS NULL) = (paper_released_by_id IS NULL)"
            " AND (paper_released_at IS NULL OR paper_count IS NOT NULL)",
            name="paper_release_is_whole",
        ),
        CheckConstraint(
            "map_destroyed_by_id IS NULL OR map_destroyed_by_id <> map_named_by_id", name="second_person_destroys"
        ),
        CheckConstraint("(objections_until IS NULL) = (map_named_by_id IS NULL)", name="objections_have_person"),
        CheckConstraint(
            "(map_destroyed_at IS NULL) = (map_destroyed_by_id IS NULL)"
            " AND (map_destroyed_at IS NULL OR objections_until IS NOT NULL)",
            name="destruction_is_whole",
        ),
        CheckConstraint("nationality IN ('any', 'japanese', 'permanent', 'mid_long')", name="nationality"),
        CheckConstraint("(inspection_from IS NULL) = (inspection_until IS NULL)", name="inspection_is_whole"),
        CheckConstraint("(frozen_from IS NULL) = (frozen_until IS NULL)", name="freeze_is_whole"),
    )

    @property
    def entitlement(self) -> Entitlement:
        return Entitlement(self.nationality, self.resident_years, self.excludes, self.reference_day, self.clauses)

    @property
    def timing(self) -> Timing:
        return Timing(self.notice_day, self.least_days, self.most_days, self.proclaimed_on, self.proclaimed_days)

    @property
    def broken_days(self) -> list[Message]:
        """The ordinance's rules of days that the period breaks."""
        opens, last = (moment and day_in_japan(moment) for moment in (self.starts_at, self.ends_at))
        return self.timing.broken(opens, last)

    @property
    def freeze_of_arguments(self) -> Freeze:
        return Freeze(self.frozen_from, self.frozen_until)

    def is_checked(self, rule: str) -> bool:
        """Whether everybody on the register was held against this rule as it is now."""
        return rule in self.roll_checked and self.roll_checked[rule] == self.entitlement.bases.get(rule)


class RollCorrection(Base):
    """Somebody added to the roll of a vote or struck off it before the freeze, after an objection. The last one holds."""

    __tablename__ = "roll_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    vote_id: Mapped[int] = mapped_column(ForeignKey("vote.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"))
    kind: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(16))  # a word of a list: nobody's name gets here
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))

    __table_args__ = (CheckConstraint("kind IN ('add', 'strike')", name="kind"),)


class VoteBoard(Base):
    """掲示板: one frozen manifest and the head of what was posted under it. A vote frozen anew gets another board."""

    __tablename__ = "vote_board"

    id: Mapped[int] = mapped_column(primary_key=True)
    vote_id: Mapped[int] = mapped_column(ForeignKey("vote.id"), index=True)
    manifest: Mapped[str] = mapped_column(sa.Text)  # canonical JSON
    digest: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256 of it: the vote's id in the protocol
    frozen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    rehearsal: Mapped[list[Any] | None] = mapped_column(Json)  # the trustees' shares of it; null until it succeeded
    length: Mapped[int] = mapped_column(BigKey, default=0)
    head: Mapped[bytes] = mapped_column(LargeBinary(32))
    ballots: Mapped[int] = mapped_column(default=0)  # slots whose last entry is a ballot
    paper: Mapped[int] = mapped_column(default=0)  # slots that voted on paper

    vote: Mapped[Vote] = relationship(back_populates="boards")

    __table_args__ = (CheckConstraint("ballots >= 0 AND paper >= 0 AND length >= 0", name="counts"),)


class VoteSlot(Base):
    """One place on the roll, and where its chain of ballots has come to. `entry_id` is erased after the objections."""

    __tablename__ = "vote_slot"

    board_id: Mapped[int] = mapped_column(ForeignKey("vote_board.id", ondelete="CASCADE"), primary_key=True)
    slot: Mapped[str] = mapped_column(String(32), primary_key=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("register_entry.id"))  # null once the map is destroyed
    seq: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64), default="")  # of its last ballot; empty before the first
    void: Mapped[str | None] = mapped_column(String(8))  # why it counts no more; null while it does

    __table_args__ = (
        UniqueConstraint("board_id", "entry_id"),
        CheckConstraint("void IS NULL OR void IN ('paper', 'roll')", name="void"),
        CheckConstraint("(seq = 0) = (hash = '')", name="chain_is_whole"),
    )


class BoardEntry(Base):
    """One entry of a board: never changed, never deleted (a trigger on both engines)."""

    __tablename__ = "board_entry"

    board_id: Mapped[int] = mapped_column(ForeignKey("vote_board.id"), primary_key=True)
    n: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    slot: Mapped[str | None] = mapped_column(String(32))  # null unless a ballot or a void
    seq: Mapped[int | None]  # null unless a ballot or a void
    confirmation: Mapped[str | None] = mapped_column(String(24))  # null unless a ballot or an audit
    body: Mapped[str] = mapped_column(sa.Text)  # canonical JSON, with the board's signature
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (
        UniqueConstraint("board_id", "confirmation"),
        UniqueConstraint("board_id", "slot", "seq"),
    )


class BoardCheckpoint(Base):
    """A head of the board as it was signed."""

    __tablename__ = "board_checkpoint"

    board_id: Mapped[int] = mapped_column(ForeignKey("vote_board.id"), primary_key=True)
    n: Mapped[int] = mapped_column(BigKey, primary_key=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    time: Mapped[str] = mapped_column(String(17))
    signature: Mapped[str] = mapped_column(String(128))

    cosignatures: Mapped[list["BoardCosignature"]] = relationship(order_by="BoardCosignature.witness")


class BoardCosignature(Base):
    """A witness saw this head and nothing that contradicts it."""

    __tablename__ = "board_cosignature"

    board_id: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(BigKey, primary_key=True)
    witness: Mapped[str] = mapped_column(String(200), primary_key=True)
    signature: Mapped[str] = mapped_column(String(128))

    __table_args__ = (sa.ForeignKeyConstraint(["board_id", "n"], ["board_checkpoint.board_id", "board_checkpoint.n"]),)
