"""What is announced at the close, and what each opener signs of a step (SPEC.md, section 6)."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from consultations.votes.protocol.encoding import HEX, Json, array, canonical, fields, matching, number, raw
from consultations.votes.protocol.group import digest
from consultations.votes.protocol.refusals import Refused
from consultations.votes.protocol.signing import SigningKey, is_signed
from consultations.votes.sealed.boxes import public_of
from consultations.votes.sealed.controls import MOST
from consultations.votes.sealed.manifest import Manifest

LARGEST_BATCH: Final = 2 * MOST
OPENING: Final = ("sealed", "vote")  # why a box was taken out: not sealed for this layer; of another vote
COVERED: Final = (*OPENING, "copy")  # under another cover lies the same box
CLOSING: Final = (*OPENING, "content", "choice")  # badly written; a choice the rules forbid
BATCH: Final = "ballots boxes cast controls doubled invalid signature"
NAMES: Final = "after before doubled in invalid opener out previous secret signature"
NOTHING: Final = re.compile("")


@dataclass(frozen=True)
class Pile:
    """So many boxes (or written choices), and their hash."""

    count: int
    hash: str

    @property
    def value(self) -> dict[str, Json]:
        return {"count": self.count, "hash": self.hash}


@dataclass(frozen=True)
class Batch:
    """What the keeper signs at the close.

    `cast` are the ballots as they were cast, each once; `ballots` what lay under their covers; `boxes` these and the
    control ballots together. Named are boxes that were cast `doubled`, and those that are `invalid`.
    """

    cast: Pile
    ballots: Pile
    controls: Pile
    boxes: Pile
    doubled: Sequence[Json]
    invalid: Sequence[Json]
    signature: str = ""

    @property
    def body(self) -> dict[str, Json]:
        return {
            "ballots": self.ballots.value,
            "boxes": self.boxes.value,
            "cast": self.cast.value,
            "controls": self.controls.value,
            "doubled": list(self.doubled),
            "invalid": list(self.invalid),
        }

    @property
    def value(self) -> dict[str, Json]:
        return self.body | {"signature": self.signature}

    def signed(self, key: SigningKey, manifest: Manifest) -> "Batch":
        return replace(self, signature=key.sign("sealed/batch", manifest.vote, canonical(self.body)))


@dataclass(frozen=True)
class Record:
    """What came in, what went out, and by name all that did not; `secret` opens the closing layer, in its record only."""

    opener: int
    before: Pile
    after: Pile
    invalid: Sequence[Json]
    doubled: Sequence[Json]
    previous: str
    secret: str = ""
    signature: str = ""

    @property
    def body(self) -> dict[str, Json]:
        return {
            "after": self.after.hash,
            "before": self.before.hash,
            "doubled": list(self.doubled),
            "in": self.before.count,
            "invalid": list(self.invalid),
            "opener": self.opener,
            "out": self.after.count,
            "previous": self.previous,
            "secret": self.secret,
        }

    @property
    def value(self) -> dict[str, Json]:
        return self.body | {"signature": self.signature}

    def signed(self, key: SigningKey, manifest: Manifest) -> "Record":
        return replace(self, signature=key.sign("sealed/record", manifest.vote, canonical(self.body)))


def pile_of(contents: Sequence[bytes]) -> Pile:
    """The hash of sorted contents; whoever has them finds it again."""
    return Pile(len(contents), digest("sealed/pile", *contents).hex())


def copies(doubled: Sequence[Json]) -> int:
    """How many were taken out because another just like them stays."""
    return sum(one["times"] - 1 for one in doubled)


def link_of(batch: Batch, records: Sequence[Record]) -> str:
    """What the next record names as the one before it."""
    last = records[-1].value if records else batch.value
    return hashlib.sha256(canonical(last)).hexdigest()


def opener_of(manifest: Manifest, step: int) -> int:
    """The number of the opener whose turn it is after so many steps; the closing layer is the first one's again."""
    return 1 if step == len(manifest.openers) else step + 1


def read_batch(value: Json, manifest: Manifest) -> Batch:
    """Refused("shape" | "limits" | "sealed.counts" | "sealed.order" | "sealed.signature")."""
    found, where = fields(value, BATCH, "batch"), "step 0"
    batch = Batch(
        cast=_pile(found["cast"]),
        ballots=_pile(found["ballots"]),
        controls=_pile(found["controls"]),
        boxes=_pile(found["boxes"]),
        doubled=_doubled(found["doubled"], manifest.cast_size, where),
        invalid=_invalid(found["invalid"], manifest.cast_size, COVERED, where),
        signature=raw(found["signature"], 64, where).hex(),
    )
    if batch.boxes.count != batch.ballots.count + batch.controls.count:
        raise Refused("sealed.counts", where)
    if batch.cast.count != batch.ballots.count + len(batch.invalid):
        raise Refused("sealed.counts", where)
    signed = canonical(batch.body)
    if not is_signed(manifest.keeper.key, batch.signature, "sealed/batch", manifest.vote, signed):
        raise Refused("sealed.signature", where)
    return batch


def read_records(value: Json, manifest: Manifest, batch: Batch) -> list[Record]:
    """Records that continue the batch and one another, each signed by its opener. Refused("shape" | "limits" | "sealed.…")."""
    listed = array(value, lambda one: fields(one, NAMES, "record"), "records", 0, manifest.layers)
    records: list[Record] = []
    for one in listed:
        record = _record(one, manifest, len(records))
        _check(record, manifest, batch, records)
        records.append(record)
    return records


def _check(record: Record, manifest: Manifest, batch: Batch, before: Sequence[Record]) -> None:
    where = f"step {len(before) + 1}"
    if record.opener != opener_of(manifest, len(before)):
        raise Refused("sealed.turn", where)
    if record.previous != link_of(batch, before):
        raise Refused("sealed.chain", where)
    if record.before != (before[-1].after if before else batch.boxes):
        raise Refused("sealed.chain", where)
    if record.before.count != record.after.count + len(record.invalid) + copies(record.doubled):
        raise Refused("sealed.counts", where)
    if record.secret and public_of(bytes.fromhex(record.secret)) != manifest.openers[0].closing:
        raise Refused("sealed.closing", where)
    signer = manifest.openers[record.opener - 1].key
    if not is_signed(signer, record.signature, "sealed/record", manifest.vote, canonical(record.body)):
        raise Refused("sealed.signature", where)


def _record(found: dict[str, Json], manifest: Manifest, place: int) -> Record:
    """The record of step `place` + 1, its parts in order."""
    where, is_closing = f"step {place + 1}", place + 1 == manifest.layers
    return Record(
        opener=number(found["opener"], 1, len(manifest.openers), where),
        before=_pile({"count": found["in"], "hash": found["before"]}),
        after=_pile({"count": found["out"], "hash": found["after"]}),
        invalid=_invalid(found["invalid"], manifest.size(place), CLOSING if is_closing else OPENING, where),
        doubled=_doubled(found["doubled"], manifest.size(place + 1), where, 0 if is_closing else LARGEST_BATCH),
        previous=raw(found["previous"], 32, where).hex(),
        secret=raw(found["secret"], 32, where).hex() if is_closing else matching(found["secret"], NOTHING, where),
        signature=raw(found["signature"], 64, where).hex(),
    )


def _pile(value: Json) -> Pile:
    found = fields(value, "count hash", "pile")
    return Pile(number(found["count"], 0, LARGEST_BATCH, "count"), raw(found["hash"], 32, "hash").hex())


def _invalid(value: Json, size: int, reasons: Sequence[str], where: str) -> Sequence[Json]:
    listed = array(value, lambda one: fields(one, "box reason", where), where, 0, LARGEST_BATCH)
    for one in listed:
        raw(one["box"], size, where)
        if one["reason"] not in reasons:
            raise Refused("shape", where)
    return _ascending(listed, where)


def _doubled(value: Json, size: int, where: str, most: int = LARGEST_BATCH) -> Sequence[Json]:
    listed = array(value, lambda one: fields(one, "box times", where), where, 0, most)
    for one in listed:
        raw(one["box"], size, where)
        number(one["times"], 2, LARGEST_BATCH, where)
    return _ascending(listed, where)


def _ascending(listed: Sequence[Json], where: str) -> Sequence[Json]:
    boxes = [one["box"] for one in listed]
    if boxes != sorted(set(boxes)):
        raise Refused("sealed.order", where)
    return listed


def read_boxes(value: Json, where: str) -> list[bytes]:
    """Boxes in hex, of whatever length."""
    return array(value, lambda one: bytes.fromhex(matching(one, HEX, where)), where, 0, LARGEST_BATCH)
