"""Who may vote and when a vote may open, as the ordinance has it. Pure: no Flask, no session."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

LONGEST_ARGUMENT = 2_000


@dataclass(frozen=True)
class Franchise:
    """投票資格: the least age and the least months of residence on the reference day."""

    least_age: int
    least_months: int
    reference_day: date

    def admits(self, birth_date: date | None, resident_since: date | None) -> bool:
        """Whether an entry of the register may vote. What the register does not say, it has decided itself."""
        old_enough = birth_date is None or reaches_age(birth_date, self.least_age) <= self.reference_day
        long_enough = resident_since is None or after_months(resident_since, self.least_months) <= self.reference_day
        return old_enough and long_enough


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


def missing_facts(vote: Mapping[str, Any]) -> list[str]:
    """Which of the facts a vote needs are not given: names of its fields."""
    wanted = (
        "ordinance",
        "online_clause",
        "questions",
        "reference_day",
        "ceremony",
        "arguments_for",
        "arguments_against",
    )
    return [name for name in wanted if not vote.get(name)]
