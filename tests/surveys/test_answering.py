from typing import Any

from surveys.answering import form_values, minutes, read_page, read_paper, unanswered
from surveys.conditions import off_path_codes
from surveys.questionnaire import Questionnaire, from_json


def text(ja: str) -> dict[str, str]:
    return {"ja": ja}


def single(code: str, *options: str, **parts: Any) -> dict[str, Any]:
    choices = [{"code": option, "text": text(option)} for option in options]
    return {"code": code, "type": "single", "text": text(code), "options": choices, **parts}


def library() -> Questionnaire:
    """Page 1 asks about visits and, of those who come, how; page 2 is for them alone; page 3 is for everybody."""
    comes = {"all": [{"question": "visits", "op": "eq", "value": "yes"}]}
    pages = [
        [single("visits", "yes", "no", required=True), single("way", "bus", "walk", required=True, show_if=comes)],
        [single("branch", "central", "east", required=True, show_if=comes)],
        [{"code": "wish", "type": "long_text", "text": text("wish"), "required": True}],
    ]
    sections = [{"code": f"s{n}", "title": text("題"), "questions": questions} for n, questions in enumerate(pages)]
    return from_json(
        {"version": 1, "slug": "library", "title": text("図書館"), "languages": ["ja"], "sections": sections}
    )


def options(code: str) -> dict[str, Any]:
    return {"options": [code]}


def test_an_answer_that_shows_a_question_of_its_own_page_asks_the_page_again() -> None:
    page = read_page(library(), 1, {"visits": ["yes"]}, {})
    assert (page.asks_again, page.errors) == (True, ())
    again = read_page(library(), 1, {"visits": ["yes"]}, page.answers)
    assert [error.field for error in again.errors] == ["way"]
    done = read_page(library(), 1, {"visits": ["yes"], "way": ["bus"]}, page.answers)
    assert (done.asks_again, done.answers) == (False, {"visits": options("yes"), "way": options("bus")})


def test_a_question_answered_together_with_what_shows_it_is_not_asked_again() -> None:
    page = read_page(library(), 1, {"visits": ["yes"], "way": ["walk"]}, {})
    assert not page.asks_again
    assert page.answers["way"] == options("walk")


def test_a_changed_answer_drops_what_it_hides_on_every_page() -> None:
    stored = {"visits": options("yes"), "way": options("bus"), "branch": options("east"), "wish": {"text": "本"}}
    page = read_page(library(), 1, {"visits": ["no"], "way": ["bus"]}, stored)
    assert page.answers == {"visits": options("no"), "wish": {"text": "本"}}


def test_a_refused_answer_is_not_stored_and_the_others_are() -> None:
    page = read_page(library(), 1, {"visits": ["yes"], "way": ["car"]}, {"visits": options("yes")})
    assert [error.field for error in page.errors] == ["way"]
    assert page.answers == {"visits": options("yes")}


def test_fields_of_no_question_of_the_page_are_named() -> None:
    page = read_page(library(), 2, {"branch": ["east"], "visits": ["no"], "x": [""]}, {"visits": options("yes")})
    assert page.foreign == ("visits", "x")
    assert page.answers["visits"] == options("yes")


def test_required_questions_that_are_asked_stand_before_sending() -> None:
    assert [one.code for one in unanswered(library(), {"visits": options("no")})] == ["wish"]
    assert [one.code for one in unanswered(library(), {"visits": options("yes")})] == ["way", "branch", "wish"]


def test_paper_keeps_what_a_condition_would_have_hidden_and_demands_nothing() -> None:
    page = read_paper(library(), {"visits": ["no"], "way": ["bus"]})
    assert page.errors == ()
    assert off_path_codes(library(), page.answers) == {"way"}


def test_stored_answers_fill_the_form() -> None:
    stored = {"visits": options("yes"), "wish": {"text": "本"}}
    assert form_values(library().questions, stored) == {"visits": ["yes"], "wish": ["本"]}


def test_three_choices_and_a_written_answer_take_two_minutes() -> None:
    assert minutes(library()) == 2
