"""`rake`, `crosstab`, `waves` and `opinions` as a municipality's script would call them."""

import csv
import io
import json
import os
import subprocess
import sys

import pytest

from analysis.cli import main
from analysis.tabular import read_table, write_csv

PEOPLE = [
    (f"r{number}", age, sex, str(visits), wish)
    for number, (age, sex, visits, wish) in enumerate(
        [
            *[("young", "f", 1, "bench"), ("young", "m", 2, "shade\nbench")] * 6,
            *[("old", "f", 5, "shade"), ("old", "m", 7, "")] * 14,
        ]
    )
]
HEADERS = ("number", "age", "sex", "visits", "wishes")
MARGINS = [("age", "young", "0.5"), ("age", "old", "0.5"), ("sex", "f", "520"), ("sex", "m", "480")]


@pytest.fixture
def put(tmp_path):
    """Write a CSV, give its path."""

    def written(name, headers, rows):
        path = tmp_path / name
        path.write_bytes(b"".join(write_csv(headers, rows)))
        return path

    return written


@pytest.fixture
def sample(put):
    return put("sample.csv", HEADERS, PEOPLE)


def margins(put, *lines):
    return put("margins.csv", ("variables", "category", "target"), lines)


def ran(*arguments):
    return main([str(one) for one in arguments])


def rows_of(path):
    table = read_table(path)
    return [dict(zip(table.headers, row, strict=True)) for row in table.rows]


def test_rake_adds_a_last_column_of_mean_one_that_meets_the_margins(put, sample, tmp_path, capsys):
    known = margins(put, ("age", "young", "500"), ("age", "old", "500"), ("sex", "f", "520"), ("sex", "m", "480"))
    out = tmp_path / "out.csv"
    assert ran("rake", sample, known, "--standing", tmp_path / "standing.csv", "--out", out) == 0
    standing = rows_of(tmp_path / "standing.csv")[0]
    assert (standing["category"], standing["count"], standing["share"], standing["target"]) == (
        "young",
        "12",
        "0.3",
        "0.5",
    )
    table = read_table(out)
    assert table.headers == (*HEADERS, "weight")
    assert [row[:-1] for row in table.rows] == read_table(sample).rows
    weights = [float(row[-1]) for row in table.rows]
    assert sum(weights) == pytest.approx(40)
    young = sum(weight for weight, row in zip(weights, table.rows, strict=True) if row[1] == "young")
    female = sum(weight for weight, row in zip(weights, table.rows, strict=True) if row[2] == "f")
    assert (young, female) == (pytest.approx(20), pytest.approx(40 * 0.52))
    told = capsys.readouterr().err
    assert all(word in told for word in ("iterations: ", "design effect: ", "effective n: "))
    assert "Fewer than 30 respondents: age = young (12)" in told


def test_rake_takes_crossed_margins_as_shares_and_keeps_the_limit(put, sample, tmp_path, capsys):
    cells = [("young*f", ".45"), ("young*m", ".45"), ("old*f", ".05"), ("old*m", ".05")]
    known = margins(put, *(("age*sex", category, share) for category, share in cells))
    out = tmp_path / "out.csv"
    assert ran("rake", sample, known, "--max-weight", "2", "--out", out) == 0
    assert max(float(row["weight"]) for row in rows_of(out)) == pytest.approx(2)
    assert "Missed because of the limit: age*sex = young*f has 0.3000 instead of 0.4500." in capsys.readouterr().err


def test_rake_without_out_prints_the_csv(put, sample, capsysbinary):
    assert ran("rake", sample, margins(put, ("sex", "f", "1"), ("sex", "m", "1"))) == 0
    assert capsysbinary.readouterr().out.decode("utf-8-sig").startswith("number,age,sex,visits,wishes,weight\r\n")


@pytest.mark.parametrize(
    ("said", "lines", "options"),
    [
        ("age = middle", [*MARGINS[:1], ("age", "old", ".25"), ("age", "middle", ".25")], ()),
        ("Row 13 of the sample: age is old", [("age", "young", "1")], ()),
        ("sum to 0.9", [("age", "young", ".5"), ("age", "old", ".4")], ()),
        ("targets of sex sum to 1000, those of age to 1", MARGINS, ()),
        ("row 2: the target 'many' of age = old is no number", [MARGINS[0], ("age", "old", "many")], ()),
        ("Row 1 of the margins: the target nan", [("age", "young", "nan")], ()),
        ("no column town", [("town", "A", "1")], ()),
        ("row 1: '' in column wishes is not a number", MARGINS[:2], ("--base", "wishes")),
    ],
)
def test_rake_says_what_is_wrong_and_writes_nothing(put, tmp_path, capsys, said, lines, options):
    sample = put("sample.csv", HEADERS, [(*row[:4], "") for row in PEOPLE])
    assert ran("rake", sample, margins(put, *lines), *options, "--out", tmp_path / "out.csv") == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()


def test_rake_refuses_files_that_are_not_what_they_should_be(put, sample, tmp_path, capsys):
    weighted = put("weighted.csv", ("age", "weight"), [("young", "1")])
    assert ran("rake", weighted, margins(put, ("age", "young", "1"))) == 1
    assert "already has a column weight" in capsys.readouterr().err
    assert ran("rake", sample, put("other.csv", ("variable", "share"), [("age", "1")])) == 1
    assert "no column variables" in capsys.readouterr().err
    assert ran("rake", tmp_path / "nowhere.csv", sample) == 1
    assert "nowhere.csv cannot be read" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        ran("rake", sample, sample, "--max-weight", "1")
    assert stopped.value.code == 2


def test_crosstab_prints_the_cells_and_writes_the_tests(sample, tmp_path, capsys):
    cells, tests = tmp_path / "cells.csv", tmp_path / "tests.csv"
    asked = ("--question", "age", "--question", "sex", "--question", "wishes", "--multiple", "wishes")
    assert ran("crosstab", sample, *asked, "--out", cells, "--tests", tests) == 0
    found = {(one["row"], one["column"]): one for one in rows_of(cells)}
    assert found["young", "bench"]["count"] == "12"
    assert found["young", "shade"]["row_share"] == "0.5"
    assert [one["base"] for one in rows_of(tests)] == ["40", "26", "26"]
    assert rows_of(tests)[0]["p_holm"] == "1.0"


def test_crosstab_as_json_has_the_published_format_and_weighted_figures_beside(sample, tmp_path):
    out = tmp_path / "out.json"
    asked = ("--row", "age", "--col", "sex", "--number", "visits", "--weights", "visits", "--json")
    assert ran("crosstab", sample, *asked, "--order", "age=young|old", "--order", "sex=f|m", "--out", out) == 0
    printed = json.loads(out.read_text("utf-8"))
    tab = printed["tables"][0]
    assert list(tab)[:5] == ["row", "column", "base", "cells", "chi2"]
    first = tab["cells"][0]
    assert (first["row"], first["column"], first["count"], first["row_share"]) == ("young", "f", 6, 0.5)
    assert first["weighted"]["count"] == 6
    assert first["weighted"]["row_share"] == round(6 / 18, 6)
    assert set(tab["trend"]) == {"correlation", "z", "p"}
    assert printed["means"][0]["groups"][0]["mean"] == 1.5


def test_crosstabs_go_on_to_disclosure_control(sample, tmp_path):
    tables, release = tmp_path / "tables.json", tmp_path / "release.json"
    asked = ("--row", "age", "--col", "sex", "--col", "wishes", "--multiple", "wishes")
    assert ran("crosstab", sample, *asked, "--tables", tables, "--out", tmp_path / "cells.csv") == 0
    printed = json.loads(tables.read_text("utf-8"))["tables"]
    assert [(one["name"], one["base"]) for one in printed] == [("age × sex", 40), ("age × wishes", 40)]
    assert {"place": ["young", "f"], "count": 6} in printed[0]["cells"]
    assert printed[1]["axes"][1]["multiple"]
    assert ran("disclosure", tables, "--out", release) == 0
    assert ran("disclosure-audit", release) == 0


def test_crosstab_gives_the_means_of_numbers_by_a_question(sample, tmp_path):
    out = tmp_path / "out.csv"
    assert ran("crosstab", sample, "--row", "age", "--row", "sex", "--number", "visits", "--out", out) == 0
    means = {(one["row_question"], one["row"]): one["mean"] for one in rows_of(out)}
    assert means["age", "old"] == "6.0"
    assert means["age", ""] == means["sex", ""]


def test_crosstab_by_a_third_question(sample, tmp_path):
    out = tmp_path / "out.csv"
    assert ran("crosstab", sample, "--row", "age", "--col", "wishes", "--by", "sex", "--out", out) == 0
    assert {(one["layer_question"], one["layer"]) for one in rows_of(out)} == {("sex", "f"), ("sex", "m")}


@pytest.mark.parametrize(
    ("said", "options"),
    [
        ("no column town", ("--row", "town", "--col", "sex")),
        ("Nothing to cross", ("--row", "age")),
        ("row 1: f is no answer to sex", ("--row", "age", "--col", "sex", "--order", "sex=m|x")),
        ("--by goes with one --row and one --col", ("--row", "age", "--col", "sex", "--col", "visits", "--by", "sex")),
        (
            "--tests and --tables do not go with --by",
            ("--row", "age", "--col", "sex", "--by", "visits", "--tests", "t.csv"),
        ),
        ("Means and cells are two tables", ("--row", "age", "--col", "sex", "--number", "visits")),
        ("row 1: 'r0' in column number is not a number", ("--row", "age", "--col", "sex", "--weights", "number")),
        ("600 different answers, too many", ("--row", "age", "--col", "many")),
    ],
)
def test_crosstab_names_what_cannot_be_crossed(put, capsys, said, options):
    rows = [(*PEOPLE[place % 40], f"v{place}") for place in range(600)]
    many = put("many.csv", (*HEADERS, "many"), rows)
    assert ran("crosstab", many, *options) == 1
    assert said in capsys.readouterr().err


def test_waves_compares_two_files_and_names_a_question_one_does_not_have(put, tmp_path, capsys):
    before = put("2025.csv", ("use",), [("often",)] * 20 + [("never",)] * 80)
    after = put("2026.csv", ("use",), [("often",)] * 60 + [("never",)] * 40)
    out = tmp_path / "out.csv"
    assert ran("waves", before, after, "--question", "use", "--out", out) == 0
    often = next(one for one in rows_of(out) if one["category"] == "often")
    assert float(often["difference"]) == pytest.approx(0.4)
    assert float(often["low"]) > 0.25
    assert "2 of 2 shares changed by more than chance" in capsys.readouterr().err
    assert ran("waves", before, put("other.csv", ("uses",), [("often",)]), "--question", "use") == 1
    assert "no column use" in capsys.readouterr().err


def conversation():
    """Twenty people, eight statements, two camps."""
    return [
        (f"p{person}", str(statement), str((1 if person % 2 else -1) * (1 if statement < 6 or person % 3 else -1)))
        for person in range(20)
        for statement in range(8)
    ]


def test_opinions_writes_the_published_format(put, tmp_path, capsys):
    votes = put("votes.csv", ("participant", "statement", "reaction"), [*conversation(), ("late", "1", "1")])
    put("comments.csv", ("comment-id", "moderated"), [("0", "-1"), ("1", "1")])
    out = tmp_path / "out.json"
    assert ran("opinions", votes, "--out", out) == 0
    printed = json.loads(out.read_text("utf-8"))
    assert list(printed)[:6] == ["version", "participants", "statements", "groups", "assignments", "consensus"]
    assert (printed["version"], printed["participants"], printed["statements"]) == (1, 21, 8)
    sizes = [group["size"] for group in printed["groups"]]
    assert (sum(sizes), sizes) == (20, sorted(sizes, reverse=True))
    one = printed["groups"][0]["representative"][0]
    assert {"statement", "direction", "share_agree", "share_disagree", "p_value"} <= set(one)
    assert one["statement"] != "0"  # comments.csv beside the file took it out
    assert printed["assignments"][-1]["participant"] == "late"
    assert printed["assignments"][-1]["group"] is None
    assert "groups of 20 among 21 participants" in capsys.readouterr().err


def test_opinions_are_the_same_under_any_hash_seed_and_order_of_rows(put, tmp_path):
    rows = conversation()
    here, there = tmp_path / "here.json", tmp_path / "there.json"
    assert ran("opinions", put("votes.csv", ("participant", "statement", "reaction"), rows), "--out", here) == 0
    turned = put("turned.csv", ("participant", "statement", "reaction"), rows[::-1])
    command = [sys.executable, "-m", "analysis", "opinions", str(turned), "--out", str(there)]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"PYTHONHASHSEED": "7"})
    found = [json.loads(path.read_text("utf-8")) for path in (here, there)]
    for one in found:
        one["assignments"].sort(key=lambda place: place["participant"])
    assert found[0] == found[1]


def test_opinions_refuses_by_row_and_leaves_no_file(put, tmp_path, capsys):
    out = tmp_path / "out.json"
    votes = put("votes.csv", ("participant", "statement", "reaction"), [("a", "1", "yes")])
    assert ran("opinions", votes, "--out", out) == 1
    assert "votes.csv: Row 1: yes as the reaction to 1" in capsys.readouterr().err
    good = put("good.csv", ("participant", "statement", "reaction"), conversation())
    assert ran("opinions", good, "--moderation", votes, "--out", out) == 1
    assert "votes.csv: The moderation file needs the columns comment-id" in capsys.readouterr().err
    put("comments.csv", ("id", "text"), [("1", "More benches")])
    assert ran("opinions", good, "--out", out) == 0
    assert "comments.csv has no column moderated: no statement is taken out" in capsys.readouterr().err
    empty = put("empty.csv", ("participant", "statement", "reaction"), [])
    assert ran("opinions", empty, "--out", out) == 0
    assert json.loads(out.read_text("utf-8"))["groups"] == []


def test_every_command_has_help_with_an_example(capsys):
    for name in ("rake", "crosstab", "waves", "opinions"):
        with pytest.raises(SystemExit) as stopped:
            ran(name, "--help")
        assert stopped.value.code == 0
        assert f"example: python -m analysis {name}" in " ".join(capsys.readouterr().out.split())


def test_a_cell_that_a_spreadsheet_would_run_is_guarded_and_comes_back(put, tmp_path, capsysbinary):
    sample = put("sample.csv", ("use", "sex"), [("=1+1", "f"), ("never", "m")])
    assert ran("crosstab", sample, "--row", "use", "--col", "sex") == 0
    printed = capsysbinary.readouterr().out
    assert b"'=1+1" in printed
    assert ("=1+1") in {row[1] for row in read_table(printed).rows}
    assert next(csv.reader(io.StringIO(printed.decode("utf-8-sig"))))[0] == "row_question"


def test_a_link_named_as_out_is_written_through_and_stays_a_link(put, sample, tmp_path):
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_text("")
    link.symlink_to(target)
    assert ran("crosstab", sample, "--row", "age", "--col", "sex", "--out", link) == 0
    assert link.is_symlink()
    assert rows_of(target)[0]["row"] == "old"
