"""The order in which a report names its topics bounds no size that disclosure control hides."""

import csv
import io
import json
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from analysis.reports.models import Finding, Origin, Report, Run
from analysis.reports.publishing import document
from analysis.reports.publishing.ordering import published_ids, sentences_in_order, topics_in_order
from analysis.reports.runs.queries import run_view
from civic import clock
from civic.db import db, writing
from tests.cast import Cast
from tests.pages import opens
from tests.reports.test_runs_and_reports import confirm_all, draft_report, english, publish, run_done, slug

__all__ = ["slug"]
BY_SIZE = "Topics stand by size."


def topic(name: str, label: str) -> SimpleNamespace:
    return SimpleNamespace(id=name, label=label, keywords=(), representatives=())


def view(labels: dict[str, str], hidden: str) -> Any:
    sizes = {name: None if name in hidden else 10 for name in labels}
    return SimpleNamespace(run=SimpleNamespace(id=1, sizes=sizes), topics=[topic(*pair) for pair in labels.items()])


def test_topics_of_hidden_size_stand_last_in_an_order_that_no_size_decides() -> None:
    one, other = {"1": "水", "2": "屋根", "3": "遊具", "4": "鳥"}, {"1": "遊具", "2": "屋根", "3": "水", "4": "鳥"}
    labels = [[topic.label for topic in topics_in_order(view(names, "13"))] for names in (one, other)]
    assert labels == [["屋根", "鳥", "水", "遊具"]] * 2
    assert published_ids(view(one, "13")) == {"2": "1", "4": "2", "1": "3", "3": "4"}
    assert list(published_ids(view(one, ""))) == ["1", "2", "3", "4"]


def test_the_numbers_of_sentences_follow_that_order() -> None:
    names = {"1": "水", "2": "屋根", "3": "遊具"}
    said = [
        Finding(id=number, position=position, run_id=run, topic=about, origin=origin)
        for number, (position, run, about, origin) in enumerate(
            [(1000, 1, "1", Origin.MACHINE), (1001, 1, "2", Origin.MACHINE), (1, None, None, Origin.PERSON)], 1
        )
    ]
    assert [one.id for one in sentences_in_order(said, [view(names, "1")])] == [3, 2, 1]


@pytest.fixture
def report(cast: Cast, slug: str) -> Report:
    """A draft over a run of which every size is suppressed but the smallest topic's."""
    run = run_done(cast, slug)
    confirm_all(cast, slug)
    made = draft_report(cast, slug)
    topics = [topic for topic in run_view(run).topics if topic.parent is None]
    assert len(topics) > 2
    with writing() as session:
        stored = session.get_one(Run, run.id)
        output = json.loads(stored.output)
        for row, label in zip(output["topics"], "CBA", strict=False):
            row["label"], row["stability"] = label, 0.714286
        stored.output = json.dumps(output).encode()
        stored.sizes = {topic.id: None for topic in topics} | {topics[-1].id: topics[-1].size, "": None}
    return db.session.get_one(Report, made.id)


def test_the_document_counts_topics_and_sentences_by_no_hidden_size(report: Report) -> None:
    content = document.build(report, clock.now())
    run = db.session.scalars(sa.select(Run)).one()
    topics = content["runs"][0]["topics"]
    assert [topic["id"] for topic in topics] == [str(number) for number in range(1, len(topics) + 1)]
    assert topics[0]["size"] is not None
    assert {topic["size"] for topic in topics[1:]} == {None}
    labels = [topic["label"] for topic in topics[1:]]
    assert labels == sorted(labels)
    assert {topic["stability"] for topic in topics} <= {
        0.71,
        *(round(one.stability, 2) for one in run_view(run).topics),
    }
    assert [number for topic in topics for number in topic["findings"]] == [
        finding["number"] for finding in content["findings"]
    ]
    for finding in content["findings"]:
        own = next(topic for topic in topics if topic["id"] == finding["topic"])
        assert finding["number"] in own["findings"]
        assert (finding["query"] or {}).get("topic", own["id"]) == own["id"]


def test_the_page_says_that_topics_stand_by_size_only_where_all_do(cast: Cast, report: Report) -> None:
    client = english(cast.client(cast.analyst))
    page = opens(client, "/staff/reports/report/preview").text
    assert "people read and confirmed what is shown." in page
    assert BY_SIZE not in page
    assert "Topics whose size is suppressed stand last." in page
    with writing() as session:
        run = session.scalars(sa.select(Run)).one()
        run.sizes = {topic.id: topic.size for topic in run_view(run).topics} | {"": 36}
    page = opens(client, "/staff/reports/report/preview").text
    assert BY_SIZE in page
    assert "stand last" not in page


def test_the_table_file_has_the_same_order_and_ids(cast: Cast, report: Report) -> None:
    with writing() as session:  # sentences that tell a hidden size would be refused
        session.execute(sa.update(Finding).where(Finding.kind == "computed").values(left_out=True))
    publish(cast, report)
    text = cast.client().get("/reports/report/tables.csv").get_data(as_text=True).lstrip("\ufeff")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["table"].startswith("topics.")]
    assert [row["category_code"] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    assert [bool(row["count"]) for row in rows] == [True] + [False] * (len(rows) - 1)
