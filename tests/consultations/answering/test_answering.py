"""From an opinion group to an approved answer: asked, drafted, handed in, approved by somebody else, locked."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from civic import clock
from civic.activities.models import Participation
from civic.activities.refusals import NoteNeeded, SecondPersonNeeded
from civic.activities.states import ParticipationState
from civic.audit.models import AuditRecord
from civic.db import db, writing
from civic.refusals import NotFound, StaleVersion
from consultations.comments.answering import actions
from consultations.comments.answering.actions import Answer
from consultations.comments.models import Comment, Inquiry, OpinionGroup, OpinionItem
from consultations.comments.refusals import AnswerIncomplete, InquiryPending, NoOpinions, WrongStage
from consultations.comments.stages import Outcome, Stage
from tests.cast import PARKS, Cast, department
from tests.factories import consultations as make
from tests.factories.surveys import actor

WHOLE = Answer(
    gist={"ja": "最終バスを遅くしてほしい。"},
    answer={"ja": "運転手を確保し、2028年4月から遅くします。"},
    outcome=Outcome.ADOPTED,
)


@pytest.fixture
def group(cast: Cast) -> OpinionGroup:
    """A group of two opinions in a consultation that is over."""
    consultation = make.ended_with(cast, ["最終バスを遅くして。", "夜のバスがほしい。", "屋根がほしい。"])
    items = [one.items[0].id for one in make.comments_of(consultation)[:2]]
    return make.group_of(consultation, "最終バス", items)


def fresh(group: OpinionGroup) -> OpinionGroup:
    db.session.rollback()
    return db.session.get_one(OpinionGroup, group.id, populate_existing=True)


def draft(group: OpinionGroup, cast: Cast, answer: Answer = WHOLE) -> OpinionGroup:
    actions.save_answer(group.id, answer, fresh(group).revision, actor(cast.editor), clock.now())
    return fresh(group)


def handed_in(group: OpinionGroup, cast: Cast) -> OpinionGroup:
    actions.hand_in(group.id, draft(group, cast).revision, actor(cast.editor))
    return fresh(group)


def test_the_whole_way_of_an_answer(group: OpinionGroup, cast: Cast) -> None:
    due = clock.today() + timedelta(days=7)
    actions.ask(group.id, department(PARKS), "遅くできますか。", due, group.revision, actor(cast.editor), clock.now())
    assert (fresh(group).stage, fresh(group).department_id) == (Stage.ASKED, department(PARKS))
    actions.save_answer(group.id, WHOLE, fresh(group).revision, actor(cast.parks_editor), clock.now())
    assert fresh(group).stage is Stage.DRAFTED
    assert db.session.scalars(sa.select(Inquiry.settled_at)).one() is not None
    actions.hand_in(group.id, fresh(group).revision, actor(cast.parks_editor))
    actions.approve(group.id, fresh(group).revision, actor(cast.approver), clock.now())
    locked = fresh(group)
    assert (locked.stage, locked.outcome, locked.answer) == (Stage.LOCKED, Outcome.ADOPTED, WHOLE.answer)
    about = sa.or_(AuditRecord.act.startswith("inquiry."), AuditRecord.act.startswith("response."))
    acts = db.session.scalars(sa.select(AuditRecord.act).where(about).order_by(AuditRecord.id)).all()
    assert acts == ["inquiry.asked", "response.drafted", "response.handed_in", "response.approved"]


def test_an_approved_answer_moves_no_more(group: OpinionGroup, cast: Cast) -> None:
    actions.approve(group.id, handed_in(group, cast).revision, actor(cast.approver), clock.now())
    locked = fresh(group).revision
    editor, now = actor(cast.editor), clock.now()
    with pytest.raises(WrongStage):
        actions.save_answer(group.id, replace(WHOLE, outcome=Outcome.LATER), locked, editor, now)
    with pytest.raises(WrongStage):
        actions.ask(group.id, department(PARKS), "もう一度", clock.today(), locked, editor, now)
    with pytest.raises(WrongStage):
        actions.send_back(group.id, "直して", locked, actor(cast.approver))
    assert fresh(group).answer == WHOLE.answer


def test_whoever_wrote_it_does_not_approve_it(group: OpinionGroup, cast: Cast) -> None:
    revision = handed_in(group, cast).revision
    with pytest.raises(SecondPersonNeeded):
        actions.approve(group.id, revision, actor(cast.editor), clock.now())
    assert fresh(group).stage is Stage.IN_APPROVAL


def test_the_database_itself_refuses_the_author(group: OpinionGroup, cast: Cast) -> None:
    handed_in(group, cast)
    values = {"stage": Stage.LOCKED, "approved_by_id": cast.editor.id, "approved_at": clock.now()}
    with writing() as session, pytest.raises(IntegrityError, match="second_person_approves"):
        session.execute(sa.update(OpinionGroup).where(OpinionGroup.id == group.id).values(**values))


def test_an_unfinished_answer_is_kept_and_not_handed_in(group: OpinionGroup, cast: Cast) -> None:
    unfinished = draft(group, cast, Answer(answer={"ja": "検討中です。"}))
    assert unfinished.answer == {"ja": "検討中です。"}
    with pytest.raises(AnswerIncomplete):
        actions.hand_in(group.id, unfinished.revision, actor(cast.editor))


def test_a_group_without_an_opinion_that_counts_is_not_handed_in(group: OpinionGroup, cast: Cast) -> None:
    consultation = group.consultation_id
    with writing() as session:
        empty = OpinionGroup(
            consultation_id=consultation,
            number=99,
            position=99,
            title="空",
            origin=group.origin,
            stage=Stage.COLLECTING,
        )
        session.add(empty)
        session.flush()
        empty_id = empty.id
    actions.save_answer(empty_id, WHOLE, 1, actor(cast.editor), clock.now())
    with pytest.raises(NoOpinions):
        actions.hand_in(empty_id, 2, actor(cast.editor))


def test_an_answer_whose_last_opinion_was_withdrawn_meanwhile_is_not_approved(group: OpinionGroup, cast: Cast) -> None:
    revision = handed_in(group, cast).revision
    lying = sa.select(Comment.participation_id).join(OpinionItem).where(OpinionItem.group_id == group.id)
    with writing() as session:
        for one in session.scalars(sa.select(Participation).where(Participation.id.in_(lying))):
            one.state = ParticipationState.WITHDRAWN
    with pytest.raises(NoOpinions):
        actions.approve(group.id, revision, actor(cast.approver), clock.now())
    assert fresh(group).stage is Stage.IN_APPROVAL


def test_sent_back_it_carries_a_note_until_it_is_handed_in_again(group: OpinionGroup, cast: Cast) -> None:
    revision = handed_in(group, cast).revision
    with pytest.raises(NoteNeeded):
        actions.send_back(group.id, "  ", revision, actor(cast.approver))
    actions.send_back(group.id, "理由を書いてください。", revision, actor(cast.approver))
    assert (fresh(group).stage, fresh(group).returned_note) == (Stage.DRAFTED, "理由を書いてください。")
    actions.hand_in(group.id, draft(group, cast).revision, actor(cast.editor))
    assert fresh(group).returned_note is None


def test_saving_takes_it_out_of_approval(group: OpinionGroup, cast: Cast) -> None:
    handed_in(group, cast)
    assert draft(group, cast, replace(WHOLE, outcome=Outcome.PARTLY)).stage is Stage.DRAFTED


def test_of_two_clerks_the_second_is_told(group: OpinionGroup, cast: Cast) -> None:
    seen = group.revision
    actions.save_answer(group.id, WHOLE, seen, actor(cast.editor), clock.now())
    with pytest.raises(StaleVersion):
        actions.save_answer(group.id, Answer(answer={"ja": "別の答え"}), seen, actor(cast.second_editor), clock.now())
    assert fresh(group).answer == WHOLE.answer


def test_one_group_waits_for_one_department(group: OpinionGroup, cast: Cast) -> None:
    editor, now = actor(cast.editor), clock.now()
    actions.ask(group.id, department(PARKS), "?", clock.today(), group.revision, editor, now)
    with pytest.raises(WrongStage):
        actions.ask(group.id, department(PARKS), "?", clock.today(), fresh(group).revision, editor, now)
    values = {
        "group_id": group.id, "department_id": department(PARKS), "question": "?", "due_on": clock.today(),
        "asked_by_id": cast.editor.id, "asked_at": now,
    }  # fmt: skip
    with pytest.raises(InquiryPending), writing() as session:
        session.execute(sa.insert(Inquiry).values(**values))
    actions.take_back_inquiry(group.id, fresh(group).revision, editor, now)
    assert (fresh(group).stage, fresh(group).department_id) == (Stage.COLLECTING, None)


def test_an_unfinished_draft_leaves_the_question_open(group: OpinionGroup, cast: Cast) -> None:
    actions.ask(group.id, department(PARKS), "?", clock.today(), group.revision, actor(cast.editor), clock.now())
    draft(group, cast, Answer(answer={"ja": "調べています。"}))
    assert fresh(group).stage is Stage.ASKED
    assert db.session.scalars(sa.select(Inquiry.settled_at)).one() is None


def test_nobody_asks_a_department_there_is_not(app: Flask, group: OpinionGroup, cast: Cast) -> None:
    with pytest.raises(NotFound):
        actions.ask(group.id, 99_999, "?", clock.today(), group.revision, actor(cast.editor), clock.now())
    assert fresh(group).stage is Stage.COLLECTING
