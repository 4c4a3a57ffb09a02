"""Taking a written survey through its life, up to the state it is written for, by the acts of staff and residents.

What acts take as `at` lies in the past for a survey that has opened already; what they read from the clock (the moment
of creation, the audit) is the present, as it truly is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from civic import clock
from civic.activities import actions as activities
from civic.activities import ledger, visitor
from civic.activities.rules import state_of
from civic.activities.states import Channel, State, Subject
from civic.db import db
from civic.identity import seeds as people
from civic.identity.accounts import Actor
from civic.keys import keys
from surveys.collecting import actions as collecting
from surveys.editing.actions import create_survey
from surveys.models import Survey
from surveys.responding import actions as responding
from surveys.responding.drafts import Holder
from surveys.seeds import answering
from surveys.seeds.answering import Participant
from surveys.seeds.content import Written

APPROVER = "demo-approver"
FIRST_VERSION = 1  # of a questionnaire: nobody has corrected one here
SUBMITTED_BEFORE, APPROVED_BEFORE = timedelta(days=9), timedelta(days=6)
CLOSED_AFTER = timedelta(days=4)
OPENED = frozenset({State.OPEN, State.ENDED, State.CLOSED, State.ANSWERED, State.WITHDRAWN})
OVER = frozenset({State.ENDED, State.CLOSED, State.ANSWERED})
Subjects = Iterator[str]


@dataclass(frozen=True)
class Planted:
    """A survey as it stands now, with some receipt numbers of its participants."""

    id: int
    slug: str
    state: str
    receipts: tuple[str, ...]


def plant(written: Written, projects: Mapping[str, int], register_id: int, subjects: Subjects, share: int) -> Planted:
    """Write, approve, open and fill the survey, as far as its state asks. `subjects` are those who may identify."""
    now = clock.now()
    today = clock.day_in_japan(now)
    editor, approver = people.actor(written.editor), people.actor(APPROVER)
    survey_id = create_survey(
        editor,
        project_id=projects[written.project],
        slug=written.slug,
        settings=written.settings(today, register_id if written.subject is Subject.REGISTER else None),
        questionnaire=written.questionnaire,
    )
    receipts: list[str] = []
    if written.state is not State.DRAFT:
        hand_in(survey_id, written, editor, approver, today, now)
    if written.state in OPENED:
        activities.set_due_latches(survey_id, written.starts_at(today))
        crowd = answering.participants(written, today, now, share)
        receipts = [take_part(survey_id, one, subjects, written) for one in crowd]
    if written.state in OVER:
        end(survey_id, written, editor, approver, written.ends_at(today), now)
    if written.state is State.WITHDRAWN:
        activities.withdraw(survey_id, written.content["withdrawn_reason"], approver, now)
    return planted(survey_id, receipts)


def hand_in(survey_id: int, written: Written, editor: Actor, approver: Actor, today: date, now: datetime) -> None:
    """Submit for approval, and let the second person approve, before the period begins."""
    start = written.starts_at(today)
    activities.submit(survey_id, revision(survey_id), editor, min(now, start - SUBMITTED_BEFORE))
    if written.state is not State.IN_APPROVAL:
        activities.approve(survey_id, revision(survey_id), approver, min(now, start - APPROVED_BEFORE))


def take_part(survey_id: int, one: Participant, subjects: Subjects, written: Written) -> str:
    """Let a person answer, on the web or on paper; the receipt number."""
    subject = next(subjects) if written.subject is not Subject.NOBODY else None
    if one.channel is Channel.WEB:
        return answer_on_the_web(survey_id, one, subject)
    return key(survey_id, one, subject, written)


def key(survey_id: int, one: Participant, subject: str | None, written: Written) -> str:
    """Let the editor key a form that arrived at the participant's moment; the receipt number."""
    arrived_on = clock.day_in_japan(one.at)
    form = collecting.Keyed(one.channel, arrived_on, subject, FIRST_VERSION, one.answers, ledger.new_submission_key())
    recorded = collecting.key_form(survey_id, written.questionnaire, form, people.actor(written.editor), one.at)
    return recorded.participation.receipt or ""


def answer_on_the_web(survey_id: int, one: Participant, subject: str | None) -> str:
    """Fill in all sections, look at the check page, send; the receipt number."""
    holder = Holder(survey_id, visitor.new_cookie(), subject)
    key = ledger.new_submission_key()
    responding.save_page(holder, responding.Page(FIRST_VERSION, frozenset(one.answers), one.answers, key), one.at)
    seen = responding.digest(keys(), one.answers)
    sending = responding.Sending(FIRST_VERSION, seen, key, one.language, one.address)
    return responding.send(holder, sending, one.at)


def end(survey_id: int, written: Written, editor: Actor, approver: Actor, at: datetime, now: datetime) -> None:
    """Let the period be over at `at`; close some days later, and answer `now`, where the state asks for it."""
    activities.set_due_latches(survey_id, at)
    if written.state is State.ENDED:
        return
    activities.close(survey_id, editor, at + CLOSED_AFTER)
    if written.state is State.ANSWERED:
        answer = {language: text.strip() for language, text in written.content["answer"].items()}
        answered = activities.write_answer(survey_id, answer, revision(survey_id), editor, now)
        activities.publish_answer(survey_id, answered, approver, now)


def revision(survey_id: int) -> int:
    db.session.rollback()
    return db.session.get_one(Survey, survey_id).revision


def planted(survey_id: int, receipts: list[str]) -> Planted:
    db.session.rollback()
    survey = db.session.get_one(Survey, survey_id)
    return Planted(survey.id, survey.slug, str(state_of(survey, clock.now())), tuple(receipts))
