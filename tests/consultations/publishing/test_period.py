"""The period a result tells of is the one the notice told of: from the day people could read it to the day it really ended."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from civic import clock
from civic.activities import actions as activities
from civic.activities.models import PeriodChange
from civic.activities.states import State
from civic.db import db, writing
from consultations.comments import opening
from consultations.comments.models import Consultation, Edition
from tests.cast import Cast
from tests.factories import consultations as make
from tests.factories.surveys import actor, text
from tests.pages import opens

RESPONSES = "/consultations/plan/responses"


@pytest.fixture
def approved_late(cast: Cast) -> Consultation:
    """Planned for forty days; approved twenty days after the planned opening, with a reason for what is left."""
    now = clock.now().replace(microsecond=0)
    made = make.make_consultation(
        cast, State.IN_APPROVAL, "plan", starts_at=now - timedelta(days=40), ends_at=now - timedelta(days=1),
        notice_changes={"short_reason": text("決裁が遅れたため。")},
    )  # fmt: skip
    activities.approve(made.id, make.revision_of(made.id), actor(cast.approver), now - timedelta(days=20))
    activities.set_due_latches(made.id, now)
    activities.close(made.id, actor(cast.editor), now)
    make.write_result(made, cast)
    return make.publish(made, cast)


def test_a_period_approved_late_begins_with_the_approval(approved_late: Consultation, client: FlaskClient) -> None:
    notice = db.session.query(Edition).one().document["notice"]
    noticed = clock.day_in_japan(clock.now() - timedelta(days=20))
    assert (notice["day"], notice["days"]) == (noticed.isoformat(), 20)
    assert notice["short_reason"] == text("決裁が遅れたため。")
    page = opens(client, RESPONSES)
    assert "決裁が遅れたため。" in page.text
    assert "決裁が遅れたため。" in opens(client, "/consultations/plan").text
    assert noticed == opening.noticed_on(approved_late, clock.now())


def change(made: Consultation, cast: Cast, act: str, reason: str, days: int = 0) -> None:
    """One person proposes to extend or stop the period, another approves."""
    end = made.ends_at + timedelta(days=days) if days and made.ends_at else None
    activities.propose_period_change(made.id, act, end, text(reason), actor(cast.editor), clock.now())
    db.session.rollback()
    proposed = db.session.query(PeriodChange).order_by(PeriodChange.id.desc()).first()
    assert proposed is not None
    activities.decide_period_change(proposed.id, True, actor(cast.approver), clock.now())
    db.session.rollback()


def test_a_longer_period_and_an_early_stop_are_published_with_their_reasons(client: FlaskClient, cast: Cast) -> None:
    made = make.make_consultation(cast, slug="plan")
    change(made, cast, "extend", "資料を差し替えたため。", days=10)
    change(made, cast, "stop", "案に誤りが見つかったため。")
    announced = opens(client, "/consultations/plan").text
    activities.close(made.id, actor(cast.editor), clock.now())
    make.write_result(made, cast)
    make.publish(made, cast)
    notice = db.session.query(Edition).one().document["notice"]
    assert notice["days"] == 4
    assert [one["act"] for one in notice["changes"]] == ["extend", "stop"]
    page = opens(client, RESPONSES)
    for reason in ("資料を差し替えたため。", "案に誤りが見つかったため。"):
        assert reason in page.text
    assert "まで延長しました" in page.text
    assert "途中で終わりました" in page.text
    assert "公示の日を入れて4日間" in announced


def test_a_period_announced_short_says_why_though_it_was_extended_past_the_minimum(
    client: FlaskClient, cast: Cast
) -> None:
    now = clock.now().replace(microsecond=0)
    made = make.make_consultation(
        cast, slug="plan", starts_at=now - timedelta(days=3), ends_at=now + timedelta(days=6),
        notice_changes={"short_reason": text("国の締切に合わせるため。")},
    )  # fmt: skip
    assert "はじめは" not in opens(client, "/consultations/plan").text
    change(made, cast, "extend", "意見が多いため。", days=30)
    notice = opens(client, "/consultations/plan").text
    assert "国の締切に合わせるため。" in notice
    assert "はじめは10日間" in notice
    with writing() as session:
        session.get_one(Consultation, made.id).ended_at = clock.now()
    activities.close(made.id, actor(cast.editor), clock.now())
    with writing() as session:
        session.get_one(Consultation, made.id).ended_at = now + timedelta(days=36)
    make.write_result(made, cast)
    make.publish(made, cast)
    kept = db.session.query(Edition).one().document["notice"]
    assert (kept["announced_days"], kept["days"]) == (10, 40)
    assert kept["short_reason"] == text("国の締切に合わせるため。")
    page = opens(client, RESPONSES).text
    for words in ("国の締切に合わせるため。", "10日間", "まで延長しました", "意見が多いため。", "40日間"):
        assert words in page


def test_the_notice_counts_to_the_day_it_was_stopped(cast: Cast) -> None:
    made = make.make_consultation(cast, slug="plan")
    change(made, cast, "stop", "案に誤りが見つかったため。")
    period = opening.period_of(db.session.get_one(Consultation, made.id), clock.now())
    assert period is not None
    assert period[1] == clock.day_in_japan(clock.now())


def test_an_edition_from_before_the_days_of_changes_were_kept_is_read(client: FlaskClient, cast: Cast) -> None:
    made = make.answered_consultation(cast, slug="plan")
    with writing() as session:
        edition = session.query(Edition).filter_by(consultation_id=made.id).one()
        notice = edition.document["notice"] | {"changes": [{"act": "stop", "reason": text("誤りのため。")}]}
        edition.document = edition.document | {"notice": notice}
    assert "誤りのため。" in opens(client, RESPONSES).text
