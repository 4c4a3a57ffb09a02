"""The search for a way to a question, against trying everything."""

from dataclasses import replace
from decimal import Decimal
from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.answers import Answer, Answers, options_answer
from surveys.conditions import visible_codes
from surveys.questionnaire import Comparison, Group, Join, Op, Option, Question, Questionnaire, QuestionType
from surveys.reachability import BUDGET, can_be_asked, can_hold
from tests.surveys import generated

SMALL = (QuestionType.SINGLE, QuestionType.SCALE, QuestionType.MULTIPLE)
small_questions = generated.bare_questions("q").filter(lambda question: question.type in SMALL)


@st.composite
def small_questionnaires(draw: st.DrawFn) -> Questionnaire:
    """Up to four questions of finite answers, with conditions nobody has checked."""
    questions: list[Question] = []
    for number in range(draw(st.integers(2, 4))):
        question = replace(draw(small_questions), code=f"q{number}")
        if len(questions) > 0 and draw(st.integers(0, 3)):
            question = replace(question, show_if=draw(generated.conditions(questions)))
        questions.append(question)
    return generated.paged(questions, set())


def every_answer(question: Question) -> list[Answer | None]:
    none: list[Answer | None] = [] if question.required else [None]
    if question.type is not QuestionType.MULTIPLE:
        return [*none, *(options_answer([code]) for code in question.option_codes)]
    together = [option.code for option in question.options if not option.exclusive]
    least, most = int(question.min or 1), int(question.max or len(together))
    sets = [[code for code, taken in zip(together, bits, strict=True) if taken]
            for bits in product((True, False), repeat=len(together))]  # fmt: skip
    alone = [options_answer([option.code]) for option in question.options if option.exclusive]
    return [*none, *(options_answer(picked) for picked in sets if least <= len(picked) <= most), *alone]


def ever_asked(questionnaire: Questionnaire) -> set[str]:
    """The questions that some complete way of answering shows, by walking all of them."""
    seen: set[str] = set()

    def walk(place: int, answers: Answers) -> None:
        if place == len(questionnaire.questions):
            return
        question = questionnaire.questions[place]
        if question.code not in visible_codes(questionnaire, answers):
            walk(place + 1, answers)
            return
        seen.add(question.code)
        for answer in every_answer(question):
            walk(place + 1, {**answers, question.code: answer} if answer else answers)

    walk(0, {})
    return seen


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(small_questionnaires())
def test_the_search_finds_exactly_the_questions_that_can_be_asked(questionnaire: Questionnaire) -> None:
    found = {question.code for question in questionnaire.questions if can_be_asked(question, questionnaire)}
    assert found == ever_asked(questionnaire)


def scale(code: str) -> Question:
    options = tuple(Option(f"o{number}", {"ja": "文"}) for number in range(5))
    return Question(code, QuestionType.SCALE, {"ja": "文"}, {}, options)


def equal(code: str, option: str) -> Comparison:
    return Comparison(code, Op.EQ, option)


def test_a_search_beyond_its_budget_refuses_nothing() -> None:
    questions = [scale(f"q{number}") for number in range(12)]
    never = Group(Join.ALL, (*(equal(one.code, "o4") for one in questions), equal("q0", "o0")))
    last = replace(scale("last"), show_if=never)
    questionnaire = generated.paged([*questions, last], set())
    assert 5 ** len(questions) > BUDGET
    assert can_hold(never, questionnaire)


def test_numbers_between_two_bounds_are_found() -> None:
    age = Question("age", QuestionType.NUMBER, {"ja": "年齢"}, {}, min=Decimal(0), max=Decimal(10))
    between = Group(Join.ALL, (Comparison("age", Op.GT, Decimal(4)), Comparison("age", Op.LT, Decimal(5))))
    beyond = Comparison("age", Op.GT, Decimal(10))
    questionnaire = generated.paged([age], set())
    assert can_hold(between, questionnaire)
    assert not can_hold(beyond, questionnaire)


def test_the_option_between_two_of_a_scale_is_found() -> None:
    between = Group(Join.ALL, (Comparison("s", Op.GT, "o1"), Comparison("s", Op.LT, "o3")))
    nothing = Group(Join.ALL, (Comparison("s", Op.GT, "o1"), Comparison("s", Op.LT, "o2")))
    questionnaire = generated.paged([scale("s")], set())
    assert can_hold(between, questionnaire)
    assert not can_hold(nothing, questionnaire)
