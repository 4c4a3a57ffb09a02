"""The staff page of the result: writing it, what stands against it, the preview, and somebody who saved first."""

import pytest
from flask.testing import FlaskClient

from civic.activities.confirming import four_characters
from civic.db import db, writing
from consultations.comments.models import Consultation, OpinionItem
from consultations.comments.stages import Decision
from tests.cast import Cast
from tests.factories import consultations as make
from tests.pages import opens

RESULT = "/staff/consultations/plan/result"
WORDS = {"reason_ja": "検討の結果です。", "answer_ja": "ありがとうございました。"}


@pytest.fixture
def ended(cast: Cast) -> Consultation:
    made = make.ended_with(cast, ["屋根がほしい。"], slug="plan")
    make.answered_group(made, cast, "屋根", make.items_of(made))
    make.confirm_all(made, cast)
    return made


@pytest.fixture
def editor(cast: Cast) -> FlaskClient:
    return cast.client(cast.editor)


def test_the_page_begins_with_the_draft_consulted_on(ended: Consultation, editor: FlaskClient) -> None:
    page = opens(editor, RESULT)
    box = page.html.select_one("textarea[name=final]")
    assert box is not None
    assert box.get_text().strip() == make.PLAN.strip()
    assert "計画をどう決めたかが入力されていません。" in page.text


def test_a_changed_plan_is_shown_word_by_word(ended: Consultation, editor: FlaskClient) -> None:
    page = opens(editor, RESULT).press("結果を保存する", decision="changed", final=make.CHANGED_PLAN, **WORDS)
    assert "結果を保存しました。" in page.text
    assert next(one.get_text().split()[1] for one in page.html.select(".change del")).startswith("30")
    row = db.session.get_one(Consultation, ended.id)
    assert (row.decision, row.final_version) == (Decision.CHANGED, 2)
    assert "ありません。別の職員が公表できます。" in page.text


def test_a_plan_that_is_not_changed_is_not_called_changed(ended: Consultation, editor: FlaskClient) -> None:
    page = opens(editor, RESULT).press("結果を保存する", decision="changed", **WORDS)
    assert page.status == 422
    assert any("案のまま" in error for error in page.errors)
    assert page.html.select_one("textarea[name=reason_ja]").get_text().strip() == WORDS["reason_ja"]  # type: ignore[union-attr]
    empty = opens(editor, RESULT).press("結果を保存する", decision="changed", final=" \n", **WORDS)
    assert any("決定した計画の文" in error for error in empty.errors)


def test_who_saves_second_sees_what_changed_and_loses_nothing(ended: Consultation, cast: Cast) -> None:
    first, second = opens(cast.client(cast.editor), RESULT), opens(cast.client(cast.second_editor), RESULT)
    first.press("結果を保存する", decision="unchanged", reason_ja="先の理由", answer_ja="先の答え")
    page = second.press("結果を保存する", decision="dropped", reason_ja="後の理由", answer_ja="後の答え")
    assert page.status == 409
    assert "先の理由" in page.text
    assert page.html.select_one("textarea[name=reason_ja]").get_text().strip() == "後の理由"  # type: ignore[union-attr]
    assert db.session.get_one(Consultation, ended.id).decision is Decision.UNCHANGED
    assert page.press("結果を保存する").status == 200
    db.session.rollback()
    assert db.session.get_one(Consultation, ended.id).decision is Decision.DROPPED


def test_the_preview_shows_the_result_to_staff_only(
    ended: Consultation, editor: FlaskClient, client: FlaskClient
) -> None:
    page = opens(editor, f"{RESULT}/preview")
    assert "職員だけ" in page.text
    assert "屋根がほしい。" in page.text
    assert client.get(f"{RESULT}/preview").status_code == 302
    assert client.get("/consultations/plan/responses").status_code == 404


def test_a_second_person_publishes_on_the_page_of_the_house(ended: Consultation, cast: Cast) -> None:
    make.write_result(ended, cast)
    approver = cast.client(cast.approver)
    page = opens(approver, RESULT).follow("市の回答を公開する")
    done = page.press("市の回答を公開する", typed=four_characters("publish", "plan"))
    assert done.status == 200
    assert opens(cast.client(), "/consultations/plan/responses").status == 200
    assert "結果を公表しています。" in opens(approver, RESULT).text


def test_an_open_consultation_has_no_result_to_write(cast: Cast, editor: FlaskClient) -> None:
    make.make_consultation(cast, slug="plan")
    page = opens(editor, RESULT)
    assert "まず募集を締め切ってください。" in page.text
    assert not page.html.select("textarea")


def test_words_in_no_opinion_are_named_before_they_are_published(cast: Cast, editor: FlaskClient) -> None:
    made = make.ended_with(cast, ["屋根がほしい。\n\n市長は辞めろ。", "ベンチがほしい。"], slug="plan")
    first, second = (one.items[0] for one in make.comments_of(made))
    with writing() as session:
        session.get_one(OpinionItem, first.id).stop = 6
        session.get_one(OpinionItem, second.id).stop = 7  # all but the full stop
    warning = opens(editor, RESULT).html.select_one(".notice--warn")
    assert warning is not None
    assert [one.get_text() for one in warning.select("q")] == ["。\n\n市長は辞めろ。"]
    assert "意見1" in "".join(warning.get_text().split())
    assert "意見2" not in "".join(warning.get_text().split())
