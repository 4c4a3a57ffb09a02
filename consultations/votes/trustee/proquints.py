"""Bytes as words that can be typed without mistakes: proquints (Wilkerson, arXiv:0901.4016), sixteen bits a word."""

from typing import Final

CONSONANTS: Final = "bdfghjklmnprstvz"
VOWELS: Final = "aiou"
PLACES: Final = ((CONSONANTS, 12), (VOWELS, 10), (CONSONANTS, 6), (VOWELS, 4), (CONSONANTS, 0))  # alphabet, shift


def word(number: int) -> str:
    """Five letters for a number below 65,536."""
    return "".join(alphabet[(number >> shift) % len(alphabet)] for alphabet, shift in PLACES)


def words(content: bytes) -> list[str]:
    """An even number of bytes as words."""
    return [word(int.from_bytes(content[place : place + 2], "big")) for place in range(0, len(content), 2)]


def number(typed: str) -> int | None:
    """The number of a word; None where it is no word."""
    if len(typed) != len(PLACES):
        return None
    found = 0
    for letter, (alphabet, _) in zip(typed, PLACES, strict=True):
        if letter not in alphabet:
            return None
        found = found * len(alphabet) + alphabet.index(letter)
    return found


def content(typed: list[str]) -> bytes | None:
    """The bytes of words; None where one is no word."""
    numbers = [number(one) for one in typed]
    return b"".join(one.to_bytes(2, "big") for one in numbers if one is not None) if None not in numbers else None
