"""The arithmetic of results: tallies, classes, means, tables, and what a page says of them."""

from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import pairwise
from statistics import fmean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.disclosure import Cell, FrequencyTable, ReleasedTable
from analysis.inference import Axis
from surveys.questionnaire import Option, Question, Questionnaire, QuestionType, Row, Section
from surveys.results import bins, datasets, showing, spans, summaries, tallies

TEXT = {"ja": "問"}


def question(code: str, kind: QuestionType, options: str = "", **more: object) -> Question:
    return Question(code, kind, TEXT, {}, tuple(Option(one, {"ja": one}) for one in options.split()), **more)  # type: ignore[arg-type]  # named fields of Question


def questionnaire(*questions: Question) -> Questionnaire:
    return Questionnaire("s", TEXT, ("ja",), (Section("all", TEXT, questions),))


def test_an_answer_counts_once_for_its_respondent_and_once_for_each_value() -> None:
    answers = {
        "many": {"options": ["a", "b"], "other": {"b": "words"}},
        "years": {"number": "12.5"},
        "day": {"date": "2026-11-23"},
        "grid": {"rows": {"left": "yes"}},
        "words": {"text": "…"},
    }
    assert tallies.counts(answers, off_path={"day"}) == Counter(
        [
            ("many", "", "", False),
            ("many", "", "a", False),
            ("many", "", "b", False),
            ("years", "", "", False),
            ("years", "", "12.5", False),
            ("day", "", "", True),
            ("day", "", "2026-11-23", True),
            ("grid", "", "", False),
            ("grid", "left", "", False),
            ("grid", "left", "yes", False),
            ("words", "", "", False),
        ]
    )


@given(st.lists(st.integers(-50, 50), min_size=1))
def test_mean_and_median_of_counts_are_those_of_the_values(values: list[int]) -> None:
    counts = Counter(Decimal(value) for value in values)
    assert summaries.mean(counts) == pytest.approx(fmean(values))
    assert summaries.median(counts) == median(values)


def test_the_net_promoter_score_is_promoters_minus_detractors() -> None:
    assert summaries.net_promoter_score({Decimal(10): 5, Decimal(8): 3, Decimal(0): 2}) == 30


@given(st.integers(-1000, 1000), st.integers(0, 5000))
def test_classes_cover_every_number_between_the_limits_once(first: int, span: int) -> None:
    last = first + span
    classes = bins.bins_of(question("years", QuestionType.NUMBER, min=Decimal(first), max=Decimal(last)))
    assert 1 <= len(classes) <= (span + 1 if span <= bins.LARGEST_RANGE_OF_SINGLE_NUMBERS else bins.MOST_BINS)
    assert classes[0].least <= first
    assert last < classes[-1].below
    assert all(one.below == following.least for one, following in pairwise(classes))
    assert len({one.code for one in classes}) == len(classes)


def test_a_small_range_shows_every_number_by_itself() -> None:
    score = question("nps", QuestionType.NUMBER, min=Decimal(0), max=Decimal(10))
    assert [one.code for one in bins.bins_of(score)] == [str(number) for number in range(11)]


def test_a_longer_range_is_cut_into_few_classes() -> None:
    household = question("people", QuestionType.NUMBER, min=Decimal(1), max=Decimal(12))
    assert [one.label for one in bins.bins_of(household)] == ["0–1", "2–3", "4–5", "6–7", "8–9", "10–11", "12–13"]


days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(days, days, days, st.booleans(), st.booleans())
def test_classes_of_days_cover_every_allowed_day_once_and_do_not_come_from_answers(
    one: date, other: date, opened: date, lower: bool, upper: bool
) -> None:
    first, last = sorted((one, other))
    limits = {"min": first.isoformat() if lower else None, "max": last.isoformat() if upper else None}
    classes = spans.spans_of(question("day", QuestionType.DATE, **limits), opened)
    assert 1 <= len(classes) <= spans.MOST_SPANS + 2
    for day in (first, last, one + (other - one) / 2):
        assert sum(span.holds(day.isoformat()) for span in classes) == 1
    assert len({span.code for span in classes}) == len(classes)


def test_classes_of_days_are_named_in_the_words_of_each_language() -> None:
    asked = question("day", QuestionType.DATE, min="2026-04-10", max="2026-05-01")
    assert [span.code for span in spans.spans_of(asked, None)] == ["2026-04", "2026-05"]
    assert spans.words_of("2026-04") == {"ja": "2026年4月", "ja-easy": "2026{年/ねん} 4{月/がつ}", "en": "Apr 2026"}
    assert spans.words_of("2026-04/2026-06")["ja"] == "2026年4月〜6月"
    assert spans.words_of("2020-01/2020-12")["ja"] == "2020年"
    assert spans.words_of("2020-01/2021-12")["en"] == "2020–2021"
    assert spans.words_of("../2025-11")["ja"] == "2025年11月以前"
    assert spans.words_of("2026-12/..")["en"] == "from Dec 2026"


def test_a_date_question_without_limits_is_counted_by_the_months_before_the_opening() -> None:
    asked = questionnaire(question("day", QuestionType.DATE))
    counted: Counter[tallies.Key] = Counter()
    for day in ("2026-11-02", "2026-11-23", "2026-03-01", "2019-01-01", "2027-01-01"):
        counted.update(tallies.counts({"day": {"date": day}}))
    table = datasets.tables(asked, counted, {"web": 5}, ["web"], date(2026, 11, 1))[1]
    told = {place: count for place, count in table.counts.items() if count}
    assert told == {("2026-11",): 2, ("2026-03",): 1, ("../2025-11",): 1, ("2026-12/..",): 1, (None,): 5}
    figure = showing.figure(asked.questions[0], 1, {"day": showing.open_table(table)})
    assert figure.kind == "histogram"
    assert len(figure.rows) == spans.MOST_SPANS + 2


def test_a_day_outside_its_limits_leaves_the_table_without_classes() -> None:
    asked = questionnaire(question("day", QuestionType.DATE, min="2026-01-01", max="2026-12-31"))
    table = datasets.tables(asked, tallies.counts({"day": {"date": "2031-01-01"}}), {"web": 1}, ["web"])[1]
    assert table.counts == {(None,): 1}


@pytest.mark.parametrize("kind", [QuestionType.SHORT_TEXT, QuestionType.LONG_TEXT])
def test_a_question_in_ones_own_words_says_where_the_words_are_published(kind: QuestionType) -> None:
    asked = questionnaire(question("words", kind))
    table = datasets.tables(asked, tallies.counts({"words": {"text": "…"}}), {"web": 1}, ["web"])[1]
    figure = showing.figure(asked.questions[0], 1, {"words": showing.open_table(table)})
    assert figure.finding.msgid == showing.WRITTEN


def test_without_limits_there_are_no_classes() -> None:
    assert bins.bins_of(question("years", QuestionType.NUMBER, min=Decimal(0))) == ()


def test_every_question_gives_its_tables_with_totals_that_add_up() -> None:
    asked = questionnaire(
        question("one", QuestionType.SINGLE, "a b"),
        question("years", QuestionType.NUMBER, min=Decimal(0), max=Decimal(9)),
        question("grid", QuestionType.MATRIX, "yes no", rows=(Row("left", TEXT), Row("right", TEXT))),
        question("words", QuestionType.LONG_TEXT),
    )
    counted: Counter[tallies.Key] = Counter()
    for number in range(7):
        answers = {"one": {"options": ["ab"[number % 2]]}, "years": {"number": str(number)}}
        counted.update(tallies.counts(answers | {"grid": {"rows": {"left": "yes"}}, "words": {"text": "…"}}))
    tables = {one.name: one for one in datasets.tables(asked, counted, {"web": 6, "paper": 1}, ["web"])}
    assert list(tables) == [":channel", "one", "years", "grid.left", "grid.right", "words"]
    assert tables[":channel"].counts == {("web",): 6, ("paper",): 1, (None,): 7}
    assert tables["one"].counts == {("a",): 4, ("b",): 3, (None,): 7}
    assert tables["years"].figures == {"mean": 3, "median": 3}
    assert sum(count for place, count in tables["years"].counts.items() if place != (None,)) == 7
    assert tables["grid.right"].counts == {("yes",): 0, ("no",): 0, (None,): 0}
    assert tables["words"].counts == {(None,): 7}
    assert {table.base for table in tables.values()} == {7}


def test_a_number_outside_its_limits_leaves_the_table_without_classes() -> None:
    asked = questionnaire(question("years", QuestionType.NUMBER, min=Decimal(0), max=Decimal(9)))
    counted = tallies.counts({"years": {"number": "99"}})
    table = datasets.tables(asked, counted, {"web": 1}, ["web"])[1]
    assert table.axes[0].categories == ()
    assert table.counts == {(None,): 1}


def test_a_mean_is_not_shown_beside_a_hidden_count() -> None:
    axis = Axis("level", ("a", "b"))
    shown = Cell(20, 0.8, suppressed=False)
    figures = {"mean": 1.2, "median": 1.0}
    everything = {("a",): shown, ("b",): Cell(5, 0.2, suppressed=False), (None,): Cell(25, 1.0, suppressed=False)}
    hidden = {**everything, ("b",): Cell(None, None, suppressed=True)}
    assert len(showing.shown_figures(ReleasedTable("level", (axis,), 25, everything, figures))) == 2
    assert showing.shown_figures(ReleasedTable("level", (axis,), 25, hidden, figures)) == []


def test_nominal_answers_stand_by_size_hidden_ones_after_them_other_last() -> None:
    asked = Question("one", QuestionType.SINGLE, TEXT, {}, (Option("x", TEXT, other=True), *options("a b c")))
    cells = {("x",): 90, ("a",): 5, ("b",): None, ("c",): 7, (None,): 110}
    table = ReleasedTable(
        "one",
        (Axis("one", ("x", "a", "b", "c")),),
        110,
        {place: Cell(count, None, suppressed=count is None) for place, count in cells.items()},
        {},
    )
    figure = showing.figure(asked, 1, {"one": table})
    assert [row["code"] for row in figure.rows] == ["c", "a", "b", "x"]


def options(codes: str) -> list[Option]:
    return [Option(code, {"ja": code}) for code in codes.split()]


def test_an_open_table_shows_staff_every_count() -> None:
    table = FrequencyTable("one", (Axis("one", ("a", "b")),), {("a",): 3, ("b",): 1, (None,): 4}, 4)
    cells = showing.open_table(table).cells
    assert [(cell.count, cell.share, cell.suppressed) for cell in cells.values()] == [
        (3, 0.75, False),
        (1, 0.25, False),
        (4, 1.0, False),
    ]
