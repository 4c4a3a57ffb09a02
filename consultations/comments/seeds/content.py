"""The written side of the demo city's consultations: one TOML and one Markdown file each under `content/`."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from civic import clock
from civic.activities.editing import ActivitySettings
from civic.activities.states import Channel, Confidentiality, State
from civic.web.formatters import fiscal_year
from consultations.comments.drafting.actions import NoticeSettings
from consultations.comments.rules import Rule, rule_from_json

FOLDER: Final = Path(__file__).parent / "content"
YEARS_AHEAD: Final = re.compile(r"<FY\+(\d)>")
KEPT_AFTER: Final = timedelta(days=330)  # names and addresses, after the end
ANSWERED_AFTER: Final = timedelta(days=75)


@dataclass(frozen=True)
class Written:
    """One consultation as somebody wrote it: everything but the moment it is planted at."""

    slug: str
    content: Mapping[str, Any]

    @property
    def state(self) -> State:
        return State(self.content["state"])

    @property
    def plan(self) -> str:
        return text_of(f"{self.content.get('plan', self.slug)}.md")

    @property
    def final(self) -> str:
        """The plan as it was decided."""
        return text_of(self.content["final"])

    @property
    def comments(self) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self.content["comments"]
        return found

    def starts_at(self, today: date) -> datetime:
        return moment(today + timedelta(days=self.content["starts"]), 9)

    def ends_at(self, today: date) -> datetime:
        return moment(today + timedelta(days=self.content["ends"]), 17)

    def settings(self, today: date, rule: Rule) -> ActivitySettings:
        """What its editor enters, with dates counted from `today` (in Japan)."""
        ends = self.ends_at(today)
        return ActivitySettings(
            **self.content["texts"],
            minutes=self.content["minutes"],
            retention_until=clock.day_in_japan(ends + KEPT_AFTER),
            answer_due=clock.day_in_japan(ends + ANSWERED_AFTER),
            channels=rule.channels,
            confidentiality=Confidentiality.NAMED,
            starts_at=self.starts_at(today),
            ends_at=ends,
        )

    def notice(self, rule: Rule) -> NoticeSettings:
        """What its notice says beside."""
        return NoticeSettings(
            rule=rule,
            **self.content["notice"],
            asks_name=rule.asks_name,
            asks_address=rule.asks_address,
            comments_public=self.content.get("comments_public", False),
        )


def moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), clock.TOKYO)


def read(slug: str) -> Written:
    """The consultation written in `content/<slug>.toml`."""
    return Written(slug, parsed(f"{slug}.toml"))


def city() -> Mapping[str, Any]:
    """The rule, the project, the notice of a procedure not held, the order of consultations."""
    return parsed("city.toml")


def rule() -> Rule:
    """The city's rule for public comment."""
    values = dict(city()["rule"])
    return rule_from_json({**values, "checked_on": values["checked_on"].isoformat()})


def parsed(name: str) -> dict[str, Any]:
    return tomllib.loads(text_of(name))


def text_of(name: str) -> str:
    """A content file. `<FY+1>` in it is the next fiscal year, so that plans lie ahead whenever the city is sown."""
    present = fiscal_year(clock.today())
    text = (FOLDER / name).read_text(encoding="utf-8")
    return YEARS_AHEAD.sub(lambda found: str(present + int(found[1])), text)


def channel_of(comment: Mapping[str, Any]) -> Channel:
    return Channel(comment.get("channel", Channel.WEB))
