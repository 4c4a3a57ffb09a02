"""Parts of the form of rules: who may vote beside age and residence, and the days an ordinance asks for."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, StopValidation

from civic.activities.forms import ChoiceField, DayField, WholeNumberField, in_languages, spread, stripped, texts
from civic.forms import PageForm
from civic.messages import N_, Message
from consultations.votes import entitlement
from consultations.votes.models import Vote
from consultations.votes.timing import LONGEST_FREEZE, MOST_DAYS

CLAUSE_TOO_LONG: Final = Message(N_("Write up to 200 characters."))
CLAUSE_NEEDED: Final = Message(N_("Name the clause this rule comes from."))
ONE_DAY_ONLY: Final = Message(N_("Write the first and the last day in which the arguments stand still, or neither."))
ONE_DAY_OF_INSPECTION: Final = Message(N_("Write the first and the last day of the inspection, or neither."))
MOST_YEARS: Final = 50
DAYS: Final = (
    "notice_day",
    "least_days",
    "most_days",
    "proclaimed_on",
    "proclaimed_days",
    "frozen_from",
    "frozen_until",
)


class PerhapsNumberField(WholeNumberField):
    """A whole number that some choices ask for; None where it was left empty."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if valuelist and not valuelist[0].strip():
            self.data = None
            return
        super().process_formdata(valuelist)


def clause_field() -> StringField:
    """The clause a rule comes from: 第6条第2項."""
    return StringField(_l("Clause it comes from"), [Length(max=200, message=CLAUSE_TOO_LONG)], filters=[stripped])


def require_clause(form: PageForm, name: str, *, is_needed: bool) -> None:
    """Refuse a rule that keeps people out without the clause it comes from."""
    if is_needed and not form[f"clause_{name}"].data:
        raise ValidationError(CLAUSE_NEEDED)


class WhoForm(PageForm):
    """Nationality and exclusions."""

    nationality = ChoiceField(
        _l("Nationality"),
        choices=[
            SelectChoice(entitlement.ANY, _l("The ordinance has no rule of nationality")),
            SelectChoice(entitlement.JAPANESE, _l("Japanese nationals only")),
            SelectChoice(entitlement.PERMANENT, _l("Japanese nationals, permanent and special permanent residents")),
            SelectChoice(entitlement.MID_LONG, _l("These, and mid- to long-term residents of more than so many years")),
        ],
    )
    resident_years = PerhapsNumberField(_l("Mid- to long-term residents: more than so many years"))
    clause_nationality = clause_field()
    exclusion = ChoiceField(
        _l("Are people excluded whom article 11 of the Public Offices Election Act keeps from elections?"),
        choices=[
            SelectChoice("no", _l("No, the ordinance does not exclude them")),
            SelectChoice("yes", _l("Yes, they may not vote")),
        ],
    )
    clause_exclusion = clause_field()

    def validate_resident_years(self, field: Field) -> None:
        if self.nationality.data == entitlement.MID_LONG and not 1 <= (field.data or 0) <= MOST_YEARS:
            raise ValidationError(Message(N_("Write a number of years from 1 to %(most)s."), {"most": MOST_YEARS}))

    def validate_clause_nationality(self, field: Field) -> None:
        require_clause(self, "nationality", is_needed=self.nationality.data not in (None, entitlement.ANY))

    def validate_clause_exclusion(self, field: Field) -> None:
        require_clause(self, "exclusion", is_needed=self.exclusion.data == "yes")

    def who(self) -> dict[str, Any]:
        """The typed values, as `VoteSettings` names them."""
        counted = self.nationality.data == entitlement.MID_LONG
        return {
            "nationality": self.nationality.data,
            "resident_years": self.resident_years.data if counted else 3,
            "excludes": self.exclusion.data == "yes",
        }


def values_of_who(vote: Vote) -> dict[str, Any]:
    return {
        "nationality": vote.nationality,
        "resident_years": vote.resident_years,
        "exclusion": "yes" if vote.excludes else "no",
    }


def with_day(other: str, sentence: Message) -> Callable[[PageForm, Field], None]:
    """Refuse an empty day beside another that is written."""

    def check(form: PageForm, field: Field) -> None:
        if field.data is None and form[other].data is not None and not any(field.raw_data or ()):
            raise StopValidation(sentence)

    return check


class DaysForm(PageForm):
    """The days of the ordinance, and the time in which the arguments stand still. What is empty is no rule."""

    roll_day = DayField(_l("Day on which the roll is made"), [Optional()])
    inspection_from = DayField(
        _l("The roll is open to inspection (縦覧) from"),
        [with_day("inspection_until", ONE_DAY_OF_INSPECTION), Optional()],
    )
    inspection_until = DayField(
        _l("The roll is open to inspection (縦覧) until"),
        [with_day("inspection_from", ONE_DAY_OF_INSPECTION), Optional()],
    )
    clause_inspection = clause_field()
    notice_day = DayField(_l("Day of the notice that there is a vote"), [Optional()])
    least_days = PerhapsNumberField(_l("From the notice to the last day of the vote: at least so many days"))
    most_days = PerhapsNumberField(_l("At most so many days"))
    clause_vote_day = clause_field()
    proclaimed_on = DayField(_l("Day on which the vote is announced (告示)"), [Optional()])
    proclaimed_days = PerhapsNumberField(_l("From the announcement to the opening: at least so many days"))
    clause_proclamation = clause_field()
    timing_reason_ja, timing_reason_easy, timing_reason_en = in_languages(_l("Why the days differ from these rules"))
    frozen_from = DayField(_l("The arguments stand still from"), [with_day("frozen_until", ONE_DAY_ONLY), Optional()])
    frozen_until = DayField(_l("The arguments stand still until"), [with_day("frozen_from", ONE_DAY_ONLY), Optional()])
    clause_freeze = clause_field()

    def validate_inspection_until(self, field: Field) -> None:
        first = self.inspection_from.data
        if field.data is not None and first is not None and field.data < first:
            raise ValidationError(Message(N_("The last day of the inspection is not before the first.")))

    def validate_least_days(self, field: Field) -> None:
        self._days(field)

    def validate_most_days(self, field: Field) -> None:
        self._days(field)
        if field.data is not None and field.data < (self.least_days.data or 0):
            raise ValidationError(Message(N_("At most cannot be fewer than at least.")))

    def validate_proclaimed_days(self, field: Field) -> None:
        self._days(field)

    def _days(self, field: Field) -> None:
        if field.data is not None and not 0 <= field.data <= MOST_DAYS:
            raise ValidationError(Message(N_("Write a number of days from 0 to %(most)s."), {"most": MOST_DAYS}))

    def validate_frozen_until(self, field: Field) -> None:
        if field.data is None or self.frozen_from.data is None:
            return
        if not 0 <= (field.data - self.frozen_from.data).days < LONGEST_FREEZE:
            most = {"most": LONGEST_FREEZE}
            raise ValidationError(
                Message(N_("The last day comes after the first. At most %(most)s days are frozen."), most)
            )

    def days(self) -> dict[str, Any]:
        """The typed values, as `VoteSettings` names them."""
        return {name: self[name].data for name in DAYS} | {"timing_reason": texts(self, "timing_reason")}


def values_of_days(vote: Vote) -> dict[str, Any]:
    return {name: getattr(vote, name) for name in DAYS} | spread("timing_reason", vote.timing_reason)
