"""Sentences from elsewhere: a person wrote them, or an operator's own language model. Accepted only with sources.

What is checked: every quote stands in a named source, every number and word of quantity follows from a figure of the
sources, nothing masked is told. What is not: whether the sentence is fair. See docs/analysis/evidence.md.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.evidence.amounts import only_an_amount, read_amounts
from analysis.evidence.claims import NoFigure, work_out
from analysis.evidence.facts import Facts, covered, facts_of, fold
from analysis.evidence.figures import Count, Figure
from analysis.evidence.quotations import Unreadable, plain, split
from analysis.evidence.records import Comments, Failure, Fault, Sentence, Source, Tables, Why

COVER = "■"


@dataclass(frozen=True)
class Judged:
    """A sentence from elsewhere, and why it is not supported; supported when there is no reason against it."""

    sentence: Sentence
    failures: tuple[Failure, ...]

    @property
    def supported(self) -> bool:
        return not self.failures


Writer = Callable[[Mapping[str, str]], Iterable[object]]
"""An operator's hook: texts by comment id, masked characters as ■, to sentences as `read_statement` takes them."""


def ask(writer: Writer, topic: str, comments: Comments | Facts, tables: Tables | None = None) -> list[Judged]:
    """Let `writer` write about the comments of a topic, and judge what it wrote. Its exceptions are the caller's."""
    facts = facts_of(comments, tables or {})
    texts = {one: covered(facts.comments[one], COVER) for one in facts.members([topic])}
    return judged(writer(texts), facts)


def judged(items: Iterable[object], comments: Comments | Facts, tables: Tables | None = None) -> list[Judged]:
    """Sentences from elsewhere, each with every reason why it is not supported.

    An item is `{"sentence": str, "sources": [id…], "claims": [query…]}`; `claims` may be left out. One of another shape is
    judged as malformed.
    """
    facts = facts_of(comments, tables or {})
    found = []
    for index, item in enumerate(items):
        try:
            sentence = read_statement(item)
            failures = tuple(Failure(index, *fault) for fault in faults(sentence, facts))
        except ValueError as error:
            sentence = Sentence(str(item), "stated", ())
            failures = (Failure(index, Fault.MALFORMED, str(error)),)
        found.append(Judged(sentence, failures))
    return found


def read_statement(item: object) -> Sentence:
    """A stated sentence from plain data. Raises ValueError."""
    match item:
        case {"sentence": str(text), "sources": list(sources), **rest} if rest.keys() <= {"claims", "kind"}:
            claims = rest.get("claims", [])
            are_ids = all(isinstance(one, str) for one in sources)
            if are_ids and isinstance(claims, list) and all(isinstance(claim, dict) for claim in claims):
                return Sentence(text, "stated", tuple(sources), claims=tuple(claims))
    raise ValueError("It is not a sentence (text) with sources (a list of ids) and claims (a list of queries).")


def why_statement_fails(sentence: Sentence, facts: Facts) -> Why:
    """The first fault of a stated sentence."""
    return next(faults(sentence, facts), None)


def faults(sentence: Sentence, facts: Facts) -> Iterator[tuple[Fault, str]]:
    """Everything that is wrong with a stated sentence. Without good sources nothing else is looked at."""
    if sentence.spans or sentence.query is not None or sentence.wordings is not None or not sentence.sentence.strip():
        yield Fault.MALFORMED, "A stated sentence has words, sources and claims, and nothing else."
        return
    sources = list(_source_faults(sentence, facts))
    if sources:
        yield from sources
        return
    figures: list[Figure] = list(_counted(sentence, facts))
    for claim in sentence.claims:
        wrong = _claim_fault(claim, sentence, facts)
        if wrong:
            yield wrong
        else:
            figures += work_out(claim, facts).figures
    comments = [facts.comments[one] for one in sentence.sources if one in facts.comments]
    try:
        rest, quoted = split(plain(sentence.sentence))
    except Unreadable as error:
        yield Fault.MALFORMED, str(error)
        return
    yield from (fault for words in quoted if (fault := _quote_fault(words, comments)))
    yield from ((Fault.MASKED, f"It tells what is masked in its source {one}.") for one in _told(rest, sentence, facts))
    for amount in read_amounts(rest):
        if not amount.follows(figures):
            yield Fault.UNSUPPORTED_NUMBER, f"“{amount.written}” {amount.reason}"


def _source_faults(sentence: Sentence, facts: Facts) -> Iterator[tuple[Fault, str]]:
    if not sentence.sources:
        yield Fault.NO_SOURCE, "It names no source."
    if len(set(sentence.sources)) < len(sentence.sources):
        yield Fault.OTHER_SOURCES, "It names a source twice."
    yield from ((Fault.MISSING_SOURCE, f"Its source {one} is missing.") for one in sentence.sources if one not in facts)


def _counted(sentence: Sentence, facts: Facts) -> Iterator[Count]:
    """How many comments it names, and how many people wrote them if every author is known."""
    comments = [facts.comments[one] for one in sentence.sources if one in facts.comments]
    authors = {source.author for source in comments}
    yield Count(len(comments), "comments")
    if comments and None not in authors:
        yield Count(len(authors), "people")


def _claim_fault(claim: Mapping[str, Any], sentence: Sentence, facts: Facts) -> Why:
    """Whether a claim can be worked out, and from the sentence's own sources alone."""
    try:
        again = work_out(claim, facts)
    except NoFigure as reason:
        return Fault.NO_FIGURE, str(reason)
    if again.query != claim:
        return Fault.LOOSE_QUERY, "A claim says what has no effect on its figures: compute it anew."
    if not again.sources or not set(again.sources) <= set(sentence.sources):
        return Fault.OTHER_SOURCES, "A claim rests on comments that are not among the sources."
    return None


def _quote_fault(words: str, comments: Iterable[Source]) -> Why:
    """Whether one of the sources holds exactly these words, which are more than an amount, outside its masks."""
    if only_an_amount(words):
        return Fault.UNSUPPORTED_QUOTE, f"“{words}” is hardly more than an amount: quote the words around it."
    if any(words in covered(source, "\0") for source in comments):
        return None
    if any(words in source.text for source in comments):
        return Fault.MASKED, f"It quotes masked text: “{words}”."
    return Fault.UNSUPPORTED_QUOTE, f"No source holds these words exactly: “{words}”."


def _told(rest: str, sentence: Sentence, facts: Facts) -> Iterator[str]:
    """The sources whose masked text stands in the sentence's own words."""
    folded = fold(rest)
    for one in sentence.sources:
        source = facts.comments.get(one)
        hidden = (fold(source.text[start:end]).strip() for start, end in source.masks) if source else ()
        if any(len(words) > 1 and words in folded for words in hidden):
            yield one
