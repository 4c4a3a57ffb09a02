"""Kills while ballots are cast (SQLite; PostgreSQL in its folder)."""

from tests.cast import Cast
from tests.consultations.votes.casting.killing import check_no_receipt_lost, lost, published_of, receipts_under_kills
from tests.factories.votes import make_vote

KILLS = 25


def test_twenty_five_kills_lose_no_acknowledged_ballot(cast: Cast) -> None:
    held = make_vote(cast)
    check_no_receipt_lost(held, receipts_under_kills(held, KILLS))


def test_a_server_that_tells_its_voters_before_the_commit_is_found_out(cast: Cast) -> None:
    """The guard, broken."""
    held = make_vote(cast)
    receipts = receipts_under_kills(held, 2, "hasty")
    assert lost(published_of(held), receipts) != []
