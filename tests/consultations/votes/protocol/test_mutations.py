"""One wrong byte anywhere."""

import random
from typing import Final

import pytest

from consultations.votes.protocol.board import read_published
from consultations.votes.protocol.encoding import read
from consultations.votes.protocol.refusals import Refused
from tests.factories.boards import make_counted

MUTATIONS: Final = 1_000


def test_no_board_with_one_byte_changed_is_accepted() -> None:
    """Places and bytes are drawn from a fixed seed."""
    content, draw = make_counted().file, random.Random(2026)
    accepted = []
    for _ in range(MUTATIONS):
        place, byte = draw.randrange(len(content)), draw.randrange(1, 256)
        changed = bytearray(content)
        changed[place] ^= byte
        try:
            read_published(read(bytes(changed)))
        except Refused:
            continue
        accepted.append((place, byte))
    assert accepted == []


@pytest.mark.parametrize("kept", [0, 1, 100, -1])
def test_no_board_cut_short_is_accepted(kept: int) -> None:
    with pytest.raises(Refused):
        read_published(read(make_counted().file[:kept]))
