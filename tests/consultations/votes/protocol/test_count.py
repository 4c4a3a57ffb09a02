"""From the ceremony to the totals."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultations.votes.protocol.board import Outcome, Stage, read_published
from consultations.votes.protocol.checkpoints import read_checkpoint, sign_checkpoint, sign_receipt
from consultations.votes.protocol.encoding import read
from consultations.votes.protocol.group import ORDER, times_base
from consultations.votes.protocol.refusals import Refused
from consultations.votes.protocol.sharing import lagrange
from consultations.votes.protocol.tally import Logarithms
from tests.factories.boards import BOARD_KEY, NOON, Poll, make_poll, score, single, slot

LOGARITHMS = Logarithms(1_000_000)


def voted(ballots: list[list[int]], **changed: object) -> Poll:
    poll = make_poll(single(2), voters=max(len(ballots), 12), **changed)
    poll.open()
    for number, choice in enumerate(ballots, 1):
        poll.cast(number, choice)
    return poll


@settings(max_examples=10, deadline=None)
@given(st.lists(st.sampled_from([[1, 0, 0], [0, 1, 0], [0, 0, 1]]), min_size=10, max_size=15))
def test_the_totals_are_the_sums_of_what_was_chosen(ballots: list[list[int]]) -> None:
    assert voted(ballots).count(1, 2) == [[sum(column) for column in zip(*ballots, strict=True)]]


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_when_one_trustee_loses_the_key_the_others_finish(lost: int) -> None:
    poll = voted([[1, 0, 0]] * 7 + [[0, 1, 0]] * 5)
    assert poll.count(*({1, 2, 3} - {lost})) == [[7, 5, 0]]


def test_any_large_enough_group_of_trustees_holds_the_same_key() -> None:
    poll = make_poll(trustees=5, threshold=3)
    for chosen in combinations(range(1, 6), 3):
        secret = sum(lagrange(one, chosen) * poll.secrets[one] for one in chosen) % ORDER
        assert times_base(secret) == poll.manifest.key


def test_one_share_alone_does_not_decrypt() -> None:
    poll = voted([[1, 0, 0]] * 12)
    poll.close()
    poll.share(1)
    with pytest.raises(Refused, match="result"):
        poll.result(1)


def test_nothing_is_decrypted_of_fewer_than_ten_ballots() -> None:
    poll = voted([[1, 0, 0]] * 9)
    poll.close()
    assert poll.board.outcome is Outcome.TOO_FEW
    assert poll.bodies[-1]["aggregate"] == []
    with pytest.raises(Refused, match="not_counted"):
        poll.post({"totals": [[9, 0, 0]], "trustees": [1, 2], "type": "result"})


@pytest.mark.parametrize(("voters", "paper", "outcome"), [(11, 0, "no_quorum"), (12, 0, "count"), (11, 1, "count")])
def test_paper_votes_count_towards_the_quorum(voters: int, paper: int, outcome: str) -> None:
    poll = make_poll(single(2), voters=24, quorum={"denominator": 2, "numerator": 1})
    poll.open()
    for number in range(1, voters + 1):
        poll.cast(number, [1, 0, 0])
    for number in range(24, 24 - paper, -1):
        poll.void(number)
    poll.close()
    assert poll.board.outcome == outcome


def test_a_paper_vote_takes_the_ballot_of_its_slot_out() -> None:
    poll = voted([[1, 0, 0]] * 11 + [[0, 1, 0]])
    poll.void(12)
    assert poll.count(1, 2) == [[11, 0, 0]]


def test_the_last_ballot_of_a_slot_counts() -> None:
    poll = voted([[1, 0, 0]] * 10)
    poll.cast(1, [0, 1, 0])
    poll.cast(1, [0, 0, 1])
    assert poll.count(2, 3) == [[9, 0, 1]]


def test_an_option_without_votes_and_one_with_all_are_counted() -> None:
    poll = make_poll(score(3, 5))
    poll.open()
    for number in range(1, 11):
        poll.cast(number, [5, 0, 1])
    assert poll.count(1, 3) == [[50, 0, 10]]


@pytest.mark.parametrize("value", [0, 1, 999, 1_000_000])
def test_small_logarithms_are_found(value: int) -> None:
    assert LOGARITHMS.of(times_base(value)) == value


def test_a_logarithm_above_the_largest_total_is_refused() -> None:
    with pytest.raises(Refused, match="result"):
        Logarithms(100).of(times_base(101))


def test_a_receipt_is_included_once_a_checkpoint_has_passed_it() -> None:
    poll = voted([[1, 0, 0]] * 3)
    poll.checkpoint()
    late = poll.cast(4, [1, 0, 0])
    published = read_published(read(poll.file))
    early = sign_receipt(BOARD_KEY, poll.manifest, 2, published.board.heads[2], published.board.confirmations[2])
    lost = sign_receipt(BOARD_KEY, poll.manifest, 3, published.board.heads[2], published.board.confirmations[2])
    assert [published.verdict(one) for one in (early, late, lost)] == ["included", "not_yet", "missing"]


def test_a_checkpoint_tells_ten_minutes_and_no_more() -> None:
    poll = voted([])
    point = sign_checkpoint(BOARD_KEY, poll.manifest, 1, poll.board.head, NOON.replace(minute=59))
    assert point.time.endswith("T12:50Z")
    assert read_checkpoint(point.body, poll.manifest).body == point.body


def test_a_refused_entry_leaves_the_board_as_it_was() -> None:
    poll = voted([[1, 0, 0]])
    before = (poll.board.head, poll.board.length, dict(poll.board.places))
    with pytest.raises(Refused):
        poll.post(poll.seal(1, [1, 0, 0]).body | {"slot": slot(99)})
    assert (poll.board.head, poll.board.length, poll.board.places) == before
    assert poll.board.stage is Stage.OPEN
