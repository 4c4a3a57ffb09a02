"""The city's rules as an administrator writes them, and plans for which no procedure was held."""

import pytest
import sqlalchemy as sa
from flask import Flask

from civic import clock
from civic.activities import actions as activities
from civic.audit.models import AuditRecord
from civic.db import db, writing
from consultations.comments.models import NotHeldNotice, ProcedureRule
from consultations.comments.rules import Rule, rule_from_json
from consultations.comments.stages import Asked
from tests.cast import Cast, Person
from tests.factories import consultations as make
from tests.factories.surveys import actor, text
from tests.pages import Page, opens

NOTICE = {
    "title_ja": "手数料条例の字句の整理",
    "aim_ja": "条文の字句を整えます。",
    "basis_ja": "地方自治法 第228条",
    "reason_ja": "内容が変わらないためです。",
    "contact_ja": "企画課 000-000-0000",
}


@pytest.fixture
def rule(cast: Cast) -> str:
    with writing() as session:
        session.add(ProcedureRule(code="youko", content=make.RULE.to_json(), edited_at=clock.now()))
    return "youko"


@pytest.fixture
def project(cast: Cast) -> int:
    return activities.create_project("fees", cast.department(), text("手数料"), text("手数料"), actor(cast.editor))


def desk(cast: Cast, address: str, who: Person | None = None) -> Page:
    client = cast.client(who or cast.editor)
    client.set_cookie("language", "en")
    return opens(client, f"/staff/consultations{address}")


def stored(code: str) -> Rule:
    db.session.rollback()
    row = db.session.scalars(sa.select(ProcedureRule).where(ProcedureRule.code == code)).one()
    return rule_from_json(row.content)


def test_a_new_rule_begins_with_the_values_of_the_act_and_cites_it_nowhere(cast: Cast) -> None:
    page = desk(cast, "/rules/new", cast.admin)
    assert page.html.find("input", {"name": "minimum_days"})["value"] == "30"
    assert page.html.find("input", {"name": "name_ja"}).get("value") in (None, "")
    page = page.press("Save the rule", slug="youko")
    assert page.errors == ["Enter the name of the rule."]


def test_a_rule_is_kept_with_its_groups_cases_and_clauses(cast: Cast) -> None:
    page = desk(cast, "/rules/new", cast.admin).press(
        "Save the rule",
        name_ja="みなと野市意見公募手続要綱",
        slug="youko",
        number="令和3年告示第12号",
        checked_on="2026-11-01",
        minimum_days="３０",
        clause_minimum_days="第6条第2項",
        channels=["web", "post"],
        clause_asks_name="第8条",
        asks_name="required",
        postmark_counts="y",
        **{
            "categories-0-text_ja": "市内に住んでいる", "categories-1-text_ja": "市内で働いている",
            "categories-1-detail_ja": "勤務先", "exemptions-0-text_ja": "軽微な変更",
        },
    )  # fmt: skip
    assert page.heading == "みなと野市意見公募手続要綱"
    assert "30 days, the day of the notice included (第6条第2項)" in page.text
    rule = stored("youko")
    assert [(one.code, one.text, one.detail) for one in rule.categories] == [
        ("c1", {"ja": "市内に住んでいる"}, {}), ("c2", {"ja": "市内で働いている"}, {"ja": "勤務先"}),
    ]  # fmt: skip
    assert [(one.code, one.text) for one in rule.exemptions] == [("e1", {"ja": "軽微な変更"})]
    assert rule.clauses == {"minimum_days": "第6条第2項", "asks_name": "第8条"}
    assert rule.asks_name is Asked.REQUIRED
    assert rule.postmark_counts
    assert db.session.scalars(sa.select(AuditRecord.act).order_by(AuditRecord.id.desc())).first() == "rule.saved"


def test_an_emptied_group_goes_and_the_codes_of_the_others_stay(cast: Cast, rule: str) -> None:
    page = desk(cast, f"/rules/{rule}/edit", cast.admin)
    rows = page.html.select("section[aria-labelledby=r-who] div[role=group]")
    assert len(rows) == 4  # two groups and two spare boxes
    page.press(
        "Save the rule",
        **{f"categories-0-text_{language}": "" for language in ("ja", "easy", "en")},
        **{"categories-2-text_ja": "市内の学校に通う"},
    )
    assert [(one.code, one.text["ja"]) for one in stored(rule).categories] == [
        ("works", "市内で働いている"), ("c1", "市内の学校に通う"),
    ]  # fmt: skip


def test_a_group_without_japanese_is_refused_beside_it(cast: Cast, rule: str) -> None:
    page = desk(cast, f"/rules/{rule}/edit", cast.admin)
    page = page.press("Save the rule", **{"categories-2-text_en": "Students"})
    assert page.errors == ["Write it in Japanese too, or empty the whole row."]
    assert page.html.find("input", {"name": "categories-2-text_ja"})["aria-invalid"] == "true"


def test_of_two_administrators_the_second_is_told(cast: Cast, rule: str) -> None:
    first, second = desk(cast, f"/rules/{rule}/edit", cast.admin), desk(cast, f"/rules/{rule}/edit", cast.admin)
    first.press("Save the rule", minimum_days="31")
    answer = second.press("Save the rule", minimum_days="10")
    assert answer.status == 409
    assert stored(rule).minimum_days == 31


@pytest.mark.parametrize("slug", ["youko", "new"])
def test_a_rules_name_is_its_own(cast: Cast, rule: str, slug: str) -> None:
    page = desk(cast, "/rules/new", cast.admin).press("Save the rule", name_ja="別の要綱", slug=slug, channels=["web"])
    assert page.errors == ["This name is taken. Choose another one."]


def test_staff_read_the_rules_and_do_not_write_them(cast: Cast, rule: str) -> None:
    page = desk(cast, "/rules").follow("In English")
    assert "In English (In English)" in page.text
    assert "Change this rule" not in page.text
    assert cast.client(cast.editor).get(f"/staff/consultations/rules/{rule}/edit").status_code == 403


def write_notice(cast: Cast, slug: str = "fee-words") -> Page:
    return desk(cast, "/not-held/new").press("Save the notice", slug=slug, case="youko:minor", **NOTICE)


def test_a_notice_is_published_by_a_second_person_and_read_by_everybody(
    app: Flask, cast: Cast, rule: str, project: int
) -> None:
    page = write_notice(cast)
    assert "The notice is saved." in page.text
    resident = app.test_client()
    assert resident.get("/consultations/not-held/fee-words").status_code == 404
    assert "手数料条例" not in resident.get("/results").text
    desk(cast, "/not-held/fee-words", cast.approver).follow("Look and make public").press("Publish it")
    page = opens(resident, "/consultations/not-held/fee-words")
    assert page.heading == "手数料条例の字句の整理"
    for words in (
        "条文の字句を整えます。",
        "内容が変わらないためです。",
        "軽微な変更である",
        "みなと野市意見公募手続要綱",
        "企画課",
    ):
        assert words in page.text
    assert page.html.find("form", {"method": "post"}) is None
    assert "手数料条例の字句の整理" in opens(resident, "/consultations/not-held").text
    assert opens(resident, "/results").follow("意見募集を行わなかった案").status == 200


def test_whoever_wrote_a_notice_cannot_publish_it(cast: Cast, rule: str, project: int) -> None:
    write_notice(cast)
    approver = cast.approver.id
    with writing() as session:
        session.execute(sa.update(NotHeldNotice).values(last_editor_id=approver))
    answer = desk(cast, "/not-held/fee-words/publish", cast.approver).press("Publish it")
    assert answer.status == 403
    assert "Someone else must approve this" in answer.text
    db.session.rollback()
    assert db.session.scalars(sa.select(NotHeldNotice.published_at)).one() is None


def test_a_published_notice_does_not_change(cast: Cast, rule: str, project: int) -> None:
    write_notice(cast)
    stale = desk(cast, "/not-held/fee-words")
    desk(cast, "/not-held/fee-words/publish", cast.approver).press("Publish it")
    assert stale.press("Save the notice", title_ja="すり替え").status == 409
    assert desk(cast, "/not-held/fee-words/publish", cast.approver).html.find("form", {"action": False}) is None
    assert "手数料条例の字句の整理" in desk(cast, "/not-held").text


def test_a_notice_keeps_the_case_it_was_written_for(cast: Cast, rule: str, project: int) -> None:
    write_notice(cast)
    with writing() as session:
        session.execute(sa.delete(ProcedureRule))
    page = desk(cast, "/not-held/fee-words").press("Save the notice", reason_ja="別の理由です。")
    assert "The notice is saved." in page.text
    db.session.rollback()
    notice = db.session.scalars(sa.select(NotHeldNotice)).one()
    assert (notice.exemption, notice.reason["ja"], notice.revision) == ("minor", "別の理由です。", 2)


@pytest.mark.parametrize("slug", ["fee-words", "new"])
def test_a_notices_address_is_its_own(cast: Cast, rule: str, project: int, slug: str) -> None:
    write_notice(cast)
    assert write_notice(cast, slug).errors == ["This address is taken. Choose another one."]


def test_without_a_rule_that_names_cases_there_is_nothing_to_write(cast: Cast, project: int) -> None:
    assert "No rule names such a case" in desk(cast, "/not-held/new").text


def test_the_list_is_there_before_the_first_notice(app: Flask) -> None:
    assert opens(app.test_client(), "/consultations/not-held").status == 200
