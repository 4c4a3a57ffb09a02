"""The public draw: anybody with the seed draws the same, and nothing else has a say."""

from hashlib import sha256

import pytest
from hypothesis import strategies as st

from consultations.votes.counting.draw import Reason, disfavour, draw, favour
from consultations.votes.counting.errors import BadSeed, SeedMissing
from tests.consultations.votes.counting.strategies import OPTIONS, SEEDS, given


def test_the_order_can_be_recomputed_with_any_sha256():
    def digest(code):
        return sha256(b"machikoe/votes/draw/1" + (7).to_bytes(8, "big") + b"3-17-42" + code.encode()).hexdigest()

    assert list(draw("3-17-42", OPTIONS)) == sorted(OPTIONS, key=digest)


@given(SEEDS, st.permutations(OPTIONS))
def test_the_order_of_the_options_given_has_no_say(seed, given_order):
    assert draw(seed, given_order) == draw(seed, OPTIONS)


@given(SEEDS, st.sets(st.sampled_from(OPTIONS)))
def test_some_options_keep_the_order_they_have_among_all(seed, some):
    assert draw(seed, some) == tuple(code for code in draw(seed, OPTIONS) if code in some)


def test_every_order_comes_up_about_equally_often():
    orders = [draw(str(seed), "abc") for seed in range(6000)]
    counts = [orders.count(order) for order in set(orders)]
    assert len(counts) == 6
    assert all(850 < count < 1150 for count in counts)


def test_the_first_is_favoured_and_the_last_is_excluded():
    order = draw("7", "abc")
    assert favour("7", "cab", 2, Reason.SEAT).taken == order[:2]
    assert disfavour("7", "cab").taken == order[2:]


def test_a_tie_without_a_seed_names_those_tied():
    with pytest.raises(SeedMissing, match="a, c are tied") as refused:
        favour(None, ["c", "a"], 1, Reason.SEAT)
    assert refused.value.among == ("a", "c")


def test_an_empty_seed_is_none():
    with pytest.raises(BadSeed):
        draw("", "ab")
