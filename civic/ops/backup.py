"""Backup and restore: database and uploads in one encrypted file that is read back before it counts.

The master key is never in it; `ops keys export` writes that to a file of its own, to be kept elsewhere.
"""

import contextlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from civic import clock, keys, safety
from civic import db as database
from civic.config import Settings
from civic.db import db
from civic.ops import keymark, migrating, tables, vault
from civic.ops.refusals import BackupNotVerified, BackupUnreadable, TargetNotEmpty

FORMAT: Final = 1
RESTORING: Final = "machikoe_restore"  # the schema a PostgreSQL restore is built in


def backup(settings: Settings, target: Path, passphrase: str) -> dict[str, Any]:
    """Write a verified backup to `target`, replacing an earlier file only when whole. Returns its manifest."""
    with vault.private_folder(target) as work:
        made = work / "made"
        (made / "tables").mkdir(parents=True)
        rows = dump_database(made / "tables")
        if (settings.instance / "files").exists():
            shutil.copytree(settings.instance / "files", made / "files", copy_function=copy)
        manifest = {
            "format": FORMAT,
            "made_at": clock.now().isoformat(timespec="seconds"),
            "revision": safety.head_revision(),
            "key_mark": keymark.present_mark().hex(),
            "rows": rows,
            "sha256": digests(made),
        }
        (made / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        sealed = work / "sealed"
        vault.seal_folder(made, sealed, passphrase)
        try:
            read_back(sealed, work / "read", passphrase)
        except BackupUnreadable as refusal:
            raise BackupNotVerified(reason=refusal.params["reason"]) from refusal
        sealed.replace(target)
    return manifest


def copy(source: str, target: str) -> None:
    """Copy a file unless it has just gone: an upload stays only until its job has read it."""
    with contextlib.suppress(FileNotFoundError):
        shutil.copy2(source, target)


def dump_database(folder: Path) -> dict[str, int]:
    """All tables as of one moment; writers go on meanwhile."""
    db.session.rollback()
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        return tables.dump(connection, folder)


def digests(folder: Path) -> dict[str, str]:
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and file.name != "manifest.json")
    return {file.relative_to(folder).as_posix(): tables.digest(file) for file in files}


def read_back(source: Path, folder: Path, passphrase: str) -> dict[str, Any]:
    """Decrypt a backup into `folder` and compare every file with the manifest. Raises BackupUnreadable."""
    folder.mkdir()
    vault.open_folder(source, folder, passphrase)
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    if manifest["format"] != FORMAT:
        raise BackupUnreadable(reason=f"it has format {manifest['format']}, this program reads {FORMAT}")
    if manifest["revision"] > safety.head_revision():
        raise BackupUnreadable(reason="it was made by a newer program")
    if digests(folder) != manifest["sha256"]:
        raise BackupUnreadable(reason="its parts do not fit its list")
    return manifest


@dataclass(frozen=True)
class Restored:
    """What a restore brought back. `keys` is "present", "missing" or "foreign"; only with the first does it serve."""

    made_at: str
    rows: int
    keys: str
    kept: tuple[str, ...]


def restore(settings: Settings, source: Path, passphrase: str, *, replace: bool) -> Restored:
    """Restore `source` beside what is there, check it, and put it in place last. What it replaces on disk is kept.

    Raises TargetNotEmpty, BackupUnreadable.
    """
    files = settings.instance / "files"
    settings.instance.mkdir(parents=True, exist_ok=True)
    if not replace and (target_holds_data(settings.database) or (files.exists() and any(files.iterdir()))):
        raise TargetNotEmpty
    with vault.private_folder(settings.instance / "files") as work:
        manifest = read_back(source, work / "read", passphrase)
        kept = put_database(settings.database, work / "read" / "tables", manifest)
        if (work / "read" / "files").exists():
            kept += put_aside(files)
            (work / "read" / "files").rename(files)
    return Restored(manifest["made_at"], sum(manifest["rows"].values()), state_of_keys(manifest), tuple(kept))


def state_of_keys(manifest: dict[str, Any]) -> str:
    """Whether the key of a backup is here: "present", "missing", or "foreign" where another one is."""
    if keys.are_missing():
        return "missing"
    return "present" if manifest["key_mark"] == keymark.present_mark().hex() else "foreign"


def target_holds_data(url: str) -> bool:
    place = sqlite_file(url)
    if place is not None and not place.exists():
        return False
    engine = sa.create_engine(database.engine_options(url)["url"], poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        return tables.holds_data(connection)


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite database; None for a server."""
    parsed = sa.engine.make_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def put_database(url: str, folder: Path, manifest: dict[str, Any]) -> list[str]:
    """Build the database beside the present one, then swap. Returns what was kept of the present one."""
    db.session.rollback()
    db.engine.dispose()
    place = sqlite_file(url)
    if place is not None:
        building = place.with_name(f"{place.name}.restoring")
        remove(building)
        build(f"sqlite:///{building}", folder, manifest)
        kept = [name for ending in ("", "-wal", "-shm") for name in put_aside(Path(f"{place}{ending}"))]
        building.rename(place)
        return kept
    engine = sa.create_engine(database.engine_options(url)["url"], poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {RESTORING} CASCADE"))
        connection.execute(sa.text(f"CREATE SCHEMA {RESTORING}"))
    inside = sa.engine.make_url(url).update_query_dict({"options": f"-csearch_path={RESTORING}"})
    build(inside.render_as_string(hide_password=False), folder, manifest)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE"))
        connection.execute(sa.text(f"ALTER SCHEMA {RESTORING} RENAME TO public"))
    return []


def build(url: str, folder: Path, manifest: dict[str, Any]) -> None:
    """An empty database at the backup's migration, filled, checked, and brought to the program's migration."""
    migrating.upgrade(url, manifest["revision"])
    engine = migrating.migration_engine(url)
    with engine.begin() as connection:
        rows = tables.load(connection, folder)
        if connection.dialect.name == "sqlite" and connection.execute(sa.text("PRAGMA foreign_key_check")).first():
            raise BackupUnreadable(reason="its rows do not fit each other")
    engine.dispose()
    if rows != manifest["rows"]:
        raise BackupUnreadable(reason="its rows do not fit its list")
    migrating.upgrade(url)


def put_aside(path: Path) -> list[str]:
    """Rename what is in the way, so that a restore destroys nothing."""
    if not path.exists():
        return []
    kept = path.with_name(f"{path.name}.replaced-{clock.now():%Y%m%dT%H%M%S}")
    path.rename(kept)
    return [kept.name]


def remove(building: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(f"{building}{ending}").unlink(missing_ok=True)
