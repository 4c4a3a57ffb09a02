"""Whether a question can ever be asked: a bounded search over the answers that can make a difference.

Each question a condition rests on, directly or through others, is tried with representative answers: every option
a comparison names, its neighbours where order counts, one it does not name, and none where it may be left empty.
The search is exact within its budget; beyond it a question counts as reachable, so that nothing right is refused.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, combinations, pairwise

from surveys.answers import Answer, options_answer
from surveys.conditions import depends_on, holds
from surveys.questionnaire import (
    TEXT_TYPES,
    Comparison,
    Condition,
    Question,
    Questionnaire,
    QuestionType,
    comparisons,
)

BUDGET = 2_000
"""Assignments tried per question, some ten milliseconds."""

MOST_QUESTIONS = 60
"""Questions a condition rests on; above this the search is not begun."""

MOST_NAMED = 10
"""Named options of one multiple choice; above this their combinations are too many to try."""


class _Exhausted(Exception):
    """The budget ran out before the search was complete."""


def can_hold(condition: Condition, questionnaire: Questionnaire) -> bool:
    """Whether any answers at all satisfy the condition by itself. False means it contradicts itself."""
    named = {comparison.question for comparison in comparisons(condition)}
    return _search(condition, [question for question in questionnaire.questions if question.code in named],
                   questionnaire, on_path=False)  # fmt: skip


def can_be_asked(question: Question, questionnaire: Questionnaire) -> bool:
    """Whether some way through the questionnaire shows the question."""
    if question.show_if is None:
        return True
    needed = _ancestors(question, questionnaire)
    asked = [candidate for candidate in questionnaire.questions if candidate.code in needed]
    return _search(question.show_if, asked, questionnaire, on_path=True)


def _ancestors(question: Question, questionnaire: Questionnaire) -> set[str]:
    found: set[str] = set()
    open_codes = set(depends_on(question))
    while open_codes:
        code = open_codes.pop()
        found.add(code)
        open_codes |= depends_on(questionnaire.question(code)) - found
    return found


def _search(target: Condition, asked: Sequence[Question], questionnaire: Questionnaire, *, on_path: bool) -> bool:
    """Try all combinations of representative answers. With `on_path` hidden questions stay empty and required ones do
    not; without it every question is free."""
    named = list(chain(comparisons(target), *(comparisons(question.show_if) for question in asked)))
    if len(asked) > MOST_QUESTIONS or any(_has_too_many(question, named) for question in asked):
        return True
    tried = 0

    def reached(place: int, answers: dict[str, Answer]) -> bool:
        nonlocal tried
        tried += 1
        if tried > BUDGET:
            raise _Exhausted
        if place == len(asked):
            return holds(target, questionnaire, answers)
        question = asked[place]
        if on_path and question.show_if is not None and not holds(question.show_if, questionnaire, answers):
            return reached(place + 1, answers)
        given = any(reached(place + 1, {**answers, question.code: answer}) for answer in candidates[place])
        return given or (not (on_path and question.required) and reached(place + 1, answers))

    candidates = [list(_representatives(question, named)) for question in asked]
    try:
        return reached(0, {})
    except _Exhausted:
        return True


def _has_too_many(question: Question, named: Iterable[Comparison]) -> bool:
    codes = {comparison.value for comparison in named if comparison.question == question.code}
    return question.type is QuestionType.MULTIPLE and len(codes) > MOST_NAMED


def _representatives(question: Question, named: Sequence[Comparison]) -> Iterator[Answer]:
    """Answers to one question such that every other answer compares like one of them."""
    values = [value for comparison in named if comparison.question == question.code for value in _values(comparison)]
    if question.type in TEXT_TYPES:
        yield {"text": "…"}
    elif question.type is QuestionType.MATRIX:
        yield {"rows": {question.rows[0].code: question.options[0].code}}
    elif question.type is QuestionType.NUMBER:
        yield from ({"number": format(number, "f")} for number in _numbers(question, values))
    elif question.type is QuestionType.DATE:
        yield from ({"date": day} for day in _days(question, values))
    elif question.type is QuestionType.MULTIPLE:
        yield from _choices(question, values)
    else:
        yield from (options_answer([code]) for code in _codes(question, values))


def _values(comparison: Comparison) -> tuple[str | Decimal, ...]:
    if isinstance(comparison.value, bool):
        return ()
    return comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)


def _codes(question: Question, values: Sequence[str | Decimal]) -> list[str]:
    """Named options first, then their neighbours (order may count), then one option far from all of them."""
    codes = question.option_codes
    places = [codes.index(str(value)) for value in dict.fromkeys(values)]
    near = [place + step for step in (0, -1, 1) for place in places if 0 <= place + step < len(codes)]
    far = [place for place in range(len(codes)) if place not in near][:1]
    return [codes[place] for place in dict.fromkeys([*near, *far])]


def _numbers(question: Question, values: Sequence[str | Decimal]) -> list[Decimal]:
    """The bounds, the constants, and a number between and beyond each of them."""
    least, most = (None if limit is None else Decimal(limit) for limit in (question.min, question.max))
    bounds = [limit for limit in (least, most) if limit is not None]
    points = sorted({*bounds, *(Decimal(value) for value in values)}) or [Decimal(0)]
    between = [(low + high) / 2 for low, high in pairwise(points)]
    candidates = [*points, *between, points[0] - 1, points[-1] + 1]
    return [x for x in candidates if (least is None or x >= least) and (most is None or x <= most)]


def _days(question: Question, values: Sequence[str | Decimal]) -> list[str]:
    """The bounds, the constants, and the days before and after each of them."""
    first, last = (None if limit is None else str(limit) for limit in (question.min, question.max))
    bounds = [limit for limit in (first, last) if limit is not None]
    points = [date.fromisoformat(str(value)) for value in dict.fromkeys([*values, *bounds])] or [date(2000, 1, 1)]
    days = [(point + timedelta(step)).isoformat() for step in (0, -1, 1) for point in points]
    return [day for day in dict.fromkeys(days) if (first or day) <= day <= (last or day)]


def _choices(question: Question, values: Sequence[str | Decimal]) -> Iterator[Answer]:
    """Every combination of the named options that the question allows, filled up with others to the least number."""
    named = [str(value) for value in dict.fromkeys(values)]
    exclusive = {option.code for option in question.options if option.exclusive}
    yield from (options_answer([code]) for code in question.option_codes if code in exclusive)
    free = [code for code in named if code not in exclusive]
    others = [code for code in question.option_codes if code not in named and code not in exclusive]
    least, most = max(1, int(question.min or 1)), int(question.max or len(question.options))
    for size in range(len(free) + 1):
        for picked in combinations(free, size):
            filled = [*picked, *others[: max(0, least - size)]]
            if least <= len(filled) <= most:
                yield options_answer(filled)
