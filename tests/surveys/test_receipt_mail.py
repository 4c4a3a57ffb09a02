"""The receipt goes to an address nobody proved to be the person's own: so a few times, and not to everybody."""

import sqlalchemy as sa
from flask import Flask

from civic.db import db
from civic.notices.models import Mail
from tests.cast import Cast
from tests.factories.surveys import ONE_QUESTION, make_survey
from tests.surveys.walking import Page, sends


def mails() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Mail)) or 0


def done(app: Flask) -> Page:
    return sends(app.test_client(), "shade", [{"enough": "yes"}])


def test_a_receipt_is_mailed_to_three_addresses_and_no_more(app: Flask) -> None:
    make_survey(Cast(app), ONE_QUESTION)
    page = done(app)
    sent = [page.send(email=f"resident{number}@example.jp") for number in range(6)]
    assert [one.answer.status_code for one in sent] == [303] * 3 + [429] * 3
    assert mails() == 3
    last = sent[-1]
    assert int(last.answer.headers["Retry-After"]) > 0
    assert last.fields()["email"] == ["resident5@example.jp"]


def test_one_address_gets_three_mails_an_hour_whoever_asks(app: Flask) -> None:
    make_survey(Cast(app), ONE_QUESTION)
    sent = [done(app).send(email=address).answer.status_code for address in ("a@example.jp", "A@example.JP") * 2]
    assert sent == [303, 303, 303, 429]
    assert mails() == 3
