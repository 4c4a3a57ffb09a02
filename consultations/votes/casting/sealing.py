"""A ballot between choosing and casting: sealed under a key that lives only in this server's memory.

The key (`memory.py`) is made before the server forks its workers, so all of them share it and a restart forgets it. What
it seals travels in a hidden field and is good for fifteen minutes.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from nacl.exceptions import CryptoError
from nacl.secret import Aead
from nacl.utils import random

from consultations.votes.casting.memory import KEY
from consultations.votes.protocol.ballots import Sealed, ballot_hash, confirmation_number, seal
from consultations.votes.protocol.manifest import Manifest
from consultations.votes.protocol.questions import Choices
from consultations.votes.refusals import BallotExpired

GOOD_FOR: Final = timedelta(minutes=15)
ROUND: Final = 4096  # a sealed ballot's length tells nothing of the choice


@dataclass(frozen=True)
class Pending:
    """A ballot that was made and waits for its voter: 投票する or 検査する."""

    body: dict[str, Any]
    choices: Choices = field(repr=False)
    randomness: list[list[str]] = field(repr=False)
    until: datetime

    @property
    def confirmation(self) -> str:
        return confirmation_number(ballot_hash(self.body))


def prepare(manifest: Manifest, choices: Choices, slot: str, seq: int, prev: str, at: datetime) -> Pending:
    """Encrypt a choice for the next ballot of a slot. Raises protocol.Refused("choice")."""
    made: Sealed = seal(manifest, choices, slot, seq, prev, random)
    return Pending(made.body, choices, made.randomness, at + GOOD_FOR)


def to_field(pending: Pending, place: str) -> str:
    """The hidden field's value; `place` names the vote and the person, and it opens for them alone."""
    value = {
        "body": pending.body,
        "choices": [[f"{value:02}" for value in row] for row in pending.choices],  # as long for 9 points as for 10
        "randomness": pending.randomness,
        "until": pending.until.isoformat(timespec="microseconds"),
    }
    content = json.dumps(value).encode()
    padded = content.ljust(-(-len(content) // ROUND) * ROUND)
    return bytes(Aead(KEY).encrypt(padded, place.encode())).hex()


def from_field(text: str, place: str, at: datetime) -> Pending:
    """What was sealed for the same place. Raises BallotExpired, also for what was altered or belongs to another."""
    try:
        value = json.loads(Aead(KEY).decrypt(bytes.fromhex(text), place.encode()))
    except (ValueError, CryptoError) as error:
        raise BallotExpired from error
    choices = [[int(number) for number in row] for row in value["choices"]]
    pending = Pending(value["body"], choices, value["randomness"], datetime.fromisoformat(value["until"]))
    if at > pending.until:
        raise BallotExpired
    return pending
