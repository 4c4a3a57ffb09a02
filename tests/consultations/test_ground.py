"""The ground all parts of consultations stand on: rules, spans, numbers, words that never change."""

from datetime import date, datetime
from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError

from civic import clock
from civic.activities.states import State
from civic.db import writing
from consultations.comments import opening, rules
from consultations.comments.models import Comment, CommentAuthor, OpinionItem
from consultations.comments.recording import Author, fold_key, opened_author
from consultations.comments.rules import Rule, Span
from consultations.comments.stages import Outcome, Stage
from tests.cast import Cast
from tests.factories import consultations as make


def test_the_day_of_notice_is_day_one() -> None:
    rule = Rule(name={"ja": "要綱"})
    assert rules.days_open(date(2026, 11, 1), date(2026, 11, 30)) == 30
    assert rules.earliest_last_day(date(2026, 11, 1), rule) == date(2026, 11, 30)
    assert not rules.is_short(date(2026, 11, 1), date(2026, 11, 30), rule)
    assert rules.is_short(date(2026, 11, 1), date(2026, 11, 29), rule)
    assert rules.days_open(date(2028, 2, 1), date(2028, 3, 1)) == 30  # a leap year's February


def test_a_rule_survives_its_storage() -> None:
    assert rules.rule_from_json(make.RULE.to_json()) == make.RULE
    assert rules.rule_from_json({"name": {"ja": "要綱"}}) == Rule(
        {"ja": "要綱"}, channels=(), categories=(), exemptions=()
    )


def test_nothing_leads_out_of_a_locked_answer() -> None:
    assert not any(rules.may_move(Stage.LOCKED, stage) for stage in Stage)
    assert rules.may_move(Stage.IN_APPROVAL, Stage.LOCKED)
    assert not rules.may_move(Stage.DRAFTED, Stage.LOCKED)
    assert list(rules.OUTCOMES) == list(Outcome)


@given(st.lists(st.tuples(st.integers(-2, 12), st.integers(-2, 12)), max_size=5))
def test_spans_that_are_accepted_lie_apart_inside_the_text(pairs: list[tuple[int, int]]) -> None:
    spans = [Span(*pair) for pair in pairs]
    try:
        found = rules.check_spans(spans, 10)
    except rules.SpansClash:
        return
    assert found
    assert all(0 <= one.start < one.stop <= 10 for one in found)
    assert all(one.stop <= after.start for one, after in pairwise(found))


def test_phrases_name_a_span() -> None:
    body = "バスを増やして。屋根もほしい。"
    assert rules.span_of_phrases(body, "屋根", "ほしい。") == Span(8, 15)
    assert rules.span_of_phrases(body, "バスを", "") == Span(0, 3)
    assert rules.span_of_phrases(body, "電車", "") is None
    assert rules.span_of_phrases(body, "屋根", "電車") is None
    assert rules.span_of_phrases(body, "", "屋根") is None


def test_a_short_period_does_not_open_without_its_reason(cast: Cast) -> None:
    consultation = make.make_consultation(cast, State.DRAFT)
    assert opening.opening_problems(consultation, clock.now()) == []
    with writing() as session:
        row = session.get_one(type(consultation), consultation.id)
        row.starts_at, row.ends_at = at_nine(2099, 1, 1), at_nine(2099, 1, 15)
    assert [str(problem) for problem in opening.opening_problems(row, clock.now())] == [
        "The period is 15 days long, shorter than 30. The reason is missing."
    ]


def at_nine(*day: int) -> datetime:
    return datetime(*day, 9, tzinfo=clock.TOKYO)  # type: ignore[misc]  # year, month and day


def test_a_comment_begins_as_one_item_and_its_author_lies_apart(app: Flask, cast: Cast) -> None:
    consultation = make.make_consultation(cast)
    author = Author("山田花子", "みなと野市1-2-3", "みなと野商店")
    make.comment(consultation, ["バスを増やして。", "屋根がほしい。"], author=author)
    first, second = make.comments_of(consultation)
    assert [first.number, second.number] == [1, 2]
    assert [(item.start, item.stop, item.group_id) for item in first.items] == [(0, 8, None)]
    with app.app_context(), writing() as session:
        row = session.get_one(CommentAuthor, first.participation_id)
        assert opened_author(row) == author
        assert "山田".encode() not in row.sealed


def test_the_words_of_a_comment_never_change(cast: Cast) -> None:
    consultation = make.make_consultation(cast)
    (comment_id,) = make.comment(consultation, ["このままで。"])
    with pytest.raises(DatabaseError, match="never changed"), writing() as session:
        session.execute(sa.update(Comment).where(Comment.id == comment_id).values(body="変えた。"))
    with writing() as session:
        session.execute(sa.update(Comment).where(Comment.id == comment_id).values(language="en"))
    assert make.comments_of(consultation)[0].body == "このままで。"


def test_two_items_of_one_comment_do_not_begin_at_one_place(cast: Cast) -> None:
    consultation = make.make_consultation(cast)
    make.comment(consultation, ["二つの話。"])
    item = make.comments_of(consultation)[0].items[0]
    values = {"consultation_id": consultation.id, "comment_id": item.comment_id, "start": 0, "stop": 3}
    with pytest.raises(sa.exc.IntegrityError), writing() as session:
        session.execute(sa.insert(OpinionItem).values(**values))


def test_copies_fold_whatever_their_width_and_stops() -> None:
    assert fold_key("バスを増やして。") == fold_key("ﾊﾞｽを 増やして")
    assert fold_key("バスを増やして。") != fold_key("バスを減らして。")
    assert fold_key("Yes, ＯＫ ") == fold_key("yes,\nok.")
    assert fold_key("。") != fold_key("、")


@pytest.mark.parametrize(
    ("one", "other"),
    [("賛成！", "賛成？"), ("賛成！", "賛成。"), ("10%", "10"), ("案①", "案1"), ("10m²", "10m2"), ("½", "1")],
)
def test_signs_that_change_the_sense_fold_nothing(one: str, other: str) -> None:
    assert fold_key(one) != fold_key(other)
