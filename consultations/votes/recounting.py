"""A board's counters and its slots' chains counted again from the entries. The feature's hook; changes nothing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from civic.activities.models import Participation
from civic.activities.states import Channel, ParticipationState
from civic.db import db
from consultations.votes.models import BoardEntry, Vote, VoteBoard, VoteSlot
from consultations.votes.posting import boards
from consultations.votes.protocol.ballots import ballot_hash
from consultations.votes.protocol.board import first_head, next_head
from consultations.votes.protocol.encoding import read


@dataclass
class Counted:
    """What the entries of one board say."""

    head: bytes
    length: int = 0
    broken: int = 0  # entries whose hash does not follow from what stands before them
    slots: dict[str, tuple[int, str, str | None]] = field(default_factory=dict)  # slot → seq, hash, void

    def take(self, entry: BoardEntry) -> None:
        body = read(entry.body.encode())
        self.head, self.length = next_head(self.head, body), self.length + 1
        self.broken += (entry.n, entry.hash) != (self.length, self.head)
        if body["type"] in ("cast", "void"):
            unsigned = {name: value for name, value in body.items() if name != "signature"}
            self.slots[body["slot"]] = (body["seq"], ballot_hash(unsigned), body.get("reason"))

    @property
    def ballots(self) -> int:
        return sum(void is None for _seq, _hash, void in self.slots.values())

    @property
    def paper(self) -> int:
        return sum(void == "paper" for _seq, _hash, void in self.slots.values())


def recounts(slug: str | None) -> tuple[int, list[dict[str, Any]]]:
    """Recount the boards of one vote or of all: how many totals were checked, and each that differs."""
    chosen = sa.select(VoteBoard, Vote.slug).join(Vote).order_by(VoteBoard.id)
    found = db.session.execute(chosen if slug is None else chosen.where(Vote.slug == slug)).all()
    checked, mismatches = 0, []
    for board, name in found:
        for what, stored, counted in totals(board):
            checked += 1
            if stored != counted:
                mismatches.append({"activity": name, **what, "stored": stored, "counted": counted})
    return checked, mismatches


def totals(board: VoteBoard) -> Iterator[tuple[dict[str, Any], Any, Any]]:
    """What is counted, as it is stored, and as the entries give it."""
    board_id, vote_id = board.id, board.vote_id
    stored = {name: getattr(board, name) for name in ("length", "ballots", "paper", "head")}
    counted = Counted(first_head(boards.manifest_from(board.manifest)))
    for entry in boards.bodies(db.session, board_id):
        counted.take(entry)
    yield {"board": "entries"}, stored["length"], counted.length
    yield {"board": "broken entries"}, 0, counted.broken
    yield {"board": "head"}, stored["head"].hex(), counted.head.hex()
    yield {"board": "ballots"}, stored["ballots"], counted.ballots
    yield {"board": "votes on paper"}, stored["paper"], counted.paper
    yield {"board": "slots that differ"}, 0, slots_that_differ(board_id, counted)
    if counted.length:
        yield from participations(vote_id, counted)


def slots_that_differ(board_id: int, counted: Counted) -> int:
    """Places on the roll whose chain is not where the entries say it is. No slot is named."""
    rows = db.session.execute(
        sa.select(VoteSlot.slot, VoteSlot.seq, VoteSlot.hash, VoteSlot.void).where(VoteSlot.board_id == board_id)
    ).all()
    kept = {row.slot: (row.seq, row.hash, row.void) for row in rows}
    wrong = sum(place != counted.slots.get(slot, (0, "", None)) for slot, place in kept.items())
    return wrong + len(counted.slots.keys() - kept.keys())


def participations(vote_id: int, counted: Counted) -> Iterator[tuple[dict[str, Any], int, int]]:
    """People who took part, by how they did last, against the slots of the board."""
    rows = db.session.execute(
        sa.select(Participation.channel, sa.func.count())
        .where(Participation.activity_id == vote_id, Participation.state == ParticipationState.COUNTED)
        .group_by(Participation.channel)
    )
    stored: Counter[Channel] = Counter(dict(rows.all()))
    struck = sum(void == "roll" for _seq, _hash, void in counted.slots.values())
    web = stored[Channel.WEB]
    yield {"participations": Channel.PAPER.value}, stored[Channel.PAPER], counted.paper
    # Somebody struck off the roll may have voted online before: she took part, and her ballot counts no more.
    yield {"participations": Channel.WEB.value}, web, min(max(web, counted.ballots), counted.ballots + struck)
