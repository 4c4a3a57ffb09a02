"""What the key file of an opener, or of the keeper, holds once it is open, and what is drawn from its seed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeAlias

from consultations.votes.offline import keyfiles
from consultations.votes.offline.keyfiles import Cost, Sort
from consultations.votes.offline.sentences import Said
from consultations.votes.offline.streams import stream
from consultations.votes.protocol.encoding import Json, fields, matching, raw, text
from consultations.votes.protocol.group import Random
from consultations.votes.protocol.manifest import NAME_LENGTH
from consultations.votes.protocol.refusals import Refused
from consultations.votes.protocol.signing import SigningKey
from consultations.votes.sealed.boxes import KEY, public_of
from consultations.votes.sealed.manifest import opener_value

STEP: Final = re.compile(r"[0-9]")
DAMAGED: Final = Said(
    "{path} は壊れています(1文字でも変わると使えません)。別に保管した写しを使ってください。写しもなければ、この投票は開けません。",
    "{path} is damaged (one changed character is enough). Use another copy. Without one this vote cannot be opened.",
)


@dataclass(frozen=True)
class OpenerKey:
    """`opened` remembers the one file of each step that this key has opened, of the one vote it serves."""

    name: str
    seed: bytes = field(repr=False)
    vote: str = ""
    opened: Mapping[str, str] = field(default_factory=dict)

    @property
    def box(self) -> bytes:
        """Opens this opener's layer, or the keeper's covers."""
        return stream("sealed-box", self.seed)(KEY)

    @property
    def closing(self) -> bytes:
        """Opens the closing layer, if this is the first opener; it is published then."""
        return stream("sealed-closing", self.seed)(KEY)

    @property
    def signing(self) -> SigningKey:
        return SigningKey(stream("sealed-signing", self.seed)(KEY))

    @property
    def public(self) -> dict[str, Json]:
        """The file to give to the city."""
        return opener_value(self.name, public_of(self.box), public_of(self.closing), self.signing)

    def bound_to(self, vote: str) -> "OpenerKey":
        """The keeper's key serves this vote alone. Refused("sealed.other_vote")."""
        if self.vote not in {"", vote}:
            raise Refused("sealed.other_vote")
        return replace(self, vote=vote)

    @property
    def label(self) -> dict[str, Json]:
        return {"key": self.signing.public.hex(), "name": self.name}

    @property
    def value(self) -> dict[str, Json]:
        return {"name": self.name, "opened": dict(self.opened), "seed": self.seed.hex(), "vote": self.vote}

    def remembering(self, vote: str, step: int, link: str) -> "OpenerKey":
        return replace(self, vote=vote, opened={**self.opened, str(step): link})


def read_key(value: Json) -> OpenerKey:
    """Refused("shape" | "limits")."""
    found = fields(value, "name opened seed vote", "key")
    if not isinstance(found["opened"], dict):
        raise Refused("shape", "key")
    return OpenerKey(
        name=text(found["name"], "key", NAME_LENGTH),
        seed=raw(found["seed"], 32, "key"),
        vote=raw(found["vote"], 32, "key").hex() if found["vote"] != "" else "",
        opened={matching(step, STEP, "key"): raw(link, 32, "key").hex() for step, link in found["opened"].items()},
    )


def read_label(value: Json) -> dict[str, Json]:
    found = fields(value, "key name", "label")
    raw(found["key"], 32, "label")
    text(found["name"], "label", NAME_LENGTH)
    return found


KeyFile: TypeAlias = keyfiles.KeyFile[OpenerKey]
SORT: Final = Sort("machikoe-opener-key", read_key, read_label, DAMAGED)


def create(path: Path, passphrase: str, name: str, random: Random, cost: Cost) -> KeyFile:
    """A new key file, mode 0600. Declined where a file of this name is there; Refused("limits") for the name."""
    key = OpenerKey(text(name, "name", NAME_LENGTH), random(32))
    return keyfiles.create(path, passphrase, key, SORT, cost)
