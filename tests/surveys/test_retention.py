"""The day on which answers are erased, promised on the entry page, is kept."""

from datetime import date, timedelta

import sqlalchemy as sa
import time_machine
from flask import Flask

from civic import clock
from civic.activities import ledger, reviews
from civic.activities.models import Participation
from civic.activities.states import Channel, State
from civic.audit import chain
from civic.db import db, writing
from civic.jobs.child import perform_due
from civic.jobs.queue import enqueue
from civic.keys import keys
from surveys import recording
from surveys.models import Erasure, FreeText, Response, Survey, Tally
from surveys.results import recounting
from surveys.results.sources import ref_of
from tests.cast import Cast
from tests.factories.surveys import actor, close_survey, end_now, fill, for_residents, make_survey, playground_answers

WORDS = ["電話は090-0000-0000です。日かげがほしい", "だれにも見せないでください"]


def closed_survey(cast: Cast) -> Survey:
    """A closed survey with thirty answers and two texts, the first confirmed with a mask over its number."""
    survey = make_survey(cast, state=State.OPEN)
    fill(survey, playground_answers(30))
    fill(survey, [{"message": {"text": words}} for words in WORDS])
    end_now(survey)
    close_survey(survey.id, actor(cast.editor))
    db.session.rollback()
    first = db.session.scalars(sa.select(FreeText).where(FreeText.text == WORDS[0])).one()
    verdict = reviews.Verdict(ref_of(survey.slug, first.id), first.text, ((3, 16),))
    reviews.review_texts(survey.id, [verdict], actor(cast.moderator))
    return survey


def erase_on(day: date) -> None:
    with time_machine.travel(f"{day.isoformat()}T12:00:00+09:00", tick=False):
        with writing() as session:
            enqueue(session, "surveys.erase_answers", {})
        perform_due()
    db.session.rollback()


def test_nothing_is_erased_before_the_promised_day_is_over(app: Flask, cast: Cast) -> None:
    survey = closed_survey(cast)
    assert survey.retention_until is not None
    erase_on(survey.retention_until)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FreeText)) >= 2
    assert db.session.get(Erasure, survey.id) is None


def test_after_the_day_only_counts_and_confirmed_words_with_their_masks_are_left(app: Flask, cast: Cast) -> None:
    survey = closed_survey(cast)
    before = {(row.question, row.value): row.count for row in db.session.scalars(sa.select(Tally))}
    assert survey.retention_until is not None
    erase_on(survey.retention_until + timedelta(days=1))
    texts = db.session.scalars(sa.select(FreeText.text)).all()
    assert texts == ["電話は" + "■" * 13 + "です。日かげがほしい"]
    assert all(answers == {} for answers in db.session.scalars(sa.select(Response.answers)))
    assert {(row.question, row.value): row.count for row in db.session.scalars(sa.select(Tally))} == before
    erasure = db.session.get_one(Erasure, survey.id)
    assert erasure.responses == 32
    assert recounting.recounts(None) == (0, [])
    assert chain.verify().problems == ()


def test_nobody_can_tell_any_more_who_took_part(app: Flask, cast: Cast) -> None:
    survey = make_survey(cast, state=State.OPEN, **for_residents())
    subject = f"resident:{cast.resident.id}"
    with writing() as session:
        recorded = ledger.take_part(
            session,
            keys(),
            survey.id,
            subject=subject,
            channel=Channel.WEB,
            submission=None,
            at=clock.now(),
        )
        recording.store(session, survey.id, recorded.participation, recording.Filled(1, {}))
    end_now(survey)
    close_survey(survey.id, actor(cast.editor))
    db.session.rollback()
    assert survey.retention_until is not None
    erase_on(survey.retention_until + timedelta(days=1))
    assert db.session.scalars(sa.select(Participation.person_key)).all() == [None]


def test_a_survey_still_open_is_not_touched(app: Flask, cast: Cast) -> None:
    survey = make_survey(cast, state=State.OPEN)
    fill(survey, playground_answers(3))
    erase_on(date(2031, 1, 1))
    assert db.session.get(Erasure, survey.id) is None
