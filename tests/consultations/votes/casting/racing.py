"""Ballots that arrive together: stories for both engines."""

from flask import Flask

from civic import clock
from civic.db import db, writing
from consultations.votes.casting import actions as casting
from consultations.votes.casting import sealing
from consultations.votes.casting.actions import Posted, Posting, Voter
from consultations.votes.conducting import actions as conducting
from consultations.votes.posting import actions as posting
from consultations.votes.posting import boards
from consultations.votes.protocol.ballots import read_ballot
from consultations.votes.protocol.board import read_published
from consultations.votes.protocol.checkpoints import Receipt
from consultations.votes.protocol.encoding import read
from consultations.votes.refusals import BallotOutOfTurn, BallotWasTested, NotOnTheRoll, VotedOnPaper
from tests.cast import Cast
from tests.factories.surveys import actor
from tests.factories.votes import Held
from tests.racing import kinds, together


def everybody_at_once(app: Flask, held: Held) -> None:
    """Every acknowledged ballot stands on the board, once, in one unbroken chain; the one of another's slot does not."""
    ballots = [(held.voter(number), held.prepare(number, [1, 0, 0])) for number in range(1, 13)]
    works = [
        lambda voter=voter, one=one: casting.cast_ballot(held.id, voter, one.body, clock.now())
        for voter, one in [*ballots, (held.voter(2), held.prepare(1, [0, 1, 0]))]
    ]
    results = together(app, *works)
    receipts = [one for one in results if isinstance(one, Receipt)]
    published = read_published(read(held.file))
    assert kinds(results) == {"done": 12, "BallotOutOfTurn": 1}
    assert {published.verdict(one) for one in receipts} == {"not_yet"}
    assert {one.entry for one in receipts} == set(range(2, 14))
    assert (published.board.length, len(published.board.counted), held.board.ballots) == (13, 12, 12)


def refused_alone(held: Held) -> None:
    """One transaction for nine ballots, of which five are refused, each for its own reason, and one is there twice."""
    tested, again = held.prepare(5, [1, 0, 0]), held.prepare(4, [1, 0, 0])
    casting.open_as_test(held.id, held.voter(5), tested.body, clock.now())
    on_paper = held.prepare(6, [1, 0, 0])
    conducting.record_paper(held.id, held.entries[5], "paper", actor(held.cast.editor), clock.now())
    on_board = forgotten(held, 7)
    ballots = [
        (held.voter(1), held.prepare(1, [1, 0, 0])),
        (held.voter(1), held.prepare(2, [1, 0, 0])),
        (Voter(max(held.entries) + 1), held.prepare(3, [1, 0, 0])),
        (held.voter(4), again),
        (held.voter(4), again),
        (held.voter(5), tested),
        (held.voter(6), on_paper),
        (held.voter(7), on_board),
        (held.voter(8), held.prepare(8, [1, 0, 0])),
    ]
    manifest, length = held.replayed.manifest, held.board.length
    db.session.rollback()
    outcomes = casting.post_ballots(
        held.id, [Posting(voter, read_ballot(one.body, manifest), clock.now()) for voter, one in ballots]
    )
    assert [one.n - length if isinstance(one, Posted) else type(one) for one in outcomes] == [
        1, BallotOutOfTurn, NotOnTheRoll, 2, 2, BallotWasTested, VotedOnPaper, BallotOutOfTurn, 3,
    ]  # fmt: skip
    assert (read_published(read(held.file)).board.length, held.board.ballots) == (length + 3, 4)


def forgotten(held: Held, number: int) -> sealing.Pending:
    """A ballot for a turn that is taken, though the roll does not know: only the board's unique key still refuses it."""
    held.vote_for(number, [1, 0, 0])
    with writing() as session:
        slot = casting.slot_of(session, boards.latest(session, held.id).id, held.voter(number))
        slot.seq, slot.hash = 0, ""
    return held.prepare(number, [0, 1, 0])


def one_ballot_many_times(app: Flask, held: Held) -> None:
    """A double click, eight times over."""
    one = held.prepare(1, [1, 0, 0])
    cast = lambda: casting.cast_ballot(held.id, held.voter(1), one.body, clock.now())  # noqa: E731 - a work to repeat
    results = together(app, *[cast] * 8)
    assert len(set(map(str, results))) == 1
    assert (held.board.length, held.board.ballots) == (2, 1)


def two_choices_of_one_person(app: Flask, held: Held) -> None:
    """Two windows: one ballot is cast, the other told so."""
    ballots = [held.prepare(1, choice) for choice in ([1, 0, 0], [0, 1, 0])]
    works = [lambda one=one: casting.cast_ballot(held.id, held.voter(1), one.body, clock.now()) for one in ballots]
    assert kinds(together(app, *works)) == {"done": 1, "BallotOutOfTurn": 1}
    assert held.board.ballots == 1


def ballots_while_it_closes(app: Flask, cast: Cast, held: Held) -> None:
    """No ballot slips in after the published count, and none that was acknowledged is missing from it."""
    pending = {number: held.prepare(number, [1, 0, 0]) for number in range(1, 13)}
    editor, change = actor(cast.editor), held.propose_stop()
    assert cast.approver

    def stop_and_close() -> str:
        held.stop(change)
        return posting.close_vote(held.id, editor, clock.now())

    works = [
        lambda number=number, one=one: casting.cast_ballot(held.id, held.voter(number), one.body, clock.now())
        for number, one in pending.items()
    ]
    results = together(app, *works, stop_and_close)
    done = kinds(results)["done"] - 1
    board = read_published(read(held.file)).board
    assert len(board.counted) == done == held.board.ballots
    assert board.stage == "closed"
