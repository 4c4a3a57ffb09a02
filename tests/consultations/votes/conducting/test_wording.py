"""What a vote lacks before it opens, said to whoever can mend it: texts in other languages, a witness outside."""

from civic import clock
from civic.activities.states import State
from consultations.votes import opening
from consultations.votes.conducting import actions as conducting
from tests.cast import Cast
from tests.factories.surveys import actor
from tests.factories.votes import Held, make_vote, revision_at
from tests.pages import opens

FREEZE = "/staff/votes/hall/freeze"


def problems(held: Held) -> list[str]:
    return [str(one) for one in opening.opening_problems(held.vote, clock.now())]


def test_texts_in_japanese_only_are_listed_and_stop_the_opening_until_they_are_confirmed(cast: Cast) -> None:
    held = make_vote(cast, state=State.IN_APPROVAL)
    facts = conducting.settings_of(held.vote)
    conducting.edit_vote(held.id, facts, revision_at(held.id), actor(cast.editor), clock.now())
    assert ["plain Japanese: 3" in one for one in problems(held)] == [True]
    page = opens(cast.client(cast.editor), FREEZE)
    assert "確認立会がない投票です" not in page.text
    listed = [item.get_text() for item in page.html.select("section[aria-labelledby=v-missing] li")]
    assert listed == ["設問1: 市民会館をどうしますか", "選択肢1: 案1", "選択肢2: 案2"]
    confirmed = page.press("これらの文は日本語だけにする")
    assert "日本語だけ" in confirmed.text
    assert problems(held) == []
    conducting.edit_vote(held.id, facts, revision_at(held.id), actor(cast.editor), clock.now())
    assert problems(held) != []


def test_a_vote_without_witnesses_says_so_to_clerk_approver_and_voter(cast: Cast) -> None:
    held = make_vote(cast, witnesses=False)
    assert "確認立会がない投票です" not in opens(cast.client(cast.editor), "/staff/votes/hall").text
    assert "確認立会がない投票です" in opens(cast.client(cast.approver), "/staff/activities/hall").text
    assert "確認立会がいません" in opens(cast.client(), "/votes/hall").text
    answer = cast.app.test_cli_runner().invoke(args=["votes", "open", "hall"])
    assert "no witness watches this vote" in answer.stderr
    draft = make_vote(cast, witnesses=False, state=State.IN_APPROVAL, slug="pool")
    assert "確認立会がない投票です" in opens(cast.client(cast.editor), "/staff/votes/pool/freeze").text
    assert held.vote.witnesses == draft.vote.witnesses == []
