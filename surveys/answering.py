"""One page of answers: from what a browser sent to stored answers, or to the sentences that ask for better ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from surveys import fields
from surveys.answers import Answer, Answers
from surveys.conditions import visible_answers, visible_codes
from surveys.fields import FieldError, Form
from surveys.questionnaire import Question, Questionnaire, QuestionType


@dataclass(frozen=True)
class Page:
    """What a posted page came to.

    `answers` are all answers of the questionnaire after it, hidden ones dropped; a refused answer is not among them.
    `asks_again` says that an answer on this page made a question of the same page appear that was not on it yet: the
    page is shown once more before going on. `foreign` are fields that belong to no question of the page.
    """

    answers: dict[str, Answer]
    errors: tuple[FieldError, ...] = ()
    asks_again: bool = False
    foreign: tuple[str, ...] = ()


def read_page(questionnaire: Questionnaire, number: int, form: Form, answers: Answers) -> Page:
    """Read page `number` (from 1). `form` holds the questions' fields only, not the form's own hidden ones.

    Questions are read in order and each is shown or hidden by what stands above it, on this page too. Fields of a
    question that is hidden now are passed over.
    """
    questions = questionnaire.sections[number - 1].questions
    shown_before = visible_codes(questionnaire, answers)
    here = {question.code for question in questions}
    given = {code: answer for code, answer in answers.items() if code not in here}
    errors: list[FieldError] = []
    asks_again = False
    for question in questions:
        if question.code not in visible_codes(questionnaire, given):
            continue
        if question.code not in shown_before and not any(name in form for name in fields.names(question)):
            asks_again = True
            continue
        answer = _required(question, form, fields.read(question, form))
        if isinstance(answer, FieldError):
            errors.append(answer)
        elif answer is not None:
            given[question.code] = answer
    kept = visible_answers(questionnaire, given)
    return Page(kept, tuple(errors), asks_again and not errors, foreign_fields(questions, form))


def read_paper(questionnaire: Questionnaire, form: Form) -> Page:
    """Read a whole paper form keyed on one page. A person with a pen may leave out anything and answer what a
    condition would have hidden: both are kept as they are (see `conditions.off_path_codes`)."""
    read = {question.code: fields.read(question, form) for question in questionnaire.questions}
    errors = tuple(answer for answer in read.values() if isinstance(answer, FieldError))
    given = {code: answer for code, answer in read.items() if isinstance(answer, Mapping)}
    return Page(given, errors, foreign=foreign_fields(questionnaire.questions, form))


def foreign_fields(questions: Iterable[Question], form: Form) -> tuple[str, ...]:
    """The fields of a form that belong to none of the questions."""
    own = {name for question in questions for name in fields.names(question)}
    return tuple(name for name in form if name not in own)


def unanswered(questionnaire: Questionnaire, answers: Answers) -> tuple[Question, ...]:
    """The required questions that are asked and not completely answered: what stands before sending."""
    asked = visible_codes(questionnaire, answers)
    return tuple(
        question
        for question in questionnaire.questions
        if question.required and question.code in asked and not fields.is_complete(question, answers.get(question.code))
    )


def form_values(questions: Iterable[Question], answers: Answers) -> dict[str, list[str]]:
    """What fills the fields of these questions, by field name."""
    filled: dict[str, list[str]] = {}
    for question in questions:
        filled.update(fields.values(question, answers.get(question.code)))
    return filled


def _required(question: Question, form: Form, answer: Answer | FieldError | None) -> Answer | FieldError | None:
    if isinstance(answer, FieldError) or not question.required or fields.is_complete(question, answer):
        return answer
    return fields.demanded(question, form)


CHARACTERS_PER_MINUTE = 400
"""Reading speed for Japanese on a phone, unhurried."""

SECONDS = {
    QuestionType.SINGLE: 6,
    QuestionType.MULTIPLE: 10,
    QuestionType.SCALE: 5,
    QuestionType.NPS: 6,
    QuestionType.NUMBER: 10,
    QuestionType.SHORT_TEXT: 20,
    QuestionType.LONG_TEXT: 45,
    QuestionType.DATE: 15,
    QuestionType.MATRIX: 6,
}
"""To answer one question, or one row of a matrix, after reading it. Text that may be left empty counts half."""


def minutes(questionnaire: Questionnaire) -> int:
    """How long answering takes, in whole minutes, at least 1. A question behind a condition counts half."""
    return max(1, ceil(sum(_seconds(question) for question in questionnaire.questions) / 60))


def _seconds(question: Question) -> float:
    choices = [*(option.text for option in question.options), *(row.text for row in question.rows)]
    texts = [question.text, question.help, *choices]
    reading = sum(len(text.get("ja", "")) for text in texts) / CHARACTERS_PER_MINUTE * 60
    answering: float = SECONDS[question.type] * max(1, len(question.rows))
    if not question.required and question.type in (QuestionType.SHORT_TEXT, QuestionType.LONG_TEXT):
        answering /= 2
    return (reading + answering) / (2 if question.show_if else 1)
