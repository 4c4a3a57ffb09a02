"""Every rule × method of the URL map, called as everybody: who is let in, who is sent to sign in, who is refused.

`BY_HAND` says it in our own words for the rules that matter most, without looking at the program's permits; for the
rest the expectation comes from `ops routes`, the published answer to the same question.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pytest
from flask import Blueprint
from werkzeug.test import TestResponse

from civic.app import create_app
from civic.config import Settings
from civic.features import Feature
from civic.identity.access import Undeclared
from civic.identity.roles import PUBLIC, permit
from tests.walks.sheets import CONSULTATIONS
from tests.walks.town import EVERYBODY, SIGNED_OUT, Town
from wsgi import FEATURES

# Who is let in; everybody else with an account is refused, and whoever is not signed in is asked to sign in.
# `parks_editor` is an editor of another department than the one the objects belong to.
ALL: Final = " ".join(EVERYBODY)
EDITORS: Final = "editor parks_editor"
OWN_STAFF: Final = "editor approver moderator analyst admin"
BY_HAND: Final = {
    "GET /": ALL,
    "GET /surveys/<slug>": ALL,
    "GET /surveys/<slug>/answer": ALL,
    "POST /surveys/<slug>/answer": ALL,
    "GET /surveys/<slug>/results": ALL,
    "GET /surveys/<slug>/results.csv": ALL,
    "GET /reports/<slug>": ALL,
    "POST /receipt": ALL,
    "POST /sign-in": ALL,
    "GET /feed.atom": ALL,
    "GET /me": "resident neighbour editor parks_editor approver moderator analyst council_member admin",
    "GET /me/address": "resident neighbour",
    "POST /me/address": "resident neighbour",
    "GET /me/delete": "resident neighbour",
    "POST /me/delete": "resident neighbour",
    "GET /me/recovery-codes": "editor parks_editor approver moderator analyst council_member admin",
    "GET /council/": "council_member",
    "GET /council/reports/<slug>": "council_member",
    "GET /council/reports/<slug>/tables.csv": "council_member",
    "GET /admin/audit": "admin",
    "GET /admin/outbox": "admin",
    "GET /admin/staff": "admin",
    "GET /admin/staff/<staff_id>": "admin",
    "POST /admin/staff/<staff_id>": "admin",
    "POST /admin/staff/<staff_id>/suspend": "admin",
    "POST /admin/staff/<staff_id>/reinstate": "admin",
    "POST /admin/staff/<staff_id>/new-link": "admin",
    "POST /admin/staff/invite": "admin",
    "POST /admin/departments": "admin",
    "GET /staff/": f"{EDITORS} approver moderator analyst admin",
    "GET /staff/activities": f"{EDITORS} approver moderator analyst admin",
    "GET /staff/activities/<slug>": OWN_STAFF,
    "GET /staff/activities/<slug>/count.json": OWN_STAFF,
    "POST /staff/activities/<slug>/settings": "editor",
    "POST /staff/activities/<slug>/submit": "editor",
    "POST /staff/activities/<slug>/approve": "approver",
    "POST /staff/activities/<slug>/send-back": "approver",
    "POST /staff/activities/<slug>/extend": "editor",
    "POST /staff/activities/<slug>/stop": "editor",
    "POST /staff/activities/<slug>/period/<change_id>": "approver",
    "POST /staff/activities/<slug>/close": "editor",
    "POST /staff/activities/<slug>/withdraw": "approver",
    "POST /staff/activities/<slug>/answer": "editor",
    "POST /staff/activities/<slug>/publish": "approver",
    "POST /staff/activities/<slug>/delete": "editor",
    "POST /staff/activities/<slug>/conflicts/<receipt>": "editor",
    "POST /staff/activities/<slug>/conflicts/<receipt>/decide": "approver",
    "GET /staff/projects/new": EDITORS,
    "POST /staff/projects/<slug>": "editor",
    "GET /staff/surveys/new": EDITORS,
    "GET /staff/surveys/<slug>/questionnaire": "editor approver moderator analyst",
    "POST /staff/surveys/<slug>/questionnaire": "editor",
    "POST /staff/surveys/<slug>/questionnaire/questions/<code>": "editor",
    "POST /staff/surveys/<slug>/questionnaire/undo": "editor",
    "POST /staff/surveys/<slug>/check": "editor",
    "POST /staff/surveys/<slug>/copy": "editor",
    "GET /staff/surveys/<slug>/trial": OWN_STAFF,
    "GET /staff/surveys/<slug>/results": OWN_STAFF,
    "GET /staff/surveys/<slug>/crosstab": OWN_STAFF,
    "GET /staff/analysis/<slug>/<question>": "editor approver moderator analyst",
    "POST /staff/analysis/<slug>/<question>/runs": "analyst",
    "POST /staff/analysis/<slug>/<question>/runs/<number>/cancel": "analyst",
    "POST /staff/analysis/<slug>/<question>/runs/<number>/topics/<topic>": "analyst",
    "GET /staff/analysis/<slug>/<question>/runs/<number>/output.json": "editor approver moderator analyst",
    "GET /staff/analysis/<slug>/<question>/masks": "editor moderator analyst",
    "POST /staff/analysis/<slug>/<question>/masks": "editor moderator analyst",
    "GET /staff/reports/<slug>": "editor approver moderator analyst",
    "POST /staff/reports/<slug>/texts": "editor analyst",
    "POST /staff/reports/<slug>/submit": "editor analyst",
    "POST /staff/reports/<slug>/publish": "approver",
    "POST /staff/reports/<slug>/send-back": "approver",
    **{name: who for part in CONSULTATIONS for name, who in part.BY_HAND.items()},
}  # fmt: skip
ROLES: Final = {
    "resident": "resident", "neighbour": "resident", "editor": "editor", "parks_editor": "editor",
    "approver": "approver", "moderator": "moderator", "analyst": "analyst", "council_member": "council",
    "admin": "admin",
}  # fmt: skip
LET_IN, SIGN_IN, REFUSED = "let in", "asked to sign in", "refused"
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Pages that are there only for somebody who has just done something, or in the demo city.
NOT_ALWAYS_THERE: Final = {
    "GET /surveys/<slug>/saved",
    "GET /staff/outbox",
    *(name for part in CONSULTATIONS for name in part.NOT_ALWAYS_THERE),
}


@dataclass(frozen=True)
class Route:
    """One rule × method with the permit `ops routes` prints for it."""

    rule: str
    method: str
    roles: frozenset[str]
    scope: str

    @property
    def name(self) -> str:
        """The rule without its converters."""
        return f"{self.method} {re.sub(r'<[^>]*?:', '<', self.rule)}"

    def lets_in(self, who: str) -> bool:
        """What the permit means for `who`, where the objects belong to the planning department."""
        if PUBLIC in self.roles:
            return True
        foreign = who == "parks_editor" and self.scope == "department" and "<" in self.rule
        return ROLES.get(who) in self.roles and not foreign


def routes(town: Town) -> list[Route]:
    """Every rule × method, as `ops routes --json` has it."""
    printed = town.app.test_cli_runner().invoke(args=["ops", "routes", "--json"]).stdout
    return [
        Route(row["rule"], method, frozenset(row["roles"]), row["scope"])
        for row in json.loads(printed)
        for method in row["methods"]
        if method in METHODS
    ]


def expected(route: Route, who: str) -> str:
    by_hand = BY_HAND.get(route.name)
    if who in by_hand.split() if by_hand is not None else route.lets_in(who):
        return LET_IN
    return SIGN_IN if who in SIGNED_OUT else REFUSED


def outcome(answer: TestResponse) -> str:
    location = answer.headers.get("Location", "")
    if answer.status_code == 401 or (answer.status_code in {302, 303} and location.startswith("/sign-in?next=")):
        return SIGN_IN
    if answer.status_code == 403:
        return REFUSED
    if answer.status_code in {200, 302, 303, 404, 409, 422}:
        return LET_IN
    return f"answered {answer.status_code}"


def call(town: Town, route: Route, who: str) -> TestResponse:
    """The route called as `who`: a form with its token and, as tries are counted by code, a code of one's own."""
    client, address = town.client(who), town.address(route.rule)
    if route.method == "GET":
        return client.get(address, buffered=True)
    return client.open(address, method=route.method, data={"csrf_token": town.tokens[who], "resume_code": who})


def walk(town: Town, wanted: Sequence[Route], people: Sequence[str] = EVERYBODY) -> Iterator[str]:
    """A line for each call that ends otherwise than expected."""
    for route in wanted:
        for who in people:
            answer = call(town, route, who)
            if outcome(answer) != expected(route, who):
                yield f"{who} {route.name}: {outcome(answer)} ({answer.status_code}), expected {expected(route, who)}"
            if route.method != "GET" and outcome(answer) == LET_IN:
                town.restore()


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_gets_what_the_table_says_from_every_address(town: Town, who: str) -> None:
    assert list(walk(town, routes(town), [who])) == []


def test_every_line_written_by_hand_is_an_address(town: Town) -> None:
    assert BY_HAND.keys() - {route.name for route in routes(town)} == set()
    assert len({name.split()[1] for name in BY_HAND}) >= 30


def test_the_walk_notices_one_changed_permit(town: Town) -> None:
    house = town.app.extensions["house"]
    key = ("desk.approve", "POST")
    before = house.permits[key]
    approve = [route for route in routes(town) if route.name == "POST /staff/activities/<slug>/approve"]
    house.permits[key] = replace(before, roles=frozenset({"editor", "approver"}))
    try:
        found = list(walk(town, approve))
    finally:
        house.permits[key] = before
    assert any(line.startswith("editor POST /staff/activities/<slug>/approve: let in") for line in found)


def test_whatever_is_open_to_somebody_is_there(town: Town) -> None:
    """A page that answers 404 to all who may open it would prove nothing in the walk."""
    for route in routes(town):
        if route.method != "GET" or route.name in NOT_ALWAYS_THERE:
            continue
        who = next(who for who in reversed(EVERYBODY) if expected(route, who) == LET_IN)
        assert call(town, route, who).status_code in {200, 302}, f"{who} {route.name}"


def test_nothing_unknown_is_found_by_those_who_may_look_for_it(town: Town) -> None:
    for route in routes(town):
        if route.method != "GET" or "<" not in route.rule:
            continue
        address = re.sub(r"<int[^>]*>", "987654", route.rule)
        address = re.sub(r"<[^>]+>", "nowhere", address)
        who = next(who for who in reversed(EVERYBODY) if expected(route, who) == LET_IN)
        assert town.client(who).get(address).status_code == 404, f"{who} {address}"


def test_an_address_answers_only_the_methods_it_declares(town: Town) -> None:
    declared: dict[str, set[str]] = {}
    for route in routes(town):
        declared.setdefault(town.address(route.rule), set()).add(route.method)
    for address, methods in declared.items():
        client = town.client("admin")
        for method in set(METHODS) - methods:
            answer = client.open(address, method=method, data={"csrf_token": town.tokens["admin"]})
            assert answer.status_code == 405, f"{method} {address}: {answer.status_code}"
            assert set(answer.headers["Allow"].split(", ")) - {"HEAD", "OPTIONS"} == methods


def test_head_answers_as_get_without_a_body(town: Town) -> None:
    for route in routes(town):
        if route.method != "GET":
            continue
        address = town.address(route.rule)
        for who in ("anonymous", "admin", "editor"):
            head, get = (town.client(who).open(address, method=method, buffered=True) for method in ("HEAD", "GET"))
            assert (head.status_code, head.data) == (get.status_code, b""), f"{who} {address}"


def test_at_most_fifteen_forms_are_open_to_everybody(town: Town) -> None:
    """Each of these can be posted by a stranger: a new one needs a reason and room below fifteen."""
    assert sorted(route.name for route in routes(town) if route.method != "GET" and PUBLIC in route.roles) == [
        "POST /code/<slug>",
        "POST /consultations/<slug>/comment",
        "POST /consultations/<slug>/done",
        "POST /consultations/<slug>/withdraw",
        "POST /links/<token>",
        "POST /password",
        "POST /receipt",
        "POST /sign-in",
        "POST /sign-out",
        "POST /sign-up",
        "POST /surveys/<slug>/answer",
        "POST /surveys/<slug>/done",
        "POST /surveys/<slug>/resume",
        "POST /votes/<slug>/cast",
        "POST /votes/<slug>/receipt",
    ]


def room(*permits: Any) -> Feature:
    """A room with one page and these permits."""
    pages = Blueprint("shed", __name__)
    pages.add_url_rule("/shed", "page", lambda: "", methods=["GET", "POST"])
    return Feature(name="shed", blueprints=(pages,), permits=permits)


def test_no_application_starts_with_a_route_nobody_gave_a_permit(settings: Settings) -> None:
    with pytest.raises(Undeclared, match=r"without a permit.*shed\.page.*GET.*shed\.page.*POST"):
        create_app(settings, [*FEATURES, room()])
    with pytest.raises(Undeclared, match=r"without a permit: \[\('shed\.page', 'POST'\)\]"):
        create_app(settings, [*FEATURES, room(permit("shed.page", "GET", "shed.read", PUBLIC))])
    with pytest.raises(Undeclared, match=r"permits without a route: \[\('shed\.page', 'PUT'\)\]"):
        create_app(settings, [*FEATURES, room(permit("shed.page", "GET POST PUT", "shed.read", PUBLIC))])
    create_app(settings, [*FEATURES, room(permit("shed.page", "GET POST", "shed.read", PUBLIC))])


def test_a_receipt_is_shown_to_its_owner_and_to_no_other_resident(town: Town) -> None:
    owner, other = town.client("resident"), town.client("neighbour")
    assert "日かげについて" in owner.get("/me").text
    assert "日かげについて" not in other.get("/me").text
