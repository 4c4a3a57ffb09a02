"""Acts of a clerk: key a form, hand in a table, settle rows that wait. One transaction each, its audit record inside."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from civic.activities import editing, gate, ledger
from civic.activities.states import Channel
from civic.audit import chain
from civic.db import writing
from civic.identity.accounts import Actor
from civic.jobs.queue import enqueue
from civic.keys import keys
from civic.refusals import StaleVersion
from surveys import recording
from surveys.answers import Answers
from surveys.collecting.queries import IMPORT_JOB
from surveys.collecting.reading import Intake
from surveys.conditions import off_path_codes
from surveys.models import ImportRun, ReviewRow, Survey
from surveys.questionnaire import Questionnaire
from surveys.results import tallies


@dataclass(frozen=True)
class Keyed:
    """One form on paper as a clerk keyed it. `subject` as in `ledger.take_part`."""

    channel: Channel
    arrived_on: date
    subject: str | None
    version: int
    answers: Answers
    submission_key: str


def key_form(survey_id: int, questionnaire: Questionnaire, keyed: Keyed, actor: Actor, at: datetime) -> ledger.Recorded:
    """Record one form. A second one of the same person is kept as a conflict, one that came too late as late.

    Raises StaleVersion when the questionnaire was corrected meanwhile, SubmissionKeyUsed and what `ledger.admit` raises.
    """
    content = json.dumps([keyed.channel, keyed.arrived_on.isoformat(), keyed.subject, keyed.answers], sort_keys=True)
    with writing() as session:
        survey = session.get_one(Survey, survey_id)
        recorded = ledger.take_part(
            session,
            keys(),
            survey_id,
            subject=keyed.subject,
            channel=keyed.channel,
            submission=ledger.Submission(keyed.submission_key, content.encode(), actor.label),
            at=at,
            arrived_on=keyed.arrived_on,
        )
        if recorded.repeated:
            return recorded
        if survey.current_version != keyed.version:
            raise StaleVersion
        filled = recording.Filled(keyed.version, keyed.answers, off_path=off_path_codes(questionnaire, keyed.answers))
        recording.store(session, survey_id, recorded.participation, filled)
        tallies.add(session, survey_id, recording.change_of(recorded.participation, filled))
        chain.record(
            session,
            "survey.form_keyed",
            actor.label,
            gate.subject(survey),
            channel=keyed.channel.value,
            participation=recorded.participation.id,
        )
        return recorded


def request_import(survey_id: int, intake: Intake, actor: Actor, at: datetime) -> int:
    """Queue the import of an uploaded table; the job's id. Raises what `ledger.admit` raises."""
    with writing() as session:
        activity = gate.enter(session, survey_id, at)
        ledger.admit(activity, intake.channel, by_staff=True)
        payload = {
            "survey": survey_id,
            "path": str(intake.path),
            "name": intake.name,
            "channel": intake.channel.value,
            "column_map": intake.column_map,
            "key": list(intake.key),
            "person": intake.person,
            "staff": editing.staff_of(actor),
        }
        return enqueue(session, IMPORT_JOB, payload, key=f"survey-import:{survey_id}:{intake.path.stem}").id


def set_aside(run_id: int, rows: Sequence[int], actor: Actor, at: datetime) -> None:
    """Rows left for review that will not be stored; `take_back` undoes it."""
    _settle(run_id, rows, actor, "survey.rows_set_aside", ReviewRow.settled_at.is_(None), at, editing.staff_of(actor))


def take_back(run_id: int, rows: Sequence[int], actor: Actor) -> None:
    """Rows that a person set aside wait again."""
    _settle(run_id, rows, actor, "survey.rows_taken_back", ReviewRow.settled_by_id.is_not(None), None, None)


def _settle(
    run_id: int,
    rows: Sequence[int],
    actor: Actor,
    act: str,
    which: sa.ColumnElement[bool],
    at: datetime | None,
    by: int | None,
) -> None:
    with writing() as session:
        changed = session.scalars(
            sa.update(ReviewRow)
            .where(ReviewRow.import_id == run_id, ReviewRow.row_number.in_(rows), which)
            .values(settled_at=at, settled_by_id=by)
            .returning(ReviewRow.row_number)
        ).all()
        if changed:
            run = session.get_one(ImportRun, run_id)
            subject = gate.subject(gate.fresh(session, run.survey_id))
            chain.record(session, act, actor.label, subject, file=run.file_hash, rows=sorted(changed))
