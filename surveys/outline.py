"""Changing a questionnaire under an author's hands: every function takes one and returns another.

A draft may be unfinished at any step; `surveys.checking` says what still stands between it and the opening.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from surveys.questionnaire import (
    OPTION_TYPES,
    Comparison,
    Condition,
    Group,
    Option,
    Question,
    Questionnaire,
    QuestionType,
    Row,
    Section,
    comparisons,
)

T = TypeVar("T")


def fresh_code(prefix: str, taken: Iterable[str]) -> str:
    """The first of prefix1, prefix2 … that is not taken."""
    used = set(taken)
    number = 1
    while f"{prefix}{number}" in used:
        number += 1
    return f"{prefix}{number}"


def section_of(questionnaire: Questionnaire, code: str) -> Section:
    """The section that holds the question `code`; raises KeyError."""
    for section in questionnaire.sections:
        if any(question.code == code for question in section.questions):
            return section
    raise KeyError(code)


def section(questionnaire: Questionnaire, code: str) -> Section:
    """The section with this code; raises KeyError."""
    for one in questionnaire.sections:
        if one.code == code:
            return one
    raise KeyError(code)


def dependants(questionnaire: Questionnaire, code: str) -> list[Question]:
    """Questions whose display condition asks the question `code`."""
    return [q for q in questionnaire.questions if any(c.question == code for c in comparisons(q.show_if))]


def renamed(questionnaire: Questionnaire, slug: str, title: Mapping[str, str]) -> Questionnaire:
    """The same questions under another address and title."""
    return replace(questionnaire, slug=slug, title=dict(title))


# -- adding -----------------------------------------------------------------------------------------------------------


def add_section(questionnaire: Questionnaire, after: str | None = None) -> tuple[Questionnaire, str]:
    """A new empty section after the section `after` (default: last), and its code."""
    code = fresh_code("s", (one.code for one in questionnaire.sections))
    sections = list(questionnaire.sections)
    place = next((i + 1 for i, one in enumerate(sections) if one.code == after), len(sections))
    sections.insert(place, Section(code, {"ja": ""}, ()))
    return replace(questionnaire, sections=tuple(sections)), code


def add_question(
    questionnaire: Questionnaire, kind: QuestionType, *, after: str | None = None
) -> tuple[Questionnaire, str]:
    """A new question and its code: in a section of its own, right after the section of the question `after`."""
    code = fresh_code("q", (question.code for question in questionnaire.questions))
    here = section_of(questionnaire, after).code if after and questionnaire.has(after) else None
    added, home = add_section(questionnaire, here)
    return _put(added, home, (blank_question(code, kind),)), code


def blank_question(code: str, kind: QuestionType) -> Question:
    """An unfinished question of a kind, with two empty options or rows where the kind has them."""
    options = tuple(Option(f"o{n}", {"ja": ""}) for n in (1, 2)) if kind in OPTION_TYPES else ()
    rows = tuple(Row(f"r{n}", {"ja": ""}) for n in (1, 2)) if kind is QuestionType.MATRIX else ()
    return Question(code, kind, {"ja": ""}, {}, options=options, rows=rows)


def copy_question(questionnaire: Questionnaire, code: str) -> tuple[Questionnaire, str]:
    """A copy of a question right after it in its section, and the copy's code."""
    home = section_of(questionnaire, code)
    new = fresh_code("q", (question.code for question in questionnaire.questions))
    questions = list(home.questions)
    place = next(i for i, question in enumerate(questions) if question.code == code)
    questions.insert(place + 1, replace(questions[place], code=new))
    return _put(questionnaire, home.code, tuple(questions)), new


def copy_section(questionnaire: Questionnaire, code: str) -> tuple[Questionnaire, str]:
    """A copy of a section right after it. Conditions between its questions follow into the copy."""
    original = section(questionnaire, code)
    added, home = add_section(questionnaire, code)
    taken = [question.code for question in questionnaire.questions]
    renamed: dict[str, str] = {}
    for question in original.questions:
        renamed[question.code] = fresh_code("q", taken)
        taken.append(renamed[question.code])
    questions = tuple(
        replace(question, code=renamed[question.code], show_if=_pointing_into_copy(question.show_if, renamed))
        for question in original.questions
    )
    copied = _put(added, home, questions)
    return replace_section(copied, home, original.title), home


def _pointing_into_copy(condition: Condition | None, names: Mapping[str, str]) -> Condition | None:
    if isinstance(condition, Comparison):
        return replace(condition, question=names.get(condition.question, condition.question))
    if isinstance(condition, Group):
        members = tuple(member for one in condition.members if (member := _pointing_into_copy(one, names)) is not None)
        return replace(condition, members=members)
    return None


# -- changing ---------------------------------------------------------------------------------------------------------


def replace_question(questionnaire: Questionnaire, code: str, question: Question) -> Questionnaire:
    """`question` in the place of `code`; raises KeyError when there is none."""
    home = section_of(questionnaire, code)
    questions = tuple(question if one.code == code else one for one in home.questions)
    return _put(questionnaire, home.code, questions)


def replace_section(questionnaire: Questionnaire, code: str, title: Mapping[str, str]) -> Questionnaire:
    """The section `code` with a new title."""
    found = section(questionnaire, code)
    return _swap(questionnaire, code, lambda _: (replace(found, title=dict(title)),))


def remove_question(questionnaire: Questionnaire, code: str) -> Questionnaire:
    """Without the question, and without its section when that becomes empty."""
    home = section_of(questionnaire, code)
    left = tuple(question for question in home.questions if question.code != code)
    return _put(questionnaire, home.code, left) if left else remove_section(questionnaire, home.code)


def remove_section(questionnaire: Questionnaire, code: str) -> Questionnaire:
    """Without the section and its questions."""
    section(questionnaire, code)
    return _swap(questionnaire, code, lambda _: ())


def join_previous(questionnaire: Questionnaire, code: str) -> Questionnaire:
    """The section's questions on the page before; the first section stays as it is."""
    place = next(i for i, one in enumerate(questionnaire.sections) if one.code == code)
    if place == 0:
        return questionnaire
    before, here = questionnaire.sections[place - 1], questionnaire.sections[place]
    joined = replace(before, questions=before.questions + here.questions)
    sections = (*questionnaire.sections[: place - 1], joined, *questionnaire.sections[place + 1 :])
    return replace(questionnaire, sections=sections)


def split_section(questionnaire: Questionnaire, code: str) -> Questionnaire:
    """The question `code` and those after it on a page of their own; a section's first question stays."""
    home = section_of(questionnaire, code)
    place = next(i for i, question in enumerate(home.questions) if question.code == code)
    if place == 0:
        return questionnaire
    added, new = add_section(questionnaire, home.code)
    kept = _put(added, home.code, home.questions[:place])
    return _put(kept, new, home.questions[place:])


def move_question(questionnaire: Questionnaire, code: str, by: int) -> Questionnaire:
    """One place up (-1) or down (+1).

    Alone on its page it takes the page along; else at the page's edge it goes onto the neighbouring page.
    """
    home = section_of(questionnaire, code)
    if len(home.questions) == 1:
        return move_section(questionnaire, home.code, by)
    place = next(i for i, question in enumerate(home.questions) if question.code == code)
    if 0 <= place + by < len(home.questions):
        return _put(questionnaire, home.code, moved(home.questions, place, by))
    neighbour = next(i for i, one in enumerate(questionnaire.sections) if one.code == home.code) + by
    if not 0 <= neighbour < len(questionnaire.sections):
        return questionnaire
    target = questionnaire.sections[neighbour]
    question = home.questions[place]
    received = (*target.questions, question) if by < 0 else (question, *target.questions)
    return _put(remove_question(questionnaire, code), target.code, received)


def move_section(questionnaire: Questionnaire, code: str, by: int) -> Questionnaire:
    """One section one place up (-1) or down (+1); at the ends nothing moves."""
    place = next(i for i, one in enumerate(questionnaire.sections) if one.code == code)
    return replace(questionnaire, sections=moved(questionnaire.sections, place, by))


def moved(items: Sequence[T], place: int, by: int) -> tuple[T, ...]:
    """`items` with the one at `place` moved by `by`; unchanged where that leaves the list."""
    target = place + by
    if not 0 <= target < len(items):
        return tuple(items)
    order = list(items)
    order.insert(target, order.pop(place))
    return tuple(order)


def _put(questionnaire: Questionnaire, code: str, questions: tuple[Question, ...]) -> Questionnaire:
    return _swap(questionnaire, code, lambda found: (replace(found, questions=questions),))


def _swap(questionnaire: Questionnaire, code: str, change: Callable[[Section], tuple[Section, ...]]) -> Questionnaire:
    sections: list[Section] = []
    for one in questionnaire.sections:
        sections += change(one) if one.code == code else (one,)
    return replace(questionnaire, sections=tuple(sections))


# -- comparing --------------------------------------------------------------------------------------------------------


def same_structure(before: Questionnaire, after: Questionnaire) -> bool:
    """Whether only texts differ: a harmless correction, after which old and new answers still mean the same."""
    return _without_texts(before) == _without_texts(after)


def _without_texts(questionnaire: Questionnaire) -> list[object]:
    return [
        (
            one.code,
            [
                replace(
                    question,
                    text={},
                    help={},
                    options=tuple(replace(option, text={}) for option in question.options),
                    rows=tuple(replace(row, text={}) for row in question.rows),
                )
                for question in one.questions
            ],
        )
        for one in questionnaire.sections
    ]
