"""Votes on a real PostgreSQL: ballots that arrive together, and a board that nobody changes."""

import pytest
import sqlalchemy as sa
from flask import Flask

from civic import clock
from civic.db import writing
from consultations.votes.posting import actions as posting
from tests.cast import Cast
from tests.consultations.votes.casting import racing
from tests.consultations.votes.casting.killing import check_no_receipt_lost, receipts_under_kills
from tests.factories.votes import make_vote


def test_everybody_votes_at_once(app: Flask) -> None:
    racing.everybody_at_once(app, make_vote(Cast(app)))


def test_in_one_transaction_each_ballot_is_refused_alone(app: Flask) -> None:
    racing.refused_alone(make_vote(Cast(app)))


def test_a_double_click_is_one_ballot(app: Flask) -> None:
    racing.one_ballot_many_times(app, make_vote(Cast(app)))


def test_two_windows_of_one_person_are_one_ballot(app: Flask) -> None:
    racing.two_choices_of_one_person(app, make_vote(Cast(app)))


def test_no_ballot_slips_by_the_close(app: Flask) -> None:
    cast = Cast(app)
    racing.ballots_while_it_closes(app, cast, make_vote(cast))


def test_twenty_five_kills_lose_no_acknowledged_ballot(app: Flask) -> None:
    held = make_vote(Cast(app))
    check_no_receipt_lost(held, receipts_under_kills(held, 25))


def test_a_vote_is_counted(app: Flask) -> None:
    held = make_vote(Cast(app))
    for number in range(1, 13):
        held.vote_for(number, [0, 1, 0])
    assert held.count(1, 3) == [[0, 12, 0]]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE board_entry SET kind = 'void'", "DELETE FROM board_entry", "TRUNCATE board_entry", "DELETE FROM board_checkpoint"],
)  # fmt: skip
def test_the_database_refuses_to_change_what_stands_on_a_board(app: Flask, statement: str) -> None:
    held = make_vote(Cast(app))
    held.vote_for(1, [1, 0, 0])
    posting.sign_head(held.id, clock.now())
    with pytest.raises(sa.exc.DBAPIError, match="never changed"), writing() as session:
        session.execute(sa.text(statement))
