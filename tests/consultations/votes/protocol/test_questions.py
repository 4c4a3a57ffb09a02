"""What a choice may be, and how it is spelled in bits."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.votes.protocol.ballots import check_ballot, read_ballot, seal
from consultations.votes.protocol.questions import Question, read_question
from consultations.votes.protocol.refusals import Refused
from tests.factories.boards import approval, drawn_from, make_poll, score, single, slot


@given(st.integers(2, 20))
def test_bits_spell_every_number_of_points_and_none_above(points: int) -> None:
    weights = read_question(score(1, points)).weights
    sums = {
        sum(bit * weight for bit, weight in zip(bits, weights, strict=True))
        for bits in product((0, 1), repeat=len(weights))
    }
    assert sums == set(range(points + 1))


@given(st.integers(2, 20), st.data())
def test_a_spelled_number_is_read_back(points: int, data: st.DataObject) -> None:
    question = read_question(score(3, points))
    values = data.draw(st.lists(st.integers(0, points), min_size=3, max_size=3))
    spelled = batched(question.bits_of(values), len(question.weights))
    read = [sum(bit * weight for bit, weight in zip(bits, question.weights, strict=True)) for bits in spelled]
    assert read == values


def batched(bits: list[int], size: int) -> list[list[int]]:
    return [bits[start : start + size] for start in range(0, len(bits), size)]


QUESTIONS = [
    single(2), single(3, blank=False), approval(3, 1, 2), approval(3, 0, 3, blank=False), score(2, 3),
    score(2, 2, blank=True),
]  # fmt: skip


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda one: f"{one['kind']}-{one['blank']}")
def test_exactly_the_permitted_choices_can_be_proved(asked: dict[str, object]) -> None:
    poll = make_poll(asked)
    question = poll.manifest.questions[0]
    for values in product(range(question.points + 2), repeat=question.columns):
        if question.allows(values):
            body = seal(poll.manifest, [values], slot(1), 1, "", poll.random).body
            check_ballot(read_ballot(body, poll.manifest), poll.manifest)
        else:
            with pytest.raises(Refused, match="choice"):
                seal(poll.manifest, [values], slot(1), 1, "", poll.random)


def test_what_is_permitted_is_what_the_question_says() -> None:
    def allowed(asked: dict[str, object], top: int) -> set[tuple[int, ...]]:
        question: Question = read_question(asked)
        return {values for values in product(range(top + 1), repeat=question.columns) if question.allows(values)}

    assert allowed(single(2), 2) == {(1, 0, 0), (0, 1, 0), (0, 0, 1)}
    assert allowed(approval(2, 1, 2), 2) == {(1, 0, 0), (0, 1, 0), (1, 1, 0), (0, 0, 1)}
    assert allowed(score(1, 2, blank=True), 3) == {(0, 0), (1, 0), (2, 0), (0, 1)}


@pytest.mark.parametrize(
    "changed",
    [
        {"min": 2}, {"max": 2}, {"points": 2}, {"kind": "ranking"}, {"blank": 1}, {"code": "Q1"}, {"options": []},
        {"text": {"en": "only English"}}, {"options": [{"code": "o02", "text": {"ja": "案"}}] * 2},
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_counted_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(Refused):
        read_question(single(2) | changed)


def test_the_random_bytes_of_a_ballot_decide_it_wholly() -> None:
    poll = make_poll()
    one, same = (seal(poll.manifest, [[1, 0, 0]], slot(1), 1, "", drawn_from("a")) for _ in range(2))
    assert one == same
    assert one.body != seal(poll.manifest, [[1, 0, 0]], slot(1), 1, "", drawn_from("b")).body
