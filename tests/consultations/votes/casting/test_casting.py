"""Casting: once on the board, once in the ledger, and always a receipt."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic import clock
from civic.activities.models import Participation, ParticipationCount
from civic.activities.refusals import PeriodOver
from civic.audit.models import AuditRecord
from civic.db import db
from consultations.votes.casting import actions as casting
from consultations.votes.casting import sealing
from consultations.votes.casting.actions import Posting
from consultations.votes.conducting import actions as conducting
from consultations.votes.models import BoardEntry, VoteSlot
from consultations.votes.protocol.ballots import read_ballot
from consultations.votes.protocol.board import read_published
from consultations.votes.protocol.checkpoints import read_receipt
from consultations.votes.protocol.encoding import read
from consultations.votes.protocol.refusals import Refused
from consultations.votes.refusals import (
    BallotExpired,
    BallotIsFinal,
    BallotOutOfTurn,
    BallotWasTested,
    NotOnTheRoll,
    VotedOnPaper,
)
from tests.cast import Cast
from tests.factories.surveys import actor
from tests.factories.votes import make_vote

YES, NO = [1, 0, 0], [0, 1, 0]


def rows(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_ballot_stands_on_the_board_and_its_voter_in_the_ledger(cast: Cast) -> None:
    held = make_vote(cast)
    receipt = held.vote_for(1, YES)
    published = read_published(read(held.file))
    assert published.verdict(read_receipt(receipt.body, published.board.manifest)) == "not_yet"
    assert (held.board.ballots, rows(Participation)) == (1, 1)


def test_the_ledger_knows_activity_person_channel_and_state_and_nothing_else(cast: Cast) -> None:
    held = make_vote(cast)
    held.vote_for(1, YES)
    row = db.session.scalars(sa.select(Participation)).one()
    assert (row.submission_key, row.content_mac, row.session_mac, row.receipt, row.received_on) == (None,) * 5
    assert rows(ParticipationCount) == 0


def test_no_ballot_leaves_a_record_in_the_audit(cast: Cast) -> None:
    held = make_vote(cast)
    before = rows(AuditRecord)
    held.vote_for(1, YES)
    casting.open_as_test(held.id, held.voter(2), held.prepare(2, NO).body, clock.now())
    assert rows(AuditRecord) == before


def test_a_double_click_gives_the_same_receipt(cast: Cast) -> None:
    held = make_vote(cast)
    pending = held.prepare(1, YES)
    first, second = (casting.cast_ballot(held.id, held.voter(1), pending.body, clock.now()) for _ in range(2))
    assert first == second
    assert (held.board.ballots, rows(Participation)) == (1, 1)


def test_the_last_of_several_ballots_counts_and_the_person_once(cast: Cast) -> None:
    held = make_vote(cast)
    for number in range(1, 13):
        held.vote_for(number, YES)
    held.vote_for(1, NO)
    assert (held.board.ballots, rows(Participation)) == (12, 12)
    assert held.count(1, 3) == [[11, 1, 0]]


def test_two_windows_do_not_cast_the_same_turn(cast: Cast) -> None:
    held = make_vote(cast)
    first, other = held.prepare(1, YES), held.prepare(1, NO)
    casting.cast_ballot(held.id, held.voter(1), first.body, clock.now())
    with pytest.raises(BallotOutOfTurn):
        casting.cast_ballot(held.id, held.voter(1), other.body, clock.now())


def test_where_ballots_are_final_the_first_stays(cast: Cast) -> None:
    held = make_vote(cast, change_allowed=False)
    held.vote_for(1, YES)
    with pytest.raises(BallotIsFinal):
        held.vote_for(1, NO)
    assert held.board.ballots == 1


def test_nobody_casts_for_another_slot(cast: Cast) -> None:
    held = make_vote(cast)
    with pytest.raises(BallotOutOfTurn):
        casting.cast_ballot(held.id, held.voter(2), held.prepare(1, YES).body, clock.now())


def test_a_ballot_with_a_false_proof_is_never_stored(cast: Cast) -> None:
    held = make_vote(cast)
    body = held.prepare(1, YES).body
    body["proofs"][0]["bits"][0] = body["proofs"][0]["bits"][1]
    with pytest.raises(Refused, match=r"ballot\.bit"):
        casting.cast_ballot(held.id, held.voter(1), body, clock.now())
    assert rows(BoardEntry) == 0


def test_who_is_not_on_the_roll_cannot_vote(cast: Cast) -> None:
    held = make_vote(cast)
    with pytest.raises(NotOnTheRoll):
        casting.slot_of(db.session, held.board.id, casting.Voter(max(held.entries) + 1))
    assert rows(VoteSlot) == 12


def test_a_ballot_opened_as_a_test_is_never_cast(cast: Cast) -> None:
    held = make_vote(cast)
    pending = held.prepare(1, YES)
    assert casting.open_as_test(held.id, held.voter(1), pending.body, clock.now()) == pending.confirmation
    with pytest.raises(BallotWasTested):
        casting.cast_ballot(held.id, held.voter(1), pending.body, clock.now())
    assert held.vote_for(1, NO).entry == 3


def test_a_cast_ballot_is_not_opened_afterwards(cast: Cast) -> None:
    held = make_vote(cast)
    pending = held.prepare(1, YES)
    casting.cast_ballot(held.id, held.voter(1), pending.body, clock.now())
    with pytest.raises(BallotOutOfTurn):
        casting.open_as_test(held.id, held.voter(1), pending.body, clock.now())


def test_after_the_end_nothing_is_cast_but_a_receipt_is_shown_again(cast: Cast) -> None:
    held = make_vote(cast)
    pending, late = held.prepare(1, YES), held.prepare(2, YES)
    receipt = casting.cast_ballot(held.id, held.voter(1), pending.body, clock.now())
    held.end()
    with pytest.raises(PeriodOver):
        casting.cast_ballot(held.id, held.voter(2), late.body, clock.now())
    assert casting.cast_ballot(held.id, held.voter(1), pending.body, clock.now()) == receipt


def test_a_group_that_comes_over_the_end_is_refused_whole_and_ends_the_period(cast: Cast) -> None:
    held = make_vote(cast)
    manifest, end = held.replayed.manifest, held.vote.ends_at
    assert end is not None
    ballots = [read_ballot(held.prepare(number, YES).body, manifest) for number in (1, 2)]
    moments = [end - timedelta(seconds=1), end]
    postings = [Posting(held.voter(n), one, at) for n, one, at in zip((1, 2), ballots, moments, strict=True)]
    assert [type(one) for one in casting.post_ballots(held.id, postings)] == [PeriodOver] * 2
    assert held.vote.ended_at == end


def test_a_paper_vote_ends_voting_online(cast: Cast) -> None:
    held = make_vote(cast)
    held.vote_for(1, YES)
    conducting.record_paper(held.id, held.entries[0], "paper", actor(cast.editor), clock.now())
    with pytest.raises(VotedOnPaper):
        held.vote_for(1, NO)
    assert (held.board.ballots, held.board.paper, rows(Participation)) == (0, 1, 1)


def test_what_is_sealed_opens_for_its_voter_and_for_a_quarter_of_an_hour(cast: Cast) -> None:
    held, now = make_vote(cast), clock.now()
    pending = replace(held.prepare(1, YES), until=now + timedelta(minutes=15))
    field = sealing.to_field(pending, "vote|1")
    assert sealing.from_field(field, "vote|1", now).body == pending.body
    late = now + timedelta(minutes=16)
    for wrong, place, at in (
        (field, "vote|2", now),
        (field, "vote|1", late),
        ("00", "vote|1", now),
        ("x", "vote|1", now),
    ):
        with pytest.raises(BallotExpired):
            sealing.from_field(wrong, place, at)


def test_a_sealed_field_is_as_long_for_every_choice(cast: Cast) -> None:
    held = make_vote(cast)
    assert len({len(sealing.to_field(held.prepare(1, choice), "v")) for choice in (YES, NO, [0, 0, 1])}) == 1
