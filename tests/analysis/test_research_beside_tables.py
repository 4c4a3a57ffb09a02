"""A research file given out beside tables: what both tell together is found, and such a file is not written."""

import json
import random
from collections import Counter
from itertools import product

import pytest

from analysis import auditor_rows
from analysis.cli import main
from analysis.disclosure_audit import Rows, audit
from analysis.tabular import write_csv

DECADES = {"21": "20代", "24": "20代", "33": "30代", "38": "30代"}
AGES = {"21": [2, 20], "24": [18, 22], "33": [15, 25], "38": [19, 12]}
"""How many of each age come by bus and by car."""

PEOPLE = [
    (age, use) for age, counts in AGES.items() for use, n in zip(("bus", "car"), counts, strict=True) for _ in range(n)
]
HIDDEN = {("21", "bus"), ("21", "car"), ("24", "bus"), ("24", "car")}
"""A rectangle: the small count of 2 and three to cover it."""


def released(people=PEOPLE, hidden=HIDDEN):
    """The cross-tab of age and use; hidden cells keep at least five integers by the table alone."""
    ages, uses = list(AGES), ["bus", "car"]
    counts = Counter(place for age, use in people for place in product((age, None), (use, None)))
    cells = [
        {"place": list(place), "count": None if place in hidden else counts[place], "share": None,
         "suppressed": place in hidden}
        for place in product((*ages, None), (*uses, None))
    ]  # fmt: skip
    axes = [{"variable": "age", "categories": ages}, {"variable": "use", "categories": uses}]
    table = {"name": "age × use", "axes": axes, "base": len(people), "cells": cells, "figures": {}}
    return {"version": 1, "base": len(people), "policy": {"minimum_cell": 5}, "tables": [table]}


def rows(people, level, removed=0):
    made = [(DECADES[age] if level else age, use) for age, use in people]
    return Rows(("age", "use"), made, {"age": DECADES} if level else {}, removed)


def test_the_tables_alone_leak_nothing_and_the_rows_beside_them_do():
    assert audit([released()]).findings == ()
    found = audit([released()], rows=rows(PEOPLE, 0)).findings
    assert {(one.place, one.low, one.high) for one in found if one.what == "cell"} >= {(("21", "bus"), 2, 2)}


def test_rows_over_decades_tell_nothing_that_the_table_does_not():
    assert audit([released()], rows=rows(PEOPLE, 1)).findings == ()


def test_a_wider_value_is_the_sum_of_what_it_stands_for():
    beside = {("21", "bus"), ("21", "car"), ("33", "bus"), ("33", "car")}
    assert audit([released(hidden=beside)]).findings == ()
    found = audit([released(hidden=beside)], rows=rows(PEOPLE, 1)).findings
    assert (("21", "bus"), 2, 2) in {(one.place, one.low, one.high) for one in found}


def test_rows_left_out_leave_each_count_open_by_as_many():
    chance = random.Random(1)
    for removed in (1, 3):
        kept = chance.sample(PEOPLE, len(PEOPLE) - removed)
        found = audit([released()], rows=rows(kept, 0, removed)).findings
        bus = next(one for one in found if one.place == ("21", "bus") and one.what == "cell")
        assert bus.low <= 2 <= bus.high <= bus.low + removed


def test_columns_the_tables_do_not_ask_about_tell_nothing_about_them():
    others = Rows(("town", "use"), [("本町", use) for _age, use in PEOPLE], {}, 0)
    assert audit([released()], rows=others).findings == ()
    unsaid = Rows(("age", "use"), [("*", use) for _age, use in PEOPLE], {}, 0)
    assert audit([released()], rows=unsaid).findings == ()


def test_columns_with_too_many_combinations_are_compared_by_twos(monkeypatch):
    monkeypatch.setattr(auditor_rows, "_TOGETHER", 1)
    sexes = [("f", "m")[number % 2] for number in range(len(PEOPLE))]
    release = released()
    cells = [{"place": [sex], "count": sexes.count(sex) if sex else len(PEOPLE), "share": None, "suppressed": False}
             for sex in ("f", "m", None)]  # fmt: skip
    axes = [{"variable": "sex", "categories": ["f", "m"]}]
    release["tables"].append({**release["tables"][0], "name": "sex", "axes": axes, "cells": cells})
    file = Rows(("age", "use", "sex"), [(*one, sex) for one, sex in zip(PEOPLE, sexes, strict=True)], {}, 0)
    assert audit([release]).findings == ()
    assert ("21", "bus") in {one.place for one in audit([release], rows=file).findings}


def test_silence_is_a_value_of_the_rows():
    silent = [*PEOPLE, *[("21", "")] * 9]
    table = released(silent)
    for cell in table["tables"][0]["cells"]:
        age, use = cell["place"]
        if not cell["suppressed"] and use is None:
            cell["count"] = sum(one == (age or one[0], one[1]) and bool(one[1]) for one in silent)
        elif not cell["suppressed"] and age is None:
            cell["count"] = sum(one[1] == use for one in silent)
    assert audit([table], rows=rows(silent, 1)).findings == ()


def test_rows_of_other_people_are_refused():
    with pytest.raises(ValueError, match="no release is about the 132 people of the research file"):
        audit([released()], rows=rows(PEOPLE[1:], 0))


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "release.json").write_text(json.dumps(released()), "utf-8")
    (tmp_path / "rows.csv").write_bytes(b"".join(write_csv(["age", "use"], PEOPLE)))
    plan = {"attributes": [{"column": "age", "levels": [DECADES]}], "sensitive": ["use"], "k": 5}
    (tmp_path / "plan.json").write_text(json.dumps(plan), "utf-8")
    wide = {**plan, "k": 41}
    (tmp_path / "wide.json").write_text(json.dumps(wide), "utf-8")
    return tmp_path


MAKE = ["research-file", "rows.csv", "--codebook", "book.json", "--out", "out.csv"]


def test_a_research_file_that_opens_a_table_is_not_written(desk, capsys):
    assert main([*MAKE, "--plan", "plan.json", "--beside", "release.json"]) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("release.json: beside these rows ")
    assert "counts can be worked out, among them age × use, 21 × bus: cell in release 1 is 2 to 2." in said
    assert not (desk / "out.csv").exists()
    assert not (desk / "book.json").exists()
    assert main([*MAKE, "--plan", "wide.json", "--beside", "release.json"]) == 0
    assert "Not held against published tables" not in capsys.readouterr().err


def test_a_research_file_and_a_release_are_audited_together(desk, capsys):
    assert main([*MAKE, "--plan", "plan.json"]) == 0
    assert "Not held against published tables: name those of the same people with --beside." in capsys.readouterr().err
    assert main(["disclosure-audit", "release.json"]) == 0
    both = ["disclosure-audit", "release.json", "--research", "out.csv", "--codebook", "book.json"]
    assert main(both) == 1
    assert "age × use, 21 × bus: cell in release 1 is 2 to 2" in capsys.readouterr().out
    assert main([*MAKE, "--plan", "wide.json"]) == 0
    assert json.loads((desk / "book.json").read_text("utf-8"))["columns"][0]["wider"] == DECADES
    assert main(both) == 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"rows": 3}, "describes 3 rows with the columns age, use."), ({"removed": None}, "removed: None is not")],
)
def test_a_codebook_of_another_file_is_refused(desk, capsys, change, reason):
    assert main([*MAKE, "--plan", "plan.json"]) == 0
    book = json.loads((desk / "book.json").read_text("utf-8")) | change
    (desk / "book.json").write_text(json.dumps(book), "utf-8")
    assert main(["disclosure-audit", "release.json", "--research", "out.csv", "--codebook", "book.json"]) == 1
    assert reason in capsys.readouterr().err
    assert main(["disclosure-audit", "release.json", "--research", "out.csv"]) == 1
    assert "--research and --codebook go together." in capsys.readouterr().err
