"""What a register file may hold. Pure: no Flask, no session."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from civic import eras
from civic.messages import N_, Message

REQUIRED: Final = "entry_id"
KNOWN: Final = (REQUIRED, "birth_date", "district", "resident_since", "name", "address")
LONGEST_DISTRICT: Final = 120
MY_NUMBER_DIGITS: Final = 12
MY_NUMBER: Final = N_(
    "This looks like an Individual Number (My Number). It must not be taken: take it out of the file."
)
TWICE: Final = N_("This entry number comes twice in the file.")


@dataclass(frozen=True)
class Entry:
    """One person of a register, as the file says. `name` and `address` go to the letter file and nowhere else."""

    entry_id: str
    birth_date: date | None
    district: str | None
    resident_since: date | None
    name: str
    address: str


@dataclass(frozen=True)
class Fault:
    """Why a file is refused. `row` counts data rows from 1; 0 is the header."""

    row: int
    column: str
    message: Message


@dataclass(frozen=True)
class MoreColumns:
    """Columns that one activity asks for beside ours: each row is held against its rules, and nothing of them is stored.

    `rules` names by column which rule it is held against; `faults` says what is wrong with the cells of a row.
    """

    columns: Sequence[str] = ()
    rules: Mapping[str, str] = field(default_factory=dict)
    faults: Callable[[int, Mapping[str, str]], Iterator[Fault]] = lambda row, cells: iter(())

    def checked(self, headers: Sequence[str]) -> dict[str, str]:
        """By column, the rules that a file with these columns is held against."""
        return {column: rule for column, rule in self.rules.items() if column in headers}


NOTHING_MORE: Final = MoreColumns()


def header_faults(headers: Sequence[str], more: MoreColumns = NOTHING_MORE) -> Iterator[Fault]:
    """Columns that are missing, and columns nobody asked for: what is not needed is not taken (個人情報保護法61条)."""
    if REQUIRED not in headers:
        yield Fault(0, REQUIRED, Message(N_("The column entry_id is missing.")))
    for header in headers:
        if header not in KNOWN and header not in more.columns:
            yield Fault(
                0,
                header,
                Message(N_("The column %(column)s is not used here. Take it out of the file."), {"column": header}),
            )


def row_faults(row: int, cells: Mapping[str, str], more: MoreColumns = NOTHING_MORE) -> Iterator[Fault]:
    """What is wrong with one row."""
    if not cells[REQUIRED].strip():
        yield Fault(row, REQUIRED, Message(N_("The entry number is empty.")))
    for column in ("birth_date", "resident_since"):
        text = cells.get(column, "").strip()
        if text and eras.day_in_cell(text) is None:
            yield Fault(
                row,
                column,
                Message(N_("%(text)s cannot be read as a date. Write it like 2026-11-30."), {"text": text}),
            )
    if len(cells.get("district", "")) > LONGEST_DISTRICT:
        yield Fault(row, "district", Message(N_("The name of the district is longer than 120 characters.")))
    for column, text in cells.items():
        if is_my_number(text):
            yield Fault(
                row,
                column,
                Message(MY_NUMBER),
            )
    yield from more.faults(row, cells)


def entry(cells: Mapping[str, str]) -> Entry:
    """The entry of a row without faults."""
    text = {column: cells.get(column, "").strip() for column in KNOWN}
    return Entry(
        entry_id=text[REQUIRED],
        birth_date=eras.day_in_cell(text["birth_date"]),
        district=text["district"] or None,
        resident_since=eras.day_in_cell(text["resident_since"]),
        name=text["name"],
        address=text["address"],
    )


def is_my_number(text: str) -> bool:
    """Whether a cell is 12 digits with the check digit of an Individual Number (番号法施行規則5条).

    The digits P₁…P₁₁ count from the right without the check digit; Qₙ is n + 1 up to the sixth and n − 5 after it;
    the check digit is 11 − (ΣPₙQₙ mod 11), and 0 where that remainder is 0 or 1.
    """
    digits = unicodedata.normalize("NFKC", text).replace("-", "").replace(" ", "").strip()
    if len(digits) != MY_NUMBER_DIGITS or not (digits.isascii() and digits.isdigit()):
        return False
    *body, check = map(int, digits)
    weights = [n + 1 if n <= 6 else n - 5 for n in range(1, 12)]
    rest = sum(p * q for p, q in zip(reversed(body), weights, strict=True)) % 11
    return check == (0 if rest <= 1 else 11 - rest)
