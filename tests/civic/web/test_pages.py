"""What every page of the whole application has from the frame."""

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient


@pytest.mark.parametrize("address", ["/", "/receipt", "/sign-in"])
def test_the_menu_marks_this_page_and_no_other(client: FlaskClient, address: str) -> None:
    page = BeautifulSoup(client.get(f"{address}?lang=ja").text, "html5lib")
    assert [entry["href"] for entry in page.select('.site-nav [aria-current="page"]')] == [address]


def test_a_page_below_a_menu_entry_marks_that_entry(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/sign-up?lang=ja").text, "html5lib")
    assert [entry["href"] for entry in page.select('.site-nav [aria-current="page"]')] == ["/sign-in"]


def test_one_page_in_three_languages_has_three_headings(client: FlaskClient) -> None:
    headings = [
        BeautifulSoup(client.get(f"/sign-in?lang={language}").text, "html5lib").h1.get_text()
        for language in ("ja", "ja-easy", "en")
    ]
    assert len(set(headings)) == 3


def test_a_missing_page_says_so_in_the_frame(client: FlaskClient) -> None:
    answer = client.get("/no-such-page?lang=ja")
    page = BeautifulSoup(answer.text, "html5lib")
    assert answer.status_code == 404
    assert page.h1.get_text() == "ページが見つかりません"
    assert page.select_one("main#main") is not None


def test_a_static_file_is_addressed_by_its_content_and_then_kept_for_a_year(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/sign-in").text, "html5lib")
    address = page.select_one('link[href*="tokens.css"]')["href"]
    with client.get(address) as named, client.get("/static/css/tokens.css?v=old") as old:
        assert named.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert old.headers["Cache-Control"] == "public, max-age=3600"


def test_nothing_above_the_static_folder_is_served(client: FlaskClient) -> None:
    assert client.get("/static/../views.py").status_code == 404
    assert client.get("/static/css/no-such.css").status_code == 404
