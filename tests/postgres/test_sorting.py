"""Two clerks at one desk on PostgreSQL: the second gets what changed, nothing is lost, nobody waits for ever."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from civic import clock
from civic.audit import chain
from civic.db import db
from civic.features import TextGroup
from civic.identity.accounts import Actor
from consultations.comments import sources
from consultations.comments.desk import actions, queries, splitting, tasks, undoing
from consultations.comments.desk.piles import Pile
from consultations.comments.desk.refusals import GroupGone
from consultations.comments.models import Consultation, DeskStep
from consultations.comments.refusals import GroupLocked, ItemMoved, NothingToUndo
from consultations.comments.rules import Span
from consultations.comments.stages import Stage
from tests.cast import Cast
from tests.consultations.desk.places import groups, last_step, piles, places, set_stage
from tests.factories import consultations as make
from tests.factories.surveys import actor
from tests.racing import kinds, together

BODIES = [f"{number}つ目の意見です。屋根も。" for number in range(1, 9)]
TOGETHER = 8


@pytest.fixture
def held(cast: Cast) -> Consultation:
    return make.ended_with(cast, BODIES)


@pytest.fixture
def clerks(cast: Cast) -> tuple[Actor, Actor]:
    return actor(cast.editor), actor(cast.second_editor)


def test_two_clerks_move_the_same_opinions_and_one_learns_of_the_other(
    app: Flask, held: Consultation, clerks: tuple[Actor, Actor]
) -> None:
    key = held.id
    first, second = (actions.create_group(key, title, [], clerks[0], clock.now()) for title in ("甲", "乙"))
    seen = piles(held, 1, 2, 3)
    found = together(
        app,
        lambda: actions.move_items(key, seen, first, clerks[0], clock.now()),
        lambda: actions.move_items(key, list(reversed(seen)), second, clerks[1], clock.now()),
    )
    assert kinds(found) == {"done": 1, ItemMoved.__name__: 1}
    assert len({place.group for place in places(held)[:3]}) == 1
    moved = queries.moved_meanwhile(seen)
    assert [one.number for one in moved] == [1, 2, 3]
    assert {one.title for one in moved} < {"甲", "乙"}


def test_a_move_into_a_group_that_is_joined_away_loses_nothing(
    app: Flask, held: Consultation, clerks: tuple[Actor, Actor]
) -> None:
    key = held.id
    for numbers in ((1, 2), (3, 4), (5, 6)):
        into = actions.create_group(key, "残る", piles(held, numbers[0]), clerks[0], clock.now())
        gone = actions.create_group(key, "なくなる", [], clerks[0], clock.now())
        seen = piles(held, numbers[1])
        found = together(
            app,
            lambda gone=gone, seen=seen: actions.move_items(key, seen, gone, clerks[0], clock.now()),
            lambda gone=gone, into=into: actions.merge_groups(key, gone, into, clerks[1], clock.now()),
        )
        assert found[1] not in {GroupGone, ItemMoved}
        place = next(one for one in places(held) if one.comment == numbers[1])
        assert place.group == (None if found[0] is GroupGone else into)
        assert gone not in groups(held)


def test_groups_joined_both_ways_and_opinions_moved_between_never_deadlock(
    app: Flask, held: Consultation, clerks: tuple[Actor, Actor]
) -> None:
    key = held.id
    first = actions.create_group(key, "甲", piles(held, 1, 2, 3, 4), clerks[0], clock.now())
    second = actions.create_group(key, "乙", piles(held, 5, 6, 7, 8), clerks[0], clock.now())
    ones, others = piles(held, 1, 2, 3, 4), piles(held, 5, 6, 7, 8)
    works: list[Callable[[], object]] = [
        lambda: actions.move_items(key, ones, second, clerks[0], clock.now()),
        lambda: actions.move_items(key, others, first, clerks[1], clock.now()),
        lambda: actions.merge_groups(key, first, second, clerks[0], clock.now()),
        lambda: actions.merge_groups(key, second, first, clerks[1], clock.now()),
        lambda: actions.rename_group(key, first, "丙", clerks[0], clock.now()),
        lambda: actions.reorder_group(key, second, True, clerks[1], clock.now()),
        lambda: splitting.split_comment(ones[0].comment, [Span(0, 2), Span(2, 8)], ones[:1], clerks[0], clock.now()),
        lambda: undoing.undo(key, 2, clerks[1], clock.now()),
    ]
    found = kinds(together(app, *works))
    assert "Busy" not in found
    now = places(held)
    assert {place.comment for place in now} == set(range(1, 9))
    assert {place.group for place in now if place.group} <= groups(held).keys()
    assert sum(counts.items for counts in queries.counts_by_group(key).values()) == len(now)
    assert chain.verify().problems == ()


def test_a_step_is_undone_once_however_many_press(app: Flask, held: Consultation, clerks: tuple[Actor, Actor]) -> None:
    key = held.id
    actions.create_group(key, "甲", piles(held, 1), clerks[0], clock.now())
    step = last_step(held).id
    found = together(app, *[lambda: undoing.undo(key, step, clerks[1], clock.now())] * TOGETHER)
    assert kinds(found) == {"done": 1, NothingToUndo.__name__: TOGETHER - 1}
    assert {place.group for place in places(held)} == {None}


def test_eight_new_groups_of_the_same_opinion_are_one(
    app: Flask, held: Consultation, clerks: tuple[Actor, Actor]
) -> None:
    key, seen = held.id, piles(held, 1)
    found = together(app, *[lambda: actions.create_group(key, "甲", seen, clerks[0], clock.now())] * TOGETHER)
    assert kinds(found) == {"done": 1, ItemMoved.__name__: TOGETHER - 1}
    assert list(groups(held)) == [1]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(DeskStep)) == 1


def test_a_comment_is_split_once_by_two(app: Flask, held: Consultation, clerks: tuple[Actor, Actor]) -> None:
    (whole,) = piles(held, 1)
    cuts = ([Span(0, 3), Span(3, 8)], [Span(0, 5), Span(5, 8)])
    found = together(
        app,
        *[lambda cut=cut: splitting.split_comment(whole.comment, cut, [whole], clerks[0], clock.now()) for cut in cuts],
    )
    assert kinds(found) == {"done": 1, ItemMoved.__name__: 1}
    assert len([place for place in places(held) if place.comment == 1]) == 2


def test_topics_taken_over_while_a_clerk_moves_leave_her_opinions_where_she_put_them(
    app: Flask, held: Consultation, clerks: tuple[Actor, Actor]
) -> None:
    key = held.id
    mine = actions.create_group(key, "私の", [], clerks[0], clock.now())
    seen = piles(held, 1, 2)
    refs = tuple(sources.ref_of("transport-plan", one.comment) for one in piles(held, 1, 2, 3))
    found = together(
        app,
        lambda: actions.move_items(key, seen, mine, clerks[0], clock.now()),
        lambda: actions.groups_from_topics(key, [TextGroup("話題", refs, "machine")], clerks[1], clock.now()),
    )
    now = {place.comment: place.group for place in places(held)}
    if found[0] is ItemMoved:
        assert now[1] == now[2] == now[3] != mine
    else:
        assert (now[1], now[2]) == (mine, mine)
        assert now[3] not in {None, mine}


def test_the_desk_reads_alike_on_this_server(app: Flask, held: Consultation, clerks: tuple[Actor, Actor]) -> None:
    actions.create_group(held.id, "甲", piles(held, 1, 2), clerks[0], clock.now())
    set_stage(held, 1, Stage.IN_APPROVAL)
    with pytest.raises(GroupLocked):
        actions.move_items(held.id, piles(held, 1), None, clerks[0], clock.now())
    assert [one.pile.copies for one in queries.opinions_in(held.id, None, 1)] == [1] * 6
    assert [one.number for one in queries.opinions_in(held.id, None, 1, "屋根")] == [3, 4, 5, 6, 7, 8]
    assert {key: (one.items, one.texts) for key, one in queries.counts_by_group(held.id).items()} == {
        None: (6, 6),
        groups(held)[1]["id"]: (2, 2),
    }
    assert [(one.slug, one.items) for one in tasks.waiting(None)] == [("transport-plan", 6)]
    assert Pile.parsed(str(piles(held, 3)[0])) is not None
