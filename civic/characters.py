"""Text as people count and type it: clean it, measure it in characters a reader sees, read full-width digits."""

import re
import unicodedata

from civic.messages import N_, Message

ZERO_WIDTH_JOINER = "\u200d"
LINE_BREAKS = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n"})
STRIPPED = str.maketrans(dict.fromkeys("\u200b\u2060\ufeff\u00ad\u200e\u200f\u061c"))
"""Invisible leftovers of copying, and direction marks: they carry no meaning in what a person writes here."""

_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]"
)

UNREADABLE = N_("Your text contains characters that cannot be shown. Remove them, or type the text again.")


def clean(text: str) -> str | Message:
    """The text in NFC with `\\n` line breaks and without surrounding blanks, or the sentence that refuses it.

    Refused are control characters other than line break and tab, embeddings and overrides of direction (they make a
    page say what was not written, CVE-2021-42574), unpaired surrogates and private-use characters, which no font of
    ours shows. Characters younger than Python's tables pass.
    """
    tidy = text.replace("\r\n", "\n").replace("\r", "\n").translate(LINE_BREAKS).translate(STRIPPED)
    if not is_readable(tidy):
        return Message(UNREADABLE)
    return unicodedata.normalize("NFC", tidy).strip()


def is_readable(text: str) -> bool:
    """Whether a text has none of the characters that `clean` refuses."""
    return not _REFUSED.search(text)


def graphemes(text: str) -> int:
    """How many characters a reader sees: extended grapheme clusters (UAX #29) for the scripts people type here.

    Combining marks, variation selectors, emoji sequences, flags and conjoining Hangul count once with their base, as
    the browser's Intl.Segmenter counts them.
    """
    if text.isascii():
        return len(text) - text.count("\r\n")
    count, previous, flags, joined = 0, "", 0, False
    for character in text:
        flags = flags + 1 if _is_flag_letter(character) else 0
        extends = (
            _extends(character)
            or (joined and _is_pictograph(character))
            or (flags and flags % 2 == 0)
            or (previous == "\r" and character == "\n")
            or _continues_hangul(previous, character)
        )
        count += not (extends and previous)
        joined = character == ZERO_WIDTH_JOINER
        previous = character
    return count


def _extends(character: str) -> bool:
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc")
        or character in (ZERO_WIDTH_JOINER, "\u200c", "\uff9e", "\uff9f")
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
    )


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _is_pictograph(character: str) -> bool:
    return unicodedata.category(character) == "So"


def _continues_hangul(previous: str, character: str) -> bool:
    """A vowel or final consonant of a syllable written in conjoining letters; NFC leaves only archaic ones."""
    return "\u1160" <= character <= "\u11ff" and ("\u1100" <= previous <= "\u11ff" or "\uac00" <= previous <= "\ud7a3")


def ascii_digits(text: str) -> str:
    """Full-width letters, digits and signs as ASCII (NFKC), without blanks: ８５．５ becomes 85.5."""
    return "".join(unicodedata.normalize("NFKC", text).split())
