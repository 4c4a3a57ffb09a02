"""What administrators do with staff accounts and departments. Each act writes its audit record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic import clock
from civic.audit import chain
from civic.db import db, refuse, writing
from civic.identity import codes, letters, links
from civic.identity.accounts import OPERATOR, Actor
from civic.identity.models import Department, LinkPurpose, RecoveryCode, StaffMember, StaffRole
from civic.identity.queries import login_key
from civic.identity.refusals import DepartmentTaken, LoginTaken, NotYourself
from civic.identity.roles import Role

refuse("uq_staff_member_login", LoginTaken)
refuse("uq_department_code", DepartmentTaken)

Holding = tuple[Role, int | None]
"""A role and the department it is held in; None exactly for city-wide roles (`roles.CITYWIDE`)."""


@dataclass(frozen=True)
class Invitation:
    """A staff account that waits for its enrolment by the link of `token`."""

    staff_id: int
    token: str

    @property
    def address(self) -> str:
        return links.address(self.token)


def create_staff(
    login: str,
    roles: Iterable[Holding],
    *,
    actor: Actor,
    name: str | None = None,
    email: str | None = None,
    ends_on: date | None = None,
) -> Invitation:
    """Invite a staff or council member: the account and its enrolment link, mailed where there is an address.

    A login that is a mail address is the address, too. Raises LoginTaken.
    """
    login, token = login_key(login), codes.new_token()
    email = email or (login if "@" in login else None)
    mail = letters.invitation(token)
    with writing() as session:
        member = StaffMember(login=login, name=name or login, email=email, ends_on=ends_on, roles=held(roles))
        session.add(member)
        session.flush()
        chain.record(
            session, "staff.invited", actor.label, f"staff:{member.id}", roles=words(member), ends_on=day(ends_on)
        )
        invite(session, member, token, mail)
        return Invitation(member.id, token)


def held(roles: Iterable[Holding]) -> list[StaffRole]:
    return [StaffRole(role=role, department_id=department_id) for role, department_id in sorted(set(roles), key=str)]


def words(member: StaffMember) -> list[str]:
    """The roles as the audit records them: "editor:3", "admin"."""
    return sorted(f"{one.role}:{one.department_id}" if one.department_id else str(one.role) for one in member.roles)


def day(ends_on: date | None) -> str | None:
    return ends_on.isoformat() if ends_on else None


def invite(session: Session, member: StaffMember, token: str, mail: letters.Letter) -> None:
    link = links.issue(session, token, LinkPurpose.ENROL, staff_id=member.id)
    if member.email:
        mail.queue(session, f"link:{link.id}", member.email)


def change_roles(staff_id: int, roles: Iterable[Holding], ends_on: date | None, *, actor: Actor) -> None:
    """Give the member exactly these roles and this last day (None: employed). Every session of hers ends."""
    wanted = set(roles)
    if actor.staff_id == staff_id and (Role.ADMIN, None) not in wanted:
        raise NotYourself
    with writing() as session:
        member = session.get_one(StaffMember, staff_id)
        member.roles = [one for one in member.roles if (one.role, one.department_id) in wanted]
        kept = {(one.role, one.department_id) for one in member.roles}
        member.roles += held(wanted - kept)
        member.ends_on = ends_on
        member.session_epoch += 1
        session.flush()
        chain.record(
            session, "staff.roles_changed", actor.label, f"staff:{staff_id}", roles=words(member), ends_on=day(ends_on)
        )


def suspend(staff_id: int, *, actor: Actor) -> None:
    """Shut the member out from the next request on, until reinstated. Twice is once."""
    if actor.staff_id == staff_id:
        raise NotYourself
    with writing() as session:
        member = session.get_one(StaffMember, staff_id)
        if member.suspended_at is None:
            member.suspended_at = clock.now()
            member.session_epoch += 1
            chain.record(session, "staff.suspended", actor.label, f"staff:{staff_id}")


def reinstate(staff_id: int, *, actor: Actor) -> None:
    """Let a suspended member sign in again."""
    with writing() as session:
        member = session.get_one(StaffMember, staff_id)
        if member.suspended_at is not None:
            member.suspended_at = None
            chain.record(session, "staff.reinstated", actor.label, f"staff:{staff_id}")


def reset_second_factor(staff_id: int, *, actor: Actor) -> Invitation:
    """Take away TOTP and recovery codes, end every session, and make a link for a new enrolment."""
    token = codes.new_token()
    mail = letters.invitation(token)
    with writing() as session:
        member = session.get_one(StaffMember, staff_id)
        member.totp_secret = None
        member.session_epoch += 1
        session.execute(sa.delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
        chain.record(session, "staff.second_factor_reset", actor.label, f"staff:{staff_id}")
        invite(session, member, token, mail)
    return Invitation(staff_id, token)


def add_department(code: str, name: dict[str, str], *, actor: Actor) -> int:
    """Add a department; returns its id. Raises DepartmentTaken."""
    with writing() as session:
        department = Department(code=code, name=name)
        session.add(department)
        session.flush()
        chain.record(session, "department.added", actor.label, f"department:{code}")
        return department.id


def operator_account() -> int:
    """The account in whose name the operator writes at the command line: made once, suspended, without a password."""
    known = db.session.scalar(sa.select(StaffMember.id).where(StaffMember.login == OPERATOR.label))
    if known is not None:
        return known
    made = create_staff(OPERATOR.label, [], actor=OPERATOR).staff_id
    suspend(made, actor=OPERATOR)
    return made
