"""What residents wrote, as analysis gets it and as pages may show it."""

from collections.abc import Sequence

import pytest
from flask import Flask

from civic import clock
from civic.activities import conflicts, reviews
from civic.activities.reviews import Verdict
from civic.db import db
from civic.features import Source, house
from surveys.models import Survey
from surveys.results import recounting, tallies
from tests.cast import Cast
from tests.factories.surveys import actor, fill, make_survey

WORDS = "山田太郎です。日かげがほしいです。"


@pytest.fixture
def cast(app: Flask) -> Cast:
    return Cast(app)


@pytest.fixture
def survey(cast: Cast) -> Survey:
    return make_survey(cast)


def refs(app: Flask, survey: Survey) -> list[str]:
    db.session.rollback()
    texts = house(app).of(survey).texts
    assert texts is not None
    return [one.ref for one in texts(db.session.get_one(Survey, survey.id))]


def resolved(app: Flask, survey: Survey, wanted: Sequence[str]) -> list[Source]:
    db.session.rollback()
    resolve = house(app).of(survey).resolve
    assert resolve is not None
    found = resolve(wanted)
    return [found[ref] for ref in wanted]


def test_every_written_text_is_offered_with_its_question_and_channel(app: Flask, survey: Survey) -> None:
    fill(survey, [{"message": {"text": WORDS}, "problems": {"options": ["more"], "other": {"more": "ベンチ"}}}])
    db.session.rollback()
    texts = house(app).of(survey).texts
    assert texts is not None
    found = list(texts(db.session.get_one(Survey, survey.id)))
    assert {(one.question, one.text, one.channel, one.visible) for one in found} == {
        ("message", WORDS, "web", True),
        ("problems.more", "ベンチ", "web", True),
    }
    assert all(one.ref.startswith("survey:playgrounds:") for one in found)


def test_nothing_is_shown_before_a_person_confirmed_its_masks(app: Flask, cast: Cast, survey: Survey) -> None:
    fill(survey, [{"message": {"text": WORDS}}])
    ref = refs(app, survey)[0]
    assert [(one.state, one.text) for one in resolved(app, survey, [ref])] == [("unconfirmed", None)]
    reviews.review_texts(survey.id, [Verdict(ref, WORDS, ((0, 4),))], actor(cast.moderator))
    assert [(one.state, one.text) for one in resolved(app, survey, [ref])] == [
        ("shown", "■■■■です。日かげがほしいです。")
    ]
    reviews.review_texts(survey.id, [Verdict(ref, "ほかの文", ())], actor(cast.moderator))
    assert resolved(app, survey, [ref])[0].state == "unconfirmed"


def test_a_hidden_text_and_one_taken_back_say_so(app: Flask, cast: Cast, survey: Survey) -> None:
    first, second = fill(survey, [{"message": {"text": "一つめ"}}, {"message": {"text": "二つめ"}}])
    one, two = refs(app, survey)
    verdicts = [Verdict(one, "一つめ", (), "名前が分かるため"), Verdict(two, "二つめ", ())]
    reviews.review_texts(survey.id, verdicts, actor(cast.moderator))
    conflicts.take_back(second, "本人の希望", actor(cast.editor), clock.now())
    assert [source.state for source in resolved(app, survey, [one, two])] == ["hidden", "withdrawn"]
    assert first != second


def test_a_reference_to_nothing_is_missing(app: Flask, survey: Survey) -> None:
    fill(survey, [{"message": {"text": WORDS}}])
    number = refs(app, survey)[0].rpartition(":")[2]
    strange = ["survey:playgrounds:999", f"survey:elsewhere:{number}", "survey:playgrounds:x", "vote:a:1", ""]
    assert {source.state for source in resolved(app, survey, strange)} == {"missing"}


def test_what_is_taken_back_leaves_the_tallies(app: Flask, cast: Cast, survey: Survey) -> None:
    (participation,) = fill(survey, [{"message": {"text": WORDS}, "place": {"options": ["park"]}}])
    conflicts.take_back(participation, "本人の希望", actor(cast.editor), clock.now())
    db.session.rollback()
    assert set(tallies.stored(db.session, survey.id).values()) == {0}
    assert recounting.recounts("playgrounds")[1] == []
