"""Taking a comment back, the receipt that leads to it, and the mail that keeps its number."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from civic import clock
from civic.activities import queries as activities
from civic.activities.states import ParticipationState
from civic.audit.models import AuditRecord
from civic.db import db, writing
from civic.notices.models import Mail
from consultations.comments.models import Comment, Consultation
from tests.cast import Cast
from tests.consultations.commenting.writing import comments, receipt_number
from tests.factories import consultations as make
from tests.pages import Page, opens

BACK = "この意見を取り下げる"
WRONG = "この受付番号と連絡先に合う意見が見つかりません。両方を確かめてください。"


@pytest.fixture
def consultation(cast: Cast) -> Consultation:
    return make.make_consultation(cast)


def withdraws(client: FlaskClient, number: str, contact: str) -> Page:
    client.set_cookie("language", "ja")
    return opens(client, "/consultations/transport-plan/withdraw").press(BACK, number=number, contact=contact)


def state() -> ParticipationState:
    db.session.rollback()
    return db.session.scalars(sa.select(Comment)).one().participation.state


@pytest.mark.parametrize("contact", ["山田 花子", "山田　花子", "hanako@example.jp", " Ｈanako@Example.JP "])
def test_a_comment_is_taken_back_with_its_number_and_a_contact(
    app: Flask, consultation: Consultation, contact: str
) -> None:
    number = receipt_number(comments(app.test_client(), name="山田花子", email="hanako@example.jp"))
    acts = db.session.scalar(sa.select(sa.func.count(AuditRecord.id)))
    done = withdraws(app.test_client(), number.lower().replace("-", " "), contact)
    assert "意見を取り下げました" in done.text
    assert state() is ParticipationState.WITHDRAWN
    assert activities.counted(consultation.id) == 0
    assert db.session.scalar(sa.select(sa.func.count(AuditRecord.id))) == acts
    assert "意見を取り下げました" in withdraws(app.test_client(), number, contact).text  # twice is once


def test_every_mistake_gets_the_same_answer(app: Flask, consultation: Consultation) -> None:
    number = receipt_number(comments(app.test_client(), name="山田花子"))
    bare = receipt_number(comments(app.test_client()))
    client = app.test_client()
    for wrong, contact in ((number, "佐藤"), (bare, "山田花子"), ("0000-0000-0000-0000", "山田花子"), ("x", "y")):
        refused = withdraws(client, wrong, contact)
        assert refused.status == 422
        assert refused.errors == [WRONG, WRONG]
        assert "お名前もメールアドレスも入力しなかった方" in refused.text
    assert activities.counted(consultation.id) == 2


def test_guessing_at_a_number_ends_soon(app: Flask, consultation: Consultation) -> None:
    number = receipt_number(comments(app.test_client(), name="山田花子"))
    client = app.test_client()
    statuses = [withdraws(client, number, f"名前{guess}").status for guess in range(11)]
    assert (statuses[9], statuses[10]) == (422, 429)
    assert withdraws(client, number, "山田花子").status == 429


def test_after_the_period_yes_after_the_result_no(app: Flask, cast: Cast, consultation: Consultation) -> None:
    first = receipt_number(comments(app.test_client(), name="山田花子"))
    second = receipt_number(comments(app.test_client(), name="佐藤"))
    make.end(consultation, cast)
    assert "意見を取り下げました" in withdraws(app.test_client(), first, "山田花子").text
    page = opens(app.test_client(), "/consultations/transport-plan/withdraw?lang=ja")
    with writing() as session:
        row = session.get_one(Consultation, consultation.id)
        row.answered_at, row.answered_by_id = clock.now(), cast.approver.id
    refused = page.press(BACK, number=second, contact="佐藤")
    assert refused.status == 409
    assert activities.counted(consultation.id) == 1
    over = opens(app.test_client(), "/consultations/transport-plan/withdraw?lang=ja")
    assert "もう取り下げられません" in over.text
    assert over.html.select("main form") == []


def test_the_number_of_another_consultation_takes_nothing_back(
    app: Flask, cast: Cast, consultation: Consultation
) -> None:
    make.make_consultation(cast, slug="other")
    number = receipt_number(comments(app.test_client(), "other", name="山田花子"))
    assert withdraws(app.test_client(), number, "山田花子").status == 422


def test_the_receipt_shows_her_own_words_and_never_her_name(app: Flask, consultation: Consultation) -> None:
    number = receipt_number(comments(app.test_client(), passage="p4", body="一行目\n二行目", name="山田花子"))
    client = app.test_client()
    client.set_cookie("language", "ja")
    found = opens(client, "/receipt").press("調べる", number=number)
    assert "一行目 二行目" in found.text
    assert "意見1・2-1について" in found.text
    assert "山田" not in found.text
    assert found.follow("意見を取り下げる").heading == "意見を取り下げる"


def test_the_number_can_be_mailed_a_few_times_and_only_by_the_browser_that_sent(
    app: Flask, consultation: Consultation
) -> None:
    done = comments(app.test_client())
    button = "控えをメールで受け取る"
    mailed = done.press(button, email="hanako@example.jp")
    assert "受付番号を送りました" in mailed.text
    db.session.rollback()
    mail = db.session.scalars(sa.select(Mail)).one()
    assert receipt_number(done) in (mail.body or "")
    assert "/consultations/transport-plan/withdraw" in (mail.body or "")
    again = [done.press(button, email="Hanako@example.jp") for _ in range(3)]
    assert [one.status for one in again] == [200, 200, 429]
    assert again[-1].heading == done.heading
    assert again[-1].form(button).values()["email"] == ["Hanako@example.jp"]
    assert "Retry-After" in again[-1].response.headers
    assert app.test_client().get("/consultations/transport-plan/done").location == "/consultations/transport-plan"
