"""`python -m analysis mask` and `fold` as a clerk with a CSV file would call them."""

import json
import signal
import subprocess
import sys

import pytest

from analysis.cli import main
from analysis.tabular import read_table, write_csv

ROWS = [
    [
        "r1",
        "緑町の図書館を閉める計画に反対します。車のない人には歩いて行けるただ一つの施設です。田中花子と申します。",
        "m1",
    ],
    [
        "r2",
        "緑町の図書館を閉める計画に反対します。車のない人には歩いて行けるただ一つの施設です。鈴木一郎と申します。",
        "m2",
    ],
    ["r3", "緑町の図書館を閉める計画に反対します。車のない人には歩いて行けるただ一つの施設です。", "m2"],
    ["r4", "席を増やして", ""],
    ["r5", "席を　増やして。", ""],
    ["r6", "", ""],
    ["r7", "電話は０９０－１２３４－５６７８です🎉", ""],
]


@pytest.fixture
def answers(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_bytes(b"".join(write_csv(["受付番号", "意見", "会員"], ROWS)))
    return path


def run(command, path, out, *options):
    return main([command, str(path), "--text", "意見", "--id", "受付番号", "--out", str(out), *options])


def test_masks_are_listed_with_kind_span_and_rule(answers, tmp_path):
    out = tmp_path / "masks.json"
    assert run("mask", answers, out) == 0
    found = json.loads(out.read_text("utf-8"))
    assert (found["version"], found["documents"], found["kinds"]) == (1, 7, {"name": 2, "phone": 1})
    assert [each["id"] for each in found["masked"]] == ["r1", "r2", "r7"]
    assert found["masked"][2] == {"id": "r7", "kinds": ["phone"], "spans": [[3, 16]], "rules": ["phone.domestic"]}


def test_a_column_of_texts_named_twice_counts_the_same_people(answers, tmp_path):
    once, twice = tmp_path / "once.json", tmp_path / "twice.json"
    assert run("fold", answers, once, "--person", "会員") == 0
    assert run("fold", answers, twice, "--person", "会員", "--text", "意見") == 0
    assert once.read_bytes() == twice.read_bytes()
    assert json.loads(once.read_text("utf-8"))["folds"][0]["people"] == 2


def test_a_masked_table_hides_what_was_found_and_nothing_else(answers, tmp_path):
    out = tmp_path / "masked.csv"
    assert run("mask", answers, out) == 0
    table = read_table(out)
    assert table.headers == ("id", "text", "kinds")
    assert table.rows[6] == ("r7", "電話は〔電話番号〕です🎉", "phone")
    assert [row[:2] for row in table.rows[2:6]] == [tuple(row[:2]) for row in ROWS[2:6]]


def test_copies_are_counted_with_people_and_names_in_the_slots_are_hidden(answers, tmp_path):
    out = tmp_path / "folds.json"
    assert run("fold", answers, out, "--person", "会員") == 0
    found = json.loads(out.read_text("utf-8"))
    assert (found["documents"], found["empty"], found["distinct"]) == (7, 1, 3)
    campaign, copy = found["folds"]
    assert (campaign["kind"], campaign["posts"], campaign["people"], len(campaign["members"])) == ("near", 3, 2, 3)
    assert campaign["template"][1]["slot"][0] == {"text": "〔氏名〕と申します。", "posts": 2}
    assert "田中" not in out.read_text("utf-8")
    assert (copy["members"], copy["kind"], copy["people"]) == (["r4", "r5"], "exact", None)


def test_a_folded_table_has_every_row_in_its_order(answers, tmp_path):
    out = tmp_path / "folds.csv"
    assert run("fold", answers, out) == 0
    rows = read_table(out).rows
    assert [row[0] for row in rows] == [row[0] for row in ROWS]
    assert rows[4] == ("r5", "r4", "exact", "2", "")
    assert rows[0][1:4] == ("r3", "near", "3")


def test_several_columns_and_files_number_on(answers, tmp_path):
    out = tmp_path / "folds.json"
    assert main(["fold", str(answers), "--text", "意見", "--text", "会員", "--person", "会員", "--out", str(out)]) == 0
    folds = json.loads(out.read_text("utf-8"))["folds"]
    assert ["2:会員", "3:会員"] in [each["members"] for each in folds]


@pytest.mark.parametrize("command", ["mask", "fold"])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file has no header row."),
        ("受付番号,ご意見\r\n1,a\r\n".encode(), "has no column 意見. Its columns are: 受付番号, ご意見."),
        ("受付番号,意見\r\n1\r\n".encode(), "Row 1, in line 2, has 1 cells instead of 2."),
        ("受付番号,意見\r\n1,a\r\n1,b\r\n".encode(), "1 ids occur more than once: 1."),
        ('受付番号,意見\r\n1,"a\r\n'.encode(), "a quotation mark is not closed"),
        ("受付番号,意見\r\n1,".encode() + b"\xff\xff\r\n", "line 2"),
        (None, "cannot be read"),
    ],
)
def test_bad_input_is_refused_with_a_sentence_and_leaves_nothing(tmp_path, capsys, command, content, reason):
    path, out = tmp_path / "answers.csv", tmp_path / "out.json"
    if content is not None:
        path.write_bytes(content)
    assert run(command, path, out) == 1
    message = capsys.readouterr().err
    assert reason in message
    assert "Traceback" not in message
    assert list(tmp_path.iterdir()) == [path] * (content is not None)


@pytest.mark.parametrize("command", ["mask", "fold"])
@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["席"],
        ["席", "席", "席"],
        ["", "", ""],
        ["あ" * 200_000],
        ["😀\x00\x07", "‏ا"],
        ["席が狭い", "Too few seats"],
    ],
)
def test_what_has_nothing_to_find_is_done_all_the_same(tmp_path, command, texts):
    path, out = tmp_path / "answers.csv", tmp_path / "out.json"
    path.write_bytes(b"".join(write_csv(["受付番号", "意見"], [[str(n), text] for n, text in enumerate(texts)])))
    assert run(command, path, out) == 0
    assert json.loads(out.read_text("utf-8"))["documents"] == len(texts)


def test_cp932_is_read(tmp_path):
    path, out = tmp_path / "answers.csv", tmp_path / "out.json"
    path.write_bytes("受付番号,意見\r\n1,髙橋さん①\r\n".encode("cp932"))
    assert run("mask", path, out) == 0
    assert json.loads(out.read_text("utf-8"))["masked"][0]["spans"] == [[0, 2]]


@pytest.mark.parametrize("options", [["--out", "out.xlsx"], ["--out", "out"], ["--out", "o.json", "--topics", "3"]])
def test_misuse_is_exit_2(answers, options, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["mask", str(answers), "--text", "意見", *options])
    assert stopped.value.code == 2
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["mask", "fold"])
def test_help_shows_an_example_that_is_in_the_docs_too(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert f"example: python -m analysis {command} answers.csv" in " ".join(capsys.readouterr().out.split())


def test_stopped_in_the_middle_it_leaves_no_file(tmp_path):
    path, out = tmp_path / "answers.csv", tmp_path / "out.json"
    rows = ([str(number), f"図書館の席が{number}足りません。" * 9] for number in range(20_000))
    path.write_bytes(b"".join(write_csv(["受付番号", "意見"], rows)))
    command = [sys.executable, "-m", "tests.analysis.hearing", "mask", str(path), "--text", "意見", "--out", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert json.loads(process.stderr.readline())["step"] == "mask"
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert "Stopped. Nothing was written." in process.stderr.read()
    assert list(tmp_path.iterdir()) == [path]
