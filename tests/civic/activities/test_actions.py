"""Acts of staff: each refused where it must be, each in the audit, each rule kept by the database itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from civic.activities import actions, conflicts, editing, refusals
from civic.activities import desk as reads
from civic.activities.models import Activity, ConflictDecision, Participation, PeriodChange
from civic.activities.rules import state_of
from civic.activities.states import Channel, State
from civic.audit import chain
from civic.audit.models import AuditRecord
from civic.db import db, writing
from civic.jobs.models import Job
from civic.refusals import Refusal, StaleVersion
from tests.factories.gatherings import REGISTERED, Desk, Gathering, complete, gathering, office, take_part, words


def acts(slug: str) -> list[str]:
    """What the audit says was done to a gathering, in order."""
    db.session.rollback()
    found = sa.select(AuditRecord.act).where(AuditRecord.subject == f"gathering:{slug}").order_by(AuditRecord.id)
    return list(db.session.scalars(found))


def test_the_whole_life_is_in_the_audit_and_the_chain_holds(desk: Desk) -> None:
    made = desk.answered()
    assert acts(gathering(made).slug) == [
        "activity.created", "activity.submitted", "activity.approved", "activity.opened", "activity.ended",
        "activity.closed", "activity.answer_written", "activity.answered",
    ]  # fmt: skip
    assert chain.verify().problems == ()


def test_a_refused_act_leaves_no_record(desk: Desk) -> None:
    made = desk.handed_in()
    before = acts(gathering(made).slug)
    with pytest.raises(refusals.SecondPersonNeeded):
        actions.approve(made, 1, desk.author, desk.at)
    assert acts(gathering(made).slug) == before
    assert gathering(made).approved_at is None


def test_neither_the_author_nor_the_last_editor_approves(desk: Desk) -> None:
    made = desk.draft()
    actions.edit_settings(made, complete(desk.at), 1, desk.approver, desk.at)
    actions.submit(made, 2, desk.approver, desk.at)
    for person in (desk.author, desk.approver):
        with pytest.raises(refusals.SecondPersonNeeded):
            actions.approve(made, 2, person, desk.at)


def test_the_database_itself_refuses_the_author_as_approver(desk: Desk) -> None:
    made = desk.handed_in()
    with pytest.raises(refusals.SecondPersonNeeded), writing() as session:
        session.execute(
            sa.update(Activity)
            .where(Activity.id == made)
            .values(approved_at=desk.at, approved_by_id=desk.author.staff_id)
        )


def test_without_the_check_the_author_would_approve_and_this_test_sees_it(app: Flask, desk: Desk) -> None:
    """The guard broken on purpose: the database told to skip its checks."""
    made = desk.handed_in()
    event.listen(
        db.engine, "begin", lambda connection: connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
    )
    actions.approve(made, 1, desk.author, desk.at)
    assert gathering(made).approved_by_id == desk.author.staff_id


@pytest.mark.parametrize(
    "act",
    [
        lambda desk, made: actions.edit_settings(made, complete(desk.at), 7, desk.author, desk.at),
        lambda desk, made: actions.submit(made, 7, desk.author, desk.at),
        lambda desk, made: actions.approve(made, 7, desk.approver, desk.at),
        lambda desk, made: actions.send_back(made, "短く", 7, desk.approver, desk.at),
        lambda desk, made: actions.delete_draft(made, 7, desk.author, desk.at),
        lambda desk, made: actions.correct_opened(made, words("新"), {}, None, 7, desk.author, desk.at),
    ],
)
def test_an_act_on_another_revision_than_was_seen_is_refused(desk: Desk, act: Callable[[Desk, int], object]) -> None:
    made = desk.handed_in()
    with pytest.raises(StaleVersion):
        act(desk, made)


def test_an_edit_takes_a_scheduled_gathering_back_to_draft(desk: Desk) -> None:
    made = desk.scheduled()
    actions.edit_settings(made, complete(desk.at), 1, desk.author, desk.at)
    assert state_of(gathering(made), desk.at) is State.DRAFT


def test_nothing_is_edited_once_it_opened_not_even_when_no_job_came_to_open_it(desk: Desk) -> None:
    made = desk.scheduled()
    start = desk.at + timedelta(days=1)
    with pytest.raises(refusals.FrozenByOpening):
        actions.edit_settings(made, complete(desk.at), 1, desk.author, start)
    revision = actions.correct_opened(made, words("公園課 内線1"), words("紙"), None, 1, desk.approver, start)
    assert revision == 2
    assert gathering(made).contact["ja"] == "公園課 内線1"


def test_before_opening_a_corrected_contact_takes_the_approval_back_like_any_edit(desk: Desk) -> None:
    made = desk.scheduled()
    actions.correct_opened(made, words("別の課"), {}, None, 1, desk.author, desk.at)
    assert state_of(gathering(made), desk.at) is State.DRAFT


STATES_REFUSING: list[tuple[str, Callable[[Desk, int], object], dict[State, type[Refusal]]]] = [
    ("approve", lambda d, m: actions.approve(m, 1, d.approver, d.at), {
        State.DRAFT: refusals.NotInApproval, State.SCHEDULED: refusals.NotInApproval, State.OPEN: refusals.NotInApproval,
        State.WITHDRAWN: refusals.NotInApproval}),
    ("extend", lambda d, m: actions.propose_period_change(m, "extend", d.at + timedelta(days=30), words("雨"), d.author, d.at), {
        State.DRAFT: refusals.NotOpenNow, State.IN_APPROVAL: refusals.NotOpenNow, State.SCHEDULED: refusals.NotOpenNow,
        State.ENDED: refusals.TooLateToExtend, State.CLOSED: refusals.TooLateToExtend, State.WITHDRAWN: refusals.NotOpenNow}),
    ("close", lambda d, m: actions.close(m, d.author, d.at), {
        State.DRAFT: refusals.NotEndedYet, State.SCHEDULED: refusals.NotEndedYet, State.OPEN: refusals.NotEndedYet,
        State.CLOSED: refusals.LatchAlreadySet, State.WITHDRAWN: refusals.LatchAlreadySet}),
    ("answer", lambda d, m: actions.write_answer(m, words("答"), 1, d.author, d.at), {
        State.DRAFT: refusals.NotClosedYet, State.OPEN: refusals.NotClosedYet, State.ENDED: refusals.NotClosedYet,
        State.WITHDRAWN: refusals.LatchAlreadySet}),
    ("withdraw", lambda d, m: actions.withdraw(m, words("誤り"), d.approver, d.at), {
        State.DRAFT: refusals.NotInApproval, State.IN_APPROVAL: refusals.NotInApproval,
        State.WITHDRAWN: refusals.LatchAlreadySet}),
    ("delete", lambda d, m: actions.delete_draft(m, 1, d.author, d.at), {
        State.SCHEDULED: refusals.HasResponses, State.OPEN: refusals.HasResponses, State.CLOSED: refusals.HasResponses}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("act", "state", "refusal"),
    [
        pytest.param(act, state, refusal, id=f"{name}-{state}")
        for name, act, refused in STATES_REFUSING
        for state, refusal in refused.items()
    ],
)
def test_an_act_out_of_its_state_is_refused_by_name(
    desk: Desk, act: Callable[[Desk, int], object], state: State, refusal: type[Refusal]
) -> None:
    made = desk.in_state(state)
    with pytest.raises(refusal):
        act(desk, made)
    assert state_of(gathering(made), desk.at) is state


def test_a_draft_is_deleted_whole_and_its_address_is_never_used_again(desk: Desk) -> None:
    made = desk.draft()
    slug = gathering(made).slug
    actions.delete_draft(made, 1, desk.author, desk.at)
    db.session.rollback()
    assert db.session.get(Activity, made) is None
    with pytest.raises(refusals.SlugTaken), writing() as session:
        editing.create(session, Gathering, slug, 1, office(), complete(desk.at), desk.author, desk.at)


def test_what_has_participations_is_not_deleted_even_by_the_database(desk: Desk) -> None:
    made = desk.opened()
    take_part(made)
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(sa.delete(Activity).where(Activity.id == made))


def test_a_withdrawal_needs_a_reason_and_keeps_everything(desk: Desk) -> None:
    made = desk.opened()
    take_part(made)
    with pytest.raises(refusals.ReasonNeeded):
        actions.withdraw(made, words("  "), desk.approver, desk.at)
    actions.withdraw(made, words("設問の誤り"), desk.approver, desk.at)
    with pytest.raises(refusals.ActivityWithdrawn):
        take_part(made)
    assert db.session.query(Participation).count() == 1


def test_the_end_is_set_by_the_request_that_finds_it_and_the_request_is_refused(desk: Desk) -> None:
    made = desk.opened()
    with pytest.raises(refusals.PeriodOver):
        take_part(made, at=desk.after)
    assert gathering(made).ended_at == desk.after


def test_a_clock_set_back_re_opens_nothing(desk: Desk) -> None:
    made = desk.ended()
    with pytest.raises(refusals.PeriodOver):
        take_part(made, at=desk.at)
    actions.close(made, desk.author, desk.at)
    assert gathering(made).closed_at == desk.at


def test_the_refusal_names_the_announced_end_not_the_moment_of_the_latch(desk: Desk) -> None:
    made = desk.opened()
    with pytest.raises(refusals.PeriodOver) as refused:
        take_part(made, at=desk.after)
    ends = gathering(made).ends_at
    assert ends is not None
    assert f"{(ends + timedelta(hours=9)):%H:%M}" in str(refused.value)


def test_an_extension_approved_too_late_sets_the_end_instead(desk: Desk) -> None:
    made = desk.opened()
    actions.propose_period_change(made, "extend", desk.at + timedelta(days=30), words("雨"), desk.author, desk.at)
    change = db.session.query(PeriodChange).one().id
    with pytest.raises(refusals.TooLateToExtend):
        actions.decide_period_change(change, True, desk.approver, desk.after)
    assert gathering(made).ended_at == desk.after


def test_a_change_of_the_period_is_not_decided_by_its_proposer_nor_twice(desk: Desk) -> None:
    made = desk.opened()
    actions.propose_period_change(made, "stop", None, words("誤り"), desk.author, desk.at)
    change = db.session.query(PeriodChange).one().id
    with pytest.raises(refusals.PeriodChangePending):
        actions.propose_period_change(made, "stop", None, words("誤り"), desk.approver, desk.at)
    with pytest.raises(refusals.SecondPersonNeeded):
        actions.decide_period_change(change, True, desk.author, desk.at)
    actions.decide_period_change(change, True, desk.approver, desk.at)
    with pytest.raises(refusals.LatchAlreadySet):
        actions.decide_period_change(change, True, desk.approver, desk.at)


def test_a_close_waits_for_every_conflict(desk: Desk) -> None:
    made = desk.opened(**REGISTERED)
    take_part(made, "resident:1")
    paper = take_part(made, "resident:1", Channel.PAPER).participation.id
    actions.set_due_latches(made, desk.after)
    with pytest.raises(refusals.ConflictsUndecided):
        actions.close(made, desk.author, desk.after)
    conflicts.propose(paper, False, "先のものを数える", desk.author, desk.after)
    with pytest.raises(refusals.AlreadyProposed):
        conflicts.propose(paper, True, "あとのもの", desk.approver, desk.after)
    with pytest.raises(refusals.SecondPersonNeeded):
        conflicts.decide(paper, True, desk.author, desk.after)
    conflicts.decide(paper, True, desk.approver, desk.after)
    assert actions.close(made, desk.author, desk.after) == 1
    with pytest.raises(refusals.CountsFinal):
        conflicts.take_back(paper, "遅すぎる", desk.author, desk.after)


def test_a_declined_decision_makes_room_for_another(desk: Desk) -> None:
    made = desk.opened(**REGISTERED)
    take_part(made, "resident:1")
    paper = take_part(made, "resident:1", Channel.PAPER).participation.id
    conflicts.propose(paper, True, "紙", desk.author, desk.at)
    conflicts.decide(paper, False, desk.approver, desk.at)
    assert db.session.query(ConflictDecision).count() == 0
    conflicts.propose(paper, False, "ウェブ", desk.author, desk.at)
    assert [row.decision is not None for row in reads.conflicts(made)] == [True]


def test_a_close_queues_the_release_of_its_tables_once(desk: Desk) -> None:
    made = desk.closed()
    jobs = [job for job in db.session.query(Job) if job.name == "opendata.release"]
    assert [job.payload for job in jobs] == [{"activity": made}]


def test_the_answer_is_published_by_another_person_than_its_writer(desk: Desk) -> None:
    made = desk.closed()
    with pytest.raises(refusals.AnswerNeeded):
        actions.publish_answer(made, 1, desk.approver, desk.after)
    revision = actions.write_answer(made, words("木を植えます。"), 1, desk.author, desk.after)
    with pytest.raises(refusals.SecondPersonNeeded):
        actions.publish_answer(made, revision, desk.author, desk.after)
    actions.publish_answer(made, revision, desk.approver, desk.after)
    assert state_of(gathering(made), desk.after) is State.ANSWERED
