"""One person counts once, whatever the channels: read from the rows and from the kept-up counts."""

from datetime import date
from itertools import product

import pytest
import sqlalchemy as sa
from flask import Flask

from civic import clock
from civic.activities import conflicts, queries
from civic.activities.ledger import Submission
from civic.activities.models import Participation, ParticipationCount
from civic.activities.refusals import AlreadyTookPart, SubmissionKeyUsed
from civic.activities.states import RESIDENT_CHANNELS, Channel, ParticipationState
from civic.db import db, writing
from tests.factories.gatherings import REGISTERED, Desk, take_part

CHANNELS = (Channel.WEB, Channel.PAPER, Channel.COUNTER, Channel.IMPORT)


def rows(activity_id: int) -> dict[ParticipationState, int]:
    """How many rows there are in each state."""
    db.session.rollback()
    found = db.session.execute(
        sa.select(Participation.state, sa.func.count())
        .where(Participation.activity_id == activity_id)
        .group_by(Participation.state)
    )
    return {state: count for state, count in found}  # noqa: C416 - dict(result) would read its keys()


def counts(activity_id: int) -> dict[ParticipationState, int]:
    """The same from the kept-up counts, zeros left out."""
    found = db.session.execute(
        sa.select(ParticipationCount.state, sa.func.sum(ParticipationCount.count))
        .where(ParticipationCount.activity_id == activity_id)
        .group_by(ParticipationCount.state)
    )
    return {state: int(count) for state, count in found if count}


@pytest.mark.parametrize(("first", "second"), list(product(CHANNELS, CHANNELS)))
def test_the_second_time_never_counts_beside_the_first(desk: Desk, first: Channel, second: Channel) -> None:
    made = desk.opened(**REGISTERED)
    take_part(made, "resident:1", first)
    if second in RESIDENT_CHANNELS:
        with pytest.raises(AlreadyTookPart) as refused:
            take_part(made, "resident:1", second)
        assert refused.value.channel == first
        expected = {ParticipationState.COUNTED: 1}
    else:
        take_part(made, "resident:1", second)
        expected = {ParticipationState.COUNTED: 1, ParticipationState.CONFLICT: 1}
    assert rows(made) == counts(made) == expected
    assert queries.counted(made) == 1


@pytest.mark.parametrize(("first", "second"), list(product(CHANNELS, CHANNELS)))
def test_where_changing_is_allowed_the_web_replaces_and_staff_channels_conflict(
    desk: Desk, first: Channel, second: Channel
) -> None:
    made = desk.opened(**REGISTERED, change_allowed=True)
    before = take_part(made, "resident:1", first).participation.id
    after = take_part(made, "resident:1", second)
    other = ParticipationState.SUPERSEDED if second in RESIDENT_CHANNELS else ParticipationState.CONFLICT
    assert (after.superseded.id if after.superseded else None) == (before if second in RESIDENT_CHANNELS else None)
    assert rows(made) == counts(made) == {ParticipationState.COUNTED: 1, other: 1}


def test_nobody_asked_means_everybody_counts(desk: Desk) -> None:
    made = desk.opened()
    keys = {take_part(made).participation.person_key for _ in range(3)}
    assert keys == {None}
    assert rows(made) == counts(made) == {ParticipationState.COUNTED: 3}


def test_two_people_count_twice_and_two_activities_cannot_be_joined(desk: Desk) -> None:
    first, second = desk.opened(**REGISTERED), desk.opened(**REGISTERED)
    keys = {
        take_part(made, who).participation.person_key
        for made in (first, second)
        for who in ("resident:1", "resident:2")
    }
    assert len(keys) == 4
    assert rows(first) == rows(second) == {ParticipationState.COUNTED: 2}


def test_the_same_form_twice_gives_the_same_receipt_and_writes_nothing(desk: Desk) -> None:
    made = desk.opened()
    form = Submission("key", b"yes", "browser")
    first, again = take_part(made, submission=form), take_part(made, submission=form)
    assert (first.repeated, again.repeated) == (False, True)
    assert first.participation.receipt == again.participation.receipt
    assert rows(made) == counts(made) == {ParticipationState.COUNTED: 1}


@pytest.mark.parametrize("other", [Submission("key", b"no", "browser"), Submission("key", b"yes", "another browser")])
def test_the_same_form_with_other_content_or_from_another_browser_is_refused(desk: Desk, other: Submission) -> None:
    made = desk.opened()
    take_part(made, submission=Submission("key", b"yes", "browser"))
    with pytest.raises(SubmissionKeyUsed) as refused:
        take_part(made, submission=other)
    assert refused.value.status == 409
    assert rows(made) == {ParticipationState.COUNTED: 1}


def test_a_form_sent_again_after_the_end_still_finds_its_receipt(desk: Desk) -> None:
    made = desk.opened()
    form = Submission("key", b"yes", "browser")
    first = take_part(made, submission=form)
    assert take_part(made, submission=form, at=desk.after).participation.receipt == first.participation.receipt


def test_who_took_it_back_may_take_part_again(desk: Desk) -> None:
    made = desk.opened(**REGISTERED)
    first = take_part(made, "resident:1").participation.id
    conflicts.take_back(first, "本人の希望", desk.author, desk.at)
    take_part(made, "resident:1")
    assert rows(made) == counts(made) == {ParticipationState.COUNTED: 1, ParticipationState.WITHDRAWN: 1}


def test_a_conflict_whose_first_was_taken_back_can_still_be_counted(desk: Desk) -> None:
    made = desk.opened(**REGISTERED)
    first = take_part(made, "resident:1").participation.id
    paper = take_part(made, "resident:1", Channel.PAPER).participation.id
    conflicts.take_back(first, "本人の希望", desk.author, desk.at)
    conflicts.propose(paper, True, "紙を数える", desk.author, desk.at)
    conflicts.decide(paper, True, desk.approver, desk.at)
    assert rows(made) == counts(made) == {ParticipationState.COUNTED: 1, ParticipationState.WITHDRAWN: 1}


def test_what_arrived_after_the_end_is_kept_and_never_counted(desk: Desk) -> None:
    made = desk.ended(**REGISTERED)
    ends = clock.day_in_japan(desk.after)
    last_day = clock.day_in_japan(desk.at + (desk.after - desk.at) * 7 / 8)
    in_time = take_part(made, "resident:1", Channel.PAPER, at=desk.after, arrived_on=last_day)
    late = take_part(made, "resident:2", Channel.PAPER, at=desk.after, arrived_on=ends)
    assert in_time.participation.state is ParticipationState.COUNTED
    assert late.participation.state is ParticipationState.LATE
    assert late.participation.received_on == ends


def test_after_the_close_paper_is_late_even_if_it_arrived_in_time(desk: Desk) -> None:
    made = desk.closed()
    kept = take_part(made, channel=Channel.PAPER, at=desk.after, arrived_on=date(2020, 1, 1))
    assert kept.participation.state is ParticipationState.LATE
    assert queries.counted(made) == 0


def test_without_the_unique_key_the_same_stories_would_count_twice(app: Flask, desk: Desk) -> None:
    """The guard broken on purpose: the checks above see it."""
    with writing() as session:
        session.execute(sa.text("DROP INDEX uq_participation_once"))
    made = desk.opened(**REGISTERED)
    take_part(made, "resident:1")
    take_part(made, "resident:1")
    assert rows(made) == {ParticipationState.COUNTED: 2}
