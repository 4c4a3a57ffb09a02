"""From the close to the choices: what went in comes out, in an order that says nothing."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultations.votes.offline.streams import stream
from consultations.votes.protocol.encoding import Json, canonical, read
from consultations.votes.protocol.group import Random
from consultations.votes.protocol.refusals import Refused
from consultations.votes.sealed.boxes import HEAD, close_box, open_box
from consultations.votes.sealed.checking import chain_of, check_ballots, check_close, check_controls
from consultations.votes.sealed.controls import read_controls
from consultations.votes.sealed.counts import count, counted_choices, result_value, taken_out
from consultations.votes.sealed.manifest import LIMITS
from consultations.votes.sealed.rules import Choice, padded
from consultations.votes.sealed.steps import close_vote, read_step
from tests.consultations.votes.sealed.people import (
    CODES,
    RANKED,
    TEXT,
    WEAK,
    Vote,
    key,
    manifest,
    opened_choices,
    some_choices,
)

RANKINGS = st.permutations(CODES).flatmap(lambda order: st.integers(0, 4).map(lambda n: [[one] for one in order[:n]]))


def multiset(choices: Sequence[Choice]) -> Counter[bytes]:
    return Counter(map(canonical, choices))


def counted(vote: Vote) -> list[Choice]:
    """As anybody finds them who has the files: read, checked, control ballots taken off."""
    chain = chain_of(read_step(read(canonical(step.value))) for step in reversed(vote.steps))
    controls = read_controls(read(canonical(vote.controls.value)), chain.last.manifest)
    check_ballots(chain, vote.cast, controls)
    assert check_close(chain, vote.cast, controls)
    return counted_choices(chain, controls)


@settings(max_examples=8, deadline=None)
@given(st.lists(RANKINGS, min_size=10, max_size=16), st.sampled_from([2, 3]), st.integers(0, 12))
def test_what_was_cast_is_what_is_counted(choices: list[Choice], openers: int, controls: int) -> None:
    vote = Vote(manifest(RANKED, openers), choices, controls).run()
    assert multiset(counted(vote)) == multiset(choices)
    assert len(opened_choices(vote)) == len(choices) + controls


@settings(max_examples=4, deadline=None)
@given(st.permutations(range(12)))
def test_the_order_of_casting_leaves_no_trace_in_any_file(order: list[int]) -> None:
    """The same boxes, handed in in another order, give the same files byte by byte."""
    vote, other = Vote(), Vote()
    other.random = vote.random = stream("test-close", b"")
    vote.close(vote.cast)
    other.random = stream("test-close", b"")
    other.close([vote.cast[place] for place in order])
    for one in (vote.run(), other.run()):
        assert len(one.steps) == 4
    assert [canonical(one.value) for one in vote.steps] == [canonical(one.value) for one in other.steps]


def test_every_file_is_sorted_so_that_places_link_nothing() -> None:
    vote = Vote(manifest(TEXT, 3), [f"意見{number}" for number in range(12)]).run()
    for step in vote.steps:
        assert list(step.contents) == sorted(step.contents)
    assert sorted(counted(vote)) == [f"意見{number}" for number in sorted(range(12), key=str)]


def test_one_opener_sees_neither_choices_nor_the_boxes_of_the_next_layer_but_one() -> None:
    """Whoever opens with the first key finds boxes that the first key does not open."""
    vote = Vote()
    inner = [open_box(box, key(1).box) for box in vote.steps[0].contents]
    assert all(one is not None and open_box(one[HEAD:], key(1).box) is None for one in inner)
    assert all(one is not None and open_box(one[HEAD:], key(1).closing) is None for one in inner)
    for step in vote.run().steps[:3]:
        file = canonical(step.value)
        assert not any(one in file or one.hex().encode() in file for one in map(canonical, vote.choices))


def test_copies_of_a_box_are_counted_once_and_named() -> None:
    vote = Vote()
    vote.close([*vote.cast, vote.cast[3], vote.cast[3], vote.cast[5]])
    assert [one["times"] for one in vote.steps[0].batch.doubled] in ([3, 2], [2, 3])
    assert multiset(counted(vote.run())) == multiset(vote.choices)
    assert taken_out(chain_of(vote.steps)).doubled == 3


def test_an_inner_box_wrapped_anew_by_an_accomplice_is_counted_once_and_named() -> None:
    """The first opener gives a friend the inside of somebody's box; the friend casts it again in a seal of his own."""
    vote = Vote()
    inner = vote.ballots[3][1]
    random = stream("friend", b"")
    again = vote.manifest.covered(close_box(vote.manifest.vote + inner, vote.manifest.keys[0], random), random)
    vote.close([*vote.cast, again])
    assert multiset(counted(vote.run())) == multiset(vote.choices)
    assert vote.steps[1].records[0].doubled == [{"box": inner.hex(), "times": 2}]
    assert chain_of(vote.steps).last.records[0].before.count == chain_of(vote.steps).last.records[0].after.count + 1


def test_a_box_cast_under_two_covers_is_counted_once_and_named() -> None:
    vote = Vote()
    again = vote.manifest.covered(vote.ballots[3][0], stream("friend", b""))
    vote.close([*vote.cast, again])
    assert multiset(counted(vote.run())) == multiset(vote.choices)
    named = vote.steps[0].batch.invalid
    assert [one["reason"] for one in named] == ["copy"]
    assert named[0]["box"] == max(again, vote.cast[3]).hex()


def bad_box(vote: Vote, kind: str) -> bytes:
    """A box of the right length that is none of this vote's at some layer, under the cover or above."""
    sealing, random = vote.manifest, stream("test-bad", kind.encode())
    content, other = sealing.rules.content([["o01"]]), manifest(RANKED, salt="other")
    whole = {
        "garbage": lambda: random(sealing.cast_size),
        "garbage under the cover": lambda: sealing.covered(random(sealing.size(0)), random),
        "other vote": lambda: other.seal([["o01"]], random),
        "other vote under the cover": lambda: sealing.covered(other.boxes([["o01"]], random)[0], random),
        "wrong order of keys": lambda: _nested(vote, b"\0\0\0\x0b" + content, [1, 0, 2], random),
        "bad padding": lambda: _nested(vote, padded(content, sealing.rules.size)[:-1] + b"x", [0, 1, 2], random),
        "not canonical": lambda: _nested(vote, padded(b'[ ["o01"]]', sealing.rules.size), [0, 1, 2], random),
        "forbidden choice": lambda: _nested(vote, padded(b'[["o09"]]', sealing.rules.size), [0, 1, 2], random),
    }
    return whole[kind]()


def _nested(vote: Vote, content: bytes, order: Sequence[int], random: Random) -> bytes:
    for place in reversed(order):
        content = close_box(
            vote.manifest.vote + content.ljust(vote.manifest.rules.size + 4, b"\0"), vote.manifest.keys[place], random
        )
    return vote.manifest.covered(content, random)


@pytest.mark.parametrize(("kind", "step", "reason"), [
    ("garbage", 0, "sealed"), ("garbage under the cover", 1, "sealed"), ("other vote", 0, "vote"),
    ("other vote under the cover", 1, "vote"), ("wrong order of keys", 1, "sealed"),
    ("bad padding", 3, "content"), ("not canonical", 3, "content"), ("forbidden choice", 3, "choice"),
])  # fmt: skip
def test_a_bad_box_is_named_where_it_shows_and_stops_nobody(kind: str, step: int, reason: str) -> None:
    vote = Vote()
    box = bad_box(vote, kind)
    vote.close([*vote.cast, box])
    assert multiset(counted(vote.run())) == multiset(vote.choices)
    last = vote.steps[-1]
    named = {place: one.invalid for place, one in enumerate([last.batch, *last.records]) if one.invalid}
    assert {place: [one["reason"] for one in listed] for place, listed in named.items()} == {step: [reason]}
    assert step or named[0][0]["box"] == box.hex()
    assert taken_out(chain_of(vote.steps)).invalid == {reason: 1}


def test_fewer_than_ten_ballots_are_not_closed_whatever_the_control_ballots() -> None:
    with pytest.raises(Refused, match="few"):
        Vote(choices=some_choices(9), count=50)
    assert Vote(choices=some_choices(10)).run()
    vote = Vote(choices=some_choices(10))
    with pytest.raises(Refused, match="few"):
        close_vote([*vote.cast[:9], vote.cast[0]], vote.controls, key(0).signing)


def test_control_ballots_are_nothing_but_their_secret() -> None:
    vote = Vote().run()
    controls = read_controls(vote.controls.value, vote.manifest)
    assert controls.boxes == vote.controls.boxes
    assert controls.hash == vote.steps[0].batch.controls.hash
    check_controls(chain_of(vote.steps), controls)
    assert all(vote.controls.secret.hex().encode() not in canonical(step.value) for step in vote.steps)
    assert not any(one.hex() in repr(vote.controls) for one in (controls.secret, controls.cover))


@pytest.mark.parametrize(("rules", "method", "seats"), [
    (RANKED, "wigm", 2), (RANKED, "meek", 2), (RANKED, "irv", 1), (RANKED, "schulze", 1), (RANKED, "borda", 1),
    (WEAK, "schulze", 1), (WEAK, "borda", 2),
])  # fmt: skip
def test_rankings_are_counted_by_the_methods_that_can(rules: object, method: str, seats: int) -> None:
    choices: list[Json] = [*[[["o02"], ["o01"]]] * 6, *[[["o01"], ["o02"]]] * 4, []]
    vote = Vote(manifest(rules), choices).run()  # type: ignore[arg-type]
    found = count(vote.manifest, counted(vote), method, seats, "seed")
    assert isinstance(found, dict)
    assert found["elected"] == ["o02", "o01"][:seats]
    value = result_value(chain_of(vote.steps), counted(vote), found)
    assert (value["cast"], value["counted"], value["controls"]) == (11, 11, 12)
    assert value["limits"] == LIMITS


@pytest.mark.parametrize(("rules", "method", "seats"), [
    (WEAK, "wigm", 1), (WEAK, "irv", 1), (TEXT, "borda", 1), (RANKED, "plurality", 1), (RANKED, "irv", 2),
])  # fmt: skip
def test_a_method_that_cannot_read_the_ballots_is_refused(rules: object, method: str, seats: int) -> None:
    with pytest.raises(Refused, match="method"):
        count(manifest(rules), [], method, seats, None)  # type: ignore[arg-type]


def test_the_published_files_name_nobody_and_carry_the_limits() -> None:
    vote = Vote().run()
    for step in vote.steps:
        assert step.value["manifest"]["limits"] == LIMITS
