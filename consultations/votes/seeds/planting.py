"""Taking a written vote through its life, up to its state, by the acts of staff, voters, trustees and witness.

What acts take as `at` lies in the past for a vote that has opened already; what they read from the clock is the present.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import sqlalchemy as sa

from civic import clock
from civic.activities import actions as activities
from civic.activities.models import Project
from civic.activities.rules import state_of
from civic.activities.states import State
from civic.db import db
from civic.identity import seeds as people
from civic.identity.accounts import OPERATOR, Actor
from civic.identity.registers import actions as registers
from civic.identity.registers import queries as entries
from consultations.votes.casting import actions as casting
from consultations.votes.casting import sealing
from consultations.votes.casting.actions import Voter
from consultations.votes.conducting import actions as conducting
from consultations.votes.models import Vote
from consultations.votes.paper import actions as papers
from consultations.votes.paper.tallies import PaperCount, Tally
from consultations.votes.posting import actions as posting
from consultations.votes.posting import boards
from consultations.votes.posting.closing import closing_of
from consultations.votes.protocol.checkpoints import cosign
from consultations.votes.seeds import content
from consultations.votes.seeds.content import Written
from consultations.votes.seeds.trustees import Trustees

APPROVER: Final = "demo-approver"
FROZEN_BEFORE, APPROVED_BEFORE = timedelta(days=9), timedelta(days=6)
CLOSED_AFTER: Final = timedelta(hours=2)
OPENED = frozenset({State.OPEN, State.ENDED, State.CLOSED, State.ANSWERED, State.WITHDRAWN})
OVER = frozenset({State.ENDED, State.CLOSED, State.ANSWERED})
DISTRICTS = ("港町", "本町", "北浦", "中原", "野坂", "汐見台")
BORN = (1938, 2007)
TOO_YOUNG, NEW_IN_TOWN = 3, 2  # people of each register who may not vote
CODES_SHOWN: Final = 12
WITHDRAWN_REASON = {
    "ja": "投票用紙の案内に誤りがあったため、取り下げました。直して、改めて行います。",
    "ja-easy": "{案内/あんない}に まちがいが ありました。{直/なお}して、もう{一度/いちど} {行/おこな}います。",
    "en": "The instructions sent with the ballot paper were wrong, so we withdrew the vote. It will be held again.",
}


@dataclass(frozen=True)
class Person:
    """Somebody of a register, with the code in her letter."""

    code: str
    birth_date: str
    entry_id: int


@dataclass(frozen=True)
class Planted:
    """A vote as it stands now, and people of its roll who have not voted."""

    id: int
    slug: str
    state: str
    people: tuple[Person, ...]


def plant(written: Written, trustees: Trustees) -> Planted:
    """Write, freeze, rehearse, approve, open, vote, close, count and answer, as far as its state asks."""
    now = clock.now()
    editor = people.actor(written.content["editor"])
    made, roll = begin(written, editor, now)
    if written.state is not State.DRAFT:
        hand_in(made, written, trustees, editor, now)
    if written.state in OPENED:
        activities.set_due_latches(made, written.starts_at(clock.day_in_japan(now)))
        roll = take_part(made, written, roll, editor, now)
    if written.state in OVER:
        finish(made, written, trustees, editor, now)
    if written.state is State.WITHDRAWN:
        activities.withdraw(made, WITHDRAWN_REASON, people.actor(APPROVER), now)
    db.session.rollback()
    state = state_of(db.session.get_one(Vote, made), clock.now())
    return Planted(made, written.slug, str(state), tuple(roll[-CODES_SHOWN:]))


def begin(written: Written, editor: Actor, now: datetime) -> tuple[int, list[Person]]:
    """The draft with its register; its id and who may vote."""
    today = clock.day_in_japan(now)
    made = conducting.create_vote(
        editor,
        project_id=project(written.content["project"]),
        slug=written.slug,
        settings=written.settings(today),
        facts=written.facts(today),
        at=now,
    )
    register_id, roll = import_roll(written, today)
    conducting.choose_register(made, register_id, revision(made), editor, now)
    return made, roll


def project(slug: str) -> int:
    db.session.rollback()
    return db.session.scalars(sa.select(Project.id).where(Project.slug == slug)).one()


def import_roll(written: Written, today: date) -> tuple[int, list[Person]]:
    """A register of its own; its id, and those of it who may vote."""
    name = f"投票資格者名簿 {written.slug}"
    rows = list(invented(written, clock.day_in_japan(written.starts_at(today))))
    with TemporaryDirectory() as folder:
        source, letters = Path(folder) / "register.csv", Path(folder) / "letters.csv"
        with source.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, ["entry_id", "birth_date", "district", "resident_since"])
            table.writeheader()
            table.writerows(rows)
        registers.import_register(name, source, actor=OPERATOR, letters=letters)
        with letters.open(encoding="utf-8-sig", newline="") as file:
            codes = {row["entry_id"]: row["code"] for row in csv.DictReader(file)}
    register = entries.register_by_name(name)
    assert register is not None
    found = entries.entries_of(register.id, codes)
    admitted = rows[: written.voters]
    return register.id, [Person(codes[row["entry_id"]], row["birth_date"], found[row["entry_id"]]) for row in admitted]


def invented(written: Written, opens: date) -> Iterator[dict[str, str]]:
    """People of the register: voters first, then those too young and those new in town."""
    first, last = BORN
    for number in range(1, written.voters + TOO_YOUNG + NEW_IN_TOWN + 1):
        born = date(first + number * 7 % (last - first), 1 + number * 5 % 12, 1 + number * 11 % 28)
        since = date(min(born.year + number % 30, opens.year - 1), 4, 1)
        if written.voters < number <= written.voters + TOO_YOUNG:
            born = date(opens.year - 12, 6, number % 28 + 1)
            since = born
        elif number > written.voters:
            since = opens - timedelta(days=30)
        yield {
            "entry_id": f"{written.slug}-{number:04}",
            "birth_date": born.isoformat(),
            "district": DISTRICTS[number % len(DISTRICTS)],
            "resident_since": since.isoformat(),
        }


def hand_in(made: int, written: Written, trustees: Trustees, editor: Actor, now: datetime) -> None:
    """Keys, freeze, rehearsal and approval, before the period begins."""
    start = written.starts_at(clock.day_in_japan(now))
    at = min(now, start - FROZEN_BEFORE)
    conducting.accept_ceremony(made, trustees.ceremony, revision(made), editor, at)
    if written.content.get("witness"):
        listed = [{"key": trustees.witness.public.hex(), "name": content.city()["witness"]}]
        conducting.name_witnesses(made, listed, revision(made), editor, at)
    conducting.freeze(made, editor, at)
    manifest = boards.manifest_from(boards.latest(db.session, made).manifest)
    conducting.record_rehearsal(made, trustees.rehearsal(manifest), editor, at)
    activities.submit(made, revision(made), editor, at)
    if written.state is not State.IN_APPROVAL:
        approved = min(now, start - APPROVED_BEFORE)
        activities.approve(made, revision(made), people.actor(APPROVER), approved)


def take_part(made: int, written: Written, roll: list[Person], editor: Actor, now: datetime) -> list[Person]:
    """Ballots spread over the period up to now, some cast anew, some on paper; who has not voted."""
    choices, today = written.choices, clock.day_in_japan(now)
    first, last = written.starts_at(today), min(now, written.ends_at(today))
    step = (last - first) / (len(choices) + 2)
    for place, choice in enumerate(choices, start=1):
        at = first + step * place
        if place <= written.content["changed"]:
            vote(made, roll[place - 1], list(reversed(choice)), at)
        vote(made, roll[place - 1], choice, at)
        if place % 10 == 0:
            posting.sign_head(made, at)
    rest = roll[len(choices) :]
    for person in rest[: written.content["paper"]]:
        conducting.record_paper(made, person.entry_id, "paper", editor, last - step)
    posting.sign_head(made, last - step)
    return rest[written.content["paper"] :]


def vote(made: int, person: Person, choice: Sequence[int], at: datetime) -> None:
    """Choose and cast."""
    db.session.rollback()
    board = boards.latest(db.session, made)
    slot = casting.slot_of(db.session, board.id, Voter(person.entry_id))
    manifest = boards.manifest_from(board.manifest)
    pending = sealing.prepare(manifest, [choice], slot.slot, slot.seq + 1, slot.hash, at)
    casting.cast_ballot(made, Voter(person.entry_id), pending.body, at)


def finish(made: int, written: Written, trustees: Trustees, editor: Actor, now: datetime) -> None:
    """Let the period be over; close, count and answer where the state asks for it."""
    end = written.ends_at(clock.day_in_japan(now))
    activities.set_due_latches(made, end)
    if written.state is State.ENDED:
        return
    at = min(now, end + CLOSED_AFTER)
    posting.close_vote(made, editor, at)
    if written.state is State.ANSWERED:
        count(made, written, trustees, editor, at)
        count_paper(made, written, editor, at)
        activities.write_answer(made, written.content["answer"], revision(made), editor, at)
        activities.publish_answer(made, revision(made), people.actor(APPROVER), at + timedelta(days=3))


def count(made: int, written: Written, trustees: Trustees, editor: Actor, at: datetime) -> None:
    """The witness signs the close, two trustees decrypt, the result is posted. The second trustee stays at home."""
    db.session.rollback()
    board = boards.latest(db.session, made)
    if written.content.get("witness"):
        point = boards.checkpoints_of(db.session, board.id)[-1]
        signed = cosign(trustees.witness, content.city()["witness"], boards.manifest_from(board.manifest), point)
        posting.add_cosignature(made, point.with_cosignature(signed).body, editor, at)
    found: Any = closing_of(db.session, boards.latest(db.session, made))
    for number in (1, 3):
        posting.record_share(made, trustees.share(number, found.manifest, found.aggregate), editor, at)
    posting.record_result(made, editor, at)


def count_paper(made: int, written: Written, editor: Actor, at: datetime) -> None:
    """The paper ballots, entered by the editor and released by the approver; the last figure is that of the void ones."""
    if written.content["paper"]:
        *totals, void = written.content["paper_count"]
        counted = PaperCount([Tally("q1", totals, void)])
        papers.record_count(made, counted, editor, at)
        papers.release_count(made, papers.seen(counted.to_json()), people.actor(APPROVER), at)


def revision(made: int) -> int:
    db.session.rollback()
    return db.session.get_one(Vote, made).revision
