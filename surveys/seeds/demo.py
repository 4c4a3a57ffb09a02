"""The surveys of the demo city, and the same ones with fewer people for an outside check."""

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from civic import clock
from civic.activities import actions as activities
from civic.activities.models import PeriodChange
from civic.activities.states import Channel, Subject
from civic.db import db, writing
from civic.identity import seeds as people
from civic.identity.accounts import OPERATOR
from civic.identity.registers import actions as registers
from civic.identity.registers import queries as entries
from civic.intake.importing import import_table
from civic.intake.reading import Intake
from civic.jobs.child import perform_due
from civic.jobs.queue import enqueue
from civic.web.formatters import receipt_number
from surveys.models import Survey
from surveys.seeds import answering, content, planting
from surveys.seeds.content import Written
from surveys.seeds.planting import Planted

SHARE_OF_AUDIT: Final = 4
"""The audit profile has every fourth participant of the demo city."""

RECEIPTS_SHOWN: Final = 3
"""Receipt numbers of each survey in the seed's document."""

LIVE_RELEASE: Final = "opendata.release_live"


@dataclass(frozen=True)
class Letter:
    """What the city posted to one person of the register."""

    code: str
    birth_date: str
    subject: str


def surveys(share: int = 1) -> dict[str, Any]:
    """Plant every survey of the city, each in its state; this room's part of the seed's document."""
    city = content.city()
    written = [content.read(slug) for slug in city["surveys"]]
    projects = {one["slug"]: plant_project(one) for one in city["projects"]}
    register_id, letters = import_register(city["register"])
    unopened, residents = iter(letters), new_residents()
    planted = []
    for one in written:
        subjects = residents if one.subject is Subject.RESIDENT else (letter.subject for letter in unopened)
        planted.append(planting.plant(one, projects, register_id, subjects, share))
    change_id = propose_extension(city["extension"], planted)
    receipt = key_second_form(next(one for one in written if one.subject is Subject.REGISTER), planted, letters[0])
    with writing() as session:
        enqueue(session, LIVE_RELEASE, {}, key=LIVE_RELEASE)
    perform_due()
    import_id = hand_in_table(city["table"], planted)
    ids = {"slug": [*projects], "change_id": [change_id], "receipt": [receipt], "number": [import_id]}
    return document(written, planted, unopened, ids)


def plant_project(project: Mapping[str, Any]) -> int:
    return activities.create_project(
        project["slug"],
        people.department(project["department"]),
        project["title"],
        project["summary"],
        people.actor(project["editor"]),
    )


def import_register(register: Mapping[str, Any]) -> tuple[int, list[Letter]]:
    """Import the city's register; its id, and the letters that would be posted."""
    with tempfile.TemporaryDirectory() as folder:
        posted = Path(folder) / "letters.csv"
        source = content.FOLDER / register["file"]
        registers.import_register(register["name"], source, actor=OPERATOR, letters=posted)
        codes = {row["entry_id"]: row["code"] for row in rows_of(posted)}
    found = entries.register_by_name(register["name"])
    assert found is not None
    subjects = entries.entries_of(found.id, codes)
    letters = [
        Letter(codes[row["entry_id"]], row["birth_date"], f"entry:{subjects[row['entry_id']]}")
        for row in rows_of(source)
    ]
    return found.id, letters


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def new_residents() -> Iterator[str]:
    """Residents with an account, as the ledger names them, each signed up when needed."""
    for number in count(1):
        yield f"resident:{people.resident(f'demo-neighbour-{number}@example.jp')}"


def propose_extension(extension: Mapping[str, Any], planted: Sequence[Planted]) -> int:
    """Let the editor ask for a longer period of an open survey; the change waits for a second person. Its id."""
    survey = next(one for one in planted if one.slug == extension["survey"])
    written = content.read(survey.slug)
    now = clock.now()
    new_end = written.ends_at(clock.day_in_japan(now)) + timedelta(days=extension["days"])
    activities.propose_period_change(
        survey.id, "extend", new_end, extension["reason"], people.actor(written.editor), now
    )
    return db.session.scalars(sa.select(PeriodChange.id).where(PeriodChange.activity_id == survey.id)).one()


def key_second_form(written: Written, planted: Sequence[Planted], letter: Letter) -> str:
    """Key a paper form of a person who has answered already: a conflict that staff decide. Its receipt number."""
    survey = next(one for one in planted if one.slug == written.slug)
    now = clock.now()
    once_more = answering.participants(written, clock.day_in_japan(now), now)[-1]
    form = replace(once_more, at=now, channel=Channel.PAPER)
    return planting.key(survey.id, form, letter.subject, written)


def hand_in_table(table: Mapping[str, str], planted: Sequence[Planted]) -> int:
    """Let the editor hand in a table of forms filled in at a counter; a row that fits no option waits. Its number."""
    written = content.read(table["survey"])
    survey = db.session.get_one(Survey, next(one.id for one in planted if one.slug == written.slug))
    source = content.FOLDER / table["file"]
    intake = Intake(source, source.name, Channel.COUNTER)
    return import_table(survey, intake, people.actor(written.editor)).id


def document(
    written: Sequence[Written], planted: Sequence[Planted], unopened: Iterable[Letter], ids: Mapping[str, list[Any]]
) -> dict[str, Any]:
    """What an operator or an outside check needs to know of what was planted."""
    asked = [one.questionnaire for one in written]
    by_code = next(one.slug for one in written if one.subject is Subject.REGISTER)
    codes = {section.code for one in asked for section in one.sections} | {
        q.code for one in asked for q in one.questions
    }
    return {
        "activities": [{"kind": "survey", "slug": one.slug, "state": one.state} for one in planted],
        "objects": {
            "register_codes": [
                {"activity": by_code, "code": letter.code, "birth_date": letter.birth_date} for letter in unopened
            ],
            "receipts": [receipt_number(one) for survey in planted for one in survey.receipts[:RECEIPTS_SHOWN]],
            "ids": {
                **ids,
                "slug": [*(one.slug for one in planted), *ids["slug"]],
                "code": sorted(codes),
                "question": sorted({one.content["comment"] for one in written if "comment" in one.content}),
            },
        },
    }


SEEDS: Final[Mapping[str, Callable[[], Any]]] = {"demo": surveys, "audit": partial(surveys, SHARE_OF_AUDIT)}
