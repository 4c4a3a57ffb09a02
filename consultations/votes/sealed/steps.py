"""The files that go from opener to opener (SPEC.md, section 6), and what an opener does with one (section 7).

The file of step 0 holds the ballots as they were cast, with the control ballots among them; that of step j what the first
j openers have left of them. The last, after the closing layer, holds the choices. Each carries the manifest, the batch as
it was announced and all records so far, so that it is checked by itself.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from consultations.votes.protocol.encoding import Json, fields, number
from consultations.votes.protocol.manifest import MINIMUM
from consultations.votes.protocol.refusals import Refused
from consultations.votes.protocol.signing import SigningKey
from consultations.votes.sealed.boxes import HEAD, open_box
from consultations.votes.sealed.controls import Controls
from consultations.votes.sealed.manifest import Manifest, read_manifest
from consultations.votes.sealed.records import (
    Batch,
    Pile,
    Record,
    link_of,
    opener_of,
    pile_of,
    read_batch,
    read_boxes,
    read_records,
)
from consultations.votes.sealed.rules import read_content, unpadded


@dataclass(frozen=True)
class Step:
    """A file of the chain. `contents` are boxes, after the closing layer the written choices; both ascend."""

    manifest: Manifest
    batch: Batch
    records: Sequence[Record]
    contents: Sequence[bytes]

    @property
    def number(self) -> int:
        return len(self.records)

    @property
    def is_open(self) -> bool:
        return self.number == self.manifest.layers

    @property
    def value(self) -> dict[str, Json]:
        return {
            "batch": self.batch.value,
            "contents": [one.hex() for one in self.contents],
            "manifest": self.manifest.source,
            "records": [one.value for one in self.records],
            "version": 1,
        }


def read_step(value: Json) -> Step:
    """A file whose every length, order, hash, number and signature is right. Refused("shape" | "limits" | "sealed.…")."""
    found = fields(value, "batch contents manifest records version", "step")
    number(found["version"], 1, 1, "version")
    manifest = read_manifest(found["manifest"])
    batch = read_batch(found["batch"], manifest)
    records = read_records(found["records"], manifest, batch)
    step = Step(manifest, batch, records, read_boxes(found["contents"], "contents"))
    if not step.is_open:
        refuse_unlike_boxes(step.contents, manifest.size(step.number))
    if pile_of(step.contents) != (records[-1].after if records else batch.boxes):
        raise Refused("sealed.hash", f"step {step.number}")
    return step


def refuse_unlike_boxes(boxes: Sequence[bytes], size: int) -> None:
    """All of one length, and ascending, so that none stands there twice. Refused("sealed.length" | "sealed.order")."""
    if any(len(one) != size for one in boxes):
        raise Refused("sealed.length")
    if list(boxes) != sorted(set(boxes)):
        raise Refused("sealed.order")


def close_vote(cast: Iterable[bytes], controls: Controls, signing: SigningKey) -> Step:
    """Step 0, by the keeper: the covers come off, the boxes are sorted among the control ballots.

    Copies and boxes of no use are taken out and named. Refused("sealed.length" | "sealed.few").
    """
    manifest = controls.manifest
    once, doubled = sorted_once(cast)
    refuse_unlike_boxes(once, manifest.cast_size)
    ballots, invalid = uncovered(once, controls)
    if len(ballots) < MINIMUM:
        raise Refused("sealed.few")
    mixed = sorted([*ballots, *controls.at(0)])
    announced = Pile(controls.count, controls.hash)
    batch = Batch(pile_of(once), pile_of(ballots), announced, pile_of(mixed), doubled, invalid)
    return Step(manifest, batch.signed(signing, manifest), [], mixed)


def uncovered(cast: Sequence[bytes], controls: Controls) -> tuple[list[bytes], list[Json]]:
    """What lies under the covers of ballots in ascending order: the boxes, ascending; and the ballots without one."""
    found: dict[bytes, bytes] = {}
    invalid: list[Json] = []
    for covered in cast:
        box, reason = _inside(covered, controls.cover, controls.manifest, is_closing=False)
        if reason or box in found:
            invalid.append({"box": covered.hex(), "reason": reason or "copy"})
        else:
            found[box] = covered
    return sorted(found), invalid


def sorted_once(contents: Iterable[bytes]) -> tuple[list[bytes], list[Json]]:
    """Each once, ascending; and those that stood there several times."""
    found = Counter(contents)
    doubled = [{"box": one.hex(), "times": times} for one, times in sorted(found.items()) if times > 1]
    return sorted(found), doubled


def open_layer(step: Step, secret: bytes, signing: SigningKey) -> Step:
    """The next file: one layer less, sorted anew, with a signed record. The same again when it is asked for again.

    `secret` is the opener's for this layer. Refused("sealed.few") where fewer than ten ballots were announced.
    """
    if step.batch.ballots.count < MINIMUM:
        raise Refused("sealed.few")
    is_closing = step.number + 1 == step.manifest.layers
    contents, invalid, doubled = opened(step, secret, is_closing=is_closing)
    record = Record(
        opener=opener_of(step.manifest, step.number),
        before=pile_of(step.contents),
        after=pile_of(contents),
        invalid=invalid,
        doubled=doubled,
        previous=link_of(step.batch, step.records),
        secret=secret.hex() if is_closing else "",
    ).signed(signing, step.manifest)
    return Step(step.manifest, step.batch, [*step.records, record], contents)


def opened(step: Step, secret: bytes, *, is_closing: bool) -> tuple[list[bytes], list[Json], list[Json]]:
    """What a layer's key finds in a file: contents in ascending order, boxes taken out with the reason, copies."""
    contents: list[bytes] = []
    invalid: list[Json] = []
    for box in step.contents:
        found, reason = _inside(box, secret, step.manifest, is_closing=is_closing)
        if reason:
            invalid.append({"box": box.hex(), "reason": reason})
        else:
            contents.append(found)
    if is_closing:
        return sorted(contents), invalid, []
    kept, doubled = sorted_once(contents)
    return kept, invalid, doubled


def _inside(box: bytes, secret: bytes, manifest: Manifest, *, is_closing: bool) -> tuple[bytes, str]:
    """The next box or the written choice; or why there is none."""
    content = open_box(box, secret)
    if content is None:
        return b"", "sealed"
    if content[:HEAD] != manifest.vote:
        return b"", "vote"
    if not is_closing:
        return content[HEAD:], ""
    try:
        written = unpadded(content[HEAD:])
        read_content(manifest.rules, written)
    except Refused as refused:
        return b"", "choice" if refused.check == "choice" else "content"
    return written, ""
