"""Every accepted questionnaire can be walked to its end, whatever is answered on the way."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.answering import form_values, read_page, unanswered
from surveys.answers import Answers
from surveys.checking import check_document
from surveys.conditions import visible_answers, visible_codes
from surveys.questionnaire import Questionnaire, from_json, to_json
from tests.surveys import generated

five_hundred = settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@five_hundred
@given(st.data())
def test_five_hundred_accepted_questionnaires_are_walked_to_their_end(data: st.DataObject) -> None:
    questionnaire = data.draw(generated.questionnaires())
    answers: Answers = {}
    for number in range(1, len(questionnaire.sections) + 1):
        answers = answer_page(data, questionnaire, number, answers)
    assert unanswered(questionnaire, answers) == ()
    assert visible_answers(questionnaire, answers) == answers
    assert set(answers) <= visible_codes(questionnaire, answers)


def answer_page(data: st.DataObject, questionnaire: Questionnaire, number: int, answers: Answers) -> Answers:
    """Fill in what the page shows and send it, again where an answer made a question of the same page appear."""
    here = questionnaire.sections[number - 1].questions
    for _ in range(len(here) + 1):
        asked = [question for question in here if question.code in visible_codes(questionnaire, answers)]
        given_here = {question.code: data.draw(generated.answers(question)) for question in asked}
        filled = {code: answer for code, answer in given_here.items() if answer}
        page = read_page(questionnaire, number, form_values(asked, filled), answers)
        assert page.errors == ()
        assert page.foreign == ()
        kept = {code: page.answers[code] for code in filled if code in page.answers}
        assert kept == {code: answer for code, answer in filled.items() if code in kept}
        answers = page.answers
        if not page.asks_again:
            return answers
    raise AssertionError("the page asks again without end")


@five_hundred
@given(generated.questionnaires())
def test_a_questionnaire_survives_its_json_form(questionnaire: Questionnaire) -> None:
    document = json.loads(json.dumps(to_json(questionnaire)))
    assert check_document(document).accepted
    assert from_json(document) == questionnaire
    assert to_json(from_json(document)) == document
