"""A resident answers a survey: from the first page to the receipt and the counts, and all that may come between."""

from collections import Counter
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from civic import clock
from civic.activities.states import State
from civic.db import db, writing
from civic.identity.models import ContactAddress
from civic.keys import keys
from civic.notices.models import Mail
from surveys.models import Draft, QuestionnaireVersion, Response, Survey
from surveys.responding.actions import erase_expired
from surveys.results import recounting, tallies
from tests.cast import Cast, sign_in
from tests.factories.surveys import ONE_QUESTION, PLAYGROUNDS, end_now, for_residents, make_survey
from tests.surveys.walking import answers, opens, receipt_number, sends

FAMILY = {"age": "４"}
VISIT = {"last_visit.year": "令和8", "last_visit.month": "11", "last_visit.day": "3", "satisfied": "fairly"}
TROUBLE = {"problems": ["shade", "toilet"], "problems.other": "ベンチがない"}
WISHES = {"wanted.shade_trees": "much", "wanted.water": "some", "wanted.rain": "no"}
EVERYTHING = [FAMILY, {"place": "park"}, VISIT, TROUBLE, WISHES, {"message": "夏は暑いです"}]


def test_one_question_is_answered_counted_and_acknowledged(app: Flask) -> None:
    survey = make_survey(Cast(app), ONE_QUESTION)
    client = app.test_client()

    check = answers(client, "shade", [{"enough": "yes"}])
    assert "まだ送られていません" in check.text
    assert tallies.stored(db.session, survey.id) == Counter()

    done = check.send().follow()
    assert done.heading == "回答を受け付けました"
    assert len(receipt_number(done)) == 19
    assert "受付票を印刷する" in [button.get_text(strip=True) for button in done.soup.select("button[data-print]")]
    db.session.rollback()
    assert tallies.stored(db.session, survey.id) == {("enough", "", "", False): 1, ("enough", "", "yes", False): 1}
    assert db.session.scalars(sa.select(Response.answers)).all() == [{"enough": {"options": ["yes"]}}]
    assert db.session.scalars(sa.select(Draft)).all() == []


def test_a_double_click_counts_once_and_shows_the_same_receipt(app: Flask) -> None:
    make_survey(Cast(app), ONE_QUESTION)
    client = app.test_client()
    check = answers(client, "shade", [{"enough": "no"}])
    first = receipt_number(check.send().follow())
    second = receipt_number(check.send().follow())
    assert first == second
    db.session.rollback()
    assert len(db.session.scalars(sa.select(Response)).all()) == 1


def test_coming_back_after_sending_says_that_the_earlier_answers_arrived(app: Flask) -> None:
    make_survey(Cast(app), ONE_QUESTION)
    client = app.test_client()
    assert "前の回答は受け付けました" not in opens(client, "/surveys/shade/answer?section=1").text
    sends(client, "shade", [{"enough": "yes"}])
    again = opens(client, "/surveys/shade/answer?section=1")
    assert "前の回答は受け付けました" in again.text
    assert "前の回答は受け付けました" not in opens(app.test_client(), "/surveys/shade/answer?section=1").text


def test_pages_that_a_condition_hides_are_passed_over_and_their_answers_not_stored(app: Flask) -> None:
    survey = make_survey(Cast(app))
    client = app.test_client()
    answers(client, "playgrounds", [FAMILY, {"place": "park"}, VISIT])
    place = opens(client, "/surveys/playgrounds/answer?section=2")
    next_page = place.send(place="indoors").follow()
    assert "section=4" in next_page.address

    for fields in (TROUBLE, WISHES, {}):
        next_page = next_page.send(**fields).follow()
    assert "最後に行ったのはいつですか" not in next_page.text
    next_page.send().follow()
    db.session.rollback()
    stored = db.session.scalars(sa.select(Response.answers)).one()
    assert stored.keys() == {"age", "place", "problems", "wanted"}
    assert tallies.stored(db.session, survey.id)["satisfied", "", "", False] == 0


def test_a_question_brought_up_on_the_same_page_is_asked_before_going_on(app: Flask) -> None:
    document = {**PLAYGROUNDS, "sections": [joined(PLAYGROUNDS["sections"][1:3]), PLAYGROUNDS["sections"][3]]}
    make_survey(Cast(app), document, slug="joined")
    first = opens(app.test_client(), "/surveys/joined/answer?section=1")
    assert first.soup.find(attrs={"name": "satisfied"}) is None
    again = first.send(place="park").follow()
    assert again.address.endswith("section=1")
    assert again.soup.find(attrs={"name": "satisfied"}) is not None
    told = again.soup.select_one("[data-focus] [role=status]")
    assert told is not None
    assert "質問が2問増えました" in told.get_text()
    assert "section=2" in again.send(place="park", satisfied="very").follow().address


def test_a_question_that_takes_the_place_of_another_counts_as_one_more(app: Flask) -> None:
    section = ONE_QUESTION["sections"][0]
    follow_ups = [
        {
            "code": f"after_{answer}",
            "type": "short_text",
            "text": {"ja": answer, "ja-easy": answer, "en": answer},
            "show_if": {"question": "enough", "op": "eq", "value": answer},
        }
        for answer in ("yes", "no")
    ]
    document = {**ONE_QUESTION, "sections": [{**section, "questions": [*section["questions"], *follow_ups]}]}
    make_survey(Cast(app), document)
    page = opens(app.test_client(), "/surveys/shade/answer?section=1").send(enough="yes").follow()
    told = page.send(enough="no", after_yes="").follow().soup.select_one("[data-focus] [role=status]")
    assert told is not None
    assert "質問が1問増えました" in told.get_text()


def joined(sections: list[dict[str, Any]]) -> dict[str, Any]:
    return {**sections[0], "questions": [question for section in sections for question in section["questions"]]}


def test_every_answer_is_shown_before_sending_and_can_be_corrected_there(app: Flask) -> None:
    make_survey(Cast(app))
    client = app.test_client()
    check = answers(client, "playgrounds", EVERYTHING)
    for words in (
        "近所の公園",
        "やや満足",
        "ベンチがない",
        "木かげやベンチ: とても必要",
        "2026年11月3日",
        "夏は暑いです",
    ):
        assert words in check.text
    links = [link["href"] for link in check.soup.select("dd.summary__change a")]
    assert links[0] == "/surveys/playgrounds/answer?section=1&return=check"
    corrected = opens(client, links[0]).send(age="7").follow()
    assert corrected.heading == check.heading
    assert "7" in corrected.text


def test_going_back_and_forth_keeps_what_was_saved(app: Flask) -> None:
    make_survey(Cast(app))
    client = app.test_client()
    third = answers(client, "playgrounds", [FAMILY, {"place": "elsewhere", "place.other": "祖父母の庭"}])
    back = third.soup.select_one("a.back")
    assert back is not None
    second = opens(client, str(back["href"]))
    assert second.fields()["place"] == ["elsewhere"]
    assert second.fields()["place.other"] == ["祖父母の庭"]


def test_the_entry_page_leads_to_the_project(app: Flask) -> None:
    survey = make_survey(Cast(app), ONE_QUESTION)
    page = opens(app.test_client(), "/surveys/shade")
    assert page.soup.select_one(f"main a[href='/projects/{survey.project.slug}']") is not None


def test_the_language_can_change_on_the_way(app: Flask) -> None:
    make_survey(Cast(app))
    client = app.test_client()
    answers(client, "playgrounds", [FAMILY, {"place": "hall"}])
    english = opens(client, "/surveys/playgrounds/answer?section=2&lang=en")
    assert english.heading == "Where do you most often go to play outside with your child?"
    assert english.fields()["place"] == ["hall"]
    assert english.send(place="zzz").text.count("Choose from the answers on this page.") == 2


def test_what_she_leaves_for_later_is_found_with_the_code_on_another_device(app: Flask) -> None:
    make_survey(Cast(app))
    second = answers(app.test_client(), "playgrounds", [FAMILY])
    saved = second.send(place="park", save="1").follow()
    assert saved.heading == "回答を保存しました"
    shown = saved.soup.find(id="resume-code")
    assert shown is not None
    code = shown.get_text()

    other = app.test_client()
    page = opens(other, "/surveys/playgrounds/resume").send(resume_code=code.lower().replace("-", " ")).follow()
    assert "section=3" in page.address or page.heading == "行った日と感じたこと"
    assert opens(other, "/surveys/playgrounds/answer?section=2").fields()["place"] == ["park"]
    stored = db.session.scalars(sa.select(Draft.resume_key)).one()
    assert code.encode() not in (stored or b"")


def test_a_wrong_code_is_refused_in_the_same_words_and_not_too_often(app: Flask) -> None:
    make_survey(Cast(app))
    client = app.test_client()
    page = opens(client, "/surveys/playgrounds/resume")
    refused = page.send(resume_code="ABCD-EFGH-JKMN")
    assert refused.answer.status_code == 422
    assert refused.fields()["resume_code"] == ["ABCD-EFGH-JKMN"]
    assert refused.soup.find(id="resume_code")["aria-invalid"] == "true"  # type: ignore[index]  # the field is there
    statuses = [page.send(resume_code="ABCD-EFGH-JKMN").answer.status_code for _ in range(12)]
    assert statuses[-1] == 429


def test_leaving_without_required_answers_is_fine_and_sending_is_not(app: Flask) -> None:
    make_survey(Cast(app))
    client = app.test_client()
    assert answers(client, "playgrounds", []).send(save="1").answer.status_code == 303
    check = opens(client, "/surveys/playgrounds/answer?section=check").follow()
    assert "section=1" in check.address


def test_a_second_tab_cannot_send_what_the_first_did_not_show(app: Flask) -> None:
    make_survey(Cast(app), ONE_QUESTION)
    client = app.test_client()
    check = answers(client, "shade", [{"enough": "yes"}])
    opens(client, "/surveys/shade/answer?section=1").send(enough="no")
    refused = check.send()
    assert refused.answer.status_code == 409
    assert "いいえ" in refused.text
    assert refused.send().follow().heading == "回答を受け付けました"
    db.session.rollback()
    assert db.session.scalars(sa.select(Response.answers)).one()["enough"]["options"] == ["no"]


def test_a_form_key_of_another_browser_is_a_conflict_and_shows_no_receipt(app: Flask) -> None:
    make_survey(Cast(app), ONE_QUESTION)
    first = answers(app.test_client(), "shade", [{"enough": "yes"}])
    number = receipt_number(first.send().follow())
    stranger = answers(app.test_client(), "shade", [{"enough": "yes"}])
    refused = stranger.send(submission_key=first.fields()["submission_key"][0])
    assert refused.answer.status_code == 409
    assert number not in refused.answer.text
    assert "はい" in refused.text


def test_the_back_button_after_sending_does_not_begin_a_second_answer(app: Flask) -> None:
    make_survey(Cast(app), ONE_QUESTION)
    client = app.test_client()
    first = opens(client, "/surveys/shade/answer?section=1")
    check = first.send(enough="yes").follow()
    stale = opens(client, "/surveys/shade/answer?section=1")
    number = receipt_number(check.send().follow())
    assert receipt_number(stale.send(enough="yes").follow()) == number
    changed = stale.send(enough="no")
    assert changed.answer.status_code == 409
    assert "いいえ" in changed.text


def test_what_arrives_after_the_end_is_refused_and_shown_to_be_copied(app: Flask) -> None:
    survey = make_survey(Cast(app))
    client = app.test_client()
    last = answers(client, "playgrounds", EVERYTHING[:-1])
    end_now(survey)
    refused = last.send(message="夏は暑いです")
    assert refused.answer.status_code == 409
    assert "夏は暑いです" in refused.text
    assert "近所の公園" in refused.text
    db.session.rollback()
    assert db.session.get_one(Survey, survey.id).ended_at is not None
    assert opens(client, "/surveys/playgrounds/answer?section=1").answer.status_code == 302


def test_sending_at_the_moment_of_the_end_is_refused_and_a_repeated_one_is_not(app: Flask) -> None:
    survey = make_survey(Cast(app), ONE_QUESTION)
    early, late = app.test_client(), app.test_client()
    sent = answers(early, "shade", [{"enough": "yes"}])
    number = receipt_number(sent.send().follow())
    check = answers(late, "shade", [{"enough": "no"}])
    end_now(survey)
    assert check.send().answer.status_code == 409
    assert receipt_number(sent.send().follow()) == number


def test_a_corrected_questionnaire_is_told_and_the_answers_stay(app: Flask) -> None:
    cast = Cast(app)
    survey = make_survey(cast, ONE_QUESTION)
    client = app.test_client()
    page = opens(client, "/surveys/shade/answer?section=1")
    new_version(survey, cast)
    told = page.send(enough="no")
    assert told.answer.status_code == 409
    assert "調査票の言葉が直されました" in told.text
    assert told.fields()["enough"] == ["no"]
    assert told.send().follow().send().follow().heading == "回答を受け付けました"
    db.session.rollback()
    assert db.session.scalars(sa.select(Response.version)).one() == 2


def new_version(survey: Survey, cast: Cast) -> None:
    with writing() as session:
        row = session.get_one(Survey, survey.id)
        session.add(
            QuestionnaireVersion(
                survey_id=row.id, number=2, document=ONE_QUESTION, created_by_id=cast.editor.id, created_at=clock.now()
            )
        )
        row.current_version = 2


def test_once_per_person_names_the_first_answer(app: Flask) -> None:
    cast = Cast(app)
    make_survey(cast, ONE_QUESTION, **for_residents())
    client = cast.client(cast.resident)
    number = receipt_number(sends(client, "shade", [{"enough": "yes"}]))
    again = opens(cast.client(cast.resident), "/surveys/shade/answer")
    assert again.heading == "このアンケートには、もう回答をいただいています"
    assert number in again.text
    neighbour = cast.client(cast.neighbour)
    assert sends(neighbour, "shade", [{"enough": "no"}]).heading == "回答を受け付けました"


def test_a_changed_answer_takes_the_first_out_of_the_counts(app: Flask) -> None:
    cast = Cast(app)
    survey = make_survey(cast, ONE_QUESTION, **for_residents(change_allowed=True))
    client = cast.client(cast.resident)
    sends(client, "shade", [{"enough": "yes"}])
    sends(client, "shade", [{"enough": "no"}])
    db.session.rollback()
    counted = {key: count for key, count in tallies.stored(db.session, survey.id).items() if count}
    assert counted == {("enough", "", "", False): 1, ("enough", "", "no", False): 1}
    assert recounting.recounts("shade") == (3, [])


def test_who_is_not_signed_in_is_sent_to_sign_in_and_comes_back(app: Flask) -> None:
    cast = Cast(app)
    make_survey(cast, ONE_QUESTION, **for_residents())
    answer = app.test_client().get("/surveys/shade/answer?section=1")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=")
    signed_in = cast.client(cast.resident)
    page = opens(signed_in, "/surveys/shade/answer?section=1")
    signed_in.post("/sign-out", data={"csrf_token": page.fields()["csrf_token"]})
    ended = page.send(enough="no")
    assert ended.answer.status_code in (400, 401)


def test_two_persons_at_one_browser_have_two_drafts(app: Flask) -> None:
    cast = Cast(app)
    make_survey(cast, ONE_QUESTION, **for_residents())
    client = cast.client(cast.resident)
    page = answers(client, "shade", [{"enough": "yes"}])
    client.post("/sign-out", data={"csrf_token": page.fields()["csrf_token"]})
    sign_in(client, cast.neighbour)
    assert "enough" not in opens(client, "/surveys/shade/answer?section=1").fields()


def test_an_address_left_for_the_answer_is_sealed_beside_the_participation(app: Flask) -> None:
    make_survey(Cast(app), ONE_QUESTION)
    check = answers(app.test_client(), "shade", [{"enough": "yes"}])
    refused = check.send(email="name.example.jp")
    assert refused.answer.status_code == 422
    assert refused.fields()["email"] == ["name.example.jp"]
    assert refused.send(email="name@example.jp").follow().heading == "回答を受け付けました"
    db.session.rollback()
    left = db.session.scalars(sa.select(ContactAddress)).one()
    assert b"example" not in left.sealed
    assert keys().unseal(f"contact_address.sealed|{left.participation_id}", left.sealed) == "name@example.jp"


def test_the_receipt_can_be_mailed_and_is_only_for_the_browser_that_sent(app: Flask) -> None:
    make_survey(Cast(app), ONE_QUESTION)
    client = app.test_client()
    done = sends(client, "shade", [{"enough": "yes"}])
    assert done.send().answer.status_code == 422
    mailed = done.send(email="name@example.jp").follow()
    assert "受付番号を送りました" in mailed.text
    db.session.rollback()
    mail = db.session.scalars(sa.select(Mail)).one()
    assert receipt_number(done) in (mail.body or "")
    assert "日かげについて" in mail.subject
    assert opens(app.test_client(), "/surveys/shade/done").answer.location == "/surveys/shade"


def test_a_trial_is_never_counted_and_vanishes(app: Flask) -> None:
    cast = Cast(app)
    survey = make_survey(cast, ONE_QUESTION, State.DRAFT)
    client = cast.client(cast.approver)
    page = opens(client, "/staff/surveys/shade/trial")
    assert "試し回答" in page.text
    page = opens(client, "/staff/surveys/shade/trial?section=1").send(enough="yes").follow()
    over = page.send().follow()
    assert "試し回答を終えました" in over.text
    db.session.rollback()
    assert db.session.scalars(sa.select(Draft)).all() == []
    assert tallies.stored(db.session, survey.id) == Counter()
    assert cast.client(cast.parks_editor).get("/staff/surveys/shade/trial").status_code == 403
    assert client.get("/surveys/shade").status_code == 404


def test_a_trial_ends_with_the_opening(app: Flask) -> None:
    cast = Cast(app)
    make_survey(cast, ONE_QUESTION)
    client = cast.client(cast.editor)
    page = opens(client, "/staff/surveys/shade/trial?section=1")
    assert page.send(enough="yes").answer.status_code == 409


def test_the_entry_page_says_how_things_stand_in_every_state(app: Flask) -> None:
    cast = Cast(app)
    for state in (State.OPEN, State.SCHEDULED, State.ENDED, State.CLOSED, State.ANSWERED, State.WITHDRAWN):
        make_survey(cast, ONE_QUESTION, state, slug=f"shade-{state.value}")
        page = opens(app.test_client(), f"/surveys/shade-{state.value}")
        assert page.answer.status_code == 200
        assert ("このアンケートに回答する" in page.text) is (state is State.OPEN)
        assert ("結果を見る" in page.text) is (state in (State.CLOSED, State.ANSWERED))
    for state in (State.DRAFT, State.IN_APPROVAL):
        make_survey(cast, ONE_QUESTION, state, slug=f"shade-{state.value.replace('_', '-')}")
        assert app.test_client().get(f"/surveys/shade-{state.value.replace('_', '-')}").status_code == 404


def test_drafts_are_erased_after_thirty_days(app: Flask) -> None:
    make_survey(Cast(app), ONE_QUESTION)
    answers(app.test_client(), "shade", [{"enough": "yes"}])
    assert erase_expired(clock.now() + timedelta(days=29)) == 0
    assert erase_expired(clock.now() + timedelta(days=31)) == 1


def test_one_page_in_three_languages_shows_three_headings(app: Flask) -> None:
    make_survey(Cast(app), ONE_QUESTION)
    client = app.test_client()
    headings = {opens(client, f"/surveys/shade/answer?section=1&lang={one}").heading for one in ("ja", "ja-easy", "en")}
    assert len(headings) == 3
