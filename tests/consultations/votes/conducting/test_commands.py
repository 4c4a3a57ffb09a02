"""The commands of the room: roll, opening, close, board, count; and the recount, which sees what was tampered with."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from civic import clock
from civic.activities.states import State
from civic.db import db, writing
from civic.ops.recounting import recount
from consultations.votes import verify
from consultations.votes.conducting import actions as conducting
from consultations.votes.conducting.actions import VoteSettings
from consultations.votes.conducting.queries import roll_preview
from consultations.votes.models import VoteSlot
from consultations.votes.protocol.encoding import canonical
from tests.cast import Cast
from tests.factories.boards import WITNESS
from tests.factories.surveys import actor, settings
from tests.factories.votes import Held, make_vote, revision_at

YES = [1, 0, 0]


def run(app: Flask, *words: str) -> Result:
    result: Result = app.test_cli_runner().invoke(args=["votes", *words])
    db.session.rollback()
    return result


def said(app: Flask, *words: str) -> Any:
    result = run(app, *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def voted(cast: Cast, ballots: int = 12, **changed: Any) -> Held:
    held = make_vote(cast, **changed)
    for number in range(1, ballots + 1):
        held.vote_for(number, YES)
    return held


def csv(path: Path, *rows: str) -> str:
    path.write_text("entry_id,birth_date,resident_since\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return str(path)


def bare_vote(cast: Cast) -> int:
    """A vote without a register."""
    held = make_vote(cast, state=State.DRAFT, slug="other")
    facts = VoteSettings(reference_day=clock.today(), clauses={"least_age": "第3条"})
    wanted = settings(clock.now(), title={"ja": "題"}, channels=())
    project = held.vote.project_id
    return conducting.create_vote(
        actor(cast.editor), project_id=project, slug="bare", settings=wanted, facts=facts, at=clock.now()
    )


def test_a_register_is_imported_and_its_roll_counted(cast: Cast, tmp_path: Path) -> None:
    vote_id = bare_vote(cast)
    young = clock.today() - timedelta(days=365 * 10)
    source = csv(
        tmp_path / "r.csv", "a,1980-01-01,2000-01-01", f"b,{young},2000-01-01", f"c,1980-01-01,{clock.today()}"
    )
    found = said(cast.app, "import-register", "bare", source, "--codes-out", str(tmp_path / "codes.csv"))
    assert found["rows"] == {"read": 3, "stored": 3, "already_there": 0}
    assert found["roll"] == {
        "entries": 3,
        "admitted": 1,
        "left_out": [
            {"rule": "least_age", "clause": "第3条", "people": 1},
            {"rule": "least_months", "clause": None, "people": 1},
        ],
    }
    assert said(cast.app, "import-register", "bare", source)["rows"]["already_there"] == 3
    assert revision_at(vote_id) == 2


def test_a_register_with_faults_is_refused_with_its_rows(cast: Cast, tmp_path: Path) -> None:
    bare_vote(cast)
    result = run(cast.app, "import-register", "bare", csv(tmp_path / "r.csv", "a,いつか,"), "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["errors"][0]["column"] == "birth_date"


def test_no_register_goes_into_an_open_vote(cast: Cast, tmp_path: Path) -> None:
    make_vote(cast)
    result = run(cast.app, "import-register", "hall", csv(tmp_path / "r.csv", "a,,"))
    assert (result.exit_code, result.stdout) == (1, "")


@pytest.mark.parametrize("state", [State.DRAFT, State.IN_APPROVAL])
def test_a_vote_that_is_not_approved_does_not_open_and_says_why(cast: Cast, state: State) -> None:
    make_vote(cast, state=state)
    result = run(cast.app, "open", "hall", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["errors"]


def test_an_open_vote_says_so(cast: Cast) -> None:
    make_vote(cast)
    assert said(cast.app, "open", "hall") == {"activity": "hall", "state": "open", "witnesses": [WITNESS]}


def test_a_vote_is_closed_and_counted_by_commands_alone(cast: Cast, tmp_path: Path) -> None:
    held = voted(cast)
    assert run(cast.app, "close", "hall").exit_code == 1
    held.end()
    assert said(cast.app, "close", "hall")["outcome"] == "count"
    held.cosign()
    shares = []
    for trustee in (1, 3):
        path = tmp_path / f"share-{trustee}.json"
        path.write_bytes(canonical(held.share_of(trustee)))
        shares += ["--share", str(path)]
    counted = said(cast.app, "count", "hall", *shares)
    assert counted["questions"] == [{"code": "q1", "totals": {"o01": 12, "o02": 0, "o00": 0}}]
    assert said(cast.app, "count", "hall", *shares) == counted
    out = tmp_path / "board.json"
    assert run(cast.app, "board", "hall", "--out", str(out)).exit_code == 0
    assert out.read_bytes() == held.file
    assert verify.main([str(out)]) == 0


def test_too_few_shares_are_refused_and_another_run_finishes(cast: Cast, tmp_path: Path) -> None:
    held = voted(cast)
    held.end()
    held.close()
    held.cosign()
    one, two = tmp_path / "1.json", tmp_path / "2.json"
    for trustee, path in ((1, one), (2, two)):
        path.write_bytes(canonical(held.share_of(trustee)))
    assert run(cast.app, "count", "hall", "--share", str(one)).exit_code == 1
    assert said(cast.app, "count", "hall", "--share", str(one), "--share", str(two))["ballots"] == 12


def test_every_command_shows_an_example(app: Flask) -> None:
    for name in ("import-register", "open", "close", "board", "count"):
        assert "Example: flask --app wsgi votes" in run(app, name, "--help").output.replace("\n  ", " ")


def mismatches(*statements: str) -> list[Any]:
    with writing() as session:
        for one in statements:
            session.execute(sa.text(one))
    return [one.get("board") or one.get("participations") for one in recount("hall")["mismatches"]]


def test_a_whole_vote_recounts_without_a_mismatch(cast: Cast) -> None:
    held = voted(cast, 9)
    held.vote_for(3, [0, 1, 0])
    conducting.record_paper(held.id, held.entries[4], "paper", actor(cast.editor), clock.now())
    conducting.record_paper(held.id, held.entries[10], "paper", actor(cast.editor), clock.now())
    conducting.record_paper(held.id, held.entries[5], "roll", actor(cast.editor), clock.now())
    conducting.record_paper(held.id, held.entries[11], "roll", actor(cast.editor), clock.now())
    assert mismatches() == []


@pytest.mark.parametrize(
    ("statement", "seen"),
    [
        ("UPDATE vote_board SET ballots = ballots + 1", "ballots"),
        ("UPDATE vote_board SET paper = 3", "votes on paper"),
        ("UPDATE vote_board SET head = zeroblob(32)", "head"),
        ("UPDATE vote_board SET length = length + 1", "entries"),
        ("UPDATE vote_slot SET seq = 7 WHERE seq = 1", "slots that differ"),
        ("UPDATE vote_slot SET void = 'roll' WHERE seq = 0", "slots that differ"),
        ("DELETE FROM participation", "web"),
    ],
)
def test_the_recount_sees_a_broken_counter(cast: Cast, statement: str, seen: str) -> None:
    voted(cast, 3)
    assert mismatches(statement) == [seen]


def test_the_recount_sees_a_changed_entry(cast: Cast) -> None:
    voted(cast, 3)
    found = mismatches("DROP TRIGGER board_entry_no_update", "UPDATE board_entry SET hash = zeroblob(32) WHERE n = 2")
    assert found == ["broken entries"]


def test_a_preview_agrees_with_the_frozen_roll(cast: Cast) -> None:
    held = make_vote(cast)
    roll = roll_preview(held.vote)
    assert roll is not None
    assert roll.admitted == db.session.scalar(sa.select(sa.func.count()).select_from(VoteSlot))
