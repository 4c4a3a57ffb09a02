"""The written side of the demo city: one TOML file per survey under `content/`, read into values."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from civic import clock
from civic.activities.editing import ActivitySettings
from civic.activities.states import Channel, ResultsShow, State, Subject
from civic.ops.written import moment, parsed
from surveys.questionnaire import LANGUAGES, VERSION, Questionnaire, from_json

FOLDER: Final = Path(__file__).parent / "content"
SAMPLES: Final = FOLDER.parents[1] / "samples"
ERASED_AFTER: Final = timedelta(days=330)  # after the end; within a year, where the law asks for no file register entry


@dataclass(frozen=True)
class Theme:
    """Comments on one matter, and the answers their writers certainly gave."""

    given: Mapping[str, Any]
    comments: Sequence[str]


@dataclass(frozen=True)
class Written:
    """One survey as somebody wrote it: everything but the moment it is planted at."""

    slug: str
    content: Mapping[str, Any]

    @property
    def state(self) -> State:
        return State(self.content["state"])

    @property
    def editor(self) -> str:
        return str(self.content["editor"])

    @property
    def project(self) -> str:
        return str(self.content["project"])

    @cached_property
    def questionnaire(self) -> Questionnaire:
        document = {
            "version": VERSION,
            "slug": self.slug,
            "title": self.content["texts"]["title"],
            "languages": list(LANGUAGES),
            "sections": self.sections,
        }
        return from_json(document)

    @property
    def sections(self) -> list[dict[str, Any]]:
        """The sections as the questionnaire's JSON has them, written here or in a sample."""
        if "sample" in self.content:
            sample = json.loads((SAMPLES / self.content["sample"]).read_text(encoding="utf-8"))
            return list(sample["sections"])
        return list(self.content["sections"])

    @property
    def themes(self) -> list[Theme]:
        return [Theme(one.get("given", {}), one["comments"]) for one in self.content.get("themes", [])]

    @property
    def given(self) -> Mapping[str, Any]:
        """How people lean, by question (see `surveys.seeds.answering`)."""
        found: Mapping[str, Any] = self.content.get("given", {})
        return found

    @property
    def subject(self) -> Subject:
        return Subject(self.content.get("subject", Subject.NOBODY))

    def starts_at(self, today: date) -> datetime:
        return moment(today + timedelta(days=self.content["starts"]), 9)

    def ends_at(self, today: date) -> datetime:
        return moment(today + timedelta(days=self.content["ends"]), 17)

    def settings(self, today: date, register_id: int | None) -> ActivitySettings:
        """What its editor enters, with dates counted from `today` (in Japan)."""
        ends = self.ends_at(today)
        identified = self.subject is not Subject.NOBODY
        return ActivitySettings(
            **self.content["texts"],
            minutes=self.content["minutes"],
            retention_until=clock.day_in_japan(ends + ERASED_AFTER),
            answer_due=clock.day_in_japan(ends + timedelta(days=self.content.get("answered_in", 75))),
            subject=self.subject,
            register_id=register_id,
            identity_level=self.content.get("identity_level", 0),
            once_per_person=identified,
            change_allowed=self.content.get("change_allowed", False),
            channels=tuple(Channel(name) for name in self.content["channels"]),
            results_show=ResultsShow(self.content.get("results", ResultsShow.AFTER_CLOSE)),
            starts_at=self.starts_at(today),
            ends_at=ends,
        )


def read(slug: str) -> Written:
    """The survey written in `content/<slug>.toml`."""
    return Written(slug, parsed(FOLDER / f"{slug}.toml"))


def city() -> Mapping[str, Any]:
    """Projects, the order of surveys, the register: `content/city.toml`."""
    return parsed(FOLDER / "city.toml")
