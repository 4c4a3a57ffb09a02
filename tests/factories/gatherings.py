"""A kind of activity with nothing of its own, so that the ledger is tested without any feature."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, Flask, render_template_string
from sqlalchemy.orm import Session

from analysis.disclosure import FrequencyTable, Place
from analysis.inference import Axis
from civic import clock, keys
from civic.activities import actions, editing, ledger, queries
from civic.activities.editing import ActivitySettings
from civic.activities.ledger import Recorded, Submission
from civic.activities.models import Activity, Participation, ParticipationCount
from civic.activities.rules import state_of
from civic.activities.states import Channel, State, Subject
from civic.app import create_app
from civic.config import Settings
from civic.db import db, writing
from civic.features import ActivityKind, Caption, Feature
from civic.identity.accounts import Actor
from civic.identity.models import Department, StaffMember
from civic.identity.roles import PUBLIC, STAFF, permit

pages = Blueprint("gatherings", __name__)
followed: list[tuple[int, int]] = []  # what `counting` was told: participation id and +1 or -1
PAGE = """{% extends 'layouts/resident.html' %}{% block title %}Gathering{% endblock %}
{% block content %}{% include 'activities/entry_head.html' %}{% include 'activities/entry_facts.html' %}{% endblock %}"""


class Gathering(Activity):
    """An activity without a table, a rule or an answer of its own."""

    __mapper_args__ = {"polymorphic_identity": "gathering"}


@pages.get("/gatherings/<slug>")
def entry(slug: str) -> str:
    activity = queries.activity_by_slug(slug)
    return render_template_string(PAGE, activity=activity, state=state_of(activity, clock.now()))


@pages.get("/staff/gatherings/<slug>")
def desk(slug: str) -> str:
    return slug


def follow(session: Session, participation: Participation, by: int) -> None:
    followed.append((participation.id, by))


def by_channel(activity: Activity) -> list[FrequencyTable]:
    """The one table of a gathering: how many came by which channel."""
    found: Counter[str] = Counter()
    for one in db.session.query(ParticipationCount).filter_by(activity_id=activity.id, state="counted"):
        found[one.channel] += one.count
    base = sum(found.values())
    counts: dict[Place, int] = {(channel,): found[channel] for channel in activity.channels}
    return [FrequencyTable(":channel", (Axis(":channel", tuple(activity.channels)),), {**counts, (None,): base}, base)]


def words_of_channels(activity: Activity) -> dict[str, Caption]:
    return {":channel": Caption({"ja": "受付経路"}, {"web": {"ja": "ウェブ"}, "paper": {"ja": "紙"}})}


GATHERINGS = Feature(
    name="gatherings",
    activity=ActivityKind("gathering", Gathering, "Gathering", "people", "gatherings.entry", "gatherings.desk"),
    blueprints=(pages,),
    permits=(
        permit("gatherings.entry", "GET", "gathering.read", PUBLIC),
        permit("gatherings.desk", "GET", "gathering.desk", STAFF),
    ),
    datasets=by_channel,
    captions=words_of_channels,
    counting=follow,
)


@contextmanager
def application(settings: Settings, client_class: type | None = None) -> Iterator[Flask]:
    """The kernel with gatherings as its only feature, an application context open."""
    app = create_app(settings, [GATHERINGS])
    if client_class:
        app.test_client_class = client_class
    followed.clear()
    with app.app_context():
        yield app


def words(ja: str) -> dict[str, str]:
    return {"ja": ja, "ja-easy": "やさしい ことば", "en": "In English"}


def complete(at: datetime, **changes: Any) -> ActivitySettings:
    """Everything an opening needs: open since three days before `at`, for seven more."""
    ready = ActivitySettings(
        title=words("公園の集い"),
        summary=words("公園の使い方について、みなさんに聞きます。"),
        background=words("公園課が、公園の計画をつくるために行います。"),
        eligibility=words("市内に住む人・通う人"),
        purpose=words("お名前は聞きません。答えは統計にして使います。"),
        use_of_result=words("公園の計画に使います。"),
        other_ways=words("公園課の窓口に用紙があります。"),
        contact=words("公園課 電話 000-000-0000"),
        retention_until=date(2030, 3, 31),
        answer_due=date(2029, 3, 31),
        starts_at=at - timedelta(days=3),
        ends_at=at + timedelta(days=7),
        channels=tuple(Channel),
    )
    return replace(ready, **changes)


REGISTERED = {"subject": Subject.RESIDENT, "identity_level": 1, "once_per_person": True}


def clerk(login: str) -> Actor:
    """A member of staff who acts without signing in."""
    with writing() as session:
        member = StaffMember(login=login, name=login)
        session.add(member)
        session.flush()
        return Actor(f"staff:{member.id}", member.id)


def office(code: str = "planning") -> int:
    """The id of a department, added on first use."""
    found = db.session.query(Department.id).filter_by(code=code).scalar()
    if found:
        return int(found)
    with writing() as session:
        department = Department(code=code, name={"ja": "企画課", "ja-easy": "{企画課/きかくか}", "en": "Planning"})
        session.add(department)
        session.flush()
        return department.id


class Desk:
    """An author and an approver who take gatherings through their life. `at` is the moment of their acts."""

    def __init__(self, author: Actor | None = None, approver: Actor | None = None) -> None:
        self.at = clock.now()
        self.author = author or clerk("author")
        self.approver = approver or clerk("approver")
        self.made = 0

    def draft(self, **changes: Any) -> int:
        """A draft that lacks nothing, unless `changes` take it away."""
        self.made += 1
        department = office()
        number = self.made
        project = actions.create_project(
            f"project-{number}", department, words("公園の計画"), words("公園を整えます。"), self.author
        )
        with writing() as session:
            settings = complete(self.at, **changes)
            made = editing.create(
                session, Gathering, f"gathering-{number}", project, department, settings, self.author, self.at
            )
            return made.id

    def handed_in(self, **changes: Any) -> int:
        made = self.draft(**changes)
        actions.submit(made, 1, self.author, self.at)
        return made

    def opened(self, **changes: Any) -> int:
        made = self.handed_in(**changes)
        actions.approve(made, 1, self.approver, self.at)
        return made

    def scheduled(self, **changes: Any) -> int:
        start = self.at + timedelta(days=1)
        return self.opened(starts_at=start, ends_at=start + timedelta(days=7), **changes)

    @property
    def after(self) -> datetime:
        """A moment after the period."""
        return self.at + timedelta(days=8)

    def ended(self, **changes: Any) -> int:
        made = self.opened(**changes)
        actions.set_due_latches(made, self.after)
        return made

    def closed(self, **changes: Any) -> int:
        made = self.ended(**changes)
        actions.close(made, self.author, self.after)
        return made

    def answered(self, **changes: Any) -> int:
        made = self.closed(**changes)
        revision = actions.write_answer(made, words("木を植えることにしました。"), 1, self.author, self.after)
        actions.publish_answer(made, revision, self.approver, self.after)
        return made

    def withdrawn(self, **changes: Any) -> int:
        made = self.opened(**changes)
        actions.withdraw(made, words("案を作り直すためです。"), self.approver, self.at)
        return made

    def in_state(self, state: State) -> int:
        """A gathering in `state`."""
        makers = {
            State.DRAFT: self.draft,
            State.IN_APPROVAL: self.handed_in,
            State.SCHEDULED: self.scheduled,
            State.OPEN: self.opened,
            State.ENDED: self.ended,
            State.CLOSED: self.closed,
            State.ANSWERED: self.answered,
            State.WITHDRAWN: self.withdrawn,
        }
        return makers[state]()


def take_part(
    activity_id: int,
    subject: str | None = None,
    channel: Channel = Channel.WEB,
    submission: Submission | None = None,
    at: datetime | None = None,
    arrived_on: date | None = None,
) -> Recorded:
    """One participation in a transaction of its own."""
    with writing() as session:
        return ledger.take_part(
            session,
            keys.keys(),
            activity_id,
            subject=subject,
            channel=channel,
            submission=submission,
            at=at or clock.now(),
            arrived_on=arrived_on,
        )


def gathering(activity_id: int) -> Activity:
    """The gathering as the database has it now."""
    db.session.rollback()
    return db.session.get_one(Activity, activity_id, populate_existing=True)
