"""Belenios' archive, `UUID.bel`: a tar of JSON files named by their SHA-256, among them a chain of events (`archive.ml` of 2.0)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from consultations.votes.belenios.ballots import compact

BLOCK: Final = 512


class Decryption(NamedTuple):
    trustee: int
    content: str


@dataclass(frozen=True)
class Held:
    """An election from its set-up to its result: what the archive holds, as JSON."""

    uuid: str
    opened: int  # seconds since 1970
    election: str
    trustees: str
    credentials: str
    ballots: Sequence[str]
    counted: int
    tally: str
    decryptions: Sequence[Decryption]
    result: str


@dataclass
class Archive:
    """A file under way; only `event` and `data` add to it."""

    time: int
    content: bytearray = field(default_factory=bytearray)
    events: list[str] = field(default_factory=list)  # their hashes

    def record(self, name: str, text: str) -> None:
        body = text.encode()
        self.content += header(name, len(body), self.time) + body + bytes(-len(body) % BLOCK)

    def data(self, text: str) -> str:
        """Add data; its hash."""
        name = hashlib.sha256(text.encode()).hexdigest()
        self.record(f"{name}.data.json", text)
        return name

    def event(self, kind: str, payload: str = "") -> None:
        """Add an event about the data with this hash."""
        parent = {"parent": self.events[-1]} if self.events else {}
        about = {"payload": payload} if payload else {}
        text = compact({**parent, "height": len(self.events), "type": kind, **about})
        self.events.append(hashlib.sha256(text.encode()).hexdigest())
        self.record(f"{self.events[-1]}.event.json", text)


def archived(held: Held) -> bytes:
    """The archive's bytes."""
    archive = Archive(held.opened)
    archive.record("BELENIOS", compact({"version": 1, "timestamp": str(held.opened)}))
    names = ("election", "trustees", "credentials")
    setup = {name: archive.data(getattr(held, name)) for name in names}
    archive.event("Setup", archive.data(compact(setup)))
    for ballot in held.ballots:
        archive.event("Ballot", archive.data(ballot))
    archive.event("EndBallots")
    sized = {"num_tallied": held.counted, "total_weight": held.counted, "encrypted_tally": archive.data(held.tally)}
    archive.event("EncryptedTally", archive.data(compact(sized)))
    for trustee, content in held.decryptions:
        owned = {"owner": trustee, "payload": archive.data(content)}
        archive.event("PartialDecryption", archive.data(compact(owned)))
    archive.event("Result", archive.data(held.result))
    return bytes(archive.content)


def header(name: str, size: int, time: int) -> bytes:
    """A tar header, as plain as Belenios writes it."""
    fields = ((name, 100), ("0000644", 8), ("0000000", 8), ("0000000", 8), (f"{size:011o}", 12), (f"{time:011o}", 12))
    front = b"".join(text.encode().ljust(width, b"\0") for text, width in fields)
    total = sum(front) + 8 * ord(" ") + ord("0")
    return (front + f"{total:06o}\0 0".encode()).ljust(BLOCK, b"\0")
