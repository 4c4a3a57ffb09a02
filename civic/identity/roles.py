"""Roles and permits: who may call what. Deny by default; every route × method has one row."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an account may be. A staff role holds for named departments; admin and council for the whole city."""

    RESIDENT = "resident"
    EDITOR = "editor"
    APPROVER = "approver"
    MODERATOR = "moderator"
    ANALYST = "analyst"
    COUNCIL = "council"
    ADMIN = "admin"


STAFF = frozenset({Role.EDITOR, Role.APPROVER, Role.MODERATOR, Role.ANALYST, Role.ADMIN})
CITYWIDE = frozenset({Role.COUNCIL, Role.ADMIN})
PUBLIC = "public"


class Scope(StrEnum):
    """How far a permit reaches: everything, what is one's own, or what one's departments own."""

    ANY = "any"
    OWN = "own"
    DEPARTMENT = "department"


@dataclass(frozen=True)
class Permit:
    """One row of the permission table."""

    endpoint: str
    methods: frozenset[str]
    permission: str
    roles: frozenset[str]
    scope: Scope

    @property
    def public(self) -> bool:
        return PUBLIC in self.roles


def permit(
    endpoint: str, methods: str, permission: str, roles: str | Role | Iterable[str], scope: Scope = Scope.ANY
) -> Permit:
    """A row: `permit("surveys.edit", "GET POST", "survey.edit", Role.EDITOR, Scope.DEPARTMENT)`."""
    names = {roles} if isinstance(roles, str) else set(roles)
    return Permit(endpoint, frozenset(methods.split()), permission, frozenset(map(str, names)), scope)
