"""Heads of the board that somebody outside keeps, and voters' receipts (SPEC.md, section 6)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from consultations.votes.protocol.ballots import CONFIRMATION
from consultations.votes.protocol.encoding import (
    LARGEST,
    MOMENT,
    Json,
    array,
    fields,
    matching,
    moment,
    number,
    raw,
    text,
)
from consultations.votes.protocol.manifest import NAME_LENGTH, PEOPLE, Manifest
from consultations.votes.protocol.refusals import Refused
from consultations.votes.protocol.signing import SigningKey, is_signed

VERDICTS: Final = ("included", "not_yet", "missing")
SIGNATURE: Final = re.compile(r"[0-9a-f]{128}")


@dataclass(frozen=True)
class Cosignature:
    witness: str
    signature: str


@dataclass(frozen=True)
class Checkpoint:
    """The head after entry `n`, as the board signed it; `time` is rounded to ten minutes."""

    n: int
    hash: bytes
    time: str
    signature: str
    cosignatures: Sequence[Cosignature] = ()

    @property
    def body(self) -> dict[str, Json]:
        cosigned = [{"signature": one.signature, "witness": one.witness} for one in self.cosignatures]
        return {
            "cosignatures": cosigned,
            "hash": self.hash.hex(),
            "n": self.n,
            "signature": self.signature,
            "time": self.time,
        }

    def with_cosignature(self, cosignature: Cosignature) -> "Checkpoint":
        others = [one for one in self.cosignatures if one.witness != cosignature.witness]
        return replace(self, cosignatures=sorted([*others, cosignature], key=lambda one: one.witness))

    def is_cosigned_by_all(self, manifest: Manifest) -> bool:
        return {one.witness for one in self.cosignatures} == set(manifest.witnesses)


@dataclass(frozen=True)
class Receipt:
    """投票控え: what the voter keeps."""

    vote: bytes
    entry: int
    hash: bytes
    confirmation: str
    signature: str

    @property
    def body(self) -> dict[str, Json]:
        return {
            "confirmation": self.confirmation,
            "entry": self.entry,
            "hash": self.hash.hex(),
            "signature": self.signature,
            "version": 1,
            "vote": self.vote.hex(),
        }


def sign_checkpoint(key: SigningKey, manifest: Manifest, n: int, head: bytes, now: datetime) -> Checkpoint:
    """`now` is in UTC."""
    time = now.replace(minute=now.minute // 10 * 10).strftime(MOMENT)
    return Checkpoint(n, head, time, key.sign("checkpoint", manifest.vote, n, head, time))


def cosign(key: SigningKey, witness: str, manifest: Manifest, checkpoint: Checkpoint) -> Cosignature:
    signature = key.sign("cosignature", manifest.vote, checkpoint.n, checkpoint.hash, checkpoint.time, witness)
    return Cosignature(witness, signature)


def sign_receipt(key: SigningKey, manifest: Manifest, entry: int, head: bytes, confirmation: str) -> Receipt:
    signature = key.sign("receipt", manifest.vote, entry, head, confirmation)
    return Receipt(manifest.vote, entry, head, confirmation, signature)


def read_checkpoint(value: Json, manifest: Manifest) -> Checkpoint:
    """A checkpoint with its signatures in order. Refused("shape" | "limits" | "checkpoint")."""
    found = fields(value, "cosignatures hash n signature time", "checkpoint")
    time = moment(found["time"], "checkpoint").strftime(MOMENT)
    checkpoint = Checkpoint(
        n=number(found["n"], 1, LARGEST, "checkpoint"),
        hash=raw(found["hash"], 32, "checkpoint"),
        time=time,
        signature=matching(found["signature"], SIGNATURE, "checkpoint"),
        cosignatures=array(found["cosignatures"], _cosignature, "checkpoint", 0, PEOPLE),
    )
    signed = (manifest.vote, checkpoint.n, checkpoint.hash, time)
    if not time.endswith("0Z") or not is_signed(manifest.board_key, checkpoint.signature, "checkpoint", *signed):
        raise Refused("checkpoint", str(checkpoint.n))
    names = [one.witness for one in checkpoint.cosignatures]
    if names != sorted(set(names)):
        raise Refused("checkpoint", "witnesses")
    for one in checkpoint.cosignatures:
        key = manifest.witnesses.get(one.witness)
        if key is None or not is_signed(key, one.signature, "cosignature", *signed, one.witness):
            raise Refused("checkpoint", one.witness)
    return checkpoint


def _cosignature(value: Json) -> Cosignature:
    found = fields(value, "signature witness", "cosignature")
    return Cosignature(
        text(found["witness"], "witness", NAME_LENGTH), matching(found["signature"], SIGNATURE, "witness")
    )


def read_receipt(value: Json, manifest: Manifest) -> Receipt:
    """A receipt of this vote that the board signed. Refused("shape" | "receipt")."""
    found = fields(value, "confirmation entry hash signature version vote", "receipt")
    number(found["version"], 1, 1, "receipt")
    receipt = Receipt(
        vote=raw(found["vote"], 32, "receipt"),
        entry=number(found["entry"], 1, LARGEST, "receipt"),
        hash=raw(found["hash"], 32, "receipt"),
        confirmation=matching(found["confirmation"], CONFIRMATION, "receipt"),
        signature=matching(found["signature"], SIGNATURE, "receipt"),
    )
    signed = (receipt.vote, receipt.entry, receipt.hash, receipt.confirmation)
    if receipt.vote != manifest.vote or not is_signed(manifest.board_key, receipt.signature, "receipt", *signed):
        raise Refused("receipt", "signature")
    return receipt
