"""How a vote stands: who took part so far, and what its board says of the count. Never a partial tally: there is none."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consultations.votes.models import BoardEntry, VoteBoard
from consultations.votes.posting import boards
from consultations.votes.protocol.board import Outcome
from consultations.votes.protocol.manifest import PEOPLE, Manifest
from consultations.votes.protocol.questions import Kind, Question

AFTER_CLOSE: Final = PEOPLE + 1  # a share of each trustee, and the result


@dataclass(frozen=True)
class Turnout:
    """Voters as a count: on the web and on paper, of everybody on the roll."""

    online: int
    paper: int
    register: int

    @property
    def voters(self) -> int:
        return self.online + self.paper

    @property
    def share(self) -> float:
        return self.voters / self.register


@dataclass(frozen=True)
class Standing:
    """What follows the last ballot on the board. `outcome` is None until the close, `totals` until the result."""

    outcome: Outcome | None = None
    ballots: int = 0
    paper: int = 0
    shares: Sequence[int] = ()
    totals: Sequence[Sequence[int]] | None = None
    closed_at: int = 0  # the close's number on the board

    @property
    def is_counted(self) -> bool:
        return self.totals is not None


@dataclass(frozen=True)
class Column:
    """One option's line of a result; `text` is None for the blank vote."""

    code: str
    text: Any
    count: int
    share: float


@dataclass(frozen=True)
class Counted:
    """One question with its totals."""

    question: Question
    columns: Sequence[Column] = field(repr=False)
    ballots: int = 0

    @property
    def is_score(self) -> bool:
        return self.question.kind is Kind.SCORE


def turnout_of(board: VoteBoard) -> Turnout:
    return Turnout(board.ballots, board.paper, boards.manifest_from(board.manifest).register)


def standing_of(session: Session, board: VoteBoard) -> Standing:
    """Read from the board's end: a close is followed by shares and one result, and by nothing else."""
    rows = session.execute(
        sa.select(BoardEntry.n, BoardEntry.kind, BoardEntry.body)
        .where(
            BoardEntry.board_id == board.id,
            BoardEntry.n >= board.length - AFTER_CLOSE,
            BoardEntry.kind.in_(("close", "share", "result")),
        )
        .order_by(BoardEntry.n)
    )
    found = [(row.n, row.kind, json.loads(row.body)) for row in rows]
    close = next(((n, body) for n, kind, body in found if kind == "close"), None)
    if close is None:
        return Standing()
    n, body = close
    return Standing(
        outcome=Outcome(body["outcome"]),
        ballots=body["ballots"],
        paper=body["paper"],
        shares=[one["trustee"] for _, kind, one in found if kind == "share"],
        totals=next((one["totals"] for _, kind, one in found if kind == "result"), None),
        closed_at=n,
    )


def counted(manifest: Manifest, standing: Standing) -> list[Counted]:
    """The totals with their words; [] while there are none."""
    pairs = zip(manifest.questions, standing.totals or (), strict=False)
    return [
        Counted(question, _columns(question, totals, standing.ballots), standing.ballots) for question, totals in pairs
    ]


def _columns(question: Question, totals: Sequence[int], ballots: int) -> list[Column]:
    texts = [*(option.text for option in question.options), *([None] if question.blank else [])]
    return [
        Column(code, text, count, float(Fraction(count, ballots)) if ballots else 0.0)
        for code, text, count in zip(question.codes, texts, totals, strict=True)
    ]
