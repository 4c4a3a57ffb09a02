"""The command as a person at a city hall meets it, and what it needs to run."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from consultations.votes.verifier import builder, main, words
from consultations.votes.verifier.board import check_board
from consultations.votes.verifier.canonical import canonical
from tests.consultations.votes.verify.boards import INDEX, VECTORS, changed, vector
from tests.factories.boards import make_poll, single

ROOT: Final = Path(__file__).parents[4]
COUNTED: Final = str(VECTORS / "valid/counted.json")
REFUSED: Final = str(VECTORS / "refused/a_wrong_result.json")
RECEIPT: Final = str(VECTORS / "valid/counted.receipt.json")


def run(*arguments: str, program: tuple[str, ...] = ("-m", "consultations.votes.verify"), **options: Any) -> Any:
    command = [sys.executable, *program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **({"cwd": ROOT} | options))


def test_it_says_valid_by_status_and_in_words() -> None:
    answer = run(COUNTED, "--receipt", RECEIPT, "--language", "en")
    assert (answer.returncode, answer.stderr) == (0, "")
    for part in (
        "VALID",
        "Stage: counted",
        "Re-votes among them: 3",
        "Audits: 1",
        "o01 案1 (en): 9",
        "Blank votes: 2",
        "Included.",
    ):
        assert part in answer.stdout
    assert INDEX["valid"]["valid/counted.json"]["vote"] in answer.stdout


def test_it_speaks_japanese_unless_told_otherwise() -> None:
    answer = run(REFUSED)
    assert answer.returncode == 1
    assert answer.stdout.startswith("正しくありません。")
    assert "結果が数え直しと違います。" in answer.stdout
    assert "Traceback" not in answer.stderr


def test_it_prints_data() -> None:
    answer = run(REFUSED, "--json", "--language", "en")
    data = json.loads(answer.stdout)
    assert (answer.returncode, data["valid"], data["stage"]) == (1, False, "counted")
    assert data["failures"][0]["check"] == "result"
    assert data["failures"][0]["meaning"] == "The result differs from the recount."
    assert data["steps"]["result"] == "failed"
    assert data["totals"][0]["columns"][0] == {"option": "o01", "total": 12}


@pytest.mark.parametrize(
    "arguments",
    [(), ("missing.json",), (str(VECTORS),), (COUNTED, "--processes", "0"), (COUNTED, "--processes", "x"), (COUNTED, "--x"),
     (COUNTED, "--receipt", "missing.json"), (COUNTED, "--language", "fr")],
)  # fmt: skip
def test_misuse_is_neither_valid_nor_invalid(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        status = main.main(arguments)
    except SystemExit as stopped:
        status = stopped.code  # type: ignore[assignment]
    assert status == main.MISUSE
    assert capsys.readouterr().err


def test_an_unfit_library_checks_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(main, "fit", lambda: False)
    assert main.main([COUNTED, "--language", "en"]) == main.MISUSE
    assert "1.6.2" in capsys.readouterr().err


def test_several_processes_come_to_the_same_report(tmp_path: Path) -> None:
    poll = make_poll(single(2, blank=False), voters=150, seed="parallel")
    poll.open()
    for number in range(1, 151):
        poll.cast(number, [1, 0])
    for n in (3, 90, 140):
        poll.bodies[n]["proofs"] = poll.bodies[n + 1]["proofs"]
    poll.close()
    board = tmp_path / "board.json"
    board.write_bytes(poll.file)
    one, two = (run(str(board), "--json", "--processes", number) for number in "12")
    assert (one.returncode, one.stdout) == (two.returncode, two.stdout)
    assert {failure["entry"] for failure in json.loads(one.stdout)["failures"]} >= {4, 91, 141}


LOADED: Final = """
import sys
import consultations.votes.verify
from consultations.votes.verifier import main
print(sorted({name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names)))
print(sorted(name for name in sys.modules if name.startswith("consultations") and "verif" not in name))
"""


def test_a_fresh_interpreter_loads_nothing_but_the_library() -> None:
    outside, ours = run(program=("-c", LOADED)).stdout.splitlines()
    allowed = {"nacl", "cffi", "_cffi_backend", "_sodium", "consultations", "__main__", "__mp_main__"}
    assert {
        name for name in json.loads(outside.replace("'", '"')) if not name.startswith(("_distutils", "sitecustom"))
    } <= allowed
    assert ours == "['consultations', 'consultations.votes']"


def test_it_is_shipped_as_one_file_that_runs_anywhere(tmp_path: Path) -> None:
    """Far from the project, isolated from its folder and from the environment; with several processes."""
    program, again = tmp_path / "verify.pyz", tmp_path / "again.pyz"
    builder.build(program)
    builder.build(again)
    assert program.read_bytes() == again.read_bytes()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    started = ("-I", str(program))
    answer = run(COUNTED, "--processes", "2", "--language", "en", program=started, cwd=tmp_path, env=environment)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == run(COUNTED, "--language", "en").stdout


def test_a_text_cannot_write_on_the_readers_screen() -> None:
    from consultations.votes.verifier.report import as_text

    def disguise(board: Any) -> None:
        board["manifest"]["title"] = {"ja": "\u001b[2J\u202evalid\r\n"}

    text = as_text(check_board(changed("valid/not-opened.json", disguise)), "ja")
    assert not {"\u001b", "\u202e", "\r"} & set(text)


def test_every_check_has_its_words_in_each_language() -> None:
    assert {len(entry) for entry in words.CHECKS.values()} == {1 + len(words.LANGUAGES)}
    assert {entry[0] for entry in words.CHECKS.values()} <= words.STEPS.keys()
    named = {
        part.split('"')[1]
        for source in Path(main.__file__).parent.glob("*.py")
        for cue in ("Refused(", "Finding(n, ", "Finding(0, ", "Finding(1, ", "Finding(course.closed_at, ")
        for part in source.read_text(encoding="utf-8").split(cue)[1:]
        if part.startswith('"')
    }
    assert named <= words.CHECKS.keys()
    assert len(named) > 20


def test_a_large_report_stays_short() -> None:
    from consultations.votes.verifier.report import as_text

    board = json.loads(vector("valid/counted.json"))
    board["manifest"]["salt"] = "0" * 64
    text = as_text(check_board(canonical(board)), "en")
    assert len(text.splitlines()) < 120
    assert "more:" in text
