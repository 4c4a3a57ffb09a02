"""The public outcome of a ceremony: the trustees' entries of the manifest and the joint key."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from consultations.votes.protocol.elgamal import proof_json, read_proof
from consultations.votes.protocol.encoding import Json, array, canonical, fields, number, raw, text
from consultations.votes.protocol.group import IDENTITY, Point, read_point
from consultations.votes.protocol.manifest import NAME_LENGTH, PEOPLE
from consultations.votes.protocol.refusals import Refused
from consultations.votes.protocol.sharing import Commitment, joint_key, verifying_share

NAMES: Final = "ceremony key threshold trustees"
DIGITS: Final = 40


@dataclass(frozen=True)
class Outcome:
    """Whoever computes it from the same commitments gets the same bytes."""

    ceremony: str
    threshold: int
    names: Sequence[str]
    commitments: Sequence[Commitment]

    @property
    def key(self) -> Point:
        return joint_key(self.commitments)

    def share(self, number: int) -> Point:
        """The verifying share of one trustee."""
        return verifying_share(self.commitments, number)

    @property
    def value(self) -> dict[str, Json]:
        trustees = [
            {
                "commitments": [point.hex() for point in one.points],
                "id": one.trustee,
                "name": name,
                "proof": proof_json(one.proof),
                "share": self.share(one.trustee).hex(),
            }
            for name, one in zip(self.names, self.commitments, strict=True)
        ]
        return {"ceremony": self.ceremony, "key": self.key.hex(), "threshold": self.threshold, "trustees": trustees}

    @property
    def digest(self) -> str:
        return hashlib.sha256(canonical(self.value)).hexdigest()

    @property
    def is_usable(self) -> bool:
        """No key of it is the identity: that happens by no honest chance."""
        return IDENTITY not in {self.key, *(self.share(one.trustee) for one in self.commitments)}


def comparison_number(digest: str) -> str:
    """A digest as forty digits to be compared by eye or read aloud: more than 128 bits of it."""
    digits = f"{int(digest, 16) % 10**DIGITS:0{DIGITS}}"
    return " ".join(digits[place : place + 4] for place in range(0, DIGITS, 4))


def read_outcome(value: Json) -> Outcome:
    """From ceremony.json, a manifest or a board: proofs and all that is computed are checked. Refused(…)."""
    if isinstance(value, dict) and "manifest" in value:
        value = value["manifest"]
    if not isinstance(value, dict) or not value.keys() >= set(NAMES.split()):
        raise Refused("shape", "ceremony")
    part = {name: value[name] for name in NAMES.split()}
    names = "commitments id name proof share"
    listed = array(part["trustees"], lambda one: fields(one, names, "trustee"), "trustees", 1, PEOPLE)
    threshold = number(part["threshold"], 1, len(listed), "threshold")
    outcome = Outcome(
        ceremony=raw(part["ceremony"], 32, "ceremony").hex(),
        threshold=threshold,
        names=[text(one["name"], "trustee", NAME_LENGTH) for one in listed],
        commitments=[read_commitment(one, place, threshold) for place, one in enumerate(listed, 1)],
    )
    for one in outcome.commitments:
        if not one.is_proved(outcome.ceremony):
            raise Refused("manifest.proof", f"trustee {one.trustee}")
    if not outcome.is_usable or canonical(outcome.value) != canonical(part):
        raise Refused("manifest.key")
    return outcome


def read_commitment(value: dict[str, Json], trustee: int, threshold: int) -> Commitment:
    points = array(value["commitments"], lambda one: read_point(one, "trustee"), "trustee", threshold, threshold)
    return Commitment(trustee, points, read_proof(value["proof"], "trustee"))
