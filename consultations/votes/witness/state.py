"""The witness's own file: its signing key, and the last head it cosigned of each vote.

The file is replaced as a whole (written beside, flushed to the disk, renamed) before a cosignature is let out, so that a
kill at any moment leaves the old record and no new cosignature, or the new record. The key lies in it unsealed, mode 0600,
as a server's key does: a witness cosigns unattended.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from nacl.utils import random

from consultations.votes.offline import files
from consultations.votes.offline.sentences import Declined
from consultations.votes.protocol.checkpoints import SIGNATURE, Checkpoint
from consultations.votes.protocol.encoding import (
    LARGEST,
    MOMENT,
    Json,
    canonical,
    fields,
    matching,
    moment,
    number,
    raw,
    text,
)
from consultations.votes.protocol.manifest import NAME_LENGTH
from consultations.votes.protocol.refusals import Refused
from consultations.votes.protocol.signing import SigningKey
from consultations.votes.witness import words

KIND: Final = "machikoe-witness-state"


@dataclass(frozen=True)
class State:
    name: str
    seed: bytes = field(repr=False)
    seen: Mapping[str, Checkpoint] = field(default_factory=dict)  # by vote, without cosignatures

    @property
    def key(self) -> SigningKey:
        return SigningKey(self.seed)

    @property
    def value(self) -> dict[str, Json]:
        seen = {vote: _head(one) for vote, one in self.seen.items()}
        return {"kind": KIND, "name": self.name, "seed": self.seed.hex(), "seen": seen, "version": 1}

    def having_seen(self, vote: str, checkpoint: Checkpoint) -> "State":
        return replace(self, seen={**self.seen, vote: checkpoint})


@dataclass
class StateFile:
    path: Path
    state: State

    def save(self, state: State) -> None:
        """Durable before it returns."""
        files.replace(self.path, canonical(state.value))
        self.state = state


def create(path: Path, name: str) -> State:
    """Declined where a file is there."""
    state = State(text(name, "witness", NAME_LENGTH), random(32))
    files.write_new(path, canonical(state.value), files.PRIVATE)
    return state


@contextmanager
def opened(path: Path) -> Iterator[StateFile]:
    """The file, locked against other processes until the end of the block."""
    with files.locked(path):
        value = files.read_value(path)
        try:
            yield StateFile(path, _read(value))
        except _Bad:
            raise Declined(words.BAD_STATE, path=str(path)) from None


class _Bad(Exception):
    """The record is not in order."""


def _read(value: Json) -> State:
    try:
        found = fields(value, "kind name seed seen version", "state")
        if found["kind"] != KIND or not isinstance(found["seen"], dict):
            raise Refused("shape", "state")
        number(found["version"], 1, 1, "version")
        seen = {raw(vote, 32, "vote").hex(): _checkpoint(one) for vote, one in found["seen"].items()}
        return State(text(found["name"], "name", NAME_LENGTH), raw(found["seed"], 32, "seed"), seen)
    except Refused:
        raise _Bad from None


def _head(checkpoint: Checkpoint) -> dict[str, Json]:
    return {name: one for name, one in checkpoint.body.items() if name != "cosignatures"}


def _checkpoint(value: Json) -> Checkpoint:
    found = fields(value, "hash n signature time", "checkpoint")
    return Checkpoint(
        n=number(found["n"], 1, LARGEST, "checkpoint"),
        hash=raw(found["hash"], 32, "checkpoint"),
        time=moment(found["time"], "checkpoint").strftime(MOMENT),
        signature=matching(found["signature"], SIGNATURE, "checkpoint"),
    )
