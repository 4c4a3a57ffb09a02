"""The sorting desk as clerks use it: without a script, by its buttons, and with a colleague at the same time."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from civic import clock
from civic.activities.states import Channel, ParticipationState
from civic.audit.models import AuditRecord
from civic.db import db
from civic.features import Feature, TextGroup, house
from consultations.comments import sources
from consultations.comments.desk import actions, queries, splitting, tasks
from consultations.comments.models import Consultation
from consultations.comments.recording import Author
from consultations.comments.rules import Span
from consultations.comments.stages import Stage
from tests.cast import Cast, Person
from tests.consultations.desk.places import comment_id, groups, piles, places, recorded, set_stage, set_state
from tests.factories import consultations as make
from tests.factories.surveys import actor
from tests.pages import Page, opens

BODIES = [
    "最終バスを遅くしてください。停留所に屋根もほしいです。",
    "予約が電話だけだと使えません。",
    "最終バスを遅くしてください。停留所に屋根もほしいです",
    "<script>alert('屋根')</script>",
]
SLUG = "/staff/consultations/transport-plan"


@pytest.fixture
def held(cast: Cast) -> Consultation:
    return make.ended_with(cast, BODIES)


def english(cast: Cast, person: Person) -> FlaskClient:
    client = cast.client(person)
    client.set_cookie("language", "en")
    return client


@pytest.fixture
def clerk(cast: Cast, held: Consultation) -> FlaskClient:
    return english(cast, cast.editor)


def boxes(page: Page) -> list[str]:
    """The piles of the list."""
    return [str(box["value"]) for box in page.html.select(".desk-row input[name=item]")]


def where(consultation: Consultation) -> dict[int, int | None]:
    return {place.comment: place.group for place in places(consultation)}


def test_opinions_go_into_a_new_group_and_from_one_to_another(held: Consultation, clerk: FlaskClient) -> None:
    page = opens(clerk, f"{SLUG}/groups")
    assert "4 opinions (3 different texts)" in page.text
    assert "2 posts of the same text" in page.text
    page = page.press("Make a group of them", item=boxes(page)[:1], title="最終バス")
    assert "The group was made." in page.text
    assert where(held) == {1: 1, 2: None, 3: 1, 4: None}
    page = page.press("Move the chosen opinions", item=boxes(page)[:1], to="1")
    assert where(held) == {1: 1, 2: 1, 3: 1, 4: None}
    page = opens(clerk, f"{SLUG}/groups?group=1")
    page = page.press("Make a group of them", item=boxes(page)[1:2], title="予約")
    assert where(held) == {1: 1, 2: 2, 3: 1, 4: None}
    assert recorded("group.split")[0].details["title"] == "予約"
    page = opens(clerk, f"{SLUG}/groups?group=2").press("Move the chosen opinions", item=piles_of(held, 2), to="0")
    assert where(held)[2] is None
    assert "Opinions were moved." in page.text


def piles_of(consultation: Consultation, *numbers: int) -> list[str]:
    return [str(pile) for pile in piles(consultation, *numbers)]


def test_the_last_step_is_shown_with_its_name_and_taken_back(
    held: Consultation, clerk: FlaskClient, cast: Cast
) -> None:
    page = opens(clerk, f"{SLUG}/groups")
    page.press("Make a group of them", item=boxes(page)[:1], title="バス")
    colleague = opens(english(cast, cast.second_editor), f"{SLUG}/groups")
    assert "Last step: A group was made." in colleague.text
    page = colleague.press("Undo : A group was made.")
    assert "The step was taken back." in page.text
    assert set(where(held).values()) == {None}
    again = colleague.press("Undo : A group was made.")
    assert again.status == 409
    assert "There is no step to undo." in again.text


def test_a_colleague_who_comes_second_sees_where_the_opinions_lie_by_now(
    held: Consultation, clerk: FlaskClient, cast: Cast
) -> None:
    make_groups(held, cast)
    page = opens(clerk, f"{SLUG}/groups")
    colleague = opens(english(cast, cast.second_editor), f"{SLUG}/groups")
    chosen = boxes(page)
    page.press("Move the chosen opinions", item=chosen[:1], to="1")
    (whole,) = piles(held, 4)
    splitting.split_comment(whole.comment, [Span(0, 8)], [whole], actor(cast.editor), clock.now())
    refused = colleague.press("Move the chosen opinions", item=[chosen[0], chosen[2]], to="2", title="別の名前")
    assert refused.status == 409
    assert "Someone else has sorted these opinions in the meantime." in refused.text
    assert "No. 1 lies in “バス”." in refused.text
    assert "No. 4 was split or joined." in refused.text
    assert refused.form("Move the chosen opinions").values()["title"] == ["別の名前"]
    assert refused.form("Move the chosen opinions").values()["to"] == ["2"]
    assert where(held)[4] is None


def make_groups(consultation: Consultation, cast: Cast) -> None:
    for title in ("バス", "屋根"):
        actions.create_group(consultation.id, title, [], actor(cast.editor), clock.now())


def test_a_group_that_is_gone_is_said_and_the_choice_is_kept(
    held: Consultation, clerk: FlaskClient, cast: Cast
) -> None:
    make_groups(held, cast)
    actions.move_items(held.id, piles(held, 1), 1, actor(cast.editor), clock.now())
    page = opens(clerk, f"{SLUG}/groups?group=1")
    actions.merge_groups(held.id, 1, 2, actor(cast.second_editor), clock.now())
    refused = page.press("Move the chosen opinions", item=boxes(page), to="2")
    assert refused.status == 409
    assert "No. 1 lies in “屋根”." in refused.text
    refused = page.press("Save the name", title="新しい名前")
    assert refused.status == 404
    assert "新しい名前" in refused.text


def test_groups_are_renamed_joined_ordered_and_deleted_by_buttons(
    held: Consultation, clerk: FlaskClient, cast: Cast
) -> None:
    make_groups(held, cast)
    page = opens(clerk, f"{SLUG}/groups?group=2")
    page = page.press("Save the name", title="屋根とベンチ")
    page = page.press("Move 屋根とベンチ up")
    assert [row.group.title for row in desk_rows(held)] == ["屋根とベンチ", "バス"]
    page = page.press("Join the groups", into="1")
    assert [row.group.title for row in desk_rows(held)] == ["バス"]
    assert page.html.select_one(".desk-tree [aria-current]").get_text().startswith("1. バス")
    page = page.press("Delete the empty group")
    assert desk_rows(held) == []
    wrong = opens(clerk, f"{SLUG}/groups").press("Make a group of them", title=" ")
    assert (wrong.status, wrong.errors) == (422, ["Write a name for the group."])


def desk_rows(consultation: Consultation) -> list[queries.GroupRow]:
    db.session.rollback()
    counts = queries.counts_by_group(consultation.id)
    return [queries.GroupRow(one, counts.get(one.id, queries.Counts())) for one in queries.groups_of(consultation.id)]


def test_a_group_in_approval_shows_its_opinions_without_boxes(
    held: Consultation, clerk: FlaskClient, cast: Cast
) -> None:
    make_groups(held, cast)
    actions.move_items(held.id, piles(held, 2), 1, actor(cast.editor), clock.now())
    set_stage(held, 1, Stage.IN_APPROVAL)
    page = opens(clerk, f"{SLUG}/groups?group=1")
    assert "予約が電話だけだと使えません。" in page.text
    assert boxes(page) == []
    assert "Its opinions stay together as they were seen." in page.text
    assert not page.html.select("form[action$=title]")


def test_the_words_are_found_whatever_signs_they_hold(cast: Cast) -> None:
    make.ended_with(cast, ["100%賛成です。", "100円は高い。", "a_b", "axb", "/も\\も"])
    client = english(cast, cast.editor)
    for search, numbers in {
        "0%": [1],
        "a_b": [3],
        "AXB": [4],
        "/": [5],
        "\\": [5],
        "'": [],
        "\u202e": [1, 2, 3, 4, 5],
    }.items():
        page = opens(client, f"{SLUG}/comments", query_string={"search": search})
        found = [int(str(link.get_text()).split()[0]) for link in page.html.select("tbody th a")]
        assert found == numbers, search
        page = opens(client, f"{SLUG}/groups", query_string={"search": search})
        assert len(boxes(page)) == len(numbers), search


def test_the_list_of_comments_folds_copies_and_filters(held: Consultation, clerk: FlaskClient, cast: Cast) -> None:
    page = opens(clerk, f"{SLUG}/comments")
    assert "4 comments , 3 different texts" in page.text
    assert "Late, not counted 0" in page.text
    page = page.follow("2 posts of the same text")
    assert [row.get_text().split()[0] for row in page.html.select("tbody th")] == ["1", "3"]
    set_state(held, 2, ParticipationState.LATE)
    actions.create_group(held.id, "バス", piles(held, 1), actor(cast.editor), clock.now())
    page = opens(clerk, f"{SLUG}/comments?unsorted=1&channel=web&passage=whole")
    assert [row.get_text().split()[0] for row in page.html.select("tbody th")] == ["3", "4"]
    assert "予約が電話" in opens(clerk, f"{SLUG}/comments?state=late").text
    assert "No comment is like this." in opens(clerk, f"{SLUG}/comments?channel=fax").text
    assert opens(clerk, f"{SLUG}/comments?state=odd&channel=odd&passage=odd&same=x").status == 200


def test_a_comment_is_split_by_its_words_without_a_script(held: Consultation, clerk: FlaskClient) -> None:
    page = opens(clerk, f"{SLUG}/comments/1")
    shown = page.press("Show the parts", first="停留所", last="ほしいです。")
    assert "Not saved yet" in shown.text
    assert len(places(held)) == 4
    assert "屋根" not in shown.address
    saved = shown.press("Save these parts")
    assert "The comment was split." in saved.text
    assert [(one.start, one.stop) for one in places(held) if one.comment == 1] == [(0, 14), (14, 27)]
    back = saved.press("Undo : A comment was split into opinions.")
    assert back.heading == "Comment no. 1"
    assert len(places(held)) == 4


def test_parts_are_cut_one_after_the_other_and_one_may_be_left_out(held: Consultation, clerk: FlaskClient) -> None:
    page = opens(clerk, f"{SLUG}/comments/1").press("Show the parts", first="停留所", last="屋根")
    page = page.press("Show the parts", first="最終バス")
    ticks = [str(box["value"]) for box in page.html.select("input[name=part]")]
    assert ticks == ["0-4", "4-14", "14-20", "20-27"]
    saved = page.press("Save these parts", part=["0-4", "14-20"])
    assert [(one.start, one.stop) for one in places(held) if one.comment == 1] == [(0, 4), (14, 20)]
    joined = saved.press("Join with the next part : Part no. 1")
    assert [(one.start, one.stop) for one in places(held) if one.comment == 1] == [(0, 20)]
    assert "The parts were joined." in joined.text


@pytest.mark.parametrize(
    ("first", "last", "error"),
    [
        ("", "", "Write the words with which the part begins."),
        ("電車", "", "These words do not stand in the comment."),
        ("停留所", "最終バス", "These words do not stand after the first ones."),
        (".*", "", "These words do not stand in the comment."),
        ("a" * 5_000, "", "These words do not stand in the comment."),
        ("最終\u202eバス", "", "Your text contains characters that cannot be shown."),
        ("\x00", "", "Your text contains characters that cannot be shown."),
    ],
)
def test_words_that_name_no_part_are_refused_beside_their_field(
    held: Consultation, clerk: FlaskClient, first: str, last: str, error: str
) -> None:
    refused = opens(clerk, f"{SLUG}/comments/1").press("Show the parts", first=first, last=last)
    assert refused.status == 422
    assert error in " ".join(refused.errors)
    assert refused.form("Show the parts").values()["last"] == [last]


def test_a_selected_place_counts_only_when_its_words_are_those(held: Consultation, clerk: FlaskClient) -> None:
    page = opens(clerk, f"{SLUG}/comments/1")
    shown = page.press("Show the parts", first="い", last="", start="26", stop="27")
    assert shown.status == 422 or "26-27" not in shown.address
    shown = page.press("Show the parts", first="ください。", last="", start="9", stop="14")
    assert "spans=0-9,9-14,14-27" in shown.address.replace("%2C", ",")
    shown = page.press("Show the parts", first="ください。", last="", start="0", stop="3")
    assert "spans=0-9,9-14,14-27" in shown.address.replace("%2C", ",")
    for start, stop in (("x", "9"), ("-1", "9"), ("9" * 30, "9"), ("5", "2"), ("0", "999")):
        shown = page.press("Show the parts", first="ください。", last="", start=start, stop=stop)
        assert "spans=0-9,9-14,14-27" in shown.address.replace("%2C", ",")


def test_odd_spans_in_the_address_show_the_comment_as_it_is(held: Consultation, clerk: FlaskClient) -> None:
    for odd in ("", "x", "0-99999", "5-2", "0-5,4-8", "0-1," * 400 + "0-1", "9" * 60 + "-1"):
        page = opens(clerk, f"{SLUG}/comments/1", query_string={"spans": odd})
        assert page.status == 200
        assert "Not saved yet" not in page.text


def test_a_comment_a_colleague_split_first_is_not_split_over_it(
    held: Consultation, clerk: FlaskClient, cast: Cast
) -> None:
    mine = opens(clerk, f"{SLUG}/comments/1").press("Show the parts", first="停留所", last="ほしいです。")
    (whole,) = piles(held, 1)
    splitting.split_comment(whole.comment, [Span(0, 5), Span(5, 27)], [whole], actor(cast.second_editor), clock.now())
    refused = mine.press("Save these parts")
    assert refused.status == 409
    assert "Someone else has sorted these opinions in the meantime." in refused.text
    assert "停留所に屋根もほしいです。" in refused.text
    assert [(one.start, one.stop) for one in places(held) if one.comment == 1] == [(0, 5), (5, 27)]


def test_late_and_withdrawn_comments_are_marked_and_not_split(held: Consultation, clerk: FlaskClient) -> None:
    for state, words in (
        (ParticipationState.LATE, "It arrived late"),
        (ParticipationState.WITHDRAWN, "Its author withdrew it"),
    ):
        number = 2 if state is ParticipationState.LATE else 4
        set_state(held, number, state)
        page = opens(clerk, f"{SLUG}/comments/{number}")
        assert words in page.text
        assert not page.html.select("form[action$=cut]")
    assert "3 opinions" not in opens(clerk, f"{SLUG}/groups").text
    assert "2 opinions" in opens(clerk, f"{SLUG}/groups").text


def test_markup_in_a_comment_stays_words(held: Consultation, clerk: FlaskClient) -> None:
    for address in (f"{SLUG}/comments/4", f"{SLUG}/comments", f"{SLUG}/groups"):
        page = opens(clerk, address)
        assert "<script>alert('屋根')</script>" in page.text
        assert not [tag for tag in page.html.find_all("script") if "alert" in tag.get_text()]


AUTHOR = Author("山田花子", "みなと野市1-2-3")


@pytest.fixture
def named(cast: Cast) -> Consultation:
    """A consultation whose one comment came with a name."""
    opened = make.make_consultation(cast, slug="named")
    make.comment(opened, ["バスを増やして。"], channel=Channel.COUNTER, author=AUTHOR)
    return opened


def test_a_name_is_shown_for_a_reason_and_the_audit_keeps_the_reason_only(named: Consultation, cast: Cast) -> None:
    address = "/staff/consultations/named/comments/1"
    clerk = english(cast, cast.moderator)
    page = opens(clerk, address)
    assert AUTHOR.name not in page.text
    form = page.follow("Name and address")
    assert AUTHOR.name not in form.text
    wrong = form.press("Show name and address", reason=" ")
    assert (wrong.status, recorded("comment.author_read")) == (422, [])
    shown = form.press("Show name and address", reason="内容を確かめるため")
    assert AUTHOR.name in shown.text
    assert AUTHOR.address in shown.text
    (record,) = recorded("comment.author_read")
    assert record.details == {"comment": 1, "reason": "内容を確かめるため"}
    assert AUTHOR.name not in str(list(db.session.scalars(sa.select(AuditRecord.details))))
    assert "内容を確かめるため" in opens(clerk, address).text
    look = shown.response.request.full_path
    assert AUTHOR.name not in opens(english(cast, cast.editor), look).text
    with time_machine.travel(clock.now() + timedelta(minutes=3), tick=False):
        late = english(cast, cast.moderator)
        assert AUTHOR.name not in opens(late, look).text


def test_staff_read_both_comments_of_a_person_before_they_decide_which_one_counts(
    held: Consultation, clerk: FlaskClient
) -> None:
    set_state(held, 2, ParticipationState.CONFLICT)
    set_state(held, 3, ParticipationState.SUPERSEDED)
    received = make.comments_of(held)
    decides = opens(clerk, f"/staff/activities/{held.slug}/conflicts/{received[1].participation.receipt}")
    assert received[1].body in decides.text
    comment = decides.follow("Read comment no. 2")
    assert "Its author had commented already" in comment.text
    assert comment.follow("Double participations").status == 200
    assert received[1].body in opens(clerk, f"{SLUG}/comments?state=conflict").text
    replaced = opens(clerk, f"{SLUG}/comments?state=superseded")
    assert received[2].body in replaced.text
    assert "Replaced by a later one of the same person 1" in replaced.text
    assert "A later comment of the same person replaced it" in opens(clerk, f"{SLUG}/comments/3").text


def test_analysts_and_approvers_see_no_way_to_the_name(named: Consultation, cast: Cast) -> None:
    for person in (cast.analyst, cast.approver):
        client = english(cast, person)
        page = opens(client, "/staff/consultations/named/comments/1")
        assert "Name and address are sealed." in page.text
        assert client.get("/staff/consultations/named/comments/1/author").status_code == 403
    assert "No name and no address came with it." not in page.text


def test_an_approver_reads_the_desk_and_sorts_nothing(held: Consultation, cast: Cast) -> None:
    client = english(cast, cast.approver)
    page = opens(client, f"{SLUG}/groups")
    assert boxes(page) == []
    assert "Begin with topics" not in page.text
    assert not opens(client, f"{SLUG}/comments/1").html.select("form[action$=cut]")


def test_topics_of_another_room_become_groups(held: Consultation, clerk: FlaskClient, cast: Cast) -> None:
    page = opens(clerk, f"{SLUG}/groups/topics")
    assert "There is no analysis yet" in page.text
    assert page.follow("Go to the analysis").status == 200
    refs = tuple(sources.ref_of(held.slug, comment_id(held, number)) for number in (1, 2, 3))
    rooms = house(cast.app)
    topics = [TextGroup("最終バス", refs[:2], "machine"), TextGroup("<b>屋根</b>", refs[2:], "person")]
    rooms.rooms = (*rooms.rooms, Feature(name="topics", groups=lambda activity: topics))
    page = opens(clerk, f"{SLUG}/groups/topics")
    assert "takes 2 opinions / 2" in page.text
    wrong = page.press("Make groups of these topics")
    assert (wrong.status, wrong.errors) == (422, ["Choose at least one topic."])
    keys = [str(box["value"]) for box in page.html.select("input[name=topic]")]
    made = page.press("Make groups of these topics", topic=keys)
    assert "The topics are groups now." in made.text
    assert "By the analysis" in made.text
    assert {row["title"] for row in groups(held).values()} == {"最終バス", "<b>屋根</b>"}
    assert (
        "There was nothing left to take from these topics."
        in page.press("Make groups of these topics", topic=["gone"]).text
    )


def test_what_waits_to_be_sorted_stands_on_todays_list(held: Consultation, clerk: FlaskClient, cast: Cast) -> None:
    page = opens(clerk, "/staff/")
    assert "Sort the opinions:" in page.text
    assert "(4)" in page.text
    actions.create_group(held.id, "皆", piles(held, 1, 2, 3, 4), actor(cast.editor), clock.now())
    assert "Sort the opinions:" not in opens(clerk, "/staff/").text
    assert "Sort the opinions:" not in opens(english(cast, cast.approver), "/staff/").text
    assert [one.items for one in tasks.waiting(None)] == []


def test_a_comment_of_200_000_characters_is_shown_and_split_by_its_words(cast: Cast) -> None:
    body = "あ" * 100_000 + "屋根がほしい。" + "い" * 99_993
    held = make.ended_with(cast, [body], slug="long")
    client = english(cast, cast.editor)
    page = opens(client, "/staff/consultations/long/comments/1")
    shown = page.press("Show the parts", first="屋根が", last="ほしい。")
    shown.press("Save these parts")
    assert [(one.start, one.stop) for one in places(held)] == [(0, 100_000), (100_000, 100_007), (100_007, 200_000)]
    assert len(opens(client, "/staff/consultations/long/groups").response.data) < 100_000
    assert len(opens(client, "/staff/consultations/long/comments").response.data) < 100_000


def test_no_group_and_no_comment_has_the_number_0(held: Consultation, clerk: FlaskClient) -> None:
    token = opens(clerk, f"{SLUG}/groups").form("Make a group of them").values()["csrf_token"][0]
    for rest in (
        "groups/0/title",
        "groups/0/merge",
        "groups/0/delete",
        "comments/0/cut",
        "comments/0/parts",
        "comments/0/join",
    ):
        assert clerk.post(f"{SLUG}/{rest}", data={"csrf_token": token}).status_code == 404, rest
    for rest in ("groups/order", "groups/undo"):
        for odd in ("", "0", "-1", "x", "9" * 30):
            data = {"csrf_token": token, "up": odd, "step": odd, "comment": odd}
            assert clerk.post(f"{SLUG}/{rest}", data=data).status_code == 409, (rest, odd)
