"""What is fixed before a sealed vote opens: title, rules, keeper and openers with their keys, the limits (SPEC.md, section 3)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from consultations.votes.protocol.encoding import Json, array, canonical, fields, number, raw, text, texts
from consultations.votes.protocol.group import Random, read_point
from consultations.votes.protocol.manifest import NAME_LENGTH, PEOPLE
from consultations.votes.protocol.refusals import Refused
from consultations.votes.protocol.signing import SigningKey, is_signed
from consultations.votes.sealed.boxes import box_size, close_box, nested, read_box_key
from consultations.votes.sealed.rules import Choice, Rules, read_rules

FEWEST_OPENERS: Final = 2
LIMITS: Final[Mapping[str, str]] = {
    "en": "For low stakes only (trial). All openers together can find out who chose what. One lost key, and nothing can"
    " be counted. An opener can swap ballots; that is found only if a control ballot is hit. Choices are published one"
    " by one: a rare ranking or one's own words can give a person away.",
    "ja": "軽い案件だけに使います(試行)。開封立会人が全員で示し合わせると、だれが何を選んだか分かります。"
    "鍵を1つでもなくすと、開票できません。開封立会人が票をすりかえても、照合票に当たったときしか見つかりません。"
    "選択は1票ずつ公表されます。珍しい順位や書きぶりから、本人が分かることがあります。",
}


@dataclass(frozen=True)
class Opener:
    """Public keys of an opener, or of the keeper: for sealing, for the closing layer, and for signatures."""

    name: str
    box: bytes
    closing: bytes
    key: bytes
    source: Json


@dataclass(frozen=True)
class Manifest:
    """A sealed vote as it was published; `source` is the value it was read from."""

    source: Json
    title: Mapping[str, str]
    rules: Rules
    keeper: Opener
    openers: Sequence[Opener]

    @cached_property
    def vote(self) -> bytes:
        """The vote's id."""
        return hashlib.sha256(canonical(self.source)).digest()

    @property
    def layers(self) -> int:
        """One for each opener, and the closing one."""
        return len(self.openers) + 1

    @property
    def keys(self) -> list[bytes]:
        """Of the layers under the cover, from the outermost; the closing layer is the first opener's again."""
        return [*(one.box for one in self.openers), self.openers[0].closing]

    def size(self, step: int) -> int:
        """The length of every box after so many steps."""
        return box_size(self.rules, self.layers - step)

    @property
    def cast_size(self) -> int:
        """The length of every ballot as it is cast, under the cover."""
        return box_size(self.rules, self.layers + 1)

    def boxes(self, choice: Choice, random: Random) -> list[bytes]:
        """A ballot as it will lie in the files of step 0, 1, … Refused("choice")."""
        return nested(choice, self.rules, self.vote, self.keys, random)

    def covered(self, box: bytes, random: Random) -> bytes:
        """A box of step 0 under the cover that the keeper takes off."""
        return close_box(self.vote + box, self.keeper.box, random)

    def seal(self, choice: Choice, random: Random) -> bytes:
        """A ballot to cast. What was drawn for it is forgotten here. Refused("choice")."""
        return self.covered(self.boxes(choice, random)[0], random)


def opener_value(name: str, box: bytes, closing: bytes, signing: SigningKey) -> dict[str, Json]:
    """The file an opener gives to the city, signed with its own key."""
    body = {"box": box.hex(), "closing": closing.hex(), "key": signing.public.hex(), "name": name, "version": 1}
    return body | {"signature": signing.sign("sealed/opener", canonical(body))}


def read_opener(value: Json) -> Opener:
    """Refused("shape" | "limits" | "point" | "sealed.opener")."""
    found = fields(value, "box closing key name signature version", "opener")
    number(found["version"], 1, 1, "version")
    opener = Opener(
        name=text(found["name"], "opener", NAME_LENGTH),
        box=read_box_key(found["box"], "opener"),
        closing=read_box_key(found["closing"], "opener"),
        key=read_point(found["key"], "opener"),
        source=value,
    )
    body = {name: one for name, one in found.items() if name != "signature"}
    if not is_signed(opener.key, found["signature"], "sealed/opener", canonical(body)):
        raise Refused("sealed.opener", opener.name)
    return opener


def manifest_value(
    title: Mapping[str, str], rules: Rules, keeper: Json, openers: Sequence[Json], random: Random
) -> dict[str, Json]:
    return {
        "keeper": keeper,
        "limits": dict(LIMITS),
        "openers": list(openers),
        "rules": rules.value,
        "salt": random(32).hex(),
        "title": dict(title),
        "version": 1,
    }


def read_manifest(value: Json) -> Manifest:
    """A manifest whose every part is in order. Refused("shape" | "limits" | "point" | "question" | "sealed.…")."""
    found = fields(value, "keeper limits openers rules salt title version", "manifest")
    number(found["version"], 1, 1, "version")
    raw(found["salt"], 32, "salt")
    if found["limits"] != LIMITS:
        raise Refused("sealed.limits")
    openers = array(found["openers"], read_opener, "openers", FEWEST_OPENERS, PEOPLE)
    keeper = read_opener(found["keeper"])
    _refuse_alike([keeper, *openers])
    return Manifest(value, texts(found["title"], "title"), read_rules(found["rules"]), keeper, openers)


def _refuse_alike(openers: Sequence[Opener]) -> None:
    """No name and no key stands twice."""
    kept = [item for one in openers for item in (one.name, one.box, one.closing, one.key)]
    if len(set(kept)) != len(kept):
        raise Refused("sealed.alike")
