"""The ballot paper as a form: one field `choice`, or one per option; every way of filling it in is sent in equal length.

With one question its fields are called `choice`, with several `choice.<code of the question>`. A single choice is the
code of its option (`o01` …, blank `o00`). Where several options may be chosen, or points given, each option has a field
of its own (`choice.o01`) with two digits, so that a browser sends as many bytes for one chosen option as for five.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Field, RadioField, SelectChoice, StringField
from wtforms.validators import StopValidation

from civic.characters import clean
from civic.forms import CHOOSE, Form, Given
from civic.messages import N_, Message
from consultations.votes.protocol.manifest import Manifest
from consultations.votes.protocol.questions import BLANK, Choices, Kind, Question

BLANK_VOTE: Final = N_("Blank vote")
CHOOSE_ONE: Final = N_("Choose one of the options, or a blank vote.")
CHOOSE_ONE_OF: Final = N_("Choose one of the options.")
TOO_MANY: Final = N_("Choose at most %(most)s. You have chosen %(count)s.")
TOO_FEW: Final = N_("Choose at least %(least)s, or a blank vote. You have chosen %(count)s.")
TOO_FEW_OF: Final = N_("Choose at least %(least)s. You have chosen %(count)s.")
BLANK_AND_MORE: Final = N_("If you choose a blank vote, choose nothing else.")
CHOOSE_YES: Final = N_("Choose")
CHOOSE_NO: Final = N_("Do not choose")
NO_NUMBER: Final = N_("Enter a confirmation number.")
WRONG_NUMBER: Final = N_("A confirmation number has 24 letters and digits. Check it and enter it once more.")
NONE, ONE = "00", "01"


class OneOf(RadioField):
    """Radio buttons with nothing chosen beforehand."""

    def pre_validate(self, form: Form) -> None:
        if self.data and self.data not in [choice.value for choice in self.choices]:
            raise StopValidation(Message(CHOOSE))


@dataclass(frozen=True)
class Row:
    """One option on the paper: its field, its words (a message or a text of staff), and what may be sent for it."""

    code: str
    name: str
    text: Any
    values: Sequence[str]


@dataclass(frozen=True)
class Paper:
    """One question on the ballot paper."""

    question: Question
    prefix: str

    @property
    def is_single(self) -> bool:
        return self.question.kind is Kind.SINGLE

    @property
    def is_score(self) -> bool:
        return self.question.kind is Kind.SCORE

    @property
    def options(self) -> list[tuple[str, Any]]:
        """Codes and words, the blank vote last."""
        listed: list[tuple[str, Any]] = [(one.code, one.text) for one in self.question.options]
        return [*listed, (BLANK, Message(BLANK_VOTE))] if self.question.blank else listed

    @property
    def rows(self) -> list[Row]:
        """The options where each is a field of its own."""
        points = self.question.points
        return [
            Row(code, f"{self.prefix}.{code}", text, [f"{n:02}" for n in range((1 if code == BLANK else points) + 1)])
            for code, text in self.options
        ]

    def fields(self) -> dict[str, Field]:
        if self.is_single:
            sentence = CHOOSE_ONE if self.question.blank else CHOOSE_ONE_OF
            choices = [SelectChoice(code, text) for code, text in self.options]
            return {self.prefix: OneOf(self.question.text, [Given(Message(sentence))], choices=choices)}
        return {
            row.name: OneOf(
                row.text, [Given(Message(CHOOSE))], choices=[SelectChoice(v, v) for v in row.values], default=NONE
            )
            for row in self.rows
        }

    def choice(self, form: Form) -> list[int]:
        """One number per column, as the protocol has it."""
        if self.is_single:
            return [int(code == form[self.prefix].data) for code, _ in self.options]
        return [int(form[row.name].data) for row in self.rows]

    def fault(self, form: Form) -> Message | None:
        """What is wrong with the options together, each being right."""
        if self.is_single:
            return None
        values = self.choice(form)
        chosen = values[: len(self.question.options)]
        if self.question.blank and values[-1]:
            return Message(BLANK_AND_MORE) if any(chosen) else None
        count = sum(chosen)
        if self.is_score:
            return None
        if count > self.question.max:
            return Message(TOO_MANY, {"most": self.question.max, "count": count})
        if count < self.question.min:
            words = TOO_FEW if self.question.blank else TOO_FEW_OF
            return Message(words, {"least": self.question.min, "count": count})
        return None


class BallotForm(Form):
    """What every ballot paper has; `paper_for` adds its questions."""

    papers: Sequence[Paper] = ()

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        valid = super().validate(extra_validators)
        for paper in self.papers if valid else ():
            if fault := paper.fault(self):
                first = self[paper.rows[0].name]
                first.errors = [fault]
                valid = False
        return valid

    def choices(self) -> Choices:
        return [paper.choice(self) for paper in self.papers]


def papers_of(manifest: Manifest) -> list[Paper]:
    several = len(manifest.questions) > 1
    return [Paper(one, f"choice.{one.code}" if several else "choice") for one in manifest.questions]


def ballot_form(manifest: Manifest, sent: MultiDict[str, str] | None = None) -> BallotForm:
    """The paper of this vote, as it was sent or empty."""
    papers = papers_of(manifest)
    fields = {name: field for paper in papers for name, field in paper.fields().items()}
    form: BallotForm = type("PaperForm", (BallotForm,), {"papers": papers, **fields})(sent)
    return form


def tidy(value: str | None) -> str:
    cleaned = clean(value or "")
    return cleaned if isinstance(cleaned, str) else value or ""


def whole_number(form: Form, field: Field) -> None:
    if len(confirmation_from(field.data)) != 24:
        raise StopValidation(Message(WRONG_NUMBER))


def confirmation_from(typed: str) -> str:
    """The number a person meant: separators and case ignored, 0, 1 and 8 read as O, I and B (base32 has none of them)."""
    folded = "".join(one for one in typed.upper() if one.isascii() and one.isalnum())
    return folded.translate(str.maketrans("018", "OIB"))


class LookUpForm(Form):
    """Is this ballot on the board?"""

    number = StringField(_l("Confirmation number"), [Given(Message(NO_NUMBER)), whole_number], filters=[tidy])
