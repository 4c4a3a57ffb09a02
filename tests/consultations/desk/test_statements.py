"""Ten comments or ten thousand: the desk asks the same number of questions, shows fifty rows, and stays quick."""

import time

import pytest
import sqlalchemy as sa

from civic import clock
from civic.activities.models import Participation
from civic.activities.states import Channel, ParticipationState
from civic.db import db, writing
from consultations.comments.desk import actions, queries
from consultations.comments.models import Comment, Consultation, OpinionGroup, OpinionItem
from consultations.comments.recording import fold_key
from consultations.comments.stages import Origin
from tests.cast import Cast
from tests.civic.activities.test_statements import asked
from tests.consultations.desk.places import places
from tests.factories import consultations as make
from tests.factories.surveys import actor, text
from tests.pages import opens

SLUG = "/staff/consultations/transport-plan"
MANY = 10_000
ALIKE = 2_000


def pour(consultation: Consultation, count: int) -> None:
    """Many comments at once, as rows: a fifth of them copies of one text, the others all different."""
    with writing() as session:
        first = (session.scalar(sa.select(sa.func.max(Participation.id))) or 0) + 1
        number = session.get_one(Consultation, consultation.id).last_comment
        bodies = ["バスを増やしてください。" if one < ALIKE else f"{one}番の停留所に屋根を。" for one in range(count)]
        key = {body: fold_key(body) for body in set(bodies)}
        session.execute(
            sa.insert(Participation),
            [
                {
                    "id": first + one, "activity_id": consultation.id, "channel": Channel.WEB,
                    "state": ParticipationState.COUNTED, "received_on": clock.today(),
                }
                for one in range(count)
            ],
        )  # fmt: skip
        session.execute(
            sa.insert(Comment),
            [
                {
                    "id": first + one, "consultation_id": consultation.id, "participation_id": first + one,
                    "number": number + one + 1, "channel": Channel.WEB, "body": body, "fold_key": key[body],
                    "passage": f"p{one % 4000}" if one % 2 else None,
                }
                for one, body in enumerate(bodies)
            ],
        )  # fmt: skip
        session.execute(
            sa.insert(OpinionItem),
            [
                {
                    "consultation_id": consultation.id, "comment_id": first + one, "start": 0, "stop": len(body),
                    "origin": Origin.MACHINE,
                }
                for one, body in enumerate(bodies)
            ],
        )  # fmt: skip
        session.get_one(Consultation, consultation.id).last_comment = number + count
    db.session.rollback()


@pytest.fixture
def few(cast: Cast) -> Consultation:
    """A consultation with ten comments and two groups."""
    held = make.make_consultation(cast)
    make.comment(held, [f"{number}番目の停留所の屋根です。" for number in range(10)])
    for title in ("甲", "乙"):
        seen = [one.pile for one in queries.opinions_in(held.id, None, 1)][:2]
        actions.create_group(held.id, title, seen, actor(cast.editor), clock.now())
    return held


PAGES = {
    f"{SLUG}/comments": 8,
    f"{SLUG}/comments?unsorted=1&search=停留所&channel=web": 8,
    f"{SLUG}/groups": 7,
    f"{SLUG}/groups?group=1": 7,
    f"{SLUG}/groups?search=屋根": 8,
    f"{SLUG}/comments/5": 8,
}


def test_the_pages_ask_as_often_at_ten_thousand_comments_as_at_ten(few: Consultation, cast: Cast) -> None:
    client = cast.client(cast.editor)
    before = {address: asked(client, address) for address in PAGES}
    pour(few, MANY)
    after: dict[str, int] = {}
    slowest = 0.0
    for address in PAGES:
        began = time.perf_counter()
        after[address] = asked(client, address)
        slowest = max(slowest, (time.perf_counter() - began) / 2)
    assert after == before == PAGES
    assert slowest < 5


def test_ten_thousand_comments_come_fifty_at_a_time_and_copies_move_in_one_step(few: Consultation, cast: Cast) -> None:
    pour(few, MANY)
    client = cast.client(cast.editor)
    client.set_cookie("language", "en")
    page = opens(client, f"{SLUG}/comments")
    assert f"{MANY + 10:,} comments" in page.text or f"{MANY + 10} comments" in page.text
    assert len(page.html.select("tbody tr")) == 50
    last = opens(client, f"{SLUG}/comments?page=999999")
    assert 0 < len(last.html.select("tbody tr")) <= 50
    page = opens(client, f"{SLUG}/groups")
    boxes = [str(box["value"]) for box in page.html.select(".desk-row input")]
    assert len(boxes) == 50
    copies = next(box for box in boxes if f".{ALIKE}." in box)
    began = time.perf_counter()
    page.press("Make a group of them", item=[copies], title="バス")
    took = time.perf_counter() - began
    assert sum(place.group == 3 for place in places(few)) == ALIKE
    assert took < 5
    page = opens(client, f"{SLUG}/groups").press("Undo : A group was made.")
    assert sum(place.group == 3 for place in places(few)) == 0


def many_groups(held: Consultation, count: int) -> None:
    with writing() as session:
        first = session.get_one(Consultation, held.id).last_group
        session.add_all(
            OpinionGroup(
                consultation_id=held.id, number=first + one, position=first + one, title=f"まとまり{first + one}",
                origin=Origin.MACHINE, answer=text("答え" * 500),
            )
            for one in range(1, count + 1)
        )  # fmt: skip
        session.get_one(Consultation, held.id).last_group = first + count
    db.session.rollback()


def test_several_hundred_groups_come_thirty_at_a_time_with_the_chosen_one_in_sight(
    few: Consultation, cast: Cast
) -> None:
    many_groups(few, 500)
    client = cast.client(cast.editor)
    client.set_cookie("language", "en")
    for address in PAGES:
        assert asked(client, address) == PAGES[address]

    def named(address: str) -> list[str]:
        links = opens(client, address).html.select(".desk-tree > ul a")
        return [str(link.select_one("span").get_text()) for link in links][1:]

    assert named(f"{SLUG}/groups")[:2] == ["1. 甲", "2. 乙"]
    assert len(named(f"{SLUG}/groups")) == 30
    there = named(f"{SLUG}/groups?group=333")
    assert "333. まとまり333" in there
    assert "1. 甲" not in there
    elsewhere = named(f"{SLUG}/groups?group=333&tree=1")
    assert elsewhere[:2] == ["333. まとまり333", "1. 甲"]
    assert named(f"{SLUG}/groups?tree=999999")[0] == "481. まとまり481"
    following = opens(client, f"{SLUG}/groups?group=333").follow("Next groups")
    assert "361. まとまり361" in following.text
    assert following.html.select_one(".desk-tree a[aria-current]").get_text(strip=True).startswith("333.")
