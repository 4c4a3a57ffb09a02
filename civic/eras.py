"""Reading a day as people write it: Western or Japanese years, full-width digits, with or without units."""

import tomllib
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any, Final

RESOURCE: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def number(text: str) -> int | None:
    """The number of a part of a date: full-width digits and a unit after it are read, anything else is None."""
    bare = unicodedata.normalize("NFKC", text).strip()
    for unit in RESOURCE["units"]:
        bare = bare.removesuffix(unit)
    bare = bare.strip()
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= 4 else None


def year(text: str) -> int | None:
    """The Western year of "2026", "令和8年", "令和元年" or "R8"; None for what is not a year."""
    written = unicodedata.normalize("NFKC", text).strip().upper()
    for era in RESOURCE["era"]:
        for name in era["names"]:
            if written.startswith(name):
                nth = number(written.removeprefix(name).replace(RESOURCE["first_year"], "1"))
                return era["began"] + nth - 1 if nth else None
    return number(text)


def day(year_text: str, month_text: str, day_text: str) -> date | None:
    """The day of three typed parts; None where one cannot be read or there is no such day."""
    parts = year(year_text), number(month_text), number(day_text)
    if None in parts:
        return None
    try:
        return date(*(part for part in parts if part is not None))
    except ValueError:
        return None


def day_in_cell(text: str) -> date | None:
    """The day of one cell: 2026-11-23, 2026/11/23, 20261123 or 令和8年11月23日; None for anything else."""
    written = unicodedata.normalize("NFKC", text).strip()
    if len(written) == 8 and written.isdigit():
        written = f"{written[:4]}-{written[4:6]}-{written[6:]}"
    first, second, third = RESOURCE["units"]
    for separator in ("/", ".", first, second):
        written = written.replace(separator, "-")
    parts = written.removesuffix(third).split("-")
    return day(*parts) if len(parts) == 3 else None
