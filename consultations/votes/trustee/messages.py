"""The files trustees pass round: what each holds, and how each is signed by its sender."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from nacl.exceptions import CryptoError
from nacl.public import Box, PrivateKey, PublicKey

from consultations.votes.protocol.elgamal import proof_json
from consultations.votes.protocol.encoding import Json, array, canonical, fields, frame, number, raw, text
from consultations.votes.protocol.group import DOMAIN, Scalar, digest, read_point, read_scalar, scalar_bytes
from consultations.votes.protocol.manifest import NAME_LENGTH, PEOPLE
from consultations.votes.protocol.refusals import Refused
from consultations.votes.protocol.sharing import Commitment
from consultations.votes.protocol.signing import SigningKey, is_signed
from consultations.votes.trustee.public import read_commitment


class Step(StrEnum):
    """The rounds, as the files are named."""

    HASH = "1-hash"
    COMMITMENT = "2-commitment"
    SHARES = "3-shares"
    CONFIRMATION = "4-confirmation"


NAMES: Final = {
    Step.HASH: "box hash key name plan",
    Step.COMMITMENT: "commitments proof roster",
    Step.SHARES: "roster sealed",
    Step.CONFIRMATION: "public roster",
}


@dataclass(frozen=True)
class Plan:
    """What the trustees meet for."""

    id: str
    title: str
    trustees: int
    threshold: int

    @property
    def value(self) -> dict[str, Json]:
        return {
            "id": self.id,
            "threshold": self.threshold,
            "title": self.title,
            "trustees": self.trustees,
            "version": 1,
        }

    @property
    def digest(self) -> str:
        return hashlib.sha256(canonical(self.value)).hexdigest()

    @property
    def numbers(self) -> range:
        return range(1, self.trustees + 1)


@dataclass(frozen=True)
class Joined:
    """A trustee who took a seat: the keys to deal with, and the hash of commitments still kept back."""

    number: int
    name: str
    box: bytes
    key: bytes
    hash: str


def read_plan(value: Json) -> Plan:
    found = fields(value, "id threshold title trustees version", "plan")
    number(found["version"], 1, 1, "version")
    trustees = number(found["trustees"], 1, PEOPLE, "trustees")
    return Plan(
        id=raw(found["id"], 32, "plan").hex(),
        title=text(found["title"], "plan"),
        trustees=trustees,
        threshold=number(found["threshold"], 1, trustees, "threshold"),
    )


def signed(key: SigningKey, step: Step, sender: int, body: Mapping[str, Json]) -> dict[str, Json]:
    whole = {**body, "trustee": sender}
    return {**whole, "signature": key.sign(f"ceremony/{step}", canonical(whole))}


def read_signed(value: Json, step: Step, sender: int, key: bytes | None = None) -> dict[str, Json]:
    """A file of this step by this sender. The first file brings the key that signs it and all others."""
    found = fields(value, f"{NAMES[step]} signature trustee", step)
    number(found["trustee"], sender, sender, "trustee")
    whole = {name: one for name, one in found.items() if name != "signature"}
    by = key or read_point(found["key"], "key")
    if not is_signed(by, found["signature"], f"ceremony/{step}", canonical(whole)):
        raise Refused("board.signature", step)
    return found


def hash_body(plan: Plan, name: str, box: PrivateKey, key: SigningKey, commitment: Commitment) -> dict[str, Json]:
    return {
        "box": bytes(box.public_key).hex(),
        "hash": commitment.hash(plan.id),
        "key": key.public.hex(),
        "name": name,
        "plan": plan.digest,
    }


def read_joined(value: Json, plan: Plan, sender: int) -> Joined:
    found = read_signed(value, Step.HASH, sender)
    if found["plan"] != plan.digest:
        raise Refused("shape", "plan")
    return Joined(
        number=sender,
        name=text(found["name"], "name", NAME_LENGTH),
        box=_read_box(found["box"]),
        key=read_point(found["key"], "key"),
        hash=raw(found["hash"], 32, "hash").hex(),
    )


def _read_box(value: Json) -> bytes:
    """A key that something can be sealed for: with one of small order everybody could open it. Refused("point")."""
    box = raw(value, 32, "box")
    try:
        Box(PrivateKey(bytes(32)), PublicKey(box))
    except CryptoError:
        raise Refused("point", "box") from None
    return box


def roster_of(values: Sequence[Json]) -> str:
    """What fixes everybody's keys and hashes: the digest of all files of the first step."""
    return digest("ceremony/roster", *(canonical(one) for one in values)).hex()


def commitment_body(roster: str, commitment: Commitment) -> dict[str, Json]:
    points = [one.hex() for one in commitment.points]
    return {"commitments": points, "proof": proof_json(commitment.proof), "roster": roster}


def read_committed(value: Json, plan: Plan, joined: Joined, roster: str) -> Commitment:
    """Commitments that hash to what was announced before any were shown, by somebody who knows the key behind them."""
    found = read_signed(value, Step.COMMITMENT, joined.number, joined.key)
    if found["roster"] != roster:
        raise Refused("shape", "roster")
    commitment = read_commitment(found, joined.number, plan.threshold)
    if commitment.hash(plan.id) != joined.hash:
        raise Refused("manifest.key", "hash")
    if not commitment.is_proved(plan.id):
        raise Refused("manifest.proof", "proof")
    return commitment


def _sent(plan: Plan, roster: str, sender: int, receiver: int) -> bytes:
    return frame(f"{DOMAIN}ceremony/share", plan.id, roster, sender, receiver)


def sealed_share(  # one argument for everything the seal is bound to
    plan: Plan, roster: str, sender: int, to: Joined, share: Scalar, box: PrivateKey, nonce: bytes
) -> dict[str, Json]:
    """A secret share that only `to` can open, who then knows whom it is from and what for."""
    content = _sent(plan, roster, sender, to.number) + scalar_bytes(share)
    return {"box": bytes(Box(box, PublicKey(to.box)).encrypt(content, nonce)).hex(), "trustee": to.number}


def read_sealed_share(value: Json, plan: Plan, roster: str, sender: Joined, receiver: int, box: PrivateKey) -> Scalar:
    """The secret share in the sender's file. Refused where it is not sealed by this sender for this receiver and ceremony."""
    found = read_signed(value, Step.SHARES, sender.number, sender.key)
    if found["roster"] != roster:
        raise Refused("shape", "roster")
    others = plan.trustees - 1
    listed = array(found["sealed"], lambda one: fields(one, "box trustee", "sealed"), "sealed", others, others)
    sealed = next((one["box"] for one in listed if one["trustee"] == receiver), None)
    before = _sent(plan, roster, sender.number, receiver)
    try:
        size = len(before) + 32 + Box.NONCE_SIZE + 16
        content = Box(box, PublicKey(sender.box)).decrypt(raw(sealed, size, "sealed"))
    except CryptoError:
        raise Refused("shape", "sealed") from None
    if not content.startswith(before):
        raise Refused("shape", "sealed")
    return read_scalar(content[len(before) :].hex(), "sealed")
