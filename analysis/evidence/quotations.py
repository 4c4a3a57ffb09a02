"""What a sentence says in its own words, and what it quotes."""

import re

_FURIGANA = re.compile(r"\{([^{}/]+)/[ぁ-ゖァ-ヺー・\s]+\}")
_PAIRS = {"「": "」", "『": "』", "“": "”", '"': '"', "«": "»", "〝": "〟", "｢": "｣", "〈": "〉", "《": "》", "‹": "›"}
_CLOSING = frozenset(_PAIRS.values()) - {'"'} | {"〞", "„", "‟", "＂"}
_SINGLE = {"'": "'", "‘": "’"}
GAP = "\0"


class Unreadable(ValueError):
    """The sentence's marks do not tell where a quotation ends; the message says what to mend."""


def plain(sentence: str) -> str:
    """The sentence without furigana. Raises Unreadable on other braces: they could hide a word from the check."""
    text = _FURIGANA.sub(r"\1", sentence)
    if "{" in text or "}" in text:
        raise Unreadable("Braces are for furigana only: {漢字/かんじ}.")
    return text


def split(sentence: str) -> tuple[str, list[str]]:
    """The sentence's own words with a gap for each quotation, and the quotations as they are written.

    A quotation may hold others of its own marks. Raises Unreadable when a mark has no partner or nothing is between.
    """
    own: list[str] = []
    quoted: list[str] = []
    at = 0
    while at < len(sentence):
        opening = sentence[at]
        if opening in _PAIRS:
            end = _end(sentence, at)
            if end == at + 1:
                raise Unreadable("A quotation is empty.")
            quoted.append(sentence[at + 1 : end])
            own.append(GAP)
            at = end + 1
        elif opening in _SINGLE and (end := _single_end(sentence, at)):
            quoted.append(sentence[at + 1 : end])
            own.append(GAP)
            at = end + 1
        elif opening in _CLOSING:
            raise Unreadable(f"{opening} closes a quotation that nothing opens.")
        else:
            own.append(opening)
            at += 1
    return "".join(own), quoted


def _single_end(sentence: str, start: int) -> int:
    """Where a quotation in single marks closes, 0 where the mark is an apostrophe."""
    if start and sentence[start - 1].isalnum():
        return 0
    closing = _SINGLE[sentence[start]]
    for at in range(start + 2, len(sentence)):
        if sentence[at] == closing and not sentence[at + 1 : at + 2].isalnum():
            return at
    return 0


def _end(sentence: str, start: int) -> int:
    """Where the quotation that opens at `start` closes."""
    opening, closing = sentence[start], _PAIRS[sentence[start]]
    depth = 1
    for at in range(start + 1, len(sentence)):
        if sentence[at] == closing:
            depth -= 1
            if not depth:
                return at
        elif sentence[at] == opening:
            depth += 1
    raise Unreadable(f"{opening} opens a quotation that nothing closes.")
