"""Questionnaires and answers made up by Hypothesis: every accepted shape, not only the ones we thought of."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from surveys.answers import Answer, options_answer
from surveys.checking import check
from surveys.conditions import OPS
from surveys.questionnaire import (
    TEXT_TYPES,
    Comparison,
    Condition,
    Group,
    Join,
    Op,
    Option,
    Question,
    Questionnaire,
    QuestionType,
    Row,
    Section,
    Value,
)

TEXT = {"ja": "文"}
DAYS = ("2026-01-31", "2026-06-01", "2026-12-24")


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    """An accepted questionnaire: what the checker refuses loses its condition until nothing is refused."""
    questions: list[Question] = []
    for number in range(draw(st.integers(1, 7))):
        question = draw(bare_questions(f"q{number}"))
        if len(questions) > 0 and draw(st.booleans()):
            question = replace(question, show_if=draw(conditions(questions)))
        questions.append(question)
    questionnaire = paged(questions, draw(st.sets(st.integers(1, len(questions)))))
    while refused := {problem.question for problem in check(questionnaire)}:
        questions = [replace(one, show_if=None) if one.code in refused else one for one in questionnaire.questions]
        questionnaire = paged(questions, {len(section.questions) for section in questionnaire.sections})
    return questionnaire


def paged(questions: list[Question], breaks: set[int]) -> Questionnaire:
    """The questions on pages that begin where `breaks` says."""
    starts = sorted({0, *breaks} - {len(questions)})
    ends = [*starts[1:], len(questions)]
    pages = [tuple(questions[start:end]) for start, end in zip(starts, ends, strict=True)]
    sections = tuple(Section(f"s{number}", TEXT, page) for number, page in enumerate(pages))
    return Questionnaire("made-up", TEXT, ("ja",), sections)


@st.composite
def bare_questions(draw: st.DrawFn, code: str) -> Question:
    kind = draw(st.sampled_from(QuestionType))
    question = Question(code, kind, TEXT, {}, required=draw(st.booleans()))
    if kind in (QuestionType.SINGLE, QuestionType.SCALE, QuestionType.MATRIX, QuestionType.MULTIPLE):
        codes = [f"o{number}" for number in range(draw(st.integers(1, 4)))]
        options = [Option(one, TEXT) for one in codes]
        if kind is QuestionType.MULTIPLE and draw(st.booleans()):
            options.append(Option("alone", TEXT, exclusive=True))
        if kind in (QuestionType.SINGLE, QuestionType.MULTIPLE) and draw(st.booleans()):
            options[0] = replace(options[0], other=True)
        question = replace(question, options=tuple(options))
        if kind is QuestionType.MULTIPLE and draw(st.booleans()):
            least = draw(st.integers(1, len(codes)))
            question = replace(question, min=Decimal(least), max=Decimal(draw(st.integers(least, len(codes)))))
    if kind is QuestionType.MATRIX:
        question = replace(question, rows=(Row("r1", TEXT), Row("r2", TEXT)))
    if kind is QuestionType.NUMBER and draw(st.booleans()):
        question = replace(question, min=Decimal(-5), max=Decimal("7.5"))
    if kind is QuestionType.DATE and draw(st.booleans()):
        question = replace(question, min=DAYS[0], max=DAYS[-1])
    if kind in TEXT_TYPES and draw(st.booleans()):
        question = replace(question, min=Decimal(2), max=Decimal(8))
    return question


@st.composite
def conditions(draw: st.DrawFn, earlier: list[Question], depth: int = 2) -> Condition:
    if depth and draw(st.booleans()):
        members = draw(st.lists(conditions(earlier, depth - 1), min_size=1, max_size=3))
        return Group(draw(st.sampled_from(Join)), tuple(members))
    question = draw(st.sampled_from(earlier))
    op = draw(st.sampled_from(sorted(OPS[question.type])))
    return Comparison(question.code, op, draw(_values(question, op)))


def _values(question: Question, op: Op) -> st.SearchStrategy[Value]:
    if op is Op.ANSWERED:
        return st.just(True)
    one: st.SearchStrategy[str | Decimal]
    if question.type is QuestionType.NUMBER:
        one = st.sampled_from([Decimal(-5), Decimal(0), Decimal("7.5")])
    elif question.type is QuestionType.NPS:
        one = st.integers(0, 10).map(Decimal)
    elif question.type is QuestionType.DATE:
        one = st.sampled_from(DAYS)
    else:
        one = st.sampled_from(question.option_codes)
    return st.lists(one, min_size=1, max_size=3).map(tuple) if op is Op.IN else one


@st.composite
def answers(draw: st.DrawFn, question: Question) -> Answer | None:
    """An answer the form accepts; None, where the question may be left empty, now and then."""
    if not question.required and draw(st.integers(0, 4)) == 0:
        return None
    if question.type is QuestionType.MATRIX:
        return {"rows": {row.code: draw(st.sampled_from(question.option_codes)) for row in question.rows}}
    if question.type is QuestionType.NUMBER:
        return {"number": draw(st.sampled_from(["-5", "0", "0.25", "3", "7.5"]))}
    if question.type is QuestionType.DATE:
        return {"date": draw(st.sampled_from(DAYS))}
    if question.type in TEXT_TYPES:
        return {"text": draw(st.text("あ漢aé🍎", min_size=2, max_size=8))}
    if question.type is QuestionType.MULTIPLE:
        return draw(_choices(question))
    code = draw(st.sampled_from(question.option_codes))
    other = question.other_option
    return options_answer([code], {code: "ほか"} if other and other.code == code and draw(st.booleans()) else None)


@st.composite
def _choices(draw: st.DrawFn, question: Question) -> Answer:
    together = [option.code for option in question.options if not option.exclusive]
    if len(together) < len(question.options) and draw(st.integers(0, 3)) == 0:
        return options_answer(["alone"])
    least, most = int(question.min or 1), int(question.max or len(together))
    picked = draw(st.sets(st.sampled_from(together), min_size=least, max_size=most))
    return options_answer([code for code in together if code in picked])
