"""`flask --app wsgi votes …`: the commands of this room."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from civic import clock
from civic.activities import actions as activities
from civic.activities.rules import state_of
from civic.activities.states import State
from civic.db import db
from civic.identity.accounts import OPERATOR, Actor
from civic.identity.registers import cli as registers
from civic.identity.registers import looking
from civic.ops.output import emit, json_option, progress, refusals_exit_1, refuse
from consultations.votes import opening, queries
from consultations.votes.conducting import actions
from consultations.votes.conducting.queries import Roll, roll_preview
from consultations.votes.conducting.uploads import from_bytes
from consultations.votes.enrolling import actions as enrolling
from consultations.votes.enrolling.queries import vote_register
from consultations.votes.models import Vote
from consultations.votes.paper.showing import released_count
from consultations.votes.posting import actions as posting
from consultations.votes.posting import boards, files
from consultations.votes.posting.closing import Closing, closing_of
from consultations.votes.refusals import NotOpenYetBecause

READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
WRITABLE = click.Path(dir_okay=False, path_type=Path)

votes = AppGroup("votes", help="Residents' votes: roll, opening, close, board, count.")


@votes.command("import-register")
@click.argument("slug")
@click.argument("file", type=READABLE)
@click.option("--codes-out", type=WRITABLE, help="New file for the codes of the letters.")
@click.option("--freeze", "freezing", is_flag=True, help="Freeze the vote with this roll, too.")
@click.option("--encoding", help="Encoding of the file, where it is neither UTF-8 nor CP932.")
@json_option
@refusals_exit_1
def import_register(
    slug: str, file: Path, codes_out: Path | None, freezing: bool, encoding: str | None, as_json: bool
) -> None:
    """Import the register of a vote, and say how many of it may vote. Columns as for identity import-register, and those
    the vote's rules ask for: nationality, status_since, article_11. Whom they keep out makes the import stop.

    The register is the one the vote has, or a new one named "vote-SLUG". A second run stores what is missing.

    Example: flask --app wsgi votes import-register hall residents.csv --codes-out letters.csv --json
    """
    vote = queries.vote_at(slug)
    enrolling.require_open_roll(vote, again=freezing)
    name = vote_register(vote)
    more = vote.entitlement.more_columns
    counts = registers.import_file(name, file, codes_out, encoding, as_json, more)
    checked = looking.brought(file, encoding, more)
    enrolling.take_register(vote.id, name, on_behalf(vote), clock.now(), checked, counts.read)
    if freezing:
        vote = queries.vote_at(slug)
        actions.freeze(vote.id, on_behalf(vote), clock.now())
    emit({"register": name, "rows": asdict(counts), **roll_json(queries.vote_at(slug))}, as_json)


def on_behalf(vote: Vote) -> Actor:
    """The operator, for whom the vote's last editor stays its last editor."""
    return Actor(OPERATOR.label, vote.last_editor_id)


def roll_json(vote: Vote) -> dict[str, Any]:
    """Who may vote, in numbers; null while the reference day is missing."""
    roll: Roll | None = roll_preview(vote)
    if roll is None:
        progress("The reference day is not set: who may vote cannot be said yet.")
        return {"roll": None}
    left_out = [{"rule": rule, "clause": vote.clauses.get(rule), "people": n} for rule, n in roll.left_out.items()]
    return {"roll": {"entries": roll.entries, "admitted": roll.admitted, "left_out": left_out}}


@votes.command("open")
@click.argument("slug")
@json_option
@refusals_exit_1
def open_vote(slug: str, as_json: bool) -> None:
    """Open an approved vote whose period has begun. It opens by itself, too; this says why it has not.

    Example: flask --app wsgi votes open hall --json
    """
    vote = queries.vote_at(slug)
    activities.set_due_latches(vote.id, clock.now())
    vote = queries.vote_at(slug)
    state = state_of(vote, clock.now())
    if state is not State.OPEN:
        refusal = NotOpenYetBecause(opening.closed_because(vote, state, clock.now()))
        errors = [{"row": None, "column": None, "detail": str(one)} for one in refusal.problems]
        refuse(str(refusal), errors, as_json=as_json, slug=refusal.slug)
    witnesses = sorted(boards.manifest_from(boards.latest(db.session, vote.id).manifest).witnesses)
    if not witnesses:
        progress("Warning: no witness watches this vote. Nobody outside can prove that an entry was taken away.")
    emit({"activity": slug, "state": state.value, "witnesses": witnesses}, as_json)


@votes.command("close")
@click.argument("slug")
@json_option
@refusals_exit_1
def close(slug: str, as_json: bool) -> None:
    """Close a vote whose period is over: add the sealed ballots up and post the sum. It cannot be undone.

    Example: flask --app wsgi votes close hall --json
    """
    vote = queries.vote_at(slug)
    outcome = posting.close_vote(vote.id, OPERATOR, clock.now(), lambda done: progress(f"{done} entries"))
    found = end_of(vote.id)
    body = {"ballots": found.ballots, "paper": found.paper, "entry": found.n}
    emit({"activity": slug, "outcome": outcome.value, **body}, as_json)


def end_of(vote_id: int) -> Closing:
    db.session.rollback()
    found = closing_of(db.session, boards.latest(db.session, vote_id))
    assert found is not None
    return found


@votes.command("board")
@click.argument("slug")
@click.option("--out", type=WRITABLE, help="Write the file here; without it, to stdout.")
@refusals_exit_1
def board(slug: str, out: Path | None) -> None:
    """Write the board as trustees, witnesses and verifiers read it: one file of canonical JSON.

    Example: flask --app wsgi votes board hall --out board.json
    """
    pieces = files.pieces(boards.latest(db.session, queries.vote_at(slug).id).id)
    if out is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    with out.open("wb") as file:
        file.writelines(pieces)
    progress(f"{out}: {out.stat().st_size:,} bytes")


@votes.command("count")
@click.argument("slug")
@click.option("--share", "shares", multiple=True, type=READABLE, help="A trustee's share. May be given again.")
@json_option
@refusals_exit_1
def count(slug: str, shares: Sequence[Path], as_json: bool) -> None:
    """Post the trustees' shares, open the sum with them and post the result. What is counted is only printed.

    Example: flask --app wsgi votes count hall --share share-1.json --share share-3.json --json
    """
    vote = queries.vote_at(slug)
    if not is_counted(vote.id):
        for path in shares:
            post_share(vote.id, path)
        posting.record_result(vote.id, OPERATOR, clock.now())
    emit({"activity": slug, **result_json(vote.id)}, as_json)


def is_counted(vote_id: int) -> bool:
    found = closing_of(db.session, boards.latest(db.session, vote_id))
    return found is not None and bool(found.totals)


def post_share(vote_id: int, path: Path) -> None:
    """Post a share; one that stands there already is no harm."""
    value = from_bytes(path.read_bytes())
    found = closing_of(db.session, boards.latest(db.session, vote_id))
    if found is not None and value in found.share_bodies:
        progress(f"{path.name} stands on the board already")
        return
    number = posting.record_share(vote_id, value, OPERATOR, clock.now())
    progress(f"{path.name}: trustee {number}")


def result_json(vote_id: int) -> Mapping[str, Any]:
    """The result as it stands on the board, per question and option; "o00" is the blank vote."""
    found = end_of(vote_id)
    questions = [
        {"code": question.code, "totals": dict(zip(question.codes, row, strict=True))}
        for question, row in zip(found.manifest.questions, found.totals, strict=True)
    ]
    released = released_count(boards.vote_of(db.session, vote_id))
    return {
        "outcome": found.outcome.value,
        "ballots": found.ballots,
        "paper": found.paper,
        "questions": questions,
        "paper_count": released.to_json() if released else None,
    }
