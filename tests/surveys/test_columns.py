from typing import Any

import pytest

from surveys.columns import MapRefused, default_map, read_map, template_headers
from surveys.questionnaire import Questionnaire, from_json


def text(ja: str) -> dict[str, str]:
    return {"ja": ja, "en": f"{ja} (en)"}


def option(code: str, ja: str, **parts: bool) -> dict[str, Any]:
    return {"code": code, "text": text(ja), **parts}


def market() -> Questionnaire:
    """朝市: a small survey with every kind of column."""
    goods = [option("fish", "魚"), option("greens", "野菜"), option("else", "そのほか", other=True)]
    grades = [option("good", "よい"), option("bad", "わるい")]
    rows = [{"code": "price", "text": text("値段")}, {"code": "staff", "text": text("店の人")}]
    questions = [
        {"code": "goods", "type": "multiple", "text": text("買ったもの"), "options": goods},
        {"code": "with", "type": "single", "text": text("だれと"), "options": [option("alone", "ひとり"), goods[2]]},
        {"code": "nps", "type": "nps", "text": text("勧めたいか")},
        {"code": "spent", "type": "number", "text": text("いくら")},
        {"code": "day", "type": "date", "text": text("いつ")},
        {"code": "grades", "type": "matrix", "text": text("どうでしたか"), "options": grades, "rows": rows},
        {"code": "reason", "type": "long_text", "text": text("理由"),
         "show_if": {"all": [{"question": "nps", "op": "le", "value": 6}]}},
    ]  # fmt: skip
    section = {"code": "s", "title": text("朝市"), "questions": questions}
    return from_json(
        {"version": 1, "slug": "market", "title": text("朝市"), "languages": ["ja", "en"], "sections": [section]}
    )


def market_map() -> dict[str, Any]:
    columns: dict[str, Any] = {
        "買物": {"question": "goods", "split": "\n", "values": {"おさかな": "fish", "お野菜": "greens"}},
        "買物の自由記述": {"other_of": "goods.else", "none": "0", "bare": "1"},
        "魚": {"derived": True, "from": "goods.fish"},
        "同行": {"question": "with", "unknown": "else"},
        "NPS": {"question": "nps"},
        "値段の評価": {"question": "grades", "row": "price"},
        "理由": {"question": "reason"},
        "年齢": {"attribute": "age"},
        "年代": {"derived": True, "from_column": "年齢", "bands": {"若い": [None, 29], "それ以上": [30, None]}},
        "月": {"derived": True, "from_time": "{month}月"},
        "謎": {"derived": True},
    }
    return {"columns": columns, "time": "日時", "zone": "Asia/Tokyo", "key": ["番号", "日時"]}


def reasons(document: Any) -> str:
    with pytest.raises(MapRefused) as refused:
        read_map(document, market())
    assert refused.value.problems
    return str(refused.value)


def test_the_template_names_one_column_per_field() -> None:
    assert template_headers(market()) == (
        "goods", "goods.other", "with", "with.other", "nps", "spent", "day", "grades.price", "grades.staff", "reason",
    )  # fmt: skip


def test_a_file_has_exactly_the_columns_of_its_map() -> None:
    column_map = read_map(market_map(), market())
    headers = [*market_map()["columns"], "番号", "日時"]
    assert column_map.header_problems(headers) == []
    (unused,) = column_map.header_problems([*headers, "天気"])
    assert "天気" in str(unused)
    (missing,) = column_map.header_problems([header for header in headers if header != "NPS"])
    assert "NPS" in str(missing)
    assert column_map.header_problems([*headers, "名簿番号"], aside=["名簿番号"]) == []


def test_without_a_map_columns_may_be_absent_but_not_all_of_them() -> None:
    column_map = default_map(market(), key=["id"])
    assert column_map.header_problems(["id", "nps"]) == []
    assert "spend" in str(column_map.header_problems(["id", "nps", "spend"])[0])
    assert len(column_map.header_problems(["id"])) == 1
    assert "id" in str(column_map.header_problems(["nps"])[0])


def test_key_columns_of_the_command_replace_those_of_the_map() -> None:
    assert read_map(market_map(), market()).key == ("番号", "日時")
    assert read_map(market_map(), market(), key=["年齢"]).key == ("年齢",)


@pytest.mark.parametrize(("column", "use", "word"), [
    ("a", {"question": "goodz"}, "goodz"),
    ("a", {"question": "goods", "split": ""}, "“a”"),
    ("a", {"question": "goods", "attribute": "goods"}, "“a”"),
    ("a", {"derived": False}, "“a”"),
    ("a", "goods", "“a”"),
    ("a", {"other_of": "goods.elsewhere"}, "elsewhere"),
    ("a", {"derived": True, "from": "goods"}, "option"),
    ("買物", {"question": "goods", "values": {"さかな": "shark"}}, "shark"),
    ("買物", {"question": "goods", "values": {"魚": "fish", "おさかな": "fish"}}, "fish"),
    ("同行", {"question": "with", "unknown": "stranger"}, "stranger"),
    ("値段の評価", {"question": "grades", "row": "taste"}, "taste"),
    ("値段の評価", {"question": "grades"}, "option or row"),
    ("a", {"question": "goods"}, "買物"),
    ("a", {"attribute": "age"}, "年齢"),
    ("年代", {"derived": True, "from_column": "身長", "bands": {"高い": [180, None]}}, "身長"),
])  # fmt: skip
def test_each_wrong_use_is_refused_with_a_sentence_that_names_it(column: str, use: Any, word: str) -> None:
    document = market_map()
    document["columns"][column] = use
    assert word in reasons(document)


@pytest.mark.parametrize("zone", ["", "Asia", "../../etc/passwd", "Asia/Tokyo\x00", 9])
def test_no_zone_name_breaks_the_reading(zone: Any) -> None:
    assert reasons({**market_map(), "zone": zone})


@pytest.mark.parametrize("document", [[], {}, {"columns": {}}, {"columns": []}, None])
def test_what_is_no_map_is_refused(document: Any) -> None:
    assert "not a column map" in reasons(document)


def test_an_unknown_zone_is_refused_and_all_reasons_are_given_at_once() -> None:
    document = {**market_map(), "zone": "Asia/Kyoto"}
    document["columns"]["a"] = {"question": "goodz"}
    assert "Asia/Kyoto" in reasons(document)
    assert "goodz" in reasons(document)
