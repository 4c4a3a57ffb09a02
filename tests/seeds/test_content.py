"""What the demo city says to people: in three languages, each written for its readers."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from analysis.reports import seeds as reports
from civic.activities.states import State
from civic.identity import seeds as people
from surveys import checking
from surveys.questionnaire import LANGUAGES, to_json
from surveys.seeds import content

FURIGANA = re.compile(r"\{[^{}/]+/[ぁ-ゖァ-ヺー]+\}")
KANJI = re.compile(r"[\u3005\u3007\u3400-\u9fff]")
LONG = 12
SURVEYS = content.city()["surveys"]


def texts_in(value: Any, place: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every text by language below `value`, with its place."""
    if isinstance(value, dict) and "ja" in value and isinstance(value["ja"], str):
        yield place, {language: value[language] for language in value if language in LANGUAGES}
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from texts_in(one, f"{place}/{name}")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from texts_in(one, f"{place}/{number}")


def every_text() -> list[Any]:
    files = {file.name: tomllib.loads(file.read_text(encoding="utf-8")) for file in content.FOLDER.glob("*.toml")}
    files |= {"people": people.CITY, "reports": reports.DESK}
    return [pytest.param(text, id=name + place) for name, whole in files.items() for place, text in texts_in(whole)]


def questionnaire_texts() -> list[Any]:
    documents = {slug: to_json(content.read(slug).questionnaire) for slug in SURVEYS}
    return [pytest.param(text, id=slug + place) for slug, whole in documents.items() for place, text in texts_in(whole)]


def problems(text: dict[str, str]) -> list[str]:
    """What is wrong with one text for its three readerships."""
    if sorted(text) != sorted(LANGUAGES):
        return ["a language is missing"]
    easy = text["ja-easy"]
    bare = FURIGANA.sub("", easy)
    found = []
    if KANJI.search(bare):
        found.append("kanji without furigana")
    if "{" in bare or "}" in bare or "/" in bare:
        found.append("broken furigana")
    longer = [one for one in text.values() if len(one) > LONG]
    if len(set(longer)) < len(longer):
        found.append("one text in two languages")
    if len(easy) > 40 and " " not in easy:
        found.append("plain Japanese without spaces between phrases")
    if KANJI.search(text["en"]):
        found.append("Japanese in the English text")
    return found


@pytest.mark.parametrize("text", [*every_text(), *questionnaire_texts()])
def test_a_text_is_written_for_all_three_readerships(text: dict[str, str]) -> None:
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ({"ja": "公園", "en": "A park"}, "a language is missing"),
        ({"ja": "公園", "ja-easy": "公園", "en": "A park"}, "kanji without furigana"),
        ({"ja": "公園", "ja-easy": "{公園/こうえん", "en": "A park"}, "kanji without furigana"),
        ({"ja": "公園", "ja-easy": "{公園/}", "en": "A park"}, "kanji without furigana"),
        ({"ja": "あ" * 13, "ja-easy": "あ" * 13, "en": "A park"}, "one text in two languages"),
    ],
)
def test_the_check_sees_a_text_that_is_not(text: dict[str, str], problem: str) -> None:
    assert problem in problems(text)


@pytest.mark.parametrize("slug", SURVEYS)
def test_a_questionnaire_has_three_to_nine_questions_and_no_problem(slug: str) -> None:
    written = content.read(slug).questionnaire
    assert checking.check_document(to_json(written)).accepted
    assert 3 <= len(written.questions) <= 9


def test_there_is_a_survey_in_each_state_in_two_projects_or_more() -> None:
    written = [content.read(slug) for slug in SURVEYS]
    assert {one.state for one in written} == set(State)
    assert len({one.project for one in written}) >= 2


def test_at_least_120_different_comments_are_written_some_with_personal_data() -> None:
    comments = [text for slug in SURVEYS for theme in content.read(slug).themes for text in theme.comments]
    assert len(set(comments)) == len(comments) >= 120
    assert sum("0-0000" in text or "@" in text for text in comments) >= 3


@pytest.mark.parametrize("slug", ["playgrounds", "bus-routes"])
def test_a_finished_survey_has_at_least_sixty_participants(slug: str) -> None:
    written = content.read(slug)
    assert sum(len(theme.comments) for theme in written.themes) + written.content["silent"] >= 60
    assert set(written.content["channels"]) >= {"web", "paper"}
