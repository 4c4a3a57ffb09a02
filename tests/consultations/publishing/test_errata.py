"""A published answer changes by a correction only: proposed by one person, published by another, visible for ever."""

import csv
import io
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from civic import clock
from civic.activities.refusals import LatchAlreadySet, ReasonNeeded, SecondPersonNeeded
from civic.activities.states import ParticipationState
from civic.db import db, writing
from civic.refusals import NotFound, StaleVersion
from consultations.comments.models import Consultation, Edition, Erratum, OpinionGroup
from consultations.comments.publishing import document
from consultations.comments.publishing.actions import Correction, decide_erratum, propose_erratum
from consultations.comments.refusals import AnswerIncomplete, ErratumPending, NothingCorrected, NotPublished
from consultations.comments.stages import Outcome
from tests.cast import Cast
from tests.consultations.desk.places import set_state
from tests.factories import consultations as make
from tests.factories.surveys import actor, text
from tests.pages import opens

RIGHT = make.correction("ご意見のとおり直します。", "区分の誤りを直しました。", outcome="partly")


@pytest.fixture
def answered(cast: Cast) -> Consultation:
    return make.answered_consultation(cast, slug="plan")


def propose(answered: Consultation, cast: Cast, correction: Correction = RIGHT, group: int | None = 3) -> int:
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
    assert (row.outcome, row.answer) == (Outcome.PARTLY, RIGHT.words["answer"])

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
    again = make.correction("もう一度直します。", "再び直しました。", edition=2, outcome="later")
    assert decide(propose(answered, cast, again, group=1), cast) == 3
    assert [one["group"] for one in editions()[2].document["errata"]] == [3, 1]
    assert editions()[2].document["groups"][2]["answer"] == RIGHT.words["answer"]


def test_a_declined_correction_changes_nothing(answered: Consultation, cast: Cast) -> None:
    proposed = propose(answered, cast)
    assert decide(proposed, cast, approved=False) is None
    assert len(editions()) == 1
    with pytest.raises(LatchAlreadySet):
        decide(proposed, cast)


def test_what_a_correction_needs(answered: Consultation, cast: Cast) -> None:
    with pytest.raises(AnswerIncomplete):
        propose(answered, cast, Correction({"answer": {}}, text("理由"), 1))
    with pytest.raises(ReasonNeeded):
        propose(answered, cast, Correction({"answer": text("答え")}, {}, 1))
    with pytest.raises(NotFound):
        propose(answered, cast, group=99)
    propose(answered, cast)
    with pytest.raises(ErratumPending):
        propose(answered, cast)
    with pytest.raises(NothingCorrected):
        propose(answered, cast, make.correction("車内が狭いため、見送ります。", "同じ", outcome="not_adopted"))
    with pytest.raises(StaleVersion):
        propose(answered, cast, make.correction("直します。", "誤り", edition=0))
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


WHOLE = Correction(
    {
        "answer": {"ja": "全体への答えを直しました。", "en": "The whole answer, corrected."},
        "reason": text("決定の理由を直しました。"),
        "contact": text("問い合わせ先の電話 000-000-1111"),
    },
    text("年度の誤りを直しました。"),
    1,
)


def test_the_answer_as_a_whole_and_its_reasons_are_corrected_too(
    answered: Consultation, cast: Cast, client: FlaskClient
) -> None:
    proposed = propose(answered, cast, WHOLE, group=None)
    with pytest.raises(ErratumPending):
        propose(answered, cast, WHOLE, group=None)
    assert propose(answered, cast)  # an answer has an erratum of its own beside it
    assert decide(proposed, cast) == 2
    first, second = editions()
    assert second.document["answer"] == WHOLE.words["answer"]
    assert second.document["decision"]["reason"] == WHOLE.words["reason"]
    assert second.document["contact"] == WHOLE.words["contact"]
    assert second.document["groups"] == first.document["groups"]
    (said,) = second.document["errata"]
    assert said["group"] is None
    assert said["before"]["reason"] == text("ご意見を検討し、このように決めました。")
    row = db.session.get_one(Consultation, answered.id)
    assert (row.answer, row.decision_reason) == (WHOLE.words["answer"], WHOLE.words["reason"])

    newest = opens(client, "/consultations/plan/responses")
    for words in (
        "結果の全体",
        "年度の誤りを直しました。",
        "全体への答えを直しました。",
        "ご意見を検討し、このように決めました。",
    ):
        assert words in newest.text
    assert "決定の理由を直しました。" not in opens(client, "/consultations/plan/responses/1").text


def test_title_and_gist_of_an_answer_are_corrected_and_the_rest_stays(
    answered: Consultation, cast: Cast, client: FlaskClient
) -> None:
    title = {"ja": "予約のしかたと屋根", "en": "Booking and roofs"}
    words = Correction({"title": title, "gist": text("予約と屋根を使いやすくしてほしい。")}, text("書き誤り"), 1)
    decide(propose(answered, cast, words, group=2), cast)
    group = editions()[1].document["groups"][1]
    assert (group["title"], group["outcome"]) == (title, "later")
    row = db.session.query(OpinionGroup).filter_by(number=2).one()
    assert (row.title, row.titles, row.heading) == ("予約のしかたと屋根", {"en": "Booking and roofs"}, title)
    page = opens(client, "/consultations/plan/responses")
    assert "予約とベンチを使いやすくしてほしい。" in page.text  # what stood there before
    assert "Booking and roofs" in opens(client, "/consultations/plan/responses?lang=en").text
    assert "Booking and roofs" not in opens(client, "/consultations/plan/responses/1?lang=en").text


def test_the_files_list_every_correction_with_its_day_and_what_it_said(
    answered: Consultation, cast: Cast, client: FlaskClient
) -> None:
    decide(propose(answered, cast), cast)
    decide(propose(answered, cast, replace(WHOLE, edition=2), group=None), cast)
    content = client.get("/consultations/plan/responses.csv").get_data(True)
    rows = [row for row in csv.DictReader(io.StringIO(content.lstrip("\ufeff"))) if row["corrected"]]
    today = clock.today().isoformat()
    assert [(row["answer_number"], row["corrected"], row["said_before"], row["corrected_on"]) for row in rows] == [
        ("3", "市の考え方", "車内が狭いため、見送ります。", today),
        ("3", "反映区分", "反映しない", today),
        ("", "全体への市の考え方", "ご意見をありがとうございました。いただいた意見のすべてにお答えします。", today),
        ("", "決定の理由", "ご意見を検討し、このように決めました。", today),
        ("", "問い合わせ先", answered.contact["ja"], today),
    ]
    assert {row["note"] for row in rows} == {"区分の誤りを直しました。", "年度の誤りを直しました。"}
    found = client.get("/consultations/plan/responses.json").get_json()["document"]
    assert [one["group"] for one in found["errata"]] == [3, None]


def test_a_gist_nobody_may_read_any_more_is_not_shown_as_what_stood_there(
    answered: Consultation, cast: Cast, client: FlaskClient
) -> None:
    decide(propose(answered, cast, Correction({"gist": text("新しい要旨。")}, text("書き誤り"), 1), group=2), cast)
    for number in (2, 3):
        set_state(answered, number, ParticipationState.WITHDRAWN)
    for address in ("", ".csv", ".json"):
        shown = client.get(f"/consultations/plan/responses{address}").get_data(True)
        assert "書き誤り" in shown
        assert "新しい要旨。" not in shown
        assert "予約とベンチを使いやすくしてほしい。" not in shown


def test_an_edition_of_the_first_shape_is_read_and_corrected(
    answered: Consultation, cast: Cast, client: FlaskClient
) -> None:
    with writing() as session:
        kept = session.query(Edition).one()
        groups = [one | {"title": one["title"]["ja"]} for one in kept.document["groups"]]
        kept.document = {**kept.document, "version": 1, "groups": groups}
    assert "ペット" in opens(client, "/consultations/plan/responses").text
    decide(propose(answered, cast), cast)
    assert editions()[1].document["version"] == 2
    assert editions()[1].document["groups"][2]["title"] == {"ja": "ペット"}
    assert client.get("/consultations/plan/responses/1.json").get_json()["document"]["groups"][2]["title"] == "ペット"


def test_who_corrects_words_corrected_meanwhile_sees_them_and_loses_nothing(answered: Consultation, cast: Cast) -> None:
    page = opens(cast.client(cast.editor), "/staff/consultations/plan/result/correct/1")
    decide(propose(answered, cast), cast)
    late = page.press("申し出る", answer_ja="打った答え", note_ja="打った理由")
    assert late.status == 409
    assert late.form("申し出る").values()["answer_ja"] == ["打った答え"]
    assert db.session.query(Erratum).count() == 1
    same = opens(cast.client(cast.editor), "/staff/consultations/plan/result/correct").press("申し出る", note_ja="理由")
    assert same.status == 422
