"""Votes in any state, made through the same acts as in life, with trustees' keys made beside the server."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from civic import clock
from civic.activities import actions as activities
from civic.activities.models import PeriodChange
from civic.activities.states import Channel, Confidentiality, State, Subject
from civic.db import db
from civic.identity.accounts import OPERATOR
from civic.identity.models import Register, RegisterEntry
from civic.identity.registers.actions import import_register
from consultations.votes.casting import actions as casting
from consultations.votes.casting import sealing
from consultations.votes.casting.actions import Voter
from consultations.votes.conducting import actions as conducting
from consultations.votes.conducting.actions import VoteSettings
from consultations.votes.models import Vote, VoteBoard
from consultations.votes.posting import actions as posting
from consultations.votes.posting import boards
from consultations.votes.protocol.board import Board, published_json
from consultations.votes.protocol.checkpoints import Receipt, cosign
from consultations.votes.protocol.encoding import canonical, read
from consultations.votes.protocol.tally import decrypt_share, purpose_of_rehearsal, purpose_of_share, rehearsal_of
from tests.cast import Cast
from tests.factories.boards import CEREMONY, WITNESS, WITNESS_KEY, Poll, drawn_from, make_poll, single
from tests.factories.surveys import actor, settings, text

LEFT_OUT = 2  # of every register: one too young, one not long enough in town


@dataclass
class Held:
    """A vote with what people outside the server hold: the trustees' keys and the register's entries."""

    cast: Cast
    id: int
    poll: Poll  # its ceremony and the trustees' secrets
    entries: list[int] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    @property
    def vote(self) -> Vote:
        db.session.rollback()
        return db.session.get_one(Vote, self.id)

    @property
    def board(self) -> VoteBoard:
        db.session.rollback()
        return boards.latest(db.session, self.id)

    @property
    def replayed(self) -> Board:
        return boards.replayed(db.session, self.board)

    @property
    def file(self) -> bytes:
        """The board as it is published."""
        board = self.board
        entries = [read(entry.body.encode()) for entry in boards.bodies(db.session, board.id)]
        slots, points = boards.slots_of(db.session, board.id), boards.checkpoints_of(db.session, board.id)
        return canonical(published_json(boards.manifest_from(board.manifest), slots, entries, points))

    def voter(self, number: int) -> Voter:
        """The voters count from 1."""
        return Voter(self.entries[number - 1])

    def prepare(self, number: int, *choices: Sequence[int]) -> sealing.Pending:
        board = self.board
        slot = casting.slot_of(db.session, board.id, self.voter(number))
        manifest = boards.manifest_from(board.manifest)
        return sealing.prepare(manifest, choices, slot.slot, slot.seq + 1, slot.hash, clock.now())

    def vote_for(self, number: int, *choices: Sequence[int]) -> Receipt:
        """Choose and cast."""
        pending = self.prepare(number, *choices)
        return casting.cast_ballot(self.id, self.voter(number), pending.body, clock.now())

    def rehearse(self, *trustees: int) -> None:
        manifest = boards.manifest_from(self.board.manifest)
        aggregate, random = rehearsal_of(manifest), drawn_from("rehearsal")
        shares = [
            decrypt_share(purpose_of_rehearsal(manifest, one), aggregate, self.poll.secrets[one], random).rehearsal
            for one in trustees
        ]
        conducting.record_rehearsal(self.id, shares, actor(self.cast.editor), clock.now())

    def propose_stop(self) -> int:
        """An early stop that waits for its second person."""
        activities.propose_period_change(self.id, "stop", None, text("終わり"), actor(self.cast.editor), clock.now())
        db.session.rollback()
        return db.session.scalars(sa.select(sa.func.max(PeriodChange.id))).one()

    def stop(self, change: int) -> None:
        activities.decide_period_change(change, True, actor(self.cast.approver), clock.now())

    def end(self) -> None:
        """Let the period be over, by the act that stops it early."""
        self.stop(self.propose_stop())

    def close(self) -> None:
        posting.close_vote(self.id, actor(self.cast.editor), clock.now())

    def cosign(self) -> None:
        """The witness signs the newest head."""
        board = self.board
        point = boards.checkpoints_of(db.session, board.id)[-1]
        manifest = boards.manifest_from(board.manifest)
        cosigned = point.with_cosignature(cosign(WITNESS_KEY, WITNESS, manifest, point))
        posting.add_cosignature(self.id, cosigned.body, actor(self.cast.editor), clock.now())

    def share_of(self, trustee: int) -> dict[str, Any]:
        replayed = self.replayed
        purpose = purpose_of_share(replayed.manifest, replayed.aggregate, trustee)
        return decrypt_share(purpose, replayed.aggregate, self.poll.secrets[trustee], drawn_from("share")).body

    def share(self, trustee: int) -> None:
        posting.record_share(self.id, self.share_of(trustee), actor(self.cast.editor), clock.now())

    def count(self, *trustees: int) -> list[list[int]]:
        self.end()
        self.close()
        self.cosign()
        for one in trustees:
            self.share(one)
        return posting.record_result(self.id, actor(self.cast.editor), clock.now())


def make_register(name: str, voters: int) -> tuple[list[int], list[str]]:
    """A register of so many who may vote, and two who may not; entries and codes of the voters."""
    rows = [
        f"{name}-{number},1980-01-01,{'東' if number % 2 else '西'}地区,2000-04-01" for number in range(1, voters + 1)
    ]
    rows += [f"{name}-young,2020-01-01,東地区,2020-01-01", f"{name}-new,1980-01-01,西地区,{clock.today()}"]
    with TemporaryDirectory() as folder:
        source, letters = Path(folder) / "register.csv", Path(folder) / "letters.csv"
        source.write_text("entry_id,birth_date,district,resident_since\n" + "\n".join(rows) + "\n", encoding="utf-8")
        import_register(name, source, actor=OPERATOR, letters=letters)
        listed = list(csv.DictReader(io.StringIO(letters.read_text(encoding="utf-8-sig"))))
    db.session.rollback()
    of_this = sa.select(RegisterEntry.id).join(Register).where(Register.name == name).order_by(RegisterEntry.id)
    return list(db.session.scalars(of_this))[:voters], [row["code"] for row in listed][:voters]


def make_vote(
    cast: Cast,
    *questions: dict[str, Any],
    state: State = State.OPEN,
    slug: str = "hall",
    voters: int = 12,
    witnesses: bool = True,
    quorum: dict[str, int] | None = None,
    **changes: Any,
) -> Held:
    """A vote of the planning department; `changes` are ActivitySettings."""
    now, editor, approver = clock.now(), actor(cast.editor), actor(cast.approver)
    entries, codes = make_register(f"roll-{slug}", voters)
    register_id = db.session.get_one(RegisterEntry, entries[0]).register_id
    project = activities.create_project(
        f"project-{slug}", cast.department(), text("市民会館"), text("市民会館"), editor
    )
    wanted = settings(
        now,
        **{
            "title": text("市民会館の建て替えの賛否"),
            "subject": Subject.REGISTER,
            "register_id": register_id,
            "identity_level": 2,
            "once_per_person": True,
            "change_allowed": True,
            "channels": (Channel.WEB, Channel.PAPER),
            "confidentiality": Confidentiality.SECRET,
        }
        | changes,
    )
    facts = VoteSettings(
        ordinance=text("みなと野市住民投票条例"),
        online_clause="第12条第2項",
        arguments_for=text("老朽化しています。"),
        arguments_against=text("費用がかかります。"),
        questions=list(questions) or [single()],
        quorum=quorum,
        reference_day=clock.today(),
        change_allowed=bool(changes.get("change_allowed", True)),
    )
    vote_id = conducting.create_vote(editor, project_id=project, slug=slug, settings=wanted, facts=facts, at=now)
    poll = make_poll(seed=slug)
    held = Held(cast, vote_id, poll, entries, codes)
    if state is State.DRAFT:
        return held
    names = ("key", "threshold", "trustees")
    ceremony = {name: poll.manifest.source[name] for name in names} | {"ceremony": CEREMONY, "version": 1}
    revision = conducting.accept_ceremony(vote_id, json.loads(json.dumps(ceremony)), revision_at(vote_id), editor, now)
    if witnesses:
        listed = [{"key": WITNESS_KEY.public.hex(), "name": WITNESS}]
        revision = conducting.name_witnesses(vote_id, listed, revision, editor, now)
    conducting.freeze(vote_id, editor, now)
    held.rehearse(1, 2, 3)
    revision = revision_at(vote_id)
    conducting.confirm_missing_texts(vote_id, revision, editor, now)  # the ballot paper stands in Japanese
    activities.submit(vote_id, revision, editor, now)
    if state is not State.IN_APPROVAL:
        activities.approve(vote_id, revision, approver, now)
        activities.set_due_latches(vote_id, now + timedelta(seconds=1))
    return held


def revision_at(vote_id: int) -> int:
    db.session.rollback()
    return db.session.get_one(Vote, vote_id).revision
