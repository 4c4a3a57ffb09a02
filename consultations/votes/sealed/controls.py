"""Control ballots: made-up ballots among the real ones, which nobody who opens can tell apart (SPEC.md, section 5).

All of them are drawn from one secret, of which a hash is published beforehand. Once everything is open the keeper
publishes it, with the key that took the covers off: everybody makes the same boxes again, looks for them in every file
and takes their choices off; and opens the covers of the ballots as they were cast.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from consultations.votes.offline.streams import stream
from consultations.votes.protocol.encoding import Json, canonical, fields, number, raw
from consultations.votes.protocol.refusals import Refused
from consultations.votes.sealed.boxes import KEY
from consultations.votes.sealed.manifest import Manifest
from consultations.votes.sealed.rules import Choice

MOST: Final = 100_000


@dataclass(frozen=True)
class Controls:
    """`secret` draws them, `cover` opens the covers. The keeper shows neither until all openers are done."""

    manifest: Manifest
    count: int
    secret: bytes = field(repr=False)
    cover: bytes = field(repr=False)

    @property
    def value(self) -> dict[str, Json]:
        vote = self.manifest.vote.hex()
        return {
            "count": self.count,
            "cover": self.cover.hex(),
            "secret": self.secret.hex(),
            "version": 1,
            "vote": vote,
        }

    @property
    def hash(self) -> str:
        return hashlib.sha256(canonical(self.value)).hexdigest()

    @cached_property
    def choices(self) -> Sequence[Choice]:
        draw = self.manifest.rules.drawn
        return [draw(stream("sealed/control-choice", self.secret, place)) for place in range(self.count)]

    @cached_property
    def boxes(self) -> Sequence[Sequence[bytes]]:
        """Of each control ballot the box it is in the file of step 0, 1, …"""
        return [
            self.manifest.boxes(choice, stream("sealed/control", self.secret, place))
            for place, choice in enumerate(self.choices)
        ]

    def at(self, step: int) -> frozenset[bytes]:
        """All their boxes in the file of a step."""
        return frozenset(boxes[step] for boxes in self.boxes)


def read_controls(value: Json, manifest: Manifest) -> Controls:
    """Refused("shape" | "limits" | "sealed.vote")."""
    found = fields(value, "count cover secret version vote", "controls")
    number(found["version"], 1, 1, "version")
    if raw(found["vote"], 32, "vote") != manifest.vote:
        raise Refused("sealed.vote", "controls")
    count = number(found["count"], 0, MOST, "controls")
    return Controls(manifest, count, raw(found["secret"], 32, "controls"), raw(found["cover"], KEY, "controls"))
