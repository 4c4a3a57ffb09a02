"""The days of a vote as the ordinance has them: how long after the notice, how long announced before, and the time in which
the arguments stand still because of an election. Pure: no Flask, no session.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from civic.messages import N_, Message

LONGEST_FREEZE: Final = 60  # days
MOST_DAYS: Final = 400
NO_NOTICE: Final = N_("Set the day of the notice: the last day of the vote is counted from it.")
NO_PROCLAMATION: Final = N_("Set the day on which the vote is announced.")
TOO_SOON: Final = N_(
    "The last day of the vote is %(days)s days after the notice. The rule asks for at least %(least)s."
)
TOO_LATE: Final = N_("The last day of the vote is %(days)s days after the notice. The rule allows at most %(most)s.")
ANNOUNCED_LATE: Final = N_("The vote is announced %(days)s days before it opens. The rule asks for at least %(least)s.")
NO_REASON: Final = N_("The days differ from the ordinance's rule. Write the reason: it is published.")


@dataclass(frozen=True)
class Timing:
    """The ordinance's days; a rule it does not have is None.

    Days are counted without the first (民法140条): from 1 to 31 October are 30. The last day is the day of the vote.
    """

    notice_day: date | None = None  # on which it was decided and said that there is a vote
    least_days: int | None = None
    most_days: int | None = None
    proclaimed_on: date | None = None  # 告示
    proclaimed_days: int | None = None

    @property
    def missing(self) -> list[Message]:
        """Days without which a rule cannot be looked at."""
        found = []
        if self.notice_day is None and (self.least_days, self.most_days) != (None, None):
            found.append(Message(NO_NOTICE))
        if self.proclaimed_on is None and self.proclaimed_days is not None:
            found.append(Message(NO_PROCLAMATION))
        return found

    def broken(self, opens: date | None, last: date | None) -> list[Message]:
        """The rules that a period breaks; a day that is not set yet breaks none."""
        found = []
        if last is not None and self.notice_day is not None:
            days = (last - self.notice_day).days
            if self.least_days is not None and days < self.least_days:
                found.append(Message(TOO_SOON, {"days": days, "least": self.least_days}))
            if self.most_days is not None and days > self.most_days:
                found.append(Message(TOO_LATE, {"days": days, "most": self.most_days}))
        if opens is not None and self.proclaimed_on is not None and self.proclaimed_days is not None:
            days = (opens - self.proclaimed_on).days
            if days < self.proclaimed_days:
                found.append(Message(ANNOUNCED_LATE, {"days": days, "least": self.proclaimed_days}))
        return found


@dataclass(frozen=True)
class Freeze:
    """From the first to the last of these days no argument changes; None for no such time."""

    first: date | None = None
    last: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.first is not None and self.last is not None and self.first <= day <= self.last

    def allows(self, other: "Freeze") -> bool:
        """Whether it may become the other while it holds: only longer."""
        return (
            other.first == self.first and other.last is not None and self.last is not None and other.last >= self.last
        )
