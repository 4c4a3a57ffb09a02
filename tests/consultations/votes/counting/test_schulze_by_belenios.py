"""Schulze as other people programmed it: `belenios-tool method schulze`, which also takes the loser's votes second."""

import json
import random
import subprocess

import pytest

from consultations.votes.counting.schulze import Schulze, schulze
from tests import servers

OPTIONS = ("a", "b", "c", "d", "e")


def ranks(drawn: random.Random) -> list[int]:
    """A rank per option as Belenios wants it: 1 is the best, several may share one, 0 is left out."""
    return [drawn.choice((0, 1, 1, 2, 3, 4)) for _ in OPTIONS]


def ranking(ballot: list[int]) -> list[list[str]]:
    found = sorted({rank for rank in ballot if rank})
    return [[option for option, rank in zip(OPTIONS, ballot, strict=True) if rank == one] for one in found]


def square(of: Schulze, kind: str) -> list[list[object]]:
    """Our table, or our paths, as a matrix in Belenios' form."""
    if kind == "table":
        return [[0 if a == b else of.table.above[a][b] for b in OPTIONS] for a in OPTIONS]
    found = [[None if a == b else of.paths[a][b] for b in OPTIONS] for a in OPTIONS]
    return [[[path.votes, path.against] if path else [0, 0] for path in row] for row in found]


@pytest.mark.parametrize("seed", range(25))
def test_belenios_counts_the_same(seed: int) -> None:
    program = servers.need(servers.belenios_tool(), "belenios-tool")
    drawn = random.Random(seed)
    ballots = [ranks(drawn) for _ in range(drawn.randint(1, 60))]
    line = [program, "method", "schulze", "--nchoices", str(len(OPTIONS)), "--blank-allowed", "false"]
    theirs = json.loads(
        subprocess.run(line, input=json.dumps(ballots), capture_output=True, text=True, check=True).stdout
    )
    ours = schulze([(ranking(ballot), 1) for ballot in ballots], OPTIONS, seed="1")
    assert square(ours, "table") == theirs["raw"]
    paths = [[[0, 0] if a == b else path for b, path in enumerate(row)] for a, row in enumerate(theirs["beatpaths"])]
    assert square(ours, "paths") == paths  # one from an option to itself means nothing
    assert [OPTIONS.index(one) for one in ours.seats_filled[0].unbeaten] == theirs["winners"][0]
