"""The Fukui tourism survey's questionnaire and column map, on rows of our own invention."""

import json
from collections import Counter
from pathlib import Path

from civic.intake.cells import CellCounts
from surveys.checking import check_document
from surveys.columns import AnswerUse, ColumnMap, read_map
from surveys.conditions import off_path_codes
from surveys.questionnaire import Questionnaire
from surveys.rows import RowReader, RowResult, cells_of

FOLDER = Path(__file__).parents[2] / "surveys" / "samples" / "fukui-tourism"


def questionnaire() -> Questionnaire:
    found = check_document(json.loads((FOLDER / "questionnaire.json").read_text(encoding="utf-8"))).questionnaire
    assert found is not None
    return found


def column_map() -> ColumnMap:
    return read_map(json.loads((FOLDER / "columns.json").read_text(encoding="utf-8")), questionnaire())


def headers() -> list[str]:
    return [*dict.fromkeys([*column_map().key, *column_map().uses])]


def row(**cells: str) -> dict[str, str]:
    """One visitor's row: single choices at their first option, flags at 0, then `cells` over it."""
    filled = dict.fromkeys(headers(), "")
    for header, use in column_map().uses.items():
        if isinstance(use, AnswerUse) and use.cells and use.split is None:
            filled[header] = next(iter(use.codes))
        elif header not in ("年代", "回答月") and not isinstance(use, AnswerUse):
            filled[header] = "0"
    made = {"会員ID": "1", "回答日時": "2025-01-31 08:00:00", "回答月": "1月", "回答時の年齢": "34", "年代": "30代"}
    return {**filled, **made, **cells}


def read(cells: dict[str, str]) -> RowResult:
    return RowReader(column_map(), headers()).read([cells[header] for header in headers()])


def test_the_map_gives_each_of_the_ninety_columns_one_use() -> None:
    kinds = Counter(type(use).__name__ for use in column_map().uses.values())
    assert kinds == {
        "FlagUse": 42, "AnswerUse": 30, "AttributeUse": 13, "OtherUse": 1, "BandUse": 1, "CalendarUse": 1,
    }  # fmt: skip
    assert column_map().time == "回答日時"
    assert column_map().key == ("会員ID", "回答日時")
    assert len(headers()) == 90


def test_a_row_is_stored_and_given_back_cell_by_cell() -> None:
    given = row(
        訪問目的ALL="温泉や露天風呂\nその他\n", 温泉や露天風呂="1",
        福井県までの交通手段ALL="自家用車\n新幹線\n", 新幹線="1",
        福井県内での交通手段ALL="レンタカー\n徒歩\n", レンタカー="1", 徒歩="1",
        情報収集ALL="ブログ\nその他\n", ブログ="1", その他="駅の放送",
        同行者="祖母と犬", 不便さ="感じた", 不便さの内容="坂が多い\nと思う", DMO="",
    )  # fmt: skip
    result = read(given)
    assert result.problems == ()
    assert result.different == ()
    assert result.answers["sources"] == {"options": ["blog", "other"], "other": {"other": "駅の放送"}}
    assert result.answers["company"]["other"] == {"other": "祖母と犬"}
    assert result.answers["transport_to"] == {"options": ["car", "shinkansen"]}
    back = cells_of(column_map(), result.answers, result.attributes, result.key, result.answered_at)
    assert {header: cell.rstrip("\n") for header, cell in back.items()} == {
        header: cell.rstrip("\n") for header, cell in given.items() if header in back
    }
    assert len(back) == 90 - 44


def test_flags_of_the_two_transport_lists_repeat_the_list_they_really_repeat() -> None:
    result = read(
        row(福井県までの交通手段ALL="自家用車\n", 福井県内での交通手段ALL="路線バス\n", 自家用車="1", 路線バス="1")
    )
    assert result.different == ("自家用車",)


def test_details_of_an_inconvenience_nobody_felt_are_stored_off_the_path() -> None:
    result = read(row(不便さ="感じなかった", 不便さの内容="駐車"))
    assert result.answers["inconvenience_detail"] == {"text": "駐車"}
    assert off_path_codes(questionnaire(), result.answers) == {"inconvenience_detail"}


def test_an_unlisted_answer_without_an_other_option_waits_for_review_with_its_reason() -> None:
    result = read(row(満足度="まあまあ"))
    assert [problem.column for problem in result.problems] == ["満足度"]
    assert "まあまあ" in str(result.problems[0].message)
    assert result.cells == CellCounts(result.cells.non_empty, review=result.cells.non_empty)


def test_an_age_group_that_contradicts_the_age_is_counted_as_different() -> None:
    assert read(row(回答時の年齢="103", 年代="10歳未満")).different == ("年代",)


def test_a_column_of_another_layout_is_refused_by_name() -> None:
    problems = column_map().header_problems([*headers(), "登録施設"])
    assert ["登録施設" in str(problem) for problem in problems] == [True]
