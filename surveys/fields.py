"""One question on a form: the names of its fields, reading them into an answer, and filling them again.

A question's field is its code; several choices repeat it. Text beside an "other" option is `<code>.other`, a matrix
row `<code>.<row>`, the parts of a date `<code>.year`, `<code>.month` and `<code>.day`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from civic.characters import ascii_digits, clean, graphemes
from civic.messages import N_, Message
from surveys import eras
from surveys.answers import Answer, chosen, options_answer, rows, text
from surveys.questionnaire import TEXT_TYPES, Limit, Question, QuestionType

Form = Mapping[str, Sequence[str]]
"""Field names and everything that arrived under them, as `dict(request.form.lists())`."""

LONGEST = {QuestionType.SHORT_TEXT: 200, QuestionType.LONG_TEXT: 2_000}
"""Characters a text question takes when it names no `max`."""
LONGEST_OTHER = 200

DATE_PARTS = ("year", "month", "day")

CHOOSE_ONE = N_("Choose an answer.")
CHOOSE_SOME = N_("Choose at least one answer.")
CHOOSE_IN_EVERY_ROW = N_("Choose an answer for “%(row)s”.")
CHOOSE_ONLY_ONE = N_("Choose only one answer.")
CHOOSE_FROM_LIST = N_("Choose from the answers on this page.")
CHOOSE_MORE = N_("Choose %(least)s answers or more.")
CHOOSE_FEWER = N_("Choose %(most)s answers or fewer.")
EXCLUSIVE = N_("If you choose “%(option)s”, choose nothing else.")
OTHER_NOT_CHOSEN = N_("You wrote something beside “%(option)s”. Choose it too, or remove the text.")
WRITE = N_("Write your answer.")
TOO_LONG = N_("Your answer may have up to %(most)s characters. Remove %(over)s.")
TOO_SHORT = N_("Write %(least)s characters or more.")
SENT_TWICE = N_("This answer arrived twice. Write it once and send it again.")
ENTER_NUMBER = N_("Enter a number.")
NOT_A_NUMBER = N_("Enter your answer in digits, for example 12.")
BETWEEN = N_("Enter a number from %(least)s to %(most)s.")
AT_LEAST = N_("Enter %(least)s or a larger number.")
AT_MOST = N_("Enter %(most)s or a smaller number.")
ENTER_DATE = N_("Enter the date.")
ENTER_YEAR = N_("Enter the year, for example 2026.")
ENTER_MONTH = N_("Enter the month as a number from 1 to 12.")
ENTER_DAY = N_("Enter the day as a number from 1 to 31.")
NO_SUCH_DAY = N_("This day is not in the calendar. Check the month and the day.")
DATE_BETWEEN = N_("Enter a date from %(first)s to %(last)s.")
DATE_FROM = N_("Enter %(first)s or a later date.")
DATE_UNTIL = N_("Enter %(last)s or an earlier date.")
DAY = N_("%(year)s-%(month)s-%(day)s")


@dataclass(frozen=True)
class FieldError:
    """A sentence beside a field. `field` is the control the error summary links to."""

    question: str
    field: str
    message: Message


class _Refused(Exception):
    def __init__(self, field: str, sentence: str | Message, **params: object) -> None:
        super().__init__(sentence)
        self.field = field
        self.message = sentence if isinstance(sentence, Message) else Message(sentence, params)


def names(question: Question) -> tuple[str, ...]:
    """The names of a question's fields, in the order they stand on the page."""
    if question.type is QuestionType.MATRIX:
        return tuple(f"{question.code}.{row.code}" for row in question.rows)
    if question.type is QuestionType.DATE:
        return tuple(f"{question.code}.{part}" for part in DATE_PARTS)
    return (question.code, f"{question.code}.other") if question.other_option else (question.code,)


def values(question: Question, answer: Answer | None) -> dict[str, list[str]]:
    """What fills the fields for a stored answer: the inverse of `read`. Empty fields are left out."""
    if answer is None:
        return {}
    code = question.code
    if question.type is QuestionType.MATRIX:
        return {f"{code}.{row}": [option] for row, option in rows(answer).items()}
    if question.type is QuestionType.DATE:
        parts = (str(int(part)) for part in answer["date"].split("-"))
        return {f"{code}.{name}": [part] for name, part in zip(DATE_PARTS, parts, strict=True)}
    if question.type in TEXT_TYPES:
        return {code: [text(answer)]}
    if question.type is QuestionType.NUMBER:
        return {code: [answer["number"]]}
    other = {f"{code}.other": [written] for written in answer.get("other", {}).values()}
    return {code: list(chosen(answer)), **other}


def read(question: Question, form: Form) -> Answer | FieldError | None:
    """The answer in a form, None where nothing was filled in, or the sentence that asks for another one.

    A required question left empty is None too: see `demanded`.
    """
    try:
        return _READERS[question.type](question, form)
    except _Refused as refusal:
        return FieldError(question.code, refusal.field, refusal.message)


def demanded(question: Question, form: Form) -> FieldError:
    """The error of a required question that was left empty."""
    sentence = {
        QuestionType.MULTIPLE: CHOOSE_SOME,
        QuestionType.SHORT_TEXT: WRITE,
        QuestionType.LONG_TEXT: WRITE,
        QuestionType.NUMBER: ENTER_NUMBER,
        QuestionType.DATE: ENTER_DATE,
    }
    field = names(question)[0]
    if question.type is QuestionType.MATRIX:
        row = next(row for row in question.rows if not _sent(form, f"{question.code}.{row.code}"))
        message = Message(CHOOSE_IN_EVERY_ROW, {"row": row.text})
        return FieldError(question.code, f"{question.code}.{row.code}", message)
    return FieldError(question.code, field, Message(sentence.get(question.type, CHOOSE_ONE)))


def is_complete(question: Question, answer: Answer | None) -> bool:
    """Whether an answer satisfies `required`: a matrix needs every row."""
    return answer is not None and (question.type is not QuestionType.MATRIX or len(rows(answer)) == len(question.rows))


def longest(question: Question) -> int:
    """How many characters a text question takes."""
    return int(question.max) if question.max is not None else LONGEST[question.type]


# -- reading, by type -------------------------------------------------------------------------------------------------


def _sent(form: Form, field: str) -> list[str]:
    return [value for value in form.get(field, ()) if value]


def _written(form: Form, field: str, most: int) -> str:
    sent = _sent(form, field)
    if len(sent) > 1:
        raise _Refused(field, SENT_TWICE)
    written = clean(sent[0]) if sent else ""
    if isinstance(written, Message):
        raise _Refused(field, written)
    if (length := graphemes(written)) > most:
        raise _Refused(field, TOO_LONG, most=f"{most:,}", over=f"{length - most:,}")
    return written


def _one(question: Question, form: Form, field: str) -> str | None:
    sent = set(_sent(form, field))
    if not sent <= set(question.option_codes):
        raise _Refused(field, CHOOSE_FROM_LIST)
    if len(sent) > 1:
        raise _Refused(field, CHOOSE_ONLY_ONE)
    return next(iter(sent), None)


def _other(question: Question, form: Form) -> dict[str, str]:
    """The text beside the "other" option, by its code; empty when nothing was written."""
    option = question.other_option
    written = _written(form, f"{question.code}.other", LONGEST_OTHER) if option else ""
    return {option.code: written} if option and written else {}


def _single(question: Question, form: Form) -> Answer | None:
    code = _one(question, form, question.code)
    other = _other(question, form)
    if other and code is None:
        code = next(iter(other))
    if other and code not in other and question.other_option:
        raise _Refused(question.code, OTHER_NOT_CHOSEN, option=question.other_option.text)
    return options_answer([code], other) if code else None


def _multiple(question: Question, form: Form) -> Answer | None:
    sent = set(_sent(form, question.code))
    if not sent <= set(question.option_codes):
        raise _Refused(question.code, CHOOSE_FROM_LIST)
    other = _other(question, form)
    picked = [option for option in question.options if option.code in sent or option.code in other]
    alone = next((option for option in picked if option.exclusive), None)
    if alone and len(picked) > 1:
        raise _Refused(question.code, EXCLUSIVE, option=alone.text)
    if picked and not alone:
        _check_number_of_choices(question, len(picked))
    return options_answer([option.code for option in picked], other) if picked else None


def _check_number_of_choices(question: Question, count: int) -> None:
    if question.min is not None and count < int(question.min):
        raise _Refused(question.code, CHOOSE_MORE, least=str(question.min))
    if question.max is not None and count > int(question.max):
        raise _Refused(question.code, CHOOSE_FEWER, most=str(question.max))


_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,10})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d{1,10})?", re.ASCII)


def decimal(written: str) -> Decimal | None:
    """A number as people type it: full-width digits, thousands commas, a minus sign; None when it is none."""
    plain = ascii_digits(written).replace("−", "-")
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    return Decimal(plain) if _NUMBER.fullmatch(plain) else None


def shown_decimal(number: Decimal) -> str:
    """The stored form of a number: digits without exponent or idle zeros."""
    shown = format(number, "f")
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return "0" if shown == "-0" else shown


def _number(question: Question, form: Form) -> Answer | None:
    written = _written(form, question.code, LONGEST_OTHER)
    if not written:
        return None
    number = decimal(written)
    if number is None:
        raise _Refused(question.code, NOT_A_NUMBER)
    least, most = (None if limit is None else Decimal(limit) for limit in (question.min, question.max))
    if (least is not None and number < least) or (most is not None and number > most):
        shown = {name: f"{limit:,}" for name, limit in (("least", least), ("most", most)) if limit is not None}
        raise _Refused(question.code, _range_sentence(question.min, question.max, BETWEEN, AT_LEAST, AT_MOST), **shown)
    return {"number": shown_decimal(number)}


def _range_sentence(low: Limit | None, high: Limit | None, both: str, least: str, most: str) -> str:
    if low is not None and high is not None:
        return both
    return least if low is not None else most


def _date(question: Question, form: Form) -> Answer | None:
    fields = names(question)
    parts = [_written(form, field, LONGEST_OTHER) for field in fields]
    if not any(parts):
        return None
    year = _part(fields[0], eras.year(parts[0]), 9998, ENTER_YEAR)
    month = _part(fields[1], eras.month_or_day(parts[1]), 12, ENTER_MONTH)
    day = _part(fields[2], eras.month_or_day(parts[2]), 31, ENTER_DAY)
    try:
        given = date(year, month, day).isoformat()
    except ValueError as error:
        raise _Refused(fields[2], NO_SUCH_DAY) from error
    first, last = (None if limit is None else str(limit) for limit in (question.min, question.max))
    if not (first or given) <= given <= (last or given):
        shown = {name: _shown_day(limit) for name, limit in (("first", first), ("last", last)) if limit}
        raise _Refused(fields[0], _range_sentence(first, last, DATE_BETWEEN, DATE_FROM, DATE_UNTIL), **shown)
    return {"date": given}


def _part(field: str, number: int | None, highest: int, sentence: str) -> int:
    if number is None or not 1 <= number <= highest:
        raise _Refused(field, sentence)
    return number


def _shown_day(iso: str) -> Message:
    """A day inside a sentence: its parts are put in order by the reader's language."""
    year, month, day = (int(part) for part in iso.split("-"))
    return Message(DAY, {"year": year, "month": month, "day": day})


def _matrix(question: Question, form: Form) -> Answer | None:
    given = {row.code: _one(question, form, f"{question.code}.{row.code}") for row in question.rows}
    answered = {row: option for row, option in given.items() if option}
    return {"rows": answered} if answered else None


def _text(question: Question, form: Form) -> Answer | None:
    written = _written(form, question.code, longest(question))
    if question.type is QuestionType.SHORT_TEXT:
        written = " ".join(written.split("\n"))
    if written and graphemes(written) < int(question.min or 0):
        raise _Refused(question.code, TOO_SHORT, least=str(question.min))
    return {"text": written} if written else None


_READERS = {
    QuestionType.SINGLE: _single,
    QuestionType.SCALE: _single,
    QuestionType.NPS: _single,
    QuestionType.MULTIPLE: _multiple,
    QuestionType.NUMBER: _number,
    QuestionType.DATE: _date,
    QuestionType.MATRIX: _matrix,
    QuestionType.SHORT_TEXT: _text,
    QuestionType.LONG_TEXT: _text,
}
