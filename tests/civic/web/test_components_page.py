"""The page of all components is for those who write pages."""

from dataclasses import replace

from flask import Flask
from flask.testing import FlaskClient

from civic.config import Mode


def test_it_shows_every_part_outside_production(client: FlaskClient) -> None:
    assert client.get("/components").status_code == 200


def test_production_does_not_have_it(app: Flask, client: FlaskClient) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], mode=Mode.PRODUCTION)
    app.extensions["known_safe"] = True
    assert client.get("/components").status_code == 404
