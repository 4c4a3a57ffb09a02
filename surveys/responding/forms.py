"""One posted or shown page of a questionnaire, as its template asks for it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from civic.activities.ledger import is_submission_key
from civic.messages import N_, Message
from surveys import answering, fields
from surveys.answers import Answer
from surveys.fields import FieldError
from surveys.questionnaire import Question, QuestionType, Section
from surveys.responding.walk import Walk

OWN_FIELDS = {"csrf_token", "submission_key", "version", "save"}
DAMAGED = N_("This form was damaged on its way. Check your answers and send it once more.")
FOREIGN = N_("This page does not ask for “%(name)s”. It was left out; check your answers and send them once more.")


@dataclass(frozen=True)
class ShownQuestion:
    """A question with what its fields hold and the sentence beside it."""

    question: Question
    values: Mapping[str, Sequence[str]]
    error: FieldError | None = None

    @property
    def code(self) -> str:
        return self.question.code

    @property
    def type(self) -> QuestionType:
        return self.question.type

    def value(self, name: str) -> str:
        """What stands in the field `name`; empty when nothing does."""
        return next(iter(self.values.get(name, ())), "")

    def chosen(self, option: str) -> bool:
        return option in self.values.get(self.code, ())

    def error_at(self, name: str) -> Message | None:
        return self.error.message if self.error and self.error.field == name else None

    @property
    def options(self) -> list[dict[str, Any]]:
        """The choices as the input macros take them."""
        return [
            {"value": one.code, "label": one.text, "exclusive": one.exclusive, "checked": self.chosen(one.code)}
            for one in self.question.options
        ]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of a matrix as its macro takes them."""
        names = zip(self.question.rows, fields.names(self.question), strict=True)
        return [
            {"code": row.code, "label": row.text, "value": self.value(name) or None, "error": self.error_at(name)}
            for row, name in names
        ]

    @property
    def other_error(self) -> Message | None:
        return self.error_at(f"{self.code}.other")

    @property
    def group_error(self) -> Message | None:
        """The error of the question itself, not of the text beside its "other" option or of one matrix row."""
        own = {self.code, *(f"{self.code}.{part}" for part in fields.DATE_PARTS)}
        return self.error.message if self.error and self.error.field in own else None

    @property
    def limit(self) -> int:
        return fields.longest(self.question)


@dataclass(frozen=True)
class SectionForm:
    """Page `number` of a walk. `answers` are the page's own, read; `asks_again` see `answering.Page`."""

    walk: Walk
    number: int
    values: Mapping[str, Sequence[str]]
    version: int = 0
    submission_key: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    problems: Sequence[FieldError] = ()
    damage: Message | None = None
    asks_again: bool = False

    @classmethod
    def of(cls, walk: Walk, number: int) -> "SectionForm":
        """The page as it is first shown, filled with what was answered before."""
        return cls(walk, number, answering.form_values(walk.questions(number), walk.answers))

    @classmethod
    def demanding(cls, walk: Walk, number: int) -> "SectionForm":
        """The page with an error beside each required question that is not answered."""
        values = answering.form_values(walk.questions(number), walk.answers)
        here = set(walk.questions(number))
        return cls(walk, number, values, problems=[fields.demanded(one, values) for one in walk.missing if one in here])

    @classmethod
    def posted(cls, walk: Walk, number: int, form: MultiDict[str, str]) -> "SectionForm":
        """The page as it was sent."""
        sent = {name: values for name, values in form.lists() if name not in OWN_FIELDS}
        page = answering.read_page(walk.questionnaire, number, sent, walk.answers)
        here = {question.code for question in walk.questionnaire.sections[number - 1].questions}
        answers = {code: answer for code, answer in page.answers.items() if code in here}
        problem = damage(form, page.foreign)
        shown = Walk(walk.questionnaire, page.answers)
        return cls(
            shown, number, sent, version_of(form), form.get("submission_key", ""), answers, page.errors, problem,
            page.asks_again,
        )  # fmt: skip

    @classmethod
    def again(cls, walk: Walk, number: int, form: MultiDict[str, str]) -> "SectionForm":
        """The page as it was typed, without a word about what is wrong or missing: it was not sent yet."""
        return replace(cls.posted(walk, number, form), problems=(), damage=None)

    @property
    def section(self) -> Section:
        return self.walk.questionnaire.sections[self.number - 1]

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all questions of this page, hidden ones too: what the page replaces in the draft."""
        return frozenset(question.code for question in self.section.questions)

    @property
    def questions(self) -> tuple[ShownQuestion, ...]:
        by_question = {problem.question: problem for problem in self.problems}
        asked = [one for one in self.section.questions if one.code in self.walk.asked or one.code in by_question]
        return tuple(ShownQuestion(one, self.values, by_question.get(one.code)) for one in asked)

    @property
    def errors(self) -> list[tuple[str, Message]]:
        """(id of the control, sentence) in the order of the page."""
        found = [
            (control(self.walk.questionnaire.question(one.question), one.field), one.message) for one in self.problems
        ]
        return [("answers", self.damage), *found] if self.damage else found

    def blocks(self, leaves: bool) -> bool:
        """Whether the page is shown again. Who leaves to go on later may leave required questions open."""
        wrong = [one for one in self.problems if not leaves or self._is_wrong(one)]
        return bool(wrong or self.damage)

    def _is_wrong(self, problem: FieldError) -> bool:
        question = self.walk.questionnaire.question(problem.question)
        return isinstance(fields.read(question, self.values), FieldError)


def version_of(form: MultiDict[str, str]) -> int:
    version = form.get("version", "")
    return int(version) if re.fullmatch(r"[0-9]{1,6}", version) else 0


def damage(form: MultiDict[str, str], foreign: Sequence[str]) -> Message | None:
    """What is wrong with the form itself: a hidden field lost, doubled or changed, or one that is not ours."""
    hidden = all(len(form.getlist(name)) == 1 for name in ("version", "submission_key"))
    if not hidden or version_of(form) == 0 or not is_submission_key(form["submission_key"]):
        return Message(DAMAGED)
    return Message(FOREIGN, {"name": foreign[0][:80]}) if foreign else None


def control(question: Question, name: str) -> str:
    """The id of the control that the field `name` of a question starts with, as the input macros make it."""
    if question.type is QuestionType.MATRIX:
        return f"{name.replace('.', '-', 1)}-0"
    if question.type is QuestionType.DATE:
        return name.replace(".", "-", 1)
    one_of_many = question.option_codes and name == question.code
    return f"{name}-0" if one_of_many else name
