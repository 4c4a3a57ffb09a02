"""The pages ask the database the same number of questions for one activity and for forty."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from civic.activities.states import Channel
from civic.db import db
from civic.identity.accounts import Actor
from tests.cast import Cast
from tests.factories.gatherings import REGISTERED, Desk, take_part


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every SELECT sent while the block runs."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def asked(client: FlaskClient, address: str) -> int:
    client.get(address)  # the first request of a process also looks whether the database is safe
    with statements() as sent:
        assert client.get(address).status_code == 200
    return len(sent)


@pytest.mark.parametrize(
    ("address", "most"), [("/", 1), ("/results", 1), ("/privacy", 1), ("/opendata/", 1), ("/api/v1/activities", 1)]
)
def test_residents_lists_cost_one_question_however_long(
    client: FlaskClient, desk: Desk, address: str, most: int
) -> None:
    desk.opened()
    desk.answered()
    few = asked(client, address)
    for _ in range(10):
        desk.opened()
        desk.answered()
    assert asked(client, address) == few <= most


@pytest.mark.parametrize(("address", "most"), [("/staff/", 12), ("/staff/activities", 6)])
def test_staff_lists_cost_the_same_however_long(cast: Cast, address: str, most: int) -> None:
    desk = Desk(Actor(f"staff:{cast.editor.id}", cast.editor.id), Actor(f"staff:{cast.approver.id}", cast.approver.id))
    editor = cast.client(cast.editor)
    made = desk.opened(**REGISTERED)
    take_part(made, "resident:1")
    take_part(made, "resident:1", Channel.PAPER)
    few = asked(editor, address)
    for number in range(10):
        more = desk.opened(**REGISTERED)
        take_part(more, f"resident:{number}")
        take_part(more, f"resident:{number}", Channel.PAPER)
        desk.closed()
    assert asked(editor, address) == few <= most


def test_the_page_of_an_activity_costs_the_same_with_many_participations(cast: Cast) -> None:
    desk = Desk(Actor(f"staff:{cast.editor.id}", cast.editor.id), Actor(f"staff:{cast.approver.id}", cast.approver.id))
    editor = cast.client(cast.editor)
    made = desk.opened()
    take_part(made)
    few = asked(editor, "/staff/activities/gathering-1")
    for _ in range(30):
        take_part(made)
    assert asked(editor, "/staff/activities/gathering-1") == few <= 10
