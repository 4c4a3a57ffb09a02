"""What operators, load balancers and monitoring are told, well and unwell."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from civic import clock
from civic.activities.models import ParticipationCount
from civic.activities.states import Channel, ParticipationState, State
from civic.config import Mode
from civic.db import writing
from civic.jobs.models import Job, JobState
from civic.jobs.queue import enqueue
from civic.ops import configuration, health
from tests.cast import Cast
from tests.factories.surveys import make_survey


def finding(part: str) -> health.Finding:
    return next(one for one in health.findings() if one.part == part)


def let_a_job_wait(minutes: int) -> None:
    with writing() as session:
        enqueue(session, "jobs.tidy", {}, at=clock.now() - timedelta(minutes=minutes))


def test_the_doctor_has_one_line_for_each_part(app: Flask) -> None:
    seen = app.test_cli_runner().invoke(args=["ops", "doctor"])
    parts = [line.split()[1] for line in seen.stdout.splitlines()]
    assert parts == ["keys", "database", "mail", "jobs", "disk", "clock"]
    assert seen.exit_code == (1 if "FAIL" in seen.stdout else 0)


def test_a_queue_nobody_works_on_is_found(app: Flask) -> None:
    assert finding("jobs").well
    let_a_job_wait(6)
    assert not finding("jobs").well
    response = app.test_client().get("/readyz")
    assert (response.status_code, "the queue waits" in response.text) == (503, True)
    assert app.test_cli_runner().invoke(args=["ops", "doctor"]).exit_code == 1


def test_a_failed_job_is_found(app: Flask) -> None:
    let_a_job_wait(0)
    with writing() as session:
        session.execute(sa.update(Job).values(state=JobState.FAILED, finished_at=clock.now()))
    assert not finding("jobs").well


def test_a_mail_server_that_is_not_there_is_found(app: Flask) -> None:
    assert finding("mail").well
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, smtp_url="smtp://127.0.0.1:9")
    assert "cannot be reached" in finding("mail").seen
    app.extensions["settings"] = replace(settings, mode=Mode.PRODUCTION)
    assert not health.mail(app.extensions["settings"]).well


def test_a_full_disk_is_found(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert finding("disk").well
    monkeypatch.setattr(health, "LEAST_DISK", 10**18)
    assert not finding("disk").well


def test_a_clock_that_went_back_is_found(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    Cast(app).department()
    assert finding("clock").well
    early = clock.now() - timedelta(hours=3)
    monkeypatch.setattr(clock, "now", lambda: early)
    assert not finding("clock").well


def test_metrics_are_for_this_machine_and_for_the_token_and_name_no_participation(app: Flask) -> None:
    let_a_job_wait(1)
    client = app.test_client()
    text = client.get("/metrics").text
    assert 'machikoe_jobs{state="queued"} 1' in text
    assert "participation" not in text
    from_outside = {"REMOTE_ADDR": "203.0.113.9"}
    assert client.get("/metrics", environ_overrides=from_outside).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    app.extensions["settings"] = replace(app.extensions["settings"], metrics_token="let-me-in")
    given = {"Authorization": "Bearer let-me-in"}
    assert client.get("/metrics", environ_overrides=from_outside, headers=given).status_code == 200
    wrong = {"Authorization": "Bearer guess"}
    assert client.get("/metrics", environ_overrides=from_outside, headers=wrong).status_code == 404


def test_ready_means_database_and_migrations_too(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/readyz").status_code == 200
    with writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    response = client.get("/readyz")
    assert (response.status_code, "ops migrate" in response.text) == (503, True)
    assert client.get("/healthz").status_code == 200


def test_a_count_that_does_not_fit_is_found_by_recounting(app: Flask) -> None:
    survey = make_survey(Cast(app), state=State.OPEN)
    run = app.test_cli_runner().invoke
    fits = run(args=["ops", "recount", "--json"])
    assert (fits.exit_code, json.loads(fits.stdout)["mismatches"]) == (0, [])
    with writing() as session:
        wrong = {"channel": Channel.WEB, "state": ParticipationState.COUNTED, "count": 2}
        session.add(ParticipationCount(activity_id=survey.id, day=clock.today(), **wrong))
    found = run(args=["ops", "recount", survey.slug, "--json"])
    assert found.exit_code == 1
    [mismatch] = json.loads(found.stdout)["mismatches"]
    assert (mismatch["activity"], mismatch["stored"], mismatch["counted"]) == (survey.slug, 2, 0)
    unknown = run(args=["ops", "recount", "nowhere", "--json"])
    assert (unknown.exit_code, json.loads(unknown.stdout)["type"]) == (1, "/problems/unknown-activity")


def test_a_test_mail_is_handed_over_or_the_reason_is_said(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["ops", "send-test-mail", "operator@example.jp"]).exit_code == 0
    assert (app.extensions["settings"].instance / "mail" / "test.eml").exists()
    app.extensions["settings"] = replace(app.extensions["settings"], smtp_url="smtp://127.0.0.1:9")
    refused = run(args=["ops", "send-test-mail", "operator@example.jp"])
    assert (refused.exit_code, "cannot be reached" in refused.output) == (1, True)
    assert run(args=["ops", "send-test-mail", "a@b\nc"]).exit_code == 2


def test_the_configuration_page_is_the_programs() -> None:
    page = Path(__file__).parents[3] / "docs" / "configuration.md"
    assert page.read_text("utf-8") == configuration.document(), (
        "run: flask --app wsgi ops configuration > docs/configuration.md"
    )
