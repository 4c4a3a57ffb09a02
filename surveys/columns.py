"""The column map: what each column of an imported table is used for, and its JSON form.

    {"columns": {"<header>": use, …}, "time": "<header>", "zone": "Asia/Tokyo", "time_format": "%Y-%m-%d %H:%M:%S",
     "key": ["<header>", …]}

Every column has exactly one use (`columns.schema.json`):

- `{"question": "<code>"}` is the answer. `"values": {"cell": "option code"}` where a cell is not the option's Japanese
  text; `"split": "\\n"` between several choices; `"unknown": "<option>"` the "other" option that takes cells nobody
  listed, as its text; `"row": "<row>"` of a matrix.
- `{"other_of": "<code>.<option>"}` is the text beside an "other" option. `"none"` and `"bare"` are the cells that say
  not chosen, and chosen without a text.
- `{"attribute": "<name>"}` is a fact about the response, kept as it stands.
- `{"derived": true}` repeats other columns: compared, never stored. `"from": "<code>.<option>"` is 1 where the option is
  chosen, else 0; `"from_column"` with `"bands": {"cell": [least, most]}` the band of a number; `"from_time": "{month}"`
  parts of the time. Without a source nothing confirms it, and it counts as different.
- `time` and `key`, beside `columns`: the moment of the answer in `zone`, and the columns that tell rows apart.

Without a map headers are the form's field names (`default_map`): a cell is an option's code or text, several are
separated by `;` or a line break, and columns may be absent, but for those of required questions that everybody is asked.
A map may leave these out too: who wrote it has said which answers the file holds.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jsonschema import Draft202012Validator

from civic.messages import N_, Message
from surveys.questionnaire import Question, Questionnaire, QuestionType

ZONE = "Asia/Tokyo"
TIME_FORMAT = "%Y-%m-%d %H:%M:%S"

NOT_A_MAP = N_("This is not a column map. A column map is a JSON object with “columns”.")
BAD_USE = N_(
    "The column “%(column)s” has no use that can be read. Give it one of question, other_of, attribute or derived."
)
UNKNOWN_QUESTION = N_("The column “%(column)s” names the question “%(code)s”, which does not exist.")
UNKNOWN_OPTION = N_("The column “%(column)s” names “%(code)s”, which is no option or row of the question.")
USED_TWICE = N_("The columns “%(column)s” and “%(other)s” hold the same answer. Keep one of them.")
SAME_OPTION = N_("In the column “%(column)s” two cells mean the option “%(code)s”. Give each option one cell text.")
NO_SOURCE_COLUMN = N_("The column “%(column)s” is derived from “%(source)s”, which is not in the map.")
UNKNOWN_ZONE = N_("“%(zone)s” is not the name of a time zone.")
UNUSED_COLUMN = N_(
    "The column “%(column)s” is in the file and has no use in the map. Add it to the map, or take it out of the file."
)
MISSING_COLUMN = N_("The column “%(column)s” is in the map and not in the file.")
REQUIRED_COLUMN = N_(
    "The file lacks the column “%(column)s”, which holds a required answer. Add it; cells may stay empty where nobody answered."
)
NO_ANSWER_COLUMN = N_("No column of the file belongs to a question. The first row names the questions by their codes.")


@dataclass(frozen=True)
class AnswerUse:
    """Holds an answer. `codes` maps cells to option codes, `cells` back; both are empty for written answers."""

    question: Question
    codes: Mapping[str, str]
    cells: Mapping[str, str]
    split: str | None = None
    unknown: str | None = None
    row: str | None = None


@dataclass(frozen=True)
class OtherUse:
    question: str
    option: str
    none: str = ""
    bare: str = ""


@dataclass(frozen=True)
class AttributeUse:
    name: str


@dataclass(frozen=True)
class FlagUse:
    """Derived: "1" where the option is chosen, else "0"."""

    question: str
    option: str


@dataclass(frozen=True)
class BandUse:
    """Derived: the label of the first band that holds the number of another column; bounds included, None is open."""

    column: str
    bands: Mapping[str, tuple[Decimal | None, Decimal | None]]


@dataclass(frozen=True)
class CalendarUse:
    """Derived: a text with {year}, {month} and {day} of the row's time."""

    format: str


@dataclass(frozen=True)
class UnknownSource:
    """Said to be derived, without saying from what."""


Use = AnswerUse | OtherUse | AttributeUse | FlagUse | BandUse | CalendarUse | UnknownSource
DERIVED = (FlagUse, BandUse, CalendarUse, UnknownSource)


@dataclass(frozen=True)
class ColumnMap:
    """A checked map. `partial` says that columns may be absent, but for `required`, and cells are trimmed, as in the
    template's files."""

    uses: Mapping[str, Use]
    key: tuple[str, ...] = ()
    time: str | None = None
    zone: ZoneInfo = ZoneInfo(ZONE)
    time_format: str = TIME_FORMAT
    partial: bool = False

    @property
    def required(self) -> list[str]:
        """The columns that a file without a map has to have: of every required question that no condition may hide."""
        uses = self.uses.items() if self.partial else ()
        return [header for header, use in uses if isinstance(use, AnswerUse) and is_always_required(use.question)]

    def header_problems(self, headers: Sequence[str], aside: Iterable[str] = ()) -> list[Message]:
        """Why a file with these headers cannot be imported. `aside` are columns read elsewhere, such as the person."""
        apart = {*self.key, *([self.time] if self.time else []), *aside}
        problems = [
            Message(UNUSED_COLUMN, {"column": header})
            for header in headers
            if header not in self.uses and header not in apart
        ]
        needed = [*apart, *(() if self.partial else self.uses)]
        problems += [Message(MISSING_COLUMN, {"column": name}) for name in dict.fromkeys(needed) if name not in headers]
        problems += [Message(REQUIRED_COLUMN, {"column": name}) for name in self.required if name not in headers]
        if not problems and not any(isinstance(self.uses.get(header), AnswerUse) for header in headers):
            problems.append(Message(NO_ANSWER_COLUMN))
        return problems


def is_always_required(question: Question) -> bool:
    return question.required and question.show_if is None


class MapRefused(ValueError):
    """A map that does not fit its questionnaire; `problems` lists every reason."""

    def __init__(self, problems: Sequence[Message]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def template_headers(questionnaire: Questionnaire) -> tuple[str, ...]:
    """The first row of the template CSV: one column per answer, "other" text and matrix row."""
    return tuple(default_map(questionnaire).uses)


def default_map(questionnaire: Questionnaire, key: Sequence[str] = ()) -> ColumnMap:
    """The map of a file whose headers are the form's field names. `key` columns need not be questions."""
    uses: dict[str, Use] = {}
    for question in questionnaire.questions:
        codes = {code: code for code in question.option_codes}
        for option in question.options:
            codes.update({text.strip(): option.code for text in option.text.values() if text.strip() not in codes})
        cells = {code: code for code in question.option_codes}
        if question.type is QuestionType.MATRIX:
            rows = ((f"{question.code}.{row.code}", row.code) for row in question.rows)
            uses.update({header: AnswerUse(question, codes, cells, row=row) for header, row in rows})
        else:
            uses[question.code] = AnswerUse(question, codes, cells)
        if question.other_option:
            uses[f"{question.code}.other"] = OtherUse(question.code, question.other_option.code)
    return ColumnMap(uses, key=tuple(key), partial=True)


def read_map(document: object, questionnaire: Questionnaire, key: Sequence[str] = ()) -> ColumnMap:
    """Read and check a map. `key`, where given, replaces the map's own; raises MapRefused with every reason."""
    if problems := _shape_problems(document):
        raise MapRefused(problems)
    assert isinstance(document, Mapping)
    uses: dict[str, Use] = {}
    for header, entry in document["columns"].items():
        try:
            uses[header] = _use(header, entry, questionnaire)
        except MapRefused as refusal:
            problems += refusal.problems
    zone = _zone(document.get("zone", ZONE))
    problems += [*_doubled(uses), *_sourceless(uses)]
    if zone is None:
        problems.append(Message(UNKNOWN_ZONE, {"zone": document["zone"]}))
    if problems or zone is None:
        raise MapRefused(problems)
    time, form = document.get("time"), document.get("time_format", TIME_FORMAT)
    return ColumnMap(uses, tuple(key) or tuple(document.get("key", ())), time, zone, form)


@cache
def _validator() -> Draft202012Validator:
    schema = Path(__file__).with_name("columns.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(schema))


def _shape_problems(document: object) -> list[Message]:
    """Which columns, or the whole, are not written as the schema says."""
    places = [list(error.absolute_path) for error in _validator().iter_errors(document)]
    columns = dict.fromkeys(str(place[1]) for place in places if len(place) > 1 and place[0] == "columns")
    problems = [Message(BAD_USE, {"column": column}) for column in columns]
    return problems or ([Message(NOT_A_MAP)] if places else [])


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


# -- one entry --------------------------------------------------------------------------------------------------------


def _use(header: str, entry: Mapping[str, Any], questionnaire: Questionnaire) -> Use:
    if "question" in entry:
        return _answer(header, entry, questionnaire)
    if "other_of" in entry:
        question, option = _option(header, entry["other_of"], questionnaire)
        return OtherUse(question.code, option, entry.get("none", ""), entry.get("bare", ""))
    if "attribute" in entry:
        return AttributeUse(entry["attribute"])
    if "from" in entry:
        question, option = _option(header, entry["from"], questionnaire)
        return FlagUse(question.code, option)
    if "bands" in entry:
        bands = {cell: (_bound(low), _bound(high)) for cell, (low, high) in entry["bands"].items()}
        return BandUse(entry["from_column"], bands)
    return CalendarUse(entry["from_time"]) if "from_time" in entry else UnknownSource()


def _answer(header: str, entry: Mapping[str, Any], questionnaire: Questionnaire) -> AnswerUse:
    question = _question(header, entry["question"], questionnaire)
    listed: Mapping[str, str] = entry.get("values", {})
    texts = {option.text["ja"]: option.code for option in question.options}
    texts = texts or {code: code for code in question.option_codes}
    codes = {**{cell: code for cell, code in texts.items() if code not in listed.values()}, **listed}
    unknown, row = entry.get("unknown"), entry.get("row")
    options = [*codes.values(), *([unknown] if unknown else [])]
    strange = [code for code in options if code not in question.option_codes]
    rows: set[str | None] = {*(one.code for one in question.rows)} or {None}
    if row not in rows:
        strange.append(str(row or ""))
    doubled = [code for code, count in Counter(codes.values()).items() if count > 1]
    problems = [Message(UNKNOWN_OPTION, {"column": header, "code": code}) for code in strange]
    problems += [Message(SAME_OPTION, {"column": header, "code": code}) for code in doubled]
    if problems:
        raise MapRefused(problems)
    cells = {code: cell for cell, code in codes.items()}
    return AnswerUse(question, codes, cells, entry.get("split"), unknown, row)


def _bound(value: int | float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _question(header: str, code: str, questionnaire: Questionnaire) -> Question:
    if not questionnaire.has(code):
        raise MapRefused([Message(UNKNOWN_QUESTION, {"column": header, "code": code})])
    return questionnaire.question(code)


def _option(header: str, dotted: str, questionnaire: Questionnaire) -> tuple[Question, str]:
    """The question and option of "<code>.<option>"."""
    code, _, option = dotted.partition(".")
    question = _question(header, code, questionnaire)
    if option not in question.option_codes:
        raise MapRefused([Message(UNKNOWN_OPTION, {"column": header, "code": option})])
    return question, option


def _doubled(uses: Mapping[str, Use]) -> list[Message]:
    """Two columns that would store the same thing, one over the other."""
    first: dict[object, str] = {}
    problems = []
    for header, use in uses.items():
        for place in stored_places(use):
            if place in first:
                problems.append(Message(USED_TWICE, {"column": first[place], "other": header}))
            first.setdefault(place, header)
    return problems


def stored_places(use: Use) -> Iterator[object]:
    """What a column holds of a response, as places that compare: nothing for a derived one."""
    if isinstance(use, AnswerUse):
        yield "answer", use.question.code, use.row
        if use.unknown:
            yield "other", use.question.code, use.unknown
    elif isinstance(use, OtherUse):
        yield "other", use.question, use.option
    elif isinstance(use, AttributeUse):
        yield "attribute", use.name


def _sourceless(uses: Mapping[str, Use]) -> list[Message]:
    banded = [(header, use.column) for header, use in uses.items() if isinstance(use, BandUse)]
    lost = [(header, source) for header, source in banded if source not in uses]
    return [Message(NO_SOURCE_COLUMN, {"column": header, "source": source}) for header, source in lost]
