"""What the analyst desk and the mask pages need."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from analysis.reports.models import Run, RunState, TopicEdit
from analysis.reports.runs.actions import is_abandoned, present_edits
from civic import paging
from civic.activities import queries as activities
from civic.activities import reviews
from civic.activities.models import Activity, TextReview
from civic.db import db
from civic.features import SourceText, TextCount, house
from civic.identity import access
from civic.jobs.models import Job
from civic.refusals import NotFound

PAGE = 20


@dataclass(frozen=True)
class QuestionTexts:
    """One question of an activity with how many texts it has, how many a person has reviewed, and its newest run.

    `named` says that a person has worked on that run's topics.
    """

    question: str
    asked: Mapping[str, str]
    count: int
    reviewed: int
    run: Run | None
    job: Job | None
    named: bool

    @property
    def state(self) -> RunState | None:
        return state_of(self.run, self.job)


@dataclass(frozen=True)
class ActivityTexts:
    activity: Activity
    questions: Sequence[QuestionTexts]


def activity_for(slug: str, permission: str) -> Activity:
    """The activity, if the signed-in account holds `permission` in its department; NotFound, NotAllowed otherwise."""
    activity = activities.activity_by_slug(slug)
    access.require(permission, activity.department_id)
    return activity


def overview() -> list[ActivityTexts]:
    """Activities of this account's departments that have texts, newest first."""
    departments = access.departments("analysis.read")
    statement = sa.select(Activity).where(Activity.opened_at.is_not(None)).order_by(Activity.opened_at.desc())
    if departments is not None:
        statement = statement.where(Activity.department_id.in_(departments))
    chosen = db.session.scalars(statement).all()
    counts = text_counts(chosen)
    newest = _newest_runs_with_state(list(counts))
    return [
        ActivityTexts(activity, [newest.beside(activity.id, count) for count in counts[activity.id]])
        for activity in chosen
        if counts.get(activity.id)
    ]


def text_counts(chosen: Sequence[Activity]) -> Mapping[int, Sequence[TextCount]]:
    """The visible texts of these activities counted by question, as their features count them."""
    found: dict[int, Sequence[TextCount]] = {}
    for room in house().rooms:
        if room.text_counts and room.activity:
            own = [activity.id for activity in chosen if activity.kind == room.activity.kind]
            found |= room.text_counts(own) if own else {}
    return found


@dataclass(frozen=True)
class NewestRuns:
    """The newest run of each question of some activities by (activity, question), their jobs, and which are named."""

    runs: Mapping[tuple[int, str], Run]
    jobs: Mapping[int, Job]
    named: frozenset[int]

    def beside(self, activity_id: int, count: TextCount) -> QuestionTexts:
        """A question's counts with its newest run."""
        run = self.runs.get((activity_id, count.question))
        job = self.jobs.get(run.job_id or 0) if run else None
        named = run is not None and run.id in self.named
        return QuestionTexts(count.question, count.asked, count.texts, count.reviewed, run, job, named)


def _newest_runs_with_state(activity_ids: Sequence[int]) -> NewestRuns:
    rows = db.session.scalars(
        sa.select(Run).options(defer(Run.output)).where(Run.activity_id.in_(activity_ids)).order_by(Run.number)
    )
    runs = {(run.activity_id, run.question): run for run in rows}
    jobs = db.session.scalars(sa.select(Job).where(Job.id.in_([run.job_id for run in runs.values()])))
    named = sa.select(TopicEdit.run_id).where(TopicEdit.run_id.in_([run.id for run in runs.values()]))
    return NewestRuns(runs, {job.id: job for job in jobs}, frozenset(db.session.scalars(named)))


def texts_of(activity: Activity) -> list[SourceText]:
    """The activity's visible texts, as its feature gives them."""
    give = house().of(activity).texts
    return [text for text in give(activity) if text.visible] if give else []


def state_of(run: Run | None, job: Job | None) -> RunState | None:
    """The state of a run as it is shown: one whose job was given up has failed, before the next sweep writes it down."""
    return RunState.FAILED if run and is_abandoned(run, job) else run.state if run else None


def newest_runs(activity_id: int) -> dict[str, Run]:
    """The newest run of each question."""
    rows = db.session.scalars(sa.select(Run).where(Run.activity_id == activity_id).order_by(Run.number))
    return {run.question: run for run in rows}


@dataclass(frozen=True)
class Topic:
    """A topic as the desk shows it: the run's own values and the name that holds."""

    id: str
    parent: str | None
    residual: bool
    label: str
    machine_label: str
    named: bool
    size: int
    share: float
    stability: float
    keywords: Sequence[str]
    representatives: Sequence[str]
    summary: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class RunView:
    """A finished run with the names people gave."""

    run: Run
    output: Mapping[str, Any]
    topics: Sequence[Topic]
    orphaned: Sequence[TopicEdit]

    @cached_property
    def places(self) -> Mapping[str, Mapping[str, Any]]:
        """Assignment by ref."""
        return {row["id"]: row for row in self.output["assignments"]}

    @cached_property
    def proposed_masks(self) -> Mapping[str, Sequence[Sequence[int]]]:
        """Personal data the run found, by ref, as [start, end] code points."""
        return {row["id"]: row["spans"] for row in self.output["masked"]}

    def topic(self, topic_id: str) -> Topic:
        """The topic with this id; raises NotFound."""
        found = next((topic for topic in self.topics if topic.id == topic_id), None)
        if found is None:
            raise NotFound
        return found

    def members(self, topic_id: str | None, place: str | None = None) -> list[str]:
        """Refs assigned to a topic (None: to none), core first."""
        rows = [
            row
            for row in self.output["assignments"]
            if row["topic"] == topic_id and (place is None or row["place"] == place)
        ]
        rows.sort(key=lambda row: (row["place"] != "core", -row["strength"]))
        return [row["id"] for row in rows]


def run_view(run: Run) -> RunView:
    """A finished run, its output read once."""
    output = json.loads(run.output or b"{}")
    edits = present_edits(db.session, run.id)
    names = {edit.topic: edit for edit in edits if not edit.orphaned}
    topics = [
        Topic(
            id=topic["id"],
            parent=topic["parent"],
            residual=topic["kind"] == "residual",
            label=names[topic["id"]].label if topic["id"] in names else topic["label"],
            machine_label=topic["label"],
            named=topic["id"] in names,
            size=topic["size"],
            share=topic["share"],
            stability=topic["stability"],
            keywords=topic["keywords"],
            representatives=topic["representatives"],
            summary=topic["summary"],
        )
        for topic in output["topics"]
    ]
    return RunView(run, output, topics, [edit for edit in edits if edit.orphaned])


def latest_done(activity_id: int, question: str | None = None) -> list[Run]:
    """The newest finished run of each question (or of one)."""
    statement = sa.select(Run).where(Run.activity_id == activity_id, Run.state == RunState.DONE).order_by(Run.number)
    if question is not None:
        statement = statement.where(Run.question == question)
    return list({run.question: run for run in db.session.scalars(statement)}.values())


@dataclass(frozen=True)
class Comment:
    """One text on the desk. `spans` are its masks: confirmed ones, else those the run proposes."""

    ref: str
    number: str
    text: str
    channel: str
    place: str
    spans: Sequence[Sequence[int]]
    reviewed: bool
    hidden_reason: str | None
    representative: bool

    @property
    def undecided(self) -> bool:
        """Whether the machine marked words and nobody has said yet whether they are to be hidden."""
        return bool(self.spans) and not self.reviewed

    @property
    def digest(self) -> str:
        """What identifies the words a person is looking at."""
        return reviews.digest(self.text)

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The text in parts, each with whether it is masked, so that a person sees what would be hidden."""
        parts: list[tuple[str, bool]] = []
        at = 0
        for start, end, *_rest in sorted(self.spans, key=list):
            parts += [(self.text[at:start], False), (self.text[start:end], True)]
            at = end
        return [part for part in [*parts, (self.text[at:], False)] if part[0]]


@dataclass(frozen=True)
class Desk:
    """The analyst desk: a run, the chosen topic and one page of its comments."""

    activity: Activity
    question: str
    asked: Mapping[str, str]
    view: RunView | None
    run: Run | None
    job: Job | None
    topic: Topic | None
    comments: Sequence[Comment]
    total: int
    page: int
    reviewed: int
    texts: int

    @property
    def pages(self) -> int:
        return paging.pages(self.total, PAGE)

    @property
    def state(self) -> RunState | None:
        return state_of(self.run, self.job)


def desk(slug: str, question: str, *, topic: str | None, page: int, search: str = "") -> Desk:
    """The desk of one question; the newest finished run, beside the newest of all if that one is still at work."""
    activity = activity_for(slug, "analysis.read")
    texts = {text.ref: text for text in texts_of(activity) if text.question == question}
    if not texts:
        raise NotFound
    newest = newest_runs(activity.id).get(question)
    done = latest_done(activity.id, question)
    view = run_view(done[0]) if done else None
    chosen = None
    refs = list(texts)
    if view is not None and view.topics:
        if topic == "none":
            refs = [ref for ref in view.members(None) if ref in texts]
        elif topic == "minority":
            refs = [ref for ref in view.output["minority"] if ref in texts]
        else:
            chosen = view.topic(topic) if topic else view.topics[0]
            refs = [ref for ref in view.members(chosen.id) if ref in texts]
    if search:
        refs = [ref for ref in refs if search in texts[ref].text]
    shown = refs[(page - 1) * PAGE : page * PAGE]
    known = reviews.reviews_in(activity.id)
    return Desk(
        activity=activity,
        question=question,
        asked=next(iter(texts.values())).asked,
        view=view,
        run=newest,
        job=db.session.get(Job, newest.job_id) if newest and newest.job_id else None,
        topic=chosen,
        comments=[comment(texts[ref], view, known.get(ref), chosen) for ref in shown],
        total=len(refs),
        page=page,
        reviewed=sum(is_current(known.get(ref), texts[ref]) for ref in texts),
        texts=len(texts),
    )


def is_current(review: TextReview | None, text: SourceText) -> bool:
    """Whether a person has decided about exactly these words."""
    return review is not None and review.text_digest == reviews.digest(text.text)


def comment(text: SourceText, view: RunView | None, review: TextReview | None, topic: Topic | None) -> Comment:
    current = review if is_current(review, text) else None
    proposed = view.proposed_masks.get(text.ref, ()) if view else ()
    return Comment(
        ref=text.ref,
        number=text.shown_number,
        text=text.text,
        channel=text.channel,
        place=view.places[text.ref]["place"] if view and text.ref in view.places else "new",
        spans=current.spans if current else proposed,
        reviewed=current is not None,
        hidden_reason=current.hidden_reason if current else None,
        representative=topic is not None and text.ref in topic.representatives,
    )


@dataclass(frozen=True)
class MaskPage:
    """Texts waiting for a person's look, a page at a time."""

    activity: Activity
    question: str
    asked: Mapping[str, str]
    comments: Sequence[Comment]
    waiting: int
    texts: int


def mask_page(slug: str, question: str, *, only: str | None = None) -> MaskPage:
    """The next texts without a confirmed decision (or the one text `only`), those with proposed masks first."""
    activity = activity_for(slug, "text.review")
    texts = [text for text in texts_of(activity) if text.question == question]
    known = reviews.reviews_in(activity.id)
    done = latest_done(activity.id, question)
    view = run_view(done[0]) if done else None
    if only is not None:
        chosen = [text for text in texts if text.ref == only]
        if not chosen:
            raise NotFound
    else:
        chosen = [text for text in texts if not is_current(known.get(text.ref), text)]
    rows = [comment(text, view, known.get(text.ref), None) for text in chosen]
    rows.sort(key=lambda row: not row.spans)
    asked = texts[0].asked if texts else {}
    return MaskPage(activity, question, asked, rows[:PAGE], len(rows), len(texts))


def run_for(slug: str, question: str, number: int, permission: str) -> Run:
    """One run by its number; NotFound, NotAllowed."""
    activity = activity_for(slug, permission)
    found = db.session.scalar(
        sa.select(Run)
        .options(joinedload(Run.activity))
        .where(Run.activity_id == activity.id, Run.question == question, Run.number == number)
    )
    if found is None:
        raise NotFound
    return found
