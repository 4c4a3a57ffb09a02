"""The forms of the sorting desk. What is chosen comes as piles (`desk.piles`), parts of a comment as spans."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from civic.forms import CHOOSE, Form, Given
from civic.messages import N_, Message
from consultations.comments.desk.choosing import LONGEST_TITLE
from consultations.comments.desk.piles import Pile
from consultations.comments.desk.queries import GroupRow
from consultations.comments.desk.refusals import NothingChosen, ReasonNeeded, TitleNeeded
from consultations.comments.rules import Span, span_of_phrases

NOT_THERE = N_("These words do not stand in the comment. Copy them exactly, within one line.")
NOT_AFTER = N_("These words do not stand after the first ones. Copy them exactly, within one line.")
UNGROUPED = "0"
LONG_TITLE = Message(N_("This name is too long. Up to 200 characters."))


class TitleForm(Form):
    """The name of a group."""

    title = StringField(
        _l("Name of the group"), [Given(Message(TitleNeeded.sentence)), Length(max=LONGEST_TITLE, message=LONG_TITLE)]
    )


class IntoForm(Form):
    """The group another one is joined into."""

    into = SelectField(_l("Join into"), coerce=str)

    def offer(self, groups: Sequence[GroupRow], number: int) -> None:
        """Every other group that opinions may come into."""
        open_ones = [row.group for row in groups if row.is_open and row.group.number != number]
        self.into.choices = [
            SelectChoice("", _l("Choose a group")),
            *(SelectChoice(str(one.number), f"{one.number}. {one.title}") for one in open_ones),
        ]

    def validate_into(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(Message(CHOOSE))


class SortForm(Form):
    """Piles ticked in the list, and what becomes of them: moved to a group (`move`), or a new group of them (`new`)."""

    item = SelectMultipleField(_l("Opinions"), coerce=str, validate_choice=False, id="item-0")
    to = SelectField(_l("Move to"), coerce=str)
    title = StringField(_l("Name of the new group"), [Length(max=LONGEST_TITLE, message=LONG_TITLE)], id="new-title")
    act = "move"

    def offer(self, groups: Sequence[GroupRow], number: int | None) -> None:
        """The places to move to: every open group but the one that is shown, and none of them."""
        here = [] if number is None else [SelectChoice(UNGROUPED, _l("Not grouped"))]
        others = [row.group for row in groups if row.is_open and row.group.number != number]
        self.to.choices = [
            SelectChoice("", _l("Choose a place")),
            *here,
            *(SelectChoice(str(one.number), f"{one.number}. {one.title}") for one in others),
        ]

    @property
    def piles(self) -> list[Pile]:
        """What was ticked."""
        return [pile for one in self.item.data or () if (pile := Pile.parsed(one))]

    @property
    def target(self) -> int | None:
        """The number of the group to move to; None for none of them."""
        return int(self.to.data) or None

    def validate_item(self, field: Field) -> None:
        if self.act == "move" and (not field.data or len(self.piles) != len(field.data)):
            raise ValidationError(Message(NothingChosen.sentence))

    def validate_to(self, field: Field) -> None:
        if self.act == "move" and not field.data:
            raise ValidationError(Message(CHOOSE))

    def validate_title(self, field: Field) -> None:
        if self.act == "new" and not (field.data or "").strip():
            raise ValidationError(Message(TitleNeeded.sentence))


class CutForm(Form):
    """A part of a comment, by the words it begins and ends with. A script may say its place too, which then counts."""

    first = StringField(
        _l("The part begins with these words"),
        [
            Given(Message(N_("Write the words with which the part begins."))),
            Length(max=2_000, message=Message(NOT_THERE)),
        ],
    )
    last = StringField(
        _l("The part ends with these words"),
        [Length(max=2_000, message=Message(NOT_AFTER))],
        description=_l("Leave it empty when the first words are the whole part."),
    )
    start = StringField()
    stop = StringField()
    body = ""

    def validate_first(self, field: Field) -> None:
        if field.data and field.data not in self.body:
            raise ValidationError(Message(NOT_THERE))

    def validate_last(self, field: Field) -> None:
        first = self.first.data or ""
        if field.data and first in self.body and span_of_phrases(self.body, first, field.data) is None:
            raise ValidationError(Message(NOT_AFTER))

    @property
    def span(self) -> Span | None:
        """The part: the selected place if the typed words begin and end it, else where the words stand first."""
        return self._selected() or span_of_phrases(self.body, self.first.data, self.last.data or "")

    def _selected(self) -> Span | None:
        ends = [one.data or "" for one in (self.start, self.stop)]
        if not all(one.isascii() and one.isdigit() and len(one) < 9 for one in ends):
            return None
        span = Span(int(ends[0]), int(ends[1]))
        words = self.body[span.start : span.stop].strip()
        fits = words.startswith(self.first.data) and words.endswith(self.last.data or self.first.data)
        return span if words and fits else None


class PartsForm(Form):
    """The parts a clerk wants to keep as opinions, each a span; and the items as she saw them, each a pile."""

    part = SelectMultipleField(_l("Parts"), coerce=str, validate_choice=False, id="part-0")
    seen = SelectMultipleField(coerce=str, validate_choice=False)

    @property
    def is_sent(self) -> bool:
        """Whether somebody sent it: on a fresh page every part is ticked."""
        return bool(self.seen.raw_data)

    @property
    def piles(self) -> list[Pile]:
        return [pile for one in self.seen.data or () if (pile := Pile.parsed(one))]

    def validate_part(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(Message(N_("Keep at least one part as an opinion.")))


class ReasonForm(Form):
    """Why somebody looks at who wrote a comment."""

    reason = TextAreaField(
        _l("Why do you need the name and the address?"),
        [
            Given(Message(ReasonNeeded.sentence)),
            Length(max=500, message=Message(N_("This reason is too long. Up to 500 characters."))),
        ],
    )


class TopicsForm(Form):
    """The topics to make groups of, each by its place in the list and its name."""

    topic = SelectMultipleField(_l("Topics"), coerce=str, validate_choice=False, id="topic-0")

    def validate_topic(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(Message(N_("Choose at least one topic.")))
