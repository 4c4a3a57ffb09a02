"""The consultations of the demo city: written for three readerships, planted by the acts of staff and residents."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from civic.activities.states import Channel, ParticipationState, State
from civic.db import db
from civic.identity import seeds as people
from civic.ops.written import parsed
from consultations.comments.models import Comment, Edition, OpinionGroup, OpinionItem
from consultations.comments.seeds import content, demo
from consultations.comments.stages import Outcome, Stage
from surveys.seeds import content as surveys
from surveys.seeds import demo as city
from tests.seeds.test_content import problems, texts_in

FILES = ("city.toml", "shelter-plan.toml", "transport-plan.toml")


def every_text() -> list[Any]:
    return [
        pytest.param(text, id=name + place) for name in FILES for place, text in texts_in(parsed(content.FOLDER / name))
    ]


@pytest.mark.parametrize("text", every_text())
def test_a_text_is_written_for_each_of_its_readerships(text: dict[str, str]) -> None:
    assert problems(text) == []


def test_sixty_comments_and_twenty_answers_are_written() -> None:
    written = [content.read(slug) for slug in content.city()["consultations"]]
    comments = [one for each in written for one in each.comments]
    assert len(comments) == 60
    answers = next(each.content["groups"] for each in written if each.state is State.ANSWERED)
    assert len(answers) == 20
    assert {Outcome(one["outcome"]) for one in answers} == set(Outcome)
    assert {content.channel_of(one) for one in comments} >= {Channel.WEB, Channel.POST, Channel.FAX, Channel.COUNTER}


def test_every_comment_is_answered_once_and_the_result_is_published(app: Flask) -> None:

    people.people()
    for project in surveys.city()["projects"]:
        city.plant_project(project)
    planted = demo.demo()
    assert [(one["slug"], one["state"]) for one in planted["activities"]] == [
        ("shelter-plan", "answered"),
        ("transport-plan", "open"),
    ]
    db.session.rollback()
    groups = db.session.scalars(sa.select(OpinionGroup)).all()
    assert {group.stage for group in groups} == {Stage.LOCKED}
    answered = groups[0].consultation_id
    ungrouped = sa.select(OpinionItem.id).where(OpinionItem.consultation_id == answered, OpinionItem.group_id.is_(None))
    assert db.session.scalars(ungrouped).all() == []
    items = db.session.scalar(sa.select(sa.func.count()).where(OpinionItem.consultation_id == answered))
    assert items == 41
    states = db.session.execute(sa.text("SELECT DISTINCT state FROM participation")).scalars().all()
    assert states == [ParticipationState.COUNTED]
    assert db.session.scalars(sa.select(Edition.number)).all() == [1]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Comment)) == 60
