"""Debian's belenios-tool verifies an honest practice vote, and refuses each way of cheating with one."""

import json
import subprocess
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from nacl.utils import random

from consultations.votes.belenios.archive import Held, archived
from consultations.votes.belenios.ballots import Election, ballot_of, compact, short_hash, signed_ballot
from consultations.votes.belenios.building import answers_of, held
from consultations.votes.belenios.opened import read_opened
from consultations.votes.protocol.group import BASE, plus
from tests import servers
from tests.consultations.votes.belenios.practice import one_question, two_questions

Value = dict[str, Any]
Run = Callable[[str, bytes], subprocess.CompletedProcess[str]]


@pytest.fixture
def belenios(tmp_path: Path) -> Run:
    """A command of belenios-tool about an archive."""
    program = servers.need(servers.belenios_tool(), "belenios-tool")

    def run(command: str, archive: bytes) -> subprocess.CompletedProcess[str]:
        (tmp_path / "exported.bel").write_bytes(archive)
        return subprocess.run(
            [program, "election", command, "--dir", str(tmp_path)], capture_output=True, text=True, check=False
        )

    return run


@pytest.fixture(scope="module")
def practice() -> tuple[Value, Value]:
    return one_question()


@pytest.fixture(scope="module")
def honest(practice: tuple[Value, Value]) -> Held:
    return held(read_opened(*practice), random)


def body(board: Value, kind: str, place: int = 0) -> Any:
    return [entry["body"] for entry in board["entries"] if entry["body"]["type"] == kind][place]


def test_belenios_verifies_a_practice_vote_and_counts_the_same(belenios: Run) -> None:
    board, openings = two_questions()
    archive = archived(held(read_opened(board, openings), random))
    verified = belenios("verify", archive)
    assert verified.returncode == 0, verified.stderr
    assert "all checks passed" in verified.stderr
    (options, blank), columns = body(board, "result")["totals"][0][:2], body(board, "result")["totals"][1]
    assert (options, blank) == (9, 0)
    assert json.loads(belenios("compute-result", archive).stdout) == {"result": [[1, 9, 0], columns]}


def test_the_shorter_practice_vote_passes_too(belenios: Run, honest: Held) -> None:
    """All the refusals below begin with this one."""
    assert belenios("verify", archived(honest)).returncode == 0


@pytest.mark.parametrize(("trustees", "decrypting"), [(1, (1,)), (3, (1, 2, 3)), (3, (1, 3))])
def test_whoever_had_to_decrypt(trustees: int, decrypting: tuple[int, ...], belenios: Run) -> None:
    archive = archived(held(read_opened(*one_question(trustees, decrypting)), random))
    assert belenios("verify", archive).returncode == 0


def a_changed_total(board: Value) -> None:
    totals = body(board, "result")["totals"][0]
    totals[0], totals[1] = totals[0] + 1, totals[1] - 1


def a_shifted_share_and_the_total_it_forges(board: Value) -> None:
    """Trustees 1 and 2 weigh 2 and -1: one G more in the second share is one vote more, and all sums are right."""
    row = body(board, "share", 1)["shares"][0]
    row[0] = plus(bytes.fromhex(row[0]), BASE).hex()
    body(board, "result")["totals"][0][0] += 1


CHEATS: Final = ((a_changed_total, ""), (a_shifted_share_and_the_total_it_forges, "invalid partial decryption"))


@pytest.mark.parametrize(("cheat", "why"), CHEATS, ids=lambda one: getattr(one, "__name__", "why"))
def test_belenios_refuses_a_board_with(
    cheat: Callable[[Value], None], why: str, practice: tuple[Value, Value], belenios: Run
) -> None:
    board = deepcopy(practice[0])
    cheat(board)
    archive = archived(held(read_opened(board, practice[1]), random))
    refused = belenios("verify", archive)
    assert refused.returncode != 0
    assert "check_result failed" in refused.stderr
    assert why in belenios("compute-result", archive).stderr


def with_ballots(honest: Held, change: Callable[[list[Any]], object]) -> bytes:
    """The archive after a change of its ballots, every hash of the archive made anew."""
    ballots = [json.loads(one) for one in honest.ballots]
    change(ballots)
    return archived(replace(honest, ballots=[compact(one) for one in ballots]))


def swap(row: list[Any]) -> None:
    row[0], row[1] = row[1], row[0]


CREDENTIAL = 20261129


def signed_again(honest: Held, practice: tuple[Value, Value], change: Callable[[Any], object]) -> bytes:
    """The archive after a change of the first answer, whose voter signs it as it is then."""
    vote, key = read_opened(*practice), int(json.loads(honest.election)["public_key"])
    election = Election(honest.uuid, short_hash(honest.election), key)
    ballot = json.loads(ballot_of(election, CREDENTIAL, answers_of(vote.ballots[0], vote.manifest, key), random))
    change(ballot["answers"][0])
    del ballot["signature"]
    credentials = compact([ballot["credential"], *json.loads(honest.credentials)[1:]])
    ballots = [signed_ballot(ballot, CREDENTIAL, random), *honest.ballots[1:]]
    return archived(replace(honest, credentials=credentials, ballots=ballots))


def test_belenios_refuses_swapped_ciphertexts_that_their_voter_signed(
    honest: Held, practice: tuple[Value, Value], belenios: Run
) -> None:
    assert belenios("verify", signed_again(honest, practice, lambda answer: None)).returncode == 0
    refused = belenios("verify", signed_again(honest, practice, lambda answer: swap(answer["choices"])))
    assert refused.returncode != 0
    assert "invalid ballot" in refused.stderr


TAMPERED: Final[dict[str, tuple[Callable[[Held], bytes], str]]] = {
    "another voter's answer in a ballot": (
        lambda honest: with_ballots(honest, lambda ballots: ballots[0].update(answers=ballots[1]["answers"])),
        "invalid ballot",
    ),
    "a ballot left out": (lambda honest: with_ballots(honest, list.pop), "check_result failed"),
    "a ballot cast without a credential of the roll": (
        lambda honest: archived(replace(honest, credentials=compact(json.loads(honest.credentials)[1:]))),
        "invalid credential",
    ),
    "a decryption below the threshold": (
        lambda honest: archived(replace(honest, decryptions=honest.decryptions[:1])),
        "check_result failed",
    ),
    "a trustee's key that is not proved": (
        lambda honest: archived(
            replace(honest, trustees=honest.trustees.replace('"pok":{"challenge":"', '"pok":{"challenge":"1', 1))
        ),
        "Assertion failed",
    ),
    "a result changed in the finished file": (
        lambda honest: archived(honest).replace(b'{"result":[[0,5,5]]}', b'{"result":[[0,6,4]]}'),
        "found instead of",
    ),
}


@pytest.mark.parametrize("tampered", TAMPERED)
def test_belenios_refuses_an_archive_with(tampered: str, honest: Held, belenios: Run) -> None:
    change, why = TAMPERED[tampered]
    archive = change(honest)
    assert archive != archived(honest)
    refused = belenios("verify", archive)
    assert refused.returncode != 0
    assert why in refused.stderr
