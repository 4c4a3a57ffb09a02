"""The shell around every command: whole files or none, progress, help, and refusals a person can act on."""

import io
import json
import os
import re
import runpy
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest

from analysis import cli, terminal
from analysis.cli import main
from analysis.tabular import write_csv
from analysis.terminal import Bar, Refused, refuse_before_work, write_all
from tests.analysis.comments import ENGLISH, JAPANESE


def rows(texts):
    return b"".join(write_csv(["id", "text"], [[str(number), text] for number, text in enumerate(texts, 1)]))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What `topics` writes of a small file with hostile, empty and mixed texts."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "answers.csv").write_bytes(
        rows([*JAPANESE[:30], *ENGLISH[:12], "<script>alert(1)</script>", "", "😀\x07"])
    )
    out, page = folder / "topics.json", folder / "topics.html"
    line = ["topics", str(folder / "answers.csv"), "--text", "text", "--id", "id", "--out", str(out)]
    assert main([*line, "--html", str(page), "--json"]) == 0
    return folder


def test_json_and_page_are_written_together_and_nothing_else(made):
    assert {path.name for path in made.iterdir()} == {"answers.csv", "topics.json", "topics.html"}
    page = (made / "topics.html").read_text("utf-8")
    assert "<script" not in page
    assert "日本語 31件、英語 13件" in page
    found = json.loads((made / "topics.json").read_text("utf-8"))
    assert len(found["assignments"]) == 45


def test_the_card_of_a_run_is_markdown_on_stdout_or_a_page(made, tmp_path, capsys):
    assert main(["card", str(made / "topics.json")]) == 0
    said = capsys.readouterr().out
    assert said.startswith("# 分析カード\n")
    assert "標本調査ではありません" in said
    page, text = tmp_path / "card.html", tmp_path / "card.md"
    line = ["card", str(made / "topics.json"), "--language", "en", "--html", str(page), "--out", str(text)]
    assert main(line) == 0
    assert "This is not a sample survey" in page.read_text("utf-8")
    assert text.read_text("utf-8").startswith("# Analysis card\n")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "line 1, is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "is not what topics writes (version 1)"),
        (b'{"version": 1}', "is not what topics writes (version 1)"),
        (None, "cannot be read"),
    ],
)
def test_a_card_of_anything_else_is_refused(tmp_path, capsys, content, reason):
    path, out = tmp_path / "run.json", tmp_path / "card.md"
    if content is not None:
        path.write_bytes(content)
    assert main(["card", str(path), "--out", str(out)]) == 1
    assert reason in capsys.readouterr().err
    assert not out.exists()


BAD = {
    "empty": (b"", "has no header row. Write the names of the columns into the first row."),
    "missing column": (b"id,txet\r\n1,a\r\n", "has no column text. Its columns are: id, txet. Did you mean txet?"),
    "repeated id": (b"id,text\r\n7,a\r\n8,b\r\n7,c\r\n", "7 is in rows 1 and 3, counted over all files. Give each row"),
    "no id": (b"id,text\r\n1,a\r\n ,b\r\n", "row 2 has no id in column id. Give it one."),
    "short row": (b"id,text\r\n1,a\r\n2\r\n", "Row 2, in line 3, has 1 cells instead of 2. Look for a comma too many"),
    "long row": (b"id,text\r\n1,a,b\r\n", "Row 1, in line 2, has 3 cells instead of 2."),
    "open quotation": (b'id,text\r\n1,"a\r\n2,b\r\n', "quotation mark is not closed"),
    "two columns of one name": (b"id,text,text\r\n1,a,b\r\n", "two columns text. Give each column a name of its own."),
    "column without a name": (b"id,,text\r\n1,a,b\r\n", "Column 2 has no name in the header row. Give every"),
    "neither encoding": (b"id,text\r\n1,\xff\xff\r\n", "in line 2, is neither UTF-8 nor CP932. Save the file as"),
    "workbook": (b"PK\x03\x04\x00", "is a workbook, not CSV. Open it and save it as CSV UTF-8."),
    "open quotation over everything": (b'id,text\r\n1,"' + b"a" * 1_000_001, "Is a quotation mark open?"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_sentence_that_says_where_and_what_to_do(tmp_path, capsys, case):
    content, sentence = BAD[case]
    path = tmp_path / "answers.csv"
    path.write_bytes(content)
    out, page = tmp_path / "out.json", tmp_path / "out.html"
    line = ["topics", str(path), "--text", "text", "--id", "id", "--out", str(out), "--html", str(page)]
    assert main(line) == 1
    said = capsys.readouterr().err
    assert sentence in said
    assert str(path) in said or case == "repeated id"
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == [path]


def test_a_refusal_is_problem_json_where_json_is_asked_for(tmp_path, capsys):
    path = tmp_path / "answers.csv"
    path.write_bytes(b"id,text\r\n1,a\r\n2\r\n")
    assert main(["topics", str(path), "--text", "text", "--out", str(tmp_path / "o.json"), "--json"]) == 1
    problem = json.loads(capsys.readouterr().out)
    assert problem["status"] == 422
    assert [error["row"] for error in problem["errors"]] == [2]


READABLE = {
    "one": ["図書館の席が足りない。"],
    "identical": ["図書館の席が足りない。"] * 30,
    "empty strings": ["", " ", "\n"],
    "no words": ["😀", "\x00\x07", "。。。", "なし"],
}


@pytest.mark.parametrize("case", READABLE)
def test_what_is_readable_but_cannot_be_grouped_gives_no_topic(tmp_path, case):
    path, out, page = (tmp_path / name for name in ("answers.csv", "out.json", "out.html"))
    path.write_bytes(rows(READABLE[case]))
    assert main(["topics", str(path), "--text", "text", "--out", str(out), "--html", str(page)]) == 0
    found = json.loads(out.read_text("utf-8"))
    assert found["topics"] == []
    assert [each["place"] for each in found["assignments"]] == ["unassigned"] * len(READABLE[case])
    assert "話題はありません" in page.read_text("utf-8")


def test_a_comment_of_200000_characters_is_read(tmp_path):
    path, out, page = (tmp_path / name for name in ("answers.csv", "out.json", "out.html"))
    path.write_bytes(rows(["a" * 200_000, "図書館が遠い。", "除雪車が来ない。"]))
    assert main(["topics", str(path), "--text", "text", "--out", str(out), "--html", str(page)]) == 0
    assert len(json.loads(out.read_text("utf-8"))["assignments"]) == 3
    assert page.stat().st_size < 100_000


def test_half_a_character_is_refused_where_an_encoding_lets_it_pass(tmp_path, capsys):
    path, out = tmp_path / "answers.csv", tmp_path / "out.json"
    path.write_bytes(b"id,text\n1,a\n2,+2D0-\n")
    assert main(["topics", str(path), "--text", "text", "--encoding", "utf-7", "--out", str(out)]) == 1
    assert "in line 3, cannot be read as utf-7" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--encoding=nonsense", "--seed=x"])
def test_a_wrong_option_is_misuse(tmp_path, option):
    with pytest.raises(SystemExit) as stopped:
        main(["topics", "x.csv", "--text", "text", "--out", "o.json", option])
    assert stopped.value.code == 2


def test_an_output_that_could_not_be_written_is_refused_before_the_work(tmp_path):
    source = tmp_path / "answers.csv"
    source.write_bytes(b"")
    fine = tmp_path / "new.json"
    refuse_before_work([source], [fine])
    for outputs, reason in (
        ([source], "is also read"),
        ([tmp_path], "it is a folder"),
        ([tmp_path / "missing" / "out.json"], "there is no folder"),
        ([fine, fine], "two outputs"),
    ):
        with pytest.raises(Refused, match=reason):
            refuse_before_work([source], outputs)


def test_of_several_files_none_is_written_when_one_cannot_be(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text("before")
    with pytest.raises(Refused, match="inside cannot be written"):
        write_all({first: "after", second / "inside": "x"})
    assert first.read_text() == "before"
    assert list(tmp_path.iterdir()) == [first]
    write_all({first: "after", second: "x"})
    assert (first.read_text(), second.read_text()) == ("after", "x")


def too_large(options):
    raise MemoryError


def test_too_little_memory_is_said_in_a_sentence(monkeypatch, capsys):
    """As when the system ends a process of a run."""
    hungry = SimpleNamespace(add=lambda commands: terminal.add_command(commands, "eat", too_large, "Eat.", "eat", ()))
    monkeypatch.setitem(sys.modules, "hungry", hungry)
    monkeypatch.setattr(cli, "_FAMILIES", {"hungry": ["eat"]})
    assert main(["eat"]) == 1
    assert capsys.readouterr().err.startswith("There is not enough memory for this. Nothing was written.")


def test_an_interruption_leaves_no_file(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_bytes(rows(f"{text} {number}" for number in range(60) for text in JAPANESE[:48]))
    line = [sys.executable, "-m", "tests.analysis.hearing", "topics", str(path), "--text", "text"]
    outputs = ["--out", str(tmp_path / "o.json"), "--html", str(tmp_path / "o.html")]
    with subprocess.Popen([*line, *outputs], stderr=subprocess.PIPE, text=True, start_new_session=True) as child:
        assert child.stderr is not None
        assert json.loads(child.stderr.readline())["done"] == 1
        os.killpg(child.pid, signal.SIGINT)  # as a terminal sends Ctrl-C to every process
        said = child.stderr.read()
    assert child.returncode == 130
    assert said.splitlines()[-1] == "Stopped. Nothing was written."
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == [path]


def test_an_interruption_while_files_take_their_names_comes_too_late(made, tmp_path, monkeypatch, capsys):
    """Several outputs are all there or none; "nothing was written" is never said beside a file."""
    replace = os.replace

    def interrupted(part, path):
        replace(part, path)
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(os, "replace", interrupted)
    outputs = [tmp_path / "card.md", tmp_path / "card.html"]
    line = ["card", str(made / "topics.json"), "--out", str(outputs[0]), "--html", str(outputs[1])]
    before = signal.getsignal(signal.SIGINT)
    assert main(line) == 0
    assert sorted(tmp_path.iterdir()) == sorted(outputs)
    assert capsys.readouterr().err == ""
    assert signal.getsignal(signal.SIGINT) is before


def test_an_interruption_during_the_start_is_heard_after_it(tmp_path, made):
    """As a terminal sends it while modules are still read: a sentence and no traceback."""
    line = [sys.executable, "-m", "analysis", "card", str(made / "topics.json"), "--out", str(tmp_path / "card.md")]
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # the child starts with it
    try:
        with subprocess.Popen(line, stderr=subprocess.PIPE, text=True) as child:
            assert child.stderr is not None
            child.send_signal(signal.SIGINT)
            assert child.stderr.read() == "Stopped. Nothing was written.\n"
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    assert child.returncode == 130
    assert list(tmp_path.iterdir()) == []


def test_the_start_holds_an_interruption_until_somebody_can_hear_it(monkeypatch):
    held = []

    def stop(*_):
        held.append(signal.pthread_sigmask(signal.SIG_BLOCK, []))
        raise SystemExit

    monkeypatch.setattr(os, "execve", stop)
    monkeypatch.setenv("PYTHONHASHSEED", "1")
    try:
        with pytest.raises(SystemExit):
            runpy.run_module("analysis", run_name="__main__")
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    assert held == [{signal.SIGINT}]


def test_the_bar_fills_up_and_says_how_long_it_will_take():
    stream, seconds = io.StringIO(), iter([0.0, 1.0, 10.0, 100.0, 400.0])
    bar = Bar(stream, lambda: next(seconds))
    for done in (1, 10, 20, 40):
        bar(done, 40, "read")
    shown = [line.strip() for line in stream.getvalue().split("\r")[1:]]
    assert shown[0].endswith("2 %  read")
    assert shown[1].endswith("25 %  about 30 s left  read")
    assert shown[2].endswith("50 %  about 100 s left  read")
    assert shown[3] == f"[{'#' * 24}] 100 %  read"
    assert stream.getvalue().endswith("\n")


def test_json_lines_stand_in_for_the_bar_where_no_person_looks(capsys):
    terminal.progress()(1, 2, "read")
    assert json.loads(capsys.readouterr().err) == {"done": 1, "total": 2, "step": "read"}


def test_whatever_takes_long_says_how_far_it_is(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    votes = [(f"p{person}", f"s{one}", (person + one) % 2) for person in range(30) for one in range(8)]
    (tmp_path / "votes.csv").write_bytes(b"".join(write_csv(["participant", "statement", "reaction"], votes)))
    (tmp_path / "texts.csv").write_bytes(rows(JAPANESE[:24]))
    (tmp_path / "ages.csv").write_bytes(
        b"".join(write_csv(["age"], [[["young", "old"][n % 2]] for n in range(60_000)]))
    )
    (tmp_path / "margins.csv").write_text("variables,category,target\nage,young,.5\nage,old,.5\n")
    lines = {
        "topics texts.csv --text text --topics 3 --profile p.json --out o.json": "read",
        "join p.json texts.csv --text text --out j.json": "join",
        "mask texts.csv --text text --out m.csv": "mask",
        "fold texts.csv --text text --out f.csv": "fold",
        "opinions votes.csv --out g.json": "resample",
        "rake ages.csv margins.csv --out r.csv": "read",
        "crosstab ages.csv --row age --number age --out c.csv": "read",
    }
    for line, step in lines.items():
        main(line.split())
        told = [json.loads(one) for one in capsys.readouterr().err.splitlines() if one.startswith("{")]
        last = [one for one in told if one["step"] == step][-1]
        assert last["done"] == last["total"] > 0 or step == "read", line


def test_with_json_every_command_that_writes_names_what_it_wrote(made, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    votes = [(f"p{person}", f"s{one}", (person + one) % 2) for person in range(30) for one in range(8)]
    (tmp_path / "votes.csv").write_bytes(b"".join(write_csv(["participant", "statement", "reaction"], votes)))
    (tmp_path / "ages.csv").write_text("age\nyoung\nold\n")
    (tmp_path / "margins.csv").write_text("variables,category,target\nage,young,.4\nage,old,.6\n")
    (tmp_path / "texts.csv").write_bytes(rows(JAPANESE[:24]))
    lines = {
        "topics texts.csv --text text --topics 3 --profile p.json --out o.json": {"topics": 3},
        "join p.json texts.csv --text text --out j.json": {"run_anew": False},
        "compare o.json o.json --out c.json": {"moved": 0, "stayed": 24},
        "mask texts.csv --text text --out m.csv": {"documents": 24, "masked": 0},
        "fold texts.csv --text text --out f.csv": {"distinct": 24},
        "opinions votes.csv --out g.json": {"participants": 30, "groups": 2, "stable": True},
        "rake ages.csv margins.csv --standing s.csv --out r.csv": {"respondents": 2, "at_limit": 0, "missed": []},
    }
    for line, figures in lines.items():
        assert main([*line.split(), "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert {name: said[name] for name in figures} == figures, line
        assert all((tmp_path / path).exists() for path in said["written"])
        assert said["written"], line
    assert main(["rake", "ages.csv", "margins.csv", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["detail"].startswith("--json needs --out")


def test_every_command_has_help_with_an_example_that_its_own_parser_takes(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    commands = re.findall(r"^ {4}([a-z-]+)", capsys.readouterr().out, re.M)
    assert {"card", "topics"} <= set(commands)
    for name in commands:
        with pytest.raises(SystemExit) as stopped:
            main([name, "--help"])
        assert stopped.value.code == 0
        example = " ".join(capsys.readouterr().out.partition("example: python -m analysis ")[2].split())
        assert example.startswith(f"{name} ")
        assert cli.parser().parse_args(example.split()).run


def test_a_reader_that_goes_away_is_no_fault(made):
    line = f"{sys.executable} -m analysis card {made / 'topics.json'} | head -1"
    done = subprocess.run(
        line, shell=True, capture_output=True, text=True, env=os.environ | {"LC_ALL": "C"}, check=True
    )
    assert done.stdout == "# 分析カード\n"
    assert done.stderr == ""
