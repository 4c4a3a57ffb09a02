"""Comments of others are read only where the city decided so, and only once a person has read and masked them."""

from flask import Flask

from civic.activities import ledger, reviews
from civic.activities.models import Participation
from civic.activities.states import ParticipationState
from civic.db import db, writing
from consultations.comments.models import Comment, Consultation
from consultations.comments.sources import ref_of
from tests.cast import Cast
from tests.civic.activities.test_statements import asked
from tests.factories import consultations as make
from tests.factories.surveys import actor
from tests.pages import Page, opens

PUBLIC = {"notice_changes": {"comments_public": True}}
COMMENTS = 4  # statements of a page of comments


def review(cast: Cast, consultation: Consultation, *comments: Comment, hidden: str | None = None) -> None:
    """A person read these comments and covers their first two characters, or hides them."""
    verdicts = [reviews.Verdict(ref_of(consultation.slug, one.id), one.body, ((0, 2),), hidden) for one in comments]
    reviews.review_texts(consultation.id, verdicts, actor(cast.moderator))
    db.session.rollback()


def page_of(app: Flask, query: str = "") -> Page:
    client = app.test_client()
    client.set_cookie("language", "ja")
    return opens(client, f"/consultations/transport-plan/comments{query}")


def voices(page: Page) -> list[str]:
    return [" ".join(one.get_text(" ").split()) for one in page.html.select(".voice")]


def test_where_nothing_was_decided_nothing_is_shown(app: Flask, cast: Cast) -> None:
    consultation = make.make_consultation(cast)
    make.comment(consultation, ["バスを増やして。"], passage="p4")
    review(cast, consultation, *make.comments_of(consultation))
    client = app.test_client()
    assert client.get("/consultations/transport-plan/comments").status_code == 404
    assert client.get("/consultations/transport-plan/comments?passage=p4").status_code == 404
    assert "増やして" not in client.get("/consultations/transport-plan").text


def test_only_what_a_person_has_read_is_shown_under_its_masks(app: Flask, cast: Cast) -> None:
    consultation = make.make_consultation(cast, **PUBLIC)
    make.comment(consultation, ["山田です。", "佐藤の家の前。", "まだ読んでいません。", "ひどい悪口。"], passage="p4")
    make.comment(consultation, ["鈴木は賛成。"])
    shown, other, _unread, bad, whole = make.comments_of(consultation)
    assert voices(page_of(app)) == []
    review(cast, consultation, shown, other, whole)
    review(cast, consultation, bad, hidden="誹謗中傷")
    assert voices(page_of(app)) == [
        "■■は賛成。 意見5・全体について", "■■の家の前。 意見2・2-1について", "■■です。 意見1・2-1について",
    ]  # fmt: skip
    assert len(voices(page_of(app, "?passage=p4"))) == 2
    assert page_of(app, "?passage=p4").heading == "2-1に寄せられた意見"
    assert app.test_client().get("/consultations/transport-plan/comments?passage=p99").status_code == 404
    notice = opens(app.test_client(), "/consultations/transport-plan?lang=ja")
    assert "寄せられた意見 2件" in notice.text
    assert "寄せられた意見を読む(3件)" in notice.text


def test_what_is_taken_back_is_gone_from_the_page(app: Flask, cast: Cast) -> None:
    consultation = make.make_consultation(cast, **PUBLIC)
    make.comment(consultation, ["山田です。"])
    (comment,) = make.comments_of(consultation)
    review(cast, consultation, comment)
    assert len(voices(page_of(app))) == 1
    with writing() as session:
        ledger.move(session, session.get_one(Participation, comment.participation_id), ParticipationState.WITHDRAWN)
    assert voices(page_of(app)) == []


def test_many_comments_come_fifty_a_page_at_the_same_cost(app: Flask, cast: Cast) -> None:
    consultation = make.make_consultation(cast, **PUBLIC)
    make.comment(consultation, [f"意見その{number}" for number in range(120)], passage="p4")
    everything = make.comments_of(consultation)
    review(cast, consultation, *everything[:3])
    client = app.test_client()
    few = asked(client, "/consultations/transport-plan/comments")
    review(cast, consultation, *everything)
    assert asked(client, "/consultations/transport-plan/comments") == few == COMMENTS
    assert [len(voices(page_of(app, f"?page={page}"))) for page in (1, 2, 3, 4)] == [50, 50, 20, 0]
