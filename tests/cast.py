"""The cast of the stories: people of a small city, made through the same acts as in life, and signed in for real.

`Cast(app)` knows everybody by a short name; nobody is made before being asked for.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic import clock
from civic.db import db, writing
from civic.identity import actions, codes, queries
from civic.identity.accounts import OPERATOR
from civic.identity.administration import actions as administration
from civic.identity.models import Department, StaffMember
from civic.identity.roles import Role

PASSWORD = "four words in a row"
PLANNING, PARKS = "planning", "parks"
DEPARTMENTS = {PLANNING: {"ja": "企画課", "en": "Planning"}, PARKS: {"ja": "公園課", "en": "Parks"}}


@dataclass(frozen=True)
class Person:
    """Somebody with an account: what she types, and her number. `secret` is None for residents."""

    login: str
    id: int
    secret: str | None = None
    password: str = PASSWORD


@dataclass
class Cast:
    """Everybody, made on first use. `department(code)` gives the id of a department."""

    app: Flask
    people: dict[str, Person] = field(default_factory=dict)

    def once(self, name: str, make: Callable[[], Person]) -> Person:
        if name not in self.people:
            self.people[name] = make()
        return self.people[name]

    @property
    def resident(self) -> Person:
        """A resident with an account."""
        return self.once("resident", lambda: resident("resident@example.jp"))

    @property
    def neighbour(self) -> Person:
        """Another resident with an account."""
        return self.once("neighbour", lambda: resident("neighbour@example.jp"))

    @property
    def editor(self) -> Person:
        """An editor of the planning department."""
        return self.once("editor", lambda: staff("editor", (Role.EDITOR, PLANNING)))

    @property
    def second_editor(self) -> Person:
        """A colleague of the editor."""
        return self.once("second_editor", lambda: staff("second-editor", (Role.EDITOR, PLANNING)))

    @property
    def parks_editor(self) -> Person:
        """An editor of another department."""
        return self.once("parks_editor", lambda: staff("parks-editor", (Role.EDITOR, PARKS)))

    @property
    def approver(self) -> Person:
        return self.once("approver", lambda: staff("approver", (Role.APPROVER, PLANNING)))

    @property
    def moderator(self) -> Person:
        return self.once("moderator", lambda: staff("moderator", (Role.MODERATOR, PLANNING)))

    @property
    def analyst(self) -> Person:
        return self.once("analyst", lambda: staff("analyst", (Role.ANALYST, PLANNING)))

    @property
    def council_member(self) -> Person:
        return self.once("council_member", lambda: staff("council", (Role.COUNCIL, None)))

    @property
    def admin(self) -> Person:
        return self.once("admin", lambda: staff("admin", (Role.ADMIN, None)))

    @property
    def suspended(self) -> Person:
        """An editor of the planning department, suspended."""

        def make() -> Person:
            person = staff("suspended", (Role.EDITOR, PLANNING))
            administration.suspend(person.id, actor=OPERATOR)
            return person

        return self.once("suspended", make)

    @property
    def expired_contractor(self) -> Person:
        """A contractor with the editor's role whose last day was yesterday."""

        def make() -> Person:
            person = staff("contractor", (Role.EDITOR, PLANNING))
            yesterday = clock.today() - timedelta(days=1)
            administration.change_roles(person.id, [(Role.EDITOR, department(PLANNING))], yesterday, actor=OPERATOR)
            return person

        return self.once("expired_contractor", make)

    def department(self, code: str = PLANNING) -> int:
        """The id of a department, added on first use."""
        return department(code)

    def client(self, person: Person | None = None) -> FlaskClient:
        """A browser of its own, in which `person` is signed in; nobody without one."""
        client = self.app.test_client()
        return sign_in(client, person) if person else client


def department(code: str = PLANNING) -> int:
    """The id of a department, added on first use."""
    found = db.session.scalar(sa.select(Department.id).where(Department.code == code))
    return found or administration.add_department(code, DEPARTMENTS[code], actor=OPERATOR)


def resident(email: str) -> Person:
    """A resident who signed up, opened the mailed link and chose a password."""
    token = actions.register_resident(email)
    assert token is not None
    return Person(email, actions.confirm_resident(token, PASSWORD).id)


def staff(login: str, *roles: tuple[Role, str | None]) -> Person:
    """A staff or council member, invited and enrolled."""
    held = [(role, department(code) if code else None) for role, code in roles]
    invitation = administration.create_staff(login, held, actor=OPERATOR)
    secret = queries.secret_of_link(invitation.token)
    code = codes.totp_at(secret, codes.step_at(clock.now()))
    enrolment = actions.enrol(invitation.token, PASSWORD, code)
    return Person(login, enrolment.staff_id, secret)


def sign_in(client: FlaskClient, person: Person) -> FlaskClient:
    """Sign `person` in with password and, for staff and council, the present code; fails if she is not let in."""
    answer = post(client, "/sign-in", login=person.login, password=person.password)
    assert answer.status_code == 303, answer.text
    if person.secret:
        forget_last_code(person)
        code = codes.totp_at(person.secret, codes.step_at(clock.now()))
        answer = post(client, "/sign-in", code=code)
        assert answer.status_code == 303, answer.text
    return client


def forget_last_code(person: Person) -> None:
    """Let the same 30 seconds serve again: stories sign in faster than the clock moves."""
    with writing() as session:
        session.execute(sa.update(StaffMember).where(StaffMember.id == person.id).values(totp_last_step=0))


def post(client: FlaskClient, address: str, *, page: str | None = None, **fields: object) -> TestResponse:
    """Post `fields` to `address` with the token of `page` (default: the address itself)."""
    return client.post(address, data={"csrf_token": token_of(client, page or address), **fields})


def token_of(client: FlaskClient, page: str) -> str:
    """The CSRF token a page gives this browser."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found is not None, f"{page} has no form"
    return found.group(1)
