"""Forms of answering: the draft of an answer, an inquiry, a decision."""

from collections.abc import Sequence
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from civic import clock
from civic.activities.forms import TOO_LONG, DayField, in_languages, spread, stripped, texts
from civic.forms import Form, Given
from civic.messages import N_, Message
from consultations.comments.answering.actions import Answer
from consultations.comments.desk.choosing import LONGEST_TITLE
from consultations.comments.desk.forms import LONG_TITLE
from consultations.comments.models import OpinionGroup
from consultations.comments.stages import Outcome

OUTCOME_WORDS: Final = {
    Outcome.ADOPTED: _l("Adopted: the plan was changed"),
    Outcome.PARTLY: _l("Partly adopted: part of the plan was changed"),
    Outcome.ALREADY: _l("Already in the plan"),
    Outcome.LATER: _l("Kept for later work"),
    Outcome.NOT_ADOPTED: _l("Not adopted"),
    Outcome.OUTSIDE: _l("Outside this plan"),
}
"""反映区分 as clerks choose them."""


class TitleField(StringField):
    """The title of a group in one line."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        super().process_formdata([" ".join(one.split()) for one in valuelist])

    def pre_validate(self, form: Form) -> None:
        if len(self.data or "") > LONGEST_TITLE:
            raise ValidationError(LONG_TITLE)


class AnswerForm(Form):
    """What the city answers to a group. Unfinished drafts are kept too."""

    title_ja, title_easy, title_en = in_languages(_l("Title of the answer"), kind=TitleField)
    gist_ja, gist_easy, gist_en = in_languages(_l("Gist of the opinions"))
    answer_ja, answer_easy, answer_en = in_languages(_l("The city's answer to these opinions"))
    outcome = SelectField(
        _l("Outcome"),
        choices=[
            SelectChoice("", _l("Not decided yet")),
            *(SelectChoice(one.value, OUTCOME_WORDS[one]) for one in Outcome),
        ],
        default="",
    )

    def answer(self) -> Answer:
        """What was typed."""
        chosen = Outcome(self.outcome.data) if self.outcome.data else None
        return Answer(texts(self, "gist"), texts(self, "answer"), chosen, texts(self, "title"))


def values_of(group: OpinionGroup) -> dict[str, Any]:
    """The present draft as the values of its form."""
    outcome = group.outcome.value if group.outcome else ""
    return {
        **spread("title", group.heading),
        **spread("gist", group.gist),
        **spread("answer", group.answer),
        "outcome": outcome,
    }


class InquiryForm(Form):
    """照会: whom, what, by when."""

    department_id = SelectField(_l("Department asked"), coerce=int)
    question = TextAreaField(
        _l("What the department should answer"),
        [
            Given(Message(N_("Write what the department should answer."))),
            Length(max=4000, message=TOO_LONG),
        ],
        filters=[stripped],
    )
    due_on = DayField(_l("Due on"), [Given(Message(N_("Choose the day on which the draft is due.")))])

    def offer(self, departments: Sequence[tuple[int, Any]]) -> None:
        self.department_id.choices = [SelectChoice(number, name) for number, name in departments]

    def validate_due_on(self, field: DayField) -> None:
        if field.data is not None and field.data < clock.today():
            raise ValidationError(Message(N_("This day is past. Choose a day to come.")))
