"""A published answer changes by a correction only: proposed by one person, published by another, visible for ever."""

import pytest
from flask.testing import FlaskClient

from civic import clock
from civic.activities.refusals import LatchAlreadySet, ReasonNeeded, SecondPersonNeeded
from civic.db import db
from civic.refusals import NotFound
from consultations.comments.models import Consultation, Edition, Erratum, OpinionGroup
from consultations.comments.publishing import document
from consultations.comments.publishing.actions import Correction, decide_erratum, propose_erratum
from consultations.comments.refusals import AnswerIncomplete, ErratumPending, NotPublished
from consultations.comments.stages import Outcome
from tests.cast import Cast
from tests.factories import consultations as make
from tests.factories.surveys import actor, text
from tests.pages import opens

RIGHT = Correction(text("ご意見のとおり直します。"), Outcome.PARTLY, text("区分の誤りを直しました。"))


@pytest.fixture
def answered(cast: Cast) -> Consultation:
    return make.answered_consultation(cast, slug="plan")


def propose(answered: Consultation, cast: Cast, correction: Correction = RIGHT, group: int = 3) -> int:
    return propose_erratum(answered.id, group, correction, actor(cast.editor), clock.now())


def decide(erratum_id: int, cast: Cast, approved: bool = True) -> int | None:
    return decide_erratum(erratum_id, approved, actor(cast.approver), clock.now())


def editions() -> list[Edition]:
    db.session.rollback()
    return db.session.query(Edition).order_by(Edition.number).all()


def test_a_proposal_changes_nothing_yet(answered: Consultation, cast: Cast, client: FlaskClient) -> None:
    propose(answered, cast)
    assert len(editions()) == 1
    assert "ご意見のとおり直します" not in opens(client, "/consultations/plan/responses").text


def test_the_proposer_does_not_decide(answered: Consultation, cast: Cast) -> None:
    proposed = propose(answered, cast)
    with pytest.raises(SecondPersonNeeded):
        decide_erratum(proposed, True, actor(cast.editor), clock.now())
    assert len(editions()) == 1
    assert db.session.get_one(Erratum, proposed).decided_at is None


def test_an_approved_correction_is_a_further_edition_and_the_old_one_stays(
    answered: Consultation, cast: Cast, client: FlaskClient
) -> None:
    before = document.canonical(editions()[0].document)
    assert decide(propose(answered, cast), cast) == 2
    first, second = editions()
    assert document.canonical(first.document) == before
    assert second.sha256 == document.sha256(second.document)
    assert (second.author_id, second.published_by_id) == (cast.editor.id, cast.approver.id)
    assert second.document["numbers"]["outcomes"]["not_adopted"] == {"items": 0, "answers": 0}
    assert second.document["numbers"]["outcomes"]["partly"] == {"items": 1, "answers": 1}
    row = db.session.query(OpinionGroup).filter_by(number=3).one()
    assert (row.outcome, row.answer) == (Outcome.PARTLY, dict(RIGHT.answer))

    newest = opens(client, "/consultations/plan/responses")
    assert "に訂正しました" in newest.text
    assert "区分の誤りを直しました。" in newest.text
    assert "車内が狭いため、見送ります。" in newest.text  # what stood there before
    assert "ご意見のとおり直します。" in newest.text
    old = opens(client, "/consultations/plan/responses/1")
    assert "前の版です" in old.text
    assert "ご意見のとおり直します。" not in old.text
    assert "前の版です" not in opens(client, "/consultations/plan/responses/2").text
    assert client.get("/consultations/plan/responses/3").status_code == 404


def test_a_second_correction_keeps_the_first_in_view(answered: Consultation, cast: Cast) -> None:
    decide(propose(answered, cast), cast)
    again = Correction(text("もう一度直します。"), Outcome.LATER, text("再び直しました。"))
    assert decide(propose(answered, cast, again, group=1), cast) == 3
    assert [one["group"] for one in editions()[2].document["errata"]] == [3, 1]
    assert editions()[2].document["groups"][2]["answer"] == dict(RIGHT.answer)


def test_a_declined_correction_changes_nothing(answered: Consultation, cast: Cast) -> None:
    proposed = propose(answered, cast)
    assert decide(proposed, cast, approved=False) is None
    assert len(editions()) == 1
    with pytest.raises(LatchAlreadySet):
        decide(proposed, cast)


def test_what_a_correction_needs(answered: Consultation, cast: Cast) -> None:
    with pytest.raises(AnswerIncomplete):
        propose(answered, cast, Correction({}, Outcome.LATER, text("理由")))
    with pytest.raises(ReasonNeeded):
        propose(answered, cast, Correction(text("答え"), Outcome.LATER, {}))
    with pytest.raises(NotFound):
        propose(answered, cast, group=99)
    propose(answered, cast)
    with pytest.raises(ErratumPending):
        propose(answered, cast)
    unpublished = make.ended_with(cast, ["屋根がほしい。"], slug="other")
    with pytest.raises(NotPublished):
        propose(unpublished, cast, group=1)


def test_a_failed_edition_leaves_the_answer_as_it_was(
    answered: Consultation, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposed = propose(answered, cast)
    monkeypatch.setattr(document, "sha256", lambda content: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        decide(proposed, cast)
    assert len(editions()) == 1
    assert db.session.query(OpinionGroup).filter_by(number=3).one().outcome is Outcome.NOT_ADOPTED
    assert db.session.get_one(Erratum, proposed).approved is None


def test_the_staff_pages_carry_a_correction_from_hand_to_hand(answered: Consultation, cast: Cast) -> None:
    editor, approver = cast.client(cast.editor), cast.client(cast.approver)
    page = opens(editor, "/staff/consultations/plan/result/correct/3")
    page = page.press("申し出る", answer_ja="直します。", outcome="partly", note_ja="誤りを直しました。")
    assert "判断を待っています" in page.text
    assert "内容を見て決める" not in page.text
    desk = opens(approver, "/staff/consultations/plan/result").follow("内容を見て決める")
    assert "誤りを直しました。" in desk.text
    assert "車内が狭いため、見送ります。" in desk.text
    assert desk.press("決裁する").status == 422
    done = desk.press("決裁する", approved="yes")
    assert "訂正を公表しました。" in done.text
    assert len(editions()) == 2
