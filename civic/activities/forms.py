"""Forms of staff on activities and projects. Texts come in three languages, moments in Japan's time."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, Final

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    DateTimeLocalField,
    Field,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from civic import clock
from civic.activities.editing import ActivitySettings
from civic.activities.models import Activity, Project, Texts
from civic.activities.states import Channel, Confidentiality, ResultsShow, Subject
from civic.forms import Form, Given
from civic.messages import N_, Message

SLUG: Final = re.compile(r"[a-z0-9-]{1,60}")
SUFFIXES: Final = {"ja": "ja", "ja-easy": "easy", "en": "en"}
TOO_LONG: Final = Message(N_("This text is too long. Up to 4,000 characters."))
TEXTS_OF_ACTIVITY: Final = (
    "title", "summary", "background", "eligibility", "purpose", "use_of_result", "other_ways", "contact",
)  # fmt: skip
LEVELS: Final = {Subject.NOBODY: 0, Subject.RESIDENT: 1, Subject.REGISTER: 2}
CHANNELS: Final = {
    Channel.WEB: _l("Web"),
    Channel.KIOSK: _l("Terminal at the counter"),
    Channel.COUNTER: _l("Counter"),
    Channel.PAPER: _l("Paper form"),
    Channel.POST: _l("Post"),
    Channel.MAIL: _l("E-mail"),
    Channel.FAX: _l("Fax"),
    Channel.PHONE: _l("Telephone"),
    Channel.MEETING: _l("Meeting"),
    Channel.IMPORT: _l("Imported file"),
}


class ToOpen:
    """Marks what a draft may lack but an opening may not (`rules.opening_problems`); refuses nothing."""

    field_flags: ClassVar = {"to_open": True}

    def __call__(self, form: Form, field: Field) -> None:
        """A draft may be stored without it."""


def stripped(value: str | None) -> str | None:
    return value.strip() if value else value


def in_languages(
    label: Any, needed: str | None = None, kind: type[Field] = TextAreaField, *, to_open: bool = False
) -> tuple[Field, Field, Field]:
    """Three fields for one text: 日本語 (refused empty with `needed`), やさしい日本語, English."""
    first = [Given(Message(needed))] if needed else [ToOpen()] if to_open else []
    length = Length(max=4000, message=TOO_LONG)
    return (
        kind(label, [*first, length], filters=[stripped]),
        kind(_l("The same in plain Japanese"), [length], filters=[stripped]),
        kind(_l("The same in English"), [length], filters=[stripped]),
    )


def texts(form: Form, name: str) -> Texts:
    """What was typed into the three fields of `name`, by language, empty ones left out."""
    typed = {language: form[f"{name}_{suffix}"].data for language, suffix in SUFFIXES.items()}
    return {language: words for language, words in typed.items() if words}


def spread(name: str, words: Texts) -> dict[str, str]:
    """A text as the values of its three fields."""
    return {f"{name}_{suffix}": words.get(language, "") for language, suffix in SUFFIXES.items()}


class MomentField(DateTimeLocalField):
    """A day and time in Japan; `data` is aware."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(Message(N_("Enter a day and a time, like 2026-12-11 17:00."))) from error
        if self.data is not None:
            self.data: datetime | None = self.data.replace(tzinfo=clock.TOKYO)

    def process_data(self, value: datetime | None) -> None:
        super().process_data(value and value.astimezone(clock.TOKYO))


class DayField(DateField):
    """A day."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(Message(N_("Enter a day, like 2026-12-11."))) from error


class WholeNumberField(IntegerField):
    """A whole number; full-width digits are welcome. `sentence` is said of anything else."""

    def __init__(
        self, label: Any, *validators: Any, sentence: str = N_("Enter a number in digits."), **more: Any
    ) -> None:
        super().__init__(label, *validators, **more)
        self.sentence = sentence

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(Message(self.sentence)) from error


class ChoiceField(RadioField):
    """Radio buttons one of which must be chosen."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, [Given(Message(N_("Choose one.")))], **options)

    def pre_validate(self, form: Form) -> None:
        if self.data not in [choice.value for choice in self.choices]:
            raise ValidationError(Message(N_("Choose one.")))


class ChannelsField(SelectMultipleField):
    """Checkboxes whose refusal is a sentence of ours."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Form) -> None:
        if not set(self.data or ()) <= {choice.value for choice in self.choices}:
            raise ValidationError(Message(N_("Choose from the list.")))


class ContactForm(Form):
    """What may still be corrected after opening."""

    contact_ja, contact_easy, contact_en = in_languages(_l("Contact"), N_("Enter whom to call: office and telephone."))
    other_ways_ja, other_ways_easy, other_ways_en = in_languages(_l("Other ways to take part"))
    answer_due = DayField(_l("Day of the city's answer"), [Optional(), ToOpen()])


class WordsForm(ContactForm):
    """Texts, period and promises of an activity of any kind. Drafts may be unfinished; approval asks for the rest."""

    title_ja, title_easy, title_en = in_languages(_l("Title"), N_("Enter the title."), StringField)
    summary_ja, summary_easy, summary_en = in_languages(_l("Summary"), N_("Enter the summary."))
    background_ja, background_easy, background_en = in_languages(_l("Who asks and why"), to_open=True)
    eligibility_ja, eligibility_easy, eligibility_en = in_languages(_l("Who may take part"), to_open=True)
    purpose_ja, purpose_easy, purpose_en = in_languages(
        _l("What is asked about the person, and what for"), to_open=True
    )
    use_of_result_ja, use_of_result_easy, use_of_result_en = in_languages(
        _l("What will be done with the result"), to_open=True
    )
    contact_ja, contact_easy, contact_en = in_languages(_l("Contact"), to_open=True)
    minutes = WholeNumberField(
        _l("How long it takes (minutes)"),
        [
            Given(Message(N_("Enter how many minutes it takes."))),
            NumberRange(1, 240, Message(N_("Enter the minutes it takes as a number from 1 to 240."))),
        ],
        default=5,
        sentence=N_("Enter the minutes it takes as a number from 1 to 240."),
    )
    starts_at = MomentField(_l("Opens"), [Optional(), ToOpen()])
    ends_at = MomentField(_l("Ends"), [Optional(), ToOpen()])
    retention_until = DayField(_l("Day the answers are erased"), [Optional(), ToOpen()])

    def validate_ends_at(self, field: Field) -> None:
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError(Message(N_("The end must be later than the opening.")))

    def settings(self) -> ActivitySettings:
        """The typed values, for `editing.create` or `actions.edit_settings`."""
        words: dict[str, Any] = {name: texts(self, name) for name in TEXTS_OF_ACTIVITY}
        return ActivitySettings(
            **words,
            minutes=self.minutes.data,
            retention_until=self.retention_until.data,
            answer_due=self.answer_due.data,
            starts_at=self.starts_at.data,
            ends_at=self.ends_at.data,
        )


class ActivityForm(WordsForm):
    """The same, and who takes part how often and how, in what confidence, and when results show."""

    subject = ChoiceField(
        _l("Who is asked to identify"),
        choices=[
            SelectChoice(Subject.NOBODY.value, _l("Nobody (anyone may take part, any number of times)")),
            SelectChoice(Subject.RESIDENT.value, _l("Residents with an account")),
            SelectChoice(Subject.REGISTER.value, _l("People on a register, by code")),
        ],
        default=Subject.NOBODY.value,
    )
    register_id = SelectField(_l("Register"), coerce=int, validate_choice=False, default=0)
    once = ChoiceField(
        _l("How often one person may take part"),
        choices=[
            SelectChoice("any", _l("Any number of times")),
            SelectChoice("once", _l("Once, without changing it later")),
            SelectChoice("change", _l("Once, and it may be changed until the end")),
        ],
        default="any",
    )
    channels = ChannelsField(
        _l("Ways to take part"),
        [ToOpen()],
        choices=[SelectChoice(channel.value, label) for channel, label in CHANNELS.items()],
        default=[Channel.WEB.value],
    )
    confidentiality = ChoiceField(
        _l("Who may know whose answer it is"),
        choices=[
            SelectChoice(Confidentiality.CONFIDENTIAL.value, _l("Nobody, on any page")),
            SelectChoice(Confidentiality.NAMED.value, _l("Staff with a recorded reason")),
        ],
        default=Confidentiality.CONFIDENTIAL.value,
    )
    results_show = ChoiceField(
        _l("When residents see the results"),
        choices=[
            SelectChoice(ResultsShow.AFTER_CLOSE.value, _l("When it is closed")),
            SelectChoice(ResultsShow.LIVE.value, _l("While it is open")),
            SelectChoice(ResultsShow.NEVER.value, _l("Never")),
        ],
        default=ResultsShow.AFTER_CLOSE.value,
    )

    def validate_once(self, field: Field) -> None:
        if field.data != "any" and self.subject.data == Subject.NOBODY.value:
            raise ValidationError(Message(N_("Once per person needs people to identify. Choose who, or any number.")))

    def validate_register_id(self, field: Field) -> None:
        known = {choice.value for choice in field.choices}
        if self.subject.data == Subject.REGISTER.value and (not field.data or field.data not in known):
            raise ValidationError(Message(N_("Choose the register.")))

    def offer_registers(self, registers: Sequence[tuple[int, str]]) -> None:
        """Fill the list of registers: pairs of id and name."""
        self.register_id.choices = [SelectChoice(0, _l("None")), *(SelectChoice(*one) for one in registers)]

    def settings(self) -> ActivitySettings:
        """The typed values."""
        subject = Subject(self.subject.data)
        return replace(
            super().settings(),
            subject=subject,
            register_id=self.register_id.data if subject is Subject.REGISTER else None,
            identity_level=LEVELS[subject],
            once_per_person=self.once.data != "any",
            change_allowed=self.once.data == "change",
            channels=tuple(Channel(name) for name in self.channels.data or ()),
            confidentiality=Confidentiality(self.confidentiality.data),
            results_show=ResultsShow(self.results_show.data),
        )


def values_of(activity: Activity) -> dict[str, Any]:
    """An activity as the values of `ActivityForm`: `ActivityForm(request.form, data=values_of(activity))`."""
    values: dict[str, Any] = {}
    for name in TEXTS_OF_ACTIVITY:
        values |= spread(name, getattr(activity, name))
    once = "any" if not activity.once_per_person else "change" if activity.change_allowed else "once"
    return values | {
        "minutes": activity.minutes,
        "starts_at": activity.starts_at,
        "ends_at": activity.ends_at,
        "retention_until": activity.retention_until,
        "answer_due": activity.answer_due,
        "subject": activity.subject.value,
        "register_id": activity.register_id or 0,
        "once": once,
        "channels": activity.channels,
        "confidentiality": activity.confidentiality.value,
        "results_show": activity.results_show.value,
    }


class ProjectForm(Form):
    title_ja, title_easy, title_en = in_languages(_l("Title"), N_("Enter the title."), StringField)
    summary_ja, summary_easy, summary_en = in_languages(_l("Summary"), N_("Enter the summary."))


def values_of_project(project: Project) -> dict[str, Any]:
    return spread("title", project.title) | spread("summary", project.summary)


class NewProjectForm(ProjectForm):
    slug = StringField(
        _l("Address"),
        [
            Given(Message(N_("Enter the last part of the page's address."))),
            Regexp(SLUG, message=Message(N_("Use a to z, 0 to 9 and hyphens only, up to 60 characters."))),
            Length(max=60, message=Message(N_("Use a to z, 0 to 9 and hyphens only, up to 60 characters."))),
        ],
        filters=[stripped],
    )
    department_id = SelectField(_l("Department"), coerce=int, validate_choice=False, default=0)

    def validate_department_id(self, field: Field) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(Message(N_("Choose the department.")))


class NoteForm(Form):
    note = TextAreaField(
        _l("What should be changed"),
        [Given(Message(N_("Write what should be changed."))), Length(max=4000, message=TOO_LONG)],
        filters=[stripped],
    )


class ReasonForm(Form):
    """A reason residents read."""

    reason_ja, reason_easy, reason_en = in_languages(_l("Reason"), N_("Write the reason. It is shown to residents."))


class ExtendForm(ReasonForm):
    new_end = MomentField(_l("New end"), [Given(Message(N_("Enter the new end.")))])


class TakeBackForm(Form):
    number = StringField(_l("Receipt number"), [Given(Message(N_("Enter the receipt number.")))], filters=[stripped])
    reason = TextAreaField(
        _l("Reason"),
        [Given(Message(N_("Write why."))), Length(max=4000, message=TOO_LONG)],
        filters=[stripped],
    )


class AnswerForm(Form):
    answer_ja, answer_easy, answer_en = in_languages(_l("The city's answer"), N_("Write the city's answer."))


class ConflictForm(Form):
    count_new = ChoiceField(
        _l("Which one counts"),
        choices=[
            SelectChoice("no", _l("The one that counts now")),
            SelectChoice("yes", _l("The later one, instead of it")),
        ],
    )
    reason = TextAreaField(
        _l("Reason"),
        [Given(Message(N_("Write why."))), Length(max=4000, message=TOO_LONG)],
        filters=[stripped],
    )
