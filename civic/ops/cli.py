"""`flask --app wsgi ops …`: what an operator does at the command line."""

from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from civic import keys
from civic.features import house
from civic.identity.roles import Permit
from civic.ops import migrating
from civic.ops.output import emit, json_option

ops = AppGroup("ops", help="Operate this installation.")


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
def migrate() -> None:
    """Create or upgrade the database. Safe after an interruption. Example: flask --app wsgi ops migrate"""
    settings = current_app.extensions["settings"]
    if settings.database.startswith("sqlite"):
        settings.instance.mkdir(parents=True, exist_ok=True)
    migrating.upgrade(settings.database)
    click.echo("The database is up to date.", err=True)


@ops.command("init-keys")
def init_keys() -> None:
    """Make the master key unless there is one. Example: flask --app wsgi ops init-keys"""
    keys.create(current_app.extensions["settings"].keys_folder)
    click.echo("The master key is in the keys folder. Export a copy and keep it apart from the backups.", err=True)
