"""The server's protocol and the verifier are two readings of one specification: they agree about every board."""

import copy
import json
import random
from typing import Any, Final

import pytest

from consultations.votes.protocol.board import read_published
from consultations.votes.protocol.encoding import read
from consultations.votes.protocol.refusals import Refused
from consultations.votes.verifier.board import check_board
from tests.consultations.votes.verify.boards import vector
from tests.consultations.votes.verify.test_evil import signed_anew
from tests.factories.attacks import ATTACKS

ROUNDS: Final = {"valid/counted.json": 40, "valid/open.json": 60, "valid/too-few.json": 30}


def is_taken(data: bytes) -> bool:
    """By the protocol."""
    try:
        read_published(read(data))
    except Refused:
        return False
    return True


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_they_agree_about_every_attack(attack: Any) -> None:
    data = attack.make()
    assert is_taken(data) is check_board(data).valid is False


@pytest.mark.parametrize("name", ROUNDS)
def test_they_agree_about_boards_whose_entries_were_taken_away_repeated_or_moved(name: str) -> None:
    """All is hashed and signed anew, as a server could; some of these boards are valid."""
    draw, original = random.Random(name), json.loads(vector(name))
    verdicts = set()
    for _ in range(ROUNDS[name]):
        board = copy.deepcopy(original)
        for _ in range(draw.choice([1, 1, 2])):
            disarrange(draw, board["entries"])
        board["checkpoints"] = [one for one in board["checkpoints"] if one["n"] <= len(board["entries"])]
        data = signed_anew(json.loads(json.dumps(board)))
        taken = is_taken(data)
        assert taken is check_board(data).valid
        verdicts.add(taken)
    assert verdicts == {True, False}


def disarrange(draw: random.Random, entries: list[Any]) -> None:
    at, to = draw.randrange(len(entries)), draw.randrange(len(entries))
    match draw.choice(["take", "repeat", "swap", "cut"]):
        case "take":
            entries[at : at + 1] = []
        case "repeat":
            entries.insert(to, entries[at])
        case "swap":
            entries[at], entries[to] = entries[to], entries[at]
        case "cut":
            del entries[max(at, 1) :]
