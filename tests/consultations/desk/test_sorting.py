"""Sorting opinions step by step: groups are made, joined, split and ordered, and every step can be taken back."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from civic import clock
from civic.activities import actions as activities
from civic.activities.states import ParticipationState, State
from civic.db import db, writing
from civic.features import TextGroup
from civic.identity.accounts import Actor
from consultations.comments import sources
from consultations.comments.desk import actions, queries, splitting, undoing
from consultations.comments.desk.piles import Pile
from consultations.comments.desk.refusals import GroupAtWork, GroupGone, NothingChosen, SortingOver, TitleNeeded
from consultations.comments.models import Consultation, Inquiry, OpinionGroup
from consultations.comments.refusals import (
    GroupLocked,
    GroupNotEmpty,
    InquiryPending,
    ItemMoved,
    NothingToUndo,
    StepOvertaken,
)
from consultations.comments.rules import Span
from consultations.comments.stages import Origin, Stage
from tests.cast import Cast
from tests.consultations.desk.places import groups, last_step, piles, places, recorded, set_stage, set_state
from tests.factories import consultations as make
from tests.factories.surveys import actor

BODIES = ["バスを増やして。", "屋根がほしい。", "予約が電話だけだと使えません。", "このままで。"]


@pytest.fixture
def held(cast: Cast) -> Consultation:
    """A closed consultation to which four comments came."""
    return make.ended_with(cast, BODIES)


@pytest.fixture
def clerk(cast: Cast) -> Actor:
    return actor(cast.editor)


def where(consultation: Consultation) -> dict[int, int | None]:
    """The group of each comment that is one item."""
    return {place.comment: place.group for place in places(consultation)}


def move(consultation: Consultation, to: int | None, *numbers: int, clerk: Actor) -> int:
    return actions.move_items(consultation.id, piles(consultation, *numbers), to, clerk, clock.now())


def create(consultation: Consultation, title: str, *numbers: int, clerk: Actor) -> int:
    return actions.create_group(consultation.id, title, piles(consultation, *numbers), clerk, clock.now())


def undo(consultation: Consultation, clerk: Actor, step: int | None = None) -> None:
    undoing.undo(consultation.id, step or last_step(consultation).id, clerk, clock.now())


def test_opinions_are_grouped_moved_and_taken_out_again(held: Consultation, clerk: Actor) -> None:
    bus = create(held, "  バスの\n本数 ", 1, 3, clerk=clerk)
    assert where(held) == {1: bus, 2: None, 3: bus, 4: None}
    assert groups(held)[bus]["title"] == "バスの 本数"
    assert {place.origin for place in places(held) if place.group} == {Origin.PERSON}
    move(held, None, 3, clerk=clerk)
    move(held, bus, 2, clerk=clerk)
    assert where(held) == {1: bus, 2: bus, 3: None, 4: None}
    assert [(row.act, row.details["items"]) for row in recorded("opinion.moved")] == [
        ("opinion.moved", 1),
        ("opinion.moved", 1),
    ]
    assert recorded("group.created")[0].details == {
        "step": 1, "origin": "person", "group": bus, "title": "バスの 本数", "items": 2,
    }  # fmt: skip


def test_an_opinion_that_was_moved_meanwhile_is_not_moved_again(held: Consultation, clerk: Actor) -> None:
    first, second = create(held, "甲", 1, clerk=clerk), create(held, "乙", 2, clerk=clerk)
    seen = piles(held, 3, 4)
    move(held, first, 4, clerk=clerk)
    with pytest.raises(ItemMoved):
        actions.move_items(held.id, seen, second, clerk, clock.now())
    assert where(held) == {1: first, 2: second, 3: None, 4: first}


def test_a_group_that_waits_for_approval_or_has_it_lets_nothing_in_or_out(
    held: Consultation, clerk: Actor, cast: Cast
) -> None:
    bus, other = create(held, "バス", 1, clerk=clerk), create(held, "他", 2, clerk=clerk)
    for stage, approver in ((Stage.IN_APPROVAL, None), (Stage.LOCKED, cast.approver.id)):
        set_stage(held, bus, stage, approver)
        before = places(held), groups(held)
        for act in (
            lambda: move(held, bus, 3, clerk=clerk),
            lambda: move(held, None, 1, clerk=clerk),
            lambda: create(held, "新", 1, clerk=clerk),
            lambda: actions.merge_groups(held.id, bus, other, clerk, clock.now()),
            lambda: actions.merge_groups(held.id, other, bus, clerk, clock.now()),
            lambda: actions.rename_group(held.id, bus, "新", clerk, clock.now()),
            lambda: actions.delete_group(held.id, bus, clerk, clock.now()),
            lambda: halve(held, clerk),
            lambda: undo(held, clerk, step=1),
        ):
            with pytest.raises(GroupLocked):
                act()
        assert (places(held), groups(held)) == before


def halve(consultation: Consultation, clerk: Actor) -> None:
    """Split the first comment in two."""
    (whole,) = piles(consultation, 1)
    spans = [Span(0, 2), Span(2, whole.stop)]
    splitting.split_comment(whole.comment, spans, [whole], clerk, clock.now())


def test_a_group_is_joined_into_another_and_comes_back_with_all_it_had(held: Consultation, clerk: Actor) -> None:
    bus, roof = create(held, "バス", 1, 3, clerk=clerk), create(held, "屋根", 2, clerk=clerk)
    before = places(held), groups(held)
    actions.merge_groups(held.id, roof, bus, clerk, clock.now())
    assert where(held) == {1: bus, 2: bus, 3: bus, 4: None}
    assert list(groups(held)) == [bus]
    undo(held, clerk)
    assert (places(held), groups(held)) == before
    assert recorded("step.undone")[0].details == {"step": 3, "undone": "group.merged"}


def test_a_group_somebody_works_on_is_not_joined_away(held: Consultation, clerk: Actor, cast: Cast) -> None:
    bus, roof = create(held, "バス", 1, clerk=clerk), create(held, "屋根", 2, clerk=clerk)
    ask(held, roof, cast, settled=False)
    with pytest.raises(GroupAtWork):
        actions.merge_groups(held.id, roof, bus, clerk, clock.now())
    actions.merge_groups(held.id, bus, roof, clerk, clock.now())
    assert where(held)[1] == roof
    with pytest.raises(GroupGone):
        actions.merge_groups(held.id, bus, roof, clerk, clock.now())


def ask(consultation: Consultation, number: int, cast: Cast, *, settled: bool) -> None:
    """A department was asked about a group."""
    with writing() as session:
        group = session.scalars(
            sa.select(OpinionGroup).where(
                OpinionGroup.consultation_id == consultation.id, OpinionGroup.number == number
            )
        ).one()
        session.add(
            Inquiry(
                group_id=group.id, department_id=cast.department(), question="いかがですか。", due_on=clock.today(),
                asked_by_id=cast.editor.id, asked_at=clock.now(), settled_at=clock.now() if settled else None,
            )
        )  # fmt: skip


def test_an_empty_group_is_deleted_and_put_back_with_its_inquiries(
    held: Consultation, clerk: Actor, cast: Cast
) -> None:
    bus = create(held, "バス", 1, clerk=clerk)
    with pytest.raises(GroupNotEmpty):
        actions.delete_group(held.id, bus, clerk, clock.now())
    move(held, None, 1, clerk=clerk)
    ask(held, bus, cast, settled=True)
    before = groups(held)
    actions.delete_group(held.id, bus, clerk, clock.now())
    assert groups(held) == {}
    undo(held, clerk)
    assert groups(held) == before
    assert db.session.scalar(sa.select(Inquiry.question)) == "いかがですか。"
    ask(held, bus, cast, settled=False)
    with pytest.raises(InquiryPending):
        actions.delete_group(held.id, bus, clerk, clock.now())


def test_what_was_withdrawn_does_not_keep_a_group(held: Consultation, clerk: Actor) -> None:
    bus = create(held, "バス", 1, clerk=clerk)
    set_state(held, 1, ParticipationState.WITHDRAWN)
    with pytest.raises(ItemMoved):
        move(held, None, 1, clerk=clerk)
    actions.delete_group(held.id, bus, clerk, clock.now())
    assert where(held)[1] is None


def test_a_part_of_a_group_becomes_a_group(held: Consultation, clerk: Actor) -> None:
    bus = create(held, "バス", 1, 2, 3, clerk=clerk)
    roof = actions.split_group(held.id, bus, "屋根", piles(held, 2), clerk, clock.now())
    assert where(held) == {1: bus, 2: roof, 3: bus, 4: None}
    with pytest.raises(ItemMoved):
        actions.split_group(held.id, bus, "屋根", piles(held, 2), clerk, clock.now())
    with pytest.raises(NothingChosen):
        actions.split_group(held.id, bus, "屋根", [], clerk, clock.now())
    with pytest.raises(TitleNeeded):
        actions.split_group(held.id, bus, " \n", piles(held, 1), clerk, clock.now())
    undo(held, clerk)
    assert list(groups(held)) == [bus]


def test_groups_are_renamed_and_ordered(held: Consultation, clerk: Actor) -> None:
    first, second = create(held, "甲", clerk=clerk), create(held, "乙", clerk=clerk)
    third = create(held, "丙", clerk=clerk)

    def order() -> list[int]:
        return sorted(groups(held), key=lambda number: groups(held)[number]["position"])

    actions.reorder_group(held.id, third, True, clerk, clock.now())
    assert order() == [first, third, second]
    assert actions.reorder_group(held.id, first, True, clerk, clock.now()) is None
    actions.rename_group(held.id, first, "甲甲", clerk, clock.now())
    undo(held, clerk)
    assert groups(held)[first]["title"] == "甲"
    undo(held, clerk)
    assert order() == [first, second, third]


def test_a_step_others_rest_on_is_not_undone(held: Consultation, clerk: Actor, cast: Cast) -> None:
    bus = create(held, "バス", 1, 2, clerk=clerk)
    made = last_step(held).id
    move(held, None, 2, clerk=actor(cast.second_editor))
    with pytest.raises(StepOvertaken):
        undo(held, clerk, made)
    undo(held, clerk)
    move(held, bus, 3, clerk=clerk)
    with pytest.raises(StepOvertaken):
        undo(held, clerk, made)
    undo(held, clerk)
    actions.rename_group(held.id, bus, "市のバス", clerk, clock.now())
    with pytest.raises(StepOvertaken):
        undo(held, clerk, made)
    undo(held, clerk)
    ask(held, bus, cast, settled=True)
    with pytest.raises(StepOvertaken):
        undo(held, clerk, made)
    assert where(held) == {1: bus, 2: bus, 3: None, 4: None}


def test_a_step_is_undone_once(held: Consultation, clerk: Actor) -> None:
    create(held, "バス", 1, clerk=clerk)
    step = last_step(held).id
    undo(held, clerk, step)
    assert where(held)[1] is None
    assert [place.origin for place in places(held)] == [Origin.MACHINE] * 4
    with pytest.raises(NothingToUndo):
        undo(held, clerk, step)
    with pytest.raises(NothingToUndo):
        undo(held, clerk, 99)


def test_a_number_is_never_given_again(held: Consultation, clerk: Actor) -> None:
    first = create(held, "甲", clerk=clerk)
    undo(held, clerk)
    assert create(held, "乙", clerk=clerk) == first + 1


def topic(consultation: Consultation, label: str, *numbers: int) -> TextGroup:
    ids = {row.number: row.id for row in make.comments_of(consultation)}
    refs = tuple(sources.ref_of(consultation.slug, ids[number]) for number in numbers)
    return TextGroup(label, (*refs, "survey:open:1", "consultation:elsewhere:1"), "machine")


def test_topics_become_groups_of_what_no_person_grouped(held: Consultation, clerk: Actor) -> None:
    roof = create(held, "屋根", 2, clerk=clerk)
    topics = [topic(held, "バス", 1, 2, 3), topic(held, "屋根", 2)]
    (bus,) = actions.groups_from_topics(held.id, topics, clerk, clock.now())
    assert where(held) == {1: bus, 2: roof, 3: bus, 4: None}
    assert groups(held)[bus]["origin"] is Origin.MACHINE
    assert {place.origin for place in places(held) if place.group == bus} == {Origin.MACHINE}
    assert recorded("group.created")[-1].details["origin"] == "machine"
    (again,) = actions.groups_from_topics(held.id, [topic(held, "足", 1, 4)], clerk, clock.now())
    assert where(held) == {1: bus, 2: roof, 3: bus, 4: again}
    assert actions.groups_from_topics(held.id, topics, clerk, clock.now()) == []
    assert set(groups(held)) == {roof, bus, again}
    undo(held, clerk)
    undo(held, clerk)
    assert where(held) == {1: None, 2: roof, 3: None, 4: None}


def test_topics_leave_parts_and_what_does_not_count_and_what_is_at_work(
    held: Consultation, clerk: Actor, cast: Cast
) -> None:
    (whole,) = piles(held, 1)
    splitting.split_comment(whole.comment, [Span(0, 2), Span(2, 8)], [whole], clerk, clock.now())
    set_state(held, 2, ParticipationState.LATE)
    (bus,) = actions.groups_from_topics(held.id, [topic(held, "バス", 3)], clerk, clock.now())
    set_stage(held, bus, Stage.ASKED)
    assert actions.groups_from_topics(held.id, [topic(held, "皆", 1, 2, 3)], clerk, clock.now()) == []


def test_copies_of_one_text_move_together_and_those_that_came_later_stay(cast: Cast, clerk: Actor) -> None:
    opened = make.make_consultation(cast)
    make.comment(opened, ["バスを増やして。", "屋根。", "ﾊﾞｽを 増やして", "バスを増やして"])
    (seen, roof), _origins = desk_of(opened)
    assert (seen.copies, roof.copies) == (3, 1)
    assert Pile.parsed(str(seen)) == seen
    make.comment(opened, ["バスを増やして。"])
    bus = actions.create_group(opened.id, "バス", [seen], clerk, clock.now())
    assert where(opened) == {1: bus, 2: None, 3: bus, 4: bus, 5: None}
    with pytest.raises(ItemMoved):
        actions.move_items(opened.id, [seen], None, clerk, clock.now())
    move(opened, None, 3, clerk=clerk)
    there = replace(seen, group=bus)
    with pytest.raises(ItemMoved):
        actions.move_items(opened.id, [there], None, clerk, clock.now())
    assert where(opened) == {1: bus, 2: None, 3: None, 4: bus, 5: None}


def test_parts_of_copies_that_say_the_same_are_one_pile(cast: Cast, clerk: Actor) -> None:
    opened = make.make_consultation(cast)
    make.comment(opened, ["バスと屋根。", "バスと屋根。", "バスと屋根"])
    for number, cut in ((1, 3), (2, 3)):
        (whole,) = piles(opened, number)
        spans = [Span(0, cut), Span(cut, whole.stop)]
        splitting.split_comment(whole.comment, spans, [whole], clerk, clock.now())
    found, _origins = desk_of(opened)
    assert [(one.start, one.stop, one.copies) for one in found] == [(0, 3, 2), (3, 6, 2), (0, 5, 1)]
    bus = actions.create_group(opened.id, "バス", found[:1], clerk, clock.now())
    assert [(one.comment, one.group) for one in places(opened)] == [(1, bus), (1, None), (2, bus), (2, None), (3, None)]


def desk_of(consultation: Consultation) -> tuple[list[Pile], list[Origin]]:
    """The ungrouped piles as the desk shows them."""
    db.session.rollback()
    found = queries.opinions_in(consultation.id, None, 1)
    return [one.pile for one in found], [one.origin for one in found]


def test_an_item_of_another_consultation_is_not_moved(held: Consultation, clerk: Actor, cast: Cast) -> None:
    other = make.make_consultation(cast, slug="other")
    make.comment(other, ["別の話。"])
    bus = create(held, "バス", clerk=clerk)
    with pytest.raises(ItemMoved):
        actions.move_items(held.id, piles(other, 1), bus, clerk, clock.now())
    with pytest.raises(GroupGone):
        actions.move_items(held.id, piles(held, 1), 99, clerk, clock.now())
    assert Pile.parsed("1.2.3") is None
    assert Pile.parsed("1.2.3.4.5.0.7") is None


def test_nothing_is_sorted_after_the_end_of_it(cast: Cast, clerk: Actor) -> None:
    opened = make.make_consultation(cast, State.OPEN)
    make.comment(opened, BODIES)
    activities.withdraw(opened.id, {"ja": "誤りがありました。"}, actor(cast.approver), clock.now())
    with pytest.raises(SortingOver):
        create(opened, "バス", 1, clerk=clerk)


def test_whoever_writes_the_answer_learns_that_the_opinions_changed(held: Consultation, clerk: Actor) -> None:
    bus = create(held, "バス", 1, clerk=clerk)

    def revision() -> int:
        db.session.rollback()
        return db.session.scalars(sa.select(OpinionGroup.revision).where(OpinionGroup.number == bus)).one()

    seen = [revision()]
    for act in (
        lambda: move(held, bus, 2, clerk=clerk),
        lambda: move(held, None, 1, clerk=clerk),
        lambda: actions.rename_group(held.id, bus, "市バス", clerk, clock.now()),
        lambda: undo(held, clerk),
    ):
        act()
        seen.append(revision())
    assert seen == sorted(set(seen))
