"""Nationality and 公職選挙法11条 as data of an ordinance, held against the columns a register brings."""

from datetime import date

import pytest

from consultations.votes.entitlement import ADMITTED, WORDS, Entitlement, still_checked

DAY = date(2026, 11, 1)
CLAUSES = {"nationality": "第3条第1号", "exclusion": "第4条"}


def rules(nationality: str = "any", *, excludes: bool = False, years: int = 3) -> Entitlement:
    return Entitlement(nationality, years, excludes, DAY, CLAUSES)


def faults(held: Entitlement, **cells: str) -> list[tuple[str, str]]:
    return [(one.column, str(one.message)) for one in held.faults(1, cells)]


@pytest.mark.parametrize(
    ("rule", "admitted"),
    [
        ("japanese", {"日本", "日本国籍", "japanese"}),
        ("permanent", {"日本", "日本国籍", "japanese", "永住者", "permanent", "特別永住者", "special_permanent"}),
    ],
)
def test_a_rule_of_nationality_admits_those_it_names_and_nobody_else(rule: str, admitted: set[str]) -> None:
    found = {word for word in WORDS if not faults(rules(rule), nationality=word)}
    assert found == admitted
    assert set(ADMITTED) == {"japanese", "permanent", "mid_long"}


@pytest.mark.parametrize(
    ("since", "may_vote"),
    [("2023-10-31", True), ("2023-11-01", False), ("2023-11-02", False)],
)
def test_more_than_three_years_is_more_than_three_years(since: str, may_vote: bool) -> None:
    found = faults(rules("mid_long"), nationality="中長期在留者", status_since=since)
    assert (found == []) is may_vote


@pytest.mark.parametrize("word", ["日本", "特別永住者", "永住者"])
def test_the_years_are_asked_of_mid_to_long_term_residents_only(word: str) -> None:
    assert faults(rules("mid_long"), nationality=word) == []
    assert faults(rules("mid_long"), nationality="その他") != []
    assert faults(rules("mid_long"), nationality="中長期在留者")[0][0] == "status_since"
    undated = Entitlement("mid_long", 3, False, None, CLAUSES)
    assert "not set yet" in faults(undated, nationality="中長期在留者", status_since="2020-01-01")[0][1]


def test_who_is_kept_out_is_told_the_clause_and_no_cell_is_repeated() -> None:
    held = rules("japanese", excludes=True)
    found = faults(held, nationality="永住者", article_11="該当")
    assert [column for column, _words in found] == ["nationality", "article_11"]
    assert ["第3条第1号" in found[0][1], "第4条" in found[1][1]] == [True, True]
    assert "永住者" not in found[0][1]


@pytest.mark.parametrize("cell", ["", "たぶん", "1"])
def test_a_cell_that_says_nothing_is_an_error_where_the_column_is_there(cell: str) -> None:
    held = rules("permanent", excludes=True)
    assert len(faults(held, nationality=cell, article_11=cell)) == 2
    assert faults(held, nationality="日本", article_11="非該当") == faults(held) == []


def test_only_the_columns_of_the_rules_are_asked_for() -> None:
    assert rules().columns == []
    assert rules("japanese").columns == ["nationality"]
    assert rules("mid_long", excludes=True).columns == ["nationality", "status_since", "article_11"]
    assert faults(rules(), nationality="その他", article_11="該当") == []


def test_a_register_counts_as_checked_only_where_everybody_on_it_was() -> None:
    assert still_checked({}, {"nationality": "japanese"}, is_whole=True) == {"nationality": "japanese"}
    assert still_checked({}, {"nationality": "japanese"}, is_whole=False) == {}
    assert still_checked({"nationality": "japanese"}, {"nationality": "japanese"}, is_whole=False) != {}
    assert still_checked({"nationality": "japanese"}, {}, is_whole=False) == {}
    assert rules("mid_long").bases != rules("mid_long", years=5).bases
