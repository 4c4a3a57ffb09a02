"""The pages of answering as a clerk, the department asked and the approver see them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from civic import clock
from civic.db import db
from consultations.comments.answering import actions, queries
from consultations.comments.models import Consultation, OpinionGroup
from consultations.comments.stages import Outcome, Stage
from tests.cast import PARKS, Cast, department
from tests.consultations.answering.test_answering import WHOLE, fresh, handed_in
from tests.factories import consultations as make
from tests.factories.surveys import actor
from tests.pages import Page, opens


@pytest.fixture
def group(cast: Cast) -> OpinionGroup:
    consultation = make.ended_with(cast, ["最終バスを遅くして。", "最終バスを 遅くして", "屋根がほしい。"])
    items = [one.items[0].id for one in make.comments_of(consultation)[:2]]
    return make.group_of(consultation, "最終バス", items)


def address(group: OpinionGroup, page: str = "") -> str:
    slug = db.session.get_one(Consultation, group.consultation_id).slug
    return f"/staff/consultations/{slug}/groups/{group.number}{page}"


def test_a_clerk_drafts_and_hands_in(group: OpinionGroup, cast: Cast) -> None:
    page = opens(cast.client(cast.editor), address(group))
    assert "最終バスを遅くして。" in page.text
    assert "同じ文 2件" in page.text
    after = page.press("保存して決裁に回す", answer_ja="2028年から遅くします。", outcome="adopted")
    assert "決裁待ち" in after.text
    assert fresh(group).stage is Stage.IN_APPROVAL


def test_copies_fold_whatever_stop_they_close_with_as_on_the_desk(cast: Cast) -> None:
    held = make.ended_with(cast, ["賛成です。", "賛成です", "賛成です？"])
    made = make.group_of(held, "賛成", make.items_of(held))
    found = queries.opinions(made.id, 1)
    assert [(one.words, one.copies, one.is_part) for one in found] == [
        ("賛成です。", 2, False),
        ("賛成です？", 1, False),
    ]
    page = opens(cast.client(cast.editor), address(made))
    assert len(page.html.select("#opinions ~ .voice")) == 2


def test_the_board_shows_its_groups_a_page_at_a_time(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    held = make.ended_with(cast, ["一。", "二。", "三。"])
    for number, item in enumerate(make.items_of(held), 1):
        make.group_of(held, f"まとまり{number}", [item])
    monkeypatch.setattr(queries, "PAGE", 2)
    client = cast.client(cast.editor)
    board = f"/staff/consultations/{held.slug}/answers"

    def rows(page: Page) -> list[str]:
        return [row.get_text() for row in page.html.select("tbody th a")]

    first = opens(client, board)
    assert rows(first) == ["1. まとまり1", "2. まとまり2"]
    assert first.html.select_one("ul.pages") is not None
    assert rows(opens(client, f"{board}?page=2")) == ["3. まとまり3"]
    assert rows(opens(client, f"{board}?page=9")) == ["3. まとまり3"]


def test_pages_are_counted_by_what_stands_on_them(cast: Cast) -> None:
    held = make.ended_with(cast, ["賛成です。"] * (queries.PAGE + 1) + ["反対です。"])
    made = make.group_of(held, "賛否", make.items_of(held))
    page = opens(cast.client(cast.editor), address(made))
    assert page.html.select_one("ul.pages") is None
    assert "反対です。" in page.text


def test_a_comment_in_another_language_says_so_wherever_staff_read_it(cast: Cast) -> None:
    consultation = make.make_consultation(cast)
    make.comment(consultation, ["No more cars, please."], language="en")
    make.end(consultation, cast)
    desk = f"/staff/consultations/{consultation.slug}"
    client = cast.client(cast.editor)
    ungrouped = opens(client, f"{desk}/groups")
    made = make.group_of(consultation, "車", make.items_of(consultation))
    for page in (ungrouped, opens(client, f"{desk}/comments"), opens(client, address(made))):
        said = page.html.find(lambda tag: tag.get("lang") == "en" and "No more cars" in tag.get_text())
        assert said is not None, page.address


def test_a_second_clerk_sees_what_changed_and_loses_nothing(group: OpinionGroup, cast: Cast) -> None:
    first = opens(cast.client(cast.editor), address(group))
    second = opens(cast.client(cast.second_editor), address(group))
    first.press("下書きを保存する", answer_ja="先に書いた答え", outcome="later")
    late = second.press("下書きを保存する", answer_ja="あとから書いた答え", outcome="adopted")
    assert late.status == 409
    assert "先に書いた答え" in late.text
    form = late.form("下書きを保存する").values()
    assert (form["answer_ja"], form["outcome"]) == (["あとから書いた答え"], ["adopted"])
    assert fresh(group).answer == {"ja": "先に書いた答え"}
    late.press("下書きを保存する")
    assert fresh(group).answer == {"ja": "あとから書いた答え"}


def test_handing_in_without_an_outcome_keeps_the_draft_and_says_why(group: OpinionGroup, cast: Cast) -> None:
    page = opens(cast.client(cast.editor), address(group)).press("保存して決裁に回す", answer_ja="検討します。")
    assert page.status == 422
    assert "反映区分を選んでください" in page.text
    assert fresh(group).answer == {"ja": "検討します。"}


def test_the_department_asked_reads_and_drafts_its_group_and_no_other(group: OpinionGroup, cast: Cast) -> None:
    slug = db.session.get_one(Consultation, group.consultation_id).slug
    other = make.group_of(
        db.session.get_one(Consultation, group.consultation_id),
        "屋根",
        [make.comments_of(db.session.get_one(Consultation, group.consultation_id))[2].items[0].id],
    )
    parks = cast.client(cast.parks_editor)
    assert parks.get(address(group)).status_code == 403
    page = opens(cast.client(cast.editor), address(group, "/inquiry"))
    page.press(
        "担当課に照会する",
        department_id=department(PARKS),
        question="遅くできますか。",
        due_on=(clock.today() + timedelta(days=3)).isoformat(),
    )
    assert "照会に答える: 最終バス" in opens(parks, "/staff/").text
    opens(parks, address(group)).press("保存して決裁に回す", answer_ja="できます。", outcome="adopted")
    assert fresh(group).stage is Stage.IN_APPROVAL
    assert parks.get(address(other)).status_code == 403
    assert parks.get(f"/staff/consultations/{slug}/answers").status_code == 403
    assert parks.get(address(group, "/approval")).status_code == 403


def test_the_approver_sends_back_and_approves(group: OpinionGroup, cast: Cast) -> None:
    handed_in(group, cast)
    approver = cast.client(cast.approver)
    assert "市の考え方を決裁する: 最終バス" in opens(approver, "/staff/").text
    empty = opens(approver, address(group, "/approval")).press("差し戻す", note="")
    assert empty.status == 422
    opens(approver, address(group, "/approval")).press("差し戻す", note="理由を書いてください。")
    assert "理由を書いてください。" in opens(cast.client(cast.editor), address(group)).text
    actions.hand_in(group.id, fresh(group).revision, actor(cast.editor))
    opens(approver, address(group, "/approval")).press("この内容で決裁する")
    assert fresh(group).stage is Stage.LOCKED
    assert "下書きを保存する" not in opens(cast.client(cast.editor), address(group)).text


def test_an_approver_who_looks_at_an_older_version_approves_nothing(group: OpinionGroup, cast: Cast) -> None:
    handed_in(group, cast)
    seen = opens(cast.client(cast.approver), address(group, "/approval"))
    revision = fresh(group).revision
    actions.save_answer(group.id, WHOLE, revision, actor(cast.editor), clock.now())
    actions.hand_in(group.id, fresh(group).revision, actor(cast.editor))
    assert seen.press("この内容で決裁する").status == 409
    assert fresh(group).stage is Stage.IN_APPROVAL


def test_the_board_says_who_owes_what_by_when(group: OpinionGroup, cast: Cast) -> None:
    yesterday = clock.today() - timedelta(days=1)
    actions.ask(group.id, department(PARKS), "?", yesterday, group.revision, actor(cast.editor), clock.now())
    slug = db.session.get_one(Consultation, group.consultation_id).slug
    page = opens(cast.client(cast.editor), f"/staff/consultations/{slug}/answers")
    assert "公園課" in page.text
    assert "期限切れ" in page.text
    assert "まだどのまとまりにも入っていない意見 1" in page.text
    none = opens(cast.client(cast.editor), f"/staff/consultations/{slug}/answers?stage=locked")
    assert "この段階のまとまりはありません。" in none.text


def statements(address: str, cast: Cast) -> int:
    client = cast.client(cast.editor)
    client.get(address)
    count = 0

    def note(*_anything: object) -> None:
        nonlocal count
        count += 1

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return count


def test_board_and_group_ask_the_same_number_of_statements_for_few_and_many(cast: Cast) -> None:
    few = make.ended_with(cast, ["意見。"], slug="few")
    many = make.ended_with(cast, [f"意見{number}。" for number in range(600)], slug="many")
    small = make.group_of(few, "少し", [make.comments_of(few)[0].items[0].id])
    items = db.session.scalars(
        sa.text("SELECT id FROM opinion_item WHERE consultation_id = :id"), {"id": many.id}
    ).all()
    large = make.group_of(many, "多く", items[:500])
    for number in range(20):
        make.group_of(many, f"ほか{number}", [items[500 + number]])
    for pages in (("few", "many"), (f"few/{small.number}", f"many/{large.number}")):
        addresses = [
            f"/staff/consultations/{one.partition('/')[0]}/"
            + (f"groups/{one.partition('/')[2]}" if "/" in one else "answers")
            for one in pages
        ]
        assert statements(addresses[0], cast) == statements(addresses[1], cast)


def test_outcomes_have_words(cast: Cast) -> None:
    from consultations.comments.answering.forms import OUTCOME_WORDS

    assert OUTCOME_WORDS.keys() == set(Outcome)
