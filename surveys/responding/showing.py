"""Answers as a person reads them again before sending."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from civic.messages import N_, Message
from civic.web.formatters import date_long
from civic.web.languages import furigana
from surveys import fields
from surveys.answers import Answer, chosen, rows
from surveys.fields import FieldError, Form
from surveys.questionnaire import Question, QuestionType, Text
from surveys.responding.walk import Walk


@dataclass(frozen=True)
class ShownSection:
    title: Text
    rows: list[dict[str, Any]]


def summary(walk: Walk, change: Callable[[int], str] | None) -> list[ShownSection]:
    """Every asked question with its answer, by section; `change` gives the address of a section's page."""
    return [
        ShownSection(
            walk.questionnaire.sections[number - 1].title,
            [_row(question, walk.answers.get(question.code), change(number) if change else None)
             for question in walk.questions(number)],
        )
        for number in walk.sections
    ]  # fmt: skip


def as_typed(questions: Iterable[Question], form: Form) -> list[dict[str, Any]]:
    """What a form says in answer to these questions, also where it is no answer yet; empty fields are left out."""
    read = [(question, fields.read(question, form)) for question in questions]
    return [
        _row(question, None, None) | {"values": _written(question, form), "typed": True}
        if isinstance(answer, FieldError)
        else _row(question, answer, None)
        for question, answer in read
        if answer is not None
    ]


def _written(question: Question, form: Form) -> list[str]:
    return [" / ".join(words for name in fields.names(question) for words in form.get(name, ()) if words)]


def _row(question: Question, answer: Answer | None, change: str | None) -> dict[str, Any]:
    return {
        "label": question.text,
        "values": spoken(question, answer),
        "typed": question.type in (QuestionType.SHORT_TEXT, QuestionType.LONG_TEXT),
        "change": change,
    }


def spoken(question: Question, answer: Answer | None) -> list[Any]:
    """An answer in the words of the questionnaire; typed words as they are."""
    if answer is None:
        return []
    texts: Mapping[str, Text] = {option.code: option.text for option in question.options}
    if question.type is QuestionType.MATRIX:
        given = rows(answer)
        return [
            Message(N_("%(row)s: %(option)s"), {"row": row.text, "option": texts[given[row.code]]})
            for row in question.rows
            if row.code in given
        ]
    if question.type is QuestionType.DATE:
        return [date_long(date.fromisoformat(answer["date"]))]
    if "text" in answer or "number" in answer:
        return [answer.get("text") or answer["number"]]
    other = answer.get("other", {})
    return [_option(texts.get(code, {"ja": code}), other.get(code)) for code in chosen(answer)]


def _option(text: Text, written: str | None) -> Text | Markup:
    return Markup('{}: <span class="typed">{}</span>').format(furigana(text), written) if written else text
