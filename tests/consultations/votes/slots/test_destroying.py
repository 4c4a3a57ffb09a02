"""After the objections nobody can say any more whose an entry of the board was: named by one, destroyed by another."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic import clock
from civic.activities import actions as activities
from civic.activities.refusals import SecondPersonNeeded
from civic.audit.models import AuditRecord
from civic.db import db
from civic.ops.recounting import recount
from consultations.votes.models import VoteSlot
from consultations.votes.publishing.datasets import tables_of
from consultations.votes.refusals import MapGone, MapStillNeeded
from consultations.votes.slots import actions as slots
from tests.cast import Cast
from tests.consultations.votes.casting.test_pages import enter
from tests.factories.surveys import actor, text
from tests.factories.votes import Held, make_vote, revision_at
from tests.pages import opens

PAGE, DESTROY = "/staff/votes/hall/slots", "名簿の対応表を破棄する"
YESTERDAY = clock.today() - timedelta(days=1)


def voted(cast: Cast) -> Held:
    """A vote of one ballot, which is never opened."""
    held = make_vote(cast)
    held.vote_for(1, [1, 0, 0])
    return held


def finish(held: Held) -> None:
    cast = held.cast
    held.end()
    held.close()
    activities.write_answer(held.id, text("回答"), revision_at(held.id), actor(cast.editor), clock.now())
    activities.publish_answer(held.id, revision_at(held.id), actor(cast.approver), clock.now())


def known() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).where(VoteSlot.entry_id.is_not(None))) or 0


def test_one_names_the_day_another_destroys_the_list_and_the_board_stays_whole(cast: Cast) -> None:
    held = voted(cast)
    voter = enter(held, 1)
    finish(held)
    before = held.file
    assert "投票を受け付けました" in opens(voter, "/votes/hall/receipt").text
    editor, approver = cast.client(cast.editor), cast.client(cast.approver)
    named = opens(editor, PAGE).press("この日を保存する", until=YESTERDAY.isoformat())
    assert "異議申し出の最後の日" in named.text
    page = opens(approver, PAGE)
    assert page.press(DESTROY).status == 422
    assert known() == 12
    assert "12人分の対応を破棄しました" in page.press(DESTROY, sure="y").text
    assert (known(), held.file == before, tables_of(held.vote)) == (0, True, [])
    assert recount("hall")["mismatches"] == []
    gone = opens(voter, "/votes/hall/receipt")
    assert "投票コードから自分の票を探すことは、もうできません" in gone.text
    assert "対応表は破棄しました" in opens(editor, PAGE).text
    acts = db.session.scalars(sa.select(AuditRecord).where(AuditRecord.act == "vote.map_destroyed")).all()
    assert [one.details["slots"] for one in acts] == [12]
    with pytest.raises(MapGone):
        slots.destroy_map(held.id, actor(cast.approver), clock.now())


def test_the_list_stays_while_anything_needs_it(cast: Cast) -> None:
    held = make_vote(cast)
    with pytest.raises(MapStillNeeded):
        slots.name_end(held.id, YESTERDAY, actor(cast.editor), clock.now())
    other = Held(cast, withdrawn(cast), held.poll)
    with pytest.raises(MapStillNeeded):
        slots.destroy_map(other.id, actor(cast.approver), clock.now())
    slots.name_end(other.id, clock.today(), actor(cast.editor), clock.now())
    with pytest.raises(MapStillNeeded):
        slots.destroy_map(other.id, actor(cast.approver), clock.now())
    with pytest.raises(SecondPersonNeeded):
        slots.destroy_map(other.id, actor(cast.editor), clock.now() + timedelta(days=2))


def withdrawn(cast: Cast) -> int:
    """A vote that was withdrawn after its opening."""
    held = make_vote(cast, slug="pool")
    activities.withdraw(held.id, text("取りやめ"), actor(cast.approver), clock.now())
    return held.id
