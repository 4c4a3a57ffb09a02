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
from civic.activities.states import Subject
from civic.audit import chain
from civic.db import writing
from civic.identity.accounts import Actor
from civic.keys import keys
from surveys import recording
from surveys.collecting import counts, reading
from surveys.collecting.batches import Candidate, Pace, candidates
from surveys.collecting.counts import Counts, RowCounts
from surveys.collecting.reading import Checked, Intake, Row
from surveys.collecting.refusals import ImportGoesOn, PersonNeeded, PersonNotAsked
from surveys.models import ImportRun, ImportState, Response, ReviewRow, Survey
from surveys.questionnaire import Questionnaire
from surveys.rows import CellCounts


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
    survey_id: int
    checked: Checked
    done: int
    counts: Counts


def import_responses(
    survey: Survey,
    questionnaire: Questionnaire,
    intake: Intake,
    actor: Actor,
    *,
    elsewhere: bool = False,
    watching: Watching | None = None,
    job_id: int | None = None,
) -> Run:
    """Store every row of a table that is not there yet; the finished import, with the counts of the whole file.

    `elsewhere`: a draft nobody handed in becomes one that was answered outside. Raises FileDoesNotFit, PersonNeeded,
    PersonNotAsked, PersonWouldBeKept, ImportGoesOn, `tabular.TableRefused` and what `ledger.admit` raises.
    """
    watching = watching or Watching()
    register_id = register_of(survey, intake)
    survey_id, version = survey.id, survey.current_version
    checked = reading.check(intake, questionnaire)
    run = begin(survey_id, checked, actor, clock.now(), elsewhere, job_id)
    pace = Pace()
    for batch in pace.parts(reading.read_rows(checked, run.done)):
        read = candidates(batch, questionnaire, version, intake.person, register_id)
        with pace.measured(), writing() as session:
            watching.hold(session)
            run = keep(session, run, read, clock.now())
        watching.progress(run.done, checked.rows)
    with writing() as session:
        watching.hold(session)
        end(session, run, actor, clock.now())
        watching.finish(session)
    return run


def register_of(survey: Survey, intake: Intake) -> int | None:
    """The register in which the person column is looked up; None without such a column."""
    if intake.person is None:
        if survey.once_per_person and survey.subject is Subject.REGISTER:
            raise PersonNeeded
        return None
    if survey.register_id is None:
        raise PersonNotAsked
    return survey.register_id


def begin(
    survey_id: int, checked: Checked, actor: Actor, at: datetime, elsewhere: bool = False, job_id: int | None = None
) -> Run:
    """Start an import, or go on with the same one that was interrupted."""
    intake = checked.intake
    with writing() as session:
        activity = gate.alone(session, survey_id, at)
        if elsewhere and (activity.opened_at is None or activity.collected_elsewhere):
            editing.collect_elsewhere(session, activity, intake.channel, actor, at)
        ledger.admit(activity, intake.channel, by_staff=True)
        found = _interrupted(session, survey_id, checked)
        if found is None:
            found = _new_run(survey_id, checked, actor, at)
            found.job_id = job_id
            session.add(found)
            session.flush()
            chain.record(
                session,
                "survey.import_started",
                actor.label,
                gate.subject(activity),
                channel=intake.channel.value,
                file=checked.digest,
                rows=checked.rows,
            )
        return Run(found.id, survey_id, checked, found.rows_done, counts.from_json(found.counts))


def _new_run(survey_id: int, checked: Checked, actor: Actor, at: datetime) -> ImportRun:
    intake = checked.intake
    return ImportRun(
        survey_id=survey_id,
        channel=intake.channel,
        file_name=intake.name[:200],
        file_hash=checked.digest,
        headers=list(checked.headers),
        column_map=intake.column_map,
        key_columns=list(checked.column_map.key),
        counts=Counts().to_json(),
        started_by=actor.label,
        started_at=at,
    )


def _interrupted(session: Session, survey_id: int, checked: Checked) -> ImportRun | None:
    """The unfinished import of the same file, read in the same way."""
    unfinished = session.scalars(
        sa.select(ImportRun).where(
            ImportRun.survey_id == survey_id,
            ImportRun.channel == checked.intake.channel,
            ImportRun.file_hash == checked.digest,
            ImportRun.state == ImportState.RUNNING,
        )
    )
    same = (checked.intake.column_map, list(checked.column_map.key))
    return next((run for run in unfinished if (run.column_map, run.key_columns) == same), None)


def keep(session: Session, run: Run, read: Sequence[Candidate], at: datetime) -> Run:
    """Store one batch: participations, responses, texts, tallies, rows for review, and how far the import is."""
    gate.enter(session, run.survey_id, at)
    table = Survey.__table__
    session.execute(sa.select(table.c.id).where(table.c.id == run.survey_id).with_for_update(key_share=True))
    there = _stored_keys(session, run, read)
    new = [one for one in read if one.row.doubled or one.row.key not in there]
    storing = [(one.arrival, one.filled) for one in new if one.filled is not None]
    if storing:
        channel = run.checked.intake.channel
        entered = arrivals.take_part_together(
            session, keys(), run.survey_id, [arrival for arrival, _ in storing], channel=channel, at=at
        )
        fillings = [filled for _, filled in storing]
        recording.store_together(session, run.survey_id, channel, list(zip(entered, fillings, strict=True)))
    review = [one.row for one in new if one.filled is None]
    _settle_earlier(session, run, [one.row.key for one in read], at)
    _add_review(session, run, review)
    rows = RowCounts(stored=len(storing), already_there=len(read) - len(new), review=len(review))
    batch = Counts(rows, sum((one.row.result.cells for one in new), CellCounts()))
    after = replace(run, done=run.done + len(read), counts=run.counts + batch)
    _move_on(session, run, after)
    return after


def _stored_keys(session: Session, run: Run, read: Sequence[Candidate]) -> set[str]:
    found = session.scalars(
        sa.select(Response.row_key).where(
            Response.survey_id == run.survey_id,
            Response.channel == run.checked.intake.channel,
            Response.row_key.in_([one.row.key for one in read]),
        )
    )
    return {key for key in found if key is not None}


def _settle_earlier(session: Session, run: Run, row_keys: Sequence[str], at: datetime) -> None:
    """Rows that waited since an earlier import of the same keys wait no more: this import says what they are now."""
    same = sa.select(ImportRun.id).where(
        ImportRun.survey_id == run.survey_id, ImportRun.channel == run.checked.intake.channel, ImportRun.id != run.id
    )
    session.execute(
        sa.update(ReviewRow)
        .where(ReviewRow.row_key.in_(row_keys), ReviewRow.import_id.in_(same), ReviewRow.settled_at.is_(None))
        .values(settled_at=at)
    )


def _add_review(session: Session, run: Run, rows: Sequence[Row]) -> None:
    """Keep the rows that could not be stored. Who answered is left out: the row's number finds it in the file."""
    headers, person = run.checked.headers, run.checked.intake.person
    values: list[dict[str, Any]] = [
        {
            "import_id": run.id,
            "row_number": row.number,
            "row_key": row.key,
            "cells": ["" if header == person else cell for header, cell in zip(headers, row.cells, strict=True)],
            "reasons": [
                {"column": one.column, "msgid": one.message.msgid, "params": dict(one.message.params)}
                for one in row.result.problems
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
    rows = run.counts.rows
    chain.record(
        session,
        "survey.imported",
        actor.label,
        gate.subject(gate.fresh(session, run.survey_id)),
        channel=run.checked.intake.channel.value,
        stored=rows.stored,
        already_there=rows.already_there,
        review=rows.review,
    )
