"""From what people wrote to what the council reads: run, name, confirm, write, publish, read."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from analysis.reports.models import Edition, Finding, Report, Run, RunState, TopicEdit
from analysis.reports.publishing import actions as publishing
from analysis.reports.refusals import PublicationRefused
from analysis.reports.runs import actions as runs
from analysis.reports.runs.job import question_texts, write_texts
from analysis.reports.runs.queries import run_view, texts_of
from civic import clock
from civic.activities import editing, gate, reviews
from civic.activities.queries import activity_by_slug
from civic.activities.refusals import SecondPersonNeeded
from civic.activities.states import Channel, State
from civic.db import db, writing
from civic.identity.accounts import OPERATOR
from civic.jobs.child import perform_due
from tests.cast import Cast
from tests.factories.surveys import actor, close_survey, end_now, fill, make_survey
from tests.pages import opens

THEMES = {
    "日かげ": ["夏は日かげがなくて遊べません", "日かげのあるベンチがほしいです", "遊具の上に日かげを作ってください"],
    "トイレ": ["トイレが古くて入りにくいです", "子ども用のトイレがほしいです", "トイレの掃除をふやしてください"],
    "駐輪場": ["駐輪場がせまくて自転車を置けません", "駐輪場に屋根がほしいです", "駐輪場の入口が分かりにくいです"],
}
ENDINGS = ["。", "。よろしくお願いします。", "。家族みんなの願いです。", "。週末はとくに困ります。"]


def sentences() -> list[str]:
    return [words + ending for group in THEMES.values() for words in group for ending in ENDINGS]


@pytest.fixture
def cast(app: Flask) -> Cast:
    return Cast(app)


@pytest.fixture
def slug(cast: Cast) -> str:
    """A closed survey with thirty-six written answers, one of them with a telephone number."""
    survey = make_survey(cast, state=State.OPEN)
    fill(survey, [{"message": {"text": words}} for words in sentences()])
    end_now(survey)
    close_survey(survey.id, actor(cast.editor))
    perform_due()
    db.session.rollback()
    return survey.slug


def question_of(slug: str) -> str:
    return texts_of(activity_by_slug(slug))[0].question


def activity_id(slug: str) -> int:
    return activity_by_slug(slug).id


def run_done(cast: Cast, slug: str, seed: int = 0) -> Run:
    run_id = runs.request_run(activity_id(slug), question_of(slug), actor(cast.analyst), seed=seed)
    perform_due()
    db.session.rollback()
    return db.session.get_one(Run, run_id)


def confirm_all(cast: Cast, slug: str) -> None:
    texts = texts_of(activity_by_slug(slug))
    verdicts = [reviews.Verdict(text.ref, text.text, ()) for text in texts]
    reviews.review_texts(activity_id(slug), verdicts, actor(cast.moderator))


def draft_report(cast: Cast, slug: str) -> Report:
    survey = db.session.get_one(Run, 1).activity
    report_id = publishing.create_report(
        actor(cast.analyst),
        project_id=survey.project_id,
        slug="report",
        title={"ja": "報告書"},
        activity_ids=[survey.id],
    )
    return db.session.get_one(Report, report_id)


def publish(cast: Cast, report: Report) -> int:
    publishing.submit(report.id, report.revision, actor(cast.analyst))
    db.session.rollback()
    return publishing.publish(report.id, db.session.get_one(Report, report.id).revision, actor(cast.approver))


def english(client: FlaskClient) -> FlaskClient:
    client.set_cookie("language", "en")
    return client


def test_a_run_is_the_command_byte_for_byte_and_leaves_no_file(
    cast: Cast, slug: str, app: Flask, tmp_path: Path
) -> None:
    run = run_done(cast, slug)
    assert run.state is RunState.DONE
    source, target = tmp_path / "texts.csv", tmp_path / "out.json"
    assert write_texts(source, question_texts(run)) == run.input_digest
    line = [
        sys.executable,
        "-m",
        "analysis",
        "topics",
        str(source),
        "--id",
        "id",
        "--text",
        "text",
        "--out",
        str(target),
    ]
    subprocess.run(line, check=True, capture_output=True)
    assert target.read_bytes() == run.output
    folder = app.extensions["settings"].instance / "runs"
    assert list(folder.iterdir()) == []
    assert folder.stat().st_mode & 0o777 == 0o700
    assert source.stat().st_mode & 0o777 == 0o600


def test_a_name_given_by_a_person_survives_a_new_run_with_another_seed(cast: Cast, slug: str) -> None:
    view = run_view(run_done(cast, slug))
    chosen = next(topic for topic in view.topics if not topic.residual)
    runs.name_topic(view.run.id, chosen.id, "夏の日かげ", actor(cast.analyst))
    again = run_view(run_done(cast, slug, seed=7))
    kept = [topic.label for topic in again.topics if topic.named] + [edit.label for edit in again.orphaned]
    assert kept == ["夏の日かげ"]


def test_a_name_is_undone_and_the_one_before_shows_again(cast: Cast, slug: str) -> None:
    run = run_done(cast, slug)
    topic = run_view(run).topics[0]
    runs.name_topic(run.id, topic.id, "一つ目", actor(cast.analyst))
    runs.name_topic(run.id, topic.id, "二つ目", actor(cast.analyst))
    runs.undo_name(run.id, topic.id, actor(cast.analyst))
    assert run_view(run).topic(topic.id).label == "一つ目"
    runs.undo_name(run.id, topic.id, actor(cast.analyst))
    assert run_view(run).topic(topic.id).label == topic.machine_label
    assert db.session.scalar(sa.select(sa.func.count()).select_from(TopicEdit)) == 2


def test_a_stopped_run_stores_nothing(cast: Cast, slug: str) -> None:
    run_id = runs.request_run(activity_id(slug), question_of(slug), actor(cast.analyst))
    runs.cancel_run(run_id, actor(cast.analyst))
    perform_due()
    db.session.rollback()
    run = db.session.get_one(Run, run_id)
    assert (run.state, run.output) == (RunState.CANCELLED, None)


def test_no_report_is_published_before_every_source_is_confirmed(cast: Cast, slug: str) -> None:
    run_done(cast, slug)
    report = draft_report(cast, slug)
    with pytest.raises(PublicationRefused) as refused:
        publishing.submit(report.id, report.revision, actor(cast.analyst))
    assert any("nobody has confirmed" in str(problem) for problem in refused.value.problems)


def test_the_author_and_the_last_editor_cannot_publish(cast: Cast, slug: str) -> None:
    run_done(cast, slug)
    confirm_all(cast, slug)
    report = draft_report(cast, slug)
    publishing.submit(report.id, report.revision, actor(cast.analyst))
    with pytest.raises(SecondPersonNeeded):
        publishing.publish(report.id, report.revision, actor(cast.analyst))


def test_the_council_reads_what_was_published_and_residents_after_the_embargo(cast: Cast, slug: str) -> None:
    run_done(cast, slug)
    confirm_all(cast, slug)
    assert publish(cast, draft_report(cast, slug)) == 1
    page = opens(english(cast.client(cast.council_member)), "/council/reports/report")
    assert page.status == 200
    assert "This is not a sample survey" in page.text
    assert "Source 1" in page.text
    assert opens(english(cast.client()), "/reports/report").status == 200
    edition = db.session.scalars(sa.select(Edition)).one()
    assert edition.sha256 in page.text


def test_a_report_on_answers_collected_elsewhere_names_the_days_they_were_received(cast: Cast) -> None:
    survey = make_survey(cast, state=State.DRAFT, slug="elsewhere")
    with writing() as session:
        activity = gate.alone(session, survey.id, clock.now())
        editing.collect_elsewhere(session, activity, Channel.IMPORT, OPERATOR, clock.now())
        activity.eligibility = activity.summary = {}
    fill(survey, [{"message": {"text": words}} for words in sentences()], Channel.IMPORT)
    close_survey(survey.id, actor(cast.editor))
    run_done(cast, "elsewhere")
    confirm_all(cast, "elsewhere")
    assert publish(cast, draft_report(cast, "elsewhere")) == 1
    page = opens(english(cast.client()), "/reports/report")
    assert page.status == 200
    assert "Received elsewhere" in page.text
    assert str(clock.today().day) in page.text.partition("Received elsewhere")[2][:60]


def test_a_text_hidden_later_is_gone_from_the_published_report_at_the_next_request(cast: Cast, slug: str) -> None:
    run_done(cast, slug)
    confirm_all(cast, slug)
    publish(cast, draft_report(cast, slug))
    edition = db.session.scalars(sa.select(Edition)).one()
    quote = next(part for part in edition.document["findings"] if part["kind"] == "quote")
    ref, start, end = quote["spans"][0]
    text = next(text for text in texts_of(db.session.get_one(Run, 1).activity) if text.ref == ref)
    client = english(cast.client())
    assert text.text[start:end] in opens(client, "/reports/report").text
    reviews.review_texts(
        activity_id(slug), [reviews.Verdict(ref, text.text, (), "個人が分かるため")], actor(cast.moderator)
    )
    page = opens(client, "/reports/report")
    assert text.text not in page.text
    assert "This sentence was taken back" in page.text
    tasks = opens(english(cast.client(cast.editor)), "/staff/")
    assert "rests on 1 texts that are not shown any more" in tasks.text


def test_a_changed_figure_is_found_out_before_publication(cast: Cast, slug: str) -> None:
    run_done(cast, slug)
    confirm_all(cast, slug)
    report = draft_report(cast, slug)
    with writing() as session:
        finding = session.scalars(sa.select(Finding).where(Finding.kind == "computed")).first()
        assert finding is not None
        finding.sentence = {**finding.sentence, "ja": finding.sentence["ja"].replace("件", "0件", 1)}
    with pytest.raises(PublicationRefused) as refused:
        publishing.submit(report.id, report.revision, actor(cast.analyst))
    assert any("does not follow" in str(problem) for problem in refused.value.problems)


def test_the_desk_shows_topics_and_masks_are_confirmed_page_by_page(cast: Cast, slug: str) -> None:
    run_done(cast, slug)
    question = question_of(slug)
    client = english(cast.client(cast.analyst))
    desk = opens(client, f"/staff/analysis/{slug}/{question}")
    assert "Topics" in desk.text
    masks = opens(english(cast.client(cast.moderator)), f"/staff/analysis/{slug}/{question}/masks")
    ref = str(masks.html.find("input", {"name": "ref"})["value"])
    wrong = masks.press("Confirm these 20 texts", **{f"phrase.{ref}": "この文にない言葉"})
    assert wrong.status == 422
    assert "do not stand in the text" in " ".join(wrong.errors)
    done = masks.press("Confirm these 20 texts")
    assert "Confirmed: 20 texts." in done.text


def test_an_empty_name_is_refused_at_its_field(cast: Cast, slug: str) -> None:
    run = run_done(cast, slug)
    page = opens(english(cast.client(cast.analyst)), f"/staff/analysis/{slug}/{run.question}")
    answer = page.press("Save the name", label="  ")
    assert answer.status == 422
    assert answer.html.find("input", {"name": "label"})["aria-invalid"] == "true"


def test_the_tables_file_holds_no_small_number(cast: Cast, slug: str) -> None:
    run_done(cast, slug)
    confirm_all(cast, slug)
    publish(cast, draft_report(cast, slug))
    lines = cast.client().get("/reports/report/tables.csv").get_data(as_text=True).lstrip("\ufeff").splitlines()
    header = lines[0].split(",")
    counts = [line.split(",")[header.index("count")] for line in lines[1:]]
    assert counts
    assert not {"1", "2", "3", "4"} & set(counts)


def test_the_published_document_is_what_the_hash_covers(cast: Cast, slug: str) -> None:
    run_done(cast, slug)
    confirm_all(cast, slug)
    publish(cast, draft_report(cast, slug))
    body = cast.client().get("/reports/report/report.json").data
    assert hashlib.sha256(body).hexdigest() == db.session.scalars(sa.select(Edition.sha256)).one()
    assert json.loads(body)["edition"] == 1
