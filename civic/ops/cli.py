"""`flask --app wsgi ops …`: what an operator does at the command line."""

import json
import smtplib
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from civic import clock, keys, safety
from civic.audit import chain
from civic.config import Settings
from civic.features import house
from civic.identity.forms import ADDRESS
from civic.identity.roles import Permit
from civic.notices import transport
from civic.notices.sending import Letter, message_of
from civic.ops import configuration, health, keymark, recounting, seeding
from civic.ops.output import emit, json_option, progress, refusals_exit_1, refuse
from civic.ops.safekeeping import backup, keys_group, restore

ops = AppGroup("ops", help="Operate this installation.")
ops.add_command(backup)
ops.add_command(restore)
ops.add_command(keys_group)


@ops.command()
@json_option
def routes(as_json: bool) -> None:
    """List every route with its permission. Example: flask --app wsgi ops routes --json"""
    table = house().permits
    rows = []
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        by_permit: dict[Permit, list[str]] = {}
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            by_permit.setdefault(table[rule.endpoint, method], []).append(method)
        rows += [route_row(rule.rule, methods, permit) for permit, methods in by_permit.items()]
    text = "\n".join(
        f"{' '.join(r['methods']):9} {r['rule']:58} {r['permission']:26} {', '.join(r['roles'])}" for r in rows
    )
    emit(rows, as_json, text)


def route_row(rule: str, methods: list[str], permit: Permit) -> dict[str, Any]:
    return {
        "rule": rule,
        "methods": methods,
        "endpoint": permit.endpoint,
        "permission": permit.permission,
        "roles": sorted(permit.roles),
        "scope": str(permit.scope),
    }


@ops.command()
@json_option
@refusals_exit_1
def migrate(as_json: bool) -> None:
    """Create or upgrade the database. Safe after an interruption. Example: flask --app wsgi ops migrate"""
    upgrade_database()
    progress("The database is up to date.")
    emit({"revision": safety.head_revision()}, as_json, "")


def upgrade_database() -> None:
    from civic.ops import migrating  # loads Alembic, which the web process never needs

    settings: Settings = current_app.extensions["settings"]
    if settings.database.startswith("sqlite"):
        settings.instance.mkdir(parents=True, exist_ok=True)
    migrating.upgrade(settings.database)
    keymark.provide_keys()
    if not keys.are_missing():
        keymark.remember()


@ops.command("init-keys")
@json_option
@refusals_exit_1
def init_keys(as_json: bool) -> None:
    """Make the master key unless there is one. Example: flask --app wsgi ops init-keys"""
    keymark.take_new_keys()
    progress("The master key is in the keys folder. Export a copy and keep it apart from the backups.")
    emit({"keys": str(current_app.extensions["settings"].keys_folder)}, as_json, "")


@ops.command()
@json_option
def check(as_json: bool) -> None:
    """Exit 1 with the reasons when this installation must not serve. Start scripts call it first.

    Example: flask --app wsgi ops check && gunicorn wsgi:app
    """
    if unsafe := safety.reasons():
        refuse("This installation must not serve:", [{"detail": reason} for reason in unsafe], as_json=as_json)
    emit({"unsafe": []}, as_json, "")


@ops.command()
@json_option
def doctor(as_json: bool) -> None:
    """Look at database, keys, mail, jobs, disk and clock. Example: flask --app wsgi ops doctor"""
    found = list(health.findings())
    text = "\n".join(f"{'ok  ' if one.well else 'FAIL'} {one.part:9} {one.seen}" for one in found)
    emit([asdict(one) for one in found], as_json, text)
    sys.exit(0 if all(one.well for one in found) else 1)


@ops.command()
@click.argument("activity", required=False)
@json_option
@refusals_exit_1
def recount(activity: str | None, as_json: bool) -> None:
    """Count every stored total again from rows. Example: flask --app wsgi ops recount park-use --json"""
    report = recounting.recount(activity)
    lines = [f"{report['checked']} totals checked, {len(report['mismatches'])} do not fit"]
    emit(report, as_json, "\n".join([*lines, *map(str, report["mismatches"])]))
    sys.exit(1 if report["mismatches"] else 0)


@ops.command("verify-audit")
@click.option(
    "--anchor", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="An earlier --json answer."
)
@json_option
@refusals_exit_1
def verify_audit(anchor: Path | None, as_json: bool) -> None:
    """Check the audit chain, also against an earlier answer. Example: flask --app wsgi ops verify-audit --json"""
    report = asdict(chain.verify(read_anchor(anchor) if anchor else None))
    fits = f"{report['records']} records fit each other; the newest is {report['last']} {report['head']}"
    emit(report, as_json, "\n".join(report["problems"]) or fits)
    sys.exit(1 if report["problems"] else 0)


def read_anchor(file: Path) -> tuple[int, str] | None:
    """The newest record noted in an earlier answer; None where there was none yet."""
    try:
        noted = json.loads(file.read_text("utf-8"))
        last, head = int(noted["last"]), str(noted["head"])
    except (ValueError, TypeError, KeyError) as error:
        raise click.BadParameter(f"{file} is not an answer of verify-audit --json", param_hint="--anchor") from error
    return (last, head) if last else None


@ops.command()
@click.option("--profile", type=click.Choice(seeding.PROFILES), required=True)
@json_option
@refusals_exit_1
def seed(profile: str, as_json: bool) -> None:
    """Fill an empty installation; a second time changes nothing. Example: flask --app wsgi ops seed --profile demo --json"""
    document = seeding.sow(profile)
    people = "\n".join(f"{one['role']:10} {one['login']:28} {one['password']}" for one in document["accounts"])
    emit(document, as_json, people)


@ops.command(hidden=True)
@refusals_exit_1
def prepare() -> None:
    """Everything `make run` needs before it serves: migrate, seed. Example: flask --app wsgi ops prepare"""
    upgrade_database()
    emit(dict(seeding.sow("demo")), True)


@ops.command("configuration")
def print_configuration() -> None:
    """Print docs/configuration.md. Example: flask --app wsgi ops configuration > docs/configuration.md"""
    click.echo(configuration.document(), nl=False)


@ops.command("send-test-mail")
@click.argument("address")
@json_option
@refusals_exit_1
def send_test_mail(address: str, as_json: bool) -> None:
    """Send one mail now, past the outbox. Example: flask --app wsgi ops send-test-mail somebody@example.jp"""
    settings: Settings = current_app.extensions["settings"]
    way = transport.transport_for(settings)
    if not ADDRESS.fullmatch(address):
        raise click.BadParameter("this is no mail address", param_hint="ADDRESS")
    if way is None:
        refuse("No mail server is set: MACHIKOE_SMTP_URL is empty.", as_json=as_json)
    body = f"This is a test of the mail settings of {settings.base_url}.\n"
    letter = Letter(0, f"test:{clock.now().isoformat()}", address, "Machikoe test mail", body)
    try:
        with way:
            way.deliver("test", address, message_of(letter, settings), lambda: None)
    except (transport.NotTaken, transport.Rejected, transport.Unanswered, smtplib.SMTPException) as problem:
        refuse(f"The mail was not sent: {problem}", as_json=as_json)
    except ValueError:
        raise click.BadParameter("no mail can be written to this address", param_hint="ADDRESS") from None
    progress("The mail was handed over.")
    emit({"address": address}, as_json, "")
