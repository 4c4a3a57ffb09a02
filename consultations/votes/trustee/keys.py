"""What a key file holds once it is open."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from consultations.votes.protocol.encoding import Json, fields, flag, number, raw, text
from consultations.votes.protocol.group import Scalar, read_scalar, scalar_hex, times_base
from consultations.votes.protocol.manifest import NAME_LENGTH, PEOPLE
from consultations.votes.protocol.refusals import Refused

NAMES = "ceremony name number opened public restored roster secret seed"


@dataclass(frozen=True)
class Key:
    """One trustee's key: a seed at first, then a seat in a ceremony, and in the end a share of the vote's key."""

    seed: bytes = field(repr=False)
    ceremony: str = ""  # the id of the ceremony it belongs to
    number: int = 0
    name: str = ""
    roster: str = ""  # the others it will deal with, fixed before anything secret is sent
    secret: Scalar = field(default=0, repr=False)
    public: str = ""  # digest of the ceremony's public outcome
    opened: Mapping[str, str] = field(default_factory=dict)  # vote → digest of the one aggregate it decrypted
    restored: bool = False  # from the printed backup, which remembers no decryption

    @property
    def share(self) -> str:
        """The verifying share in hex, public; empty before the ceremony is done."""
        return times_base(self.secret).hex() if self.secret else ""

    @property
    def label(self) -> dict[str, Json]:
        """What may be read without the passphrase."""
        return {"ceremony": self.ceremony, "name": self.name, "number": self.number, "share": self.share}

    @property
    def value(self) -> dict[str, Json]:
        return {
            "ceremony": self.ceremony,
            "name": self.name,
            "number": self.number,
            "opened": dict(self.opened),
            "public": self.public,
            "restored": self.restored,
            "roster": self.roster,
            "secret": scalar_hex(self.secret),
            "seed": self.seed.hex(),
        }

    def remembering(self, vote: str, digest: str) -> "Key":
        return replace(self, opened={**self.opened, vote: digest})


def read_key(value: Json) -> Key:
    """Refused("shape" | "limits" | "scalar")."""
    found = fields(value, NAMES, "key")
    opened = found["opened"]
    if not isinstance(opened, dict):
        raise Refused("shape", "key")
    return Key(
        seed=raw(found["seed"], 32, "key"),
        ceremony=_hash(found["ceremony"]),
        number=number(found["number"], 0, PEOPLE, "key"),
        name=read_name(found["name"]),
        roster=_hash(found["roster"]),
        secret=read_scalar(found["secret"], "key"),
        public=_hash(found["public"]),
        opened={_hash(vote): _hash(digest) for vote, digest in opened.items()},
        restored=flag(found["restored"], "key"),
    )


def read_label(value: Json) -> dict[str, Json]:
    found = fields(value, "ceremony name number share", "label")
    _hash(found["ceremony"])
    _hash(found["share"])
    read_name(found["name"])
    number(found["number"], 0, PEOPLE, "label")
    return found


def read_name(value: Json) -> str:
    return text(value, "name", NAME_LENGTH) if value != "" else ""


def _hash(value: Json) -> str:
    """32 bytes in hex, or nothing yet."""
    return raw(value, 32, "key").hex() if value != "" else ""
