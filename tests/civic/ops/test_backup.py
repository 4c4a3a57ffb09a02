"""A backup comes back whole or not at all, and never brings its key along."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from civic.activities.states import State
from civic.app import create_app
from civic.audit import chain
from civic.config import Settings
from civic.db import db
from civic.identity.models import Department
from civic.intake import uploads
from civic.ops import backup, keymark, tables
from tests.cast import Cast, department
from tests.factories.surveys import make_survey
from wsgi import FEATURES


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_text("correct horse battery staple\n")
    return file


@pytest.fixture
def city(app: Flask) -> Flask:
    """A city with a survey, an upload, and its key noted."""
    keymark.remember()
    make_survey(Cast(app), state=State.OPEN)
    upload = app.extensions["settings"].instance / "files" / "ab" / "plan.pdf"
    upload.parent.mkdir(parents=True)
    upload.write_bytes(b"%PDF\x00\xff")
    return app


def run(app: Flask, *arguments: str | Path) -> Result:
    with app.app_context():  # else a command would run in the context that is open already
        return app.test_cli_runner().invoke(args=["ops", *map(str, arguments)])


def every_row() -> dict[str, list[list[object]]]:
    with db.engine.connect() as connection:
        return {
            table.name: [
                [tables.plain(value) for value in row]
                for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))
            ]
            for table in tables.reflect(connection)
        }


def back_up(city: Flask, passphrase: Path, tmp_path: Path) -> Path:
    target = tmp_path / "monday.machikoe"
    done = run(city, "backup", target, "--passphrase-file", passphrase)
    assert done.exit_code == 0, done.output
    return target


def elsewhere(settings: Settings, tmp_path: Path, *, with_keys: bool = True) -> Flask:
    """An empty installation on SQLite in a folder of its own."""
    instance = tmp_path / "elsewhere"
    instance.mkdir()
    if with_keys:
        shutil.copytree(settings.keys_folder, instance / "keys")
    return create_app(replace(settings, instance=instance, database_url=""), FEATURES)


def test_everything_comes_back_in_an_empty_place(city: Flask, passphrase: Path, tmp_path: Path) -> None:
    file = back_up(city, passphrase, tmp_path)
    before = every_row()
    db.session.close()
    other = elsewhere(city.extensions["settings"], tmp_path)
    restored = run(other, "restore", file, "--passphrase-file", passphrase)
    assert restored.exit_code == 0, restored.output
    with other.app_context():
        assert every_row() == before
        assert chain.verify().problems == ()
        assert (other.extensions["settings"].instance / "files/ab/plan.pdf").read_bytes() == b"%PDF\x00\xff"
        assert department("parks") > 1
    assert other.test_client().get("/").status_code == 200


def test_a_restore_replaces_only_when_told_and_goes_back_to_the_backup(
    city: Flask, passphrase: Path, tmp_path: Path
) -> None:
    file = back_up(city, passphrase, tmp_path)
    before = every_row()
    department("parks")
    refused = run(city, "restore", file, "--passphrase-file", passphrase)
    assert refused.exit_code == 1
    assert "already holds data" in refused.output
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Department)) == 2
    db.session.close()
    replaced = run(city, "restore", file, "--replace", "--passphrase-file", passphrase)
    assert replaced.exit_code == 0, replaced.output
    assert every_row() == before


def test_the_backup_holds_no_key_and_nothing_to_read(city: Flask, passphrase: Path, tmp_path: Path) -> None:
    content = back_up(city, passphrase, tmp_path).read_bytes()
    assert city.extensions["keys"].master not in content
    assert city.extensions["keys"].master.hex().encode() not in content
    assert "遊び場".encode() not in content


@pytest.mark.parametrize("harm", ["cut", "changed", "passphrase"])
def test_a_damaged_backup_changes_nothing(city: Flask, passphrase: Path, tmp_path: Path, harm: str) -> None:
    file = back_up(city, passphrase, tmp_path)
    content = bytearray(file.read_bytes())
    if harm == "cut":
        content = content[: len(content) // 2]
    elif harm == "changed":
        content[len(content) // 2] ^= 1
    else:
        passphrase.write_text("another one\n")
    file.write_bytes(content)
    before = every_row()
    db.session.close()
    refused = run(city, "restore", file, "--replace", "--passphrase-file", passphrase)
    assert refused.exit_code == 1
    assert "Nothing was changed" in refused.output
    assert every_row() == before


def test_without_its_key_a_restored_city_serves_nothing_until_the_key_is_back(
    city: Flask, passphrase: Path, tmp_path: Path
) -> None:
    file = back_up(city, passphrase, tmp_path)
    exported = tmp_path / "machikoe.key"
    assert run(city, "keys", "export", exported, "--passphrase-file", passphrase).exit_code == 0
    db.session.close()
    other = elsewhere(city.extensions["settings"], tmp_path, with_keys=False)
    restored = run(other, "restore", file, "--passphrase-file", passphrase)
    assert restored.exit_code == 0
    assert "master key is missing" in restored.output
    assert other.test_client().get("/").status_code == 503
    assert run(other, "keys", "import", exported, "--passphrase-file", passphrase).exit_code == 0
    again = create_app(other.extensions["settings"], FEATURES)
    assert again.test_client().get("/").status_code == 200
    assert again.extensions["keys"].master == city.extensions["keys"].master


def test_an_exported_key_opens_only_with_its_passphrase(city: Flask, passphrase: Path, tmp_path: Path) -> None:
    exported = tmp_path / "machikoe.key"
    run(city, "keys", "export", exported, "--passphrase-file", passphrase)
    shutil.rmtree(city.extensions["settings"].keys_folder)
    passphrase.write_text("another one\n")
    assert run(city, "keys", "import", exported, "--passphrase-file", passphrase).exit_code == 1
    assert not city.extensions["settings"].keys_folder.exists()


def test_an_upload_that_waits_for_its_job_comes_back_too(city: Flask, passphrase: Path, tmp_path: Path) -> None:
    waiting = uploads.folder() / "answers.csv"
    waiting.write_text("number,age\n1,3\n")
    file = back_up(city, passphrase, tmp_path)
    db.session.close()
    other = elsewhere(city.extensions["settings"], tmp_path)
    assert run(other, "restore", file, "--passphrase-file", passphrase).exit_code == 0
    with other.app_context():
        assert (uploads.folder() / "answers.csv").read_text() == "number,age\n1,3\n"


def test_an_upload_that_goes_while_it_is_copied_stops_no_backup(tmp_path: Path) -> None:
    backup.copy(str(tmp_path / "gone"), str(tmp_path / "copied"))
    assert not (tmp_path / "copied").exists()
