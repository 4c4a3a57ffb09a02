"""The demo city's votes: verified boards, keys that open them, and texts for all three readerships."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from civic.activities.models import Activity
from civic.activities.queries import activity_by_slug
from civic.activities.states import State
from civic.db import db
from civic.identity import seeds as people
from consultations.votes.models import Vote
from consultations.votes.posting import boards, files
from consultations.votes.posting.closing import closing_of
from consultations.votes.protocol.board import Outcome, read_published
from consultations.votes.protocol.encoding import read
from consultations.votes.protocol.group import read_scalar, times_base
from consultations.votes.seeds import content, demo
from tests.seeds.test_content import problems, texts_in


def every_text() -> list[Any]:
    written = {file.name: tomllib.loads(file.read_text(encoding="utf-8")) for file in content.FOLDER.glob("*.toml")}
    return [pytest.param(text, id=name + place) for name, whole in written.items() for place, text in texts_in(whole)]


@pytest.mark.parametrize("text", every_text())
def test_a_text_is_written_for_all_three_readerships(text: dict[str, str]) -> None:
    assert problems(text) == []


@pytest.mark.parametrize("slug", content.city()["votes"])
def test_both_sides_get_the_same_room(slug: str) -> None:
    written = content.read(slug).content
    for language in ("ja", "ja-easy", "en"):
        one, other = len(written["arguments_for"][language]), len(written["arguments_against"][language])
        assert abs(one - other) <= 0.25 * max(one, other)


def sown(app: Flask) -> dict[str, Any]:
    """The city's people and its votes, without the other rooms."""
    people.SEEDS["audit"]()
    document = demo.audit()
    db.session.rollback()
    return document


def vote_at(slug: str) -> Activity:
    found = activity_by_slug(slug)
    assert isinstance(found, Vote)
    return found


def test_every_state_stands_there_and_every_board_is_right(app: Flask) -> None:
    document = sown(app)
    assert {one["state"] for one in document["activities"]} == {str(state) for state in State}
    for one in document["activities"]:
        vote = vote_at(one["slug"])
        if vote.opened_at is not None:
            board = boards.latest(db.session, vote.id)
            published = read_published(read(files.whole(board.id)))
            assert published.board.length > 10, one
    answered = closing_of(db.session, boards.latest(db.session, vote_at("swimming-pool").id))
    assert answered is not None
    assert answered.totals == [[21, 17, 0]]
    assert answered.handed_in == {1, 3}
    few = closing_of(db.session, boards.latest(db.session, vote_at("vote-few").id))
    assert few is not None
    assert (few.outcome, few.ballots) == (Outcome.TOO_FEW, 9)
    waiting = closing_of(db.session, boards.latest(db.session, vote_at("vote-closed").id))
    assert waiting is not None
    assert (waiting.outcome, waiting.ballots, waiting.totals) == (Outcome.COUNT, 12, [])
    keys_open(app, answered.manifest)


def keys_open(app: Flask, manifest: Any) -> None:
    """The kept keys are those the manifest names."""
    folder: Path = app.extensions["settings"].instance / "trustees-demo"
    for trustee in manifest.trustees:
        value = json.loads((folder / f"key-{trustee.id}.json").read_bytes())
        assert times_base(read_scalar(value["secret"], "key")) == trustee.share
    assert (folder / "key-1.json").stat().st_mode & 0o077 == 0
    assert "Never" in (folder / "README.txt").read_text(encoding="utf-8")
