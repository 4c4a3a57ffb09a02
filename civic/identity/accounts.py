"""Who is asking, as a value: the account of one request and the actor of one act."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_login import AnonymousUserMixin, UserMixin

from civic.identity.roles import CITYWIDE, STAFF, Role


@dataclass(frozen=True)
class Actor:
    """Who acts, as the audit names it: a staff member, the operator at the command line, or the system."""

    label: str
    staff_id: int | None = None


OPERATOR = Actor("operator")


@dataclass(frozen=True)
class Account(UserMixin):
    """A signed-in account for one request: a resident, or a staff or council member with roles by department."""

    kind: str
    id: int
    name: str
    epoch: int
    roles: Mapping[Role, frozenset[int]] = field(default_factory=dict)

    def get_id(self) -> str:
        return f"{self.kind}:{self.id}:{self.epoch}"

    @property
    def is_staff(self) -> bool:
        return bool(STAFF & self.roles.keys())

    @property
    def is_council(self) -> bool:
        return Role.COUNCIL in self.roles

    @property
    def home(self) -> str:
        """Where the account starts after signing in."""
        return "/staff/" if self.is_staff else "/council/" if self.is_council else "/"

    @property
    def actor(self) -> Actor:
        return Actor(f"staff:{self.id}", self.id)

    def plays(self, roles: frozenset[str]) -> bool:
        """Whether one of `roles` is held, in any department."""
        return any(str(role) in roles for role in self.roles)

    def departments(self, roles: frozenset[str]) -> frozenset[int] | None:
        """Departments in which one of `roles` is held; None for all of them (a city-wide role)."""
        held = [role for role in self.roles if str(role) in roles]
        if any(role in CITYWIDE for role in held):
            return None
        return frozenset(department for role in held for department in self.roles[role])


class Anonymous(AnonymousUserMixin):
    kind = "anonymous"
    is_staff = False
    is_council = False
    roles: Mapping[Role, frozenset[int]] = {}
