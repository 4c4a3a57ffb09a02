"""Asking for an analysis, naming its topics. Each function is one transaction."""

import json
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from analysis.reports import rules
from analysis.reports.models import Run, RunState, TopicEdit
from analysis.reports.refusals import LabelEmpty, RunNotDone, RunPending
from civic import clock
from civic.activities import gate
from civic.activities.models import Activity
from civic.audit import chain
from civic.db import writing
from civic.identity.accounts import Actor
from civic.jobs.models import Job, JobState
from civic.jobs.queue import cancel, enqueue
from civic.refusals import NotFound

JOB = "reports.run"
SWEEP = "reports.sweep_runs"
SWEPT_AFTER = timedelta(seconds=20)  # by then the runner has ended a stopped job's process, or its lease is over
GIVEN_UP = (JobState.FAILED, JobState.CANCELLED)


def request_run(
    activity_id: int, question: str, actor: Actor, *, language: str = "ja", topics: int | None = None, seed: int = 0
) -> int:
    """Queue an analysis of a question's texts; returns the run's id. Raises RunPending while one is under way."""
    with writing() as session:
        activity = session.get_one(Activity, activity_id)
        gate.hold(session, activity_id)
        settle_abandoned(session)
        same_question = (Run.activity_id == activity_id, Run.question == question)
        if session.scalar(sa.select(Run.id).where(*same_question, Run.state == RunState.WAITING)):
            raise RunPending
        number = 1 + (session.scalar(sa.select(sa.func.max(Run.number)).where(*same_question)) or 0)
        run = Run(
            activity_id=activity_id,
            question=question,
            number=number,
            state=RunState.WAITING,
            parameters={"language": language, "topics": topics, "seed": seed},
            requested_by_id=actor.staff_id,
            requested_at=clock.now(),
        )
        session.add(run)
        session.flush()
        run.job_id = enqueue(session, JOB, {"run": run.id}, key=f"{JOB}:{run.id}").id
        chain.record(
            session,
            "analysis.requested",
            actor.label,
            gate.subject(activity),
            run=number,
            question=question,
            seed=seed,
            topics=topics,
        )
        return run.id


def cancel_run(run_id: int, actor: Actor) -> None:
    """Stop a waiting or running analysis. What is finished stays; stopping twice is stopping once."""
    with writing() as session:
        run = session.get(Run, run_id)
        if run is None:
            raise NotFound
        if _stop(session, run):
            chain.record(session, "analysis.cancelled", actor.label, gate.subject(run.activity), run=run.number)


def _stop(session: Session, run: Run) -> bool:
    """End a run that waits or computes, its job with it; its files go as soon as its process is gone.

    False where it has ended already. The job is locked before the run, as by the process that stores a result.
    """
    if run.state is RunState.WAITING and run.job_id is not None:
        cancel(session, run.job_id)
    session.refresh(run, with_for_update=True)  # it may have ended while this waited for its job
    if run.state is not RunState.WAITING:
        return False
    run.state, run.finished_at = RunState.CANCELLED, clock.now()
    enqueue(session, SWEEP, {}, key=f"{SWEEP}:{run.id}", after=SWEPT_AFTER)
    return True


def settle_abandoned(session: Session) -> None:
    """Fail the waiting runs whose job ended without them: given up after too many attempts, or cleaned away."""
    waiting = session.scalars(sa.select(Run).where(Run.state == RunState.WAITING)).all()
    jobs = session.scalars(sa.select(Job).where(Job.id.in_([run.job_id for run in waiting])))
    by_id = {job.id: job for job in jobs}
    for run in waiting:
        job = by_id.get(run.job_id or 0)
        if is_abandoned(run, job):
            run.state, run.finished_at = RunState.FAILED, clock.now()
            run.problem = job.problem if job else None


def is_abandoned(run: Run, job: Job | None) -> bool:
    """Whether nobody works on a run any more although it says that it waits."""
    return run.state is RunState.WAITING and (job is None or job.state in GIVEN_UP)


def store_output(session: Session, run: Run, input_digest: str, output: bytes, sizes: dict[str, int | None]) -> None:
    """Keep a finished run's output, byte for byte, and find the named topics of the run before it again."""
    run.output, run.input_digest, run.sizes = output, input_digest, sizes
    run.state, run.finished_at = RunState.DONE, clock.now()
    _carry_names(session, run)


def _carry_names(session: Session, run: Run) -> None:
    """Names given by people follow their topics into the new run; those without a topic are kept as orphaned."""
    before = session.scalar(
        sa.select(Run)
        .where(
            Run.activity_id == run.activity_id,
            Run.question == run.question,
            Run.state == RunState.DONE,
            Run.number < run.number,
        )
        .order_by(Run.number.desc())
        .limit(1)
    )
    if before is None or run.output is None:
        return
    edits = {edit.id: edit for edit in present_edits(session, before.id)}
    named = [rules.NamedTopic(edit.id, edit.label, frozenset(edit.members)) for edit in edits.values()]
    settled = rules.carry_over(named, rules.core_members(json.loads(run.output)))
    for edit_id, topic in settled.items():
        edit = edits[edit_id]
        session.add(
            TopicEdit(
                run_id=run.id,
                topic=topic or "",
                label=edit.label,
                members=edit.members,
                carried_from_id=edit.id,
                orphaned=topic is None,
                edited_by_id=edit.edited_by_id,
                edited_at=edit.edited_at,
            )
        )


def present_edits(session: Session, run_id: int) -> list[TopicEdit]:
    """The names that hold in a run: the newest not undone of each topic, and the orphaned ones."""
    rows = session.scalars(
        sa.select(TopicEdit).where(TopicEdit.run_id == run_id, TopicEdit.undone_at.is_(None)).order_by(TopicEdit.id)
    ).all()
    newest = {row.topic: row for row in rows if not row.orphaned}
    return [*newest.values(), *(row for row in rows if row.orphaned)]


def name_topic(run_id: int, topic: str, label: str, actor: Actor) -> None:
    """Give a topic a name of a person's choice. Raises RunNotDone, LabelEmpty, NotFound."""
    words = " ".join(label.split())[:200]
    if not words:
        raise LabelEmpty
    with writing() as session:
        run = session.get(Run, run_id)
        if run is None:
            raise NotFound
        if run.output is None:
            raise RunNotDone
        members = rules.core_members(json.loads(run.output)).get(topic)
        if members is None:
            raise NotFound
        session.add(
            TopicEdit(
                run_id=run_id,
                topic=topic,
                label=words,
                members=sorted(members),
                orphaned=False,
                edited_by_id=actor.staff_id,
                edited_at=clock.now(),
            )
        )
        chain.record(
            session, "topic.named", actor.label, gate.subject(run.activity), run=run.number, topic=topic, label=words
        )


def undo_name(run_id: int, topic: str, actor: Actor) -> None:
    """Take back the newest name of a topic; the one before, or the machine's, shows again."""
    with writing() as session:
        newest = session.scalar(
            sa.select(TopicEdit)
            .where(TopicEdit.run_id == run_id, TopicEdit.topic == topic, TopicEdit.undone_at.is_(None))
            .order_by(TopicEdit.id.desc())
            .limit(1)
        )
        if newest is None:
            raise NotFound
        newest.undone_at = clock.now()
        run = session.get_one(Run, run_id)
        chain.record(session, "topic.name_undone", actor.label, gate.subject(run.activity), run=run.number, topic=topic)


def forget(session: Session, activity_id: int) -> None:
    """Drop the outputs of an activity's runs: they quote texts that were erased. Published editions name refs only.

    A run at work is stopped, its files are swept.
    """
    waiting = sa.select(Run).where(Run.activity_id == activity_id, Run.state == RunState.WAITING).order_by(Run.id)
    for run in session.scalars(waiting).all():
        _stop(session, run)
    session.execute(
        sa.update(Run)
        .where(Run.activity_id == activity_id, Run.output.is_not(None))
        .values(output=None, state=RunState.ERASED)
    )
