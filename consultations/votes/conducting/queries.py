"""Reads of the pages that conduct a vote."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic import clock
from civic.activities import rules as activities
from civic.activities.models import Project
from civic.activities.states import State
from civic.db import db
from civic.identity import access
from civic.identity.models import Register, RegisterEntry
from civic.identity.registers.queries import registers
from civic.jobs.models import Job, JobState
from consultations.votes import rules
from consultations.votes.conducting import freezing
from consultations.votes.models import BoardCheckpoint, Vote, VoteBoard, VoteSlot
from consultations.votes.posting import boards
from consultations.votes.posting.actions import missing_witnesses
from consultations.votes.posting.closing import Closing, closing_of
from consultations.votes.protocol.board import Outcome
from consultations.votes.protocol.encoding import MOMENT
from consultations.votes.protocol.manifest import Manifest, Trustee
from consultations.votes.queries import vote_for
from consultations.votes.refusals import NotFrozen
from consultations.votes.rules import Franchise, is_on_roll
from consultations.votes.trustee.public import comparison_number, read_outcome

UNOPENED: Final = (State.DRAFT, State.IN_APPROVAL, State.SCHEDULED)
HEADS_SHOWN: Final = 50


@dataclass(frozen=True)
class Listed:
    """One row of the list of votes."""

    vote: Vote
    state: State


def votes() -> list[Listed]:
    """The votes of one's departments, newest first."""
    statement = (
        sa.select(Vote)
        .options(joinedload(Vote.project), joinedload(Vote.department))
        .order_by(Vote.created_at.desc(), Vote.id.desc())
    )
    departments = access.departments("vote.inspect")
    if departments is not None:
        statement = statement.where(Vote.department_id.in_(departments))
    now = clock.now()
    return [Listed(one, activities.state_of(one, now)) for one in db.session.scalars(statement)]


def projects() -> list[Project]:
    """Projects in whose department this account may start a vote, newest first."""
    statement = sa.select(Project).order_by(Project.id.desc())
    departments = access.departments("vote.create")
    if departments is not None:
        statement = statement.where(Project.department_id.in_(departments))
    return list(db.session.scalars(statement))


@dataclass(frozen=True)
class Standing:
    """How far a vote has come: its state, the board it was last frozen on, and the end of that board."""

    vote: Vote
    state: State
    board: VoteBoard | None
    closing: Closing | None
    missing_witnesses: Sequence[str]  # of the close

    @property
    def editable(self) -> bool:
        return self.state in UNOPENED

    @property
    def manifest(self) -> Manifest | None:
        return boards.manifest_from(self.board.manifest) if self.board else None

    @property
    def is_current(self) -> bool:
        """Whether the frozen manifest still says what the vote says."""
        return self.manifest is not None and freezing.is_current(self.vote, self.manifest)

    @property
    def rehearsed(self) -> bool:
        return self.is_current and self.board is not None and self.board.rehearsal is not None

    @property
    def rehearsed_by(self) -> frozenset[int]:
        """The trustees whose key opened the rehearsal."""
        shares = (self.board and self.board.rehearsal) or []
        return frozenset(int(one["trustee"]) for one in shares)

    @property
    def trustees(self) -> Sequence[Trustee]:
        return self.manifest.trustees if self.manifest else ()

    @property
    def counts(self) -> bool:
        """Whether the close says that the ballots are to be opened."""
        return self.closing is not None and self.closing.outcome is Outcome.COUNT

    @property
    def election_words(self) -> list[str]:
        return election_words(self.vote)


def election_words(vote: Vote) -> list[str]:
    """What in a vote's texts sounds like one on a person for public office."""
    return rules.words_of_an_election(texts_of(vote))


def texts_of(vote: Vote) -> Iterator[str]:
    """Every text of what is asked."""
    for words in (vote.title, vote.summary, vote.arguments_for, vote.arguments_against):
        yield from words.values()
    for question in vote.questions:
        yield from question["text"].values()
        for option in question["options"]:
            yield from option["text"].values()


def standing(slug: str, permission: str) -> Standing:
    """The vote at this address, for who holds `permission` in its department."""
    return standing_of(vote_for(slug, permission))


def unfinished(departments: frozenset[int] | None) -> list[Standing]:
    """The votes of these departments (None: of all) that nobody has answered or withdrawn yet."""
    statement = (
        sa.select(Vote)
        .options(joinedload(Vote.department))
        .where(Vote.answered_at.is_(None), Vote.withdrawn_at.is_(None))
        .order_by(Vote.id)
    )
    if departments is not None:
        statement = statement.where(Vote.department_id.in_(departments))
    return [standing_of(one) for one in db.session.scalars(statement).all()]


def standing_of(vote: Vote) -> Standing:
    board = latest(vote.id)
    closing = closing_of(db.session, board) if board else None
    missing = missing_witnesses(db.session, board, closing) if board and closing else []
    return Standing(vote, activities.state_of(vote, clock.now()), board, closing, missing)


def latest(vote_id: int) -> VoteBoard | None:
    """The board it was last frozen on, if it was."""
    try:
        return boards.latest(db.session, vote_id)
    except NotFrozen:
        return None


def comparison(vote: Vote) -> str:
    """The number of the key ceremony that the trustees compared (照合番号); empty before it was handed in."""
    return comparison_number(read_outcome(vote.ceremony).digest) if vote.ceremony else ""


def question_of(vote: Vote, code: str) -> Mapping[str, Any] | None:
    return next((one for one in vote.questions if one["code"] == code), None)


@dataclass(frozen=True)
class Roll:
    """Whom the franchise admits of a register: numbers of people, nobody named."""

    register: Register
    entries: int
    admitted: int
    left_out: Mapping[str, int]  # rule, or "struck" → how many it keeps out
    added: int  # by a correction, of those who may vote


def roll_preview(vote: Vote) -> Roll | None:
    """The roll as it would be frozen now; None while register or reference day are missing."""
    if vote.register_id is None or vote.reference_day is None:
        return None
    franchise = Franchise(vote.least_age, vote.least_months, vote.reference_day)
    rows = db.session.execute(
        sa.select(RegisterEntry.birth_date, RegisterEntry.resident_since, sa.func.count())
        .where(RegisterEntry.register_id == vote.register_id)
        .group_by(RegisterEntry.birth_date, RegisterEntry.resident_since)
    )
    found: Counter[str | None] = Counter()
    added = 0
    for birth_date, resident_since, count in rows:
        found[franchise.bar(birth_date, resident_since)] += count
    for kind, bar in _corrected(vote, franchise):
        if is_on_roll(kind, bar) != (bar is None):
            found[bar] -= 1
            found["struck" if kind == "strike" else None] += 1
            added += kind == "add"
    register = db.session.get_one(Register, vote.register_id)
    left_out = {rule: found[rule] for rule in ("least_age", "least_months", "struck") if found[rule]}
    return Roll(register, found.total(), found[None], left_out, added)


def _corrected(vote: Vote, franchise: Franchise) -> Iterator[tuple[str, str | None]]:
    """Of everybody corrected on the vote's register: the correction, and the rule that would keep the person out."""
    corrected = freezing.corrections_of(db.session, vote.id)
    rows = db.session.execute(
        sa.select(RegisterEntry.id, RegisterEntry.birth_date, RegisterEntry.resident_since).where(
            RegisterEntry.register_id == vote.register_id, RegisterEntry.id.in_(corrected)
        )
    )
    for row in rows:
        yield corrected[row.id], franchise.bar(row.birth_date, row.resident_since)


def register_choices() -> list[tuple[int, str]]:
    """All registers: pairs of id and name."""
    return [(one.id, one.name) for one in registers()]


@dataclass(frozen=True)
class Turnout:
    """How many of the roll have voted."""

    online: int
    paper: int
    roll: int
    struck_off: int

    @property
    def voters(self) -> int:
        return self.online + self.paper

    def needed(self, quorum: Mapping[str, int] | None) -> int | None:
        """How many voters the quorum asks for; None without one."""
        return -(-quorum["numerator"] * self.roll // quorum["denominator"]) if quorum else None


def turnout(board: VoteBoard) -> Turnout:
    struck = sa.select(sa.func.count()).where(VoteSlot.board_id == board.id, VoteSlot.void == "roll")
    roll = boards.manifest_from(board.manifest).register
    return Turnout(board.ballots, board.paper, roll, db.session.scalar(struck) or 0)


@dataclass(frozen=True)
class Head:
    """A signed head of the board, and who of the witnesses cosigned it."""

    n: int
    time: datetime  # rounded down to ten minutes
    hash: str
    cosigned: Sequence[str]


def heads(board: VoteBoard) -> list[Head]:
    """The newest signed heads first."""
    rows = db.session.scalars(
        sa.select(BoardCheckpoint)
        .where(BoardCheckpoint.board_id == board.id)
        .order_by(BoardCheckpoint.n.desc())
        .limit(HEADS_SHOWN)
    )
    return [Head(row.n, moment_of(row.time), row.hash.hex(), [one.witness for one in row.cosignatures]) for row in rows]


def moment_of(time: str) -> datetime:
    """A moment of the protocol."""
    return datetime.strptime(time, MOMENT).replace(tzinfo=UTC)


def closing_job(vote_id: int) -> Job | None:
    """The job that closes this vote, while it runs, or as it failed."""
    shown = (JobState.QUEUED, JobState.RUNNING, JobState.FAILED)
    return db.session.scalar(
        sa.select(Job).where(Job.key == closing_key(vote_id), Job.state.in_(shown)).order_by(Job.id.desc()).limit(1)
    )


def closing_key(vote_id: int) -> str:
    return f"votes.close:{vote_id}"
