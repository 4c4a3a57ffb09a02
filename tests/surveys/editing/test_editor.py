"""Writing a questionnaire in the browser, as an editor does."""

import pytest
import sqlalchemy as sa
from flask import Flask

from civic.activities import actions as activities
from civic.activities.states import State
from civic.db import db
from surveys.models import QuestionnaireVersion, Survey
from tests.cast import Cast
from tests.factories.surveys import actor, make_survey, text
from tests.pages import Page, opens


@pytest.fixture
def cast(app: Flask) -> Cast:
    return Cast(app)


@pytest.fixture
def draft(cast: Cast) -> str:
    """The address of a draft survey with eight questions."""
    return make_survey(cast, state=State.DRAFT).slug


def editor(cast: Cast, slug: str, query: str = "") -> Page:
    client = cast.client(cast.editor)
    client.set_cookie("language", "en")
    return opens(client, f"/staff/surveys/{slug}/questionnaire{query}")


def codes(slug: str) -> list[str]:
    db.session.rollback()
    document = db.session.scalars(
        sa.select(QuestionnaireVersion.document)
        .join(Survey, Survey.id == QuestionnaireVersion.survey_id)
        .where(Survey.slug == slug)
        .order_by(QuestionnaireVersion.number.desc())
    ).first()
    assert document is not None
    return [question["code"] for section in document["sections"] for question in section["questions"]]


def test_a_new_survey_starts_empty_and_takes_its_first_question(cast: Cast) -> None:
    activities.create_project("park", cast.department(), text("公園"), text("公園"), actor(cast.editor))
    client = cast.client(cast.editor)
    client.set_cookie("language", "en")
    page = opens(client, "/staff/surveys/new").press(
        "Make the survey", title_ja="公園のアンケート", slug="park-use", summary_ja="公園の使い方を聞きます。"
    )
    assert page.heading == "Edit the questionnaire"
    page = page.press("Add a question")
    assert codes("park-use") == ["q1"]
    page = page.press("Save question 1", text_ja="どの公園をよく使いますか")
    assert "どの公園をよく使いますか" in page.text


def test_an_address_already_taken_is_refused_at_its_field_and_nothing_typed_is_lost(cast: Cast, draft: str) -> None:
    client = cast.client(cast.editor)
    client.set_cookie("language", "en")
    page = opens(client, "/staff/surveys/new").press(
        "Make the survey", title_ja="もう一つ", slug=draft, summary_ja="要約です。"
    )
    assert page.status == 422
    assert page.errors == ["This address is taken. Choose another one."]
    assert page.html.find("input", {"name": "title_ja"})["value"] == "もう一つ"
    assert page.html.find("input", {"name": "slug"})["aria-invalid"] == "true"


def test_questions_move_by_buttons_alone_and_a_wrong_click_is_undone(cast: Cast, draft: str) -> None:
    before = codes(draft)
    page = editor(cast, draft).press("Move question 1 down")
    assert codes(draft)[:2] == [before[1], before[0]]
    page = page.press("Undo the last change")
    assert codes(draft) == before
    assert "The last change was undone." in page.text


def test_options_are_added_filled_moved_and_removed(cast: Cast, draft: str) -> None:
    page = editor(cast, draft, "?question=place")
    number = 1 + codes(draft).index("place")
    start = len(page.html.select(".options__row"))
    page = page.press("Add an option")
    assert len(page.html.select(".options__row")) == start + 1
    page = page.press(f"Save question {number}", **{f"options-{start}-ja": "あたらしい選択肢"})
    page = page.press(f"Move Option {start + 1} up")
    values = [row.select_one("input[name$='-ja']")["value"] for row in page.html.select(".options__row")]
    assert values[start - 1] == "あたらしい選択肢"
    page = page.press(f"Remove Option {start}")
    assert len(page.html.select(".options__row")) == start


def test_a_limit_that_is_no_number_is_refused_with_everything_typed_still_there(cast: Cast, draft: str) -> None:
    page = editor(cast, draft).press("Add a question")
    number = page.form("Copy").page.html.find("h2", id="question-heading").get_text().split()[-1]
    page = page.press(f"Save question {number}", text_ja="年齢", type="number")
    page = page.press(f"Save question {number}", min="十", text_ja="あなたの年齢")
    assert page.status == 422
    assert page.errors == ["Write a number in digits, or leave it empty."]
    assert page.html.find("textarea", {"name": "text_ja"}).get_text().strip() == "あなたの年齢"


def test_a_second_tab_that_saves_later_is_told_and_overwrites_nothing(cast: Cast, draft: str) -> None:
    page, stale = editor(cast, draft), editor(cast, draft)
    page.press("Save question 1", text_ja="先に保存した文")
    answer = stale.press("Save question 1", text_ja="あとから保存した文")
    assert answer.status == 409
    assert "あとから保存した文" in answer.text
    assert "先に保存した文" in editor(cast, draft).text


def test_a_change_takes_an_approval_back(cast: Cast) -> None:
    survey = make_survey(cast, state=State.SCHEDULED)
    page = editor(cast, survey.slug)
    assert "the approval falls" in page.text
    page.press("Save question 1", text_ja="別の聞き方")
    db.session.rollback()
    assert db.session.get_one(Survey, survey.id).approved_at is None


def test_after_the_opening_only_words_change_and_a_new_version_says_why(cast: Cast) -> None:
    survey = make_survey(cast, state=State.OPEN)
    page = editor(cast, survey.slug)
    refused = page.press("Save question 1", text_ja="直した文")
    assert refused.status == 422
    page = page.press("Save question 1", text_ja="直した文", note="読みにくかったため")
    assert "読みにくかったため" in page.text
    numbers = db.session.scalars(
        sa.select(QuestionnaireVersion.number).where(QuestionnaireVersion.survey_id == survey.id)
    ).all()
    assert sorted(numbers) == [1, 2]


def test_an_option_cannot_slip_into_an_opened_survey(cast: Cast) -> None:
    survey = make_survey(cast, state=State.OPEN)
    number = 1 + codes(survey.slug).index("place")
    page = editor(cast, survey.slug, "?question=place")
    answer = page.press(f"Save question {number}", note="増やす", **{"options-9-ja": "こっそり", "options-9-code": ""})
    assert answer.status == 422
    assert "only words can be corrected" in answer.text


def test_the_check_lists_what_is_missing_and_the_editor_may_confirm_japanese_only(cast: Cast, draft: str) -> None:
    editor(cast, draft).press("Save question 1", text_en="")
    client = cast.client(cast.editor)
    client.set_cookie("language", "en")
    page = opens(client, f"/staff/surveys/{draft}/check")
    assert "Texts missing in English (1)" in page.text
    page = page.press("Leave these texts in Japanese only")
    assert "Confirmed: these texts stay in Japanese only" in page.text


def test_another_department_sees_no_draft(cast: Cast, draft: str) -> None:
    client = cast.client(cast.parks_editor)
    assert client.get(f"/staff/surveys/{draft}/questionnaire").status_code == 403
    assert draft not in opens(client, "/staff/surveys").text


def test_a_copy_takes_the_questions_but_neither_dates_nor_approval(cast: Cast) -> None:
    survey = make_survey(cast, state=State.CLOSED)
    client = cast.client(cast.editor)
    client.set_cookie("language", "en")
    opens(client, f"/staff/activities/{survey.slug}").follow("Copy this survey").press(
        "Make the copy", title_ja="つぎの回", slug="next-time"
    )
    assert codes("next-time") == codes(survey.slug)
    copy = db.session.scalars(sa.select(Survey).where(Survey.slug == "next-time")).one()
    assert (copy.starts_at, copy.approved_at, copy.opened_at) == (None, None, None)
