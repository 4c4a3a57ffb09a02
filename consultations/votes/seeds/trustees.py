"""Three made-up trustees with their keys, for demonstration only: in life keys are made off the server.

Their key files lie in `instance/trustees-demo/`, where who looks at the demo city finds them.
"""

import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from flask import current_app
from nacl.utils import random

from consultations.votes.protocol.elgamal import proof_json
from consultations.votes.protocol.encoding import Json, canonical
from consultations.votes.protocol.group import ORDER, Scalar
from consultations.votes.protocol.manifest import Manifest
from consultations.votes.protocol.sharing import Polynomial, joint_key, verifying_share
from consultations.votes.protocol.signing import SigningKey
from consultations.votes.protocol.tally import (
    Aggregate,
    decrypt_share,
    purpose_of_rehearsal,
    purpose_of_share,
    rehearsal_of,
)
from consultations.votes.trustee import keyfile
from consultations.votes.trustee.keys import Key
from consultations.votes.trustee.public import read_outcome

FOLDER: Final = "trustees-demo"
PASSPHRASE: Final = "demo trustees of an invented city"
WARNING: Final = (
    "Keys of an invented city, made by its seed. Whoever has two of them can open every vote that names them.\n"
    "Never use them, or a server, to make the keys of a real vote: each trustee makes a key on a computer of their own.\n"
    f"Passphrase of the key files (also in passphrase.txt): {PASSPHRASE}\n"
    "python -m consultations.votes.trustee decrypt board.json --key key-1.json --passphrase-file passphrase.txt"
    " --out share-1.json\n"
)


@dataclass(frozen=True)
class Trustees:
    """A held ceremony with what only its trustees know, and a witness's key."""

    ceremony: dict[str, Any]
    secrets: Mapping[int, Scalar] = field(repr=False)
    witness: SigningKey = field(repr=False)

    def rehearsal(self, manifest: Manifest) -> list[Json]:
        """Everybody's file of the rehearsal."""
        aggregate = rehearsal_of(manifest)
        return [
            decrypt_share(purpose_of_rehearsal(manifest, number), aggregate, secret, random).rehearsal
            for number, secret in self.secrets.items()
        ]

    def share(self, number: int, manifest: Manifest, aggregate: Aggregate) -> Json:
        """One trustee's share of a count."""
        purpose = purpose_of_share(manifest, aggregate, number)
        return decrypt_share(purpose, aggregate, self.secrets[number], random).body


def hold_ceremony(names: Sequence[str], threshold: int) -> Trustees:
    """The key ceremony of these trustees, in one place and without a secret between them."""
    ceremony, numbers = secrets.token_hex(32), range(1, len(names) + 1)
    polynomials = {number: Polynomial.drawn(threshold, random) for number in numbers}
    commitments = [one.commitment(ceremony, number, random) for number, one in polynomials.items()]
    listed = [
        {
            "commitments": [point.hex() for point in one.points],
            "id": one.trustee,
            "name": name,
            "proof": proof_json(one.proof),
            "share": verifying_share(commitments, one.trustee).hex(),
        }
        for name, one in zip(names, commitments, strict=True)
    ]
    public = {
        "ceremony": ceremony,
        "key": joint_key(commitments).hex(),
        "threshold": threshold,
        "trustees": listed,
        "version": 1,
    }
    shares = {number: sum(one.at(number) for one in polynomials.values()) for number in numbers}
    return Trustees(public, {number: share % ORDER for number, share in shares.items()}, SigningKey(random(32)))


def keep(trustees: Trustees) -> Path:
    """Write the key files, once; the folder."""
    folder: Path = current_app.extensions["settings"].instance / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write(folder / "README.txt", WARNING.encode())
    write(folder / "passphrase.txt", f"{PASSPHRASE}\n".encode())
    write(folder / "ceremony.json", canonical(trustees.ceremony))
    for one in trustees.ceremony["trustees"]:
        write_key(folder / f"key-{one['id']}.json", trustees, one)
    return folder


def write(path: Path, content: bytes) -> None:
    """A file that only its owner may read, in the place of an older one: a city sown anew has new keys."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def write_key(path: Path, trustees: Trustees, one: Mapping[str, Any]) -> None:
    """A key file as the trustees' program makes it, of little cost: its passphrase lies beside it anyway."""
    path.unlink(missing_ok=True)
    key = Key(
        seed=random(32),
        ceremony=trustees.ceremony["ceremony"],
        number=one["id"],
        name=one["name"],
        secret=trustees.secrets[one["id"]],
        public=read_outcome(trustees.ceremony).digest,
    )
    keyfile.create(path, PASSPHRASE, key, keyfile.PRACTICE)
