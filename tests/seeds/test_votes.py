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
from consultations.votes.protocol.encoding import canonical, read
from consultations.votes.protocol.manifest import Manifest
from consultations.votes.seeds import content, demo, trustees
from consultations.votes.trustee import keyfile
from consultations.votes.trustee.decrypting import decrypted, rehearsed
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


def keys_open(app: Flask, manifest: Manifest) -> None:
    """The kept key files are those of the manifest's trustees, readable by their owner only."""
    folder: Path = app.extensions["settings"].instance / "trustees-demo"
    for trustee in manifest.trustees:
        with keyfile.opened(folder / f"key-{trustee.id}.json", trustees.PASSPHRASE) as file:
            assert rehearsed(file.key, manifest.source)[1].trustee == trustee.id
    assert (folder / "key-1.json").stat().st_mode & 0o077 == 0
    assert "Never" in (folder / "README.txt").read_text(encoding="utf-8")


def test_a_closed_vote_is_opened_with_the_kept_keys_by_commands_alone(app: Flask, tmp_path: Path) -> None:
    sown(app)
    folder: Path = app.extensions["settings"].instance / "trustees-demo"
    run, board = app.test_cli_runner().invoke, tmp_path / "board.json"
    assert run(args=["votes", "board", "vote-closed", "--out", str(board)]).exit_code == 0
    shares = []
    for number in (2, 3):
        out = tmp_path / f"share-{number}.json"
        with keyfile.opened(folder / f"key-{number}.json", trustees.PASSPHRASE) as file:
            out.write_bytes(canonical(decrypted(file, read_published(read(board.read_bytes()))).body))
        shares += ["--share", str(out)]
    counted = run(args=["votes", "count", "vote-closed", *shares, "--json"])
    assert counted.exit_code == 0, counted.output
    assert json.loads(counted.stdout)["questions"] == [{"code": "q1", "totals": {"o01": 8, "o02": 3, "o00": 1}}]
