"""From counted ballots to totals: aggregate, trustees' shares with proofs, result (SPEC.md, sections 7 and 8)."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Final, TypeAlias

from consultations.votes.protocol.ballots import Ballot, columns_of
from consultations.votes.protocol.elgamal import Ciphertext, Proof, added, proof_json, read_proof
from consultations.votes.protocol.encoding import Json, array, canonical, fields, number
from consultations.votes.protocol.group import (
    BASE,
    IDENTITY,
    ORDER,
    Point,
    Random,
    Scalar,
    minus,
    plus,
    random_scalar,
    read_point,
    scalar_hash,
    times,
    times_base,
)
from consultations.votes.protocol.manifest import Manifest
from consultations.votes.protocol.refusals import Refused
from consultations.votes.protocol.sharing import combined

Aggregate: TypeAlias = Sequence[Sequence[Ciphertext]]  # per question, per column

REHEARSED: Final = (1, 2, 3)
NO_DIGEST: Final = bytes(32)


@dataclass(frozen=True)
class Share:
    """One trustee's partial decryption, per question and column."""

    trustee: int
    points: Sequence[Sequence[Point]]
    proofs: Sequence[Sequence[Proof]]

    @property
    def body(self) -> dict[str, Json]:
        """As the board holds it, without the board's signature."""
        return {
            "proofs": [[proof_json(one) for one in row] for row in self.proofs],
            "shares": [[one.hex() for one in row] for row in self.points],
            "trustee": self.trustee,
            "type": "share",
        }

    @property
    def rehearsal(self) -> dict[str, Json]:
        """As the opening entry holds it: one row."""
        return {
            "proofs": [proof_json(one) for one in self.proofs[0]],
            "shares": [one.hex() for one in self.points[0]],
            "trustee": self.trustee,
        }


@dataclass(frozen=True)
class Purpose:
    """What a share is for: every word of it is hashed into its proofs."""

    name: str
    vote: bytes
    digest: bytes
    trustee: int


def aggregate_of(manifest: Manifest, ballots: Iterable[Ballot]) -> Aggregate:
    """The sums of all columns."""
    totals = [[Ciphertext(IDENTITY, IDENTITY)] * question.columns for question in manifest.questions]
    for ballot in ballots:
        for place, question in enumerate(manifest.questions):
            columns = columns_of(question, ballot.ciphertexts[place])
            totals[place] = [added(pair) for pair in zip(totals[place], columns, strict=True)]
    return totals


def aggregate_json(aggregate: Aggregate) -> Json:
    return [[one.hex for one in row] for row in aggregate]


def rehearsal_of(manifest: Manifest) -> Aggregate:
    """Ciphertexts of 1, 2 and 3 whose randomness everybody can compute: decrypting them tells only that the keys are there."""
    nonces = [scalar_hash("rehearsal", manifest.vote, value) for value in REHEARSED]
    return [
        [
            Ciphertext(times_base(nonce), plus(times_base(value), times(nonce, manifest.key)))
            for value, nonce in zip(REHEARSED, nonces, strict=True)
        ]
    ]


def purpose_of_share(manifest: Manifest, aggregate: Aggregate, trustee: int) -> Purpose:
    digest = hashlib.sha256(canonical(aggregate_json(aggregate))).digest()
    return Purpose("share", manifest.vote, digest, trustee)


def purpose_of_rehearsal(manifest: Manifest, trustee: int) -> Purpose:
    return Purpose("rehearsal-share", manifest.vote, NO_DIGEST, trustee)


def decrypt_share(purpose: Purpose, aggregate: Aggregate, secret: Scalar, random: Random) -> Share:
    """Decrypt with one trustee's key, and prove it was done with that key."""
    verifying = times_base(secret)
    points: list[list[Point]] = []
    proofs: list[list[Proof]] = []
    for question, row in enumerate(aggregate):
        points.append([times(secret, one.alpha) for one in row])
        proofs.append([])
        for column, (one, point) in enumerate(zip(row, points[-1], strict=True)):
            nonce = random_scalar(random)
            committed = (times_base(nonce), times(nonce, one.alpha))
            challenge = _challenge(purpose, question, column, (verifying, one.alpha, point), committed)
            proofs[-1].append((challenge, (nonce + challenge * secret) % ORDER))
    return Share(purpose.trustee, points, proofs)


def is_share(purpose: Purpose, aggregate: Aggregate, share: Share, verifying: Point) -> bool:
    """Whether every point was decrypted with the key behind `verifying`."""
    if [len(row) for row in share.points] != [len(row) for row in aggregate]:
        return False
    for question, row in enumerate(aggregate):
        for column, (one, point, (challenge, response)) in enumerate(
            zip(row, share.points[question], share.proofs[question], strict=True)
        ):
            committed = (
                minus(times_base(response), times(challenge, verifying)),
                minus(times(response, one.alpha), times(challenge, point)),
            )
            if challenge != _challenge(purpose, question, column, (verifying, one.alpha, point), committed):
                return False
    return True


def _challenge(
    purpose: Purpose, question: int, column: int, stated: tuple[Point, Point, Point], committed: tuple[Point, Point]
) -> Scalar:
    return scalar_hash(
        purpose.name, purpose.vote, purpose.digest, purpose.trustee, question, column, *stated, *committed
    )


def read_share(body: Json, aggregate: Aggregate) -> Share:
    """A share of this aggregate, without the board's signature. Refused("shape" | "limits" | "point" | "scalar")."""
    found = fields(body, "proofs shares trustee type", "share")
    if found["type"] != "share":
        raise Refused("shape", "share")
    return _share(found["trustee"], found["shares"], found["proofs"], aggregate)


def read_rehearsal(value: Json, aggregate: Aggregate) -> Share:
    found = fields(value, "proofs shares trustee", "rehearsal")
    return _share(found["trustee"], [found["shares"]], [found["proofs"]], aggregate)


def _share(trustee: Json, points: Json, proofs: Json, aggregate: Aggregate) -> Share:
    sizes = iter([len(row) for row in aggregate] * 2)

    def row_of_points(row: Json) -> list[Point]:
        size = next(sizes)
        return array(row, lambda one: read_point(one, "share"), "share", size, size)

    def row_of_proofs(row: Json) -> list[Proof]:
        size = next(sizes)
        return array(row, lambda one: read_proof(one, "share"), "share", size, size)

    rows = len(aggregate)
    return Share(
        number(trustee, 1, 9, "trustee"),
        array(points, row_of_points, "share", rows, rows),
        array(proofs, row_of_proofs, "share", rows, rows),
    )


def check_rehearsal(value: Json, manifest: Manifest) -> None:
    """At least the threshold of trustees decrypted the rehearsal, and rightly. Refused("rehearsal")."""
    aggregate = rehearsal_of(manifest)
    shares = array(
        value, lambda one: read_rehearsal(one, aggregate), "rehearsal", manifest.threshold, len(manifest.trustees)
    )
    numbers = [share.trustee for share in shares]
    if numbers != sorted(set(numbers)):
        raise Refused("rehearsal", "order")
    for share in shares:
        trustee = manifest.trustee(share.trustee)
        purpose = purpose_of_rehearsal(manifest, share.trustee)
        if trustee is None or not is_share(purpose, aggregate, share, trustee.share):
            raise Refused("rehearsal", f"trustee {share.trustee}")
    first = {share.trustee: share for share in shares[: manifest.threshold]}
    if decrypted(aggregate, first) != [[times_base(value) for value in REHEARSED]]:
        raise Refused("rehearsal", "values")


def decrypted(aggregate: Aggregate, shares: Mapping[int, Share]) -> list[list[Point]]:
    """The points of the totals."""
    return [
        [
            minus(one.beta, combined({trustee: share.points[question][column] for trustee, share in shares.items()}))
            for column, one in enumerate(row)
        ]
        for question, row in enumerate(aggregate)
    ]


def largest_totals(manifest: Manifest, ballots: int) -> list[list[int]]:
    """What no total can pass."""
    return [
        [ballots * question.points] * len(question.options) + [ballots] * question.blank
        for question in manifest.questions
    ]


def totals_of(manifest: Manifest, ballots: int, aggregate: Aggregate, shares: Mapping[int, Share]) -> list[list[int]]:
    """The totals, from exactly the threshold of shares. Refused("result") where they decrypt to no such number."""
    if len(shares) != manifest.threshold:
        raise Refused("result", "threshold")
    points = decrypted(aggregate, shares)
    limits = largest_totals(manifest, ballots)
    logarithms = Logarithms(max(max(row) for row in limits))
    return [[logarithms.of(point) for point in row] for row in points]


class Logarithms:
    """Small discrete logarithms, by baby steps and giant steps (Shanks): one table for all totals of a vote."""

    def __init__(self, largest: int) -> None:
        self.largest = largest
        self.step = isqrt(largest) + 1
        self.babies: dict[Point, int] = {}
        point = IDENTITY
        for baby in range(self.step):
            self.babies[point] = baby
            point = plus(point, BASE)
        self.giant = point

    def of(self, point: Point) -> int:
        """The number whose multiple of G this is. Refused("result") above `largest`."""
        for giant in range(self.step + 1):
            if point in self.babies:
                found = giant * self.step + self.babies[point]
                if found <= self.largest:
                    return found
                break
            point = minus(point, self.giant)
        raise Refused("result", "logarithm")
