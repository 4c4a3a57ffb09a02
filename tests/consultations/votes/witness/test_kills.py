"""A witness killed at any act upon a file remembers all it has let out."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from consultations.votes.protocol.encoding import read
from consultations.votes.witness import state
from consultations.votes.witness.__main__ import main
from tests.consultations.votes.witness.test_cosigning import Office, copied, opened
from tests.factories.boards import NOON


def test_killed_anywhere_no_cosignature_is_out_that_the_record_does_not_hold(tmp_path: Path) -> None:
    office, poll = Office(tmp_path), opened()
    fork = copied(poll)
    assert office.cosign(poll) == 0
    record, first = office.state.read_bytes(), office.out.read_bytes()
    poll.cast(2, [1, 0, 0])
    poll.checkpoint(NOON + timedelta(minutes=10), cosigned=False)
    fork.cast(3, [1, 0, 0])
    fork.checkpoint(NOON + timedelta(minutes=10), cosigned=False)
    board = office.write(poll, "grown.json")
    kills = 0
    for acts in range(1, 60):
        office.state.write_bytes(record)
        office.out.write_bytes(first)
        line = ["cosign", str(board), "--state", str(office.state), "--out", str(office.out)]
        killed = [sys.executable, "-m", "tests.consultations.votes.killed", str(acts), "witness", *line]
        done = subprocess.run(killed, capture_output=True, check=False)
        if done.returncode == 0:
            break
        assert done.returncode == -9
        kills += 1
        with state.opened(office.state) as file:
            seen = file.state.seen[poll.manifest.vote.hex()].n
        out = read(office.out.read_bytes())["n"]
        assert (seen, out) in {(2, 2), (3, 2), (3, 3)}
        if seen == 3:
            assert office.cosign(fork, "fork.json") == 1
        assert main(line) == 0
        assert read(office.out.read_bytes())["n"] == 3
    assert done.returncode == 0
    assert kills > 20


def test_a_first_record_is_there_wholly_or_not_at_all(tmp_path: Path) -> None:
    kills = 0
    for acts in range(1, 40):
        paths = [tmp_path / f"{name}-{acts}.json" for name in ("state", "witness")]
        line = ["init", "--name", "となり市", "--state", str(paths[0]), "--out", str(paths[1])]
        killed = [sys.executable, "-m", "tests.consultations.votes.killed", str(acts), "witness", *line]
        done = subprocess.run(killed, capture_output=True, check=False)
        if paths[0].exists():
            with state.opened(paths[0]) as file:
                assert file.state.name == "となり市"
        assert paths[0].exists() or not paths[1].exists()
        if done.returncode == 0:
            break
        kills += 1
    assert done.returncode == 0
    assert kills > 10
