"""`flask --app wsgi identity …`: accounts and registers at the command line."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from civic import clock
from civic.config import Mode
from civic.identity import codes, queries
from civic.identity.accounts import OPERATOR
from civic.identity.administration import actions as administration
from civic.identity.administration.queries import department_by_code
from civic.identity.models import StaffMember
from civic.identity.registers import cli as registers
from civic.identity.roles import CITYWIDE, Role
from civic.ops.output import emit, json_option, refusals_exit_1, refuse

identity = AppGroup("identity", help="Staff accounts and registers.")
LONGEST_NAME = 60  # of a register
ROLES = [role.value for role in Role if role is not Role.RESIDENT]


@identity.command("create-staff")
@click.argument("login")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES), help="May be given again.")
@click.option("--department", "departments", multiple=True, help="Short name of the department the roles hold in.")
@click.option("--name", help="The person's name. Default: the login.")
@click.option("--email", help="Where the link is mailed to. Default: the login, if it is a mail address.")
@click.option("--ends-on", type=click.DateTime(["%Y-%m-%d"]), help="A contractor's last day.")
@json_option
@refusals_exit_1
def create_staff(
    login: str,
    roles: tuple[str, ...],
    departments: tuple[str, ...],
    name: str | None,
    email: str | None,
    ends_on: datetime | None,
    as_json: bool,
) -> None:
    """Invite a staff or council member; prints the one-time link for the enrolment.

    Example: flask --app wsgi identity create-staff sato --role editor --department planning
    """
    made = administration.create_staff(
        login,
        holdings([Role(role) for role in roles], departments, as_json),
        actor=OPERATOR,
        name=name,
        email=email,
        ends_on=ends_on.date() if ends_on else None,
    )
    emit({"login": queries.login_key(login), "link": made.address}, as_json, made.address)


def holdings(roles: list[Role], departments: tuple[str, ...], as_json: bool) -> list[administration.Holding]:
    """Every role in every named department, city-wide roles without one; refuses (exit 1) what cannot be."""
    local = [role for role in roles if role not in CITYWIDE]
    if local and not departments:
        refuse(f"The role {local[0]} holds in a department: add --department.", as_json=as_json)
    ids = []
    for code in departments:
        department = department_by_code(code)
        if department is None:
            refuse(f"There is no department {code}. Add it in the administration first.", as_json=as_json)
        ids.append(department.id)
    return [(role, None) for role in roles if role in CITYWIDE] + [(role, one) for role in local for one in ids]


def member(login: str, as_json: bool = False) -> StaffMember:
    found = queries.staff_by_login(login)
    if found is None:
        refuse(f"There is no staff account {login}.", as_json=as_json)
    return found


@identity.command("reset-second-factor")
@click.argument("login")
@json_option
@refusals_exit_1
def reset_second_factor(login: str, as_json: bool) -> None:
    """Take away a member's TOTP and recovery codes; prints the link for a new enrolment.

    Example: flask --app wsgi identity reset-second-factor sato
    """
    made = administration.reset_second_factor(member(login, as_json).id, actor=OPERATOR)
    emit({"login": queries.login_key(login), "link": made.address}, as_json, made.address)


@identity.command("totp")
@click.argument("login")
@json_option
@refusals_exit_1
def totp(login: str, as_json: bool) -> None:
    """Print the present code of a demo account. Example: flask --app wsgi identity totp demo-editor"""
    if current_app.extensions["settings"].mode is Mode.PRODUCTION:
        refuse("This works in demo mode only: in production nobody but the person has the code.", as_json=as_json)
    found = member(login, as_json)
    secret = queries.totp_secret(found)
    if secret is None:
        refuse(f"{login} is not enrolled yet: open the link of the invitation.", as_json=as_json)
    code = codes.present_code(secret, clock.now(), found.totp_last_step)
    emit({"login": found.login, "code": code}, as_json, code)


@identity.command("import-register")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--codes-out", type=click.Path(dir_okay=False, path_type=Path), help="New file for the codes.")
@click.option("--encoding", help="Encoding of the file, where it is neither UTF-8 nor CP932.")
@json_option
@refusals_exit_1
def import_register(name: str, file: Path, codes_out: Path | None, encoding: str | None, as_json: bool) -> None:
    """Import a register (名簿) from CSV: columns entry_id, birth_date, district, resident_since, name, address.

    Every new entry gets a 12-character code; codes are written once, to --codes-out, and stored as keyed hashes.

    Example: flask --app wsgi identity import-register residents-2026 residents.csv --codes-out letters.csv
    """
    if not 1 <= len(name) <= LONGEST_NAME:
        refuse(f"The name of a register has 1 to {LONGEST_NAME} characters.", as_json=as_json)
    counts = registers.import_file(name, file, codes_out, encoding, as_json)
    emit({"register": name, "rows": asdict(counts)}, as_json)
