"""The questionnaire (調査票) as immutable values, and its JSON form, version 1.

The form is published in `questionnaire.schema.json`. `from_json` trusts its input: what comes from outside passes
`surveys.checking.check_document` first. `to_json` is canonical: fixed key order, defaults left out, so that
`to_json(from_json(document))` says the same as `document` and a second round changes nothing.

A draft may be unfinished (a choice without options, an empty text): these values hold it, the checker refuses it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

VERSION = 1
LANGUAGES = ("ja", "ja-easy", "en")

Text = Mapping[str, str]
"""One text per language, `ja` required: {"ja": …, "ja-easy": …, "en": …}."""

Limit = Decimal | str
"""A smallest or largest value: a number, or for a date question an ISO date, which compares as text."""


class QuestionType(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    NPS = "nps"
    NUMBER = "number"
    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    DATE = "date"
    MATRIX = "matrix"


TEXT_TYPES = frozenset({QuestionType.SHORT_TEXT, QuestionType.LONG_TEXT})
OPTION_TYPES = frozenset({QuestionType.SINGLE, QuestionType.MULTIPLE, QuestionType.SCALE, QuestionType.MATRIX})
NPS_CODES = tuple(str(number) for number in range(11))


class Op(StrEnum):
    """What a comparison asks. Without an answer every comparison is false, `ne` too."""

    EQ = "eq"
    NE = "ne"
    IN = "in"
    CONTAINS = "contains"
    GT = "gt"
    GE = "ge"
    LT = "lt"
    LE = "le"
    ANSWERED = "answered"


class Join(StrEnum):
    """How a group joins its members: all hold, any holds, or none holds (`not`)."""

    ALL = "all"
    ANY = "any"
    NOT = "not"


Value = str | Decimal | bool | tuple["str | Decimal", ...]
"""What is compared with: an option code, a number, an ISO date, `True` for `answered`, several for `in`."""


@dataclass(frozen=True, slots=True)
class Comparison:
    question: str
    op: Op
    value: Value = True


@dataclass(frozen=True, slots=True)
class Group:
    join: Join
    members: tuple["Condition", ...]


Condition = Comparison | Group


@dataclass(frozen=True, slots=True)
class Option:
    code: str
    text: Text
    exclusive: bool = False
    other: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    text: Text


@dataclass(frozen=True)
class Question:
    """One question (設問). `min` and `max` count choices, characters, or bound the number or date itself."""

    code: str
    type: QuestionType
    text: Text
    help: Text
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    required: bool = False
    min: Limit | None = None
    max: Limit | None = None
    show_if: Condition | None = None

    @cached_property
    def option_codes(self) -> tuple[str, ...]:
        """The codes that may be chosen, in order; NPS has 0 to 10 without listing them."""
        return NPS_CODES if self.type is QuestionType.NPS else tuple(option.code for option in self.options)

    @cached_property
    def other_option(self) -> Option | None:
        """The option with a text field of its own; the checker allows one per question."""
        return next((option for option in self.options if option.other), None)


@dataclass(frozen=True)
class Section:
    """One page (区分) of questions."""

    code: str
    title: Text
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Questionnaire:
    slug: str
    title: Text
    languages: tuple[str, ...]
    sections: tuple[Section, ...]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question in the order it is asked."""
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def _by_code(self) -> Mapping[str, Question]:
        return {question.code: question for question in self.questions}

    def question(self, code: str) -> Question:
        """The question with this code; raises KeyError when there is none."""
        return self._by_code[code]

    def has(self, code: str) -> bool:
        return code in self._by_code


def comparisons(condition: Condition | None) -> Iterator[Comparison]:
    """Every comparison inside a condition, in reading order."""
    if isinstance(condition, Comparison):
        yield condition
    elif condition is not None:
        for member in condition.members:
            yield from comparisons(member)


# -- from JSON --------------------------------------------------------------------------------------------------------


def from_json(document: Mapping[str, Any]) -> Questionnaire:
    """Read a document that matches the schema (see `surveys.checking.check_document` for one that may not)."""
    return Questionnaire(
        slug=document["slug"],
        title=dict(document["title"]),
        languages=tuple(document["languages"]),
        sections=tuple(_section(section) for section in document["sections"]),
    )


def _section(section: Mapping[str, Any]) -> Section:
    questions = tuple(_question(question) for question in section["questions"])
    return Section(section["code"], dict(section["title"]), questions)


def _question(question: Mapping[str, Any]) -> Question:
    return Question(
        code=question["code"],
        type=QuestionType(question["type"]),
        text=dict(question["text"]),
        help=dict(question.get("help", {})),
        options=tuple(_option(option) for option in question.get("options", ())),
        rows=tuple(Row(row["code"], dict(row["text"])) for row in question.get("rows", ())),
        required=question.get("required", False),
        min=_scalar(question.get("min")),
        max=_scalar(question.get("max")),
        show_if=condition_from_json(question["show_if"]) if "show_if" in question else None,
    )


def _option(option: Mapping[str, Any]) -> Option:
    return Option(option["code"], dict(option["text"]), option.get("exclusive", False), option.get("other", False))


def condition_from_json(condition: Mapping[str, Any]) -> Condition:
    """A group {"all"|"any"|"not": […]} or a comparison {"question", "op", "value"}."""
    if "op" in condition:
        return Comparison(condition["question"], Op(condition["op"]), _value(condition.get("value", True)))
    (join, members), *_ = condition.items()
    return Group(Join(join), tuple(condition_from_json(member) for member in members))


def _value(value: Any) -> Value:
    if isinstance(value, list):
        return tuple(member if isinstance(member, str) else Decimal(str(member)) for member in value)
    return value if isinstance(value, bool | str) else Decimal(str(value))


def _scalar(value: Any) -> Limit | None:
    return value if value is None or isinstance(value, str) else Decimal(str(value))


# -- to JSON ----------------------------------------------------------------------------------------------------------


def to_json(questionnaire: Questionnaire) -> dict[str, Any]:
    """The canonical JSON document of a questionnaire, version 1."""
    return {
        "version": VERSION,
        "slug": questionnaire.slug,
        "title": _text_to_json(questionnaire.title),
        "languages": list(questionnaire.languages),
        "sections": [_section_to_json(section) for section in questionnaire.sections],
    }


def _section_to_json(section: Section) -> dict[str, Any]:
    questions = [question_to_json(question) for question in section.questions]
    return {"code": section.code, "title": _text_to_json(section.title), "questions": questions}


def question_to_json(question: Question) -> dict[str, Any]:
    """One question's canonical JSON, defaults left out."""
    parts = {
        "help": _text_to_json(question.help),
        "options": [_option_to_json(option) for option in question.options],
        "rows": [{"code": row.code, "text": _text_to_json(row.text)} for row in question.rows],
        "required": question.required,
    }
    limits = {"min": question.min, "max": question.max}
    return {
        "code": question.code,
        "type": question.type.value,
        "text": _text_to_json(question.text),
        **{name: part for name, part in parts.items() if part},
        **{name: _number_to_json(limit) for name, limit in limits.items() if limit is not None},
        **({"show_if": condition_to_json(question.show_if)} if question.show_if else {}),
    }


def _option_to_json(option: Option) -> dict[str, Any]:
    flags = {name: True for name in ("exclusive", "other") if getattr(option, name)}
    return {"code": option.code, "text": _text_to_json(option.text), **flags}


def condition_to_json(condition: Condition) -> dict[str, Any]:
    """The JSON of a condition, as `condition_from_json` reads it."""
    if isinstance(condition, Group):
        return {condition.join.value: [condition_to_json(member) for member in condition.members]}
    value: Any = condition.value
    value = [_number_to_json(member) for member in value] if isinstance(value, tuple) else _number_to_json(value)
    return {"question": condition.question, "op": condition.op.value, "value": value}


def _text_to_json(text: Text) -> dict[str, str]:
    known = [language for language in LANGUAGES if language in text]
    return {language: text[language] for language in (*known, *sorted(set(text) - set(known)))}


def _number_to_json(value: Value | None) -> Any:
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)
