"""One box: what opens it, and that its length says nothing."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PrivateKey, SealedBox

from consultations.votes.offline.streams import stream
from consultations.votes.protocol.refusals import Refused
from consultations.votes.sealed.boxes import box_size, close_box, open_box, public_of, read_box_key
from consultations.votes.sealed.rules import TextRules, padded, read_content, read_rules, unpadded
from tests.consultations.votes.sealed.people import CODES, RANKED, TEXT, WEAK, manifest

SECRET = bytes(range(1, 33))
MANIFESTS = {"ranked": manifest(RANKED), "weak": manifest(WEAK), "text": manifest(TEXT)}


@st.composite
def rankings(draw: Callable[[st.SearchStrategy[list[str]]], list[str]], ties: bool) -> list[list[str]]:
    """Some codes, cut into ranks."""
    ranked = draw(st.permutations(CODES))[: len(draw(st.lists(st.just(""), max_size=4)))]
    if not ties:
        return [[code] for code in ranked]
    return [sorted(ranked[:2]), *([code] for code in ranked[2:])] if ranked else []


CHOICES = {
    "ranked": rankings(ties=False),
    "weak": rankings(ties=True),
    "text": st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=40),
}


def test_pynacl_opens_what_is_closed_here_and_the_other_way_round() -> None:
    box = close_box(b"content", public_of(SECRET), stream("test", b"1"))
    assert SealedBox(PrivateKey(SECRET)).decrypt(box) == b"content"
    assert open_box(SealedBox(PrivateKey(SECRET).public_key).encrypt(b"content"), SECRET) == b"content"


def test_the_same_randomness_gives_the_same_box_and_other_randomness_another() -> None:
    drawn = [close_box(b"content", public_of(SECRET), stream("test", seed)) for seed in (b"1", b"1", b"2")]
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_box_with_any_byte_changed_does_not_open() -> None:
    box = close_box(b"content", public_of(SECRET), stream("test", b"1"))
    for place in range(len(box)):
        for bit in (1, 128):
            changed = bytes([*box[:place], box[place] ^ bit, *box[place + 1 :]])
            assert open_box(changed, SECRET) is None, place
    assert open_box(box[:-1], SECRET) is None
    assert open_box(b"", SECRET) is None
    assert open_box(box, bytes(reversed(SECRET))) is None


@pytest.mark.parametrize("point", ["00" * 32, "01" + "00" * 31, "ec" + "ff" * 30 + "7f"])
def test_a_key_that_everybody_could_open_for_is_refused(point: str) -> None:
    with pytest.raises(Refused, match="point"):
        read_box_key(point, "opener")


@pytest.mark.parametrize("kind", CHOICES)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_every_choice_makes_a_box_of_one_length_at_every_step_and_comes_out_as_it_went_in(
    kind: str, data: st.DataObject
) -> None:
    vote = MANIFESTS[kind]
    choice = data.draw(CHOICES[kind])
    boxes = vote.boxes(choice, stream("test", b"1"))
    assert [len(one) for one in boxes] == [vote.size(step) for step in range(vote.layers)]
    assert len(vote.seal(choice, stream("test", b"1"))) == vote.cast_size == vote.size(0) + 80
    rules = vote.rules
    assert read_content(rules, unpadded(padded(rules.content(choice), rules.size))) == choice


def test_the_longest_choice_fits_exactly() -> None:
    assert len(RANKED.content([[code] for code in CODES])) == RANKED.size
    assert len(TEXT.content("𠮷" * 40)) == TEXT.size
    assert box_size(TEXT, 2) == 160 + 4 + 2 * 80


@pytest.mark.parametrize("choice", [
    None, "o01", 1, {}, [["o05"]], [["o01"], ["o01"]], [["o01", "o01"]], [["o02", "o01"]], [[]], [["o01"], []], ["o01"],
    [[1]], [["o01", "o02"]],
])  # fmt: skip
def test_what_is_no_ranking_by_the_rules_is_never_sealed(choice: object) -> None:
    with pytest.raises(Refused, match="choice"):
        MANIFESTS["ranked"].seal(choice, stream("test", b"1"))


def test_the_rules_say_how_many_and_whether_ties() -> None:
    value = RANKED.value
    rules = read_rules(value | {"least": 2, "most": 3})
    allowed = [rules.allows([[code] for code in CODES[:number]]) for number in range(5)]
    assert allowed == [False, False, True, True, False]
    assert WEAK.allows([["o01", "o02"], ["o03"]])
    assert not RANKED.allows([["o01", "o02"], ["o03"]])


@pytest.mark.parametrize("choice", ["a" * 41, "a\tb", "a\0", "\ud800", [], None, 7])
def test_what_is_no_text_by_the_rules_is_never_sealed(choice: object) -> None:
    with pytest.raises(Refused, match="choice"):
        MANIFESTS["text"].seal(choice, stream("test", b"1"))


@pytest.mark.parametrize("value", [
    {}, {"kind": "text", "least": 3, "most": 2}, {"kind": "text", "least": 0, "most": 2001},
    {**RANKED.value, "kind": "score"}, {**RANKED.value, "most": 5}, {**RANKED.value, "least": 5},
    {**RANKED.value, "candidates": RANKED.value["candidates"][:1]}, {**RANKED.value, "ties": 1},
    {**RANKED.value, "candidates": list(reversed(RANKED.value["candidates"]))}, {**RANKED.value, "x": 1},
])  # fmt: skip
def test_rules_that_make_no_sense_are_refused(value: object) -> None:
    with pytest.raises(Refused):
        read_rules(value)


@pytest.mark.parametrize("block", [b"\0\0\0\x09a", b"\xff\xff\xff\xffa", b"\0\0\0\x01a\0\0b", b"\0\0\0\0a"])
def test_padding_that_says_something_is_refused(block: bytes) -> None:
    with pytest.raises(Refused, match="canonical"):
        unpadded(block)


def test_drawn_control_choices_obey_the_rules() -> None:
    for rules in (
        RANKED,
        WEAK,
        TEXT,
        TextRules(3, 5),
        TextRules(30, 31),
        read_rules(RANKED.value | {"least": 1, "most": 2}),
    ):
        for seed in range(20):
            assert rules.allows(rules.drawn(stream("test", bytes([seed]))))
