"""The form of a comment as its consultation asks for it, and the form that takes one back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from civic.activities.ledger import is_submission_key
from civic.characters import clean, graphemes
from civic.forms import CHOOSE, Form, Given
from civic.identity.contacts import read_address
from civic.messages import N_, Message
from consultations.comments.models import Consultation
from consultations.comments.recording import Author, Written
from consultations.comments.rules import Category, Rule, rule_from_json
from consultations.comments.stages import Asked, Stance

LONGEST: Final = 20_000
"""Characters of a comment: fifty manuscript pages (400字詰め原稿用紙 50 枚), more than associations send."""

MOST_POINTS: Final = 4 * LONGEST
"""Code points of a comment: a character may be made of several, but not of thousands."""

LONGEST_LINE: Final = 200
STANCES: Final = {
    Stance.AGREE: _l("I agree"),
    Stance.CHANGE: _l("I want part of it changed"),
    Stance.OPPOSE: _l("I am against it"),
}
NO_BODY: Final = N_("Write your comment.")
TOO_LONG: Final = N_("Your comment may have up to %(most)s characters. Remove %(over)s.")
LINE_TOO_LONG: Final = N_("This text is too long. Up to %(max)s characters.")
NO_NAME: Final = N_("Enter your name.")
NO_ADDRESS: Final = N_("Enter your address.")
NO_CATEGORY: Final = N_("Choose who you are.")
NO_DETAIL: Final = N_("Enter this too, because you chose “%(category)s”.")
NO_NUMBER: Final = N_("Enter your receipt number.")
NO_CONTACT: Final = N_("Enter the e-mail address or the name you left.")
DAMAGED: Final = N_("This form was damaged on its way. Check your comment and send it once more.")
NO_PASSAGE: Final = N_(
    "The draft has no such paragraph. Send it as a comment on the whole, or choose a paragraph again."
)


def tidy(value: str | None) -> str:
    """Text in NFC without blanks around it; what cannot be shown stays as it is and is refused by the form."""
    cleaned = clean(value or "")
    return cleaned if isinstance(cleaned, str) else value or ""


def not_too_long(form: Form, field: Field) -> None:
    """Refuses a comment that says too much. Counted as the browser counts: what a reader sees."""
    over = graphemes(field.data) - LONGEST
    if over > 0 or (over := len(field.data) - MOST_POINTS) > 0:
        raise ValidationError(Message(TOO_LONG, {"most": f"{LONGEST:,}", "over": f"{over:,}"}))


def one_line(form: Form, field: Field) -> None:
    if len(field.data or "") > LONGEST_LINE:
        raise ValidationError(Message(LINE_TOO_LONG, {"max": LONGEST_LINE}))


def mail_address(form: Form, field: Field) -> None:
    """Refuses what no answer could be mailed to; nothing at all is fine."""
    if problem := read_address(field.data or "").problem:
        raise ValidationError(problem)


def line(label: Any, *needed: Any) -> StringField:
    return StringField(label, [*needed, one_line], filters=[tidy])


class Choices(RadioField):
    """Radio buttons of which none need be chosen, unless a validator asks for one."""

    def pre_validate(self, form: Form) -> None:
        if self.data and self.data not in [choice.value for choice in self.choices]:
            raise StopValidation(Message(CHOOSE))


class CommentForm(Form):
    """What every consultation asks; `form_for` adds what this one asks of the person."""

    rule: Rule
    passage = HiddenField()
    submission_key = HiddenField()
    stance = Choices(
        _l("About this paragraph"), choices=[SelectChoice(stance.value, words) for stance, words in STANCES.items()]
    )
    body = TextAreaField(
        _l("Your comment and the reason for it"), [Given(Message(NO_BODY)), not_too_long], filters=[tidy]
    )

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Whether it can be sent. What is wrong with a hidden field is said of the form as a whole."""
        valid = super().validate(extra_validators)
        if not is_submission_key(self.submission_key.data or "") or self.passage.errors or self.submission_key.errors:
            self.submission_key.errors = self.passage.errors = ()
            self.form_errors.append(Message(DAMAGED))
            valid = False
        return valid

    @property
    def details(self) -> list[Field]:
        """The lines that belong to one category each."""
        return [self[detail_name(one)] for one in self.rule.categories if detail_name(one) in self]

    def content(self) -> dict[str, str]:
        """What a person gave, by field: the same for two sendings of one form."""
        return {name: str(value or "") for name, value in self.data.items() if name != "submission_key"}

    def comment(self, version: int | None, language: str) -> Written:
        """The comment as it is stored. Only the line of the chosen category belongs to it."""
        given = self.content()
        category = self.rule.category(given.get("category"))
        detail = given.get(detail_name(category), "") if category else ""
        return Written(
            body=given["body"],
            passage=given["passage"] or None,
            version=version,
            stance=Stance(given["stance"]) if given["stance"] and given["passage"] else None,
            category=category.code if category else None,
            author=Author(given.get("name", ""), given.get("address", ""), detail),
            language=language,
        )


def detail_name(category: Category) -> str:
    """The field for the line of one category: `category.works`."""
    return f"category.{category.code}"


def form_for(consultation: Consultation) -> type[CommentForm]:
    """The form of this consultation: its rule's groups of commenters, name and address as far as it asks for them."""
    rule = rule_from_json(consultation.rule)
    fields: dict[str, Any] = {"rule": rule}
    if rule.categories:
        choices = [SelectChoice(one.code, one.text) for one in rule.categories]
        fields["category"] = Choices(_l("Who you are"), [Given(Message(NO_CATEGORY))], choices=choices)
    for one in rule.categories:
        if one.detail.get("ja"):
            label = Message(DETAIL, {"category": one.text, "detail": one.detail})
            fields[detail_name(one)] = line(label, detail_of(one))
    for name, asked, words, missing in (
        ("name", consultation.asks_name, _l("Your name"), NO_NAME),
        ("address", consultation.asks_address, _l("Your address"), NO_ADDRESS),
    ):
        if asked is not Asked.NO:
            fields[name] = line(words, *([Given(Message(missing))] if asked is Asked.REQUIRED else []))
    fields["email"] = StringField(_l("E-mail address for the city's answer"), [mail_address], filters=[tidy])
    return type("ConsultationForm", (CommentForm,), fields)


DETAIL: Final = N_("If you chose “%(category)s”: %(detail)s")


def detail_of(category: Category) -> Callable[[Form, Field], None]:
    """Refuses an empty line where its category was chosen."""

    def check(form: Form, field: Field) -> None:
        if not field.data and form["category"].data == category.code:
            raise StopValidation(Message(NO_DETAIL, {"category": category.text}))

    return check


def blank(consultation: Consultation, passage: str | None, key: str) -> CommentForm:
    """The form as it is first shown."""
    return form_for(consultation)(passage=passage or "", submission_key=key)


def posted(consultation: Consultation, sent: MultiDict[str, str]) -> CommentForm:
    """The form as it was sent."""
    return form_for(consultation)(sent)


class WithdrawalForm(Form):
    """Taking a comment back: the number, and the contact that was left with it."""

    number = StringField(_l("Receipt number"), [Given(Message(NO_NUMBER)), one_line], filters=[tidy])
    contact = StringField(
        _l("The e-mail address or the name you left"), [Given(Message(NO_CONTACT)), one_line], filters=[tidy]
    )
