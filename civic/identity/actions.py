"""What people do with their own accounts: sign in and out, enrol by a link, choose passwords, change and delete."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic import clock
from civic.audit import chain
from civic.db import db, refuse, writing
from civic.identity import codes, letters, links, passwords, queries
from civic.identity.accounts import Account
from civic.identity.models import LinkPurpose, OneTimeLink, RecoveryCode, RegisterEntry, Resident, StaffMember
from civic.identity.refusals import (
    AddressTaken,
    EntryLinkedElsewhere,
    LinkOver,
    WrongCode,
    WrongPassword,
    WrongSignIn,
)
from civic.identity.sessions import Entered
from civic.keys import keys

UNCONFIRMED_KEPT = timedelta(days=2)

refuse("uq_resident_email_key", AddressTaken)
refuse("uq_resident_register_entry_id", EntryLinkedElsewhere)


def sign_in(login: str, password: str) -> Account:
    """The account whose password fits; a staff or council member must still give a second factor.

    Raises WrongSignIn, in the same time and words for a wrong password, an unknown login and a suspended account.
    """
    for candidate in queries.sign_in_candidates(login) or [queries.NOBODY]:
        if not passwords.fits(candidate.password_hash, password) or candidate.password_hash is None:
            continue
        account = queries.account(candidate.kind, candidate.id)
        if account is None:
            continue
        if passwords.outdated(candidate.password_hash):
            rehash(account, password)
        return account
    raise WrongSignIn


def rehash(account: Account, password: str) -> None:
    """Store the password's hash with our present costs; no session ends."""
    made = passwords.hashed(password)
    with writing() as session:
        session.execute(sa.update(table(account)).where(table(account).id == account.id).values(password_hash=made))


def second_factor(staff_id: int, typed: str) -> Account:
    """Use up a TOTP or recovery code and return the staff or council member's account; raises WrongCode."""
    with writing() as session:
        used = use_totp(session, staff_id, typed) or use_recovery_code(session, staff_id, typed)
        account = queries.staff_account(staff_id)
        if used is None or account is None:
            raise WrongCode
        chain.record(session, "staff.signed_in", account.actor.label, account.actor.label, second_factor=used)
    return account


def use_totp(session: Session, staff_id: int, typed: str) -> str | None:
    """Returns "totp" when the code fits a step not used before; of two requests with one code, one is right."""
    member = session.get_one(StaffMember, staff_id)
    secret = queries.totp_secret(member)
    step = codes.matching_step(secret, typed, clock.now(), member.totp_last_step) if secret else None
    if step is None:
        return None
    moved = sa.update(StaffMember).where(StaffMember.id == staff_id, StaffMember.totp_last_step < step)
    return "totp" if changed_one(session, moved.values(totp_last_step=step)) else None


def use_recovery_code(session: Session, staff_id: int, typed: str) -> str | None:
    """Returns "recovery_code" when the code is one of the ten and unused."""
    unused = sa.update(RecoveryCode).where(
        RecoveryCode.staff_id == staff_id,
        RecoveryCode.code_hash == recovery_hash(staff_id, typed),
        RecoveryCode.used_at.is_(None),
    )
    return "recovery_code" if changed_one(session, unused.values(used_at=clock.now())) else None


def changed_one(session: Session, statement: sa.Update) -> bool:
    """Whether the statement found its row as it expected it: of two requests at once, one did."""
    return cast(sa.CursorResult[Any], session.execute(statement)).rowcount == 1


def recovery_hash(staff_id: int, typed: str) -> bytes:
    return keys().mac("recovery.1", staff_id, codes.code_from(typed))


def end_sessions(account: Account) -> None:
    """Sign out: every session of the account ends by its next request."""
    with writing() as session:
        session.execute(
            sa.update(table(account))
            .where(table(account).id == account.id)
            .values(session_epoch=table(account).session_epoch + 1)
        )


def end_entry_sessions(entries: Sequence[Entered]) -> None:
    """End what codes opened: every browser in which one of them was entered asks for it again."""
    with writing() as session:
        for entry in entries:
            session.execute(
                sa.update(RegisterEntry)
                .where(RegisterEntry.id == entry.entry_id, RegisterEntry.session_epoch == entry.epoch)
                .values(session_epoch=entry.epoch + 1)
            )


def table(account: Account) -> type[StaffMember] | type[Resident]:
    return StaffMember if account.kind == "staff" else Resident


@dataclass(frozen=True)
class Enrolment:
    """A finished enrolment: whose, and the ten recovery codes, shown once and never again."""

    staff_id: int
    recovery_codes: tuple[str, ...]


def enrol(token: str, password: str, code: str) -> Enrolment:
    """Set password and TOTP by an enrolment link, proved by one code. Raises LinkOver and WrongCode.

    The caller has checked `passwords.problem`. Earlier recovery codes and sessions end.
    """
    secret = queries.secret_of_link(token)
    step = codes.matching_step(secret, code, clock.now(), 0)
    if step is None:
        raise WrongCode
    password_hash = passwords.hashed(password)
    recovery = tuple(codes.new_code() for _ in range(codes.RECOVERY_CODES))
    with writing() as session:
        member = session.get_one(StaffMember, links.use(session, token, LinkPurpose.ENROL).staff_id)
        member.password_hash = password_hash
        member.totp_secret = keys().seal(queries.totp_place(member.id), secret)
        member.totp_last_step = step
        member.session_epoch += 1
        session.execute(sa.delete(RecoveryCode).where(RecoveryCode.staff_id == member.id))
        session.add_all(RecoveryCode(staff_id=member.id, code_hash=recovery_hash(member.id, one)) for one in recovery)
        chain.record(session, "staff.enrolled", f"staff:{member.id}", f"staff:{member.id}")
        return Enrolment(member.id, recovery)


def register_resident(email: str) -> str | None:
    """Start a resident's account: mail a link that confirms the address. Returns its token, None for a known address.

    Who signs up twice gets a new link; who has an account gets a mail saying so. Stale beginnings are deleted.
    """
    token, now = codes.new_token(), clock.now()
    welcome, known = letters.welcome(token), letters.known_already()
    with writing() as session:
        session.execute(
            sa.delete(Resident).where(Resident.confirmed_at.is_(None), Resident.created_at < now - UNCONFIRMED_KEPT)
        )
        resident = session.scalar(sa.select(Resident).where(Resident.email_key == queries.email_key(email)))
        if resident is not None and resident.confirmed_at is not None:
            known.queue(session, f"known:{codes.new_token()}", resident.email)
            return None
        if resident is None:
            resident = Resident(email=email, email_key=queries.email_key(email), created_at=now)
            session.add(resident)
            session.flush()
        link = links.issue(session, token, LinkPurpose.PASSWORD, resident_id=resident.id)
        welcome.queue(session, f"link:{link.id}", resident.email)
    return token


def forgot_password(login: str) -> str | None:
    """Mail a link for a new password to the account `login`; returns its token, None where nobody can be mailed."""
    token = codes.new_token()
    mail = letters.new_password(token)
    found = queries.mailable(login)
    if found is None:
        return None
    with writing() as session:
        staff_id, resident_id = (found.id, None) if found.kind == "staff" else (None, found.id)
        link = links.issue(session, token, LinkPurpose.PASSWORD, staff_id=staff_id, resident_id=resident_id)
        mail.queue(session, f"link:{link.id}", found.email)
    return token


def choose_password(token: str, password: str) -> Account | None:
    """Set the password by a mailed link; it confirms a resident's address. Every session of the account ends.

    Returns the account, None for a staff member who may not sign in now. Raises LinkOver.
    """
    password_hash = passwords.hashed(password)
    with writing() as session:
        link = links.use(session, token, LinkPurpose.PASSWORD)
        if link.staff_id is not None:
            member = session.get_one(StaffMember, link.staff_id)
            member.password_hash, member.session_epoch = password_hash, member.session_epoch + 1
            chain.record(session, "staff.password_changed", f"staff:{member.id}", f"staff:{member.id}")
        else:
            resident = session.get_one(Resident, link.resident_id)
            resident.password_hash, resident.session_epoch = password_hash, resident.session_epoch + 1
            resident.confirmed_at = resident.confirmed_at or clock.now()
        kind, number = ("staff", link.staff_id) if link.staff_id is not None else ("resident", link.resident_id)
        assert number is not None
    return queries.account(kind, number)


def confirm_resident(token: str, password: str) -> Account:
    """Finish a sign-up: the address is confirmed and the password set. Raises LinkOver."""
    account = choose_password(token, password)
    if account is None:
        raise LinkOver
    return account


def change_password(account: Account, present: str, password: str) -> Account:
    """Change one's password; every other session ends. Returns the account with which this one goes on."""
    prove(account, present)
    password_hash = passwords.hashed(password)
    with writing() as session:
        session.execute(
            sa.update(table(account))
            .where(table(account).id == account.id)
            .values(password_hash=password_hash, session_epoch=table(account).session_epoch + 1)
        )
        if account.kind == "staff":
            chain.record(session, "staff.password_changed", account.actor.label, account.actor.label)
    renewed = queries.account(account.kind, account.id)
    if renewed is None:  # suspended in the same moment
        raise WrongSignIn
    return renewed


def prove(account: Account, present: str) -> None:
    """Raise WrongPassword unless `present` is the account's password."""
    stored = db.session.scalar(sa.select(table(account).password_hash).where(table(account).id == account.id))
    if not passwords.fits(stored, present):
        raise WrongPassword


def ask_new_address(account: Account, email: str, present: str) -> str | None:
    """Mail a confirmation to a resident's new address; returns its token, None where another account has it.

    Nobody learns from the answer whether the address is known: its owner is told by mail.
    """
    prove(account, present)
    token = codes.new_token()
    mail, known = letters.new_address(token), letters.known_already()
    taken = queries.resident_by_email(email) is not None
    with writing() as session:
        if taken:
            known.queue(session, f"known:{codes.new_token()}", email)
            return None
        link = links.issue(session, token, LinkPurpose.ADDRESS, resident_id=account.id, new_email=email)
        mail.queue(session, f"link:{link.id}", email)
    return token


def confirm_address(token: str) -> None:
    """Take the new address of a link into use and tell the old one. Raises LinkOver and AddressTaken."""
    told = letters.address_changed()
    with writing() as session:
        link = links.use(session, token, LinkPurpose.ADDRESS)
        resident = session.get_one(Resident, link.resident_id)
        assert link.new_email is not None
        told.queue(session, f"changed:{link.id}", resident.email)
        resident.email, resident.email_key = link.new_email, queries.email_key(link.new_email)
        session.execute(
            sa.update(OneTimeLink)
            .where(OneTimeLink.resident_id == resident.id, OneTimeLink.used_at.is_(None))
            .values(used_at=clock.now())
        )


def delete_account(account: Account, present: str) -> None:
    """Delete a resident's account with its links. What she took part in stays, bound to nobody."""
    prove(account, present)
    with writing() as session:
        session.execute(sa.delete(Resident).where(Resident.id == account.id))


def link_entry(account: Account, entry_id: int) -> None:
    """Let a resident's account count as a register entry from now on. Raises EntryLinkedElsewhere."""
    with writing() as session:
        session.execute(sa.update(Resident).where(Resident.id == account.id).values(register_entry_id=entry_id))
