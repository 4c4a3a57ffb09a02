"""One row of an imported table: from cells to answers by the column map, and from stored answers back to the cells.

Reading is exact: a cell is stored so that `cells_of` gives it back (line breaks at its end aside), or the row is left
for review with the reason. Rules of the web form (required, ranges, numbers of choices) are not applied to what other
people's forms collected.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from civic.characters import is_readable
from civic.intake.cells import EMPTY_KEY, UNREADABLE, CellCounts, CellProblem
from civic.messages import N_, Message
from surveys import eras, fields
from surveys.answers import Answer, Answers, chosen, options_answer, other_text, rows, text
from surveys.columns import (
    DERIVED,
    AnswerUse,
    AttributeUse,
    BandUse,
    CalendarUse,
    ColumnMap,
    FlagUse,
    OtherUse,
    Use,
)
from surveys.questionnaire import QuestionType

NOT_AN_OPTION = N_("“%(cell)s” is not an answer of this question.")
SEVERAL_UNKNOWN = N_("Several answers are not among the options; only one can be kept as other.")
NAMED_TWICE = N_("The cell names the same answer twice.")
NOT_A_NUMBER = N_("“%(cell)s” is not a number.")
NOT_A_DATE = N_("“%(cell)s” is not a date. Write it like 2026-11-30.")
NOT_A_TIME = N_("“%(cell)s” is not a time of the form the map names.")
TEXT_WITHOUT_OPTION = N_("There is text for “other”, but “other” was not chosen.")
OPTION_WITHOUT_TEXT = N_("The cell says that “other” was not chosen, but it was.")


@dataclass(frozen=True, slots=True)
class RowResult:
    """One row read. With `problems` it is left for review: nothing of it is to be stored and all cells count so.

    `different` names the derived columns whose cell is not what the rest of the row says.
    """

    answers: dict[str, Answer]
    attributes: dict[str, str]
    key: tuple[str, ...]
    answered_at: datetime | None
    cells: CellCounts
    problems: tuple[CellProblem, ...] = ()
    different: tuple[str, ...] = ()


class _Refused(Exception):
    def __init__(self, sentence: str, **params: object) -> None:
        super().__init__(sentence)
        self.message = Message(sentence, params)


class RowReader:
    """Reads the rows of one file. Headers must have passed `ColumnMap.header_problems`."""

    def __init__(self, column_map: ColumnMap, headers: Sequence[str]) -> None:
        self._map = column_map
        self._places = {header: place for place, header in enumerate(headers)}
        used = [
            (header, place, column_map.uses[header])
            for header, place in self._places.items()
            if header in column_map.uses
        ]
        self._answers = [(header, place, use) for header, place, use in used if isinstance(use, AnswerUse)]
        self._others = [(header, place, use) for header, place, use in used if isinstance(use, OtherUse)]
        self._attributes = [(place, use.name) for _, place, use in used if isinstance(use, AttributeUse)]
        self._derived = [(header, place, use) for header, place, use in used if isinstance(use, DERIVED)]

    def read(self, cells: Sequence[str]) -> RowResult:
        """Read one row of as many cells as there are headers."""
        problems: list[CellProblem] = []
        answered_at = self._time(cells, problems)
        key = self._key(cells, problems)
        answers = self._read_answers(cells, problems)
        self._add_others(cells, answers, problems)
        attributes = {name: cells[place] for place, name in self._attributes if cells[place]}
        non_empty = sum(1 for cell in cells if cell)
        if problems:
            return RowResult({}, {}, key, answered_at, CellCounts(non_empty, review=non_empty), tuple(problems))
        compared = [(header, place, use) for header, place, use in self._derived if cells[place]]
        different = tuple(
            header
            for header, place, use in compared
            if cells[place] != self._expected(use, cells, answers, answered_at)
        )
        counts = CellCounts(
            non_empty,
            stored=non_empty - len(compared),
            derived_equal=len(compared) - len(different),
            derived_different=len(different),
        )
        return RowResult(answers, attributes, key, answered_at, counts, (), different)

    def _time(self, cells: Sequence[str], problems: list[CellProblem]) -> datetime | None:
        header = self._map.time
        if header is None:
            return None
        cell = cells[self._places[header]]
        try:
            local = datetime.strptime(cell, self._map.time_format)
        except ValueError:
            local = None
        if local is None or local.strftime(self._map.time_format) != cell:
            problems.append(CellProblem(header, Message(NOT_A_TIME, {"cell": cell})))
            return None
        return local.replace(tzinfo=self._map.zone).astimezone(UTC)

    def _key(self, cells: Sequence[str], problems: list[CellProblem]) -> tuple[str, ...]:
        key = tuple(cells[self._places[header]] for header in self._map.key)
        empty = [header for header, cell in zip(self._map.key, key, strict=True) if not cell]
        problems.extend(CellProblem(header, Message(EMPTY_KEY)) for header in empty)
        return key

    def _read_answers(self, cells: Sequence[str], problems: list[CellProblem]) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        for header, place, use in self._answers:
            cell = cells[place].strip() if self._map.partial else cells[place]
            if not cell:
                continue
            try:
                answer = _READERS[use.question.type](use, cell)
            except _Refused as refusal:
                problems.append(CellProblem(header, refusal.message))
                continue
            if use.row is not None:
                answer = {"rows": {**rows(answers.get(use.question.code)), **answer["rows"]}}
            answers[use.question.code] = answer
        return answers

    def _add_others(self, cells: Sequence[str], answers: dict[str, Answer], problems: list[CellProblem]) -> None:
        for header, place, use in self._others:
            cell = cells[place]
            picked = chosen(answers.get(use.question))
            says_chosen = cell not in ("", use.none)
            if says_chosen and use.option not in picked:
                problems.append(CellProblem(header, Message(TEXT_WITHOUT_OPTION)))
            elif cell and not says_chosen and use.option in picked:
                problems.append(CellProblem(header, Message(OPTION_WITHOUT_TEXT)))
            elif says_chosen and not is_readable(cell):
                problems.append(CellProblem(header, Message(UNREADABLE)))
            elif says_chosen and cell != use.bare:
                answers[use.question] = options_answer(picked, {use.option: cell})

    def _expected(self, use: Use, cells: Sequence[str], answers: Answers, answered_at: datetime | None) -> str | None:
        """What a derived cell should be by the rest of the row; None where nothing says so."""
        if isinstance(use, FlagUse):
            return "1" if use.option in chosen(answers.get(use.question)) else "0"
        if isinstance(use, BandUse):
            number = fields.decimal(cells[self._places[use.column]])
            return None if number is None else _band(number, use)
        if isinstance(use, CalendarUse) and answered_at is not None:
            local = answered_at.astimezone(self._map.zone)
            parts = {"{year}": local.year, "{month}": local.month, "{day}": local.day}
            return _PLACE.sub(lambda found: str(parts[found[0]]), use.format)
        return None


_PLACE = re.compile(r"\{(year|month|day)\}")


def _band(number: Decimal, use: BandUse) -> str | None:
    return next(
        (
            label
            for label, (low, high) in use.bands.items()
            if (low is None or low <= number) and (high is None or number <= high)
        ),
        None,
    )


# -- one cell ---------------------------------------------------------------------------------------------------------

_BETWEEN_CODES = re.compile(r"\s*[;；\n]\s*")


def _code(use: AnswerUse, cell: str) -> str:
    try:
        return use.codes[cell]
    except KeyError:
        raise _Refused(NOT_AN_OPTION, cell=_short(cell)) from None


def _single(use: AnswerUse, cell: str) -> Answer:
    return _chosen(use, [cell])


def _multiple(use: AnswerUse, cell: str) -> Answer:
    if use.split is None:
        return _chosen(use, [token for token in _BETWEEN_CODES.split(cell) if token])
    return _chosen(use, cell.rstrip("\r\n").split(use.split))


def _chosen(use: AnswerUse, tokens: Sequence[str]) -> Answer:
    unknown = [token for token in tokens if token not in use.codes]
    if unknown and (use.unknown is None or "" in unknown):
        raise _Refused(NOT_AN_OPTION, cell=_short(unknown[0]))
    if len(unknown) > 1:
        raise _Refused(SEVERAL_UNKNOWN)
    if unknown and not is_readable(unknown[0]):
        raise _Refused(UNREADABLE)
    codes = [use.codes.get(token, use.unknown or "") for token in tokens]
    if len(set(codes)) < len(codes):
        raise _Refused(NAMED_TWICE)
    return options_answer(codes, {use.unknown: unknown[0]} if unknown and use.unknown else None)


def _number(use: AnswerUse, cell: str) -> Answer:
    number = fields.decimal(cell)
    if number is None:
        raise _Refused(NOT_A_NUMBER, cell=_short(cell))
    return {"number": fields.shown_decimal(number)}


def _date(use: AnswerUse, cell: str) -> Answer:
    day = eras.day(cell)
    if day is None:
        raise _Refused(NOT_A_DATE, cell=_short(cell))
    return {"date": day.isoformat()}


def _text(use: AnswerUse, cell: str) -> Answer:
    if not is_readable(cell):
        raise _Refused(UNREADABLE)
    return {"text": cell}


def _matrix(use: AnswerUse, cell: str) -> Answer:
    return {"rows": {use.row: _code(use, cell)}}


_READERS: Mapping[QuestionType, Callable[[AnswerUse, str], Answer]] = {
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


def _short(cell: str) -> str:
    return cell if len(cell) <= 60 else cell[:59] + "…"


# -- and back ---------------------------------------------------------------------------------------------------------


def cells_of(
    column_map: ColumnMap,
    answers: Answers,
    attributes: Mapping[str, str],
    key: Iterable[str] = (),
    answered_at: datetime | None = None,
) -> dict[str, str]:
    """The cells a stored row came from, by header; derived columns are left out. The inverse of `RowReader.read`."""
    cells = {
        header: _cell(use, answers, attributes)
        for header, use in column_map.uses.items()
        if not isinstance(use, DERIVED)
    }
    cells.update(zip(column_map.key, key, strict=False))
    if column_map.time is not None and answered_at is not None:
        cells[column_map.time] = answered_at.astimezone(column_map.zone).strftime(column_map.time_format)
    return cells


def _cell(use: Use, answers: Answers, attributes: Mapping[str, str]) -> str:
    if isinstance(use, AttributeUse):
        return attributes.get(use.name, "")
    if isinstance(use, OtherUse):
        answer = answers.get(use.question)
        return (other_text(answer, use.option) or use.bare) if use.option in chosen(answer) else use.none
    assert isinstance(use, AnswerUse)
    answer = answers.get(use.question.code)
    if answer is None:
        return ""
    if use.row is not None:
        option = rows(answer).get(use.row)
        return use.cells[option] if option else ""
    if "options" in answer:
        return (use.split or ";").join(_option_cell(use, answer, code) for code in chosen(answer))
    return str(answer.get("number") or answer.get("date") or text(answer))


def _option_cell(use: AnswerUse, answer: Answer, code: str) -> str:
    written = other_text(answer, code) if code == use.unknown else ""
    return written or use.cells[code]
