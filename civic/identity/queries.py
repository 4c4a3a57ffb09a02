"""Reads about people and accounts."""

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from civic import clock
from civic.db import db
from civic.identity.accounts import Account
from civic.identity.models import Resident, StaffMember
from civic.identity.roles import Role


def account_of_session(session_id: str) -> Account | None:
    """The account a session cookie names, or None when it ended: signed out, changed, suspended, expired, deleted."""
    kind, _, rest = session_id.partition(":")
    number, _, epoch = rest.partition(":")
    if not (number.isdigit() and epoch.isdigit()):
        return None
    found = staff_account(int(number)) if kind == "staff" else resident_account(int(number))
    return found if found is not None and found.epoch == int(epoch) else None


def staff_account(staff_id: int) -> Account | None:
    """A staff or council member's account, or None when suspended, past the last day or unknown."""
    member = db.session.scalar(
        sa.select(StaffMember).options(selectinload(StaffMember.roles)).where(StaffMember.id == staff_id)
    )
    if member is None or member.suspended_at is not None or (member.ends_on and member.ends_on < clock.today()):
        return None
    roles: dict[Role, set[int]] = {}
    for held in member.roles:
        roles.setdefault(held.role, set()).update({held.department_id} if held.department_id else set())
    frozen = {role: frozenset(departments) for role, departments in roles.items()}
    return Account("staff", member.id, member.name, member.session_epoch, frozen)


def resident_account(resident_id: int) -> Account | None:
    """A resident's account, or None when deleted."""
    resident = db.session.get(Resident, resident_id)
    return None if resident is None else Account("resident", resident.id, resident.email, resident.session_epoch)
