"""The roll is open to inspection first; who objects with success is added or struck off before it is frozen."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from civic import clock
from civic.activities.states import State
from civic.audit.models import AuditRecord
from civic.db import db
from civic.identity.models import RegisterEntry
from consultations.votes.conducting import actions, freezing
from consultations.votes.conducting.queries import roll_preview
from consultations.votes.enrolling.actions import correct_roll
from consultations.votes.refusals import InspectionRuns, NothingCorrected, RollFrozen
from tests.cast import Cast
from tests.factories.surveys import actor
from tests.factories.votes import Held, make_vote, revision_at
from tests.pages import opens

PAGE, CORRECT = "/staff/votes/hall/corrections", "名簿を修正する"


@pytest.fixture
def held(cast: Cast) -> Held:
    return make_vote(cast, state=State.DRAFT)


def inspect(held: Held, until: int) -> None:
    """Let the inspection end so many days from today."""
    last = clock.today() + timedelta(days=until)
    facts = replace(actions.settings_of(held.vote), inspection_from=last - timedelta(days=4), inspection_until=last)
    actions.edit_vote(held.id, facts, revision_at(held.id), actor(held.cast.editor), clock.now())


def correct(held: Held, entry: int, kind: str) -> None:
    correct_roll(held.id, entry, kind, "mistake", actor(held.cast.editor), clock.now())


def frozen_entries(held: Held) -> set[int]:
    return set(freezing.roll_of(db.session, held.vote).values())


def test_nothing_is_frozen_before_the_inspection_is_over(cast: Cast) -> None:
    held = make_vote(cast, state=State.IN_APPROVAL)
    editor = actor(cast.editor)
    inspect(held, 0)
    with pytest.raises(InspectionRuns):
        actions.freeze(held.id, editor, clock.now())
    page = opens(cast.client(cast.editor), "/staff/votes/hall/freeze").press("投票の内容を確定する")
    assert (page.status, "縦覧中です" in page.text) == (422, True)
    inspect(held, -1)
    actions.freeze(held.id, editor, clock.now())
    with pytest.raises(RollFrozen):
        correct(held, held.entries[0], "strike")


def test_who_is_struck_off_or_added_is_so_on_the_frozen_roll_and_in_its_figures(held: Held) -> None:
    young = db.session.scalars(sa.select(RegisterEntry.id).order_by(RegisterEntry.id.desc()).offset(1).limit(1)).one()
    before = frozen_entries(held)
    correct(held, held.entries[0], "strike")
    correct(held, young, "add")
    assert frozen_entries(held) == before - {held.entries[0]} | {young}
    roll = roll_preview(held.vote)
    assert roll is not None
    assert (roll.entries, roll.admitted, roll.added) == (14, 12, 1)
    assert roll.left_out == {"least_months": 1, "struck": 1}
    with pytest.raises(NothingCorrected):
        correct(held, young, "add")
    correct(held, held.entries[0], "add")
    assert frozen_entries(held) == before | {young}


def test_a_correction_is_in_the_audit_by_number_and_reason_and_by_no_name(held: Held, cast: Cast) -> None:
    editor: FlaskClient = cast.client(cast.editor)
    page = opens(editor, PAGE)
    assert page.press(CORRECT, number="nobody", kind="strike", reason="gone").status == 422
    done = page.press(CORRECT, number=held.codes[1], kind="strike", reason="gone")
    assert "転出または死亡" in done.text
    again = page.press(CORRECT, number="roll-hall-2", kind="strike", reason="gone")
    assert (again.status, "何も変わりません" in again.text) == (422, True)
    db.session.rollback()
    records = db.session.scalars(sa.select(AuditRecord).where(AuditRecord.act == "vote.roll_corrected")).all()
    assert [one.details for one in records] == [{"entry": held.entries[1], "correction": "strike", "reason": "gone"}]
