"""`python -m analysis topics` as another municipality's script would call it."""

import json
import os
import subprocess
import sys

import pytest

from analysis.cli import main
from analysis.inputs import read_comments
from analysis.tabular import write_csv
from analysis.terminal import Refused
from tests.analysis.comments import JAPANESE


@pytest.fixture
def survey(tmp_path):
    """A file with an id, two questions and an empty cell or two."""
    path = tmp_path / "answers.csv"
    rows = [[f"r{number}", text, ""] for number, text in enumerate(JAPANESE)]
    rows[0][2] = "図書館の本が古い。"
    path.write_bytes(b"".join(write_csv(["受付番号", "意見", "ほかに"], rows)))
    return path


def command(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "analysis", "topics", *map(str, arguments)],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        check=False,
    )


def test_the_same_input_gives_the_same_bytes_under_any_hash_seed_and_thread_count(survey, tmp_path):
    outs = [tmp_path / "first.json", tmp_path / "second.json"]
    for out, environment in zip(outs, ({"PYTHONHASHSEED": "1"}, {"OMP_NUM_THREADS": "2", "LC_ALL": "C"}), strict=True):
        found = command(survey, "--text", "意見", "--id", "受付番号", "--out", out, **environment)
        assert found.returncode == 0, found.stderr
    first, second = (out.read_bytes() for out in outs)
    assert first == second
    lines = [json.loads(line) for line in found.stderr.splitlines()]
    assert lines[-1]["done"] == lines[-1]["total"]
    assert all(set(line) == {"done", "total", "step"} for line in lines)


def test_the_method_itself_does_not_depend_on_the_hash_seed():
    program = (
        "from analysis.output import to_json\nfrom analysis.text import Comment\nfrom analysis.topics import analyse\n"
        "from tests.analysis.comments import JAPANESE\n"
        "print(to_json(analyse([Comment(str(i), text) for i, text in enumerate(JAPANESE)])))"
    )
    pins = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    printed = [
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            env=os.environ | pins | {"PYTHONHASHSEED": seed},
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert printed[0] == printed[1]


def test_rows_are_numbered_on_over_all_files_and_several_columns_name_themselves(survey, tmp_path):
    second = tmp_path / "second.csv"
    second.write_bytes(survey.read_bytes())
    ids = [comment.id for comment in read_comments([survey, second], ["意見", "ほかに"], None)]
    assert ids[:3] == ["1:意見", "1:ほかに", "2:意見"]
    assert ids[-1] == f"{2 * len(JAPANESE)}:ほかに"
    assert [comment.id for comment in read_comments([survey], ["意見"], "受付番号")][:2] == ["r0", "r1"]


def test_repeated_ids_are_refused_with_the_first_ten(tmp_path, capsys):
    path = tmp_path / "answers.csv"
    path.write_bytes(b"".join(write_csv(["id", "text"], [[f"n{i % 12}", "席"] for i in range(30)])))
    out = tmp_path / "out.json"
    assert main(["topics", str(path), "--text", "text", "--id", "id", "--out", str(out)]) == 1
    message = capsys.readouterr().err
    assert "n0, n1, n2, n3, n4, n5, n6, n7, n8, n9." in message
    assert "n10" not in message
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("content", "column", "reason"),
    [
        (b"id,text\r\n1,a\r\n", "comment", "has no column comment. Its columns are: id, text."),
        (b"id,text\r\n1\r\n", "text", "Row 1, in line 2, has 1 cells instead of 2."),
        (b"", "text", "The file has no header row."),
        (b"id,text\r\n1,\xff\xff\xff\r\n", "text", "line 2"),
        (None, "text", "cannot be read"),
    ],
)
def test_unusable_files_are_refused_with_a_sentence_and_leave_nothing(tmp_path, capsys, content, column, reason):
    path, out = tmp_path / "answers.csv", tmp_path / "out.json"
    if content is not None:
        path.write_bytes(content)
    assert main(["topics", str(path), "--text", column, "--out", str(out)]) == 1
    message = capsys.readouterr().err
    assert reason in message
    assert "Traceback" not in message
    assert not out.exists()


def test_files_with_different_columns_are_refused(tmp_path):
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_bytes(b"id,text\r\n1,a\r\n")
    second.write_bytes(b"id,comment\r\n1,a\r\n")
    with pytest.raises(Refused, match="does not have the same columns"):
        read_comments([first, second], ["text"], None)


def test_cp932_is_read(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_bytes("番号,意見\r\n1,髙い①\r\n".encode("cp932"))
    assert [comment.text for comment in read_comments([path], ["意見"], "番号")] == ["髙い①"]


@pytest.mark.parametrize(
    "options",
    [
        ["--topics", "0"],
        ["--topics", "few"],
        ["--seed", "-1"],
        ["--seed", "4294967296"],
        ["--language", "fr"],
        ["--new"],
    ],
)
def test_misuse_is_exit_2(survey, tmp_path, options, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["topics", str(survey), "--text", "意見", "--out", str(tmp_path / "out.json"), *options])
    assert stopped.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_an_output_folder_that_is_not_there_is_refused(survey, tmp_path, capsys):
    out = tmp_path / "missing" / "out.json"
    assert main(["topics", str(survey), "--text", "ほかに", "--out", str(out)]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_a_column_of_empty_answers_is_done_without_topics(tmp_path):
    path, out = tmp_path / "answers.csv", tmp_path / "out.json"
    path.write_bytes(b"".join(write_csv(["id", "text"], [["1", ""], ["2", ""]])))
    assert main(["topics", str(path), "--text", "text", "--out", str(out)]) == 0
    found = json.loads(out.read_text("utf-8"))
    assert found["topics"] == []
    assert [each["place"] for each in found["assignments"]] == ["unassigned", "unassigned"]


def test_help_shows_an_example(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["topics", "--help"])
    assert stopped.value.code == 0
    assert "example: python -m analysis topics" in capsys.readouterr().out
