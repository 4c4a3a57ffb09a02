"""Who: departments, staff, residents, registers, and the addresses people left for an answer."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.db import Base, BigKey, Json, UTCDateTime, choice
from civic.identity.roles import CITYWIDE, Role


class Department(Base):
    """所管課: owns activities and answers inquiries."""

    __tablename__ = "department"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[dict[str, str]] = mapped_column(Json)


class StaffMember(Base):
    """職員 and council members: sign in with password and TOTP. Invited, never signed up."""

    __tablename__ = "staff_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))  # null where links are handed over by a person
    password_hash: Mapped[str | None] = mapped_column(String(200))  # null until first enrolment
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed; null until first enrolment
    totp_last_step: Mapped[int] = mapped_column(default=0)  # a code is good once
    session_epoch: Mapped[int] = mapped_column(default=1)  # counts up to end every session
    suspended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null unless suspended
    ends_on: Mapped[date | None]  # contractor's last day; null for employees

    roles: Mapped[list["StaffRole"]] = relationship(back_populates="staff", cascade="all, delete-orphan")


class StaffRole(Base):
    """One role of one staff member in one department (admin and council: for the whole city)."""

    __tablename__ = "staff_role"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))  # null exactly for city-wide roles

    staff: Mapped[StaffMember] = relationship(back_populates="roles")
    department: Mapped[Department | None] = relationship()

    __table_args__ = (
        CheckConstraint("role <> 'resident'", name="staff_role_only"),
        CheckConstraint(
            f"(role IN ({', '.join(repr(str(role)) for role in sorted(CITYWIDE))})) = (department_id IS NULL)",
            name="department_fits_role",
        ),
        UniqueConstraint("staff_id", "role", "department_id"),
        Index(
            "uq_staff_role_citywide",
            "staff_id",
            "role",
            unique=True,
            sqlite_where=sa.text("department_id IS NULL"),
            postgresql_where=sa.text("department_id IS NULL"),
        ),
    )


class RecoveryCode(Base):
    """One of ten codes that replace a TOTP code once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null until used


class Resident(Base):
    """住民 with an account: an e-mail address and a password."""

    __tablename__ = "resident"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))  # as typed
    email_key: Mapped[str] = mapped_column(String(254), unique=True)  # lower-cased, for look-up
    password_hash: Mapped[str | None] = mapped_column(String(200))  # null until the mailed link was used
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null until the mailed link was used
    session_epoch: Mapped[int] = mapped_column(default=1)
    register_entry_id: Mapped[int | None] = mapped_column(
        ForeignKey("register_entry.id"), unique=True
    )  # null unless linked
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (
        CheckConstraint("(confirmed_at IS NULL) = (password_hash IS NULL)", name="password_by_mailed_link"),
        # a deleted account's number must never come back: old cookies and person keys name it
        {"sqlite_autoincrement": True},
    )


class LinkPurpose(StrEnum):
    """What a one-time link lets its holder do."""

    ENROL = "enrol"  # staff: password, TOTP and recovery codes
    PASSWORD = "password"  # choose a password: it also confirms a resident's address
    ADDRESS = "address"  # confirm a resident's new address


class OneTimeLink(Base):
    """A link good once: invitation, password reset, confirmation of an address. Only its keyed hash is stored."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    purpose: Mapped[LinkPurpose] = mapped_column(choice(LinkPurpose, "purpose"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))  # null for a resident's link
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id", ondelete="CASCADE"))  # null for staff
    new_email: Mapped[str | None] = mapped_column(String(254))  # null unless it confirms a changed address
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # null until used

    __table_args__ = (CheckConstraint("(staff_id IS NULL) <> (resident_id IS NULL)", name="one_owner"),)


class Register(Base):
    """名簿: the list of those eligible, imported from CSV."""

    __tablename__ = "register"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class RegisterEntry(Base):
    """One person of a register: keyed hashes and what eligibility needs, no name and no address."""

    __tablename__ = "register_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id"))
    entry_key: Mapped[bytes] = mapped_column(LargeBinary(32))  # HMAC of the city's entry id
    code_key: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)  # HMAC of the posted 12-character code
    birth_date: Mapped[date | None]  # null where the file has none
    district: Mapped[str | None] = mapped_column(String(120))  # null where the file has none
    resident_since: Mapped[date | None]  # null where the file has none
    session_epoch: Mapped[int] = mapped_column(default=1, server_default="1")  # a higher one ends its sessions

    register: Mapped[Register] = relationship()

    __table_args__ = (UniqueConstraint("register_id", "entry_key"),)


class ContactAddress(Base):
    """An address left for the answer to one participation; sealed, mailed once, then erased."""

    __tablename__ = "contact_address"

    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    language: Mapped[str] = mapped_column(String(8))
    erase_after: Mapped[date]


class RateLimitCounter(Base):
    """Fixed-window counters shared by all workers and kept over restarts; keys are HMACs of addresses and logins."""

    __tablename__ = "rate_limit_counter"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[int] = mapped_column(BigKey, index=True)  # Unix seconds
