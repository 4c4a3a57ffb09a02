"""The bulletin board: an entry after the other, each checked against all before it (SPEC.md, sections 6 to 8)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from consultations.votes.protocol.ballots import (
    CONFIRMATION,
    PREV,
    Ballot,
    ballot_hash,
    check_ballot,
    read_ballot,
)
from consultations.votes.protocol.checkpoints import Checkpoint, Receipt, read_checkpoint
from consultations.votes.protocol.encoding import LARGEST, Json, array, canonical, fields, matching, number, raw
from consultations.votes.protocol.group import digest, refuse_unsafe_library, times_base
from consultations.votes.protocol.manifest import MINIMUM, SLOT, Manifest, read_manifest, read_slots
from consultations.votes.protocol.refusals import Refused
from consultations.votes.protocol.signing import SigningKey, is_signed
from consultations.votes.protocol.tally import (
    Aggregate,
    Share,
    aggregate_json,
    aggregate_of,
    check_rehearsal,
    decrypted,
    is_share,
    largest_totals,
    purpose_of_share,
    read_share,
)

REASONS: Final = {"paper", "roll"}


class Stage(StrEnum):
    """Which entries may come next."""

    NEW = "new"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"


class Outcome(StrEnum):
    """What a close says of the count."""

    COUNT = "count"
    NO_QUORUM = "no_quorum"
    TOO_FEW = "too_few"


class Place(NamedTuple):
    """Where the chain of one slot has come to."""

    seq: int = 0
    hash: str = ""
    void: str = ""  # its reason, once it is void


@dataclass
class Board:
    """A board as far as it has been read. Only `append` changes it, and only when the entry keeps every rule."""

    manifest: Manifest
    slots: frozenset[str]
    head: bytes = b""
    length: int = 0
    stage: Stage = Stage.NEW
    places: dict[str, Place] = field(default_factory=dict)
    ballots: dict[str, Ballot] = field(default_factory=dict)  # the last of each slot
    cast: set[str] = field(default_factory=set)  # confirmation numbers
    audited: set[str] = field(default_factory=set)
    heads: dict[int, bytes] = field(default_factory=dict)
    confirmations: dict[int, str] = field(default_factory=dict)
    closed_at: int = 0
    outcome: Outcome | None = None
    aggregate: Aggregate = ()
    shares: dict[int, Share] = field(default_factory=dict)
    totals: Sequence[Sequence[int]] = ()

    def __post_init__(self) -> None:
        self.head = self.head or first_head(self.manifest)

    def append(
        self, body: Json, check: Callable[[Ballot, Manifest], None] = check_ballot, expected: bytes | None = None
    ) -> bytes:
        """Take one more entry and return the new head. Refused(…) and unchanged where it breaks a rule.

        `expected` is the head the file gives for it: a broken chain is told before anything else.
        """
        head = next_head(self.head, body)
        if expected not in {None, head}:
            raise Refused("board.chain")
        unsigned = self.signed(body)
        rules: Mapping[str, Callable[[dict[str, Json]], None]] = {
            "open": self._open,
            "cast": lambda found: self._cast(found, check),
            "audit": self._audit,
            "void": self._void,
            "close": self._close,
            "share": self._share,
            "result": self._result,
        }
        kind = unsigned.get("type")
        if not isinstance(kind, str) or kind not in rules:
            raise Refused("shape", "type")
        if kind not in FOLLOWS[self.stage]:
            raise Refused("board.order", f"{kind} while {self.stage}")
        rules[kind](unsigned)
        self.head = head
        self.length += 1
        self.heads[self.length] = self.head
        return self.head

    def signed(self, body: Json) -> dict[str, Json]:
        """The entry without its signature, which is the board's. Refused("board.signature")."""
        if not isinstance(body, dict):
            raise Refused("shape", "entry")
        unsigned = {name: value for name, value in body.items() if name != "signature"}
        signature = body.get("signature")
        stated = (self.manifest.vote, self.head, canonical(unsigned))
        if not is_signed(self.manifest.board_key, signature, "entry", *stated):
            raise Refused("board.signature")
        return unsigned

    @property
    def counted(self) -> list[Ballot]:
        """The last ballot of every slot that is not void."""
        return [ballot for slot, ballot in self.ballots.items() if not self.places[slot].void]

    @property
    def paper(self) -> int:
        return sum(place.void == "paper" for place in self.places.values())

    def _open(self, body: dict[str, Json]) -> None:
        check_rehearsal(fields(body, "rehearsal type", "open")["rehearsal"], self.manifest)
        self.stage = Stage.OPEN

    def _cast(self, body: dict[str, Json], check: Callable[[Ballot, Manifest], None]) -> None:
        ballot = read_ballot(body, self.manifest)
        self._continues(ballot.slot, ballot.seq, ballot.prev)
        if ballot.seq > 1 and not self.manifest.revote:
            raise Refused("board.revote")
        if ballot.confirmation in self.audited:
            raise Refused("board.audited")
        check(ballot, self.manifest)
        self.places[ballot.slot] = Place(ballot.seq, ballot.hash)
        self.ballots[ballot.slot] = ballot
        self.cast.add(ballot.confirmation)
        self.confirmations[self.length + 1] = ballot.confirmation

    def _continues(self, slot: str, seq: int, prev: str) -> None:
        place = self.places.get(slot, Place())
        if slot not in self.slots:
            raise Refused("board.roll")
        if place.void:
            raise Refused("board.void")
        if seq != place.seq + 1 or prev != place.hash:
            raise Refused("board.sequence")

    def _audit(self, body: dict[str, Json]) -> None:
        confirmation = matching(fields(body, "confirmation type", "audit")["confirmation"], CONFIRMATION, "audit")
        if confirmation in self.audited or confirmation in self.cast:
            raise Refused("board.audited")
        self.audited.add(confirmation)

    def _void(self, body: dict[str, Json]) -> None:
        found = fields(body, "prev reason seq slot type", "void")
        slot, seq = matching(found["slot"], SLOT, "void"), number(found["seq"], 1, LARGEST, "void")
        if found["reason"] not in REASONS:
            raise Refused("shape", "void")
        self._continues(slot, seq, matching(found["prev"], PREV, "void"))
        self.places[slot] = Place(seq, ballot_hash(body), found["reason"])

    def _close(self, body: dict[str, Json]) -> None:
        fields(body, "aggregate ballots outcome paper type", "close")
        due, aggregate = close_of(self)
        if canonical(body) != canonical(due):
            raise Refused("board.close")
        self.stage, self.outcome, self.aggregate = Stage.CLOSED, Outcome(due["outcome"]), aggregate
        self.closed_at = self.length + 1

    def _share(self, body: dict[str, Json]) -> None:
        if self.outcome is not Outcome.COUNT:
            raise Refused("board.not_counted")
        share = read_share(body, self.aggregate)
        trustee = self.manifest.trustee(share.trustee)
        if trustee is None or share.trustee in self.shares:
            raise Refused("share.trustee")
        purpose = purpose_of_share(self.manifest, self.aggregate, share.trustee)
        if not is_share(purpose, self.aggregate, share, trustee.share):
            raise Refused("share.proof", f"trustee {share.trustee}")
        self.shares[share.trustee] = share

    def _result(self, body: dict[str, Json]) -> None:
        found = fields(body, "totals trustees type", "result")
        if self.outcome is not Outcome.COUNT:
            raise Refused("board.not_counted")
        count = self.manifest.threshold
        trustees = array(found["trustees"], lambda one: number(one, 1, 9, "result"), "result", count, count)
        if trustees != sorted(set(trustees)) or not set(trustees) <= self.shares.keys():
            raise Refused("result", "trustees")
        totals = _totals(found["totals"], largest_totals(self.manifest, len(self.counted)))
        points = decrypted(self.aggregate, {trustee: self.shares[trustee] for trustee in trustees})
        if points != [[times_base(total) for total in row] for row in totals]:
            raise Refused("result", "totals")
        self.stage, self.totals = Stage.COUNTED, totals


FOLLOWS: Final[Mapping[Stage, frozenset[str]]] = {
    Stage.NEW: frozenset({"open"}),
    Stage.OPEN: frozenset({"cast", "audit", "void", "close"}),
    Stage.CLOSED: frozenset({"share", "result"}),
    Stage.COUNTED: frozenset(),
}


def _totals(value: Json, largest: Sequence[Sequence[int]]) -> list[list[int]]:
    totals = []
    rows = array(value, lambda row: row, "result", len(largest), len(largest))
    for row, limits in zip(rows, largest, strict=True):
        found = array(row, lambda one: one, "result", len(limits), len(limits))
        totals.append([number(one, 0, most, "result") for one, most in zip(found, limits, strict=True)])
    return totals


def first_head(manifest: Manifest) -> bytes:
    return digest("board", manifest.vote)


def next_head(head: bytes, body: Json) -> bytes:
    return digest("chain", head, canonical(body))


def sign_entry(key: SigningKey, manifest: Manifest, head: bytes, body: dict[str, Json]) -> dict[str, Json]:
    """The body with the board's signature, good behind this head and nowhere else."""
    return body | {"signature": key.sign("entry", manifest.vote, head, canonical(body))}


def close_of(board: Board) -> tuple[dict[str, Json], Aggregate]:
    """What a close of this board has to say, and the aggregate; nothing to decrypt where it is not to be counted."""
    manifest, ballots = board.manifest, board.counted
    if manifest.quorum and not manifest.quorum.is_met(len(ballots) + board.paper, manifest.register):
        outcome = Outcome.NO_QUORUM
    else:
        outcome = Outcome.TOO_FEW if len(ballots) < MINIMUM else Outcome.COUNT
    aggregate = aggregate_of(manifest, ballots) if outcome is Outcome.COUNT else []
    body = {
        "aggregate": aggregate_json(aggregate),
        "ballots": len(ballots),
        "outcome": outcome.value,
        "paper": board.paper,
        "type": "close",
    }
    return body, aggregate


def void_of(board: Board, slot: str, reason: str) -> dict[str, Json]:
    """The entry that takes a slot out of the count."""
    place = board.places.get(slot, Place())
    return {"prev": place.hash, "reason": reason, "seq": place.seq + 1, "slot": slot, "type": "void"}


@dataclass(frozen=True)
class Published:
    """A whole board file, checked."""

    board: Board
    checkpoints: Sequence[Checkpoint]

    @property
    def cosigned_close(self) -> bool:
        """Whether every witness of the manifest saw the close."""
        manifest, closed_at = self.board.manifest, self.board.closed_at
        return any(one.n == closed_at and one.is_cosigned_by_all(manifest) for one in self.checkpoints)

    def verdict(self, receipt: Receipt) -> str:
        """Whether the receipt's ballot is "included", "not_yet" in a checkpoint, or "missing"."""
        n = receipt.entry
        if self.board.heads.get(n) != receipt.hash or self.board.confirmations.get(n) != receipt.confirmation:
            return "missing"
        return "included" if self.checkpoints and n <= self.checkpoints[-1].n else "not_yet"


def read_published(value: Json, check: Callable[[Ballot, Manifest], None] = check_ballot) -> Published:
    """A board file from beginning to end. Refused with the entry that broke a rule."""
    refuse_unsafe_library()
    found = fields(value, "checkpoints entries manifest slots version", "board")
    number(found["version"], 1, 1, "version")
    manifest = read_manifest(found["manifest"])
    board = Board(manifest, read_slots(found["slots"], manifest))
    for n, entry in enumerate(array(found["entries"], lambda one: fields(one, "body hash", "entry"), "entries"), 1):
        try:
            board.append(entry["body"], check, raw(entry["hash"], 32, "entry"))
        except Refused as refused:
            raise Refused(refused.check, f"entry {n}") from refused
    checkpoints = array(found["checkpoints"], lambda one: read_checkpoint(one, manifest), "checkpoints")
    published = Published(board, checkpoints)
    _check_checkpoints(published)
    return published


def _check_checkpoints(published: Published) -> None:
    last, time = 0, ""
    for one in published.checkpoints:
        if one.n <= last or one.time < time or published.board.heads.get(one.n) != one.hash:
            raise Refused("checkpoint", str(one.n))
        last, time = one.n, one.time
    if published.board.shares and not published.cosigned_close:
        raise Refused("share.witnesses")


def published_json(
    manifest: Manifest, slots: Iterable[str], bodies: Iterable[Json], checkpoints: Iterable[Checkpoint]
) -> dict[str, Json]:
    """A board file's value, its hashes computed anew."""
    entries, head = [], first_head(manifest)
    for body in bodies:
        head = next_head(head, body)
        entries.append({"body": body, "hash": head.hex()})
    return {
        "checkpoints": [one.body for one in checkpoints],
        "entries": entries,
        "manifest": manifest.source,
        "slots": sorted(slots),
        "version": 1,
    }
