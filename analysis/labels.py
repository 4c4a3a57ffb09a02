"""Names of topics: the words and phrases residents wrote more often here than elsewhere (analysis method, step 7)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from analysis.lexicon import Lexicon
from analysis.tokens import CONTENT, Kind, Token

_MIN_LIFT = 2.5
_KEYWORDS = 8
_LABEL_WORDS = 3


@dataclass(frozen=True)
class Term:
    """A word or compound noun in one text: `form` joins spellings, `written` is how this writer put it."""

    form: str
    written: str
    parts: frozenset[str]


def terms(tokens: Sequence[Token], lexicon: Lexicon) -> list[Term]:
    """Content words, and runs of nouns as one compound (営業 + 時間 → 営業時間)."""
    found: list[Term] = []
    run: list[Token] = []
    for token in tokens:
        if run and token.start == run[-1].end and token.kind in {Kind.NOUN, Kind.SUFFIX}:
            run.append(token)
            continue
        found.extend(_noun_terms(run, lexicon))
        run = [token] if token.kind in {Kind.NOUN, Kind.PREFIX} else []
        if token.kind in CONTENT - {Kind.NOUN}:
            found.extend(_single(token, lexicon))
    found.extend(_noun_terms(run, lexicon))
    return found


def _noun_terms(run: Sequence[Token], lexicon: Lexicon) -> Iterable[Term]:
    if len(run) > 1 and any(token.kind == Kind.NOUN and _carries(token, lexicon) for token in run):
        form = "".join(token.form for token in run)
        yield Term(form, "".join(token.surface for token in run), frozenset(token.form for token in run))
    for token in run:
        if token.kind == Kind.NOUN:
            yield from _single(token, lexicon)


def _single(token: Token, lexicon: Lexicon) -> Iterable[Term]:
    if _carries(token, lexicon) and len(token.base) > 1:
        yield Term(token.form, token.base, frozenset())


def _carries(token: Token, lexicon: Lexicon) -> bool:
    return not lexicon.stops(token.form, token.base)


def keywords(texts: Sequence[Sequence[Term]], groups: Mapping[int, Sequence[int]]) -> dict[int, list[str]]:
    """For each group (number → rows of `texts`) its words, best first, in the spelling most writers used.

    A word must be at least 2.5 times as frequent in the group as in all texts and occur twice; words are ranked by
    their share of the group times the logarithm of that lift. A part of a listed compound that seldom stands alone is
    left out.
    """
    present = [{term.form for term in text} for text in texts]
    everywhere = Counter(form for forms in present for form in forms)
    written: dict[str, Counter[str]] = defaultdict(Counter)
    parts: dict[str, frozenset[str]] = {}
    for text in texts:
        for term in text:
            written[term.form][term.written] += 1
            parts[term.form] = term.parts
    result = {}
    for number, rows in groups.items():
        inside = Counter(form for row in rows for form in present[row])
        scores = {}
        for form, count in inside.items():
            lift = count / len(rows) / (everywhere[form] / len(texts))
            if count >= 2 and lift >= _MIN_LIFT:
                scores[form] = count / len(rows) * log(lift)
        ranked = sorted(scores, key=lambda form: (-round(scores[form], 9), form))
        kept: list[str] = []
        for form in ranked:
            covered = any(form in parts[other] and inside[other] >= 0.6 * inside[form] for other in ranked)
            contains = any(other in parts[form] for other in kept)
            if not covered and not contains:
                kept.append(form)
        result[number] = [_spelling(written[form]) for form in kept[:_KEYWORDS]]
    return result


def _spelling(counts: Counter[str]) -> str:
    return min(counts, key=lambda written: (-counts[written], written))


def labels(words: Mapping[int, Sequence[str]], order: Sequence[int], lexicon: Lexicon) -> dict[int, str]:
    """A label per group, no two alike: the first words, and one more where that was taken already."""
    taken: dict[int, str] = {}
    for number in order:
        for length in range(min(_LABEL_WORDS, len(words[number])), len(words[number]) + 1):
            label = lexicon.joiner.join(words[number][:length])
            if label and label not in taken.values():
                break
        taken[number] = label if label and label not in taken.values() else f"{label or '?'} ({len(taken) + 1})"
    return taken
