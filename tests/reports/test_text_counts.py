"""The pages that count what people wrote let the database count: no text is read, however many there are."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from analysis.reports.runs import queries
from civic.activities import reviews
from civic.activities.models import Activity, Participation
from civic.activities.queries import activity_by_slug
from civic.activities.states import ParticipationState, State
from civic.db import writing
from civic.features import house
from surveys.models import FreeText, Response
from tests.cast import Cast
from tests.civic.activities.test_statements import asked, statements
from tests.factories import consultations as make
from tests.factories.surveys import actor, fill, make_survey

PAGES = ("/staff/", "/staff/analysis")


def counted(activity: Activity) -> list[tuple[str, object, int, int]]:
    """What the feature's texts come to when they are read one by one."""
    known = reviews.reviews_of([text.ref for text in queries.texts_of(activity)])
    found: dict[str, tuple[str, object, int, int]] = {}
    for text in queries.texts_of(activity):
        _, _, texts, seen = found.get(text.question, ("", "", 0, 0))
        found[text.question] = (text.question, text.asked, texts + 1, seen + (text.ref in known))
    return list(found.values())


def decide(cast: Cast, activity: Activity) -> None:
    """One text is shown and one is hidden."""
    first, second, *_ = queries.texts_of(activity)
    verdicts = [
        reviews.Verdict(first.ref, first.text, ()),
        reviews.Verdict(second.ref, second.text, (), "個人が分かるため"),
    ]
    reviews.review_texts(activity.id, verdicts, actor(cast.moderator))


def test_the_counts_of_a_survey_are_those_of_its_visible_texts(cast: Cast) -> None:
    survey = make_survey(cast, state=State.OPEN)
    fill(survey, [{"message": {"text": f"{number}番目の公園です。"}} for number in range(5)])
    decide(cast, survey)
    with writing() as session:
        response = session.scalars(sa.select(Response).order_by(Response.id.desc())).first()
        session.get_one(Participation, response.participation_id).state = ParticipationState.WITHDRAWN
    activity = activity_by_slug(survey.slug)
    found = queries.text_counts([activity])[activity.id]
    assert [(one.question, one.asked, one.texts, one.reviewed) for one in found] == counted(activity)
    assert (found[0].texts, found[0].reviewed) == (3, 1)


def test_the_counts_of_a_consultation_are_those_of_its_visible_comments(cast: Cast) -> None:
    consultation = make.ended_with(cast, [f"{number}つ目の意見です。" for number in range(1, 6)])
    decide(cast, consultation)
    activity = activity_by_slug(consultation.slug)
    found = queries.text_counts([activity])[activity.id]
    assert [(one.question, one.asked, one.texts, one.reviewed) for one in found] == counted(activity)
    assert (found[0].texts, found[0].reviewed) == (4, 1)


def test_every_feature_whose_texts_can_be_read_counts_them(cast: Cast) -> None:
    assert all(room.text_counts for room in house().rooms if room.texts)


@pytest.fixture
def clerk(cast: Cast) -> FlaskClient:
    return cast.client(cast.moderator)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_the_same_and_reads_no_text_for_one_survey_and_for_many(
    cast: Cast, clerk: FlaskClient, address: str
) -> None:
    fill(make_survey(cast, state=State.OPEN), [{"message": {"text": "日かげがほしい。"}}])
    one = asked(clerk, address)
    for number in range(3):
        survey = make_survey(cast, state=State.OPEN, slug=f"more-{number}")
        fill(survey, [{"message": {"text": f"{text}番目の公園です。"}} for text in range(3)])
    with statements() as sent:
        assert clerk.get(address).status_code == 200
    assert len(sent) == one
    assert not [statement for statement in sent if f"{FreeText.__tablename__}.text" in statement.replace('"', "")]
