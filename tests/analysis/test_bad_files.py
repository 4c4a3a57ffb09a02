"""Whatever file is handed to a command: one sentence with the file, the row and what to do; exit 1; nothing written."""

import copy
import json
from functools import partial
from pathlib import Path

import pytest

from analysis.cli import main
from analysis.tabular import write_csv
from tests.analysis.comments import JAPANESE

HEADERS = ("id", "text", "age", "sex", "weight", "participant", "statement", "reaction")
MARGINS = b"variables,category,target\r\nage,young,0.5\r\nage,old,0.5\r\n"
WHOLE = [
    ("1", "図書館が遠い。", "young", "f", "1", "p", "s", "1"),
    ("2", "The pool is cold.", "old", "m", "2", "q", "s", "-1"),
]
CSV_LINES = {
    "crosstab": "BAD --row age --col sex --tests TESTS --out OUT",
    "fold": "BAD --text text --id id --out OUT.csv",
    "join": "profile.json BAD --text text --id id --out OUT",
    "mask": "BAD --text text --id id --out OUT.json",
    "opinions": "BAD --out OUT",
    "rake": "BAD margins.csv --base w --out OUT --standing STANDING",
    "research-file": "BAD --plan plan.json --codebook BOOK --out OUT",
    "topics": "BAD --text text --id id --out OUT --html PAGE",
    "verify": "run.json BAD --text text --id id",
    "waves": "good.csv BAD --question age --weights weight --out OUT",
}
"""A line for each command that reads rows."""


def rows(*lines):
    return b"".join(write_csv(HEADERS, lines))


UNREADABLE = {
    "empty": (b"", "has no header row. Write the names of the columns into the first row."),
    "ragged": (rows(*WHOLE) + b"3,a\r\n", "Row 3, in line 4, has 2 cells instead of 8. Look for a comma too many"),
    "open quotation": (rows(*WHOLE) + b'3,"a\r\n', "a quotation mark is not closed"),
    "no encoding": (rows(*WHOLE) + b"3,\xff\xff", "in line 4, cannot be read as utf-8-sig"),
    "workbook": (b"PK\x03\x04\x00", "is a workbook, not CSV. Open it and save it as CSV UTF-8."),
    "missing column": (b"x,y\r\n1,2\r\n", "columns are: x, y"),
    "no file": (None, "cannot be read: No such file or directory."),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What commands write and read, made once."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "good.csv").write_bytes(rows(*WHOLE))
    (folder / "margins.csv").write_bytes(MARGINS)
    plan = {"attributes": [{"column": "age", "levels": [{"young": "any", "old": "any"}]}], "sensitive": ["sex"], "k": 2}
    (folder / "plan.json").write_text(json.dumps(plan | {"l": 1}), "utf-8")
    (folder / "decided.json").write_text(json.dumps(DECIDED), "utf-8")
    texts = [(str(number), text) for number, text in enumerate(JAPANESE[:24])]
    (folder / "texts.csv").write_bytes(b"".join(write_csv(["id", "text"], texts)))
    made = partial(str.format, "{0}/{1}", folder)
    line = ["topics", made("texts.csv"), "--text", "text", "--id", "id", "--topics", "3", "--out", made("run.json")]
    assert main([*line, "--profile", made("profile.json")]) == 0
    (folder / "tables.json").write_text(json.dumps(TABLES), "utf-8")
    assert main(["disclosure", made("tables.json"), "--out", made("release.json")]) == 0
    return folder


@pytest.fixture
def desk(made, tmp_path, monkeypatch):
    """A folder of one's own with those files."""
    for path in made.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(capsys, command, line):
    """The sentence with which a command refuses, of one line; nothing is written."""
    before = {path.name: path.read_bytes() for path in Path.cwd().iterdir()}
    assert main([command, *line.split()]) == 1, line
    assert {path.name: path.read_bytes() for path in Path.cwd().iterdir()} == before
    said = [one for one in capsys.readouterr().err.splitlines() if not one.startswith('{"done"')]
    assert len(said) == 1
    return said[0]


@pytest.mark.parametrize("case", UNREADABLE)
@pytest.mark.parametrize("command", CSV_LINES)
def test_a_table_that_cannot_be_read_is_refused_with_a_sentence(desk, capsys, command, case):
    content, sentence = UNREADABLE[case]
    if content is not None:
        (desk / "bad.csv").write_bytes(content)
    said = refused(capsys, command, CSV_LINES[command].replace("BAD", "bad.csv"))
    assert sentence in said
    assert said.startswith("bad.csv")


BAD_ROWS = [
    (
        "crosstab",
        "--row age --col sex --weights weight",
        ("3", "c", "old", "m", "nan"),
        "row 3: 'nan' in column weight",
    ),
    ("crosstab", "--row sex --number weight", ("3", "c", "old", "m", "inf"), "row 3: 'inf' in column weight"),
    ("crosstab", "--row age --col sex --order sex=f|m", ("3", "c", "old", "x", "1"), "row 3: x is no answer to sex"),
    ("crosstab", "--row age --col sex --weights weight", ("3", "c", "old", "m", "-1"), "row 3"),
    ("fold", "--text text --id id", ("2", "c", "old", "m", "1"), "2 is in rows 2 and 3, counted over all files."),
    ("mask", "--text text --id id", (" ", "c", "old", "m", "1"), "row 3 has no id in column id. Give it one."),
    ("opinions", "", ("3", "c", "old", "m", "1", "r", "s", "nan"), "Row 3: nan as the reaction to s"),
    ("opinions", "", ("3", "c", "old", "m", "1", "", "s", "1"), "Row 3"),
    (
        "rake",
        "margins.csv --base w",
        ("3", "c", "old", "m", "nan"),
        "row 3: 'nan' in column w is not a number",
    ),
    (
        "rake",
        "margins.csv",
        ("3", "c", "middle", "m", "1"),
        "Row 3 of the sample: age is middle, and the margins give no",
    ),
    ("rake", "sums.csv", ("3", "c", "old", "m", "1"), "The shares of age sum to 0.9, not to 1. Correct the margins."),
    (
        "waves",
        "good.csv --question age --weights weight",
        ("3", "c", "old", "m", "nan"),
        "row 3: 'nan' in column weight",
    ),
]


@pytest.mark.parametrize(("command", "options", "row", "sentence"), BAD_ROWS)
def test_a_row_that_cannot_be_used_is_named(desk, capsys, command, options, row, sentence):
    (desk / "sums.csv").write_bytes(MARGINS.replace(b"old,0.5", b"old,0.4"))
    whole = [*WHOLE, (*row, *("r", "s", "1"))[:8] if len(row) == 5 else row]
    headers = [name if command != "rake" else name.replace("weight", "w") for name in HEADERS]
    (desk / "bad.csv").write_bytes(b"".join(write_csv(headers, whole)))
    out = "OUT.csv"
    assert sentence in refused(capsys, command, f"bad.csv {options} --out {out}")


@pytest.mark.parametrize("option", ["--multiple wish", "--order wish=a|b", "--row ages", "--weights w", "--by sexes"])
def test_a_misspelt_column_is_refused_whatever_it_is_named_for(desk, capsys, option):
    said = refused(capsys, "crosstab", f"good.csv --row age --col sex --out OUT {option}")
    assert said.startswith(f"good.csv has no column {option.split()[1].split('=')[0]}. Its columns are: id, text, age")


def test_a_table_of_no_answers_is_refused(desk, capsys):
    (desk / "bad.csv").write_bytes(rows())
    assert "has no row under its header" in refused(capsys, "crosstab", "bad.csv --row age --col sex --out OUT")


def test_the_row_is_told_to_machines_as_a_number(desk, capsys):
    (desk / "bad.csv").write_bytes(rows(*WHOLE, (*WHOLE[0][:4], "nan", *WHOLE[0][5:])))
    assert main(["crosstab", "bad.csv", "--row", "age", "--col", "sex", "--weights", "weight", "--json"]) == 1
    assert [one["row"] for one in json.loads(capsys.readouterr().out)["errors"]] == [3]


def test_ten_thousand_labels_are_too_many_for_a_table_and_none_too_many_for_texts(desk, capsys):
    many = [(str(n), f"t{n}", f"v{n}", "f", "1", f"p{n}", f"s{n}", "1") for n in range(10_000)]
    (desk / "bad.csv").write_bytes(rows(*many).replace(b"weight", b"w"))
    for line in ("crosstab bad.csv --row age --col sex", "waves bad.csv bad.csv --question age"):
        command, rest = line.split(" ", 1)
        assert "10,000 different answers, too many for a table" in refused(capsys, command, f"{rest} --out OUT")
    assert "Row 1 of the sample: age is v0" in refused(capsys, "rake", "bad.csv margins.csv --base w --out OUT")
    assert main(["mask", "bad.csv", "--text", "age", "--id", "id", "--out", "OUT.csv"]) == 0


READABLE = {
    "one row": WHOLE[:1],
    "no row": [],
    "all alike": [(str(n), *WHOLE[0][1:5], f"p{n}", "s", "1") for n in range(30)],
    "all empty": [(str(n), "", "", "", "1", f"p{n}", "s", "") for n in range(30)],
    "200,000 characters": [("1", "a" * 200_000, *WHOLE[0][2:]), WHOLE[1]],
    "signs": [("😀", "\x00\x07\x1b[31m👨‍👩‍👧‍👦", "😀", "\x07", "1", "😀", "﷽", "1"), WHOLE[1]],
}
"""Whether it can be worked out depends on the command; none of it is a fault of the program."""


@pytest.mark.parametrize("case", READABLE)
def test_what_can_be_read_is_worked_out_or_refused(desk, capsys, case):
    (desk / "odd.csv").write_bytes(rows(*READABLE[case]))
    (desk / "rake.csv").write_bytes(rows(*READABLE[case]).replace(b"weight", b"w"))
    for command, line in CSV_LINES.items():
        of = "rake.csv" if command == "rake" else "odd.csv"
        code = main([command, *line.replace("BAD", of).split()])
        said = [one for one in capsys.readouterr().err.splitlines() if not one.startswith('{"done"')]
        written = {"OUT", "OUT.csv", "OUT.json"} & {path.name for path in desk.iterdir()}
        assert code == 0 or command == "verify" or said[0].endswith("."), command
        assert bool(written) == (code == 0 and command != "verify"), command
        for name in written:
            (desk / name).unlink()


def test_a_file_in_cp932_is_read_by_every_command(desk):
    japanese = [tuple(cell.replace("young", "若").replace("old", "老") for cell in row) for row in WHOLE]
    (desk / "old.csv").write_bytes("\r\n".join(map(",".join, [HEADERS, *japanese])).encode("cp932"))
    (desk / "good.csv").write_bytes(rows(*japanese))
    (desk / "margins.csv").write_bytes(MARGINS.replace(b"young", "若".encode()).replace(b"old", "老".encode()))
    (desk / "plan.json").write_text(json.dumps({"attributes": [{"column": "age"}], "k": 2, "l": 1}), "utf-8")
    header = (desk / "old.csv").read_bytes().replace(b"weight", b"w")
    (desk / "rake.csv").write_bytes(header)
    for command, line in CSV_LINES.items():
        of = "rake.csv" if command == "rake" else "old.csv"
        code = main([command, *line.replace("BAD", of).replace("--base w", "").split()])
        assert code == (1 if command == "verify" else 0), command


PLACES = [
    (["x", "u"], 3), (["x", "v"], 7), (["y", "u"], 9), (["y", "v"], 11), (["x", None], 10), (["y", None], 20),
    ([None, "u"], 12), ([None, "v"], 18), ([None, None], 30),
]  # fmt: skip
TABLES = {
    "version": 1,
    "policy": {"minimum_cell": 5, "dominance": [1, 80.0], "public": []},
    "tables": [
        {
            "name": "t",
            "axes": [{"variable": "a", "categories": ["x", "y"]}, {"variable": "b", "categories": ["u", "v"]}],
            "base": 30,
            "cells": [{"place": place, "count": count} for place, count in PLACES],
        }
    ],
}
JSON_LINES = [
    ("card", "BAD --out OUT", "run.json"),
    ("compare", "BAD run.json --out OUT", "run.json"),
    ("disclosure", "BAD --out OUT", "tables.json"),
    ("disclosure", "tables.json --earlier BAD --out OUT", "release.json"),
    ("disclosure-audit", "BAD", "release.json"),
    ("join", "BAD texts.csv --text text --out OUT", "profile.json"),
    ("research-file", "good.csv --plan BAD --codebook BOOK --out OUT", "plan.json"),
    ("verify", "BAD texts.csv --text text --id id", "run.json"),
    ("verify-tables", "BAD --sentences plan.json", "release.json"),
    ("topics", "texts.csv --text text --id id --constraints BAD --out OUT", "decided.json"),
]


@pytest.mark.parametrize(("command", "line", "_good"), JSON_LINES)
@pytest.mark.parametrize(
    "content", [b"", b"[", b"\xff", b"null", b"[]", b'"x"', b"{}", b"[" * 100_000, b"9" * 9_999, b"NaN"]
)
def test_a_file_that_is_not_what_the_command_reads_is_refused(desk, capsys, command, line, _good, content):
    (desk / "bad.json").write_bytes(content)
    assert refused(capsys, command, line.replace("BAD", "bad.json")).startswith("bad.json")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"a": "\\ud800"}', "bad.json has half a character, \\ud800. Write the character itself."),
        (b'{"\\udfff": 1}', "bad.json has half a character, \\udfff. Write the character itself."),
        (b"[1" + b"0" * 400 + b"]", "bad.json is not to be used: it has a number of 401 digits."),
        (b"[1e400]", "bad.json is not to be used: 1e400 in it is too large a number."),
    ],
)
@pytest.mark.parametrize(("command", "line", "_good"), JSON_LINES)
def test_what_could_not_be_written_back_or_counted_with_is_refused(
    desk, capsys, command, line, _good, content, sentence
):
    (desk / "bad.json").write_bytes(content)
    assert refused(capsys, command, line.replace("BAD", "bad.json")).startswith(sentence)


def test_a_sign_of_two_halves_and_the_mark_of_a_windows_editor_are_read(desk):
    decided = {"version": 1, "topics": [{"name": "😀", "comments": ["1", "2"]}]}
    (desk / "decided.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(decided).encode())
    line = "topics texts.csv --text text --id id --topics 3 --constraints decided.json --out OUT"
    assert main(line.split()) == 0
    assert "😀" in (desk / "OUT").read_text("utf-8")


DECIDED = {
    "version": 1,
    "must_link": [["1", "2"]],
    "cannot_link": [["1", "3"]],
    "topics": [{"name": "x", "comments": ["1", "2"]}],
}
ODD = {
    "decided.json": [
        (["must_link"], "1"),
        (["must_link", 0], ["1"]),
        (["cannot_link", 0], ["1", "2", "3"]),
        (["cannot_link", 0, 0], 1),
        (["topics", 0, "name"], " "),
        (["topics", 0, "comments"], {}),
        (["version"], 2),
    ],
    "run.json": [(["assignments", 3, "topic"], "99"), (["assignments", 3, "topic"], None), (["topics"], {}), (["masked"], 1)],
    "tables.json": [
        (["tables", 0, "name"], [[1]]),
        (["tables", 0, "axes", 0, "variable"], ["x"]),
        (["tables", 0, "axes", 0, "categories", 0], 1.5),
        (["tables", 0, "cells", 0, "place", 0], 1.5),
        (["policy", "minimum_cell"], None),
        (["policy", "public"], 3),
    ],
    "release.json": [
        (["policy"], []),
        (["policy", "minimum_cell"], None),
        (["policy", "dominance"], [1, ""]),
        (["tables", 0, "base"], {}),
        (["tables", 0, "cells", 0, "count"], ["x"]),
        (["tables", 0, "cells", 0, "place"], ["x"]),
        (["tables", 0, "axes", 0, "multiple"], {}),
    ],
    "profile.json": [(["rarity"], 0), (["outside"], ["x"]), (["least", "1"], None), (["topics", "1"], 1.5), (["rarest"], "1")],
    "plan.json": [(["attributes", 0, "levels", 0], 7), (["attributes", 0, "levels", 0, "old"], []), (["k"], "5"), (["k"], None)],
}  # fmt: skip


@pytest.mark.parametrize(
    ("command", "line", "path", "value"),
    [(command, line, *change) for command, line, good in JSON_LINES for change in [(good, one) for one in ODD[good]]],
)
def test_a_value_of_another_kind_is_refused_with_its_place(desk, capsys, command, line, path, value):
    keys, odd = value
    changed = copy.deepcopy(json.loads((desk / path).read_text("utf-8")))
    inside = changed
    for key in keys[:-1]:
        inside = inside[key]
    inside[keys[-1]] = odd
    (desk / "bad.json").write_text(json.dumps(changed), "utf-8")
    assert refused(capsys, command, line.replace("BAD", "bad.json")).startswith("bad.json")
