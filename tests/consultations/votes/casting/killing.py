"""Kills while ballots are cast at full rate: nothing acknowledged is lost, and the chain holds."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from typing import Any

from consultations.votes.protocol.board import Published, read_published
from consultations.votes.protocol.checkpoints import read_receipt
from consultations.votes.protocol.encoding import read
from tests.factories.votes import Held


def receipts_under_kills(held: Held, kills: int, how: str = "sound") -> list[dict[str, Any]]:
    """The receipts that voters were given while their process was killed again and again."""
    settings = held.cast.app.extensions["settings"]
    command = [sys.executable, "-m", "tests.consultations.votes.casting.killable", str(settings.instance)]
    chance, receipts = random.Random(1), []
    with subprocess.Popen(
        [*command, settings.database_url, str(held.id), how, *map(str, held.entries)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as parent:  # fmt: skip
        asked, told = parent.stdin, parent.stdout
        assert asked is not None
        assert told is not None
        for _ in range(kills):
            asked.write("\n")
            asked.flush()
            process, first = None, len(receipts)
            while process is None or len(receipts) == first:
                line = json.loads(told.readline())
                assert "failed" not in line, line
                if "process" in line:
                    process = int(line["process"])
                else:
                    receipts.append(line)
            time.sleep(chance.uniform(0, 0.2))
            os.kill(process, signal.SIGKILL)
        asked.close()
        return receipts + [json.loads(line) for line in told if line.endswith("}\n")]


def check_no_receipt_lost(held: Held, receipts: list[dict[str, Any]]) -> None:
    """Every receipt's ballot is on the board, which holds together from its first entry to its last."""
    published = published_of(held)
    assert lost(published, receipts) == []
    assert len({one["confirmation"] for one in receipts}) == len(receipts)
    assert published.board.length == held.board.length >= len(receipts) + 1
    assert len(published.board.counted) == held.board.ballots


def published_of(held: Held) -> Published:
    """The board, each entry checked against all before it; the proofs were checked when the ballots were cast."""
    return read_published(read(held.file), check=lambda ballot, manifest: None)


def lost(published: Published, receipts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The receipts that the board does not bear out."""
    manifest = published.board.manifest
    return [one for one in receipts if published.verdict(read_receipt(one, manifest)) == "missing"]
