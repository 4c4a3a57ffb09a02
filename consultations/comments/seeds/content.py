"""The written side of the demo city's consultations: one TOML and one Markdown file each under `content/`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from civic import clock
from civic.activities.editing import ActivitySettings
from civic.activities.states import Channel, Confidentiality, State
from civic.ops.written import moment, parsed, text_of
from consultations.comments.drafting.actions import NoticeSettings
from consultations.comments.rules import Rule, rule_from_json

FOLDER: Final = Path(__file__).parent / "content"
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
        return text_of(FOLDER / f"{self.content.get('plan', self.slug)}.md")

    @property
    def final(self) -> str:
        """The plan as it was decided."""
        return text_of(FOLDER / self.content["final"])

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


def read(slug: str) -> Written:
    """The consultation written in `content/<slug>.toml`."""
    return Written(slug, parsed(FOLDER / f"{slug}.toml"))


def city() -> Mapping[str, Any]:
    """The rule, the project, the notice of a procedure not held, the order of consultations."""
    return parsed(FOLDER / "city.toml")


def rule() -> Rule:
    """The city's rule for public comment."""
    values = dict(city()["rule"])
    return rule_from_json({**values, "checked_on": values["checked_on"].isoformat()})


def channel_of(comment: Mapping[str, Any]) -> Channel:
    return Channel(comment.get("channel", Channel.WEB))
