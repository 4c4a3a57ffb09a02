"""Words and phrases of a text that could name a topic, in the writer's own spelling: compounds, predicates, both."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from analysis.lexicon import Lexicon, lexicon
from analysis.tokens import CONTENT, Kind, Token, Word

_LONGEST_COMPOUND = 4
_PREDICATES = CONTENT - {Kind.NOUN, Kind.ADVERB} | {Kind.NEGATION}
_COMPOUND = {Kind.NOUN, Kind.PREFIX, Kind.SUFFIX}
_BEGINS_COMPOUND = {Kind.NOUN, Kind.PREFIX}


class Term(NamedTuple):
    """`form` joins spellings, `written` is how this writer put it, `parts` are the forms of the terms inside it.

    `reading` tells that two forms are one word, spelled in kana and in kanji.

    A phrase is a noun with its predicate (道が狭い); it names a topic but is not a keyword. `verbatim`: the text has it
    just so, where another has 狭くて or 道はとても狭い.
    """

    form: str
    written: str
    kind: Literal["noun", "predicate", "phrase"]
    reading: str
    parts: frozenset[str] = frozenset()
    verbatim: bool = True


def terms(tokens: Sequence[Token], lexicon: Lexicon) -> list[Term]:
    """All terms of one text, with repetition."""
    found: list[Term] = []
    index = 0
    while index < len(tokens):
        end = _compound_end(tokens, index, lexicon)
        if end > index:
            nouns = _nouns(tuple([token.word for token in tokens[index:end]]), lexicon.language)
            found.extend([noun for noun in nouns if len(noun.written) > 1])
            if nouns:
                found.extend(_phrase(max(nouns, key=lambda noun: len(noun.parts)), tokens, end, lexicon))
            index = end
        elif tokens[index].word.kind in _PREDICATES:
            word = tokens[index].word
            predicate, index = _predicate(tokens, index, lexicon)
            if not lexicon.stops(word.form, word.base) and len(predicate.written) > 1:
                found.append(predicate)
        else:
            index += 1
    return found


def _compound_end(tokens: Sequence[Token], start: int, lexicon: Lexicon) -> int:
    """Where the run of nouns that begins at `start` ends; `start` itself when none does."""
    if tokens[start].word.kind not in _BEGINS_COMPOUND:
        return start
    end = start + 1
    while end < len(tokens) and tokens[end].word.kind in _COMPOUND and _touches(tokens[end - 1], tokens[end], lexicon):
        end += 1
    return end


def _touches(first: Token, second: Token, lexicon: Lexicon) -> bool:
    if lexicon.space:
        return second.start - first.end == len(lexicon.space) and not lexicon.stops(first.base, second.base)
    return first.end == second.start


@lru_cache(2**15)
def _nouns(run: tuple[Word, ...], language: str) -> tuple[Term, ...]:
    """The nouns of a run and the compounds of two to four of its words, shortest first.

    One character (道, 雪) names no topic but can head a phrase (道が狭い).
    """
    windows = (
        run[start : start + length]
        for length in range(1, _LONGEST_COMPOUND + 1)
        for start in range(len(run) - length + 1)
    )
    return tuple(noun for noun in (_noun(words, language) for words in windows) if noun)


@lru_cache(2**16)
def _noun(words: tuple[Word, ...], language: str) -> Term | None:
    """The noun or compound that just these words make, with those inside it as its parts."""
    spoken = lexicon(language)
    carrying = any(word.kind == Kind.NOUN and not spoken.stops(word.form, word.base) for word in words)
    if not carrying or words[0].kind == Kind.SUFFIX or words[-1].kind == Kind.PREFIX:
        return None
    inside = (
        _noun(words[start : start + length], language)
        for length in range(1, len(words))
        for start in range(len(words) - length + 1)
    )
    return Term(
        spoken.space.join(word.form for word in words),
        spoken.space.join(_spelling(word, spoken) for word in words),
        "noun",
        spoken.space.join(word.reading for word in words),
        frozenset(noun.form for noun in inside if noun),
    )


def _spelling(word: Word, lexicon: Lexicon) -> str:
    """A noun as this writer put it; where a sentence begins with a capital, in small letters."""
    return word.surface.lower() if lexicon.space else word.surface


def _predicate(tokens: Sequence[Token], start: int, lexicon: Lexicon) -> tuple[Term, int]:
    """A verb or adjective with the ending or negation that changes its meaning, and the index behind it."""
    word = tokens[start]
    if start + 1 < len(tokens) and tokens[start + 1].kind == Kind.ENDING:
        ending = tokens[start + 1]
        form, written = word.form + ending.form, word.surface + ending.base
        return Term(form, written, "predicate", form, verbatim=ending.surface == ending.base), start + 2
    end = start + 1
    while end < len(tokens) and tokens[end].kind == Kind.AUXILIARY and end < start + 3:
        end += 1
    if word.kind != Kind.NEGATION and end < len(tokens) and tokens[end].kind == Kind.NEGATION:
        polite = end > start + 1 and tokens[end].base != lexicon.negation
        negation = tokens[end].surface if polite else lexicon.negation
        written = "".join(token.surface for token in tokens[start:end]) + negation
        verbatim = tokens[end].surface == negation
        return Term(f"{word.form}/{Kind.NEGATION}", written, "predicate", written, verbatim=verbatim), end + 1
    return Term(word.form, word.base, "predicate", word.form, verbatim=word.surface == word.base), start + 1


def _phrase(noun: Term, tokens: Sequence[Token], index: int, lexicon: Lexicon) -> Iterator[Term]:
    """The noun with the predicate that follows its particle, an adverb between them left out."""
    if index >= len(tokens) or tokens[index].surface not in lexicon.subject_particles:
        return
    particle, follows = tokens[index].surface, index + 1
    index = follows
    if index < len(tokens) and tokens[index].kind == Kind.ADVERB:
        index += 1
    if index < len(tokens) and tokens[index].kind in _PREDICATES:
        word = tokens[index]
        predicate, _ = _predicate(tokens, index, lexicon)
        if word.kind != Kind.VERB or not lexicon.stops(word.form, word.base):
            link = lexicon.subject_particles[0]
            parts = noun.parts | {noun.form, predicate.form}
            form, written = f"{noun.form}{link}{predicate.form}", f"{noun.written}{link}{predicate.written}"
            yield Term(
                form, written, "phrase", form, parts, particle == link and index == follows and predicate.verbatim
            )
