"""What is published is one document: equal data give equal bytes, and every number in it follows from the rows."""

import hashlib
import json
import sqlite3
from collections import Counter

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from civic import clock
from civic.activities.refusals import LatchAlreadySet
from civic.activities.states import Channel, ParticipationState
from civic.audit.models import AuditRecord
from civic.db import db, writing
from civic.jobs.models import Job
from consultations.comments.drafting import diffing
from consultations.comments.models import Comment, Consultation, DraftVersion, Edition, OpinionGroup
from consultations.comments.publishing import document, originals
from consultations.comments.publishing.actions import Result, save_result
from consultations.comments.publishing.corrections import outcomes_of
from consultations.comments.recording import Author
from consultations.comments.stages import Decision, Outcome
from tests.cast import Cast
from tests.consultations.desk.places import set_state
from tests.factories import consultations as make
from tests.factories.surveys import actor, text


@pytest.fixture
def answered(cast: Cast) -> Consultation:
    return make.answered_consultation(cast)


def edition(consultation: Consultation, number: int = 1) -> Edition:
    return db.session.query(Edition).filter_by(consultation_id=consultation.id, number=number).one()


def test_the_same_rows_give_the_same_bytes(answered: Consultation) -> None:
    kept = edition(answered)
    assert answered.answered_at is not None
    again = document.build(answered, answered.answered_at)
    assert document.canonical(again) == document.canonical(kept.document)
    assert kept.sha256 == hashlib.sha256(document.canonical(again)).hexdigest()


def test_the_document_says_what_the_rule_asks_for(answered: Consultation) -> None:
    content = edition(answered).document
    assert content["title"]["ja"] == "地域公共交通計画(案)"
    assert content["notice"]["day"] < content["notice"]["last_day"]
    assert content["notice"]["rule"]["name"]["ja"] == "みなと野市意見公募手続要綱"
    assert content["decision"] == {
        "outcome": "changed",
        "reason": text("ご意見を検討し、このように決めました。"),
        "consulted_version": 1,
        "final_version": 2,
    }
    assert [group["title"]["ja"] for group in content["groups"]] == [
        "最終バスを遅くする",
        "予約のしかたとベンチ",
        "ペット",
    ]
    (change,) = content["changes"]
    before = "".join(words for kind, words in change["pieces"] if kind != "inserted")
    after = "".join(words for kind, words in change["pieces"] if kind != "deleted")
    assert (before, after) == ("最終バスを30分遅くします。", "最終バスを60分遅くし、土日も運行します。")
    assert change["what"] == "changed"


def test_every_number_can_be_counted_again(cast: Cast) -> None:
    made = make.make_consultation(cast)
    make.comment(made, ["バスを増やして。", "バスを 増やして", "屋根がほしい。"])
    make.comment(made, ["ファクスで送ります。"], Channel.FAX)
    make.comment(made, ["取り下げます。"])
    set_state(made, 5, ParticipationState.WITHDRAWN)
    make.end(made, cast)
    make.comment_late(made, "遅れました。")
    make.answered_group(made, cast, "バス", make.items_of(made, 1, 2, 4), Outcome.PARTLY)
    make.answered_group(made, cast, "屋根", make.items_of(made, 3), Outcome.ALREADY)
    make.confirm_all(made, cast)
    make.write_result(made, cast)
    make.publish(made, cast)
    content = edition(made).document
    assert content["numbers"] == {
        "submissions": 4,
        "persons": None,
        "texts": 3,
        "items": 4,
        "answers": 2,
        "late": 1,
        "withdrawn": 1,
        "replaced": 0,
        "channels": {"web": 3, "fax": 1},
        "outcomes": {
            **{outcome.value: {"items": 0, "answers": 0} for outcome in Outcome},
            "partly": {"items": 3, "answers": 1},
            "already": {"items": 1, "answers": 1},
        },
    }
    assert content["numbers"]["outcomes"] == outcomes_of(content["groups"])
    assert content["late"] == [{"ref": f"consultation:{made.slug}:{make.comments_of(made)[5].id}", "comment": 6}]


def test_persons_are_counted_where_everybody_is_known(cast: Cast) -> None:
    made = make.make_consultation(cast)
    ids = make.comment(made, ["一。", "二。", "三。"])
    for number, known in zip(ids, (b"a", b"b", b"c"), strict=True):
        assert document.build(made, clock.now())["numbers"]["persons"] is None
        with writing() as session:
            session.get_one(Comment, number).participation.person_key = known * 32
    assert document.build(made, clock.now())["numbers"]["persons"] == 3


def test_the_edition_is_kept_with_the_publication_or_not_at_all(
    answered: Consultation, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = edition(answered)
    records = db.session.scalars(sa.select(AuditRecord.act).order_by(AuditRecord.id.desc()).limit(2)).all()
    assert records == ["activity.answered", "result.published"]
    assert (kept.author_id, kept.published_by_id) == (cast.editor.id, cast.approver.id)
    jobs = set(db.session.scalars(sa.select(Job.key)))
    assert f"release:{answered.id}:answered" in jobs

    other = make.ended_with(cast, [], slug="other")
    make.write_result(other, cast)
    monkeypatch.setattr(document, "sha256", lambda content: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make.publish(other, cast)
    db.session.rollback()
    assert db.session.get_one(Consultation, other.id).answered_at is None


def test_saving_the_result_makes_a_version_only_for_new_words(cast: Cast) -> None:
    made = make.ended_with(cast, [])
    make.write_result(made, cast, Decision.CHANGED, make.CHANGED_PLAN)
    make.write_result(made, cast, Decision.CHANGED, make.CHANGED_PLAN)
    assert db.session.get_one(Consultation, made.id).final_version == 2
    make.write_result(made, cast, Decision.CHANGED, make.CHANGED_PLAN + "\n追加。\n")
    assert db.session.get_one(Consultation, made.id).final_version == 3
    make.write_result(made, cast, Decision.DROPPED)
    row = db.session.get_one(Consultation, made.id)
    assert (row.final_version, row.current_version) == (None, 1)


def test_the_result_of_a_published_consultation_is_not_written_again(answered: Consultation, cast: Cast) -> None:
    result = Result(Decision.DROPPED, text("やめます。"), text("やめます。"))
    with pytest.raises(LatchAlreadySet):
        save_result(answered.id, result, make.revision_of(answered.id), actor(cast.editor), clock.now())


def test_the_document_holds_no_author_and_no_words_of_a_resident(cast: Cast) -> None:
    made = make.make_consultation(cast)
    make.comment(made, ["屋根がほしい。"], author=Author("山田花子", "みなと野市1-2-3", "山田商店"), category="lives")
    make.end(made, cast)
    make.answered_group(made, cast, "屋根", make.items_of(made))
    make.confirm_all(made, cast)
    make.write_result(made, cast)
    make.publish(made, cast)
    words = json.dumps(edition(made).document, ensure_ascii=False)
    for planted in ("山田", "1-2-3", "屋根がほしい", "lives"):
        assert planted not in words


spans = st.lists(st.integers(0, 40), min_size=2, max_size=8, unique=True).map(sorted)


@given(st.text(max_size=40), spans)
def test_runs_of_an_original_join_to_the_original(body: str, places: list[int]) -> None:
    pairs = [(a, b, number) for number, (a, b) in enumerate(zip(places[::2], places[1::2], strict=False), 1)]
    inside = [(a, b, number) for a, b, number in pairs if b <= len(body)]
    runs = originals.cut(body, inside)
    assert "".join(words for words, _group in runs) == body
    for start, stop, number in inside:
        assert (body[start:stop], number) in runs


groups = st.lists(st.tuples(st.sampled_from(list(Outcome)), st.integers(1, 9)), max_size=12)


@given(groups)
def test_outcomes_add_up_to_the_groups_and_their_items(made: list[tuple[Outcome, int]]) -> None:
    content = [{"outcome": outcome.value, "items": [{}] * size} for outcome, size in made]
    found = outcomes_of(content)
    assert sum(one["answers"] for one in found.values()) == len(made)
    assert {name: one["items"] for name, one in found.items() if one["items"]} == dict(
        sum((Counter({outcome.value: size}) for outcome, size in made), Counter())
    )


def test_groups_stand_in_the_order_of_the_desk(answered: Consultation) -> None:
    with writing() as session:
        for row in session.query(OpinionGroup).filter_by(consultation_id=answered.id):
            row.position = 10 - row.position
    built = document.build(db.session.get_one(Consultation, answered.id), clock.now())
    assert [(group["order"], group["number"]) for group in built["groups"]] == [(1, 3), (2, 2), (3, 1)]


def test_nothing_is_read_or_compared_while_the_database_is_locked(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make.ended_with(cast, [])
    locked: list[bool] = []
    true = diffing.word_diff

    def noting(before: str, after: str) -> list[diffing.Piece]:
        locked.append(db.engine.pool.checkedout() > 0 and is_locked())  # type: ignore[attr-defined]
        return true(before, after)

    def is_locked() -> bool:
        other = sqlite3.connect(db.engine.url.database or "", timeout=0)
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        finally:
            other.close()
        return False

    monkeypatch.setattr(diffing, "word_diff", noting)
    make.write_result(made, cast, Decision.CHANGED, make.CHANGED_PLAN)
    assert locked == [False]
    make.publish(made, cast)
    assert locked == [False]  # publishing compares nothing
    assert len(edition(made).document["changes"]) == 1


def test_a_final_version_from_before_its_changes_were_kept_is_compared(answered: Consultation) -> None:
    kept = edition(answered).document["changes"]
    with writing() as session:
        session.query(DraftVersion).filter_by(number=2).update({"changes": None})
    assert document.changes_of(db.session.get_one(Consultation, answered.id), 2) == kept
