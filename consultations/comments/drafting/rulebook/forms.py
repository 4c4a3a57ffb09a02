"""The form of a city's rule for public comment. Empty rows of groups and exemptions are left out."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, FieldList, FormField, HiddenField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from civic.activities.forms import (
    CHANNELS,
    TOO_LONG,
    ChannelsField,
    ChoiceField,
    DayField,
    WholeNumberField,
    in_languages,
    spread,
    stripped,
    texts,
)
from civic.activities.states import Channel
from civic.forms import Form, Given, PageForm
from civic.messages import N_, Message
from consultations.comments.drafting.forms import ASKED, address_field
from consultations.comments.rules import Category, Exemption, Rule
from consultations.comments.stages import Asked

CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
SPARE_ROWS: Final = 2
MOST_ROWS: Final = 40
ASKABLE: Final = tuple(channel for channel in Channel if channel not in (Channel.KIOSK, Channel.IMPORT))
CLAUSES: Final = (
    "minimum_days", "categories", "channels", "asks_name", "asks_address", "postmark_counts", "exemptions",
)  # fmt: skip


def clause_field() -> StringField:
    """The clause a value comes from: 第6条第2項."""
    return StringField(_l("Clause it comes from"), [Length(max=200, message=TOO_LONG)], filters=[stripped])


class ExemptionForm(Form):
    """A case in which no procedure is needed."""

    code = HiddenField()
    text_ja, text_easy, text_en = in_languages(_l("Case"), kind=StringField)

    def is_empty(self) -> bool:
        return not any(field.data for field in self if not isinstance(field, HiddenField))

    def validate_text_ja(self, field: Field) -> None:
        if not field.data and not self.is_empty():
            raise ValidationError(Message(N_("Write it in Japanese too, or empty the whole row.")))


class CategoryForm(ExemptionForm):
    """A group of people who may comment."""

    text_ja, text_easy, text_en = in_languages(_l("Group"), kind=StringField)
    detail_ja, detail_easy, detail_en = in_languages(
        _l("What is asked besides (workplace, school …)"), kind=StringField
    )


class RuleForm(PageForm):
    """A city's rule: each value with the clause it comes from."""

    name_ja, name_easy, name_en = in_languages(
        _l("Name of the ordinance or guideline"), N_("Enter the name of the rule."), StringField
    )
    number = StringField(_l("Its number (令和3年告示第12号)"), [Length(max=200, message=TOO_LONG)], filters=[stripped])
    checked_on = DayField(_l("Day on which it was last checked"), [Optional()])
    minimum_days = WholeNumberField(
        _l("Shortest period in days, the day of the notice included"),
        [
            Given(Message(N_("Enter the number of days."))),
            NumberRange(1, 365, Message(N_("Enter a number from 1 to 365."))),
        ],
        default=30,
    )
    categories = FieldList(FormField(CategoryForm), max_entries=MOST_ROWS)
    channels = ChannelsField(
        _l("Ways to comment"),
        [Given(Message(N_("Choose at least one.")))],
        choices=[SelectChoice(channel.value, CHANNELS[channel]) for channel in ASKABLE],
    )
    asks_name = ChoiceField(_l("Name of the person who comments"), choices=list(ASKED))
    asks_address = ChoiceField(_l("Address of the person who comments"), choices=list(ASKED))
    postmark_counts = BooleanField(_l("A letter counts by the day of its postmark"))
    exemptions = FieldList(FormField(ExemptionForm), max_entries=MOST_ROWS)
    clause_minimum_days = clause_field()
    clause_categories = clause_field()
    clause_channels = clause_field()
    clause_asks_name = clause_field()
    clause_asks_address = clause_field()
    clause_postmark_counts = clause_field()
    clause_exemptions = clause_field()

    def rule(self) -> Rule:
        """The typed rule."""
        return Rule(
            name=texts(self, "name"),
            number=self.number.data or "",
            checked_on=self.checked_on.data,
            minimum_days=self.minimum_days.data,
            categories=tuple(
                Category(code, texts(row, "text"), texts(row, "detail")) for code, row in coded(self.categories, "c")
            ),
            channels=tuple(Channel(name) for name in self.channels.data),
            asks_name=Asked(self.asks_name.data),
            asks_address=Asked(self.asks_address.data),
            postmark_counts=bool(self.postmark_counts.data),
            exemptions=tuple(Exemption(code, texts(row, "text")) for code, row in coded(self.exemptions, "e")),
            clauses={name: words for name in CLAUSES if (words := self[f"clause_{name}"].data)},
        )


class NewRuleForm(RuleForm):
    """A rule that is not there yet."""

    slug = address_field()


def coded(rows: Iterable[Any], letter: str) -> list[tuple[str, Form]]:
    """The filled rows with their codes; a new row, or one whose code is nobody's, gets the next free one."""
    filled = [entry.form for entry in rows if not entry.form.is_empty()]
    codes = [str(form.code.data or "") for form in filled]
    numbers = [int(code[1:]) for code in codes if re.fullmatch(rf"{letter}[0-9]{{1,6}}", code)]
    free, taken, found = 1 + max(numbers, default=0), set[str](), []
    for code, form in zip(codes, filled, strict=True):
        if code in taken or not CODE.fullmatch(code):
            code, free = f"{letter}{free}", free + 1
        taken.add(code)
        found.append((code, form))
    return found


def values_of(rule: Rule) -> dict[str, Any]:
    """A rule as the values of `RuleForm`, with spare rows."""
    spare: list[Mapping[str, Any]] = [{} for _ in range(SPARE_ROWS)]
    return {
        **spread("name", dict(rule.name)),
        "number": rule.number,
        "checked_on": rule.checked_on,
        "minimum_days": rule.minimum_days,
        "categories": [
            *(
                {"code": one.code} | spread("text", dict(one.text)) | spread("detail", dict(one.detail))
                for one in rule.categories
            ),
            *spare,
        ],
        "channels": [channel.value for channel in rule.channels],
        "asks_name": rule.asks_name.value,
        "asks_address": rule.asks_address.value,
        "postmark_counts": rule.postmark_counts,
        "exemptions": [*({"code": one.code} | spread("text", dict(one.text)) for one in rule.exemptions), *spare],
        **{f"clause_{name}": rule.clauses.get(name, "") for name in CLAUSES},
    }
