"""The feed as a reader gets it, and the outbox pages."""

from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from civic.activities.states import State
from civic.config import Mode
from civic.db import writing
from civic.jobs import child
from civic.notices.outbox import queue_mail
from tests.cast import Cast
from tests.factories.surveys import ONE_QUESTION, make_survey

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def feed(app: Flask, language: str = "ja") -> Element:
    response = app.test_client().get(f"/feed.atom?lang={language}")
    assert response.status_code == 200
    assert response.content_type == "application/atom+xml; charset=utf-8"
    return fromstring(response.data)


def titles(document: Element) -> list[str]:
    return [str(title.text) for title in document.findall("a:entry/a:title", ATOM)]


def test_the_feed_tells_what_was_opened_ended_and_answered(app: Flask) -> None:
    cast = Cast(app)
    make_survey(cast, state=State.ANSWERED, slug="answered-one")
    make_survey(cast, ONE_QUESTION, state=State.OPEN, slug="open-one")
    document = feed(app, "en")
    ids = {str(entry.findtext("a:id", "", ATOM)).split(":", 2)[2] for entry in document.findall("a:entry", ATOM)}
    assert ids == {"survey/answered-one/opened", "survey/answered-one/ended", "survey/answered-one/answered",
                   "survey/open-one/opened"}  # fmt: skip
    links = {link.get("href") for link in document.findall("a:entry/a:link", ATOM)}
    assert links == {"http://127.0.0.1:8000/surveys/answered-one", "http://127.0.0.1:8000/surveys/open-one"}
    moments = [str(entry.findtext("a:updated", "", ATOM)) for entry in document.findall("a:entry", ATOM)]
    assert moments == sorted(moments, reverse=True)
    assert document.findtext("a:updated", "", ATOM) == moments[0]


@pytest.mark.parametrize("state", [State.DRAFT, State.SCHEDULED, State.WITHDRAWN])
def test_the_feed_is_silent_about_drafts_and_what_was_withdrawn(app: Flask, state: State) -> None:
    make_survey(Cast(app), state=state)
    assert titles(feed(app)) == []


def test_the_feed_speaks_three_languages_without_markup(app: Flask) -> None:
    make_survey(Cast(app), state=State.OPEN)
    said = {language: titles(feed(app, language))[0] for language in ("ja", "ja-easy", "en")}
    assert len(set(said.values())) == 3
    assert not any("{" in title or "<" in title for title in said.values())


@pytest.mark.parametrize("address", ["/", "/opendata/"])
@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_resident_pages_name_the_feed_in_their_language(app: Flask, address: str, language: str) -> None:
    html = BeautifulSoup(app.test_client().get(f"{address}?lang={language}").data, "html5lib")
    link = html.find("link", rel="alternate", type="application/atom+xml")
    assert isinstance(link, Tag)
    assert link["href"] == f"/feed.atom?lang={language}"
    assert link["title"] == feed(app, language).findtext("a:title", "", ATOM)


def test_an_unchanged_feed_is_not_sent_again(app: Flask) -> None:
    client = app.test_client()
    etag = client.get("/feed.atom").headers["ETag"]
    assert client.get("/feed.atom", headers={"If-None-Match": etag}).status_code == 304


def write(app: Flask) -> None:
    with writing() as session:
        queue_mail(session, key="k", to="hana@example.jp", subject="確認", body="http://127.0.0.1:8000/links/abc\n<b>")
    child.perform_due()


def test_demo_mail_is_shown_to_staff_with_its_links(app: Flask) -> None:
    cast = Cast(app)
    write(app)
    page = cast.client(cast.editor).get("/staff/outbox").text
    assert "hana@example.jp" in page
    assert 'href="http://127.0.0.1:8000/links/abc"' in page
    assert "&lt;b&gt;" in page


def test_the_administrator_sees_what_became_of_mail_but_no_address_and_no_text(app: Flask) -> None:
    cast = Cast(app)
    write(app)
    page = cast.client(cast.admin).get("/admin/outbox").text
    assert "確認" in page
    assert "hana@example.jp" not in page
    assert "links/abc" not in page


def test_in_production_nobody_reads_mail(app: Flask) -> None:
    cast = Cast(app)
    client = cast.client(cast.admin)
    write(app)
    app.extensions["settings"] = replace(app.extensions["settings"], mode=Mode.PRODUCTION)
    app.extensions["known_safe"] = True
    assert client.get("/staff/outbox").status_code == 404


def test_residents_and_other_staff_do_not_see_the_outbox(app: Flask) -> None:
    cast = Cast(app)
    assert cast.client(cast.resident).get("/admin/outbox").status_code == 403
    assert cast.client(cast.editor).get("/admin/outbox").status_code == 403
    assert cast.client(cast.council_member).get("/staff/outbox").status_code == 403
