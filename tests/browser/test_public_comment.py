"""A public comment in a real Chromium: noticed, commented on by phone and by post, sorted, answered, published, read, printed.

With MACHIKOE_PICTURES=1 it also makes its pictures in `docs/pictures/`.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pypdf import PdfReader

from civic import clock
from civic.activities import actions as activities
from civic.activities.queries import activity_by_slug
from civic.db import db, writing
from civic.jobs.child import perform_due
from consultations.comments.drafting.rulebook.actions import create_rule
from consultations.comments.models import Consultation, OpinionGroup
from tests import servers
from tests.browser.city import City, confirm, fill, picture, press, words
from tests.browser.conftest import BROWSER, served
from tests.cast import Cast, Person
from tests.factories import consultations as make
from tests.factories.surveys import actor, text

pytestmark = BROWSER

SLUG: Final = "walkable-town"
STAFF: Final = ("admin", "editor", "approver", "moderator")
FINAL: Final = make.PLAN.replace("30分遅くします", "40分遅くします")
ON_THE_WEB: Final = [
    "停留所に屋根をつけてください。",
    "屋根のあるバス停をふやしてください。",
    "費用の内訳を見せてください。",
]
TWO_POINTS: Final = "最終バスを40分遅くしてください。停留所には屋根もほしいです。"


@pytest.fixture
def people(app: Flask) -> dict[str, Person]:
    """The staff of this story, the city's rule, and the project they work on."""
    cast = Cast(app)
    found = {name: getattr(cast, name) for name in STAFF}
    create_rule("minatono", make.RULE, actor(cast.admin), clock.now())
    activities.create_project(
        "walking", cast.department(), text("歩いて暮らす"), text("歩いて暮らす"), actor(cast.editor)
    )
    return found


@pytest.fixture
def city(app: Flask, people: dict[str, Person]) -> Iterator[City]:
    with served(app) as origin, sync_playwright() as playwright:
        path = servers.need(servers.chromium(), "chromium")
        chromium: Browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield City(app, origin, chromium)
        chromium.close()


def test_an_opinion_comes_back_as_the_answer_of_the_city(city: City, people: dict[str, Person], tmp_path: Path) -> None:
    with city.colleague(people["editor"]) as page:
        notice(page)
        confirm(page, f"/staff/activities/{SLUG}/submit", "Hand in for approval")
    with city.colleague(people["approver"]) as page:
        confirm(page, f"/staff/activities/{SLUG}/approve", "Approve")
    city.beside(lambda: activities.set_due_latches(activity_by_slug(SLUG).id, clock.now()))

    receipt = comment_on_a_passage(city)
    city.beside(others_comment)
    with city.colleague(people["editor"]) as page:
        key_a_letter(page)
        city.beside(end_the_period)
        confirm(page, f"/staff/activities/{SLUG}/close", "Close for good")
        split(page)
        group(page)
        answer_every_group(city, page)
        write_result(page)
    with city.colleague(people["moderator"]) as page:
        page.goto(f"/staff/analysis/{SLUG}/comment/masks")
        press(page, "Confirm these 5 texts")
    with city.colleague(people["approver"]) as page:
        approve_every_group(city, page)
        confirm(page, f"/staff/activities/{SLUG}/publish", "Publish the city's answer")
    city.beside(perform_due)
    everybody_reads(city, receipt, tmp_path)


def notice(page: Page) -> None:
    """The consultation with its draft, its notice and what every activity says."""
    page.goto("/staff/consultations/new")
    page.locator("[name=rule]").select_option("minatono")
    fill(
        page,
        slug=SLUG,
        **words("title", "歩いて暮らせる計画(案)", "{計画/けいかく}の {案/あん}", "A plan to get about on foot"),
        **words("summary", "5年間の計画です。", "5{年/ねん}の {計画/けいかく}です。", "A plan for five years."),
    )
    press(page, "Start it")
    page.goto(f"/staff/consultations/{SLUG}/draft")
    fill(page, markdown=make.PLAN)
    press(page, "Save as a new version")
    page.goto(f"/staff/consultations/{SLUG}/notice")
    fill(
        page,
        **words("basis", "道路運送法第4条", "{法律/ほうりつ}", "Road Transport Act, article 4"),
        **words("digest", "最終バスを遅くします。", "バスを {遅/おそ}くします。", "Later buses."),
    )
    press(page, "Save the notice")
    page.goto(f"/staff/activities/{SLUG}/settings")
    now = clock.now().astimezone(clock.TOKYO)
    fill(
        page,
        starts_at=(now - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M"),
        ends_at=(now + timedelta(days=40)).strftime("%Y-%m-%dT%H:%M"),
        retention_until="2032-03-31",
        answer_due="2031-03-31",
        **words(
            "background", "企画課の案です。", "{企画課/きかくか}の {案/あん}です。", "A draft of the Planning Division."
        ),
        **words("eligibility", "どなたでも", "だれでも", "Anyone"),
        **words("purpose", "お名前は公表しません。", "{名前/なまえ}は {出/だ}しません。", "Names are never published."),
        **words("use_of_result", "計画に生かします。", "{計画/けいかく}に {使/つか}います。", "We use it in the plan."),
        **words("other_ways", "郵便でも出せます。", "{手紙/てがみ}でも いいです。", "By post too."),
        **words("contact", "企画課 000-000-0000", "{企画課/きかくか} 000-000-0000", "Planning, 000-000-0000"),
    )
    page.locator("[name=channels][value=post]").check()
    page.locator("[name=confidentiality][value=named]").check()
    press(page, "Save the settings")


def comment_on_a_passage(city: City) -> str:
    """On a phone: open the form at the passage, write, send, keep the number."""
    with city.visitor(390) as page:
        page.goto(f"/consultations/{SLUG}")
        page.locator("a[href*='passage=p5']").first.click()
        expect(page.locator("textarea[name=body]")).to_be_visible()
        page.locator("[name=body]").fill(TWO_POINTS)
        page.locator("[name=category][value=lives]").check()
        page.locator("[name=name]").fill("見本")
        picture(page, "comment-passage", height=1600)
        press(page, "意見を送る")
        expect(page.locator("#receipt-number")).to_be_visible()
        return page.locator("#receipt-number").inner_text()


def others_comment() -> None:
    make.comment(db.session.get_one(Consultation, activity_by_slug(SLUG).id), ON_THE_WEB)


def key_a_letter(page: Page) -> None:
    page.goto(f"/staff/consultations/{SLUG}/collect/form")
    page.locator("[name=channel][value=post]").check()
    page.locator("[name=body]").fill("予約の電話は、土曜日も受け付けてください。")
    if page.locator("[name=category]").count():
        page.locator("[name=category][value=lives]").check()
    if page.locator("[name=name]").count():
        page.locator("[name=name]").fill("見本")
    press(page, "Save this comment")
    expect(page.get_by_role("main")).to_contain_text("Receipt number")


def end_the_period() -> None:
    made = activity_by_slug(SLUG).id
    with writing() as session:
        session.get_one(Consultation, made).ends_at = clock.now() - timedelta(seconds=1)
    activities.set_due_latches(made, clock.now())


def split(page: Page) -> None:
    """The comment that makes two points becomes two opinions, cut by the words it begins and ends with."""
    page.goto(f"/staff/consultations/{SLUG}/comments/1")
    fill(page, first="停留所には", last="ほしいです。")
    press(page, "Show the parts")
    press(page, "Save these parts")
    expect(page.get_by_role("main")).to_contain_text("停留所には屋根もほしいです。")


def group(page: Page) -> None:
    """Two opinions on roofs together; then the rest, one by one."""
    desk = f"/staff/consultations/{SLUG}/groups"
    page.goto(desk)
    picture(page, "grouping-desk", height=1100)
    for name, mark in (("屋根", "屋根"), ("最終バス", "最終バス"), ("費用", "費用"), ("予約の電話", "電話")):
        page.goto(desk)
        for row in page.locator(".desk-row").filter(has_text=mark).all():
            row.locator("[name=item]").check()
        page.locator("#new-title").fill(name)
        press(page, "Make a group of them")
    page.goto(desk)
    expect(page.get_by_role("main")).to_contain_text("予約の電話")
    assert page.locator("[name=item]").count() == 0


def numbers() -> list[int]:
    return list(db.session.scalars(sa.select(OpinionGroup.number).order_by(OpinionGroup.number)))


def answer_every_group(city: City, page: Page) -> None:
    for number in city.beside(numbers):
        page.goto(f"/staff/consultations/{SLUG}/groups/{number}")
        fill(page, **words("answer", "ご意見のとおり直します。", "{直/なお}します。", "We change it as you suggest."))
        page.locator("[name=outcome]").select_option("adopted")
        press(page, "Save and hand in for approval")
        expect(page.get_by_role("main")).to_contain_text("Waiting for approval")


def approve_every_group(city: City, page: Page) -> None:
    for number in city.beside(numbers):
        page.goto(f"/staff/consultations/{SLUG}/groups/{number}/approval")
        press(page, "Approve this answer")


def write_result(page: Page) -> None:
    page.goto(f"/staff/consultations/{SLUG}/result")
    page.locator("[name=decision][value=changed]").check()
    fill(
        page,
        final=FINAL,
        **words(
            "reason", "意見を受けて直しました。", "{意見/いけん}で {直/なお}しました。", "Changed after your comments."
        ),
        **words("answer", "ありがとうございました。", "ありがとうございました。", "Thank you."),
    )
    press(page, "Save the result")


def everybody_reads(city: City, receipt: str, folder: Path) -> None:
    """The pairs, the change word by word, the paper; and the author finds what became of her words."""
    with city.visitor() as page:
        page.goto(f"/consultations/{SLUG}/responses")
        main = page.get_by_role("main")
        expect(main).to_contain_text("停留所には屋根もほしいです。")
        expect(main).to_contain_text("ご意見のとおり直します。")
        expect(page.locator("ins").filter(has_text="40")).to_have_count(1)
        expect(page.locator("del").filter(has_text="30")).to_have_count(1)
        expect(main).not_to_contain_text("見本")
        picture(page, "responses", height=1500)
        page.emulate_media(media="print")
        paper = folder / "responses.pdf"
        page.pdf(path=str(paper), prefer_css_page_size=True, display_header_footer=False)
        sheets = PdfReader(str(paper)).pages
        assert [round(float(size)) for size in sheets[0].mediabox[2:]] == [595, 842]
        page.emulate_media(media="screen")
        page.goto("/receipt")
        page.locator("[name=number]").fill(receipt)
        page.get_by_role("main").locator("form button[type=submit]").click()
        expect(main).to_contain_text(TWO_POINTS)
        page.get_by_role("main").locator(f"a[href*='/consultations/{SLUG}/responses']").first.click()
        expect(main).to_contain_text("ご意見のとおり直します。")
