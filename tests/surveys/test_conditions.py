from decimal import Decimal

import pytest

from surveys.answers import Answer
from surveys.conditions import compare, off_path_codes, visible_answers, visible_codes
from surveys.questionnaire import Comparison, Op, Option, Question, Questionnaire, QuestionType, Section, from_json

TEXT = {"ja": "文"}


def question(kind: QuestionType) -> Question:
    options = tuple(Option(code, TEXT) for code in ("low", "mid", "high"))
    return Question("q", kind, TEXT, {}, options=() if kind is QuestionType.NPS else options)


def picked(*codes: str) -> Answer:
    return {"options": list(codes)}


@pytest.mark.parametrize(("kind", "op", "value", "answer", "expected"), [
    (QuestionType.SINGLE, Op.EQ, "low", picked("low"), True),
    (QuestionType.SINGLE, Op.NE, "low", picked("mid"), True),
    (QuestionType.SINGLE, Op.IN, ("low", "mid"), picked("high"), False),
    (QuestionType.MULTIPLE, Op.CONTAINS, "low", picked("mid", "low"), True),
    (QuestionType.MULTIPLE, Op.CONTAINS, "low", picked("mid"), False),
    (QuestionType.SCALE, Op.GE, "mid", picked("high"), True),
    (QuestionType.SCALE, Op.LT, "mid", picked("mid"), False),
    (QuestionType.NPS, Op.GE, Decimal(9), picked("10"), True),
    (QuestionType.NPS, Op.IN, (Decimal(0), Decimal(1)), picked("1"), True),
    (QuestionType.NUMBER, Op.GT, Decimal("9.5"), {"number": "10"}, True),
    (QuestionType.NUMBER, Op.EQ, Decimal("1.50"), {"number": "1.5"}, True),
    (QuestionType.NUMBER, Op.LE, Decimal(9), {"number": "10"}, False),
    (QuestionType.DATE, Op.LT, "2026-11-23", {"date": "2026-02-01"}, True),
    (QuestionType.LONG_TEXT, Op.ANSWERED, True, {"text": "意見"}, True),
])  # fmt: skip
def test_each_comparison_asks_what_its_type_can_answer(
    kind: QuestionType, op: Op, value: object, answer: Answer, expected: bool
) -> None:
    assert compare(Comparison("q", op, value), question(kind), answer) is expected  # type: ignore[arg-type]  # table


def chain() -> Questionnaire:
    """a shows b, b shows c; d is shown to those who did not choose yes."""

    def single(code: str, show_if: dict[str, object] | None = None) -> dict[str, object]:
        options = [{"code": one, "text": TEXT} for one in ("yes", "no")]
        rest = {"show_if": show_if} if show_if else {}
        return {"code": code, "type": "single", "text": TEXT, "options": options, **rest}

    def yes(code: str) -> dict[str, object]:
        return {"question": code, "op": "eq", "value": "yes"}

    questions = [single("a"), single("b", {"all": [yes("a")]}), single("c", {"any": [yes("b")]}),
                 single("d", {"not": [yes("a")]})]  # fmt: skip
    sections = [{"code": f"s{number}", "title": TEXT, "questions": [one]} for number, one in enumerate(questions)]
    return from_json({"version": 1, "slug": "x", "title": TEXT, "languages": ["ja"], "sections": sections})


def test_a_hidden_question_counts_as_unanswered_whatever_was_stored() -> None:
    stored = {"a": picked("no"), "b": picked("yes"), "c": picked("yes")}
    assert visible_codes(chain(), stored) == {"a", "d"}
    assert visible_answers(chain(), stored) == {"a": picked("no")}
    assert off_path_codes(chain(), stored) == {"b", "c"}


def test_a_comparison_with_an_unanswered_question_is_false_and_not_makes_it_true() -> None:
    assert visible_codes(chain(), {}) == {"a", "d"}


def test_an_empty_questionnaire_asks_nothing() -> None:
    assert visible_codes(Questionnaire("x", TEXT, ("ja",), (Section("s", TEXT, ()),)), {}) == frozenset()
