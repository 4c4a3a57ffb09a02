from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import fields
from surveys.fields import FieldError, demanded, names, read, values
from surveys.questionnaire import Option, Question, QuestionType, Row

TEXT = {"ja": "文"}


def question(kind: QuestionType, **parts: Any) -> Question:
    return Question("q", kind, TEXT, {}, **parts)


CHOICES = (Option("a", TEXT), Option("b", TEXT), Option("c", TEXT))
SINGLE = question(QuestionType.SINGLE, options=(*CHOICES, Option("else", {"ja": "ほか"}, other=True)))
MULTIPLE = question(
    QuestionType.MULTIPLE,
    options=(*CHOICES, Option("else", {"ja": "ほか"}, other=True), Option("none", {"ja": "ない"}, exclusive=True)),
    min=Decimal(2),
    max=Decimal(3),
)
NPS = question(QuestionType.NPS)
NUMBER = question(QuestionType.NUMBER, min=Decimal(0), max=Decimal(1000))
SHORT = question(QuestionType.SHORT_TEXT, min=Decimal(2), max=Decimal(5))
LONG = question(QuestionType.LONG_TEXT)
DATE = question(QuestionType.DATE, min="2026-01-01", max="2026-12-31")
MATRIX = question(QuestionType.MATRIX, options=CHOICES, rows=(Row("r1", {"ja": "一"}), Row("r2", {"ja": "二"})))


def day(year: str, month: str, day_: str) -> dict[str, list[str]]:
    return {"q.year": [year], "q.month": [month], "q.day": [day_]}


@pytest.mark.parametrize(("asked", "form", "answer"), [
    (SINGLE, {"q": ["a"]}, {"options": ["a"]}),
    (SINGLE, {"q": ["a", "a"]}, {"options": ["a"]}),
    (SINGLE, {"q": ["else"], "q.other": [" 自転車 "]}, {"options": ["else"], "other": {"else": "自転車"}}),
    (SINGLE, {"q.other": ["自転車"]}, {"options": ["else"], "other": {"else": "自転車"}}),
    (SINGLE, {"q": ["else"], "q.other": [""]}, {"options": ["else"]}),
    (MULTIPLE, {"q": ["c", "a"]}, {"options": ["a", "c"]}),
    (MULTIPLE, {"q": ["a"], "q.other": ["x"]}, {"options": ["a", "else"], "other": {"else": "x"}}),
    (MULTIPLE, {"q": ["none"]}, {"options": ["none"]}),
    (NPS, {"q": ["10"]}, {"options": ["10"]}),
    (NUMBER, {"q": ["１，０００"]}, {"number": "1000"}),
    (NUMBER, {"q": ["0.50"]}, {"number": "0.5"}),
    (NUMBER, {"q": ["-0"]}, {"number": "0"}),
    (NUMBER, {"q": ["10"]}, {"number": "10"}),
    (SHORT, {"q": ["二行\r\n目"]}, {"text": "二行 目"}),
    (SHORT, {"q": ["👨‍👩‍👧👍🏽"]}, {"text": "👨‍👩‍👧👍🏽"}),
    (LONG, {"q": ["一\r\n二"]}, {"text": "一\n二"}),
    (DATE, day("令和８年", "11月", "3"), {"date": "2026-11-03"}),
    (MATRIX, {"q.r1": ["a"], "q.r2": ["c"]}, {"rows": {"r1": "a", "r2": "c"}}),
    (MATRIX, {"q.r2": ["c"]}, {"rows": {"r2": "c"}}),
])  # fmt: skip
def test_a_right_answer_is_read_and_fills_the_form_again(
    asked: Question, form: fields.Form, answer: dict[str, Any]
) -> None:
    assert read(asked, form) == answer
    assert read(asked, values(asked, answer)) == answer
    assert set(values(asked, answer)) <= set(names(asked))


EVERY_TYPE = [SINGLE, MULTIPLE, NPS, NUMBER, SHORT, LONG, DATE, MATRIX]


@pytest.mark.parametrize("asked", EVERY_TYPE, ids=lambda asked: asked.type)
def test_an_empty_form_is_no_answer_and_a_required_question_says_what_to_do(asked: Question) -> None:
    assert read(asked, {}) is None
    assert read(asked, {name: ["  "] for name in names(asked) if asked in (NUMBER, SHORT, LONG, DATE)}) is None
    assert values(asked, None) == {}
    error = demanded(asked, {})
    assert error.field in names(asked)
    assert str(error.message).endswith(".")


@pytest.mark.parametrize(("asked", "form", "field", "sentence"), [
    (SINGLE, {"q": ["d"]}, "q", fields.CHOOSE_FROM_LIST),
    (SINGLE, {"q": ["a", "b"]}, "q", fields.CHOOSE_ONLY_ONE),
    (SINGLE, {"q": ["a"], "q.other": ["x"]}, "q", fields.OTHER_NOT_CHOSEN),
    (SINGLE, {"q": ["else"], "q.other": ["x" * 201]}, "q.other", fields.TOO_LONG),
    (SINGLE, {"q": ["else"], "q.other": ["\u202ex"]}, "q.other", "Your text contains characters that cannot be shown. "
     "Remove them, or type the text again."),
    (MULTIPLE, {"q": ["a", "z"]}, "q", fields.CHOOSE_FROM_LIST),
    (MULTIPLE, {"q": ["a"]}, "q", fields.CHOOSE_MORE),
    (MULTIPLE, {"q": ["a", "b", "c", "else"]}, "q", fields.CHOOSE_FEWER),
    (MULTIPLE, {"q": ["a", "none"]}, "q", fields.EXCLUSIVE),
    (NPS, {"q": ["11"]}, "q", fields.CHOOSE_FROM_LIST),
    (NUMBER, {"q": ["十"]}, "q", fields.NOT_A_NUMBER),
    (NUMBER, {"q": ["1e5"]}, "q", fields.NOT_A_NUMBER),
    (NUMBER, {"q": ["1,00"]}, "q", fields.NOT_A_NUMBER),
    (NUMBER, {"q": ["-1"]}, "q", fields.BETWEEN),
    (NUMBER, {"q": ["1", "2"]}, "q", fields.SENT_TWICE),
    (SHORT, {"q": ["あ"]}, "q", fields.TOO_SHORT),
    (SHORT, {"q": ["あいうえおか"]}, "q", fields.TOO_LONG),
    (LONG, {"q": ["あ" * 2001]}, "q", fields.TOO_LONG),
    (DATE, day("26", "11", "3"), "q.year", fields.ENTER_YEAR),
    (DATE, day("2026", "13", "3"), "q.month", fields.ENTER_MONTH),
    (DATE, day("2026", "11", ""), "q.day", fields.ENTER_DAY),
    (DATE, day("2026", "2", "30"), "q.day", fields.NO_SUCH_DAY),
    (DATE, day("2025", "12", "31"), "q.year", fields.DATE_BETWEEN),
    (MATRIX, {"q.r1": ["a"], "q.r2": ["x"]}, "q.r2", fields.CHOOSE_FROM_LIST),
    (MATRIX, {"q.r1": ["a", "b"]}, "q.r1", fields.CHOOSE_ONLY_ONE),
])  # fmt: skip
def test_a_wrong_answer_is_refused_at_its_field_with_its_sentence(
    asked: Question, form: fields.Form, field: str, sentence: str
) -> None:
    error = read(asked, form)
    assert isinstance(error, FieldError)
    assert (error.field, error.message.msgid) == (field, sentence)
    assert "%(" not in str(error.message)


def test_a_too_long_answer_says_how_much_to_remove() -> None:
    error = read(LONG, {"q": ["あ" * 2053]})
    assert isinstance(error, FieldError)
    assert str(error.message) == "Your answer may have up to 2,000 characters. Remove 53."


@pytest.mark.parametrize(("low", "high", "sentence"), [
    (Decimal(5), None, fields.AT_LEAST), (None, Decimal(3), fields.AT_MOST), (Decimal(5), Decimal(9), fields.BETWEEN),
])  # fmt: skip
def test_the_range_sentence_names_the_bounds_there_are(
    low: Decimal | None, high: Decimal | None, sentence: str
) -> None:
    error = read(replace(NUMBER, min=low, max=high), {"q": ["4"]})
    assert isinstance(error, FieldError)
    assert error.message.msgid == sentence


def test_a_required_matrix_names_the_first_row_without_an_answer() -> None:
    form = {"q.r1": ["a"]}
    assert not fields.is_complete(MATRIX, {"rows": {"r1": "a"}})
    assert demanded(MATRIX, form).field == "q.r2"


@given(st.sampled_from(EVERY_TYPE), st.data())
def test_whatever_is_sent_is_an_answer_or_a_sentence(asked: Question, data: st.DataObject) -> None:
    sent = st.lists(st.text(max_size=12) | st.sampled_from(["a", "1", "２", "else", "令和8"]), max_size=2)
    form = {name: data.draw(sent) for name in names(asked)}
    answer = read(asked, form)
    if isinstance(answer, FieldError):
        assert answer.field in names(asked)
    elif answer is not None:
        assert read(asked, values(asked, answer)) == answer
