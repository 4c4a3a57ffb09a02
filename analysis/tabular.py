"""Reading and writing CSV safely: the one implementation everybody uses.

Reading follows RFC 4180 strictly (an open quotation mark must not swallow half a file) and takes what Japanese offices
really send: UTF-8 with or without BOM, UTF-16 with BOM, CP932, commas or tabs. Nothing is guessed from statistics: an
encoding reads the whole file or it does not. Writing guards cells that a spreadsheet would run as a formula (CWE-1236)
with an apostrophe, and reading takes exactly that apostrophe off again.
"""

import codecs
import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Self

Source = Path | bytes
Told = Callable[[int, int], None]
Value = str | int | float | None
"""One cell to write; None is an empty cell."""

MAX_CELL_CHARACTERS = 1_000_000
"""A longer cell is an open quotation mark: no comment a form accepts comes near."""

csv.field_size_limit(MAX_CELL_CHARACTERS)

_CHUNK = 1 << 16
_TOLD_AFTER = 50_000
"""Rows between two words of how far the reading is; a smaller file is read before anybody asks."""

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SHIFT_JIS = codecs.lookup("shift_jis").name
_UNASSIGNED_IN_CP932 = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
_HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")
_WITHOUT_HALVES = {"utf-8", "utf-8-sig", "utf-16", "cp932"}
_GUARDED = re.compile(r"'*[=+\-@\t\r]")
_OUR_APOSTROPHE = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_LINE_BREAKS = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")


class Reason(StrEnum):
    """Why a table is refused. The value is the English sentence and its message id; `TableRefused.params` fill it."""

    ENCODING = "Byte %(byte)d, in line %(line)d, is neither UTF-8 nor CP932. Save the file as CSV UTF-8 and try again."
    NOT_AS_STATED = "Byte %(byte)d, in line %(line)d, cannot be read as %(encoding)s."
    UNKNOWN_ENCODING = "%(encoding)s is not the name of a text encoding."
    NO_HEADER = "The file has no header row."
    UNNAMED_COLUMN = "Column %(position)d has no name in the header row."
    DOUBLED_COLUMN = "The header row names two columns %(column)s."
    ROW_LENGTH = "Row %(row)d, in line %(line)d, has %(found)d cells instead of %(expected)d."
    QUOTATION = "Row %(row)d, in line %(line)d: a quotation mark is not closed, or text follows the closing one."
    LONG_CELL = "Row %(row)d, in line %(line)d, has a cell of more than %(limit)d characters. Is a quotation mark open?"
    TOO_MANY_CELLS = "The file has more than %(limit)d cells."
    NOT_A_WORKBOOK = "The file is not an XLSX workbook that can be read."
    TOO_LARGE_UNPACKED = "The workbook unpacks to more than %(limit)d bytes or %(parts)d parts."
    DOCUMENT_TYPE = "The workbook declares a document type, which no spreadsheet program writes."
    LONG_FOR_WORKBOOK = (
        "Row %(row)d has a text of more than %(limit)d characters, which no workbook holds. Take CSV instead."
    )
    TOO_WIDE = "The sheet has more than %(limit)d columns."


class TableRefused(ValueError):
    """A file that cannot be taken as a table.

    In `params`, `row` counts data rows from 1 (the header is 0), `line` and `byte` count from 1.
    """

    def __init__(self, reason: Reason, **params: str | int) -> None:
        super().__init__(reason.value % params)
        self.reason = reason
        self.params = params


@dataclass(frozen=True)
class Table:
    """A whole table in memory; every row has as many cells as there are headers."""

    headers: tuple[str, ...]
    rows: list[tuple[str, ...]]
    encoding: str
    delimiter: str


class RowStream:
    """The rows of one CSV, read as they are asked for, in bounded memory. A context manager; iterate once.

    `headers`, `encoding` and `delimiter` are known from the start. Iterating raises TableRefused at the first bad row.
    """

    def __init__(
        self, binary: BinaryIO, encoding: str | None, max_cells: int | None, told: Told = lambda done, total: None
    ) -> None:
        self._binary, self._told, self._size = binary, told, binary.seek(0, io.SEEK_END)
        binary.seek(0)
        self.encoding = _stated(binary, encoding) if encoding else _detected(binary)
        self._max_cells = max_cells
        self._text = io.TextIOWrapper(binary, encoding=self.encoding, newline="")
        self.delimiter = self._sniff()
        self._text.seek(0)
        self._records = _records(self._text, self.delimiter)
        self.headers = _checked_headers(next(self._records, None))

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        width, limit, row = len(self.headers), self._max_cells, 0
        for row, line, cells in self._records:
            if len(cells) != width:
                raise TableRefused(Reason.ROW_LENGTH, row=row, line=line, found=len(cells), expected=width)
            if limit is not None and row * width > limit:
                raise TableRefused(Reason.TOO_MANY_CELLS, limit=limit)
            if row % _TOLD_AFTER == 0:
                self._told(min(self._binary.tell(), self._size - 1), self._size)
            yield tuple([_without_apostrophe(cell) if cell[:1] == "'" else cell for cell in cells])
        if row >= _TOLD_AFTER:
            self._told(self._size, self._size)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._text.close()

    def _sniff(self) -> str:
        """Tab where it parts the header row into more cells than the comma does."""
        widths = {}
        for delimiter in ",\t":
            self._text.seek(0)
            try:
                widths[delimiter] = len(next(_records(self._text, delimiter), (0, 0, ()))[2])
            except TableRefused:
                widths[delimiter] = 0
        return "\t" if widths["\t"] > widths[","] else ","


def iter_rows(
    source: Source, *, encoding: str | None = None, max_cells: int | None = None, told: Told = lambda done, total: None
) -> RowStream:
    """Open a CSV file for reading row by row; the file is read twice, first to settle its encoding.

    `encoding` overrides the detection; `max_cells` bounds data rows times columns; `told` hears how many bytes of all
    are read while a large file is. Blank lines are skipped.
    Raises TableRefused for what no encoding reads and for a header that is missing, unnamed or doubled.
    """
    binary = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    try:
        return RowStream(binary, encoding, max_cells, told)
    except BaseException:
        binary.close()
        raise


def read_table(
    source: Source, *, encoding: str | None = None, max_cells: int | None = None, told: Told = lambda done, total: None
) -> Table:
    """Read a whole CSV. Same refusals as `iter_rows`, plus the first bad row."""
    with iter_rows(source, encoding=encoding, max_cells=max_cells, told=told) as stream:
        return Table(stream.headers, list(stream), stream.encoding, stream.delimiter)


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """Yield a CSV in chunks: UTF-8 with BOM, comma, CRLF (RFC 4180). A row of another length is a ValueError.

    A cell that starts with =, +, -, @, tab or CR gets an apostrophe unless it parses as a number; so does one that
    starts with apostrophes before such a character, so that reading gives back exactly what was written.
    """
    buffer = io.StringIO("\N{ZERO WIDTH NO-BREAK SPACE}")
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in chain([headers], rows):
        if len(row) != len(headers):
            raise ValueError(f"a row of {len(row)} cells under {len(headers)} headers")
        writer.writerow([_with_apostrophe(as_text(value)) for value in row])
        if buffer.tell() > _CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def open_data_csv(headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """`write_csv` under the machine readability rules (機械判読, デジタル庁): one record per line.

    Line breaks inside a cell become one space. Numbers are to be given as numbers, without unit, % or comma.
    """
    return write_csv(
        [_LINE_BREAKS.sub(" ", header) for header in headers],
        ([_LINE_BREAKS.sub(" ", value) if isinstance(value, str) else value for value in row] for row in rows),
    )


def as_text(value: Value) -> str:
    """A cell as text: None is empty, a number has no thousands comma. NaN and infinities are a ValueError."""
    if value is None:
        return ""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a cell must not hold NaN or an infinity")
    return str(value)


def is_number(text: str) -> bool:
    """Whether a spreadsheet would read the text as a plain number: ASCII digits, sign, point, exponent."""
    return _NUMBER.fullmatch(text) is not None


def _with_apostrophe(text: str) -> str:
    return f"'{text}" if _GUARDED.match(text) and not is_number(text) else text


def _without_apostrophe(text: str) -> str:
    return text[1:] if _OUR_APOSTROPHE.match(text) else text


def _checked_headers(record: tuple[int, int, list[str]] | None) -> tuple[str, ...]:
    if record is None:
        raise TableRefused(Reason.NO_HEADER)
    return checked_headers([_without_apostrophe(cell) for cell in record[2]])


def checked_headers(names: Sequence[str]) -> tuple[str, ...]:
    """The names as given; TableRefused where one is blank or comes twice."""
    seen = set()
    for position, name in enumerate(names, 1):
        if not name.strip():
            raise TableRefused(Reason.UNNAMED_COLUMN, row=0, position=position)
        if name in seen:
            raise TableRefused(Reason.DOUBLED_COLUMN, row=0, column=name)
        seen.add(name)
    return tuple(names)


def _records(text: io.TextIOWrapper, delimiter: str) -> Iterator[tuple[int, int, list[str]]]:
    """(row, first line, cells) of every record that is not a blank line; the header is row 0."""
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    row, line = 0, 1
    try:
        for cells in reader:
            if cells:
                yield row, line, cells
                row += 1
            line = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            raise TableRefused(Reason.LONG_CELL, row=row, line=line, limit=MAX_CELL_CHARACTERS) from error
        raise TableRefused(Reason.QUOTATION, row=row, line=line) from error


class _Undecodable(Exception):
    def __init__(self, byte: int, line: int) -> None:
        super().__init__(byte, line)
        self.byte = byte
        self.line = line


def _detected(binary: BinaryIO) -> str:
    """BOM, else UTF-8, else CP932; the refusal names the place where the encoding that read further gave up.

    Detectors by statistics misread short CP932 texts as Korean or Chinese, so none is used.
    """
    start = binary.read(4)
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            return _stated(binary, encoding)
    failures = []
    for encoding in ("utf-8", "cp932"):
        try:
            _decode_all(binary, encoding)
            return encoding
        except _Undecodable as failure:
            failures.append(failure)
    furthest = max(failures, key=lambda failure: failure.byte)
    raise TableRefused(Reason.ENCODING, byte=furthest.byte, line=furthest.line)


def _stated(binary: BinaryIO, encoding: str) -> str:
    """The codec's name after it has read the whole file; Shift_JIS means CP932, as ① and 髙 are in every such file."""
    try:
        codec = codecs.lookup(encoding).name
        io.TextIOWrapper(io.BytesIO(), encoding=codec)  # refuses codecs that make no text, such as base64
    except LookupError as error:
        raise TableRefused(Reason.UNKNOWN_ENCODING, encoding=encoding) from error
    codec = {"utf-8": "utf-8-sig", _SHIFT_JIS: "cp932"}.get(codec, codec)
    try:
        _decode_all(binary, codec)
    except _Undecodable as failure:
        raise TableRefused(Reason.NOT_AS_STATED, byte=failure.byte, line=failure.line, encoding=encoding) from failure
    return codec


def _decode_all(binary: BinaryIO, encoding: str) -> None:
    """Decode to the end in chunks and rewind; _Undecodable at the first byte that is not of this encoding.

    Python's cp932 also maps the five single bytes the code page leaves unassigned; strict means to refuse them.
    """
    binary.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    line, offset = 1, 0
    while True:
        chunk = binary.read(_CHUNK)
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            line += error.object[: error.start].count(b"\n")
            raise _Undecodable(offset - pending + error.start + 1, line) from error
        stray = _UNASSIGNED_IN_CP932.search(text) if encoding == "cp932" else None
        if stray:
            before = text[: stray.start()]
            raise _Undecodable(offset - pending + len(before.encode("cp932")) + 1, line + before.count("\n"))
        half = None if encoding in _WITHOUT_HALVES else _HALF_A_CHARACTER.search(text)
        if half:  # utf-7 and escapes decode to what no file can be written with
            raise _Undecodable(offset + 1, line + text.count("\n", 0, half.start()))
        if not chunk:
            break
        line += text.count("\n")
        offset += len(chunk)
    binary.seek(0)
