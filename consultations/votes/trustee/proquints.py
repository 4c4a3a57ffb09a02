"""Bytes as words that can be typed without mistakes: proquints (Wilkerson, arXiv:0901.4016), sixteen bits a word."""

from typing import Final

CONSONANTS: Final = "bdfghjklmnprstvz"
VOWELS: Final = "aiou"


def word(number: int) -> str:
    """Five letters for a number below 65,536."""
    letters = ""
    for place, (alphabet, bits) in enumerate(
        ((CONSONANTS, 4), (VOWELS, 2), (CONSONANTS, 4), (VOWELS, 2), (CONSONANTS, 4))
    ):
        shift = (12, 10, 6, 4, 0)[place]
        letters += alphabet[number >> shift & (1 << bits) - 1]
    return letters


def words(content: bytes) -> list[str]:
    """An even number of bytes as words."""
    return [word(int.from_bytes(content[place : place + 2], "big")) for place in range(0, len(content), 2)]


def number(typed: str) -> int | None:
    """The number of a word; None where it is no word."""
    if len(typed) != 5:
        return None
    found = 0
    for place, letter in enumerate(typed):
        alphabet = VOWELS if place in {1, 3} else CONSONANTS
        if letter not in alphabet:
            return None
        found = found * len(alphabet) + alphabet.index(letter)
    return found


def content(typed: list[str]) -> bytes | None:
    """The bytes of words; None where one is no word."""
    numbers = [number(one) for one in typed]
    return b"".join(one.to_bytes(2, "big") for one in numbers if one is not None) if None not in numbers else None
