"""§4 Questions: positions, weights, columns, and what is stated about their sum."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .group import minus, times, total

Cipher = tuple[bytes, bytes]


@dataclass(frozen=True)
class Question:
    """What the arithmetic needs to know of a question."""

    kind: str
    options: int
    blank: bool
    low: int
    high: int
    points: int

    @property
    def weights(self) -> list[int]:
        """Every sum of them is one of 0 … points, and every such number is a sum."""
        bits = self.points.bit_length()
        return [2**place for place in range(bits - 1)] + [self.points - (2 ** (bits - 1) - 1)]

    @property
    def positions(self) -> int:
        return self.options * len(self.weights) + self.blank

    @property
    def columns(self) -> int:
        return self.options + self.blank

    @property
    def statements(self) -> list[int]:
        """The m of every branch of the statement about the sum; none where every choice of bits is allowed."""
        if self.kind == "single":
            return [1]
        if self.kind == "score":
            return [0, -1] if self.blank else []
        if not self.blank and (self.low, self.high) == (0, self.options):
            return []
        return [*range(self.low, self.high + 1), *([self.options + 1] if self.blank else [])]

    def is_allowed(self) -> bool:
        """The condition of the kind."""
        if self.kind == "single":
            return self.low == self.high == self.points == 1 and self.options + self.blank >= 2
        if self.kind == "approval":
            return self.low <= self.high <= self.options and self.high >= 1 and self.points == 1
        return self.low == 0 and self.high == self.options and self.points >= 2

    def largest(self, column: int) -> int:
        """The most one ballot can give to a column."""
        return self.points if column < self.options else 1

    def bits(self, column: int, value: int) -> list[int]:
        """The bits of a column's value, in the order of the weights."""
        found = []
        for weight in reversed(self.weights if column < self.options else [1]):
            found.append(int(value >= weight))
            value -= weight * found[-1]
        return found[::-1]

    def branches(self, ciphers: list[Cipher]) -> list[tuple[Cipher, int]]:
        """The branches (ciphertext, m) of the statement about the sum."""
        blank = ciphers[-1]
        whole = add_ciphers(ciphers[:-1] if self.blank else ciphers)
        if self.kind == "score" and self.blank:
            return [(blank, 0), ((minus(whole[0], blank[0]), minus(whole[1], blank[1])), -1)]
        if self.blank:
            weight = 1 if self.kind == "single" else self.options + 1
            whole = add_ciphers([whole, scale_cipher(weight, blank)])
        return [(whole, m) for m in self.statements]

    def in_columns(self, ciphers: list[Cipher]) -> list[Cipher]:
        """The positions brought together into columns: those of the options, then blank's own."""
        weights = self.weights
        options = [
            add_ciphers([scale_cipher(weights[at], ciphers[option * len(weights) + at]) for at in range(len(weights))])
            for option in range(self.options)
        ]
        return options + (ciphers[-1:] if self.blank else [])


def question(described: dict[str, Any]) -> Question:
    """A question of a manifest whose shape was looked at."""
    return Question(
        kind=described["kind"],
        options=len(described["options"]),
        blank=described["blank"],
        low=described["min"],
        high=described["max"],
        points=described["points"],
    )


def add_ciphers(ciphers: Sequence[Cipher]) -> Cipher:
    return total([a for a, _ in ciphers]), total([b for _, b in ciphers])


def scale_cipher(factor: int, cipher: Cipher) -> Cipher:
    return cipher if factor == 1 else (times(factor, cipher[0]), times(factor, cipher[1]))
