"""What residents and the council are shown of a survey that seven people answered: no number of one to four people.

The walk opens every public, resident and council address and reads out what stands for a number of people:

- on pages, a table's or a list's value that is a bare number, any number beside a word for people or answers, and any
  percentage that seven people give back as a count; row and column heads (a scale's points), dates and times, the
  edition of a report, how many activities are listed, and how many comments a sentence quotes (they stand below it
  for everybody to count) are no such numbers;
- in CSV files, the columns `count` and `share`;
- in JSON, every number but those under the keys of `NOT_PEOPLE`;
- in the feed, any number beside a word for people or answers.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup, Tag
from werkzeug.test import TestResponse

from civic.db import writing
from civic.opendata.models import Release
from surveys.models import Survey
from tests.walks.test_permissions import PUBLIC, Route, routes
from tests.walks.town import Town

N: Final = 7
SMALL: Final = range(1, 5)
SHARES: Final = [k / N for k in (1, 2, 3, 4)]
PEOPLE: Final = re.compile(r"(?<![\d.,:/])([1-4])\s*(?:人|件|名|people|persons?|answers?|responses?|participants?)")
PERCENT: Final = re.compile(r"(\d+(?:\.\d+)?)\s*%")
RULE: Final = re.compile("1人から4人")  # the sentence that explains what is hidden
OTHER_COUNTS: Final = ".sources-list, .claim-link, .source, h2 .num, a[href='/results']"  # of comments, of activities
EDITION: Final = "版"
NOT_PEOPLE: Final = frozenset({"version", "edition", "number", "spans", "findings", "stability"})


def small_on_page(html: str) -> Iterator[str]:
    main = BeautifulSoup(html, "html5lib").find("main")
    assert isinstance(main, Tag)
    for counted in main.select(OTHER_COUNTS):
        counted.decompose()
    for cell in main.select("td, dd"):
        words, head = cell.get_text().strip(), cell.find_previous_sibling(["dt", "th"])
        if words.isdigit() and int(words) in SMALL and not (head and head.get_text().strip() == EDITION):
            yield words
    yield from small_in_words(RULE.sub("", main.get_text(" ")))


def small_in_words(words: str) -> Iterator[str]:
    yield from (found[0] for found in PEOPLE.finditer(words))
    yield from (found[0] for found in PERCENT.finditer(words) if is_small_share(float(found[1]) / 100, 0.0006))


def is_small_share(share: float, precision: float = 1e-6) -> bool:
    return any(abs(share - one) < precision for one in SHARES)


def small_in_csv(text: str) -> Iterator[str]:
    for row in csv.DictReader(io.StringIO(text.lstrip("\ufeff"))):
        if row["count"] and float(row["count"]) in SMALL:
            yield str(row)
        if row["share"] and is_small_share(float(row["share"])):
            yield str(row)


def small_in_json(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from small_in_json(part, f"{key}.{name}")
    elif isinstance(value, list):
        for part in value:
            yield from small_in_json(part, key)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        small = is_small_share(value) or (value in SMALL and not key.endswith("share"))
        if small and not set(key.split(".")) & NOT_PEOPLE:
            yield f"{key}: {value}"


def small_numbers(answer: TestResponse) -> list[str]:
    """Everything in the answer that says "one to four people"."""
    match answer.mimetype:
        case "text/html":
            return list(small_on_page(answer.text))
        case "text/csv":
            return list(small_in_csv(answer.text))
        case "application/json" | "application/ld+json":
            return list(small_in_json(json.loads(answer.text)))
        case "application/atom+xml":
            return list(small_in_words(" ".join(ElementTree.fromstring(answer.text).itertext())))
        case kind:
            # A plan as the city decided it (text/markdown) holds no count of participants.
            assert kind in {"text/plain", "text/css", "text/markdown"}, f"the walk cannot read {kind}"
            return []


@pytest.fixture(scope="module")
def few(town: Town) -> Town:
    """The town with the survey of seven answers in place of every other, and its receipt looked up."""
    starts = ("/surveys/", "/surveys/<slug>/results", "/opendata/", "/api/")
    objects = town.objects | {start: {"slug": "few"} for start in starts}
    objects |= {start: {"slug": "few-report"} for start in ("/reports/", "/council/reports/")}
    objects |= {"/projects/": {"slug": "project-few"}}
    return replace(town, objects=objects)


def open_to_others(town: Town) -> list[Route]:
    """Every address that is not staff's own; of the frame's own files and of machines' none speaks of surveys."""
    return [
        route
        for route in routes(town)
        if route.method == "GET" and route.roles & {PUBLIC, "resident", "council"} and not says_all(route.rule)
    ]


def says_all(rule: str) -> bool:
    """Pages without figures of surveys. A vote's board shows every ballot anyway: turnout and totals are whole there, and
    turnout by district has its own test (tests/consultations/votes/publishing/test_public.py).
    """
    return rule in NO_SURVEYS or rule.startswith("/votes/")


NO_SURVEYS: Final = {
    "/static/<path:filename>", "/healthz", "/readyz", "/metrics", "/links/<token>", "/links/<token>/qr.svg",
    "/me/recovery-codes",
    "/components", "/api/v1/openapi.json", "/api/v1/schema/questionnaire.json",
    # what is published of a consultation is statutory and shown whole; tests/walks/test_authors.py walks it
    "/consultations/<slug>/responses", "/consultations/<slug>/responses/<int:edition>",
    "/consultations/<slug>/responses/<int:edition>.csv", "/consultations/<slug>/responses/<int:edition>.json",
    "/consultations/<slug>/responses.csv", "/consultations/<slug>/responses.json", "/consultations/<slug>/originals",
    "/consultations/<slug>/comments",  # every comment it counts stands on the page
    "/consultations/<slug>/files/<int:number>",  # a paper of the city, as it was uploaded
}  # fmt: skip


def leaks(town: Town) -> list[str]:
    found = []
    for route in open_to_others(town):
        address = town.address(route.rule)
        for who in ("anonymous", "resident", "council_member"):
            with town.client(who).get(address, headers={"Accept-Language": "ja"}) as answer:
                if answer.status_code == 200:
                    found += [f"{who} {address}: {small}" for small in small_numbers(answer)]
    return found


def test_no_number_of_one_to_four_people_is_shown_to_residents_council_or_machines(few: Town) -> None:
    seen = [few.address(route.rule) for route in open_to_others(few)]
    assert {"/surveys/few/results", "/surveys/few/results.csv", "/council/reports/few-report", "/feed.atom"} < set(seen)
    assert leaks(few) == []


def test_the_seven_are_shown(few: Town) -> None:
    """Else the walk would pass because nothing was released at all."""
    assert "7件" in few.client().get("/surveys/few/results").text
    assert "7人" in few.client("council_member").get("/council/reports/few-report").text


def test_the_walk_finds_a_planted_leak(few: Town) -> None:
    with few.app.app_context(), writing() as session:
        survey = session.query(Survey).filter_by(slug="few").one()
        released = session.query(Release).filter_by(activity_id=survey.id).order_by(Release.id.desc()).first()
        assert released is not None
        released.tables = with_leak(released.tables)
    try:
        found = leaks(few)
    finally:
        few.restore()
    for address in ("/surveys/few/results:", "/surveys/few/results.csv:", "/opendata/few.csv:"):
        assert any(address in line for line in found), address


def with_leak(tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The released tables as if one hidden cell of the question about places had been forgotten."""
    leaked = json.loads(json.dumps(tables))
    place = next(table for table in leaked if table["name"] == "place")
    hidden = next(cell for cell in place["cells"] if cell["suppressed"])
    hidden |= {"suppressed": False, "count": 3, "share": 3 / N}
    return leaked
