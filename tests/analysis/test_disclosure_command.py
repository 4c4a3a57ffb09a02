"""`python -m analysis disclosure`, `disclosure-audit` and `research-file`, as somebody at a desk uses them."""

import json

import pytest

from analysis.cli import main
from tests.analysis.test_suppression import AGE, USE, crossed
from tests.factories.surveyed import counted


@pytest.fixture
def desk(tmp_path):
    """A folder with tables.json: one cross-tab in which two cells are small."""
    write(tmp_path / "tables.json", tables([2, 30, 31, 40, 3, 33, 28, 29, 50]))
    return tmp_path


def tables(cells):
    [table] = counted(crossed(cells), [(AGE, USE)])
    axes = [{"variable": axis.variable, "categories": list(axis.categories)} for axis in table.axes]
    listed = [{"place": list(place), "count": count} for place, count in table.counts.items()]
    return {"version": 1, "tables": [{"name": "t", "axes": axes, "base": table.base, "cells": listed}]}


def write(path, content):
    path.write_text(json.dumps(content), "utf-8")
    return str(path)


def run(*arguments):
    return main([str(argument) for argument in arguments])


def test_tables_go_in_and_a_release_without_leaks_comes_out(desk, capsys):
    assert run("disclosure", desk / "tables.json", "--out", desk / "r.json") == 0
    made = json.loads((desk / "r.json").read_text("utf-8"))
    assert (made["base"], made["hidden"], made["printed"]) == (246, 4, 16)
    assert run("disclosure-audit", desk / "r.json") == 0
    assert capsys.readouterr().out == ""


def test_the_audit_names_each_count_that_can_be_worked_out(desk, capsys):
    run("disclosure", desk / "tables.json", "--out", desk / "r.json")
    made = json.loads((desk / "r.json").read_text("utf-8"))
    [told] = [cell for cell in made["tables"][0]["cells"] if cell["place"] == ["middle", "train"]]
    [near] = [cell for cell in made["tables"][0]["cells"] if cell["place"] == ["young", "bus"]]
    told |= {"count": 3}
    capsys.readouterr()
    assert run("disclosure-audit", write(desk / "r.json", made)) == 1
    said = capsys.readouterr().out
    assert "t, middle × train: printed in release 1 is 3 to 3" in said
    assert near["count"] is None
    assert run("disclosure-audit", desk / "r.json", "--json") == 1
    assert json.loads(capsys.readouterr().out)["recoverable"][0]["table"] == "t"


def test_a_weak_policy_is_found_out_at_the_house_s_minimum(desk, capsys):
    tables_of_few = write(desk / "few.json", tables([1, 2, 40, 2, 1, 33, 28, 29, 50]))
    weak = write(desk / "weak.json", {"minimum_cell": 3})
    assert run("disclosure", tables_of_few, "--policy", weak, "--out", desk / "r.json") == 0
    assert run("disclosure-audit", desk / "r.json") == 0
    assert run("disclosure-audit", desk / "r.json", "--minimum", 5) == 1
    assert "young × bus: cell in release 1 is 0 to 3" in capsys.readouterr().out


def test_a_second_release_heeds_the_first(desk):
    run("disclosure", desk / "tables.json", "--out", desk / "first.json")
    later = write(desk / "later.json", tables([3, 40, 41, 50, 4, 43, 38, 39, 60]))
    assert run("disclosure", later, "--earlier", desk / "first.json", "--out", desk / "second.json") == 0
    assert run("disclosure-audit", desk / "second.json", "--earlier", desk / "first.json") == 0
    too_soon = write(desk / "soon.json", tables([3, 30, 31, 40, 3, 33, 28, 29, 50]))
    assert run("disclosure", too_soon, "--earlier", desk / "first.json", "--out", desk / "third.json") == 1
    assert not (desk / "third.json").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[", "not JSON"),
        ("{}", "version 1"),
        ('{"version": 1, "tables": []}', "no list of tables"),
        ('{"version": 1, "tables": [{"name": "t"}]}', "'axes' is missing"),
        ('{"version": 1, "tables": [{"name":"t","axes":[],"base":1,"cells":[{"place":[],"count":-1}]}]}', "0 or more"),
    ],
)
def test_a_file_that_is_no_set_of_tables_is_refused_with_a_sentence(tmp_path, capsys, content, words):
    (tmp_path / "tables.json").write_text(content, "utf-8")
    assert run("disclosure", tmp_path / "tables.json", "--out", tmp_path / "r.json") == 1
    assert words in capsys.readouterr().err
    assert not (tmp_path / "r.json").exists()


def changed(stored, keys, value):
    """A copy with another value at a place."""
    made = json.loads(json.dumps(stored))
    inside = made
    for key in keys[:-1]:
        inside = inside[key]
    inside[keys[-1]] = value
    return made


def sums():
    """A table of sums of yen by one axis."""
    axes = [{"variable": "use", "categories": ["bus", "car"]}]
    cells = [
        {"place": [place], "sum": total, "contributors": people, "largest": [2, 1]}
        for place, total, people in (("bus", 20, 10), ("car", 40, 20), (None, 60, 30))
    ]
    return {"version": 1, "tables": [{"name": "s", "axes": axes, "measure": "yen", "base": 30, "cells": cells}]}


def refused(capsys, *arguments):
    """The one sentence on stderr."""
    capsys.readouterr()
    assert run(*arguments) == 1
    [said] = [one for one in capsys.readouterr().err.splitlines() if not one.startswith('{"done"')]
    assert said.endswith((".", "?"))
    assert not said.endswith("..")
    return said


def test_sums_of_nothing_are_refused_by_the_control_and_by_the_audit(desk, capsys):
    assert run("disclosure", write(desk / "sums.json", sums()), "--out", desk / "r.json") == 0
    released = json.loads((desk / "r.json").read_text("utf-8"))
    unnamed = write(desk / "unnamed.json", changed(released, ["tables", 0, "measure"], ""))
    asked = write(desk / "asked.json", changed(sums(), ["tables", 0, "measure"], ""))
    for line in (
        ["disclosure-audit", unnamed],
        ["disclosure", desk / "tables.json", "--earlier", unnamed, "--out", desk / "o.json"],
        ["disclosure", asked, "--out", desk / "o.json"],
    ):
        assert "s has an empty measure. Name what it sums" in refused(capsys, *line)


@pytest.mark.parametrize("change", [{}, {"base": 3}, {"statutory": True}], ids=["counts", "of few", "statutory"])
def test_a_table_without_a_number_for_every_place_is_refused_however_few_it_counts(desk, capsys, change):
    stored = tables([2, 30, 31, 40, 3, 33, 28, 29, 50])
    stored["tables"][0] |= change
    for cells, words in (
        ([], "table t has nothing for young × bus: give a number for every place and total"),
        (stored["tables"][0]["cells"][:-1], "table t has nothing for total × total"),
        ([*stored["tables"][0]["cells"], {"place": ["old", "ship"], "count": 1}], "places that its axes do not have"),
        ([*stored["tables"][0]["cells"], {"place": ["old", None], "count": 1}], "two counts of ['old', None]"),
    ):
        bad = write(desk / "bad.json", changed(stored, ["tables", 0, "cells"], cells))
        assert words in refused(capsys, "disclosure", bad, "--out", desk / "r.json")


def test_a_table_of_sums_without_a_number_for_every_place_is_refused(desk, capsys):
    cells = sums()["tables"][0]["cells"]
    for some, words in (([], "nothing for bus"), (cells[:2], "nothing for total"), ([*cells, cells[0]], "two sums")):
        bad = write(desk / "bad.json", changed(sums(), ["tables", 0, "cells"], some))
        assert words in refused(capsys, "disclosure", bad, "--out", desk / "r.json")


@pytest.mark.parametrize("option", ["--seconds=nan", "--seconds=-1", "--seconds=inf", "--seconds=1e9", "--seconds=x"])
def test_no_time_that_could_not_be_waited_for_is_an_option(desk, capsys, option):
    with pytest.raises(SystemExit) as stopped:
        run("disclosure", desk / "tables.json", option, "--out", desk / "r.json")
    assert stopped.value.code == 2
    assert "must be a number of seconds from 0 to 1000000" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--minimum=0", "--minimum=-3", "--minimum=1", "--minimum=x", "--minimum=2000000"])
def test_no_minimum_under_which_every_count_may_be_known_is_an_option(desk, capsys, option):
    with pytest.raises(SystemExit) as stopped:
        run("disclosure-audit", desk / "r.json", option)
    assert stopped.value.code == 2
    assert "must be a whole number from 2 to 1000000" in capsys.readouterr().err


def test_small_counts_that_are_printed_are_told_apart_from_those_that_were_asked_for(desk, capsys):
    run("disclosure", write(desk / "large.json", tables([20] * 9)), "--out", desk / "open.json")
    run("disclosure", desk / "tables.json", "--out", desk / "r.json")
    for line, words in (
        (["open.json", "--minimum", 25], "9 small counts are printed. No count is hidden: none was asked for."),
        (["open.json", "--minimum", 5], "No count is hidden: none was asked for."),
        (["r.json", "--minimum", 29], "1 small count is printed. 0 of 8 counts asked for can be worked out."),
        (["r.json", "--minimum", 33], "3 small counts are printed. 1 of 8 counts asked for can be worked out."),
        (["r.json"], "0 of 8 counts asked for can be worked out."),
    ):
        capsys.readouterr()
        run("disclosure-audit", desk / line[0], *line[1:])
        assert capsys.readouterr().err.splitlines()[-1] == words


def people(path):
    """Rows of which research-file makes a file, and its plan."""
    lines = [f"{20 + number % 4},{answer}" for number in range(12) for answer in "ab"]
    (path / "rows.csv").write_text("\n".join(["age,use", *lines]), "utf-8")
    write(path / "plan.json", {"attributes": [{"column": "age"}], "sensitive": ["use"]})


LONG = {
    "disclosure tables.json --out r.json": ("hide", {"printed": 16, "hidden": 4, "written": ["r.json"]}),
    "disclosure sums.json --out s.json": ("hide sums", {"printed": 3, "hidden": 0, "written": ["s.json"]}),
    "disclosure-audit r.json": ("audit", {"asked": 8, "recoverable": []}),
    "research-file rows.csv --plan plan.json --codebook c.json --out o.csv": (
        "coarsen",
        {"rows": 24, "removed": 0, "smallest_group": 6, "written": ["c.json", "o.csv"]},
    ),
}


def test_each_command_says_how_far_it_is_and_with_json_what_it_did(desk, capsys, monkeypatch):
    monkeypatch.chdir(desk)
    people(desk)
    write(desk / "sums.json", sums())
    for line, (step, figures) in LONG.items():
        assert run(*line.split(), "--json") == 0
        said = capsys.readouterr()
        assert json.loads(said.out) == figures, line
        told = [json.loads(one) for one in said.err.splitlines() if one.startswith('{"done"')]
        assert {one["step"] for one in told} == {step}
        done = [one["done"] for one in told]
        assert done == sorted(set(done))
        assert {one["total"] for one in told} == {done[-1]}


def test_on_a_terminal_a_bar_fills_up_unless_json_is_asked_for(desk, capsys, monkeypatch):
    monkeypatch.chdir(desk)
    people(desk)
    write(desk / "sums.json", sums())
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    for line, (step, _figures) in LONG.items():
        assert run(*line.split()) == 0
        said = capsys.readouterr().err
        assert f"[{'#' * 24}] 100 %  {step}" in said
        assert '{"done"' not in said
        assert run(*line.split(), "--json") == 0
        assert "\r" not in capsys.readouterr().err


TABLE = ["tables", 0]


@pytest.mark.parametrize(
    ("keys", "value", "words"),
    [
        ([*TABLE, "cells", 0, "place"], ["young"], "does not have a category or null for each axis. docs/commands.md"),
        ([*TABLE, "base"], "x", "tables/0/base: 'x' is not of type 'integer'"),
        (TABLE, 1, "tables/0: 1 is not of type 'object'. docs/commands.md shows"),
        ([*TABLE, "cells", 0, "count"], 1.5, "Give the count of ['young', 'bus'] as a whole number of 0 or more."),
        ([*TABLE, "cells", 15, "count"], 245, "do not add up: count them again"),
        ([*TABLE, "impossible"], [["young", "bus"]], "an impossible place holds people: take it out"),
        (["policy"], {"minimum": 5}, "release_step, rounding. Take anything else out."),
        (["policy"], {"minimum_cell": None}, "policy/minimum_cell: None is not of type 'integer'. docs/commands.md"),
    ],
)
def test_what_is_wrong_with_tables_is_said_with_what_to_do(desk, capsys, keys, value, words):
    bad = write(desk / "bad.json", changed(json.loads((desk / "tables.json").read_text("utf-8")), keys, value))
    assert words in refused(capsys, "disclosure", bad, "--out", desk / "r.json")


def test_a_release_that_is_not_due_or_counts_otherwise_is_refused_with_what_to_do(desk, capsys):
    run("disclosure", desk / "tables.json", "--out", desk / "first.json")
    soon = write(desk / "soon.json", tables([3, 30, 31, 40, 3, 33, 28, 29, 50]))
    other = write(desk / "other.json", tables([2, 31, 30, 40, 3, 33, 28, 29, 50]))
    for line, words in (
        (soon, "247 participations now, 246 at the last release. Wait until 10 more have come."),
        (other, "earlier release of as many participations counted: count them again from the same answers."),
    ):
        said = refused(capsys, "disclosure", line, "--earlier", desk / "first.json", "--out", desk / "r.json")
        assert words in said


@pytest.mark.parametrize(
    ("keys", "value", "words"),
    [
        (["version"], 2, "The file is no object with version 1. Give what disclosure wrote."),
        (["tables"], [], "The file has no list of tables. Give what disclosure wrote."),
        (["policy"], {"minimum_cell": 1}, "policy/minimum_cell: 1 is less than the minimum of 2. docs/commands.md"),
        ([*TABLE, "cells", 15, "count"], 300, "contradict each other: look for a number that was copied wrongly."),
        ([*TABLE, "cells", 0, "between"], 3, "['young', 'bus'] lies between two numbers. Give its count or null"),
        ([*TABLE, "axes"], 3, "tables/0/axes: 3 is not of type 'array'. docs/commands.md shows"),
    ],
)
def test_what_is_wrong_with_a_release_is_said_with_what_to_do(desk, capsys, keys, value, words):
    run("disclosure", desk / "tables.json", "--out", desk / "r.json")
    bad = write(desk / "bad.json", changed(json.loads((desk / "r.json").read_text("utf-8")), keys, value))
    assert words in refused(capsys, "disclosure-audit", bad)


@pytest.mark.parametrize(
    ("change", "rows", "words"),
    [
        ({"attributes": [{}]}, "age,use\n1,a", "attributes/0: 'column' is a required property. docs/commands.md"),
        ({"attributes": [{"column": "ag"}]}, "age,use\n1,a", "has no column ag. Its columns are: age, use."),
        ({"sensitive": ["us"]}, "age,use\n1,a", "has no column us. Its columns are: age, use."),
        ({}, "age,use\n", "has no row under its header. Give a file with answers."),
        ({"k": 9}, "age,use\n1,a", "keeps k = 9 and l = 2: lower them, or leave answers out."),
        (
            {"attributes": [{"column": "age", "levels": [{}]}]},
            "age,use\n1,a",
            "level 1 of age does not say where '1' belongs: add it to the level.",
        ),
    ],
)
def test_what_is_wrong_with_a_plan_or_its_rows_is_said_with_what_to_do(tmp_path, capsys, change, rows, words):
    (tmp_path / "rows.csv").write_text(rows)
    plan = write(tmp_path / "plan.json", {"attributes": [{"column": "age"}], "sensitive": ["use"], "k": 5} | change)
    outputs = ["--codebook", tmp_path / "c.json", "--out", tmp_path / "o.csv"]
    assert words in refused(capsys, "research-file", tmp_path / "rows.csv", "--plan", plan, *outputs)


def test_a_policy_with_an_unknown_word_is_refused(desk, capsys):
    policy = write(desk / "policy.json", {"minimum": 5})
    assert run("disclosure", desk / "tables.json", "--policy", policy, "--out", desk / "r.json") == 1
    assert "minimum_cell" in capsys.readouterr().err


def test_rows_become_a_research_file_with_its_codebook(tmp_path, capsys):
    lines = [f"{20 + number % 4},{answer},secret" for number in range(12) for answer in "ab"]
    (tmp_path / "rows.csv").write_text("\n".join(["age,content,name", *lines]), "utf-8")
    plan = write(
        tmp_path / "plan.json",
        {"attributes": [{"column": "age"}], "sensitive": ["content"], "k": 5, "l": 2},
    )
    done = run(
        "research-file",
        tmp_path / "rows.csv",
        "--plan",
        plan,
        "--codebook",
        tmp_path / "c.json",
        "--out",
        tmp_path / "o.csv",
    )
    assert done == 0
    assert "secret" not in (tmp_path / "o.csv").read_text("utf-8-sig")
    assert json.loads((tmp_path / "c.json").read_text("utf-8"))["risk"]["smallest_group"] == 6
    bad = write(tmp_path / "bad.json", {"attributes": []})
    assert (
        run(
            "research-file", tmp_path / "rows.csv", "--plan", bad, "--codebook", tmp_path / "c", "--out", tmp_path / "o"
        )
        == 1
    )
    assert "plan needs attributes" in capsys.readouterr().err
