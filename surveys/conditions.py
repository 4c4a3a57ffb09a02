"""Display conditions (表示条件): which questions and sections are asked, given the answers so far.

A condition only looks back, and a hidden question counts as unanswered whatever was stored for it, so one pass in
reading order decides everything. A section is asked when one of its questions is.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from operator import ge, gt, le, lt

from surveys.answers import Answer, Answers, chosen
from surveys.questionnaire import (
    Comparison,
    Condition,
    Group,
    Join,
    Op,
    Question,
    Questionnaire,
    QuestionType,
    Value,
    comparisons,
)

OPS: Mapping[QuestionType, frozenset[Op]] = {
    QuestionType.SINGLE: frozenset({Op.EQ, Op.NE, Op.IN, Op.ANSWERED}),
    QuestionType.MULTIPLE: frozenset({Op.CONTAINS, Op.ANSWERED}),
    QuestionType.SCALE: frozenset({Op.EQ, Op.NE, Op.IN, Op.GT, Op.GE, Op.LT, Op.LE, Op.ANSWERED}),
    QuestionType.NPS: frozenset({Op.EQ, Op.NE, Op.IN, Op.GT, Op.GE, Op.LT, Op.LE, Op.ANSWERED}),
    QuestionType.NUMBER: frozenset({Op.EQ, Op.NE, Op.GT, Op.GE, Op.LT, Op.LE, Op.ANSWERED}),
    QuestionType.DATE: frozenset({Op.EQ, Op.NE, Op.GT, Op.GE, Op.LT, Op.LE, Op.ANSWERED}),
    QuestionType.SHORT_TEXT: frozenset({Op.ANSWERED}),
    QuestionType.LONG_TEXT: frozenset({Op.ANSWERED}),
    QuestionType.MATRIX: frozenset({Op.ANSWERED}),
}
"""What may be asked of an answer. A scale compares the places of its options, NPS and number their value."""

ORDER: Mapping[Op, Callable[[Decimal | str, Decimal | str], bool]] = {Op.GT: gt, Op.GE: ge, Op.LT: lt, Op.LE: le}


def visible_codes(questionnaire: Questionnaire, answers: Answers) -> frozenset[str]:
    """The codes of the questions that are asked, given these answers."""
    visible: set[str] = set()
    seen: dict[str, Answer] = {}
    for question in questionnaire.questions:
        if question.show_if is None or holds(question.show_if, questionnaire, seen):
            visible.add(question.code)
            if question.code in answers:
                seen[question.code] = answers[question.code]
    return frozenset(visible)


def visible_answers(questionnaire: Questionnaire, answers: Answers) -> dict[str, Answer]:
    """The answers without those that a condition hides: what the web stores."""
    visible = visible_codes(questionnaire, answers)
    return {code: answer for code, answer in answers.items() if code in visible}


def off_path_codes(questionnaire: Questionnaire, answers: Answers) -> frozenset[str]:
    """The answered questions that a condition would have hidden: what an import marks `off_path`."""
    return frozenset(answers) - visible_codes(questionnaire, answers)


def has_condition(questionnaire: Questionnaire) -> bool:
    return any(question.show_if for question in questionnaire.questions)


def depends_on(question: Question) -> frozenset[str]:
    """The codes a question's condition names."""
    return frozenset(comparison.question for comparison in comparisons(question.show_if))


def holds(condition: Condition, questionnaire: Questionnaire, answers: Answers) -> bool:
    """Whether a condition holds for these answers, all of them visible ones."""
    if isinstance(condition, Group):
        members = (holds(member, questionnaire, answers) for member in condition.members)
        return joined(condition.join, members)
    answer = answers.get(condition.question)
    return answer is not None and compare(condition, questionnaire.question(condition.question), answer)


def joined(join: Join, members: Iterable[bool]) -> bool:
    """all: every member; any: at least one; not: none."""
    if join is Join.ALL:
        return all(members)
    return any(members) if join is Join.ANY else not any(members)


def compare(comparison: Comparison, question: Question, answer: Answer) -> bool:
    """Whether a given answer passes a comparison that `OPS` allows for its question's type."""
    if comparison.op is Op.ANSWERED:
        return True
    if question.type is QuestionType.MULTIPLE:
        return comparison.value in chosen(answer)
    mine = _place(question, _held(question, answer))
    if comparison.op is Op.IN:
        return any(mine == _place(question, value) for value in _several(comparison.value))
    theirs = _place(question, comparison.value)
    if comparison.op in ORDER:
        return ORDER[comparison.op](mine, theirs)
    return (mine == theirs) is (comparison.op is Op.EQ)


def _held(question: Question, answer: Answer) -> str:
    if question.type is QuestionType.NUMBER:
        return str(answer["number"])
    return str(answer["date"]) if question.type is QuestionType.DATE else chosen(answer)[0]


def _several(value: Value) -> tuple[str | Decimal, ...]:
    return value if isinstance(value, tuple) else (str(value),)


def _place(question: Question, value: Value) -> Decimal | str:
    """A value as it is ordered: a scale's option by its place, numbers by size, codes and ISO dates as text."""
    if question.type is QuestionType.SCALE:
        return Decimal(question.option_codes.index(str(value)))
    if question.type in (QuestionType.NPS, QuestionType.NUMBER):
        return Decimal(str(value))
    return str(value)
