"""A comment of several points: its parts are cut out and joined, keep their groups, and never overlap."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic import clock
from civic.identity.accounts import Actor
from civic.refusals import NotFound
from consultations.comments.desk import actions, parts, splitting, undoing
from consultations.comments.desk.parts import Item
from consultations.comments.desk.refusals import NothingToSplit
from consultations.comments.models import Consultation
from consultations.comments.refusals import ItemMoved, SpansDoNotFit, StepOvertaken
from consultations.comments.rules import Span, SpansClash
from consultations.comments.stages import Origin
from tests.cast import Cast
from tests.consultations.desk.places import comment_id, last_step, piles, places, recorded
from tests.factories import consultations as make
from tests.factories.surveys import actor

BODY = "最終バスを遅くして。 屋根もほしい。予約は電話だけ?"  # three points
WHOLE = Span(0, len(BODY))
BUS, ROOF, PHONE = Span(0, 10), Span(11, 18), Span(18, 26)


@pytest.fixture
def clerk(cast: Cast) -> Actor:
    return actor(cast.editor)


@pytest.fixture
def held(cast: Cast) -> Consultation:
    return make.ended_with(cast, [BODY, "別の意見。"])


def split(consultation: Consultation, *spans: Span, clerk: Actor) -> int:
    seen = piles(consultation, 1)
    return splitting.split_comment(comment_id(consultation, 1), spans, seen, clerk, clock.now())


def join(consultation: Consultation, first: int, last: int, clerk: Actor) -> int:
    seen = piles(consultation, 1)
    return splitting.join_items(comment_id(consultation, 1), first, last, seen, clerk, clock.now())


def spans(consultation: Consultation) -> list[tuple[Span, int | None]]:
    return [(Span(one.start, one.stop), one.group) for one in places(consultation) if one.comment == 1]


def test_a_part_cut_out_leaves_the_rest_without_its_blanks() -> None:
    assert parts.cut_out(BODY, [WHOLE], Span(10, 18)) == [BUS, ROOF, PHONE]
    assert parts.cut_out(BODY, [BUS, ROOF, PHONE], Span(5, 14)) == [Span(0, 5), Span(5, 14), Span(14, 18), PHONE]
    assert parts.cut_out(BODY, [WHOLE], WHOLE) == [WHOLE]
    for wrong in (Span(10, 11), Span(3, 3), Span(5, 2), Span(-1, 4), Span(20, 99)):
        with pytest.raises(SpansClash):
            parts.cut_out(BODY, [WHOLE], wrong)


def test_spans_are_read_back_from_an_address_and_nothing_else_is() -> None:
    assert parts.spans_of(parts.text_of([BUS, ROOF])) == [BUS, ROOF]
    for odd in ("", "0-", "a-b", "1-2-3", "-1-4", "0-34;", "٠-٣", "0-999999999", "0-3,,"):
        assert parts.spans_of(odd) is None, odd


WORDS = st.text(alphabet="あいう 。\n\u3000", min_size=1, max_size=30)
PAIRS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=8)


@given(WORDS, PAIRS)
def test_however_often_one_cuts_no_word_is_lost_and_no_parts_overlap(body: str, cuts: list[tuple[int, int]]) -> None:
    now = [Span(0, len(body))]
    for cut in cuts:
        try:
            now = parts.cut_out(body, now, Span(*cut))
        except SpansClash:
            continue
    assert all(one.stop <= after.start for one, after in pairwise(now))
    assert "".join("".join(body[one.start : one.stop] for one in now).split()) == "".join(body.split())


ITEMS = [
    Item(1, 7, 0, 10, 4, Origin.MACHINE),
    Item(2, 7, 10, 20, 4, Origin.PERSON),
    Item(3, 7, 20, 30, None, Origin.MACHINE),
]


@pytest.mark.parametrize(
    ("span", "item"),
    [
        (Span(0, 10), ITEMS[0]),
        (Span(0, 4), Item(None, 7, 0, 4, 4, Origin.MACHINE)),
        (Span(12, 20), Item(None, 7, 12, 20, 4, Origin.PERSON)),
        (Span(0, 20), Item(None, 7, 0, 20, 4, Origin.PERSON)),
        (Span(0, 30), Item(None, 7, 0, 30, None, Origin.PERSON)),
        (Span(5, 15), Item(None, 7, 5, 15, None, Origin.PERSON)),
        (Span(20, 25), Item(None, 7, 20, 25, None, Origin.MACHINE)),
        (Span(30, 40), Item(None, 7, 30, 40, None, Origin.PERSON)),
    ],
)
def test_a_part_lies_where_the_items_it_is_made_of_lay(span: Span, item: Item) -> None:
    assert parts.placed(7, [span], ITEMS) == [item]


def test_a_comment_is_split_and_its_parts_keep_its_group(held: Consultation, clerk: Actor) -> None:
    bus = actions.create_group(held.id, "バス", piles(held, 1), clerk, clock.now())
    split(held, BUS, ROOF, PHONE, clerk=clerk)
    assert spans(held) == [(BUS, bus), (ROOF, bus), (PHONE, bus)]
    kept = places(held)[0]
    split(held, BUS, ROOF, clerk=clerk)
    assert spans(held) == [(BUS, bus), (ROOF, bus)]
    assert places(held)[0] == kept
    record = recorded("opinion.split")[0]
    assert (record.subject, record.details["comment"], record.details["items"]) == (
        "consultation:transport-plan:comment:1", 1, 3,
    )  # fmt: skip


def test_parts_are_joined_back_and_every_step_comes_back_exactly(held: Consultation, clerk: Actor) -> None:
    history = [places(held)]
    bus = actions.create_group(held.id, "バス", [], clerk, clock.now())
    history.append(places(held))
    split(held, BUS, ROOF, PHONE, clerk=clerk)
    history.append(places(held))
    actions.move_items(held.id, piles(held, 1)[:1], bus, clerk, clock.now())
    history.append(places(held))
    join(held, 1, 2, clerk)
    assert spans(held) == [(BUS, bus), (Span(11, 26), None)]
    history.append(places(held))
    join(held, 0, 1, clerk)
    assert spans(held) == [(WHOLE, None)]
    for before in reversed(history):
        undoing.undo(held.id, last_step(held).id, clerk, clock.now())
        assert places(held) == before
    assert len(recorded("opinion.joined")) == 2


def test_a_part_made_in_the_gap_keeps_the_whole_from_coming_back(held: Consultation, clerk: Actor) -> None:
    split(held, BUS, clerk=clerk)
    first = last_step(held).id
    split(held, BUS, PHONE, clerk=clerk)
    with pytest.raises(StepOvertaken):
        undoing.undo(held.id, first, clerk, clock.now())
    assert [span for span, _group in spans(held)] == [BUS, PHONE]


def test_parts_that_do_not_fit_are_refused_and_nothing_changes(held: Consultation, clerk: Actor) -> None:
    before = places(held)
    for wrong in ([], [Span(0, 99)], [Span(0, 5), Span(4, 8)], [Span(3, 3)], [Span(i, i + 1) for i in range(26)] * 20):
        with pytest.raises(SpansDoNotFit):
            split(held, *wrong, clerk=clerk)
    with pytest.raises(SpansDoNotFit):
        join(held, 0, 1, clerk)
    with pytest.raises(NothingToSplit):
        split(held, WHOLE, clerk=clerk)
    with pytest.raises(NotFound):
        splitting.split_comment(99, [BUS], [], clerk, clock.now())
    assert places(held) == before


def test_a_comment_somebody_else_split_or_moved_is_not_split_over_it(held: Consultation, clerk: Actor) -> None:
    seen = piles(held, 1)
    split(held, BUS, ROOF, clerk=clerk)
    with pytest.raises(ItemMoved):
        splitting.split_comment(comment_id(held, 1), [BUS, PHONE], seen, clerk, clock.now())
    seen = piles(held, 1)
    actions.create_group(held.id, "屋根", seen[1:], clerk, clock.now())
    with pytest.raises(ItemMoved):
        splitting.join_items(comment_id(held, 1), 0, 1, seen, clerk, clock.now())
    assert [span for span, _group in spans(held)] == [BUS, ROOF]


def test_a_comment_of_200_000_characters_is_split_within_the_time_of_a_transaction(cast: Cast, clerk: Actor) -> None:
    body = ("バスを増やしてほしいです。" * 20_000)[:200_000]
    held = make.ended_with(cast, [body])
    wanted = [Span(start, start + 1_000) for start in range(0, 200_000, 1_000)]
    began = time.perf_counter()
    split(held, *wanted, clerk=clerk)
    took = time.perf_counter() - began
    assert len(places(held)) == 200
    assert took < 2
    undoing.undo(held.id, last_step(held).id, clerk, clock.now())
    assert [(one.start, one.stop) for one in places(held)] == [(0, 200_000)]
