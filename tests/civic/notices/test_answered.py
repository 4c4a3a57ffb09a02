"""When the city answers, everyone who left an address is told once, and the address is gone."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from civic import clock
from civic.activities import actions
from civic.activities.models import Participation
from civic.activities.states import Channel, ParticipationState, State
from civic.db import db, writing
from civic.identity.models import ContactAddress
from civic.jobs import child
from civic.jobs.models import Job
from civic.jobs.queue import enqueue
from civic.keys import keys
from civic.notices import answered
from civic.notices.models import Mail
from civic.notices.queries import demo_mail
from surveys.models import Survey
from tests.cast import Cast
from tests.factories.surveys import actor, make_survey


def leave(survey_id: int, address: str, language: str = "ja", *, withdrawn: bool = False) -> None:
    """A participation with an address left for the answer."""
    with writing() as session:
        state = ParticipationState.WITHDRAWN if withdrawn else ParticipationState.COUNTED
        row = Participation(activity_id=survey_id, channel=Channel.WEB, state=state, received_on=clock.today())
        session.add(row)
        session.flush()
        sealed = keys().seal(f"contact_address.sealed|{row.id}", address)
        until = date(2030, 1, 1)
        session.add(ContactAddress(participation_id=row.id, sealed=sealed, language=language, erase_after=until))


def perform_ours() -> None:
    """Run the jobs of this room; what other rooms queued is not part of this story."""
    with writing() as session:
        session.execute(sa.delete(Job).where(Job.name.not_like("notices.%")))
    child.perform_due()
    db.session.rollback()


def tell(survey: Survey) -> list[tuple[str, str, str]]:
    """Run the job and everything after it; what lies in the mail folder: address, subject, body."""
    with writing() as session:
        enqueue(session, "notices.answered", {"activity": survey.id}, key=f"answered:{survey.id}")
    perform_ours()
    folder = current_app.extensions["settings"].instance / "mail"
    return sorted((mail.to, mail.subject, mail.body) for mail in demo_mail(folder))


def left() -> int:
    db.session.rollback()
    return int(db.session.scalar(sa.select(sa.func.count()).select_from(ContactAddress)) or 0)


def test_everyone_is_told_once_in_her_language_and_the_addresses_are_erased(app: Flask) -> None:
    survey = make_survey(Cast(app), state=State.ANSWERED)
    leave(survey.id, "hana@example.jp")
    leave(survey.id, "ken@example.jp", "en")
    leave(survey.id, "yuki@example.jp", "ja-easy")
    told = tell(survey)
    assert [to for to, _, _ in told] == ["hana@example.jp", "ken@example.jp", "yuki@example.jp"]
    assert all(f"http://127.0.0.1:8000/surveys/{survey.slug}" in body for _, _, body in told)
    assert "回答" in told[0][1]
    assert "answer" in told[1][1]
    assert "{" not in "".join(told[2])
    assert left() == 0
    assert tell(survey) == told


def test_who_withdrew_is_not_written_to_and_forgotten_too(app: Flask) -> None:
    survey = make_survey(Cast(app), state=State.ANSWERED)
    leave(survey.id, "gone@example.jp", withdrawn=True)
    assert tell(survey) == []
    assert left() == 0


def test_more_people_than_one_transaction_takes_are_all_told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answered, "BATCH", 2)
    survey = make_survey(Cast(app), state=State.ANSWERED)
    for number in range(5):
        leave(survey.id, f"person{number}@example.jp")
    assert len(tell(survey)) == 5
    assert db.session.scalar(sa.select(sa.func.count()).where(Mail.activity_id == survey.id)) == 5


def test_publishing_the_answer_is_what_tells_them(app: Flask) -> None:
    cast = Cast(app)
    survey = make_survey(cast, state=State.CLOSED)
    leave(survey.id, "hana@example.jp")
    revision = actions.write_answer(survey.id, {"ja": "整備します。"}, survey.revision, actor(cast.editor), clock.now())
    actions.publish_answer(survey.id, revision, actor(cast.approver), clock.now())
    perform_ours()
    assert left() == 0


def test_an_address_whose_day_has_come_is_erased_without_a_mail(app: Flask) -> None:
    survey = make_survey(Cast(app), state=State.CLOSED)
    leave(survey.id, "kept@example.jp")
    leave(survey.id, "old@example.jp")
    with writing() as session:
        last = sa.select(sa.func.max(ContactAddress.participation_id)).scalar_subquery()
        overdue = sa.update(ContactAddress).where(ContactAddress.participation_id == last)
        session.execute(overdue.values(erase_after=clock.today() - timedelta(days=1)))
        enqueue(session, "notices.erase-addresses", {})
    perform_ours()
    assert left() == 1
