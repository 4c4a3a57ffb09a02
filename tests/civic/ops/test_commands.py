"""How every command speaks: JSON when asked, a sentence when it cannot, and never a traceback."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import click
import pytest
from click.testing import Result
from flask import Flask

from civic import keys
from civic.app import create_app
from civic.config import Mode, Settings
from civic.db import db
from civic.ops.output import refusals_exit_1
from tests.cast import Cast
from tests.factories.surveys import ONE_QUESTION, make_survey
from wsgi import FEATURES

# Without an answer: they run on, print a document of their own, or belong to Flask.
NO_JSON: Final = {"jobs run", "jobs child", "ops configuration", "ops prepare"}
OURS: Final = ("ops", "identity", "surveys", "jobs")


def commands(group: click.Group, *path: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        elif path and path[0] in OURS:
            yield " ".join((*path, name)), command


def run(app: Flask, line: str) -> Result:
    return app.test_cli_runner().invoke(args=line.split())


def test_every_command_prints_json_when_asked_and_shows_an_example(app: Flask) -> None:
    found = dict(commands(app.cli))
    assert len(found) > 15
    silent = {name for name, command in found.items() if not any("--json" in one.opts for one in command.params)}
    assert silent == NO_JSON
    assert [name for name, command in found.items() if "Example: flask --app wsgi" not in (command.help or "")] == []


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Flask]:
    """A folder with a key and no database."""
    keys.create(tmp_path / "keys")
    app = create_app(Settings(mode=Mode.TEST, instance=tmp_path), FEATURES)
    with app.app_context():
        yield app


@pytest.mark.parametrize(
    "line",
    [
        "identity totp sato",
        "identity create-staff sato --role admin",
        "identity reset-second-factor sato",
        "ops recount",
        "ops verify-audit",
        "ops seed --profile audit",
        "ops check",
        "surveys export shade --format json",
        "surveys export-responses shade --format csv",
        "surveys tabulate shade --row a --col b",
    ],
)
def test_without_a_database_a_command_says_what_to_run(empty: Flask, line: str) -> None:
    refused = run(empty, line)
    assert refused.exit_code == 1, refused.exception
    assert "run `ops migrate`" in refused.output
    if "export" not in line:
        assert json.loads(run(empty, f"{line} --json").stdout)["errors"]


def test_a_fault_that_is_no_missing_database_is_not_hidden(app: Flask) -> None:
    @refusals_exit_1
    def ask(as_json: bool) -> None:
        db.session.connection().exec_driver_sql("SELECT * FROM nowhere")

    with pytest.raises(Exception, match="nowhere"):
        ask(as_json=False)


@pytest.mark.parametrize(
    "line", ["surveys export {} --format json", "surveys tabulate {} --row a --col b", "ops recount {}"]
)
def test_an_unknown_address_is_named(app: Flask, line: str) -> None:
    refused = run(app, line.format("nothing-here"))
    assert refused.exit_code == 1
    assert "There is no activity with the address nothing-here." in refused.output


def test_an_export_says_where_it_went(app: Flask, tmp_path: Path) -> None:
    make_survey(Cast(app), ONE_QUESTION)
    for line in ("surveys export shade --format json", "surveys export-responses shade --format csv"):
        out = tmp_path / "out"
        done = run(app, f"{line} --out {out} --json")
        assert json.loads(done.stdout) == {"file": str(out)}
        assert out.stat().st_size


def test_migrate_check_and_keys_answer_in_json(app: Flask, tmp_path: Path) -> None:
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("correct horse battery staple\n")
    exported = tmp_path / "machikoe.key"
    assert json.loads(run(app, "ops migrate --json").stdout)["revision"]
    assert json.loads(run(app, "ops check --json").stdout) == {"unsafe": []}
    assert json.loads(run(app, "ops init-keys --json").stdout)["keys"]
    done = run(app, f"ops keys export {exported} --passphrase-file {passphrase} --json")
    assert json.loads(done.stdout) == {"file": str(exported)}
    refused = run(app, f"ops keys import {exported} --passphrase-file {passphrase} --json")
    assert json.loads(refused.stdout)["status"] == 422


@pytest.mark.parametrize("mode", [Mode.TEST, Mode.DEMO])
def test_no_mail_goes_to_what_is_no_address(settings: Settings, mode: Mode) -> None:
    app = create_app(replace(settings, mode=mode), FEATURES)
    refused = app.test_cli_runner().invoke(args=["ops", "send-test-mail", "bad address"])
    assert refused.exit_code == 2
    assert "no mail address" in refused.output


def test_printed_links_follow_the_port() -> None:
    assert Settings.from_environment({"PORT": "8765"}).base_url == "http://127.0.0.1:8765"
    assert Settings.from_environment({"PORT": "8765", "BASE_URL": "https://koe.example.jp"}).base_url.startswith(
        "https"
    )
    assert Settings.from_environment({}).base_url == "http://127.0.0.1:8000"
