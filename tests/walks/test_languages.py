"""Every public page in three languages: each its own words, complete, and sound for a screen reader."""

import re
from collections import Counter
from typing import Final

import pytest
from bs4 import BeautifulSoup, Tag

from tests.walks.test_permissions import PUBLIC, routes
from tests.walks.town import Town

# Files and answers for machines, pages that are there only after an act, and the samples of all components.
NO_PAGES: Final = re.compile(
    r"/static/|/files/|/healthz|/readyz|/metrics|\.(csv|json|jsonld|svg|atom|md)$|/api/|/saved$|/done$|/tables$|/components$"
)
READERS: Final = ("anonymous", "resident", "editor", "analyst", "approver", "council_member", "admin")
LETTERS: Final = re.compile(r"[A-Za-z]{2,}(?:[ ,'’]+[A-Za-z]{2,}){3,}")  # four English words in a row


def addresses(town: Town) -> list[str]:
    """Every public page."""
    found = {
        town.address(route.rule)
        for route in routes(town)
        if route.method == "GET" and PUBLIC in route.roles and not NO_PAGES.search(route.rule)
    }
    return sorted(found | {"/surveys/shade/answer", "/nowhere"})


def page(town: Town, address: str, language: str, who: str = "anonymous") -> BeautifulSoup:
    answer = town.client(who).get(f"{address}?lang={language}", follow_redirects=True)
    assert answer.mimetype == "text/html", address
    return BeautifulSoup(answer.text, "html5lib")


def heading(html: BeautifulSoup) -> str:
    found = html.find_all("h1")
    assert len(found) == 1
    return " ".join(found[0].get_text(" ").split())


def test_every_public_page_has_a_heading_of_its_own_in_each_language(town: Town) -> None:
    for address in addresses(town):
        headings = [heading(page(town, address, language)) for language in ("ja", "ja-easy", "en")]
        assert len(set(headings)) == 3, f"{address}: {headings}"


def test_a_page_says_its_language(town: Town) -> None:
    for address in addresses(town):
        for language, code in (("ja", "ja"), ("ja-easy", "ja"), ("en", "en")):
            html = page(town, address, language).find("html")
            assert isinstance(html, Tag)
            assert html["lang"] == code, f"{address} in {language}"


def english_left(html: BeautifulSoup) -> list[str]:
    """English sentences on a page that should hold none."""
    for foreign in html.select("[lang=en], code, pre, script, style"):
        foreign.decompose()
    body = html.find("body")
    assert isinstance(body, Tag)
    labels = [
        str(tag[name]) for name in ("aria-label", "title", "alt", "placeholder") for tag in html.select(f"[{name}]")
    ]
    return [found[0] for text in (body.get_text(" "), *labels) for found in LETTERS.finditer(text)]


def everybodys_pages(town: Town) -> list[tuple[str, str]]:
    """Every page of every room, with somebody who may open it."""
    found = [(address, "anonymous") for address in addresses(town)]
    for route in routes(town):
        if route.method == "GET" and PUBLIC not in route.roles and not NO_PAGES.search(route.rule):
            who = next(who for who in READERS if route.lets_in(who))
            found.append((town.address(route.rule), who))
    return found


@pytest.mark.parametrize("language", ["ja", "ja-easy"])
def test_no_english_sentence_is_left_on_a_japanese_page(town: Town, language: str) -> None:
    for address, who in everybodys_pages(town):
        assert english_left(page(town, address, language, who)) == [], f"{address} as {who} in {language}"


def test_a_planted_english_sentence_is_seen() -> None:
    planted = "<body><p>回答を送りました。Your answers were sent.</p></body>"
    assert english_left(BeautifulSoup(planted, "html5lib")) == ["Your answers were sent"]


def unsound(html: BeautifulSoup) -> list[str]:
    """What would trip a screen reader or the content policy."""
    found = [
        f"id twice: {one}" for one, times in Counter(tag["id"] for tag in html.select("[id]")).items() if times > 1
    ]
    found += [
        f"inline: {tag.name}"
        for tag in html.find_all(True)
        for name in tag.attrs
        if name == "style" or name.startswith("on")
    ]
    found += [f"inline: {tag.name}" for tag in html.select("style, script:not([src])")]
    found += [f"no label: {control}"[:120] for control in html.select(CONTROLS) if not named(html, control)]
    return found + ([] if len(html.find_all("h1")) == 1 else [f"{len(html.find_all('h1'))} h1"])


CONTROLS: Final = "input:not([type=hidden]):not([type=submit]), select, textarea"


def named(html: BeautifulSoup, control: Tag) -> bool:
    by_id = control.get("id") and html.find("label", attrs={"for": control["id"]})
    return bool(by_id or control.find_parent("label") or control.get("aria-label") or control.get("aria-labelledby"))


def test_every_page_is_sound(town: Town) -> None:
    for address, who in everybodys_pages(town):
        assert unsound(page(town, address, "ja", who)) == [], f"{address} as {who}"


def test_an_unsound_page_is_seen() -> None:
    planted = (
        "<body><h1 id=a>一</h1><h1 id=a>二</h1><p style='x' onclick='y'></p><input name=n><script>1</script></body>"
    )
    assert len(unsound(BeautifulSoup(planted, "html5lib"))) == 6
