"""Reads for a person who answers: the survey at an address, her draft, what is known of her taking part."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic.activities import ledger
from civic.activities import queries as activities
from civic.activities.models import Participation
from civic.activities.rules import shows_results, state_of
from civic.activities.states import State
from civic.db import db
from civic.keys import keys
from civic.refusals import NotFound
from surveys import recording
from surveys.answers import Answers
from surveys.models import Draft, QuestionnaireVersion, Survey
from surveys.questionnaire import Questionnaire, from_json
from surveys.responding import drafts
from surveys.responding.drafts import Holder
from surveys.responding.walk import Walk


@dataclass(frozen=True)
class Asked:
    """A survey and the questionnaire version it asks now."""

    survey: Survey
    questionnaire: Questionnaire

    @property
    def version(self) -> int:
        return self.survey.current_version

    def state(self, at: datetime) -> State:
        return state_of(self.survey, at)

    def walk(self, answers: Answers) -> Walk:
        return Walk(self.questionnaire, answers)


def survey_for_residents(slug: str) -> Asked:
    """The approved survey at this address with its questionnaire; raises NotFound, for drafts too."""
    asked = survey_with_questionnaire(slug)
    if asked.survey.approved_at is None:
        raise NotFound
    return asked


def survey_with_questionnaire(slug: str) -> Asked:
    """The survey in whatever state; raises NotFound. The caller asks for the permission."""
    found = db.session.execute(
        sa.select(Survey, QuestionnaireVersion.document)
        .join(
            QuestionnaireVersion,
            sa.and_(QuestionnaireVersion.survey_id == Survey.id, QuestionnaireVersion.number == Survey.current_version),
        )
        .options(joinedload(Survey.department), joinedload(Survey.project))
        .where(Survey.slug == slug)
    ).one_or_none()
    if found is None:
        raise NotFound
    return Asked(found[0], from_json(found[1]))


def draft_of(holder: Holder) -> Draft | None:
    """The holder's draft, if one is kept."""
    return drafts.held_by(db.session, keys(), holder) if holder.cookie else None


@dataclass(frozen=True)
class EntryPage:
    """What the entry page says: the survey, its state, and what this visitor may go on with."""

    survey: Survey
    state: State
    begun: bool
    known: Participation | None
    results_shown: bool


def entry_page(asked: Asked, holder: Holder | None, at: datetime) -> EntryPage:
    """The entry page for a visitor; `holder` is None while nobody was identified."""
    survey = asked.survey
    return EntryPage(
        survey=survey,
        state=asked.state(at),
        begun=holder is not None and draft_of(holder) is not None,
        known=activities.final_participation(survey, holder.subject) if holder else None,
        results_shown=shows_results(survey, at),
    )


def sent_answers(holder: Holder, submission_key: str) -> tuple[Participation, Answers] | None:
    """What this browser already sent with this form key; None when the key is new.

    Raises `SubmissionKeyUsed` when another browser used it.
    """
    known = ledger.submitted_with(
        db.session, keys(), holder.survey_id, submission_key, holder.form_session(submission_key)
    )
    response = recording.response_of(db.session, known) if known else None
    return (known, recording.whole(response)) if known and response else None
