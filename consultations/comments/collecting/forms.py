"""The upload of a table of comments, and the one screen on which a comment on paper is keyed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, SelectChoice, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from civic.activities.forms import CHANNELS, ChoiceField, DayField
from civic.activities.ledger import is_submission_key
from civic.activities.models import Activity
from civic.activities.states import Channel, Subject
from civic.forms import Form, Given
from civic.intake import forms
from civic.messages import N_, Message
from consultations.comments.collecting.actions import Keyed
from consultations.comments.collecting.places import Places
from consultations.comments.collecting.tables import LANGUAGE, Layout
from consultations.comments.commenting.forms import Choices, detail_name, line, tidy
from consultations.comments.models import Consultation
from consultations.comments.recording import Author, Written
from consultations.comments.rules import Rule, rule_from_json
from consultations.comments.stages import Asked

KEYED: Final = (Channel.POST, Channel.FAX, Channel.COUNTER, Channel.MAIL, Channel.PAPER)
LONGEST: Final = 100_000
"""Code points of a keyed comment: more than a web form takes, for an annex that came with a letter."""

FIRST_DAY: Final = date(2000, 1, 1)
LONG_NAME: Final = _l("Write up to 200 characters.")
TOO_LONG: Final = N_("The comment may have up to %(max)s characters. Key the rest as a second comment.")
NO_TEXT: Final = N_("Key the words of the comment.")
NO_DAY: Final = N_("Enter the day on which it arrived.")
WRONG_DAY: Final = N_("This day cannot be right. It lies between 2000 and today.")
LATE_POSTMARK: Final = N_("It cannot have been posted after it arrived.")
NOT_POSTED: Final = N_("Only what came by post has a postmark.")
NO_CATEGORY: Final = N_("Choose above whom this line belongs to.")
NO_CODE: Final = N_("Write the code on the letter, or the number in the register.")
NO_TAG: Final = N_("Write the tag of a language, like ja, en or zh-TW.")
DAMAGED: Final = N_("This form was damaged on its way. Check it and save it once more.")


def language_tag(form: Form, field: Field) -> None:
    """Refuses what is no tag of a language; nothing at all means Japanese."""
    if field.data and LANGUAGE.fullmatch(field.data) is None:
        raise ValidationError(Message(NO_TAG))


class UploadForm(forms.UploadForm):
    """A table with comments, and which columns are what."""

    text = StringField(
        _l("Column with the comments"),
        [Given(Message(N_("Name the column that holds the comments."))), Length(max=200, message=LONG_NAME)],
        filters=[tidy],
    )
    passage = StringField(_l("Column with the passage"), [Length(max=200, message=LONG_NAME)], filters=[tidy])
    arrived = StringField(_l("Column with the day of arrival"), [Length(max=200, message=LONG_NAME)], filters=[tidy])
    name = StringField(_l("Column with the name"), [Length(max=200, message=LONG_NAME)], filters=[tidy])
    address = StringField(_l("Column with the address"), [Length(max=200, message=LONG_NAME)], filters=[tidy])
    language = StringField(_l("Language of the comments"), [language_tag], filters=[tidy], default="ja")

    language_column = StringField(_l("Column with the language"), [Length(max=200, message=LONG_NAME)], filters=[tidy])

    def offer(self, activity: Activity) -> None:
        """As for every kind, in the words of comments."""
        super().offer(activity)
        self.file.label.text = _l("File with the comments")
        self.channel.label.text = _l("How did the comments come?")
        self.person.label.text = _l("Column that says who wrote")

    @property
    def column_map(self) -> dict[str, Any]:
        fields = (self.passage, self.arrived, self.name, self.address, self.language_column)
        passage, arrived, name, address, spoken = (one.data or None for one in fields)
        language = self.language.data or "ja"
        return Layout(self.text.data, passage, arrived, language, name, address, spoken).to_json()


def short_enough(form: Form, field: Field) -> None:
    if len(field.data or "") > LONGEST:
        raise ValidationError(Message(TOO_LONG, {"max": f"{LONGEST:,}"}))


class KeyingForm(Form):
    """What is keyed of every comment; `form_for` adds what this consultation asks of the person.

    Nothing about the person is demanded here: a letter is kept as it came.
    """

    rule: Rule
    today: date
    places: Places
    channel: ChoiceField
    arrived: DayField
    passage: StringField
    body: TextAreaField
    version = HiddenField()
    submission_key = HiddenField()

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Whether it can be saved. What is wrong with a hidden field is said of the form as a whole."""
        valid = super().validate(extra_validators)
        hidden = (self.version, self.submission_key)
        if not is_submission_key(self.submission_key.data or "") or any(field.errors for field in hidden):
            for field in hidden:
                field.errors = ()
            self.form_errors.append(Message(DAMAGED))
            valid = False
        return valid

    def validate_arrived(self, field: Field) -> None:
        if field.data and not FIRST_DAY <= field.data <= self.today:
            raise ValidationError(Message(WRONG_DAY))

    def validate_passage(self, field: Field) -> None:
        found = self.places.find(field.data or "")
        if isinstance(found, Message):
            raise ValidationError(found)

    @property
    def details(self) -> list[Field]:
        """The lines that belong to one category each."""
        return [self[detail_name(one)] for one in self.rule.categories if detail_name(one) in self]

    @property
    def seen_version(self) -> int | None:
        """Number of the draft version the form was made from; 0, which no draft has, where it is damaged."""
        given = self.version.data or ""
        return (int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0) if given else None

    def keyed(self, subject: str | None) -> Keyed:
        """The comment as it is recorded. Only the line of the chosen category belongs to it."""
        category = self.rule.category(self._given("category"))
        detail = self._given(detail_name(category)) if category else ""
        found = self.places.find(self.passage.data or "")
        written = Written(
            body=self.body.data,
            passage=found if isinstance(found, str) else None,
            version=self.seen_version,
            category=category.code if category else None,
            author=Author(self._given("name"), self._given("address"), detail),
            postmarked_on=self["postmarked"].data if "postmarked" in self else None,
        )
        return Keyed(Channel(self.channel.data), self.arrived.data, subject, written, self.submission_key.data)

    def _given(self, name: str) -> str:
        return (self[name].data or "") if name in self else ""


class PostmarkField(DayField):
    """The day a letter was posted, where the city's rule counts it."""

    def post_validate(self, form: Form, validation_stopped: bool) -> None:
        if self.errors or self.data is None:
            return
        if form["channel"].data != Channel.POST.value:
            raise ValidationError(Message(NOT_POSTED))
        if form["arrived"].data and self.data > form["arrived"].data:
            raise ValidationError(Message(LATE_POSTMARK))
        if self.data < FIRST_DAY:
            raise ValidationError(Message(WRONG_DAY))


def belongs(form: Form, field: Field) -> None:
    """Refuses a line about one category when another or none was chosen: it would not be kept."""
    if field.data and not form["category"].errors and detail_name_of(form) != field.name:
        raise ValidationError(Message(NO_CATEGORY))


def detail_name_of(form: Form) -> str | None:
    category = form.rule.category(form["category"].data)
    return detail_name(category) if category else None


def channels_of(consultation: Consultation) -> list[Channel]:
    """The ways by which comments reach a clerk's desk here."""
    return [channel for channel in KEYED if channel.value in consultation.channels]


def form_for(consultation: Consultation, places: Places, today: date) -> type[KeyingForm]:
    """The screen of this consultation: its ways, its rule's groups of commenters, name and address as far as asked.

    Nothing is asked about the person where no day is set until which it would be kept.
    """
    rule = rule_from_json(consultation.rule)
    ways = [SelectChoice(one.value, CHANNELS[one]) for one in channels_of(consultation)]
    fields: dict[str, Any] = {"rule": rule, "today": today, "places": places}
    fields["channel"] = ChoiceField(_l("How did it come?"), choices=ways)
    fields["arrived"] = DayField(_l("Day on which it arrived"), [Given(Message(NO_DAY))])
    if rule.postmark_counts and Channel.POST.value in consultation.channels:
        fields["postmarked"] = PostmarkField(_l("Day of the postmark"), [Optional()])
    if consultation.subject is Subject.REGISTER:
        needed = [Given(Message(NO_CODE))] if consultation.once_per_person else []
        fields["person"] = line(_l("Code on the letter, or number in the register"), *needed)
    fields["passage"] = StringField(_l("Passage it is about"), [Length(max=200, message=LONG_NAME)], filters=[tidy])
    fields["body"] = TextAreaField(_l("Words of the comment"), [Given(Message(NO_TEXT)), short_enough], filters=[tidy])
    if rule.categories:
        stated = [SelectChoice(one.code, one.text) for one in rule.categories]
        choices = [SelectChoice("", _l("Not stated")), *stated]
        fields["category"] = Choices(_l("Who the person is"), choices=choices, default="")
    if consultation.retention_until is not None:
        fields |= _about_person(consultation, rule)
    return type("ConsultationKeyingForm", (KeyingForm,), fields)


def _about_person(consultation: Consultation, rule: Rule) -> dict[str, Any]:
    fields: dict[str, Any] = {
        detail_name(one): line(Message(DETAIL, {"category": one.text, "detail": one.detail}), belongs)
        for one in rule.categories
        if one.detail.get("ja")
    }
    if consultation.asks_name is not Asked.NO:
        fields["name"] = line(_l("Name of the person"))
    if consultation.asks_address is not Asked.NO:
        fields["address"] = line(_l("Address of the person"))
    return fields


DETAIL: Final = N_("If “%(category)s”: %(detail)s")
