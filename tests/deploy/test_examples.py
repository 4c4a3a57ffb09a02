"""The examples of `deploy/` name what the program has."""

import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask

from civic import keys, safety
from civic.config import Mode, Settings, variable
from consultations.votes.casting import memory

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def environment() -> dict[str, str]:
    """What the shell, and systemd alike, make of the example."""
    lines = (DEPLOY / "environment.example").read_text("utf-8").splitlines()
    pairs = (shlex.split(line)[0].partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def test_the_example_environment_sets_everything_production_needs() -> None:
    only_for_make_run = {"PORT"}
    assert set(environment()) == {variable(one.name) for one in fields(Settings)} - only_for_make_run


def test_the_example_environment_is_read_as_a_production_that_trusts_its_one_proxy(tmp_path: Path) -> None:
    settings = Settings.from_environment(environment())
    assert (settings.mode, settings.https, settings.trusted_proxies) == (Mode.PRODUCTION, True, 1)
    assert settings.instance not in settings.keys_folder.parents, "a copy of the data would take the key along"
    example = Flask("example")
    example.extensions["keys"] = keys.create(tmp_path / "keys")
    assert list(safety.unsafe_settings(example, settings)) == []


@pytest.mark.parametrize("header", ["For", "Proto", "Host", "Port"])
def test_nginx_sets_every_forwarded_header_the_program_believes(header: str) -> None:
    assert re.search(rf"proxy_set_header X-Forwarded-{header} +\$", (DEPLOY / "nginx.conf").read_text("utf-8"))


@pytest.mark.parametrize("unit", ["machikoe-web.service", "machikoe-jobs.service", "machikoe-backup.service"])
def test_the_units_run_as_nobody_special_with_the_same_settings(unit: str) -> None:
    lines = (DEPLOY / unit).read_text("utf-8").splitlines()
    wanted = {"User=machikoe", "EnvironmentFile=/etc/machikoe/environment", "NoNewPrivileges=yes", "UMask=0077"}
    assert wanted <= set(lines)


@pytest.mark.parametrize("example", ["machikoe-web.service", "Containerfile"])
def test_the_parent_process_makes_the_key_of_ballots_that_wait(example: str) -> None:
    """Else each worker would have its own, and a ballot chosen at one could not be cast at another."""
    (started,) = re.findall(r"gunicorn -c python:(\S+) ", (DEPLOY / example).read_text("utf-8"))
    assert started == memory.__name__


def test_the_container_holds_every_room() -> None:
    copied = set(re.findall(r"^COPY (\w+) \1$", (DEPLOY / "Containerfile").read_text("utf-8"), re.MULTILINE))
    assert copied >= {"civic", "surveys", "consultations", "analysis", "migrations"}


def test_nginx_keeps_no_line_of_a_request_to_a_vote_and_compresses_none() -> None:
    found = re.search(r"location /votes/ \{(.*?)\n    \}", (DEPLOY / "nginx.conf").read_text("utf-8"), re.DOTALL)
    assert found is not None
    lines = [" ".join(line.split()) for line in found[1].splitlines()]
    assert {"access_log off;", "error_log /dev/null crit;", "gzip off;"} <= set(lines)
