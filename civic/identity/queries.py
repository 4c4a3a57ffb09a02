"""Reads about people and accounts."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from flask_login import current_user
from sqlalchemy.orm import selectinload

from civic import clock
from civic.activities.states import Subject
from civic.db import db
from civic.identity import codes, links, sessions
from civic.identity.accounts import Account
from civic.identity.models import LinkPurpose, RegisterEntry, Resident, StaffMember
from civic.identity.refusals import LinkOver
from civic.identity.roles import Role
from civic.keys import keys

if TYPE_CHECKING:
    from civic.activities.models import Activity

LEVEL_OF_ACCOUNT: Final = 1
LEVEL_OF_ENTRY: Final = 2


def account_of_session(session_id: str) -> Account | None:
    """The account a session cookie names, or None when it ended: signed out, changed, suspended, expired, deleted."""
    kind, _, rest = session_id.partition(":")
    number, _, epoch = rest.partition(":")
    if not (number.isdigit() and epoch.isdigit()):
        return None
    found = account(kind, int(number))
    return found if found is not None and found.epoch == int(epoch) else None


def account_waiting_for_code() -> Account | None:
    """The staff or council member whose password was right in this browser a moment ago, or None."""
    waiting = sessions.waiting_for_code()
    found = staff_account(waiting[0]) if waiting else None
    return found if waiting and found is not None and found.epoch == waiting[1] else None


def account(kind: str, number: int) -> Account | None:
    """The account of a staff member or resident, or None when it may not be used now."""
    return staff_account(number) if kind == "staff" else resident_account(number)


def staff_account(staff_id: int) -> Account | None:
    """A staff or council member's account, or None when suspended, past the last day, not enrolled or unknown."""
    member = db.session.scalar(
        sa.select(StaffMember).options(selectinload(StaffMember.roles)).where(StaffMember.id == staff_id)
    )
    if member is None or member.suspended_at is not None or (member.ends_on and member.ends_on < clock.today()):
        return None
    if member.password_hash is None or member.totp_secret is None:
        return None
    roles: dict[Role, set[int]] = {}
    for held in member.roles:
        roles.setdefault(held.role, set()).update({held.department_id} if held.department_id else set())
    frozen = {role: frozenset(departments) for role, departments in roles.items()}
    return Account("staff", member.id, member.name, member.session_epoch, frozen)


def resident_account(resident_id: int) -> Account | None:
    """A resident's account, or None when deleted or not yet confirmed."""
    resident = db.session.get(Resident, resident_id)
    if resident is None or resident.confirmed_at is None:
        return None
    return Account("resident", resident.id, resident.email, resident.session_epoch, {Role.RESIDENT: frozenset()})


@dataclass(frozen=True)
class Candidate:
    """An account that a typed login may mean."""

    kind: str
    id: int
    password_hash: str | None


NOBODY = Candidate("nobody", 0, None)


def sign_in_candidates(login: str) -> list[Candidate]:
    """The accounts `login` may mean: a staff member by login, a resident by mail address."""
    staff = sa.select(StaffMember.id, StaffMember.password_hash).where(StaffMember.login == login_key(login))
    resident = sa.select(Resident.id, Resident.password_hash).where(Resident.email_key == email_key(login))
    return [
        *(Candidate("staff", number, stored) for number, stored in db.session.execute(staff)),
        *(Candidate("resident", number, stored) for number, stored in db.session.execute(resident)),
    ]


def login_key(login: str) -> str:
    return login.strip().casefold()


def email_key(email: str) -> str:
    """The address as it is looked up: without spaces around it, in lower case."""
    return email.strip().lower()


def resident_by_email(email: str) -> Resident | None:
    return db.session.scalar(sa.select(Resident).where(Resident.email_key == email_key(email)))


def staff_by_login(login: str) -> StaffMember | None:
    return db.session.scalar(sa.select(StaffMember).where(StaffMember.login == login_key(login)))


@dataclass(frozen=True)
class Mailable:
    """An account and the address it can be mailed at."""

    kind: str
    id: int
    email: str


def mailable(login: str) -> Mailable | None:
    """The account whose owner may be mailed a link for a new password: enrolled staff with an address, or a resident."""
    member = staff_by_login(login)
    if member is not None and member.email and staff_account(member.id):
        return Mailable("staff", member.id, member.email)
    resident = resident_by_email(login)
    return Mailable("resident", resident.id, resident.email) if resident else None


def totp_place(staff_id: int) -> str:
    """Where a sealed TOTP secret belongs."""
    return f"staff_member.totp_secret|{staff_id}"


def totp_secret(member: StaffMember) -> str | None:
    """The member's TOTP secret; None before enrolment."""
    return keys().unseal(totp_place(member.id), member.totp_secret) if member.totp_secret else None


def secret_of_link(token: str) -> str:
    """The TOTP secret an enrolment link offers: the same at every look, another for every link."""
    return codes.totp_secret(keys().mac("enrol.1", token))


@dataclass(frozen=True)
class LinkPage:
    """What the page of a one-time link shows. `login` names the account."""

    purpose: LinkPurpose
    login: str
    new_email: str | None


def link_page(token: str) -> LinkPage:
    """The page of a link that still works; raises LinkOver."""
    link = links.live(db.session, token)
    if link.staff_id is not None:
        return LinkPage(link.purpose, db.session.get_one(StaffMember, link.staff_id).login, link.new_email)
    resident = db.session.get(Resident, link.resident_id)
    if resident is None:
        raise LinkOver
    return LinkPage(link.purpose, resident.email, link.new_email)


def subjects(account: Account) -> tuple[str, ...]:
    """All names under which the account takes part: "resident:<id>", and "entry:<id>" where it is linked to an entry."""
    if account.kind != "resident":
        return ()
    entry_id = db.session.scalar(sa.select(Resident.register_entry_id).where(Resident.id == account.id))
    return (f"resident:{account.id}", *([f"entry:{entry_id}"] if entry_id else []))


def present_subject(activity: "Activity") -> str | None:
    """Under which name this browser may take part in `activity`: "resident:<id>", "entry:<id>", or None for nobody.

    None where the activity asks for no identity, and where it asks for one that is not shown here (glossary: 本人確認
    レベル; a confirmed account is level 1, a register entry level 2). An account linked to an entry counts as the entry.
    """
    if activity.subject is Subject.RESIDENT and activity.identity_level <= LEVEL_OF_ACCOUNT:
        return f"resident:{current_user.id}" if is_resident() else None
    if activity.subject is Subject.REGISTER and activity.identity_level <= LEVEL_OF_ENTRY:
        entry_id = present_entry(activity.register_id or 0)
        return f"entry:{entry_id}" if entry_id else None
    return None


def is_resident() -> bool:
    return bool(current_user.kind == "resident")


def present_entry(register_id: int) -> int | None:
    """The entry of this register that is present: by the account linked to it, or by a code entered here."""
    known: int | None = None
    if is_resident():
        linked = sa.select(RegisterEntry.id).join(Resident, Resident.register_entry_id == RegisterEntry.id)
        known = db.session.scalar(
            linked.where(Resident.id == current_user.id, RegisterEntry.register_id == register_id)
        )
    return known or entry_of_session(register_id)


def entry_of_session(register_id: int) -> int | None:
    """The entry whose code was entered in this browser, unless somebody has ended its sessions since."""
    entered = sessions.register_entry(register_id)
    if entered is None:
        return None
    alive = (RegisterEntry.id == entered.entry_id, RegisterEntry.session_epoch == entered.epoch)
    return db.session.scalar(sa.select(RegisterEntry.id).where(*alive))
