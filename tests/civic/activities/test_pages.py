"""Every page of this room, in every state and language: it opens, has one heading, and asks few questions of the database."""

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from civic.activities.states import State
from civic.identity.accounts import Actor
from tests.cast import Cast
from tests.factories.gatherings import Desk, gathering

LANGUAGES = ("ja", "ja-easy", "en")
RESIDENT = ("/", "/results", "/receipt", "/help", "/privacy", "/accessibility")


def page(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    """The page at `address`, checked for what every page must have."""
    answer = client.get(address)
    assert answer.status_code == status, f"{address}: {answer.status_code}"
    soup = BeautifulSoup(answer.text, "html5lib")
    assert len(soup.select("h1")) == 1, f"{address} has {len(soup.select('h1'))} first headings"
    ids = [tag["id"] for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids)), f"{address} repeats an id: {sorted({i for i in ids if ids.count(i) > 1})}"
    return soup


@pytest.fixture
def staffed(cast: Cast) -> Desk:
    """The same desk, with people who can sign in."""
    return Desk(Actor(f"staff:{cast.editor.id}", cast.editor.id), Actor(f"staff:{cast.approver.id}", cast.approver.id))


@pytest.mark.parametrize("language", LANGUAGES)
def test_residents_pages_open_while_nothing_is_there(client: FlaskClient, language: str) -> None:
    for address in RESIDENT:
        page(client, f"{address}?lang={language}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_residents_pages_open_with_activities_in_every_state(client: FlaskClient, desk: Desk, language: str) -> None:
    made = {state: gathering(desk.in_state(state)) for state in State}
    for address in RESIDENT:
        page(client, f"{address}?lang={language}")
    for state, activity in made.items():
        if state not in (State.DRAFT, State.IN_APPROVAL):
            page(client, f"/gatherings/{activity.slug}?lang={language}")


def test_the_first_page_says_each_thing_in_each_language(client: FlaskClient) -> None:
    headings = {page(client, f"/?lang={language}").select_one("h1").get_text() for language in LANGUAGES}
    assert len(headings) == 3


@pytest.mark.parametrize("state", list(State))
def test_staff_pages_of_an_activity_open_in_every_state(cast: Cast, staffed: Desk, state: State) -> None:
    slug = gathering(staffed.in_state(state)).slug
    for person in (cast.editor, cast.approver):
        client = cast.client(person)
        for address in (
            "/staff/",
            "/staff/activities",
            f"/staff/activities/{slug}",
            f"/staff/activities/{slug}/conflicts",
        ):
            page(client, address)
    editor, approver = cast.client(cast.editor), cast.client(cast.approver)
    for act in ("submit", "close", "delete", "answer", "contact"):
        page(editor, f"/staff/activities/{slug}/{act}?revision=1")
    for act in ("extend", "stop"):
        if state in (State.ENDED, State.CLOSED, State.ANSWERED):
            assert editor.get(f"/staff/activities/{slug}/{act}?revision=1").status_code == 409
        else:
            page(editor, f"/staff/activities/{slug}/{act}?revision=1")
    for act in ("approve", "send-back", "publish", "withdraw"):
        page(approver, f"/staff/activities/{slug}/{act}?revision=1")
    if state in (State.DRAFT, State.IN_APPROVAL, State.SCHEDULED):
        page(editor, f"/staff/activities/{slug}/settings")
    page(editor, "/staff/projects")
    page(editor, "/staff/projects/new")
    page(editor, "/staff/projects/project-1")
