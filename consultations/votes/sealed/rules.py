"""What a choice may say, as data, and how it is written into a box (SPEC.md, section 2).

A ranking is a list of ranks from the most liked, each a list of candidates' codes; a text is a string. `size` is the
length of the longest choice the rules allow: every box is made for it, so that its length says nothing.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from consultations.votes.protocol.encoding import Json, array, canonical, fields, flag, matching, number, read, texts
from consultations.votes.protocol.group import Random
from consultations.votes.protocol.questions import CODE, OPTIONS, Option
from consultations.votes.protocol.refusals import Refused

Choice: TypeAlias = Json  # list of lists of codes, or a string

LONGEST_TEXT: Final = 2_000
BYTES_OF_A_CHARACTER: Final = 4  # at most, in UTF-8
BYTES_OF_A_RANK: Final = len('["o01"],')
CONTROL_LETTERS: Final = 8  # pairs of hex digits


@dataclass(frozen=True)
class RankedRules:
    """Rank `least` to `most` of the candidates; with `ties`, several may stand at one rank."""

    candidates: Sequence[Option]
    least: int
    most: int
    ties: bool

    @property
    def codes(self) -> list[str]:
        return [one.code for one in self.candidates]

    @property
    def size(self) -> int:
        return BYTES_OF_A_RANK * self.most + 1

    @property
    def value(self) -> dict[str, Json]:
        candidates = [{"code": one.code, "text": dict(one.text)} for one in self.candidates]
        return {"candidates": candidates, "kind": "ranked", "least": self.least, "most": self.most, "ties": self.ties}

    def allows(self, choice: Choice) -> bool:
        """Known codes, none twice, those of one rank in ascending order, as many as the rules say."""
        if not isinstance(choice, list) or not all(isinstance(rank, list) and rank for rank in choice):
            return False
        ranked = [code for rank in choice for code in rank]
        if not all(isinstance(code, str) for code in ranked) or len(set(ranked)) != len(ranked):
            return False
        known = set(ranked) <= set(self.codes) and self.least <= len(ranked) <= self.most
        return known and all(rank == sorted(rank) and (self.ties or len(rank) == 1) for rank in choice)

    def content(self, choice: Choice) -> bytes:
        return canonical(choice)

    def choice(self, content: bytes) -> Choice:
        return read(content)

    def drawn(self, random: Random) -> Choice:
        """Some ranking or other, of as many candidates as may be ranked."""
        order = sorted(self.codes, key=lambda code: random(16))
        return [[code] for code in order[: self.most]]


@dataclass(frozen=True)
class TextRules:
    """Write `least` to `most` characters (code points); line feeds are the only control characters."""

    least: int
    most: int

    @property
    def size(self) -> int:
        return BYTES_OF_A_CHARACTER * self.most

    @property
    def value(self) -> dict[str, Json]:
        return {"kind": "text", "least": self.least, "most": self.most}

    def allows(self, choice: Choice) -> bool:
        return (
            isinstance(choice, str)
            and self.least <= len(choice) <= self.most
            and not any(letter != "\n" and unicodedata.category(letter) in {"Cc", "Cs"} for letter in choice)
        )

    def content(self, choice: Choice) -> bytes:
        assert isinstance(choice, str)
        return choice.encode()

    def choice(self, content: bytes) -> Choice:
        try:
            return content.decode()
        except UnicodeDecodeError:
            raise Refused("canonical") from None

    def drawn(self, random: Random) -> Choice:
        """A few letters that no resident writes by chance."""
        return random(max(CONTROL_LETTERS, self.least)).hex()[: self.most]


Rules: TypeAlias = RankedRules | TextRules


def read_rules(value: Json) -> Rules:
    """Refused("shape" | "limits" | "question")."""
    if isinstance(value, dict) and value.get("kind") == "text":
        found = fields(value, "kind least most", "rules")
        most = number(found["most"], 1, LONGEST_TEXT, "rules")
        return TextRules(number(found["least"], 0, most, "rules"), most)
    found = fields(value, "candidates kind least most ties", "rules")
    if found["kind"] != "ranked":
        raise Refused("question", "kind")
    candidates = array(found["candidates"], _candidate, "rules", 2, OPTIONS)
    if [one.code for one in candidates] != [f"o{place:02}" for place in range(1, len(candidates) + 1)]:
        raise Refused("question", "codes")
    most = number(found["most"], 1, len(candidates), "rules")
    return RankedRules(candidates, number(found["least"], 0, most, "rules"), most, flag(found["ties"], "rules"))


def _candidate(value: Json) -> Option:
    found = fields(value, "code text", "candidate")
    return Option(matching(found["code"], CODE, "candidate"), texts(found["text"], "candidate"))


def padded(content: bytes, size: int) -> bytes:
    """Four bytes of length, the content, zeros: always `size` + 4 bytes."""
    assert len(content) <= size
    return len(content).to_bytes(4, "big") + content + bytes(size - len(content))


def unpadded(block: bytes) -> bytes:
    """Refused("canonical") for a length beyond the block, or anything but zeros behind the content."""
    length, rest = int.from_bytes(block[:4], "big"), block[4:]
    if length > len(rest) or any(rest[length:]):
        raise Refused("canonical", "padding")
    return rest[:length]


def read_content(rules: Rules, content: bytes) -> Choice:
    """The choice that is written so. Refused("canonical" | "choice")."""
    choice = rules.choice(content)
    if not rules.allows(choice):
        raise Refused("choice")
    return choice
