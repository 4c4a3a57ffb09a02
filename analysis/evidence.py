"""Summaries that cannot lie: every sentence is an exact quote or recomputes itself from the comments."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from analysis.lexicon import phrases
from analysis.text import Span


@dataclass(frozen=True)
class Source:
    """A comment as evidence: its text as received, what must stay hidden, and the topic it lies in."""

    text: str
    masks: tuple[Span, ...]
    topic: str | None


@dataclass(frozen=True)
class Sentence:
    """One sentence of a summary.

    A quote has one span `(id, start, end)` and no query. A computed sentence has a query, which names its claim, and
    rests on `sources`; `sentence` is its wording in the run's language, `wordings` has all of them.
    """

    sentence: str
    kind: Literal["quote", "computed"]
    sources: tuple[str, ...]
    spans: tuple[tuple[str, int, int], ...] = ()
    query: Mapping[str, Any] | None = None
    wordings: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Failure:
    """Sentence number `index` (from 0) does not hold, and why."""

    index: int
    reason: str


Comments = Mapping[str, Source]


def unmasked(source: Source) -> str:
    """The text with every masked code point replaced by a NUL, which no word holds."""
    characters = list(source.text)
    for start, end in source.masks:
        characters[start:end] = "\0" * len(characters[start:end])
    return "".join(characters)


def quote(comment_id: str, text: str, span: Span) -> Sentence:
    """The words of one comment, exactly."""
    return Sentence(text[span[0] : span[1]], "quote", (comment_id,), ((comment_id, *span),))


def computed(query: Mapping[str, Any], comments: Comments, language: str) -> Sentence:
    """A sentence whose figures come from `comments`. `query["claim"]` is count, share or top (see `_FIGURES`)."""
    sources, figures = _FIGURES[query["claim"]](query, comments)
    wordings = {name: _word(name, query["claim"], figures) for name in ("ja", "ja-easy", "en")}
    return Sentence(wordings[language], "computed", sources, (), dict(query), wordings)


def _members(query: Mapping[str, Any], comments: Comments) -> tuple[str, ...]:
    """The comments of a topic and of its second level, which the query names as `parts`."""
    topics = {query["topic"], *query.get("parts", ())}
    return tuple(comment_id for comment_id, source in comments.items() if source.topic in topics)


def _count(query: Mapping[str, Any], comments: Comments) -> tuple[tuple[str, ...], dict[str, Any]]:
    members = _members(query, comments)
    return members, {"count": f"{len(members):,}"}


def _share(query: Mapping[str, Any], comments: Comments) -> tuple[tuple[str, ...], dict[str, Any]]:
    members = _members(query, comments)
    written = sum(1 for source in comments.values() if source.text.strip())
    share = len(members) / max(written, 1)
    return members, {"count": f"{len(members):,}", "base": f"{written:,}", "share": f"{share:.1%}"}


def _top(query: Mapping[str, Any], comments: Comments) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The `n` of `words` that most comments of the topic contain as written outside their masks, with their number."""
    members = _members(query, comments)
    folded = {comment_id: _fold(unmasked(comments[comment_id])) for comment_id in members}
    containing = {word: _containing(word, folded) for word in query["words"]}
    found = [word for word in containing if containing[word]]
    top = sorted(found, key=lambda word: (-len(containing[word]), word))[: query["n"]]
    sources = tuple(comment_id for comment_id in members if any(comment_id in containing[word] for word in top))
    return sources, {"top": [(word, f"{len(containing[word]):,}") for word in top]}


_FIGURES = {"count": _count, "share": _share, "top": _top}


def _containing(word: str, folded: Mapping[str, str]) -> set[str]:
    """Whose text contains the word; Latin letters only as a whole word."""
    pattern = re.compile(
        rf"(?<![a-z0-9]){re.escape(_fold(word))}(?![a-z0-9])" if word.isascii() else re.escape(_fold(word))
    )
    return {comment_id for comment_id, text in folded.items() if pattern.search(text)}


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _word(language: str, claim: str, figures: dict[str, Any]) -> str:
    wording = phrases(language)
    if claim == "top":
        items = [wording["top_item"].format(word=word, count=count) for word, count in figures["top"]]
        return wording["top"].format(items=wording["top_joiner"].join(items))
    return wording[claim].format(**figures)


def verify(summary: Sequence[Sentence], comments: Comments) -> list[Failure]:
    """Recompute every sentence from `comments` and name those that do not hold."""
    failures = []
    for index, sentence in enumerate(summary):
        reason = (
            _why_quote_fails(sentence, comments) if sentence.kind == "quote" else _why_claim_fails(sentence, comments)
        )
        if reason:
            failures.append(Failure(index, reason))
    return failures


def _why_quote_fails(sentence: Sentence, comments: Comments) -> str | None:
    if sentence.query is not None or len(sentence.spans) != 1 or sentence.sources != (sentence.spans[0][0],):
        return "A quote has exactly one span, of its one source, and no query."
    comment_id, start, end = sentence.spans[0]
    source = comments.get(comment_id)
    if source is None:
        return f"Its source {comment_id} is missing."
    if not 0 <= start < end <= len(source.text) or source.text[start:end] != sentence.sentence:
        return f"Its words are not those of comment {comment_id} at {start}–{end}."
    if any(start < mask_end and mask_start < end for mask_start, mask_end in source.masks):
        return f"It shows masked text of comment {comment_id}."
    return None


def _is_query(query: Mapping[str, Any]) -> bool:
    """Whether a stored query has exactly the fields its claim needs, `parts` being optional."""
    needed = {"claim": str, "topic": str} | ({"words": list, "n": int} if query.get("claim") == "top" else {})
    fields = needed | ({"parts": list} if "parts" in query else {})
    return (
        query.get("claim") in _FIGURES
        and query.keys() == fields.keys()
        and all(isinstance(query[name], kind) for name, kind in fields.items())
        and all(isinstance(item, str) for name in ("words", "parts") for item in query.get(name, []))
    )


def _why_claim_fails(sentence: Sentence, comments: Comments) -> str | None:
    if sentence.query is None or not _is_query(sentence.query) or sentence.spans:
        return "A computed sentence has a query with a known claim and all it needs, and no span."
    missing = [comment_id for comment_id in sentence.sources if comment_id not in comments]
    if missing:
        return f"Its source {missing[0]} is missing."
    again = computed(sentence.query, comments, "ja")
    if set(sentence.sources) != set(again.sources) or len(sentence.sources) != len(again.sources):
        return "It does not rest on the comments its query selects."
    wordings = again.wordings or {}
    if sentence.sentence not in wordings.values() or sentence.wordings not in (None, wordings):
        return "Its figures are not what its query gives."
    return None
