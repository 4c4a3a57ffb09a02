"""What the pages of the administration show."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from civic.db import db
from civic.identity.models import Department, StaffMember, StaffRole
from civic.refusals import NotFound


def department_by_code(code: str) -> Department | None:
    return db.session.scalar(sa.select(Department).where(Department.code == code))


def departments() -> Sequence[Department]:
    """All departments in the order they were added."""
    return db.session.scalars(sa.select(Department).order_by(Department.id)).all()


def members() -> Sequence[StaffMember]:
    """All staff and council members by login, with their roles."""
    with_roles = selectinload(StaffMember.roles).joinedload(StaffRole.department)
    return db.session.scalars(sa.select(StaffMember).options(with_roles).order_by(StaffMember.login)).all()


def member(staff_id: int) -> StaffMember:
    """One member with roles; raises NotFound."""
    with_roles = selectinload(StaffMember.roles).joinedload(StaffRole.department)
    found = db.session.scalar(sa.select(StaffMember).options(with_roles).where(StaffMember.id == staff_id))
    if found is None:
        raise NotFound
    return found
