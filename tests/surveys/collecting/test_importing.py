"""Responses from a file: every row and cell accounted for, whatever the file looks like."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from civic import clock
from civic.activities import actions as activities
from civic.activities.models import Activity, Participation, ParticipationCount
from civic.activities.refusals import FrozenByOpening
from civic.activities.rules import state_of
from civic.activities.states import Channel, ParticipationState, State
from civic.audit.models import AuditRecord
from civic.clock import now
from civic.db import db, writing
from civic.intake.models import ImportRun, ReviewRow
from surveys.models import FreeText, Response, Survey
from surveys.results import recounting, tallies
from tests.cast import Cast
from tests.factories.surveys import actor, make_survey
from tests.surveys.collecting.conftest import PLAYGROUNDS_FILE, REQUIRED, Operator, Table, whole

Counts = Mapping[str, Mapping[str, int]]

ROWS = whole([
    {"number": "1", "age": "3", "place": "近所の公園", "problems": "shade;toilet", "message": "日かげを\n増やして"},
    {"number": "2", "age": "5", "place": "indoors", "problems": "困っていることはない", "message": ""},
    {"number": "3", "age": "", "place": "elsewhere", "problems": "", "message": "ありがとう"},
])  # fmt: skip
HEADER = ",".join(REQUIRED)


def closes(counts: Counts) -> bool:
    rows, cells = counts["rows"], counts["cells"]
    return rows["read"] == rows["stored"] + rows["already_there"] + rows["review"] and cells["non_empty"] == sum(
        cells[name] for name in ("stored", "derived_equal", "derived_different", "review")
    )


def recount_finds_nothing() -> bool:
    checked, mismatches = recounting.recounts(None)
    return checked > 0 and not mismatches


def test_a_survey_that_never_opened_takes_the_operators_file_and_has_ended(
    imported: Survey, operator: Operator, table: Table
) -> None:
    counts = operator.counts(table(ROWS), "--key", "number")
    assert counts["rows"] == {"read": 3, "stored": 3, "already_there": 0, "review": 0}
    assert closes(counts)
    activity = db.session.scalars(sa.select(Activity)).one()
    assert activity.collected_elsewhere
    assert state_of(activity, now()) is State.ENDED
    assert activity.channels == ["import"]
    assert db.session.scalar(sa.select(ParticipationCount.count)) == 3
    assert recount_finds_nothing()


def test_the_audit_has_one_record_at_the_start_and_one_at_the_end(
    imported: Survey, operator: Operator, table: Table
) -> None:
    operator.counts(table(ROWS), "--key", "number")
    acts = db.session.scalars(sa.select(AuditRecord.act).where(AuditRecord.subject == "survey:playgrounds")).all()
    assert acts == [
        "activity.created", "activity.collected_elsewhere", "survey.import_started", "survey.imported",
    ]  # fmt: skip


def test_a_second_run_stores_nothing(imported: Survey, operator: Operator, table: Table) -> None:
    operator.counts(table(ROWS), "--key", "number")
    again = operator.counts(table(ROWS, "again.csv"), "--key", "number")
    assert again["rows"] == {"read": 3, "stored": 0, "already_there": 3, "review": 0}
    assert closes(again)
    assert db.session.scalar(sa.select(sa.func.count(Response.id))) == 3
    assert recount_finds_nothing()


def test_without_a_key_the_file_and_the_rows_number_tell_rows_apart(
    imported: Survey, operator: Operator, table: Table
) -> None:
    rows = whole([{"age": "4"}, {"age": "4"}])
    assert operator.counts(table(rows))["rows"]["stored"] == 2
    assert operator.counts(table(rows))["rows"]["already_there"] == 2
    assert operator.counts(table([*rows, rows[0]], "longer.csv"))["rows"]["stored"] == 3


def test_a_key_twice_in_one_file_leaves_the_later_row_for_review(
    imported: Survey, operator: Operator, table: Table
) -> None:
    doubled = [*ROWS, {**ROWS[0], "age": "9"}]
    for _ in range(2):
        counts = operator.counts(table(doubled), "--key", "number")
        assert counts["rows"]["review"] == 1
        assert closes(counts)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_what_offices_send_is_read_with_line_breaks_in_cells(
    imported: Survey, operator: Operator, table: Table, encoding: str
) -> None:
    assert operator.counts(table(ROWS, encoding=encoding), "--key", "number")["rows"]["stored"] == 3
    assert "日かげを\n増やして" in db.session.scalars(sa.select(FreeText.text)).all()


def test_an_apostrophe_that_guards_a_formula_is_taken_off(imported: Survey, operator: Operator, table: Table) -> None:
    operator.counts(table(whole([{"message": "'=1+1"}, {"message": "=cmd()"}])))
    assert set(db.session.scalars(sa.select(FreeText.text))) == {"=1+1", "=cmd()"}


@pytest.mark.parametrize(
    ("text", "row", "named"),
    [
        ("age,age\n1,2\n", 0, "age"),
        ("age,colour\n1,red\n", None, "colour"),
        (f"{HEADER}\n1,park,,,,\n2\n", 2, None),
        (f'{HEADER}\n1,"open\n', 1, None),
        ("", None, None),
    ],
)
def test_a_table_that_does_not_fit_is_refused_with_its_place_and_stores_nothing(
    imported: Survey, operator: Operator, table: Table, text: str, row: int | None, named: str | None
) -> None:
    refused = operator.json("import-responses", "playgrounds", table(text), "--channel", "import", exit_code=1)
    assert refused["errors"][0]["row"] == row
    assert refused["errors"][0]["column"] == named
    assert db.session.scalar(sa.select(sa.func.count(ImportRun.id))) == 0


def test_without_a_map_the_column_of_a_required_question_may_not_be_missing(
    imported: Survey, operator: Operator, table: Table
) -> None:
    lacking = [{name: cell for name, cell in row.items() if name not in ("place", "wanted.rain")} for row in ROWS]
    given = ["import-responses", "playgrounds", table(lacking), "--channel", "import", "--key", "number"]
    refused = operator.json(*given, exit_code=1)
    assert [(error["row"], error["column"]) for error in refused["errors"]] == [(None, "place"), (None, "wanted.rain")]
    assert all(error["column"] in error["detail"] for error in refused["errors"])
    assert db.session.scalar(sa.select(sa.func.count(ImportRun.id))) == 0
    assert db.session.scalar(sa.select(sa.func.count(Participation.id))) == 0
    assert operator.counts(table(ROWS), "--key", "number")["rows"]["stored"] == 3
    assert operator.counts(table(ROWS), "--key", "number")["rows"]["already_there"] == 3


def test_a_map_may_leave_out_the_column_of_a_required_question(
    imported: Survey, operator: Operator, table: Table, tmp_path: Path
) -> None:
    column_map = tmp_path / "map.json"
    column_map.write_text(json.dumps({"columns": {"年齢": {"question": "age"}}}), encoding="utf-8")
    assert operator.counts(table([{"年齢": "3"}]), "--map", column_map)["rows"]["stored"] == 1


def test_a_missing_key_column_is_named(imported: Survey, operator: Operator, table: Table) -> None:
    refused = operator.json(
        "import-responses", "playgrounds", table(ROWS), "--channel", "import", "--key", "id", exit_code=1
    )
    assert "id" in {error["column"] for error in refused["errors"]}


def test_rows_that_cannot_be_read_wait_with_their_reasons_until_a_better_file_comes(
    imported: Survey, operator: Operator, table: Table
) -> None:
    wrong = [ROWS[0], {**ROWS[1], "age": "five", "place": "moon"}, ROWS[2]]
    counts = operator.counts(table(wrong), "--key", "number")
    assert counts["rows"]["review"] == 1
    assert closes(counts)
    waiting = db.session.scalars(sa.select(ReviewRow)).one()
    assert [reason["column"] for reason in waiting.reasons] == ["age", "place"]
    assert waiting.cells == list(wrong[1].values())
    assert operator.counts(table(ROWS, "better.csv"), "--key", "number")["rows"]["stored"] == 1
    assert db.session.scalars(sa.select(ReviewRow.settled_at)).one() is not None


def test_an_answer_that_a_condition_would_have_hidden_is_stored_and_counted_apart(
    imported: Survey, operator: Operator, table: Table
) -> None:
    operator.counts(table(whole([{"place": "indoors", "satisfied": "very"}])))
    assert db.session.scalars(sa.select(Response.off_path)).one() == ["satisfied"]
    stored = tallies.stored(db.session, imported.id)
    assert stored["satisfied", "", "very", True] == 1
    assert stored["satisfied", "", "very", False] == 0


def test_a_questionnaire_with_problems_is_refused_with_each_of_them(operator: Operator, tmp_path: Path) -> None:
    broken = json.loads(PLAYGROUNDS_FILE.read_text(encoding="utf-8"))
    broken["sections"][0]["questions"][0]["text"] = {"en": "How old?"}
    broken["sections"][1]["questions"][0]["type"] = "guess"
    file = tmp_path / "broken.json"
    file.write_text(json.dumps(broken), encoding="utf-8")
    refused = operator.json("import", file, exit_code=1)
    assert len(refused["errors"]) >= 2
    file.write_text("{", encoding="utf-8")
    assert operator.json("import", file, exit_code=1)["errors"][0]["row"] == 1


def test_a_questionnaire_comes_back_out_as_it_went_in(imported: Survey, operator: Operator, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    assert operator.run("export", "playgrounds", "--format", "json", "--out", out) == 0
    again = json.loads(out.read_text(encoding="utf-8"))
    assert again == json.loads(PLAYGROUNDS_FILE.read_text(encoding="utf-8"))


def test_a_survey_on_its_way_to_open_is_not_taken_as_answered_elsewhere(
    cast: Cast, operator: Operator, table: Table
) -> None:
    for state in (State.IN_APPROVAL, State.SCHEDULED):
        survey = make_survey(cast, state=state, slug=f"on-its-way-{state.value.replace('_', '-')}")
        given = ["import-responses", survey.slug, table(ROWS), "--channel", "import", "--key", "number"]
        assert operator.json(*given, exit_code=1)["type"] == "/problems/not-open-yet"
        assert not db.session.get_one(Survey, survey.id).collected_elsewhere


def test_the_database_opens_nothing_without_approval_unless_it_was_answered_elsewhere(cast: Cast) -> None:
    survey = make_survey(cast, state=State.DRAFT)
    for values in ({"opened_at": now()}, {"collected_elsewhere": True}):
        with pytest.raises(IntegrityError), writing() as session:
            session.execute(sa.update(Activity).where(Activity.id == survey.id).values(**values))


def test_a_survey_answered_elsewhere_closes_takes_another_channel_and_never_opens_here(
    cast: Cast, imported: Survey, operator: Operator, table: Table
) -> None:
    operator.counts(table(ROWS), "--key", "number")
    given = ["import-responses", "playgrounds", table(ROWS), "--key", "number"]
    assert operator.json(*given, "--channel", "paper")["rows"]["stored"] == 3
    survey = db.session.get_one(Survey, imported.id, populate_existing=True)
    assert survey.channels == ["import", "paper"]
    with pytest.raises(FrozenByOpening):
        activities.submit(survey.id, survey.revision, actor(cast.editor), now())
    assert cast.client().get("/surveys/playgrounds").status_code == 404
    assert activities.close(survey.id, actor(cast.editor), now()) == 6


def test_what_a_file_brings_after_the_close_is_kept_as_late(cast: Cast, operator: Operator, table: Table) -> None:
    survey = make_survey(cast, state=State.CLOSED, channels=(Channel.WEB, Channel.PAPER))
    given = ["import-responses", survey.slug, table(ROWS), "--key", "number", "--channel"]
    assert operator.json(*given, "paper")["rows"]["stored"] == 3
    assert operator.json(*given, "web")["rows"]["stored"] == 3
    assert set(db.session.scalars(sa.select(ParticipationCount.state))) == {ParticipationState.LATE}
    assert not tallies.stored(db.session, survey.id)
    assert operator.json(*given, "fax", exit_code=1)["type"] == "/problems/channel-not-offered"


def test_a_row_that_says_it_was_answered_after_the_end_is_late(
    cast: Cast, operator: Operator, table: Table, tmp_path: Path
) -> None:
    survey = make_survey(cast, state=State.ENDED, channels=(Channel.WEB, Channel.PAPER))
    column_map = tmp_path / "map.json"
    column_map.write_text(
        json.dumps({"columns": {"age": {"question": "age"}}, "time": "at", "time_format": "%Y-%m-%d"})
    )
    days = [clock.today() - timedelta(days=back) for back in (0, 1, 2)]
    rows = [{"age": str(place), "at": day.isoformat()} for place, day in enumerate(days)]
    given = ["import-responses", survey.slug, table(rows), "--channel", "paper", "--map", column_map]
    assert operator.json(*given)["rows"]["stored"] == 3
    states = db.session.scalars(sa.select(Participation.state).order_by(Participation.received_on)).all()
    assert [state.value for state in states] == ["counted", "counted", "late"]
