"""The editor's forms. A draft may be unfinished; only what cannot be stored at all is refused here."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Regexp, ValidationError

from civic.forms import Form, PageForm
from surveys import outline
from surveys.questionnaire import (
    OPTION_TYPES,
    Comparison,
    Condition,
    Group,
    Join,
    Op,
    Option,
    Question,
    QuestionType,
    Row,
)

KINDS = [
    (QuestionType.SINGLE, _l("Choose one")),
    (QuestionType.MULTIPLE, _l("Choose any number")),
    (QuestionType.SCALE, _l("Scale in words (choose one)")),
    (QuestionType.NPS, _l("0 to 10 (would you recommend it)")),
    (QuestionType.NUMBER, _l("A number")),
    (QuestionType.SHORT_TEXT, _l("A short text (one line)")),
    (QuestionType.LONG_TEXT, _l("A long text")),
    (QuestionType.DATE, _l("A date")),
    (QuestionType.MATRIX, _l("A table: one choice for each line")),
]
OPS = [
    (Op.EQ, _l("is")),
    (Op.NE, _l("is not")),
    (Op.CONTAINS, _l("includes the choice")),
    (Op.IN, _l("is one of (separated by commas)")),
    (Op.GE, _l("is at least")),
    (Op.LE, _l("is at most")),
    (Op.GT, _l("is more than")),
    (Op.LT, _l("is less than")),
    (Op.ANSWERED, _l("has an answer")),
]
JOINS = [
    (Join.ALL, _l("all of these hold")),
    (Join.ANY, _l("any of these holds")),
    (Join.NOT, _l("none of these holds")),
]
TEXT_LIMIT = 4000


class NeededToOpen:
    """Marks a field as required on the page. A draft may be saved without it; the check asks for it."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        """Nothing is refused here."""


def text_field(label: Any, kind: type = StringField, limit: int = TEXT_LIMIT, *, needed: bool = False) -> Any:
    length = Length(max=limit, message=_l("This text is too long."))
    return kind(label, [NeededToOpen(), length] if needed else [length])


class OptionForm(Form):
    """One option of a question. The code is made here and never shown."""

    code = HiddenField()
    ja = text_field(_l("Option in Japanese"), limit=300)
    easy = text_field(_l("Option in plain Japanese"), limit=600)
    en = text_field(_l("Option in English"), limit=600)
    exclusive = BooleanField(_l("Cannot be chosen together with others"))
    other = BooleanField(_l("Asks for words of one's own"))


class RowForm(Form):
    """One line of a table question."""

    code = HiddenField()
    ja = text_field(_l("Line in Japanese"), limit=300)
    easy = text_field(_l("Line in plain Japanese"), limit=600)
    en = text_field(_l("Line in English"), limit=600)


class ComparisonForm(Form):
    """One comparison of a display condition."""

    question = SelectField(_l("Question"), validate_choice=False)
    op = SelectField(_l("Comparison"), choices=[SelectChoice(op.value, label) for op, label in OPS])
    value = text_field(_l("Value"), limit=300)


class QuestionForm(PageForm):
    """One question with its options, lines and display condition."""

    text_ja = text_field(_l("Question in Japanese"), TextAreaField, needed=True)
    text_easy = text_field(_l("Plain Japanese"), TextAreaField)
    text_en = text_field(_l("English"), TextAreaField)
    help_ja = text_field(_l("Explanation in Japanese"), TextAreaField)
    help_easy = text_field(_l("Explanation in plain Japanese"), TextAreaField)
    help_en = text_field(_l("Explanation in English"), TextAreaField)
    type = SelectField(_l("Kind of answer"), choices=[SelectChoice(kind.value, label) for kind, label in KINDS])
    required = RadioField(
        _l("Must it be answered?"),
        choices=[SelectChoice("yes", _l("Required")), SelectChoice("no", _l("Optional"))],
        default="no",
    )
    min = text_field(_l("At least"), limit=20)
    max = text_field(_l("At most"), limit=20)
    options = FieldList(FormField(OptionForm), max_entries=200)
    rows = FieldList(FormField(RowForm), max_entries=100)
    join = SelectField(
        _l("Show this question when"), choices=[SelectChoice(join.value, label) for join, label in JOINS]
    )
    conditions = FieldList(FormField(ComparisonForm), max_entries=20)
    note = text_field(_l("What was corrected, and why"), TextAreaField, 1000)  # asked only after the opening

    def validate_min(self, field: StringField) -> None:
        self._limit(field)

    def validate_max(self, field: StringField) -> None:
        self._limit(field)

    def _limit(self, field: StringField) -> None:
        try:
            limit(field.data, QuestionType(self.type.data))
        except (InvalidOperation, ValueError) as error:
            raise ValidationError(_l("Write a number in digits, or leave it empty.")) from error

    def question(self, before: Question) -> Question:
        """The question as typed, with the code of the one it replaces. Empty options and lines fall away."""
        kind = QuestionType(self.type.data)
        options = [option_of(entry.form) for entry in self.options if kind in OPTION_TYPES and typed(entry.form)]
        rows = [row_of(entry.form) for entry in self.rows if kind is QuestionType.MATRIX and typed(entry.form)]
        return Question(
            code=before.code,
            type=kind,
            text=texts(self.text_ja, self.text_easy, self.text_en),
            help=texts(self.help_ja, self.help_easy, self.help_en, required=False),
            options=tuple(coded(options, "o")),
            rows=tuple(coded(rows, "r")),
            required=self.required.data == "yes",
            min=limit(self.min.data, kind),
            max=limit(self.max.data, kind),
            show_if=self.condition(),
        )

    def condition(self) -> Condition | None:
        """The display condition as typed; None for "always"."""
        members = tuple(
            Comparison(one.question.data, Op(one.op.data), comparison_value(one.value.data or "", Op(one.op.data)))
            for one in (entry.form for entry in self.conditions)
            if one.question.data
        )
        return Group(Join(self.join.data), members) if members else None


def typed(form: Form) -> bool:
    return bool((form.ja.data or "").strip() or (form.easy.data or "").strip() or (form.en.data or "").strip())


def texts(ja: Any, easy: Any, en: Any, *, required: bool = True) -> dict[str, str]:
    """The text per language; `ja` stays, empty, where a text is required."""
    found = {"ja": ja.data, "ja-easy": easy.data, "en": en.data}
    stripped = {language: (words or "").strip() for language, words in found.items()}
    return {language: words for language, words in stripped.items() if words or (required and language == "ja")}


def option_of(form: Form) -> Option:
    return Option(
        form.code.data or "", texts(form.ja, form.easy, form.en), exclusive=form.exclusive.data, other=form.other.data
    )


def row_of(form: Form) -> Row:
    return Row(form.code.data or "", texts(form.ja, form.easy, form.en))


def coded(items: list[Any], prefix: str) -> list[Any]:
    """`items`, each new one with a code of its own."""
    taken = [item.code for item in items if item.code]
    done = []
    for item in items:
        if not item.code:
            item = replace(item, code=outline.fresh_code(prefix, taken))
            taken.append(item.code)
        done.append(item)
    return done


def limit(text: str | None, kind: QuestionType) -> Decimal | str | None:
    """A smallest or largest value: a number, for a date question an ISO date; None when left empty."""
    words = (text or "").strip().translate(str.maketrans("０１２３４５６７８９．－", "0123456789.-"))
    if not words:
        return None
    if kind is QuestionType.DATE:
        return words
    number = Decimal(words)
    if not number.is_finite():
        raise ValueError(words)
    return number


def comparison_value(text: str, op: Op) -> Any:
    """What is compared with: several for `in`, True for `answered`, a number where it reads as one for greater/less."""
    words = text.strip()
    if op is Op.ANSWERED:
        return True
    if op is Op.IN:
        return tuple(part.strip() for part in words.replace("、", ",").split(",") if part.strip())
    if op in {Op.GT, Op.GE, Op.LT, Op.LE}:
        try:
            return Decimal(words)
        except InvalidOperation:
            return words
    return words


def question_values(question: Question) -> Mapping[str, Any]:
    """A question as the form shows it."""
    members, join = comparisons_of(question.show_if)
    return {
        **{f"text_{name}": question.text.get(language, "") for name, language in NAMES},
        **{f"help_{name}": question.help.get(language, "") for name, language in NAMES},
        "type": question.type.value,
        "required": "yes" if question.required else "no",
        "min": shown(question.min),
        "max": shown(question.max),
        "options": [
            {**words(option.text), "code": option.code, "exclusive": option.exclusive, "other": option.other}
            for option in question.options
        ],
        "rows": [{**words(row.text), "code": row.code} for row in question.rows],
        "join": join.value,
        "conditions": [
            {"question": one.question, "op": one.op.value, "value": shown_value(one.value)} for one in members
        ],
    }


NAMES = (("ja", "ja"), ("easy", "ja-easy"), ("en", "en"))


def words(text: Mapping[str, str]) -> dict[str, str]:
    return {name: text.get(language, "") for name, language in NAMES}


def shown(value: Decimal | str | None) -> str:
    return "" if value is None else str(value)


def shown_value(value: Any) -> str:
    if value is True:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def comparisons_of(condition: Condition | None) -> tuple[tuple[Comparison, ...], Join]:
    """A condition the form can show: one group of comparisons. What is nested deeper is edited in the JSON file."""
    if condition is None:
        return (), Join.ALL
    if isinstance(condition, Comparison):
        return (condition,), Join.ALL
    return tuple(member for member in condition.members if isinstance(member, Comparison)), condition.join


def is_nested(condition: Condition | None) -> bool:
    """Whether the form cannot show the condition whole."""
    return isinstance(condition, Group) and any(isinstance(member, Group) for member in condition.members)


class SectionForm(PageForm):
    """A page's title."""

    ja = text_field(_l("Title in Japanese"), limit=300)
    easy = text_field(_l("Plain Japanese"), limit=600)
    en = text_field(_l("English"), limit=600)
    note = text_field(_l("What was corrected, and why"), TextAreaField, 1000)  # asked only after the opening


SLUG = Regexp(r"^[a-z0-9-]{1,60}$", message=_l("Use 1 to 60 small letters, digits and hyphens."))


class NewSurveyForm(PageForm):
    """The first facts of a survey."""

    project = SelectField(_l("Project"), coerce=int, validate_choice=False)
    slug = StringField(_l("Address of the page"), [DataRequired(_l("Enter an address, like park-use.")), SLUG])
    title_ja = StringField(_l("Title in Japanese"), [DataRequired(_l("Enter the title in Japanese.")), Length(max=300)])
    title_easy = text_field(_l("Title in plain Japanese"), limit=600)
    title_en = text_field(_l("Title in English"), limit=600)
    summary_ja = TextAreaField(
        _l("What it is about, in one or two sentences"),
        [DataRequired(_l("Enter one or two sentences.")), Length(max=2000)],
    )
    summary_easy = text_field(_l("The same in plain Japanese"), TextAreaField, 4000)
    summary_en = text_field(_l("The same in English"), TextAreaField, 4000)


class CopySurveyForm(PageForm):
    """Another survey with the same questions."""

    slug = StringField(_l("Address of the page"), [DataRequired(_l("Enter an address, like park-use.")), SLUG])
    title_ja = StringField(_l("Title in Japanese"), [DataRequired(_l("Enter the title in Japanese.")), Length(max=300)])
    title_easy = text_field(_l("Title in plain Japanese"), limit=600)
    title_en = text_field(_l("Title in English"), limit=600)
