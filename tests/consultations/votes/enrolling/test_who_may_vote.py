"""A register that brings nationality or exclusions is held against the vote's rules; what it does not bring is not checked."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from civic import clock
from civic.activities.states import State
from civic.db import db, writing
from civic.identity.registers import keeping
from civic.jobs.child import perform_due
from consultations.votes.conducting import actions
from consultations.votes.models import Vote
from tests.cast import Cast
from tests.factories.surveys import actor
from tests.factories.votes import Held, make_vote, revision_at
from tests.pages import Page, opens

ROLL, LOOK, IMPORT = "/staff/votes/hall/roll", "このファイルを調べる", "2人を取り込む"
ROWS = ["n-1,日本,,非該当", "n-2,中長期在留者,2001-02-03,非該当", "n-3,その他,,非該当", "n-4,日本,,該当"]
COLUMNS = "entry_id,nationality,status_since,article_11"


@pytest.fixture
def held(cast: Cast) -> Held:
    held = make_vote(cast, state=State.DRAFT)
    rule(held, nationality="mid_long", excludes=True)
    return held


def rule(held: Held, **changed: object) -> None:
    facts = (
        actions.settings_of(held.vote).__dict__ | {"clauses": {"nationality": "第3条", "exclusion": "第4条"}} | changed
    )
    now = clock.now()
    actions.edit_vote(held.id, actions.VoteSettings(**facts), revision_at(held.id), actor(held.cast.editor), now)


@pytest.fixture
def editor(cast: Cast, held: Held) -> FlaskClient:
    return cast.client(cast.editor)


def hand_in(editor: FlaskClient, *rows: str, columns: str = COLUMNS) -> Page:
    file = [(BytesIO("\n".join([columns, *rows, ""]).encode()), "名簿.csv")]
    return opens(editor, f"{ROLL}/file").press(LOOK, file=file)


def done(held: Held) -> tuple[bool, bool]:
    """Which rules the register was held against, after the import."""
    perform_due()
    db.session.rollback()
    return held.vote.is_checked("nationality"), held.vote.is_checked("exclusion")


def test_a_row_the_rules_keep_out_is_refused_on_the_preview_with_its_clause(held: Held, editor: FlaskClient) -> None:
    look = hand_in(editor, *ROWS)
    cells = [[cell.get_text() for cell in row.select("td")] for row in look.html.select("tbody tr")]
    assert [cell[:2] for cell in cells] == [["3", "nationality"], ["4", "article_11"]]
    assert ["第3条" in cells[0][2], "第4条" in cells[1][2]] == [True, True]
    kept = keeping.listed(held.id)[0]
    assert "その他" not in json.dumps(kept.look.to_json(), ensure_ascii=False)
    before = held.vote.register_id
    look.press(IMPORT, into="new", partly="y")
    assert done(held) == (True, True)
    assert held.vote.register_id != before
    assert "名簿と照らし合わせました" in opens(editor, ROLL).text
    rule(held, nationality="japanese", excludes=True)
    assert (held.vote.is_checked("nationality"), held.vote.is_checked("exclusion")) == (False, True)


def test_what_the_register_does_not_bring_is_not_checked(held: Held, editor: FlaskClient) -> None:
    hand_in(editor, "n-1,日本", "n-2,永住者", columns="entry_id,nationality").press(IMPORT, into="new")
    assert done(held) == (True, False)
    assert "名簿に列がありません" in opens(editor, ROLL).text


def test_people_added_without_the_column_leave_the_register_unchecked(held: Held, editor: FlaskClient) -> None:
    hand_in(editor, *ROWS[:2]).press(IMPORT, into="new")
    assert done(held) == (True, True)
    hand_in(editor, "n-5,非該当", "n-6,非該当", columns="entry_id,article_11").press(IMPORT, into="own")
    assert done(held) == (False, True)


def test_a_column_no_rule_asks_for_is_not_taken(held: Held, editor: FlaskClient) -> None:
    rule(held, nationality="any", excludes=False)
    refused = hand_in(editor, *ROWS)
    assert (refused.status, keeping.listed(held.id)) == (422, [])


def test_rules_that_change_after_the_look_want_another_look(held: Held, editor: FlaskClient) -> None:
    look = hand_in(editor, *ROWS)
    name = look.address.rsplit("/", 1)[1]
    rule(held, nationality="japanese", excludes=True)
    assert look.press(IMPORT, into="new", partly="y").status == 409
    assert editor.get(f"{ROLL}/file/{name}/rows.csv").status_code == 409


def test_the_residents_page_says_who_may_vote_and_what_was_checked(cast: Cast, client: FlaskClient) -> None:
    opened = make_vote(cast)
    with writing() as session:
        vote = session.get_one(Vote, opened.id)
        vote.nationality, vote.excludes = "permanent", True
        vote.clauses = {"nationality": "第3条第1号", "exclusion": "第4条"}
        vote.roll_checked = {"nationality": "permanent"}
    words = opens(client, "/votes/hall").text
    assert "永住者、特別永住者が投票できます。 (第3条第1号) 名簿の全員について確かめました。" in words
    assert "(第4条) ここでは確かめていません。市が名簿を作るときに確かめました。" in words


def test_the_command_holds_its_file_against_the_same_rules(app: Flask, held: Held, tmp_path: Path) -> None:
    source = tmp_path / "register.csv"
    run = app.test_cli_runner().invoke
    source.write_text("\n".join([COLUMNS, *ROWS, ""]), encoding="utf-8")
    refused = run(args=["votes", "import-register", "hall", str(source), "--json"])
    assert (refused.exit_code, "第4条" in refused.output) == (1, True)
    source.write_text("\n".join([COLUMNS, *ROWS[:2], ""]), encoding="utf-8")
    assert run(args=["votes", "import-register", "hall", str(source), "--json"]).exit_code == 0
    db.session.rollback()
    assert held.vote.roll_checked == {}  # others were on this register before
