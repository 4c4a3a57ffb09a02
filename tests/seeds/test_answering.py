"""Invented participants: the same every time, true to what is written of them, within the period."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from surveys.answering import unanswered
from surveys.seeds import answering, content
from surveys.seeds.answering import Participant

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
FILLED = [slug for slug in content.city()["surveys"] if "silent" in content.read(slug).content]


def crowd(slug: str, share: int = 1) -> list[Participant]:
    return answering.participants(content.read(slug), TODAY, NOW, share)


@pytest.mark.parametrize("slug", FILLED)
def test_everybody_answers_every_required_question_within_the_period(slug: str) -> None:
    written = content.read(slug)
    for one in crowd(slug):
        assert written.starts_at(TODAY) <= one.at < min(NOW, written.ends_at(TODAY))
        assert not unanswered(written.questionnaire, one.answers)


def test_participants_are_the_same_every_time_and_a_share_of_them_is_among_all() -> None:
    everybody = crowd("playgrounds")
    assert crowd("playgrounds") == everybody
    assert crowd("playgrounds", share=4) == everybody[::4]


def test_each_comment_is_written_once_by_somebody_who_answered_accordingly() -> None:
    written = content.read("playgrounds")
    by_text = {one.answers["message"]["text"]: one for one in crowd("playgrounds") if "message" in one.answers}
    comments = Counter(text for theme in written.themes for text in theme.comments)
    assert Counter(by_text.keys()) == comments
    shade, *_others = written.themes
    for text in shade.comments:
        assert "shade" in by_text[text].answers["problems"]["options"]
        assert by_text[text].answers["wanted"]["rows"]["shade_trees"] == "much"


def test_more_people_come_in_the_first_half() -> None:
    start = content.read("playgrounds").starts_at(TODAY)
    early = sum(one.at < start + timedelta(days=17) for one in crowd("playgrounds"))
    assert early > len(crowd("playgrounds")) / 2
