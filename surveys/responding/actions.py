"""Writes of a person who answers: each saves or sends in one transaction. Nothing is acknowledged before its commit."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic.activities import gate, ledger, visitor
from civic.activities.states import Channel
from civic.db import writing
from civic.identity.contacts import contact_address
from civic.keys import Keys, keys
from surveys import recording
from surveys.answers import Answers
from surveys.models import Draft, QuestionnaireVersion, Survey
from surveys.questionnaire import Questionnaire, from_json
from surveys.responding import drafts
from surveys.responding.drafts import Holder
from surveys.responding.refusals import (
    AnswersChanged,
    NotComplete,
    NothingToSend,
    QuestionnaireCorrected,
    TrialOver,
    UnknownResumeCode,
)
from surveys.responding.walk import Walk
from surveys.results import tallies


@dataclass(frozen=True)
class Page:
    """One posted page of answers: `asked` are the codes it showed, `answers` what was given to them."""

    version: int
    asked: frozenset[str]
    answers: Answers
    submission_key: str


@dataclass(frozen=True)
class Sending:
    """The form of the check page: the answers it showed (by their digest) and the address left for the city's answer."""

    version: int
    seen: str
    submission_key: str
    language: str
    address: str | None = None


def save_page(holder: Holder, page: Page, at: datetime) -> Answers:
    """Save one page into the holder's draft and return all its answers.

    Raises what the ledger raises when the survey does not take answers now, and `QuestionnaireCorrected` when the page
    is of an earlier version; the answers are saved then too.
    """
    with writing() as session:
        current = _admit(session, holder, at)
        draft = drafts.held_by(session, keys(), holder, lock=True) or _begin(session, holder, page.submission_key, at)
        kept = {code: answer for code, answer in draft.answers.items() if code not in page.asked}
        draft.answers = {**kept, **page.answers}
        draft.version = current
        draft.updated_at = at
        draft.expires_at = at + visitor.KEPT_FOR
        if page.version != current:
            raise QuestionnaireCorrected
        return draft.answers


def _admit(session: Session, holder: Holder, at: datetime) -> int:
    """The survey's current version, if it takes an answer of this holder now."""
    survey = session.get_one(Survey, holder.survey_id)
    activity = gate.enter(session, holder.survey_id, at)
    if not holder.trial:
        ledger.admit(activity, Channel.WEB)
    elif activity.opened_at is not None:
        raise TrialOver
    return survey.current_version


def _begin(session: Session, holder: Holder, submission_key: str, at: datetime) -> Draft:
    draft = Draft(
        survey_id=holder.survey_id,
        cookie_key=holder.cookie_key(keys()),
        subject_key=holder.subject_key(keys()),
        version=1,
        answers={},
        trial=holder.trial,
        submission_key=submission_key,
        updated_at=at,
        expires_at=at + visitor.KEPT_FOR,
    )
    session.add(draft)
    return draft


def make_resume_code(holder: Holder, at: datetime) -> str:
    """A code by which the draft is found from anywhere for 30 days; an earlier one stops working."""
    code = drafts.new_resume_code()
    with writing() as session:
        draft = drafts.held_by(session, keys(), holder, lock=True)
        if draft is None:
            raise NothingToSend
        draft.resume_key = drafts.resume_key(keys(), holder.survey_id, code)
        draft.expires_at = at + visitor.KEPT_FOR
    return code


def resume(holder: Holder, code: str, at: datetime) -> None:
    """Bring the draft that `code` names to this holder, who must be the person who began it.

    `holder` has a fresh cookie, so that a draft begun in this browser stays where it is.
    """
    with writing() as session:
        draft = session.scalar(
            sa.select(Draft).where(
                Draft.survey_id == holder.survey_id,
                Draft.resume_key == drafts.resume_key(keys(), holder.survey_id, code),
                Draft.expires_at > at,
            )
        )
        if draft is None or draft.subject_key != holder.subject_key(keys()):
            raise UnknownResumeCode
        draft.cookie_key = holder.cookie_key(keys())


def send(holder: Holder, sending: Sending, at: datetime) -> str:
    """Count the holder's answers and return the receipt number; a second sending of the same form returns the same one.

    One transaction: the ledger's row, the response with its texts, the tallies in one statement, the address left for
    the answer; the draft is gone with it.
    """
    with writing() as session:
        gate.enter(session, holder.survey_id, at)  # before the draft's lock, in the order every page of hers takes them
        draft = drafts.held_by(session, keys(), holder, lock=True)
        if draft is None:
            return _receipt_of(session, holder, sending)
        survey = session.get_one(Survey, holder.survey_id)
        filled = _filled(session, survey, draft, sending)
        recorded = ledger.take_part(
            session,
            keys(),
            holder.survey_id,
            subject=holder.subject,
            channel=Channel.WEB,
            submission=submission_of(holder, sending),
            at=at,
        )
        if not recorded.repeated:
            _keep(session, survey, recorded, filled, sending, at)
            session.delete(draft)
        return recorded.participation.receipt or ""


def submission_of(holder: Holder, sending: Sending) -> ledger.Submission:
    """What makes two sendings one."""
    content = json.dumps([sending.seen, sending.address]).encode()
    return ledger.Submission(sending.submission_key, content, holder.form_session(sending.submission_key))


def _receipt_of(session: Session, holder: Holder, sending: Sending) -> str:
    known = ledger.same_submission(session, keys(), holder.survey_id, submission_of(holder, sending))
    if known is None:
        raise NothingToSend
    return known.receipt or ""


def _filled(session: Session, survey: Survey, draft: Draft, sending: Sending) -> recording.Filled:
    """The answers to count, if they are what the person saw and nothing is missing."""
    if sending.version != survey.current_version:
        raise QuestionnaireCorrected
    walk = Walk(_questionnaire(session, survey), draft.answers)
    if walk.missing:
        raise NotComplete
    if sending.seen != digest(keys(), walk.visible_answers):
        raise AnswersChanged
    return recording.Filled(survey.current_version, walk.visible_answers, sending.language)


def _questionnaire(session: Session, survey: Survey) -> Questionnaire:
    document = session.scalars(
        sa.select(QuestionnaireVersion.document).where(
            QuestionnaireVersion.survey_id == survey.id, QuestionnaireVersion.number == survey.current_version
        )
    ).one()
    return from_json(document)


def _keep(
    session: Session,
    survey: Survey,
    recorded: ledger.Recorded,
    filled: recording.Filled,
    sending: Sending,
    at: datetime,
) -> None:
    recording.store(session, survey.id, recorded.participation, filled)
    change = Counter(recording.change_of(recorded.participation, filled))
    if recorded.superseded is not None:
        earlier = recording.response_of(session, recorded.superseded)
        if earlier is not None:
            change.subtract(tallies.counts(recording.whole(earlier), earlier.off_path))
    tallies.add(session, survey.id, change)
    if sending.address:
        session.add(contact_address(survey, recorded.participation, sending.address, sending.language, at))


def digest(sealing: Keys, answers: Answers) -> str:
    """What the check page showed, as 64 hex digits."""
    return sealing.mac("seen.1", json.dumps(answers, ensure_ascii=False, sort_keys=True)).hex()


def drop(holder: Holder) -> None:
    """Erase the holder's draft: the end of a trial."""
    with writing() as session:
        draft = drafts.held_by(session, keys(), holder, lock=True)
        if draft is not None:
            session.delete(draft)


def erase_expired(at: datetime, limit: int = 1_000) -> int:
    """Erase at most `limit` drafts that nobody went on with for 30 days; return how many."""
    with writing() as session:
        expired = sa.select(Draft.id).where(Draft.expires_at <= at).limit(limit)
        gone = session.scalars(sa.delete(Draft).where(Draft.id.in_(expired)).returning(Draft.id))
        return len(gone.all())
