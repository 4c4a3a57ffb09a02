"""The examples of `deploy/` name what the program has."""

import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask

from civic import keys, safety
from civic.config import Mode, Settings, variable

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
