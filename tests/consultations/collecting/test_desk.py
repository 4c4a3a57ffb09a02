"""A clerk brings in comments from paper and from files, in the browser."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from civic import clock
from civic.activities import actions as activities
from civic.activities.models import Participation
from civic.activities.states import Channel, ParticipationState, State
from civic.audit.models import AuditRecord
from civic.db import db, writing
from civic.intake import uploads
from civic.intake.models import ImportRun
from civic.jobs import child
from civic.jobs.models import Job, JobState
from consultations.comments.models import CommentAuthor, Consultation
from consultations.comments.recording import Author, opened_author
from consultations.comments.stages import Asked
from tests.cast import Cast, token_of
from tests.consultations.collecting.conftest import SLUG
from tests.factories import consultations as make
from tests.factories.surveys import actor
from tests.pages import Page, opens
from tests.surveys.collecting.conftest import csv_text

COLLECT = f"/staff/consultations/{SLUG}/collect"
FORM = f"{COLLECT}/form"
SAVE = "Save this comment"
ROWS = [{"id": "1", "text": "最終バスを遅く。", "place": "2-1"}, {"id": "2", "text": "", "place": ""}]
POSTMARK = replace(make.RULE, postmark_counts=True)


@pytest.fixture
def clerk(cast: Cast, consultation: Consultation) -> FlaskClient:
    return in_english(cast)


def in_english(cast: Cast) -> FlaskClient:
    client = cast.client(cast.editor)
    client.set_cookie("language", "en")
    return client


def upload(client: FlaskClient, content: bytes, file_name: str = "mails.csv", **fields: object) -> TestResponse:
    given = {"file": (io.BytesIO(content), file_name), "channel": "mail", "text": "text", "key": "id", **fields}
    data = {"csrf_token": token_of(client, COLLECT), **given}
    return client.post(COLLECT, data=data, content_type="multipart/form-data")


def test_a_handed_in_file_is_stored_by_a_job_and_its_rows_that_wait_come_back_corrected(clerk: FlaskClient) -> None:
    assert upload(clerk, csv_text(ROWS).encode(), passage="place").status_code == 303
    assert "mails.csv" in opens(clerk, COLLECT).text
    assert clerk.get(f"{COLLECT}/progress.json").json == {"text": "0 of 0 rows stored"}
    child.perform_due()
    db.session.rollback()
    assert db.session.scalars(sa.select(Job.state).where(Job.name == "intake.import_upload")).one() is JobState.DONE
    assert list(uploads.folder().iterdir()) == []
    run = db.session.scalars(sa.select(ImportRun)).one()
    assert run.counts["rows"] == {"read": 2, "stored": 1, "already_there": 0, "review": 1}
    assert "There is no text in this row." in opens(clerk, f"{COLLECT}/imports/{run.id}").text
    waiting = clerk.get(f"{COLLECT}/imports/{run.id}/review.csv").data.decode("utf-8-sig")
    assert waiting.splitlines() == ["id,text,place,review_reason", "2,,,text: There is no text in this row."]
    upload(clerk, waiting.replace("2,,", "2,屋根を。,").encode(), passage="place")
    child.perform_due()
    db.session.rollback()
    assert "Rows that a later file settled: 1" in opens(clerk, f"{COLLECT}/imports/{run.id}").text


def test_a_handed_in_file_says_its_language_and_its_names_are_read_for_a_reason_only(
    clerk: FlaskClient, consultation: Consultation
) -> None:
    rows = [{"text": "No more cars.", "who": "Jane Doe", "home": "Shiomi 1", "group": "cyclists"}]
    wrong = upload(clerk, csv_text(rows).encode(), key="", name="who", language="English")
    assert wrong.status_code == 422
    assert "Write the tag of a language, like ja, en or zh-TW." in wrong.text
    assert upload(clerk, csv_text(rows).encode(), key="", name="who", address="home", language="en").status_code == 303
    child.perform_due()
    (comment,) = make.comments_of(consultation)
    assert comment.language == "en"
    page = opens(clerk, f"/staff/consultations/{SLUG}/comments/1")
    asked = page.follow("Name and address")
    assert not any(word in page.text + asked.text for word in ("Jane", "Shiomi", "cyclists"))
    shown = asked.press("Show name and address", reason="To ask about a word")
    assert all(word in shown.text for word in ("Jane Doe", "Shiomi 1", "group", "cyclists"))


def test_a_column_of_a_handed_in_file_names_the_language_of_each_row(
    clerk: FlaskClient, consultation: Consultation
) -> None:
    rows = [{"text": "No more cars.", "spoken": "en"}, {"text": "车太多了。", "spoken": "zh-CN"}]
    assert upload(clerk, csv_text(rows).encode(), key="", language_column="spoken").status_code == 303
    child.perform_due()
    assert [one.language for one in make.comments_of(consultation)] == ["en", "zh-CN"]


def test_waiting_rows_are_a_task_until_set_aside_which_can_be_undone(clerk: FlaskClient) -> None:
    upload(clerk, csv_text(ROWS).encode())
    child.perform_due()
    db.session.rollback()
    address = f"{COLLECT}/imports/{db.session.scalars(sa.select(ImportRun.id)).one()}"
    assert "Rows to look at" in opens(clerk, "/staff/").text
    opens(clerk, address).press("Set the chosen rows aside", row="2")
    assert "Rows to look at" not in opens(clerk, "/staff/").text
    opens(clerk, address).press("Let the chosen rows wait again", row="2")
    assert "Rows to look at" in opens(clerk, "/staff/").text
    acts = db.session.scalars(sa.select(AuditRecord.act).order_by(AuditRecord.id.desc()).limit(2)).all()
    assert acts == ["consultation.rows_taken_back", "consultation.rows_set_aside"]


@pytest.mark.parametrize(
    ("fields", "content", "said"),
    [
        ({"text": "body"}, b"text,id\na,1\n", "body"),
        ({"text": ""}, b"text,id\na,1\n", "Name the column that holds the comments."),
        ({"arrived": "text"}, b"text,id\na,1\n", "two uses"),
        ({"channel": "import"}, b"text,id\na,1\n", "Choose one."),
        ({}, b"text,id\na\n", "Row 1"),
        ({}, b"text,id\na,123456789018\n", "My Number"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_its_reason_and_the_form_kept(
    clerk: FlaskClient, fields: dict[str, str], content: bytes, said: str
) -> None:
    refused = upload(clerk, content, **fields)
    page = Page(clerk, refused, COLLECT)
    assert refused.status_code == 422
    assert any(said in error for error in page.errors), page.errors
    assert page.form("Hand in the file").values()["key"] == ["id"]
    assert list(uploads.folder().iterdir()) == []


def test_a_file_too_large_for_the_browser_names_the_command(
    clerk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_CELLS", 3)
    refused = upload(clerk, b"text,id\na,1\nb,2\n")
    assert refused.status_code == 413
    assert "consultations import-comments" in Page(clerk, refused, COLLECT).text


def test_another_department_may_not_collect(cast: Cast, consultation: Consultation) -> None:
    client = cast.client(cast.parks_editor)
    for address in (COLLECT, FORM, f"{COLLECT}/template.csv", f"{COLLECT}/progress.json", f"{FORM}/saved"):
        assert client.get(address).status_code == 403


# -- one comment ------------------------------------------------------------------------------------------------------

LETTER = {
    "channel": "post",
    "passage": "第2章",
    "body": "屋根を\r\nつけてほしい。",
    "category": "works",
    "category.works": "みなと野商店",
    "name": "山田花子",
    "address": "みなと野市1-2-3",
}


def key(client: FlaskClient, **fields: object) -> Page:
    return opens(client, FORM).press(SAVE, **fields)


def test_a_keyed_letter_is_counted_once_gets_a_number_and_its_author_lies_apart(
    clerk: FlaskClient, consultation: Consultation
) -> None:
    form = opens(clerk, FORM).form(SAVE)
    first, second = form.send(**LETTER), form.send(**LETTER)
    assert first.heading == second.heading == "The comment is saved"
    (comment,) = make.comments_of(consultation)
    row = db.session.scalars(sa.select(Participation)).one()
    assert (row.channel, row.state, row.received_on) == (Channel.POST, ParticipationState.COUNTED, clock.today())
    assert str(row.receipt)[:4] in first.text
    assert (comment.body, comment.category, comment.version) == ("屋根を\nつけてほしい。", "works", 1)
    assert comment.passage == next(one.anchor for one in consultation.versions[0].passages if one.label == "第2章")
    assert [(item.start, item.stop) for item in comment.items] == [(0, 11)]
    author = db.session.scalars(sa.select(CommentAuthor)).one()
    assert opened_author(author) == Author("山田花子", "みなと野市1-2-3", "みなと野商店")
    assert db.session.scalars(sa.select(AuditRecord.act).order_by(AuditRecord.id.desc())).first() == (
        "consultation.comment_keyed"
    )
    again = first.follow("Next comment")
    assert again.html.select_one('input[name="channel"][value="post"]').has_attr("checked")  # type: ignore[union-attr]


def test_a_fax_without_name_place_or_group_is_kept_as_it_came(clerk: FlaskClient, consultation: Consultation) -> None:
    assert key(clerk, channel="fax", body="反対です。").heading == "The comment is saved"
    (comment,) = make.comments_of(consultation)
    assert (comment.passage, comment.category, comment.channel) == (None, None, Channel.FAX)
    assert db.session.scalars(sa.select(CommentAuthor)).all() == []


@pytest.mark.parametrize(
    ("name", "wrong", "said"),
    [
        ("channel", "web", "Choose one."),
        ("arrived", "2999-01-01", "between 2000 and today"),
        ("arrived", "tomorrow", "Enter a day, like 2026-12-11."),
        ("arrived", "", "Enter the day on which it arrived."),
        ("passage", "第99条", "no passage “第99条”"),
        ("body", " \n", "Key the words of the comment."),
        ("body", "\u200b", "Key the words of the comment."),
        ("body", "\u202e逆", "characters that cannot be shown"),
        ("body", "駅" * 100_001, "100,000"),
        ("category", "mayor", "Choose from the list."),
        ("name", "名" * 201, "200"),
        ("category", "lives", "Choose above whom this line belongs to."),
    ],
)
def test_each_wrong_value_gets_a_sentence_beside_its_field_and_the_others_stay(
    clerk: FlaskClient, consultation: Consultation, name: str, wrong: str, said: str
) -> None:
    page = key(clerk, **{**LETTER, name: wrong})
    assert page.status == 422
    assert [said in error for error in page.errors] == [True], page.errors
    told = page.html.select_one("[aria-invalid=true]")
    assert told is not None
    kept = page.form(SAVE).values()
    for field, value in {**LETTER, name: wrong}.items():
        if field != name:
            assert [one.replace("\r\n", "\n") for one in kept[field]] == [value.replace("\r\n", "\n")]
    assert make.comments_of(consultation) == []


@pytest.mark.parametrize("damage", [{"submission_key": "x"}, {"submission_key": None}, {"version": ["1", "1"]}])
def test_a_damaged_form_is_refused_with_what_was_typed(clerk: FlaskClient, damage: dict[str, object]) -> None:
    page = key(clerk, **LETTER, **damage)
    assert page.status == 422
    assert page.errors == ["This form was damaged on its way. Check it and save it once more."]
    assert page.form(SAVE).values()["name"] == ["山田花子"]


def test_the_same_form_with_other_words_is_a_conflict_and_the_next_press_saves_it(
    clerk: FlaskClient, consultation: Consultation
) -> None:
    form = opens(clerk, FORM).form(SAVE)
    form.send(**LETTER)
    refused = form.send(**LETTER | {"body": "別の手紙です。"})
    assert refused.status == 409
    assert refused.form(SAVE).values()["body"] == ["別の手紙です。"]
    assert refused.press(SAVE).heading == "The comment is saved"
    assert [one.body for one in make.comments_of(consultation)] == ["屋根を\nつけてほしい。", "別の手紙です。"]


def test_the_postmark_decides_where_the_rule_says_so(cast: Cast) -> None:
    consultation = make.make_consultation(cast, State.ENDED, notice_changes={"rule": POSTMARK})
    last = clock.day_in_japan(consultation.ends_at)  # type: ignore[arg-type]  # it has ended
    client = in_english(cast)
    late = key(client, **LETTER, arrived=clock.today().isoformat())
    assert "kept as late" in late.text
    in_time = key(client, **LETTER, arrived=clock.today().isoformat(), postmarked=last.isoformat())
    assert "kept as late" not in in_time.text
    faxed = key(client, **LETTER | {"channel": "fax"}, postmarked=last.isoformat())
    assert faxed.errors == ["Only what came by post has a postmark."]
    tomorrow = key(client, **LETTER, arrived=last.isoformat(), postmarked=clock.today().isoformat())
    assert tomorrow.errors == ["It cannot have been posted after it arrived."]
    states = db.session.scalars(sa.select(Participation.state).order_by(Participation.id)).all()
    assert states == [ParticipationState.LATE, ParticipationState.COUNTED]
    received = db.session.scalars(sa.select(Participation.received_on)).all()
    assert received == [clock.today()] * 2
    assert [one.postmarked_on for one in make.comments_of(consultation)] == [None, last]


def test_without_such_a_rule_no_postmark_is_asked(clerk: FlaskClient) -> None:
    assert "postmarked" not in opens(clerk, FORM).form(SAVE).values()


def test_what_is_keyed_after_the_close_is_late_and_after_the_answer_refused_with_all_of_it_kept(
    cast: Cast, clerk: FlaskClient, consultation: Consultation
) -> None:
    form = opens(clerk, FORM).form(SAVE)
    make.end(consultation, cast)
    arrived = (clock.today() - timedelta(days=1)).isoformat()
    assert "kept as late" in form.send(**LETTER, arrived=arrived).text
    with writing() as session:
        row = session.get_one(Consultation, consultation.id)
        row.answered_at, row.answered_by_id = clock.now(), cast.approver.id
    refused = key(clerk, **LETTER)
    assert refused.status == 409
    assert refused.form(SAVE).values()["name"] == ["山田花子"]
    assert db.session.scalars(sa.select(Participation.state)).all() == [ParticipationState.LATE]


def test_a_draft_that_changed_meanwhile_is_said_and_the_next_press_saves(cast: Cast, clerk: FlaskClient) -> None:
    form = opens(clerk, FORM).form(SAVE)
    with writing() as session:
        row = session.scalars(sa.select(Consultation)).one()
        row.current_version = None
    stale = form.send(**LETTER | {"passage": ""})
    assert stale.status == 409
    assert "Someone else saved this page" in stale.text
    assert stale.form(SAVE).values()["body"] == ["屋根を\nつけてほしい。"]
    assert stale.press(SAVE).heading == "The comment is saved"


def test_nothing_is_asked_of_the_person_where_no_day_says_how_long_it_is_kept(cast: Cast) -> None:
    made = make.make_consultation(cast)
    with writing() as session:
        row = session.get_one(Consultation, made.id)
        row.asks_name = Asked.NO
    names = opens(in_english(cast), FORM).form(SAVE).values().keys()
    assert "name" not in names
    assert "address" in names


def test_a_consultation_without_ways_on_paper_says_so_and_takes_none(cast: Cast) -> None:
    make.make_consultation(cast, channels=(Channel.WEB,))
    client = in_english(cast)
    assert "takes no comments on paper" in opens(client, FORM).text
    assert "Key a comment" not in opens(client, COLLECT).text


def test_a_comment_of_a_consultation_that_never_opened_is_refused(cast: Cast) -> None:
    make.make_consultation(cast, State.DRAFT)
    page = key(in_english(cast), **LETTER)
    assert page.status == 409
    assert page.form(SAVE).values()["address"] == ["みなと野市1-2-3"]


def test_pages_keep_their_number_of_statements(cast: Cast, clerk: FlaskClient, consultation: Consultation) -> None:
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda c, cur, text, *more: statements.append(text))

    def cost(address: str) -> int:
        statements.clear()
        opens(clerk, address)
        return len(statements)

    few = {address: cost(address) for address in (COLLECT, FORM)}
    make.comment(consultation, [f"意見{i}" for i in range(300)])
    assert {address: cost(address) for address in few} == few
    assert max(few.values()) <= 20, few


def test_dates_stand_where_they_were_typed(clerk: FlaskClient) -> None:
    page = key(clerk, **LETTER | {"body": ""}, arrived=date(2026, 1, 5).isoformat())
    assert page.form(SAVE).values()["arrived"] == ["2026-01-05"]


def test_the_close_of_a_consultation_counts_what_was_keyed(
    cast: Cast, clerk: FlaskClient, consultation: Consultation
) -> None:
    key(clerk, **LETTER)
    make.end(consultation, cast, close=False)
    activities.close(consultation.id, actor(cast.editor), clock.now())
    record = db.session.scalars(sa.select(AuditRecord).where(AuditRecord.act == "activity.closed")).one()
    assert record.details["counted"] == 1
