"""Ballots that arrive together, on SQLite."""

from flask import Flask

from tests.cast import Cast
from tests.consultations.votes.casting import racing
from tests.factories.votes import make_vote


def test_everybody_votes_at_once(app: Flask, cast: Cast) -> None:
    racing.everybody_at_once(app, make_vote(cast))


def test_a_double_click_is_one_ballot(app: Flask, cast: Cast) -> None:
    racing.one_ballot_many_times(app, make_vote(cast))


def test_two_windows_of_one_person_are_one_ballot(app: Flask, cast: Cast) -> None:
    racing.two_choices_of_one_person(app, make_vote(cast))


def test_no_ballot_slips_by_the_close(app: Flask, cast: Cast) -> None:
    racing.ballots_while_it_closes(app, cast, make_vote(cast))


def test_in_one_transaction_each_ballot_is_refused_alone(cast: Cast) -> None:
    racing.refused_alone(make_vote(cast))
