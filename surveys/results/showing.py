"""Tables as figures of a page: the question, who answered, a chart's rows, a finding in one sentence. Pure.

Residents' pages pass released tables; staff pages pass the same shape with everything open (`open_table`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.disclosure import Cell, FrequencyTable, ReleasedTable
from civic.messages import N_, Message
from surveys.questionnaire import Option, Question, Questionnaire, QuestionType, Text
from surveys.results import bins, spans
from surveys.results.datasets import CHANNELS, OFF_PATH

MOST_LEVELS = 7
SMALLEST_BASE_FOR_SHARES = 30

FIGURES = {
    "mean": N_("Mean"),
    "median": N_("Median"),
    "nps": N_("Net promoter score"),
}
WRITTEN = N_("What people wrote is published in a report once it has been checked.")
TEXTS = (QuestionType.SHORT_TEXT, QuestionType.LONG_TEXT)
EVERYBODY = N_("Everyone who answered")
HOW = {
    QuestionType.SINGLE: N_("Choose one"),
    QuestionType.SCALE: N_("Choose one"),
    QuestionType.NPS: N_("0 to 10"),
    QuestionType.MULTIPLE: N_("Choose any"),
    QuestionType.MATRIX: N_("Choose one in each line"),
    QuestionType.NUMBER: N_("A number"),
    QuestionType.DATE: N_("A day"),
    QuestionType.SHORT_TEXT: N_("In one's own words"),
    QuestionType.LONG_TEXT: N_("In one's own words"),
}


@dataclass(frozen=True)
class Figure:
    """One question's result. `kind` is bars, scale, grid, histogram or count, whose `finding` says why there is no more.

    A count of None is suppressed (秘匿).
    """

    id: str
    kind: str
    number: int
    caption: Text
    how: Message
    n: int | None
    rows: Sequence[Mapping[str, Any]] = ()
    levels: Sequence[Text] = ()
    finding: Message = field(default_factory=lambda: Message(""))
    figures: Sequence[tuple[Message, float]] = ()
    first: Text | None = None  # of a scale: the answer that counts as 1 in the mean
    off_path: ReleasedTable | None = None


def open_table(table: FrequencyTable) -> ReleasedTable:
    """A table with every count open, for staff."""
    whole = {place: table.counts[(*place[:-1], None)] for place in table.counts}
    cells = {
        place: Cell(count, count / whole[place] if whole[place] else None, suppressed=False)
        for place, count in table.counts.items()
    }
    return ReleasedTable(table.name, table.axes, table.base, cells, dict(table.figures))


def figures(questionnaire: Questionnaire, tables: Mapping[str, ReleasedTable]) -> list[Figure]:
    """A figure for every question that has a table, in the questionnaire's order."""
    return [
        figure(question, number, tables)
        for number, question in enumerate(questionnaire.questions, start=1)
        if question.code in tables or any(name.startswith(f"{question.code}.") for name in tables)
    ]


def figure(question: Question, number: int, tables: Mapping[str, ReleasedTable]) -> Figure:
    if question.type is QuestionType.MATRIX:
        return _matrix(question, number, tables)
    table = tables[question.code]
    kind, rows = _kind_and_rows(question, table)
    return Figure(
        id=question.code,
        kind=kind,
        number=number,
        caption=question.text,
        how=Message(HOW[question.type]),
        n=answered(table),
        rows=rows,
        levels=[option.text for option in question.options] if kind == "scale" else (),
        finding=_said(question, kind, rows),
        figures=(shown := shown_figures(table)),
        first=question.options[0].text if shown and question.type is QuestionType.SCALE else None,
        off_path=tables.get(question.code + OFF_PATH),
    )


def answered(table: ReleasedTable) -> int | None:
    """How many answered the question; None when suppressed."""
    return table.cells[(None,)].count


def shown_figures(table: ReleasedTable) -> list[tuple[Message, float]]:
    """Mean and the like, only while every cell is open: with a hidden one they would help to compute it back."""
    if any(cell.suppressed for cell in table.cells.values()):
        return []
    return [(Message(FIGURES[name]), value) for name, value in table.figures.items() if value is not None]


def _kind_and_rows(question: Question, table: ReleasedTable) -> tuple[str, list[dict[str, Any]]]:
    categories = table.axes[0].categories
    if not categories:
        return "count", []
    labels = words_of(question, table)
    rows = [_row(labels.get(code, {"ja": code}), table.cells[(code,)], code) for code in categories]
    if question.type is QuestionType.SCALE and 2 <= len(rows) <= MOST_LEVELS:
        return "scale", [{"label": Message(EVERYBODY), "n": answered(table), "cells": rows}]
    if question.type in (QuestionType.NPS, QuestionType.NUMBER, QuestionType.DATE):
        return "histogram", rows
    return "bars", _by_size(question.options, rows)


def words_of(question: Question, table: ReleasedTable) -> dict[str, Text]:
    """What the codes of a question's table mean: its options, or its classes of numbers or days."""
    if question.type is QuestionType.DATE:
        return {code: spans.words_of(code) for code in table.axes[0].categories}
    labels = {option.code: option.text for option in question.options}
    return labels | {one.code: {"ja": one.label} for one in bins.bins_of(question)}


def _row(label: Text, cell: Cell, code: str) -> dict[str, Any]:
    return {"label": label, "count": cell.count, "share": cell.share, "code": code}


def _by_size(options: Sequence[Option], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Largest first; suppressed ones after the others in the questionnaire's order, which says nothing; "other" last."""
    other = {option.code for option in options if option.other or option.exclusive}
    return sorted(rows, key=lambda row: (row["code"] in other, row["count"] is None, -(row["count"] or 0)))


def _said(question: Question, kind: str, rows: Sequence[Mapping[str, Any]]) -> Message:
    if kind == "scale":
        return Message(N_("The table has all the numbers."))
    if kind == "count":
        return Message(WRITTEN if question.type in TEXTS else N_("Only how many answered is shown."))
    return _finding(rows)


def _finding(rows: Sequence[Mapping[str, Any]]) -> Message:
    known = [row for row in rows if row["count"] is not None]
    if not known or not max(row["count"] for row in known):
        return Message(N_("There is nothing to show yet."))
    largest = max(known, key=lambda row: row["count"])
    params = {"answer": largest["label"], "count": f"{largest['count']:,}"}
    if len(known) < len(rows):
        return Message(N_("Of the numbers shown, the largest is “%(answer)s” (%(count)s)."), params)
    return Message(N_("The most frequent answer is “%(answer)s” (%(count)s)."), params)


def _matrix(question: Question, number: int, tables: Mapping[str, ReleasedTable]) -> Figure:
    rows: list[dict[str, Any]] = []
    ns: list[int | None] = []
    for row in question.rows:
        table = tables[f"{question.code}.{row.code}"]
        cells = [_row(option.text, table.cells[(option.code,)], option.code) for option in question.options]
        ns.append(answered(table))
        rows.append({"label": row.text, "n": ns[-1], "cells": cells, "code": row.code})
    known = [n for n in ns if n is not None]
    return Figure(
        id=question.code,
        kind="scale" if 2 <= len(question.options) <= MOST_LEVELS else "grid",
        number=number,
        caption=question.text,
        how=Message(HOW[question.type]),
        n=max(known) if len(known) == len(ns) else None,
        rows=rows,
        levels=[option.text for option in question.options],
        finding=Message(N_("The table has all the numbers.")),
        off_path=tables.get(question.code + OFF_PATH),
    )


def base(tables: Mapping[str, ReleasedTable]) -> int | None:
    """How many took part; None when suppressed or nothing was released."""
    return next((table.base for table in tables.values()), None)


def channels(tables: Mapping[str, ReleasedTable]) -> list[tuple[str, int | None]]:
    """(channel, count) for each way answers may come, those nobody took left out."""
    table = tables.get(CHANNELS)
    if table is None:
        return []
    found = [(name, table.cells[(name,)].count) for name in table.axes[0].categories]
    return [(name, count) for name, count in found if count != 0]


CSV_HEADERS = ("table", "question", "row", "code", "answer", "count", "share", "suppressed")


def csv_rows(
    questionnaire: Questionnaire, tables: Mapping[str, ReleasedTable], words: Callable[[Text], str]
) -> Iterator[list[str | int | float | None]]:
    """Every released cell as a row of `CSV_HEADERS`; the total of a table has no code. A suppressed count is empty and
    marked 1. `words` gives a text in the reader's language."""
    by_code = {question.code: question for question in questionnaire.questions}
    for name, table in tables.items():
        code, _, row_code = name.partition(".")
        question = by_code.get(code)
        labels = words_of(question, table) if question else {}
        row_text = next((row.text for row in question.rows if row.code == row_code), None) if question else None
        for (category,), cell in table.cells.items():
            label = labels.get(category or "")
            yield [
                name,
                words(question.text) if question else "",
                words(row_text) if row_text else "",
                category or "",
                words(label) if label else "",
                cell.count,
                cell.share,
                int(cell.suppressed),
            ]
