"""A clerk brings in answers from paper and from files, in the browser."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from analysis.spreadsheets import Sheet, write_xlsx
from analysis.tabular import read_table
from civic import clock
from civic.activities import ledger
from civic.activities.models import Participation
from civic.activities.states import Channel, ParticipationState, State, Subject
from civic.db import db, writing
from civic.identity.accounts import OPERATOR
from civic.identity.registers.actions import import_register
from civic.identity.registers.queries import entries_of, register_by_name
from civic.intake import uploads
from civic.intake.models import ImportRun, ReviewRow
from civic.jobs import child
from civic.jobs.models import Job, JobState
from civic.keys import keys
from surveys.models import Response, Survey
from surveys.results import recounting, tallies
from tests.cast import Cast, token_of
from tests.factories.surveys import make_survey
from tests.pages import Page, opens
from tests.surveys.collecting.conftest import REQUIRED, Operator, Table, csv_text, whole

PAPER = (Channel.WEB, Channel.PAPER, Channel.POST)
FORM = "/staff/surveys/playgrounds/collect/form"
COLLECT = "/staff/surveys/playgrounds/collect"
ROWS = whole([
    {"number": "1", "age": "3", "place": "park"},
    {"number": "2", "age": "old", "place": "park"},
])  # fmt: skip
HEADER = ",".join(REQUIRED).encode()


@pytest.fixture
def survey(cast: Cast) -> Survey:
    return make_survey(cast, channels=PAPER)


@pytest.fixture
def clerk(cast: Cast, survey: Survey) -> FlaskClient:
    client = cast.client(cast.editor)
    client.set_cookie("language", "en")
    return client


def upload(client: FlaskClient, content: bytes, name: str = "answers.csv", **fields: object) -> TestResponse:
    data = {
        "csrf_token": token_of(client, COLLECT),
        "file": (io.BytesIO(content), name),
        "channel": "paper",
        **fields,
    }
    return client.post(COLLECT, data=data, content_type="multipart/form-data")


def work() -> Job:
    """Do what waits, as the runner does; the job of the upload."""
    child.perform_due()
    db.session.rollback()
    return db.session.scalars(sa.select(Job).where(Job.name == "intake.import_upload")).one()


def test_the_template_names_every_field_of_the_form(clerk: FlaskClient) -> None:
    header = clerk.get(f"{COLLECT}/template.csv").data.decode("utf-8-sig").splitlines()
    assert header == [
        "age,place,place.other,last_visit,satisfied,problems,problems.other,"
        "wanted.shade_trees,wanted.water,wanted.rain,recommend,nearest,message"
    ]


def test_a_handed_in_file_is_stored_by_a_job_and_its_page_shows_the_sums(clerk: FlaskClient, app: Flask) -> None:
    assert upload(clerk, csv_text(ROWS).encode(), key="number").status_code == 303
    assert "answers.csv" in opens(clerk, COLLECT).text
    assert work().state is JobState.DONE
    assert list(uploads.folder().iterdir()) == []
    run = db.session.scalars(sa.select(ImportRun)).one()
    page = opens(clerk, f"{COLLECT}/imports/{run.id}")
    assert "“old” is not a number." in page.text
    assert run.counts["rows"] == {"read": 2, "stored": 1, "already_there": 0, "review": 1}
    assert recounting.recounts(None)[1] == []


def test_a_workbook_is_read_by_the_job(clerk: FlaskClient, tmp_path: Path) -> None:
    book = tmp_path / "answers.xlsx"
    write_xlsx(book, [Sheet("answers", list(ROWS[0]), [list(row.values()) for row in ROWS])])
    assert upload(clerk, book.read_bytes(), "answers.xlsx", key="number").status_code == 303
    assert work().state is JobState.DONE
    assert db.session.scalar(sa.select(sa.func.count(Response.id))) == 1


def test_waiting_rows_are_taken_as_a_file_corrected_and_handed_in_again(clerk: FlaskClient) -> None:
    upload(clerk, csv_text(ROWS).encode(), key="number")
    work()
    run = db.session.scalars(sa.select(ImportRun)).one()
    waiting = clerk.get(f"{COLLECT}/imports/{run.id}/review.csv").data.decode("utf-8-sig")
    header, row = waiting.splitlines()
    assert header.endswith("review_reason")
    assert row.startswith("2,old,park,")
    upload(clerk, waiting.replace("2,old", "2,7").encode(), key="number")
    child.perform_due()
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Response.id))) == 2
    assert "Rows that a later file settled: 1" in opens(clerk, f"{COLLECT}/imports/{run.id}").text


def test_waiting_rows_are_a_task_until_set_aside_which_can_be_undone(clerk: FlaskClient) -> None:
    upload(clerk, csv_text(ROWS).encode(), key="number")
    work()
    run = db.session.scalars(sa.select(ImportRun)).one()
    address = f"{COLLECT}/imports/{run.id}"
    assert "Rows to look at" in opens(clerk, "/staff/").text
    opens(clerk, address).press("Set the chosen rows aside", row="2")
    assert "Rows to look at" not in opens(clerk, "/staff/").text
    assert db.session.scalars(sa.select(ReviewRow.settled_by_id)).one() is not None
    opens(clerk, address).press("Let the chosen rows wait again", row="2")
    assert "Rows to look at" in opens(clerk, "/staff/").text


@pytest.mark.parametrize(
    ("fields", "content", "said"),
    [
        ({}, b"age,colour\n1,red\n", "colour"),
        ({}, HEADER + b"\n1,2\n", "Row 1"),
        ({}, b"age,place,problems,wanted.water,wanted.rain\n1,park,,,\n", "lacks the column “wanted.shade_trees”"),
        ({"key": "id"}, b"age\n1\n", "id"),
        ({"person": "code"}, b"age,code\n1,x\n", "no register"),
        ({"channel": "fax"}, b"age\n1\n", "Choose one."),
        ({"key": "k" * 501}, b"age\n1\n", "500"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_its_reason_and_the_form_kept(
    clerk: FlaskClient, fields: dict[str, str], content: bytes, said: str
) -> None:
    given = {"key": "", "person": "", **fields}
    refused = upload(clerk, content, **given)
    page = Page(clerk, refused, COLLECT)
    assert refused.status_code == 422
    assert said in page.text
    for name in ("key", "person"):
        field = page.html.select_one(f'input[name="{name}"]')
        assert field is None or field.get("value", "") == given[name]
    assert list(uploads.folder().iterdir()) == []


def test_no_file_a_foreign_file_and_a_broken_map_each_get_a_sentence_beside_their_field(clerk: FlaskClient) -> None:
    nothing = Page(clerk, clerk.post(COLLECT, data={"csrf_token": token_of(clerk, COLLECT)}), COLLECT)
    assert nothing.status == 422
    assert "Choose the file." in nothing.errors
    assert Page(clerk, upload(clerk, b"x", "picture.png"), COLLECT).errors == ["Choose a CSV or XLSX file."]
    broken = upload(clerk, b"age\n1\n", column_map=(io.BytesIO(b"{"), "map.json"))
    assert Page(clerk, broken, COLLECT).errors == ["This file is not JSON. Choose the column map again."]


def test_a_zip_bomb_and_a_table_of_too_many_cells_are_refused_naming_the_command(
    clerk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/sheet.xml", "w") as part:
        for _ in range(201):
            part.write(bytes(1024 * 1024))
    monkeypatch.setattr(uploads, "MOST_CELLS", 3)
    for content, name in ((bomb.getvalue(), "bomb.xlsx"), (HEADER + b"\n1,park,,,,\n2,park,,,,\n", "long.csv")):
        refused = upload(clerk, content, name)
        assert refused.status_code == 413
        assert "surveys import-responses" in Page(clerk, refused, COLLECT).text
    assert list(uploads.folder().iterdir()) == []


def test_a_file_above_the_limit_of_the_server_is_refused_naming_the_command_where_there_is_one(
    app: Flask, clerk: FlaskClient
) -> None:
    token = token_of(clerk, COLLECT)
    app.config["MAX_CONTENT_LENGTH"] = 1000
    for address, said in ((COLLECT, "surveys import-responses"), ("/sign-in", "up to 50 MB")):
        file = (io.BytesIO(bytes(2000)), "large.csv")
        refused = clerk.post(f"{address}?lang=en", data={"csrf_token": token, "file": file})
        assert refused.status_code == 413
        assert said in refused.text


def test_a_survey_that_has_not_opened_takes_no_file_from_a_clerk(cast: Cast) -> None:
    make_survey(cast, state=State.DRAFT, channels=PAPER)
    client = cast.client(cast.editor)
    assert upload(client, HEADER + b"\n1,,,,,\n").status_code == 409


def test_another_department_may_not_collect(cast: Cast, survey: Survey) -> None:
    client = cast.client(cast.parks_editor)
    for address in (COLLECT, FORM, f"{COLLECT}/template.csv", f"{COLLECT}/progress.json"):
        assert client.get(address).status_code == 403


# -- one form ---------------------------------------------------------------------------------------------------------


def key(client: FlaskClient, **fields: object) -> Page:
    return opens(client, FORM).press("Save this form", **fields)


def test_a_keyed_form_is_counted_once_and_gets_a_receipt(clerk: FlaskClient) -> None:
    form = opens(clerk, FORM).form("Save this form")
    fields = {"age": "3", "place": "indoors", "satisfied": "very", "form-channel": "post"}
    first, second = form.send(**fields), form.send(**fields)
    assert first.heading == second.heading == "The form is saved"
    db.session.rollback()
    row = db.session.scalars(sa.select(Participation)).one()
    assert (row.channel, row.state) == (Channel.POST, ParticipationState.COUNTED)
    assert str(row.receipt)[:4] in first.text
    assert db.session.scalars(sa.select(Response.off_path)).one() == ["satisfied"]
    assert recounting.recounts(None)[1] == []
    again = first.follow("Next form")
    assert again.html.select_one('input[name="form-channel"][value="post"]').has_attr("checked")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("form-channel", "web"),
        ("form-arrived.year", "2999"),
        ("form-arrived.day", "32"),
        ("age", "many"),
        ("place", "moon"),
        ("last_visit.month", "13"),
        ("satisfied", "perhaps"),
        ("problems", "everything"),
        ("wanted.water", "maybe"),
        ("recommend", "11"),
        ("nearest", "駅" * 61),
        ("message", "駅" * 1001),
    ],
)
def test_each_wrong_value_gets_a_sentence_beside_its_field_and_the_others_stay(
    clerk: FlaskClient, name: str, wrong: str
) -> None:
    good = {
        "age": "4", "place": "park", "last_visit.year": "2026", "last_visit.month": "5", "last_visit.day": "6",
        "satisfied": "very", "problems": "shade", "wanted.water": "much", "recommend": "7", "nearest": "駅前",
        "message": "日かげ",
    }  # fmt: skip
    page = key(clerk, **{**good, name: wrong})
    assert page.status == 422
    assert len(page.errors) == 1
    told = page.html.select_one("[aria-invalid=true]")
    assert told is not None
    described = told if told.has_attr("aria-describedby") else told.find_parent("fieldset")
    assert described is not None
    assert page.html.find(id=str(described["aria-describedby"]).split()[-1]) is not None
    kept = page.form("Save this form").values()
    question = name.partition(".")[0]
    for field, value in good.items():
        if field.partition(".")[0] != question:
            assert kept[field] == [value]
    assert db.session.scalar(sa.select(sa.func.count(Response.id))) == 0


def test_an_empty_form_and_a_foreign_field_are_refused(clerk: FlaskClient) -> None:
    assert key(clerk).errors == ["Nothing is filled in. Key at least one answer."]
    assert key(clerk, age="4", colour="red").status == 422


def test_a_form_that_came_after_the_period_is_kept_as_late(clerk: FlaskClient, survey: Survey) -> None:
    with writing() as session:
        ended = session.get_one(Survey, survey.id)
        ended.ends_at = clock.now() - timedelta(days=2)
    page = key(clerk, age="4")
    assert "kept as late" in page.text
    assert db.session.scalars(sa.select(Participation.state)).one() is ParticipationState.LATE
    assert not any(count for count in tallies.stored(db.session, survey.id).values())


@pytest.fixture
def register(app: Flask, tmp_path: Path) -> dict[str, str]:
    """Codes by entry number of a register of two."""
    source, letters = tmp_path / "register.csv", tmp_path / "codes.csv"
    source.write_text("entry_id\nA1\nA2\n", encoding="utf-8")
    import_register("citizens", source, actor=OPERATOR, letters=letters)
    table = read_table(letters)
    return {row[0]: row[1] for row in table.rows}


@pytest.fixture
def once(cast: Cast, register: dict[str, str]) -> Survey:
    """A survey that everybody in the register answers once."""
    known = register_by_name("citizens")
    assert known is not None
    return make_survey(
        cast, channels=PAPER, subject=Subject.REGISTER, register_id=known.id, identity_level=1, once_per_person=True
    )


def test_a_second_form_of_one_person_is_kept_as_a_conflict(cast: Cast, once: Survey, register: dict[str, str]) -> None:
    client = cast.client(cast.editor)
    client.set_cookie("language", "en")
    assert key(client, age="4").errors == ["Write the code on the form, or the number in the register."]
    assert key(client, age="4", **{"form-person": "nobody"}).status == 422
    assert key(client, age="4", **{"form-person": register["A1"]}).heading == "The form is saved"
    assert "double participation" in key(client, age="9", **{"form-person": "A1"}).text
    states = db.session.scalars(sa.select(Participation.state).order_by(Participation.id)).all()
    assert states == [ParticipationState.COUNTED, ParticipationState.CONFLICT]
    assert tallies.stored(db.session, once.id)["age", "", "9", False] == 0


def test_a_file_obeys_once_per_person_and_keeps_nobodys_number(
    once: Survey, register: dict[str, str], operator: Operator, table: Table
) -> None:
    with writing() as session:
        ledger.take_part(
            session, keys(), once.id, subject=f"entry:{entry_of('A1')}", channel=Channel.WEB, submission=None,
            at=clock.now(),
        )  # fmt: skip
    rows = [
        {"code": "A1", "age": "4"}, {"code": register["A2"], "age": "5"}, {"code": "A2", "age": "6"},
        {"code": "A9", "age": "7"}, {"code": "", "age": "8"},
    ]  # fmt: skip
    file = table(whole(rows))
    found = operator.json("import-responses", once.slug, file, "--channel", "paper", exit_code=1)
    assert "takes part once" in found["detail"]
    counts = operator.json("import-responses", once.slug, file, "--channel", "paper", "--person", "code")
    assert counts["rows"] == {"read": 5, "stored": 3, "already_there": 0, "review": 2}
    states = db.session.scalars(sa.select(Participation.state).order_by(Participation.id)).all()
    assert sorted(state.value for state in states) == ["conflict", "conflict", "counted", "counted"]
    assert {cells[0] for cells in db.session.scalars(sa.select(ReviewRow.cells))} == {""}
    assert recounting.recounts(None)[1] == []


def entry_of(number: str) -> int:
    known = register_by_name("citizens")
    assert known is not None
    return entries_of(known.id, [number])[number]
