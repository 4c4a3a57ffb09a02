"""Preparing a consultation in the browser, as an editor does."""

from datetime import datetime

import pytest
import sqlalchemy as sa

from civic import clock
from civic.activities import actions as activities
from civic.activities.states import State
from civic.audit.models import AuditRecord
from civic.db import db, writing
from consultations.comments import opening
from consultations.comments.drafting import actions as drafting
from consultations.comments.drafting.passages import MOST_PASSAGES
from consultations.comments.models import Consultation, DraftVersion, Passage, ProcedureRule
from consultations.comments.refusals import DraftFrozen
from tests.cast import Cast, Person
from tests.factories import consultations as make
from tests.factories.surveys import actor, text
from tests.pages import Page, opens


@pytest.fixture
def rule(cast: Cast) -> str:
    """The city's rule, as an administrator wrote it."""
    with writing() as session:
        session.add(ProcedureRule(code="youko", content=make.RULE.to_json(), edited_at=clock.now()))
    return "youko"


@pytest.fixture
def draft(cast: Cast) -> Consultation:
    return make.make_consultation(cast, State.DRAFT)


def desk(cast: Cast, address: str, who: Person | None = None) -> Page:
    client = cast.client(who or cast.editor)
    client.set_cookie("language", "en")
    return opens(client, f"/staff/consultations{address}")


def one(slug: str = "transport-plan") -> Consultation:
    db.session.rollback()
    return db.session.scalars(sa.select(Consultation).where(Consultation.slug == slug)).one()


def versions() -> list[DraftVersion]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(DraftVersion).order_by(DraftVersion.number)))


def test_an_empty_desk_says_what_will_be_there(cast: Cast) -> None:
    page = desk(cast, "")
    assert page.heading == "Public comment"
    assert "No public comment yet" in page.text


def test_a_consultation_begins_with_the_values_of_its_rule(cast: Cast, rule: str) -> None:
    activities.create_project("bus", cast.department(), text("交通"), text("交通"), actor(cast.editor))
    page = desk(cast, "/new").press(
        "Start it", title_ja="交通計画(案)", slug="bus-plan", summary_ja="意見を聞きます。", rule=rule
    )
    assert page.heading == "Draft text: 交通計画(案)"
    made = one("bus-plan")
    assert made.rule == make.RULE.to_json()
    assert made.eligibility == {
        "ja": "市内に住んでいる\n市内で働いている",
        "ja-easy": "やさしい ことば\nやさしい ことば",
        "en": "In English\nIn English",
    }
    assert made.channels == ["web", "counter", "post", "fax", "mail"]
    assert "交通計画(案)" in desk(cast, "").text


def test_without_the_citys_own_rule_it_begins_but_does_not_open(cast: Cast) -> None:
    activities.create_project("bus", cast.department(), text("交通"), text("交通"), actor(cast.editor))
    desk(cast, "/new").press("Start it", title_ja="計画", slug="bus-plan", summary_ja="聞きます。", rule="default")
    problems = [str(problem) for problem in opening.opening_problems(one("bus-plan"), clock.now())]
    assert "The name of the city's rule for this procedure is missing." in problems
    assert "The city's own rule is missing" in desk(cast, "/bus-plan/notice").text


@pytest.mark.parametrize("slug", ["not-held", "rules", "new"])
def test_an_address_of_another_page_is_refused(cast: Cast, slug: str) -> None:
    activities.create_project("bus", cast.department(), text("交通"), text("交通"), actor(cast.editor))
    page = desk(cast, "/new").press("Start it", title_ja="計画", slug=slug, summary_ja="聞きます。")
    assert page.errors == ["This address is taken. Choose another one."]


def test_a_preview_divides_the_typed_draft_and_saves_nothing(cast: Cast, draft: Consultation) -> None:
    page = desk(cast, f"/{draft.slug}/draft")
    page = page.press("Show the preview", markdown="# 第9章 見本\n\n一つ目。\n\n二つ目。")
    assert page.status == 200
    assert "Preview, not saved" in page.text
    assert "3 passages." in page.text
    assert page.html.find("textarea", {"name": "markdown"}).get_text().strip().endswith("二つ目。")
    assert len(versions()) == 1


def test_a_saved_draft_is_a_new_version_that_shows_what_changed(cast: Cast, draft: Consultation) -> None:
    page = desk(cast, f"/{draft.slug}/draft")
    page = page.press(
        "Save as a new version", markdown=make.PLAN.replace("30分", "60分") + "\n新しい段落。\n", note="最終バス"
    )
    assert "Version 2 is saved." in page.text
    page = page.follow("Version 2")
    assert [word.get_text() for word in page.html.select(".change del")] == ["[deleted:] 30 [end]"]
    assert [word.get_text() for word in page.html.select(".change ins")] == [
        "[added:] 60 [end]", "[added:] 新しい段落。 [end]",
    ]  # fmt: skip
    first, second = versions()
    anchors = {passage.text: passage.anchor for passage in first.passages}
    assert all(anchors.get(passage.text, passage.anchor) == passage.anchor for passage in second.passages)
    assert desk(cast, f"/{draft.slug}/draft/1").status == 200
    assert desk(cast, f"/{draft.slug}/draft/3").status == 404


def test_an_earlier_version_is_taken_again_as_a_new_one(cast: Cast, draft: Consultation) -> None:
    desk(cast, f"/{draft.slug}/draft").press("Save as a new version", markdown="# 別の案\n\n本文。")
    page = desk(cast, f"/{draft.slug}/draft/1").follow("Take this version again")
    assert "Its words become version 3." in page.text
    assert "別の案" in page.text
    assert len(versions()) == 2
    page.press("Save it as version 3")
    first, second, third = versions()
    assert (third.markdown, second.markdown) == (make.PLAN, "# 別の案\n\n本文。")
    assert [one.anchor for one in third.passages] == [one.anchor for one in first.passages]
    assert third.note == "The words of version 1 again."
    assert one().current_version == 3
    said = db.session.scalars(sa.select(AuditRecord).where(AuditRecord.act == "consultation.draft_restored")).one()
    assert said.details == {"version": 3, "restored": 1}
    stale = page.press("Save it as version 3")
    assert stale.status == 409
    assert len(versions()) == 3


def test_the_version_in_use_and_a_frozen_draft_are_not_taken_again(cast: Cast, draft: Consultation) -> None:
    desk(cast, f"/{draft.slug}/draft").press("Save as a new version", markdown="# 別の案\n\n本文。")
    client = cast.client(cast.editor)
    restore = f"/staff/consultations/{draft.slug}/draft"
    assert client.get(f"{restore}/2/restore").status_code == 404
    assert client.get(f"{restore}/9/restore").status_code == 404
    assert cast.client(cast.approver).get(f"{restore}/1/restore").status_code == 403
    make.open_now(draft, cast)
    assert client.get(f"{restore}/1/restore").status_code == 409
    assert "Take this version again" not in desk(cast, f"/{draft.slug}/draft/1").text
    with pytest.raises(DraftFrozen):
        drafting.restore_version(draft.id, 1, "", make.revision_of(draft.id), actor(cast.editor), clock.now())
    assert len(versions()) == 2


def test_the_anchor_of_a_passage_that_went_is_not_given_again_two_versions_later(
    cast: Cast, draft: Consultation
) -> None:
    whole = make.PLAN
    shorter = whole.rpartition("\n\n")[0]
    for markdown in (shorter, f"{shorter}\n\nまったく別の話をします。"):
        desk(cast, f"/{draft.slug}/draft").press("Save as a new version", markdown=markdown)
    first, _second, third = versions()
    last = max(first.passages, key=lambda passage: passage.position)
    new = max(third.passages, key=lambda passage: passage.position)
    assert int(new.anchor[1:]) == int(last.anchor[1:]) + 1


def test_a_change_takes_an_approval_back(cast: Cast) -> None:
    made = make.make_consultation(cast, State.SCHEDULED)
    page = desk(cast, f"/{made.slug}/draft")
    assert "an approval holds for what the approver saw" in page.text
    page.press("Save as a new version", markdown="# 別の案\n\n本文。")
    assert one().approved_at is None


def test_once_open_the_draft_shows_its_comments_and_does_not_change(cast: Cast) -> None:
    draft = make.make_consultation(cast, State.DRAFT)
    stale = desk(cast, f"/{draft.slug}/draft")
    before = draft.starts_at
    activities.submit(draft.id, draft.revision, actor(cast.editor), before)
    activities.approve(draft.id, draft.revision, actor(cast.approver), before)
    anchor = versions()[0].passages[3].anchor
    make.comment(one(), ["ここを変えてください。", "賛成です。"], passage=anchor)
    make.comment(one(), ["全体によい。"])
    page = desk(cast, f"/{draft.slug}/draft")
    assert "The draft does not change any more" in page.text
    assert "2 comments" in page.html.find(id=anchor).get_text()
    assert "On the whole draft: 1 comment" in page.text
    answer = stale.press("Save as a new version", markdown="# すり替え\n\n本文。")
    assert answer.status == 409
    assert "does not change" in answer.text
    assert "すり替え" in answer.text
    assert len(versions()) == 1


def test_of_two_editors_the_second_is_told_and_loses_nothing(cast: Cast, draft: Consultation) -> None:
    first = desk(cast, f"/{draft.slug}/draft")
    second = desk(cast, f"/{draft.slug}/draft", cast.second_editor)
    first.press("Save as a new version", markdown="# 先\n\n先の文。")
    answer = second.press("Save as a new version", markdown="# 後\n\n後の文。")
    assert answer.status == 409
    assert "後の文。" in answer.text
    assert [version.number for version in versions()] == [1, 2]


def test_too_many_passages_are_refused_beside_the_text(cast: Cast, draft: Consultation) -> None:
    page = desk(cast, f"/{draft.slug}/draft").press("Save as a new version", markdown="あ\n\n" * (MOST_PASSAGES + 1))
    assert page.status == 422
    assert page.errors == [
        "The draft has too many passages: 20,001. Up to 20,000; divide it, or attach parts of it as PDF."
    ]


@pytest.mark.parametrize("typed", ["   \n\n ", "---\n\n---"])
def test_a_draft_that_says_nothing_is_refused(cast: Cast, draft: Consultation, typed: str) -> None:
    page = desk(cast, f"/{draft.slug}/draft").press("Save as a new version", markdown=typed)
    assert page.status == 422
    assert page.errors == ["Write the draft."]


def test_a_reader_without_the_right_to_edit_sees_the_draft_and_no_form(cast: Cast, draft: Consultation) -> None:
    page = desk(cast, f"/{draft.slug}/draft", cast.approver)
    assert "最終バスを30分遅くします。" in page.text
    assert page.html.find("textarea") is None


def at(*day: int) -> datetime:
    return datetime(*day, tzinfo=clock.TOKYO)  # type: ignore[misc]  # year, month, day and perhaps hours


def set_period(consultation: Consultation, starts: datetime, ends: datetime) -> None:
    with writing() as session:
        row = session.get_one(Consultation, consultation.id)
        row.starts_at, row.ends_at = starts, ends


def test_the_notice_page_counts_the_day_of_notice_as_day_one(cast: Cast, draft: Consultation) -> None:
    set_period(draft, at(2099, 11, 2, 9), at(2099, 12, 1, 17))
    page = desk(cast, f"/{draft.slug}/notice")
    facts = {term.get_text(): term.find_next("dd").get_text() for term in page.html.select(".keyfacts dt")}
    assert "1 December 2099" in facts["Earliest last day (30 days)"]
    assert facts["Length"] == "30 days"
    assert "shorter than the rule's" not in page.html.select_one("section[aria-labelledby=calendar]").get_text()


def test_a_period_that_ends_at_midnight_ended_with_the_day_before(cast: Cast, draft: Consultation) -> None:
    set_period(draft, at(2099, 11, 2), at(2099, 12, 1))
    assert [str(problem) for problem in opening.opening_problems(one(), clock.now())] == [
        "The period is 29 days long, shorter than 30. The reason is missing."
    ]
    set_period(draft, at(2099, 11, 2), at(2099, 12, 2))
    assert opening.opening_problems(one(), clock.now()) == []


def test_what_opens_later_than_planned_is_noticed_that_late(cast: Cast, draft: Consultation) -> None:
    row = one()
    noticed = opening.noticed_on(row, clock.now())
    assert noticed == clock.today()
    assert row.starts_at is not None
    assert clock.day_in_japan(row.starts_at) < noticed


def test_a_short_period_shows_its_reason_beside_it(cast: Cast, draft: Consultation) -> None:
    set_period(draft, at(2099, 11, 2, 9), at(2099, 11, 12, 17))
    page = desk(cast, f"/{draft.slug}/notice")
    assert "It does not open without the reason" in page.text
    page = page.press("Save the notice", short_reason_ja="国の期限があるためです。")
    assert "国の期限があるためです。" in page.html.select_one("section[aria-labelledby=calendar]").get_text()
    assert opening.opening_problems(one(), clock.now()) != []  # the reason stands in Japanese only
    page = page.press("Leave these texts in Japanese only")
    assert opening.opening_problems(one(), clock.now()) == []
    page.press("Save the notice", short_reason_ja="別の理由です。")
    assert not one().missing_texts_confirmed


@pytest.mark.parametrize(
    ("last", "sentence"),
    [
        ((2026, 11, 22, 17), "The last day is a Saturday or Sunday."),
        ((2026, 11, 23, 17), "The last day is a public holiday: 勤労感謝の日."),
        ((2026, 12, 30, 17), "The last day is in the year-end holidays."),
        ((2026, 12, 1, 17), None),
    ],
)
def test_a_last_day_without_open_offices_warns_and_moves_nothing(
    cast: Cast, draft: Consultation, last: tuple[int, ...], sentence: str | None
) -> None:
    set_period(draft, at(2026, 10, 1, 9), at(*last))
    page = desk(cast, f"/{draft.slug}/notice")
    if sentence:
        assert sentence in page.text
        assert "The period is not moved by itself." in page.text
    else:
        assert "not moved by itself" not in page.text
    assert one().ends_at == at(*last)


def test_a_rule_is_copied_when_it_is_chosen(cast: Cast, draft: Consultation, rule: str) -> None:
    with writing() as session:
        row = session.scalars(sa.select(ProcedureRule)).one()
        row.content = row.content | {"minimum_days": 20}
    assert one().rule["minimum_days"] == 30
    desk(cast, f"/{draft.slug}/notice").press("Save the notice")
    assert one().rule["minimum_days"] == 30
    desk(cast, f"/{draft.slug}/notice").press("Save the notice", rule=rule)
    assert one().rule["minimum_days"] == 20


def test_the_overview_leads_to_every_page_of_the_room(cast: Cast, draft: Consultation) -> None:
    client = cast.client(cast.editor)
    page = opens(client, f"/staff/activities/{draft.slug}")
    links = [str(link["href"]) for link in page.html.select(".tabs a")]
    assert f"/staff/consultations/{draft.slug}/draft" in links
    assert f"/staff/consultations/{draft.slug}/notice" in links
    assert f"/staff/consultations/{draft.slug}/attachments" in links
    for link in links:
        assert opens(client, link).status == 200, link


def test_ten_times_the_passages_and_consultations_need_no_further_statement(cast: Cast) -> None:
    few = make.make_consultation(cast, State.OPEN, slug="few")
    small = statements(cast, "/few/draft"), statements(cast, ""), statements(cast, "/few/notice")
    many = make.make_consultation(cast, State.OPEN, slug="many", plan="\n\n".join(f"段落{i}。" for i in range(300)))
    assert few.id != many.id
    assert (statements(cast, "/many/draft"), statements(cast, ""), statements(cast, "/many/notice")) == small
    assert max(small) <= 12, small


def statements(cast: Cast, address: str) -> int:
    """How many statements a page of the editor sends."""
    client = cast.client(cast.editor)
    sent: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", note := lambda *call: sent.append(call[2]))
    try:
        assert client.get(f"/staff/consultations{address}").status_code == 200
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return len([one for one in sent if not one.startswith("PRAGMA")])


def test_every_act_of_preparation_is_in_the_audit(cast: Cast, draft: Consultation) -> None:
    page = desk(cast, f"/{draft.slug}/draft").press("Save as a new version", markdown="# 案\n\n本文。")
    assert page.status == 200
    acts = list(db.session.scalars(sa.select(AuditRecord.act).order_by(AuditRecord.id.desc()).limit(2)))
    assert acts == ["consultation.draft_saved", "activity.edited"]


def test_the_draft_of_ten_thousand_passages_is_kept_and_shown(cast: Cast, draft: Consultation) -> None:
    page = desk(cast, f"/{draft.slug}/draft").press(
        "Save as a new version", markdown="\n\n".join(f"段落{i}の話。" for i in range(10_000))
    )
    assert page.status == 200
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Passage)) >= 10_000
