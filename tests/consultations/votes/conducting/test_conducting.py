"""From the ceremony to the published count, and what may not be done on the way."""

import pytest
import sqlalchemy as sa

from civic import clock
from civic.activities import actions as activities
from civic.activities.refusals import LatchAlreadySet, NotEndedYet, NotReadyToOpen
from civic.activities.states import State
from civic.audit.models import AuditRecord
from civic.db import db, writing
from consultations.votes import opening
from consultations.votes.conducting import actions as conducting
from consultations.votes.models import BoardEntry, Vote, VoteSlot
from consultations.votes.posting import actions as posting
from consultations.votes.protocol.board import Outcome, read_published
from consultations.votes.protocol.encoding import read
from consultations.votes.refusals import (
    AlreadyVoid,
    CeremonyUnsound,
    FileRefused,
    FrozenAlready,
    NotCounted,
    NotEveryWitness,
    RehearsalFailed,
)
from tests.cast import Cast
from tests.factories.surveys import actor, text
from tests.factories.votes import Held, make_vote, revision_at

YES = [1, 0, 0]


def voted(cast: Cast, ballots: int = 12, **changed: object) -> Held:
    held = make_vote(cast, **changed)
    for number in range(1, ballots + 1):
        held.vote_for(number, YES)
    return held


def problems(held: Held) -> list[str]:
    return [str(one.msgid) for one in opening.opening_problems(held.vote, clock.now())]


def test_a_whole_vote_is_counted_and_anybody_can_recount_it(cast: Cast) -> None:
    held = voted(cast)
    assert held.count(2, 3) == [[12, 0, 0]]
    board = read_published(read(held.file)).board
    assert (board.totals, board.stage) == ([[12, 0, 0]], "counted")


def test_nobody_below_the_age_or_too_short_in_town_gets_a_slot(cast: Cast) -> None:
    held = make_vote(cast)
    slots = db.session.scalars(sa.select(VoteSlot.entry_id)).all()
    assert sorted(slots) == held.entries


def test_a_vote_does_not_open_before_the_rehearsal(cast: Cast) -> None:
    held = make_vote(cast, state=State.IN_APPROVAL)
    with writing() as session:
        session.execute(sa.text("UPDATE vote_board SET rehearsal = NULL"))
    with pytest.raises(NotReadyToOpen):
        activities.approve(held.id, revision_at(held.id), actor(cast.approver), clock.now())


def test_a_vote_does_not_open_without_the_clause_that_allows_it_online(cast: Cast) -> None:
    held = make_vote(cast, state=State.IN_APPROVAL)
    with writing() as session:
        session.get_one(Vote, held.id).online_clause = ""
    with pytest.raises(NotReadyToOpen):
        activities.approve(held.id, revision_at(held.id), actor(cast.approver), clock.now())


def test_what_is_changed_after_the_freeze_asks_for_another(cast: Cast) -> None:
    held = make_vote(cast, state=State.IN_APPROVAL)
    assert problems(held) == []
    with writing() as session:
        session.get_one(Vote, held.id).title = text("別の問い")
    assert "changed after it was frozen" in problems(held)[0]
    conducting.freeze(held.id, actor(cast.editor), clock.now())
    assert "not rehearsed" in problems(held)[0]
    assert len(db.session.scalars(sa.select(VoteSlot)).all()) == 12


def test_a_rehearsal_by_too_few_or_with_a_wrong_key_fails(cast: Cast) -> None:
    held = make_vote(cast, state=State.IN_APPROVAL)
    with pytest.raises(RehearsalFailed):
        held.rehearse(1)
    held.poll.secrets[2] += 1
    with pytest.raises(RehearsalFailed):
        held.rehearse(1, 2)


def test_an_unsound_ceremony_is_refused(cast: Cast) -> None:
    held = make_vote(cast, state=State.DRAFT)
    source = held.poll.manifest.source
    ceremony = {name: source[name] for name in ("ceremony", "key", "threshold", "trustees")} | {"version": 1}
    swapped = ceremony | {"key": source["trustees"][0]["share"]}
    for wrong in (swapped, {}, [], "x"):
        with pytest.raises(CeremonyUnsound):
            conducting.accept_ceremony(held.id, wrong, revision_at(held.id), actor(cast.editor), clock.now())


def test_an_open_vote_is_not_frozen_anew(cast: Cast) -> None:
    held = make_vote(cast)
    with pytest.raises(FrozenAlready):
        conducting.freeze(held.id, actor(cast.editor), clock.now())


def test_a_vote_is_closed_after_its_end_and_once(cast: Cast) -> None:
    held = voted(cast)
    with pytest.raises(NotEndedYet):
        held.close()
    held.end()
    held.close()
    with pytest.raises(LatchAlreadySet):
        held.close()


@pytest.mark.parametrize(
    ("ballots", "quorum", "outcome"), [(9, None, "too_few"), (11, {"denominator": 1, "numerator": 1}, "no_quorum")]
)
def test_what_is_not_to_be_counted_is_never_decrypted(
    cast: Cast, ballots: int, quorum: dict[str, int] | None, outcome: str
) -> None:
    held = voted(cast, ballots, quorum=quorum)
    held.end()
    held.close()
    held.cosign()
    assert held.replayed.outcome == Outcome(outcome)
    with pytest.raises(NotCounted):
        posting.record_share(held.id, {}, actor(cast.editor), clock.now())
    assert opening.answer_problems(held.vote) == []


def test_no_share_is_taken_before_every_witness_saw_the_close(cast: Cast) -> None:
    held = voted(cast)
    held.end()
    held.close()
    with pytest.raises(NotEveryWitness):
        held.share(1)


def test_a_share_of_another_key_or_twice_is_refused(cast: Cast) -> None:
    held = voted(cast)
    held.end()
    held.close()
    held.cosign()
    held.share(1)
    for trustee in (1, 2):
        held.poll.secrets[2] += 1
        with pytest.raises(FileRefused):
            held.share(trustee)
    with pytest.raises(FileRefused):
        posting.record_result(held.id, actor(cast.editor), clock.now())


def test_a_paper_vote_is_recorded_once_and_counts_towards_the_quorum(cast: Cast) -> None:
    held = voted(cast, 11, quorum={"denominator": 1, "numerator": 1})
    conducting.record_paper(held.id, held.entries[11], "paper", actor(cast.editor), clock.now())
    with pytest.raises(AlreadyVoid):
        conducting.record_paper(held.id, held.entries[11], "paper", actor(cast.editor), clock.now())
    assert held.count(1, 2) == [[11, 0, 0]]


def test_the_city_answers_only_after_the_count(cast: Cast) -> None:
    held = voted(cast)
    held.end()
    held.close()
    assert len(opening.answer_problems(held.vote)) == 1
    held.cosign()
    held.share(1)
    held.share(2)
    posting.record_result(held.id, actor(cast.editor), clock.now())
    assert opening.answer_problems(held.vote) == []


CHANGES = [
    "UPDATE board_entry SET kind = 'void'",
    "DELETE FROM board_entry",
    "DELETE FROM board_checkpoint",
    "INSERT OR REPLACE INTO board_entry SELECT * FROM board_entry",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_refuses_to_change_what_stands_on_a_board(cast: Cast, statement: str) -> None:
    held = voted(cast, 1)
    posting.sign_head(held.id, clock.now())
    with pytest.raises(sa.exc.DBAPIError, match="never changed"), writing() as session:
        session.execute(sa.text(statement))


def test_every_act_of_an_officer_stands_in_the_audit(cast: Cast) -> None:
    voted(cast).count(1, 2)
    acts = set(db.session.scalars(sa.select(AuditRecord.act)))
    assert {
        "vote.frozen",
        "vote.rehearsed",
        "vote.cosigned",
        "vote.closed",
        "vote.share_recorded",
        "vote.counted",
    } <= acts


def test_a_deleted_draft_leaves_nothing(cast: Cast) -> None:
    held = make_vote(cast, state=State.IN_APPROVAL)
    activities.delete_draft(held.id, revision_at(held.id), actor(cast.editor), clock.now())
    db.session.rollback()
    assert [
        db.session.scalar(sa.select(sa.func.count()).select_from(model)) for model in (Vote, VoteSlot, BoardEntry)
    ] == [0, 0, 0]
