"""Keying one form on paper: one transaction, its audit record inside."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from civic.activities import gate, ledger
from civic.activities.states import Channel
from civic.audit import chain
from civic.db import writing
from civic.identity.accounts import Actor
from civic.keys import keys
from civic.refusals import StaleVersion
from surveys import recording
from surveys.answers import Answers
from surveys.conditions import off_path_codes
from surveys.models import Survey
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
