"""Storing the rows of a table, in batches that residents never feel.

An import is checked whole first, then stored in transactions of at most 1,000 rows and about a tenth of a second. Each
also keeps the counts so far, so that the same file, after an interruption, goes on where it stood.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic import clock
from civic.activities import arrivals, editing, gate, ledger
from civic.activities.arrivals import Arrival
from civic.activities.models import Activity
from civic.activities.states import Subject
from civic.audit import chain
from civic.db import writing
from civic.features import tables_of
from civic.identity.accounts import Actor
from civic.intake import counts, reading
from civic.intake.batches import Pace, identified
from civic.intake.cells import CellCounts
from civic.intake.counts import Counts, RowCounts
from civic.intake.models import ImportRun, ImportState, ReviewRow
from civic.intake.reading import Checked, Intake
from civic.intake.refusals import ImportGoesOn, PersonNeeded, PersonNotAsked
from civic.intake.rows import Row
from civic.keys import keys


@dataclass(frozen=True)
class Watching:
    """What follows an import: `hold` is called first in every transaction, `finish` last in the last one."""

    hold: Callable[[Session], None] = lambda session: None
    finish: Callable[[Session], None] = lambda session: None
    progress: Callable[[int, int], None] = lambda done, total: None


@dataclass(frozen=True)
class Run:
    """An import under way: `done` rows of the file are in `counts`."""

    id: int
    activity_id: int
    checked: Checked[Any]
    done: int
    counts: Counts


def import_table(
    activity: Activity,
    intake: Intake,
    actor: Actor,
    *,
    elsewhere: bool = False,
    watching: Watching | None = None,
    job_id: int | None = None,
) -> Run:
    """Store every row of a table that is not there yet; the finished import, with the counts of the whole file.

    `elsewhere`: a draft nobody handed in becomes one whose participations were gathered outside. Raises what `check`
    and `ledger.admit` raise, and ImportGoesOn.
    """
    watching = watching or Watching()
    activity_id, register_id = activity.id, register_of(activity, intake)
    checked = check(activity, intake)
    run = begin(activity_id, checked, actor, clock.now(), elsewhere, job_id)
    pace = Pace()
    for batch in pace.parts(reading.read_rows(checked, run.done)):
        rows = identified(batch, intake.person, register_id)
        with pace.measured(), writing() as session:
            watching.hold(session)
            run = keep(session, run, rows, clock.now())
        watching.progress(run.done, checked.rows)
    with writing() as session:
        watching.hold(session)
        end(session, run, actor, clock.now())
        watching.finish(session)
    return run


def check(activity: Activity, intake: Intake) -> Checked[Any]:
    """Look at the whole table as the activity's kind reads it.

    Raises PersonNeeded, PersonNotAsked and what `reading.check` raises.
    """
    register_of(activity, intake)
    return reading.check(intake, tables_of(activity).read(activity, intake))


def register_of(activity: Activity, intake: Intake) -> int | None:
    """The register in which the person column is looked up; None without such a column."""
    if intake.person is None:
        if activity.once_per_person and activity.subject is Subject.REGISTER:
            raise PersonNeeded
        return None
    if activity.register_id is None:
        raise PersonNotAsked
    return activity.register_id


def begin(
    activity_id: int,
    checked: Checked[Any],
    actor: Actor,
    at: datetime,
    elsewhere: bool = False,
    job_id: int | None = None,
) -> Run:
    """Start an import, or go on with the same one that was interrupted."""
    intake = checked.intake
    with writing() as session:
        activity = gate.alone(session, activity_id, at)
        if elsewhere and (activity.opened_at is None or activity.collected_elsewhere):
            editing.collect_elsewhere(session, activity, intake.channel, actor, at)
        ledger.admit(activity, intake.channel, by_staff=True)
        found = _interrupted(session, activity_id, checked)
        if found is None:
            found = _new_run(activity_id, checked, actor, at)
            found.job_id = job_id
            session.add(found)
            session.flush()
            chain.record(
                session,
                f"{activity.kind}.import_started",
                actor.label,
                gate.subject(activity),
                channel=intake.channel.value,
                file=checked.digest,
                rows=checked.rows,
            )
        return Run(found.id, activity_id, checked, found.rows_done, counts.from_json(found.counts))


def _new_run(activity_id: int, checked: Checked[Any], actor: Actor, at: datetime) -> ImportRun:
    intake = checked.intake
    return ImportRun(
        activity_id=activity_id,
        channel=intake.channel,
        file_name=intake.name[:200],
        file_hash=checked.digest,
        headers=list(checked.headers),
        column_map=intake.column_map,
        key_columns=list(checked.table.key),
        counts=Counts().to_json(),
        started_by=actor.label,
        started_at=at,
    )


def _interrupted(session: Session, activity_id: int, checked: Checked[Any]) -> ImportRun | None:
    """The unfinished import of the same file, read in the same way."""
    unfinished = session.scalars(
        sa.select(ImportRun).where(
            ImportRun.activity_id == activity_id,
            ImportRun.channel == checked.intake.channel,
            ImportRun.file_hash == checked.digest,
            ImportRun.state == ImportState.RUNNING,
        )
    )
    same = (checked.intake.column_map, list(checked.table.key))
    return next((run for run in unfinished if (run.column_map, run.key_columns) == same), None)


def keep(session: Session, run: Run, read: Sequence[Row[Any]], at: datetime) -> Run:
    """Store one batch: participations, what they brought, rows for review, and how far the import is.

    Two imports into one activity wait for one another at its row, so that neither stores what the other just has.
    """
    gate.enter(session, run.activity_id, at)
    row = sa.select(Activity.__table__.c.id).where(Activity.__table__.c.id == run.activity_id)
    session.execute(row.with_for_update(key_share=True))
    table, channel = run.checked.table, run.checked.intake.channel
    there = table.stored_keys(session, channel, [one.key for one in read])
    new = [one for one in read if one.doubled or one.key not in there]
    storing = [one for one in new if one.read.content is not None]
    if storing:
        arrived = [Arrival(one.subject, one.read.arrived_on) for one in storing]
        entered = arrivals.take_part_together(session, keys(), run.activity_id, arrived, channel=channel, at=at)
        contents = [one.read.content for one in storing]
        table.store(session, channel, list(zip(entered, contents, strict=True)))
    review = [one for one in new if one.read.content is None]
    _settle_earlier(session, run, [one.key for one in read], at)
    _add_review(session, run, review)
    rows = RowCounts(stored=len(storing), already_there=len(read) - len(new), review=len(review))
    batch = Counts(rows, sum((one.read.cells for one in new), CellCounts()))
    after = replace(run, done=run.done + len(read), counts=run.counts + batch)
    _move_on(session, run, after)
    return after


def _settle_earlier(session: Session, run: Run, row_keys: Sequence[str], at: datetime) -> None:
    """Rows that waited since an earlier import of the same keys wait no more: this import says what they are now."""
    same = sa.select(ImportRun.id).where(
        ImportRun.activity_id == run.activity_id,
        ImportRun.channel == run.checked.intake.channel,
        ImportRun.id != run.id,
    )
    session.execute(
        sa.update(ReviewRow)
        .where(ReviewRow.row_key.in_(row_keys), ReviewRow.import_id.in_(same), ReviewRow.settled_at.is_(None))
        .values(settled_at=at)
    )


def _add_review(session: Session, run: Run, rows: Sequence[Row[Any]]) -> None:
    """Keep the rows that could not be stored. Who took part is left out: the row's number finds it in the file."""
    headers = run.checked.headers
    left_out = {run.checked.intake.person, *run.checked.table.about_person}
    values: list[dict[str, Any]] = [
        {
            "import_id": run.id,
            "row_number": row.number,
            "row_key": row.key,
            "cells": ["" if header in left_out else cell for header, cell in zip(headers, row.cells, strict=True)],
            "reasons": [
                {"column": one.column, "msgid": one.message.msgid, "params": dict(one.message.params)}
                for one in row.read.problems
            ],
        }
        for row in rows
    ]
    if values:
        session.execute(sa.insert(ReviewRow), values)


def _move_on(session: Session, run: Run, after: Run) -> None:
    """Keep how far the import is; of two processes with one import only one passes."""
    moved = session.execute(
        sa.update(ImportRun)
        .where(ImportRun.id == run.id, ImportRun.rows_done == run.done, ImportRun.state == ImportState.RUNNING)
        .values(rows_done=after.done, counts=after.counts.to_json())
        .returning(ImportRun.id)
    )
    if moved.one_or_none() is None:
        raise ImportGoesOn


def end(session: Session, run: Run, actor: Actor, at: datetime) -> None:
    """Mark the import as done."""
    ended = session.execute(
        sa.update(ImportRun)
        .where(ImportRun.id == run.id, ImportRun.rows_done == run.done, ImportRun.state == ImportState.RUNNING)
        .values(state=ImportState.DONE, ended_at=at)
        .returning(ImportRun.id)
    )
    if ended.one_or_none() is None:
        raise ImportGoesOn
    activity, rows = gate.fresh(session, run.activity_id), run.counts.rows
    chain.record(
        session,
        f"{activity.kind}.imported",
        actor.label,
        gate.subject(activity),
        channel=run.checked.intake.channel.value,
        stored=rows.stored,
        already_there=rows.already_there,
        review=rows.review,
    )
