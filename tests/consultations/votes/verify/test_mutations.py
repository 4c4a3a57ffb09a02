"""One wrong byte anywhere, and files cut short."""

import random
from typing import Final

import pytest

from consultations.votes.verifier.board import check_board
from tests.consultations.votes.verify.boards import INDEX, vector

MUTATIONS: Final = {
    "valid/counted.json": 150,
    "valid/open.json": 730,
    "valid/too-few.json": 90,
    "valid/several.json": 30,
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_no_board_with_one_byte_changed_is_accepted(name: str) -> None:
    """A thousand in all; places and bytes are drawn from a fixed seed. Half the changes keep the file readable."""
    data, draw, accepted = vector(name), random.Random(f"{name} 2026"), []
    for number in range(MUTATIONS[name]):
        place = draw.randrange(len(data))
        changed = bytearray(data)
        changed[place] = other(draw, data[place]) if number % 2 else data[place] ^ draw.randrange(1, 256)
        if check_board(bytes(changed)).valid:
            accepted.append((place, changed[place]))
    assert accepted == []


def other(draw: random.Random, byte: int) -> int:
    """Another character that could stand there: a digit for a digit, a letter for a letter."""
    alike = b"0123456789abcdef" if byte in b"0123456789abcdef" else b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    return draw.choice([one for one in alike if one != byte])


@pytest.mark.parametrize("name", INDEX["valid"])
def test_no_board_cut_short_or_lengthened_is_accepted(name: str) -> None:
    data = vector(name)
    for changed in (data[:0], data[:1], data[: len(data) // 2], data[:-1], data + b"\n", data + data):
        assert not check_board(changed).valid
