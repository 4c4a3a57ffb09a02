"""`ops backup`, `ops restore`, `ops keys …`: what an operator must not lose, and how it comes back."""

import os
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from civic import keys
from civic.config import Settings
from civic.ops import vault
from civic.ops.output import emit, json_option, progress, refusals_exit_1, refuse

new_file = click.Path(dir_okay=False, path_type=Path)
old_file = click.Path(exists=True, dir_okay=False, path_type=Path)
passphrase_file = click.option(
    "--passphrase-file", type=old_file, help="Read the passphrase from this file's first line."
)
KEYS_NOTE = {
    "present": "",
    "missing": "The master key is missing: nothing but /healthz is served until its file is back (`ops keys import`).",
    "foreign": "The master key here is another one than the backup's: nothing is served until the right one is back.",
}


def passphrase(file: Path | None, *, new: bool) -> str:
    """From the file, else asked for (twice where it is a new one)."""
    if file is None:
        return str(click.prompt("Passphrase", hide_input=True, confirmation_prompt=new, err=True))
    lines = file.read_text("utf-8").splitlines()
    if not lines or not lines[0]:
        raise click.BadParameter(f"{file} is empty", param_hint="--passphrase-file")
    return lines[0]


def present_settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


@click.command()
@click.argument("file", type=new_file)
@passphrase_file
@json_option
@with_appcontext
@refusals_exit_1
def backup(file: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Write database and uploads to one encrypted file, and read it back. The master key is not in it.

    Example: flask --app wsgi ops backup /backup/monday.machikoe --passphrase-file /root/passphrase
    """
    from civic.ops import backup as safe  # loads Alembic, which the web process never needs

    keys.keys()
    manifest = safe.backup(present_settings(), file, passphrase(passphrase_file, new=True))
    rows, files = sum(manifest["rows"].values()), len(manifest["sha256"])
    summary: dict[str, Any] = {"file": str(file), "revision": manifest["revision"], "rows": rows, "parts": files}
    emit(summary, as_json, f"{rows} rows in {file}, read back and whole.")


@click.command()
@click.argument("file", type=old_file)
@click.option(
    "--replace", is_flag=True, help="Replace what is there. SQLite files and uploads are kept under another name."
)
@passphrase_file
@json_option
@with_appcontext
@refusals_exit_1
def restore(file: Path, replace: bool, passphrase_file: Path | None, as_json: bool) -> None:
    """Bring back a backup, into an empty place unless --replace. Stop server and runner first.

    Example: flask --app wsgi ops restore /backup/monday.machikoe --passphrase-file /root/passphrase
    """
    from civic.ops import backup as safe  # loads Alembic, which the web process never needs

    words = passphrase(passphrase_file, new=False)
    back = safe.restore(present_settings(), file, words, replace=replace)
    if KEYS_NOTE[back.keys]:
        progress(KEYS_NOTE[back.keys])
    for name in back.kept:
        progress(f"The replaced {name} is kept beside it.")
    summary = {"made_at": back.made_at, "rows": back.rows, "keys": back.keys}
    emit(summary, as_json, f"{back.rows} rows of {back.made_at} are back.")


keys_group = AppGroup("keys", help="Keep the master key apart from the backups.")


@keys_group.command("export")
@click.argument("file", type=new_file)
@passphrase_file
@json_option
@refusals_exit_1
def export_key(file: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Write the master key to an encrypted file. Example: flask --app wsgi ops keys export /safe/machikoe.key"""
    vault.seal_text(keys.keys().master.hex(), file, passphrase(passphrase_file, new=True))
    progress(f"The master key is in {file}. Keep it where the backups are not.")
    emit({"file": str(file)}, as_json, "")


@keys_group.command("import")
@click.argument("file", type=old_file)
@passphrase_file
@json_option
@refusals_exit_1
def import_key(file: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Bring back an exported master key. Example: flask --app wsgi ops keys import /safe/machikoe.key"""
    folder = present_settings().keys_folder
    if (folder / keys.MASTER).exists():
        refuse("There is a master key already; move it away first.", as_json=as_json)
    master = vault.open_text(file, passphrase(passphrase_file, new=False))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / keys.MASTER, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as target:
        target.write(master + "\n")
    progress("The master key is back.")
    emit({"keys": str(folder)}, as_json, "")
