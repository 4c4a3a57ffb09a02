"""The written side of the demo city's votes: a TOML file each under `content/`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from civic import clock
from civic.activities.editing import ActivitySettings
from civic.activities.states import Channel, Confidentiality, State
from civic.ops.written import moment, parsed
from consultations.votes.conducting.actions import VoteSettings

FOLDER: Final = Path(__file__).parent / "content"
KEPT_AFTER: Final = timedelta(days=400)  # the map of slots, after the end
ANSWERED_AFTER: Final = timedelta(days=60)
REFERENCE_BEFORE: Final = timedelta(days=14)
NOTICED_BEFORE, PROCLAIMED_BEFORE = timedelta(days=45), timedelta(days=8)  # the end, the opening


@dataclass(frozen=True)
class Written:
    """One vote as somebody wrote it: everything but the moment it is planted at."""

    slug: str
    content: Mapping[str, Any]

    @property
    def state(self) -> State:
        return State(self.content["state"])

    @property
    def voters(self) -> int:
        return int(self.content["voters"])

    @property
    def choices(self) -> Sequence[Sequence[int]]:
        """The ballots in the order in which they come: the options take turns as long as they have any."""
        left = list(self.content["ballots"])
        found = []
        while any(left):
            for place in [place for place, count in enumerate(left) if count]:
                left[place] -= 1
                found.append([int(place == one) for one in range(len(left))])
        return found

    def starts_at(self, today: date) -> datetime:
        return moment(today + timedelta(days=self.content["starts"]), 9)

    def ends_at(self, today: date) -> datetime:
        return moment(today + timedelta(days=self.content["ends"]), 20)

    def settings(self, today: date) -> ActivitySettings:
        """What its editor enters, with dates counted from `today` (in Japan)."""
        ends = self.ends_at(today)
        return ActivitySettings(
            **self.content["texts"],
            minutes=3,
            retention_until=clock.day_in_japan(ends + KEPT_AFTER),
            answer_due=clock.day_in_japan(ends + ANSWERED_AFTER),
            channels=(Channel.WEB, Channel.PAPER),
            confidentiality=Confidentiality.SECRET,
            starts_at=self.starts_at(today),
            ends_at=ends,
        )

    def facts(self, today: date) -> VoteSettings:
        """What the ordinance says of it, both sides, and the ballot paper."""
        ordinance = city()["ordinance"]
        return VoteSettings(
            ordinance=ordinance["text"],
            online_clause=ordinance["online_clause"],
            arguments_for=self.content["arguments_for"],
            arguments_against=self.content["arguments_against"],
            questions=self.content["questions"],
            quorum=self.content.get("quorum"),
            reference_day=clock.day_in_japan(self.starts_at(today) - REFERENCE_BEFORE),
            nationality=ordinance["nationality"],
            excludes=ordinance["excludes"],
            notice_day=clock.day_in_japan(self.ends_at(today) - NOTICED_BEFORE),
            least_days=ordinance["least_days"],
            most_days=ordinance["most_days"],
            proclaimed_on=clock.day_in_japan(self.starts_at(today) - PROCLAIMED_BEFORE),
            proclaimed_days=ordinance["proclaimed_days"],
            clauses=ordinance["clauses"],
        )


def read(slug: str) -> Written:
    """The vote written in `content/<slug>.toml`."""
    return Written(slug, parsed(FOLDER / f"{slug}.toml"))


def city() -> Mapping[str, Any]:
    """The projects, the ordinance, the trustees and the order of votes."""
    return parsed(FOLDER / "city.toml")
