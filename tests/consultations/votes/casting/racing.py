"""Ballots that arrive together: stories for both engines."""

from flask import Flask

from civic import clock
from consultations.votes.casting import actions as casting
from consultations.votes.conducting import actions as conducting
from consultations.votes.protocol.board import read_published
from consultations.votes.protocol.encoding import read
from tests.cast import Cast
from tests.factories.surveys import actor
from tests.factories.votes import Held
from tests.racing import kinds, together


def everybody_at_once(app: Flask, held: Held) -> None:
    """Every acknowledged ballot stands on the board, once, in one unbroken chain."""
    pending = {number: held.prepare(number, [1, 0, 0]) for number in range(1, 13)}
    works = [
        lambda number=number, one=one: casting.cast_ballot(held.id, held.voter(number), one.body, clock.now())
        for number, one in pending.items()
    ]
    assert kinds(together(app, *works)) == {"done": 12}
    board = read_published(read(held.file)).board
    assert (board.length, len(board.counted), held.board.ballots) == (13, 12, 12)


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
        return conducting.close_vote(held.id, editor, clock.now())

    works = [
        lambda number=number, one=one: casting.cast_ballot(held.id, held.voter(number), one.body, clock.now())
        for number, one in pending.items()
    ]
    results = together(app, *works, stop_and_close)
    done = kinds(results)["done"] - 1
    board = read_published(read(held.file)).board
    assert len(board.counted) == done == held.board.ballots
    assert board.stage == "closed"
