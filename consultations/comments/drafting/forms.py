"""Forms of preparation: a new consultation, its draft, its notice, its attachments."""

from collections.abc import Sequence
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Regexp

from civic import characters
from civic.activities.forms import SLUG, ChoiceField, in_languages, spread, stripped, texts
from civic.activities.models import Project
from civic.forms import CHOOSE, Form, Given, PageForm
from civic.messages import N_, Message
from consultations.comments.drafting.actions import NoticeSettings
from consultations.comments.drafting.passages import LONGEST_DRAFT
from consultations.comments.models import Consultation
from consultations.comments.rules import Rule, rule_from_json
from consultations.comments.stages import Asked

DEFAULT_RULE: Final = "default"
AS_IT_IS: Final = "as-it-is"
SLUG_SENTENCE: Final = Message(N_("Use a to z, 0 to 9 and hyphens only, up to 60 characters."))
ASKED: Final = (
    SelectChoice(Asked.REQUIRED.value, _l("Required")),
    SelectChoice(Asked.OPTIONAL.value, _l("Optional")),
    SelectChoice(Asked.NO.value, _l("Not asked")),
)


def cleaned(text: str | None) -> str | None:
    """The text as it is kept; one with characters that cannot be shown stays as typed, to be refused."""
    clean = characters.clean(text) if text else text
    return clean if isinstance(clean, str) else text


def address_field() -> StringField:
    """The last part of a page's address."""
    return StringField(
        _l("Address"),
        [
            Given(Message(N_("Enter the last part of the page's address."))),
            Regexp(SLUG, message=SLUG_SENTENCE),
            Length(max=60, message=SLUG_SENTENCE),
        ],
        filters=[stripped],
    )


class ListedField(SelectField):
    """A choice from a list; anything else is refused with a sentence of ours."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, [Given(Message(CHOOSE))], validate_choice=False, **options)

    def pre_validate(self, form: Form) -> None:
        if self.data not in {choice.value for choice in self.choices or ()}:
            raise ValidationError(Message(CHOOSE))


def offer_projects(field: ListedField, projects: Sequence[Project]) -> None:
    field.choices = [SelectChoice(project.id, project.title) for project in projects]


class NewConsultationForm(PageForm):
    """The first facts of a consultation."""

    project = ListedField(_l("Project"), coerce=int)
    title_ja, title_easy, title_en = in_languages(_l("Title"), N_("Enter the title."), StringField)
    slug = address_field()
    summary_ja, summary_easy, summary_en = in_languages(_l("Summary"), N_("Enter the summary."))
    rule = ListedField(_l("Rule of the procedure"))

    def offer_rules(self, city: Sequence[tuple[str, Rule]]) -> None:
        """The city's rules; the default profile last."""
        self.rule.choices = [
            *(SelectChoice(code, rule.name) for code, rule in city),
            SelectChoice(DEFAULT_RULE, _l("Default values (it cannot open until the city's own rule is chosen)")),
        ]


class DraftForm(PageForm):
    """The draft as Markdown."""

    markdown = TextAreaField(
        _l("The draft"),
        [
            Given(Message(N_("Write the draft."))),
            Length(max=LONGEST_DRAFT, message=Message(N_("This text is too long. Up to %(max)s characters."))),
        ],
        filters=[cleaned],
    )
    note = StringField(
        _l("What changed since the version before"),
        [Length(max=1000, message=Message(N_("This text is too long. Up to %(max)s characters.")))],
        filters=[stripped],
    )


class NoticeForm(PageForm):
    """What the notice says beside the settings every activity has."""

    rule = ListedField(_l("Rule of the procedure"))
    basis_ja, basis_easy, basis_en = in_languages(_l("Legal basis of the plan, with the clause"))
    digest_ja, digest_easy, digest_en = in_languages(_l("The plan in plain words"))
    short_reason_ja, short_reason_easy, short_reason_en = in_languages(_l("Why the period is shorter than the rule's"))
    asks_name = ChoiceField(_l("Name of the person who comments"), choices=list(ASKED))
    asks_address = ChoiceField(_l("Address of the person who comments"), choices=list(ASKED))
    comments_public = BooleanField(_l("Show comments a person has reviewed while the period runs"))

    def offer_rules(self, city: Sequence[tuple[str, Rule]], present: Rule) -> None:
        """The rule as it was chosen, and the city's rules as they are now."""
        name = present.name.get("ja", "")
        kept = [SelectChoice(AS_IT_IS, Message(N_("As it was chosen: %(name)s"), {"name": name or "–"}))]
        self.rule.choices = [*kept, *(SelectChoice(code, rule.name) for code, rule in city)]

    def settings(self, rule: Rule) -> NoticeSettings:
        """The typed values under this rule."""
        return NoticeSettings(
            rule=rule,
            basis=texts(self, "basis"),
            digest=texts(self, "digest"),
            short_reason=texts(self, "short_reason"),
            asks_name=Asked(self.asks_name.data),
            asks_address=Asked(self.asks_address.data),
            comments_public=bool(self.comments_public.data),
        )


def values_of_notice(one: Consultation) -> dict[str, Any]:
    """A consultation as the values of `NoticeForm`."""
    return {
        "rule": AS_IT_IS,
        **spread("basis", one.basis),
        **spread("digest", one.digest),
        **spread("short_reason", one.short_reason),
        "asks_name": one.asks_name.value,
        "asks_address": one.asks_address.value,
        "comments_public": one.comments_public,
    }


def chosen_rule(code: str, city: Sequence[tuple[str, Rule]], present: Consultation | None = None) -> Rule:
    """The rule a form's choice names: one of the city's, the present one, or the default profile without a name."""
    found = next((rule for known, rule in city if known == code), None)
    if found is not None:
        return found
    return rule_from_json(present.rule) if present is not None else Rule(name={})


class AttachmentForm(PageForm):
    """A PDF to be handed out beside the draft."""

    file = FileField(_l("PDF file"), [FileRequired(Message(N_("Choose the file.")))])
    title_ja, title_easy, title_en = in_languages(_l("Title"), N_("Enter the title."), StringField)
