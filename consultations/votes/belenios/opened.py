"""A counted practice vote with every ballot opened: what there is to count, and what the board says came out.

Nothing else of the board is checked here. The verifiers do that; what they refuse is to reach Belenios all the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from consultations.votes.belenios import words
from consultations.votes.offline.sentences import Declined
from consultations.votes.protocol.ballots import Ballot, is_opened_by, read_ballot
from consultations.votes.protocol.encoding import LARGEST, Json, array, fields, number, raw
from consultations.votes.protocol.group import Point, Scalar, minus, read_point, read_scalar, times, times_base
from consultations.votes.protocol.manifest import Manifest, read_manifest
from consultations.votes.protocol.questions import Choices, Kind
from consultations.votes.protocol.refusals import Refused

SMALL: Final = {times_base(shift): shift for shift in range(-9, 10)}


class Opening(NamedTuple):
    choices: Choices  # per question, per column
    randomness: Sequence[Sequence[Scalar]]  # per question, per position


class Cast(NamedTuple):
    slot: str
    choices: Choices
    randomness: Sequence[Sequence[Scalar]]


Offsets: TypeAlias = Sequence[Sequence[int]]  # per question, per column


@dataclass(frozen=True)
class OpenedVote:
    """In the order of the board; a slot that cast again stands here again, one on paper not at all.

    `shares` says of those whose shares made the result by how many times G each share is off: nothing, on an honest board.
    """

    manifest: Manifest
    ballots: Sequence[Cast]
    shares: Mapping[int, Offsets]
    totals: Sequence[Sequence[int]]


def read_opened(board: Json, openings: Json) -> OpenedVote:
    """From the values of a board file and of its openings. Declined where a ballot is not opened, Refused for a wrong shape."""
    found = fields(board, "checkpoints entries manifest slots version", "board")
    manifest = read_manifest(found["manifest"])
    _require_choices(manifest)
    known = read_openings(openings, manifest)
    bodies = array(found["entries"], _body, "entries")
    ballots: dict[int, Cast] = {}
    for n, body in enumerate(bodies):
        match body.get("type"):
            case "cast":
                ballot = read_ballot(body, manifest)
                ballots[n] = Cast(ballot.slot, *_opening_of(ballot, known, manifest))
            case "void":
                ballots = {place: one for place, one in ballots.items() if one.slot != body.get("slot")}
    cast = list(ballots.values())
    trustees, totals = _result_of(bodies, manifest)
    return OpenedVote(manifest, cast, _shares_of(bodies, trustees, sums_of(cast, manifest), manifest), totals)


def _require_choices(manifest: Manifest) -> None:
    for question in manifest.questions:
        if question.kind is Kind.SCORE:
            raise Declined(words.SCORES, code=question.code)


def _body(entry: Json) -> dict[str, Json]:
    """A body without its signature."""
    body = fields(entry, "body hash", "entry")["body"]
    if not isinstance(body, dict):
        raise Refused("shape", "entry")
    return {name: value for name, value in body.items() if name != "signature"}


def read_openings(value: Json, manifest: Manifest) -> Mapping[str, Opening]:
    """By the ballot's hash. Declined where they belong to another vote."""
    found = fields(value, "openings version vote", "openings")
    number(found["version"], 1, 1, "version")
    if found["vote"] != manifest.vote.hex():
        raise Declined(words.OTHER_VOTE)
    return dict(array(found["openings"], _opening, "openings"))


def _opening(value: Json) -> tuple[str, Opening]:
    found = fields(value, "ballot choices randomness", "opening")
    choices = array(found["choices"], lambda row: array(row, _value, "choices"), "choices")
    randomness = array(found["randomness"], lambda row: array(row, _scalar, "randomness"), "randomness")
    return raw(found["ballot"], 32, "opening").hex(), Opening(choices, randomness)


def _value(value: Json) -> int:
    return number(value, 0, LARGEST, "choices")


def _scalar(value: Json) -> Scalar:
    return read_scalar(value, "randomness")


def _opening_of(ballot: Ballot, known: Mapping[str, Opening], manifest: Manifest) -> Opening:
    """What a ballot holds. Declined where its opening is not there, or is that of another ciphertext."""
    opening = known.get(ballot.hash)
    if opening is None:
        raise Declined(words.NOT_OPENED, confirmation=ballot.confirmation)
    if not is_opened_by(ballot, opening.choices, opening.randomness, manifest):
        raise Declined(words.WRONGLY_OPENED, confirmation=ballot.confirmation)
    return opening


def sums_of(ballots: Sequence[Cast], manifest: Manifest) -> list[list[Scalar]]:
    """The randomness of every total: that of the last ballots, added up."""
    last = {one.slot: one.randomness for one in ballots}.values()
    places = range(len(manifest.questions))
    return [[sum(column) for column in zip(*(rows[place] for rows in last), strict=True)] for place in places]


def _shares_of(
    bodies: Sequence[dict[str, Json]], trustees: Sequence[int], sums: Sequence[Sequence[Scalar]], manifest: Manifest
) -> dict[int, Offsets]:
    """By trustee. [x]A is [r]V for the r of A, so a share can be told right or wrong without its key."""
    shares: dict[int, Offsets] = {}
    for one in trustees:
        found = next((body for body in bodies if body.get("type") == "share" and body.get("trustee") == one), {})
        rows = array(found.get("shares"), lambda row: row, "share", len(sums), len(sums))
        verifying = manifest.trustees[one - 1].share
        shares[one] = [
            [_off(point, times(total, verifying), one) for point, total in zip(_points(row, len(of)), of, strict=True)]
            for row, of in zip(rows, sums, strict=True)
        ]
    return shares


def _points(row: Json, size: int) -> list[Point]:
    return array(row, lambda one: read_point(one, "share"), "share", size, size)


def _off(point: Point, right: Point, trustee: int) -> int:
    """By how many times G a share is not what it should be. Declined where that is no small number."""
    shift = SMALL.get(minus(point, right))
    if shift is None:
        raise Declined(words.ANOTHER_SHARE, trustee=trustee)
    return shift


def _result_of(bodies: Sequence[dict[str, Json]], manifest: Manifest) -> tuple[list[int], list[list[int]]]:
    """Trustees and totals, as the board has them."""
    body = next((one for one in bodies if one.get("type") == "result"), None)
    if body is None:
        raise Declined(words.NOT_COUNTED)
    found = fields(body, "totals trustees type", "result")
    people = len(manifest.trustees)
    trustees = array(found["trustees"], lambda one: number(one, 1, people, "result"), "result", manifest.threshold)
    rows = array(found["totals"], lambda row: row, "result", len(manifest.questions), len(manifest.questions))
    totals = [
        array(row, lambda one: number(one, 0, LARGEST, "result"), "result", question.columns, question.columns)
        for row, question in zip(rows, manifest.questions, strict=True)
    ]
    return trustees, totals
