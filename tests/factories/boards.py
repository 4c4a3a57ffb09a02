"""Votes as the protocol knows them, without pages or database: keys, a manifest, ballots, a board, all from one seed."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import reduce
from typing import Any

from consultations.votes.protocol.ballots import (
    Ballot,
    Sealed,
    ballot_hash,
    check_ballot,
    confirmation_number,
    seal,
)
from consultations.votes.protocol.board import (
    Board,
    Place,
    close_of,
    first_head,
    next_head,
    published_json,
    sign_entry,
    void_of,
)
from consultations.votes.protocol.checkpoints import Checkpoint, Receipt, cosign, sign_checkpoint, sign_receipt
from consultations.votes.protocol.elgamal import proof_json
from consultations.votes.protocol.encoding import canonical
from consultations.votes.protocol.group import Random, Scalar
from consultations.votes.protocol.manifest import Manifest, read_manifest, register_hash
from consultations.votes.protocol.sharing import Polynomial, joint_key, verifying_share
from consultations.votes.protocol.signing import SigningKey
from consultations.votes.protocol.tally import (
    decrypt_share,
    purpose_of_rehearsal,
    purpose_of_share,
    rehearsal_of,
    totals_of,
)

NOON = datetime(2026, 11, 29, 12, 3, tzinfo=UTC)
CEREMONY = hashlib.sha256(b"ceremony").hexdigest()
BOARD_KEY = SigningKey(hashlib.sha256(b"board").digest())
WITNESS_KEY = SigningKey(hashlib.sha256(b"witness").digest())
WITNESS = "隣の市"


def drawn_from(seed: str) -> Random:
    """The same "random" bytes for the same seed."""
    count = 0

    def random(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{seed}/{count}".encode()).digest(size)

    return random


def words(text: str) -> dict[str, str]:
    return {"ja": text, "en": f"{text} (en)"}


def single(options: int = 2, *, blank: bool = True, code: str = "q1") -> dict[str, Any]:
    return _question(code, "single", options, blank, 1, 1, 1)


def approval(options: int, least: int, most: int, *, blank: bool = True, code: str = "q1") -> dict[str, Any]:
    return _question(code, "approval", options, blank, least, most, 1)


def score(options: int, points: int, *, blank: bool = False, code: str = "q1") -> dict[str, Any]:
    return _question(code, "score", options, blank, 0, options, points)


def _question(code: str, kind: str, options: int, blank: bool, least: int, most: int, points: int) -> dict[str, Any]:
    listed = [{"code": f"o{number:02}", "text": words(f"案{number}")} for number in range(1, options + 1)]
    return {
        "blank": blank, "code": code, "kind": kind, "max": most, "min": least, "options": listed, "points": points,
        "text": words("市民会館をどうしますか"),
    }  # fmt: skip


def slot(number: int) -> str:
    return hashlib.sha256(f"slot {number}".encode()).hexdigest()[:32]


@dataclass
class Poll:
    """A vote with its trustees' keys, and the board it fills."""

    manifest: Manifest
    secrets: dict[int, Scalar]
    random: Random
    slots: Sequence[str]
    bodies: list[dict[str, Any]] = field(default_factory=list)
    checkpoints: list[Checkpoint] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.board = Board(self.manifest, frozenset(self.slots))

    def post(self, body: dict[str, Any], check: Callable[[Ballot, Manifest], None] = check_ballot) -> bytes:
        """Sign and append whatever it is that the board allows."""
        signed = sign_entry(BOARD_KEY, self.manifest, self.board.head, body)
        head = self.board.append(signed, check)
        self.bodies.append(signed)
        return head

    @property
    def head(self) -> bytes:
        """Behind all that was published, allowed or not."""
        return reduce(next_head, self.bodies, first_head(self.manifest))

    def force(self, body: dict[str, Any], key: SigningKey = BOARD_KEY) -> None:
        """Sign and publish what the board does not allow, as a rewritten server could."""
        self.bodies.append(sign_entry(key, self.manifest, self.head, body))

    def rehearsal(self, trustees: Iterable[int]) -> list[dict[str, Any]]:
        aggregate = rehearsal_of(self.manifest)
        return [
            decrypt_share(purpose_of_rehearsal(self.manifest, one), aggregate, self.secrets[one], self.random).rehearsal
            for one in trustees
        ]

    def open(self) -> None:
        self.post({"rehearsal": self.rehearsal(self.secrets), "type": "open"})

    def seal(self, number: int, *choices: Sequence[int]) -> Sealed:
        """A ballot of the slot, next in its chain."""
        place = self.board.places.get(slot(number), Place())
        return seal(self.manifest, choices, slot(number), place.seq + 1, place.hash, self.random)

    def cast(self, number: int, *choices: Sequence[int]) -> Receipt:
        sealed = self.seal(number, *choices)
        head = self.post(sealed.body)
        confirmation = self.board.confirmations[self.board.length]
        return sign_receipt(BOARD_KEY, self.manifest, self.board.length, head, confirmation)

    def audit(self, confirmation: str) -> None:
        self.post({"confirmation": confirmation, "type": "audit"})

    def void(self, number: int, reason: str = "paper") -> None:
        self.post(void_of(self.board, slot(number), reason))

    def checkpoint(self, now: datetime = NOON, *, cosigned: bool = True) -> Checkpoint:
        point = sign_checkpoint(BOARD_KEY, self.manifest, self.board.length, self.board.head, now)
        if cosigned and self.manifest.witnesses:
            point = point.with_cosignature(cosign(WITNESS_KEY, WITNESS, self.manifest, point))
        self.checkpoints.append(point)
        return point

    def close(self) -> None:
        self.post(close_of(self.board)[0])
        self.checkpoint()

    def share(self, trustee: int) -> None:
        aggregate = self.board.aggregate
        purpose = purpose_of_share(self.manifest, aggregate, trustee)
        self.post(decrypt_share(purpose, aggregate, self.secrets[trustee], self.random).body)

    def result(self, *trustees: int) -> list[list[int]]:
        shares = {one: self.board.shares[one] for one in trustees}
        totals = totals_of(self.manifest, len(self.board.counted), self.board.aggregate, shares)
        self.post({"totals": totals, "trustees": list(trustees), "type": "result"})
        return totals

    def count(self, *trustees: int) -> list[list[int]]:
        """Close, decrypt with these trustees, publish."""
        self.close()
        for one in trustees:
            self.share(one)
        return self.result(*trustees)

    @property
    def value(self) -> dict[str, Any]:
        return published_json(self.manifest, self.slots, self.bodies, self.checkpoints)

    @property
    def file(self) -> bytes:
        return canonical(self.value)


def make_poll(
    *questions: dict[str, Any],
    voters: int = 12,
    trustees: int = 3,
    threshold: int = 2,
    seed: str = "poll",
    **changed: Any,
) -> Poll:
    """A vote before its opening; `changed` replaces keys of its manifest."""
    random = drawn_from(seed)
    polynomials = {number: Polynomial.drawn(threshold, random) for number in range(1, trustees + 1)}
    commitments = [one.commitment(CEREMONY, number, random) for number, one in polynomials.items()]
    slots = sorted(slot(number) for number in range(1, voters + 1))
    source = {
        "board_key": BOARD_KEY.public.hex(),
        "ceremony": CEREMONY,
        "closes": "2026-11-30T11:00Z",
        "key": joint_key(commitments).hex(),
        "level": 1,
        "opens": "2026-11-28T23:00Z",
        "questions": list(questions) or [single()],
        "quorum": None,
        "register": {"count": len(slots), "hash": register_hash(slots).hex()},
        "revote": True,
        "salt": hashlib.sha256(seed.encode()).hexdigest(),
        "threshold": threshold,
        "title": words("市民会館の建て替え"),
        "trustees": [
            {
                "commitments": [point.hex() for point in one.points],
                "id": one.trustee,
                "name": f"開票立会人{one.trustee}",
                "proof": proof_json(one.proof),
                "share": verifying_share(commitments, one.trustee).hex(),
            }
            for one in commitments
        ],
        "version": 1,
        "witnesses": [{"key": WITNESS_KEY.public.hex(), "name": WITNESS}],
    }
    secrets = {number: sum(one.at(number) for one in polynomials.values()) for number in polynomials}
    return Poll(read_manifest(source | changed), secrets, random, slots)


def make_counted(seed: str = "counted") -> Poll:
    """A small vote to its end: re-votes, an audit, a paper ballot, a trustee who lost the key."""
    poll = make_poll(single(), seed=seed)
    poll.open()
    for number in range(1, 12):
        poll.cast(number, [1, 0, 0])
    poll.cast(1, [0, 1, 0])
    poll.cast(2, [0, 0, 1])
    poll.cast(1, [0, 0, 1])
    sealed = poll.seal(3, [0, 1, 0])
    poll.audit(confirmation_of(sealed))
    poll.checkpoint()
    poll.void(12)
    poll.count(1, 3)
    poll.checkpoint(NOON.replace(hour=13))
    return poll


def confirmation_of(sealed: Sealed) -> str:
    return confirmation_number(ballot_hash(sealed.body))
