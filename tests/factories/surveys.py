"""Surveys in any state, made through the same acts as in life."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from civic import clock
from civic.activities import actions as activities
from civic.activities.arrivals import Arrival, take_part_together
from civic.activities.editing import ActivitySettings
from civic.activities.states import Channel, ResultsShow, State, Subject
from civic.db import db, writing
from civic.identity.accounts import Actor
from civic.keys import keys
from civic.opendata.releasing import make_release
from surveys import recording
from surveys.answers import Answers
from surveys.editing.actions import create_survey
from surveys.models import Survey
from surveys.questionnaire import from_json
from tests.cast import Cast, Person

SAMPLES = Path(__file__).parents[2] / "surveys" / "samples"
PLAYGROUNDS = json.loads((SAMPLES / "playgrounds.json").read_text(encoding="utf-8"))
ONE_QUESTION: dict[str, Any] = {
    "version": 1,
    "slug": "shade",
    "title": {"ja": "日かげについて", "ja-easy": "{日/ひ}かげについて", "en": "About shade"},
    "languages": ["ja", "ja-easy", "en"],
    "sections": [
        {
            "code": "shade",
            "title": {"ja": "日かげ", "ja-easy": "{日/ひ}かげ", "en": "Shade"},
            "questions": [
                {
                    "code": "enough",
                    "type": "single",
                    "text": {"ja": "日かげは足りていますか", "ja-easy": "{日/ひ}かげは ありますか", "en": "Is there enough shade?"},
                    "options": [
                        {"code": "yes", "text": {"ja": "はい", "ja-easy": "はい", "en": "Yes"}},
                        {"code": "no", "text": {"ja": "いいえ", "ja-easy": "いいえ", "en": "No"}},
                    ],
                    "required": True,
                }
            ],
        }
    ],
}  # fmt: skip


def text(ja: str) -> dict[str, str]:
    return {"ja": ja, "ja-easy": "やさしい ことば", "en": "In English"}


def actor(person: Person) -> Actor:
    return Actor(f"staff:{person.id}", person.id)


def settings(now: datetime, **changes: Any) -> ActivitySettings:
    """Everything an opening needs: open for three days already and for seven more."""
    ready = ActivitySettings(
        title=text("題"),
        summary=text("市の遊び場を整えるために、みなさんにお聞きします。"),
        background=text("公園課が、遊び場の整備計画のために行います。"),
        eligibility=text("市内に住む人・通う人"),
        purpose=text("お名前は聞きません。答えは統計にして使います。"),
        use_of_result=text("整備計画に使います。"),
        other_ways=text("紙でも答えられます。"),
        contact=text("公園課 電話 000-000-0000"),
        retention_until=date(2030, 3, 31),
        answer_due=date(2029, 3, 31),
        starts_at=now - timedelta(days=3),
        ends_at=now + timedelta(days=7),
        results_show=ResultsShow.AFTER_CLOSE,
    )
    return replace(ready, **changes)


def make_survey(
    cast: Cast,
    document: Mapping[str, Any] = PLAYGROUNDS,
    state: State = State.OPEN,
    slug: str | None = None,
    **changes: Any,
) -> Survey:
    """A survey of the planning department around `document`, in `state`; `changes` are ActivitySettings."""
    now = clock.now()
    editor, approver = actor(cast.editor), actor(cast.approver)
    questionnaire = from_json(dict(document) | ({"slug": slug} if slug else {}))
    project = activities.create_project(
        f"project-{questionnaire.slug}", cast.department(), text("遊び場"), text("遊び場"), editor
    )
    survey_id = create_survey(
        editor,
        project_id=project,
        slug=questionnaire.slug,
        settings=settings(now, title=dict(questionnaire.title)),
        questionnaire=questionnaire,
    )
    if state is State.SCHEDULED:
        changes = {"starts_at": now + timedelta(days=1)} | changes
    if state in (State.ENDED, State.CLOSED, State.ANSWERED):
        changes = {"starts_at": now - timedelta(days=9), "ends_at": now - timedelta(days=1)} | changes
    wanted = settings(now, title=dict(questionnaire.title), **changes)
    revision = activities.edit_settings(survey_id, wanted, revision_of(survey_id), editor, now)
    if state is not State.DRAFT:
        advance(survey_id, revision, state, editor, approver, now)
    db.session.rollback()
    return db.session.get_one(Survey, survey_id)


def advance(survey_id: int, revision: int, state: State, editor: Actor, approver: Actor, now: datetime) -> None:
    """Take a ready draft through its life up to `state`."""
    before = now - timedelta(days=8) if state in (State.ENDED, State.CLOSED, State.ANSWERED) else now
    activities.submit(survey_id, revision, editor, before)
    if state is State.IN_APPROVAL:
        return
    activities.approve(survey_id, revision, approver, before)
    activities.set_due_latches(survey_id, now)
    if state is State.WITHDRAWN:
        activities.withdraw(survey_id, text("内容に誤りがありました。"), approver, now)
    if state in (State.CLOSED, State.ANSWERED):
        close_survey(survey_id, editor)
    if state is State.ANSWERED:
        answered = activities.write_answer(
            survey_id, text("整備計画に取り入れます。"), revision_of(survey_id), editor, now
        )
        activities.publish_answer(survey_id, answered, approver, now)


def close_survey(survey_id: int, editor: Actor) -> None:
    activities.close(survey_id, editor, clock.now())


def end_now(survey: Survey) -> None:
    """Let the period of an open survey be over, its latch not yet set."""
    with writing() as session:
        session.get_one(Survey, survey.id).ends_at = clock.now() - timedelta(seconds=1)


def revision_of(survey_id: int) -> int:
    db.session.rollback()
    return db.session.get_one(Survey, survey_id).revision


def for_residents(**changes: Any) -> dict[str, Any]:
    """Settings of a survey for residents with an account, once per person."""
    return {"subject": Subject.RESIDENT, "identity_level": 1, "once_per_person": True, **changes}


def fill(survey: Survey, given: Sequence[Answers], channel: Channel = Channel.WEB, **filled: Any) -> list[int]:
    """Count these answers as responses, as many at once as an import would; the ids of their participations."""
    found = []
    for start in range(0, len(given), 500):
        batch = [recording.Filled(1, answers, **filled) for answers in given[start : start + 500]]
        nobody = [Arrival(None, None)] * len(batch)
        with writing() as session:
            entered = take_part_together(session, keys(), survey.id, nobody, channel=channel, at=clock.now())
            recording.store_together(session, survey.id, channel, list(zip(entered, batch, strict=True)))
        found += [entry.participation_id for entry in entered]
    return found


def playground_answers(n: int, seed: int = 1) -> list[dict[str, Any]]:
    """Plausible answers to the questionnaire about playgrounds, the same for the same seed."""
    chance = random.Random(seed)
    return [playground_answer(chance) for _ in range(n)]


def playground_answer(chance: random.Random) -> dict[str, Any]:
    place = chance.choices(["park", "hall", "school", "water", "away", "indoors"], [40, 20, 10, 8, 12, 10])[0]
    troubles = chance.sample(["shade", "toilet", "old", "far", "noise"], chance.randint(1, 3))
    answers: dict[str, Any] = {
        "age": {"number": str(chance.randint(0, 12))},
        "place": {"options": [place]},
        "problems": {"options": ["none"] if chance.random() < 0.1 else troubles},
        "wanted": {
            "rows": {row: chance.choice(["much", "some", "no"]) for row in ("shade_trees", "water", "rain")},
        },
        "recommend": {"options": [str(chance.randint(0, 10))]},
    }
    if place != "indoors":
        levels = ["very", "fairly", "neither", "rather_not", "not"]
        answers["satisfied"] = {"options": [chance.choices(levels, [10, 30, 25, 25, 10])[0]]}
        answers["last_visit"] = {"date": f"2026-11-{chance.randint(1, 20):02}"}
    if chance.random() < 0.3:
        wish = chance.choice(["日かげを増やしてください。", "トイレをきれいにしてほしいです。", "ありがとう。"])
        answers["message"] = {"text": wish}
    return answers


def publish(survey: Survey) -> None:
    """Release the survey's tables as the job does."""
    db.session.rollback()
    made = make_release(survey.id)
    assert made is not None
    with writing() as session:
        session.add(made)
