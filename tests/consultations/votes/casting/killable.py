"""Voters who never stop, to be killed: `python -m tests.consultations.votes.casting.killable INSTANCE URL VOTE ENTRY…`.

Each line on standard input forks a process that casts ballot after ballot, one voter after another and again, and
prints each receipt once it was acknowledged. The application is loaded once.
"""

import itertools
import json
import os
import signal
import sys
from pathlib import Path

from nacl.utils import random

from civic import clock
from civic.app import create_app
from civic.config import Mode, Settings
from civic.db import db
from consultations.votes.casting import actions as casting
from consultations.votes.casting.actions import Voter
from consultations.votes.posting import boards
from consultations.votes.protocol.ballots import seal
from wsgi import FEATURES


def main(instance: str, database_url: str, vote: str, *entries: str) -> None:
    app = create_app(Settings(mode=Mode.TEST, instance=Path(instance), database_url=database_url), FEATURES)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the killed are buried by the system
    for turn, _ in enumerate(sys.stdin):
        child = os.fork()
        if child == 0:
            os.close(0)
            with app.app_context():
                keep_voting(int(vote), itertools.islice(itertools.cycle(map(int, entries)), turn, None))
        print(json.dumps({"process": child}), flush=True)


def keep_voting(vote_id: int, entries: "itertools.islice[int]") -> None:
    for entry_id in entries:
        voter = Voter(entry_id)
        board = boards.latest(db.session, vote_id)
        manifest, slot = boards.manifest_from(board.manifest), casting.slot_of(db.session, board.id, voter)
        body = seal(manifest, [[1, 0, 0]], slot.slot, slot.seq + 1, slot.hash, random).body
        receipt = casting.cast_ballot(vote_id, voter, body, clock.now())
        print(json.dumps(receipt.body), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
