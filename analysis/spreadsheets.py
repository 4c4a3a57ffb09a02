"""Reading and writing XLSX safely. A workbook is a zip of XML: it is measured before anything parses it.

Writing types every cell itself: a library that guesses turns `=1+1` into a formula and an address into a link.
openpyxl and XlsxWriter are loaded when a workbook is at hand, so that a web worker that never sees one stays small.
"""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO

from analysis.tabular import Reason, Source, Table, TableRefused, Value, as_text, checked_headers

MAX_UNPACKED = 200 * 1024 * 1024
MAX_PARTS = 2_000
MAX_COLUMNS = 1_000
MAX_CELL_CHARACTERS = 32_767
"""Excel's own limit."""

_CREATED = datetime(2000, 1, 1)
"""Workbooks carry a moment of creation; a fixed one makes the same rows the same bytes."""

_CHUNK = 1 << 16
_DOCUMENT_TYPES = tuple("<!DOCTYPE".encode(codec) for codec in ("ascii", "utf-16-le", "utf-16-be"))


@dataclass(frozen=True)
class Sheet:
    """One sheet to write; the name has at most 31 characters, and the rows are read once."""

    name: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Value]]


def check_archive(source: Source) -> None:
    """The door for every zipped office file: TableRefused for one that unpacks too large or declares a document type.

    Parts are unpacked and thrown away; the sizes a zip states about itself are not believed.
    """
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(_opened(source)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS:
                raise TableRefused(Reason.TOO_LARGE_UNPACKED, limit=MAX_UNPACKED, parts=MAX_PARTS)
            for part in parts:
                with archive.open(part) as stream:
                    left = _measure(stream, left)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise TableRefused(Reason.NOT_A_WORKBOOK) from error


def read_xlsx(source: Source, *, sheet: str | None = None, max_cells: int | None = None) -> Table:
    """Read one sheet, the first unless named, with its headers in the first row; every value as text.

    Formulas give their stored result, dates ISO 8601, whole numbers no decimal point. Blank rows are skipped, short rows
    filled. Raises TableRefused as `check_archive` does, and for a sheet that is not a table.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    check_archive(source)
    try:
        workbook = load_workbook(_opened(source), read_only=True, data_only=True)
        worksheet = workbook[sheet] if sheet else workbook.worksheets[0]
        worksheet.reset_dimensions()  # the stated size may be a million empty columns
        return _table(worksheet.iter_rows(values_only=True), max_cells)
    except (InvalidFileException, KeyError, IndexError, SyntaxError) as error:
        raise TableRefused(Reason.NOT_A_WORKBOOK) from error


def write_xlsx(target: Path | BinaryIO, sheets: Iterable[Sheet]) -> None:
    """Write sheets in constant memory: text as text, numbers as numbers, None as an empty cell; same rows, same bytes.

    Raises TableRefused for a text longer than a workbook holds, ValueError for a row of another length than its headers.
    """
    from xlsxwriter import Workbook

    workbook = Workbook(target, {"constant_memory": True})
    workbook.set_properties({"created": _CREATED})
    try:
        for sheet in sheets:
            worksheet = workbook.add_worksheet(sheet.name)
            for number, row in enumerate(_with_headers(sheet)):
                _write_row(worksheet, number, row)
    finally:
        workbook.close()


def _with_headers(sheet: Sheet) -> Iterator[Sequence[Value]]:
    yield sheet.headers
    for row in sheet.rows:
        if len(row) != len(sheet.headers):
            raise ValueError(f"a row of {len(row)} cells under {len(sheet.headers)} headers")
        yield row


def _write_row(worksheet: Any, number: int, row: Sequence[Value]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, str):
            if len(value) > MAX_CELL_CHARACTERS:
                raise TableRefused(Reason.LONG_FOR_WORKBOOK, row=number, limit=MAX_CELL_CHARACTERS)
            worksheet.write_string(number, column, value)
        elif value is not None:
            worksheet.write_number(number, column, value)


def _opened(source: Source) -> BinaryIO:
    return io.BytesIO(source if isinstance(source, bytes) else source.read_bytes())


def _measure(stream: Any, left: int) -> int:
    tail = b""
    while chunk := stream.read(_CHUNK):
        left -= len(chunk)
        if left < 0:
            raise TableRefused(Reason.TOO_LARGE_UNPACKED, limit=MAX_UNPACKED, parts=MAX_PARTS)
        seen = tail + chunk
        if any(mark in seen for mark in _DOCUMENT_TYPES):
            raise TableRefused(Reason.DOCUMENT_TYPE)
        tail = seen[-max(map(len, _DOCUMENT_TYPES)) :]
    return left


def _table(rows: Iterable[tuple[Any, ...]], max_cells: int | None) -> Table:
    records = _texts(rows)
    _, names = next(records, (0, []))
    if not names:
        raise TableRefused(Reason.NO_HEADER)
    headers = checked_headers(names)
    width = len(headers)
    found: list[tuple[str, ...]] = []
    for line, cells in records:
        row = len(found) + 1
        if len(cells) > width:
            raise TableRefused(Reason.ROW_LENGTH, row=row, line=line, found=len(cells), expected=width)
        if max_cells is not None and row * width > max_cells:
            raise TableRefused(Reason.TOO_MANY_CELLS, limit=max_cells)
        found.append((*cells, *[""] * (width - len(cells))))
    return Table(headers, found, "xlsx", "")


def _texts(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of rows that hold anything, without their empty end."""
    for line, values in enumerate(rows, 1):
        if len(values) > MAX_COLUMNS:
            raise TableRefused(Reason.TOO_WIDE, limit=MAX_COLUMNS)
        cells = [_text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield line, cells


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return as_text(value) if value is None or isinstance(value, str | int | float) else str(value)
