"""Figures leave the house in releases only: when, in which steps, and with nothing small in them."""

import csv
import io
import json
import re

import pytest
from flask.testing import FlaskClient

from civic.activities import actions
from civic.activities.states import Channel, ResultsShow
from civic.db import db, writing
from civic.jobs.child import perform_due
from civic.jobs.queue import enqueue
from civic.opendata import queries
from civic.opendata.models import Release
from tests.factories.gatherings import Desk, gathering, take_part

LIVE = {"results_show": ResultsShow.LIVE, "channels": (Channel.WEB, Channel.PAPER)}
TWO_WAYS = {"channels": (Channel.WEB, Channel.PAPER)}


def come(activity_id: int, web: int, paper: int = 0) -> None:
    for channel, number in ((Channel.WEB, web), (Channel.PAPER, paper)):
        for _ in range(number):
            take_part(activity_id, channel=channel)


def tick() -> None:
    """Let the job runner's periodic release come round."""
    with writing() as session:
        enqueue(session, "opendata.release_live", {})
    perform_due()


def close(desk: Desk, activity_id: int) -> None:
    actions.set_due_latches(activity_id, desk.after)
    actions.close(activity_id, desk.author, desk.after)
    perform_due()


def releases(activity_id: int) -> list[tuple[int, int, bool]]:
    """Number, participations and whether final, oldest first."""
    db.session.rollback()
    found = db.session.query(Release).filter_by(activity_id=activity_id).order_by(Release.number)
    return [(one.number, one.participations, one.final) for one in found]


def test_a_live_release_follows_every_ten_participations(desk: Desk) -> None:
    made = desk.opened(**LIVE)
    for more, expected in ((9, []), (1, [10]), (9, [10]), (1, [10, 20]), (25, [10, 20, 45])):
        come(made, more)
        tick()
        assert [count for _, count, _ in releases(made)] == expected


def test_what_does_not_show_live_is_released_at_its_close_only(desk: Desk) -> None:
    made = desk.opened(**TWO_WAYS)
    come(made, 30)
    tick()
    assert releases(made) == []
    close(desk, made)
    assert releases(made) == [(1, 30, True)]


def test_a_final_release_with_few_more_people_shows_the_last_figures_again(desk: Desk) -> None:
    """Three more people than in the last release could be told apart by subtraction."""
    made = desk.opened(**LIVE)
    come(made, 10)
    tick()
    come(made, 3)
    close(desk, made)
    assert releases(made) == [(1, 10, False), (2, 10, True)]
    first, last = db.session.query(Release).filter_by(activity_id=made).order_by(Release.number)
    assert first.tables == last.tables


def test_a_release_is_final_once(desk: Desk) -> None:
    made = desk.opened(**TWO_WAYS)
    come(made, 12)
    close(desk, made)
    with writing() as session:
        enqueue(session, "opendata.release", {"activity": made})
    perform_due()
    assert releases(made) == [(1, 12, True)]


@pytest.mark.parametrize(("web", "paper"), [(4, 0), (5, 2), (7, 0), (6, 1), (20, 3), (3, 3)])
def test_no_small_count_stands_anywhere_for_residents(desk: Desk, client: FlaskClient, web: int, paper: int) -> None:
    made = desk.opened(**TWO_WAYS)
    come(made, web, paper)
    close(desk, made)
    slug = gathering(made).slug
    document = client.get(f"/opendata/{slug}.json").json
    assert document is not None
    shown = [cell["count"] for table in document["tables"] for cell in table["cells"]] + [document["base"]]
    assert not set(shown) & {1, 2, 3, 4}
    lines = list(csv.DictReader(io.StringIO(client.get(f"/opendata/{slug}.csv").text.removeprefix("\ufeff"))))
    assert not {line["count"] for line in lines} & {"1", "2", "3", "4"}
    page = client.get("/opendata/").text
    assert not re.search(r">\s*[1-4]人", page)


def test_released_tables_are_what_other_rooms_read(desk: Desk) -> None:
    made = desk.opened(**TWO_WAYS)
    assert queries.released(gathering(made)) == []
    come(made, 12, 8)
    close(desk, made)
    (table,) = queries.released(gathering(made))
    assert {tuple(cell["place"]): cell["count"] for cell in table["cells"]} == {
        ("web",): 12,
        ("paper",): 8,
        (None,): 20,
    }


@pytest.mark.parametrize("ending", ["csv", "json"])
@pytest.mark.parametrize("show", [ResultsShow.NEVER, ResultsShow.AFTER_CLOSE])
def test_there_is_no_file_before_residents_may_see_results(
    desk: Desk, client: FlaskClient, ending: str, show: ResultsShow
) -> None:
    made = desk.opened(**TWO_WAYS, results_show=show)
    slug = gathering(made).slug
    come(made, 20)
    assert client.get(f"/opendata/{slug}.{ending}").status_code == 404
    close(desk, made)
    assert client.get(f"/opendata/{slug}.{ending}").status_code == (404 if show is ResultsShow.NEVER else 200)


def test_the_csv_has_one_record_per_line_and_says_what_is_hidden(desk: Desk, client: FlaskClient) -> None:
    made = desk.opened(**TWO_WAYS)
    come(made, 20, 2)
    close(desk, made)
    answer = client.get(f"/opendata/{gathering(made).slug}.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(line["category_1"], line["label_1"]) for line in lines] == [
        ("web", "ウェブ"),
        ("paper", "紙"),
        ("_total", ""),
    ]
    paper = lines[1]
    assert (paper["count"], paper["share"], paper["suppressed"]) == ("", "", "yes")


def test_the_catalogue_names_every_dataset_with_licence_and_files(desk: Desk, client: FlaskClient) -> None:
    made = desk.opened(**TWO_WAYS)
    come(made, 20)
    close(desk, made)
    answer = client.get("/opendata/catalog.jsonld")
    assert answer.content_type == "application/ld+json"
    (dataset,) = json.loads(answer.text)["dcat:dataset"]
    assert dataset["dct:identifier"] == gathering(made).slug
    addresses = [one["dcat:downloadURL"]["@id"] for one in dataset["dcat:distribution"]]
    assert all(address.startswith("http://127.0.0.1:8000/opendata/") for address in addresses)
    for address in addresses:
        assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_the_interface_answers_as_its_description_says(desk: Desk, client: FlaskClient) -> None:
    made = desk.opened(**TWO_WAYS)
    desk.draft()
    come(made, 20)
    description = client.get("/api/v1/openapi.json").json
    assert description is not None
    assert set(description["paths"]) == {"/api/v1/activities", "/api/v1/activities/{slug}/tables"}
    listed = client.get("/api/v1/activities").json
    assert listed is not None
    (one,) = listed["activities"]
    assert set(one) == set(description["components"]["schemas"]["Activity"]["properties"])
    assert one["state"] == "open"
    assert client.get(one["address"]).status_code == 200
    refused = client.get(f"/api/v1/activities/{one['slug']}/tables")
    assert refused.status_code == 404
    assert refused.content_type == "application/problem+json"
    assert refused.json is not None
    assert refused.json["status"] == 404
    close(desk, made)
    tables = client.get(f"/api/v1/activities/{one['slug']}/tables").json
    assert tables is not None
    assert set(tables) == set(description["components"]["schemas"]["Tables"]["properties"])


def test_the_page_opens_with_and_without_files(desk: Desk, client: FlaskClient) -> None:
    for language in ("ja", "ja-easy", "en"):
        assert client.get(f"/opendata/?lang={language}").status_code == 200
    made = desk.opened(**TWO_WAYS)
    come(made, 20)
    close(desk, made)
    assert f"/opendata/{gathering(made).slug}.csv" in client.get("/opendata/").text
