"""§6 The entries of a board in their order: what each may follow, the hash chain, and where each slot stands."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .ballots import ballot_shapes, confirmation_of
from .canonical import Finding, Refused, canonical, require, without_signature
from .group import sha256
from .manifest import Vote
from .shapes import (
    CIPHER,
    CONFIRMATION,
    HEX32,
    HEX64,
    PROOF,
    SLOT,
    Shape,
    array,
    each,
    integer,
    one_of,
    pattern,
    record,
)

STAGES = {"open": 0, "cast": 1, "audit": 1, "void": 1, "close": 2, "share": 3, "result": 4}


def entry_shapes(vote: Vote) -> dict[str, Shape]:
    """The shape of a body by its type."""
    trustee = integer(1, len(vote.shares))

    def columns(shape: Shape) -> Shape:
        return each(*(array(shape, one.columns) for one in vote.questions))

    rehearsed = record(proofs=array(PROOF, 3), shares=array(HEX32, 3), trustee=trustee)
    shapes: dict[str, dict[str, Shape]] = {
        "open": {"rehearsal": array(rehearsed, 0, 9)},
        "cast": ballot_shapes(vote),
        "audit": {"confirmation": CONFIRMATION},
        "void": {
            "prev": pattern("([0-9a-f]{64})?"),
            "reason": one_of("paper", "roll"),
            "seq": integer(1),
            "slot": SLOT,
        },
        "close": {
            "aggregate": _empty_or(columns(CIPHER)),
            "ballots": integer(0),
            "outcome": one_of("no_quorum", "too_few", "count"),
            "paper": integer(0),
        },
        "share": {"proofs": columns(PROOF), "shares": columns(HEX32), "trustee": trustee},
        "result": {"totals": columns(integer(0)), "trustees": array(trustee, 0, 9)},
    }
    return {kind: record(**(keys | {"signature": HEX64, "type": one_of(kind)})) for kind, keys in shapes.items()}


def _empty_or(shape: Shape) -> Shape:
    def look(value: Any, where: str) -> None:
        if value != []:
            shape(value, where)

    return look


def shape_faults(vote: Vote, entries: list[dict[str, Any]]) -> Iterator[Finding]:
    shapes = entry_shapes(vote)
    for n, entry in enumerate(entries, 1):
        try:
            body = entry["body"]
            kind = body.get("type") if type(body) is dict else None
            if type(kind) is not str or kind not in shapes:
                raise Refused("shape", "body.type")
            shapes[kind](body, "body")
        except Refused as refused:
            yield refused.at(n)


@dataclass
class Slot:
    """Where one slot stands: its last ballot, or that it was voided."""

    seq: int = 0
    prev: str = ""
    entry: int = 0
    void: str = ""


@dataclass
class Course:
    """What the entries read so far came to; an entry that was refused changes nothing but the chain."""

    vote: Vote
    slots: dict[str, Slot]
    heads: list[bytes]
    stage: str = ""
    confirmations: dict[int, str] = field(default_factory=dict)
    audited: set[str] = field(default_factory=set)
    shares: dict[int, dict[str, Any]] = field(default_factory=dict)
    single: dict[str, dict[str, Any]] = field(default_factory=dict)  # open, close, result
    closed_at: int = 0
    revotes: int = 0
    findings: list[Finding] = field(default_factory=list)
    cast: set[str] = field(default_factory=set)

    @property
    def counted(self) -> set[int]:
        """§7: the entries of the ballots that count."""
        return {slot.entry for slot in self.slots.values() if slot.entry and not slot.void}

    def voids(self, reason: str) -> int:
        return sum(slot.void == reason for slot in self.slots.values())

    @property
    def paper(self) -> int:
        return self.voids("paper")


def follow(vote: Vote, slots: list[str], entries: list[dict[str, Any]]) -> Course:
    """Read all entries, whose shapes were looked at, in order."""
    course = Course(vote, {slot: Slot() for slot in slots}, [sha256("machikoe.vote.1/board", vote.id)])
    for n, entry in enumerate(entries, 1):
        body = entry["body"]
        course.heads.append(sha256("machikoe.vote.1/chain", course.heads[-1], canonical(body)))
        if course.heads[-1].hex() != entry["hash"]:
            course.findings.append(Finding(n, "chain", entry["hash"]))
        try:
            _require_order(course, n, body)
            TAKE[body["type"]](course, n, body)
        except Refused as refused:
            course.findings.append(refused.at(n))
    return course


def _require_order(course: Course, n: int, body: dict[str, Any]) -> None:
    """One open, then ballots, audits and voids, then at most one close, shares, at most one result."""
    kind, before = body["type"], STAGES.get(course.stage, -1)
    repeats = STAGES[kind] in (1, 3)
    require((kind == "open") == (n == 1), "order", kind)
    require(before < STAGES[kind] or (repeats and before == STAGES[kind]), "order", f"{course.stage} → {kind}")
    if STAGES[kind] > STAGES["close"]:
        require("close" in course.single, "order", kind)
        require(course.single["close"]["outcome"] == "count", "order", f"{course.single['close']['outcome']} → {kind}")
    course.stage = kind


def _take_single(course: Course, n: int, body: dict[str, Any]) -> None:
    course.single[body["type"]] = body
    if body["type"] == "close":
        course.closed_at = n


def _take_cast(course: Course, n: int, body: dict[str, Any]) -> None:
    ballot_hash = hashlib.sha256(without_signature(body)).digest()
    confirmation = course.confirmations[n] = confirmation_of(ballot_hash)
    slot = _continued(course, body)
    require(body["seq"] == 1 or course.vote.manifest["revote"], "revote", body["slot"])
    require(confirmation not in course.audited, "audited", confirmation)
    slot.seq, slot.prev, slot.entry = body["seq"], ballot_hash.hex(), n
    course.cast.add(confirmation)
    course.revotes += body["seq"] > 1


def _take_void(course: Course, n: int, body: dict[str, Any]) -> None:
    _continued(course, body).void = body["reason"]


def _continued(course: Course, body: dict[str, Any]) -> Slot:
    """The slot this ballot or void continues."""
    slot = course.slots.get(body["slot"])
    if slot is None:
        raise Refused("roll", body["slot"])
    require(not slot.void, "voided", body["slot"])
    require((body["seq"], body["prev"]) == (slot.seq + 1, slot.prev), "sequence", f"{body['slot']}: {body['seq']}")
    return slot


def _take_audit(course: Course, n: int, body: dict[str, Any]) -> None:
    require(body["confirmation"] not in course.audited | course.cast, "audited", body["confirmation"])
    course.audited.add(body["confirmation"])


def _take_share(course: Course, n: int, body: dict[str, Any]) -> None:
    require(body["trustee"] not in course.shares, "share", f"{body['trustee']}")
    course.shares[body["trustee"]] = body


TAKE = {
    "open": _take_single,
    "cast": _take_cast,
    "audit": _take_audit,
    "void": _take_void,
    "close": _take_single,
    "share": _take_share,
    "result": _take_single,
}
