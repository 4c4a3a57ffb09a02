"""Seeds: once, whole, and the same answer for ever."""

import json
from dataclasses import replace
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from civic.config import Mode
from civic.db import writing
from civic.features import Feature, House
from civic.identity.models import Department
from civic.ops import seeding
from tests.cast import Cast


def first_part() -> dict[str, Any]:
    with writing() as session:
        session.add(Department(code="seeded", name={"ja": "課"}))
    return {"accounts": [{"role": "editor", "login": "a", "password": "p"}], "objects": {"ids": {"slug": ["x"]}}}


def second_part() -> dict[str, Any]:
    return {"activities": [{"kind": "survey"}], "objects": {"ids": {"slug": ["y"], "id": [1]}, "receipts": ["r"]}}


@pytest.fixture(autouse=True)
def two_rooms(app: Flask) -> None:
    rooms = (Feature("one", seeds={"audit": first_part}), Feature("two", seeds={"audit": second_part}))
    app.extensions["house"] = House(rooms)


def seed(app: Flask, profile: str = "audit") -> Result:
    return app.test_cli_runner().invoke(args=["ops", "seed", "--profile", profile, "--json"])


def test_the_parts_of_all_rooms_are_joined_and_printed_again_unchanged(app: Flask) -> None:
    first = seed(app)
    assert json.loads(first.stdout) == {
        "accounts": [{"role": "editor", "login": "a", "password": "p"}],
        "activities": [{"kind": "survey"}],
        "objects": {"ids": {"slug": ["x", "y"], "id": [1]}, "receipts": ["r"]},
    }
    assert seed(app).stdout == first.stdout


def test_a_database_with_data_is_not_seeded(app: Flask) -> None:
    Cast(app).department()
    refused = seed(app)
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["type"] == "/problems/not-empty"


def test_one_profile_does_not_mix_with_another(app: Flask) -> None:
    seed(app)
    assert seed(app, "demo").exit_code == 1


def test_an_interrupted_seed_is_noticed(app: Flask) -> None:
    seeding.begin("audit")
    assert json.loads(seed(app).stdout)["type"] == "/problems/seed-interrupted"


def test_production_gets_no_accounts_with_known_passwords(app: Flask) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], mode=Mode.PRODUCTION)
    assert json.loads(seed(app).stdout)["type"] == "/problems/no-seeds-in-production"
