"""Years and days as people in Japan write them: 2026, ２０２６年, 令和8年, R8, 平成元年. The words are in `eras.toml`."""

import re
import tomllib
from datetime import date
from pathlib import Path

from civic.characters import ascii_digits

_WORDS = tomllib.loads(Path(__file__).with_name("eras.toml").read_text(encoding="utf-8"))
_BEFORE_FIRST: dict[str, int] = _WORDS["year_before_the_first"]
_FIRST: str = _WORDS["first_year"]

_YEAR = re.compile(rf"({'|'.join(_BEFORE_FIRST)})?(\d{{1,4}}|{_FIRST}){_WORDS['year']}?", re.ASCII)
_MONTH_OR_DAY = re.compile(rf"(\d{{1,2}})({_WORDS['month']}|{_WORDS['day']})?", re.ASCII)
_BETWEEN = re.compile(f"[-/.{_WORDS['year']}{_WORDS['month']}]")


def year(text: str) -> int | None:
    """The Western year; None when the text is no year.

    An era counts on past its end, as forms printed before a change of era do.
    """
    found = _YEAR.fullmatch(ascii_digits(text).upper())
    if found is None:
        return None
    era, digits = found.groups()
    number = 1 if digits == _FIRST else int(digits)
    if era:
        return _BEFORE_FIRST[era] + number if 1 <= number <= 99 else None
    return number if len(digits) == 4 else None


def month_or_day(text: str) -> int | None:
    """A month or day of one or two digits, full-width or not, with or without its unit."""
    found = _MONTH_OR_DAY.fullmatch(ascii_digits(text))
    return int(found[1]) if found else None


def day(text: str) -> date | None:
    """A whole day in one cell: 2026-11-23, 2026/11/23, 令和8年11月23日; None when it is no day of the calendar."""
    parts = _BETWEEN.split(ascii_digits(text))
    if len(parts) != 3:
        return None
    numbers = (year(parts[0]), month_or_day(parts[1]), month_or_day(parts[2]))
    try:
        return date(*(number or 0 for number in numbers))
    except ValueError:
        return None
