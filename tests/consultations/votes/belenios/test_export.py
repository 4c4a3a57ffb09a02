"""What can be exported to Belenios, and what cannot."""

import io
import json
import tarfile
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from consultations.votes.belenios import words
from consultations.votes.belenios.__main__ import main
from consultations.votes.belenios.opened import read_opened
from consultations.votes.offline.sentences import Declined, Said
from consultations.votes.protocol.encoding import canonical
from consultations.votes.protocol.group import BASE
from consultations.votes.protocol.refusals import Refused
from tests.consultations.votes.belenios.practice import one_question, opened
from tests.factories.boards import make_counted, make_poll, score

Value = dict[str, Any]


@pytest.fixture(scope="module")
def practice() -> tuple[Value, Value]:
    return one_question()


def refusal(board: Value, openings: Value) -> Said:
    with pytest.raises(Declined) as declined:
        read_opened(board, openings)
    return declined.value.said


def test_a_real_vote_cannot_be_exported_for_nobody_can_open_its_ballots() -> None:
    poll = make_counted()
    assert refusal(poll.value, opened(poll, [])) is words.NOT_OPENED


def test_an_opening_has_to_fit_its_ciphertext(practice: tuple[Value, Value]) -> None:
    openings = deepcopy(practice[1])
    openings["openings"][0]["choices"] = [[0, 1, 0]]
    assert refusal(practice[0], openings) is words.WRONGLY_OPENED


def test_openings_of_another_vote_are_told_apart(practice: tuple[Value, Value]) -> None:
    assert refusal(practice[0], practice[1] | {"vote": "00" * 32}) is words.OTHER_VOTE


def test_points_cannot_be_exported() -> None:
    poll = make_poll(score(2, 3))
    assert refusal(poll.value, opened(poll, [])) is words.SCORES


def test_a_vote_that_was_not_counted_has_nothing_to_compare() -> None:
    poll = make_poll()
    assert refusal(poll.value, opened(poll, [])) is words.NOT_COUNTED


def test_a_share_of_something_else_is_named(practice: tuple[Value, Value]) -> None:
    board = deepcopy(practice[0])
    share = next(entry["body"] for entry in board["entries"] if entry["body"]["type"] == "share")
    share["shares"][0][0] = BASE.hex()
    assert refusal(board, practice[1]) is words.ANOTHER_SHARE


@pytest.mark.parametrize(
    "broken", [{"entries": [{"body": [], "hash": ""}]}, {"entries": {}}, {"manifest": {}}, {"more": 1}]
)
def test_what_is_no_board_is_refused(broken: Value, practice: tuple[Value, Value]) -> None:
    with pytest.raises(Refused):
        read_opened(practice[0] | broken, practice[1])


def test_the_command_writes_one_archive_into_a_new_folder(
    practice: tuple[Value, Value], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    board, openings, out = tmp_path / "board.json", tmp_path / "openings.json", tmp_path / "out"
    board.write_bytes(canonical(practice[0]))
    openings.write_bytes(canonical(practice[1]))
    line = [str(board), "--openings", str(openings), "--out", str(out), "--language", "en"]
    assert main(line) == 0
    assert f"belenios-tool election verify --dir {out}" in capsys.readouterr().out
    (archive,) = out.iterdir()
    with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as tar:
        kinds = [json.loads(tar.extractfile(one).read())["type"] for one in tar if ".event." in one.name]
    assert kinds == ["Setup", *["Ballot"] * 10, "EndBallots", "EncryptedTally", *["PartialDecryption"] * 2, "Result"]
    assert main(line) == 1
    assert "exists" in capsys.readouterr().err


def test_the_command_tells_misuse_from_refusal(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--language", "en"])
    assert stopped.value.code == 2
    assert "must be given" in capsys.readouterr().err


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_help_shows_a_whole_example(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help", "--language", language])
    told = capsys.readouterr().out
    assert "belenios-tool election verify --dir" in told
    assert "dry-run" in told
