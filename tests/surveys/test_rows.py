from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civic.intake.cells import CellCounts
from surveys.columns import default_map, read_map
from surveys.conditions import off_path_codes
from surveys.rows import RowReader, RowResult, cells_of
from tests.surveys import generated
from tests.surveys.test_columns import market, market_map

HEADERS = [*market_map()["columns"], "番号", "日時"]
ROW = {
    "買物": "お野菜\nそのほか\nおさかな\n",
    "買物の自由記述": "花",
    "魚": "1",
    "同行": "近所の人",
    "NPS": "9",
    "値段の評価": "よい",
    "理由": " 安い。\n遠い。\n",
    "年齢": "41",
    "年代": "それ以上",
    "月": "5月",
    "謎": "",
    "番号": "17",
    "日時": "2023-05-01 00:30:00",
}


def read(**changed: str) -> RowResult:
    cells = {**ROW, **changed}
    return RowReader(read_map(market_map(), market()), HEADERS).read([cells[header] for header in HEADERS])


def test_a_row_becomes_answers_in_the_order_of_its_cells() -> None:
    row = read()
    assert row.problems == ()
    assert row.answers == {
        "goods": {"options": ["greens", "else", "fish"], "other": {"else": "花"}},
        "with": {"options": ["else"], "other": {"else": "近所の人"}},
        "nps": {"options": ["9"]},
        "grades": {"rows": {"price": "good"}},
        "reason": {"text": " 安い。\n遠い。\n"},
    }
    assert row.attributes == {"age": "41"}
    assert row.key == ("17", "2023-05-01 00:30:00")
    assert row.answered_at == datetime(2023, 4, 30, 15, 30, tzinfo=UTC)
    assert row.cells == CellCounts(non_empty=12, stored=9, derived_equal=3)
    assert off_path_codes(market(), row.answers) == {"reason"}


@pytest.mark.parametrize("changed", [
    {},
    {"買物": "", "買物の自由記述": "0", "魚": "0"},
    {"買物": "そのほか", "買物の自由記述": "1"},
    {"買物": "おさかな", "買物の自由記述": "0"},
    {"同行": "ひとり"},
    {"同行": "そのほか"},
    {"NPS": "", "値段の評価": "", "理由": "", "年齢": ""},
    {"理由": " "},
])  # fmt: skip
def test_stored_rows_give_every_cell_back_that_is_not_derived(changed: dict[str, str]) -> None:
    row = read(**changed)
    assert row.problems == ()
    column_map = read_map(market_map(), market())
    back = cells_of(column_map, row.answers, row.attributes, row.key, row.answered_at)
    assert set(HEADERS) - set(back) == {"魚", "年代", "月", "謎"}
    assert {header: cell.rstrip("\n") for header, cell in back.items()} == {
        header: cell.rstrip("\n") for header, cell in {**ROW, **changed}.items() if header in back
    }


def test_a_derived_cell_that_differs_is_counted_and_named_and_the_row_is_stored() -> None:
    row = read(魚="0", 年齢="29", 月="6月", 謎="?")
    assert row.different == ("魚", "年代", "月", "謎")
    assert row.cells == CellCounts(non_empty=13, stored=9, derived_different=4)


@pytest.mark.parametrize(("column", "cell", "word"), [
    ("買物", "お肉", "お肉"),
    ("買物", "おさかな\nおさかな", "twice"),
    ("買物", "\n", "not an answer"),
    ("買物", "おさかな", "not chosen"),  # while the typed text says that other was
    ("買物の自由記述", "0", "but it was"),
    ("買物の自由記述", "\u202e花", "cannot be shown"),
    ("同行", "\ue000", "cannot be shown"),
    ("NPS", "11", "11"),
    ("値段の評価", "ふつう", "ふつう"),
    ("理由", "a\x00b", "cannot be shown"),
    ("番号", "", "tells this row"),
    ("日時", "2023/05/01 00:30", "2023/05/01"),
    ("日時", "2023-5-1 00:30:00", "2023-5-1"),
    ("日時", "", "time"),
])  # fmt: skip
def test_what_cannot_be_kept_exactly_leaves_the_row_for_review(column: str, cell: str, word: str) -> None:
    row = read(**{column: cell})
    assert any(word in str(problem.message) for problem in row.problems)
    assert row.answers == {}
    assert row.cells.review == row.cells.non_empty > 0


def test_the_sums_close_over_any_rows() -> None:
    rows = [read(), read(NPS="x"), read(魚="0"), read(買物="", 買物の自由記述="")]
    total = sum((row.cells for row in rows), CellCounts())
    assert total.non_empty == total.stored + total.derived_equal + total.derived_different + total.review
    assert total.non_empty == 12 + 12 + 12 + 10


def test_several_unknown_answers_of_one_cell_wait_for_review() -> None:
    document = market_map()
    document["columns"]["買物"]["unknown"] = "else"
    del document["columns"]["買物の自由記述"]
    reader = RowReader(read_map(document, market()), ["買物", "番号", "日時"])
    one = reader.read(["おさかな\n花", "1", ROW["日時"]])
    two = reader.read(["花\n鳥", "2", ROW["日時"]])
    assert one.answers["goods"] == {"options": ["fish", "else"], "other": {"else": "花"}}
    assert "only one" in str(two.problems[0].message)


def template_row(**cells: str) -> RowResult:
    return RowReader(default_map(market()), list(cells)).read(list(cells.values()))


def test_without_a_map_cells_are_codes_or_texts_and_several_are_separated() -> None:
    row = template_row(goods="fish; 野菜 ;そのほか", nps=" 7 ", spent="１，２００", day="令和5年5月1日")
    assert row.problems == ()
    assert row.answers == {
        "goods": {"options": ["fish", "greens", "else"]},
        "nps": {"options": ["7"]},
        "spent": {"number": "1200"},
        "day": {"date": "2023-05-01"},
    }
    assert row.answered_at is None


def test_without_a_map_other_texts_and_matrix_rows_have_columns_of_their_own() -> None:
    cells = {"with": "else", "with.other": "犬", "grades.price": "good", "grades.staff": "わるい (en)"}
    row = template_row(**cells)
    assert row.answers == {
        "with": {"options": ["else"], "other": {"else": "犬"}},
        "grades": {"rows": {"price": "good", "staff": "bad"}},
    }
    back = cells_of(default_map(market()), row.answers, {})
    assert {header: back[header] for header in cells} == {**cells, "grades.staff": "bad"}


@pytest.mark.parametrize(
    ("column", "cell"), [("spent", "たくさん"), ("day", "2023-02-30"), ("nps", "-1"), ("goods", "x")]
)
def test_without_a_map_wrong_cells_wait_for_review_too(column: str, cell: str) -> None:
    (problem,) = template_row(**{column: cell}).problems
    assert problem.column == column


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_answers_survive_the_template_file(data: st.DataObject) -> None:
    questionnaire = data.draw(generated.questionnaires())
    given_answers = {question.code: data.draw(generated.answers(question)) for question in questionnaire.questions}
    answers = {code: answer for code, answer in given_answers.items() if answer}
    column_map = default_map(questionnaire)
    cells = cells_of(column_map, answers, {})
    row = RowReader(column_map, list(cells)).read(list(cells.values()))
    assert row.problems == ()
    assert row.answers == answers
