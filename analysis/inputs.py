"""Files as the commands take them: tables, comments and runs, or a sentence saying which row and what to do."""

import difflib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import isfinite
from pathlib import Path
from typing import Any

from analysis.published import NotARun, Published, checked
from analysis.tabular import Reason, Table, TableRefused, read_table
from analysis.terminal import Refused, progress
from analysis.text import Comment

_REPEATED_SHOWN = 10
_ROW = re.compile(r"\brow (\d+)\b", re.IGNORECASE)
_HALF_A_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")
_DIGITS = 18
"""Of a whole number that every column of numbers holds."""

_WORKBOOK = b"PK\x03\x04"
_WHAT_TO_DO = {
    Reason.NO_HEADER: "Write the names of the columns into the first row.",
    Reason.UNNAMED_COLUMN: "Give every column a name.",
    Reason.DOUBLED_COLUMN: "Give each column a name of its own.",
    Reason.ROW_LENGTH: "Look for a comma too many, or a text with a comma or line break that is not in quotation marks.",
    Reason.QUOTATION: "Close it, and write a quotation mark inside a text twice.",
    Reason.NOT_AS_STATED: "Leave --encoding out, or name another.",
}


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """What a library refuses of a file, and a table that cannot be read, as a sentence that names the file.

    The row that a sentence names is told to machines as a number too.
    """
    try:
        yield
    except TableRefused as refusal:
        line = refusal.params.get("row")
        sentences = [f"{path}: {refusal}", _WHAT_TO_DO.get(refusal.reason, "")]
        raise Refused(" ".join(filter(None, sentences)), line if isinstance(line, int) else None) from refusal
    except ValueError as refusal:
        sentence = f"{path}: {refusal}"
        row = _ROW.search(sentence)
        whole = sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."
        raise Refused(whole, int(row[1]) if row else None) from refusal
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from error


def read_file(path: Path, encoding: str | None = None) -> Table:
    """One CSV. Raises Refused with the file, the row and what to do."""
    with refusals(path):
        refuse_workbook(path)
        return read_table(path, encoding=encoding, told=reading())


def reading() -> Callable[[int, int], None]:
    """Progress through the bytes of a large file."""
    tell = progress()
    return lambda done, total: tell(done, total, "read")


def refuse_workbook(path: Path) -> None:
    """Raise Refused for a workbook, whose zipped bytes read as some text in CP932. Raises OSError."""
    with path.open("rb") as file:
        if file.read(len(_WORKBOOK)) == _WORKBOOK:
            raise Refused(f"{path} is a workbook, not CSV. Open it and save it as CSV UTF-8.")


def place_of(table: Table, column: str, path: Path) -> int:
    """Where a column stands. Raises Refused with the names there are."""
    if column not in table.headers:
        close = difflib.get_close_matches(column, table.headers, 1)
        meant = f" Did you mean {close[0]}?" if close else ""
        raise Refused(
            f"{path} has no column {column}. Its columns are: {', '.join(table.headers)}.{meant}", column=column
        )
    return table.headers.index(column)


def read_comments(
    files: Sequence[Path], columns: Sequence[str], id_column: str | None, encoding: str | None = None
) -> list[Comment]:
    """The comments of all files, row by row. With several columns an id is `row:column`. Raises Refused."""
    columns = list(dict.fromkeys(columns))
    tables = [(path, read_file(path, encoding)) for path in files]
    first_path, first = tables[0]
    comments: list[Comment] = []
    rows = 0
    for path, table in tables:
        if set(table.headers) != set(first.headers):
            raise Refused(f"{path} does not have the same columns as {first_path}. Analyse them one by one.")
        places = [place_of(table, column, path) for column in columns]
        id_place = place_of(table, id_column, path) if id_column else None
        for number, row in enumerate(table.rows, 1):
            rows += 1
            row_id = str(rows) if id_place is None else row[id_place]
            if not row_id.strip():
                raise Refused(f"{path}: row {number} has no id in column {id_column}. Give it one.", number, id_column)
            for column, place in zip(columns, places, strict=True):
                comments.append(Comment(row_id if len(columns) == 1 else f"{row_id}:{column}", row[place]))
    _refuse_repeated([(comment.id, place // len(columns) + 1) for place, comment in enumerate(comments)])
    return comments


def read_beside(files: Sequence[Path], column: str, texts: int, encoding: str | None = None) -> list[str | None]:
    """What stands in a column beside each comment that `read_comments` reads with `texts` columns; None where it is empty."""
    rows = read_comments(files, [column], None, encoding)
    return [row.text.strip() or None for row in rows for _ in range(texts)]


def _refuse_repeated(ids: Sequence[tuple[str, int]]) -> None:
    first_row: dict[str, int] = {}
    repeated: dict[str, int] = {}
    for each, row in ids:
        if each in first_row:
            repeated.setdefault(each, row)
        first_row.setdefault(each, row)
    if repeated:
        names = ", ".join(list(repeated)[:_REPEATED_SHOWN])
        each, row = next(iter(repeated.items()))
        where = f"{each} is in rows {first_row[each]} and {row}, counted over all files."
        raise Refused(
            f"{len(repeated)} ids occur more than once: {names}. {where} Give each row an id of its own.", row
        )


def read_text(path: Path) -> str:
    """The content of a JSON file, for whoever reads it himself. Raises Refused as `read_json` does."""
    return _read(path)[0]


def read_json(path: Path) -> Any:
    """The content of a JSON file. Raises Refused with the line where it stops being JSON.

    What Python reads and nobody could write back is refused too: NaN, a number no column of numbers holds, half a character.
    """
    return _read(path)[1]


def _read(path: Path) -> tuple[str, Any]:
    try:
        text = path.read_text("utf-8-sig")
        found = json.loads(text, parse_constant=_refuse_constant, parse_int=_whole, parse_float=_finite)
        if _HALF_A_CHARACTER.search(text):
            json.dumps(found, ensure_ascii=False).encode()  # two halves may be one sign
        return text, found
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from error
    except json.JSONDecodeError as error:
        raise Refused(f"{path}, line {error.lineno}, is not JSON. Correct that line, or give another file.") from error
    except _NoNumber as error:
        raise Refused(f"{path} is not to be used: {error}. Correct it, or give another file.") from error
    except UnicodeEncodeError as error:
        half = f"{ord(error.object[error.start]):x}"
        raise Refused(f"{path} has half a character, \\u{half}. Write the character itself.") from error
    except (ValueError, RecursionError) as error:  # not UTF-8, NaN, a number of thousands of digits, too deep
        raise Refused(f"{path} is not JSON. Give another file.") from error


class _NoNumber(ValueError):
    """A number that cannot be counted with; the message shows it."""


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _whole(digits: str) -> int:
    if len(digits) > _DIGITS:
        raise _NoNumber(f"it has a number of {len(digits)} digits")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise _NoNumber(f"{digits[:_DIGITS]} in it is too large a number")
    return number


def read_run(path: Path) -> Published:
    """The run in a JSON file. Raises Refused for anything else."""
    document = read_json(path)
    try:
        return checked(document)
    except NotARun as reason:
        raise Refused(f"{path} is not what topics writes (version 1): {reason} Give the file of --out.") from reason
