"""The ordinance as data on the pages: its clauses, its days with the reason where they differ, the arguments standing still."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from civic import clock
from civic.activities.states import State
from consultations.votes.conducting.actions import VoteSettings, edit_vote, settings_of
from consultations.votes.opening import opening_problems
from tests.cast import Cast
from tests.factories.surveys import actor, text
from tests.factories.votes import Held, make_vote, revision_at
from tests.pages import Page, opens
from tests.walks.sheet import texts

FACTS, SAVE = "/staff/votes/hall/facts", "決まりと意見を保存する"


@pytest.fixture
def held(cast: Cast) -> Held:
    return make_vote(cast, state=State.DRAFT)


@pytest.fixture
def editor(cast: Cast, held: Held) -> FlaskClient:
    return cast.client(cast.editor)


def save(editor: FlaskClient, **typed: Any) -> Page:
    return opens(editor, FACTS).press(SAVE, **typed)


def problems(held: Held) -> str:
    return " ".join(str(one) for one in opening_problems(held.vote, clock.now()))


def day(days: int) -> str:
    return str(clock.today() + timedelta(days=days))


def test_a_rule_that_keeps_people_out_names_its_clause(held: Held, editor: FlaskClient) -> None:
    refused = save(editor, nationality="permanent", exclusion="yes")
    assert (refused.status, len(refused.errors)) == (422, 2)
    saved = save(editor, nationality="permanent", exclusion="yes", clause_nationality="第3条", clause_exclusion="第4条")
    assert saved.status == 200
    assert held.vote.entitlement.bases == {"nationality": "permanent", "exclusion": "公職選挙法11条"}
    assert "第4条" in opens(editor, "/staff/activities/hall").text


def test_days_that_break_the_rule_want_a_published_reason_before_the_vote_opens(
    held: Held, editor: FlaskClient
) -> None:
    days = {"notice_day": day(-1), "least_days": "30", "most_days": "90", "clause_vote_day": "第8条"}
    assert "日程が条例の決まりと違います" in save(editor, **days).text
    assert "Write the reason" in problems(held)
    save(editor, **texts("timing_reason", "市議会議員選挙と同じ日にするためです。"))
    assert "Write the reason" not in problems(held)
    save(editor, proclaimed_days="7", **texts("timing_reason", ""))
    assert "announced" in problems(held)
    assert save(editor, least_days="91").status == 422


def test_the_arguments_stand_still_while_an_election_goes_on(held: Held, editor: FlaskClient) -> None:
    assert save(editor, frozen_from=day(0), frozen_until=day(3), for_ja="先に直しました。").status == 200
    refused = save(editor, for_ja="ここで変えたい意見です。", least_age="20")
    assert (refused.status, held.vote.arguments_for["ja"], held.vote.least_age) == (409, "先に直しました。", 18)
    assert "ここで変えたい意見です。" in refused.html.select_one("#for_ja").get_text()  # type: ignore[union-attr]
    assert "選挙があるため" in refused.errors[0]
    assert save(editor, frozen_until=day(2)).status == 409
    assert save(editor, frozen_from="", frozen_until="").status == 409
    assert save(editor, frozen_until=day(4), least_age="20").status == 200
    assert held.vote.least_age == 20


@pytest.mark.parametrize("days", [(1, 3), (-5, -1)])
def test_a_freeze_that_is_over_or_to_come_stops_nobody(held: Held, days: tuple[int, int]) -> None:
    first, last = (clock.today() + timedelta(days=one) for one in days)
    before = replace(settings_of(held.vote), frozen_from=first, frozen_until=last)
    edit(held, before)
    edit(held, replace(before, arguments_for=text("まだ変えられます。"), frozen_from=None, frozen_until=None))
    assert held.vote.arguments_for["ja"] == "まだ変えられます。"


def edit(held: Held, facts: VoteSettings) -> None:
    edit_vote(held.id, facts, revision_at(held.id), actor(held.cast.editor), clock.now())
