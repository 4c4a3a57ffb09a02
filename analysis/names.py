"""Names of persons in a text: words a dictionary knows as names, and what stands around them that says one is meant.

A name alone is no reason to hide it: three comments in a hundred would be hidden wrongly. So a rule needs an honorific
behind the name (田中さん), an introduction (と申します), a field (氏名：), a family name and a given name together that
are presented as somebody (山田花子です), or the place of a signature.
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from analysis.tokens import Kind, Token, Word, is_family_name, is_given_name, may_be_person

Found = tuple[str, tuple[int, int]]
"""A rule's name and where in the normalised text it found a name."""

_START = attrgetter("start")
_GAP = re.compile(r"[ ・]{0,2}")
_ONE_KANJI = re.compile(r"[一-龠々﨑]")
_IN_KANA = re.compile(r"(?:[ァ-ヴー]+[ ・]{0,2})?[ァ-ヴー]{2,}\Z|(?:[ぁ-ん]+[ ・]{0,2})?[ぁ-ん]{2,}\Z")
_IN_KANJI = re.compile(r"[一-龠々﨑]+\Z")
_LONGEST = 14
"""Characters of a name before what stands behind it."""

_OFTEN_CUT = {"くん", "ちゃん"}
"""Honorifics that a tokeniser parts wrongly: 翔く・ん."""

_BOUNDARY = re.compile(r"[^ぁ-ん]|[のはがをにでともやむる]|し(?<=わたし|たくし)")
_TO_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ"))}


@dataclass(frozen=True)
class _Run:
    """`text[start:end]` can be a person's name: a `whole` one, family and given, or perhaps only an `ordinary` word."""

    start: int
    end: int
    whole: bool
    ordinary: bool = False


def find_names(text: str, tokens: Sequence[Token]) -> list[Found]:
    """Names in normalised `text`, by position, each with the rule that found it first; what overlaps is joined."""
    found: list[Found] = []
    for rule, span in sorted(_candidates(text, tokens), key=lambda each: each[1]):
        if found and span[0] < found[-1][1][1]:
            found[-1] = (found[-1][0], (found[-1][1][0], max(found[-1][1][1], span[1])))
        else:
            found.append((rule, span))
    return found


def _candidates(text: str, tokens: Sequence[Token]) -> Iterator[Found]:
    for rule, pattern in _patterns():
        for match in pattern.finditer(text):
            yield rule, match.span("mask")
    for run in [*_runs(text, tokens), *_before_cues(text, tokens)]:
        if _has_honorific(text, run):
            yield "honorific", (run.start, run.end)
        elif _is_introduced(text, run):
            yield "introduction", (run.start, run.end)
        elif _is_signature(text, run):
            yield "signature", (run.start, run.end)


def _runs(text: str, tokens: Sequence[Token]) -> Iterator[_Run]:
    """Longest runs of words that can be a person's name, at most a space or middle dot apart.

    A word that is cut out of a longer one (健師 in 保健師) is none. After a name any word counts that can be a given one.
    """
    index = 0
    while index < len(tokens):
        if not _may_begin(tokens[index].word) or _is_cut_out(tokens, index):
            index += 1
            continue
        first = index
        index += 1
        while index < len(tokens) and _goes_on(text, tokens[index - 1], tokens[index]):
            index += 1
        yield _run(tokens[first:index])


def _goes_on(text: str, before: Token, token: Token) -> bool:
    near = _GAP.fullmatch(text, before.end, token.start)
    return near is not None and (may_be_person(token.word) or is_given_name(token.surface))


@lru_cache(2**16)
def _may_begin(word: Word) -> bool:
    return may_be_person(word) or _is_ordinary(word)


def _run(words: Sequence[Token]) -> _Run:
    whole = len(words) >= 2 and is_family_name(words[0].surface) and is_given_name(words[-1].surface)
    ordinary = len(words) == 1 and words[0].tags[2:3] != ("人名",)
    return _Run(words[0].start, words[-1].end, whole, ordinary)


def _is_ordinary(word: Word) -> bool:
    """Whether a word in kanji is most often none, but also somebody's family name: 森, 東."""
    return (
        word.tags[1:2] == ("普通名詞",) and _IN_KANJI.match(word.surface) is not None and is_family_name(word.surface)
    )


def _is_cut_out(tokens: Sequence[Token], index: int) -> bool:
    before = tokens[index - 1] if index else None
    return (
        before is not None
        and before.end == tokens[index].start
        and before.tags[2:3] != ("副詞可能",)
        and (before.kind == Kind.PREFIX or (before.kind == Kind.NOUN and bool(_ONE_KANJI.fullmatch(before.surface))))
    )


def _before_cues(text: str, tokens: Sequence[Token]) -> Iterator[_Run]:
    """Names the tokeniser does not see, straight before what stands behind a name: in kana, or cut wrongly (翔く・ん)."""
    for match in _words()["cue"].finditer(text):
        end = match.start()
        if _cuts_a_word(tokens, end) and match.group() not in _OFTEN_CUT:
            continue  # たくさん
        run = _IN_KANA.search(text, max(0, end - _LONGEST), end)
        if run:
            yield from _longest_name(text, run.start(), end)
        run = _IN_KANJI.search(text, max(0, end - _LONGEST), end) if _words()["honorific"].match(text, end) else None
        if run and not _is_noun(tokens, *run.span()) and _parts(run.group()):
            yield _Run(run.start(), end, _parts(run.group()) == 2)


def _cuts_a_word(tokens: Sequence[Token], place: int) -> bool:
    """Whether a word that is no name goes on over `place`."""
    index = bisect_left(tokens, place, key=_START) - 1
    return index >= 0 and place < tokens[index].end and tokens[index].tags[1:2] != ("固有名詞",)


def _is_noun(tokens: Sequence[Token], start: int, end: int) -> bool:
    index = bisect_left(tokens, start, key=_START)
    return index < len(tokens) and tokens[index][1:] == (start, end) and tokens[index].tags[1:2] == ("普通名詞",)


def _longest_name(text: str, start: int, end: int) -> Iterator[_Run]:
    """The longest name in kana that ends at `end` and begins where a word can begin."""
    for begin in range(start, end - 1):
        begins = begin == 0 or (text[begin] > "ゖ" and not "ァ" <= text[begin - 1] <= "ー")
        if begins or (begin and text[begin] <= "ゖ" and _BOUNDARY.match(text, begin - 1)):
            parts = _parts(text[begin:end])
            if parts:
                yield _Run(begin, end, parts == 2)
                return


def _parts(word: str) -> int:
    """2 for a family name with a given name (any gap between them), 1 for one of them, else 0."""
    if _is_family(word) or _is_given(word):
        return 1
    for cut in range(1, len(word)):
        if _is_family(word[:cut]) and _is_given(word[cut:].lstrip(" ・")):
            return 2
    return 0


def _is_family(word: str) -> bool:
    return word.translate(_TO_KATAKANA) in _words()["family"] or (len(word) > 1 and is_family_name(word))


def _is_given(word: str) -> bool:
    return word.translate(_TO_KATAKANA) in _words()["given"] or is_given_name(word)


def _has_honorific(text: str, run: _Run) -> bool:
    return _words()["honorific"].match(text, run.end) is not None and not _is_role(text[run.start : run.end])


def _is_role(word: str) -> bool:
    words = _words()
    return word.endswith(words["roles"]) or (word.endswith(words["role_endings"]) and not is_family_name(word))


def _is_introduced(text: str, run: _Run) -> bool:
    """With words of introduction before or behind; a whole name needs no more than です."""
    words = _words()
    if run.ordinary and _is_role(text[run.start : run.end]):
        return False
    if words["behind"].match(text, run.end) or (run.whole and words["is"].match(text, run.end)):
        return True
    return words["before"].search(text, max(0, run.start - 12), run.start) is not None and (
        not run.ordinary or words["is"].match(text, run.end) is not None
    )


def _is_signature(text: str, run: _Run) -> bool:
    """All of the last line, where there are other lines; an ordinary word is none."""
    body = text.rstrip()
    line = body.rfind("\n") + 1
    return (
        run.start >= line
        and bool(body[:line].strip())
        and not run.ordinary
        and _words()["signed_before"].fullmatch(text, line, run.start) is not None
        and _words()["signed_behind"].fullmatch(body, run.end) is not None
    )


@cache
def _words() -> dict[str, Any]:
    names = _content("masks")["names"]
    kana = _content("names")
    honorifics, familiar = "|".join(names["honorifics"]), "|".join(names["familiar"])
    return {
        "honorific": re.compile(rf"\s?(?:{honorifics}|{familiar})"),
        "cue": re.compile(
            rf"\s?(?:{honorifics}|{familiar}|と申|と言い|といい|という|です|でございます|より|拝|印|\)|\d{{1,3}}[歳才]|\(|\n|\Z)"
        ),
        "roles": tuple(names["roles"].split()),
        "role_endings": tuple(names["role_endings"].split()),
        "behind": re.compile(names["behind"]),
        "before": re.compile(rf"(?:{names['before']})\Z"),
        "is": re.compile(names["is"]),
        "signed_before": re.compile(names["signed_before"]),
        "signed_behind": re.compile(names["signed_behind"]),
        "family": frozenset(kana["family"].split()),
        "given": frozenset(kana["given"].split()),
    }


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    names = _content("masks")["names"]
    parts = {"{latin}": names["latin"], "{field}": names["field"]}
    found = []
    for rule, pattern in names["patterns"].items():
        for part, words in parts.items():
            pattern = pattern.replace(part, words)
        found.append((rule, re.compile(pattern)))
    return found


@cache
def _content(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "languages" / f"{name}.toml").read_text("utf-8"))
