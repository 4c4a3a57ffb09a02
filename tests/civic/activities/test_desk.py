"""Staff take an activity through its life by the pages alone."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from civic import clock
from civic.activities import actions, desk
from civic.activities.models import Activity, ConflictDecision, PeriodChange
from civic.activities.rules import state_of
from civic.activities.states import Channel, State
from civic.db import db, writing
from civic.identity.accounts import Actor
from tests.cast import Cast, token_of
from tests.factories.gatherings import REGISTERED, Desk, followed, gathering, take_part, words


@pytest.fixture
def staffed(cast: Cast) -> Desk:
    return Desk(Actor(f"staff:{cast.editor.id}", cast.editor.id), Actor(f"staff:{cast.approver.id}", cast.approver.id))


def send(client: FlaskClient, address: str, **fields: object) -> int:
    """Post to `address` what its page offers with `fields` changed; the status."""
    form = BeautifulSoup(client.get(address).text, "html5lib").select_one("main form")
    assert form is not None, f"{address} has no form"
    offered: dict[str, object] = {
        tag["name"]: tag.get("value", "") for tag in form.select("input[name]:not([type=radio],[type=checkbox])")
    }
    offered |= {tag["name"]: tag.get_text().removeprefix("\n") for tag in form.select("textarea")}
    offered |= {tag["name"]: tag["value"] for tag in form.select("input[type=radio][checked]")}
    for box in form.select("input[type=checkbox][checked]"):
        offered[box["name"]] = [*offered.get(box["name"], []), box["value"]]  # type: ignore[misc] # several values of one name
    offered |= {
        tag["name"]: (tag.select_one("[selected]") or tag.select_one("option"))["value"]
        for tag in form.select("select")
    }
    return client.post(address, data=offered | fields).status_code


def state(activity_id: int) -> State:
    return state_of(gathering(activity_id), clock.now())


def test_an_activity_goes_from_draft_to_answer_by_the_pages(cast: Cast, staffed: Desk) -> None:
    made = staffed.draft()
    page = f"/staff/activities/{gathering(made).slug}"
    editor, approver = cast.client(cast.editor), cast.client(cast.approver)
    assert send(editor, f"{page}/settings", minutes="１２") == 303
    assert gathering(made).minutes == 12
    assert send(editor, f"{page}/submit?revision=2") == 303
    assert state(made) is State.IN_APPROVAL
    assert send(approver, f"{page}/send-back", note="題をもっと短く") == 303
    assert "題をもっと短く" in editor.get(page).text
    assert send(editor, f"{page}/submit?revision=2") == 303
    assert send(approver, f"{page}/approve?revision=2") == 303
    assert state(made) is State.OPEN
    actions.set_due_latches(made, staffed.after)
    close = f"{page}/close?revision=2"
    assert send(editor, close, typed="----") == 422
    assert send(editor, close, typed=characters(editor, close)) == 303
    assert state(made) is State.CLOSED
    assert send(editor, f"{page}/answer", answer_ja="木を植えます。") == 303
    publish = f"{page}/publish?revision=3"
    assert send(approver, publish, typed=characters(approver, publish)) == 303
    assert state(made) is State.ANSWERED


def characters(client: FlaskClient, address: str) -> str:
    """The four characters the page asks to type."""
    hint = BeautifulSoup(client.get(address).text, "html5lib").select_one("#typed-hint")
    assert hint is not None
    return hint.get_text()[-4:]


def test_the_settings_page_offers_what_is_set_and_saving_it_changes_nothing(cast: Cast, staffed: Desk) -> None:
    made = staffed.draft(**REGISTERED, change_allowed=True)
    before = gathering(made)
    names = (
        "title",
        "summary",
        "purpose",
        "channels",
        "subject",
        "once_per_person",
        "change_allowed",
        "results_show",
        "answer_due",
    )
    kept = {name: getattr(before, name) for name in names}
    assert send(cast.client(cast.editor), f"/staff/activities/{before.slug}/settings") == 303
    assert {name: getattr(gathering(made), name) for name in names} == kept


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("title_ja", ""), ("summary_ja", ""), ("minutes", "many"), ("minutes", "0"), ("starts_at", "tomorrow"),
        ("ends_at", "2020-01-01T09:00"), ("retention_until", "31/31"), ("answer_due", "soon"), ("subject", "everybody"),
        ("once", "twice"), ("channels", "pigeon"), ("confidentiality", "secret"), ("results_show", "maybe"),
        ("summary_en", "x" * 4001),
    ],
)  # fmt: skip
def test_a_wrong_value_comes_back_beside_its_field_with_everything_else_kept(
    cast: Cast, staffed: Desk, field: str, wrong: str
) -> None:
    slug = gathering(staffed.draft()).slug
    editor = cast.client(cast.editor)
    address = f"/staff/activities/{slug}/settings"
    data = {"csrf_token": token_of(editor, address), "revision": "1", "title_ja": "新しい題", "summary_ja": "概要", "minutes": "7",
            "subject": "nobody", "once": "any", "channels": ["web"], "confidentiality": "confidential",
            "results_show": "live", "starts_at": "2026-01-01T09:00", "contact_ja": "公園課"}  # fmt: skip
    answer = editor.post(address, data=data | {field: wrong})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html5lib")
    invalid = [tag["name"] for tag in page.select("[aria-invalid=true]")]
    assert set(invalid) == {field}
    control = page.select_one(f"[name={field}][aria-invalid=true]")
    assert control is not None
    summary = page.select_one("[data-error-summary] a")
    assert summary is not None
    assert page.select_one(summary["href"]) is not None
    if field != "contact_ja":
        assert "公園課" in answer.text


def test_once_per_person_without_identity_is_refused_beside_the_field(cast: Cast, staffed: Desk) -> None:
    slug = gathering(staffed.draft()).slug
    assert send(cast.client(cast.editor), f"/staff/activities/{slug}/settings", once="once") == 422


def test_a_stale_settings_form_is_refused_with_its_text_shown_again(cast: Cast, staffed: Desk) -> None:
    made = staffed.draft()
    slug = gathering(made).slug
    editor = cast.client(cast.editor)
    token = token_of(editor, f"/staff/activities/{slug}/settings")
    assert send(cast.client(cast.second_editor), f"/staff/activities/{slug}/settings", minutes="9") == 303
    data = {"csrf_token": token, "revision": "1", "title_ja": "わたしの題", "summary_ja": "概要", "minutes": "7",
            "subject": "nobody", "once": "any", "confidentiality": "confidential", "results_show": "never"}  # fmt: skip
    answer = editor.post(f"/staff/activities/{slug}/settings", data=data)
    assert answer.status_code == 409
    assert "わたしの題" in answer.text
    assert gathering(made).minutes == 9


def test_an_approval_of_an_older_revision_is_refused(cast: Cast, staffed: Desk) -> None:
    made = staffed.handed_in()
    slug = gathering(made).slug
    address = f"/staff/activities/{slug}/approve?revision=1"
    approver = cast.client(cast.approver)
    token = token_of(approver, address)
    assert send(cast.client(cast.editor), f"/staff/activities/{slug}/settings") == 303
    assert approver.post(address, data={"csrf_token": token}).status_code == 409
    assert state(made) is State.DRAFT


def test_what_is_missing_is_listed_when_handing_in(cast: Cast, staffed: Desk) -> None:
    slug = gathering(staffed.draft(purpose={}, contact={}, retention_until=None)).slug
    editor = cast.client(cast.editor)
    page = editor.get(f"/staff/activities/{slug}").text
    answer = editor.post(
        f"/staff/activities/{slug}/submit?revision=1",
        data={"csrf_token": token_of(editor, f"/staff/activities/{slug}/submit?revision=1")},
    )
    assert answer.status_code == 422
    assert all(sentence in page and sentence in answer.text for sentence in ("利用目的", "問い合わせ先"))


def test_a_longer_period_needs_a_second_person_and_shows_its_reason(
    cast: Cast, staffed: Desk, client: FlaskClient
) -> None:
    made = staffed.opened()
    slug = gathering(made).slug
    later = (staffed.at + timedelta(days=20)).astimezone(clock.TOKYO)
    page = f"/staff/activities/{slug}"
    assert send(cast.client(cast.editor), f"{page}/extend", new_end="2020-01-01T09:00", reason_ja="雨のため") == 422
    assert (
        send(cast.client(cast.editor), f"{page}/extend", new_end=f"{later:%Y-%m-%dT%H:%M}", reason_ja="雨のため") == 303
    )
    change = db.session.query(PeriodChange).one()
    assert send(cast.client(cast.approver), f"{page}/period/{change.id}", decision="yes") == 303
    ends = gathering(made).ends_at
    assert ends is not None
    assert ends.astimezone(clock.TOKYO).strftime("%Y%m%d%H%M") == f"{later:%Y%m%d%H%M}"
    assert "雨のため" in client.get(f"/gatherings/{slug}").text


@pytest.mark.parametrize("promise", ["answer_due", "retention_until"])
def test_no_period_grows_past_a_day_that_was_promised(cast: Cast, staffed: Desk, promise: str) -> None:
    later = (staffed.at + timedelta(days=20)).astimezone(clock.TOKYO)
    made = staffed.opened(**{promise: later.date()})
    page = f"/staff/activities/{gathering(made).slug}"
    editor = cast.client(cast.editor)
    words = {
        "new_end": f"{later:%Y-%m-%dT%H:%M}",
        "reason_ja": "雨のため",
        "csrf_token": token_of(editor, f"{page}/extend"),
    }
    answer = editor.post(f"{page}/extend", data=words)
    assert answer.status_code == 422
    assert "終了日時は、市の回答の日と回答を消す日より前にしてください" in answer.text
    assert "雨のため" in answer.text
    assert not db.session.query(PeriodChange).count()


def test_no_longer_period_is_approved_past_a_day_that_was_promised_meanwhile(cast: Cast, staffed: Desk) -> None:
    made = staffed.opened()
    slug = gathering(made).slug
    later = (staffed.at + timedelta(days=20)).astimezone(clock.TOKYO)
    send(
        cast.client(cast.editor), f"/staff/activities/{slug}/extend", new_end=f"{later:%Y-%m-%dT%H:%M}", reason_ja="雨"
    )
    with writing() as session:
        session.get_one(Activity, made).answer_due = later.date()
    change = db.session.query(PeriodChange).one()
    assert send(cast.client(cast.approver), f"/staff/activities/{slug}/period/{change.id}", decision="yes") == 422
    ends = gathering(made).ends_at
    assert ends is not None
    assert ends < later


def test_of_several_extensions_the_page_tells_the_newest(cast: Cast, staffed: Desk, client: FlaskClient) -> None:
    made = staffed.opened()
    slug = gathering(made).slug
    for days, reason in ((20, "雨のため"), (25, "雪のため")):
        later = (staffed.at + timedelta(days=days)).astimezone(clock.TOKYO)
        words = {"new_end": f"{later:%Y-%m-%dT%H:%M}", "reason_ja": reason}
        send(cast.client(cast.editor), f"/staff/activities/{slug}/extend", **words)
        change = db.session.query(PeriodChange).order_by(PeriodChange.id.desc()).first()
        assert change is not None
        send(cast.client(cast.approver), f"/staff/activities/{slug}/period/{change.id}", decision="yes")
    page = client.get(f"/gatherings/{slug}").text
    assert "雪のため" in page
    assert "雨のため" not in page


def test_what_waits_until_the_end_of_a_period_is_due_on_its_last_day(cast: Cast, staffed: Desk) -> None:
    midnight = (
        (staffed.at + timedelta(days=20)).astimezone(clock.TOKYO).replace(hour=0, minute=0, second=0, microsecond=0)
    )
    slug = gathering(staffed.opened(ends_at=midnight)).slug
    send(cast.client(cast.editor), f"/staff/activities/{slug}/stop", reason_ja="誤り")
    page = cast.client(cast.approver).get("/staff/").text
    assert ["あと19日" in page, "あと20日" in page] == [True, False]


@pytest.mark.parametrize("act", ["extend", "stop"])
def test_no_form_offers_to_change_a_period_that_is_over(cast: Cast, staffed: Desk, act: str) -> None:
    made = staffed.opened()
    slug = gathering(made).slug
    page = f"/staff/activities/{slug}/{act}"
    assert cast.client(cast.editor).get(page).status_code == 200
    send(cast.client(cast.editor), f"/staff/activities/{slug}/stop", reason_ja="誤り")
    change = db.session.query(PeriodChange).one()
    send(cast.client(cast.approver), f"/staff/activities/{slug}/period/{change.id}", decision="yes")
    answer = cast.client(cast.editor).get(page)
    assert answer.status_code == 409
    assert "期間が終わっています" in answer.text


def test_a_stop_ends_it_at_once_and_says_so(cast: Cast, staffed: Desk, client: FlaskClient) -> None:
    made = staffed.opened()
    slug = gathering(made).slug
    assert send(cast.client(cast.editor), f"/staff/activities/{slug}/stop", reason_ja="設問に誤りがあったため") == 303
    change = db.session.query(PeriodChange).one()
    assert state(made) is State.OPEN
    assert send(cast.client(cast.approver), f"/staff/activities/{slug}/period/{change.id}", decision="yes") == 303
    assert state(made) is State.ENDED
    assert "設問に誤りがあったため" in client.get(f"/gatherings/{slug}").text


def test_a_declined_change_changes_nothing_and_another_may_be_proposed(cast: Cast, staffed: Desk) -> None:
    made = staffed.opened()
    slug = gathering(made).slug
    send(cast.client(cast.editor), f"/staff/activities/{slug}/stop", reason_ja="誤り")
    change = db.session.query(PeriodChange).one()
    assert send(cast.client(cast.approver), f"/staff/activities/{slug}/period/{change.id}", decision="no") == 303
    assert state(made) is State.OPEN
    assert send(cast.client(cast.editor), f"/staff/activities/{slug}/stop", reason_ja="やはり誤り") == 303


def test_a_conflict_is_decided_by_two_people_and_moves_rows_counts_and_feature(cast: Cast, staffed: Desk) -> None:
    made = staffed.opened(**REGISTERED)
    slug = gathering(made).slug
    first = take_part(made, "resident:1").participation.id
    paper = take_part(made, "resident:1", Channel.PAPER).participation
    conflict, receipt = paper.id, paper.receipt
    page = f"/staff/activities/{slug}/conflicts/{receipt}"
    editor, approver = cast.client(cast.editor), cast.client(cast.approver)
    assert send(editor, page, reason="") == 422
    assert send(editor, page, count_new="yes", reason="本人の申し出") == 303
    assert db.session.query(ConflictDecision).one().decided_at is None
    assert send(approver, f"{page}/decide", decision="yes") == 303
    rows = {row.new.id for row in desk.conflicts(made)}
    assert rows == set()
    assert desk.counts_by_activity([made]) == {made: 1}
    assert followed == [(first, -1), (conflict, +1)]
    assert desk.overview(gathering(made), clock.now()).by_channel[0][0] is Channel.PAPER


def waits_for(client: FlaskClient, title: str) -> str:
    """The entry with this title among today's work, "" where there is none."""
    entries = BeautifulSoup(client.get("/staff/").text, "html5lib").select(".todo > li")
    return next((one.get_text(" ") for one in entries if title in one.get_text()), "")


def test_a_conflict_waits_for_who_can_do_the_next_step_and_says_by_when(cast: Cast, staffed: Desk) -> None:
    made = staffed.opened(**REGISTERED)
    take_part(made, "resident:1")
    receipt = take_part(made, "resident:1", Channel.PAPER).participation.receipt
    page = f"/staff/activities/{gathering(made).slug}/conflicts/{receipt}"
    editor, approver = cast.client(cast.editor), cast.client(cast.approver)
    task = "重なり"
    assert "あと" in waits_for(editor, task)
    assert not waits_for(approver, task)
    assert send(editor, page, count_new="yes", reason="本人の申し出") == 303
    assert not waits_for(editor, task)
    assert "あと" in waits_for(approver, task)


def test_closing_is_due_by_the_day_of_the_citys_answer(cast: Cast, staffed: Desk) -> None:
    made = staffed.opened(answer_due=clock.today() + timedelta(days=30))
    actions.set_due_latches(made, staffed.after)
    assert "30日" in waits_for(cast.client(cast.editor), "締め切り")


def test_a_participation_is_taken_back_by_its_number_with_a_reason(cast: Cast, staffed: Desk) -> None:
    made, other = staffed.opened(**REGISTERED), staffed.opened()
    number = take_part(made, "resident:1").participation.receipt
    elsewhere = take_part(other).participation.receipt
    page = f"/staff/activities/{gathering(made).slug}/take-back"
    editor = cast.client(cast.editor)
    assert send(editor, page, number=elsewhere, reason="本人の希望") == 422
    assert send(editor, page, number=number, reason="") == 422
    assert send(editor, page, number=number, reason="本人の希望") == 303
    assert desk.counts_by_activity([made]) == {made: 0}
    assert send(editor, page, number=number, reason="もう一度") == 409
    assert take_part(made, "resident:1").participation.state == "counted"


def test_the_count_answers_304_until_somebody_takes_part(cast: Cast, staffed: Desk) -> None:
    made = staffed.opened()
    editor = cast.client(cast.editor)
    address = f"/staff/activities/{gathering(made).slug}/count.json"
    first = editor.get(address)
    assert first.json == {"count": 0, "text": "0"}
    assert editor.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    take_part(made)
    assert editor.get(address, headers={"If-None-Match": first.headers["ETag"]}).json == {"count": 1, "text": "1"}


def test_the_name_in_the_header_leads_to_ones_own_page(cast: Cast) -> None:
    editor = cast.client(cast.editor)
    name = BeautifulSoup(editor.get("/staff/").text, "html5lib").select_one("header .who a")
    assert name is not None
    assert name["href"] == "/me"
    assert editor.get("/me").status_code == 200


def test_drafts_of_another_department_are_not_visible(cast: Cast, staffed: Desk) -> None:
    slug = gathering(staffed.draft(title=words("秘密の下書き"))).slug
    stranger = cast.client(cast.parks_editor)
    assert stranger.get(f"/staff/activities/{slug}").status_code == 403
    assert "秘密の下書き" not in stranger.get("/staff/activities").text
    assert stranger.get(f"/staff/activities/{slug}/settings").status_code == 403


def test_todays_work_tells_each_person_what_waits_for_her(cast: Cast, staffed: Desk) -> None:
    staffed.handed_in(title=words("決裁を待つもの"))
    ended = staffed.opened(title=words("締め切りを待つもの"))
    take_part(ended)
    actions.set_due_latches(ended, staffed.after)
    editor, approver = cast.client(cast.editor).get("/staff/").text, cast.client(cast.approver).get("/staff/").text
    assert "決裁: 決裁を待つもの" in approver
    assert "決裁: 決裁を待つもの" not in editor
    assert "締め切り: 締め切りを待つもの" in editor
    assert "締め切り: 締め切りを待つもの" not in approver


def test_a_project_is_made_changed_and_its_address_is_never_given_twice(cast: Cast) -> None:
    editor = cast.client(cast.editor)
    typed = {"slug": "bus-plan", "title_ja": "バス", "summary_ja": "バスの計画", "department_id": cast.department()}
    assert send(editor, "/staff/projects/new", **typed) == 303
    assert send(editor, "/staff/projects/new", **typed) == 422
    assert send(editor, "/staff/projects/new", **{**typed, "slug": "Bus Plan"}) == 422
    assert send(editor, "/staff/projects/new", **{**typed, "slug": "other", "department_id": 999}) == 422
    assert send(editor, "/staff/projects/bus-plan", title_ja="バスの計画") == 303
    assert send(editor, "/staff/projects/bus-plan", revision="1", title_ja="古い題") == 409
    assert "バスの計画" in editor.get("/staff/projects").text
