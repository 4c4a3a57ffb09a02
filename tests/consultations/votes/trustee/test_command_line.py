"""The command line as a clerk meets it."""

import getpass
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from consultations.votes.belenios.opened import read_opened
from consultations.votes.offline import checks, commands, files, keyfiles, passphrases, practice
from consultations.votes.offline import progress as progress_words
from consultations.votes.offline.sentences import Said
from consultations.votes.protocol.encoding import canonical, read
from consultations.votes.trustee import (
    backup,
    ceremony,
    decrypting,
    dryrun,
    inspecting,
    keyfile,
    meeting,
    page,
    words,
)
from consultations.votes.trustee.__main__ import main
from tests.factories.trustees import Trustees, closed

COMMANDS = ("keygen", "ceremony", "backup", "restore", "rehearse", "decrypt", "inspect", "dry-run")
ROOT = Path(__file__).resolve().parents[4]


def helped(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_the_help_shows_the_whole_ceremony(capsys: pytest.CaptureFixture[str]) -> None:
    said = helped(capsys, "--help")
    for command in COMMANDS:
        assert f"consultations.votes.trustee {command}" in said or command == "inspect"
    assert said.startswith("使い方: ")
    assert "--begin" in said


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_both_languages(capsys: pytest.CaptureFixture[str], command: str) -> None:
    japanese, english = helped(capsys, command, "-h"), helped(capsys, command, "-h", "--language", "en")
    assert "オプション" in japanese
    assert "usage: " in english
    assert english.isascii()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["keygen"], "次の指定が要ります: --out"),
        (["keygen", "--out"], "--out の後に値が要ります"),
        (["keygen", "--out", "k", "--loud"], "知らない指定です: --loud"),
        (["fly"], "COMMAND に 'fly' は選べません"),
        (["ceremony", "x", "--key", "k", "--trustees", "many"], "--trustees に 'many' は使えません"),
        (["keygen", "--out", "k", "--language", "fr"], "--language に 'fr' は選べません"),
        ([], "次の指定が要ります: COMMAND"),
    ],
)
def test_a_line_that_makes_no_sense_ends_with_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str) -> None:
    line = ["decrypt", str(tmp_path / "b"), "--key", str(tmp_path / "k"), "--out", "s", "--language", language]
    assert main(line) == 1
    said = capsys.readouterr().err
    assert (
        said
        == {
            "ja": f"{tmp_path / 'b'} が見つかりません。\n",
            "en": f"{tmp_path / 'b'} is not there.\n",
        }[language]
    )


def test_a_folder_that_does_not_take_files_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trustees = Trustees(tmp_path, 1)
    assert trustees.run("keygen", "--out", tmp_path / "no" / "k.json") == 1
    assert "を扱えません" in capsys.readouterr().err


def test_ctrl_c_stops_with_a_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(prompt: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(getpass, "getpass", interrupted)
    assert main(["keygen", "--out", str(tmp_path / "k")]) == 130
    assert "中止しました" in capsys.readouterr().err
    assert not (tmp_path / "k").exists()


@pytest.mark.parametrize("command", ["keygen", "restore"])
def test_nobody_thinks_up_a_passphrase_for_a_file_that_cannot_be_made(
    met: Trustees, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """The refusal comes before any question; here nothing could answer one."""
    line = [command, "--out", met.file(1)]
    line += ["--public", met.stick / "ceremony.json"] if command == "restore" else []
    assert met.run(*line, passphrase=False) == 1
    assert "上書きはしません" in capsys.readouterr().err


def test_a_new_passphrase_is_long_and_typed_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "long enough passphrase"
    answers: Iterator[str] = iter(["short", long, "mistyped", long, long, long])
    monkeypatch.setattr(getpass, "getpass", lambda prompt: next(answers))
    assert main(["keygen", "--out", str(tmp_path / "k")]) == 0
    said = capsys.readouterr().err
    assert "12文字以上" in said
    assert "2回の入力が違います" in said
    with keyfile.opened(tmp_path / "k", long):
        pass


def test_the_name_is_asked_for_at_a_terminal_and_a_number_for_scripts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trustees = Trustees(tmp_path).keygen()
    assert trustees.run("ceremony", trustees.stick, "--key", trustees.file(1), "--begin") == 0
    assert trustees.key(1).name == "開票立会人1"
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(getpass, "getpass", lambda prompt: "four unrelated words 鍵")
    answers = iter(["", "鈴木"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(answers))
    line = ("ceremony", trustees.stick, "--key", trustees.file(2))
    assert trustees.run(*line, passphrase=False) == 0
    assert trustees.key(2).name == "鈴木"


def inspected(capsys: pytest.CaptureFixture[str], path: Path, *more: str) -> str:
    capsys.readouterr()
    assert main(["inspect", str(path), *more]) == 0
    return capsys.readouterr().out


def test_inspect_says_what_each_file_is(met: Trustees, capsys: pytest.CaptureFixture[str]) -> None:
    poll = closed(met.poll())
    board = met.write(poll)
    met.decrypt(board)
    met.rehearse(poll)
    met.run("keygen", "--out", met.file(9))
    assert "まだ鍵づくりに使われていません" in inspected(capsys, met.file(9))
    assert "1番 佐藤(鍵づくりは済んでいます)" in inspected(capsys, met.file(1))
    assert "うち 2 人で開票" in inspected(capsys, met.stick / "0-plan.json")
    assert "照合番号" in inspected(capsys, met.stick / "ceremony.json")
    told = inspected(capsys, board)
    assert "数える票 12、紙での投票 0" in told
    assert "すべての確認立会の連署があります" in told
    assert "市民会館をどうしますか" in inspected(capsys, met.folder / "manifest.json")
    assert "に合います" in inspected(capsys, met.folder / "share.json", "--against", str(board))
    rehearsal = met.folder / "rehearsal.json"
    assert "に合います" in inspected(capsys, rehearsal, "--against", str(met.folder / "manifest.json"))
    assert inspected(capsys, met.folder / "share.json") == "1番の開票立会人の部分開票\n"


def test_inspect_tells_the_result_and_a_missing_witness(met: Trustees, capsys: pytest.CaptureFixture[str]) -> None:
    poll = closed(met.poll())
    poll.share(2)
    poll.share(3)
    poll.result(2, 3)
    told = inspected(capsys, met.write(poll), "--language", "en")
    assert "shares by trustees 2, 3" in told
    assert "result of q1: o01 12, o02 0, o00 0" in told
    told = inspected(capsys, met.write(closed(met.poll(), cosigned=False), "b2.json"))
    assert "締め切りに連署していない確認立会: 隣の市" in told


def test_inspect_refuses_a_share_of_another_board(met: Trustees, capsys: pytest.CaptureFixture[str]) -> None:
    poll = met.poll(voters=13)
    boards = [closed(type(poll)(poll.manifest, poll.secrets, poll.random, poll.slots), ballots=one) for one in (12, 13)]
    met.decrypt(met.write(boards[0]))
    other = met.write(boards[1], "other.json")
    assert main(["inspect", str(met.folder / "share.json"), "--against", str(other)]) == 1
    assert "合いません" in capsys.readouterr().err


@pytest.mark.parametrize("value", [{}, [], 7, {"a": 1}, {"kind": "x"}, {"entries": 1}, {"questions": []}])
def test_inspect_of_anything_else_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str], value: Any) -> None:
    (tmp_path / "x.json").write_bytes(canonical(value))
    assert main(["inspect", str(tmp_path / "x.json")]) == 1
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_dry_run_goes_from_beginning_to_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    assert main(["dry-run", str(tmp_path / "practice"), "--language", language]) == 0
    said = capsys.readouterr().out
    ended = {"ja": ("改修する: 3 票", "練習は終わりです"), "en": ("Repair it: 3", "The dry run is over")}[language]
    assert all(one in said for one in ended)
    assert not (tmp_path / "practice" / "key-2.json").exists()
    board, openings = (read((tmp_path / "practice" / name).read_bytes()) for name in ("counted.json", "openings.json"))
    assert len(read_opened(board, openings).ballots) == 12
    assert main(["dry-run", str(tmp_path / "practice"), "--language", language]) == 1


def test_the_program_needs_nothing_of_the_server(tmp_path: Path) -> None:
    """With neither Flask nor SQLAlchemy nor click to be found."""
    blocked = "import sys\nfor one in ('flask', 'sqlalchemy', 'click', 'wtforms'): sys.modules[one] = None\n"
    for program in ("trustee", "witness", "belenios"):
        script = f"{blocked}from consultations.votes.{program}.__main__ import main\nsys.exit(main(['--help']))"
        done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr


def test_a_terminal_that_knows_no_japanese_gets_question_marks_and_no_crash(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "consultations.votes.trustee", "inspect", str(tmp_path / "x")]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(line, cwd=ROOT, capture_output=True, env=environment, check=False)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


MODULES = (
    backup, ceremony, checks, commands, decrypting, dryrun, files, inspecting, keyfile, keyfiles, meeting, page,
    passphrases, practice, progress_words, words,
)  # fmt: skip


def sentences() -> Iterator[Said]:
    for module in MODULES:
        for value in vars(module).values():
            if isinstance(value, Said):
                yield value
            elif isinstance(value, dict):
                yield from (one for one in value.values() if isinstance(one, Said))


def test_every_sentence_is_there_in_both_languages_and_asks_for_the_same_names() -> None:
    import string

    found = list(sentences())
    assert len(found) > 120
    for one in found:
        names = [{name for _, name, _, _ in string.Formatter().parse(text) if name is not None} for text in one]
        assert names[0] == names[1], one
        assert one.ja
        assert one.en
        assert not any("぀" <= letter <= "鿿" for letter in one.en), one
