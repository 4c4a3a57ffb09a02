"""The title over an answer: three languages where it is published, and the language it came in while nobody wrote it."""

import pytest

from civic import clock
from civic.db import db
from civic.features import TextGroup
from consultations.comments import sources
from consultations.comments.answering import actions as answering
from consultations.comments.answering.actions import Answer
from consultations.comments.desk import actions as desk
from consultations.comments.desk import undoing
from consultations.comments.models import Consultation, DeskStep, OpinionGroup
from consultations.comments.publishing import checking
from consultations.comments.refusals import TitleNotJapanese
from consultations.comments.stages import Outcome
from tests.cast import Cast
from tests.factories import consultations as make
from tests.factories.surveys import actor, text
from tests.pages import opens

NAMED = {"ja": "停留所の屋根", "ja-easy": "バスの {屋根/やね}", "en": "Roofs at bus stops"}


@pytest.fixture
def held(cast: Cast) -> Consultation:
    return make.ended_with(cast, ["We want roofs.", "More roofs, please."], slug="plan")


@pytest.fixture
def english(held: Consultation, cast: Cast) -> OpinionGroup:
    """A group that a topics run in English made."""
    refs = tuple(sources.ref_of(held.slug, one.id) for one in make.comments_of(held))
    desk.groups_from_topics(held.id, [TextGroup("roofs", refs, "machine", "en")], actor(cast.editor), clock.now())
    return group()


def group() -> OpinionGroup:
    db.session.rollback()
    return db.session.query(OpinionGroup).one()


def answer(one: OpinionGroup, cast: Cast, title: dict[str, str]) -> int:
    words = Answer({}, text("屋根をつけます。"), Outcome.ADOPTED, title)
    return answering.save_answer(one.id, words, one.revision, actor(cast.editor), clock.now())


def test_a_topic_in_english_keeps_its_language_and_is_not_handed_in_without_japanese(
    english: OpinionGroup, cast: Cast
) -> None:
    assert (english.title, english.heading) == ("roofs", {"en": "roofs"})
    page = opens(cast.client(cast.editor), "/staff/consultations/plan/groups?group=1")
    assert {one.get_text() for one in page.html.select("[lang=en]")} >= {"roofs"}
    revision = answer(english, cast, {"en": "Roofs"})
    assert group().heading == {"en": "Roofs"}
    with pytest.raises(TitleNotJapanese):
        answering.hand_in(english.id, revision, actor(cast.editor))
    revision = answer(group(), cast, NAMED)
    answering.hand_in(english.id, revision, actor(cast.editor))
    assert group().heading == NAMED
    assert (group().title, group().title_language) == ("停留所の屋根", "ja")


def test_a_group_without_a_japanese_title_stands_against_publication(
    english: OpinionGroup, held: Consultation, cast: Cast
) -> None:
    assert checking.NO_TITLE in {one.msgid for one in checking.answer_problems(held)}
    answer(english, cast, NAMED)
    db.session.rollback()
    assert checking.NO_TITLE not in {one.msgid for one in checking.answer_problems(held)}


def test_a_clerk_writes_the_title_in_three_languages_and_everybody_reads_it(
    english: OpinionGroup, held: Consultation, cast: Cast
) -> None:
    page = opens(cast.client(cast.editor), "/staff/consultations/plan/groups/1")
    assert page.form("保存して決裁に回す").values()["title_en"] == ["roofs"]
    wrong = page.press("保存して決裁に回す", title_ja="題" * 201, answer_ja="答え", outcome="adopted")
    assert wrong.status == 422
    page.press(
        "保存して決裁に回す", title_ja=NAMED["ja"], title_easy=NAMED["ja-easy"], title_en=NAMED["en"],
        answer_ja="屋根をつけます。", outcome="adopted",
    )  # fmt: skip
    approval = opens(cast.client(cast.approver), "/staff/consultations/plan/groups/1/approval")
    assert NAMED["en"] in approval.text
    approval.press("この内容で決裁する")
    make.confirm_all(held, cast)
    make.write_result(held, cast)
    make.publish(held, cast)
    client = cast.app.test_client()
    assert NAMED["en"] in opens(client, "/consultations/plan/responses?lang=en").text
    assert "<rt>やね</rt>" in client.get("/consultations/plan/responses?lang=ja-easy").get_data(True)


def test_a_title_in_japanese_alone_says_so_to_other_readers(cast: Cast) -> None:
    make.answered_consultation(cast, slug="plan")
    page = opens(cast.app.test_client(), "/consultations/plan/responses?lang=en")
    title = page.html.select_one("#h-3")
    assert title.select_one("[lang=ja]").get_text() == "ペット"
    assert "This text is only in Japanese." in title.get_text()


def test_another_name_at_the_desk_takes_the_old_translations_away_until_it_is_undone(
    english: OpinionGroup, held: Consultation, cast: Cast
) -> None:
    answer(english, cast, NAMED)
    desk.rename_group(held.id, 1, "停留所の屋根", actor(cast.editor), clock.now())
    assert group().heading == NAMED
    desk.rename_group(held.id, 1, "屋根とベンチ", actor(cast.editor), clock.now())
    assert group().heading == {"ja": "屋根とベンチ"}
    step = db.session.query(DeskStep).order_by(DeskStep.id.desc()).first()
    undoing.undo(held.id, step.id, actor(cast.editor), clock.now())
    assert group().heading == NAMED
