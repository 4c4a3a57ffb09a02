"""Words of a text: SudachiPy mode A for Japanese, a plain word pattern and light stemming for English."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from sys import intern
from typing import Any, NamedTuple

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

    __hash__ = str.__hash__  # that of every enumeration is a call of Python's, for each word of each text


CONTENT = frozenset({Kind.NOUN, Kind.VERB, Kind.ADJECTIVE, Kind.ADVERB})


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """What a dictionary or a rule says of a word, wherever it stands: mostly one object for each, equal to itself alone.

    `form` joins spellings (子供, 子ども); `base` is the dictionary form as this writer spells it; `reading` is in
    katakana; `tags` are Sudachi's part-of-speech levels.
    """

    surface: str
    form: str
    base: str
    reading: str
    kind: Kind
    tags: tuple[str, ...]


class Token(NamedTuple):
    """A word at `[start, end)` of the normalised text."""

    word: Word
    start: int
    end: int

    @property
    def surface(self) -> str:
        return self.word.surface

    @property
    def form(self) -> str:
        return self.word.form

    @property
    def base(self) -> str:
        return self.word.base

    @property
    def kind(self) -> Kind:
        return self.word.kind

    @property
    def tags(self) -> tuple[str, ...]:
        return self.word.tags


Tokenise = Callable[[str], list[Token]]


def tokeniser(language: str) -> Tokenise:
    """The tokeniser of `ja` or `en`, taking normalised text. Addresses of pages and HTML entities are no words."""
    tokenise = _japanese if language == "ja" else _english
    return lambda text: tokenise(_MARKUP.sub(lambda match: " " * len(match.group()), text))


_KNOWN_WORDS = 2**16
"""Words kept for the next text; a word that fell out is only made once more."""


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


@cache
def _known() -> dict[tuple[str, int, bool], Word]:
    """Words by how they are written, their number in the dictionary and whether a number stands before them."""
    return {}


def _japanese(text: str) -> list[Token]:
    known, tokenise = _known(), _sudachi().tokenize
    if len(known) > _KNOWN_WORDS:
        known.clear()
    tokens: list[Token] = []
    after_number = False
    for offset, piece in _pieces(text.translate(_VARIANTS)):
        for morpheme in tokenise(piece):
            start, end = offset + morpheme.begin(), offset + morpheme.end()
            surface = text[start:end]
            if not surface.isspace():
                key = surface, morpheme.word_id(), after_number
                word = known.get(key) or known.setdefault(key, _word(surface, morpheme, after_number))
                tokens.append(Token(word, start, end))
                after_number = word.kind is Kind.NUMBER
    return tokens


def _word(surface: str, morpheme: Any, after_number: bool) -> Word:
    form, tags = intern(morpheme.normalized_form()), morpheme.part_of_speech()
    kind = Kind.OTHER if after_number and tags[2] == "助数詞可能" else _kind(form, tags)
    return Word(surface, form, morpheme.dictionary_form(), morpheme.reading_form(), kind, tags)


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
    return [Token(_english_word(match.group()), *match.span()) for match in _ENGLISH_WORD.finditer(text)]


@lru_cache(_KNOWN_WORDS)
def _english_word(surface: str) -> Word:
    word = surface.lower().replace("’", "'")
    kind = Kind.NUMBER if word.isdigit() else Kind.NOUN
    stem = intern(_stem(word))
    return Word(surface, stem, word, stem, kind, ())


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


def synonym_groups(form: str) -> tuple[int, ...]:
    """The numbers of the dictionary's synonym groups with a Japanese word; none where it takes the word for several."""
    morphemes = _sudachi().tokenize(form[:_SUDACHI_LIMIT])
    return tuple(morphemes[0].synonym_group_ids()) if len(morphemes) == 1 else ()


@lru_cache(_KNOWN_WORDS)
def may_be_person(word: Word) -> bool:
    """Whether a word is a person's name, or a place whose name is also a family name."""
    place = word.tags[2:3] == ("地名",)
    return word.tags[2:3] == ("人名",) or (place and bool({"姓", "名"} & _person_tags(word.surface)))


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
