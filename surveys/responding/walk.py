"""How a person walks through the sections (区分) of a questionnaire. Pure: answers in, page numbers out, from 1."""

from dataclasses import dataclass
from functools import cached_property

from surveys.answering import unanswered
from surveys.answers import Answer, Answers
from surveys.conditions import has_condition, visible_codes
from surveys.questionnaire import Question, Questionnaire, Section


@dataclass(frozen=True)
class Walk:
    """A questionnaire and the answers given so far."""

    questionnaire: Questionnaire
    answers: Answers

    @cached_property
    def asked(self) -> frozenset[str]:
        """The codes of the questions that are asked, given these answers."""
        return visible_codes(self.questionnaire, self.answers)

    @cached_property
    def visible_answers(self) -> dict[str, Answer]:
        """The answers that count: those to questions that are asked."""
        return {code: answer for code, answer in self.answers.items() if code in self.asked}

    @cached_property
    def sections(self) -> tuple[int, ...]:
        """The numbers of the sections that are asked: those with a question that is."""
        numbered = enumerate(self.questionnaire.sections, start=1)
        return tuple(number for number, section in numbered if self._asks(section))

    @property
    def length(self) -> int:
        """How many sections there are at most."""
        return len(self.questionnaire.sections)

    @property
    def length_varies(self) -> bool:
        return has_condition(self.questionnaire)

    def _asks(self, section: Section) -> bool:
        return any(question.code in self.asked for question in section.questions)

    def questions(self, number: int) -> tuple[Question, ...]:
        """The questions to show on page `number`."""
        section = self.questionnaire.sections[number - 1]
        return tuple(question for question in section.questions if question.code in self.asked)

    def has(self, number: int) -> bool:
        return 1 <= number <= self.length

    def after(self, number: int) -> int | None:
        """The next asked section; None when the answers are to be checked next."""
        return next((one for one in self.sections if one > number), None)

    def before(self, number: int) -> int | None:
        """The asked section before; None at the beginning."""
        return next((one for one in reversed(self.sections) if one < number), None)

    @property
    def last(self) -> int:
        return self.sections[-1] if self.sections else 1

    def section_of(self, code: str) -> int:
        """The page of a question."""
        numbered = enumerate(self.questionnaire.sections, start=1)
        return next(number for number, section in numbered if any(code == one.code for one in section.questions))

    @cached_property
    def missing(self) -> tuple[Question, ...]:
        """The required questions that are asked and not completely answered."""
        return unanswered(self.questionnaire, self.answers)

    def go_on_at(self) -> int | None:
        """Where a person goes on: the first page that lacks a required answer, else the one after the last answered.

        None when nothing is left but to check the answers.
        """
        if self.missing:
            return self.section_of(self.missing[0].code)
        answered = [self.section_of(code) for code in self.answers if code in self.asked]
        return self.after(max(answered)) if answered else next(iter(self.sections), None)
