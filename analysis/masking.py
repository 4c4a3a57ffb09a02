"""Personal data in comments: where it stands and of what kind. Nothing is altered; who shows a text hides the spans.

What has a form (mail, phone, postal code, address, birth date) is found by patterns, a My Number by its check digit,
a name by the words around it: an honorific after it, or a cue such as お名前は. Names without such a cue are left:
masking all that a dictionary calls a name hides three comments in a hundred wrongly.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analysis.text import Normalised, Span
from analysis.tokens import Token, may_be_person

_MY_NUMBER = re.compile(r"(?<!\d)\d{4}[\s-]?\d{4}[\s-]?\d{4}(?![\s-]?\d)")


@dataclass(frozen=True, order=True)
class Mask:
    """One piece of personal data at `span` of the comment as received.

    `kind` is mail, phone, postal_code, address, my_number, birth_date or name; `rule` is pattern, check digit,
    honorific or cue.
    """

    span: Span
    kind: str
    rule: str


def find_masks(normalised: Normalised, tokens: Sequence[Token]) -> list[Mask]:
    """The masks of one comment, by position, none overlapping another; `tokens` are those of the normalised text."""
    masks = []
    text = normalised.text
    for search in (_my_numbers, _patterned, _names):
        for kind, rule, (start, end) in search(text, tokens):
            if "\0" not in text[start:end]:
                masks.append(Mask(normalised.span(start, end), kind, rule))
                text = text[:start] + "\0" * (end - start) + text[end:]
    return sorted(masks)


_Found = tuple[str, str, tuple[int, int]]
"""Kind, rule and where in the normalised text."""


def is_my_number(digits: str) -> bool:
    """Whether 12 digits end in the check digit of 行政手続における特定の個人を識別するための番号 (施行令・省令5条)."""
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(digits[:11], weights, strict=True)) % 11
    return int(digits[11]) == (0 if rest <= 1 else 11 - rest)


def _my_numbers(text: str, tokens: Sequence[Token]) -> Iterator[_Found]:
    for match in _MY_NUMBER.finditer(text):
        if is_my_number("".join(filter(str.isdigit, match.group()))):
            yield "my_number", "check digit", match.span()


def _patterned(text: str, tokens: Sequence[Token]) -> Iterator[_Found]:
    for kind, pattern in _patterns():
        for match in pattern.finditer(text):
            yield kind, "cue" if kind == "name" else "pattern", match.span("mask")


def _names(text: str, tokens: Sequence[Token]) -> Iterator[_Found]:
    words = _content()["names"]
    for first, last in _person_runs(tokens):
        start, end = tokens[first].start, tokens[last].end
        following = text[end : end + 8].lstrip()
        preceding = text[max(0, start - 8) : start]
        if last + 1 < len(tokens) and tokens[last + 1].surface in words["honorifics"]:
            yield "name", "honorific", (start, end)
        elif following.startswith(tuple(words["self_after"])) or any(cue in preceding for cue in words["self_before"]):
            yield "name", "cue", (start, end)


def _person_runs(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Longest runs (first, last) of words that can be a person's name, at most one space apart."""
    first = None
    for index, token in enumerate(tokens):
        person = may_be_person(token)
        if first is not None and (not person or token.start > tokens[index - 1].end + 1):
            yield first, index - 1
            first = None
        if person and first is None:
            first = index
    if first is not None:
        yield first, len(tokens) - 1


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "languages" / "masks.toml").read_text("utf-8"))


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    content = _content()
    compiled = []
    for kind, patterns in content["patterns"].items():
        for pattern in patterns:
            for name, part in content["parts"].items():
                pattern = pattern.replace(f"{{{name}}}", part)
            compiled.append((kind, re.compile(pattern if "(?P<mask>" in pattern else f"(?P<mask>{pattern})")))
    return compiled
