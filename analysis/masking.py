"""Personal data in comments: where it stands and of what kind. Nothing is altered; who shows a text hides the spans.

What has a form (mail, phone, postal code, address, birth date) is found by patterns, a My Number by its check digit,
a name by what stands around it (`analysis.names`).
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from analysis.names import find_names
from analysis.text import Normalised, Span, language_of, normalise
from analysis.tokens import Token, tokeniser

_MAY_HOLD_A_FORM = re.compile(r"[\d〇零一二三四五六七八九十百@]|アット|[(\[]at[)\]]")
"""Without one of these no pattern of a form can match: of most texts only the names are left to look for."""

_MY_NUMBER = r"(?<!\d)\d{4}{sep}\d{4}{sep}\d{4}(?!\d|-\d|\s\d{4}(?!\d))"


@dataclass(frozen=True, order=True)
class Mask:
    """One piece of personal data at `span` of the comment as received.

    `kind` is mail, phone, postal_code, address, my_number, birth_date or name; `rule` says what found it: the kind and
    the key of the pattern in `languages/masks.toml`, `my_number.check_digit`, or a rule of `analysis.names`.
    """

    span: Span
    kind: str
    rule: str


def masks_of(text: str, fallback: str = "ja") -> list[Mask]:
    """The masks of a comment, read in the language of its script (`fallback` where it has neither)."""
    normalised = normalise(text)
    return find_masks(normalised, tokeniser(language_of(text, fallback))(normalised.text))


def find_masks(normalised: Normalised, tokens: Sequence[Token]) -> list[Mask]:
    """The masks of one comment, by position, none overlapping another; `tokens` are those of the normalised text.

    What was found first keeps its place: forms before names, and among names the surest rule.
    """
    masks: list[Mask] = []
    text = normalised.text
    searches = (_my_numbers, _patterned, _names) if _MAY_HOLD_A_FORM.search(text) else (_names,)
    for search in searches:
        taken: list[tuple[int, int]] = []
        for kind, rule, (start, end) in search(text, tokens):
            if _HIDDEN not in text[start:end] and not any(start < last and first < end for first, last in taken):
                masks.append(Mask(normalised.span(start, end), kind, f"{kind}.{rule}"))
                taken.append((start, end))
        for start, end in taken:
            text = f"{text[:start]}{_HIDDEN * (end - start)}{text[end:]}"
    return _joined(masks)


def hidden(text: str, masks: Sequence[Mask], language: str = "ja") -> str:
    """The text as it may be shown: each mask's characters give way to its kind in brackets, the others stay."""
    words = _content()["shown"][language]
    parts, place = [], 0
    for mask in sorted(masks):
        parts += [text[place : mask.span[0]], f"〔{words[mask.kind]}〕"]
        place = mask.span[1]
    return "".join([*parts, text[place:]])


def _joined(masks: list[Mask]) -> list[Mask]:
    """By position; two that meet in one character of the original (both in ㍿, say) become the first of them."""
    apart: list[Mask] = []
    for mask in sorted(masks):
        if apart and mask.span[0] < apart[-1].span[1]:
            apart[-1] = replace(apart[-1], span=(apart[-1].span[0], max(apart[-1].span[1], mask.span[1])))
        else:
            apart.append(mask)
    return apart


_HIDDEN = "\0"

_Found = tuple[str, str, tuple[int, int]]
"""Kind, rule and where in the normalised text."""


def is_my_number(digits: str) -> bool:
    """Whether 12 digits end in their check digit."""
    return digits[11] == check_digit(digits[:11])


def check_digit(digits: str) -> str:
    """The last digit of the 個人番号 that begins with these 11 (番号利用法施行令8条, 同省令5条)."""
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11
    return str(0 if rest <= 1 else 11 - rest)


def _my_numbers(text: str, tokens: Sequence[Token]) -> Iterator[_Found]:
    for match in _my_number().finditer(text):
        if is_my_number("".join(filter(str.isdigit, match.group()))):
            yield "my_number", "check_digit", match.span()


def _patterned(text: str, tokens: Sequence[Token]) -> Iterator[_Found]:
    for kind, rule, pattern in _patterns():
        for match in pattern.finditer(text):
            yield kind, rule, match.span("mask")


def _names(text: str, tokens: Sequence[Token]) -> Iterator[_Found]:
    for rule, span in find_names(text, tokens):
        yield "name", rule, span


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "languages" / "masks.toml").read_text("utf-8"))


def _filled(pattern: str) -> re.Pattern[str]:
    """With the parts it names put in; parts may name parts that stand below them."""
    for name, part in _content()["parts"].items():
        pattern = pattern.replace(f"{{{name}}}", part)
    return re.compile(pattern if "(?P<mask>" in pattern else f"(?P<mask>{pattern})")


@cache
def _my_number() -> re.Pattern[str]:
    return _filled(_MY_NUMBER)


@cache
def _patterns() -> list[tuple[str, str, re.Pattern[str]]]:
    kinds = _content()["patterns"]
    return [(kind, rule, _filled(pattern)) for kind in kinds for rule, pattern in kinds[kind].items()]
