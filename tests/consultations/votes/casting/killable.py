"""Voters who never stop, to be killed: `python -m tests.consultations.votes.casting.killable INSTANCE URL VOTE HOW ENTRY…`.

Each line on standard input forks a process whose threads cast ballot after ballot, each for voters of its own, and print
each receipt once it was acknowledged. Who is told that the database is busy tries again, as a voter would. The
application is loaded once. HOW is "sound", or "hasty" for the broken copy.
"""

import itertools
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import Queue
from threading import ExceptHookArgs, Thread

from flask import Flask
from nacl.utils import random

from civic import clock
from civic.app import create_app
from civic.config import Mode, Settings
from civic.db import db, writing
from civic.refusals import Busy
from consultations.votes.casting import actions as casting
from consultations.votes.casting.actions import Posted, Posting, Voter
from consultations.votes.posting import boards
from consultations.votes.protocol.ballots import seal
from wsgi import FEATURES

THREADS = 4
WAIT = 1.0  # seconds, of the broken copy


def main(instance: str, database_url: str, vote: str, how: str, *entries: str) -> None:
    app = create_app(Settings(mode=Mode.TEST, instance=Path(instance), database_url=database_url), FEATURES)
    if how == "hasty":
        tell_before_the_commit(app)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the killed are buried by the system
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            os.close(0)
            threading.excepthook = end_all
            for first in range(THREADS):
                Thread(target=keep_voting, args=[app, int(vote), entries[first::THREADS]]).start()
            signal.pause()
        tell({"process": child})


def keep_voting(app: Flask, vote_id: int, entries: Sequence[str]) -> None:
    with app.app_context():
        for voter in map(Voter, itertools.cycle(map(int, entries))):
            board = boards.latest(db.session, vote_id)
            manifest, slot = boards.manifest_from(board.manifest), casting.slot_of(db.session, board.id, voter)
            body = seal(manifest, [[1, 0, 0]], slot.slot, slot.seq + 1, slot.hash, random).body
            with suppress(Busy):
                tell(casting.cast_ballot(vote_id, voter, body, clock.now()).body)


def end_all(failure: ExceptHookArgs) -> None:
    """What ends one voter ends the test with its reason: nobody waits for receipts that do not come."""
    tell({"failed": repr(failure.exc_value)})


def tell(value: object) -> None:
    """One line in one piece, whatever other threads say and whenever this process is killed."""
    os.write(1, json.dumps(value).encode() + b"\n")


def tell_before_the_commit(app: Flask) -> None:
    """The guard, broken: voters are told first, and the transaction is committed a little later."""

    def commit_later(vote_id: int, postings: Sequence[Posting], told: "Queue[list[Posted | Exception]]") -> None:
        try:
            with app.app_context(), writing() as session:
                told.put(casting.append_ballots(session, vote_id, postings))
                time.sleep(WAIT)
        except Busy as busy:
            told.put([busy] * len(postings))

    def hasty(vote_id: int, postings: Sequence[Posting]) -> list[Posted | Exception]:
        told: Queue[list[Posted | Exception]] = Queue()
        Thread(target=commit_later, args=[vote_id, postings, told]).start()
        return told.get()

    casting.post_ballots = hasty


if __name__ == "__main__":
    main(*sys.argv[1:])
