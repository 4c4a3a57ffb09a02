"""The first commands in an empty folder: the key comes before anything is made with it, or nothing is made."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from civic import keys
from civic.app import create_app
from civic.config import Mode, Settings
from civic.db import db, writing
from civic.identity.models import Department, Register, StaffMember
from civic.ops.models import KeyMark
from tests.cast import Person, sign_in
from tests.conftest import Visitor
from wsgi import FEATURES

ROOT = Path(__file__).parents[3]


def command(instance: Path, mode: Mode, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """`flask --app wsgi …` in a process of its own, as an operator runs it."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "BASE_URL", "PORT"}}
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *map(str, arguments)],
        env=kept | {"MACHIKOE_MODE": mode.value, "MACHIKOE_INSTANCE": str(instance)},
        capture_output=True,
        text=True,
        cwd=ROOT,
    )


def application(instance: Path, mode: Mode = Mode.TEST) -> Flask:
    app = create_app(Settings(mode=mode, instance=instance, base_url="https://koe.example.jp"), FEATURES)
    app.test_client_class = Visitor
    return app


@pytest.mark.parametrize("mode", [Mode.TEST, Mode.DEMO])
def test_migrate_and_seed_in_an_empty_folder_make_a_city_one_can_sign_in_to(tmp_path: Path, mode: Mode) -> None:
    assert command(tmp_path, mode, "ops", "migrate").returncode == 0
    seeded = command(tmp_path, mode, "ops", "seed", "--profile", "audit", "--json")
    assert seeded.returncode == 0, seeded.stderr
    account = next(one for one in json.loads(seeded.stdout)["accounts"] if one["role"] == "editor")
    app = create_app(Settings(mode=mode, instance=tmp_path), FEATURES)
    app.test_client_class = Visitor
    with app.app_context():
        id = db.session.scalar(sa.select(StaffMember.id).where(StaffMember.login == account["login"]))
        assert id is not None
        client = sign_in(app.test_client(), Person(account["login"], id, account["totp_secret"], account["password"]))
        assert client.get("/staff/").status_code == 200


def test_seeding_makes_the_key_that_a_migrated_database_lacks(settings: Settings) -> None:
    (settings.keys_folder / keys.MASTER).unlink()
    app = application(settings.instance)
    seeded = app.test_cli_runner().invoke(args=["ops", "seed", "--profile", "audit"], catch_exceptions=False)
    assert seeded.exit_code == 0, seeded.output
    assert keys.load(settings.keys_folder) == app.extensions["keys"]


def test_a_demo_city_made_with_a_lost_key_gets_no_other_one(settings: Settings) -> None:
    with application(settings.instance).app_context(), writing() as session:
        session.add(KeyMark(id=1, mark=b"?" * 32))
    (settings.keys_folder / keys.MASTER).unlink()
    assert application(settings.instance).test_cli_runner().invoke(args=["ops", "migrate"]).exit_code == 0
    assert not (settings.keys_folder / keys.MASTER).exists()


@pytest.fixture
def keyless(settings: Settings) -> Flask:
    """A production installation that was migrated and has no key yet."""
    (settings.keys_folder / keys.MASTER).unlink()
    return application(settings.instance, Mode.PRODUCTION)


def files(tmp_path: Path) -> dict[str, str]:
    register = tmp_path / "register.csv"
    register.write_text("entry_id\n1\n", encoding="utf-8")
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("correct horse battery staple\n")
    return {"register": str(register), "passphrase": str(passphrase), "new": str(tmp_path / "new")}


REFUSED = (
    "identity create-staff sato --role admin",
    "identity import-register residents {register} --codes-out {new}",
    "ops backup {new} --passphrase-file {passphrase}",
    "ops keys export {new} --passphrase-file {passphrase}",
)


@pytest.mark.parametrize("line", REFUSED, ids=lambda line: " ".join(line.split()[:2]))
def test_without_the_key_nothing_is_stored_that_needs_it(keyless: Flask, tmp_path: Path, line: str) -> None:
    given = files(tmp_path)
    refused = keyless.test_cli_runner().invoke(args=line.format(**given).split())
    assert refused.exit_code == 1, refused.output
    assert "ops init-keys" in refused.output
    with keyless.app_context():
        for table in (StaffMember, Register, Department):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(table)) == 0


def test_no_write_of_any_kind_passes_without_the_key(keyless: Flask) -> None:
    with keyless.app_context(), pytest.raises(keys.KeysMissing), writing() as session:
        session.add(Department(code="planning", name={"ja": "課"}))


@pytest.mark.parametrize(("line", "code"), [("ops migrate", 0), ("ops check", 1), ("ops doctor", 1), ("ops routes", 0)])
def test_what_prepares_and_what_looks_works_without_the_key(keyless: Flask, line: str, code: int) -> None:
    done = keyless.test_cli_runner().invoke(args=line.split(), catch_exceptions=False)
    assert done.exit_code == code, done.output


def test_a_key_made_after_the_database_is_noted_in_it(keyless: Flask) -> None:
    assert keyless.test_cli_runner().invoke(args=["ops", "init-keys"]).exit_code == 0
    with keyless.app_context():
        noted = db.session.get(KeyMark, 1)
        assert noted is not None
        assert noted.mark == keys.load(keyless.extensions["settings"].keys_folder).mac("key-mark.1")
    assert keyless.test_cli_runner().invoke(args=["identity", "create-staff", "sato", "--role", "admin"]).exit_code == 0


def test_a_key_made_before_the_database_is_noted_by_the_migration(tmp_path: Path) -> None:
    assert command(tmp_path, Mode.PRODUCTION, "ops", "init-keys").returncode == 0
    assert command(tmp_path, Mode.PRODUCTION, "ops", "migrate").returncode == 0
    with application(tmp_path, Mode.PRODUCTION).app_context():
        assert db.session.get(KeyMark, 1) is not None
