"""Every number and word of quantity in a sentence, and whether it follows from given figures.

A closed set: counts with a unit (12件, 8人, twelve comments), per cent, 割, fractions, n人に1人, points, and the words of
`analysis/languages/numbers.toml`. Whatever else holds a numeral, or is vague, follows from nothing.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from analysis.evidence.facts import fold
from analysis.evidence.figures import Count, Figure, Points, Share
from analysis.evidence.numerals import content, number, pattern

Holds = Callable[[Figure], bool]

UNFOUNDED = "does not follow from the sources or the claims."
_UNKNOWN = "is no amount this check can recompute. Put it in a quotation, or say it with a computed sentence."
_VAGUE = "is a vague amount or a rank. Give the number, with a claim it follows from."


@dataclass(frozen=True)
class Amount:
    """One quantity as written. `holds` says of one figure whether the words follow from it; None: from none ever."""

    written: str
    holds: Holds | None
    reason: str = UNFOUNDED

    def follows(self, figures: Sequence[Figure]) -> bool:
        return self.holds is not None and any(self.holds(figure) for figure in figures)


def read_amounts(own_words: str) -> Iterator[Amount]:
    """The quantities in a sentence's own words, quotations taken out, from left to right."""
    for character in own_words:
        if unicodedata.category(character) in {"Nl", "No"} or (character.isdigit() and not _is_digit(character)):
            yield Amount(character, None, _UNKNOWN)
    text = fold(own_words)
    for match in _grammar().finditer(text):
        kind = match.lastgroup or ""
        if kind != "ordinary":
            yield _READERS[kind](match.group(), text)


def only_an_amount(quoted: str) -> bool:
    """Whether a quotation is hardly more than an amount, which could pass for the sentence's own: 意見は「30件」です."""
    text = _grammar().sub(
        lambda match: match.group() if match.lastgroup in {"unknown", "ordinary"} else "", fold(quoted)
    )
    words = re.sub(pattern(), "", text)
    return words != fold(quoted) and sum(map(str.isalnum, words)) < 2


def _is_digit(character: str) -> bool:
    return unicodedata.normalize("NFKC", character).isascii()


def _alternatives(words: Sequence[str]) -> str:
    """Longest first; Latin ones as whole words."""
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(rf"\b{word}\b" if word[0].isascii() else word for word in ordered)


@cache
def _parts() -> dict[str, str]:
    words = content()
    one = pattern()
    before = _alternatives([*words["approximately"]["before"], *_bounds(latin=True)])
    behind = _alternatives([*words["approximately"]["behind"], *_bounds(latin=False), "弱", "強"])
    counters = [word for unit in words["counters"].values() for word in unit]
    return {
        "n": one,
        "before": rf"(?:(?:{before})\s*)?",
        "behind": rf"(?:\s*(?:{behind}))?",
        "counter": _alternatives(counters),
    }


def _bounds(latin: bool) -> list[str]:
    return [word for words in content()["bounds"].values() for word in words if word[0].isascii() == latin]


@cache
def _grammar() -> re.Pattern[str]:
    words = content()
    parts = _parts()
    n, before, behind = parts["n"], parts["before"], parts["behind"]
    kinds = {
        "ordinary": rf"{_alternatives(words['ordinary'].split())}|\b(?:{words['ordinary_en']})\b",
        "negative": rf"(?<!\w)[-−–]{n}\w{{0,3}}",
        "range": rf"{n}\s*(?:[%件人名割]|percent)?\s*(?:[~〜–—-]|ないし)\s*{n}[^\s、。,.]{{0,3}}",
        "in": rf"{before}(?:{n}\s*人に\s*{n}\s*人|\b{n} in {n}\b)",
        "fraction": rf"{before}(?:{n}\s*分の\s*{n}|\d+\s*[/⁄]\s*\d+|(?:\ba|\bone|\btwo|\bthree) (?:third|quarter)s?\b){behind}",
        "tenths": rf"{before}{n}\s*割(?:\s*{n}\s*分)?{behind}",
        "points": rf"{before}{n}\s*(?:%\s*)?(?:ポイント|(?:percentage )?points?\b){behind}",
        "percent": rf"{before}{n}\s*(?:%|パーセント|per ?cent\b){behind}",
        "share": _alternatives(list(words["shares"])),
        "vague": "|".join(words["vague"]["patterns"]),
        "count": rf"{before}{n}\s*(?:{parts['counter']})(?![年月日間数口材])(?:{behind})",
        "unknown": rf"{n}\s?\w{{0,3}}|%|‰",
    }
    return re.compile("|".join(f"(?P<{kind}>{expression})" for kind, expression in kinds.items()))


def _numbers(written: str) -> list[Fraction | None]:
    return [number(found) for found in re.findall(pattern(), written)]


def _leading(written: str) -> Fraction | None:
    """The number of an amount that has one. One that is a little more or less (弱, 強) is none this check knows."""
    return None if "弱" in written or "強" in written else _numbers(written)[0]


def _spread(written: str, exact: Fraction, about: Fraction) -> tuple[Fraction, str]:
    """How far a figure may lie from the number written, and the bound the words name."""
    for bound, words in content()["bounds"].items():
        if any(_has(word, written) for word in words):
            return exact, bound
    approximately = content()["approximately"]
    near = any(_has(word, written) for word in (*approximately["before"], *approximately["behind"]))
    return (about if near else exact), "equal"


def _has(word: str, written: str) -> bool:
    return re.search(_alternatives([word]), written) is not None


def _compare(value: Fraction, stated: Fraction, spread: Fraction, bound: str) -> bool:
    """Whether a figure is the number stated, to `spread`; with a bound, on that side of it and a fifth of it away at most.

    Else any large figure in the sentence would bear out any small one (4件以上 beside 書かれた60件).
    """
    if bound == "equal":
        return abs(value - stated) <= spread
    holds = {
        "at_least": value >= stated,
        "at_most": value <= stated,
        "more": value > stated,
        "fewer": value < stated,
    }
    return holds[bound] and abs(value - stated) <= stated / 5


def _of_shares(written: str, stated: Fraction, exact: Fraction, about: Fraction) -> Amount:
    """An amount that a share, in per cent, must meet."""
    spread, bound = _spread(written, exact, about)
    return Amount(
        written, lambda figure: isinstance(figure, Share) and _compare(figure.exact * 100, stated, spread, bound)
    )


def _count(written: str, text: str) -> Amount:
    """A count must be exact; with 約 it may be 5 per cent off."""
    stated = _leading(written)
    if stated is None:
        return Amount(written, None, _UNKNOWN)
    units = [unit for unit, words in content()["counters"].items() if any(_has(word, written) for word in words)]
    spread, bound = _spread(written, Fraction(0), stated / 20)
    return Amount(
        written,
        lambda figure: (
            isinstance(figure, Count)
            and (figure.unit in units or units == ["either"])
            and _compare(Fraction(figure.number), stated, spread, bound)
        ),
    )


def _percent(written: str, text: str) -> Amount:
    """Per cent must be right to the last digit written; with 約 within two points."""
    stated = _leading(written)
    if stated is None:
        return Amount(written, None, _UNKNOWN)
    return _of_shares(written, stated, _last_digit(written) / 2, Fraction(2))


def _last_digit(written: str) -> Fraction:
    decimals = re.search(r"\.(\d+)", written)
    return Fraction(1, 10 ** len(decimals[1])) if decimals else Fraction(1)


def _tenths(written: str, text: str) -> Amount:
    """3割 is 30 % to half a point, 約3割 to five; 3割5分 is 35 % to half a point; 3割弱 and 3割強 lie on one side."""
    numbers = _numbers(written)
    if None in numbers or len(numbers) > 2:
        return Amount(written, None, _UNKNOWN)
    stated = sum((n * scale for n, scale in zip(numbers, (10, 1), strict=False) if n is not None), Fraction(0))
    if "弱" in written or "強" in written:
        low, high = (stated - 5, stated) if "弱" in written else (stated, stated + 5)
        return Amount(
            written,
            lambda figure: (
                isinstance(figure, Share) and low <= figure.exact * 100 <= high and figure.exact * 100 != stated
            ),
        )
    return _of_shares(written, stated, Fraction(1, 2), Fraction(5))


def _ratio(part: Fraction | None, whole: Fraction | None, written: str) -> Amount:
    """A part of a whole is right to one point, with 約 to five."""
    if not part or not whole or part > whole:
        return Amount(written, None, _UNKNOWN)
    return _of_shares(written, part / whole * 100, Fraction(1), Fraction(5))


def _fraction(written: str, text: str) -> Amount:
    if "分の" in written:
        whole, part, *_ = _numbers(written)
        return _ratio(part, whole, written)
    if "third" in written or "quarter" in written:
        numbers = _numbers(written)
        return _ratio(numbers[0] if numbers else Fraction(1), Fraction(3 if "third" in written else 4), written)
    part, whole, *_ = [Fraction(found) for found in re.findall(r"\d+", written)]
    return _ratio(part, whole, written)


def _in(written: str, text: str) -> Amount:
    """3人に1人, one in three."""
    first, second, *_ = _numbers(written)
    return _ratio(second, first, written) if "人に" in written else _ratio(first, second, written)


def _points(written: str, text: str) -> Amount:
    """Percentage points, right to the last digit; the sentence must say up or down, and the right one."""
    stated = _leading(written)
    if stated is None:
        return Amount(written, None, _UNKNOWN)
    spread, bound = _spread(written, _last_digit(written) / 2, Fraction(2))
    up, down = (any(_has(word, text) for word in content()["directions"][side]) for side in ("up", "down"))
    if up == down:
        return Amount(written, None, "are points without one direction: say up or down, once.")
    sign = 1 if up else -1
    return Amount(
        written, lambda figure: isinstance(figure, Points) and _compare(figure.exact * sign, stated, spread, bound)
    )


def _share(written: str, text: str) -> Amount:
    limits: dict[str, Any] = content()["shares"][written]
    exact = {name: Fraction(str(limit)) for name, limit in limits.items()}
    return Amount(
        written,
        lambda figure: (
            isinstance(figure, Share)
            and exact.get("least", Fraction(0)) <= figure.exact <= exact.get("most", Fraction(1))
            and exact.get("above", Fraction(-1)) < figure.exact < exact.get("below", Fraction(2))
        ),
    )


def _vague(written: str, text: str) -> Amount:
    return Amount(written, None, _VAGUE)


def _unknown(written: str, text: str) -> Amount:
    return Amount(written, None, _UNKNOWN)


_READERS: dict[str, Callable[[str, str], Amount]] = {
    "negative": _unknown,
    "range": _unknown,
    "in": _in,
    "fraction": _fraction,
    "tenths": _tenths,
    "points": _points,
    "percent": _percent,
    "share": _share,
    "vague": _vague,
    "count": _count,
    "unknown": _unknown,
}
