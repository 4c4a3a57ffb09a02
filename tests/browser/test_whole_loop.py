"""The whole loop in a real Chromium: asked, approved, answered, closed, understood, answered by the city, published, read.

With MACHIKOE_PICTURES=1 it also makes the pictures of the README in `docs/pictures/`.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pypdf import PageObject, PdfReader

from civic import clock
from civic.activities import actions as activities
from civic.activities.queries import activity_by_slug
from civic.db import writing
from civic.jobs.child import perform_due
from surveys.models import Survey
from tests import servers
from tests.browser.city import City, confirm, fill, picture, press, words
from tests.browser.conftest import BROWSER, served
from tests.cast import Cast, Person
from tests.factories.surveys import actor, text

pytestmark = BROWSER

SLUG: Final = "park-shade"
STAFF: Final = ("editor", "approver", "analyst", "moderator", "council_member")
SHADE: Final = [
    "夏は日かげがなくて遊べません。",
    "日かげのあるベンチがほしいです。",
    "遊具の上に日かげを作ってください。",
]
TOILET: Final = ["トイレが古くて入りにくいです。", "子ども用のトイレがほしいです。", "トイレの掃除をふやしてください。"]
ON_PAPER: Final = ["日かげの下で休みたいです。", "トイレを明るくしてほしいです。"]


@pytest.fixture
def people(app: Flask) -> dict[str, Person]:
    """The staff and the council member of this story, and the project they work on."""
    cast = Cast(app)
    found = {name: getattr(cast, name) for name in STAFF}
    summary = text("市の公園を、だれもが休める場所にします。")
    activities.create_project("parks", cast.department(), text("公園の計画"), summary, actor(cast.editor))
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


def test_a_question_of_the_city_comes_back_as_its_answer(city: City, people: dict[str, Person], tmp_path: Path) -> None:
    with city.colleague(people["editor"]) as page:
        write_survey(page)
        write_settings(page)
        confirm(page, f"/staff/activities/{SLUG}/submit", "Hand in for approval")
    with city.colleague(people["approver"]) as page:
        expect(page.get_by_role("main")).to_contain_text("Approve: Shade in our parks")
        confirm(page, f"/staff/activities/{SLUG}/approve", "Approve")
    city.beside(lambda: activities.set_due_latches(activity_by_slug(SLUG).id, clock.now()))

    receipt = ten_residents_answer(city)
    with city.colleague(people["editor"]) as page:
        bring_in_two_rows(city, page, tmp_path)
        page.goto("/staff/")
        expect(page.get_by_role("main")).to_contain_text("Shade in our parks")
        picture(page, "desk-today")
        city.beside(end_the_period)
        confirm(page, f"/staff/activities/{SLUG}/close", "Close for good")
    city.beside(perform_due)

    understand(city, people)
    answer_of_the_city(city, people)
    publish_report(city, people)
    council_reads(city, people["council_member"], tmp_path)
    resident_hears_back(city, receipt)


def write_survey(page: Page) -> None:
    """Three questions, one of them with a condition, written in the browser."""
    page.goto("/staff/surveys/new")
    fill(
        page,
        slug=SLUG,
        **words("title", "公園の日かげについて", "{公園/こうえん}の {日/ひ}かげについて", "Shade in our parks"),
    )
    fill(
        page,
        **words(
            "summary",
            "公園で休める場所についてお聞きします。",
            "{公園/こうえん}のことを {聞/き}きます。",
            "About resting in parks.",
        ),
    )
    press(page, "Make the survey")
    add_question(
        page,
        1,
        "よく行く公園はどこですか",
        "よく {行/い}く {公園/こうえん}は どこですか",
        "Which park do you visit most?",
    )
    parks = [
        ("北公園", "{北/きた}{公園/こうえん}", "North Park"),
        ("南公園", "{南/みなみ}{公園/こうえん}", "South Park"),
        ("行かない", "{行/い}かない", "None"),
    ]
    write_options(page, 1, parks)
    add_question(page, 2, "日かげは足りていますか", "{日/ひ}かげは ありますか", "Is there enough shade?")
    write_options(page, 2, [("足りている", "はい", "Yes"), ("足りていない", "いいえ", "No")])
    press(page, "Add a condition")
    page.get_by_label("Comparison", exact=True).select_option("ne")
    page.get_by_label("Value", exact=True).fill("o3")
    press(page, "Save question 2")
    add_question(
        page,
        3,
        "公園について、市に伝えたいことを書いてください",
        "{公園/こうえん}について {書/か}いてください",
        "What would you like to tell the city?",
    )
    page.locator("[name=type]").select_option("long_text")
    press(page, "Save question 3")
    picture(page, "editor")
    page.get_by_role("link", name="Check and hand in").click()
    expect(page.get_by_text("The questions hold together")).to_be_visible()


def add_question(page: Page, number: int, ja: str, easy: str, en: str) -> None:
    press(page, "Add a question")
    expect(page.get_by_role("heading", name=f"Edit question {number}")).to_be_visible()
    fill(page, **words("text", ja, easy, en))
    press(page, f"Save question {number}")


def write_options(page: Page, question: int, options: list[tuple[str, str, str]]) -> None:
    for place, (ja, easy, en) in enumerate(options):
        if not page.locator(f"[name=options-{place}-ja]").count():
            press(page, "Add an option")
        fill(page, **{f"options-{place}-ja": ja, f"options-{place}-easy": easy, f"options-{place}-en": en})
    press(page, f"Save question {question}")


def write_settings(page: Page) -> None:
    """What residents are told before they answer, and from when to when."""
    page.goto(f"/staff/activities/{SLUG}/settings")
    for name, ja in (
        ("background", "公園課が、公園の計画をつくるために行います。"),
        ("eligibility", "市内に住む人・通う人"),
        ("other_ways", "公園課の窓口に用紙があります。"),
        ("purpose", "お名前は聞きません。答えは統計にして使います。"),
        ("use_of_result", "公園の計画に使います。"),
        ("contact", "公園課 電話 000-000-0000"),
    ):
        fill(page, **words(name, ja, "やさしい ことば", "In English"))
    today = clock.today()
    fill(
        page,
        starts_at=f"{today - timedelta(days=1)}T09:00",
        ends_at=f"{today + timedelta(days=7)}T17:00",
        retention_until=str(today + timedelta(days=200)),
        answer_due=str(today + timedelta(days=60)),
    )
    page.locator("[name=channels][value=paper]").check()
    press(page, "Save the settings")
    expect(page.get_by_text("The settings are saved.")).to_be_visible()


def ten_residents_answer(city: City) -> str:
    """Each in her own way; the receipt number of the first."""
    with city.visitor() as page:
        page.goto("/")
        picture(page, "home-1280")
        page.get_by_role("link", name="公園の日かげについて").first.click()
        page.get_by_role("link", name="このアンケートに回答する").click()
        picture(page, "question")
        receipt = answer(page, SHADE[0], pictures=True)
    with city.visitor() as page:
        answer_by_keyboard(page, SHADE[1])
    with city.visitor(java_script_enabled=False) as page:
        start(page)
        answer(page, SHADE[2])
    answer_in_two_sittings(city, TOILET[0])
    with city.visitor() as page:
        answer_and_change_language(page, TOILET[1])
    with city.visitor() as page:
        answer_and_go_back(page, TOILET[2])
    for wish in (SHADE[0], SHADE[1], TOILET[0], TOILET[1]):
        with city.visitor(java_script_enabled=False) as page:
            to_the_last_question(page)
            page.locator("textarea").fill(wish)
            press(page, "次へ進む")
            send(page)
    return receipt


def start(page: Page) -> None:
    page.goto(f"/surveys/{SLUG}/answer")


def answer(page: Page, wish: str, *, pictures: bool = False) -> str:
    """From the first question to the receipt, whose number is returned."""
    page.get_by_label("北公園").check()
    press(page, "次へ進む")
    page.get_by_label("足りていない").check()
    press(page, "次へ進む")
    page.locator("textarea").fill(wish)
    press(page, "次へ進む")
    expect(page.get_by_role("main")).to_contain_text(wish)
    if pictures:
        picture(page, "check")
    return send(page, pictures=pictures)


def send(page: Page, *, pictures: bool = False) -> str:
    press(page, "この内容で回答を送る")
    expect(page.get_by_role("heading", name="回答を受け付けました")).to_be_visible()
    if pictures:
        picture(page, "receipt")
    return page.locator("#receipt-number").inner_text().strip()


def answer_by_keyboard(page: Page, wish: str) -> None:
    """Tab, space and enter only, from the entry page to the receipt."""
    page.goto(f"/surveys/{SLUG}")
    tab_to(page, "a:has-text('このアンケートに回答する')")
    page.keyboard.press("Enter")
    for choice in ("北公園", "足りていない"):
        page.wait_for_selector(f"main label:has-text('{choice}')")
        tab_to(page, "main input[type=radio]")
        page.keyboard.press("Space")
        for _ in range(3):
            if page.get_by_label(choice, exact=True).is_checked():
                break
            page.keyboard.press("ArrowDown")
        tab_to(page, "main button:has-text('次へ進む')")
        page.keyboard.press("Enter")
    page.wait_for_selector("main textarea")
    tab_to(page, "main textarea")
    page.keyboard.insert_text(wish)
    tab_to(page, "main button:has-text('次へ進む')")
    page.keyboard.press("Enter")
    page.wait_for_selector("main button:has-text('この内容で回答を送る')")
    tab_to(page, "main button:has-text('この内容で回答を送る')")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="回答を受け付けました")).to_be_visible()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, as a person who cannot use a mouse."""
    for _ in range(60):
        if page.evaluate("() => document.activeElement") and page.locator(f"{selector}:focus").count():
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


def answer_in_two_sittings(city: City, wish: str) -> None:
    """On a phone: saved, and gone on with by the code in another browser."""
    with city.visitor(width=390) as page:
        page.goto("/")
        picture(page, "home-390", height=844)
        start(page)
        page.get_by_label("北公園").check()
        press(page, "次へ進む")
        press(page, "ここまでを保存して、あとで続ける")
        code = page.locator("#resume-code").inner_text().strip()
    with city.visitor(width=390) as page:
        page.goto(f"/surveys/{SLUG}/resume")
        page.locator("[name=resume_code]").fill(code)
        page.get_by_role("main").get_by_role("button").first.click()
        page.get_by_label("足りていない").check()
        press(page, "次へ進む")
        page.locator("textarea").fill(wish)
        press(page, "次へ進む")
        expect(page.get_by_role("main")).to_contain_text("北公園")
        send(page)


def answer_and_change_language(page: Page, wish: str) -> None:
    """What was typed stays when the language changes."""
    to_the_last_question(page)
    page.locator("textarea").fill(wish)
    page.wait_for_load_state()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="English").click()
    expect(page.locator("textarea")).to_have_value(wish)
    page.get_by_role("link", name="日本語", exact=True).click()
    expect(page.locator("textarea")).to_have_value(wish)
    press(page, "次へ進む")
    send(page)


def answer_and_go_back(page: Page, wish: str) -> None:
    """What was typed stays when one goes back and forth."""
    to_the_last_question(page)
    page.locator("textarea").fill(wish)
    press(page, "次へ進む")
    page.go_back()
    expect(page.locator("textarea")).to_have_value(wish)
    press(page, "次へ進む")
    send(page)


def to_the_last_question(page: Page) -> None:
    """Whoever goes to no park is not asked about its shade."""
    start(page)
    page.get_by_label("行かない").check()
    press(page, "次へ進む")
    expect(page.locator("textarea")).to_be_visible()


def bring_in_two_rows(city: City, page: Page, folder: Path) -> None:
    """Two paper forms somebody typed into a table."""
    file = folder / "paper.csv"
    lines = "".join(f"{number},o1,o2,{wish}\n" for number, wish in enumerate(ON_PAPER, 1))
    file.write_text(f"number,q1,q2,q3\n{lines}", encoding="utf-8")
    page.goto(f"/staff/surveys/{SLUG}/collect")
    page.locator("[name=file]").set_input_files(file)
    page.locator("[name=channel][value=paper]").check()
    page.locator("[name=key]").fill("number")
    press(page, "Hand in the file")
    expect(page.get_by_text("The file arrived.")).to_be_visible()
    city.beside(perform_due)
    page.goto(f"/staff/activities/{SLUG}")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"\b12\b"))


def end_the_period() -> None:
    """Let the last moment of the survey be over."""
    survey_id = activity_by_slug(SLUG).id
    with writing() as session:
        session.get_one(Survey, survey_id).ends_at = clock.now() - timedelta(seconds=1)
    activities.set_due_latches(survey_id, clock.now())


def understand(city: City, people: dict[str, Person]) -> None:
    """The analyst runs the analysis and names a topic; the moderator confirms what may be shown."""
    desk = f"/staff/analysis/{SLUG}/q3"
    with city.colleague(people["analyst"]) as page:
        page.goto(desk)
        press(page, "Run the analysis")
        city.beside(perform_due)
        page.goto(desk)
        page.get_by_role("navigation", name="Topics").get_by_role("link", name=re.compile("日かげ")).click()
        page.locator("[name=label]").fill("日かげと休む場所")
        press(page, "Save the name")
        expect(page.get_by_role("navigation", name="Topics")).to_contain_text("日かげと休む場所")
        picture(page, "analyst-desk")
    with city.colleague(people["moderator"]) as page:
        page.goto(f"{desk}/masks")
        press(page, "Confirm these 12 texts")
        expect(page.get_by_text("All texts are confirmed")).to_be_visible()


def answer_of_the_city(city: City, people: dict[str, Person]) -> None:
    with city.colleague(people["editor"]) as page:
        page.goto(f"/staff/activities/{SLUG}/answer")
        fill(
            page,
            **words(
                "answer",
                "北公園に木を植え、トイレを直します。",
                "{木/き}を {植/う}えます。",
                "We plant trees and repair the toilets.",
            ),
        )
        page.get_by_role("main").locator("form[method=post] .actions button").click()
    with city.colleague(people["approver"]) as page:
        confirm(page, f"/staff/activities/{SLUG}/publish", "Publish the city's answer")
    city.beside(perform_due)


def publish_report(city: City, people: dict[str, Person]) -> None:
    """Written by one person, published by a second one."""
    with city.colleague(people["analyst"]) as page:
        page.goto("/staff/reports/new")
        page.locator("[name=activities]").first.check()
        fill(
            page,
            slug="park-report",
            **words("title", "公園の日かげ 報告書", "{公園/こうえん}の {報告書/ほうこくしょ}", "Report on shade"),
        )
        press(page, "Make the draft")
        leave_out_small_numbers(page)
        fill(
            page,
            **words(
                "lead",
                "北公園の日かげとトイレについて、多くの声がありました。",
                "{声/こえ}が ありました。",
                "Many spoke of shade.",
            ),
        )
        press(page, "Save the words")
        press(page, "Hand in for publication")
        expect(page.get_by_text("Handed in. A second person can publish it now.")).to_be_visible()
    with city.colleague(people["approver"]) as page:
        page.goto("/staff/reports/park-report/publish")
        press(page, "Publish")
        page.wait_for_url(lambda address: not address.endswith("/publish"))
    city.beside(perform_due)


def leave_out_small_numbers(page: Page) -> None:
    """A sentence about fewer than five comments cannot be published: the analyst leaves it out."""
    refused = page.get_by_role("complementary").get_by_role("listitem")
    for _ in range(50):
        if not refused.count():
            return
        found = re.search(r"Sentence (\d+)", refused.first.inner_text())
        assert found is not None, refused.first.inner_text()
        page.get_by_role("button", name=re.compile(rf"Leave out.*sentence {found[1]}$")).click()
        page.wait_for_load_state()
    raise AssertionError("a sentence is refused however often it is left out")


def council_reads(city: City, member: Person, folder: Path) -> None:
    """On the screen and on paper: A4, with title and number on every page."""
    with city.colleague(member) as page:
        expect(page.get_by_role("link", name="Report on shade").first).to_be_visible()
        picture(page, "council-list")
        page.goto("/council/reports/park-report?lang=ja")
        main = page.get_by_role("main")
        for wanted in ("標本調査ではありません", "12人", "日かげと休む場所", "根拠1"):
            expect(main).to_contain_text(wanted)
        picture(page, "report", height=1400)
        file = folder / "report.pdf"
        page.pdf(path=file, prefer_css_page_size=True)
    sheets = PdfReader(file).pages
    assert len(sheets) > 0
    for number, sheet in enumerate(sheets, start=1):
        assert [round(float(side) / 72 * 25.4) for side in sheet.mediabox[2:]] == [210, 297]
        printed = words_of(sheet)
        assert "公園の日かげ報告書" in printed
        assert f"{number}/{len(sheets)}" in printed
    whole = "".join(words_of(sheet) for sheet in sheets)
    assert "答え人数" in whole
    assert "ログアウト" not in whole


def words_of(sheet: PageObject) -> str:
    """A printed page's words without spaces; fonts print some characters as radicals of the same look."""
    return "".join(unicodedata.normalize("NFKC", sheet.extract_text()).split())


def resident_hears_back(city: City, receipt: str) -> None:
    with city.visitor(width=390) as page:
        page.goto("/receipt")
        page.locator("[name=number]").fill(receipt.lower().replace("-", ""))
        press(page, "調べる")
        main = page.get_by_role("main")
        expect(main).to_contain_text("公園の日かげについて")
        expect(main).to_contain_text("北公園に木を植え、トイレを直します。")
    with city.visitor() as page:
        page.goto(f"/surveys/{SLUG}/results")
        expect(page.get_by_role("main")).to_contain_text("12件")
        picture(page, "results", height=1400)
