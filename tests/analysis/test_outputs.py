"""Where a command may write is asked before it reads anything: no command works for an output that cannot be."""

import argparse
import os
from pathlib import Path

import pytest

from analysis import cli, terminal
from analysis.cli import main
from analysis.terminal import Refused, refuse_before_work

COMMENTS = "in.csv --text text"
LINES = {
    "card": "in.csv --out OUT --html ALSO",
    "compare": "in.csv in.csv --out OUT",
    "crosstab": "in.csv --row a --col b --tests ALSO --tables TABLES --out OUT",
    "disclosure": "in.csv --policy in.csv --out OUT",
    "fold": f"{COMMENTS} --out OUT.csv",
    "join": f"in.csv {COMMENTS} --out OUT",
    "mask": f"{COMMENTS} --out OUT.csv",
    "opinions": "in.csv --out OUT",
    "rake": "in.csv in.csv --standing ALSO --out OUT",
    "research-file": "in.csv --plan in.csv --codebook ALSO --out OUT",
    "topics": f"{COMMENTS} --profile PROFILE --html ALSO --out OUT",
    "waves": "in.csv in.csv --question a --out OUT",
}
"""A line for each command that writes; `in.csv` is no input any of them could read."""


@pytest.fixture(autouse=True)
def desk(tmp_path, monkeypatch):
    """The present folder: an input that no command can read, and nothing else."""
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_bytes(b"\xff")
    return tmp_path


def refused(capsys, command, line):
    assert main([command, *line.split()]) == 1
    said = capsys.readouterr()
    assert [path.name for path in Path.cwd().iterdir()] == ["in.csv"]
    assert Path("in.csv").read_bytes() == b"\xff"
    return said.err


def test_every_command_that_writes_is_in_this_test():
    [commands] = [one for one in cli.parser()._actions if isinstance(one, argparse._SubParsersAction)]
    writing = {name for name, parser in commands.choices.items() if parser.get_default("outputs")}
    assert writing == set(LINES)


@pytest.mark.parametrize("command", LINES)
def test_an_output_that_cannot_be_written_is_refused_before_the_work(capsys, command):
    assert "there is no folder nowhere" in refused(capsys, command, LINES[command].replace("OUT", "nowhere/OUT"))
    assert "File name too long" in refused(capsys, command, LINES[command].replace("OUT", "o" * 300))


@pytest.mark.parametrize("command", LINES)
def test_an_output_that_is_also_read_is_refused(capsys, command):
    line = LINES[command].replace("OUT.csv", "in.csv").replace("OUT", "./in.csv")
    assert "in.csv is also read. Give the output another name." in refused(capsys, command, line)


@pytest.mark.parametrize("command", [name for name, line in LINES.items() if "ALSO" in line])
def test_two_outputs_of_one_name_are_refused(capsys, command):
    assert "named for two outputs" in refused(capsys, command, LINES[command].replace("ALSO", "OUT"))


def test_the_moderation_that_lies_beside_the_reactions_is_not_written_over(capsys):
    Path("comments.csv").write_bytes(b"comment-id,moderated\r\n1,-1\r\n")
    assert main(["opinions", "in.csv", "--out", "comments.csv"]) == 1
    assert "comments.csv is also read" in capsys.readouterr().err
    assert Path("comments.csv").read_bytes() == b"comment-id,moderated\r\n1,-1\r\n"


def test_trying_an_output_leaves_what_was_there_and_nothing_beside_it(desk):
    (desk / "out.csv").write_text("before")
    refuse_before_work([desk / "in.csv"], [desk / "out.csv", desk / "new.csv", Path("/dev/null")])
    assert (desk / "out.csv").read_text() == "before"
    assert sorted(path.name for path in desk.iterdir()) == ["in.csv", "out.csv"]


def test_a_link_to_what_nobody_may_write_is_refused(desk, monkeypatch):
    (desk / "in.csv").chmod(0o400)
    (desk / "link").symlink_to("in.csv")
    monkeypatch.setattr(terminal.os, "access", lambda path, mode: not mode & os.W_OK)  # as for whoever is not root
    with pytest.raises(Refused, match="link cannot be written: Permission denied"):
        refuse_before_work([], [desk / "link"])
