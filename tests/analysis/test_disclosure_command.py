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
