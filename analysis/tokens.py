"""Words of a text: SudachiPy mode A for Japanese, a plain word pattern and light stemming for English."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from sudachipy import Dictionary, SplitMode

_SUDACHI_LIMIT = 12_000
"""Characters per call: Sudachi takes at most 49,149 bytes at a time."""

_MARKUP = re.compile(r"&(?:[a-z]+|#\d+);|https?://[!-~]+")
_ENGLISH_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+")


class Kind(StrEnum):
    """What a word can do in a label. OTHER never becomes a feature."""

    NOUN = "noun"
    VERB = "verb"
    ADJECTIVE = "adjective"
    ADVERB = "adverb"
    PREFIX = "prefix"
    SUFFIX = "suffix"
    NUMBER = "number"
    PARTICLE = "particle"
    ENDING = "ending"  # makes a new predicate of a verb: にくい, やすい
    NEGATION = "negation"
    AUXILIARY = "auxiliary"
    OTHER = "other"


CONTENT = frozenset({Kind.NOUN, Kind.VERB, Kind.ADJECTIVE, Kind.ADVERB})


@dataclass(frozen=True, slots=True)
class Token:
    """A word at `[start, end)` of the normalised text.

    `form` joins spellings (子供, 子ども); `base` is the dictionary form as this writer spells it; `reading` is in
    katakana; `tags` are Sudachi's part-of-speech levels.
    """

    surface: str
    form: str
    base: str
    reading: str
    kind: Kind
    tags: tuple[str, ...]
    start: int
    end: int


Tokenise = Callable[[str], list[Token]]


def tokeniser(language: str) -> Tokenise:
    """The tokeniser of `ja` or `en`, taking normalised text. Addresses of pages and HTML entities are no words."""
    tokenise = _japanese if language == "ja" else _english
    return lambda text: tokenise(_MARKUP.sub(lambda match: " " * len(match.group()), text))


_KINDS = {
    "名詞": Kind.NOUN,
    "代名詞": Kind.OTHER,
    "動詞": Kind.VERB,
    "形容詞": Kind.ADJECTIVE,
    "形状詞": Kind.ADJECTIVE,
    "副詞": Kind.ADVERB,
    "接頭辞": Kind.PREFIX,
    "接尾辞": Kind.SUFFIX,
    "助詞": Kind.PARTICLE,
    "助動詞": Kind.AUXILIARY,
}
_VARIANTS = str.maketrans("髙﨑濵德邉𠮷栁", "高崎浜徳辺吉柳")
"""Characters of names that the dictionary knows in another form only."""

_NEGATIONS = {"助動詞-ナイ", "助動詞-ヌ"}


@cache
def _dictionary() -> Dictionary:
    return Dictionary()


@cache
def _sudachi() -> Any:
    return _dictionary().tokenizer(mode=SplitMode.A)


@cache
def _kind(form: str, tags: tuple[str, ...]) -> Kind:
    if tags[1] == "数詞":
        return Kind.NUMBER
    if form == "無い" or tags[4] in _NEGATIONS:
        return Kind.NEGATION
    if tags[:2] == ("接尾辞", "形容詞的"):
        return Kind.ENDING
    return Kind.OTHER if tags[:2] == ("形状詞", "助動詞語幹") else _KINDS.get(tags[0], Kind.OTHER)


def _japanese(text: str) -> list[Token]:
    tokens: list[Token] = []
    for offset, piece in _pieces(text.translate(_VARIANTS)):
        for morpheme in _sudachi().tokenize(piece):
            start, end = offset + morpheme.begin(), offset + morpheme.end()
            surface, form, tags = text[start:end], morpheme.normalized_form(), morpheme.part_of_speech()
            if surface.strip():
                counts = tags[2] == "助数詞可能" and tokens and tokens[-1].kind == Kind.NUMBER
                kind = Kind.OTHER if counts else _kind(form, tags)
                base, reading = morpheme.dictionary_form(), morpheme.reading_form()
                tokens.append(Token(surface, form, base, reading, kind, tags, start, end))
    return tokens


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Cut at line ends or full stops, in pieces that Sudachi takes."""
    start = 0
    while len(text) - start > _SUDACHI_LIMIT:
        window = text[start : start + _SUDACHI_LIMIT]
        cut = max(window.rfind("\n"), window.rfind("。")) + 1 or _SUDACHI_LIMIT
        yield start, text[start : start + cut]
        start += cut
    yield start, text[start:]


def _english(text: str) -> list[Token]:
    tokens = []
    for match in _ENGLISH_WORD.finditer(text):
        word = match.group().lower().replace("’", "'")
        kind = Kind.NUMBER if word.isdigit() else Kind.NOUN
        tokens.append(Token(match.group(), _stem(word), word, _stem(word), kind, (), match.start(), match.end()))
    return tokens


def _stem(word: str) -> str:
    """Join plural and singular, and the commonest verb endings; a short stem is left alone."""
    word = word.removesuffix("'s")
    for ending, replacement in (("sses", "ss"), ("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word.removesuffix(ending) + replacement
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = word[:-1]
    for ending in ("ing", "ed"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= 3 and re.search("[aeiouy]", stem):
            return _undouble(stem)
    return word.removesuffix("e") if len(word) > 4 else word


def _undouble(stem: str) -> str:
    return stem[:-1] if stem[-1] == stem[-2] and stem[-1] not in "lsz" else stem.removesuffix("e")


def may_be_person(token: Token) -> bool:
    """Whether a token is a person's name, or a place whose name is also a family name."""
    place = token.tags[2:3] == ("地名",)
    return token.tags[2:3] == ("人名",) or (place and bool({"姓", "名"} & _person_tags(token.surface)))


def is_family_name(word: str) -> bool:
    """Whether the dictionary has the word as a family name (姓)."""
    return "姓" in _person_tags(word)


def is_given_name(word: str) -> bool:
    """Whether the dictionary has the word as a given name (名)."""
    return "名" in _person_tags(word)


@cache
def _person_tags(surface: str) -> frozenset[str]:
    tags = [entry.part_of_speech() for entry in _dictionary().lookup(surface.translate(_VARIANTS))]
    return frozenset(each[3] for each in tags if each[2] == "人名")
