"""A page or an act of departmental scope that forgets to ask which department fails loudly, before anybody relies on it."""

from collections.abc import Iterator

import pytest
from flask import Blueprint, Flask, redirect
from flask.typing import ResponseReturnValue

from civic.app import create_app
from civic.config import Settings
from civic.features import Feature
from civic.identity import access
from civic.identity.access import ScopeUnchecked
from civic.identity.roles import Role, Scope, permit
from tests.cast import Cast, post
from tests.conftest import Visitor
from wsgi import FEATURES


def shed() -> Feature:
    """A room whose pages forget, and one that asks."""
    pages = Blueprint("shed", __name__)

    @pages.route("/staff/shed/forgets", methods=["GET", "POST"])
    def forgets() -> ResponseReturnValue:
        return redirect("/", 303)

    @pages.get("/staff/shed/shows")
    def shows() -> str:
        return "shed"

    @pages.post("/staff/shed/asks")
    def asks() -> ResponseReturnValue:
        access.departments("shed.keep")
        return redirect("/", 303)

    permits = (
        permit("shed.forgets", "GET POST", "shed.keep", Role.EDITOR, Scope.DEPARTMENT),
        permit("shed.shows", "GET", "shed.keep", Role.EDITOR, Scope.DEPARTMENT),
        permit("shed.asks", "POST", "shed.keep", Role.EDITOR, Scope.DEPARTMENT),
    )
    return Feature(name="shed", blueprints=(pages,), permits=permits)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    application = create_app(settings, [*FEATURES, shed()])
    application.test_client_class = Visitor
    with application.app_context():
        yield application


def test_a_page_that_forgets_the_department_is_not_shown(app: Flask, cast: Cast) -> None:
    with pytest.raises(ScopeUnchecked):
        cast.client(cast.editor).get("/staff/shed/shows")


def test_an_act_that_forgets_the_department_is_noticed_though_it_leads_elsewhere(app: Flask, cast: Cast) -> None:
    client = cast.client(cast.editor)
    with pytest.raises(ScopeUnchecked):
        post(client, "/staff/shed/forgets", page="/me")
    assert client.get("/staff/shed/forgets").status_code == 303, "leading on shows nothing"


def test_an_act_that_asks_passes(app: Flask, cast: Cast) -> None:
    assert post(cast.client(cast.editor), "/staff/shed/asks", page="/me").status_code == 303
