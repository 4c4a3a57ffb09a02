"""Departments and accounts of the demo city, made through the same acts as in life. Who they are: `seeds.toml`."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from civic import clock
from civic.identity import actions, codes, queries
from civic.identity.accounts import OPERATOR, Actor
from civic.identity.administration import actions as administration
from civic.identity.administration.queries import department_by_code
from civic.identity.roles import Role

CITY: Final = tomllib.loads((Path(__file__).parent / "seeds.toml").read_text(encoding="utf-8"))
PASSWORD: Final[str] = CITY["password"]
SUSPENDED: Final = "suspended"


def people() -> dict[str, Any]:
    """Add both departments, one account per role, a suspended one and an invitation; this room's part of the document.

    Passwords are always the same, TOTP secrets are those of the installation's key.
    """
    for one in CITY["departments"]:
        administration.add_department(one["code"], one["name"], actor=OPERATOR)
    accounts = [{"role": "resident", **sign_in_of(CITY["resident"]["login"], None)}]
    resident(CITY["resident"]["login"])
    numbers = []
    for one in CITY["staff"]:
        invitation = invite(one)
        secret = enrol(invitation)
        accounts.append({"role": one.get("called", one["role"]), **sign_in_of(one["login"], secret)})
        numbers.append(invitation.staff_id)
        if accounts[-1]["role"] == SUSPENDED:
            administration.suspend(invitation.staff_id, actor=OPERATOR)
    newcomer = invite(CITY["newcomer"])
    return {"accounts": accounts, "objects": {"ids": {"staff_id": numbers, "token": [newcomer.token]}}}


def sign_in_of(login: str, secret: str | None) -> dict[str, str | None]:
    return {"login": login, "password": PASSWORD, "totp_secret": secret}


def invite(one: Mapping[str, Any]) -> administration.Invitation:
    """Invite a staff or council member of `seeds.toml`, in her departments or, without any, for the whole city."""
    role, in_departments = Role(one["role"]), one.get("departments", [])
    held: list[administration.Holding] = [(role, department(code)) for code in in_departments] or [(role, None)]
    return administration.create_staff(one["login"], held, actor=OPERATOR, name=one["name"])


def enrol(invitation: administration.Invitation) -> str:
    """Take up the invitation; the TOTP secret. The code of the half minute before is used up, so that the present one
    is good for a sign-in at once."""
    secret = queries.secret_of_link(invitation.token)
    actions.enrol(invitation.token, PASSWORD, codes.totp_at(secret, codes.step_at(clock.now()) - 1))
    return secret


def resident(email: str) -> int:
    """Sign a resident up by the mailed link; the account's id."""
    token = actions.register_resident(email)
    assert token is not None, email
    return actions.confirm_resident(token, PASSWORD).id


def department(code: str) -> int:
    """The id of a department of the demo city."""
    found = department_by_code(code)
    assert found is not None, code
    return found.id


def actor(login: str) -> Actor:
    """A staff member of the demo city, as actions name her."""
    found = queries.staff_by_login(login)
    assert found is not None, login
    return Actor(f"staff:{found.id}", found.id)


SEEDS: Final = {"demo": people, "audit": people}
