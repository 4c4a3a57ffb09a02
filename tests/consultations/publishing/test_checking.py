"""Publication refuses, with a sentence for each thing that is missing, until nothing is."""

import pytest

from civic.activities import actions as activities
from civic.activities import reviews
from civic.activities.refusals import NotReadyToAnswer, SecondPersonNeeded
from civic.activities.states import ParticipationState
from civic.db import db, writing
from consultations.comments import sources
from consultations.comments.models import Consultation, Edition, OpinionGroup
from consultations.comments.publishing.checking import answer_problems
from consultations.comments.stages import Decision, Outcome, Stage
from tests.cast import Cast
from tests.factories import consultations as make
from tests.factories.surveys import actor


def problems_of(consultation: Consultation) -> list[str]:
    db.session.rollback()
    return [str(problem) for problem in answer_problems(consultation)]


@pytest.fixture
def ready(cast: Cast) -> Consultation:
    """Two comments, both answered, approved and reviewed, the result written: nothing stands against it."""
    made = make.ended_with(cast, ["屋根がほしい。", "予約しにくい。"])
    make.answered_group(made, cast, "屋根", make.items_of(made, 1))
    make.answered_group(made, cast, "予約", make.items_of(made, 2))
    make.confirm_all(made, cast)
    make.write_result(made, cast)
    return made


def test_a_complete_result_is_published_by_a_second_person_only(ready: Consultation, cast: Cast) -> None:
    assert problems_of(ready) == []
    with pytest.raises(SecondPersonNeeded):
        activities.publish_answer(ready.id, make.revision_of(ready.id), actor(cast.editor), ready.created_at)
    assert make.publish(ready, cast).answered_at is not None


def test_what_is_missing_is_named_with_its_number(cast: Cast) -> None:
    made = make.ended_with(cast, [f"意見その{number}" for number in range(1, 6)])
    make.group_of(made, "まとめた意見", make.items_of(made, 1))
    assert problems_of(made) == [
        "Opinions that are in no group: 4 (comments 2, 3, 4 …).",
        "Groups without an outcome or an answer: 1 (まとめた意見).",
        "Answers that nobody has approved: 1 (まとめた意見).",
        "Comments whose masks nobody has confirmed: 5 (comments 1, 2, 3 …).",
        "What the city decided about the plan is missing.",
        "The reason of the decision is missing.",
        "The city's answer as a whole is missing.",
    ]


def test_publication_refuses_and_keeps_no_edition(ready: Consultation, cast: Cast) -> None:
    with writing() as session:
        group = session.query(OpinionGroup).first()
        assert group is not None
        group.stage, group.approved_at, group.approved_by_id = Stage.DRAFTED, None, None
    with pytest.raises(NotReadyToAnswer):
        make.publish(ready, cast)
    assert db.session.query(Edition).count() == 0
    db.session.rollback()
    assert db.session.get_one(Consultation, ready.id).answered_at is None


def test_an_answer_that_lost_its_outcome_stands_against_it(ready: Consultation) -> None:
    with writing() as session:
        session.query(OpinionGroup).filter_by(title="屋根").update({"answer": {"ja": " "}})
    assert problems_of(ready) == ["Groups without an outcome or an answer: 1 (屋根)."]


def test_a_review_of_other_words_is_none(ready: Consultation, cast: Cast) -> None:
    first = make.comments_of(ready)[0]
    verdict = reviews.Verdict(sources.ref_of(ready.slug, first.id), "別の文。", ())
    reviews.review_texts(ready.id, [verdict], actor(cast.moderator))
    assert problems_of(ready) == ["Comments whose masks nobody has confirmed: 1 (comments 1)."]


def test_a_late_comment_needs_its_review_but_no_answer(ready: Consultation, cast: Cast) -> None:
    make.comment_late(ready, "遅れました。")
    assert problems_of(ready) == ["Comments whose masks nobody has confirmed: 1 (comments 3)."]
    make.confirm_all(ready, cast)
    assert problems_of(ready) == []


def test_a_changed_plan_needs_its_final_version(ready: Consultation, cast: Cast) -> None:
    make.write_result(ready, cast, Decision.CHANGED, make.CHANGED_PLAN)
    assert problems_of(ready) == []
    with writing() as session:
        row = session.get_one(Consultation, ready.id)
        row.final_version = row.current_version
    assert problems_of(ready) == ["The plan was changed, but its final text is missing."]


def test_a_comment_taken_back_needs_neither_group_nor_review(ready: Consultation) -> None:
    make.comment_late(ready, "遅れました。", state=ParticipationState.WITHDRAWN)
    assert problems_of(ready) == []


def test_nobody_commented_is_a_result_too(cast: Cast) -> None:
    made = make.ended_with(cast, [])
    make.write_result(made, cast, answer="ご意見はありませんでした。")
    assert problems_of(made) == []
    make.publish(made, cast)
    content = db.session.query(Edition).one().document
    assert content["groups"] == []
    assert content["numbers"]["submissions"] == 0


def test_a_group_without_counted_opinions_is_neither_asked_for_nor_published(ready: Consultation, cast: Cast) -> None:
    make.group_of(ready, "空のまとまり", [])
    assert problems_of(ready) == []
    make.publish(ready, cast)
    titles = [group["title"]["ja"] for group in db.session.query(Edition).one().document["groups"]]
    assert titles == ["屋根", "予約"]
    assert Outcome.LATER.value == db.session.query(Edition).one().document["groups"][0]["outcome"]
