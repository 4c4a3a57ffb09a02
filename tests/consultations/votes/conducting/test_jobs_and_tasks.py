"""Work nobody waits for, and work that waits for somebody: signed heads, the close of large votes, 今日の仕事."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic import clock
from civic.activities import actions as activities
from civic.activities.refusals import ClosedOnItsOwnPage, EndIsFixed
from civic.activities.states import State
from civic.db import db, writing
from civic.jobs.child import perform_due
from civic.jobs.queue import enqueue
from consultations.votes.conducting import actions as conducting
from consultations.votes.conducting import closing
from consultations.votes.conducting.jobs import SIGN_JOB
from consultations.votes.models import BoardCheckpoint
from consultations.votes.posting import actions as posting
from tests.cast import Cast
from tests.factories.surveys import actor, text
from tests.factories.votes import Held, make_vote, revision_at
from tests.pages import opens

YES = [1, 0, 0]


def voted(cast: Cast, ballots: int = 12, **changed: object) -> Held:
    held = make_vote(cast, **changed)
    for number in range(1, ballots + 1):
        held.vote_for(number, YES)
    return held


def heads() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(BoardCheckpoint.n).order_by(BoardCheckpoint.n)))


def sign_by_job() -> None:
    with writing() as session:
        enqueue(session, SIGN_JOB, {})
    perform_due()


def test_the_periodic_job_signs_what_is_new_and_only_that(cast: Cast) -> None:
    held = voted(cast, 2)
    sign_by_job()
    sign_by_job()
    assert heads() == [3]
    held.vote_for(3, YES)
    sign_by_job()
    assert heads() == [3, 4]


def test_the_periodic_job_leaves_votes_alone_that_are_not_open(cast: Cast) -> None:
    make_vote(cast, state=State.IN_APPROVAL)
    sign_by_job()
    assert heads() == []


def test_a_large_vote_is_closed_by_a_job(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "AT_ONCE", 5)
    held = voted(cast)
    held.end()
    assert not closing.close(held.id, actor(cast.editor), clock.now())
    page = opens(cast.client(cast.editor), "/staff/votes/hall/close")
    assert "票を足し合わせています" in page.text
    perform_due()
    assert held.replayed.outcome == "count"
    assert held.vote.closed_at is not None


def test_the_common_close_does_not_close_a_vote(cast: Cast) -> None:
    held = voted(cast, 1)
    held.end()
    with pytest.raises(ClosedOnItsOwnPage):
        activities.close(held.id, actor(cast.editor), clock.now())
    page = cast.client(cast.editor).get("/staff/activities/hall/close")
    assert page.headers["Location"].endswith("/staff/votes/hall/close")


def test_the_end_of_a_vote_is_not_moved_but_it_can_be_stopped(cast: Cast) -> None:
    held = make_vote(cast)
    later = clock.now() + timedelta(days=30)
    with pytest.raises(EndIsFixed, match="cannot be moved"):
        activities.propose_period_change(held.id, "extend", later, text("理由"), actor(cast.editor), clock.now())
    editor = cast.client(cast.editor)
    page = opens(editor, "/staff/activities/hall")
    assert "期間の延長" not in page.text
    refused = opens(editor, "/staff/activities/hall/extend")
    assert refused.status == 409
    assert "延長できません" in refused.text
    activities.propose_period_change(held.id, "stop", None, text("理由"), actor(cast.editor), clock.now())


def test_the_settings_of_a_vote_leave_its_secrecy_alone(cast: Cast) -> None:
    held = make_vote(cast, state=State.DRAFT)
    page = opens(cast.client(cast.editor), "/staff/activities/hall/settings")
    assert page.html.select("[name=confidentiality], [name=subject], [name=once]") == []
    page.press("設定を保存する", title_ja="別の題", confidentiality="named", subject="nobody", once="any")
    vote = held.vote
    assert vote.title["ja"] == "別の題"
    assert (vote.confidentiality, vote.subject, vote.once_per_person) == ("secret", "register", True)


def test_a_vote_frozen_after_its_approval_needs_another(cast: Cast) -> None:
    held = make_vote(cast, state=State.SCHEDULED, starts_at=clock.now() + timedelta(days=1))
    assert held.vote.approved_at is not None
    conducting.freeze(held.id, actor(cast.editor), clock.now())
    assert (held.vote.approved_at, held.vote.submitted_at) == (None, None)


def test_another_franchise_or_register_asks_for_another_roll(cast: Cast) -> None:
    held = make_vote(cast, state=State.IN_APPROVAL)
    facts = conducting.settings_of(held.vote)
    conducting.edit_vote(held.id, facts, revision_at(held.id), actor(cast.editor), clock.now())
    assert held.board.rehearsal is not None
    from dataclasses import replace

    older = replace(facts, least_age=20)
    conducting.edit_vote(held.id, older, revision_at(held.id), actor(cast.editor), clock.now())
    assert held.vote.boards == []


def titles(cast: Cast) -> str:
    return opens(cast.client(cast.editor), "/staff/").text


def test_what_waits_stands_among_the_tasks(cast: Cast) -> None:
    held = voted(cast)
    held.end()
    assert "締め切り: 市民会館の建て替えの賛否" in titles(cast)
    held.close()
    assert "確認立会の連署" in titles(cast)
    held.cosign()
    assert "開票立会人のファイルを待っています" in titles(cast)
    held.share(1)
    held.share(2)
    assert "開票する: 市民会館の建て替えの賛否" in titles(cast)
    posting.record_result(held.id, actor(cast.editor), clock.now())
    assert "市の回答を書く: 市民会館の建て替えの賛否" in titles(cast)


def test_a_frozen_vote_waits_for_its_rehearsal(cast: Cast) -> None:
    held = make_vote(cast, state=State.IN_APPROVAL)
    assert "予行する" not in titles(cast)
    conducting.freeze(held.id, actor(cast.editor), clock.now())
    assert "予行する: 市民会館の建て替えの賛否" in titles(cast)
