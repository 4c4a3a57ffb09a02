"""Who may vote and when a vote may open, as the ordinance has it. Pure: no Flask, no session."""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

LONGEST_ARGUMENT = 2_000
PUBLIC_OFFICE: Final = re.compile(
    "候補者|立候補|公認|当選|落選|(?:市|町|村|区)(?:長|議)選|市長選|知事選|議員選|総選挙|参院選|衆院選|リコール|解職"
    "|(?:市|町|村|区)長(?:に|は|として)(?:ふさわしい|だれ|誰|どなた)|(?:だれ|誰|どなた)が?(?:市|町|村|区)長"
    "|candidate|election|mayor should|next mayor",
    re.IGNORECASE,
)
"""Words of a vote on a person for public office, which is none of ours (公職選挙法 46条, 138条の3)."""


def words_of_an_election(texts: Iterable[str]) -> list[str]:
    """What in these texts sounds like a vote on a person for public office; a person decides what it means."""
    return sorted({found.group() for text in texts for found in PUBLIC_OFFICE.finditer(text)})


@dataclass(frozen=True)
class Franchise:
    """投票資格: the least age and the least months of residence on the reference day."""

    least_age: int
    least_months: int
    reference_day: date

    def admits(self, birth_date: date | None, resident_since: date | None) -> bool:
        """Whether an entry of the register may vote. What the register does not say, it has decided itself."""
        return self.bar(birth_date, resident_since) is None

    def bar(self, birth_date: date | None, resident_since: date | None) -> str | None:
        """The first rule that keeps an entry from voting: "least_age", "least_months", or None."""
        if birth_date is not None and reaches_age(birth_date, self.least_age) > self.reference_day:
            return "least_age"
        if resident_since is not None and after_months(resident_since, self.least_months) > self.reference_day:
            return "least_months"
        return None


def is_on_roll(correction: str | None, bar: str | None) -> bool:
    """Whether somebody whom `bar` keeps out, or None, is on the roll: a correction ("add", "strike") decides."""
    return bar is None if correction is None else correction == "add"


def reaches_age(birth_date: date, age: int) -> date:
    """The day at whose end somebody reaches an age: the one before the birthday (年齢計算ニ関スル法律2項, 民法143条2項).

    Who was born on 29 February reaches it on 28 February in every year.
    """
    year = birth_date.year + age
    if birth_date.month == 2 and birth_date.day == 29 and not calendar.isleap(year):
        return date(year, 2, 28)
    return birth_date.replace(year=year) - timedelta(days=1)


def after_months(since: date, months: int) -> date:
    """The day on which so many calendar months are over (民法143条2項): the last of a month that lacks the day."""
    years, month = divmod(since.month - 1 + months, 12)
    year = since.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(since.day, last))
