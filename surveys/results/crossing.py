"""Two questions against each other: which can be crossed, and their answers as `analysis.crosstab` takes them. Pure."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis.crosstab import Answer, Crosstab, crosstab
from analysis.inference import Axis
from analysis.weights import Weighting
from surveys.questionnaire import Question, Questionnaire, QuestionType, Text

CROSSED = (QuestionType.SINGLE, QuestionType.MULTIPLE, QuestionType.SCALE, QuestionType.NPS)

Pair = tuple[str | None, str | None, list[str], int]
"""What was stored for the row and for the column (see `path`), the codes off the path, and how many responses."""


@dataclass(frozen=True)
class Variable:
    """A question with choices, or one row of a matrix (`<code>.<row>`)."""

    name: str
    question: Question
    row: str = ""

    @property
    def label(self) -> tuple[Text, ...]:
        """The question, and the row of a matrix."""
        rows = tuple(row.text for row in self.question.rows if row.code == self.row)
        return (self.question.text, *rows)

    @property
    def axis(self) -> Axis:
        return Axis(self.name, self.question.option_codes, self.question.type is QuestionType.MULTIPLE)

    @property
    def path(self) -> tuple[str, ...]:
        """Where its answer stands in the stored answers."""
        return (self.question.code, "rows", self.row) if self.row else (self.question.code, "options")

    def words(self, code: str) -> Text:
        return next((option.text for option in self.question.options if option.code == code), {"ja": code})

    def answer(self, stored: str | None, off_path: Iterable[str]) -> Answer:
        """A stored answer as a category or a set of them; None where the question was not asked or not answered."""
        if stored is None or self.question.code in off_path:
            return None
        if self.row:
            return stored
        chosen = json.loads(stored)
        return frozenset(chosen) if self.question.type is QuestionType.MULTIPLE else chosen[0]


@dataclass(frozen=True)
class Crossed:
    """A cross-tab with the variables it crosses."""

    row: Variable
    column: Variable
    tab: Crosstab
    weighting: Weighting | None = None


def variables(questionnaire: Questionnaire) -> dict[str, Variable]:
    """Everything that can be crossed, by name, in the questionnaire's order."""
    return {one.name: one for question in questionnaire.questions for one in _variables(question)}


def _variables(question: Question) -> Iterator[Variable]:
    if question.type in CROSSED:
        yield Variable(question.code, question)
    for row in question.rows:
        yield Variable(f"{question.code}.{row.code}", question, row.code)


def cross(row: Variable, column: Variable, pairs: Iterable[Pair]) -> Crossed:
    """The cross-tab of stored pairs with their frequencies."""
    answers = (
        (row.answer(row_stored, off_path), column.answer(column_stored, off_path))
        for row_stored, column_stored, off_path, count in pairs
        for _ in range(count)
    )
    return Crossed(row, column, crosstab(answers, row.axis, column.axis))


def cross_weighted(row: Variable, column: Variable, pairs: Iterable[Pair], weighting: Weighting) -> Crossed:
    """The cross-tab with weighted figures beside the others; one pair for each response, in the order of the weights."""
    answers = [
        (row.answer(row_stored, off_path), column.answer(column_stored, off_path))
        for row_stored, column_stored, off_path, _one in pairs
    ]
    return Crossed(row, column, crosstab(answers, row.axis, column.axis, weighting.weights), weighting)
