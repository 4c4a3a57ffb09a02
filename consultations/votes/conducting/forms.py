"""Forms of preparation: a new vote, its facts, its questions."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional, Regexp

from civic.activities.forms import (
    SLUG,
    ChoiceField,
    DayField,
    ToOpen,
    WholeNumberField,
    in_languages,
    spread,
    stripped,
    texts,
)
from civic.activities.models import Project
from civic.characters import graphemes
from civic.forms import CHOOSE, Form, Given, PageForm
from civic.messages import N_, Message
from consultations.votes.conducting.actions import VoteSettings
from consultations.votes.conducting.ordinance_forms import (
    CLAUSE_TOO_LONG,
    DaysForm,
    PerhapsNumberField,
    WhoForm,
    clause_field,
    values_of_days,
    values_of_who,
)
from consultations.votes.models import Vote
from consultations.votes.protocol.encoding import TEXT_LENGTH
from consultations.votes.protocol.manifest import LARGEST_REGISTER
from consultations.votes.protocol.questions import OPTIONS, POINTS, Kind
from consultations.votes.rules import LONGEST_ARGUMENT

SLUG_SENTENCE: Final = Message(N_("Use a to z, 0 to 9 and hyphens only, up to 60 characters."))
TEXT_TOO_LONG: Final = Message(N_("Write up to 2,000 characters."))
ARGUMENT_TOO_LONG: Final = N_("The arguments of either side have up to %(most)s characters. Remove %(over)s.")
MOST_POINTS: Final = 4 * LONGEST_ARGUMENT  # code points: a character may be made of several
RULES: Final = (
    "least_age", "least_months", "nationality", "exclusion", "quorum", "revote", "vote_day", "proclamation", "freeze",
    "inspection",
)  # fmt: skip
FRACTIONS: Final = {"half": (1, 2), "third": (1, 3), "quarter": (1, 4)}
KINDS: Final = (
    SelectChoice(Kind.SINGLE.value, _l("Choose one")),
    SelectChoice(Kind.APPROVAL.value, _l("Choose several that one approves of")),
    SelectChoice(Kind.SCORE.value, _l("Give points to each option")),
)
SPARE_ROWS: Final = 1


class ListedField(SelectField):
    """A choice from a list; anything else is refused with a sentence of ours."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, [Given(Message(CHOOSE))], validate_choice=False, **options)

    def pre_validate(self, form: Form) -> None:
        if self.data not in [choice.value for choice in self.choices]:
            raise ValidationError(Message(CHOOSE))


def not_too_long(form: Form, field: Field) -> None:
    """Both sides have the same room, counted as a reader counts."""
    over = graphemes(field.data or "") - LONGEST_ARGUMENT
    if over > 0 or (over := len(field.data or "") - MOST_POINTS) > 0:
        raise ValidationError(Message(ARGUMENT_TOO_LONG, {"most": f"{LONGEST_ARGUMENT:,}", "over": f"{over:,}"}))


def argument(label: Any) -> tuple[Field, Field, Field]:
    """One side's arguments in three languages."""
    return (
        TextAreaField(label, [ToOpen(), not_too_long], filters=[stripped]),
        TextAreaField(_l("The same in plain Japanese"), [not_too_long], filters=[stripped]),
        TextAreaField(_l("The same in English"), [not_too_long], filters=[stripped]),
    )


class NewVoteForm(PageForm):
    """The first facts of a vote."""

    project = ListedField(_l("Project"), coerce=int)
    title_ja, title_easy, title_en = in_languages(_l("Title"), N_("Enter the title."), StringField)
    slug = StringField(
        _l("Address"),
        [
            Given(Message(N_("Enter the last part of the page's address."))),
            Regexp(SLUG, message=SLUG_SENTENCE),
            Length(max=60, message=SLUG_SENTENCE),
        ],
        filters=[stripped],
    )
    summary_ja, summary_easy, summary_en = in_languages(_l("Summary"), N_("Enter the summary."))

    def offer_projects(self, projects: Sequence[Project]) -> None:
        self.project.choices = [SelectChoice(project.id, project.title) for project in projects]


class FactsForm(WhoForm, DaysForm):
    """What the ordinance says of this vote, and the two sides."""

    ordinance_ja, ordinance_easy, ordinance_en = in_languages(
        _l("Ordinance, and what the result binds the city to"), to_open=True
    )
    online_clause = StringField(
        _l("Clause that allows voting online"),
        [ToOpen(), Length(max=200, message=CLAUSE_TOO_LONG)],
        filters=[stripped],
    )
    for_ja, for_easy, for_en = argument(_l("Arguments for"))
    against_ja, against_easy, against_en = argument(_l("Arguments against"))
    reference_day = DayField(_l("Reference day of age and residence"), [Optional(), ToOpen()])
    least_age = WholeNumberField(
        _l("Least age"),
        [
            Given(Message(N_("Enter the least age."))),
            NumberRange(0, 120, Message(N_("Enter an age from 0 to 120."))),
        ],
    )
    clause_least_age = clause_field()
    least_months = WholeNumberField(
        _l("Months of residence before the reference day"),
        [
            Given(Message(N_("Enter the months, 0 for none."))),
            NumberRange(0, 120, Message(N_("Enter a number of months from 0 to 120."))),
        ],
    )
    clause_least_months = clause_field()
    revote = ChoiceField(
        _l("May a ballot cast online be changed until the end?"),
        choices=[
            SelectChoice("yes", _l("Yes, the last one counts")),
            SelectChoice("no", _l("No, the first one is final")),
        ],
    )
    clause_revote = clause_field()
    quorum = ChoiceField(
        _l("Quorum: how many of the roll must vote for the ballots to be counted"),
        choices=[
            SelectChoice("none", _l("No quorum")),
            SelectChoice("half", _l("One half")),
            SelectChoice("third", _l("One third")),
            SelectChoice("quarter", _l("One quarter")),
            SelectChoice("other", _l("Another fraction, written below")),
        ],
    )
    numerator = PerhapsNumberField(_l("Another fraction: so many"))
    denominator = PerhapsNumberField(_l("of so many"))
    clause_quorum = clause_field()

    def validate_numerator(self, field: Field) -> None:
        if self.quorum.data == "other" and not 1 <= (field.data or 0) <= (self.denominator.data or 0):
            raise ValidationError(Message(N_("Write a fraction of at most one, like 2 of 5.")))

    def validate_denominator(self, field: Field) -> None:
        if self.quorum.data == "other" and not 1 <= (field.data or 0) <= LARGEST_REGISTER:
            raise ValidationError(Message(N_("Write a number from 1 to 1,000,000.")))

    def fraction(self) -> dict[str, int] | None:
        """The quorum as the manifest holds it."""
        if self.quorum.data == "none":
            return None
        parts = FRACTIONS.get(self.quorum.data, (self.numerator.data or 0, self.denominator.data or 0))
        return {"numerator": parts[0], "denominator": parts[1]}

    def facts(self, before: VoteSettings) -> VoteSettings:
        """The typed facts; the questions stay."""
        return VoteSettings(
            ordinance=texts(self, "ordinance"),
            online_clause=self.online_clause.data or "",
            arguments_for=texts(self, "for"),
            arguments_against=texts(self, "against"),
            questions=before.questions,
            quorum=self.fraction(),
            least_age=self.least_age.data,
            least_months=self.least_months.data,
            reference_day=self.reference_day.data,
            **self.who(),
            **self.days(),
            change_allowed=self.revote.data == "yes",
            clauses={name: words for name in RULES if (words := self[f"clause_{name}"].data)},
        )


def values_of_facts(vote: Vote) -> dict[str, Any]:
    """A vote as the values of `FactsForm`."""
    return {
        **spread("ordinance", vote.ordinance),
        **spread("for", vote.arguments_for),
        **spread("against", vote.arguments_against),
        "online_clause": vote.online_clause,
        "reference_day": vote.reference_day,
        "least_age": vote.least_age,
        "least_months": vote.least_months,
        **values_of_who(vote),
        **values_of_days(vote),
        "revote": "yes" if vote.change_allowed else "no",
        "quorum": quorum_name(vote.quorum),
        **(vote.quorum or {}),
        **{f"clause_{name}": vote.clauses.get(name, "") for name in RULES},
    }


def quorum_name(quorum: Mapping[str, int] | None) -> str:
    """The choice that stands for a fraction."""
    named = {parts: name for name, parts in FRACTIONS.items()}
    return "none" if quorum is None else named.get((quorum["numerator"], quorum["denominator"]), "other")


def words(label: Any, needed: str | None = None) -> tuple[Field, Field, Field]:
    """A text of the ballot paper in three languages, as long as the manifest takes it."""
    first = [Given(Message(needed))] if needed else []
    length = Length(max=TEXT_LENGTH, message=TEXT_TOO_LONG)
    return (
        StringField(label, [*first, length], filters=[stripped]),
        StringField(_l("The same in plain Japanese"), [length], filters=[stripped]),
        StringField(_l("The same in English"), [length], filters=[stripped]),
    )


class OptionForm(Form):
    """One option; its code is its place."""

    text_ja, text_easy, text_en = words(_l("Option"))

    def is_empty(self) -> bool:
        return not any(field.data for field in self)

    def validate_text_ja(self, field: Field) -> None:
        if not field.data and not self.is_empty():
            raise ValidationError(Message(N_("Write it in Japanese too, or empty the whole row.")))


class QuestionForm(PageForm):
    """One question of the ballot paper."""

    text_ja, text_easy, text_en = words(_l("Question"), N_("Write the question."))
    kind = ChoiceField(_l("How it is answered"), choices=list(KINDS), default=Kind.SINGLE.value)
    options = FieldList(FormField(OptionForm), max_entries=OPTIONS + SPARE_ROWS)
    blank = BooleanField(_l("Offer a blank vote"), default=True)
    least = PerhapsNumberField(_l("At least so many options"), default=1)
    most = PerhapsNumberField(_l("At most so many options"), default=1)
    points = PerhapsNumberField(_l("Most points for one option"), default=5)

    @property
    def filled(self) -> list[dict[str, str]]:
        """The options that were written, in their order."""
        return [texts(entry.form, "text") for entry in self.options if not entry.form.is_empty()]

    def validate_kind(self, field: Field) -> None:
        few = 1 if field.data != Kind.SINGLE.value or self.blank.data else 2
        if len(self.filled) < few:
            raise ValidationError(Message(N_("Write at least %(few)s options below."), {"few": few}))

    def validate_least(self, field: Field) -> None:
        if self.kind.data == Kind.APPROVAL.value:
            self._in_range(field, 0)

    def validate_most(self, field: Field) -> None:
        if self.kind.data == Kind.APPROVAL.value:
            self._in_range(field, max(1, self.least.data or 0))

    def validate_points(self, field: Field) -> None:
        if self.kind.data == Kind.SCORE.value and not 2 <= (field.data or 0) <= POINTS:
            raise ValidationError(Message(N_("Enter points from 2 to %(most)s."), {"most": POINTS}))

    def _in_range(self, field: Field, least: int) -> None:
        if field.data is None or not least <= field.data <= len(self.filled):
            raise ValidationError(
                Message(
                    N_("Enter a number from %(least)s to %(most)s, the number of options."),
                    {"least": least, "most": len(self.filled)},
                )
            )

    def question(self, code: str) -> dict[str, Any]:
        """The question as the manifest will hold it."""
        kind, options = Kind(self.kind.data), self.filled
        least, most, points = {
            Kind.SINGLE: (1, 1, 1),
            Kind.APPROVAL: (self.least.data, self.most.data, 1),
            Kind.SCORE: (0, len(options), self.points.data),
        }[kind]
        return {
            "blank": bool(self.blank.data),
            "code": code,
            "kind": kind.value,
            "max": most,
            "min": least,
            "options": [{"code": f"o{place:02}", "text": text} for place, text in enumerate(options, 1)],
            "points": points,
            "text": texts(self, "text"),
        }


def values_of_question(question: Mapping[str, Any]) -> dict[str, Any]:
    """A stored question as the values of its form, with a spare row."""
    return {
        **spread("text", question["text"]),
        "kind": question["kind"],
        "blank": question["blank"],
        "least": question["min"],
        "most": question["max"],
        "points": max(question["points"], 2),
        "options": [*(spread("text", one["text"]) for one in question["options"]), {}],
    }


NEW_QUESTION: Final[Mapping[str, Any]] = {"options": [{}, {}, {}], "blank": True}
