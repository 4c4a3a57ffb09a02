"""The form of the paper ballots' count: a number for each option of each question."""

from collections.abc import Sequence
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import NumberRange

from civic.activities.forms import WholeNumberField, in_languages, spread, texts
from civic.forms import Given, PageForm
from civic.messages import N_, Message
from consultations.votes.casting.forms import BLANK_VOTE
from consultations.votes.models import Vote
from consultations.votes.paper.tallies import PaperCount, Tally, adds_up, count_from_json, most_of_one
from consultations.votes.protocol.questions import Question

MOST: Final = 100_000_000
NEEDED: Final = Message(N_("Enter the number, 0 for none."))
IN_DIGITS: Final = Message(N_("Enter a number from 0 to 100,000,000."))
TOO_MANY: Final = N_("With %(people)s people on paper one option can have %(most)s at most. Count again.")
DIFFERS: Final = N_(
    "A question adds up to %(sum)s, but %(people)s people voted on paper. Correct it, or write here why it differs."
)


class PaperCountForm(PageForm):
    """`count_form` adds a field for each option."""

    note_ja, note_easy, note_en = in_languages(_l("Why the sum differs from the number of people"))

    def number(self, question: Question, code: str) -> Field:
        return self[name_of(question, code)]

    def tally(self, question: Question) -> Tally:
        return Tally(
            question.code,
            [self.number(question, code).data for code in question.codes],
            self.number(question, "void").data,
        )

    def counted(self, questions: Sequence[Question], people: int) -> PaperCount | None:
        """What was typed; None, with the reason at its field, where it cannot be so."""
        if not self.validate():
            return None
        tallies = [self.tally(one) for one in questions]
        for question, tally in zip(questions, tallies, strict=True):
            self.look_at(question, tally, people)
        return None if self.errors else PaperCount(tallies, texts(self, "note"))

    def look_at(self, question: Question, tally: Tally, people: int) -> None:
        most = most_of_one(question, tally, people)
        if not adds_up(question, tally, people):
            if not self.note_ja.data:
                self.note_ja.errors = (Message(DIFFERS, {"sum": f"{tally.ballots:,}", "people": f"{people:,}"}),)
            return
        for code, total in zip(question.codes, tally.totals, strict=True):
            if total > most:
                values = {"people": f"{people:,}", "most": f"{most:,}"}
                self.number(question, code).errors = (Message(TOO_MANY, values),)


def name_of(question: Question, code: str) -> str:
    return f"{question.code}-{code}"


def label_of(question: Question, code: str) -> Any:
    """The option's words; the blank vote and the void ballots have words of ours."""
    if code == "void":
        return _l("Void paper ballots")
    found = next((option.text for option in question.options if option.code == code), None)
    return Message(BLANK_VOTE) if found is None else found


def count_form(vote: Vote, questions: Sequence[Question], *, posted: bool) -> PaperCountForm:
    """A form with what was entered before."""
    made = {
        name_of(question, code): WholeNumberField(
            label_of(question, code), [Given(NEEDED), NumberRange(0, MOST, IN_DIGITS)]
        )
        for question in questions
        for code in (*question.codes, "void")
    }
    kind: type[PaperCountForm] = type("PaperCountOfVote", (PaperCountForm,), made)
    before = count_from_json(vote.paper_count) if vote.paper_count else None
    values = values_of(before, questions) if before else {}
    return kind(data=values) if posted else kind(formdata=None, data=values)


def values_of(count: PaperCount, questions: Sequence[Question]) -> dict[str, Any]:
    found: dict[str, Any] = spread("note", dict(count.note))
    for question in questions:
        tally = count.of(question.code)
        if tally is not None:
            found |= {name_of(question, code): total for code, total in zip(question.codes, tally.totals, strict=True)}
            found[name_of(question, "void")] = tally.void
    return found
