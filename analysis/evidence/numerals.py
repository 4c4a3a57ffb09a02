"""Numerals as people write them, to exact numbers: 1,204 · １２ · 3.5 · 百二十 · 二〇 · 1万2千 · twenty-five."""

import re
import tomllib
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {
    "零": 0, "壱": 1, "弐": 2, "参": 3,
}  # fmt: skip
_SMALL = {"十": 10, "拾": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "億": 10**8}
KANJI = "".join([*_DIGITS, *_SMALL, *_LARGE])

_PLAIN = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_MIXED = re.compile(rf"({_PLAIN.pattern})([千百十]?[万億]?)(?:({_PLAIN.pattern})([千百十]?))?")


@cache
def content() -> dict[str, Any]:
    """`analysis/languages/numbers.toml`."""
    path = Path(__file__).parents[1] / "languages" / "numbers.toml"
    return tomllib.loads(path.read_text("utf-8"))


def pattern() -> str:
    """A regular expression for one numeral in NFKC text without case. What it matches may still be no number."""
    english = content()["english"]
    words = "|".join(sorted([*english["units"], *english["tens"], *english["scales"]], key=len, reverse=True))
    return rf"(?:[\d{KANJI}](?:[,.]?[\d{KANJI}])*|\b(?:{words})(?:(?:[\s-]|\sand\s)(?:{words}))*\b)"


def number(written: str) -> Fraction | None:
    """The number, None when the numeral is badly formed (1,23 · 02 · 二十三十)."""
    if _PLAIN.fullmatch(written):
        if len(written) > 1 and written[0] == "0" and written[1] != ".":
            return None
        return Fraction(written.replace(",", ""))
    if mixed := _MIXED.fullmatch(written):
        first, scale, second, rest = mixed.groups()
        whole = _plain(first) * _scale(scale)
        further = _plain(second) * _scale(rest or "") if second else Fraction(0)
        return whole + further if further < _scale(scale) else None
    return _english(written) if written[0].isascii() else _kanji(written)


def _plain(written: str) -> Fraction:
    return Fraction(written.replace(",", ""))


def _scale(written: str) -> int:
    value = 1
    for character in written:
        value *= (_SMALL | _LARGE)[character]
    return value


def _kanji(written: str) -> Fraction | None:
    """百二十三, also by place (一二〇). The scales must fall."""
    if all(character in _DIGITS for character in written):
        return Fraction(int("".join(str(_DIGITS[character]) for character in written)))
    total, above = 0, 10**12
    for part, large in re.findall(rf"([^{''.join(_LARGE)}]*)([{''.join(_LARGE)}]|$)", written):
        scale = _LARGE.get(large, 1)
        below = _below_ten_thousand(part) if part else (1 if large else 0)
        if below is None or scale >= above:
            return None
        total, above = total + below * scale, scale
        if not large:
            break
    return Fraction(total)


def _below_ten_thousand(written: str) -> int | None:
    total, digit, above = 0, None, 10**4
    for character in written:
        if character in _DIGITS:
            if digit is not None:
                return None
            digit = _DIGITS[character]
        elif character in _SMALL and _SMALL[character] < above:
            above = _SMALL[character]
            total, digit = total + (1 if digit is None else digit) * above, None
        else:
            return None
    return total + (digit or 0)


def _english(written: str) -> Fraction | None:
    """two hundred and five, twenty-five."""
    english = content()["english"]
    total, current, last = 0, 0, 10**9
    for word in re.split(r"[\s-]+", written):
        if word == "and":
            continue
        if word in english["scales"]:
            scale = english["scales"][word]
            current = max(current, 1) * scale
            if scale == 1000:
                total, current = total + current, 0
            last = scale
        else:
            value = english["units"].get(word, english["tens"].get(word))
            if value is None or value >= last or (last < 100 and (last < 20 or value >= 10)):
                return None
            current, last = current + value, value
    return Fraction(total + current)
