"""Open data, reports and the API show the numbers of an answered consultation: statutory ones whole, opinions controlled."""

import csv
import io

import pytest
from flask.testing import FlaskClient

from civic import clock
from civic.activities.states import Channel
from civic.db import db
from civic.jobs.child import perform_due
from civic.opendata.models import Release
from consultations.comments.models import Consultation
from consultations.comments.publishing import datasets
from consultations.comments.publishing.actions import decide_erratum, propose_erratum
from consultations.comments.stages import Outcome, Stance
from tests.cast import Cast
from tests.factories import consultations as make
from tests.factories.surveys import actor


@pytest.fixture
def answered(cast: Cast) -> Consultation:
    """Twenty comments: three by fax; twelve on one passage, where two are against it."""
    made = make.make_consultation(cast, slug="counted")
    make.comment(made, [f"本数が足りない{n}。" for n in range(10)], passage="p4", stance=Stance.CHANGE)
    make.comment(made, ["反対です。", "反対します。"], passage="p4", stance=Stance.OPPOSE)
    make.comment(made, [f"全体によい{n}。" for n in range(5)])
    make.comment(made, ["ファクスです。", "二通め。", "三通め。"], Channel.FAX)
    make.end(made, cast)
    make.answered_group(made, cast, "本数", make.items_of(made, *range(1, 13)), Outcome.PARTLY)
    make.answered_group(made, cast, "全体", make.items_of(made, *range(13, 21)), Outcome.ALREADY)
    make.confirm_all(made, cast)
    make.write_result(made, cast)
    make.publish(made, cast)
    release()
    return db.session.get_one(Consultation, made.id)


def release() -> None:
    """Let the job runner do what is due."""
    perform_due()
    db.session.rollback()


def tables_of(consultation: Consultation) -> dict[str, dict[str | None, int | None]]:
    """The newest released one-way tables: count by category."""
    newest = db.session.query(Release).filter_by(activity_id=consultation.id).order_by(Release.number.desc()).first()
    assert newest is not None
    return {
        table["name"]: {cell["place"][0]: cell["count"] for cell in table["cells"]}
        for table in newest.tables
        if len(table["axes"]) == 1
    }


def test_nothing_is_released_before_the_answer(cast: Cast, client: FlaskClient) -> None:
    made = make.ended_with(cast, ["屋根がほしい。"])
    release()
    assert datasets.tables_of(made) == []
    assert db.session.query(Release).count() == 0
    assert client.get(f"/opendata/{made.slug}.csv").status_code == 404


def test_statutory_numbers_are_released_whole_and_opinions_suppressed(answered: Consultation) -> None:
    tables = tables_of(answered)
    assert tables[":channel"]["fax"] == 3
    assert tables["items_by_outcome"] == {
        "adopted": 0, "partly": 12, "already": 8, "later": 0, "not_adopted": 0, "outside": 0, None: 20,
    }  # fmt: skip
    assert tables["answers_by_outcome"]["partly"] == 1
    assert tables["passage"] == {"whole": 8, "p4": 12, "others": 0, None: 20}
    assert tables["stance"]["oppose"] is None
    assert 2 not in tables["stance"].values()


def test_the_open_data_file_has_them_with_their_words(answered: Consultation, client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/opendata/counted.csv").get_data(True).lstrip("\ufeff"))))
    partly = next(row for row in rows if row["table"] == "items_by_outcome" and row["category_1"] == "partly")
    assert (partly["label_1"], partly["count"], partly["suppressed"]) == ("一部反映", "12", "no")
    against = [row for row in rows if row["table"] == "passage:stance" and row["category_2"] == "oppose"]
    assert against
    assert all(row["suppressed"] == "yes" for row in against if row["category_1"] == "p4")
    listed = client.get("/api/v1/activities").get_json()["activities"]
    assert "counted" in [one["slug"] for one in listed]


def test_a_correction_is_released_again(answered: Consultation, cast: Cast) -> None:
    correction = make.correction("計画を直しました。", "区分の誤りを直しました。", outcome="adopted")
    proposed = propose_erratum(answered.id, 1, correction, actor(cast.editor), clock.now())
    decide_erratum(proposed, True, actor(cast.approver), clock.now())
    release()
    assert [row.number for row in db.session.query(Release).filter_by(activity_id=answered.id)] == [1, 2]
    assert tables_of(answered)["items_by_outcome"]["adopted"] == 12
    assert tables_of(answered)["stance"]["oppose"] is None


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        ({}, ()),
        ({("p1", None): 4}, ()),
        ({("p1", None): 9, ("p2", None): 3}, ()),  # a line for p1 would tell that of p2
        ({("p1", None): 9, ("p2", None): 3, ("p3", None): 6, ("whole", None): 5}, ("p1", "p3")),
        ({("p1", None): 9, ("p2", "agree"): 3, ("p2", "oppose"): 4}, ("p1", "p2")),
    ],
)
def test_a_passage_few_wrote_about_has_no_line_of_its_own(
    cells: dict[tuple[str, str | None], int], named: tuple[str, ...]
) -> None:
    assert datasets.named_passages(cells) == named
