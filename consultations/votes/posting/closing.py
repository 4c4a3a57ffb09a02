"""What stands at the end of a board: its close, the trustees' shares and the result, without reading every ballot."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consultations.votes.models import BoardEntry, VoteBoard
from consultations.votes.posting import boards
from consultations.votes.protocol.board import Outcome
from consultations.votes.protocol.elgamal import Ciphertext
from consultations.votes.protocol.encoding import read
from consultations.votes.protocol.manifest import Manifest, Trustee
from consultations.votes.protocol.tally import Aggregate, Share, read_share

LATE = ("close", "share", "result")


@dataclass(frozen=True)
class Closing:
    """A closed board. `n` is the number of its close, `length` of its last entry."""

    manifest: Manifest
    n: int
    length: int
    body: dict[str, Any]
    share_bodies: Sequence[dict[str, Any]]
    totals: Sequence[Sequence[int]]  # none before the count

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.body["outcome"])

    @property
    def ballots(self) -> int:
        return int(self.body["ballots"])

    @property
    def paper(self) -> int:
        return int(self.body["paper"])

    @cached_property
    def aggregate(self) -> Aggregate:
        pairs = [[[bytes.fromhex(point) for point in pair] for pair in row] for row in self.body["aggregate"]]
        return [[Ciphertext(alpha, beta) for alpha, beta in row] for row in pairs]

    @cached_property
    def shares(self) -> dict[int, Share]:
        """By trustee."""
        found = [read_share(body, self.aggregate) for body in self.share_bodies]
        return {share.trustee: share for share in found}

    @property
    def handed_in(self) -> frozenset[int]:
        """The trustees whose share stands on the board."""
        return frozenset(int(body["trustee"]) for body in self.share_bodies)

    @property
    def awaited(self) -> list[Trustee]:
        """The trustees whose share does not stand on the board."""
        return [one for one in self.manifest.trustees if one.id not in self.handed_in]

    @property
    def may_be_counted(self) -> bool:
        """Whether enough shares are there and nothing is counted yet."""
        enough = len(self.share_bodies) >= self.manifest.threshold
        return self.outcome is Outcome.COUNT and enough and not self.totals


def closing_of(session: Session, board: VoteBoard) -> Closing | None:
    """The end of the board; None while it is not closed."""
    rows = session.scalars(
        sa.select(BoardEntry)
        .where(BoardEntry.board_id == board.id, BoardEntry.kind.in_(LATE))
        .order_by(BoardEntry.n)
        .execution_options(populate_existing=True)
    ).all()
    if not rows:
        return None
    bodies = {row.n: _unsigned(row) for row in rows}
    return Closing(
        manifest=boards.manifest_from(board.manifest),
        n=rows[0].n,
        length=rows[-1].n,
        body=bodies[rows[0].n],
        share_bodies=[bodies[row.n] for row in rows if row.kind == "share"],
        totals=bodies[rows[-1].n]["totals"] if rows[-1].kind == "result" else [],
    )


def _unsigned(row: BoardEntry) -> dict[str, Any]:
    return {name: value for name, value in read(row.body.encode()).items() if name != "signature"}
