"""The notice: what the law and the city's rule want it to say, the draft, and how much it asks of the database."""

from datetime import timedelta

from bs4 import Tag
from flask import Flask

from civic import clock
from civic.activities.states import State
from civic.db import writing
from consultations.comments.models import Consultation
from tests.cast import Cast
from tests.civic.activities.test_statements import asked
from tests.factories import consultations as make
from tests.pages import Page, opens

NOTICE = 6  # statements of the notice, however long the draft


def notice(app: Flask, query: str = "", slug: str = "transport-plan") -> Page:
    client = app.test_client()
    client.set_cookie("language", "ja")
    return opens(client, f"/consultations/{slug}{query}")


def facts(page: Page) -> dict[str, str]:
    """The table of what the notice must say."""
    found = {}
    for row in page.html.select("dl.summary > div"):
        head, value = row.find("dt"), row.find("dd")
        assert isinstance(head, Tag)
        assert isinstance(value, Tag)
        found[head.get_text(strip=True)] = " ".join(value.get_text(" ").split())
    return found


def test_the_notice_says_what_the_rule_wants(app: Flask, cast: Cast) -> None:
    make.make_consultation(cast)
    page = notice(app)
    assert page.heading == "地域公共交通計画(案)"
    said = facts(page)
    assert said["計画の根拠法令"] == "地域公共交通の活性化及び再生に関する法律 第5条"
    for words in ("みなと野市意見公募手続要綱", "令和3年告示第12号", "2026年11月1日"):
        assert words in said["この手続のきまり"]
    assert "公示の日を入れて44日間です" in said["募集期間"]
    assert "30日以上です。 (第6条第2項)" in said["募集期間"]
    assert "市内で働いている" in said["意見を出せる方"]
    assert "(第2条第3号)" in said["意見を出せる方"]
    assert "郵送: 最終日必着" in said["意見の出し方・提出先"]
    assert "個別の回答はしません" in said["お名前とご住所"]
    assert "意見は市の記録として残ります" in said["消すもの、残すもの"]
    assert "行政手続法" not in page.text
    points = [item.get_text(strip=True) for item in page.html.select(".box--paper ul li")]
    assert points == ["昼は予約して乗るバスにします。", "最終バスを遅くします。"]


def test_a_short_period_gives_its_reason_and_a_full_one_does_not(app: Flask, cast: Cast) -> None:
    now = clock.now()
    reason = {"short_reason": make.text("大雨の備えを急ぐため。")}
    make.make_consultation(cast, notice_changes=reason)
    make.make_consultation(cast, slug="short", notice_changes=reason, ends_at=now + timedelta(days=7))
    assert "期間が短い理由" not in notice(app).text
    assert "期間が短い理由 大雨の備えを急ぐため。" in notice(app, slug="short").text


def test_every_passage_has_its_number_and_while_open_a_way_to_comment(app: Flask, cast: Cast) -> None:
    consultation = make.make_consultation(cast)
    page = notice(app)
    anchors = [str(one["id"]) for one in page.html.select(".passage")]
    assert anchors == [f"p{number}" for number in range(1, 9)]
    labels = [link.get_text(" ", strip=True) for link in page.html.select(".passage__foot a")]
    assert labels[:4] == [
        "この章や節の全体に意見を書く (第1章)", "この段落に意見を書く (1-1)", "この章や節の全体に意見を書く (第2章)",
        "この段落に意見を書く (2-1)",
    ]  # fmt: skip
    make.end(consultation, cast)
    over = notice(app, "?passage=p4")
    assert over.html.select(".passage__foot a, form#write") == []
    assert len(over.html.select(".passage, .notice")) == 9


def test_the_draft_is_said_to_be_in_japanese_only(app: Flask, cast: Cast) -> None:
    make.make_consultation(cast)
    page = opens(app.test_client(), "/consultations/transport-plan?lang=en")
    assert "The draft itself is only in Japanese." in page.text
    assert all(one["lang"] == "ja" for one in page.html.select(".passage__text"))


def test_ten_thousand_passages_are_read_a_chapter_a_page_at_the_same_cost(app: Flask, cast: Cast) -> None:
    make.make_consultation(cast)
    chapters = [f"# 第{n}章 章{n}\n\n" + "\n\n".join(f"段落{n}の{m}。" for m in range(99)) for n in range(1, 101)]
    long = make.make_consultation(cast, slug="long", plan="\n\n".join(chapters))
    client = app.test_client()
    few = asked(client, "/consultations/transport-plan")
    assert few == asked(client, "/consultations/long?chapter=50") == NOTICE
    page = notice(app, "?chapter=50", "long")
    assert len(page.html.select(".passage")) == 100
    assert page.html.select_one(".toc a[aria-current]").get_text(strip=True) == "第50章 章50"  # type: ignore[union-attr]  # it is there
    assert page.follow("第51章 章51へ進む").html.select_one("article h2").get_text(strip=True) == "第51章 章51"  # type: ignore[union-attr]  # it is there
    assert "第49章 章49へ戻る" in page.text
    opened = notice(app, "?passage=p5002", "long")
    assert opened.html.select_one("#p5002.passage--open form") is not None
    assert client.get("/consultations/long?chapter=101").status_code == 404
    assert client.get("/consultations/long?chapter=0").status_code == 404
    assert long.current_version == 1


def test_a_draft_written_to_harm_comes_out_clean(app: Flask, cast: Cast) -> None:
    plan = "# <script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[押す](javascript:alert(1)) [外](//evil.example)\n\n文。"
    make.make_consultation(cast, slug="hostile", plan=plan)
    page = notice(app, slug="hostile")
    article = page.html.select_one("article")
    assert article is not None
    assert article.select("script, img, [onerror]") == []
    assert [a["href"] for a in article.select(".passage__text a") if "javascript" in str(a.get("href"))] == []
    assert "<script>alert(1)</script>" in page.text


def test_a_draft_and_what_is_not_approved_are_not_found(app: Flask, cast: Cast) -> None:
    make.make_consultation(cast, State.DRAFT, slug="draft")
    make.make_consultation(cast, State.IN_APPROVAL, slug="handed-in")
    client = app.test_client()
    for slug in ("draft", "handed-in", "nowhere"):
        for page in ("", "/comment", "/withdraw", "/comments", "/done"):
            assert client.get(f"/consultations/{slug}{page}").status_code == 404


def test_a_withdrawn_consultation_takes_nothing_and_says_why(app: Flask, cast: Cast) -> None:
    consultation = make.make_consultation(cast)
    with writing() as session:
        row = session.get_one(Consultation, consultation.id)
        row.withdrawn_at, row.withdrawn_reason = clock.now(), make.text("案に誤りがありました。")
    page = notice(app)
    assert "案に誤りがありました。" in page.text
    assert page.html.select("form#write, .passage__foot a") == []
