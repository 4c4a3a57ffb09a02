"""Invented comments with personal data planted in them, and clean ones that look as if they held some; seeded.

Every person, number and address is drawn at random. Names and the sentences around them come from two lists each, so
that rules written while looking at the first can be scored on the second.
"""

import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from analysis.masking import check_digit

Written = Callable[[random.Random], str]


@dataclass(frozen=True)
class Planted:
    """A comment in which `text[start:end]` is personal data of `kind`, written as `form`."""

    text: str
    start: int
    end: int
    kind: str
    form: str


@dataclass(frozen=True)
class Names:
    """Family and given names in kanji, katakana and Latin letters, in the same order."""

    family: tuple[str, ...]
    family_kana: tuple[str, ...]
    family_latin: tuple[str, ...]
    given: tuple[str, ...]
    given_kana: tuple[str, ...]
    given_latin: tuple[str, ...]


def _names(title: str) -> Names:
    lists = _CONTENT["names"][title]
    return Names(
        *zip(*map(_split, lists["family"].split()), strict=True),
        *zip(*map(_split, lists["given"].split()), strict=True),
    )


def _split(name: str) -> list[str]:
    return name.split("/")


_CONTENT = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
NAMES = {title: _names(title) for title in ("seen", "apart")}
LISTS = (("seen", "seen"), ("apart", "apart"), ("apart", "last"))
"""Names, and the sentences around them; the last sentences were written after the rules."""

_DASHES = "-‐‑–—−ー－ｰ"
_WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
_KANJI = "〇一二三四五六七八九"


def _digits(draw: random.Random, count: int) -> str:
    return "".join(draw.choice("0123456789") for _ in range(count))


def _wide(draw: random.Random, text: str, share: float = 0.3) -> str:
    return text.translate(_WIDE) if draw.random() < share else text


def _joined(draw: random.Random, parts: list[str]) -> str:
    """Groups of digits with the marks people type between them."""
    between = draw.choice([*_DASHES, "-", "-", "-", "-", " ", "　", "", "・", ".", " - "])
    return between.join(parts)


def _phone(draw: random.Random) -> str:
    kind = draw.randrange(5)
    if kind <= 1:
        parts = [draw.choice(["090", "080", "070", "050"]), _digits(draw, 4), _digits(draw, 4)]
    elif kind == 2:
        parts = [draw.choice(["03", "06"]), _digits(draw, 4), _digits(draw, 4)]
    elif kind == 3:
        parts = ["0" + draw.choice("123456789") + _digits(draw, 2), _digits(draw, 2), _digits(draw, 4)]
    else:
        parts = ["0" + draw.choice("123456789") + _digits(draw, 1), _digits(draw, 3), _digits(draw, 4)]
    if draw.random() < 0.12:
        return _wide(draw, f"{parts[0]}({parts[1]}){parts[2]}")
    if draw.random() < 0.08:
        return _wide(draw, f"({parts[0]}){parts[1]}-{parts[2]}")
    if draw.random() < 0.06:
        return f"+81-{parts[0][1:]}-{parts[1]}-{parts[2]}"
    if draw.random() < 0.05:
        return (
            "".join(_KANJI[int(digit)] for digit in parts[0])
            + "の"
            + "の".join("".join(_KANJI[int(digit)] for digit in part) for part in parts[1:])
        )
    if draw.random() < 0.05:
        return "の".join(parts)
    return _wide(draw, _joined(draw, parts))


def _mail(draw: random.Random) -> str:
    user = draw.choice(["taro", "hanako_m", "k.sato", "info-tanaka", "yui1998", "m+city", "suzuki.ichi"]) + _digits(
        draw, 2
    )
    at = draw.choice(["@", "@", "@", "＠", " @ ", "(at)", "[at]", "（アット）", "★"][:8])
    return _wide(
        draw, user + at + draw.choice(["example.jp", "example.co.jp", "mail.example.com", "ex-ample.ne.jp"]), 0.1
    )


def _postal(draw: random.Random) -> str:
    number = [_digits(draw, 3), _digits(draw, 4)]
    if draw.random() < 0.5:
        return _wide(draw, draw.choice(_DASHES + "---").join(number))
    return _wide(draw, number[0] + "-" + number[1])


def _number(draw: random.Random, most: int = 30) -> int:
    return draw.randint(1, most)


def _in_kanji(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _KANJI[tens] + "十") + (_KANJI[ones] if ones else "")


def _address(draw: random.Random) -> str:
    place = "".join(draw.choice(_CONTENT[part]) for part in ("prefectures", "cities", "quarters"))
    one, two, three = _number(draw, 9), _number(draw), _number(draw, 40)
    dash = draw.choice(_DASHES + "----")
    form = draw.choice(
        [
            f"{one}丁目{two}番{three}号",
            f"{one}丁目{two}番地{three}",
            f"{one}丁目{two}{dash}{three}",
            f"{one}{dash}{two}{dash}{three}",
            f"{_in_kanji(one)}丁目{two}番{three}号",
            f"{_in_kanji(one)}丁目{_in_kanji(two)}番{_in_kanji(three)}号",
            f"{two * 7}番地",
            f"{two * 7}番地の{one}",
            f"{two * 7}番地{one}",
            f"{two}番{three}号",
            f"{two}{dash}{three}",
            f"{one}の{two}の{three}",
            f" {one}{dash}{two}{dash}{three}",
        ]
    )
    return place + _wide(draw, form) + draw.choice(_CONTENT["buildings"])


def _my_number(draw: random.Random) -> str:
    digits = _digits(draw, 11)
    digits += check_digit(digits)
    between = draw.choice(["", "", "-", " ", "－", "　", "‐", "・"])
    return _wide(draw, between.join([digits[:4], digits[4:8], digits[8:]]))


def _date(draw: random.Random) -> str:
    era, most = draw.choice([("昭和", 63), ("平成", 30), ("令和", 7), ("S", 63), ("H", 30)])
    year, month, day = _number(draw, most), _number(draw, 12), _number(draw, 28)
    western = draw.randint(1930, 2020)
    if era in "SH":
        return _wide(
            draw,
            draw.choice([f"{era}{year}.{month}.{day}", f"{era}{year}年{month}月{day}日", f"{era}{year}/{month}/{day}"]),
        )
    return _wide(
        draw,
        draw.choice(
            [
                f"{era}{year}年{month}月{day}日",
                f"{era}{_in_kanji(year)}年{_in_kanji(month)}月{_in_kanji(day)}日",
                f"{western}年{month}月{day}日",
                f"{western}/{month}/{day}",
                f"{western}.{month:02}.{day:02}",
                f"{western}-{month:02}-{day:02}",
                f"{western}{month:02}{day:02}",
                f"{era} {year} 年 {month} 月 {day} 日",
            ]
        ),
    )


_WRITTEN: dict[str, Written] = {
    "mail": _mail,
    "phone": _phone,
    "postal_code": _postal,
    "address": _address,
    "my_number": _my_number,
    "birth_date": _date,
}


def _family(draw: random.Random, names: Names) -> str:
    number = draw.randrange(len(names.family))
    return _one_writing(draw, names.family[number], names.family_kana[number])


def _one_writing(draw: random.Random, kanji: str, kana: str) -> str:
    roll = draw.random()
    if roll < 0.75:
        return kanji
    return kana if roll < 0.9 else _hiragana(kana)


def _full(draw: random.Random, names: Names) -> str:
    family, given = draw.randrange(len(names.family)), draw.randrange(len(names.given))
    between = draw.choice(["", "", " ", "　"])
    roll = draw.random()
    if roll < 0.75:
        return names.family[family] + between + names.given[given]
    kana = names.family_kana[family] + draw.choice([" ", "　", "", "・"]) + names.given_kana[given]
    return kana if roll < 0.9 else _hiragana(kana)


def _roman(draw: random.Random, names: Names) -> str:
    family, given = draw.choice(names.family_latin), draw.choice(names.given_latin)
    return draw.choice([f"{given} {family}", f"{family} {given}", f"{given} {family.upper()}"])


def _hiragana(kana: str) -> str:
    return "".join(chr(ord(letter) - 0x60) if "ァ" <= letter <= "ヶ" else letter for letter in kana)


def planted(seed: int, count: int, names: str = "seen", frames: str = "seen") -> list[Planted]:
    """`count` comments, an equal number of each kind and form, each with one piece of personal data.

    `names` and `frames` choose the lists: those the rules were written with ("seen"), or the others ("apart").
    """
    draw = random.Random(f"{seed} {names} {frames}")
    forms = list(_CONTENT["frames"][frames])
    return [_plant(draw, forms[number % len(forms)], NAMES[names], frames) for number in range(count)]


def _plant(draw: random.Random, form: str, names: Names, frames: str) -> Planted:
    if form in _WRITTEN:
        kind, hidden = form, _WRITTEN[form](draw)
    else:
        write = _roman if form == "roman" else _family if form.startswith("family") else _full
        kind, hidden = "name", write(draw, names)
    frame = draw.choice(_CONTENT["frames"][frames][form])
    before = draw.choice(["", _some(draw, "before"), _some(draw, "before") + _some(draw, "before")])
    after = draw.choice(["", _some(draw, "after")])
    if form == "signature" or "ards,\n" in frame or "ely,\n" in frame:
        before, after = before or _some(draw, "before"), ""
    start = len(before) + frame.index("{}")
    return Planted(before + frame.replace("{}", hidden) + after, start, start + len(hidden), kind, form)


def _some(draw: random.Random, part: str) -> str:
    return str(draw.choice(_CONTENT[part]))


def clean(seed: int, count: int) -> list[str]:
    """`count` comments of one to three sentences full of numbers, roles and places, none of them personal data."""
    draw = random.Random(seed)
    return ["".join(_clean_sentence(draw) for _ in range(draw.randint(1, 3))) for _ in range(count)]


def _clean_sentence(draw: random.Random) -> str:
    said = draw.choice([*_CONTENT["clean"], _some(draw, "before"), _some(draw, "after")])
    numbers = {"n": _number(draw), "m": _number(draw, 60), "d": _number(draw, 9)}
    words = {"count": _some(draw, "counted"), "role": _some(draw, "roles"), "place": _some(draw, "places")}
    return _wide(draw, said.format(**numbers, **words), 0.15)
